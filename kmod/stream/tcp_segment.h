/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_TCP_SEGMENT_H
#define APPGW_TCP_SEGMENT_H

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/tcp.h>

#include "core/net.h"
#include "segment_skb.h"
#include "stream.h"

/* By how much a control connection's segments are kept below what the peers
 * would send: room for an announcement to grow in, the longest being EPRT's
 * with an IPv6 address.
 */
#define TCP_SEGMENT_RESERVE	64

/* A maximum segment size is never clamped below the one that every host must
 * take (RFC 9293 section 3.7.1).
 */
#define TCP_SEGMENT_MSS_MIN	536

/* Flags of a segment that is nothing but text, or an acknowledgement; PSH apart */
#define TCP_SEGMENT_FLAGS	(TCP_FLAG_FIN | TCP_FLAG_SYN | TCP_FLAG_RST | \
				 TCP_FLAG_URG | TCP_FLAG_ACK)

bool appgw_tcp_segment_is_settled(struct sk_buff *skb, unsigned int protoff,
				  unsigned int dataoff, const struct stream *out,
				  struct stream *back);

static inline struct tcphdr *tcp_segment_header(const struct tcp_segment *ts)
{
	return (struct tcphdr *)(ts->skb->data + ts->protoff);
}

static inline bool tcp_segment_is_ordinary(const struct tcphdr *th)
{
	return (tcp_flag_word(th) & TCP_SEGMENT_FLAGS) == TCP_FLAG_ACK;
}

/**
 * tcp_segment_is_idle() - is a packet one that is neither read nor translated?
 * @th: its header
 * @text: it has some
 * @out: stream it belongs to
 * @back: stream whose bytes it acknowledges
 *
 * Nothing was ever edited, and nothing is kept. Without the streams' lock: the receiver
 * can't acknowledge an edit that has yet to be made, nor what is yet to be kept. What it
 * has got is remembered.
 *
 * Return: true if so, and it may go on as it is
 */
static inline bool tcp_segment_is_idle(const struct tcphdr *th, bool text,
				       const struct stream *out,
				       struct stream *back)
{
	u32 ack = ntohl(th->ack_seq);

	if ((text && !out->off) || !tcp_segment_is_ordinary(th) ||
	    !seqmap_is_identity(&out->map) || !seqmap_is_identity(&back->map) ||
	    READ_ONCE(out->hold) || READ_ONCE(back->hold) || !out->seen ||
	    !back->seen)
		return false;
	if (seq_after(ack, READ_ONCE(back->acked)) &&
	    !seq_after(ack, READ_ONCE(back->next)))
		WRITE_ONCE(back->acked, ack);
	return true;
}

/* Tell if the numbers in a packet's header differ by the same all over from those on the
 * other side, and may be changed, unless they were. It has no flags but ACK and PSH; @back
 * is the stream whose bytes it acknowledges, which is taken in.
 */
static inline bool tcp_segment_is_settled(struct sk_buff *skb,
					  unsigned int protoff,
					  unsigned int dataoff,
					  const struct stream *out,
					  struct stream *back)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);

	if (back->map.shift | back->map.count | out->map.shift)
		return appgw_tcp_segment_is_settled(skb, protoff, dataoff, out,
						    back);
	if (back->hold)
		return false;
	stream_acked(back, ntohl(th->ack_seq));
	return true;
}

/**
 * tcp_segment_is_text() - does a packet hold nothing but text that comes next?
 * @skb: the packet, with its header in one piece, which may move
 * @protoff: offset of the TCP header
 * @dataoff: offset of the payload
 * @out: stream it belongs to
 * @text: set to the payload if so
 *
 * Most packets with text do.
 *
 * Return: true if so, and stream_is_plain()
 */
static inline bool tcp_segment_is_text(struct sk_buff *skb, unsigned int protoff,
				       unsigned int dataoff,
				       const struct stream *out, struct span *text)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);

	if (!tcp_segment_is_ordinary(th) || skb->len == dataoff ||
	    !stream_is_plain(out, ntohl(th->seq)))
		return false;
	text->at = tcp_segment_payload(skb, dataoff);
	text->len = skb->len - dataoff;
	return text->at;
}

/**
 * tcp_segment_is_ack() - does a packet acknowledge what is behind all edits, and nothing
 * else?
 * @skb: the packet, with its header in one piece, which may move
 * @protoff: offset of the TCP header
 * @dataoff: offset of the payload
 * @out: stream it belongs to
 * @back: stream whose bytes it acknowledges
 *
 * Return: true if so, likewise
 */
static inline bool tcp_segment_is_ack(struct sk_buff *skb, unsigned int protoff,
				      unsigned int dataoff,
				      const struct stream *out,
				      struct stream *back)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);

	return skb->len == dataoff && tcp_segment_is_ordinary(th) &&
	       ntohl(th->seq) == out->next && out->seen && !out->hold &&
	       tcp_segment_is_settled(skb, protoff, dataoff, out, back);
}

void appgw_tcp_segment_renumber(struct sk_buff *skb, unsigned int protoff,
				s32 out, s32 back);

/* Translate the numbers of a packet for which tcp_segment_is_settled() or
 * tcp_segment_is_ack() is true; @shift: of its stream, before any edit of its own.
 */
static inline void tcp_segment_renumber(struct sk_buff *skb, unsigned int protoff,
					s32 shift, const struct stream *back)
{
	if (shift | back->map.shift)
		appgw_tcp_segment_renumber(skb, protoff, shift, back->map.shift);
}

void appgw_tcp_segment_edit_line(struct tcp_segment *ts, struct stream *out,
				 const struct stream *back,
				 const struct stream_edit *edit,
				 const struct stream_user *user, void *ctx,
				 unsigned int *notes);
int appgw_tcp_segment_through(struct tcp_segment *ts, struct stream *out,
			      struct stream *back,
			      const struct stream_user *user, void *ctx,
			      unsigned int *notes);
void appgw_tcp_segment_fit(struct sk_buff *skb, unsigned int dataoff,
			   u16 l3num);
bool appgw_tcp_segment_may_grow(const struct nf_conn *ct);
bool appgw_tcp_segment_ends(const struct tcp_segment *ts,
			    const struct stream *out);
void appgw_tcp_segment_clamp_mss(struct sk_buff *skb, unsigned int protoff);

#endif /* APPGW_TCP_SEGMENT_H */
