// SPDX-License-Identifier: GPL-2.0-only
/* Pinholes: opened for an announcement, used, closed.
 *
 * Conntrack's expectation (expect.c) does the work. What is kept beside it in the
 * books says what became of it, to the counters and to listeners for events,
 * and how many there are.
 */

#include <linux/ktime.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netns/generic.h>
#include <net/sock.h>

#include "arrive.h"
#include "books.h"
#include "compact.h"
#include "core/net.h"
#include "crowd.h"
#include "expect.h"
#include "expect_media.h"
#include "helper/session.h"
#include "lasting.h"
#include "media.h"
#include "pinhole.h"
#include "watch.h"

/**
 * appgw_pinhole_used() - strike a pinhole off, its data connection is there
 * @exp: its expectation
 * @ct: the data connection
 *
 * One that lasts stays.
 */
void appgw_pinhole_used(const struct nf_conntrack_expect *exp,
			struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct appgw_session *s = appgw_session_find(exp->master);
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct pinhole *p;

	if (!s || !READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next) {
		/* it may have made way for the next one just now */
		if (!pinhole_is_open(p) || p->dir == exp->dir ||
		    p->protonum != t->dst.protonum ||
		    p->public_port != ntohs(t->dst.u.tcp.port) ||
		    p->announced_port !=
		    ntohs(exp->saved_proto.tcp.port))
			continue;
		appgw_pinhole_set_peer(p, t->src.l3num, &t->src.u3,
				       ntohs(t->src.u.tcp.port));
		appgw_arrive_begin(pn, ct);
		if (p->is_lasting)
			appgw_lasting_came(pn, p, ct);
		else
			appgw_books_come(pn, p, ct);
		if (p->is_media)
			appgw_media_came(pn, s, p, ct);
		break;
	}
	spin_unlock_bh(&pn->lock);
}

/* Make room for one more pinhole of a session, or chooses the one that makes
 * way. Return @spare if it is to be used, or -errno.
 */
static struct pinhole *pinhole_choose(struct appgw_session *s,
				      struct pinhole *spare,
				      const struct pinhole_request *req)
{
	unsigned int max = req->media ? APPGW_PINHOLES_MAX_MEDIA :
			   req->lasting ? APPGW_PINHOLES_MAX_LASTING :
					  APPGW_PINHOLES_MAX_GATE;
	struct pinhole *last = s->pinhole;

	if (!req->beside && last)
		return last;
	/* its connection has come to its end just now */
	if (!spare)
		return ERR_PTR(-ESHUTDOWN);
	if (appgw_books_prune(s) >= max)
		return ERR_PTR(-EDQUOT);
	spare->next = s->pinhole;
	WRITE_ONCE(s->pinhole, spare);
	return spare;
}

/* Enter the pinhole for port @i of those asked for into the books before it is
 * there: its data connection may come at once. If the one chosen is open, the
 * new one takes its place.
 */
static struct pinhole *pinhole_enter(struct pinhole_net *pn,
				     struct appgw_session *s,
				     struct pinhole *spare,
				     const struct pinhole_request *req,
				     unsigned int i)
{
	unsigned int timeout_s = req->timeout_s ?: APPGW_PINHOLE_TIMEOUT_S;
	struct pinhole *p;
	int ret = 0;

	spin_lock(&pn->lock);
	appgw_books_expire(pn);
	p = pinhole_choose(s, spare, req);
	if (IS_ERR(p))
		goto out;
	if (!pinhole_is_open(p)) {
		ret = appgw_books_add(pn, p, req);
	} else {
		appgw_crowd_go(pn, p->public_port);
		appgw_pinhole_tell(pn->net, p, APPGW_EVENT_CLOSED,
				   APPGW_STAT_REPLACED);
	}
	if (ret) {
		if (p == spare)
			WRITE_ONCE(s->pinhole, p->next);
		p = ERR_PTR(ret);
		goto out;
	}
	p->dir = req->dir;
	if (p->is_media) {
		p->media->index = req->index ^ i;
		p->media->alone = req->count == 1;
		p->media->apart = req->apart;
	}
	p->mark = req->mark;
	p->session = 0;
	appgw_pinhole_until(pn, p, jiffies + timeout_s * HZ);
	appgw_pinhole_fill(p, s, req, i);
out:
	spin_unlock(&pn->lock);
	return p;
}

/* Take the pinhole out of the books again, as if it had never been. */
static void pinhole_withdraw(struct pinhole_net *pn, struct appgw_session *s,
			     struct pinhole *p)
{
	spin_lock(&pn->lock);
	appgw_books_strike(pn, p);
	appgw_books_prune(s);
	spin_unlock(&pn->lock);
}

/* Make the expectations for pinholes in the session's books. */
static int pinhole_make(struct pinhole_net *pn, struct pinhole * const *p,
			const struct pinhole_request *req)
{
	struct nf_conntrack_expect *exp[APPGW_PINHOLE_PORTS_MAX] __uninitialized;
	int ret, i;

	/* the connection's end either sees the pinhole, or was here first */
	smp_mb();
	if (nf_ct_is_dying(req->ct))
		return -ESHUTDOWN;

	ret = req->media ? appgw_expect_media(req, exp) : appgw_expect(req, exp);
	if (ret < 0)
		return ret;

	spin_lock(&pn->lock);
	for (i = 0; i < req->count; i++) {
		p[i]->public_port = ret + i;
		if (req->lasting)
			appgw_lasting_opened(pn, p[i], req, exp[i]);
		if (req->media)
			p[i]->media->exp = exp[i];
		/* its connection may have come to its end meanwhile */
		if (!pinhole_is_open(p[i]))
			appgw_books_drop(p[i]);
		appgw_books_opened(pn, p[i]);
	}
	spin_unlock(&pn->lock);
	if (!req->media && !req->lasting)
		nf_ct_expect_put(exp[0]);
	return ret;
}

/* Say what would have been opened, and does nothing. */
static int pinhole_pretend(struct pinhole_net *pn, struct appgw_session *s,
			   const struct pinhole_request *req)
{
	struct appgw_event event;
	struct pinhole *p;
	int i;

	if (!req->beside)
		appgw_pinhole_close(s, req->ct, APPGW_STAT_REPLACED);
	p = appgw_pinhole_new(req);
	if (!p)
		return -ENOMEM;
	for (i = 0; i < req->count; i++) {
		appgw_pinhole_fill(p, s, req, i);
		appgw_pinhole_event(p, &event);
		event.dry_run = true;
		appgw_pinhole_report(pn->net, &event, APPGW_EVENT_OPENED,
				     APPGW_STAT_OPENED);
	}
	appgw_pinhole_free(p);
	return req->port;
}

/**
 * appgw_pinhole_why() - find the counter of a failure
 * @err: what appgw_pinhole_open() has returned
 *
 * Return: counter
 */
enum appgw_stat appgw_pinhole_why(int err)
{
	switch (err) {
	case -ESHUTDOWN:
	case -ENOMEM:	return APPGW_STAT_FAILED;
	case -EDQUOT:	return APPGW_STAT_REFUSED_QUOTA;
	case -EBUSY:
	case -EALREADY:	return APPGW_STAT_REFUSED_TAKEN;
	default:	return APPGW_STAT_REFUSED_FULL;
	}
}

/**
 * appgw_pinhole_forget() - strike a session's pinholes off the books
 * @net: namespace of the session; its connection may be gone
 * @s: the session, locked or not
 * @reason: what to count for each that was neither used nor expired
 *
 * Expectations are left to conntrack, which ends them with the connection.
 */
void appgw_pinhole_forget(const struct net *net, struct appgw_session *s,
			  enum appgw_stat reason)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);
	struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		appgw_books_shut(pn, p, reason);
	appgw_books_prune(s);
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_pinhole_close() - close what is open, at once
 * @s: session of @ct
 * @ct: the control connection
 * @reason: what to count
 *
 * A data connection that is there already goes on.
 */
void appgw_pinhole_close(struct appgw_session *s, struct nf_conn *ct,
			 enum appgw_stat reason)
{
	if (!READ_ONCE(s->pinhole))
		return;
	nf_ct_remove_expectations(ct);
	appgw_pinhole_forget(nf_ct_net(ct), s, reason);
}

/**
 * appgw_pinhole_find() - find the pinhole that was announced with a port
 * @s: the session
 * @net: its namespace
 * @dir: direction in which the pinhole was announced
 * @own: announcer's own port, host byte order; 0 if it is @public that is known
 * @public: the one the peer was told
 *
 * Return: as appgw_books_find()
 */
bool appgw_pinhole_find(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u16 *own, u16 *public)
{
	return appgw_books_find(s, net, dir, own, public);
}

/**
 * appgw_pinhole_cancel() - close one that its peer will not be told of
 * @s: session of @ct
 * @ct: the control connection
 * @dir: direction in which it was announced
 * @daddr: address it is for
 * @public: its public port, host byte order
 * @reason: what to count
 */
void appgw_pinhole_cancel(struct appgw_session *s, struct nf_conn *ct,
			  enum ip_conntrack_dir dir,
			  const union nf_inet_addr *daddr, u16 public,
			  enum appgw_stat reason)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct nf_conntrack_tuple tuple = {
		.src.l3num		= nf_ct_l3num(ct),
		.dst.u3			= *daddr,
		.dst.u.tcp.port		= htons(public),
		.dst.protonum		= IPPROTO_TCP,
	};
	struct nf_conntrack_expect *exp;
	struct pinhole *p;

	exp = nf_ct_expect_find_get(nf_ct_net(ct), nf_ct_zone(ct), &tuple);
	if (exp) {
		if (exp->master == ct)
			nf_ct_unexpect_related(exp);
		nf_ct_expect_put(exp);
	}
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (p->dir == dir && p->public_port == public)
			appgw_books_shut(pn, p, reason);
	appgw_books_prune(s);
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_pinhole_name() - say what an announcement belongs to
 * @s: the session
 * @net: its namespace
 * @dir: direction in which it was announced
 * @mark: sender's number of the announcement
 * @session: what it belongs to
 */
void appgw_pinhole_name(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u32 mark, u32 session)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);
	struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (p->dir == dir && p->mark == mark)
			p->session = session;
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_pinhole_close_named() - close what belongs together
 * @s: session of @ct
 * @ct: the control connection
 * @session: what it belongs to, not 0
 * @reason: what to count
 */
void appgw_pinhole_close_named(struct appgw_session *s, struct nf_conn *ct,
			       u32 session, enum appgw_stat reason)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	enum ip_conntrack_dir dir;
	struct pinhole *p;
	u16 public;

	while (READ_ONCE(s->pinhole)) {
		spin_lock_bh(&pn->lock);
		for (p = s->pinhole; p; p = p->next)
			if (pinhole_is_open(p) && p->session == session)
				break;
		if (p) {
			dir = p->dir;
			public = p->public_port;
		}
		spin_unlock_bh(&pn->lock);
		if (!p)
			break;
		appgw_pinhole_cancel(s, ct, dir,
				     &ct->tuplehash[!dir].tuple.dst.u3, public,
				     reason);
	}
}

/* Close what was open for the same ports: nobody listens twice on one. */
static void pinhole_replace(struct pinhole_net *pn, struct appgw_session *s,
			    const struct pinhole_request *req)
{
	unsigned int i;

	for (i = 0; i < req->count; i++) {
		u16 own = req->port + i, public = 0;

		if (!appgw_books_find(s, pn->net, req->dir, &own, &public))
			continue;
		/* else nothing would end its media when the new one is closed */
		if (req->media)
			appgw_media_replace(s, req->ct, req->dir, public);
		else
			appgw_pinhole_cancel(s, req->ct, req->dir, req->daddr,
					     public, APPGW_STAT_REPLACED);
	}
}

/* Find memory for port @i of those asked for, and enters it into the books. */
static struct pinhole *pinhole_enter_new(struct pinhole_net *pn,
					 struct appgw_session *s,
					 const struct pinhole_request *req,
					 unsigned int i)
{
	struct pinhole *p, *spare = NULL;

	if (!req->beside && READ_ONCE(s->pinhole)) {
		nf_ct_remove_expectations(req->ct);
	} else {
		spare = appgw_pinhole_new(req);
		if (!spare)
			return ERR_PTR(-ENOMEM);
	}
	p = pinhole_enter(pn, s, spare, req, i);
	if (spare && p != spare)
		appgw_pinhole_free(spare);
	return p;
}

/* Find the pinhole that lasts and is there already; return its public port, 0 if there
 * is none.
 */
static int pinhole_again(struct pinhole_net *pn,
			 const struct pinhole_request *req)
{
	struct pinhole *p;
	int public = 0;

	spin_lock_bh(&pn->lock);
	p = appgw_lasting_find(pn, req);
	if (p) {
		p->lasting->timeout = req->timeout_s * HZ;
		p->lasting->in_return = req->in_return;
		if (appgw_lasting_prolong(pn, p))
			public = p->public_port;
		else
			appgw_books_end(pn, p, APPGW_EVENT_CLOSED,
					APPGW_STAT_CLOSED);
	}
	spin_unlock_bh(&pn->lock);
	return public;
}

/* Close the one that leads somebody else where @req would. */
static void pinhole_displace(struct pinhole_net *pn,
			     const struct pinhole_request *req)
{
	struct pinhole *p;

	spin_lock_bh(&pn->lock);
	p = appgw_lasting_find_rival(pn, req);
	if (p)
		appgw_books_end(pn, p, APPGW_EVENT_CLOSED, APPGW_STAT_REPLACED);
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_pinhole_open() - let one data connection in, for each port
 * @s: session of @req->ct; the pinhole it had is closed, and if @req->beside
 *	only the one for the same port
 * @req: from whom, to where
 *
 * From the peer's address and any port of it, to one port, once, for as long as
 * @req says or as a session about media lives. Address and port have been
 * checked by the caller. Of those that last, one that is there already begins its time
 * anew.
 *
 * Return: the first public port (host byte order) that the peer must be told,
 * -EBUSY if no port is free, -EDQUOT if that is one too many for the
 * connection, the host or the namespace, -EMFILE if conntrack's table of
 * expectations is full, -ESHUTDOWN if the connection has just ended, -ENOMEM
 */
int appgw_pinhole_open(struct appgw_session *s,
		       const struct pinhole_request *req)
{
	struct pinhole_net *pn = appgw_net_generic(nf_ct_net(req->ct),
						   appgw_pinhole_net_id);
	struct pinhole *p[APPGW_PINHOLE_PORTS_MAX] __uninitialized;
	int ret = 0, n;

	lockdep_assert_held(&s->lock);

	if (req->policy->dry_run)
		return pinhole_pretend(pn, s, req);
	if (req->lasting)
		ret = pinhole_again(pn, req);
	if (ret)
		return ret;
	if (req->control)
		pinhole_displace(pn, req);
	if (req->beside && !req->lasting)
		pinhole_replace(pn, s, req);
	if (req->media && !appgw_media_has_room(s, req->ct))
		return -EDQUOT;
	for (n = 0; n < req->count; n++) {
		p[n] = pinhole_enter_new(pn, s, req, n);
		ret = PTR_ERR_OR_ZERO(p[n]);
		if (ret)
			break;
	}
	if (!ret)
		ret = pinhole_make(pn, p, req);
	while (ret < 0 && n--)
		pinhole_withdraw(pn, s, p[n]);
	return ret;
}

/**
 * appgw_pinhole_count() - count the open pinholes of a session
 * @s: session; not locked, so nothing is taken away
 * @net: its namespace
 *
 * Return: number of them
 */
unsigned int appgw_pinhole_count(struct appgw_session *s, const struct net *net)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);
	const struct pinhole *p;
	unsigned int open = 0;

	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		open += pinhole_is_open(p);
	spin_unlock_bh(&pn->lock);
	return open;
}

static int pinhole_put(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct pinhole *p)
{
	struct appgw_event_times times = {
		.opened = p->opened,
		.came = p->is_media ? p->media->came : 0,
	};
	struct appgw_event event;

	if (pinhole_is_open(p))
		times.expires = ktime_get_real_ns() +
			jiffies_to_nsecs(max(0, pinhole_left(p)));
	appgw_pinhole_event(p, &event);
	event.type = APPGW_EVENT_OPENED;
	event.reason = APPGW_STAT_OPENED;
	return appgw_event_put(skb, cb, &event, &times);
}

/**
 * appgw_pinhole_dump() - answer APPGW_CMD_PINHOLE_GET
 * @skb: message
 * @cb: dump; args[0] counts those that have been told of
 *
 * Those that are open come first, then those for media that has come.
 *
 * Return: bytes in @skb
 */
int appgw_pinhole_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pinhole_net *pn = appgw_pinhole_net(sock_net(skb->sk));
	const struct pinhole_media *media;
	struct pinhole *p;
	long at = 0;
	int i;

	spin_lock_bh(&pn->lock);
	appgw_books_expire(pn);
	for (p = pinhole_first(pn); p; p = pinhole_behind(p)) {
		if (at++ < cb->args[0])
			continue;
		if (pinhole_put(skb, cb, p))
			goto full;
	}
	for (i = 0; pn->tables && i < ARRAY_SIZE(pn->tables->mapped); i++) {
		hlist_for_each_entry(media, &pn->tables->mapped[i], mapped) {
			p = media->pinhole;
			if (pinhole_is_open(p) || at++ < cb->args[0])
				continue;
			if (pinhole_put(skb, cb, p))
				goto full;
		}
	}
	at++;
full:
	cb->args[0] = at - 1;
	spin_unlock_bh(&pn->lock);
	return skb->len;
}

static int __net_init pinhole_net_init(struct net *net)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);

	spin_lock_init(&pn->lock);
	pn->net = net;
	pn->hosts = RB_ROOT;
	pn->hosts6 = RB_ROOT;
	pn->open = RB_ROOT_CACHED;
	INIT_DELAYED_WORK(&pn->expire, appgw_books_work);
	appgw_watch_init(pn);
	return 0;
}

static void __net_exit pinhole_net_pre_exit(struct net *net)
{
	appgw_watch_exit(appgw_pinhole_net(net));
}

/* Take the books away. The sessions that are left have been stripped of their
 * pinholes, and none opens one any more, so the work isn't scheduled again.
 */
static void __net_exit pinhole_net_exit(struct net *net)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);

	cancel_delayed_work_sync(&pn->expire);
	appgw_arrive_exit(pn);
	kfree(pn->tables);
	pn->tables = NULL;
}

static struct pernet_operations pinhole_net_ops = {
	.init	= pinhole_net_init,
	.pre_exit = pinhole_net_pre_exit,
	.exit	= pinhole_net_exit,
	.id	= &appgw_pinhole_net_id,
	.size	= sizeof(struct pinhole_net),
};

/**
 * appgw_pinhole_init() - keep books, in every namespace
 *
 * Return: 0 or -errno
 */
int appgw_pinhole_init(void)
{
	return register_pernet_subsys(&pinhole_net_ops);
}

/**
 * appgw_pinhole_exit() - take the books away
 */
void appgw_pinhole_exit(void)
{
	unregister_pernet_subsys(&pinhole_net_ops);
}
