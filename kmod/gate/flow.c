// SPDX-License-Identifier: GPL-2.0-only
/* The connections of the daemon's protocols, and how to find one by what a
 * packet says that waits in the queue.
 *
 * There, a packet bears the addresses of both ends as each has them itself:
 * destination translation has been done, source translation hasn't. Conntrack
 * knows no tuple of that kind for a connection with both, hence this table.
 */

#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>

#include "core/event.h"
#include "flow.h"

static const struct rhashtable_params flow_params = {
	.key_len	= sizeof(struct gate_key),
	.key_offset	= offsetof(struct gate_flow, key),
	.head_offset	= offsetof(struct gate_flow, node),
	.automatic_shrinking = true,
};

static struct rhashtable flow_table;

/**
 * appgw_gate_flow_list() - let a flow be found by its packets
 * @flow: flow
 *
 * Where connections of two zones have the same addresses only the first one is, and
 * the daemon's plans for the other come to nothing.
 */
void appgw_gate_flow_list(struct gate_flow *flow)
{
	flow->listed = !rhashtable_insert_fast(&flow_table, &flow->node,
					       flow_params);
}

/**
 * appgw_gate_flow_unlist() - let a flow be found no more
 * @flow: flow, listed or not
 */
void appgw_gate_flow_unlist(struct gate_flow *flow)
{
	if (flow->listed)
		rhashtable_remove_fast(&flow_table, &flow->node, flow_params);
}

/**
 * appgw_gate_side_idle() - forget what has been queued of a direction
 * @side: direction, of which nothing waits any more
 */
void appgw_gate_side_idle(struct gate_side *side)
{
	side->queuing = false;
	appgw_hold_free(side->tail);
	side->tail = NULL;
	side->tail_len = 0;
}

/**
 * appgw_gate_stop() - stop reading a connection, for good
 * @flow: connection's, locked
 * @ct: the connection
 * @reason: counter of why
 *
 * What it has opened stays until used: it was asked for when all was well.
 */
void appgw_gate_stop(struct gate_flow *flow, const struct nf_conn *ct,
		     enum appgw_stat reason)
{
	struct appgw_event event = {
		.type		= APPGW_EVENT_STOPPED,
		.reason		= reason,
	};
	int i;

	if (flow->off)
		return;
	for (i = 0; i < IP_CT_DIR_MAX; i++)
		flow->s->stream[i].off = true;
	flow->stopped = reason;
	/* read without the lock where flows are listed */
	smp_store_release(&flow->off, true);
	appgw_refuse(ct, &event);
}

/**
 * appgw_gate_why() - act on the scanner's verdict: refuse an announcement, or stop
 * reading; shut the connection if what is refused is to be dropped
 * @pass: segment's way
 * @why: verdict; nothing is done if it is SCAN_WHY_NONE
 */
void appgw_gate_why(struct gate_pass *pass, enum scan_why why)
{
	struct appgw_event event = {
		.type	= APPGW_EVENT_REFUSED,
		.reason	= appgw_helper_why(why, gate_from_client(pass)),
	};

	if (why == SCAN_WHY_NONE)
		return;
	if (why < SCAN_WHY_CLIENT_FIRST) {
		appgw_refuse(pass->ct, &event);
		if (gate_is_dropped(pass->flow->proto, pass->policy, why))
			cmpxchg(&pass->flow->s->bar, SESSION_OPEN,
				SESSION_SHUT);
	} else {
		appgw_gate_stop(pass->flow, pass->ct, event.reason);
	}
}

static struct gate_key flow_key_reverse(const struct gate_key *key)
{
	return (struct gate_key){
		.net	= key->net,
		.addr	= { key->addr[1], key->addr[0] },
		.port	= { key->port[1], key->port[0] },
		.l3num	= key->l3num,
		.protonum = key->protonum,
	};
}

/**
 * appgw_gate_flow_get() - the connection that a queued packet belongs to
 * @key: the packet's addresses, source first
 * @dir: set to the direction it travels in
 * @ct: set to the connection, to be put when done
 *
 * Call under rcu_read_lock().
 *
 * Return: its flow, or NULL if it is none of ours or has ended
 */
struct gate_flow *appgw_gate_flow_get(const struct gate_key *key,
				      enum ip_conntrack_dir *dir,
				      struct nf_conn **ct)
{
	struct gate_key reverse = flow_key_reverse(key);
	struct nf_conntrack_tuple_hash *h;
	struct appgw_session *s;
	struct gate_flow *flow;

	*dir = IP_CT_DIR_ORIGINAL;
	flow = rhashtable_lookup(&flow_table, key, flow_params);
	if (!flow) {
		*dir = IP_CT_DIR_REPLY;
		flow = rhashtable_lookup(&flow_table, &reverse, flow_params);
	}
	if (!flow)
		return NULL;

	/* a session may be left of a connection that is gone */
	h = nf_conntrack_find_get((struct net *)key->net, &flow->zone,
				  &flow->tuple);
	if (!h)
		return NULL;
	*ct = nf_ct_tuplehash_to_ctrack(h);
	s = appgw_session_find(*ct);
	if (s && s == flow->s)
		return flow;
	nf_ct_put(*ct);
	return NULL;
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
		appgw_gate_stop(flow, ct, APPGW_STAT_RELEASED);
		spin_unlock_bh(&flow->s->lock);
		nf_ct_put(ct);
	}
	rcu_read_unlock();
	return flow ? 0 : -ENOENT;
}

/**
 * appgw_gate_flow_init() - make the table that flows are found in
 *
 * Return: 0 or -errno
 */
int appgw_gate_flow_init(void)
{
	return rhashtable_init(&flow_table, &flow_params);
}

/**
 * appgw_gate_flow_exit() - forget the table
 *
 * To be called after the last session.
 */
void appgw_gate_flow_exit(void)
{
	rhashtable_destroy(&flow_table);
}
