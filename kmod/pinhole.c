// SPDX-License-Identifier: GPL-2.0-only
/* Pinholes: the books about what is open.
 *
 * Conntrack's expectation (expect.c) does the work. What is kept beside it here
 * says what became of it, to the counters and to whoever listens for events,
 * and how many there are, so that no host can use up what others need.
 */

#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include <net/netns/generic.h>
#include <net/sock.h>

#include "event.h"
#include "expect.h"
#include "pinhole.h"
#include "session.h"

#define PINHOLE_HOST_BITS	8

/**
 * struct pinhole_host - an inside host that has pinholes open
 * @node: place in pinhole_net.hosts
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: its own address
 * @open: how many; the host is freed with the last
 *
 * Guarded by pinhole_net.lock.
 */
struct pinhole_host {
	struct hlist_node node;
	u8 family;
	union nf_inet_addr addr;
	unsigned int open;
};

/**
 * struct pinhole - one of a session
 * @next: another one of it
 * @node: place in pinhole_net.open, which is in the order of @end; empty once
 *	it has come to its end
 * @host: the inside host it counts for
 * @end: jiffies at which it expires
 * @dir: direction in which it was announced
 * @event: what there is to say about it
 * @kind: room for what @event.kind points to
 * @rcu: for its end
 *
 * Owned by its session, which may use it again for the next one, and freed by
 * RCU; guarded by pinhole_net.lock.
 */
struct pinhole {
	struct pinhole *next;
	struct list_head node;
	struct pinhole_host *host;
	unsigned long end;
	enum ip_conntrack_dir dir;
	struct appgw_event event;
	char kind[APPGW_KIND_MAX + 1];
	struct rcu_head rcu;
};

/**
 * struct pinhole_net - the pinholes of a namespace
 * @lock: guards all of it; taken for an announcement, never for other packets
 * @net: the namespace
 * @open: those that are open
 * @count: how many
 * @hosts: inside hosts that have some
 * @expire: takes those out that have expired
 */
struct pinhole_net {
	spinlock_t lock;
	struct net *net;
	struct list_head open;
	unsigned int count;
	struct hlist_head hosts[1 << PINHOLE_HOST_BITS];
	struct delayed_work expire;
};

static unsigned int pinhole_net_id __read_mostly;

static struct pinhole_net *pinhole_net(const struct net *net)
{
	return net_generic(net, pinhole_net_id);
}

static struct hlist_head *pinhole_host_bucket(struct pinhole_net *pn, u8 family,
					      const union nf_inet_addr *addr)
{
	u32 hash = jhash2(addr->all, ARRAY_SIZE(addr->all), family);

	return &pn->hosts[hash & ((1 << PINHOLE_HOST_BITS) - 1)];
}

static struct pinhole_host *pinhole_host_get(struct pinhole_net *pn, u8 family,
					     const union nf_inet_addr *addr,
					     u32 quota)
{
	struct hlist_head *bucket = pinhole_host_bucket(pn, family, addr);
	struct pinhole_host *host;

	hlist_for_each_entry(host, bucket, node) {
		if (host->family != family ||
		    !nf_inet_addr_cmp(&host->addr, addr))
			continue;
		if (quota && host->open >= quota)
			return ERR_PTR(-EDQUOT);
		host->open++;
		return host;
	}

	host = kzalloc(sizeof(*host), GFP_ATOMIC);
	if (!host)
		return ERR_PTR(-ENOMEM);
	host->family = family;
	host->addr = *addr;
	host->open = 1;
	hlist_add_head(&host->node, bucket);
	return host;
}

static void pinhole_host_put(struct pinhole_host *host)
{
	if (--host->open)
		return;
	hlist_del(&host->node);
	kfree(host);
}

static void pinhole_report(struct net *net, struct appgw_event *event, u8 type,
			   enum appgw_stat reason)
{
	appgw_stat_inc(net, reason);
	event->type = type;
	event->reason = reason;
	appgw_event_send(net, event);
}

/* Ends @p unless it has come to its end already. */
static bool pinhole_end(struct pinhole_net *pn, struct pinhole *p, u8 type,
			enum appgw_stat reason)
{
	lockdep_assert_held(&pn->lock);

	if (list_empty(&p->node))
		return false;
	list_del_init(&p->node);
	pn->count--;
	pinhole_host_put(p->host);
	if (type == APPGW_EVENT_CLOSED && time_after_eq(jiffies, p->end)) {
		type = APPGW_EVENT_EXPIRED;
		reason = APPGW_STAT_EXPIRED;
	}
	pinhole_report(pn->net, &p->event, type, reason);
	return true;
}

static void pinhole_expire(struct pinhole_net *pn)
{
	struct pinhole *p, *next;

	list_for_each_entry_safe(p, next, &pn->open, node) {
		if (time_before(jiffies, p->end))
			break;
		pinhole_end(pn, p, APPGW_EVENT_EXPIRED, APPGW_STAT_EXPIRED);
	}
}

static void pinhole_expire_work(struct work_struct *work)
{
	struct pinhole_net *pn = container_of(work, struct pinhole_net,
					      expire.work);
	struct pinhole *first;

	spin_lock_bh(&pn->lock);
	pinhole_expire(pn);
	first = list_first_entry_or_null(&pn->open, struct pinhole, node);
	if (first)
		schedule_delayed_work(&pn->expire,
				      max_t(long, 1, first->end - jiffies));
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_pinhole_used() - strike a pinhole off, its data connection is there
 * @exp: its expectation
 * @ct: the data connection
 */
void appgw_pinhole_used(const struct nf_conntrack_expect *exp,
			const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct appgw_session *s = appgw_session_find(exp->master);
	struct pinhole_net *pn = pinhole_net(nf_ct_net(ct));
	struct pinhole *p;

	if (!s || !READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next) {
		/* it may have made way for the next one just now */
		if (list_empty(&p->node) ||
		    p->event.public.port != ntohs(t->dst.u.tcp.port) ||
		    p->event.announced.port !=
		    ntohs(exp->saved_proto.tcp.port))
			continue;
		appgw_endpoint(&p->event.peer, t->src.l3num, &t->src.u3,
			       ntohs(t->src.u.tcp.port));
		pinhole_end(pn, p, APPGW_EVENT_USED, APPGW_STAT_USED);
		break;
	}
	spin_unlock_bh(&pn->lock);
}

static void pinhole_event(struct pinhole *p, const struct pinhole_request *req)
{
	struct appgw_event *event = &p->event;
	struct nf_conn *ct = req->ct;
	const struct nf_conntrack_tuple *out = &ct->tuplehash[!req->dir].tuple;
	u16 l3num = nf_ct_l3num(ct);

	event->kind = req->kind;
	if (req->anyone) {
		strscpy(p->kind, req->kind, sizeof(p->kind));
		event->kind = p->kind;
	}
	event->control = ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	event->announced = *req->announced;
	appgw_endpoint(&event->public, l3num, req->daddr, req->port);
	if (!req->anyone)
		appgw_endpoint(&event->peer, l3num, &out->src.u3, 0);
	event->has_announced = true;
	event->has_pinhole = true;
	event->dry_run = req->policy->dry_run;
}

/* Whose quota a pinhole counts against: the end that NAT hides, else the one
 * that asked for the connection.
 */
static const union nf_inet_addr *pinhole_inside(const struct nf_conn *ct)
{
	const struct nf_conntrack_tuple *orig, *reply;

	orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	if (nf_inet_addr_cmp(&orig->src.u3, &reply->dst.u3) &&
	    !nf_inet_addr_cmp(&orig->dst.u3, &reply->src.u3))
		return &reply->src.u3;
	return &orig->src.u3;
}

/* Enters @p into the books as a new one, if there may be one more. */
static int pinhole_add(struct pinhole_net *pn, struct pinhole *p,
		       const struct pinhole_request *req)
{
	const struct appgw_policy *policy = req->policy;
	const struct nf_conn *ct = req->ct;
	struct pinhole_host *host;

	if (policy->quota_total && pn->count >= policy->quota_total)
		return -EDQUOT;
	host = pinhole_host_get(pn, nf_ct_l3num(ct), pinhole_inside(ct),
				policy->quota_host);
	if (IS_ERR(host))
		return PTR_ERR(host);
	p->host = host;
	if (list_empty(&pn->open))
		schedule_delayed_work(&pn->expire,
				      APPGW_PINHOLE_TIMEOUT_S * HZ);
	list_add_tail(&p->node, &pn->open);
	pn->count++;
	return 0;
}

/* Frees those of a session that have come to their end; returns how many have
 * not.
 */
static unsigned int pinhole_prune(struct appgw_session *s)
{
	struct pinhole **link = &s->pinhole, *p;
	unsigned int open = 0;

	while ((p = *link)) {
		if (list_empty(&p->node)) {
			WRITE_ONCE(*link, p->next);
			kfree_rcu(p, rcu);
		} else {
			link = &p->next;
			open++;
		}
	}
	return open;
}

/* Makes room for one more pinhole of a session, or chooses the one that makes
 * way. Returns @spare if it is to be used, or -errno.
 */
static struct pinhole *pinhole_choose(struct appgw_session *s,
				      struct pinhole *spare,
				      const struct pinhole_request *req)
{
	struct pinhole *last = s->pinhole;

	if (!req->anyone && last)
		return last;
	/* its connection has come to its end just now */
	if (!spare)
		return ERR_PTR(-ESHUTDOWN);
	if (pinhole_prune(s) >= APPGW_PINHOLES_MAX_GATE)
		return ERR_PTR(-EDQUOT);
	spare->next = s->pinhole;
	WRITE_ONCE(s->pinhole, spare);
	return spare;
}

/* Enters a pinhole into the books before it is there: its data connection may
 * come at once. If the one chosen is open, the new one takes its place.
 */
static struct pinhole *pinhole_enter(struct pinhole_net *pn,
				     struct appgw_session *s,
				     struct pinhole *spare,
				     const struct pinhole_request *req)
{
	struct pinhole *p;
	int ret = 0;

	spin_lock(&pn->lock);
	pinhole_expire(pn);
	p = pinhole_choose(s, spare, req);
	if (IS_ERR(p))
		goto out;
	if (list_empty(&p->node)) {
		ret = pinhole_add(pn, p, req);
	} else {
		pinhole_report(pn->net, &p->event, APPGW_EVENT_CLOSED,
			       APPGW_STAT_REPLACED);
		list_move_tail(&p->node, &pn->open);
	}
	if (ret) {
		if (p == spare)
			WRITE_ONCE(s->pinhole, p->next);
		p = ERR_PTR(ret);
		goto out;
	}
	p->end = jiffies + APPGW_PINHOLE_TIMEOUT_S * HZ;
	p->dir = req->dir;
	pinhole_event(p, req);
out:
	spin_unlock(&pn->lock);
	return p;
}

/* Takes the pinhole out of the books again, as if it had never been. */
static void pinhole_withdraw(struct pinhole_net *pn, struct appgw_session *s,
			     struct pinhole *p)
{
	spin_lock(&pn->lock);
	if (!list_empty(&p->node)) {
		list_del_init(&p->node);
		pn->count--;
		pinhole_host_put(p->host);
	}
	pinhole_prune(s);
	spin_unlock(&pn->lock);
}

/* Makes the expectation for the pinhole in the session's books. */
static int pinhole_make(struct pinhole_net *pn, struct pinhole *p,
			const struct pinhole_request *req)
{
	int ret;

	/* who ends the connection either sees the pinhole, or was here first */
	smp_mb();
	if (nf_ct_is_dying(req->ct))
		return -ESHUTDOWN;

	ret = appgw_expect(req);
	if (ret < 0)
		return ret;

	spin_lock(&pn->lock);
	p->event.public.port = ret;
	pinhole_report(pn->net, &p->event, APPGW_EVENT_OPENED,
		       APPGW_STAT_OPENED);
	spin_unlock(&pn->lock);
	return ret;
}

/* Says what would have been opened, and does nothing. */
static int pinhole_pretend(struct pinhole_net *pn, struct appgw_session *s,
			   const struct pinhole_request *req)
{
	struct pinhole *p;

	if (!req->anyone)
		appgw_pinhole_close(s, req->ct, APPGW_STAT_REPLACED);
	p = kzalloc(sizeof(*p), GFP_ATOMIC);
	if (!p)
		return -ENOMEM;
	pinhole_event(p, req);
	pinhole_report(pn->net, &p->event, APPGW_EVENT_OPENED,
		       APPGW_STAT_OPENED);
	kfree(p);
	return req->port;
}

/* What to count when appgw_pinhole_open() returns @err. */
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
	struct pinhole_net *pn = pinhole_net(net);
	struct pinhole *p;

	if (!READ_ONCE(s->pinhole))
		return;
	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		pinhole_end(pn, p, APPGW_EVENT_CLOSED, reason);
	pinhole_prune(s);
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
 * appgw_pinhole_find() - the open pinhole that was announced with a port
 * @s: the session
 * @net: its namespace
 * @dir: direction in which the pinhole was announced
 * @own: announcer's own port, host byte order; 0 if it is @public that is known
 * @public: the one the peer was told
 *
 * Return: true if there is one; both ports are set then
 */
bool appgw_pinhole_find(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u16 *own, u16 *public)
{
	struct pinhole_net *pn = pinhole_net(net);
	struct pinhole *p;

	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (!list_empty(&p->node) && p->dir == dir &&
		    (*own ? p->event.announced.port == *own :
			    p->event.public.port == *public))
			break;
	if (p) {
		*own = p->event.announced.port;
		*public = p->event.public.port;
	}
	spin_unlock_bh(&pn->lock);
	return p;
}

/**
 * appgw_pinhole_cancel() - close one that its peer will not be told of
 * @s: session of @ct
 * @ct: the control connection
 * @daddr: address it is for
 * @public: its public port, host byte order
 * @reason: what to count
 */
void appgw_pinhole_cancel(struct appgw_session *s, struct nf_conn *ct,
			  const union nf_inet_addr *daddr, u16 public,
			  enum appgw_stat reason)
{
	struct pinhole_net *pn = pinhole_net(nf_ct_net(ct));
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
		if (p->event.public.port == public)
			pinhole_end(pn, p, APPGW_EVENT_CLOSED, reason);
	pinhole_prune(s);
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_pinhole_open() - let one data connection in
 * @s: session of @req->ct; the pinhole it had is closed, and if @req->anyone
 *	only the one for the same port
 * @req: from whom, to where
 *
 * From the peer's address and any port of it, to one port, once, for
 * APPGW_PINHOLE_TIMEOUT_S. Address and port have been checked by the caller.
 *
 * Return: the public port (host byte order) that the peer must be told,
 * -EBUSY if no port is free, -EDQUOT if that is one too many for the
 * connection, the host or the namespace, -EMFILE if conntrack's table of expectations is full,
 * -ESHUTDOWN if the connection has just ended, -ENOMEM
 */
int appgw_pinhole_open(struct appgw_session *s,
		       const struct pinhole_request *req)
{
	struct pinhole_net *pn = pinhole_net(nf_ct_net(req->ct));
	u16 own = req->port, public = 0;
	struct pinhole *p, *spare = NULL;
	int ret;

	lockdep_assert_held(&s->lock);

	if (req->policy->dry_run)
		return pinhole_pretend(pn, s, req);

	/* nobody listens twice on one port */
	if (req->anyone && appgw_pinhole_find(s, pn->net, req->dir, &own,
					      &public))
		appgw_pinhole_cancel(s, req->ct, req->daddr, public,
				     APPGW_STAT_REPLACED);

	if (!req->anyone && READ_ONCE(s->pinhole)) {
		nf_ct_remove_expectations(req->ct);
	} else {
		spare = kzalloc(sizeof(*spare), GFP_ATOMIC);
		if (!spare)
			return -ENOMEM;
		INIT_LIST_HEAD(&spare->node);
	}

	p = pinhole_enter(pn, s, spare, req);
	if (p != spare)
		kfree(spare);
	if (IS_ERR(p))
		return PTR_ERR(p);
	ret = pinhole_make(pn, p, req);
	if (ret < 0)
		pinhole_withdraw(pn, s, p);
	return ret;
}

/* How many pinholes of a session are open. */
unsigned int appgw_pinhole_count(struct appgw_session *s,
				 const struct net *net)
{
	struct pinhole_net *pn = pinhole_net(net);
	unsigned int open;

	spin_lock_bh(&pn->lock);
	open = pinhole_prune(s);
	spin_unlock_bh(&pn->lock);
	return open;
}

/* Answers APPGW_CMD_PINHOLE_GET. */
int appgw_pinhole_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct pinhole_net *pn = pinhole_net(sock_net(skb->sk));
	struct pinhole *p;
	long at = 0;

	spin_lock_bh(&pn->lock);
	pinhole_expire(pn);
	list_for_each_entry(p, &pn->open, node) {
		if (at++ < cb->args[0])
			continue;
		if (appgw_event_put(skb, cb, &p->event)) {
			at--;
			break;
		}
	}
	cb->args[0] = at;
	spin_unlock_bh(&pn->lock);
	return skb->len;
}

static int __net_init pinhole_net_init(struct net *net)
{
	struct pinhole_net *pn = pinhole_net(net);

	spin_lock_init(&pn->lock);
	pn->net = net;
	INIT_LIST_HEAD(&pn->open);
	INIT_DELAYED_WORK(&pn->expire, pinhole_expire_work);
	return 0;
}

/* Connections that end later find an empty queue: none opens a pinhole any
 * more, so nobody schedules the work again.
 */
static void __net_exit pinhole_net_exit(struct net *net)
{
	cancel_delayed_work_sync(&pinhole_net(net)->expire);
}

static struct pernet_operations pinhole_net_ops = {
	.init	= pinhole_net_init,
	.exit	= pinhole_net_exit,
	.id	= &pinhole_net_id,
	.size	= sizeof(struct pinhole_net),
};

int appgw_pinhole_init(void)
{
	return register_pernet_subsys(&pinhole_net_ops);
}

void appgw_pinhole_exit(void)
{
	unregister_pernet_subsys(&pinhole_net_ops);
}
