// SPDX-License-Identifier: GPL-2.0-only
/* Sessions of the daemon's protocols: how they begin, what they close, how they end. */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>

#include "gate.h"
#include "pinhole/media.h"
#include "plan.h"

/* Begin to keep what the gate needs of a connection; see struct appgw_session_ops. */
static int session_begin(struct appgw_session *s)
{
	const struct gate_proto *proto = gate_proto_of(appgw_session_helper(s));
	const struct nf_conntrack_tuple *orig, *reply;
	const struct nf_conn *ct = s->ct;
	size_t size = proto->state_size;
	struct gate_flow *flow;
	int i;

	flow = kzalloc(sizeof(*flow) + (1 + IP_CT_DIR_MAX) * size +
		       proto->extra_size, GFP_ATOMIC);
	if (!flow)
		return -ENOMEM;
	flow->scan = flow + 1;
	for (i = 0; i < IP_CT_DIR_MAX; i++)
		flow->side[i].ahead = flow->scan + (1 + i) * size;
	flow->extra = flow->scan + (1 + i) * size;
	orig = &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	reply = &ct->tuplehash[IP_CT_DIR_REPLY].tuple;

	flow->s = s;
	flow->proto = proto;
	flow->listener = appgw_listener_slot(nf_ct_net(ct), proto->number);
	flow->tuple = *orig;
	nf_ct_zone_init(&flow->zone, nf_ct_zone(ct)->id, nf_ct_zone(ct)->dir,
			nf_ct_zone(ct)->flags);
	flow->key.net = nf_ct_net(ct);
	flow->key.l3num = nf_ct_l3num(ct);
	flow->key.protonum = nf_ct_protonum(ct);
	flow->key.addr[IP_CT_DIR_ORIGINAL] = orig->src.u3;
	flow->key.port[IP_CT_DIR_ORIGINAL] = orig->src.u.tcp.port;
	flow->key.addr[IP_CT_DIR_REPLY] = reply->src.u3;
	flow->key.port[IP_CT_DIR_REPLY] = reply->src.u.tcp.port;
	INIT_LIST_HEAD(&flow->plans);
	if (gate_is_datagrams(flow))
		memcpy(flow->scan, appgw_session_early(ct),
		       min_t(size_t, size, SESSION_EARLY_MAX));
	s->state[0] = (unsigned long)flow;
	return 0;
}

static void session_list(struct appgw_session *s)
{
	appgw_gate_flow_list(gate_flow_of(s));
}

static void session_unlist(struct appgw_session *s)
{
	appgw_gate_flow_unlist(gate_flow_of(s));
}

static void session_strip(const struct net *net, struct appgw_session *s)
{
	appgw_pinhole_forget(net, s, APPGW_STAT_CLOSED);
}

static void session_close(struct appgw_session *s, struct nf_conn *ct)
{
	appgw_media_close(s, ct, 0, APPGW_STAT_CLOSED);
	appgw_pinhole_close(s, ct, APPGW_STAT_CLOSED);
}

static void session_free(struct appgw_session *s)
{
	struct gate_flow *flow = gate_flow_of(s);
	int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++)
		appgw_gate_side_idle(&flow->side[i]);
	appgw_gate_plans_free(flow);
	kfree(flow);
}

static enum appgw_stat session_stopped(const struct appgw_session *s)
{
	const struct gate_flow *flow = gate_flow_of(s);

	/* the reason is set before */
	return smp_load_acquire(&flow->off) ? flow->stopped : APPGW_STAT_MAX;
}

/* How sessions of all the daemon's protocols begin and end */
const struct appgw_session_ops appgw_gate_session_ops = {
	.begin		= session_begin,
	.list		= session_list,
	.unlist		= session_unlist,
	.strip		= session_strip,
	.close		= session_close,
	.free		= session_free,
	.stopped	= session_stopped,
};

/**
 * appgw_gate_is_wanted() - tell if a protocol's connections are to be taken on
 * @helper: protocol
 * @net: namespace
 *
 * Return: true if a daemon answers for it, or will be back after a fall
 */
bool appgw_gate_is_wanted(const struct appgw_helper *helper,
			  const struct net *net)
{
	return appgw_listener_is_expected(net, gate_proto_of(helper)->number);
}
