/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_CORE_ENDPOINT_H
#define APPGW_CORE_ENDPOINT_H

#include <linux/netfilter.h>
#include <linux/types.h>

#include "appgw/endpoint.h"

/* Translate conntrack's @l3num into a version of IP. */
static inline enum appgw_af appgw_af(u16 l3num)
{
	return l3num == NFPROTO_IPV4 ? APPGW_AF_IPV4 : APPGW_AF_IPV6;
}

void appgw_endpoint(struct endpoint *ep, u16 l3num,
		    const union nf_inet_addr *addr, u16 port);
bool appgw_endpoint_is(const struct endpoint *ep, u16 l3num,
		       const union nf_inet_addr *addr);

#endif /* APPGW_CORE_ENDPOINT_H */
