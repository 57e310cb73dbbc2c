// SPDX-License-Identifier: GPL-2.0-only
/* The books: which pinholes are open, until when, and for which inside host, so that
 * no host can use up what others need.
 */

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>

#include "arrive.h"
#include "books.h"
#include "crowd.h"
#include "helper/session.h"
#include "lasting.h"

static struct rb_root *books_hosts(struct pinhole_net *pn, u8 family)
{
	return family == NFPROTO_IPV4 ? &pn->hosts : &pn->hosts6;
}

/* Tell how many words an address has. */
static unsigned int books_addr_words(u8 family)
{
	return (family == NFPROTO_IPV4 ? APPGW_ADDR_LEN_IPV4 : APPGW_ADDR_LEN_IPV6) /
	       sizeof(u32);
}

/* Tell if @host is the one that has @addr, of so many words, or stands in front of it or
 * behind it: 0, less or more.
 */
static int books_host_order(const struct pinhole_host *host,
			    const union nf_inet_addr *addr, unsigned int words)
{
	unsigned int i;

	for (i = 0; i < words; i++)
		if (host->addr[i] != addr->all[i])
			return host->addr[i] < addr->all[i] ? -1 : 1;
	return 0;
}

/* Tell how many may be open in all when a host that has some asks for one more. */
static u32 books_quota_shared(u32 total)
{
	return total - total / APPGW_QUOTA_NEW_SHARE;
}

/* Find the tables, which a namespace without pinholes doesn't have; NULL without
 * memory.
 */
static struct pinhole_tables *books_tables(struct pinhole_net *pn)
{
	struct pinhole_tables *tables = pn->tables;

	/* a page: one byte more would take two */
	BUILD_BUG_ON(sizeof(*tables) > SZ_4K);
	if (tables)
		return tables;
	tables = kzalloc(sizeof(*tables), GFP_ATOMIC);
	if (!tables)
		return NULL;
	INIT_LIST_HEAD(&tables->arrivals);
	/* complete, for readers without the lock */
	smp_store_release(&pn->tables, tables);
	return tables;
}

/* Count one more for the host that @inside is an address of. */
static struct pinhole_host *books_host_get(struct pinhole_net *pn, u8 family,
					   const union nf_inet_addr *inside,
					   const struct appgw_policy *policy)
{
	struct rb_root *hosts = books_hosts(pn, family);
	struct rb_node **link = &hosts->rb_node, *parent = NULL;
	unsigned int words = books_addr_words(family);
	union nf_inet_addr addr = *inside;
	struct pinhole_host *host;
	int order;

	/* or one of IPv4 would be longer than what it has */
	BUILD_BUG_ON(sizeof(*host) > offsetof(struct pinhole_host, addr) +
				     APPGW_ADDR_LEN_IPV4);
	if (!books_tables(pn))
		return ERR_PTR(-ENOMEM);
	if (family == NFPROTO_IPV6)
		ipv6_addr_prefix(&addr.in6, &inside->in6,
				 policy->quota_ipv6_len);
	while (*link) {
		parent = *link;
		host = rb_entry(parent, struct pinhole_host, node);
		order = books_host_order(host, &addr, words);
		if (order) {
			link = order < 0 ? &parent->rb_right : &parent->rb_left;
			continue;
		}
		if ((policy->quota_host && host->open >= policy->quota_host) ||
		    (policy->quota_total &&
		     pn->count >= books_quota_shared(policy->quota_total)))
			return ERR_PTR(-EDQUOT);
		host->open++;
		return host;
	}

	if (policy->quota_total && pn->count >= policy->quota_total)
		return ERR_PTR(-EDQUOT);
	host = kmalloc(offsetof(struct pinhole_host, addr) + words * sizeof(u32),
		       GFP_ATOMIC);
	if (!host)
		return ERR_PTR(-ENOMEM);
	memcpy(host->addr, &addr, words * sizeof(u32));
	host->open = 1;
	rb_link_node(&host->node, parent, link);
	rb_insert_color(&host->node, hosts);
	return host;
}

/* Count one less for the host of @p. */
static void books_host_put(struct pinhole_net *pn, const struct pinhole *p)
{
	struct pinhole_host *host = p->host;

	if (--host->open)
		return;
	rb_erase(&host->node, books_hosts(pn, p->l3num));
	kfree(host);
}

static void books_unexpect(struct nf_conntrack_expect **exp)
{
	if (!*exp)
		return;
	nf_ct_unexpect_related(*exp);
	nf_ct_expect_put(*exp);
	*exp = NULL;
}

/**
 * appgw_books_drop() - end the expectations of a pinhole for media, or one that lasts
 * @p: pinhole; others end by themselves
 */
void appgw_books_drop(struct pinhole *p)
{
	if (p->is_lasting)
		appgw_lasting_drop(p);
	if (!p->is_media)
		return;
	hlist_del_init(&p->media->watched);
	books_unexpect(&p->media->exp);
	books_unexpect(&p->media->second);
}

/**
 * appgw_books_strike() - take a pinhole out of the books
 * @pn: books, locked
 * @p: pinhole
 *
 * Return: false if it had come to its end already
 */
bool appgw_books_strike(struct pinhole_net *pn, struct pinhole *p)
{
	lockdep_assert_held(&pn->lock);

	if (!pinhole_is_open(p))
		return false;
	appgw_pinhole_leave(pn, p);
	pn->count--;
	appgw_crowd_go(pn, p->public_port);
	books_host_put(pn, p);
	appgw_books_drop(p);
	return true;
}

/**
 * appgw_books_come() - end a pinhole: a connection has come through it
 * @pn: books, locked
 * @p: pinhole
 * @ct: data connection, which is still to leave
 *
 * Return: false if it had come to its end already
 */
bool appgw_books_come(struct pinhole_net *pn, struct pinhole *p,
		      const struct nf_conn *ct)
{
	if (!appgw_books_strike(pn, p))
		return false;
	p->taken = false;
	appgw_arrive_add(pn, ct, p);
	return true;
}

/**
 * appgw_books_end() - end a pinhole, and tell of it
 * @pn: books, locked
 * @p: pinhole
 * @type: enum appgw_event_type
 * @reason: counter
 *
 * Return: false if it had come to its end already
 */
bool appgw_books_end(struct pinhole_net *pn, struct pinhole *p, u8 type,
		     enum appgw_stat reason)
{
	if (!appgw_books_strike(pn, p))
		return false;
	if (type == APPGW_EVENT_CLOSED && pinhole_left(p) <= 0) {
		type = APPGW_EVENT_EXPIRED;
		reason = APPGW_STAT_EXPIRED;
	}
	appgw_pinhole_tell(pn->net, p, type, reason);
	return true;
}

/**
 * appgw_books_shut() - end a pinhole and what it stands for
 * @pn: books, locked
 * @p: pinhole, whether data have come or not
 * @reason: counter
 */
void appgw_books_shut(struct pinhole_net *pn, struct pinhole *p,
		      enum appgw_stat reason)
{
	appgw_books_end(pn, p, APPGW_EVENT_CLOSED, reason);
	if (p->is_media)
		hlist_del_init(&p->media->mapped);
}

/**
 * appgw_books_expire() - end the pinholes whose time is over
 * @pn: books, locked
 */
void appgw_books_expire(struct pinhole_net *pn)
{
	struct pinhole *p, *next;

	for (p = pinhole_first(pn); p && pinhole_left(p) <= 0; p = next) {
		next = pinhole_behind(p);
		if (!p->is_lasting || !appgw_lasting_is_in_use(p) ||
		    !appgw_lasting_prolong(pn, p))
			appgw_books_end(pn, p, APPGW_EVENT_EXPIRED,
					APPGW_STAT_EXPIRED);
	}
}

/**
 * appgw_books_work() - end what has expired, and be there in time for the next
 * @work: struct pinhole_net.expire
 */
void appgw_books_work(struct work_struct *work)
{
	struct pinhole_net *pn = container_of(work, struct pinhole_net,
					      expire.work);
	struct pinhole *first;

	spin_lock_bh(&pn->lock);
	appgw_books_expire(pn);
	appgw_arrive_expire(pn);
	first = pinhole_first(pn);
	if (first)
		appgw_pinhole_expire_at(pn, jiffies + pinhole_left(first));
	spin_unlock_bh(&pn->lock);
}

/* Find the end against whose quota a pinhole counts: the one that NAT hides, else
 * the one that asked for the connection. One that lasts is not over when it has been
 * used, so that a server's would be those of all its clients: it counts against who asked.
 */
static const union nf_inet_addr *
books_inside(const struct pinhole_request *req)
{
	const struct nf_conntrack_tuple *orig, *reply;
	const struct nf_conn *ct = req->ct;

	orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	if (!req->lasting &&
	    nf_inet_addr_cmp(&orig->src.u3, &reply->dst.u3) &&
	    !nf_inet_addr_cmp(&orig->dst.u3, &reply->src.u3))
		return &reply->src.u3;
	return &orig->src.u3;
}

/**
 * appgw_books_add() - count a new pinhole for its host
 * @pn: books, locked
 * @p: pinhole
 * @req: what it is for
 *
 * Return: 0; -EDQUOT if that is one too many, -ENOMEM
 */
int appgw_books_add(struct pinhole_net *pn, struct pinhole *p,
		    const struct pinhole_request *req)
{
	struct pinhole_host *host;

	host = books_host_get(pn, nf_ct_l3num(req->ct), books_inside(req),
			      req->policy);
	if (IS_ERR(host))
		return PTR_ERR(host);
	p->host = host;
	pn->count++;
	return 0;
}

/**
 * appgw_books_opened() - tell that a pinhole is open
 * @pn: books, locked
 * @p: pinhole
 */
void appgw_books_opened(struct pinhole_net *pn, struct pinhole *p)
{
	appgw_crowd_come(pn, p->public_port);
	p->opened = ktime_get_coarse_real_ns();
	appgw_pinhole_tell(pn->net, p, APPGW_EVENT_OPENED,
			   APPGW_STAT_OPENED);
}

/**
 * appgw_books_reopen() - open a pinhole again that was used
 * @pn: books, locked
 * @p: pinhole for media; stays open as long as its session lives
 * @ct: control connection
 *
 * Return: false if there may be no more
 */
bool appgw_books_reopen(struct pinhole_net *pn, struct pinhole *p,
			struct nf_conn *ct)
{
	struct pinhole_request req = {
		.ct = ct, .policy = appgw_policy(pn->net),
	};

	lockdep_assert_held(&pn->lock);

	if (!req.policy || appgw_books_add(pn, p, &req))
		return false;
	appgw_pinhole_until(pn, p, jiffies + p->media->timeout);
	appgw_books_opened(pn, p);
	return true;
}

/* Free a pinhole that somebody may still be looking at. */
static void books_free(struct pinhole *p)
{
	if (p->is_media)
		kfree_rcu(p->media, rcu);
	if (p->is_lasting)
		kfree(p->lasting);
	kfree_rcu(p, rcu);
}

/**
 * appgw_books_prune() - free the pinholes of a session that have come to their end
 * @s: session; the books are locked
 *
 * Return: number of those that have not
 */
unsigned int appgw_books_prune(struct appgw_session *s)
{
	struct pinhole **link = &s->pinhole, *p;
	unsigned int open = 0;

	while ((p = *link)) {
		if (pinhole_is_alive(p)) {
			link = &p->next;
			open += pinhole_is_open(p);
		} else {
			WRITE_ONCE(*link, p->next);
			books_free(p);
		}
	}
	return open;
}

/**
 * appgw_books_find() - the pinhole that was announced with a port
 * @s: the session
 * @net: its namespace
 * @dir: direction in which the pinhole was announced
 * @own: announcer's own port, host byte order; 0 if it is @public that is known
 * @public: the one the peer was told
 *
 * Of those that are open, and those for media that has come.
 *
 * Return: true if there is one; both ports are set then
 */
bool appgw_books_find(struct appgw_session *s, const struct net *net,
		      enum ip_conntrack_dir dir, u16 *own, u16 *public)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);
	struct pinhole *p;

	spin_lock_bh(&pn->lock);
	for (p = s->pinhole; p; p = p->next)
		if (pinhole_is_alive(p) && p->dir == dir &&
		    (*own ? p->announced_port == *own :
			    p->public_port == *public))
			break;
	if (p) {
		*own = p->announced_port;
		*public = p->public_port;
	}
	spin_unlock_bh(&pn->lock);
	return p;
}

/* Tell if a pinhole is for the port @own of a server's, which all of its clients use. */
static bool books_is_shared(const struct pinhole *p, const struct endpoint *own)
{
	struct endpoint announced = pinhole_announced(p);

	return p->dir == IP_CT_DIR_REPLY && announced.af == own->af &&
	       announced.port == own->port &&
	       !memcmp(announced.addr, own->addr, sizeof(own->addr));
}

/**
 * appgw_books_is_taken() - tell if media has come to a public port
 * @net: namespace
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: public address
 * @public: public port, host byte order
 * @own: endpoint that it is to be for; a server has the same one for many clients
 *
 * Return: true if so, in a session that is alive
 */
bool appgw_books_is_taken(const struct net *net, u16 l3num,
			  const union nf_inet_addr *addr, u16 public,
			  const struct endpoint *own)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);
	const struct pinhole_media *media;
	bool taken = false;

	spin_lock_bh(&pn->lock);
	if (!pn->tables)
		goto out;
	hlist_for_each_entry(media, pinhole_mapped(pn, public), mapped) {
		const struct pinhole *p = media->pinhole;
		struct endpoint end = pinhole_public(p);

		taken = end.port == public &&
			appgw_endpoint_is(&end, l3num, addr) &&
			!books_is_shared(p, own);
		if (taken)
			break;
	}
out:
	spin_unlock_bh(&pn->lock);
	return taken;
}
