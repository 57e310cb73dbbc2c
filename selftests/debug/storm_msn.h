/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_STORM_MSN_H
#define APPGW_STORM_MSN_H

#include "storm.h"

/* What PortX is Port XORed with. */
#define STORM_MSN_PORT_KEY	0x3141

#define STORM_MSN_TYPE(type) \
	"MIME-Version: 1.0\r\nContent-Type: " type "\r\n"

void storm_msn_addrs(struct storm_writer *w, struct rnd_state *rnd,
		     const struct nf_conntrack_tuple *tuple);
int storm_msn_sizes(const char *text, unsigned int len);
void storm_msn_p2p(struct storm_writer *w, struct rnd_state *rnd,
		   const struct nf_conntrack_tuple *tuple);

#endif /* APPGW_STORM_MSN_H */
