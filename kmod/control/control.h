/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_CONTROL_H
#define APPGW_CONTROL_H

#include <net/genetlink.h>

#include "uapi/linux/nf_appgw.h"

/* What netlink.c finds in the other files of this folder */

/* policy.c */
extern const struct nla_policy appgw_control_policy_attrs[APPGW_POLICY_MAX + 1];
int appgw_control_policy_get(struct sk_buff *skb, struct genl_info *info);
int appgw_control_policy_set(struct sk_buff *skb, struct genl_info *info);

/* plans.c */
int appgw_control_listen(struct sk_buff *skb, struct genl_info *info);
int appgw_control_leave(struct sk_buff *skb, struct genl_info *info);
int appgw_control_plan(struct sk_buff *skb, struct genl_info *info);
int appgw_control_release(struct sk_buff *skb, struct genl_info *info);

/* dumps.c */
int appgw_control_stats_get(struct sk_buff *skb, struct genl_info *info);
int appgw_control_flow_dump(struct sk_buff *skb, struct netlink_callback *cb);
int appgw_control_listener_dump(struct sk_buff *skb,
				struct netlink_callback *cb);

#endif /* APPGW_CONTROL_H */
