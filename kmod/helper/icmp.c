// SPDX-License-Identifier: GPL-2.0-only
/* ICMP errors about segments whose numbers were translated: the sender believes
 * only those that name a number of its own (RFC 5927 section 4.1), and without
 * them it never learns of a smaller path MTU (RFC 1191, RFC 8201).
 */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "icmp.h"
#include "session.h"
#include "stream/tcp_segment.h"

/* What is sure to be quoted of a TCP header: ports and sequence number. */
#define ICMP_QUOTED_TCP		8

/* A path MTU is not made smaller than this (RFC 9293 section 3.7.1, RFC 8200
 * section 5).
 */
#define ICMP_MTU_MIN_IPV4	576
#define ICMP_MTU_MIN_IPV6	1280

/**
 * struct icmp_error - where an error has what it has to say
 * @at: offset of the ICMP header
 * @tcp: offset of the quoted TCP header
 */
struct icmp_error {
	unsigned int at;
	unsigned int tcp;
};

static bool icmp_find4(struct sk_buff *skb, struct icmp_error *err)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct iphdr _quoted, *quoted;

	if (iph->protocol != IPPROTO_ICMP)
		return false;
	err->at = skb_network_offset(skb) + ip_hdrlen(skb);
	quoted = skb_header_pointer(skb, err->at + sizeof(struct icmphdr),
				    sizeof(_quoted), &_quoted);
	if (!quoted || quoted->protocol != IPPROTO_TCP ||
	    quoted->frag_off & htons(IP_OFFSET))
		return false;
	err->tcp = err->at + sizeof(struct icmphdr) + quoted->ihl * 4;
	return true;
}

static bool icmp_find6(struct sk_buff *skb, struct icmp_error *err)
{
	struct ipv6hdr _quoted, *quoted;
	u8 proto = ipv6_hdr(skb)->nexthdr;
	__be16 frag_off;
	int off;

	off = ipv6_skip_exthdr(skb, skb_network_offset(skb) +
			       sizeof(struct ipv6hdr), &proto, &frag_off);
	if (off < 0 || proto != IPPROTO_ICMPV6)
		return false;
	err->at = off;
	off += sizeof(struct icmp6hdr);
	quoted = skb_header_pointer(skb, off, sizeof(_quoted), &_quoted);
	if (!quoted)
		return false;
	proto = quoted->nexthdr;
	off = ipv6_skip_exthdr(skb, off + sizeof(*quoted), &proto, &frag_off);
	if (off < 0 || proto != IPPROTO_TCP || frag_off & htons(~0x7))
		return false;
	err->tcp = off;
	return true;
}

static __sum16 *icmp_check(struct sk_buff *skb, const struct icmp_error *err,
			   bool ipv6)
{
	void *head = skb->data + err->at;

	return ipv6 ? &((struct icmp6hdr *)head)->icmp6_cksum :
		      &((struct icmphdr *)head)->checksum;
}

/* Translate a quoted number into one of the sender's own. What it has been told has
 * arrived is no number of its own any more.
 */
static u32 icmp_seq(const struct stream *st, u32 quoted)
{
	u32 seq = appgw_seqmap_back(&st->map, quoted);

	if (st->hold && !seq_before(seq, st->hold_seq) &&
	    seq_before(seq, st->hold_seq + st->hold_len))
		return st->hold_seq + st->hold_len;
	return seq;
}

/* Take from an MTU the room that a line may need to grow in. */
static u32 icmp_mtu(u32 mtu, u32 min)
{
	return mtu < min + TCP_SEGMENT_RESERVE ? min_t(u32, mtu, min) :
						 mtu - TCP_SEGMENT_RESERVE;
}

static void icmp_less4(struct sk_buff *skb, const struct icmp_error *err)
{
	struct icmphdr *icmp = (struct icmphdr *)(skb->data + err->at);
	__be16 mtu;

	if (icmp->type != ICMP_DEST_UNREACH || icmp->code != ICMP_FRAG_NEEDED ||
	    !icmp->un.frag.mtu)
		return;
	mtu = htons(icmp_mtu(ntohs(icmp->un.frag.mtu), ICMP_MTU_MIN_IPV4));
	inet_proto_csum_replace2(&icmp->checksum, skb, icmp->un.frag.mtu, mtu,
				 false);
	icmp->un.frag.mtu = mtu;
}

static void icmp_less6(struct sk_buff *skb, const struct icmp_error *err)
{
	struct icmp6hdr *icmp = (struct icmp6hdr *)(skb->data + err->at);
	__be32 mtu;

	if (icmp->icmp6_type != ICMPV6_PKT_TOOBIG)
		return;
	mtu = htonl(icmp_mtu(ntohl(icmp->icmp6_mtu), ICMP_MTU_MIN_IPV6));
	inet_proto_csum_replace4(&icmp->icmp6_cksum, skb, icmp->icmp6_mtu, mtu,
				 false);
	icmp->icmp6_mtu = mtu;
}

/* Tell if something is on its way that has made a segment longer than it was sent.
 */
static bool icmp_has_grown(const struct stream *st)
{
	return st->hold ||
	       !appgw_seqmap_room(&st->map, st->acked, SEQMAP_EDITS);
}

/**
 * appgw_icmp_error() - let the sender understand an error about its segment
 * @skb: the error; any packet that is related to @ct
 * @ct: a connection that may be one of ours
 * @ctinfo: the packet's relation to it
 */
void appgw_icmp_error(struct sk_buff *skb, struct nf_conn *ct,
		      enum ip_conntrack_info ctinfo)
{
	struct appgw_session *s = appgw_session_find(ct);
	bool ipv6 = nf_ct_l3num(ct) == NFPROTO_IPV6, less;
	struct icmp_error err __uninitialized;
	const struct stream *st;
	__be32 old, new, *seq;

	if (!s || nf_is_loopback_packet(skb) ||
	    !(ipv6 ? icmp_find6(skb, &err) : icmp_find4(skb, &err)))
		return;
	/* it travels against what it is about */
	st = &s->stream[!CTINFO2DIR(ctinfo)];
	if (seqmap_is_identity(&st->map) && !READ_ONCE(st->hold))
		return;
	if (skb_ensure_writable(skb, err.tcp + ICMP_QUOTED_TCP))
		return;

	seq = &((struct tcphdr *)(skb->data + err.tcp))->seq;
	old = *seq;
	spin_lock_bh(&s->lock);
	new = htonl(icmp_seq(st, ntohl(old)));
	less = icmp_has_grown(st);
	spin_unlock_bh(&s->lock);
	inet_proto_csum_replace4(icmp_check(skb, &err, ipv6), skb, old, new,
				 false);
	*seq = new;
	if (less && ipv6)
		icmp_less6(skb, &err);
	else if (less)
		icmp_less4(skb, &err);
}
