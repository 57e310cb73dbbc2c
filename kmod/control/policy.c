// SPDX-License-Identifier: GPL-2.0-only
/* Requests about the policy of a namespace. include/uapi/linux/nf_appgw.h says what
 * the messages look like.
 */

#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "control.h"
#include "core/genl.h"
#include "core/policy.h"
#include "helper/kernel_helpers.h"
#include "policy_server.h"

const struct nla_policy appgw_control_policy_attrs[APPGW_POLICY_MAX + 1] = {
	[APPGW_POLICY_LOGIN]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_LOOSE]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_FIX_PASV]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_DRY_RUN]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_ATTACH]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_QUOTA_IPV6_LEN]	=
		NLA_POLICY_RANGE(NLA_U8, 1, APPGW_QUOTA_IPV6_LEN_MAX),
	[APPGW_POLICY_MEDIA_SOURCE]	=
		NLA_POLICY_MAX(NLA_U8, __APPGW_MEDIA_SOURCE_MAX - 1),
#define APPGW_PORT_RANGE(id, name)	\
	[APPGW_POLICY_ ## id ## _PORTS] = { .type = NLA_U32 },
#include "appgw/port_ranges.h"
#undef APPGW_PORT_RANGE
	[APPGW_POLICY_QUOTA_HOST]	= { .type = NLA_U32 },
	[APPGW_POLICY_QUOTA_TOTAL]	= { .type = NLA_U32 },
	[APPGW_POLICY_FXP]		= { .type = NLA_NESTED },
	[APPGW_POLICY_SERVERS]		= { .type = NLA_NESTED },
	[APPGW_POLICY_RPC_PROGRAMS]	= { .type = NLA_BINARY,
					    .len = APPGW_PROGRAMS_MAX * sizeof(u32) },
	[APPGW_POLICY_RPC_TIMEOUT]	= { .type = NLA_U32 },
	[APPGW_POLICY_RPC_CALLS]	=
		NLA_POLICY_MAX(NLA_U8, __APPGW_RPC_CALLS_MAX - 1),
	[APPGW_POLICY_DISCOVERY]	=
		NLA_POLICY_MASK(NLA_U32, APPGW_DISCOVERY_ALL),
	[APPGW_POLICY_KERNEL_HELPERS]	=
		NLA_POLICY_MASK(NLA_U32, APPGW_KERNEL_HELPERS_ALL),
	[APPGW_POLICY_RPC_CALLBACKS]	= NLA_POLICY_MAX(NLA_U8, 1),
};

/* The attribute of each range of ports */
static const int policy_ports_attr[APPGW_PORTS_COUNT] = {
#define APPGW_PORT_RANGE(id, name)	\
	[APPGW_PORTS_ ## id] = APPGW_POLICY_ ## id ## _PORTS,
#include "appgw/port_ranges.h"
#undef APPGW_PORT_RANGE
};

static int policy_put_ports(struct sk_buff *skb,
			    const struct appgw_policy *policy)
{
	int i;

	for (i = APPGW_PORTS_ANY + 1; i < APPGW_PORTS_COUNT; i++)
		if (appgw_control_put_ports(skb, policy_ports_attr[i],
					    &policy->ports[i]))
			return -EMSGSIZE;
	return 0;
}

static int policy_put_fxp(struct sk_buff *skb,
			  const struct appgw_policy *policy)
{
	struct nlattr *list;
	unsigned int i;

	list = nla_nest_start(skb, APPGW_POLICY_FXP);
	if (!list)
		return -EMSGSIZE;
	for (i = 0; i < policy->fxp_count; i++)
		if (appgw_control_put_range(skb, APPGW_FXP_RANGE,
					    &policy->fxp[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, list);
	return 0;
}

static int policy_put_all(struct sk_buff *skb,
			  const struct appgw_policy *policy)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_POLICY);

	if (!nest ||
	    nla_put_u8(skb, APPGW_POLICY_LOGIN, policy->login) ||
	    nla_put_u8(skb, APPGW_POLICY_LOOSE, policy->loose) ||
	    nla_put_u8(skb, APPGW_POLICY_FIX_PASV, policy->fix_pasv) ||
	    nla_put_u8(skb, APPGW_POLICY_DRY_RUN, policy->dry_run) ||
	    nla_put_u8(skb, APPGW_POLICY_ATTACH, policy->attach) ||
	    policy_put_ports(skb, policy) ||
	    nla_put_u32(skb, APPGW_POLICY_QUOTA_HOST, policy->quota_host) ||
	    nla_put_u32(skb, APPGW_POLICY_QUOTA_TOTAL, policy->quota_total) ||
	    nla_put_u8(skb, APPGW_POLICY_QUOTA_IPV6_LEN,
		       policy->quota_ipv6_len) ||
	    nla_put_u8(skb, APPGW_POLICY_MEDIA_SOURCE,
		       policy->media_source) ||
	    nla_put_u32(skb, APPGW_POLICY_KERNEL_HELPERS,
			policy->kernel_helpers) ||
	    policy_put_fxp(skb, policy) ||
	    nla_put(skb, APPGW_POLICY_RPC_PROGRAMS,
		    policy->program_count * sizeof(*policy->programs),
		    policy->programs) ||
	    nla_put_u32(skb, APPGW_POLICY_RPC_TIMEOUT,
			policy->program_timeout_s) ||
	    nla_put_u8(skb, APPGW_POLICY_RPC_CALLS, policy->calls) ||
	    nla_put_u8(skb, APPGW_POLICY_RPC_CALLBACKS, policy->callbacks) ||
	    appgw_control_put_servers(skb, policy) ||
	    nla_put_u32(skb, APPGW_POLICY_DISCOVERY, policy->discovery))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int policy_put(struct sk_buff *skb, const struct net *net)
{
	int ret;

	rcu_read_lock();
	ret = policy_put_all(skb, appgw_policy(net));
	rcu_read_unlock();
	return ret;
}

/**
 * appgw_control_policy_get() - answer APPGW_CMD_POLICY_GET
 * @skb: request
 * @info: likewise
 *
 * Return: 0 or -errno
 */
int appgw_control_policy_get(struct sk_buff *skb, struct genl_info *info)
{
	return appgw_genl_reply(info, policy_put);
}

static void policy_get_bool(bool *value, const struct nlattr *attr)
{
	if (attr)
		*value = nla_get_u8(attr);
}

/* Change what is one number that has been checked. */
static void policy_get_numbers(struct appgw_policy *policy, struct nlattr **tb)
{
	policy_get_bool(&policy->login, tb[APPGW_POLICY_LOGIN]);
	policy_get_bool(&policy->loose, tb[APPGW_POLICY_LOOSE]);
	policy_get_bool(&policy->fix_pasv, tb[APPGW_POLICY_FIX_PASV]);
	policy_get_bool(&policy->dry_run, tb[APPGW_POLICY_DRY_RUN]);
	policy_get_bool(&policy->attach, tb[APPGW_POLICY_ATTACH]);
	policy_get_bool(&policy->callbacks, tb[APPGW_POLICY_RPC_CALLBACKS]);
	if (tb[APPGW_POLICY_QUOTA_HOST])
		policy->quota_host = nla_get_u32(tb[APPGW_POLICY_QUOTA_HOST]);
	if (tb[APPGW_POLICY_QUOTA_TOTAL])
		policy->quota_total = nla_get_u32(tb[APPGW_POLICY_QUOTA_TOTAL]);
	if (tb[APPGW_POLICY_QUOTA_IPV6_LEN])
		policy->quota_ipv6_len =
			nla_get_u8(tb[APPGW_POLICY_QUOTA_IPV6_LEN]);
	if (tb[APPGW_POLICY_MEDIA_SOURCE])
		policy->media_source =
			nla_get_u8(tb[APPGW_POLICY_MEDIA_SOURCE]);
	if (tb[APPGW_POLICY_DISCOVERY])
		policy->discovery = nla_get_u32(tb[APPGW_POLICY_DISCOVERY]);
	if (tb[APPGW_POLICY_KERNEL_HELPERS])
		policy->kernel_helpers =
			nla_get_u32(tb[APPGW_POLICY_KERNEL_HELPERS]);
}

/* Change the ranges of ports that are in @tb; they are checked one by one. */
static int policy_get_ports(struct appgw_policy *policy, struct nlattr **tb,
			    struct genl_info *info)
{
	const struct nlattr *attr;
	int i, ret;

	for (i = APPGW_PORTS_ANY + 1; i < APPGW_PORTS_COUNT; i++) {
		attr = tb[policy_ports_attr[i]];
		if (!attr)
			continue;
		ret = appgw_control_get_ports(&policy->ports[i], attr, info);
		if (ret)
			return ret;
	}
	return 0;
}

static int policy_get_fxp(struct appgw_policy *policy,
			  const struct nlattr *list, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, ret;

	if (!list)
		return 0;
	policy->fxp_count = 0;
	nla_for_each_nested(attr, list, rem) {
		if (nla_type(attr) != APPGW_FXP_RANGE) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "not an address range");
			return -EINVAL;
		}
		if (policy->fxp_count == APPGW_FXP_MAX) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "too many address ranges");
			return -ENOSPC;
		}
		ret = appgw_control_get_range(&policy->fxp[policy->fxp_count],
					      attr, info);
		if (ret)
			return ret;
		policy->fxp_count++;
	}
	return 0;
}

static int policy_get_programs(struct appgw_policy *policy, struct nlattr **tb,
			       struct genl_info *info)
{
	const struct nlattr *attr = tb[APPGW_POLICY_RPC_PROGRAMS];
	const struct nlattr *timeout = tb[APPGW_POLICY_RPC_TIMEOUT];

	if (timeout) {
		policy->program_timeout_s = nla_get_u32(timeout);
		if (!policy->program_timeout_s ||
		    policy->program_timeout_s > APPGW_PROGRAM_TIMEOUT_MAX) {
			NL_SET_ERR_MSG_ATTR(info->extack, timeout,
					    "not 1 to 86400 seconds");
			return -EINVAL;
		}
	}
	if (tb[APPGW_POLICY_RPC_CALLS])
		policy->calls = nla_get_u8(tb[APPGW_POLICY_RPC_CALLS]);
	if (!attr)
		return 0;
	if (nla_len(attr) % sizeof(*policy->programs)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "not a list of programs");
		return -EINVAL;
	}
	memcpy(policy->programs, nla_data(attr), nla_len(attr));
	policy->program_count = nla_len(attr) / sizeof(*policy->programs);
	return 0;
}

/* Say which of the kernel's own helpers can't be had, and why. */
static void policy_missing(struct genl_info *info, int error,
			   unsigned int missing)
{
	static const char * const absent[__APPGW_KERNEL_HELPER_MAX] = {
#define APPGW_KERNEL_HELPER(id, name)	\
		[APPGW_KERNEL_HELPER_ ## id] =	\
			"this kernel has no helper for " name,
#include "appgw/kernel_helpers.h"
#undef APPGW_KERNEL_HELPER
	};
	const struct nlattr *policy = info->attrs[APPGW_ATTR_POLICY];
	struct netlink_ext_ack *extack = info->extack;

	if (!extack)
		return;
	if (error == -EPERM)
		NL_SET_ERR_MSG(extack,
			       "the kernel's helper is in use nowhere, and only the machine's own root can have it loaded");
	else
		extack->_msg = absent[missing];
	NL_SET_BAD_ATTR(extack, nla_find_nested(policy,
						APPGW_POLICY_KERNEL_HELPERS));
}

/* Put a policy into force, and hold the kernel's own helpers that it names in place of
 * those that the namespace holds. They are loaded for those alone who could do so
 * themselves.
 */
static int policy_enforce(struct net *net, const struct appgw_policy *policy,
			  struct sk_buff *skb, struct genl_info *info)
{
	u32 wanted = policy->kernel_helpers;
	unsigned int missing;
	int ret;

	ret = appgw_kernel_helpers_get(wanted,
				       netlink_capable(skb, CAP_NET_ADMIN),
				       &missing);
	if (ret) {
		policy_missing(info, ret, missing);
		return ret;
	}
	ret = appgw_policy_replace(net, policy);
	appgw_kernel_helpers_put(ret ? wanted :
				 appgw_kernel_helpers_swap(net, wanted));
	return ret;
}

/* Warn whoever has just asked for what is dangerous. */
static void policy_warn(const struct nlattr *attr, struct genl_info *info)
{
	if (attr && nla_get_u32(attr) & APPGW_KERNEL_HELPERS_SLIPSTREAM)
		GENL_SET_ERR_MSG(info,
				 "with sip or h323 a web page can have ports of its visitors' machines opened (NAT slipstreaming)");
}

/* Guards the change of a policy from its copy to its replacement. */
static DEFINE_MUTEX(policy_mutex);

/**
 * appgw_control_policy_set() - carry out APPGW_CMD_POLICY_SET
 * @skb: request
 * @info: likewise
 *
 * Return: 0, or -errno and nothing has changed
 */
int appgw_control_policy_set(struct sk_buff *skb, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	struct nlattr *tb[APPGW_POLICY_MAX + 1];
	struct appgw_policy *policy;
	int ret;

	if (!info->attrs[APPGW_ATTR_POLICY]) {
		GENL_SET_ERR_MSG(info, "no policy in the request");
		return -EINVAL;
	}
	ret = nla_parse_nested(tb, APPGW_POLICY_MAX,
			       info->attrs[APPGW_ATTR_POLICY],
			       appgw_control_policy_attrs, info->extack);
	if (ret)
		return ret;

	policy = kmalloc(sizeof(*policy), GFP_KERNEL);
	if (!policy)
		return -ENOMEM;
	mutex_lock(&policy_mutex);
	rcu_read_lock();
	*policy = *appgw_policy(net);
	rcu_read_unlock();

	policy_get_numbers(policy, tb);
	ret = policy_get_ports(policy, tb, info) ?:
	      policy_get_fxp(policy, tb[APPGW_POLICY_FXP], info) ?:
	      policy_get_programs(policy, tb, info) ?:
	      appgw_control_get_servers(policy, tb[APPGW_POLICY_SERVERS],
					info) ?:
	      policy_enforce(net, policy, skb, info);
	mutex_unlock(&policy_mutex);
	kfree(policy);
	if (!ret)
		policy_warn(tb[APPGW_POLICY_KERNEL_HELPERS], info);
	return ret;
}
