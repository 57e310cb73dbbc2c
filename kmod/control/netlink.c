// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family: which requests there are, and where each is carried
 * out. include/uapi/linux/nf_appgw.h says what the messages look like.
 */

#include <net/genetlink.h>

#include "control.h"
#include "core/genl.h"
#include "netlink.h"
#include "pinhole/pinhole.h"

static const struct genl_multicast_group netlink_groups[] = {
	{ .name = APPGW_GENL_GROUP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

static const struct nla_policy netlink_attrs[APPGW_ATTR_MAX + 1] = {
	[APPGW_ATTR_POLICY]	= NLA_POLICY_NESTED(appgw_control_policy_attrs),
	[APPGW_ATTR_LISTEN]	= { .type = NLA_NESTED },
	[APPGW_ATTR_PACKET]	= { .type = NLA_NESTED },
	[APPGW_ATTR_PLAN]	= { .type = NLA_NESTED },
	[APPGW_ATTR_BRIEF]	= NLA_POLICY_EXACT_LEN(sizeof(struct appgw_brief)),
	[APPGW_ATTR_BRIEF_OLD]	= { .type = NLA_BINARY, .len = APPGW_EDIT_MAX },
	[APPGW_ATTR_BRIEF_PARTS] = { .type = NLA_NESTED },
};

static int netlink_put_version(struct sk_buff *skb, const struct net *net)
{
	return nla_put_string(skb, APPGW_ATTR_VERSION, APPGW_VERSION);
}

/* Answer APPGW_CMD_VERSION_GET. */
static int netlink_version_get(struct sk_buff *skb, struct genl_info *info)
{
	return appgw_genl_reply(info, netlink_put_version);
}

static const struct genl_small_ops netlink_ops[] = {
	{
		.cmd	= APPGW_CMD_POLICY_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_control_policy_get,
	},
	{
		.cmd	= APPGW_CMD_POLICY_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_control_policy_set,
	},
	{
		.cmd	= APPGW_CMD_STATS_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_control_stats_get,
	},
	{
		.cmd	= APPGW_CMD_LISTEN,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_control_listen,
	},
	{
		.cmd	= APPGW_CMD_PLAN,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_control_plan,
	},
	{
		.cmd	= APPGW_CMD_RELEASE,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_control_release,
	},
	{
		.cmd	= APPGW_CMD_FLOW_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= appgw_control_flow_dump,
	},
	{
		.cmd	= APPGW_CMD_PINHOLE_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= appgw_pinhole_dump,
	},
	{
		.cmd	= APPGW_CMD_LISTENER_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= appgw_control_listener_dump,
	},
	{
		.cmd	= APPGW_CMD_LEAVE,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_control_leave,
	},
	{
		.cmd	= APPGW_CMD_VERSION_GET,
		.doit	= netlink_version_get,
	},
};

static struct genl_family netlink_family __ro_after_init = {
	.name		= APPGW_GENL_NAME,
	.version	= APPGW_GENL_VERSION,
	.maxattr	= APPGW_ATTR_MAX,
	.policy		= netlink_attrs,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.small_ops	= netlink_ops,
	.n_small_ops	= ARRAY_SIZE(netlink_ops),
	.resv_start_op	= __APPGW_CMD_MAX,
	.mcgrps		= netlink_groups,
	.n_mcgrps	= ARRAY_SIZE(netlink_groups),
};

/**
 * appgw_netlink_init() - register the family, last of all: requests may come
 *
 * Return: 0 or -errno
 */
int appgw_netlink_init(void)
{
	return appgw_genl_register(&netlink_family);
}

/**
 * appgw_netlink_exit() - unregister the family
 */
void appgw_netlink_exit(void)
{
	appgw_genl_unregister();
}
