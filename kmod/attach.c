// SPDX-License-Identifier: GPL-2.0-only
/* Attach: give new connections to the configured ports our helper.
 *
 * Since Linux 6.0 conntrack assigns no helper by itself, and most routers have
 * no rule that does. The last hook before a connection is confirmed is the
 * place: whatever rule, in whatever chain, wanted to choose a helper has done
 * so, what the firewall drops never gets here, and NAT has been decided. After
 * confirmation the entry could take no helper any more.
 *
 * What is for none of our ports may get one of the kernel's own helpers there.
 */

#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "attach.h"
#include "core/event.h"
#include "core/param.h"
#include "core/policy.h"
#include "core/stats.h"
#include "helper/helper.h"
#include "helper/icmp.h"
#include "helper/kernel_helpers.h"
#include "helper/session.h"
#include "pinhole/arrive.h"

/* Before conntrack's own last hook, which for IPv6 local input comes one
 * earlier than everywhere else.
 */
#define ATTACH_PRIORITY		(NF_IP_PRI_CONNTRACK_CONFIRM - 2)

/* Find the protocol that the transport and port of @ct are known for, a new connection
 * that begins with @skb, unless no daemon is there to read it, or will be back; -1 if
 * there is none, or none is wanted. A server behind DNAT may be known by one port and
 * listen on another. The last row comes first: FTP.
 */
static int attach_proto(const struct sk_buff *skb, const struct nf_conn *ct,
			const struct net *net)
{
	u8 over = nf_ct_protonum(ct) == IPPROTO_TCP ? APPGW_OVER_TCP :
						      APPGW_OVER_UDP;
	const struct appgw_policy *policy = appgw_policy(net);
	u16 to = ntohs(ct->tuplehash[IP_CT_DIR_ORIGINAL]
		       .tuple.dst.u.tcp.port);
	u16 at = ntohs(ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u.tcp.port);
	const struct appgw_helper *row;
	int i;

	if (!policy || !policy->attach)
		return -1;
	for (i = appgw_helper_count() - 1; i >= 0; i--) {
		row = appgw_helper_row(i);
		if (row->transports & over &&
		    (appgw_port_list_has(row->ports, to) ||
		     appgw_port_list_has(row->ports, at)) &&
		    (!row->is_wanted || row->is_wanted(row, net)) &&
		    (!row->is_meant || row->is_meant(skb, ct)))
			break;
	}
	return i;
}

/* Give @ct, which is for no protocol of ours, the kernel's own helper for its port, if
 * the policy has it. It can't be told to change nothing.
 */
static void attach_kernels_own(struct nf_conn *ct, const struct net *net)
{
	const struct appgw_policy *policy = appgw_policy(net);

	if (policy && policy->attach && !policy->dry_run &&
	    appgw_kernel_helpers_assign(ct, policy->kernel_helpers))
		appgw_stat_inc(net, APPGW_STAT_KERNEL_HELPERS);
}

/* Give @ct the helper of the protocol that its port is known for; true if that is one
 * of ours.
 */
static bool attach_assign(const struct sk_buff *skb, struct nf_conn *ct,
			  const struct net *net)
{
	int proto = attach_proto(skb, ct, net);

	if (proto >= 0)
		return appgw_helper_assign(ct, proto);
	attach_kernels_own(ct, net);
	return false;
}

/* Tell that @ct, which is for one of our ports, has another helper. */
static void attach_foreign(const struct sk_buff *skb, const struct nf_conn *ct,
			   const struct net *net,
			   const struct nf_conntrack_helper *helper)
{
	struct appgw_event event = {
		.type		= APPGW_EVENT_STOPPED,
		.reason		= APPGW_STAT_FOREIGN_HELPER,
		.kind		= helper->name,
	};
	int proto;

	if (!helper_has_port(ct))
		return;
	proto = attach_proto(skb, ct, net);
	if (proto < 0)
		return;
	event.helper = appgw_helper_row(proto)->name;
	appgw_refuse(ct, &event);
}

/* Take @ct on, which is for one of our ports, or has a helper. */
static noinline void attach_new(const struct sk_buff *skb, struct nf_conn *ct,
				const struct net *net)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const struct nf_conntrack_helper *helper;

	if (help) {
		/* somebody chose; conntrack or the rule got a reference */
		helper = rcu_dereference(help->helper);
		if (appgw_helper_number(helper) < 0) {
			if (helper)
				attach_foreign(skb, ct, net, helper);
			return;
		}
	} else if (!attach_assign(skb, ct, net)) {
		return;
	}

	appgw_helper_begin(ct);
}

/* Look at a packet that is related to @ct in this way, a connection that it begins, or an
 * error about one.
 */
static noinline unsigned int attach_related(struct sk_buff *skb,
					    struct nf_conn *ct,
					    enum ip_conntrack_info ctinfo,
					    const struct nf_hook_state *state)
{
	if (ctinfo == IP_CT_RELATED && ct->master && !nf_ct_is_confirmed(ct))
		appgw_arrive_left(ct);
	/* what this machine complains of has not been translated yet */
	else if (state->in)
		appgw_icmp_error(skb, ct, ctinfo);
	return NF_ACCEPT;
}

static noinline unsigned int attach_adopt(struct nf_conn *ct)
{
	appgw_session_adopt(ct);
	return NF_ACCEPT;
}

/* Look at a packet that begins something, most of which is for nobody here, or that has no
 * answer yet, as media that go one way never have: where there is no helper that is all.
 */
static noinline unsigned int attach_begin(struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || (nf_ct_is_confirmed(ct) &&
		    likely(!nf_ct_ext_exist(ct, NF_CT_EXT_HELPER))))
		return NF_ACCEPT;
	if (unlikely(ctinfo != IP_CT_NEW)) {
		if (ctinfo == IP_CT_RELATED || ctinfo == IP_CT_RELATED_REPLY)
			return attach_related(skb, ct, ctinfo, state);
		return NF_ACCEPT;
	}
	if (!nf_ct_is_confirmed(ct) && !ct->master &&
	    unlikely(helper_has_port(ct) ||
		     nf_ct_ext_exist(ct, NF_CT_EXT_HELPER)))
		attach_new(skb, ct, state->net);
	return NF_ACCEPT;
}

/* Find the connection of a packet that both ends have taken part in; NULL if it is another
 * one, or none.
 */
static __always_inline struct nf_conn *
attach_established(const struct sk_buff *skb)
{
	unsigned long nfct = skb_get_nfct(skb);

	switch (nfct & NFCT_INFOMASK) {
	case IP_CT_ESTABLISHED:
		return (struct nf_conn *)(nfct - IP_CT_ESTABLISHED);
	case IP_CT_ESTABLISHED_REPLY:
		return (struct nf_conn *)(nfct - IP_CT_ESTABLISHED_REPLY);
	default:
		return NULL;
	}
}

/* Few instructions, and no frame: every packet of every connection goes through. */
static unsigned int attach_hook(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	struct nf_conn *ct = attach_established(skb);

	if (unlikely(!ct))
		return attach_begin(skb, state);
	if (unlikely(ct->status & IPS_SEQ_ADJUST))
		return attach_adopt(ct);
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

/**
 * appgw_attach_init() - take connections on, in every namespace
 *
 * Return: 0 or -errno
 */
int appgw_attach_init(void)
{
	return register_pernet_subsys(&attach_net_ops);
}

/**
 * appgw_attach_exit() - take no connection on any more
 */
void appgw_attach_exit(void)
{
	unregister_pernet_subsys(&attach_net_ops);
}
