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

/**
 * appgw_lasting_find() - find the pinhole that is there already for what is asked
 * @pn: the books, locked
 * @req: from whom, to where
 *
 * Whichever connection it was asked in: the same client, server, transport and port.
 *
 * Return: pinhole, or NULL
 */
struct pinhole *appgw_lasting_find(const struct pinhole_net *pn,
				   const struct pinhole_request *req)
{
	const struct nf_conntrack_tuple *in = &req->ct->tuplehash[req->dir].tuple;
	const union nf_inet_addr *client =
		&req->ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3;
	u16 l3num = nf_ct_l3num(req->ct);
	struct pinhole *p;

	lockdep_assert_held(&pn->lock);

	if (!pn->tables)
		return NULL;
	hlist_for_each_entry(p, lasting_bucket(pn->tables, req->port),
			     lasting.node) {
		const struct nf_conntrack_tuple *asked = &p->event.control;

		if (p->event.announced.port == req->port && p->dir == req->dir &&
		    p->protonum == pinhole_protonum(req) &&
		    asked->src.l3num == l3num &&
		    nf_inet_addr_cmp(&asked->src.u3, client) &&
		    nf_inet_addr_cmp(&p->lasting.own, &in->src.u3) &&
		    appgw_endpoint_is(&p->event.public, l3num, req->daddr) &&
		    nf_ct_zone_equal_any(req->ct,
					 nf_ct_zone(p->lasting.exp->master)))
			return p;
	}
	return NULL;
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

	p->lasting.exp = exp;
	p->lasting.own = req->ct->tuplehash[req->dir].tuple.src.u3;
	p->lasting.timeout = req->timeout_s * HZ;
	if (list_empty(&p->node)) {
		appgw_lasting_drop(p);
		return;
	}
	hlist_add_head(&p->lasting.node, lasting_bucket(pn->tables, req->port));
	appgw_expect_keep(req->ct, p->lasting.timeout + LASTING_SPARE);
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

	if (!p->lasting.exp ||
	    !appgw_expect_prolong(p->lasting.exp, APPGW_LASTING_EXPECT_S * HZ))
		return false;
	appgw_pinhole_until(pn, p, jiffies + p->lasting.timeout);
	appgw_expect_keep(p->lasting.exp->master,
			  p->lasting.timeout + LASTING_SPARE);
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
	struct nf_conn *before = p->lasting.child;

	nf_conntrack_get(&ct->ct_general);
	p->lasting.child = ct;
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
	const struct nf_conn *ct = p->lasting.child;

	return ct && nf_ct_is_confirmed(ct) && !nf_ct_is_dying(ct) &&
	       !nf_ct_is_expired(ct);
}

/**
 * appgw_lasting_drop() - end a pinhole's expectation, and forget who has come
 * @p: pinhole; the books are locked
 */
void appgw_lasting_drop(struct pinhole *p)
{
	hlist_del_init(&p->lasting.node);
	if (p->lasting.exp) {
		nf_ct_unexpect_related(p->lasting.exp);
		nf_ct_expect_put(p->lasting.exp);
		p->lasting.exp = NULL;
	}
	if (p->lasting.child) {
		nf_ct_put(p->lasting.child);
		p->lasting.child = NULL;
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
	unsigned long now = jiffies, end = now;
	const struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (p->is_lasting && !list_empty(&p->node) &&
		    time_after(p->end, end))
			end = p->end;
	spin_unlock_bh(&pn->lock);
	if (time_after(end, now))
		appgw_expect_keep(ct, end - now + LASTING_SPARE);
}
