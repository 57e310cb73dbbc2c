// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink: policy, counters and events. include/uapi/linux/nf_appgw.h
 * says what the messages look like.
 */

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <net/genetlink.h>
#include <net/netns/generic.h>

#include "appgw/version.h"
#include "core/policy.h"
#include "core/stats.h"
#include "netlink.h"
#include "pinhole/pinhole.h"
#include "uapi/linux/nf_appgw.h"

/**
 * struct netlink_net - how many events a namespace has sent
 * @lock: guards the rest
 * @second: jiffies / HZ at which @sent began at 0
 * @sent: events since then
 * @lost: events left out since the last one that was sent
 */
struct netlink_net {
	spinlock_t lock;
	unsigned long second;
	unsigned int sent;
	u32 lost;
};

static unsigned int netlink_net_id __read_mostly;

/* The family is registered, so there may be somebody who listens. */
static bool netlink_ready;

static const struct genl_multicast_group netlink_groups[] = {
	{ .name = APPGW_GENL_GROUP_EVENTS, .flags = GENL_MCAST_CAP_NET_ADMIN },
};

static const struct nla_policy netlink_policy_attrs[APPGW_POLICY_MAX + 1] = {
	[APPGW_POLICY_LOGIN]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_LOOSE]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_FIX_PASV]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_DRY_RUN]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_ATTACH]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_POLICY_QUOTA_IPV6_LEN]	=
		NLA_POLICY_RANGE(NLA_U8, 1, APPGW_QUOTA_IPV6_LEN_MAX),
	[APPGW_POLICY_MEDIA_SOURCE]	=
		NLA_POLICY_MAX(NLA_U8, __APPGW_MEDIA_SOURCE_MAX - 1),
	[APPGW_POLICY_PASSIVE_PORTS]	= { .type = NLA_U32 },
	[APPGW_POLICY_FTPS_PORTS]	= { .type = NLA_U32 },
	[APPGW_POLICY_DCC_PORTS]	= { .type = NLA_U32 },
	[APPGW_POLICY_MEDIA_PORTS]	= { .type = NLA_U32 },
	[APPGW_POLICY_DIRECT_PORTS]	= { .type = NLA_U32 },
	[APPGW_POLICY_BOUNCER_PORTS]	= { .type = NLA_U32 },
	[APPGW_POLICY_QUOTA_HOST]	= { .type = NLA_U32 },
	[APPGW_POLICY_QUOTA_TOTAL]	= { .type = NLA_U32 },
	[APPGW_POLICY_FXP]		= { .type = NLA_NESTED },
};

static const struct nla_policy netlink_range_attrs[APPGW_RANGE_MAX + 1] = {
	[APPGW_RANGE_ADDR]	= { .type = NLA_BINARY,
				    .len = sizeof(struct in6_addr) },
	[APPGW_RANGE_LEN]	= { .type = NLA_U8 },
};

static const struct nla_policy netlink_attrs[APPGW_ATTR_MAX + 1] = {
	[APPGW_ATTR_POLICY]	= NLA_POLICY_NESTED(netlink_policy_attrs),
	[APPGW_ATTR_LISTEN]	= { .type = NLA_NESTED },
	[APPGW_ATTR_PACKET]	= { .type = NLA_NESTED },
	[APPGW_ATTR_PLAN]	= { .type = NLA_NESTED },
};

static size_t endpoint_addr_len(u16 l3num)
{
	return l3num == NFPROTO_IPV4 ? APPGW_ADDR_LEN_IPV4 :
				       APPGW_ADDR_LEN_IPV6;
}

/**
 * appgw_endpoint() - an endpoint from conntrack's parts
 * @ep: set
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: address
 * @port: host byte order
 */
void appgw_endpoint(struct endpoint *ep, u16 l3num,
		    const union nf_inet_addr *addr, u16 port)
{
	memset(ep, 0, sizeof(*ep));
	ep->port = port;
	ep->af = appgw_af(l3num);
	memcpy(ep->addr, addr, endpoint_addr_len(l3num));
}

/* Is it @addr that @ep is at, whatever its port? */
bool appgw_endpoint_is(const struct endpoint *ep, u16 l3num,
		       const union nf_inet_addr *addr)
{
	return ep->af == appgw_af(l3num) &&
	       !memcmp(ep->addr, addr, endpoint_addr_len(l3num));
}

/* Writes an endpoint; 0 or -EMSGSIZE. */
int appgw_netlink_put_end(struct sk_buff *skb, int type,
			  const struct endpoint *ep)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (ep->af != APPGW_AF_NONE &&
	    nla_put(skb, APPGW_END_ADDR, ep->af == APPGW_AF_IPV4 ?
		    APPGW_ADDR_LEN_IPV4 : APPGW_ADDR_LEN_IPV6, ep->addr))
		return -EMSGSIZE;
	if (ep->port && nla_put_be16(skb, APPGW_END_PORT, htons(ep->port)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Writes both ends of a connection, as attributes @client and @server; 0 or
 * -EMSGSIZE.
 */
int appgw_netlink_put_control(struct sk_buff *skb, int client, int server,
			      const struct nf_conntrack_tuple *t)
{
	struct endpoint from, to;

	appgw_endpoint(&from, t->src.l3num, &t->src.u3,
		       ntohs(t->src.u.tcp.port));
	appgw_endpoint(&to, t->src.l3num, &t->dst.u3,
		       ntohs(t->dst.u.tcp.port));
	return appgw_netlink_put_end(skb, client, &from) ?:
	       appgw_netlink_put_end(skb, server, &to);
}

/* A time that isn't 0. */
static int netlink_put_time(struct sk_buff *skb, int type, u64 ns)
{
	return ns ? nla_put_u64_64bit(skb, type, ns, APPGW_EVENT_PAD) : 0;
}

/* @times are those of a pinhole that is listed; NULL for what happens now. */
static int netlink_put_event(struct sk_buff *skb,
			     const struct appgw_event *event,
			     const struct appgw_event_times *times, u32 lost)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_EVENT);

	if (!nest ||
	    nla_put_u8(skb, APPGW_EVENT_TYPE, event->type) ||
	    netlink_put_time(skb, APPGW_EVENT_TIME,
			     times ? times->opened : ktime_get_real_ns()) ||
	    (times &&
	     (netlink_put_time(skb, APPGW_EVENT_EXPIRES, times->expires) ||
	      netlink_put_time(skb, APPGW_EVENT_CAME, times->came))) ||
	    nla_put_string(skb, APPGW_EVENT_REASON,
			   appgw_stat_name(event->reason)) ||
	    (event->kind &&
	     nla_put_string(skb, APPGW_EVENT_KIND, event->kind)) ||
	    appgw_netlink_put_control(skb, APPGW_EVENT_CLIENT,
				      APPGW_EVENT_SERVER, &event->control) ||
	    (event->has_announced &&
	     appgw_netlink_put_end(skb, APPGW_EVENT_ANNOUNCED, &event->announced)) ||
	    (event->has_pinhole &&
	     (appgw_netlink_put_end(skb, APPGW_EVENT_PUBLIC, &event->public) ||
	      appgw_netlink_put_end(skb, APPGW_EVENT_PEER, &event->peer))) ||
	    (lost && nla_put_u32(skb, APPGW_EVENT_LOST, lost)) ||
	    (event->taken && nla_put_flag(skb, APPGW_EVENT_TAKEN)) ||
	    (event->dry_run && nla_put_flag(skb, APPGW_EVENT_DRY_RUN)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* May another event go out now? If so, @lost is how many did not before it. */
static bool netlink_may_send(struct netlink_net *nn, u32 *lost)
{
	unsigned long second = jiffies / HZ;
	bool may;

	spin_lock_bh(&nn->lock);
	if (nn->second != second) {
		nn->second = second;
		nn->sent = 0;
	}
	may = nn->sent < APPGW_EVENTS_PER_S;
	if (may) {
		nn->sent++;
		*lost = nn->lost;
		nn->lost = 0;
	} else {
		nn->lost++;
	}
	spin_unlock_bh(&nn->lock);
	return may;
}

static void netlink_add_lost(struct netlink_net *nn, u32 lost)
{
	spin_lock_bh(&nn->lock);
	nn->lost += lost;
	spin_unlock_bh(&nn->lock);
}

/**
 * appgw_event_send() - tell those who listen
 * @net: namespace in which it happened
 * @event: what happened
 *
 * From any context. What can't be told is counted, and told with the next.
 */
void appgw_event_send(struct net *net, const struct appgw_event *event)
{
	struct netlink_net *nn;
	struct sk_buff *skb;
	void *hdr;
	u32 lost;

	if (!READ_ONCE(netlink_ready) ||
	    !genl_has_listeners(&appgw_netlink_family, net, 0))
		return;
	nn = net_generic(net, netlink_net_id);
	if (!netlink_may_send(nn, &lost))
		return;

	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_ATOMIC);
	if (!skb)
		goto err_lost;
	hdr = genlmsg_put(skb, 0, 0, &appgw_netlink_family, 0, APPGW_CMD_EVENT);
	if (!hdr || netlink_put_event(skb, event, NULL, lost)) {
		nlmsg_free(skb);
		goto err_lost;
	}
	genlmsg_end(skb, hdr);
	genlmsg_multicast_netns(&appgw_netlink_family, net, skb, 0, 0, GFP_ATOMIC);
	return;

err_lost:
	netlink_add_lost(nn, lost + 1);
}

/* Writes a message of a dump of pinholes; 0 or -EMSGSIZE. */
int appgw_event_put(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct appgw_event *event,
		    const struct appgw_event_times *times)
{
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &appgw_netlink_family, NLM_F_MULTI,
			  APPGW_CMD_PINHOLE_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (netlink_put_event(skb, event, times, 0)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int netlink_put_ports(struct sk_buff *skb, int type,
			     const struct appgw_ports *ports)
{
	return nla_put_u32(skb, type, (u32)ports->lo << 16 | ports->hi);
}

static int netlink_put_fxp(struct sk_buff *skb,
			   const struct appgw_policy *policy)
{
	struct nlattr *list, *nest;
	unsigned int i;

	list = nla_nest_start(skb, APPGW_POLICY_FXP);
	if (!list)
		return -EMSGSIZE;
	for (i = 0; i < policy->fxp_count; i++) {
		const struct appgw_range *range = &policy->fxp[i];

		nest = nla_nest_start(skb, APPGW_FXP_RANGE);
		if (!nest ||
		    nla_put(skb, APPGW_RANGE_ADDR,
			    range->family == NFPROTO_IPV4 ?
			    APPGW_ADDR_LEN_IPV4 : APPGW_ADDR_LEN_IPV6,
			    &range->addr) ||
		    nla_put_u8(skb, APPGW_RANGE_LEN, range->len))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	nla_nest_end(skb, list);
	return 0;
}

static int netlink_put_policy(struct sk_buff *skb,
			      const struct appgw_policy *policy)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_POLICY);

	if (!nest ||
	    nla_put_u8(skb, APPGW_POLICY_LOGIN, policy->login) ||
	    nla_put_u8(skb, APPGW_POLICY_LOOSE, policy->loose) ||
	    nla_put_u8(skb, APPGW_POLICY_FIX_PASV, policy->fix_pasv) ||
	    nla_put_u8(skb, APPGW_POLICY_DRY_RUN, policy->dry_run) ||
	    nla_put_u8(skb, APPGW_POLICY_ATTACH, policy->attach) ||
	    netlink_put_ports(skb, APPGW_POLICY_PASSIVE_PORTS,
			      &policy->passive_ports) ||
	    netlink_put_ports(skb, APPGW_POLICY_FTPS_PORTS,
			      &policy->ftps_ports) ||
	    netlink_put_ports(skb, APPGW_POLICY_DCC_PORTS,
			      &policy->dcc_ports) ||
	    netlink_put_ports(skb, APPGW_POLICY_MEDIA_PORTS,
			      &policy->media_ports) ||
	    netlink_put_ports(skb, APPGW_POLICY_DIRECT_PORTS,
			      &policy->direct_ports) ||
	    netlink_put_ports(skb, APPGW_POLICY_BOUNCER_PORTS,
			      &policy->bouncer_ports) ||
	    nla_put_u32(skb, APPGW_POLICY_QUOTA_HOST, policy->quota_host) ||
	    nla_put_u32(skb, APPGW_POLICY_QUOTA_TOTAL, policy->quota_total) ||
	    nla_put_u8(skb, APPGW_POLICY_QUOTA_IPV6_LEN,
		       policy->quota_ipv6_len) ||
	    nla_put_u8(skb, APPGW_POLICY_MEDIA_SOURCE,
		       policy->media_source) ||
	    netlink_put_fxp(skb, policy))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int netlink_put_stats(struct sk_buff *skb, const struct net *net)
{
	int i;

	for (i = 0; i < APPGW_STAT_MAX; i++) {
		struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_STAT);

		if (!nest ||
		    nla_put_string(skb, APPGW_STAT_ATTR_NAME,
				   appgw_stat_name(i)) ||
		    nla_put_u64_64bit(skb, APPGW_STAT_ATTR_VALUE,
				      appgw_stat_read(net, i),
				      APPGW_STAT_ATTR_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/* Answers POLICY_GET, STATS_GET and VERSION_GET. */
static int netlink_get(struct sk_buff *req, struct genl_info *info)
{
	struct net *net = genl_info_net(info);
	u8 cmd = info->genlhdr->cmd;
	struct sk_buff *skb;
	int ret = -EMSGSIZE;
	void *hdr;

	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &appgw_netlink_family, 0, cmd);
	if (!hdr)
		goto err_free;
	if (cmd == APPGW_CMD_POLICY_GET) {
		rcu_read_lock();
		ret = netlink_put_policy(skb, appgw_policy(net));
		rcu_read_unlock();
	} else if (cmd == APPGW_CMD_VERSION_GET) {
		ret = nla_put_string(skb, APPGW_ATTR_VERSION, APPGW_VERSION);
	} else {
		ret = netlink_put_stats(skb, net);
	}
	if (ret)
		goto err_free;
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);

err_free:
	nlmsg_free(skb);
	return ret;
}

static void netlink_get_bool(bool *value, const struct nlattr *attr)
{
	if (attr)
		*value = nla_get_u8(attr);
}

static int netlink_get_ports(struct appgw_ports *ports,
			     const struct nlattr *attr, struct genl_info *info)
{
	if (!attr)
		return 0;
	ports->lo = nla_get_u32(attr) >> 16;
	ports->hi = nla_get_u32(attr) & 0xffff;
	if (appgw_policy_check_ports(ports)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "not a range of ports from 1024 to 65535");
		return -EINVAL;
	}
	return 0;
}

static int netlink_get_range(struct appgw_range *range,
			     const struct nlattr *attr, struct genl_info *info)
{
	struct nlattr *tb[APPGW_RANGE_MAX + 1];
	int ret, len;

	ret = nla_parse_nested(tb, APPGW_RANGE_MAX, attr, netlink_range_attrs,
			       info->extack);
	if (ret)
		return ret;
	memset(range, 0, sizeof(*range));
	len = tb[APPGW_RANGE_ADDR] ? nla_len(tb[APPGW_RANGE_ADDR]) : 0;
	if (len == APPGW_ADDR_LEN_IPV4)
		range->family = NFPROTO_IPV4;
	else if (len == APPGW_ADDR_LEN_IPV6)
		range->family = NFPROTO_IPV6;
	else
		goto err;
	memcpy(&range->addr, nla_data(tb[APPGW_RANGE_ADDR]), len);
	range->len = tb[APPGW_RANGE_LEN] ? nla_get_u8(tb[APPGW_RANGE_LEN]) :
					   8 * len;
	if (!appgw_policy_check_range(range))
		return 0;
err:
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "not a range of addresses");
	return -EINVAL;
}

static int netlink_get_fxp(struct appgw_policy *policy,
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
		ret = netlink_get_range(&policy->fxp[policy->fxp_count], attr,
					info);
		if (ret)
			return ret;
		policy->fxp_count++;
	}
	return 0;
}

/* Orders those who set. */
static DEFINE_MUTEX(netlink_policy_mutex);

static int netlink_policy_set(struct sk_buff *skb, struct genl_info *info)
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
			       netlink_policy_attrs, info->extack);
	if (ret)
		return ret;

	policy = kmalloc(sizeof(*policy), GFP_KERNEL);
	if (!policy)
		return -ENOMEM;
	mutex_lock(&netlink_policy_mutex);
	rcu_read_lock();
	*policy = *appgw_policy(net);
	rcu_read_unlock();

	netlink_get_bool(&policy->login, tb[APPGW_POLICY_LOGIN]);
	netlink_get_bool(&policy->loose, tb[APPGW_POLICY_LOOSE]);
	netlink_get_bool(&policy->fix_pasv, tb[APPGW_POLICY_FIX_PASV]);
	netlink_get_bool(&policy->dry_run, tb[APPGW_POLICY_DRY_RUN]);
	netlink_get_bool(&policy->attach, tb[APPGW_POLICY_ATTACH]);
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
	ret = netlink_get_ports(&policy->passive_ports,
				tb[APPGW_POLICY_PASSIVE_PORTS], info) ?:
	      netlink_get_ports(&policy->ftps_ports,
				tb[APPGW_POLICY_FTPS_PORTS], info) ?:
	      netlink_get_ports(&policy->dcc_ports,
				tb[APPGW_POLICY_DCC_PORTS], info) ?:
	      netlink_get_ports(&policy->media_ports,
				tb[APPGW_POLICY_MEDIA_PORTS], info) ?:
	      netlink_get_ports(&policy->direct_ports,
				tb[APPGW_POLICY_DIRECT_PORTS], info) ?:
	      netlink_get_ports(&policy->bouncer_ports,
				tb[APPGW_POLICY_BOUNCER_PORTS], info) ?:
	      netlink_get_fxp(policy, tb[APPGW_POLICY_FXP], info) ?:
	      appgw_policy_replace(net, policy);
	mutex_unlock(&netlink_policy_mutex);
	kfree(policy);
	return ret;
}

static const struct genl_small_ops netlink_ops[] = {
	{
		.cmd	= APPGW_CMD_POLICY_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= netlink_get,
	},
	{
		.cmd	= APPGW_CMD_POLICY_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= netlink_policy_set,
	},
	{
		.cmd	= APPGW_CMD_STATS_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= netlink_get,
	},
	{
		.cmd	= APPGW_CMD_LISTEN,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_netlink_listen,
	},
	{
		.cmd	= APPGW_CMD_PLAN,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_netlink_plan,
	},
	{
		.cmd	= APPGW_CMD_RELEASE,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_netlink_release,
	},
	{
		.cmd	= APPGW_CMD_FLOW_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= appgw_netlink_flow_dump,
	},
	{
		.cmd	= APPGW_CMD_PINHOLE_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= appgw_pinhole_dump,
	},
	{
		.cmd	= APPGW_CMD_LISTENER_GET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.dumpit	= appgw_netlink_listener_dump,
	},
	{
		.cmd	= APPGW_CMD_LEAVE,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= appgw_netlink_leave,
	},
	{
		.cmd	= APPGW_CMD_VERSION_GET,
		.doit	= netlink_get,
	},
};

struct genl_family appgw_netlink_family __ro_after_init = {
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

static int __net_init netlink_net_init(struct net *net)
{
	struct netlink_net *nn = net_generic(net, netlink_net_id);

	spin_lock_init(&nn->lock);
	return 0;
}

static struct pernet_operations netlink_net_ops = {
	.init	= netlink_net_init,
	.id	= &netlink_net_id,
	.size	= sizeof(struct netlink_net),
};

int appgw_event_init(void)
{
	return register_pernet_subsys(&netlink_net_ops);
}

void appgw_event_exit(void)
{
	unregister_pernet_subsys(&netlink_net_ops);
}

/* Last of all: a request may come as soon as the family is there. */
int appgw_netlink_init(void)
{
	int ret = genl_register_family(&appgw_netlink_family);

	if (!ret)
		WRITE_ONCE(netlink_ready, true);
	return ret;
}

void appgw_netlink_exit(void)
{
	WRITE_ONCE(netlink_ready, false);
	synchronize_rcu();
	genl_unregister_family(&appgw_netlink_family);
}
