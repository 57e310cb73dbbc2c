/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_EXPECT_MEDIA_H
#define APPGW_EXPECT_MEDIA_H

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>

#include "appgw/endpoint.h"
#include "request.h"

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

void appgw_expect_media_init(void);
void appgw_expect_media_exit(void);

#endif /* APPGW_EXPECT_MEDIA_H */
