/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_NETWORK_H
#define APPGW_NETWORK_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>

/**
 * struct appgw_network - a network that an interface is in
 * @addr: an address of it
 * @mask: bits that all its addresses have in common
 */
struct appgw_network {
	union nf_inet_addr addr;
	union nf_inet_addr mask;
};

/* The one of IPv6's link-local addresses is another one. */
#define APPGW_NETWORKS_MAX	2

unsigned int appgw_networks_of(const struct net_device *dev, u16 l3num,
			       const union nf_inet_addr *own,
			       struct appgw_network *found);

#endif /* APPGW_NETWORK_H */
