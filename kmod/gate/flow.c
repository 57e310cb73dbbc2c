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

#include "gate.h"
#include "helper/session.h"
#include "listener.h"

static const struct rhashtable_params flow_params = {
	.key_len	= sizeof(struct gate_key),
	.key_offset	= offsetof(struct gate_flow, key),
	.head_offset	= offsetof(struct gate_flow, node),
	.automatic_shrinking = true,
};

static struct rhashtable flow_table;

/**
 * appgw_gate_flow_new() - what the gate keeps about a connection
 * @s: its session, not yet to be found
 * @ct: the connection
 * @proto: its protocol
 *
 * Return: the flow, or NULL if there is no memory
 */
struct gate_flow *appgw_gate_flow_new(struct appgw_session *s,
				      struct nf_conn *ct,
				      enum gate_proto proto)
{
	const struct nf_conntrack_tuple *orig, *reply;
	size_t size = appgw_scan_size(proto);
	size_t beside = proto == GATE_MSN ? sizeof(struct gate_msn) : 0;
	struct gate_flow *flow;
	int i;

	flow = kzalloc(sizeof(*flow) + (1 + IP_CT_DIR_MAX) * size + beside,
		       GFP_ATOMIC);
	if (!flow)
		return NULL;
	flow->scan = (void *)(flow + 1);
	for (i = 0; i < IP_CT_DIR_MAX; i++)
		flow->side[i].ahead = (void *)(flow + 1) + (1 + i) * size;
	if (beside)
		flow->msn = (void *)(flow + 1) + (1 + i) * size;
	orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;

	flow->s = s;
	flow->proto = proto;
	flow->listener = appgw_listener_slot(nf_ct_net(ct), proto);
	flow->tuple = *orig;
	nf_ct_zone_init(&flow->zone, nf_ct_zone(ct)->id, nf_ct_zone(ct)->dir,
			nf_ct_zone(ct)->flags);
	flow->key.net = nf_ct_net(ct);
	flow->key.l3num = nf_ct_l3num(ct);
	flow->key.addr[IP_CT_DIR_ORIGINAL] = orig->src.u3;
	flow->key.port[IP_CT_DIR_ORIGINAL] = orig->src.u.tcp.port;
	flow->key.addr[IP_CT_DIR_REPLY] = reply->src.u3;
	flow->key.port[IP_CT_DIR_REPLY] = reply->src.u.tcp.port;
	INIT_LIST_HEAD(&flow->plans);
	return flow;
}

/* Lets it be found. Where connections of two zones have the same addresses
 * only the first one is, and the daemon's plans for the other come to nothing.
 */
void appgw_gate_flow_list(struct gate_flow *flow)
{
	flow->listed = !rhashtable_insert_fast(&flow_table, &flow->node,
					       flow_params);
}

/* Its session has ended. */
void appgw_gate_flow_end(struct gate_flow *flow)
{
	if (flow->listed)
		rhashtable_remove_fast(&flow_table, &flow->node, flow_params);
}

/* Forgets what has been queued of a direction: none of it waits any more. */
void appgw_gate_side_idle(struct gate_side *side)
{
	side->queuing = false;
	appgw_hold_free(side->tail);
	side->tail = NULL;
	side->tail_len = 0;
}

/* Nobody can reach it any more. */
void appgw_gate_flow_free(struct gate_flow *flow)
{
	int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++)
		appgw_gate_side_idle(&flow->side[i]);
	appgw_gate_plans_free(flow);
	kfree(flow);
}

static struct gate_key flow_key_reverse(const struct gate_key *key)
{
	return (struct gate_key){
		.net	= key->net,
		.addr	= { key->addr[1], key->addr[0] },
		.port	= { key->port[1], key->port[0] },
		.l3num	= key->l3num,
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
	if (s && s->gate == flow && s == flow->s)
		return flow;
	nf_ct_put(*ct);
	return NULL;
}

int appgw_gate_flow_init(void)
{
	return rhashtable_init(&flow_table, &flow_params);
}

/* After the last session. */
void appgw_gate_flow_exit(void)
{
	rhashtable_destroy(&flow_table);
}
