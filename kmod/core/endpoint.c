// SPDX-License-Identifier: GPL-2.0-only
/* Endpoints: the types of conntrack, in the form that both halves of nf_appgw
 * share.
 */

#include <linux/string.h>

#include "endpoint.h"

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
	if (l3num == NFPROTO_IPV4)
		memcpy(ep->addr, addr, APPGW_ADDR_LEN_IPV4);
	else
		memcpy(ep->addr, addr, APPGW_ADDR_LEN_IPV6);
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
	/* of a length that is known, or that would be a function of its own */
	if (l3num == NFPROTO_IPV4)
		return ep->af == APPGW_AF_IPV4 &&
		       !memcmp(ep->addr, addr, APPGW_ADDR_LEN_IPV4);
	return ep->af == APPGW_AF_IPV6 &&
	       !memcmp(ep->addr, addr, APPGW_ADDR_LEN_IPV6);
}
