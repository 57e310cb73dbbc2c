// SPDX-License-Identifier: GPL-2.0-only
/* What the helpers of all protocols have in common. */

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "compat.h"
#include "help.h"
#include "policy.h"
#include "session.h"
#include "stats.h"
#include "tcp_segment.h"

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

/**
 * appgw_help_handshake() - make room, and learn where both streams begin
 * @skb: a SYN or SYN-ACK
 * @protoff: offset of its TCP header
 * @ct: the connection
 * @ctinfo: the packet's relation to it
 * @th: the TCP header
 */
void appgw_help_handshake(struct sk_buff *skb, unsigned int protoff,
			  struct nf_conn *ct, enum ip_conntrack_info ctinfo,
			  const struct tcphdr *th)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(ctinfo);
	const struct appgw_policy *policy;
	u32 start[IP_CT_DIR_MAX];
	struct appgw_session *s;
	int i;

	/* conntrack knows one that answers the client's SYN from a forged one */
	if (th->ack && dir == IP_CT_DIR_REPLY &&
	    READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_SYN_RECV) {
		start[IP_CT_DIR_ORIGINAL] = ntohl(th->ack_seq);
		start[IP_CT_DIR_REPLY] = ntohl(th->seq) + 1;
		s = appgw_session_get(ct);
		if (s) {
			spin_lock_bh(&s->lock);
			for (i = 0; i < IP_CT_DIR_MAX; i++) {
				if (s->stream[i].seen)
					continue;
				s->stream[i].seen = true;
				s->stream[i].next = start[i];
				s->stream[i].acked = start[i];
			}
			spin_unlock_bh(&s->lock);
		}
	}
	policy = appgw_policy(nf_ct_net(ct));
	if (policy && !policy->dry_run)
		appgw_tcp_segment_clamp_mss(skb, protoff);
}

/**
 * appgw_help_assign() - give a connection a helper
 * @ct: connection without a helper, not confirmed yet
 * @helper: the registered ones for IPv4 and for IPv6
 *
 * Return: true if it has the helper now
 */
bool appgw_help_assign(struct nf_conn *ct,
		       struct nf_conntrack_helper * const *helper)
{
	struct nf_conn_help *help = nf_ct_helper_ext_add(ct, GFP_ATOMIC);

	helper += nf_ct_l3num(ct) == NFPROTO_IPV6;
	if (!help || !appgw_helper_hold(*helper))
		return false;
	rcu_assign_pointer(help->helper, *helper);
	return true;
}
