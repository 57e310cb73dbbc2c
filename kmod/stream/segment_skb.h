/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_SEGMENT_SKB_H
#define APPGW_SEGMENT_SKB_H

#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

#include "segment.h"

/**
 * struct tcp_segment - a segment and the packet it travels in
 * @segment: what stream.c sees
 * @skb: the packet; its data may move with every edit
 * @payload: where the payload is, in one piece
 * @ct: the connection
 * @ctinfo: the packet's relation to it
 * @protoff: offset of the TCP header
 * @dataoff: offset of the payload
 */
struct tcp_segment {
	struct segment segment;
	struct sk_buff *skb;
	u8 *payload;
	struct nf_conn *ct;
	enum ip_conntrack_info ctinfo;
	unsigned int protoff;
	unsigned int dataoff;
};

/**
 * tcp_segment_payload() - find the payload, in one piece
 * @skb: the packet
 * @dataoff: offset of its payload
 *
 * Where it is, if it is all in one page and nobody else writes there; else it
 * is brought together. Network cards and local senders leave a line like that.
 *
 * Return: the first byte, or NULL if there is no memory
 */
static inline u8 *tcp_segment_payload(struct sk_buff *skb, unsigned int dataoff)
{
	const struct skb_shared_info *info;
	u8 *payload;

	if (skb_is_nonlinear(skb)) {
		info = skb_shinfo(skb);
		if (info->nr_frags == 1 && !info->flags && !info->frag_list &&
		    skb_headlen(skb) == dataoff) {
			payload = skb_frag_address_safe(&info->frags[0]);
			if (payload)
				return payload;
		}
		if (skb_linearize(skb))
			return NULL;
	}
	return skb->data + dataoff;
}

#endif /* APPGW_SEGMENT_SKB_H */
