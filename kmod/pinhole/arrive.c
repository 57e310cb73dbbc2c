// SPDX-License-Identifier: GPL-2.0-only
/* Data connections on their way through the router: conntrack knows which pinhole a
 * first packet came for before the firewall has seen it. Only when it leaves, or
 * reaches a socket here, the pinhole was of use; one that is dropped on the way is
 * told of, because nothing else would say why no data come.
 */

#include <linux/hash.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>

#include "arrive.h"

/* Nothing takes a packet longer, unless it waits for a program. */
#define ARRIVE_LIMIT		(HZ / 2)

/**
 * struct pinhole_arrival - one that is on its way
 * @bucket: place in pinhole_tables.arriving
 * @node: place in pinhole_tables.arrivals, which is in the order of @due
 * @due: jiffies by which it must have left
 * @ct: the data connection; may be gone, and is compared only
 * @event: event about its pinhole
 * @kind: what @event.kind points to, if there is one
 *
 * Guarded by pinhole_net.lock.
 */
struct pinhole_arrival {
	struct hlist_node bucket;
	struct list_head node;
	unsigned long due;
	const struct nf_conn *ct;
	struct appgw_event event;
	char kind[APPGW_KIND_MAX + 1];
};

static struct hlist_head *arrive_bucket(struct pinhole_tables *tables,
					const struct nf_conn *ct)
{
	return &tables->arriving[hash_ptr(ct, PINHOLE_ARRIVING_BITS)];
}

static void arrive_end(struct pinhole_net *pn, struct pinhole_arrival *a,
		       u8 type, enum appgw_stat reason)
{
	hlist_del(&a->bucket);
	list_del(&a->node);
	appgw_pinhole_report(pn->net, &a->event, type, reason);
	kfree(a);
}

/* End all of @ct, which may have several pinholes if they are for media. */
static void arrive_end_all(struct pinhole_net *pn, const struct nf_conn *ct,
			   u8 type, enum appgw_stat reason)
{
	struct pinhole_arrival *a;
	struct hlist_node *next;

	if (!pn->tables)
		return;
	hlist_for_each_entry_safe(a, next, arrive_bucket(pn->tables, ct), bucket)
		if (a->ct == ct)
			arrive_end(pn, a, type, reason);
}

/**
 * appgw_arrive_begin() - a data connection has come
 * @pn: the books, locked
 * @ct: the connection
 *
 * If another one is on its way that was where this one is now in memory, that has
 * been dropped.
 */
void appgw_arrive_begin(struct pinhole_net *pn, const struct nf_conn *ct)
{
	lockdep_assert_held(&pn->lock);

	arrive_end_all(pn, ct, APPGW_EVENT_BLOCKED, APPGW_STAT_BLOCKED);
}

/**
 * appgw_arrive_add() - it has come through a pinhole
 * @pn: the books, locked
 * @ct: the connection
 * @p: the pinhole, which may be another one's as soon as the lock is free
 *
 * Without memory it counts as one that has left already.
 */
void appgw_arrive_add(struct pinhole_net *pn, const struct nf_conn *ct,
		      struct pinhole *p)
{
	struct pinhole_arrival *a;

	lockdep_assert_held(&pn->lock);

	a = kmalloc(sizeof(*a), GFP_ATOMIC);
	if (!a) {
		appgw_pinhole_tell(pn->net, p, APPGW_EVENT_USED,
				   APPGW_STAT_USED);
		return;
	}
	a->ct = ct;
	a->due = jiffies + ARRIVE_LIMIT;
	appgw_pinhole_event(p, &a->event);
	memcpy(a->kind, p->kind, sizeof(a->kind));
	if (a->event.kind)
		a->event.kind = a->kind;
	hlist_add_head(&a->bucket, arrive_bucket(pn->tables, ct));
	list_add_tail(&a->node, &pn->tables->arrivals);
	if (list_is_first(&a->node, &pn->tables->arrivals))
		appgw_pinhole_expire_at(pn, a->due);
}

/**
 * appgw_arrive_left() - the first packet of a connection is about to leave
 * @ct: the connection, which has a master
 */
void appgw_arrive_left(const struct nf_conn *ct)
{
	struct pinhole_net *pn = appgw_pinhole_net(nf_ct_net(ct));
	struct pinhole_tables *tables;

	/* pairs with the release where they are made */
	tables = smp_load_acquire(&pn->tables);
	/* it is this very packet that would have been entered there */
	if (!tables || list_empty_careful(&tables->arrivals))
		return;
	spin_lock_bh(&pn->lock);
	arrive_end_all(pn, ct, APPGW_EVENT_USED, APPGW_STAT_USED);
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_arrive_expire() - end those that have not left in time
 * @pn: the books, locked
 */
void appgw_arrive_expire(struct pinhole_net *pn)
{
	struct pinhole_arrival *a, *next;

	lockdep_assert_held(&pn->lock);

	if (!pn->tables)
		return;
	list_for_each_entry_safe(a, next, &pn->tables->arrivals, node) {
		if (time_before(jiffies, a->due)) {
			appgw_pinhole_expire_at(pn, a->due);
			break;
		}
		arrive_end(pn, a, APPGW_EVENT_BLOCKED, APPGW_STAT_BLOCKED);
	}
}

/**
 * appgw_arrive_exit() - forget those that are left
 * @pn: the books, to which nobody adds any more
 */
void appgw_arrive_exit(struct pinhole_net *pn)
{
	struct pinhole_arrival *a, *next;

	if (!pn->tables)
		return;
	list_for_each_entry_safe(a, next, &pn->tables->arrivals, node)
		kfree(a);
}
