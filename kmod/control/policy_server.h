/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_CONTROL_POLICY_SERVER_H
#define APPGW_CONTROL_POLICY_SERVER_H

#include <net/genetlink.h>

#include "core/policy.h"

int appgw_control_put_ports(struct sk_buff *skb, int type,
			    const struct appgw_ports *ports);
int appgw_control_get_ports(struct appgw_ports *ports, const struct nlattr *attr,
			    struct genl_info *info);
int appgw_control_put_range(struct sk_buff *skb, int type,
			    const struct appgw_range *range);
int appgw_control_get_range(struct appgw_range *range, const struct nlattr *attr,
			    struct genl_info *info);
int appgw_control_put_servers(struct sk_buff *skb,
			      const struct appgw_policy *policy);
int appgw_control_get_servers(struct appgw_policy *policy,
			      const struct nlattr *list, struct genl_info *info);

#endif /* APPGW_CONTROL_POLICY_SERVER_H */
