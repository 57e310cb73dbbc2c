// SPDX-License-Identifier: GPL-2.0-only
/* Pinholes for media: they belong to a session that the two ends have agreed
 * on, and live with it. What is let in is narrowed down when the server says
 * where media comes from. When data have come, the public port stays taken for
 * as long as the session lives.
 */

#include <linux/ktime.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "books.h"
#include "expect_media.h"
#include "helper/session.h"
#include "media.h"
#include "stream/seqmap.h"
#include "watch.h"

/* Remember that @child has come through @p, whose public port stays taken. */
static void media_map(struct pinhole_net *pn, struct pinhole *p,
		      const struct nf_conntrack_tuple *child)
{
	lockdep_assert_held(&pn->lock);

	p->media->child = *child;
	if (!p->media->came)
		p->media->came = ktime_get_real_ns();
	/* not for the first time, if it was opened again */
	hlist_del_init(&p->media->mapped);
	hlist_add_head(&p->media->mapped,
		       pinhole_mapped(pn, p->public_port));
}

/**
 * appgw_media_came() - remember that media has come through a pinhole
 * @pn: books, locked
 * @s: session
 * @p: one of its pinholes
 * @ct: data connection
 *
 * If its sender has announced the port that it comes from, what goes back there is
 * part of the same flow, unless that is one of its own.
 */
void appgw_media_came(struct pinhole_net *pn, struct appgw_session *s,
		      struct pinhole *p, const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *child =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct pinhole *back;

	media_map(pn, p, child);
	if (p->media->apart)
		return;
	for (back = s->pinhole; back; back = back->next) {
		if (!back->is_media || back->dir == p->dir ||
		    back->announced_port != ntohs(child->src.u.udp.port))
			continue;
		appgw_pinhole_set_peer(back, child->src.l3num,
				       &s->ct->tuplehash[p->dir].tuple.src.u3,
				       p->announced_port);
		if (appgw_books_come(pn, back, ct))
			media_map(pn, back, child);
	}
}

/* Find the connection that has come through a pinhole, with a reference; NULL if
 * conntrack has forgotten it. Not to be called under the books' lock: what has
 * expired is thrown away on the way, and a control connection that is takes that
 * lock.
 */
static struct nf_conn *media_child(const struct nf_conn *master,
				   const struct nf_conntrack_tuple *child)
{
	struct nf_conntrack_tuple_hash *h;
	struct nf_conn *ct;

	h = nf_conntrack_find_get(nf_ct_net(master), nf_ct_zone(master),
				  child);
	if (!h)
		return NULL;
	ct = nf_ct_tuplehash_to_ctrack(h);
	if (ct->master == master)
		return ct;
	nf_ct_put(ct);
	return NULL;
}

static bool media_is_forgotten(const struct nf_conn *master,
			       const struct pinhole *p)
{
	struct nf_conn *ct = media_child(master, &p->media->child);

	if (!ct)
		return true;
	nf_ct_put(ct);
	return false;
}

/**
 * appgw_media_has_room() - may one more last?
 * @s: the session of the control connection, locked
 * @ct: the connection
 *
 * Those whose media has ended make way, if there are too many.
 *
 * Return: true if so
 */
bool appgw_media_has_room(struct appgw_session *s, const struct nf_conn *ct)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	unsigned int mapped = 0;
	struct pinhole *p;

	for (p = READ_ONCE(s->pinhole); p; p = READ_ONCE(p->next))
		mapped += pinhole_is_mapped(p);
	if (mapped < APPGW_MAPPED_MAX_MEDIA)
		return true;

	for (p = READ_ONCE(s->pinhole); p; p = READ_ONCE(p->next)) {
		if (!pinhole_is_mapped(p) || !media_is_forgotten(ct, p))
			continue;
		spin_lock_bh(&pn->lock);
		hlist_del_init(&p->media->mapped);
		spin_unlock_bh(&pn->lock);
		mapped--;
	}
	return mapped < APPGW_MAPPED_MAX_MEDIA;
}

static bool media_is_asked(const struct pinhole *p, u32 request)
{
	return p->is_media && pinhole_is_alive(p) &&
	       p->media->stage == PINHOLE_ASKED && p->media->request == request;
}

/* Tell if it was announced in what @dir has sent before its number @upto. */
static bool media_is_announced(const struct pinhole *p,
			       enum ip_conntrack_dir dir, u32 upto)
{
	return p->is_media && pinhole_is_alive(p) && p->dir == dir &&
	       p->media->stage == PINHOLE_ANNOUNCED &&
	       seq_before(p->mark, upto);
}

static bool media_is_agreed(const struct pinhole *p, u32 session)
{
	return p->is_media && pinhole_is_alive(p) &&
	       p->media->stage == PINHOLE_AGREED && p->session == session;
}

/**
 * appgw_media_asked() - a client's request has ended
 * @s: the session of its control connection
 * @net: its namespace
 * @request: number of the request
 * @upto: client's number behind it
 */
void appgw_media_asked(struct appgw_session *s, const struct net *net,
		       u32 request, u32 upto)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);
	struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next) {
		if (!media_is_announced(p, IP_CT_DIR_ORIGINAL, upto))
			continue;
		p->media->stage = PINHOLE_ASKED;
		p->media->request = request;
	}
	spin_unlock_bh(&pn->lock);
}

/* Let the server in from now on, as exactly as it is known where it sends from. The
 * source that it names may be its own address as it sees that itself, behind a
 * router of its own: so it is let in under the one that it is known by, too.
 */
static void media_narrow(struct pinhole_net *pn, struct pinhole *p,
			 const struct nf_conn *ct,
			 const struct media_agreement *agreed)
{
	const union nf_inet_addr *server =
		&ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u3;
	const union nf_inet_addr *saddr = server;
	struct nf_conntrack_expect *exp;
	u16 port = agreed->source_port[p->media->index];

	if (!pinhole_is_open(p) || !p->media->exp)
		return;
	p->taken = false;
	if (agreed->has_source)
		saddr = &agreed->source;
	/* an end that names one port only has the other one beside it */
	if (!port && agreed->source_port[0])
		port = agreed->source_port[0] + 1;
	exp = appgw_expect_narrow(p->media->exp, saddr, port);
	nf_ct_expect_put(p->media->exp);
	p->media->exp = exp;
	if (exp && agreed->has_source && !nf_inet_addr_cmp(saddr, server))
		p->media->second = appgw_expect_beside(exp, server);
	if (exp && (port || p->media->alone))
		appgw_watch_add(pn, p);
	if (exp)
		appgw_pinhole_set_peer(p, nf_ct_l3num(ct), saddr, port);
	else
		appgw_books_end(pn, p, APPGW_EVENT_CLOSED,
				APPGW_STAT_FAILED);
}

static void media_keep(struct pinhole_net *pn, struct pinhole *p)
{
	if (pinhole_is_open(p))
		appgw_pinhole_until(pn, p, jiffies + p->media->timeout);
}

/**
 * appgw_media_agreed() - the server has answered a request for media
 * @s: the session of the control connection
 * @ct: the connection
 * @agreed: what it has answered
 */
void appgw_media_agreed(struct appgw_session *s, struct nf_conn *ct,
			const struct media_agreement *agreed)
{
	unsigned int timeout_s = agreed->timeout_s ?: APPGW_MEDIA_SESSION_S;
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next) {
		bool asked = media_is_asked(p, agreed->request);

		if (!asked && !media_is_announced(p, IP_CT_DIR_REPLY,
						  agreed->upto))
			continue;
		p->media->stage = PINHOLE_AGREED;
		p->session = agreed->session;
		p->media->timeout = (timeout_s + APPGW_MEDIA_LATE_S) * HZ;
		media_keep(pn, p);
		if (asked)
			media_narrow(pn, p, ct, agreed);
	}
	spin_unlock_bh(&pn->lock);
}

/* A pinhole, and what has come through it, on its way out. */
struct media_end {
	bool has_child;
	struct nf_conntrack_tuple child;
};

static void media_end(struct pinhole_net *pn, struct pinhole *p,
		      enum appgw_stat reason, struct media_end *end)
{
	end->has_child = pinhole_is_mapped(p);
	end->child = p->media->child;
	appgw_books_shut(pn, p, reason);
}

/* End what has come through a pinhole: a sender that goes on would keep it open. */
static void media_kill(const struct nf_conn *master,
		       const struct media_end *end)
{
	struct nf_conn *ct;

	ct = end->has_child ? media_child(master, &end->child) : NULL;
	if (!ct)
		return;
	nf_ct_kill(ct);
	nf_ct_put(ct);
}

/**
 * appgw_media_replace() - another pinhole takes the place of one
 * @s: the session of the control connection
 * @ct: the connection
 * @dir: direction in which the pinhole was announced
 * @public: its public port, host byte order; it is free from then on
 *
 * What has come through is ended as well.
 */
void appgw_media_replace(struct appgw_session *s, struct nf_conn *ct,
			 enum ip_conntrack_dir dir, u16 public)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct media_end end = {};
	struct pinhole *p;

	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (pinhole_is_alive(p) && p->dir == dir &&
		    p->public_port == public)
			break;
	if (p)
		media_end(pn, p, APPGW_STAT_REPLACED, &end);
	spin_unlock_bh(&pn->lock);
	media_kill(ct, &end);
}

/**
 * appgw_media_refused() - nothing will come of a request
 * @s: the session of the control connection
 * @ct: the connection
 * @request: number of the request
 * @reason: what to count
 */
void appgw_media_refused(struct appgw_session *s, struct nf_conn *ct,
			 u32 request, enum appgw_stat reason)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (media_is_asked(p, request))
			appgw_books_shut(pn, p, reason);
	spin_unlock_bh(&pn->lock);
}

/* Let what has paused, or seldom comes, in again from where it came. */
static void media_again(struct pinhole_net *pn, struct pinhole *p,
			struct nf_conn *ct)
{
	struct endpoint peer, public;

	/* it may have been closed meanwhile */
	if (pinhole_is_open(p) || !pinhole_is_mapped(p))
		return;
	peer = pinhole_peer(p);
	public = pinhole_public(p);
	p->media->exp = appgw_expect_again(ct, p->dir, &peer, &public,
					   p->announced_port);
	if (!p->media->exp || appgw_books_reopen(pn, p, ct))
		return;
	nf_ct_unexpect_related(p->media->exp);
	nf_ct_expect_put(p->media->exp);
	p->media->exp = NULL;
}

/**
 * appgw_media_alive() - somebody has spoken of a session: it is alive
 * @s: the session of its control connection
 * @ct: the connection
 * @session: the session
 */
void appgw_media_alive(struct appgw_session *s, struct nf_conn *ct, u32 session)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	for (p = READ_ONCE(s->pinhole); p; p = READ_ONCE(p->next)) {
		bool forgotten;

		if (!media_is_agreed(p, session))
			continue;
		forgotten = pinhole_is_mapped(p) && media_is_forgotten(ct, p);
		spin_lock_bh(&pn->lock);
		media_keep(pn, p);
		if (forgotten)
			media_again(pn, p, ct);
		spin_unlock_bh(&pn->lock);
	}
}

/**
 * appgw_media_close() - close what belongs to a session
 * @s: the session of the control connection
 * @ct: the connection
 * @session: the session; 0 for all there is
 * @reason: what to count
 *
 * What has come through is ended as well.
 */
void appgw_media_close(struct appgw_session *s, struct nf_conn *ct, u32 session,
		       enum appgw_stat reason)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct media_end end;
	struct pinhole *p;

	while (READ_ONCE(s->pinhole)) {
		spin_lock_bh(&pn->lock);
		for (p = s->pinhole; p; p = p->next)
			if (session ? media_is_agreed(p, session) :
				      p->is_media && pinhole_is_alive(p))
				break;
		if (p)
			media_end(pn, p, reason, &end);
		spin_unlock_bh(&pn->lock);
		if (!p)
			break;
		media_kill(ct, &end);
	}
}
