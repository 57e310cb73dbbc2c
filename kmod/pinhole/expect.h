/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_EXPECT_H
#define APPGW_EXPECT_H

#include <linux/types.h>

#include <net/netfilter/nf_conntrack.h>

struct endpoint;
struct nf_conntrack_expect;
struct pinhole_request;

int appgw_expect(const struct pinhole_request *req);
int appgw_expect_ftps(struct nf_conn *ct, __be16 port);

bool appgw_expect_addr_is_local(struct net *net, u16 l3num,
				const union nf_inet_addr *addr);

/* expect_media.c */
extern struct nf_ct_helper_expectfn appgw_expect_media_fn;
int appgw_expect_media(const struct pinhole_request *req,
		       struct nf_conntrack_expect **exp);
struct nf_conntrack_expect *
appgw_expect_narrow(struct nf_conntrack_expect *old,
		    const union nf_inet_addr *saddr, u16 port);
struct nf_conntrack_expect *
appgw_expect_beside(struct nf_conntrack_expect *exp,
		    const union nf_inet_addr *saddr);
struct nf_conntrack_expect *
appgw_expect_again(struct nf_conn *ct, enum ip_conntrack_dir dir,
		   const struct endpoint *from, const struct endpoint *to,
		   u16 own);

int appgw_expect_init(void);
void appgw_expect_exit(void);

#endif /* APPGW_EXPECT_H */
