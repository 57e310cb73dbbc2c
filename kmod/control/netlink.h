/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_NETLINK_H
#define APPGW_NETLINK_H

#include <net/genetlink.h>

#include "core/event.h"
#include "uapi/linux/nf_appgw.h"

/* What netlink.c and netlink_gate.c share: one family, two subjects. */
extern struct genl_family appgw_netlink_family;

int appgw_netlink_put_end(struct sk_buff *skb, int type,
			  const struct endpoint *ep);
int appgw_netlink_put_control(struct sk_buff *skb, int client, int server,
			      const struct nf_conntrack_tuple *t);

int appgw_netlink_listen(struct sk_buff *skb, struct genl_info *info);
int appgw_netlink_leave(struct sk_buff *skb, struct genl_info *info);
int appgw_netlink_plan(struct sk_buff *skb, struct genl_info *info);
int appgw_netlink_release(struct sk_buff *skb, struct genl_info *info);
int appgw_netlink_flow_dump(struct sk_buff *skb, struct netlink_callback *cb);
int appgw_netlink_listener_dump(struct sk_buff *skb,
				struct netlink_callback *cb);

#endif /* APPGW_NETLINK_H */
