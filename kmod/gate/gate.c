// SPDX-License-Identifier: GPL-2.0-only
/* The gate: helpers of the protocols that the daemon reads.
 *
 * A segment that the daemon has to see is queued by steer.c; here it leaves,
 * seen or not. plan.c says which edits the daemon wants made, stream.c and
 * tcp_segment.c make them, cut lines that aren't complete and keep the stream
 * right, as for FTP.
 */

#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/tcp.h>

#include "core/compat.h"
#include "core/event.h"
#include "core/policy.h"
#include "helper/help.h"
#include "helper/session.h"
#include "listener.h"
#include "pass.h"
#include "pinhole/pinhole.h"
#include "protocols/ftp.h"
#include "stream/tcp_segment.h"

#define GATE_FAMILIES	2	/* IPv4 and IPv6 */
#define GATE_HELPERS	(GATE_PROTOS * GATE_FAMILIES)

static struct nf_conntrack_helper gate_helpers[GATE_HELPERS];
static struct nf_conntrack_helper *gate_registered[GATE_HELPERS] __read_mostly;

/* Expectations that are ended are still counted for a while. */
static const struct nf_conntrack_expect_policy gate_policy[GATE_PROTOS] = {
	[GATE_IRC] = {
		.max_expected	= APPGW_PINHOLES_MAX_GATE,
		.timeout	= APPGW_PINHOLE_TIMEOUT_S,
	},
	[GATE_RTSP] = {
		.max_expected	= APPGW_PINHOLES_MAX_MEDIA * 4,
		.timeout	= APPGW_MEDIA_TIMEOUT_S,
	},
	[GATE_PNA] = {
		.max_expected	= APPGW_PINHOLES_MAX_MEDIA * 4,
		.timeout	= APPGW_MEDIA_TIMEOUT_S,
	},
	[GATE_MSN] = {
		.max_expected	= APPGW_PINHOLES_MAX_GATE,
		.timeout	= APPGW_DIRECT_TIMEOUT_S,
	},
};

static const char * const gate_proto_name[GATE_PROTOS] = {
	[GATE_IRC] = "irc", [GATE_RTSP] = "rtsp", [GATE_PNA] = "pna",
	[GATE_MSN] = "msn",
};

/* A protocol's name, as listeners call it. */
const char *appgw_gate_proto_name(unsigned int proto)
{
	return gate_proto_name[proto];
}

/* Which of our protocols is @helper for? -1 if it is none of ours. */
int appgw_gate_proto(const struct nf_conntrack_helper *helper)
{
	int i;

	if (!helper)
		return -1;
	for (i = 0; i < GATE_HELPERS; i++)
		if (helper == gate_registered[i])
			return i / GATE_FAMILIES;
	return -1;
}

/* Nothing more is read on this connection. What it has opened stays until used:
 * it was asked for when all was well.
 */
static void gate_stop(struct gate_flow *flow, const struct nf_conn *ct,
		      enum appgw_stat reason)
{
	struct appgw_event event = {
		.type		= APPGW_EVENT_STOPPED,
		.reason		= reason,
		.control	= ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple,
	};
	int i;

	if (flow->off)
		return;
	for (i = 0; i < IP_CT_DIR_MAX; i++)
		flow->s->stream[i].off = true;
	flow->stopped = reason;
	/* read without the lock where flows are listed */
	smp_store_release(&flow->off, true);
	appgw_stat_inc(nf_ct_net(ct), reason);
	appgw_event_send(nf_ct_net(ct), &event);
}

/* An announcement in a line that must not count. */
static void gate_refuse(const struct gate_pass *pass, enum appgw_stat reason)
{
	const struct nf_conn *ct = pass->ct;
	struct appgw_event event = {
		.type		= APPGW_EVENT_REFUSED,
		.reason		= reason,
		.control	= ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple,
	};

	appgw_stat_inc(nf_ct_net(ct), reason);
	appgw_event_send(nf_ct_net(ct), &event);
}

/* What the scanner thinks of the conversation. */
void appgw_gate_why(struct gate_pass *pass, enum appgw_stat why)
{
	if (why == GATE_WHY_NONE)
		return;
	if (why == APPGW_STAT_REFUSED_LOGIN)
		gate_refuse(pass, why);
	else
		gate_stop(pass->flow, pass->ct, why);
}

static const struct stream_user gate_stream_user = {
	.text		= appgw_gate_text,
	.undo		= appgw_gate_undo,
	.planner	= &appgw_gate_planner,
};

static noinline int gate_through(struct gate_pass *pass,
				 struct tcp_segment *ts, bool ends)
{
	struct gate_flow *flow = pass->flow;
	struct appgw_session *s = flow->s;
	struct stream *out = &s->stream[pass->dir];
	unsigned int notes;
	int ret;

	lockdep_assert_held(&s->lock);

	/* joined in the middle, which may be of anything */
	if (!out->seen && !s->stream[!pass->dir].seen)
		gate_stop(flow, pass->ct, APPGW_STAT_STOPPED_CLIENT_FIRST);

	if (flow->proto == GATE_IRC)
		flow->scan->irc.any_time = !pass->policy->login;
	out->passive = appgw_help_is_passive(pass->policy);
	ret = appgw_tcp_segment_through(ts, out, &s->stream[!pass->dir],
					&gate_stream_user, pass, &notes);
	if (ends && ret == NF_ACCEPT && appgw_tcp_segment_ends(ts, out)) {
		if (gate_is_media(flow->proto))
			appgw_media_close(s, pass->ct, 0, APPGW_STAT_CLOSED);
		appgw_pinhole_close(s, pass->ct, APPGW_STAT_CLOSED);
	}
	if (!list_empty(&flow->plans))
		appgw_gate_plans_age(flow);
	if (unlikely(notes))
		appgw_help_count(nf_ct_net(pass->ct), notes);
	return ret;
}

/* What tells a segment of @len bytes, not 0, from others. */
static inline u64 gate_talk(u32 seq, u32 len)
{
	return (u64)seq << 32 | len;
}

/**
 * appgw_gate_talk() - take in a segment that is a line of talk
 * @flow: its connection, locked
 * @dir: direction it travels in
 * @skb: the packet
 * @protoff: offset of its TCP header
 * @dataoff: offset of its payload
 *
 * Most are, and nothing is to be done about them.
 *
 * Return: true if it is and has been taken in, false if it has to be looked at
 * more closely
 */
bool appgw_gate_talk(struct gate_flow *flow, enum ip_conntrack_dir dir,
		     struct sk_buff *skb, unsigned int protoff,
		     unsigned int dataoff)
{
	struct stream *stream = flow->s->stream;
	struct gate_side *side = &flow->side[dir];
	const struct tcphdr *th;
	struct span text;

	if (flow->proto != GATE_IRC)
		return false;
	if (side->queuing) {
		/* not ahead of those that wait */
		if (seq_before(stream[dir].next, side->queued))
			return false;
		appgw_gate_side_idle(side);
	}
	if (!list_empty(&flow->plans) ||
	    !pskb_may_pull(skb, dataoff) ||
	    !tcp_segment_is_plain(skb, protoff, dataoff, &stream[dir], &text) ||
	    !appgw_irc_is_talk(&flow->scan->irc, dir == IP_CT_DIR_ORIGINAL, text))
		return false;
	th = (struct tcphdr *)(skb->data + protoff);
	if (!stream_ack_plain(&stream[!dir], ntohl(th->ack_seq)))
		return false;
	stream_plain_line(&stream[dir], text.len);
	side->recalls = 0;
	atomic64_set(&side->talk, gate_talk(ntohl(th->seq), text.len));
	return true;
}

/* Has the packet been taken in already, on its way through steer? Only the first
 * one of these numbers: what is sent again may acknowledge more.
 */
static bool gate_was_talk(struct gate_side *side, const struct tcp_segment *ts)
{
	const struct tcphdr *th;
	u64 talk;

	th = (struct tcphdr *)(ts->skb->data + ts->protoff);
	talk = gate_talk(ntohl(th->seq), ts->skb->len - ts->dataoff);
	if (atomic64_read(&side->talk) != talk)
		return false;
	atomic64_set(&side->talk, 0);
	return true;
}

static int gate_help(struct sk_buff *skb, unsigned int protoff,
		     struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	struct tcp_segment ts __uninitialized;
	struct help_pass begin __uninitialized;
	struct gate_pass pass __uninitialized;
	int ret = NF_ACCEPT;

	if (!appgw_help_begin(skb, protoff, ct, ctinfo, &ts, &begin))
		return NF_ACCEPT;
	pass.flow = begin.s->gate;
	pass.ct = ct;
	pass.policy = begin.policy;
	pass.dir = begin.dir;
	pass.plan = NULL;

	if (gate_was_talk(&pass.flow->side[pass.dir], &ts))
		return READ_ONCE(begin.s->frozen) ? NF_DROP : NF_ACCEPT;

	spin_lock_bh(&begin.s->lock);
	if (READ_ONCE(begin.s->frozen))
		ret = NF_DROP;
	else if (!appgw_gate_talk(pass.flow, pass.dir, skb, protoff,
				  ts.dataoff) &&
		 !appgw_help_seen(skb))
		ret = gate_through(&pass, &ts, begin.ends);
	spin_unlock_bh(&begin.s->lock);
	return ret;
}

/**
 * appgw_gate_release() - the daemon has no interest in a connection any more
 * @key: addresses of one of its packets
 *
 * Return: 0, or -ENOENT if there is no such connection
 */
int appgw_gate_release(const struct gate_key *key)
{
	enum ip_conntrack_dir dir;
	struct gate_flow *flow;
	struct nf_conn *ct;

	rcu_read_lock();
	flow = appgw_gate_flow_get(key, &dir, &ct);
	if (flow) {
		spin_lock_bh(&flow->s->lock);
		gate_stop(flow, ct, APPGW_STAT_RELEASED);
		spin_unlock_bh(&flow->s->lock);
		nf_ct_put(ct);
	}
	rcu_read_unlock();
	return flow ? 0 : -ENOENT;
}

/**
 * appgw_gate_assign() - make a connection one of the daemon's
 * @ct: connection without a helper, not confirmed yet
 * @proto: protocol it is taken for
 *
 * Return: true if it has the helper now
 */
bool appgw_gate_assign(struct nf_conn *ct, enum gate_proto proto)
{
	return appgw_help_assign(ct, &gate_registered[proto * GATE_FAMILIES]);
}

int appgw_gate_init(void)
{
	static const u16 family[GATE_FAMILIES] = { AF_INET, AF_INET6 };
	char name[NF_CT_HELPER_NAME_LEN];
	int i;

	for (i = 0; i < GATE_HELPERS; i++) {
		unsigned int proto = i / GATE_FAMILIES;

		snprintf(name, sizeof(name), "appgw-%s",
			 gate_proto_name[proto]);
		/* The tuple plays no part in assigning helpers any more, but
		 * no two may have the same: ports that no other helper has.
		 */
		nf_ct_helper_init(&gate_helpers[i], family[i % GATE_FAMILIES],
				  IPPROTO_TCP, name, proto + 1, proto + 1, 0,
				  &gate_policy[proto], 0, gate_help, NULL,
				  THIS_MODULE);
		gate_helpers[i].destroy = appgw_session_destroy;
	}
	return appgw_helpers_register(gate_helpers, GATE_HELPERS,
				      gate_registered);
}

/* After the sessions have gone. */
void appgw_gate_exit(void)
{
	appgw_helpers_unregister(gate_registered, GATE_HELPERS);
}
