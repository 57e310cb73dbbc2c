// SPDX-License-Identifier: GPL-2.0-only
/* Attach: give new connections to the configured ports our helper.
 *
 * Since Linux 6.0 conntrack assigns no helper by itself, and most routers have
 * no rule that does. The last hook before a connection is confirmed is the
 * place: whatever rule, in whatever chain, wanted to choose a helper has done
 * so, what the firewall drops never gets here, and NAT has been decided. After
 * confirmation the entry could take no helper any more.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>

#include "attach.h"
#include "core/event.h"
#include "core/param.h"
#include "core/policy.h"
#include "core/stats.h"
#include "gate/gate.h"
#include "gate/listener.h"
#include "helper/icmp.h"
#include "helper/session.h"
#include "protocols/ftp.h"

/* Ranges of ports for a protocol. */
#define ATTACH_RANGES_MAX	9

/* The list of no ports. */
#define ATTACH_NONE		"none"

/* Before conntrack's own last hook, which for IPv6 local input comes one
 * earlier than everywhere else.
 */
#define ATTACH_PRIORITY		(NF_IP_PRI_CONNTRACK_CONFIRM - 2)

/* What a port may be for: FTP, or one of the daemon's protocols. */
#define ATTACH_FTP		GATE_PROTOS
#define ATTACH_PROTOS		(GATE_PROTOS + 1)

/**
 * struct attach_ports - the ports of a protocol's servers
 * @count: entries of @range in use
 * @range: host byte order
 */
struct attach_ports {
	unsigned int count;
	struct appgw_ports range[ATTACH_RANGES_MAX];
};

static struct attach_ports attach_ports[ATTACH_PROTOS] __read_mostly = {
	[ATTACH_FTP]	= { 1, { { 21, 21 } } },
	[GATE_IRC]	= { 2, { { 6660, 6669 }, { 7000, 7000 } } },
	[GATE_RTSP]	= { 2, { { 554, 554 }, { 8554, 8554 } } },
	[GATE_PNA]	= { 1, { { 7070, 7070 } } },
	[GATE_MSN]	= { 1, { { 1863, 1863 } } },
};

/* "21" or "6660-6669". */
static int attach_range_add(struct attach_ports *ports, char *word)
{
	char *hi = strchr(word, '-');
	struct appgw_ports range;

	if (ports->count == ATTACH_RANGES_MAX)
		return -ENOSPC;
	if (hi)
		*hi++ = 0;
	if (kstrtou16(word, 10, &range.lo) || !range.lo ||
	    kstrtou16(hi ?: word, 10, &range.hi) || range.hi < range.lo)
		return -EINVAL;
	ports->range[ports->count++] = range;
	return 0;
}

static int attach_ports_set(const char *val, const struct kernel_param *kp)
{
	struct attach_ports ports = {};
	char *list, *rest, *word;
	int ret = 0;

	list = kstrdup(val ? val : "", GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	rest = strim(list);
	if (!*rest || !strcmp(rest, ATTACH_NONE))
		rest = NULL;
	while (!ret && (word = strsep(&rest, ",")))
		ret = attach_range_add(&ports, word);
	kfree(list);
	if (ret)
		pr_err("%s: '%s' is not a list of up to %d TCP ports or LO-HI, nor none\n",
		       kp->name, val ? val : "", ATTACH_RANGES_MAX);
	else
		*(struct attach_ports *)kp->arg = ports;
	return ret;
}

static int attach_ports_get(char *buf, const struct kernel_param *kp)
{
	const struct attach_ports *ports = kp->arg;
	unsigned int i;
	int n = 0;

	if (!ports->count)
		n += sysfs_emit_at(buf, n, ATTACH_NONE);
	for (i = 0; i < ports->count; i++) {
		const struct appgw_ports *range = &ports->range[i];

		n += sysfs_emit_at(buf, n, "%s%u", i ? "," : "", range->lo);
		if (range->hi != range->lo)
			n += sysfs_emit_at(buf, n, "-%u", range->hi);
	}
	return n + sysfs_emit_at(buf, n, "\n");
}

static const struct kernel_param_ops attach_ports_ops = {
	.set = attach_ports_set,
	.get = attach_ports_get,
};

module_param_cb(ports, &attach_ports_ops, &attach_ports[ATTACH_FTP], 0400);
MODULE_PARM_DESC(ports, "TCP ports of FTP servers, up to 9 (default 21)");
module_param_cb(irc_ports, &attach_ports_ops, &attach_ports[GATE_IRC], 0400);
MODULE_PARM_DESC(irc_ports,
		 "TCP ports of IRC servers (default 6660-6669,7000)");
module_param_cb(rtsp_ports, &attach_ports_ops, &attach_ports[GATE_RTSP], 0400);
MODULE_PARM_DESC(rtsp_ports, "TCP ports of RTSP servers (default 554,8554)");
module_param_cb(pna_ports, &attach_ports_ops, &attach_ports[GATE_PNA], 0400);
MODULE_PARM_DESC(pna_ports, "TCP ports of PNA servers (default 7070)");
module_param_cb(msn_ports, &attach_ports_ops, &attach_ports[GATE_MSN], 0400);
MODULE_PARM_DESC(msn_ports, "TCP ports of MSN servers (default 1863)");

static bool attach_is_port(const struct attach_ports *ports, u16 port)
{
	unsigned int i;

	for (i = 0; i < ports->count; i++)
		if (appgw_ports_have(&ports->range[i], port))
			return true;
	return false;
}

/* The protocol that @ct's port is known for, unless that is one of the daemon's and
 * no daemon is there, or will be back; -1 if it is none, or none is wanted. A server
 * behind DNAT may be known by one port and listen on another.
 */
static int attach_proto(const struct nf_conn *ct, const struct net *net)
{
	const struct appgw_policy *policy = appgw_policy(net);
	u16 to = ntohs(ct->tuplehash[IP_CT_DIR_ORIGINAL]
		       .tuple.dst.u.tcp.port);
	u16 at = ntohs(ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u.tcp.port);
	int i;

	if (!policy || !policy->attach)
		return -1;
	for (i = ATTACH_FTP; i >= 0; i--)
		if ((attach_is_port(&attach_ports[i], to) ||
		     attach_is_port(&attach_ports[i], at)) &&
		    (i == ATTACH_FTP || appgw_listener_is_expected(net, i)))
			break;
	return i;
}

/* Gives @ct the helper of that protocol. */
static bool attach_assign(struct nf_conn *ct, const struct net *net)
{
	int proto = attach_proto(ct, net);

	if (proto < 0)
		return false;
	return proto == ATTACH_FTP ? appgw_ftp_assign(ct) :
				     appgw_gate_assign(ct, proto);
}

/* Another helper has it, and whoever wonders why we don't is told. */
static void attach_foreign(const struct nf_conn *ct, struct net *net,
			   const struct nf_conntrack_helper *helper)
{
	struct appgw_event event = {
		.type		= APPGW_EVENT_STOPPED,
		.reason		= APPGW_STAT_FOREIGN_HELPER,
		.kind		= helper->name,
		.control	= ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple,
	};

	if (attach_proto(ct, net) < 0)
		return;
	appgw_stat_inc(net, event.reason);
	appgw_event_send(net, &event);
}

/* @ct is new; kept out of what every packet goes through. */
static noinline void attach(struct nf_conn *ct, struct net *net)
{
	const struct nf_conntrack_helper *helper;
	struct nf_conn_help *help;

	if (nf_ct_is_confirmed(ct) || nf_ct_protonum(ct) != IPPROTO_TCP ||
	    ct->master)
		return;

	help = nfct_help(ct);
	if (help) {
		/* somebody chose; conntrack or the rule got a reference */
		helper = rcu_dereference(help->helper);
		if (!appgw_ftp_is_helper(helper) &&
		    appgw_gate_proto(helper) < 0) {
			if (helper)
				attach_foreign(ct, net, helper);
			return;
		}
	} else if (!attach_assign(ct, net)) {
		return;
	}

	/* Where a line is rewritten the stream may change its length. NAT adds
	 * this for helpers that it knew of in time.
	 */
	if (!nfct_seqadj(ct))
		nfct_seqadj_ext_add(ct);

	appgw_stat_inc(net, APPGW_STAT_ATTACHED);
}

static unsigned int attach_hook(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct)
		return NF_ACCEPT;
	switch (ctinfo) {
	case IP_CT_NEW:
		attach(ct, state->net);
		break;
	case IP_CT_RELATED:
		if (ct->master && !nf_ct_is_confirmed(ct)) {
			appgw_pinhole_left(ct);
			break;
		}
		fallthrough;
	case IP_CT_RELATED_REPLY:
		/* what this machine complains of has not been translated yet */
		if (state->in)
			appgw_icmp_error(skb, ct, ctinfo);
		break;
	default:
		if (unlikely(test_bit(IPS_SEQ_ADJUST_BIT, &ct->status)))
			appgw_session_adopt(ct);
	}
	return NF_ACCEPT;
}

static const struct nf_hook_ops attach_ops[] = {
	{
		.hook		= attach_hook,
		.pf		= NFPROTO_INET,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= ATTACH_PRIORITY,
	},
	{
		.hook		= attach_hook,
		.pf		= NFPROTO_INET,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= ATTACH_PRIORITY,
	},
};

static int __net_init attach_net_init(struct net *net)
{
	return nf_register_net_hooks(net, attach_ops, ARRAY_SIZE(attach_ops));
}

static void __net_exit attach_net_exit(struct net *net)
{
	nf_unregister_net_hooks(net, attach_ops, ARRAY_SIZE(attach_ops));
}

static struct pernet_operations attach_net_ops = {
	.init	= attach_net_init,
	.exit	= attach_net_exit,
};

int appgw_attach_init(void)
{
	return register_pernet_subsys(&attach_net_ops);
}

void appgw_attach_exit(void)
{
	unregister_pernet_subsys(&attach_net_ops);
}
