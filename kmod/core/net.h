/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_NET_H
#define APPGW_NET_H

#include <net/net_namespace.h>
#include <net/netns/generic.h>

/**
 * appgw_net_generic() - net_generic() for every packet's way
 * @net: the namespace
 * @id: what is asked for
 *
 * Call under rcu_read_lock(): net_generic() takes it for itself, which costs
 * more than all the rest of it.
 *
 * Return: as net_generic()
 */
static inline void *appgw_net_generic(const struct net *net, unsigned int id)
{
	return rcu_dereference(net->gen)->ptr[id];
}

#endif /* APPGW_NET_H */
