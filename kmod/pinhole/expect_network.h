/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_EXPECT_NETWORK_H
#define APPGW_EXPECT_NETWORK_H

#include <net/netfilter/nf_conntrack.h>

#include "core/network.h"

int appgw_expect_network(struct nf_conn *ct, const struct appgw_network *from,
			 __be16 port, u32 left);
void appgw_expect_network_exit(void);

#endif /* APPGW_EXPECT_NETWORK_H */
