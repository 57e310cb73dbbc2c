// SPDX-License-Identifier: GPL-2.0-only
/* Pinholes: where what is remembered of them is found, when they expire, and how it is
 * told what has become of one.
 */

#include <linux/jiffies.h>
#include <net/netns/generic.h>

#include "tables.h"

unsigned int appgw_pinhole_net_id __read_mostly;

/**
 * appgw_pinhole_net() - find the pinholes of a namespace
 * @net: namespace
 *
 * Return: books
 */
struct pinhole_net *appgw_pinhole_net(const struct net *net)
{
	return net_generic(net, appgw_pinhole_net_id);
}

/**
 * appgw_pinhole_report() - count what has become of a pinhole, and tell of it
 * @net: its namespace
 * @event: event; type and reason are set here
 * @type: enum appgw_event_type
 * @reason: counter
 */
void appgw_pinhole_report(struct net *net, struct appgw_event *event, u8 type,
			  enum appgw_stat reason)
{
	appgw_stat_inc(net, reason);
	event->type = type;
	event->reason = reason;
	appgw_event_send(net, event);
}

/**
 * appgw_pinhole_expire_at() - have what has expired taken out in time
 * @pn: the pinholes of a namespace, locked
 * @end: jiffies
 */
void appgw_pinhole_expire_at(struct pinhole_net *pn, unsigned long end)
{
	if (delayed_work_pending(&pn->expire) && !time_before(end, pn->due))
		return;
	pn->due = end;
	mod_delayed_work(system_wq, &pn->expire,
			 max_t(long, 1, end - jiffies));
}

/**
 * appgw_pinhole_until() - set when a pinhole expires
 * @pn: the pinholes of a namespace, locked
 * @p: one of them; comes to stand where it belongs among those that are open
 * @end: jiffies
 */
void appgw_pinhole_until(struct pinhole_net *pn, struct pinhole *p,
			 unsigned long end)
{
	struct pinhole *other;

	lockdep_assert_held(&pn->lock);

	p->end = end;
	list_del_init(&p->node);
	/* most are for as long as the last one */
	list_for_each_entry_reverse(other, &pn->open, node)
		if (!time_after(other->end, end))
			break;
	list_add(&p->node, &other->node);
	if (list_is_first(&p->node, &pn->open))
		appgw_pinhole_expire_at(pn, end);
}
