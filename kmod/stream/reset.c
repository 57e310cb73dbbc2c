// SPDX-License-Identifier: GPL-2.0-only
/* Resets for connections that can't go on: the sender believes delivered what is
 * kept here of an incomplete line, and nobody will deliver it any more. Either end
 * would wait for ever.
 */

#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/workqueue.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/tcp.h>

#include "core/compat.h"
#include "reset.h"
#include "stream.h"

#define RESET_TTL	64

/**
 * struct reset_segment - one of the two
 * @src: its sender, in the receiver's eyes
 * @dst: the receiver
 * @sport: as @src
 * @dport: as @dst
 * @seq: receiver's number of the next byte, host byte order: of what has gone on, and
 *	of what it has acknowledged. It obeys the one that is right (RFC 5961 section 3)
 * @ack: receiver's own number up to which it was heard, host byte order
 */
struct reset_segment {
	union nf_inet_addr src;
	union nf_inet_addr dst;
	__be16 sport;
	__be16 dport;
	u32 seq[2];
	u32 ack;
};

/**
 * struct reset_work - both ends of a connection
 * @work: sends them
 * @net: namespace, with a reference
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @segment: to either end
 */
struct reset_work {
	struct work_struct work;
	struct net *net;
	u16 l3num;
	struct reset_segment segment[IP_CT_DIR_MAX];
};

static struct workqueue_struct *reset_queue __read_mostly;

static struct tcphdr *reset_put_tcp(struct sk_buff *skb,
				    const struct reset_segment *rs, u32 seq)
{
	struct tcphdr *th;

	skb_reset_transport_header(skb);
	th = skb_put_zero(skb, sizeof(*th));
	th->source = rs->sport;
	th->dest = rs->dport;
	th->seq = htonl(seq);
	th->ack_seq = htonl(rs->ack);
	th->doff = sizeof(*th) / 4;
	th->rst = 1;
	th->ack = 1;
	return th;
}

static void reset_put4(struct sk_buff *skb, const struct reset_segment *rs,
		       u32 seq)
{
	struct tcphdr *th;
	struct iphdr *iph;

	skb->protocol = htons(ETH_P_IP);
	skb_reset_network_header(skb);
	iph = skb_put_zero(skb, sizeof(*iph));
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->frag_off = htons(IP_DF);
	iph->ttl = RESET_TTL;
	iph->protocol = IPPROTO_TCP;
	iph->saddr = rs->src.ip;
	iph->daddr = rs->dst.ip;
	th = reset_put_tcp(skb, rs, seq);
	th->check = tcp_v4_check(sizeof(*th), iph->saddr, iph->daddr,
				 csum_partial(th, sizeof(*th), 0));
	iph->tot_len = htons(skb->len);
	ip_send_check(iph);
}

static void reset_put6(struct sk_buff *skb, const struct reset_segment *rs,
		       u32 seq)
{
	struct ipv6hdr *ip6h;
	struct tcphdr *th;

	skb->protocol = htons(ETH_P_IPV6);
	skb_reset_network_header(skb);
	ip6h = skb_put_zero(skb, sizeof(*ip6h));
	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->payload_len = htons(sizeof(*th));
	ip6h->nexthdr = IPPROTO_TCP;
	ip6h->hop_limit = RESET_TTL;
	ip6h->saddr = rs->src.in6;
	ip6h->daddr = rs->dst.in6;
	th = reset_put_tcp(skb, rs, seq);
	th->check = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, sizeof(*th),
				    IPPROTO_TCP,
				    csum_partial(th, sizeof(*th), 0));
}

/* Go by no chain but the last: rules for what this machine says itself are not
 * meant for it, and its addresses are right already.
 */
static void reset_send(struct net *net, u16 l3num,
		       const struct reset_segment *rs, u32 seq)
{
	struct dst_entry *dst = appgw_route(net, l3num, &rs->src, &rs->dst);
	struct sk_buff *skb;

	if (!dst)
		return;
	skb = alloc_skb(LL_MAX_HEADER + sizeof(struct ipv6hdr) +
			sizeof(struct tcphdr), GFP_KERNEL);
	if (!skb) {
		dst_release(dst);
		return;
	}
	skb_reserve(skb, LL_MAX_HEADER);
	if (l3num == NFPROTO_IPV4)
		reset_put4(skb, rs, seq);
	else
		reset_put6(skb, rs, seq);
	skb_dst_set(skb, dst);
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	local_bh_disable();
	dst_output(net, NULL, skb);
	local_bh_enable();
}

static void reset_work(struct work_struct *work)
{
	struct reset_work *rw = container_of(work, struct reset_work, work);
	const struct reset_segment *rs;

	for (rs = rw->segment; rs < rw->segment + IP_CT_DIR_MAX; rs++) {
		reset_send(rw->net, rw->l3num, rs, rs->seq[0]);
		if (rs->seq[1] != rs->seq[0])
			reset_send(rw->net, rw->l3num, rs, rs->seq[1]);
	}
	put_net(rw->net);
	kfree(rw);
}

/**
 * appgw_reset() - tell both ends that their connection is over
 * @ct: the connection, which may be on its way out
 * @stream: both directions of it, not locked
 *
 * From any context; they are told soon. Without memory they aren't.
 */
void appgw_reset(const struct nf_conn *ct, const struct stream *stream)
{
	struct net *net = maybe_get_net(nf_ct_net(ct));
	struct reset_work *rw;
	int i;

	if (!net)
		return;
	rw = kmalloc(sizeof(*rw), GFP_ATOMIC);
	if (!rw) {
		put_net(net);
		return;
	}
	INIT_WORK(&rw->work, reset_work);
	rw->net = net;
	rw->l3num = nf_ct_l3num(ct);
	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		const struct nf_conntrack_tuple *back =
			&ct->tuplehash[!i].tuple;
		const struct stream *st = &stream[i];

		rw->segment[i] = (struct reset_segment){
			.src	= back->dst.u3,
			.dst	= back->src.u3,
			.sport	= back->dst.u.tcp.port,
			.dport	= back->src.u.tcp.port,
			.seq	= {
				appgw_seqmap_forward(&st->map, st->next),
				appgw_seqmap_forward(&st->map, st->acked),
			},
			.ack	= stream[!i].next,
		};
	}
	queue_work(reset_queue, &rw->work);
}

/**
 * appgw_reset_init() - be ready to send resets
 *
 * Return: 0 or -errno
 */
int appgw_reset_init(void)
{
	reset_queue = alloc_workqueue("nf_appgw", WQ_UNBOUND, 0);
	return reset_queue ? 0 : -ENOMEM;
}

/**
 * appgw_reset_exit() - send what is queued, and no more
 *
 * To be called after the last session.
 */
void appgw_reset_exit(void)
{
	destroy_workqueue(reset_queue);
}
