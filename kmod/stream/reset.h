/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RESET_H
#define APPGW_RESET_H

#include <net/netfilter/nf_conntrack.h>

struct stream;

void appgw_reset(const struct nf_conn *ct, const struct stream *stream);

int appgw_reset_init(void);
void appgw_reset_exit(void);

#endif /* APPGW_RESET_H */
