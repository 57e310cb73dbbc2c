// SPDX-License-Identifier: GPL-2.0-only
/* Media that stays out because it comes from another port than the server has
 * named, or to the one behind a port that the client has named alone: told once a
 * pinhole, or nobody would know what to look for.
 *
 * Only what begins a flow of datagrams is looked at, and no packet at all before
 * a namespace has had such a pinhole.
 */

#include <linux/netfilter_ipv4.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>

#include "watch.h"

/* Find where a pinhole is looked for; the two ports of a stream have the same
 * place.
 */
static struct hlist_head *watch_bucket(struct pinhole_tables *tables,
				       u16 public)
{
	return &tables->watched[public >> 1 & ((1 << PINHOLE_WATCHED_BITS) - 1)];
}

/**
 * appgw_watch_add() - look out for media that comes from other ports
 * @pn: the books, locked
 * @p: a pinhole whose expectations name a port
 */
void appgw_watch_add(struct pinhole_net *pn, struct pinhole *p)
{
	lockdep_assert_held(&pn->lock);

	hlist_del_init(&p->media->watched);
	hlist_add_head(&p->media->watched,
		       watch_bucket(pn->tables, p->public_port));
	if (!pn->watching && !pn->closing)
		schedule_work(&pn->watch);
}

static bool watch_is_from(const struct nf_conntrack_expect *exp,
			  const union nf_inet_addr *addr)
{
	return exp && nf_inet_addr_cmp(&exp->tuple.src.u3, addr);
}

/* Tell if @port is where its media come to, or RTCP to RTP's, which is alone. */
static bool watch_is_to(const struct pinhole *p, u16 port)
{
	u16 public = p->public_port;

	return port == public || (p->media->alone && !p->media->index &&
				  !(public & 1) && port == public + 1);
}

/* Tell if a flow that nothing expects would have come through @p, but for the
 * ports.
 */
static bool watch_is_meant(const struct pinhole *p,
			   const struct nf_conntrack_tuple *t)
{
	struct endpoint public = pinhole_public(p);

	return watch_is_to(p, ntohs(t->dst.u.udp.port)) &&
	       appgw_endpoint_is(&public, t->src.l3num, &t->dst.u3) &&
	       (watch_is_from(p->media->exp, &t->src.u3) ||
		watch_is_from(p->media->second, &t->src.u3));
}

/* Count it, and says so. */
static void watch_tell(const struct pinhole_net *pn, const struct pinhole *p,
		       const struct nf_conntrack_tuple *t)
{
	struct appgw_event event;

	appgw_pinhole_event(p, &event);
	event.type = APPGW_EVENT_REFUSED;
	event.reason = APPGW_STAT_REFUSED_SOURCE;
	appgw_endpoint(&event.peer, t->src.l3num, &t->src.u3,
		       ntohs(t->src.u.udp.port));
	appgw_stat_inc(pn->net, event.reason);
	appgw_event_send(pn->net, &event);
}

static noinline void watch_flow(const struct net *net,
				const struct nf_conntrack_tuple *t)
{
	struct pinhole_net *pn = appgw_pinhole_net(net);
	struct pinhole_tables *tables = READ_ONCE(pn->tables);
	struct hlist_head *bucket;
	struct pinhole_media *media;

	if (!tables)
		return;
	bucket = watch_bucket(tables, ntohs(t->dst.u.udp.port));
	if (hlist_empty(bucket))
		return;
	spin_lock_bh(&pn->lock);
	hlist_for_each_entry(media, bucket, watched) {
		if (!watch_is_meant(media->pinhole, t))
			continue;
		hlist_del_init(&media->watched);
		watch_tell(pn, media->pinhole, t);
		break;
	}
	spin_unlock_bh(&pn->lock);
}

static unsigned int watch_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	const struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (ct && ctinfo == IP_CT_NEW && !nf_ct_is_confirmed(ct) &&
	    nf_ct_protonum(ct) == IPPROTO_UDP)
		watch_flow(state->net,
			   &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple);
	return NF_ACCEPT;
}

/* Before firewalls drop it. */
static const struct nf_hook_ops watch_ops[] = {
	{
		.hook		= watch_hook,
		.pf		= NFPROTO_INET,
		.hooknum	= NF_INET_PRE_ROUTING,
		.priority	= NF_IP_PRI_CONNTRACK + 1,
	},
};

/* Begin to look at packets. That fails for want of memory only, and is tried again
 * for the next pinhole.
 */
static void watch_work(struct work_struct *work)
{
	struct pinhole_net *pn = container_of(work, struct pinhole_net, watch);

	if (pn->watching ||
	    nf_register_net_hooks(pn->net, watch_ops, ARRAY_SIZE(watch_ops)))
		return;
	spin_lock_bh(&pn->lock);
	pn->watching = true;
	spin_unlock_bh(&pn->lock);
}

/**
 * appgw_watch_init() - be ready to look at packets
 * @pn: books
 */
void appgw_watch_init(struct pinhole_net *pn)
{
	INIT_WORK(&pn->watch, watch_work);
}

/**
 * appgw_watch_exit() - look at packets no more
 * @pn: books, which stay until no packet is in the hook any more
 */
void appgw_watch_exit(struct pinhole_net *pn)
{
	spin_lock_bh(&pn->lock);
	pn->closing = true;
	spin_unlock_bh(&pn->lock);
	cancel_work_sync(&pn->watch);
	if (pn->watching)
		nf_unregister_net_hooks(pn->net, watch_ops,
					ARRAY_SIZE(watch_ops));
}
