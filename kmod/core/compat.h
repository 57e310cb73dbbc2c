/* SPDX-License-Identifier: GPL-2.0-only */
/* What older kernels lack, under its newest name, and what those without IPv6 do.
 * Kbuild probes the headers for each feature; no code outside this file knows that
 * kernels differ.
 */
#ifndef APPGW_COMPAT_H
#define APPGW_COMPAT_H

#include <net/addrconf.h>
#include <net/inet6_hashtables.h>
#include <net/inet_hashtables.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/route.h>
#include <net/udp.h>

#if IS_ENABLED(CONFIG_IPV6)
#include <net/ip6_route.h>
#endif

#ifdef APPGW_HAVE_LINUX_UNALIGNED
#include <linux/unaligned.h>
#else
/* Moved in 6.12. */
#include <asm/unaligned.h>
#endif

#ifdef APPGW_HAVE_HELPER_CT_REFCNT
/* Helpers live on the heap and every connection holds a reference. */
static inline bool appgw_helper_hold(struct nf_conntrack_helper *helper)
{
	return refcount_inc_not_zero(&helper->ct_refcnt);
}

static inline int appgw_helpers_register(struct nf_conntrack_helper *helper,
					 unsigned int n,
					 struct nf_conntrack_helper **reg)
{
	return nf_conntrack_helpers_register(helper, n, reg);
}

/* Unregister helpers. The heap copy stays with its connections, so it must forget
 * the module.
 */
static inline void appgw_helpers_unregister(struct nf_conntrack_helper **reg,
					    unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		WRITE_ONCE(reg[i]->destroy, NULL);
	nf_conntrack_helpers_unregister(reg, n);
}
#else
/* Helpers on the heap came with 7.1: before, the module's own are used. */
static inline bool appgw_helper_hold(struct nf_conntrack_helper *helper)
{
	return true;
}

static inline int appgw_helpers_register(struct nf_conntrack_helper *helper,
					 unsigned int n,
					 struct nf_conntrack_helper **reg)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		reg[i] = &helper[i];
	return nf_conntrack_helpers_register(helper, n);
}

static inline void appgw_helpers_unregister(struct nf_conntrack_helper **reg,
					    unsigned int n)
{
	nf_conntrack_helpers_unregister(reg[0], n);
}
#endif

#ifdef APPGW_HAVE_EXPECT_ASSIGN_HELPER
static inline void appgw_expect_no_helper(struct nf_conntrack_expect *exp)
{
}
#else
/* Up to some 6.12.y nf_ct_expect_init() hands the master's helper to the data
 * connection, which would then be read as a control connection and kept out
 * of flowtables.
 */
static inline void appgw_expect_no_helper(struct nf_conntrack_expect *exp)
{
	RCU_INIT_POINTER(exp->helper, NULL);
}
#endif

#ifdef APPGW_HAVE_EXPECT_TIMEOUT32
/* An expectation's time is looked at when it is looked up. */
static inline u32 appgw_expect_left(const struct nf_conntrack_expect *exp)
{
	return nf_ct_exp_is_expired(exp) ? 0 :
	       READ_ONCE(exp->timeout) - nfct_time_stamp;
}

static inline bool appgw_expect_prolong(struct nf_conntrack_expect *exp, u32 left)
{
	if (nf_ct_exp_is_expired(exp))
		return false;
	if (appgw_expect_left(exp) < left)
		WRITE_ONCE(exp->timeout, nfct_time_stamp + left);
	return !nf_ct_exp_is_expired(exp);
}
#else
/* Up to some 6.1.y and 6.12.y each expectation had a timer. */
static inline u32 appgw_expect_left(const struct nf_conntrack_expect *exp)
{
	long left = READ_ONCE(exp->timeout.expires) - jiffies;

	return timer_pending(&exp->timeout) && left > 0 ? left : 0;
}

/* Let a registered expectation live for @left jiffies at least; false if it has ended. */
static inline bool appgw_expect_prolong(struct nf_conntrack_expect *exp, u32 left)
{
	return appgw_expect_left(exp) >= left ||
	       mod_timer_pending(&exp->timeout, jiffies + left);
}
#endif

#ifdef APPGW_HAVE_REFRESH_SKB
/* Up to some 6.12.y it is told of a packet, for which it does nothing. */
static inline void appgw_ct_refresh(struct nf_conn *ct, unsigned long left)
{
	nf_ct_refresh(ct, NULL, left);
}
#else
static inline void appgw_ct_refresh(struct nf_conn *ct, unsigned long left)
{
	nf_ct_refresh(ct, left);
}
#endif

/* Up to 6.17 lookups are told which hash table to use. */
#ifdef APPGW_HAVE_LOOKUP_HASHINFO
#define APPGW_TCP_TABLE(net)	((net)->ipv4.tcp_death_row.hashinfo),
#else
#define APPGW_TCP_TABLE(net)
#endif

/* Tell if a socket of this machine listens on the destination of @t. Call under
 * rcu_read_lock().
 */
static inline bool appgw_port_has_listener(struct net *net,
					   const struct nf_conntrack_tuple *t)
{
	const struct inet_hashinfo *table = net->ipv4.tcp_death_row.hashinfo;
	u16 port = ntohs(t->dst.u.tcp.port);

	/* a listener is bound to its port, and few ports are */
	if (hlist_empty(&table->bhash[inet_bhashfn(net, port, table->bhash_size)].chain))
		return false;
	if (t->src.l3num == NFPROTO_IPV4)
		return __inet_lookup_listener(net, APPGW_TCP_TABLE(net) NULL, 0,
					      t->src.u3.ip, 0, t->dst.u3.ip,
					      port, 0, 0);
#if IS_ENABLED(CONFIG_IPV6)
	return inet6_lookup_listener(net, APPGW_TCP_TABLE(net) NULL, 0,
				     &t->src.u3.in6, 0, &t->dst.u3.in6, port,
				     0, 0);
#else
	return false;
#endif
}

/* Which of the hash tables for UDP, where lookups have to be told: those of 7.2
 * don't. Up to 6.1 there is one for all namespaces.
 */
#ifndef APPGW_HAVE_LOOKUP_UDP_TABLE
#define APPGW_UDP_TABLE(net)
#elif defined(APPGW_HAVE_NET_UDP_TABLE)
#define APPGW_UDP_TABLE(net)	((net)->ipv4.udp_table),
#else
#define APPGW_UDP_TABLE(net)	(&udp_table),
#endif

/* Tell if a socket of this machine receives on the destination of @t. Call under
 * rcu_read_lock(). udp4_lib_lookup() is there in some configurations only.
 */
static inline bool appgw_port_is_bound(struct net *net,
				       const struct nf_conntrack_tuple *t)
{
	__be16 port = t->dst.u.udp.port;

	if (t->src.l3num == NFPROTO_IPV4)
		return __udp4_lib_lookup(net, t->src.u3.ip, 0, t->dst.u3.ip,
					 port, 0, 0, APPGW_UDP_TABLE(net) NULL);
#if IS_ENABLED(CONFIG_IPV6)
	return __udp6_lib_lookup(net, &t->src.u3.in6, 0, &t->dst.u3.in6, port,
				 0, 0, APPGW_UDP_TABLE(net) NULL);
#else
	return false;
#endif
}

/* Tell if an address is this machine's. Call under rcu_read_lock(). */
static inline bool appgw_ipv6_is_local(struct net *net,
				       const struct in6_addr *addr)
{
#if IS_ENABLED(CONFIG_IPV6)
	return ipv6_chk_addr(net, addr, NULL, 0);
#else
	return false;
#endif
}

/* Find the length of the prefix that an address of @dev has, -1 if it is none of that.
 * Call under rcu_read_lock().
 */
static inline int appgw_ipv6_prefix_len(const struct net_device *dev,
					const struct in6_addr *addr)
{
#if IS_ENABLED(CONFIG_IPV6)
	const struct inet6_dev *idev = __in6_dev_get(dev);
	const struct inet6_ifaddr *ifp;

	if (!idev)
		return -1;
	list_for_each_entry_rcu(ifp, &idev->addr_list, if_list)
		if (ipv6_addr_equal(&ifp->addr, addr))
			return ifp->prefix_len;
#endif
	return -1;
}

/* How a segment from @from, of any machine, gets to @to; NULL if it doesn't. */
static inline struct dst_entry *
appgw_route(struct net *net, u16 l3num, const union nf_inet_addr *from,
	    const union nf_inet_addr *to)
{
	struct flowi4 fl4 = {
		.daddr		= to->ip,
		.saddr		= from->ip,
		.flowi4_flags	= FLOWI_FLAG_ANYSRC,
		.flowi4_proto	= IPPROTO_TCP,
	};
	struct rtable *rt;

	if (l3num == NFPROTO_IPV6) {
#if IS_ENABLED(CONFIG_IPV6)
		struct flowi6 fl6 = {
			.daddr		= to->in6,
			.saddr		= from->in6,
			.flowi6_flags	= FLOWI_FLAG_ANYSRC,
			.flowi6_proto	= IPPROTO_TCP,
		};
		struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);

		if (!dst->error)
			return dst;
		dst_release(dst);
#endif
		return NULL;
	}
	rt = ip_route_output_key(net, &fl4);
	return IS_ERR(rt) ? NULL : &rt->dst;
}

#endif /* APPGW_COMPAT_H */
