// SPDX-License-Identifier: GPL-2.0-only
/* Expectations for media: datagrams between the two ends of a control
 * connection, whose ports both ends announce, mostly in pairs.
 *
 * Either end may send first, and what comes first decides how NAT sees the
 * flow. So each end's announcement is expected from the other, and the port
 * that the sender has announced itself is the one that its datagrams are made
 * to come from.
 */

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_nat.h>
#include <net/netfilter/nf_nat_helper.h>

#include "core/compat.h"
#include "books.h"
#include "expect.h"
#include "expect_media.h"
#include "helper/session.h"

/* Pairs of public ports to try before an announcement is refused. */
#define MEDIA_PORT_TRIES	128

/* Ports below are written with four digits, others with five. */
#define MEDIA_FIVE_DIGITS	10000

/* Find the port that others know the sender of the first datagram by; 0 if it has
 * announced none.
 */
static u16 media_public_port(const struct nf_conn *ct,
			     const struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct appgw_session *s = appgw_session_find(exp->master);
	u16 own = ntohs(t->src.u.udp.port), public = 0;

	if (!s || !appgw_books_find(s, nf_ct_net(ct), exp->dir, &own,
				    &public))
		return 0;
	return public;
}

/* Translate the addresses of media as the control connection's are, when the first
 * datagram is there.
 */
static void expectfn_media(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *t =
		&exp->master->tuplehash[!exp->dir].tuple;
	const struct nf_conntrack_tuple *peer =
		&exp->master->tuplehash[!!exp->dir].tuple;
	struct nf_nat_range2 range = {
		.flags = NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED,
		.min_proto = exp->saved_proto,
		.max_proto = exp->saved_proto,
		.min_addr = t->src.u3,
		.max_addr = t->src.u3,
	};
	u16 port;

	appgw_expect_used(exp, ct);
	if (!(exp->master->status & IPS_NAT_MASK))
		return;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_DST);

	/* another machine's are the administrator's business */
	if (!nf_inet_addr_cmp(&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3,
			      &peer->src.u3))
		return;
	port = media_public_port(ct, exp);
	range.flags = NF_NAT_RANGE_MAP_IPS;
	if (port)
		range.flags |= NF_NAT_RANGE_PROTO_SPECIFIED;
	range.min_proto.udp.port = htons(port);
	range.max_proto = range.min_proto;
	range.min_addr = t->dst.u3;
	range.max_addr = t->dst.u3;
	nf_nat_setup_info(ct, &range, NF_NAT_MANIP_SRC);
}

static struct nf_ct_helper_expectfn media_fn = {
	.name		= "appgw-media",
	.expectfn	= expectfn_media,
};

/* Tell if a socket of this machine receives on the destination of @t. */
static bool media_port_is_served(const struct pinhole_request *req,
				 const struct nf_conntrack_tuple *t)
{
	const union nf_inet_addr *own =
		&req->ct->tuplehash[req->dir].tuple.src.u3;
	struct net *net = nf_ct_net(req->ct);

	/* the announcer's own port is what it is for */
	return !nf_inet_addr_cmp(own, &t->dst.u3) &&
	       appgw_expect_addr_is_local(net, t->src.l3num, &t->dst.u3) &&
	       appgw_port_is_bound(net, t);
}

/**
 * struct media_way - what datagrams are expected
 * @ct: the control connection
 * @dir: direction in which the port was announced
 * @saddr: address that they come from
 * @sport: port that they come from, host byte order; 0 for any
 * @daddr: public address that they come to
 * @dport: public port, host byte order
 * @own: the announcer's own port, host byte order
 */
struct media_way {
	struct nf_conn *ct;
	enum ip_conntrack_dir dir;
	const union nf_inet_addr *saddr;
	u16 sport;
	const union nf_inet_addr *daddr;
	u16 dport;
	u16 own;
};

static struct nf_conntrack_expect *media_new(const struct media_way *way)
{
	__be16 sport = htons(way->sport), dport = htons(way->dport);
	struct nf_conntrack_expect *exp;

	exp = nf_ct_expect_alloc(way->ct);
	if (!exp)
		return NULL;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT,
			  nf_ct_l3num(way->ct), way->saddr, way->daddr,
			  IPPROTO_UDP, sport ? &sport : NULL, &dport);
	appgw_expect_no_helper(exp);
	exp->expectfn = expectfn_media;
	exp->saved_addr = way->ct->tuplehash[way->dir].tuple.src.u3;
	exp->saved_proto.udp.port = htons(way->own);
	exp->dir = !way->dir;
	return exp;
}

/* Register @exp, which may be NULL; return it, or NULL if that can't be. */
static struct nf_conntrack_expect *
media_relate(struct nf_conntrack_expect *exp)
{
	if (!exp || !nf_ct_expect_related(exp, 0))
		return exp;
	nf_ct_expect_put(exp);
	return NULL;
}

/* Register one expectation; return NULL and set *@ret if that can't be. */
static struct nf_conntrack_expect *
media_register(const struct pinhole_request *req, u16 own, u16 public,
	       bool nat, int *ret)
{
	struct media_way way = {
		.ct = req->ct, .dir = req->dir,
		.saddr = &req->ct->tuplehash[!req->dir].tuple.src.u3,
		.daddr = req->daddr, .dport = public, .own = own,
	};
	struct nf_conntrack_expect *exp = media_new(&way);
	struct endpoint announced = *req->announced;

	*ret = -ENOMEM;
	if (!exp)
		return NULL;
	announced.port = own;
	/* until the server has agreed to it: see appgw_expect_narrow() */
	if (req->dir == IP_CT_DIR_ORIGINAL)
		exp->flags |= NF_CT_EXPECT_INACTIVE;
	*ret = -EBUSY;
	if (!nat ||
	    (!appgw_books_is_taken(nf_ct_net(req->ct), exp->tuple.src.l3num,
				   &exp->tuple.dst.u3, public, &announced) &&
	     !media_port_is_served(req, &exp->tuple)))
		*ret = nf_ct_expect_related(exp, 0);
	if (!*ret)
		return exp;
	nf_ct_expect_put(exp);
	return NULL;
}

/* Register all that is asked for from public port @public on, or nothing. */
static int media_try(const struct pinhole_request *req, u16 public, bool nat,
		     struct nf_conntrack_expect **exp)
{
	unsigned int i;
	int ret;

	for (i = 0; i < req->count; i++) {
		exp[i] = media_register(req, req->port + i, public + i, nat,
					&ret);
		if (exp[i])
			continue;
		while (i--) {
			nf_ct_unexpect_related(exp[i]);
			nf_ct_expect_put(exp[i]);
		}
		return ret;
	}
	return 0;
}

/* Find where public ports may be: where the administrator says, else where they
 * have as many digits as the announced one, which leaves texts as long as they are.
 */
static struct appgw_ports media_ports(const struct pinhole_request *req)
{
	struct appgw_ports ports = req->ports;

	if (!ports.lo && req->port < MEDIA_FIVE_DIGITS) {
		ports.lo = APPGW_PORT_MIN;
		ports.hi = MEDIA_FIVE_DIGITS - 1;
	} else if (!ports.lo) {
		ports.lo = MEDIA_FIVE_DIGITS;
		ports.hi = APPGW_PORT_MAX;
	}
	/* RTP's is even, RTCP's the next (RFC 3550 section 11) */
	ports.lo += (ports.lo ^ req->port) & 1;
	ports.hi -= req->count - 1;
	return ports;
}

/**
 * appgw_expect_media() - expect the datagrams that a pinhole is for
 * @req: from whom, to where. What a client asks for only takes the ports, and
 *	lets nothing in
 * @exp: set to @req->count expectations, each with a reference
 *
 * Return: the first public port (host byte order), or -errno as appgw_expect()
 */
int appgw_expect_media(const struct pinhole_request *req,
		       struct nf_conntrack_expect **exp)
{
	struct appgw_ports ports = media_ports(req);
	bool nat = req->ct->status & IPS_NAT_MASK;
	u32 port = req->port, n, i;
	int ret = -EBUSY;
	u32 at;

	if (!nat || appgw_ports_have(&ports, port)) {
		ret = media_try(req, port, nat, exp);
		if (!ret)
			return port;
	}
	if (!nat || ports.lo > ports.hi)
		return ret;
	n = (ports.hi - ports.lo) / 2 + 1;
	at = reciprocal_scale(appgw_expect_random(), n);
	for (i = 0; i < min_t(u32, n, MEDIA_PORT_TRIES); i++) {
		if (ret != -EBUSY && ret != -EALREADY)
			return ret;
		port = ports.lo + at * 2;
		at = appgw_expect_next(at, n, MEDIA_PORT_TRIES);
		ret = media_try(req, port, nat, exp);
		if (!ret)
			return port;
	}
	return ret;
}

/* What @exp expects, from elsewhere; not registered. May be NULL. */
static struct nf_conntrack_expect *
media_copy(const struct nf_conntrack_expect *exp,
	   const union nf_inet_addr *saddr, u16 sport)
{
	struct media_way way = {
		.ct = exp->master, .dir = !exp->dir,
		.saddr = saddr, .sport = sport,
		.daddr = &exp->tuple.dst.u3,
		.dport = ntohs(exp->tuple.dst.u.udp.port),
		.own = ntohs(exp->saved_proto.udp.port),
	};

	return media_new(&way);
}

/**
 * appgw_expect_narrow() - expect the same, from somewhere more exactly known
 * @old: the expectation so far, which is ended
 * @saddr: the only address
 * @port: the only port, host byte order; 0 for any
 *
 * Return: the new one with a reference, or NULL
 */
struct nf_conntrack_expect *
appgw_expect_narrow(struct nf_conntrack_expect *old,
		    const union nf_inet_addr *saddr, u16 port)
{
	struct nf_conntrack_expect *exp = media_copy(old, saddr, port);

	nf_ct_unexpect_related(old);
	return media_relate(exp);
}

/**
 * appgw_expect_beside() - expect the same, from another address as well
 * @exp: the expectation there is
 * @saddr: the other address
 *
 * Return: the second one with a reference, or NULL
 */
struct nf_conntrack_expect *
appgw_expect_beside(struct nf_conntrack_expect *exp,
		    const union nf_inet_addr *saddr)
{
	return media_relate(media_copy(exp, saddr,
				       ntohs(exp->tuple.src.u.udp.port)));
}

/**
 * appgw_expect_again() - expect what has come before, from there alone
 * @ct: the control connection
 * @dir: direction in which the port was announced
 * @from: where it came from
 * @to: the public endpoint that it came to
 * @own: the announcer's own port, host byte order
 *
 * Return: the expectation with a reference, or NULL
 */
struct nf_conntrack_expect *
appgw_expect_again(struct nf_conn *ct, enum ip_conntrack_dir dir,
		   const struct endpoint *from, const struct endpoint *to,
		   u16 own)
{
	union nf_inet_addr saddr = {}, daddr = {};
	struct media_way way = {
		.ct = ct, .dir = dir,
		.saddr = &saddr, .sport = from->port,
		.daddr = &daddr, .dport = to->port,
		.own = own,
	};

	memcpy(&saddr, from->addr, sizeof(from->addr));
	memcpy(&daddr, to->addr, sizeof(to->addr));
	return media_relate(media_new(&way));
}

static bool media_is_ours(struct nf_conntrack_expect *exp, void *data)
{
	return exp->expectfn == expectfn_media;
}

/**
 * appgw_expect_media_init() - let expectations for media be known by their name
 */
void appgw_expect_media_init(void)
{
	nf_ct_helper_expectfn_register(&media_fn);
}

/**
 * appgw_expect_media_exit() - end all expectations for media, as appgw_expect_exit()
 */
void appgw_expect_media_exit(void)
{
	nf_ct_helper_expectfn_unregister(&media_fn);
	synchronize_rcu();
	nf_ct_expect_iterate_destroy(media_is_ours, NULL);
	/* an expectation that was found before may still call its expectfn */
	synchronize_rcu();
}
