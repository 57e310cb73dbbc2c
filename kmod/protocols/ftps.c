// SPDX-License-Identifier: GPL-2.0-only
/* FTPS: data connections of control connections that can't be read any more.
 *
 * After AUTH (RFC 4217) nobody on the way knows which port the server told its
 * client. If policy names a range, the client that holds such a connection, and
 * only it, may connect to that server's ports in it. The pinhole is made when
 * the client's first packet comes, before conntrack looks at it.
 */

#include <linux/jhash.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "core/event.h"
#include "core/net.h"
#include "core/policy.h"
#include "core/stats.h"
#include "ftp_state.h"
#include "ftps.h"
#include "helper/session.h"
#include "pinhole/expect.h"

#define FTPS_HASH_BITS	8

/**
 * struct ftps_net - the encrypted control connections of a namespace
 * @lock: guards @hash
 * @seed: of @hash, so that nobody can choose where a connection comes to stand
 * @hooked: clients are looked out for; guarded by policy_mutex, see policy_enforce()
 * @hash: by client and server; NULL before the first one, there for good then
 */
struct ftps_net {
	spinlock_t lock;
	u32 seed;
	bool hooked;
	struct hlist_head *hash;
};

static unsigned int ftps_net_id __read_mostly;

/**
 * struct ftps_entry - a control connection that went over to TLS
 * @node: place in ftps_net.hash, changed under its lock, read under RCU
 * @zone: its conntrack zone
 * @tuple: its original direction; the entry holds no reference, so the
 *	connection is looked up by it
 * @rcu: for its end
 *
 * Owned by the connection's session.
 */
struct ftps_entry {
	struct hlist_node node;
	struct nf_conntrack_zone zone;
	struct nf_conntrack_tuple tuple;
	struct rcu_head rcu;
};

static u32 ftps_key(const struct ftps_net *fn,
		    const struct nf_conntrack_tuple *t)
{
	const union nf_inet_addr *client = &t->src.u3, *server = &t->dst.u3;
	u32 hash = jhash2(client->all, ARRAY_SIZE(client->all), fn->seed);

	return jhash2(server->all, ARRAY_SIZE(server->all), hash) &
	       ((1 << FTPS_HASH_BITS) - 1);
}

/* Enter @e; false if there is no memory for the first one. */
static bool ftps_add(struct ftps_net *fn, struct ftps_entry *e)
{
	struct hlist_head *hash;

	lockdep_assert_held(&fn->lock);

	hash = fn->hash;
	if (!hash) {
		hash = kcalloc(1 << FTPS_HASH_BITS, sizeof(*hash), GFP_ATOMIC);
		if (!hash)
			return false;
		/* with what has been made of it, for ftps_find() */
		smp_store_release(&fn->hash, hash);
	}
	hlist_add_head_rcu(&e->node, &hash[ftps_key(fn, &e->tuple)]);
	return true;
}

/**
 * appgw_ftps_enter() - remember a connection that has gone over to TLS
 * @s: its session, locked
 *
 * Without memory its client goes without data connections.
 */
void appgw_ftps_enter(struct appgw_session *s)
{
	struct ftps_net *fn = net_generic(nf_ct_net(s->ct), ftps_net_id);
	struct ftps_entry *e;
	bool added;

	if (ftp_state(s)->ftps)
		return;
	e = kmalloc(sizeof(*e), GFP_ATOMIC);
	if (!e)
		return;
	nf_ct_zone_init(&e->zone, nf_ct_zone(s->ct)->id,
			nf_ct_zone(s->ct)->dir, nf_ct_zone(s->ct)->flags);
	e->tuple = s->ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	spin_lock_bh(&fn->lock);
	added = ftps_add(fn, e);
	spin_unlock_bh(&fn->lock);
	if (!added) {
		kfree(e);
		return;
	}
	xchg(&ftp_state(s)->ftps, e);
	/* the connection's end either sees the entry, or was here first */
	if (nf_ct_is_dying(s->ct))
		appgw_ftps_leave(nf_ct_net(s->ct), s);
}

/**
 * appgw_ftps_leave() - forget an encrypted connection
 * @net: namespace
 * @s: its session, at its end; nothing happens if it never was one
 */
void appgw_ftps_leave(const struct net *net, struct appgw_session *s)
{
	struct ftps_net *fn = net_generic(net, ftps_net_id);
	struct ftps_entry *e = xchg(&ftp_state(s)->ftps, NULL);

	if (!e)
		return;
	spin_lock_bh(&fn->lock);
	hlist_del_rcu(&e->node);
	spin_unlock_bh(&fn->lock);
	kfree_rcu(e, rcu);
}

static struct nf_conn *ftps_get(struct net *net,
				const struct nf_conntrack_zone *zone,
				const struct nf_conntrack_tuple *tuple)
{
	struct nf_conntrack_tuple_hash *h;

	h = nf_conntrack_find_get(net, zone, tuple);
	return h ? nf_ct_tuplehash_to_ctrack(h) : NULL;
}

/* Find the encrypted control connection between client and server of @syn. */
static struct nf_conn *ftps_find(struct net *net,
				 const struct nf_conntrack_tuple *syn)
{
	struct ftps_net *fn = appgw_net_generic(net, ftps_net_id);
	/* with what ftps_add() has made of it */
	struct hlist_head *hash = smp_load_acquire(&fn->hash);
	struct ftps_entry *e;

	if (!hash)
		return NULL;
	hlist_for_each_entry_rcu(e, &hash[ftps_key(fn, syn)], node) {
		struct nf_conn *ct;

		if (e->tuple.src.l3num != syn->src.l3num ||
		    !nf_inet_addr_cmp(&e->tuple.src.u3, &syn->src.u3) ||
		    !nf_inet_addr_cmp(&e->tuple.dst.u3, &syn->dst.u3))
			continue;
		ct = ftps_get(net, &e->zone, &e->tuple);
		if (!ct)
			continue;
		if (!nf_ct_is_dying(ct) && appgw_session_find(ct))
			return ct;
		nf_ct_put(ct);
	}
	return NULL;
}

/* Read both ends of a new connection. False if this is no first packet of a
 * TCP connection.
 */
static bool ftps_syn(struct sk_buff *skb, u8 pf,
		     struct nf_conntrack_tuple *tuple)
{
	struct tcphdr _th, *th;
	__be16 frag_off;
	u8 proto;
	int off;

	memset(tuple, 0, sizeof(*tuple));
	tuple->src.l3num = pf;
	tuple->dst.protonum = IPPROTO_TCP;
	if (pf == NFPROTO_IPV4) {
		const struct iphdr *iph = ip_hdr(skb);

		if (iph->protocol != IPPROTO_TCP || ip_is_fragment(iph))
			return false;
		tuple->src.u3.ip = iph->saddr;
		tuple->dst.u3.ip = iph->daddr;
		off = skb_network_offset(skb) + ip_hdrlen(skb);
	} else {
		const struct ipv6hdr *ip6h = ipv6_hdr(skb);

		proto = ip6h->nexthdr;
		off = ipv6_skip_exthdr(skb, skb_network_offset(skb) +
				       sizeof(*ip6h), &proto, &frag_off);
		if (off < 0 || proto != IPPROTO_TCP || frag_off)
			return false;
		tuple->src.u3.in6 = ip6h->saddr;
		tuple->dst.u3.in6 = ip6h->daddr;
	}
	th = skb_header_pointer(skb, off, sizeof(_th), &_th);
	if (!th || !th->syn || th->ack)
		return false;
	tuple->src.u.tcp.port = th->source;
	tuple->dst.u.tcp.port = th->dest;
	return true;
}

/* Tell of a pinhole that was opened and used in one. */
static void ftps_report(struct net *net, const struct nf_conn *ct,
			const struct nf_conntrack_tuple *syn)
{
	struct appgw_event event = {
		.type		= APPGW_EVENT_USED,
		.reason		= APPGW_STAT_FTPS,
		.helper		= "ftp",
		.kind		= "ftps",
		.control	= ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple,
		.has_pinhole	= true,
	};

	appgw_endpoint(&event.public, syn->src.l3num, &syn->dst.u3,
		       ntohs(syn->dst.u.tcp.port));
	appgw_endpoint(&event.peer, syn->src.l3num, &syn->src.u3,
		       ntohs(syn->src.u.tcp.port));
	appgw_stat_inc(net, APPGW_STAT_FTPS);
	appgw_event_send(net, &event);
}

static unsigned int ftps_hook(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct appgw_policy *policy = appgw_policy(state->net);
	struct nf_conntrack_tuple syn;
	struct nf_conn *ct, *data;
	u16 port;

	if (!policy || !policy->has_ftps || policy->dry_run ||
	    !ftps_syn(skb, state->pf, &syn))
		return NF_ACCEPT;
	port = ntohs(syn.dst.u.tcp.port);
	if (!appgw_policy_any_ftps_port(policy, port))
		return NF_ACCEPT;

	ct = ftps_find(state->net, &syn);
	if (!ct)
		return NF_ACCEPT;
	if (!appgw_policy_ftps_port(policy, ct, port))
		goto out;
	/* sent again, it belongs to the connection that the first one made */
	data = ftps_get(state->net, nf_ct_zone(ct), &syn);
	if (data)
		nf_ct_put(data);
	else if (!appgw_expect_ftps(ct, syn.dst.u.tcp.port))
		ftps_report(state->net, ct, &syn);
out:
	nf_ct_put(ct);
	return NF_ACCEPT;
}

#define FTPS_HOOK(family, where) {			\
	.hook		= ftps_hook,			\
	.pf		= family,			\
	.hooknum	= where,			\
	.priority	= NF_IP_PRI_CONNTRACK - 1,	\
}

static const struct nf_hook_ops ftps_ops[] = {
	FTPS_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING),
	FTPS_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT),
	FTPS_HOOK(NFPROTO_IPV6, NF_INET_PRE_ROUTING),
	FTPS_HOOK(NFPROTO_IPV6, NF_INET_LOCAL_OUT),
};

/**
 * appgw_ftps_policy() - look out for clients of encrypted connections
 * @net: namespace
 * @policy: about to be put into force, or NULL at the namespace's end; calls are in
 *	order
 *
 * Before ports are allowed for the first time, no packet pays for it. The hooks stay
 * until the namespace or the module goes: to take hooks away would drop all that
 * waits in any queue.
 *
 * Return: 0 or -errno
 */
int appgw_ftps_policy(struct net *net, const struct appgw_policy *policy)
{
	struct ftps_net *fn = net_generic(net, ftps_net_id);
	int ret;

	if (!policy) {
		if (fn->hooked)
			nf_unregister_net_hooks(net, ftps_ops,
						ARRAY_SIZE(ftps_ops));
		fn->hooked = false;
		return 0;
	}
	if (!policy->has_ftps || fn->hooked)
		return 0;
	ret = nf_register_net_hooks(net, ftps_ops, ARRAY_SIZE(ftps_ops));
	fn->hooked = !ret;
	return ret;
}

static int __net_init ftps_net_init(struct net *net)
{
	struct ftps_net *fn = net_generic(net, ftps_net_id);

	spin_lock_init(&fn->lock);
	fn->seed = get_random_u32();
	return 0;
}

/* Take the table away, after the end of the last session and of the hooks. */
static void __net_exit ftps_net_exit(struct net *net)
{
	struct ftps_net *fn = net_generic(net, ftps_net_id);

	kfree(fn->hash);
}

static struct pernet_operations ftps_net_ops = {
	.init	= ftps_net_init,
	.exit	= ftps_net_exit,
	.id	= &ftps_net_id,
	.size	= sizeof(struct ftps_net),
};

/**
 * appgw_ftps_init() - be ready for encrypted connections, in every namespace
 *
 * Return: 0 or -errno
 */
int appgw_ftps_init(void)
{
	return register_pernet_subsys(&ftps_net_ops);
}

/**
 * appgw_ftps_exit() - forget all encrypted connections
 */
void appgw_ftps_exit(void)
{
	unregister_pernet_subsys(&ftps_net_ops);
}
