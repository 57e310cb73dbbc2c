/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_STEER_H
#define APPGW_STEER_H

#include <linux/types.h>

struct appgw_listener;
struct gate_flow;
struct net;

u16 appgw_steer_queue(const struct appgw_listener *l,
		      const struct gate_flow *flow);
int appgw_steer_register(struct net *net);
void appgw_steer_unregister(struct net *net);

#endif /* APPGW_STEER_H */
