// SPDX-License-Identifier: GPL-2.0-only
/* TCP segments: carry out on a packet what stream.c decides.
 *
 * Sequence numbers, acknowledgements and SACK blocks (RFC 2018) are translated
 * here and not by conntrack's sequence adjustment, which knows one correction
 * for each direction. Conntrack is told of that one all the same: it judges
 * windows and resets by it, and goes on with it when the module is unloaded.
 */

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/dst.h>
#include <net/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_nat_helper.h>

#include "core/compat.h"
#include "tcp_segment.h"

/* What most senders have for options: NOP, NOP and timestamps (RFC 7323 appendix A) */
#define TCP_SEGMENT_TIMESTAMPS	htonl(TCPOPT_NOP << 24 | TCPOPT_NOP << 16 | \
				      TCPOPT_TIMESTAMP << 8 | TCPOLEN_TIMESTAMP)

/* Make the header writable. */
static bool tcp_segment_writable(struct tcp_segment *ts)
{
	return !skb_ensure_writable(ts->skb, ts->dataoff);
}

static void tcp_segment_set32(struct tcp_segment *ts, __be32 *field, u32 value)
{
	struct tcphdr *th = tcp_segment_header(ts);
	__be32 new = htonl(value);

	inet_proto_csum_replace4(&th->check, ts->skb, *field, new, false);
	*field = new;
}

static void tcp_segment_set16(struct tcp_segment *ts, __be16 *field, __be16 new)
{
	struct tcphdr *th = tcp_segment_header(ts);

	inet_proto_csum_replace2(&th->check, ts->skb, *field, new, false);
	*field = new;
}

/* Move the urgent byte with the end of the payload, near which it is. */
static void tcp_segment_urgent(struct tcp_segment *ts, int shift)
{
	struct tcphdr *th = tcp_segment_header(ts);
	int urgent = ntohs(th->urg_ptr) + shift;

	tcp_segment_set16(ts, &th->urg_ptr,
			  htons(clamp(urgent, 0, 0xffff)));
}

static void tcp_segment_clear_fin(struct tcp_segment *ts)
{
	struct tcphdr *th = tcp_segment_header(ts);
	__be16 *word = (__be16 *)&tcp_flag_word(th), old = *word, new;

	th->fin = 0;
	new = *word;
	*word = old;
	tcp_segment_set16(ts, word, new);
}

/* Translate the blocks of the SACK option at @opt, or blanks it. */
static void tcp_segment_sack_blocks(struct tcp_segment *ts, u8 *opt, u8 len,
				    const struct stream *back, bool blank)
{
	u8 *p;

	if (blank) {
		memset(opt, TCPOPT_NOP, len);
		return;
	}
	for (p = opt + 2; p + 4 <= opt + len; p += 4)
		put_unaligned_be32(appgw_seqmap_back(&back->map,
						     get_unaligned_be32(p)), p);
}

static bool tcp_segment_sack(struct tcp_segment *ts, const struct stream *back,
			     bool blank)
{
	struct tcphdr *th = tcp_segment_header(ts);
	unsigned int len = th->doff * 4 - sizeof(*th);
	u8 *opt = (u8 *)(th + 1);
	bool first = true;

	while (len) {
		if (*opt == TCPOPT_EOL)
			break;
		if (*opt == TCPOPT_NOP) {
			opt++;
			len--;
			continue;
		}
		if (len < 2 || opt[1] < 2 || opt[1] > len)
			break;
		if (*opt == TCPOPT_SACK) {
			unsigned int at = opt - (u8 *)th;

			/* An edit of nothing leaves the checksum to be
			 * computed later, whatever is written before.
			 */
			if (first && !appgw_segment_replace(&ts->segment, 0, 0,
							    NULL, 0))
				return false;
			first = false;
			th = tcp_segment_header(ts);
			opt = (u8 *)th + at;
			tcp_segment_sack_blocks(ts, opt, opt[1], back, blank);
			if (blank)
				break;
		}
		len -= opt[1];
		opt += opt[1];
	}
	return true;
}

/* Show the sender what of its bytes has arrived. */
static noinline bool tcp_segment_ack(struct tcp_segment *ts, struct stream *back)
{
	struct tcphdr *th = tcp_segment_header(ts);
	u32 ack = ntohl(th->ack_seq), seq;
	bool held;

	seq = appgw_stream_ack(back, ack, &held);
	if (seq == ack && seqmap_is_identity(&back->map) && !held)
		return true;

	if (!tcp_segment_writable(ts))
		return false;
	th = tcp_segment_header(ts);
	if (seq != ack)
		tcp_segment_set32(ts, &th->ack_seq, seq);
	if (held) {
		const struct ip_ct_tcp_state *peer =
			&ts->ct->proto.tcp.seen[CTINFO2DIR(ts->ctinfo)];
		u32 less = (back->hold_len >> peer->td_scale) + 1;
		u16 win = ntohs(th->window);

		/* what is kept here has to fit into the peer's window later */
		tcp_segment_set16(ts, &th->window,
				  htons(win > less ? win - less : 0));
	}
	if (th->doff * 4 > sizeof(*th))
		return tcp_segment_sack(ts, back, held);
	return true;
}

/**
 * appgw_tcp_segment_fit() - let a packet that has become too long go as several
 * @skb: the packet, after an edit
 * @dataoff: offset of its payload
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 */
void appgw_tcp_segment_fit(struct sk_buff *skb, unsigned int dataoff, u16 l3num)
{
	struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int mtu;

	if (!skb_is_gso(skb)) {
		if (!skb_dst(skb) || skb->ip_summed != CHECKSUM_PARTIAL)
			return;
		mtu = dst_mtu(skb_dst(skb));
		if (skb->len <= mtu || mtu <= dataoff)
			return;
		info->gso_size = mtu - dataoff;
		info->gso_type = l3num == NFPROTO_IPV4 ? SKB_GSO_TCPV4 :
							 SKB_GSO_TCPV6;
	}
	info->gso_segs = DIV_ROUND_UP(skb->len - dataoff, info->gso_size);
}

/* Tell if there can be no SACK blocks among the options. */
static bool tcp_segment_has_no_sack(const struct tcphdr *th)
{
	return th->doff == sizeof(*th) / 4 ||
	       (th->doff == (sizeof(*th) + TCPOLEN_TSTAMP_ALIGNED) / 4 &&
		*(const __be32 *)(th + 1) == TCP_SEGMENT_TIMESTAMPS);
}

/**
 * appgw_tcp_segment_is_settled() - see tcp_segment_is_settled(), where something was edited
 * @skb: the packet, which may move
 * @protoff: offset of its TCP header
 * @dataoff: offset of its payload
 * @out: stream it belongs to
 * @back: stream whose bytes it acknowledges
 *
 * Return: true if its numbers are behind all edits and its header may be written
 */
bool appgw_tcp_segment_is_settled(struct sk_buff *skb, unsigned int protoff,
				  unsigned int dataoff, const struct stream *out,
				  struct stream *back)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);

	if (!stream_ack_settled(back, ntohl(th->ack_seq)))
		return false;
	if (!(out->map.shift | back->map.shift))
		return true;
	return (!back->map.shift || tcp_segment_has_no_sack(th)) &&
	       seqmap_is_settled(&out->map, ntohl(th->seq)) &&
	       !appgw_packet_is_seen(skb) &&
	       (!skb->cloned || !skb_ensure_writable(skb, dataoff));
}

/**
 * appgw_tcp_segment_renumber() - translate the numbers in a packet's header
 * @skb: packet, with a header that may be written
 * @protoff: offset of the TCP header
 * @out: by how much its sender's numbers are less than the receiver's
 * @back: by how much the receiver's are less than the sender's
 */
void appgw_tcp_segment_renumber(struct sk_buff *skb, unsigned int protoff,
				s32 out, s32 back)
{
	struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);
	__wsum diff = 0;
	__be32 new;

	if (out) {
		new = htonl(ntohl(th->seq) + out);
		diff = csum_sub((__force __wsum)new, (__force __wsum)th->seq);
		th->seq = new;
	}
	if (back) {
		new = htonl(ntohl(th->ack_seq) - back);
		diff = csum_add(diff, csum_sub((__force __wsum)new,
					       (__force __wsum)th->ack_seq));
		th->ack_seq = new;
	}
	/* else it covers nothing of the header yet */
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		csum_replace_by_diff(&th->check, diff);
}

/* Tell conntrack that @out has changed length, by its map's last edit. Without a
 * place for that it has not: see appgw_tcp_segment_may_grow().
 *
 * IPS_SEQ_ADJUST stays off, so conntrack will reckon with the shift but not
 * carry it out. It knows of one edit, and applies what it knows to all of an
 * acknowledgement: so until the edit has arrived it must not judge strictly.
 */
static void tcp_segment_shifted(const struct tcp_segment *ts,
				struct stream *out, const struct stream *back)
{
	const struct seqmap *map = &out->map;
	const struct seqmap_edit *last = &map->edit[map->count - 1];
	struct nf_conn_seqadj *seqadj = nfct_seqadj(ts->ct);
	struct nf_ct_seqadj *adj;
	int i;

	if (!seqadj)
		return;
	adj = &seqadj->seq[CTINFO2DIR(ts->ctinfo)];
	/* softirqs are disabled: the session is locked */
	spin_lock(&ts->ct->lock);
	/* the map differs by its own shift behind the last edit */
	adj->correction_pos = last->seq;
	adj->offset_before = map->shift - ((s32)last->new_len - last->old_len);
	adj->offset_after = map->shift;
	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		u8 *flags = &ts->ct->proto.tcp.seen[i].flags;

		/* not what somebody else has asked for */
		if (!(*flags & IP_CT_TCP_FLAG_BE_LIBERAL) ||
		    back->lenient & BIT(i))
			out->lenient |= BIT(i);
		*flags |= IP_CT_TCP_FLAG_BE_LIBERAL;
	}
	spin_unlock(&ts->ct->lock);
}

/**
 * appgw_tcp_segment_edit_line() - make the edit that a packet's last line asked for
 * @ts: packet for which tcp_segment_is_settled() is true, with its numbers as they came
 * @out: stream it belongs to, which stream_plain_lines() is done with
 * @back: the other one
 * @edit: the edit, its offset in the packet's payload
 * @user: protocol that reads the lines of @out
 * @ctx: passed on to @user
 * @notes: enum stream_note bits of what happened
 */
void appgw_tcp_segment_edit_line(struct tcp_segment *ts, struct stream *out,
				 const struct stream *back,
				 const struct stream_edit *edit,
				 const struct stream_user *user, void *ctx,
				 unsigned int *notes)
{
	unsigned int len = ts->skb->len;
	u32 edits = out->edits;

	ts->payload = tcp_segment_payload(ts->skb, ts->dataoff);
	ts->segment.seq = ntohl(tcp_segment_header(ts)->seq);
	ts->segment.len = len - ts->dataoff;
	ts->segment.shift = 0;
	appgw_stream_plain_edit(out, &ts->segment, edit, user, ctx, notes);
	if (ts->skb->len > len)
		appgw_tcp_segment_fit(ts->skb, ts->dataoff,
				      nf_ct_l3num(ts->ct));
	if (out->edits != edits)
		tcp_segment_shifted(ts, out, back);
}

/* Let conntrack judge strictly again, when an acknowledgement of @back's bytes has
 * shown that all edits have arrived, and conntrack is where the stream is; by one
 * shift for all that follows, since it forgets after 2^31 bytes where the last edit
 * was. It counts a FIN as a byte.
 */
static noinline void tcp_segment_settle(const struct tcp_segment *ts,
					const struct stream *out,
					struct stream *back)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(ts->ctinfo);
	struct ip_ct_tcp_state *seen = ts->ct->proto.tcp.seen;
	struct nf_ct_seqadj *adj = &nfct_seqadj(ts->ct)->seq[!dir];
	int i;

	if (!appgw_seqmap_room(&back->map, back->acked, SEQMAP_EDITS))
		return;
	/* softirqs are disabled: the session is locked */
	spin_lock(&ts->ct->lock);
	if (seen[dir].td_maxack - back->acked <= 1 &&
	    !seq_before(seen[!dir].td_end, back->next)) {
		for (i = 0; i < IP_CT_DIR_MAX; i++)
			if (back->lenient & ~out->lenient & BIT(i))
				seen[i].flags &= ~IP_CT_TCP_FLAG_BE_LIBERAL;
		back->lenient = 0;
		adj->offset_before = adj->offset_after;
	}
	spin_unlock(&ts->ct->lock);
}

static int tcp_segment_through(struct tcp_segment *ts, struct stream *out,
			       struct stream *back,
			       const struct stream_user *user, void *ctx,
			       unsigned int *notes)
{
	struct tcphdr *th = tcp_segment_header(ts);
	struct segment *seg = &ts->segment;
	unsigned int len = ts->skb->len;
	bool rst = th->rst;

	/* a SYN has a number itself */
	seg->seq = ntohl(th->seq) + th->syn;
	seg->len = ts->skb->len - ts->dataoff;
	seg->shift = 0;
	seg->fin = th->fin && !rst;
	*notes = 0;
	/* nothing that is asked for again would come with it */
	out->passive |= th->syn;

	if (stream_reads(out, seg->seq)) {
		ts->payload = tcp_segment_payload(ts->skb, ts->dataoff);
		if (!ts->payload) {
			*notes = STREAM_NOTE_FAILED;
			return NF_DROP;
		}
	}

	/* What a reset says is no part of the stream. The header may be elsewhere
	 * by now.
	 */
	if (rst)
		seg->len = 0;
	if (appgw_stream_segment(out, seg, user, ctx, notes) == STREAM_DROP)
		return NF_DROP;

	th = tcp_segment_header(ts);
	seg->out_seq -= th->syn;
	if (seg->out_seq != ntohl(th->seq) || (th->fin && !rst && !seg->fin) ||
	    (th->urg && ts->skb->len != len)) {
		if (!tcp_segment_writable(ts))
			return NF_DROP;
		th = tcp_segment_header(ts);
		if (th->urg)
			tcp_segment_urgent(ts, (int)ts->skb->len - (int)len);
		tcp_segment_set32(ts, &th->seq, seg->out_seq);
		if (th->fin && !rst && !seg->fin)
			tcp_segment_clear_fin(ts);
	}
	if (ts->skb->len > len)
		appgw_tcp_segment_fit(ts->skb, ts->dataoff,
				      nf_ct_l3num(ts->ct));
	if (!th->ack || (seqmap_is_identity(&back->map) &&
			 stream_ack_settled(back, ntohl(th->ack_seq))))
		return NF_ACCEPT;
	if (!tcp_segment_ack(ts, back))
		return NF_DROP;
	if (back->lenient)
		tcp_segment_settle(ts, out, back);
	return NF_ACCEPT;
}

/**
 * appgw_tcp_segment_through() - take a packet of a connection through
 * @ts: the packet; @segment needs no setting
 * @out: stream it belongs to
 * @back: stream whose bytes it acknowledges
 * @user: protocol that reads the lines of @out
 * @ctx: passed on to @user
 * @notes: enum stream_note bits of what happened
 *
 * Return: NF_ACCEPT, or NF_DROP if the sender has to send it again
 */
int appgw_tcp_segment_through(struct tcp_segment *ts, struct stream *out,
			      struct stream *back,
			      const struct stream_user *user, void *ctx,
			      unsigned int *notes)
{
	u32 edits = out->edits;
	int ret;

	ret = tcp_segment_through(ts, out, back, user, ctx, notes);
	if (out->edits != edits)
		tcp_segment_shifted(ts, out, back);
	return ret;
}

/**
 * appgw_tcp_segment_may_grow() - tell if streams may change their length
 * @ct: connection
 *
 * Return: true if so
 */
bool appgw_tcp_segment_may_grow(const struct nf_conn *ct)
{
	return nfct_seqadj(ct);
}

/**
 * appgw_tcp_segment_ends() - does a packet end its direction?
 * @ts: a packet with FIN or RST that appgw_tcp_segment_through() let go on
 * @out: stream it belongs to
 *
 * While an edit is on its way conntrack lets any number pass, and what it lets
 * pass may be forged.
 *
 * Return: true if it is the next thing the sender says, or a reset within the
 * window (RFC 9293 section 3.10.7.4)
 */
bool appgw_tcp_segment_ends(const struct tcp_segment *ts,
			    const struct stream *out)
{
	const struct segment *seg = &ts->segment;
	enum ip_conntrack_dir dir = CTINFO2DIR(ts->ctinfo);

	if (tcp_segment_header(ts)->rst)
		return !seq_before(seg->seq, out->acked) &&
		       !seq_after(seg->seq,
				  ts->ct->proto.tcp.seen[dir].td_maxend);
	return seg->fin && seg->seq + seg->len == out->next;
}

/**
 * appgw_tcp_segment_clamp_mss() - leave room for lines to grow
 * @skb: a SYN or SYN-ACK
 * @protoff: offset of its TCP header
 *
 * RFC 9293 section 3.7.1. A packet without the option is left alone: its
 * sender expects the minimum.
 */
void appgw_tcp_segment_clamp_mss(struct sk_buff *skb, unsigned int protoff)
{
	unsigned int i, end;
	struct tcphdr *th;
	u16 mss, clamped;
	u8 *opt;

	if (!pskb_may_pull(skb, protoff + sizeof(*th)))
		return;
	th = (struct tcphdr *)(skb->data + protoff);
	end = th->doff * 4;
	if (end < sizeof(*th) || skb_ensure_writable(skb, protoff + end))
		return;

	th = (struct tcphdr *)(skb->data + protoff);
	opt = (u8 *)th;
	for (i = sizeof(*th); i + TCPOLEN_MSS <= end; ) {
		if (opt[i] == TCPOPT_EOL)
			return;
		if (opt[i] == TCPOPT_NOP) {
			i++;
			continue;
		}
		if (opt[i + 1] < 2)
			return;
		if (opt[i] == TCPOPT_MSS && opt[i + 1] == TCPOLEN_MSS) {
			mss = get_unaligned_be16(opt + i + 2);
			if (mss < TCP_SEGMENT_MSS_MIN + TCP_SEGMENT_RESERVE)
				return;
			clamped = mss - TCP_SEGMENT_RESERVE;
			put_unaligned_be16(clamped, opt + i + 2);
			/* swapped if the option stands at an odd place */
			if (i & 1) {
				mss = swab16(mss);
				clamped = swab16(clamped);
			}
			inet_proto_csum_replace2(&th->check, skb, htons(mss),
						 htons(clamped), false);
			return;
		}
		i += opt[i + 1];
	}
}
