// SPDX-License-Identifier: GPL-2.0-only
/* Endpoints: the types of conntrack, in the form that both halves of nf_appgw
 * share.
 */

#include <linux/string.h>

#include "endpoint.h"

static size_t endpoint_addr_len(u16 l3num)
{
	return l3num == NFPROTO_IPV4 ? APPGW_ADDR_LEN_IPV4 :
				       APPGW_ADDR_LEN_IPV6;
}

/**
 * appgw_endpoint() - fill in an endpoint from conntrack's parts
 * @ep: set
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: address
 * @port: host byte order
 */
void appgw_endpoint(struct endpoint *ep, u16 l3num,
		    const union nf_inet_addr *addr, u16 port)
{
	memset(ep, 0, sizeof(*ep));
	ep->port = port;
	ep->af = appgw_af(l3num);
	memcpy(ep->addr, addr, endpoint_addr_len(l3num));
}

/**
 * appgw_endpoint_is() - compare an endpoint's address with one of conntrack's
 * @ep: endpoint; its port plays no part
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: address
 *
 * Return: true if they are the same
 */
bool appgw_endpoint_is(const struct endpoint *ep, u16 l3num,
		       const union nf_inet_addr *addr)
{
	return ep->af == appgw_af(l3num) &&
	       !memcmp(ep->addr, addr, endpoint_addr_len(l3num));
}
