/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_EXPECT_H
#define APPGW_EXPECT_H

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>

#include "request.h"

int appgw_expect(const struct pinhole_request *req,
		 struct nf_conntrack_expect **exp);
int appgw_expect_ftps(struct nf_conn *ct, __be16 port);

u32 appgw_expect_random(void);
u32 appgw_expect_next(u32 at, u32 n, u32 tries);
void appgw_expect_keep(struct nf_conn *ct, unsigned long left);
bool appgw_expect_addr_is_local(struct net *net, u16 l3num,
				const union nf_inet_addr *addr);
void appgw_expect_lead(struct nf_conn *ct,
		       const struct nf_conntrack_expect *exp);
void appgw_expect_used(const struct nf_conntrack_expect *exp,
		       struct nf_conn *ct);

void appgw_expect_init(void (*used)(const struct nf_conntrack_expect *exp,
				    struct nf_conn *ct));
void appgw_expect_exit(void);

#endif /* APPGW_EXPECT_H */
