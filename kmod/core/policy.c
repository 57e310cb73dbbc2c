// SPDX-License-Identifier: GPL-2.0-only
/* Policy: what the administrator allows, in each namespace. Module parameters
 * say what a namespace begins with, netlink.c changes it.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/inet.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netns/generic.h>

#include "appgw/endpoint.h"
#include "net.h"
#include "param.h"
#include "policy.h"

/* What nf_conntrack_expect_max is unless the administrator has changed it; the
 * variable itself is conntrack's own.
 */
#define POLICY_EXPECT_MAX	(max(nf_conntrack_htable_size / 256, 1u) * 4)

/* Where programs get ports that they don't choose (ip_local_port_range); what is
 * served all the time is mostly below.
 */
#define POLICY_BOUNCER_LO	32768

struct policy_net {
	struct appgw_policy __rcu *policy;
};

static int (*policy_changed)(struct net *net,
			     const struct appgw_policy *policy) __read_mostly;

static unsigned int policy_net_id __read_mostly;

/* Orders replacements of policies, in any namespace. */
static DEFINE_MUTEX(policy_mutex);

/* What a namespace begins with. Complete before the first one is told, and shared
 * by all that have not been told otherwise.
 */
struct appgw_policy appgw_policy_initial = {
	.login		= true,
	.attach		= true,
	.quota_ipv6_len	= APPGW_QUOTA_IPV6_LEN_DEFAULT,
	.ports		= {
		[APPGW_PORTS_BOUNCER] = { POLICY_BOUNCER_LO, APPGW_PORT_MAX },
	},
	.program_timeout_s = APPGW_PROGRAM_TIMEOUT_S,
	/* what a mount over NFS needs, and what goes with it: nfs, mount, rquota,
	 * nlockmgr, status, nfs_acl
	 */
	.program_count	= 6,
	.programs	= { 100003, 100005, 100011, 100021, 100024, 100227 },
	.discovery	= APPGW_DISCOVERY_ALL,
};

/* The same for a namespace that an unprivileged user may have made. */
static struct appgw_policy policy_initial_user;

static const struct kernel_param_ops policy_ports_ops;
static const struct kernel_param_ops policy_fxp_ops;

static const char * const policy_sources[__APPGW_MEDIA_SOURCE_MAX] = {
	[APPGW_MEDIA_SOURCE_PORT] = "port",
	[APPGW_MEDIA_SOURCE_ADDRESS] = "address",
};

static struct appgw_param_names policy_source = {
	policy_sources, __APPGW_MEDIA_SOURCE_MAX,
	&appgw_policy_initial.media_source, "neither port nor address",
};

static const char * const policy_services[__APPGW_DISCOVERY_MAX] = {
#define APPGW_DISCOVERY_SERVICE(id, name)	\
	[APPGW_DISCOVERY_ ## id] = name,
#include "appgw/discovery.h"
#undef APPGW_DISCOVERY_SERVICE
};

static struct appgw_param_names policy_discovery = {
	policy_services, __APPGW_DISCOVERY_MAX,
	&appgw_policy_initial.discovery, "not a list of services, nor none",
};

module_param_cb(login, &appgw_param_bool_ops, &appgw_policy_initial.login, 0400);
MODULE_PARM_DESC(login, "open pinholes only after login (default 1)");
module_param_cb(loose, &appgw_param_bool_ops, &appgw_policy_initial.loose, 0400);
MODULE_PARM_DESC(loose,
		 "allow announcing any host's address, for FXP (default 0)");
module_param_cb(fix_pasv, &appgw_param_bool_ops, &appgw_policy_initial.fix_pasv, 0400);
MODULE_PARM_DESC(fix_pasv,
		 "correct a 227 that doesn't name the server (default 0)");
module_param_cb(dry_run, &appgw_param_bool_ops, &appgw_policy_initial.dry_run, 0400);
MODULE_PARM_DESC(dry_run, "report, but change and open nothing (default 0)");
module_param_cb(attach, &appgw_param_bool_ops, &appgw_policy_initial.attach, 0400);
MODULE_PARM_DESC(attach,
		 "help connections to known ports without a rule, but for namespaces of unprivileged users (default 1)");

/**
 * struct policy_quota - a parameter whose default is not a constant
 * @value: the quota; first, for param_set_uint()
 * @set: there was such a parameter
 */
struct policy_quota {
	unsigned int value;
	bool set;
};

static struct policy_quota policy_quota_host, policy_quota_total;

static int policy_quota_set(const char *val, const struct kernel_param *kp)
{
	struct policy_quota *quota = kp->arg;

	quota->set = true;
	return param_set_uint(val, kp);
}

static const struct kernel_param_ops policy_quota_ops = {
	.set = policy_quota_set,
	.get = param_get_uint,
};

static int policy_len_set(const char *val, const struct kernel_param *kp)
{
	u8 len;

	if (!val || kstrtou8(val, 10, &len) || !len ||
	    len > APPGW_QUOTA_IPV6_LEN_MAX) {
		pr_err("%s: '%s' is not a number of bits from 1 to %d\n",
		       kp->name, val ? val : "", APPGW_QUOTA_IPV6_LEN_MAX);
		return -EINVAL;
	}
	*(u8 *)kp->arg = len;
	return 0;
}

static const struct kernel_param_ops policy_len_ops = {
	.set = policy_len_set,
	.get = param_get_byte,
};

module_param_cb(quota_host, &policy_quota_ops, &policy_quota_host, 0400);
MODULE_PARM_DESC(quota_host,
		 "pinholes at a time for a host (default 64 or half of quota_total)");
module_param_cb(quota_total, &policy_quota_ops, &policy_quota_total, 0400);
MODULE_PARM_DESC(quota_total,
		 "pinholes at a time in all (default a quarter of all expectations)");
module_param_cb(quota_ipv6_len, &policy_len_ops,
		&appgw_policy_initial.quota_ipv6_len, 0400);
MODULE_PARM_DESC(quota_ipv6_len,
		 "bits of an IPv6 address that tell hosts apart, for quota_host (default 64)");
module_param_cb(passive_ports, &policy_ports_ops,
		&appgw_policy_initial.ports[APPGW_PORTS_PASSIVE], 0400);
MODULE_PARM_DESC(passive_ports,
		 "lo-hi: public ports of servers behind NAT (default any)");
module_param_cb(ftps_ports, &policy_ports_ops,
		&appgw_policy_initial.ports[APPGW_PORTS_FTPS], 0400);
MODULE_PARM_DESC(ftps_ports,
		 "lo-hi: data ports for clients of encrypted sessions (default none)");
module_param_cb(dcc_ports, &policy_ports_ops,
		&appgw_policy_initial.ports[APPGW_PORTS_DCC], 0400);
MODULE_PARM_DESC(dcc_ports,
		 "lo-hi: public ports of IRC clients for DCC (default any)");
module_param_cb(media_ports, &policy_ports_ops,
		&appgw_policy_initial.ports[APPGW_PORTS_MEDIA], 0400);
MODULE_PARM_DESC(media_ports,
		 "lo-hi: public ports for RTSP's media (default any)");
module_param_cb(direct_ports, &policy_ports_ops,
		&appgw_policy_initial.ports[APPGW_PORTS_DIRECT], 0400);
MODULE_PARM_DESC(direct_ports,
		 "lo-hi: public ports for MSN's direct connections (default any)");
module_param_cb(bouncer_ports, &policy_ports_ops,
		&appgw_policy_initial.ports[APPGW_PORTS_BOUNCER], 0400);
MODULE_PARM_DESC(bouncer_ports,
		 "lo-hi: DCC ports of IRC servers themselves (default 32768-65535)");

module_param_cb(media_source, &appgw_param_name_ops, &policy_source, 0400);
MODULE_PARM_DESC(media_source,
		 "port or address: what of a server's media may come in, by where it comes from (default port)");
module_param_cb(fxp, &policy_fxp_ops, NULL, 0400);
MODULE_PARM_DESC(fxp,
		 "addr/len,...: addresses that others may announce (default none)");

module_param_cb(discovery, &appgw_param_names_ops, &policy_discovery, 0400);
MODULE_PARM_DESC(discovery,
		 "service,... or none: netbios, ssdp, mdns, wsd, slp, snmp: whose answers to this machine's questions by broadcast or multicast are let in (default all)");

/**
 * appgw_policy_check_ports() - check a range of ports
 * @ports: range
 *
 * It is none, or from APPGW_PORT_MIN upwards.
 *
 * Return: 0 or -EINVAL
 */
int appgw_policy_check_ports(const struct appgw_ports *ports)
{
	if (!ports->lo && !ports->hi)
		return 0;
	return ports->lo >= APPGW_PORT_MIN && ports->lo <= ports->hi ?
	       0 : -EINVAL;
}

static int policy_ports_set(const char *val, const struct kernel_param *kp)
{
	struct appgw_ports ports = { };
	char end;

	if (!val || (*val &&
		     (sscanf(val, "%hu-%hu%c", &ports.lo, &ports.hi,
			     &end) != 2 ||
		      !ports.lo || appgw_policy_check_ports(&ports)))) {
		pr_err("%s: '%s' is not a range of ports from %d to %d\n",
		       kp->name, val ? val : "", APPGW_PORT_MIN,
		       APPGW_PORT_MAX);
		return -EINVAL;
	}
	*(struct appgw_ports *)kp->arg = ports;
	return 0;
}

static int policy_ports_get(char *buf, const struct kernel_param *kp)
{
	const struct appgw_ports *ports = kp->arg;

	if (!ports->lo)
		return sysfs_emit(buf, "\n");
	return sysfs_emit(buf, "%u-%u\n", ports->lo, ports->hi);
}

static const struct kernel_param_ops policy_ports_ops = {
	.set = policy_ports_set,
	.get = policy_ports_get,
};

/**
 * appgw_policy_check_range() - check a range of addresses
 * @range: range
 *
 * It has no bits behind its prefix.
 *
 * Return: 0 or -EINVAL
 */
int appgw_policy_check_range(const struct appgw_range *range)
{
	unsigned int bits = range->family == NFPROTO_IPV4 ? 32 : 128, i;
	const u8 *addr = (const u8 *)&range->addr;

	if (range->len > bits)
		return -EINVAL;
	for (i = range->len; i < bits; i++)
		if (addr[i / 8] & 0x80 >> i % 8)
			return -EINVAL;
	return 0;
}

static int policy_fxp_add(void *ctx, char *word)
{
	struct appgw_policy *policy = ctx;
	struct appgw_range *range;
	char *slash = strchr(word, '/');

	if (policy->fxp_count == APPGW_FXP_MAX)
		return -ENOSPC;
	range = &policy->fxp[policy->fxp_count];
	memset(range, 0, sizeof(*range));
	if (slash)
		*slash = 0;
	if (in4_pton(word, -1, (u8 *)&range->addr.ip, -1, NULL)) {
		range->family = NFPROTO_IPV4;
		range->len = 32;
	} else if (in6_pton(word, -1, (u8 *)&range->addr.ip6, -1, NULL)) {
		range->family = NFPROTO_IPV6;
		range->len = 128;
	} else {
		return -EINVAL;
	}
	if (slash && kstrtou8(slash + 1, 10, &range->len))
		return -EINVAL;
	if (appgw_policy_check_range(range))
		return -EINVAL;
	policy->fxp_count++;
	return 0;
}

static int policy_fxp_set(const char *val, const struct kernel_param *kp)
{
	int ret;

	appgw_policy_initial.fxp_count = 0;
	ret = appgw_param_words(val, NULL, policy_fxp_add, &appgw_policy_initial);
	if (ret == -ENOMEM)
		return ret;
	if (ret == -ENOSPC)
		pr_err("fxp: '%s' has more than %d ranges\n", val,
		       APPGW_FXP_MAX);
	else if (ret)
		pr_err("fxp: '%s' is not a list of addresses or ADDRESS/LENGTH\n",
		       val ? val : "");
	return ret;
}

static int policy_fxp_get(char *buf, const struct kernel_param *kp)
{
	int n = 0, i;

	for (i = 0; i < appgw_policy_initial.fxp_count; i++) {
		const struct appgw_range *range = &appgw_policy_initial.fxp[i];

		n += range->family == NFPROTO_IPV4 ?
		     sysfs_emit_at(buf, n, "%s%pI4/%u", i ? "," : "",
				   &range->addr.ip, range->len) :
		     sysfs_emit_at(buf, n, "%s%pI6c/%u", i ? "," : "",
				   &range->addr.ip6, range->len);
	}
	return n + sysfs_emit_at(buf, n, "\n");
}

static const struct kernel_param_ops policy_fxp_ops = {
	.set = policy_fxp_set,
	.get = policy_fxp_get,
};

/**
 * appgw_policy() - find the policy of a namespace
 * @net: namespace
 *
 * Call under rcu_read_lock(), which keeps it valid.
 *
 * Return: policy, or NULL if the namespace is about to go
 */
const struct appgw_policy *appgw_policy(const struct net *net)
{
	struct policy_net *pn = appgw_net_generic(net, policy_net_id);

	return rcu_dereference(pn->policy);
}

static void policy_free(struct appgw_policy *policy)
{
	if (policy && policy != &appgw_policy_initial &&
	    policy != &policy_initial_user)
		kfree_rcu(policy, rcu);
}

/* Put @new into force; it belongs to @net then. */
static int policy_enforce(struct net *net, struct appgw_policy *new)
{
	struct policy_net *pn = net_generic(net, policy_net_id);
	struct appgw_policy *old;
	int ret;

	lockdep_assert_held(&policy_mutex);

	ret = policy_changed(net, new);
	if (ret)
		return ret;
	old = rcu_replace_pointer(pn->policy, new,
				  lockdep_is_held(&policy_mutex));
	policy_free(old);
	return 0;
}

/* Tell if clients of some server's encrypted sessions may use ports. */
static bool policy_has_ftps(const struct appgw_policy *policy)
{
	unsigned int i;

	if (policy->ports[APPGW_PORTS_FTPS].lo)
		return true;
	for (i = 0; i < policy->server_count; i++)
		if (policy->servers[i].ftps.lo)
			return true;
	return false;
}

/**
 * appgw_policy_replace() - put another policy into force
 * @net: namespace it is for
 * @policy: a valid policy, copied
 *
 * Return: 0 or -errno, and the old one stays
 */
int appgw_policy_replace(struct net *net, const struct appgw_policy *policy)
{
	struct appgw_policy *new;
	int ret;

	new = kmemdup(policy, sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->has_ftps = policy_has_ftps(new);

	mutex_lock(&policy_mutex);
	ret = policy_enforce(net, new);
	mutex_unlock(&policy_mutex);
	if (ret)
		kfree(new);
	return ret;
}

/* Begin with the initial policy; in a namespace that any user can make, without
 * help that nobody has asked for.
 */
static int __net_init policy_net_init(struct net *net)
{
	int ret;

	mutex_lock(&policy_mutex);
	ret = policy_enforce(net, net->user_ns == &init_user_ns ?
				  &appgw_policy_initial : &policy_initial_user);
	mutex_unlock(&policy_mutex);
	return ret;
}

/* End what reads the policy for each packet: behind this, and before the policy's place
 * is freed, is a grace period.
 */
static void __net_exit policy_net_pre_exit(struct net *net)
{
	policy_changed(net, NULL);
}

/* Free the policy by RCU: connections of the namespace may still be ending. */
static void __net_exit policy_net_exit(struct net *net)
{
	struct policy_net *pn = net_generic(net, policy_net_id);

	policy_free(rcu_replace_pointer(pn->policy, NULL, true));
}

static struct pernet_operations policy_net_ops = {
	.init	= policy_net_init,
	.pre_exit = policy_net_pre_exit,
	.exit	= policy_net_exit,
	.id	= &policy_net_id,
	.size	= sizeof(struct policy_net),
};

/**
 * appgw_policy_expect_share() - tell how many expectations of a namespace are ours by
 *	default, with a quota or without
 *
 * Return: that many
 */
unsigned int appgw_policy_expect_share(void)
{
	return POLICY_EXPECT_MAX / APPGW_QUOTA_TOTAL_SHARE;
}

/* Set the quotas that were not given. On a small router the quota of all may
 * be less than a host's usual quota, and one host must leave some of it to others.
 */
static void policy_quota_defaults(void)
{
	struct policy_quota *host = &policy_quota_host;
	struct policy_quota *total = &policy_quota_total;

	if (!total->set)
		total->value = appgw_policy_expect_share();
	if (!host->set)
		host->value = APPGW_QUOTA_HOST_DEFAULT;
	if (!host->set && total->value)
		host->value = clamp(total->value / APPGW_QUOTA_HOST_SHARE,
				    1u, host->value);
	appgw_policy_initial.quota_host = host->value;
	appgw_policy_initial.quota_total = total->value;
}

/**
 * appgw_policy_init() - have a policy in each namespace
 * @changed: is told of each policy before it is put into force, and may refuse it;
 *	and at a namespace's end, with NULL
 * @kernel_helpers: what a namespace begins with of those, there already
 *
 * Return: 0 or -errno
 */
int appgw_policy_init(int (*changed)(struct net *net, const struct appgw_policy *policy),
		      u32 kernel_helpers)
{
	policy_changed = changed;
	appgw_policy_initial.kernel_helpers = kernel_helpers;
	policy_quota_defaults();
	appgw_policy_initial.has_ftps = policy_has_ftps(&appgw_policy_initial);
	policy_initial_user = appgw_policy_initial;
	policy_initial_user.attach = false;
	return register_pernet_subsys(&policy_net_ops);
}

/**
 * appgw_policy_exit() - take the policies away
 */
void appgw_policy_exit(void)
{
	unregister_pernet_subsys(&policy_net_ops);
}
