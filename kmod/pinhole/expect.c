// SPDX-License-Identifier: GPL-2.0-only
/* Expectations: conntrack's part of a pinhole, which lets the data connection
 * in and takes it through NAT.
 */

#include <linux/inetdevice.h>
#include <linux/once.h>
#include <linux/siphash.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_helper.h>
#include <net/route.h>

#include "core/compat.h"
#include "core/net.h"
#include "crowd.h"
#include "expect.h"
#include "helper/helper.h"
#include "tables.h"

/* Public ports to try before an announcement is refused. */
#define EXPECT_PORT_TRIES	128

/* And to pass over, as ports of other pinholes, before they are tried all the same. */
#define EXPECT_PORT_SKIPS	128

/* What is told that a data connection has come */
static void (*expect_used)(const struct nf_conntrack_expect *exp,
			   struct nf_conn *ct) __read_mostly;

/**
 * appgw_expect_used() - tell that the data connection of an expectation has come
 * @exp: expectation
 * @ct: data connection
 */
void appgw_expect_used(const struct nf_conntrack_expect *exp,
		       struct nf_conn *ct)
{
	expect_used(exp, ct);
}

/* Translate a data connection's addresses as the control connection's are. As
 * nf_nat_follow_master() does it, but the other way round: the source port is
 * chosen last, so that it is another one if the same was connected to the same port
 * inside under another public one.
 */
static void expect_follow_master(struct nf_conn *ct,
				 const struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *t;
	struct nf_nat_range2 range = {
		.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED,
		.min_proto = exp->saved_proto,
		.max_proto = exp->saved_proto,
	};

	t = &exp->master->tuplehash[!exp->dir].tuple;
	range.min_addr = t->src.u3;
	range.max_addr = t->src.u3;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);

	range.flags = NF_NAT_RANGE_MAP_IPS;
	range.min_addr = t->dst.u3;
	range.max_addr = t->dst.u3;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
}

static unsigned int expect_port_bit(__be16 port)
{
	return ntohs(port) % PINHOLE_CAME_BITS;
}

/* Remember that a server has connected to a @public port, which is @own of the announcer. */
static void expect_remember(const struct net *net, __be16 public, __be16 own)
{
	struct pinhole_tables *tables;

	/* pairs with the release where they are made */
	tables = smp_load_acquire(&appgw_pinhole_net(net)->tables);
	if (!tables)
		return;
	set_bit(expect_port_bit(public), tables->came);
	if (own != public)
		set_bit(expect_port_bit(own), tables->moved);
}

/* Let a data connection follow its control connection. */
static void expectfn_follow(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;

	/* the server connects */
	if (exp->dir == IP_CT_DIR_REPLY)
		expect_remember(nf_ct_net(ct), t->dst.u.tcp.port,
				exp->saved_proto.tcp.port);
	appgw_expect_used(exp, ct);
	expect_follow_master(ct, exp);
}

/* Let a data connection in; the administrator's NAT rules decide about its
 * addresses.
 */
static void expectfn_plain(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	appgw_expect_used(exp, ct);
}

/**
 * appgw_expect_keep() - let a connection live, since what it expects ends with it
 * @ct: connection, confirmed or not
 * @left: for so many jiffies at least
 */
void appgw_expect_keep(struct nf_conn *ct, unsigned long left)
{
	u32 now = nf_ct_is_confirmed(ct) ? nfct_time_stamp : 0;

	if ((s32)(READ_ONCE(ct->timeout) - now) < (s32)left &&
	    !nf_ct_is_dying(ct))
		appgw_ct_refresh(ct, left);
}

/**
 * appgw_expect_lead() - lead an expected connection to where its announcer is
 * @ct: connection
 * @exp: expectation, which has the announcer's own address and port saved
 */
void appgw_expect_lead(struct nf_conn *ct, const struct nf_conntrack_expect *exp)
{
	struct nf_nat_range2 range = {
		.flags		= NF_NAT_RANGE_MAP_IPS |
				  NF_NAT_RANGE_PROTO_SPECIFIED,
		.min_addr	= exp->saved_addr,
		.max_addr	= exp->saved_addr,
		.min_proto	= exp->saved_proto,
		.max_proto	= exp->saved_proto,
	};

	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);
}

/* Lead a data connection to the announcer's own address. The announcer sees where
 * it really comes from.
 */
static void expectfn_anyone(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	appgw_expect_used(exp, ct);
	appgw_expect_lead(ct, exp);
}

/* Let a control connection in, which is helped as that is that has expected it. */
static void expectfn_control(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	appgw_expect_used(exp, ct);
	appgw_helper_inherit(ct, exp->master);
	if (exp->master->status & IPS_NAT_MASK)
		expect_follow_master(ct, exp);
}

static struct nf_ct_helper_expectfn expect_control = {
	.name		= "appgw-control",
	.expectfn	= expectfn_control,
};

static struct nf_ct_helper_expectfn expect_anyone = {
	.name		= "appgw",
	.expectfn	= expectfn_anyone,
};

static struct nf_ct_helper_expectfn expect_follow = {
	.name		= "appgw-ftp",
	.expectfn	= expectfn_follow,
};

static struct nf_ct_helper_expectfn expect_plain = {
	.name		= "appgw-ftp-plain",
	.expectfn	= expectfn_plain,
};

static bool expectfn_is_ours(struct nf_conntrack_expect *exp, void *data)
{
	return exp->expectfn == expectfn_follow ||
	       exp->expectfn == expectfn_anyone ||
	       exp->expectfn == expectfn_control ||
	       exp->expectfn == expectfn_plain;
}

/* Find the connection, if there is one, that has @tuple in one direction. */
static struct nf_conn *expect_flow_get(const struct nf_conn *ct,
				       const struct nf_conntrack_tuple *tuple)
{
	struct nf_conntrack_tuple_hash *h;

	h = nf_conntrack_find_get(nf_ct_net(ct), nf_ct_zone(ct), tuple);
	return h ? nf_ct_tuplehash_to_ctrack(h) : NULL;
}

/* Find the server's data port, from which it connects: the one below its control
 * port (RFC 959 section 3.2).
 */
static __be16 expect_data_port(const struct pinhole_request *req)
{
	const struct nf_conntrack_tuple *out;

	out = &req->ct->tuplehash[!req->dir].tuple;
	return htons(ntohs(out->src.u.tcp.port) - 1);
}

/* Tell if there is a connection that the server's would be mistaken for. Its
 * address, data port and destination being the same, a packet could not tell. One
 * from before the module was loaded is overlooked: only where one has come is it
 * worth the time to look.
 */
static bool expect_flow_exists(const struct pinhole_request *req,
			       const struct pinhole_tables *tables,
			       const struct nf_conntrack_tuple *expected)
{
	struct nf_conntrack_tuple tuple __uninitialized;
	struct nf_conn *flow;

	if (!req->active ||
	    !test_bit(expect_port_bit(expected->dst.u.tcp.port), tables->came))
		return false;
	tuple = *expected;
	tuple.src.u.tcp.port = expect_data_port(req);
	tuple.dst.dir = IP_CT_DIR_ORIGINAL;
	flow = expect_flow_get(req->ct, &tuple);
	if (!flow)
		return false;
	nf_ct_put(flow);
	return true;
}

/* Find the public port of a connection that the announcer had for this very port
 * with the server's data port, and that conntrack still knows: only under the same
 * one can it be opened again. 0 if there is none.
 */
static u16 expect_own_port(const struct pinhole_request *req)
{
	const struct nf_conntrack_tuple *in, *t;
	struct nf_conntrack_tuple tuple;
	struct nf_conn *flow;
	u16 port = 0;

	if (!req->active)
		return 0;
	in = &req->ct->tuplehash[req->dir].tuple;
	tuple = *in;
	tuple.src.u.tcp.port = htons(req->port);
	tuple.dst.u.tcp.port = expect_data_port(req);
	tuple.dst.dir = IP_CT_DIR_REPLY;
	flow = expect_flow_get(req->ct, &tuple);
	if (!flow)
		return 0;
	t = &flow->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	if (nf_inet_addr_cmp(&t->dst.u3, req->daddr))
		port = ntohs(t->dst.u.tcp.port);
	nf_ct_put(flow);
	return port;
}

/**
 * appgw_expect_addr_is_local() - tell if an address is this machine's
 * @net: namespace
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: address
 *
 * Call under rcu_read_lock().
 *
 * Return: true if so
 */
bool appgw_expect_addr_is_local(struct net *net, u16 l3num,
				const union nf_inet_addr *addr)
{
	if (l3num == NFPROTO_IPV4)
		return inet_addr_type(net, addr->ip) == RTN_LOCAL;
	return appgw_ipv6_is_local(net, &addr->in6);
}

/* Tell if the pinhole would stand in the way of a service of the router itself. */
static bool expect_port_is_served(const struct pinhole_request *req,
				  const struct nf_conntrack_tuple *expected)
{
	struct net *net = nf_ct_net(req->ct);
	const struct nf_conntrack_tuple *in;

	/* the announcer's own port is what it is for */
	in = &req->ct->tuplehash[req->dir].tuple;
	if (nf_inet_addr_cmp(&in->src.u3, &expected->dst.u3))
		return false;
	return (expected->dst.protonum == IPPROTO_UDP ?
		appgw_port_is_bound(net, expected) :
		appgw_port_has_listener(net, expected)) &&
	       appgw_expect_addr_is_local(net, expected->src.l3num,
					  &expected->dst.u3);
}

/**
 * appgw_expect_random() - choose a number that nobody foresees
 *
 * Return: number
 */
u32 appgw_expect_random(void)
{
	static siphash_aligned_key_t key __read_mostly;
	static atomic_t count;

	/* A packet waits, and get_random_u32() has to make new ones every so often. */
	get_random_once(&key, sizeof(key));
	return siphash_1u32(atomic_inc_return(&count), &key);
}

/**
 * appgw_expect_next() - choose where to look next for a free public port
 * @at: the place that was looked at last, of @n
 * @n: places there are
 * @tries: places that are looked at, at most
 *
 * What is taken are mostly neighbours: beside one there is another one. So each place is
 * as far from the last one as chance will have it, unless all of them can be looked at.
 *
 * Return: place below @n
 */
u32 appgw_expect_next(u32 at, u32 n, u32 tries)
{
	if (n > tries)
		return reciprocal_scale(appgw_expect_random(), n);
	return at + 1 < n ? at + 1 : 0;
}

/* Find where public ports may be: as the request says, as the administrator has
 * published them for servers that are behind NAT, else anywhere.
 */
static struct appgw_ports expect_ports(const struct pinhole_request *req)
{
	struct appgw_ports ports = req->ports;
	const struct nf_conn *ct = req->ct;

	if (!ports.lo && !req->active &&
	    !nf_inet_addr_cmp(&ct->tuplehash[req->dir].tuple.src.u3,
			      &ct->tuplehash[!req->dir].tuple.dst.u3))
		ports = appgw_policy_passive_ports(req->policy, ct);
	return ports.lo ? ports :
			  (struct appgw_ports){ APPGW_PORT_MIN, APPGW_PORT_MAX };
}

/* Register @exp under @port, which no flow has but one that is the announcer's own. Return
 * that, or -EBUSY or -EALREADY if another expectation is there, or -errno.
 */
static int expect_at(struct nf_conntrack_expect *exp, u16 port)
{
	int ret;

	exp->tuple.dst.u.tcp.port = htons(port);
	ret = nf_ct_expect_related(exp, 0);
	return ret ? ret : port;
}

/* Register @exp under @port if that is free. Return as expect_at(). */
static int expect_try(struct nf_conntrack_expect *exp,
		      const struct pinhole_request *req,
		      const struct pinhole_tables *tables, u16 port)
{
	exp->tuple.dst.u.tcp.port = htons(port);
	if (expect_flow_exists(req, tables, &exp->tuple) ||
	    expect_port_is_served(req, &exp->tuple))
		return -EBUSY;
	return expect_at(exp, port);
}

static bool expect_is_taken(int err)
{
	return err == -EBUSY || err == -EALREADY;
}

/* Tell if there are more ports than can be tried. */
static bool expect_has_choice(const struct appgw_ports *ports)
{
	return ports->hi - ports->lo >= EXPECT_PORT_TRIES - 1;
}

/* Register @exp under any of @ports. Return as expect_at(). */
static int expect_search(struct nf_conntrack_expect *exp,
			 const struct pinhole_request *req,
			 const struct pinhole_net *pn,
			 const struct appgw_ports *ports)
{
	u32 skips = expect_has_choice(ports) ? EXPECT_PORT_SKIPS : 0;
	u32 range = ports->hi + 1 - ports->lo, at, i;
	int ret = -EBUSY;

	at = reciprocal_scale(appgw_expect_random(), range);
	for (i = 0; i < min_t(u32, range, EXPECT_PORT_TRIES - 1); i++) {
		for (; skips && appgw_crowd_has(pn, ports->lo + at); skips--)
			at = appgw_expect_next(at, range, EXPECT_PORT_TRIES - 1);
		ret = expect_try(exp, req, pn->tables, ports->lo + at);
		if (!expect_is_taken(ret))
			break;
		at = appgw_expect_next(at, range, EXPECT_PORT_TRIES - 1);
	}
	return ret;
}

/* Register @exp under the announced port if that is free, under another one
 * if it is not and NAT can make up for it. In a crowd, another one comes before one that
 * some pinhole has.
 */
static int expect_register(struct nf_conntrack_expect *exp,
			   const struct pinhole_request *req, bool nat)
{
	const struct pinhole_net *pn = appgw_net_generic(nf_ct_net(req->ct),
							 appgw_pinhole_net_id);
	/* there since the pinhole was entered into the books */
	const struct pinhole_tables *tables = pn->tables;
	struct appgw_ports ports = expect_ports(req);
	u16 own = 0, port = req->port;
	bool taken, may, crowded;
	int ret = -EBUSY;

	if (!nat)
		return expect_at(exp, port);

	exp->tuple.dst.u.tcp.port = htons(port);
	taken = expect_flow_exists(req, tables, &exp->tuple);
	/* Under another port than this one it can only be if there ever was
	 * another one.
	 */
	if (taken || test_bit(expect_port_bit(htons(port)), tables->moved))
		own = expect_own_port(req);
	if (own)
		port = own;
	may = (appgw_ports_have(&ports, port) || req->lasting) &&
	      (own || (!taken && !expect_port_is_served(req, &exp->tuple)));
	crowded = !own && !req->lasting && expect_has_choice(&ports) &&
		  appgw_crowd_has(pn, port);
	if (may && !crowded)
		ret = expect_at(exp, port);
	if (expect_is_taken(ret))
		ret = expect_search(exp, req, pn, &ports);
	if (expect_is_taken(ret) && may && crowded)
		ret = expect_at(exp, port);
	return expect_is_taken(ret) ? -EBUSY : ret;
}

static struct nf_conntrack_expect *
expect_new(const struct pinhole_request *req, bool nat)
{
	struct nf_conn *ct = req->ct;
	const struct nf_conntrack_tuple *out = &ct->tuplehash[!req->dir].tuple;
	const struct nf_conntrack_tuple *in = &ct->tuplehash[req->dir].tuple;
	struct nf_conntrack_expect *exp;
	__be16 port = htons(req->port);

	exp = nf_ct_expect_alloc(ct);
	if (!exp)
		return NULL;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(ct),
			  req->anyone ? NULL : &out->src.u3, req->daddr,
			  pinhole_protonum(req), NULL, &port);
	appgw_expect_no_helper(exp);
	if (req->lasting)
		exp->flags |= NF_CT_EXPECT_PERMANENT;
	exp->expectfn = req->control ? expectfn_control :
			!nat ? expectfn_plain :
			req->anyone ? expectfn_anyone :
				      expectfn_follow;
	exp->saved_addr = in->src.u3;
	exp->saved_proto.tcp.port = port;
	exp->dir = !req->dir;
	return exp;
}

/**
 * appgw_expect() - expect the data connection that a pinhole is for
 * @req: from whom, to where
 * @exp: set to the expectation, with a reference
 *
 * Return: the public port (host byte order) that the peer must be told, -EBUSY
 * or -EALREADY if no port is free, -EMFILE if conntrack's table of expectations
 * is full, -ENOMEM
 */
int appgw_expect(const struct pinhole_request *req,
		 struct nf_conntrack_expect **exp)
{
	bool nat = !req->foreign && (req->ct->status & IPS_NAT_MASK);
	int ret;

	*exp = expect_new(req, nat);
	if (!*exp)
		return -ENOMEM;
	ret = expect_register(*exp, req, nat);
	if (ret < 0)
		nf_ct_expect_put(*exp);
	return ret;
}

/**
 * appgw_expect_ftps() - let the client of an encrypted connection connect
 * @ct: its control connection
 * @port: the server's port, network byte order
 *
 * Called for the very packet that opens the data connection.
 *
 * Return: 0 or -errno
 */
int appgw_expect_ftps(struct nf_conn *ct, __be16 port)
{
	struct pinhole_request req = {
		.ct	= ct,
		.dir	= IP_CT_DIR_REPLY,
		.daddr	= &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u3,
		.port	= ntohs(port),
	};
	struct nf_conntrack_expect *exp;
	int ret;

	exp = expect_new(&req, ct->status & IPS_NAT_MASK);
	if (!exp)
		return -ENOMEM;
	ret = nf_ct_expect_related(exp, 0);
	nf_ct_expect_put(exp);
	return ret;
}

/**
 * appgw_expect_init() - let expectations be made
 * @used: is told of each one whose data connection has come
 */
void appgw_expect_init(void (*used)(const struct nf_conntrack_expect *exp, struct nf_conn *ct))
{
	expect_used = used;
	nf_ct_helper_expectfn_register(&expect_follow);
	nf_ct_helper_expectfn_register(&expect_plain);
	nf_ct_helper_expectfn_register(&expect_anyone);
	nf_ct_helper_expectfn_register(&expect_control);
}

/**
 * appgw_expect_exit() - end all expectations
 *
 * To be called after the helper is gone: nobody makes pinholes any more, but
 * conntrackd or ctnetlink may have made expectations, by our expectfn's name.
 */
void appgw_expect_exit(void)
{
	nf_ct_helper_expectfn_unregister(&expect_control);
	nf_ct_helper_expectfn_unregister(&expect_anyone);
	nf_ct_helper_expectfn_unregister(&expect_plain);
	nf_ct_helper_expectfn_unregister(&expect_follow);
	synchronize_rcu();
	nf_ct_expect_iterate_destroy(expectfn_is_ours, NULL);
	/* an expectation that was found before may still call its expectfn */
	synchronize_rcu();
}
