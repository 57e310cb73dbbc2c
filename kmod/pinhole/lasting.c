// SPDX-License-Identifier: GPL-2.0-only
/* Pinholes that any number of connections come through, until none has for a while:
 * what a service is behind that a client has asked for.
 *
 * Conntrack ends expectations with the connection that asked, which for a question by
 * datagram is over in half a minute. So that one is kept as long as its pinholes are.
 */

#include <linux/hash.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>

#include "arrive.h"
#include "core/compat.h"
#include "expect.h"
#include "helper/session.h"
#include "lasting.h"

/* How much longer than the pinhole conntrack keeps what it depends on */
#define LASTING_SPARE		(10 * HZ)

static struct hlist_head *lasting_bucket(struct pinhole_tables *tables, u16 own)
{
	return &tables->lasting[hash_32(own, PINHOLE_LASTING_BITS)];
}

/* Tell if @p lets in, by the same address, whom @req asks for, to the same port of the
 * same announcer, or of another one.
 */
static bool lasting_is(const struct pinhole *p,
		       const struct pinhole_request *req, bool same)
{
	const struct nf_conn *ct = req->ct;
	const struct nf_conntrack_tuple *from = &p->lasting->exp->tuple;
	struct endpoint public = pinhole_public(p);
	u16 l3num = nf_ct_l3num(ct);

	return p->announced_port == req->port && p->dir == req->dir &&
	       p->protonum == pinhole_protonum(req) &&
	       from->src.l3num == l3num &&
	       nf_inet_addr_cmp(&from->src.u3,
				&ct->tuplehash[!req->dir].tuple.src.u3) &&
	       nf_inet_addr_cmp(&p->lasting->own,
				&ct->tuplehash[req->dir].tuple.src.u3) == same &&
	       appgw_endpoint_is(&public, l3num, req->daddr) &&
	       nf_ct_zone_equal_any(ct, nf_ct_zone(p->lasting->exp->master));
}

static struct pinhole *lasting_find(const struct pinhole_net *pn,
				    const struct pinhole_request *req,
				    bool same)
{
	struct pinhole_lasting *l;

	lockdep_assert_held(&pn->lock);

	if (!pn->tables)
		return NULL;
	hlist_for_each_entry(l, lasting_bucket(pn->tables, req->port), node)
		if (lasting_is(l->pinhole, req, same))
			return l->pinhole;
	return NULL;
}

/**
 * appgw_lasting_find() - find the pinhole that is there already for what is asked
 * @pn: the books, locked
 * @req: from whom, to where
 *
 * Whichever connection it was asked in: the same ends, transport and port.
 *
 * Return: pinhole, or NULL
 */
struct pinhole *appgw_lasting_find(const struct pinhole_net *pn,
				   const struct pinhole_request *req)
{
	return lasting_find(pn, req, true);
}

/**
 * appgw_lasting_find_rival() - find the one that leads to the same port of another host
 * @pn: the books, locked
 * @req: from whom, to where
 *
 * Behind one public address a peer can't tell the two from each other.
 *
 * Return: pinhole, or NULL
 */
struct pinhole *appgw_lasting_find_rival(const struct pinhole_net *pn,
					 const struct pinhole_request *req)
{
	return lasting_find(pn, req, false);
}

/**
 * appgw_lasting_opened() - remember a pinhole that is open now
 * @pn: the books, locked
 * @p: pinhole; one that has come to its end meanwhile is shut again
 * @req: what it is for
 * @exp: its expectation; the reference goes to @p
 */
void appgw_lasting_opened(struct pinhole_net *pn, struct pinhole *p,
			  const struct pinhole_request *req,
			  struct nf_conntrack_expect *exp)
{
	lockdep_assert_held(&pn->lock);

	p->lasting->exp = exp;
	p->lasting->own = req->ct->tuplehash[req->dir].tuple.src.u3;
	p->lasting->timeout = req->timeout_s * HZ;
	p->lasting->in_return = req->in_return;
	if (!pinhole_is_open(p)) {
		appgw_lasting_drop(p);
		return;
	}
	hlist_add_head(&p->lasting->node, lasting_bucket(pn->tables, req->port));
	appgw_expect_keep(req->ct, p->lasting->timeout + LASTING_SPARE);
}

/* Let @p, which is open, stay for so many jiffies from now on; false if somebody has
 * taken its expectation away.
 */
static bool lasting_stay(struct pinhole_net *pn, struct pinhole *p,
			 unsigned long left)
{
	if (!p->lasting->exp ||
	    !appgw_expect_prolong(p->lasting->exp, APPGW_LASTING_EXPECT_S * HZ))
		return false;
	appgw_pinhole_until(pn, p, jiffies + left);
	appgw_expect_keep(p->lasting->exp->master, left + LASTING_SPARE);
	return true;
}

/* Let those stay that are there in return for @p, a little longer than that. */
static void lasting_stay_in_return(struct pinhole_net *pn,
				   const struct pinhole *p)
{
	const union nf_inet_addr *peer = &p->lasting->exp->tuple.src.u3;
	u16 port = p->lasting->in_return;
	struct pinhole_lasting *other;

	hlist_for_each_entry(other, lasting_bucket(pn->tables, port), node)
		if (other->pinhole->announced_port == port &&
		    other->pinhole->dir != p->dir &&
		    nf_inet_addr_cmp(&other->own, peer) &&
		    nf_inet_addr_cmp(&other->exp->tuple.src.u3,
				     &p->lasting->own))
			lasting_stay(pn, other->pinhole,
				     p->lasting->timeout + LASTING_SPARE);
}

/**
 * appgw_lasting_prolong() - let a pinhole stay for its full time from now on
 * @pn: the books, locked
 * @p: pinhole that is open
 *
 * Return: false if it can't: somebody has taken its expectation away
 */
bool appgw_lasting_prolong(struct pinhole_net *pn, struct pinhole *p)
{
	lockdep_assert_held(&pn->lock);

	if (!lasting_stay(pn, p, p->lasting->timeout))
		return false;
	if (p->lasting->in_return)
		lasting_stay_in_return(pn, p);
	return true;
}

/**
 * appgw_lasting_came() - a connection has come through a pinhole, which stays
 * @pn: the books, locked
 * @p: pinhole that is open
 * @ct: data connection, which is still to leave
 */
void appgw_lasting_came(struct pinhole_net *pn, struct pinhole *p,
			struct nf_conn *ct)
{
	struct nf_conn *before = p->lasting->child;

	nf_conntrack_get(&ct->ct_general);
	p->lasting->child = ct;
	if (before)
		nf_ct_put(before);
	appgw_lasting_prolong(pn, p);
	appgw_arrive_add(pn, ct, p);
}

/**
 * appgw_lasting_is_in_use() - tell if the connection that has come last is still there
 * @p: pinhole; the books are locked
 *
 * Return: true if so
 */
bool appgw_lasting_is_in_use(const struct pinhole *p)
{
	const struct nf_conn *ct = p->lasting->child;

	return ct && nf_ct_is_confirmed(ct) && !nf_ct_is_dying(ct) &&
	       !nf_ct_is_expired(ct);
}

/**
 * appgw_lasting_drop() - end a pinhole's expectation, and forget who has come
 * @p: pinhole; the books are locked
 */
void appgw_lasting_drop(struct pinhole *p)
{
	hlist_del_init(&p->lasting->node);
	if (p->lasting->exp) {
		nf_ct_unexpect_related(p->lasting->exp);
		nf_ct_expect_put(p->lasting->exp);
		p->lasting->exp = NULL;
	}
	if (p->lasting->child) {
		nf_ct_put(p->lasting->child);
		p->lasting->child = NULL;
	}
}

/**
 * appgw_lasting_keep() - keep a control connection as long as its pinholes last
 * @s: session of @ct
 * @ct: control connection, of which conntrack has just seen a packet
 */
void appgw_lasting_keep(struct appgw_session *s, struct nf_conn *ct)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	const struct pinhole *p;
	s32 left = 0;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (p->is_lasting && pinhole_is_open(p))
			left = max(left, pinhole_left(p));
	spin_unlock_bh(&pn->lock);
	if (left)
		appgw_expect_keep(ct, left + LASTING_SPARE);
}
