// SPDX-License-Identifier: GPL-2.0-only
/* Requests for lists: counters, connections, listeners. Pinholes list
 * themselves (pinhole/pinhole.c). include/uapi/linux/nf_appgw.h says what the
 * messages look like.
 */

#include <net/genetlink.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/sock.h>

#include "control.h"
#include "core/genl.h"
#include "core/stats.h"
#include "gate/flow.h"
#include "gate/listener.h"
#include "gate/steer.h"
#include "helper/session.h"
#include "pinhole/pinhole.h"

static int dumps_put_stats(struct sk_buff *skb, const struct net *net)
{
	int i;

	for (i = 0; i < APPGW_STAT_MAX; i++) {
		struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_STAT);

		if (!nest ||
		    nla_put_string(skb, APPGW_STAT_ATTR_NAME,
				   appgw_stat_name(i)) ||
		    nla_put_u64_64bit(skb, APPGW_STAT_ATTR_VALUE,
				      appgw_stat_read(net, i),
				      APPGW_STAT_ATTR_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
	}
	return 0;
}

/**
 * appgw_control_stats_get() - answer APPGW_CMD_STATS_GET
 * @skb: request
 * @info: likewise
 *
 * Return: 0 or -errno
 */
int appgw_control_stats_get(struct sk_buff *skb, struct genl_info *info)
{
	return appgw_genl_reply(info, dumps_put_stats);
}

/* Tell if a connection has ended: conntrack remembers it for some minutes. */
static bool dumps_is_over(const struct nf_conn *ct)
{
	if (nf_ct_protonum(ct) != IPPROTO_TCP)
		return false;
	switch (READ_ONCE(ct->proto.tcp.state)) {
	case TCP_CONNTRACK_LAST_ACK:
	case TCP_CONNTRACK_TIME_WAIT:
	case TCP_CONNTRACK_CLOSE:
		return true;
	default:
		return false;
	}
}

static const char *dumps_flow_state(const struct nf_conn *ct,
				    const struct appgw_session *s)
{
	enum appgw_stat why = appgw_session_helper(s)->session->stopped(s);

	if (why != APPGW_STAT_MAX)
		return appgw_stat_name(why);
	return dumps_is_over(ct) ? "closed" : "reading";
}

static int dumps_put_queue(struct sk_buff *skb, const struct gate_flow *flow)
{
	const struct appgw_listener *l = gate_flow_listener(flow);

	if (!l || READ_ONCE(flow->off))
		return 0;
	return nla_put_u16(skb, APPGW_FLOW_QUEUE,
			   appgw_steer_queue(l, flow));
}

static int dumps_put_flow(struct sk_buff *skb, const struct nf_conn *ct,
			  struct appgw_session *s)
{
	const struct net *net = nf_ct_net(ct);
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_FLOW);
	u32 held = 0, edits = 0;
	int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		held += READ_ONCE(s->stream[i].hold_len);
		edits += READ_ONCE(s->stream[i].edits);
	}
	if (!nest ||
	    nla_put_string(skb, APPGW_FLOW_HELPER,
			   appgw_session_helper(s)->name) ||
	    appgw_genl_put_control(skb, APPGW_FLOW_CLIENT, APPGW_FLOW_SERVER,
				   &ct->tuplehash[0].tuple) ||
	    nla_put_u8(skb, APPGW_FLOW_PROTO, nf_ct_protonum(ct)) ||
	    nla_put_string(skb, APPGW_FLOW_STATE, dumps_flow_state(ct, s)) ||
	    nla_put_u32(skb, APPGW_FLOW_PINHOLES,
			appgw_pinhole_count(s, net)) ||
	    nla_put_u32(skb, APPGW_FLOW_EDITS, edits) ||
	    nla_put_u32(skb, APPGW_FLOW_HELD, held) ||
	    (gate_has_flow(s) && dumps_put_queue(skb, gate_flow_of(s))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Write the message of one connection; -EMSGSIZE if it doesn't fit any more. The
 * session isn't locked, because conntrack's table is: opening a pinhole looks
 * connections up there, and throws those away that have expired, in the other
 * order.
 */
static int dumps_flow(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct nf_conn *ct)
{
	struct appgw_session *s = appgw_session_find(ct);
	void *hdr;
	int ret;

	if (!s)
		return 0;
	hdr = appgw_genl_dump(skb, cb, APPGW_CMD_FLOW_GET);
	if (!hdr)
		return -EMSGSIZE;
	ret = dumps_put_flow(skb, ct, s);
	if (ret)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return ret;
}

/* Write one bucket of conntrack's table, from entry *@skip on; 0 and *@skip is 0
 * again, or -EMSGSIZE with *@skip set to where to go on.
 */
static int dumps_bucket(struct sk_buff *skb, struct netlink_callback *cb,
			unsigned int bucket, long *skip)
{
	const struct net *net = sock_net(skb->sk);
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;
	const struct nf_conn *ct;
	long at = 0;
	int ret = 0;

	hlist_nulls_for_each_entry_rcu(h, n, &nf_conntrack_hash[bucket],
				       hnnode) {
		if (NF_CT_DIRECTION(h) != IP_CT_DIR_REPLY || at++ < *skip)
			continue;
		ct = nf_ct_tuplehash_to_ctrack(h);
		if (!net_eq(net, nf_ct_net(ct)))
			continue;
		ret = dumps_flow(skb, cb, ct);
		if (ret) {
			at--;
			break;
		}
	}
	*skip = ret ? at : 0;
	return ret;
}

/* Tell sparse that a lock is taken: conntrack's own function doesn't. */
static void dumps_lock(spinlock_t *lock) __acquires(lock)
{
	nf_conntrack_lock(lock);
	__acquire(lock);
}

static int dumps_bucket_locked(struct sk_buff *skb, struct netlink_callback *cb,
			       unsigned int bucket, long *skip)
{
	spinlock_t *lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
	int ret = 0;

	rcu_read_lock();
	local_bh_disable();
	dumps_lock(lock);
	/* the table may just have become a smaller one */
	if (bucket < nf_conntrack_htable_size)
		ret = dumps_bucket(skb, cb, bucket, skip);
	spin_unlock(lock);
	local_bh_enable();
	rcu_read_unlock();
	return ret;
}

/**
 * appgw_control_flow_dump() - answer APPGW_CMD_FLOW_GET
 * @skb: message
 * @cb: dump; args[0] is the bucket to go on with, args[1] the entry in it
 *
 * Walks conntrack's table as its own dump does: what comes or goes meanwhile may be
 * there or not.
 *
 * Return: bytes in @skb
 */
int appgw_control_flow_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	while (cb->args[0] < nf_conntrack_htable_size) {
		if (dumps_bucket_locked(skb, cb, cb->args[0],
					&cb->args[1]))
			break;
		cb->args[0]++;
		cond_resched();
	}
	return skb->len;
}

static int dumps_put_listener(struct sk_buff *skb, const struct appgw_listener *l)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_LISTEN);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < APPGW_PROTOCOLS_COUNT; i++)
		if (l->protos & BIT(i) &&
		    nla_put_string(skb, APPGW_LISTEN_HELPER,
				   appgw_helper_row(i)->name))
			return -EMSGSIZE;
	if (nla_put_u16(skb, APPGW_LISTEN_QUEUE, l->queue) ||
	    nla_put_u16(skb, APPGW_LISTEN_QUEUES, l->queues) ||
	    nla_put_u32(skb, APPGW_LISTEN_PORTID, l->portid))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * appgw_control_listener_dump() - answer APPGW_CMD_LISTENER_GET
 * @skb: message
 * @cb: dump; args[0] is the protocol to go on with
 *
 * There are so few that one message holds them.
 *
 * Return: bytes in @skb
 */
int appgw_control_listener_dump(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	const struct net *net = sock_net(skb->sk);
	const struct appgw_listener *l, *last = NULL;
	void *hdr;

	rcu_read_lock();
	for (; cb->args[0] < APPGW_PROTOCOLS_COUNT; cb->args[0]++) {
		l = appgw_listener(net, cb->args[0]);
		if (!l || l == last)
			continue;
		last = l;
		hdr = appgw_genl_dump(skb, cb, APPGW_CMD_LISTENER_GET);
		if (!hdr)
			break;
		if (dumps_put_listener(skb, l)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	rcu_read_unlock();
	return skb->len;
}
