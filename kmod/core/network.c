// SPDX-License-Identifier: GPL-2.0-only
/* The networks that an interface is in, by its addresses. */

#include <linux/inetdevice.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "compat.h"
#include "network.h"

/* Length of the prefix of all link-local addresses (RFC 4291 section 2.4) */
#define NETWORK_LINK_LOCAL_LEN	10

static void network_set6(struct appgw_network *network,
			 const struct in6_addr *addr, unsigned int len)
{
	memset(network, 0, sizeof(*network));
	memset(&network->mask.in6, 0xff, len / 8);
	if (len % 8)
		network->mask.in6.s6_addr[len / 8] = 0xff << (8 - len % 8);
	ipv6_addr_prefix(&network->addr.in6, addr, len);
}

/* Find the address of an interface that is in the widest network, of those with @own in
 * it or, if that is 0, of all. NULL if there is none.
 */
static const struct in_ifaddr *network_widest4(const struct in_device *in_dev,
					       __be32 own)
{
	const struct in_ifaddr *ifa, *widest = NULL;

	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (own && ifa->ifa_local != own && !inet_ifa_match(own, ifa))
			continue;
		if (!widest || ntohl(ifa->ifa_mask) < ntohl(widest->ifa_mask))
			widest = ifa;
	}
	return widest;
}

/* Find the widest network that has @own in it, or of @dev's if none has: it may be an
 * address that another interface has. At the other end of a link between two it is that
 * one's address.
 */
static unsigned int networks_of4(const struct net_device *dev, __be32 own,
				 struct appgw_network *found)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	memset(found, 0, sizeof(*found));
	if (!in_dev)
		return 0;
	ifa = network_widest4(in_dev, own) ?: network_widest4(in_dev, 0);
	if (!ifa)
		return 0;
	found->mask.ip = ifa->ifa_mask;
	found->addr.ip = ifa->ifa_address & ifa->ifa_mask;
	return 1;
}

static unsigned int networks_of6(const struct net_device *dev,
				 const struct in6_addr *own,
				 struct appgw_network *found)
{
	static const struct in6_addr link_local = { { { 0xfe, 0x80 } } };
	int len = appgw_ipv6_prefix_len(dev, own);

	if (len < 0)
		return 0;
	network_set6(&found[0], &link_local, NETWORK_LINK_LOCAL_LEN);
	if (ipv6_addr_type(own) & IPV6_ADDR_LINKLOCAL)
		return 1;
	network_set6(&found[1], own, len);
	return 2;
}

/**
 * appgw_networks_of() - find the networks of an interface that an address is in
 * @dev: interface
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @own: address of this machine's
 * @found: room for APPGW_NETWORKS_MAX
 *
 * Call under rcu_read_lock().
 *
 * Return: how many there are. For IPv4 it is the interface's widest if the address is in
 * none, for IPv6 0 if it isn't one of the interface's
 */
unsigned int appgw_networks_of(const struct net_device *dev, u16 l3num,
			       const union nf_inet_addr *own,
			       struct appgw_network *found)
{
	return l3num == NFPROTO_IPV4 ? networks_of4(dev, own->ip, found) :
				       networks_of6(dev, &own->in6, found);
}
