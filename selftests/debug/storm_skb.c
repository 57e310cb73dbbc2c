// SPDX-License-Identifier: GPL-2.0-only
/* Packets in all the shapes in which the kernel passes them around, and what
 * must be true of them afterwards.
 */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/route.h>
#include <net/tcp.h>

#include "storm.h"

#define STORM_HEADROOM	128

static __sum16 storm_magic(const struct storm_segment *s, unsigned int len,
			   __wsum sum)
{
	const struct nf_conntrack_tuple *t = &s->tuple;

	if (s->family == NFPROTO_IPV4)
		return csum_tcpudp_magic(t->src.u3.ip, t->dst.u3.ip, len,
					 t->dst.protonum, sum);
	return csum_ipv6_magic(&t->src.u3.in6, &t->dst.u3.in6, len,
			       t->dst.protonum, sum);
}

static unsigned int storm_ipv4(u8 *data, struct rnd_state *rnd,
			       const struct storm_segment *s, unsigned int len)
{
	unsigned int words = 5 + (storm_one_in(rnd, 8) ?
				  storm_below(rnd, 11) : 0);
	struct iphdr *iph = (struct iphdr *)data;

	memset(data, IPOPT_NOOP, words * 4);
	memset(iph, 0, sizeof(*iph));
	iph->version = 4;
	iph->ihl = words;
	iph->ttl = 64;
	iph->protocol = s->tuple.dst.protonum;
	iph->tot_len = htons(words * 4 + len);
	iph->saddr = s->tuple.src.u3.ip;
	iph->daddr = s->tuple.dst.u3.ip;
	ip_send_check(iph);
	return words * 4;
}

static unsigned int storm_ipv6(u8 *data, const struct storm_segment *s,
			       unsigned int len)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)data;

	memset(ip6h, 0, sizeof(*ip6h));
	ip6h->version = 6;
	ip6h->hop_limit = 64;
	ip6h->nexthdr = s->tuple.dst.protonum;
	ip6h->payload_len = htons(len);
	ip6h->saddr = s->tuple.src.u3.in6;
	ip6h->daddr = s->tuple.dst.u3.in6;
	return sizeof(*ip6h);
}

/* Options of @len bytes: good ones, or just bytes */
static void storm_options(u8 *opt, unsigned int len, struct rnd_state *rnd,
			  const struct storm_segment *s)
{
	__be32 block[2];

	prandom_bytes_state(rnd, opt, len);
	if (storm_one_in(rnd, 3))
		return;
	memset(opt, TCPOPT_NOP, len);
	if (s->flags & TCPHDR_SYN && len >= TCPOLEN_MSS) {
		opt[0] = TCPOPT_MSS;
		opt[1] = TCPOLEN_MSS;
		opt[2] = storm_below(rnd, 6);
	} else if (len >= 12) {
		block[0] = htonl(s->ack + storm_below(rnd, 300));
		block[1] = htonl(s->ack + storm_below(rnd, 600));
		opt[2] = TCPOPT_SACK;
		opt[3] = 2 + sizeof(block);
		memcpy(opt + 4, block, sizeof(block));
	}
}

static unsigned int storm_tcp(u8 *data, struct rnd_state *rnd,
			      struct storm_segment *s)
{
	unsigned int words = 5 + (storm_one_in(rnd, 3) ?
				  storm_below(rnd, 11) : 0);
	struct tcphdr *th = (struct tcphdr *)data;

	memset(th, 0, sizeof(*th));
	th->source = s->tuple.src.u.tcp.port;
	th->dest = s->tuple.dst.u.tcp.port;
	th->seq = htonl(s->seq);
	th->ack_seq = htonl(s->ack);
	th->window = htons(storm_one_in(rnd, 8) ? storm_below(rnd, 600) :
						  64000);
	((u8 *)th)[13] = s->flags;
	if (s->flags & TCPHDR_URG)
		th->urg_ptr = htons(prandom_u32_state(rnd));
	storm_options(data + sizeof(*th), words * 4 - sizeof(*th), rnd, s);
	memcpy(data + words * 4, s->payload, s->len);
	th->doff = words;
	if (storm_one_in(rnd, 50)) {
		th->doff = storm_below(rnd, 16);
		s->sound = s->sound && th->doff == words;
	}
	return words * 4 + s->len;
}

static unsigned int storm_udp(u8 *data, struct rnd_state *rnd,
			      struct storm_segment *s)
{
	struct udphdr *uh = (struct udphdr *)data;
	unsigned int len = sizeof(*uh) + s->len;

	uh->source = s->tuple.src.u.udp.port;
	uh->dest = s->tuple.dst.u.udp.port;
	uh->len = htons(len);
	uh->check = 0;
	memcpy(uh + 1, s->payload, s->len);
	/* there may be bytes behind it, which conntrack lets through */
	if (storm_one_in(rnd, 50)) {
		uh->len = htons(sizeof(*uh) + storm_below(rnd, s->len + 1));
		s->sound = false;
	}
	return len;
}

static bool storm_is_udp(const struct storm_segment *s)
{
	return s->tuple.dst.protonum == IPPROTO_UDP;
}

/* The headers' end may be in a page already, but for the IP header's. */
static int storm_spread(struct sk_buff *skb, const u8 *data, unsigned int len,
			unsigned int linear)
{
	unsigned int n, i = 0;
	struct page *page;

	skb_put_data(skb, data, linear);
	for (; linear < len; linear += n) {
		n = min_t(unsigned int, len - linear, PAGE_SIZE / 2);
		page = alloc_page(GFP_ATOMIC);
		if (!page)
			return -ENOMEM;
		memcpy(page_address(page), data + linear, n);
		skb_add_rx_frag(skb, i++, page, 0, n, PAGE_SIZE);
	}
	return 0;
}

static int storm_chain(struct sk_buff *skb, const u8 *data, unsigned int len,
		       unsigned int linear)
{
	struct sk_buff *rest = alloc_skb(len - linear, GFP_ATOMIC);

	if (!rest)
		return -ENOMEM;
	skb_put_data(skb, data, linear);
	skb_put_data(rest, data + linear, len - linear);
	skb_shinfo(skb)->frag_list = rest;
	skb->len += rest->len;
	skb->data_len += rest->len;
	skb->truesize += rest->truesize;
	return 0;
}

static int storm_fill(struct storm_packet *p, struct rnd_state *rnd)
{
	unsigned int linear;

	if (storm_one_in(rnd, 2)) {
		skb_put_data(p->skb, p->data, p->len);
		return 0;
	}
	linear = p->protoff + storm_below(rnd, p->len - p->protoff);
	return storm_one_in(rnd, 4) ?
	       storm_chain(p->skb, p->data, p->len, linear) :
	       storm_spread(p->skb, p->data, p->len, linear);
}

/* Has the checksum done by whom it may be, and the segment cut by the card. */
static void storm_offload(struct storm_packet *p, struct rnd_state *rnd,
			  struct storm_segment *s)
{
	unsigned int offset = storm_is_udp(s) ? offsetof(struct udphdr, check) :
						offsetof(struct tcphdr, check);
	u8 *header = p->data + p->protoff;
	__sum16 *check = (__sum16 *)(header + offset);
	unsigned int len = p->len - p->protoff;
	struct sk_buff *skb = p->skb;

	if (storm_one_in(rnd, 3) || s->len > 1400) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = STORM_HEADROOM + p->protoff;
		skb->csum_offset = offset;
		*check = ~storm_magic(s, len, 0);
	} else {
		skb->ip_summed = storm_one_in(rnd, 2) ? CHECKSUM_NONE :
							CHECKSUM_UNNECESSARY;
		*check = storm_magic(s, len, csum_partial(header, len, 0));
		if (storm_is_udp(s) && !*check)
			*check = CSUM_MANGLED_0;
		if (storm_one_in(rnd, 50)) {
			*check ^= htons(1);
			s->sound = false;
		} else if (storm_is_udp(s) && s->family == NFPROTO_IPV4 &&
			   storm_one_in(rnd, 8)) {
			/* it has none */
			*check = 0;
		}
	}
}

static void storm_gso(struct storm_packet *p, struct rnd_state *rnd,
		      const struct storm_segment *s)
{
	struct skb_shared_info *info = skb_shinfo(p->skb);

	if (storm_is_udp(s) || p->skb->ip_summed != CHECKSUM_PARTIAL ||
	    s->len < 100 ||
	    (s->len <= 1400 && storm_one_in(rnd, 2)))
		return;
	info->gso_size = 50 + storm_below(rnd, 1400);
	info->gso_type = s->family == NFPROTO_IPV4 ? SKB_GSO_TCPV4 :
						     SKB_GSO_TCPV6;
	info->gso_segs = DIV_ROUND_UP(s->len, info->gso_size);
}

/**
 * storm_packet_make() - make a packet
 * @p: set
 * @rnd: what decides its shape
 * @s: what is in it; @sound may be taken back
 * @net: where it is
 *
 * Return: 0 or -ENOMEM
 */
int storm_packet_make(struct storm_packet *p, struct rnd_state *rnd,
		      struct storm_segment *s, struct net *net)
{
	unsigned int len, head;
	struct rtable *rt;

	/* once for its length, which the IP header tells */
	len = storm_is_udp(s) ?
	      storm_udp(p->data + STORM_HEADERS_MAX / 2, rnd, s) :
	      storm_tcp(p->data + STORM_HEADERS_MAX / 2, rnd, s);
	head = s->family == NFPROTO_IPV4 ? storm_ipv4(p->data, rnd, s, len) :
					   storm_ipv6(p->data, s, len);
	memmove(p->data + head, p->data + STORM_HEADERS_MAX / 2, len);
	p->protoff = head;
	p->len = head + len;
	p->clone = NULL;

	p->skb = alloc_skb(STORM_HEADROOM + p->len, GFP_ATOMIC);
	if (!p->skb)
		return -ENOMEM;
	skb_reserve(p->skb, STORM_HEADROOM);
	skb_reset_mac_header(p->skb);
	skb_reset_network_header(p->skb);
	skb_set_transport_header(p->skb, head);
	p->skb->protocol = htons(s->family == NFPROTO_IPV4 ? ETH_P_IP :
							     ETH_P_IPV6);
	p->skb->dev = net->loopback_dev;
	storm_offload(p, rnd, s);
	if (storm_fill(p, rnd)) {
		kfree_skb(p->skb);
		return -ENOMEM;
	}
	storm_gso(p, rnd, s);
	if (storm_one_in(rnd, 2)) {
		rt = ip_route_output(net, htonl(INADDR_LOOPBACK), 0, 0, 0);
		if (!IS_ERR(rt))
			skb_dst_set(p->skb, &rt->dst);
	}
	if (storm_one_in(rnd, 4))
		p->clone = skb_clone(p->skb, GFP_ATOMIC);
	return 0;
}

/**
 * storm_packet_protoff() - where the TCP or UDP header is
 * @skb: a packet that may have been changed on its way
 *
 * Return: its offset
 */
unsigned int storm_packet_protoff(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return ip_hdrlen(skb);
	return sizeof(struct ipv6hdr);
}

static bool storm_length_fits(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return ntohs(ip_hdr(skb)->tot_len) == skb->len &&
		       !ip_fast_csum(ip_hdr(skb), ip_hdr(skb)->ihl);
	return ntohs(ipv6_hdr(skb)->payload_len) ==
	       skb->len - sizeof(struct ipv6hdr);
}

static u8 storm_protonum(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ? ip_hdr(skb)->protocol :
						  ipv6_hdr(skb)->nexthdr;
}

static __sum16 storm_magic_of(const struct sk_buff *skb, unsigned int len,
			      __wsum sum)
{
	if (skb->protocol == htons(ETH_P_IP))
		return csum_tcpudp_magic(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr,
					 len, ip_hdr(skb)->protocol, sum);
	return csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
			       len, ipv6_hdr(skb)->nexthdr, sum);
}

/* What the header has for a checksum; false if it isn't there, or tells a wrong
 * length.
 */
static bool storm_check_of(const struct sk_buff *skb, unsigned int protoff,
			   __sum16 *check)
{
	struct tcphdr _th, *th;
	struct udphdr _uh, *uh;

	if (storm_protonum(skb) == IPPROTO_UDP) {
		uh = skb_header_pointer(skb, protoff, sizeof(_uh), &_uh);
		if (!uh || ntohs(uh->len) != skb->len - protoff)
			return false;
		*check = uh->check;
		return true;
	}
	th = skb_header_pointer(skb, protoff, sizeof(_th), &_th);
	if (!th)
		return false;
	*check = th->check;
	return true;
}

static bool storm_checksum_fits(const struct sk_buff *skb)
{
	unsigned int protoff = storm_packet_protoff(skb);
	unsigned int len = skb->len - protoff;
	__sum16 check;

	if (!storm_check_of(skb, protoff, &check))
		return false;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return check == (__force __sum16)~storm_magic_of(skb, len, 0) &&
		       skb_checksum_start_offset(skb) == protoff;
	if (storm_protonum(skb) == IPPROTO_UDP && !check)
		return skb->protocol == htons(ETH_P_IP);
	return !storm_magic_of(skb, len, skb_checksum(skb, protoff, len, 0));
}

/**
 * storm_packet_clone_fits() - are the data as they were for another user?
 * @p: a packet that has been sent
 *
 * Return: true if so, or if there is no other user
 */
bool storm_packet_clone_fits(const struct storm_packet *p)
{
	unsigned int at, n;
	u8 part[64];

	if (!p->clone)
		return true;
	if (p->clone->len != p->len)
		return false;
	for (at = 0; at < p->len; at += n) {
		n = min_t(unsigned int, sizeof(part), p->len - at);
		if (skb_copy_bits(p->clone, at, part, n) ||
		    memcmp(part, p->data + at, n))
			return false;
	}
	return true;
}

/**
 * storm_packet_check() - look at a packet after the helper has had it
 * @skb: the packet
 *
 * Return: NULL or what is wrong with it
 */
const char *storm_packet_check(const struct sk_buff *skb)
{
	if (!storm_length_fits(skb))
		return "its IP header is wrong";
	if (!storm_checksum_fits(skb))
		return "its TCP or UDP header is wrong";
	return NULL;
}

/**
 * storm_packet_sizes_fit() - look for lengths that an edit has made wrong
 * @skb: a packet that the helper has had
 * @was_len: its length before
 * @protocol: what is spoken
 * @right: how many lengths in its payload were right
 *
 * The helper may have cut it off behind any message. Of what comes too early it
 * leaves a byte.
 *
 * Return: false if they are not any more
 */
bool storm_packet_sizes_fit(const struct sk_buff *skb, unsigned int was_len,
			    const struct storm_protocol *protocol, int right)
{
	unsigned int at = storm_packet_protoff(skb);
	struct tcphdr _th, *th;
	bool fits = true;
	char *text;
	int now;

	th = skb_header_pointer(skb, at, sizeof(_th), &_th);
	if (!th)
		return false;
	at += th->doff * 4;
	if (skb->len < was_len && skb->len - at <= 1)
		return true;
	text = kmalloc(skb->len, GFP_ATOMIC);
	if (text && !skb_copy_bits(skb, at, text, skb->len - at)) {
		now = protocol->sizes(text, skb->len - at);
		fits = skb->len < was_len ? now >= 0 : now == right;
	}
	kfree(text);
	return fits;
}
