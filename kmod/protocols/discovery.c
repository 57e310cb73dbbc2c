// SPDX-License-Identifier: GPL-2.0-only
/* Discovery: let in what hosts answer by unicast to a question of this machine's that
 * went to all of them, by broadcast or multicast. Conntrack doesn't know such an answer
 * for one, since it comes from another address than the question went to.
 *
 * Such a connection has no session: a question is a datagram, and all that is
 * remembered of it is how many have their answers let in.
 */

#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netns/generic.h>
#include <net/route.h>
#include <net/sock.h>

#include "core/network.h"
#include "core/policy.h"
#include "core/stats.h"
#include "discovery.h"
#include "discovery_scan.h"
#include "pinhole/expect_network.h"

/* Questions of a namespace that may be open at a time: any program may ask, of as many
 * ports as it likes, and what others expect must have room beside.
 */
#define DISCOVERY_OPEN_MAX	64

/* What conntrack gives an expectation at first, in seconds; no window is shorter. */
#define DISCOVERY_TIMEOUT_S	1

static const struct appgw_port_list discovery_ports = {
	DISCOVERY_COUNT, { { 137, 137 }, { 161, 161 }, { 427, 427 },
			   { 1900, 1900 }, { 3702, 3702 }, { 5353, 5353 } },
};

/**
 * struct discovery_question - a question that may be answered
 * @ct: its connection; may be gone, and is compared only
 * @end: jiffies at which its window closes
 * @used: there was such a question
 */
struct discovery_question {
	const struct nf_conn *ct;
	unsigned long end;
	bool used;
};

/**
 * struct discovery_net - the questions of a namespace
 * @lock: guards the rest
 * @question: DISCOVERY_OPEN_MAX that may be open, and have been; NULL before the first
 *	one, which most namespaces never have
 */
struct discovery_net {
	spinlock_t lock;
	struct discovery_question *question;
};

static unsigned int discovery_net_id __read_mostly;

/* Tell if this machine has sent a packet, and to all: what comes from elsewhere knows
 * the interface it has come by, even if it goes on.
 */
static bool discovery_is_to_all(const struct sk_buff *skb,
				const struct nf_conn *ct)
{
	if (skb->skb_iif || !skb_dst(skb) || !skb->dev ||
	    skb->dev->flags & IFF_LOOPBACK)
		return false;
	if (nf_ct_l3num(ct) == NFPROTO_IPV6)
		return ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
	return skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST);
}

/* Find the service that a connection is for, -1 if there is none or policy doesn't want
 * its answers.
 */
static int discovery_service(const struct nf_conn *ct,
			     const struct appgw_policy *policy)
{
	const struct nf_conntrack_tuple *in =
		&ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	int service = appgw_discovery_service(ntohs(in->src.u.udp.port));

	if (service < 0 || !policy || !(policy->discovery & BIT(service)))
		return -1;
	return service;
}

/* What the first datagram says doesn't count: a question may follow on others. */
static bool discovery_is_meant(const struct sk_buff *skb,
			       const struct nf_conn *ct)
{
	return discovery_is_to_all(skb, ct) &&
	       discovery_service(ct, appgw_policy(nf_ct_net(ct))) >= 0;
}

/* Find out how long a datagram may be answered, in seconds; 0 if it is no question. */
static unsigned int discovery_window_s(struct sk_buff *skb, unsigned int protoff,
				       const struct nf_conn *ct, int service)
{
	const struct nf_conntrack_tuple *in =
		&ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	unsigned int at = protoff + sizeof(struct udphdr), len;

	if (skb->len <= at)
		return 0;
	len = min_t(unsigned int, skb->len - at, DISCOVERY_LOOK_MAX);
	if (!pskb_may_pull(skb, at + len))
		return 0;
	return appgw_discovery_window_s(service, ntohs(in->dst.u.udp.port),
					(struct span){ skb->data + at, len });
}

/* Find the questions of a namespace, locked; NULL without memory. */
static struct discovery_question *discovery_questions(struct discovery_net *dn)
{
	if (!dn->question)
		dn->question = kcalloc(DISCOVERY_OPEN_MAX,
				       sizeof(*dn->question), GFP_ATOMIC);
	return dn->question;
}

/* Enter a question, or prolong it; false if there are too many, or there is no memory. */
static bool discovery_enter(const struct nf_conn *ct, unsigned long left)
{
	struct discovery_net *dn =
		net_generic(nf_ct_net(ct), discovery_net_id);
	unsigned int max = min_t(unsigned int, DISCOVERY_OPEN_MAX,
				 appgw_policy_expect_share() / APPGW_NETWORKS_MAX);
	struct discovery_question *q, *place = NULL;
	unsigned int i, open = 0;

	spin_lock_bh(&dn->lock);
	if (!discovery_questions(dn)) {
		spin_unlock_bh(&dn->lock);
		return false;
	}
	for (i = 0; i < DISCOVERY_OPEN_MAX; i++) {
		q = &dn->question[i];
		if (!q->used || time_after_eq(jiffies, q->end)) {
			q->used = false;
			if (!place)
				place = q;
			continue;
		}
		if (q->ct == ct)
			break;
		open++;
	}
	if (i < DISCOVERY_OPEN_MAX) {
		if (time_before(q->end, jiffies + left))
			q->end = jiffies + left;
	} else if (place && open < max) {
		*place = (struct discovery_question){ ct, jiffies + left, true };
	} else {
		place = NULL;
	}
	spin_unlock_bh(&dn->lock);
	return i < DISCOVERY_OPEN_MAX || place;
}

/* Let the answers in; return the counter of what came of it. */
static enum appgw_stat discovery_open(struct nf_conn *ct,
				      const struct net_device *dev, int service,
				      unsigned long left)
{
	const union nf_inet_addr *own =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3;
	struct appgw_network from[APPGW_NETWORKS_MAX];
	unsigned int count, i;
	__be16 port = 0;
	int ret;

	count = appgw_networks_of(dev, nf_ct_l3num(ct), own, from);
	if (!count)
		return APPGW_STAT_MAX;
	if (!discovery_enter(ct, left))
		return APPGW_STAT_REFUSED_QUOTA;
	if (!appgw_discovery_any_port(service))
		port = ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u.udp.port;
	for (i = 0; i < count; i++) {
		ret = appgw_expect_network(ct, &from[i], port, left);
		if (ret)
			return ret == -EMFILE ? APPGW_STAT_REFUSED_FULL :
			       ret == -ENOMEM ? APPGW_STAT_FAILED :
						APPGW_STAT_REFUSED_TAKEN;
	}
	return APPGW_STAT_DISCOVERY;
}

/* Look at a datagram of this machine's that leaves. A copy for those who listen here
 * belongs to no socket any more, and says nothing new.
 */
static int discovery_help(struct sk_buff *skb, unsigned int protoff,
			  struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	const struct appgw_policy *policy = appgw_policy(nf_ct_net(ct));
	enum appgw_stat stat = APPGW_STAT_DISCOVERY;
	unsigned int window_s;
	int service;

	if ((ctinfo != IP_CT_NEW && ctinfo != IP_CT_ESTABLISHED) ||
	    nf_ct_protonum(ct) != IPPROTO_UDP || !skb->sk ||
	    !net_eq(sock_net(skb->sk), nf_ct_net(ct)) ||
	    !discovery_is_to_all(skb, ct))
		return NF_ACCEPT;
	service = discovery_service(ct, policy);
	if (service < 0)
		return NF_ACCEPT;
	window_s = discovery_window_s(skb, protoff, ct, service);
	if (!window_s)
		return NF_ACCEPT;
	if (!policy->dry_run)
		stat = discovery_open(ct, skb->dev, service, window_s * HZ);
	if (stat != APPGW_STAT_MAX)
		appgw_stat_inc(nf_ct_net(ct), stat);
	return NF_ACCEPT;
}

const struct appgw_helper appgw_discovery = {
	.name		= "discovery",
	.transports	= APPGW_OVER_UDP,
	.expect = {
		.max_expected	= APPGW_NETWORKS_MAX,
		.timeout	= DISCOVERY_TIMEOUT_S,
	},
	.ports		= &discovery_ports,
	.help		= discovery_help,
	.is_meant	= discovery_is_meant,
};

static int __net_init discovery_net_init(struct net *net)
{
	struct discovery_net *dn = net_generic(net, discovery_net_id);

	spin_lock_init(&dn->lock);
	return 0;
}

/* No packet comes any more. */
static void __net_exit discovery_net_exit(struct net *net)
{
	struct discovery_net *dn = net_generic(net, discovery_net_id);

	kfree(dn->question);
	dn->question = NULL;
}

static struct pernet_operations discovery_net_ops = {
	.init	= discovery_net_init,
	.exit	= discovery_net_exit,
	.id	= &discovery_net_id,
	.size	= sizeof(struct discovery_net),
};

/**
 * appgw_discovery_init() - be ready for questions, in every namespace
 *
 * Return: 0 or -errno
 */
int appgw_discovery_init(void)
{
	static_assert(DISCOVERY_COUNT <= APPGW_PORT_RANGES_MAX);

	return register_pernet_subsys(&discovery_net_ops);
}

/**
 * appgw_discovery_exit() - forget all questions
 */
void appgw_discovery_exit(void)
{
	unregister_pernet_subsys(&discovery_net_ops);
}
