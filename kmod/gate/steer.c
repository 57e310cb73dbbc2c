// SPDX-License-Identifier: GPL-2.0-only
/* Steer: queue the segments that the daemon has to see, and no others.
 *
 * After the filter chains, so that nothing is queued that the firewall drops.
 * Those behind a segment that still waits in the queue go the same way: the
 * stream must leave in order. A reader that drops what is queued, or lets it
 * pass without an answer, does no harm: the lines are read when they leave.
 */

#include <linux/hash.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_nat_helper.h>
#include <net/tcp.h>

#include "core/policy.h"
#include "datagram.h"
#include "gate.h"
#include "helper/session.h"
#include "listener.h"
#include "plan.h"
#include "steer.h"
#include "stream/tcp_segment.h"

/* Behind the filter chains, and before source translation. */
#define STEER_PRIORITY	(NF_IP_PRI_NAT_SRC - 1)

/**
 * struct steer_packet - a segment of a connection that somebody listens to
 * @skb: the packet
 * @ct: the connection
 * @ctinfo: the packet's relation to it
 * @protoff: offset of the TCP header
 * @dataoff: offset of the payload
 * @seq: sender's number of the first byte of payload
 * @len: bytes of payload
 * @data: the payload, in one piece; set where it is looked at
 */
struct steer_packet {
	struct sk_buff *skb;
	struct nf_conn *ct;
	enum ip_conntrack_info ctinfo;
	unsigned int protoff;
	unsigned int dataoff;
	u32 seq;
	u32 len;
	u8 *data;
};

/* Find the header behind those of IPv6. Apart, since what it needs on the stack costs every
 * caller in which it is.
 */
static noinline int steer_protoff6(const struct sk_buff *skb, u8 protonum)
{
	u8 proto = ipv6_hdr(skb)->nexthdr;
	__be16 frag_off;
	int off;

	off = ipv6_skip_exthdr(skb, skb_network_offset(skb) +
			       sizeof(struct ipv6hdr), &proto, &frag_off);
	return proto == protonum ? off : -1;
}

/* Find the header of transport @protonum; return its offset, or -1. */
static inline int steer_protoff(const struct sk_buff *skb, u8 protonum)
{
	if (ip_hdr(skb)->version == 4)
		return skb_network_offset(skb) + ip_hdrlen(skb);
	return steer_protoff6(skb, protonum);
}

/* Find the payload from number @seq on, which is in the segment. */
static struct span steer_from(const struct steer_packet *pkt, u32 seq)
{
	u32 at = seq - pkt->seq;

	return (struct span){ pkt->data + at, pkt->len - at };
}

static bool steer_find_data(struct steer_packet *pkt)
{
	pkt->data = tcp_segment_payload(pkt->skb, pkt->dataoff);
	return pkt->data;
}

/* Put in front of the segment what came before of its line, so that the daemon
 * sees all of it: @len bytes @kept, the first of which has number @seq.
 */
static bool steer_prepend(struct steer_packet *pkt, const u8 *kept, u32 seq,
			  unsigned int len)
{
	u32 n = pkt->seq - seq;
	struct tcphdr *th;
	__be32 be_seq;

	if (!kept || !seq_after(pkt->seq, seq) || seq_after(pkt->seq, seq + len))
		return true;
	/* a segment that is changed is brought together */
	if (!__nf_nat_mangle_tcp_packet(pkt->skb, pkt->ct, pkt->ctinfo,
					pkt->protoff, 0, 0, kept, n, false))
		return false;
	th = (struct tcphdr *)(pkt->skb->data + pkt->protoff);
	be_seq = htonl(seq);
	inet_proto_csum_replace4(&th->check, pkt->skb, th->seq, be_seq, false);
	th->seq = be_seq;
	pkt->seq = seq;
	pkt->len += n;
	appgw_tcp_segment_fit(pkt->skb, pkt->dataoff, nf_ct_l3num(pkt->ct));
	return steer_find_data(pkt);
}

/* Forget the marks of lines that have left. */
static void steer_unmark(struct gate_side *side, u32 next)
{
	int i, n = 0;

	for (i = 0; i < side->marks; i++) {
		if (seq_before(side->mark[i], next))
			continue;
		side->note[n] = side->note[i];
		side->mark[n++] = side->mark[i];
	}
	side->marks = n;
}

/* Keep the start of a line from number @from on, which ends the segment: the rest
 * may come while this waits in the queue. What can announce nothing, or may not
 * be kept back by the gate, is read at once. @safe: how many bytes of it are sure to
 * stay as they are, or -1.
 */
static void steer_keep(struct steer_packet *pkt, struct gate_flow *flow,
		       enum ip_conntrack_dir dir, u32 from, int safe)
{
	unsigned int max = flow->proto->hold_max;
	struct gate_side *side = &flow->side[dir];
	struct span rest = steer_from(pkt, from);
	bool from_client = dir == IP_CT_DIR_ORIGINAL;

	side->tail_len = 0;
	if (!rest.len)
		return;
	if (flow->s->stream[dir].passive)
		safe = -1;
	if (safe >= 0 && safe < (int)rest.len && rest.len - safe <= max) {
		if (!side->tail)
			side->tail = appgw_hold_alloc(max);
		if (side->tail) {
			side->tail_len = rest.len - safe;
			memcpy(side->tail, rest.at + safe, side->tail_len);
			rest.len = safe;
		}
	}
	if (rest.len)
		flow->proto->scan.feed(side->ahead, from_client, rest);
}

/* Read on from number @from to the segment's end, up to which all is queued then if
 * lines that end in it have announcements, or others wait already. Return the
 * announcements' number.
 */
static unsigned int steer_scan(struct steer_packet *pkt, struct gate_flow *flow,
			       enum ip_conntrack_dir dir, u32 from)
{
	bool from_client = dir == IP_CT_DIR_ORIGINAL;
	struct gate_side *side = &flow->side[dir];
	u32 end = pkt->seq + pkt->len;
	struct scan_unit unit __uninitialized;
	unsigned int found = 0, i;

	unit.safe = -1;
	unit.note = 0;
	while (seq_before(from, end)) {
		flow->proto->scan.read(side->ahead, from_client,
				       steer_from(pkt, from), &unit);
		if (!unit.len)
			break;
		for (i = 0; i < unit.count; i++)
			appgw_plan_mark(side, from + unit.at[i], unit.note);
		found += unit.count;
		from += unit.len;
	}
	if (!found && !side->queuing)
		return 0;
	steer_keep(pkt, flow, dir, from, unit.safe);
	side->queued = end;
	side->queuing = true;
	return found;
}

/* Tell if the daemon has to see the segment. */
static bool steer_wants(struct steer_packet *pkt, struct gate_flow *flow,
			enum ip_conntrack_dir dir)
{
	struct stream *st = &flow->s->stream[dir];
	struct gate_side *side = &flow->side[dir];
	u32 end = pkt->seq + pkt->len, from;
	const struct appgw_policy *policy;

	if (side->queuing && seq_before(st->next, side->queued)) {
		/* behind those that wait, or one of them again */
		from = side->queued - side->tail_len;
		if (!seq_after(pkt->seq, side->queued) &&
		    seq_after(end, side->queued) && steer_find_data(pkt) &&
		    steer_prepend(pkt, side->tail, from, side->tail_len))
			steer_scan(pkt, flow, dir, from);
		return true;
	}

	if (side->queuing)
		appgw_gate_side_idle(side);
	from = stream_end(st);
	if (!st->seen || !seq_after(end, from) || seq_after(pkt->seq, from) ||
	    !steer_find_data(pkt) ||
	    !gate_scan_may_announce(flow->proto, steer_from(pkt, from),
				    st->hold))
		return false;

	if (st->hold && seq_after(from, st->next)) {
		/* the scanner is where the tail that was kept begins */
		if (!steer_prepend(pkt, st->hold, st->hold_seq, st->hold_len))
			return false;
		from = st->next;
	}
	steer_unmark(side, st->next);
	policy = appgw_policy(nf_ct_net(pkt->ct));
	if (policy)
		gate_scan_begin(flow->proto, flow->scan, policy);
	gate_scan_copy(flow->proto, side->ahead, flow->scan);
	return steer_scan(pkt, flow, dir, from);
}

/**
 * appgw_steer_queue() - choose a queue
 * @l: listener
 * @flow: flow, all segments of which go to the same one
 *
 * Return: number of the queue
 */
u16 appgw_steer_queue(const struct appgw_listener *l,
		      const struct gate_flow *flow)
{
	return l->queue + reciprocal_scale(hash_ptr((void *)flow, 32),
					   l->queues);
}

/* Tell if the daemon has to see a segment that is no talk, or the end of a stream. */
static noinline bool steer_closely(struct sk_buff *skb, struct nf_conn *ct,
				   enum ip_conntrack_info ctinfo,
				   unsigned int protoff, struct gate_flow *flow)
{
	struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);
	struct steer_packet pkt = {
		.skb		= skb,
		.ct		= ct,
		.ctinfo		= ctinfo,
		.protoff	= protoff,
		.dataoff	= protoff + th->doff * 4,
		.seq		= ntohl(th->seq),
	};

	pkt.len = skb->len - pkt.dataoff;
	return !flow->off && !th->rst && steer_wants(&pkt, flow,
						     CTINFO2DIR(ctinfo));
}

/* Queue a packet of a connection of the daemon's protocols, or not. */
static __always_inline unsigned int steer(struct sk_buff *skb, struct nf_conn *ct,
					  enum ip_conntrack_info ctinfo,
					  const struct net *net,
					  struct appgw_session *s)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(ctinfo);
	int protoff = steer_protoff(skb, IPPROTO_TCP), dataoff;
	const struct appgw_listener *l;
	struct gate_flow *flow = gate_flow_of(s);
	struct tcphdr *th;
	bool wants;

	if (READ_ONCE(flow->off)) {
		appgw_session_rest(ct, s);
		return NF_ACCEPT;
	}
	l = gate_flow_listener(flow);
	if (!l || protoff < 0 || !pskb_may_pull(skb, protoff + sizeof(*th)))
		return NF_ACCEPT;
	th = (struct tcphdr *)(skb->data + protoff);
	dataoff = protoff + th->doff * 4;
	if (th->doff < sizeof(*th) / 4 || th->syn || dataoff > skb->len ||
	    (dataoff == skb->len && !th->fin))
		return NF_ACCEPT;

	spin_lock_bh(&s->lock);
	wants = false;
	if (!appgw_gate_talk(flow, dir, skb, protoff, dataoff)) {
		atomic64_set(&flow->side[dir].talk, 0);
		wants = steer_closely(skb, ct, ctinfo, protoff, flow);
	}
	appgw_stat_steered(net, wants);
	spin_unlock_bh(&s->lock);
	if (!wants)
		return NF_ACCEPT;
	return NF_QUEUE_NR(appgw_steer_queue(l, flow)) |
	       NF_VERDICT_FLAG_QUEUE_BYPASS;
}

/* The same for a datagram of a flow that has a helper. */
static noinline unsigned int steer_datagram(struct sk_buff *skb,
					    struct nf_conn *ct,
					    enum ip_conntrack_info ctinfo,
					    const struct net *net)
{
	int protoff = steer_protoff(skb, IPPROTO_UDP);
	const struct appgw_listener *l;
	struct gate_flow *flow;
	bool wants;

	flow = protoff < 0 ? NULL : appgw_datagram_flow(ct, CTINFO2DIR(ctinfo));
	l = flow ? gate_flow_listener(flow) : NULL;
	if (!l)
		return NF_ACCEPT;
	wants = appgw_datagram_wants(flow, CTINFO2DIR(ctinfo), skb, protoff);
	local_bh_disable();
	appgw_stat_steered(net, wants);
	local_bh_enable();
	if (!wants)
		return NF_ACCEPT;
	return NF_QUEUE_NR(appgw_steer_queue(l, flow)) |
	       NF_VERDICT_FLAG_QUEUE_BYPASS;
}

/* Look at a packet of a connection that has a helper, which may be anybody's. */
static noinline unsigned int steer_helped(struct nf_conn *ct, struct sk_buff *skb,
					  const struct nf_hook_state *state)
{
	const struct nf_conntrack_helper *helper;
	enum ip_conntrack_info ctinfo;
	struct appgw_session *s;

	nf_ct_get(skb, &ctinfo);
	if (ctinfo != IP_CT_ESTABLISHED && ctinfo != IP_CT_ESTABLISHED_REPLY)
		return NF_ACCEPT;
	helper = rcu_dereference(nfct_help(ct)->helper);
	/* what this machine sends to itself was looked at when it left */
	if (!helper || helper->me != THIS_MODULE || nf_is_loopback_packet(skb))
		return NF_ACCEPT;
	if (unlikely(nf_ct_protonum(ct) == IPPROTO_UDP))
		return steer_datagram(skb, ct, ctinfo, state->net);
	s = READ_ONCE(session_slot_at(ct)->s);
	if (s && gate_has_flow(s))
		return steer(skb, ct, ctinfo, state->net, s);
	if (s)
		appgw_session_rest(ct, s);
	return NF_ACCEPT;
}

/* Few instructions, and no frame: every packet of every connection goes through. */
static unsigned int steer_hook(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || likely(!nf_ct_ext_exist(ct, NF_CT_EXT_HELPER)) ||
	    READ_ONCE(session_slot_at(ct)->unsteered))
		return NF_ACCEPT;
	return steer_helped(ct, skb, state);
}

/* One hook for what leaves, forwarded or not, and one for what stays. When a hook goes,
 * anybody's, the kernel drops what waits in queues, and complains if it was queued by a
 * hook whose place is then behind the last one; a firewall that is loaded again is enough.
 * Behind both of these is always attach.c's.
 */
static const struct nf_hook_ops steer_ops[] = {
	{
		.hook		= steer_hook,
		.pf		= NFPROTO_INET,
		.hooknum	= NF_INET_POST_ROUTING,
		.priority	= STEER_PRIORITY,
	},
	{
		.hook		= steer_hook,
		.pf		= NFPROTO_INET,
		.hooknum	= NF_INET_LOCAL_IN,
		.priority	= STEER_PRIORITY,
	},
};

/**
 * appgw_steer_register() - begin to queue segments
 * @net: namespace
 *
 * Return: 0 or -errno
 */
int appgw_steer_register(struct net *net)
{
	return nf_register_net_hooks(net, steer_ops, ARRAY_SIZE(steer_ops));
}

/**
 * appgw_steer_unregister() - queue no more
 * @net: namespace, which ends: what waits in any queue of it is dropped
 */
void appgw_steer_unregister(struct net *net)
{
	nf_unregister_net_hooks(net, steer_ops, ARRAY_SIZE(steer_ops));
}
