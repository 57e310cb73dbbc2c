// SPDX-License-Identifier: GPL-2.0-only
/* Events: tell over generic netlink what an administrator may want to know, as
 * many a second as somebody can read. include/uapi/linux/nf_appgw.h says what the
 * messages look like.
 */

#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <net/genetlink.h>
#include <net/netns/generic.h>

#include "event.h"
#include "genl.h"
#include "net.h"

/* The only multicast group of the family, see control/netlink.c */
#define EVENT_GROUP	0

/* Room for an event: five endpoints of IPv6, three names and what numbers and nests
 * take. A whole page would be cleared, and left again for less when the event is sent.
 */
#define EVENT_ROOM	448

/**
 * struct event_net - count the events that a namespace has sent
 * @lock: guards the rest
 * @second: jiffies / HZ at which @sent began at 0
 * @sent: events since then
 * @lost: events left out since the last one that was sent
 */
struct event_net {
	spinlock_t lock;
	unsigned long second;
	unsigned int sent;
	u32 lost;
};

static unsigned int event_net_id __read_mostly;

/* Write a time, unless it is 0. */
static int event_put_time(struct sk_buff *skb, int type, u64 ns)
{
	return ns ? nla_put_u64_64bit(skb, type, ns, APPGW_EVENT_PAD) : 0;
}

/* Write @event. @times are those of a pinhole that is listed; NULL for what happens
 * now.
 */
static int event_put_attrs(struct sk_buff *skb, const struct appgw_event *event,
			   const struct appgw_event_times *times, u32 lost)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_EVENT);

	if (!nest ||
	    nla_put_u8(skb, APPGW_EVENT_TYPE, event->type) ||
	    event_put_time(skb, APPGW_EVENT_TIME,
			   times ? times->opened : ktime_get_real_ns()) ||
	    (times &&
	     (event_put_time(skb, APPGW_EVENT_EXPIRES, times->expires) ||
	      event_put_time(skb, APPGW_EVENT_CAME, times->came))) ||
	    nla_put_string(skb, APPGW_EVENT_REASON,
			   appgw_stat_name(event->reason)) ||
	    (event->helper &&
	     nla_put_string(skb, APPGW_EVENT_HELPER, event->helper)) ||
	    (event->kind &&
	     nla_put_string(skb, APPGW_EVENT_KIND, event->kind)) ||
	    appgw_genl_put_control(skb, APPGW_EVENT_CLIENT,
				   APPGW_EVENT_SERVER, &event->control) ||
	    (event->has_announced &&
	     appgw_genl_put_end(skb, APPGW_EVENT_ANNOUNCED, &event->announced)) ||
	    (event->has_pinhole &&
	     (appgw_genl_put_end(skb, APPGW_EVENT_PUBLIC, &event->public) ||
	      appgw_genl_put_end(skb, APPGW_EVENT_PEER, &event->peer))) ||
	    (event->protonum &&
	     nla_put_u8(skb, APPGW_EVENT_PROTO, event->protonum)) ||
	    (lost && nla_put_u32(skb, APPGW_EVENT_LOST, lost)) ||
	    (event->taken && nla_put_flag(skb, APPGW_EVENT_TAKEN)) ||
	    (event->dry_run && nla_put_flag(skb, APPGW_EVENT_DRY_RUN)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Tell if another event may go out now; set @lost to how many did not before it. */
static bool event_may_send(struct event_net *en, u32 *lost)
{
	unsigned long second = jiffies / HZ;
	bool may;

	spin_lock_bh(&en->lock);
	if (en->second != second) {
		en->second = second;
		en->sent = 0;
	}
	may = en->sent < APPGW_EVENTS_PER_S;
	if (may) {
		en->sent++;
		*lost = en->lost;
		en->lost = 0;
	} else {
		en->lost++;
	}
	spin_unlock_bh(&en->lock);
	return may;
}

static void event_add_lost(struct event_net *en, u32 lost)
{
	spin_lock_bh(&en->lock);
	en->lost += lost;
	spin_unlock_bh(&en->lock);
}

/* Tell if no more events may go out now. */
static bool event_is_full(const struct event_net *en)
{
	unsigned long second = jiffies / HZ;

	return READ_ONCE(en->second) == second &&
	       READ_ONCE(en->sent) >= APPGW_EVENTS_PER_S;
}

/**
 * appgw_event_is_heard() - tell if an event of a namespace would be told
 * @net: namespace
 *
 * Call under rcu_read_lock() or with softirqs disabled.
 *
 * Return: false if one need not be filled in: nobody listens, or it would be one too many
 * and is counted
 */
bool appgw_event_is_heard(struct net *net)
{
	struct event_net *en;

	if (!appgw_genl_is_heard(net, EVENT_GROUP))
		return false;
	en = appgw_net_generic(net, event_net_id);
	if (!event_is_full(en))
		return true;
	event_add_lost(en, 1);
	return false;
}

/**
 * appgw_event_send() - tell the multicast group of an event
 * @net: namespace in which it happened
 * @event: what happened
 *
 * Call from any context. What can't be told is counted, and told with the next.
 */
void appgw_event_send(struct net *net, const struct appgw_event *event)
{
	struct event_net *en;
	struct sk_buff *skb;
	void *hdr;
	u32 lost;

	if (!appgw_genl_is_heard(net, EVENT_GROUP))
		return;
	en = net_generic(net, event_net_id);
	if (!event_may_send(en, &lost))
		return;

	skb = genlmsg_new(EVENT_ROOM, GFP_ATOMIC);
	if (!skb)
		goto err_lost;
	hdr = appgw_genl_event(skb, APPGW_CMD_EVENT);
	if (!hdr || event_put_attrs(skb, event, NULL, lost)) {
		nlmsg_free(skb);
		goto err_lost;
	}
	genlmsg_end(skb, hdr);
	appgw_genl_multicast(net, skb, EVENT_GROUP);
	return;

err_lost:
	event_add_lost(en, lost + 1);
}

/**
 * appgw_event_put() - write a message of a dump of pinholes
 * @skb: message
 * @cb: dump
 * @event: event about the pinhole
 * @times: when it was opened, and so on
 *
 * Return: 0 or -EMSGSIZE
 */
int appgw_event_put(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct appgw_event *event,
		    const struct appgw_event_times *times)
{
	void *hdr;

	hdr = appgw_genl_dump(skb, cb, APPGW_CMD_PINHOLE_GET);
	if (!hdr)
		return -EMSGSIZE;
	if (event_put_attrs(skb, event, times, 0)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int __net_init event_net_init(struct net *net)
{
	struct event_net *en = net_generic(net, event_net_id);

	spin_lock_init(&en->lock);
	return 0;
}

static struct pernet_operations event_net_ops = {
	.init	= event_net_init,
	.id	= &event_net_id,
	.size	= sizeof(struct event_net),
};

/**
 * appgw_event_init() - be ready to count events, in every namespace
 *
 * Return: 0 or -errno
 */
int appgw_event_init(void)
{
	return register_pernet_subsys(&event_net_ops);
}

/**
 * appgw_event_exit() - count no events any more
 */
void appgw_event_exit(void)
{
	unregister_pernet_subsys(&event_net_ops);
}
