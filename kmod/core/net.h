/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_NET_H
#define APPGW_NET_H

#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netns/generic.h>

/**
 * appgw_net_generic() - net_generic() for every packet's way
 * @net: the namespace
 * @id: what is asked for
 *
 * Call under rcu_read_lock() or with softirqs disabled: net_generic() takes the
 * former for itself, which costs more than all the rest of it.
 *
 * Return: as net_generic()
 */
static inline void *appgw_net_generic(const struct net *net, unsigned int id)
{
	return rcu_dereference_bh_check(net->gen, rcu_read_lock_held())->ptr[id];
}

/**
 * appgw_packet_is_seen() - has a packet come by before?
 * @skb: the packet
 *
 * What this machine sends to itself comes by where it leaves and where it arrives;
 * what it sends out of a bridge whose connections are tracked as well, where it
 * leaves and behind the bridge.
 *
 * Return: true if so
 */
static inline bool appgw_packet_is_seen(const struct sk_buff *skb)
{
	const struct dst_entry *dst = skb_dst(skb);

	return nf_is_loopback_packet(skb) ||
	       (netif_is_bridge_port(skb->dev) && dst &&
		!(dst->flags & DST_FAKE_RTABLE));
}

#endif /* APPGW_NET_H */
