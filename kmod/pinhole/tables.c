// SPDX-License-Identifier: GPL-2.0-only
/* Pinholes: where what is remembered of them is found, when they expire, and how it is
 * told what has become of one.
 */

#include <linux/jiffies.h>
#include <net/netns/generic.h>

#include "helper/helper.h"
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
 * appgw_pinhole_endpoint() - find an endpoint of a pinhole
 * @p: pinhole
 * @which: its address
 * @af: which family that is of
 * @port: port, host byte order
 *
 * Return: endpoint
 */
struct endpoint appgw_pinhole_endpoint(const struct pinhole *p, enum pinhole_addr which,
				       enum appgw_af af, u16 port)
{
	struct endpoint ep = { .af = af, .port = port };

	if (p->wide)
		memcpy(ep.addr, p->addr + which * APPGW_ADDR_LEN_IPV6, APPGW_ADDR_LEN_IPV6);
	else
		memcpy(ep.addr, p->addr + which * APPGW_ADDR_LEN_IPV4, APPGW_ADDR_LEN_IPV4);
	return ep;
}

/* Find the control connection, in its original direction. */
static struct nf_conntrack_tuple pinhole_control(const struct pinhole *p)
{
	enum appgw_af af = appgw_af(p->l3num);
	struct endpoint client = appgw_pinhole_endpoint(p, PINHOLE_ADDR_CLIENT, af, 0);
	struct endpoint server = appgw_pinhole_endpoint(p, PINHOLE_ADDR_SERVER, af, 0);
	struct nf_conntrack_tuple tuple = {
		.src.u.all	= p->client_port,
		.src.l3num	= p->l3num,
		.dst.u.all	= p->server_port,
		.dst.protonum	= p->control,
	};

	memcpy(&tuple.src.u3, client.addr, sizeof(tuple.src.u3));
	memcpy(&tuple.dst.u3, server.addr, sizeof(tuple.dst.u3));
	return tuple;
}

/**
 * appgw_pinhole_event() - fill in an event about a pinhole
 * @p: pinhole, locked; its kind is pointed to
 * @event: set, but for type and reason
 */
void appgw_pinhole_event(const struct pinhole *p, struct appgw_event *event)
{
	*event = (struct appgw_event){
		.helper		= appgw_helper_row(p->helper)->name,
		.kind		= p->kind[0] ? p->kind : NULL,
		.control	= pinhole_control(p),
		.announced	= pinhole_announced(p),
		.public		= pinhole_public(p),
		.peer		= pinhole_peer(p),
		.has_announced	= true,
		.has_pinhole	= true,
		.taken		= p->taken,
		.protonum	= p->protonum,
	};
}

/* Tell those who listen what has become of a pinhole. */
static noinline void pinhole_tell(struct net *net, const struct pinhole *p,
				  u8 type, enum appgw_stat reason)
{
	struct appgw_event event;

	appgw_pinhole_event(p, &event);
	event.type = type;
	event.reason = reason;
	appgw_event_send(net, &event);
}

/**
 * appgw_pinhole_tell() - count what has become of a pinhole, and tell of it
 * @net: its namespace
 * @p: pinhole, locked
 * @type: enum appgw_event_type
 * @reason: counter
 */
void appgw_pinhole_tell(struct net *net, const struct pinhole *p, u8 type,
			enum appgw_stat reason)
{
	appgw_stat_inc_bh(net, reason);
	if (appgw_event_is_heard(net))
		pinhole_tell(net, p, type, reason);
}

/**
 * appgw_pinhole_set_addr() - fill in an address of a pinhole
 * @p: pinhole; wide if that is an address of IPv6
 * @which: address
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: what it is, in network byte order
 */
void appgw_pinhole_set_addr(struct pinhole *p, enum pinhole_addr which, u16 l3num,
			    const void *addr)
{
	u8 *at;

	if (!p->wide) {
		memcpy(p->addr + which * APPGW_ADDR_LEN_IPV4, addr, APPGW_ADDR_LEN_IPV4);
		return;
	}
	at = p->addr + which * APPGW_ADDR_LEN_IPV6;
	memset(at, 0, APPGW_ADDR_LEN_IPV6);
	memcpy(at, addr, l3num == NFPROTO_IPV4 ? APPGW_ADDR_LEN_IPV4 : APPGW_ADDR_LEN_IPV6);
}

/**
 * appgw_pinhole_set_peer() - remember where a data connection comes from
 * @p: pinhole
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: address
 * @port: host byte order; 0 if it is open
 */
void appgw_pinhole_set_peer(struct pinhole *p, u16 l3num,
			    const union nf_inet_addr *addr, u16 port)
{
	appgw_pinhole_set_addr(p, PINHOLE_ADDR_PEER, l3num, addr);
	p->peer_port = port;
	p->peer_af = appgw_af(l3num);
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

static bool pinhole_is_before(struct rb_node *a, const struct rb_node *b)
{
	return (s32)(rb_entry(a, struct pinhole, node)->end -
		     rb_entry(b, struct pinhole, node)->end) < 0;
}

/**
 * appgw_pinhole_leave() - take a pinhole out of those that are open
 * @pn: the pinholes of a namespace, locked
 * @p: one of them
 */
void appgw_pinhole_leave(struct pinhole_net *pn, struct pinhole *p)
{
	if (pn->last == p)
		pn->last = rb_entry_safe(rb_prev(&p->node), struct pinhole, node);
	rb_erase_cached(&p->node, &pn->open);
	RB_CLEAR_NODE(&p->node);
}

/* Let @p, which is not in the tree, stand behind all others. */
static void pinhole_append(struct pinhole_net *pn, struct pinhole *p)
{
	struct rb_node *last = &pn->last->node;

	rb_link_node(&p->node, last, &last->rb_right);
	rb_insert_color_cached(&p->node, &pn->open, false);
	pn->last = p;
}

/**
 * appgw_pinhole_until() - set when a pinhole expires
 * @pn: the pinholes of a namespace, locked
 * @p: one of them; comes to stand where it belongs among those that are open
 * @end: jiffies
 *
 * Most live for the same time, so that the latest is the last one.
 */
void appgw_pinhole_until(struct pinhole_net *pn, struct pinhole *p,
			 unsigned long end)
{
	bool behind;

	lockdep_assert_held(&pn->lock);

	behind = pn->last && (s32)((u32)end - pn->last->end) >= 0;
	if (behind && pn->last == p) {
		p->end = end;
		return;
	}
	if (pinhole_is_open(p))
		appgw_pinhole_leave(pn, p);
	p->end = end;
	if (behind) {
		pinhole_append(pn, p);
		return;
	}
	if (rb_add_cached(&p->node, &pn->open, pinhole_is_before))
		appgw_pinhole_expire_at(pn, end);
	if (!rb_next(&p->node))
		pn->last = p;
}
