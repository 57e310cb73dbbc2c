/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_TCP_SEGMENT_H
#define APPGW_TCP_SEGMENT_H

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>

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

/**
 * tcp_segment_is_plain() - does a packet hold nothing but text that comes next?
 * @skb: the packet, with its header in one piece
 * @protoff: offset of the TCP header
 * @dataoff: offset of the payload
 * @out: stream it belongs to
 * @text: set to the payload if so
 *
 * Return: true if so, and stream_is_plain()
 */
static inline bool tcp_segment_is_plain(struct sk_buff *skb,
					unsigned int protoff,
					unsigned int dataoff,
					const struct stream *out,
					struct span *text)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);

	if ((tcp_flag_word(th) & (TCP_FLAG_FIN | TCP_FLAG_SYN | TCP_FLAG_RST |
				  TCP_FLAG_URG | TCP_FLAG_ACK)) !=
	    TCP_FLAG_ACK ||
	    skb->len == dataoff || !stream_is_plain(out, ntohl(th->seq)))
		return false;
	text->at = tcp_segment_payload(skb, dataoff);
	text->len = skb->len - dataoff;
	return text->at;
}

bool appgw_tcp_segment_is_line(struct tcp_segment *ts,
			       const struct stream *out, struct stream *back,
			       struct span *line);
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
