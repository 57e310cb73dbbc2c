// SPDX-License-Identifier: GPL-2.0-only
/* How a packet of any protocol begins its way: handshakes, and the session. */

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_synproxy.h>

#include "core/compat.h"
#include "core/policy.h"
#include "core/stats.h"
#include "help.h"
#include "session.h"
#include "stream/tcp_segment.h"

/**
 * appgw_help_is_error() - tell an ICMP error about a connection from a packet of it
 * @skb: packet that is related to @ct in its original direction
 * @ct: connection. One that was expected has such packets until it is answered
 *
 * Return: true if it is none of it
 */
bool appgw_help_is_error(const struct sk_buff *skb, const struct nf_conn *ct)
{
	__be16 frag_off;
	u8 protonum;

	if (!ct->master)
		return true;
	if (nf_ct_l3num(ct) == NFPROTO_IPV4)
		return ip_hdr(skb)->protocol != nf_ct_protonum(ct);
	protonum = ipv6_hdr(skb)->nexthdr;
	return ipv6_skip_exthdr(skb, skb_network_offset(skb) +
				sizeof(struct ipv6hdr), &protonum,
				&frag_off) < 0 ||
	       protonum != nf_ct_protonum(ct);
}

/**
 * appgw_help_count() - count what happened to a segment
 * @net: namespace
 * @notes: enum stream_note bits
 */
void appgw_help_count(const struct net *net, unsigned int notes)
{
	static const enum appgw_stat stat[] = {
		APPGW_STAT_HELD, APPGW_STAT_OVERFLOW, APPGW_STAT_OUT_OF_ORDER,
		APPGW_STAT_CHANGED, APPGW_STAT_POSTPONED, APPGW_STAT_FAILED,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(stat); i++)
		if (notes & 1 << i)
			appgw_stat_inc(net, stat[i]);
}

/* Set that a direction begins at number @start, if that is @known, unless payload
 * has shown where.
 */
static void help_begins(struct stream *st, u32 start, bool known)
{
	if (st->any || st->hold)
		return;
	st->seen = known;
	st->next = start;
	st->acked = start;
}

/* Begin both streams at numbers that conntrack has accepted. */
static struct appgw_session *help_agreed(struct nf_conn *ct, u32 client,
					 u32 server)
{
	struct appgw_session *s = appgw_session_begin(ct, client, server);
	bool known;

	if (!s)
		return NULL;
	/* else what comes next is the middle of something */
	known = !appgw_session_missed(ct, client);
	spin_lock_bh(&s->lock);
	help_begins(&s->stream[IP_CT_DIR_ORIGINAL], client, known);
	help_begins(&s->stream[IP_CT_DIR_REPLY], server, known);
	spin_unlock_bh(&s->lock);
	return s;
}

/* Tell if this is how a SYN proxy ends its handshake with the server. conntrack
 * marks connections restored from elsewhere as a proxy's, too.
 */
static bool help_is_proxied(const struct nf_conn *ct, const struct tcphdr *th)
{
	return th->ack && nfct_synproxy(ct) &&
	       appgw_session_was_asked(ct, ntohl(th->seq)) &&
	       READ_ONCE(ct->proto.tcp.seen[IP_CT_DIR_REPLY].td_end) ==
	       ntohl(th->ack_seq);
}

/**
 * appgw_help_first() - begin to remember a connection
 * @ct: the connection, which has no session
 * @ctinfo: the packet's relation to it
 * @th: its TCP header
 * @payload: it has some
 *
 * Behind a SYN proxy no SYN ACK is seen: the proxy answers the client, and what it
 * says to the server at last is an acknowledgement that is the first of all.
 *
 * Return: the session, NULL if there is no need of one yet, or it can't be
 */
struct appgw_session *appgw_help_first(struct nf_conn *ct,
				       enum ip_conntrack_info ctinfo,
				       const struct tcphdr *th, bool payload)
{
	u8 state = READ_ONCE(ct->proto.tcp.state);

	if (ctinfo == IP_CT_ESTABLISHED && help_is_proxied(ct, th))
		return help_agreed(ct, ntohl(th->seq), ntohl(th->ack_seq));
	/* conntrack lets answers pass, but it hasn't judged them */
	if (state == TCP_CONNTRACK_SYN_SENT || state == TCP_CONNTRACK_SYN_SENT2)
		return NULL;
	return payload ? appgw_session_get(ct) : NULL;
}

/* Take in the server's answer. Of those that conntrack lets pass the one counts
 * whose numbers it has taken, which is the last that answers a SYN of the client's;
 * any other may be forged. Return whether it counts.
 */
static bool help_syn_ack(struct nf_conn *ct, const struct tcphdr *th, u32 len)
{
	u32 server = ntohl(th->seq) + 1;

	if (READ_ONCE(ct->proto.tcp.state) != TCP_CONNTRACK_SYN_RECV ||
	    READ_ONCE(ct->proto.tcp.seen[IP_CT_DIR_REPLY].td_end) !=
	    server + len)
		return false;
	return help_agreed(ct, ntohl(th->ack_seq), server);
}

/**
 * appgw_help_handshake() - make room, and learn where both streams begin
 * @skb: a SYN or SYN-ACK; its header may move
 * @protoff: offset of its TCP header
 * @ct: the connection
 * @ctinfo: the packet's relation to it
 *
 * Return: true if it is an answer to a SYN and brings payload, which comes next
 */
bool appgw_help_handshake(struct sk_buff *skb, unsigned int protoff,
			  struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct tcphdr _th __uninitialized, *th;
	const struct appgw_policy *policy;
	bool payload = false;
	int len;

	th = skb_header_pointer(skb, protoff, sizeof(_th), &_th);
	len = skb->len - protoff - th->doff * 4;
	if (CTINFO2DIR(ctinfo) == IP_CT_DIR_ORIGINAL && !th->ack)
		appgw_session_syn(ct, ntohl(th->seq) + 1, max(len, 0));
	else if (ctinfo == IP_CT_ESTABLISHED_REPLY && th->ack && len >= 0)
		payload = help_syn_ack(ct, th, len) && len;

	policy = appgw_policy(nf_ct_net(ct));
	if (policy && !policy->dry_run)
		appgw_tcp_segment_clamp_mss(skb, protoff);
	return payload;
}
