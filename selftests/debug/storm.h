/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_STORM_H
#define APPGW_STORM_H

#include <linux/prandom.h>
#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

/* Payload of a segment; some are longer than a page. */
#define STORM_PAYLOAD_MAX	6000

/* IPv6 header or IPv4 header with options, and a full TCP header */
#define STORM_HEADERS_MAX	(60 + 60)

/**
 * struct storm_segment - a segment to be made
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @tuple: from whom to whom
 * @seq: sequence number
 * @ack: acknowledgment number
 * @flags: TCP flags, as in the header's 14th byte
 * @sound: it has nothing in its headers that conntrack would not let through,
 *	and its checksums are right
 * @len: bytes in @payload
 * @payload: what it carries
 */
struct storm_segment {
	u8 family;
	struct nf_conntrack_tuple tuple;
	u32 seq;
	u32 ack;
	u8 flags;
	bool sound;
	unsigned int len;
	u8 payload[STORM_PAYLOAD_MAX];
};

/**
 * struct storm_packet - a packet made of one
 * @skb: what the helper gets
 * @clone: another user of the same data, or NULL
 * @protoff: offset of the TCP header
 * @len: bytes in @data
 * @data: as it was made
 */
struct storm_packet {
	struct sk_buff *skb;
	struct sk_buff *clone;
	unsigned int protoff;
	unsigned int len;
	u8 data[STORM_HEADERS_MAX + STORM_PAYLOAD_MAX];
};

/* One in @n times true. */
static inline bool storm_one_in(struct rnd_state *rnd, u32 n)
{
	return !(prandom_u32_state(rnd) % n);
}

/* From 0 to @n - 1. */
static inline u32 storm_below(struct rnd_state *rnd, u32 n)
{
	return prandom_u32_state(rnd) % n;
}

unsigned int storm_text(struct rnd_state *rnd, enum ip_conntrack_dir dir,
			const struct nf_conntrack_tuple *tuple, char *text,
			unsigned int size);
int storm_packet_make(struct storm_packet *p, struct rnd_state *rnd,
		      struct storm_segment *s, struct net *net);
const char *storm_packet_check(const struct storm_packet *p,
			       const struct storm_segment *s);
void storm_packet_free(struct storm_packet *p);

#endif /* APPGW_STORM_H */
