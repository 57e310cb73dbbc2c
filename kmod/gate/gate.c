// SPDX-License-Identifier: GPL-2.0-only
/* The gate: helpers of the protocols that the daemon reads.
 *
 * A segment that the daemon has to see is queued by steer.c; here it leaves,
 * seen or not. edits.c says which edits the daemon wants made, stream.c and
 * tcp_segment.c make them, cut lines that aren't complete and keep the stream
 * right, as for FTP.
 */

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/tcp.h>

#include "edits.h"
#include "gate.h"
#include "helper/help.h"
#include "pinhole/lasting.h"
#include "pinhole/media.h"
#include "plan.h"
#include "stream/reset.h"
#include "stream/tcp_segment.h"

static noinline int gate_through(struct gate_pass *pass, struct tcp_segment *ts,
				 bool ends)
{
	struct gate_flow *flow = pass->flow;
	struct appgw_session *s = flow->s;
	struct stream *out = &s->stream[pass->dir];
	unsigned int notes;
	int ret;

	lockdep_assert_held(&s->lock);

	/* joined in the middle, which may be of anything */
	if (!out->seen && !s->stream[!pass->dir].seen)
		appgw_gate_stop(flow, pass->ct, APPGW_STAT_STOPPED_CLIENT_FIRST);

	gate_scan_begin(flow->proto, flow->scan, pass->policy);
	out->passive = appgw_help_is_passive(pass->policy);
	ret = appgw_tcp_segment_through(ts, out, &s->stream[!pass->dir],
					&appgw_edits_user, pass, &notes);
	if (unlikely(READ_ONCE(s->bar) == SESSION_SHUT)) {
		appgw_reset(pass->ct, s->stream);
		return NF_DROP;
	}
	if (ends && ret == NF_ACCEPT && !flow->proto->pinholes.lasting &&
	    appgw_tcp_segment_ends(ts, out)) {
		if (gate_is_media(flow))
			appgw_media_close(s, pass->ct, 0, APPGW_STAT_CLOSED);
		appgw_pinhole_close(s, pass->ct, APPGW_STAT_CLOSED);
	}
	if (!list_empty(&flow->plans))
		appgw_gate_plans_age(flow);
	if (unlikely(notes))
		appgw_help_count(nf_ct_net(pass->ct), notes);
	return ret;
}

/* Make one number of what tells a segment of @len bytes, not 0, from others. */
static inline u64 gate_talk(u32 seq, u32 len)
{
	return (u64)seq << 32 | len;
}

/**
 * appgw_gate_talk() - take in a segment that is talk
 * @flow: its connection, locked
 * @dir: direction it travels in
 * @skb: the packet
 * @protoff: offset of its TCP header
 * @dataoff: offset of its payload
 *
 * Most are, and nothing is to be done about them but to their headers, to which the numbers
 * in these play no part here.
 *
 * Return: true if it is and has been taken in, false if it has to be looked at
 * more closely, or the rest of it
 */
bool appgw_gate_talk(struct gate_flow *flow, enum ip_conntrack_dir dir,
		     struct sk_buff *skb, unsigned int protoff,
		     unsigned int dataoff)
{
	struct stream *stream = flow->s->stream;
	struct gate_side *side = &flow->side[dir];
	const struct tcphdr *th;
	struct span text;
	size_t len;

	if (!flow->proto->scan.talk)
		return false;
	if (side->queuing) {
		/* not ahead of those that wait */
		if (seq_before(stream[dir].next, side->queued))
			return false;
		appgw_gate_side_idle(side);
	}
	if (!pskb_may_pull(skb, dataoff) ||
	    !tcp_segment_is_text(skb, protoff, dataoff, &stream[dir], &text))
		return false;
	len = flow->proto->scan.talk(flow->scan, dir == IP_CT_DIR_ORIGINAL, text);
	if (!len)
		return false;
	stream_plain_lines(&stream[dir], len);
	side->recalls = 0;
	if (len < text.len)
		return false;
	th = (struct tcphdr *)(skb->data + protoff);
	atomic64_set(&side->talk, gate_talk(ntohl(th->seq), text.len));
	return true;
}

/* Tell if a packet with @len bytes from number @seq on, not 0, has been taken in already,
 * on its way through steer. Only the first one of these numbers: what is sent again may
 * acknowledge more.
 */
static inline bool gate_was_talk(struct gate_side *side, u32 seq, u32 len)
{
	if (atomic64_read(&side->talk) != gate_talk(seq, len))
		return false;
	atomic64_set(&side->talk, 0);
	return true;
}

/* Tell if nothing was ever edited in either direction. */
static bool gate_is_untouched(const struct appgw_session *s)
{
	return seqmap_is_identity(&s->stream[IP_CT_DIR_ORIGINAL].map) &&
	       seqmap_is_identity(&s->stream[IP_CT_DIR_REPLY].map);
}

/* Take a packet through of which nothing but the header may have to be changed: talk,
 * which may have been taken in before, or an acknowledgement. False if it takes more.
 */
static bool gate_lightly(const struct gate_pass *pass, const struct tcp_segment *ts,
			 bool was_talk)
{
	struct gate_flow *flow = pass->flow;
	struct stream *out = &flow->s->stream[pass->dir];
	struct stream *back = &flow->s->stream[!pass->dir];

	if (was_talk) {
		if (!tcp_segment_is_settled(ts->skb, ts->protoff, ts->dataoff,
					    out, back))
			return false;
	} else if (!tcp_segment_is_ack(ts->skb, ts->protoff, ts->dataoff, out,
				       back) &&
		   (!tcp_segment_is_ordinary(tcp_segment_header(ts)) ||
		    !tcp_segment_is_settled(ts->skb, ts->protoff, ts->dataoff,
					    out, back) ||
		    !appgw_gate_talk(flow, pass->dir, ts->skb, ts->protoff,
				     ts->dataoff))) {
		return false;
	}
	if (!list_empty(&flow->plans))
		appgw_gate_plans_age(flow);
	tcp_segment_renumber(ts->skb, ts->protoff, out->map.shift, back);
	return true;
}

/* Take a packet through, whatever it is; @talk: gate_was_talk(). */
static noinline int gate_help_closely(struct sk_buff *skb, unsigned int protoff,
				      struct nf_conn *ct,
				      enum ip_conntrack_info ctinfo, bool talk)
{
	struct tcp_segment ts __uninitialized;
	struct help_pass begin __uninitialized;
	struct gate_pass pass __uninitialized;
	int ret = NF_ACCEPT;

	if (!appgw_help_begin(skb, protoff, ct, ctinfo, &begin))
		return NF_ACCEPT;
	pass.flow = gate_flow_of(begin.s);
	pass.ct = ct;
	pass.policy = begin.policy;
	pass.dir = begin.dir;
	pass.is_level = false;
	pass.is_verified = false;
	pass.plan = NULL;
	appgw_help_segment(&ts, skb, protoff, ct, ctinfo, &begin);

	spin_lock_bh(&begin.s->lock);
	if (appgw_session_bars(begin.s, tcp_segment_header(&ts)))
		ret = NF_DROP;
	else if (!gate_lightly(&pass, &ts, talk) && !appgw_packet_is_seen(skb))
		ret = gate_through(&pass, &ts, begin.ends);
	spin_unlock_bh(&begin.s->lock);
	if (unlikely(pass.flow->proto->pinholes.lasting))
		appgw_lasting_keep(begin.s, ct);
	return ret;
}

/* Take a packet of talk through that was taken in before; false if it takes more. */
static bool gate_pass_talk(struct gate_flow *flow, struct sk_buff *skb,
			   unsigned int protoff, unsigned int dataoff,
			   const struct stream *out, struct stream *back)
{
	struct appgw_session *s = flow->s;
	bool done;

	spin_lock_bh(&s->lock);
	done = !READ_ONCE(s->bar) &&
	       tcp_segment_is_settled(skb, protoff, dataoff, out, back);
	if (done) {
		if (!list_empty(&flow->plans))
			appgw_gate_plans_age(flow);
		tcp_segment_renumber(skb, protoff, out->map.shift, back);
	}
	spin_unlock_bh(&s->lock);
	return done;
}

/* Take a packet of a connection that isn't resting through. */
static noinline int gate_help(struct sk_buff *skb, unsigned int protoff,
			      struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(ctinfo);
	struct stream *out, *back;
	struct appgw_session *s;
	struct gate_flow *flow;
	unsigned int dataoff;
	u32 len;

	s = appgw_help_plain(skb, protoff, ct, ctinfo, &dataoff);
	if (unlikely(!s))
		return gate_help_closely(skb, protoff, ct, ctinfo, false);
	out = &s->stream[dir];
	back = &s->stream[!dir];
	/* the compiler would find each field of them by @dir again */
	OPTIMIZER_HIDE_VAR(out);
	OPTIMIZER_HIDE_VAR(back);
	len = skb->len - dataoff;
	if ((!len || out->off) && help_is_idle(skb, protoff, s, out, back))
		return NF_ACCEPT;
	flow = gate_flow_of(s);
	if (!len || !gate_was_talk(&flow->side[dir], help_seq(skb, protoff), len))
		return gate_help_closely(skb, protoff, ct, ctinfo, false);
	if (gate_is_untouched(s))
		return READ_ONCE(s->bar) ? NF_DROP : NF_ACCEPT;
	if (unlikely(!gate_pass_talk(flow, skb, protoff, dataoff, out, back)))
		return gate_help_closely(skb, protoff, ct, ctinfo, true);
	if (unlikely(flow->proto->pinholes.lasting))
		appgw_lasting_keep(s, ct);
	return NF_ACCEPT;
}

/* Take a packet of a connection that is resting through: it goes on as it is, unless it
 * begins or ends something.
 */
static noinline int gate_rests(struct sk_buff *skb, unsigned int protoff,
			       struct nf_conn *ct,
			       enum ip_conntrack_info ctinfo)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);

	if (skb_headlen(skb) >= protoff + sizeof(*th) &&
	    tcp_segment_is_ordinary(th))
		return NF_ACCEPT;
	return gate_help(skb, protoff, ct, ctinfo);
}

/**
 * appgw_gate_help() - take a packet through, for any of the daemon's protocols
 * @skb: packet
 * @protoff: offset of its TCP header
 * @ct: its connection
 * @ctinfo: its relation to that
 *
 * Return: NF_ACCEPT or NF_DROP
 */
int appgw_gate_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	if (READ_ONCE(session_slot_at(ct)->resting))
		return gate_rests(skb, protoff, ct, ctinfo);
	return gate_help(skb, protoff, ct, ctinfo);
}
