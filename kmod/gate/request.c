// SPDX-License-Identifier: GPL-2.0-only
/* What the daemon asks for, one announcement or part of it at a time: checked
 * here, pinholes opened, and a plan made of it for plan.c.
 */

#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netlink.h>

#include "core/compat.h"
#include "core/event.h"
#include "core/policy.h"
#include "helper/help.h"
#include "helper/session.h"
#include "pinhole/pinhole.h"
#include "request.h"
#include "text.h"
#include "stream/tcp_segment.h"

/* Reasons by their names, and what they mean */
static const char * const plan_reason[APPGW_STAT_MAX] = {
#define APPGW_REASON(id, name, sentence)	\
	[APPGW_STAT_##id] = name ": " sentence,
#include "appgw/reasons.h"
#undef APPGW_REASON
};

/* Count that an announcement opens nothing, and tell of it, once. Return -EACCES.
 */
static int plan_refuse(const struct gate_pass *pass,
		       const struct gate_request *req, enum appgw_stat reason,
		       struct netlink_ext_ack *extack)
{
	struct gate_side *side = &pass->flow->side[pass->dir];
	const struct nf_conn *ct = pass->ct;
	struct appgw_event event = {
		.type		= APPGW_EVENT_REFUSED,
		.reason		= reason,
		.kind		= req->kind,
		.announced	= req->end,
		.has_announced	= true,
		.dry_run	= pass->policy->dry_run,
	};

	if (extack)
		extack->_msg = plan_reason[reason];
	if (side->has_refused && side->refused == req->seq)
		return -EACCES;
	/* a port alone is one of its own */
	if (req->end.af == APPGW_AF_NONE)
		appgw_endpoint(&event.announced, nf_ct_l3num(ct),
			       &ct->tuplehash[pass->dir].tuple.src.u3,
			       req->end.port);
	side->has_refused = true;
	side->refused = req->seq;
	appgw_refuse(ct, &event);
	return -EACCES;
}

/* Check that the endpoint is the sender's own. Through a server come announcements
 * of others as well, which are none of our business.
 */
static int plan_check_own(const struct gate_pass *pass,
			  const struct gate_request *req,
			  struct netlink_ext_ack *extack)
{
	bool readdress = pass->flow->proto->pinholes.readdress;

	if (appgw_help_is_own(pass->ct, pass->dir, &req->end) ||
	    (readdress && pass->ct->status & IPS_NAT_MASK) ||
	    (req->end.af == APPGW_AF_NONE &&
	     (readdress || gate_is_media(pass->flow))))
		return 0;
	if (gate_from_client(pass))
		return plan_refuse(pass, req, APPGW_STAT_REFUSED_FOREIGN,
				   extack);
	NL_SET_ERR_MSG(extack, "somebody else's, passed on by the server");
	return -ENODATA;
}

/* Ask the protocol about a port of the sender's own. */
static int plan_check_protocol(const struct gate_pass *pass,
			       const struct gate_request *req,
			       struct pinhole_request *hole,
			       struct netlink_ext_ack *extack)
{
	const struct gate_proto *proto = pass->flow->proto;
	enum appgw_stat why;

	if (!proto->plan.check)
		return 0;
	why = proto->plan.check(pass, req, hole);
	if (why != APPGW_STAT_MAX)
		return why ? plan_refuse(pass, req, why, extack) : 0;
	NL_SET_ERR_MSG(extack, "nothing to be opened for it");
	return -ENODATA;
}

/* Set what the protocol's pinholes are like. */
static void plan_set_protocol(const struct gate_pass *pass,
			      struct pinhole_request *hole)
{
	const struct gate_pinholes *like = &pass->flow->proto->pinholes;

	hole->anyone = like->anyone;
	hole->media = like->media;
	hole->lasting = like->lasting;
	hole->timeout_s = like->timeout_s;
	hole->ports = pass->policy->ports[like->public];
}

/* Tell if RTCP may come to the port behind one that the client has named alone. Not
 * to one that it has named by itself, and every second port is RTCP's already (RFC
 * 3550 section 11).
 */
static bool plan_has_next(const struct gate_pass *pass,
			  const struct gate_request *req)
{
	u16 own = req->end.port + 1, public = 0;

	return pass->policy->media_source == APPGW_MEDIA_SOURCE_ADDRESS &&
	       pass->flow->proto->pinholes.pairs && gate_from_client(pass) &&
	       req->ports == 1 && !req->index && !(req->end.port & 1) &&
	       !appgw_pinhole_find(pass->flow->s, nf_ct_net(pass->ct),
				   pass->dir, &own, &public);
}

/* Return the public port, and set for how many @plan is, or -errno. */
static int plan_open(const struct gate_pass *pass,
		     const struct gate_request *req, struct gate_plan *plan,
		     struct netlink_ext_ack *extack)
{
	struct endpoint announced = req->end;
	struct pinhole_request hole = {
		.ct		= pass->ct,
		.policy		= pass->policy,
		.dir		= pass->dir,
		.beside		= true,
		.daddr		= appgw_help_public(pass->ct, pass->dir),
		.port		= req->end.port,
		.count		= req->ports,
		.index		= req->index,
		.announced	= &announced,
		.kind		= req->kind,
		.mark		= req->seq,
	};
	int ret;

	ret = plan_check_own(pass, req, extack);
	if (ret)
		return ret;
	if (announced.af == APPGW_AF_NONE)
		appgw_endpoint(&announced, nf_ct_l3num(pass->ct),
			       &pass->ct->tuplehash[pass->dir].tuple.src.u3,
			       req->end.port);
	if (req->end.port < APPGW_PORT_MIN &&
	    !pass->flow->proto->pinholes.low)
		return plan_refuse(pass, req, APPGW_STAT_REFUSED_PRIVILEGED,
				   extack);
	plan_set_protocol(pass, &hole);
	ret = plan_check_protocol(pass, req, &hole, extack);
	if (ret)
		return ret;
	if (req->action == APPGW_PLAN_OPEN_FIXED)
		hole.ports = (struct appgw_ports){ hole.port, hole.port };
	hole.count += plan_has_next(pass, req);
	ret = appgw_pinhole_open(pass->flow->s, &hole);
	if (ret < 0 && hole.count != req->ports) {
		hole.count = req->ports;
		ret = appgw_pinhole_open(pass->flow->s, &hole);
	}
	plan->ports = hole.count;
	/* others may have been told of one that lasts */
	plan->opened = ret >= 0 && !hole.lasting;
	if (ret < 0)
		plan_refuse(pass, req, appgw_pinhole_why(ret), extack);
	else if (pass->flow->proto->plan.opened)
		pass->flow->proto->plan.opened(pass, &hole);
	return ret;
}

/* Find the receiver's own endpoint, where the sender repeats what the receiver has
 * announced.
 */
static int plan_return(struct gate_pass *pass, const struct gate_request *req,
		       struct endpoint *result, struct netlink_ext_ack *extack)
{
	const struct nf_conn *ct = pass->ct;
	u16 own = 0, public = req->end.port;

	appgw_endpoint(result, nf_ct_l3num(ct),
		       &ct->tuplehash[!pass->dir].tuple.src.u3, public);
	if (req->end.af != APPGW_AF_NONE &&
	    !appgw_endpoint_is(&req->end, nf_ct_l3num(ct),
			       &ct->tuplehash[pass->dir].tuple.dst.u3)) {
		NL_SET_ERR_MSG(extack, "not the receiver's address");
		return -ENODATA;
	}
	if (!public)
		return 0;
	if (!appgw_pinhole_find(pass->flow->s, nf_ct_net(ct), !pass->dir, &own,
				&public)) {
		NL_SET_ERR_MSG(extack, "no pinhole has that port");
		return -ENODATA;
	}
	result->port = own;
	return 0;
}

static bool plan_is_senders(const struct gate_pass *pass,
			    const struct gate_request *req)
{
	return req->owner == APPGW_OWNER_SENDER ||
	       (req->owner == APPGW_OWNER_CLIENT) == gate_from_client(pass);
}

/* Remember where the server says that it sends media from. Return true if that is
 * elsewhere, and is to stay as it is.
 */
static bool plan_source(const struct gate_pass *pass,
			const struct gate_request *req, struct gate_plan *plan)
{
	if (req->owner != APPGW_OWNER_SERVER || gate_from_client(pass))
		return false;
	plan->says_source = true;
	plan->source = req->end;
	return req->end.af != APPGW_AF_NONE &&
	       !appgw_help_is_own(pass->ct, pass->dir, &req->end);
}

/* Tell if the address is to be changed even if nothing is opened. */
static bool plan_is_readdressed(const struct gate_pass *pass)
{
	return pass->flow->proto->pinholes.readdress &&
	       pass->ct->status & IPS_NAT_MASK;
}

/* Do what @req asks for, but for the edit; set in @plan what comes of it. */
static int plan_act(struct gate_pass *pass, const struct gate_request *req,
		    struct gate_plan *plan, struct netlink_ext_ack *extack)
{
	struct endpoint *result = &plan->result;
	struct net *net = nf_ct_net(pass->ct);
	u16 own = 0, public = 0;
	int ret = 0;

	if (!plan_is_senders(pass, req))
		return plan_return(pass, req, result, extack);
	if (plan_source(pass, req, plan)) {
		*result = req->end;
		return 0;
	}
	appgw_endpoint(result, nf_ct_l3num(pass->ct),
		       appgw_help_public(pass->ct, pass->dir), req->end.port);
	switch (req->action) {
	case APPGW_PLAN_TEXT:
		return 0;
	case APPGW_PLAN_REFUSE:
		return plan_refuse(pass, req, APPGW_STAT_REFUSED_MALFORMED,
				   extack);
	case APPGW_PLAN_OPEN:
	case APPGW_PLAN_OPEN_FIXED:
		ret = plan_open(pass, req, plan, extack);
		if (ret < 0 && !plan_is_readdressed(pass))
			return ret;
		if (ret >= 0)
			result->port = ret;
		return 0;
	case APPGW_PLAN_ADDRESS:
		return plan_check_own(pass, req, extack);
	case APPGW_PLAN_INSIDE:
		public = req->end.port;
		if (appgw_pinhole_find(pass->flow->s, net, !pass->dir, &own,
				       &public)) {
			result->port = own;
			return 0;
		}
		break;
	case APPGW_PLAN_PUBLIC:
		if (req->end.af != APPGW_AF_NONE)
			ret = plan_check_own(pass, req, extack);
		if (ret)
			return ret;
		own = req->end.port;
		if (own && appgw_pinhole_find(pass->flow->s, net, pass->dir,
					      &own, &public)) {
			result->port = public;
			return 0;
		}
		break;
	}
	NL_SET_ERR_MSG(extack, "no pinhole has that port");
	return -ENODATA;
}

static int plan_set_edit(struct gate_pass *pass, struct gate_plan *plan,
			 const struct gate_request *req,
			 struct netlink_ext_ack *extack)
{
	int len;

	if (!req->has_edit)
		return 0;
	len = appgw_plan_write(pass->flow, plan, req, extack);
	if (len < 0)
		return len;
	plan->old_len = req->old_len;
	memcpy(plan->old, req->old, req->old_len);
	plan->new_len = len;
	if (len == plan->old_len || gate_is_datagrams(pass->flow) ||
	    appgw_tcp_segment_may_grow(pass->ct))
		return 0;
	NL_SET_ERR_MSG(extack, "the connection's length can't change");
	return -EOPNOTSUPP;
}

/* Put @plan where its edit belongs: they are made in the order of the list, and
 * must be in that of the stream, each behind the one before.
 */
static int plan_place(struct gate_flow *flow, struct gate_plan *plan,
		      struct netlink_ext_ack *extack)
{
	struct list_head *at = &flow->plans;
	struct gate_plan *other;

	if (!plan->old_len)
		return 0;
	list_for_each_entry(other, &flow->plans, node) {
		if (other == plan || other->dir != plan->dir ||
		    !other->old_len)
			continue;
		if (seq_before(plan->seq, other->seq + other->old_len) &&
		    seq_before(other->seq, plan->seq + plan->old_len)) {
			NL_SET_ERR_MSG(extack, "another edit is there");
			return -EEXIST;
		}
		if (seq_after(other->seq, plan->seq)) {
			at = &other->node;
			break;
		}
	}
	list_move_tail(&plan->node, at);
	return 0;
}

/* Find a plan for the same text; several for one announcement stand side by side.
 */
static struct gate_plan *plan_find(struct gate_flow *flow,
				   enum ip_conntrack_dir dir,
				   const struct gate_request *req)
{
	u32 seq = req->has_edit ? req->edit_seq : req->seq;
	struct gate_plan *plan;

	list_for_each_entry(plan, &flow->plans, node)
		if (plan->dir == dir && plan->mark == req->seq &&
		    plan->seq == seq)
			return plan;
	return NULL;
}

static bool plan_is_refused(const struct gate_pass *pass,
			    const struct gate_request *req)
{
	const struct gate_side *side = &pass->flow->side[pass->dir];

	/* what a server of media repeats is to be turned back in any case */
	return (gate_from_client(pass) || !gate_is_media(pass->flow)) &&
	       !plan_is_readdressed(pass) &&
	       side->has_refused && side->refused == req->seq;
}

/* Refuse all of a message: what it says about its lengths must fit its text, so
 * what can't be done in part of it isn't done at all.
 */
static void plan_give_up(struct gate_pass *pass, const struct gate_request *req)
{
	struct gate_side *side = &pass->flow->side[pass->dir];

	side->has_refused = true;
	side->refused = req->seq;
	appgw_plan_cancel_mark(pass, req->seq);
}

/* Check that the daemon may plan for what it says it has found. */
static int plan_check(const struct gate_pass *pass,
		      const struct gate_request *req,
		      struct netlink_ext_ack *extack)
{
	struct gate_flow *flow = pass->flow;
	u32 at = req->edit_seq - req->seq;
	/* a datagram comes whole */
	u32 max = gate_is_datagrams(flow) ? U16_MAX : flow->proto->hold_max;

	if (flow->off || !appgw_plan_is_marked(&flow->side[pass->dir], req->seq) ||
	    (!gate_is_datagrams(flow) &&
	     seq_before(req->seq, flow->s->stream[pass->dir].next))) {
		NL_SET_ERR_MSG(extack, "nothing counts there");
		return -EPERM;
	}
	if (req->ports > 1 && (!flow->proto->pinholes.pairs ||
			       req->end.port > APPGW_PORT_MAX + 1 - req->ports)) {
		NL_SET_ERR_MSG(extack, "no pair of ports");
		return -EINVAL;
	}
	if (req->has_edit &&
	    (!req->old_len || req->old_len > APPGW_EDIT_MAX ||
	     at > max - req->old_len)) {
		NL_SET_ERR_MSG(extack, "no place for an edit");
		return -EINVAL;
	}
	if (flow->plan_count == GATE_PLANS_MAX) {
		NL_SET_ERR_MSG(extack, "too many plans");
		return -ENOSPC;
	}
	return 0;
}

static int plan_add(struct gate_pass *pass, const struct gate_request *req,
		    struct endpoint *result, struct netlink_ext_ack *extack)
{
	struct gate_flow *flow = pass->flow;
	struct gate_plan *plan;
	int ret;

	/* a segment sent again while the first one was still in the queue */
	plan = plan_find(flow, pass->dir, req);
	if (plan) {
		*result = plan->result;
		return 0;
	}
	appgw_gate_plans_age(flow);
	ret = plan_check(pass, req, extack);
	if (ret)
		return ret;
	if (plan_is_refused(pass, req)) {
		NL_SET_ERR_MSG(extack, "refused already, as a whole");
		return -ECANCELED;
	}

	pass->note = appgw_plan_note(&flow->side[pass->dir], req->seq);
	plan = appgw_plan_new();
	if (!plan)
		return -ENOMEM;
	plan->dir = pass->dir;
	plan->mark = req->seq;
	plan->seq = req->has_edit ? req->edit_seq : req->seq;
	plan->ports = req->ports;
	plan->index = req->index;
	ret = plan_act(pass, req, plan, extack);
	if (ret && plan_is_refused(pass, req))
		appgw_plan_cancel_mark(pass, req->seq);
	if (ret || pass->policy->dry_run) {
		*result = plan->result;
		kfree(plan);
		return ret;
	}
	appgw_plan_list(flow, plan);

	ret = plan_set_edit(pass, plan, req, extack) ?:
	      plan_place(flow, plan, extack);
	if (ret && flow->proto->all_or_nothing)
		plan_give_up(pass, req);
	else if (ret)
		appgw_plan_cancel(pass, plan);
	if (ret)
		return ret;
	*result = plan->result;
	appgw_stat_inc(nf_ct_net(pass->ct), APPGW_STAT_PLANNED);
	return 0;
}

/**
 * appgw_gate_plan() - carry out what the daemon has decided
 * @req: the plan
 * @result: set to the endpoint that the text will name
 * @extack: says why not
 *
 * Return: 0, and the edit is made when the segment leaves; or -errno, and
 * nothing has changed: -ENOENT there is no such connection, -EPERM nothing may
 * be announced there, -EACCES it was refused, -ECANCELED it has been before, by
 * another plan for it or in a segment sent again, -ENODATA nothing is called for,
 * -EINVAL, -EEXIST, -EMSGSIZE, -ENOSPC, -ENOMEM, -EOPNOTSUPP, or what
 * appgw_pinhole_open() returns
 */
int appgw_gate_plan(const struct gate_request *req, struct endpoint *result,
		    struct netlink_ext_ack *extack)
{
	struct gate_pass pass = {};
	int ret = -ENOENT;

	rcu_read_lock();
	pass.policy = appgw_policy(req->key.net);
	pass.flow = appgw_gate_flow_get(&req->key, &pass.dir, &pass.ct);
	if (pass.flow && pass.policy) {
		spin_lock_bh(&pass.flow->s->lock);
		ret = plan_add(&pass, req, result, extack);
		spin_unlock_bh(&pass.flow->s->lock);
	} else {
		NL_SET_ERR_MSG(extack, "no such connection");
	}
	if (pass.flow)
		nf_ct_put(pass.ct);
	rcu_read_unlock();
	return ret;
}
