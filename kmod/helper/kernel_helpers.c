// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's own helpers, for connections to their well-known ports: what conntrack
 * did by itself before Linux 6.0.
 *
 * Their modules are loaded where that may sleep, when a policy names them, and held
 * for as long as there is one. Whoever gives a helper to a connection finds a pointer.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netns/generic.h>

#include "core/compat.h"
#include "core/param.h"
#include "helper.h"
#include "kernel_helpers.h"

#define KERNEL_FAMILIES		2	/* IPv4 and IPv6 */

/* How the part of a helper that translates addresses is there. */
enum kernel_nat {
	KERNEL_NAT_NONE,	/* there is nothing to translate */
	KERNEL_NAT_HELD,	/* conntrack knows it by the helper */
	KERNEL_NAT_LOADED,	/* it hooks into the helper, and may go again */
};

/**
 * struct kernel_row - a helper of the kernel's
 * @number: what it belongs to, enum appgw_kernel_helper
 * @name: as conntrack knows it
 * @protonum: its transport
 * @port: its servers', host byte order
 * @has_ipv6: there is one for IPv6
 * @edits: it changes the length of TCP segments
 * @nat: how addresses are translated
 */
struct kernel_row {
	u8 number;
	const char *name;
	u8 protonum;
	u16 port;
	bool has_ipv6;
	bool edits;
	enum kernel_nat nat;
};

static const struct kernel_row kernel_rows[] = {
	{ APPGW_KERNEL_HELPER_TFTP, "tftp", IPPROTO_UDP, 69, true, false,
	  KERNEL_NAT_HELD },
	{ APPGW_KERNEL_HELPER_AMANDA, "amanda", IPPROTO_UDP, 10080, true, false,
	  KERNEL_NAT_HELD },
	{ APPGW_KERNEL_HELPER_SANE, "sane", IPPROTO_TCP, 6566, true, false,
	  KERNEL_NAT_NONE },
	{ APPGW_KERNEL_HELPER_NETBIOS_NS, "netbios-ns", IPPROTO_UDP, 137, false,
	  false, KERNEL_NAT_NONE },
	{ APPGW_KERNEL_HELPER_SNMP, "snmp", IPPROTO_UDP, 161, false, false,
	  KERNEL_NAT_NONE },
	{ APPGW_KERNEL_HELPER_PPTP, "pptp", IPPROTO_TCP, 1723, false, true,
	  KERNEL_NAT_LOADED },
	{ APPGW_KERNEL_HELPER_SIP, "sip", IPPROTO_UDP, 5060, true, false,
	  KERNEL_NAT_HELD },
	{ APPGW_KERNEL_HELPER_SIP, "sip", IPPROTO_TCP, 5060, true, true,
	  KERNEL_NAT_HELD },
	{ APPGW_KERNEL_HELPER_H323, "RAS", IPPROTO_UDP, 1719, true, false,
	  KERNEL_NAT_LOADED },
	{ APPGW_KERNEL_HELPER_H323, "Q.931", IPPROTO_TCP, 1720, true, true,
	  KERNEL_NAT_LOADED },
};

#define KERNEL_ROWS	ARRAY_SIZE(kernel_rows)

/* A helper for each row and family; NULL if there is none */
struct kernel_set {
	struct nf_conntrack_helper *helper[KERNEL_ROWS][KERNEL_FAMILIES];
};

static const char * const kernel_names[__APPGW_KERNEL_HELPER_MAX] = {
#define APPGW_KERNEL_HELPER(id, name)	\
	[APPGW_KERNEL_HELPER_ ## id] = name,
#include "appgw/kernel_helpers.h"
#undef APPGW_KERNEL_HELPER
};

/* Those that are held: NULL, or valid under RCU */
static struct nf_conntrack_helper __rcu *
	kernel_held[KERNEL_ROWS][KERNEL_FAMILIES] __read_mostly;

/* Policies that name each, that of new namespaces being one. Nothing is loaded under the
 * mutex: a module that comes may wait for namespaces, whose ends take it.
 */
static unsigned int kernel_users[__APPGW_KERNEL_HELPER_MAX];
static DEFINE_MUTEX(kernel_mutex);

/**
 * struct kernel_helpers_net - what a namespace holds
 * @held: for the policy that it was told, bits by enum appgw_kernel_helper
 */
struct kernel_helpers_net {
	u32 held;
};

static unsigned int kernel_net_id __read_mostly;

/* What namespaces begin with: as the parameter has it, and what there is of that */
static u32 kernel_wanted __read_mostly = BIT(APPGW_KERNEL_HELPER_TFTP);
static u32 kernel_initial __read_mostly;

static struct appgw_param_names kernel_param = {
	kernel_names, __APPGW_KERNEL_HELPER_MAX, &kernel_wanted,
	"not a list of tftp, amanda, sane, netbios-ns, snmp, pptp, sip and h323, nor none",
};

module_param_cb(kernel_helpers, &appgw_param_names_ops, &kernel_param, 0400);
MODULE_PARM_DESC(kernel_helpers,
		 "tftp,amanda,sane,netbios-ns,snmp,pptp,sip,h323: the kernel's own helpers for connections to their ports (default tftp)");

static void kernel_row_put(const struct kernel_row *row,
			   struct nf_conntrack_helper *helper)
{
	if (!helper)
		return;
	if (row->nat == KERNEL_NAT_HELD)
		nf_nat_helper_put(helper);
	nf_conntrack_helper_put(helper);
}

/* Get a row's helper, which may load modules; NULL if there is none. */
static struct nf_conntrack_helper *kernel_row_get(const struct kernel_row *row,
						  u16 l3num)
{
	struct nf_conntrack_helper *helper;

	helper = nf_conntrack_helper_try_module_get(row->name, l3num,
						    row->protonum);
	if (!helper)
		return NULL;
	if (row->nat == KERNEL_NAT_LOADED)
		request_module(NF_NAT_HELPER_NAME("%s"),
			       kernel_names[row->number]);
	if (row->nat == KERNEL_NAT_HELD &&
	    nf_nat_helper_try_module_get(row->name, l3num, row->protonum)) {
		nf_conntrack_helper_put(helper);
		return NULL;
	}
	return helper;
}

static void kernel_set_put(const struct kernel_set *set)
{
	unsigned int i, f;

	for (i = 0; i < KERNEL_ROWS; i++)
		for (f = 0; f < KERNEL_FAMILIES; f++)
			kernel_row_put(&kernel_rows[i], set->helper[i][f]);
}

/* Get all helpers of a number; 0 or -ENOENT. Without IPv6 there is IPv4. */
static int kernel_set_get(struct kernel_set *set, unsigned int number)
{
	const struct kernel_row *row;
	unsigned int i;

	memset(set, 0, sizeof(*set));
	for (i = 0; i < KERNEL_ROWS; i++) {
		row = &kernel_rows[i];
		if (row->number != number)
			continue;
		set->helper[i][0] = kernel_row_get(row, NFPROTO_IPV4);
		if (!set->helper[i][0]) {
			kernel_set_put(set);
			return -ENOENT;
		}
		if (row->has_ipv6)
			set->helper[i][1] = kernel_row_get(row, NFPROTO_IPV6);
	}
	return 0;
}

/* Put the helpers of @set, as far as they are of @number, in place of those that are
 * held; they are in @set then.
 */
static void kernel_set_swap(struct kernel_set *set, unsigned int number)
{
	struct nf_conntrack_helper __rcu **held;
	unsigned int i, f;

	for (i = 0; i < KERNEL_ROWS; i++) {
		if (kernel_rows[i].number != number)
			continue;
		for (f = 0; f < KERNEL_FAMILIES; f++) {
			held = &kernel_held[i][f];
			set->helper[i][f] =
				rcu_replace_pointer(*held, set->helper[i][f],
						    lockdep_is_held(&kernel_mutex));
		}
	}
}

/* Be one more who holds a number, if it is held; true if so. */
static bool kernel_join(unsigned int number)
{
	bool is_held;

	mutex_lock(&kernel_mutex);
	is_held = kernel_users[number];
	if (is_held)
		kernel_users[number]++;
	mutex_unlock(&kernel_mutex);
	return is_held;
}

static int kernel_get(unsigned int number, bool may_load)
{
	struct kernel_set set;
	int ret;

	if (kernel_join(number))
		return 0;
	if (!may_load)
		return -EPERM;
	ret = kernel_set_get(&set, number);
	if (ret)
		return ret;
	mutex_lock(&kernel_mutex);
	if (!kernel_users[number]++)
		kernel_set_swap(&set, number);
	mutex_unlock(&kernel_mutex);
	/* somebody was quicker */
	kernel_set_put(&set);
	return 0;
}

static void kernel_put(unsigned int number)
{
	struct kernel_set set = {};

	mutex_lock(&kernel_mutex);
	if (!--kernel_users[number]) {
		kernel_set_swap(&set, number);
		synchronize_rcu();
	}
	mutex_unlock(&kernel_mutex);
	kernel_set_put(&set);
}

/**
 * appgw_kernel_helpers_get() - hold helpers
 * @wanted: bits by enum appgw_kernel_helper
 * @may_load: modules may be loaded for that
 * @missing: set on failure: number of the first that isn't to be had
 *
 * Sleeps, for as long as user space takes to load modules.
 *
 * Return: 0, or nothing is held: -ENOENT the kernel has it not, -EPERM it would have to
 * be loaded
 */
int appgw_kernel_helpers_get(u32 wanted, bool may_load, unsigned int *missing)
{
	unsigned int i;
	int ret;

	for (i = 0; i < __APPGW_KERNEL_HELPER_MAX; i++) {
		if (!(wanted & BIT(i)))
			continue;
		ret = kernel_get(i, may_load);
		if (ret) {
			*missing = i;
			appgw_kernel_helpers_put(wanted & (BIT(i) - 1));
			return ret;
		}
	}
	return 0;
}

/**
 * appgw_kernel_helpers_put() - hold helpers no longer
 * @held: those
 */
void appgw_kernel_helpers_put(u32 held)
{
	unsigned int i;

	for (i = 0; i < __APPGW_KERNEL_HELPER_MAX; i++)
		if (held & BIT(i))
			kernel_put(i);
}

/**
 * appgw_kernel_helpers_swap() - have a namespace hold helpers, until it ends
 * @net: namespace; the caller sees to it that no two do this at a time
 * @held: those
 *
 * Return: what it has held so far, to be put
 */
u32 appgw_kernel_helpers_swap(const struct net *net, u32 held)
{
	struct kernel_helpers_net *kn = net_generic(net, kernel_net_id);

	swap(kn->held, held);
	return held;
}

/* Find the row for a connection, of those that are @wanted. A server behind DNAT may be
 * known by one port and listen on another.
 */
static int kernel_find(const struct nf_conn *ct, u32 wanted)
{
	u16 to = ntohs(ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u.all);
	u16 at = ntohs(ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u.all);
	const struct kernel_row *row;
	unsigned int i;

	for (i = 0; i < KERNEL_ROWS; i++) {
		row = &kernel_rows[i];
		if (wanted & BIT(row->number) &&
		    row->protonum == nf_ct_protonum(ct) &&
		    (row->port == to || row->port == at))
			return i;
	}
	return -1;
}

/**
 * appgw_kernel_helpers_assign() - give a connection the helper for its port
 * @ct: connection without a helper, not confirmed yet
 * @wanted: of which helpers, bits by enum appgw_kernel_helper
 *
 * Call under rcu_read_lock().
 *
 * Return: true if it has one now
 */
bool appgw_kernel_helpers_assign(struct nf_conn *ct, u32 wanted)
{
	struct nf_conntrack_helper *helper;
	struct nf_conn_help *help;
	int row;

	row = kernel_find(ct, wanted);
	if (row < 0)
		return false;
	helper = rcu_dereference(kernel_held[row]
				 [nf_ct_l3num(ct) == NFPROTO_IPV6]);
	if (!helper)
		return false;
	help = nf_ct_helper_ext_add(ct, GFP_ATOMIC);
	if (!help || !appgw_helper_hold(helper))
		return false;
	rcu_assign_pointer(help->helper, helper);
	if (kernel_rows[row].edits && !nfct_seqadj(ct))
		nfct_seqadj_ext_add(ct);
	return true;
}

static void __net_exit kernel_net_exit(struct net *net)
{
	appgw_kernel_helpers_put(appgw_kernel_helpers_swap(net, 0));
}

static struct pernet_operations kernel_net_ops = {
	.exit	= kernel_net_exit,
	.id	= &kernel_net_id,
	.size	= sizeof(struct kernel_helpers_net),
};

/* Hold what the parameter names, for namespaces to begin with, and tell what there
 * isn't: a router can do without.
 */
static void kernel_get_initial(void)
{
	unsigned int i, missing;

	for (i = 0; i < __APPGW_KERNEL_HELPER_MAX; i++) {
		if (!(kernel_wanted & BIT(i)))
			continue;
		if (appgw_kernel_helpers_get(BIT(i), true, &missing))
			pr_info("kernel_helpers: this kernel has no helper for %s\n",
				kernel_names[i]);
		else
			kernel_initial |= BIT(i);
	}
	if (kernel_initial & APPGW_KERNEL_HELPERS_SLIPSTREAM)
		pr_warn("kernel_helpers: with sip or h323 a web page can have ports of its visitors' machines opened (NAT slipstreaming)\n");
}

/**
 * appgw_kernel_helpers_init() - hold what the parameter names
 *
 * Return: 0 or -errno
 */
int appgw_kernel_helpers_init(void)
{
	unsigned int i;
	int ret;

	ret = register_pernet_subsys(&kernel_net_ops);
	if (ret)
		return ret;
	for (i = 0; i < KERNEL_ROWS; i++)
		appgw_helper_add_port(kernel_rows[i].protonum,
				      kernel_rows[i].port);
	kernel_get_initial();
	return 0;
}

/**
 * appgw_kernel_helpers_initial() - tell what namespaces begin with
 *
 * Return: bits by enum appgw_kernel_helper, held until appgw_kernel_helpers_exit()
 */
u32 appgw_kernel_helpers_initial(void)
{
	return kernel_initial;
}

/**
 * appgw_kernel_helpers_exit() - let all go
 *
 * To be called when no connection is given any more. Those that have one keep it, as
 * long as its module stays.
 */
void appgw_kernel_helpers_exit(void)
{
	unregister_pernet_subsys(&kernel_net_ops);
	appgw_kernel_helpers_put(kernel_initial);
}
