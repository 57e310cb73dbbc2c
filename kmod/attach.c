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
#include "ftp.h"
#include "param.h"
#include "stats.h"

#define ATTACH_PORT_FTP		21

/* 21 and eight others. */
#define ATTACH_PORTS_MAX	9

/* Before conntrack's own last hook, which for IPv6 local input comes one
 * earlier than everywhere else.
 */
#define ATTACH_PRIORITY		(NF_IP_PRI_CONNTRACK_CONFIRM - 2)

static unsigned short attach_ports[ATTACH_PORTS_MAX] __read_mostly = {
	ATTACH_PORT_FTP
};

static unsigned int attach_ports_count __read_mostly = 1;
/* One number of the list, or a line that names the whole. */
static int attach_port_add(const char *word)
{
	unsigned short port;

	if (attach_ports_count == ATTACH_PORTS_MAX)
		return -ENOSPC;
	if (kstrtou16(word, 10, &port) || !port)
		return -EINVAL;
	attach_ports[attach_ports_count++] = port;
	return 0;
}

static int attach_ports_set(const char *val, const struct kernel_param *kp)
{
	char *list, *rest, *word;
	int ret = 0;

	list = kstrdup(val ? val : "", GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	rest = strim(list);
	attach_ports_count = 0;
	while (!ret && (word = strsep(&rest, ",")))
		ret = attach_port_add(word);
	kfree(list);
	if (ret)
		pr_err("ports: '%s' is not a list of 1 to %d TCP ports\n",
		       val ? val : "", ATTACH_PORTS_MAX);
	return ret;
}

static int attach_ports_get(char *buf, const struct kernel_param *kp)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < attach_ports_count; i++)
		n += sysfs_emit_at(buf, n, "%s%u", i ? "," : "",
				   attach_ports[i]);
	return n + sysfs_emit_at(buf, n, "\n");
}

static const struct kernel_param_ops attach_ports_ops = {
	.set = attach_ports_set,
	.get = attach_ports_get,
};

module_param_cb(ports, &attach_ports_ops, NULL, 0400);
MODULE_PARM_DESC(ports, "TCP ports of FTP servers, up to 9 (default 21)");

static bool attach __read_mostly = true;
module_param_cb(attach, &appgw_param_bool_ops, &attach, 0400);
MODULE_PARM_DESC(attach,
		 "help connections to these ports without a rule (default 1)");

static bool attach_is_port(__be16 port)
{
	unsigned int i;

	for (i = 0; i < attach_ports_count; i++)
		if (port == htons(attach_ports[i]))
			return true;
	return false;
}

/* A server behind DNAT may be known by one port and listen on another. */
static bool attach_wants(const struct nf_conn *ct)
{
	return attach_is_port(ct->tuplehash[IP_CT_DIR_ORIGINAL]
			      .tuple.dst.u.tcp.port) ||
	       attach_is_port(ct->tuplehash[IP_CT_DIR_REPLY]
			      .tuple.src.u.tcp.port);
}

static unsigned int attach_hook(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	const struct nf_conntrack_helper *helper;
	enum ip_conntrack_info ctinfo;
	struct nf_conn_help *help;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (ctinfo != IP_CT_NEW || !ct || nf_ct_is_confirmed(ct) ||
	    nf_ct_protonum(ct) != IPPROTO_TCP || ct->master)
		return NF_ACCEPT;

	help = nfct_help(ct);
	if (help) {
		/* somebody chose; conntrack or the rule got a reference */
		helper = rcu_dereference(help->helper);
		if (!helper || !appgw_ftp_is_helper(helper))
			return NF_ACCEPT;
	} else if (!attach || !attach_wants(ct) || !appgw_ftp_assign(ct)) {
		return NF_ACCEPT;
	}

	/* Where a line is rewritten the stream may change its length. NAT adds
	 * this for helpers that it knew of in time.
	 */
	if (!nfct_seqadj(ct))
		nfct_seqadj_ext_add(ct);

	appgw_stat_inc(state->net, APPGW_STAT_ATTACHED);
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
