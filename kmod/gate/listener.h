/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_LISTENER_H
#define APPGW_LISTENER_H

#include <linux/types.h>
#include <net/net_namespace.h>

struct netlink_ext_ack;

/**
 * struct appgw_listener - a daemon, and where it wants its segments
 * @portid: netlink port of its socket
 * @queue: first queue
 * @queues: how many
 * @protos: bits of enum appgw_protocol
 * @rcu: for its end
 *
 * Read under RCU; replaced as a whole.
 */
struct appgw_listener {
	u32 portid;
	u16 queue;
	u16 queues;
	u32 protos;
	struct rcu_head rcu;
};

const struct appgw_listener *appgw_listener(const struct net *net,
					    unsigned int proto);
struct appgw_listener __rcu **appgw_listener_slot(const struct net *net,
						  unsigned int proto);
bool appgw_listener_is_expected(const struct net *net, unsigned int proto);
void appgw_listener_leave(const struct net *net, u32 portid);
int appgw_listener_add(struct net *net, const struct appgw_listener *l,
		       struct netlink_ext_ack *extack);

int appgw_listener_init(int (*hook)(struct net *net),
			void (*unhook)(struct net *net));
void appgw_listener_exit(void);

#endif /* APPGW_LISTENER_H */
