// SPDX-License-Identifier: GPL-2.0-only
/* Plans: what the daemon has decided about the announcements in a queued
 * segment. Pinholes open when a plan comes in, edits are made when the segment
 * leaves, and are made again for as long as it may be sent again; for neither
 * is the daemon needed any more.
 */

#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netlink.h>

#include "../include/appgw/address.h"
#include "event.h"
#include "gate_pass.h"
#include "listener.h"
#include "pinhole.h"
#include "policy.h"
#include "session.h"
#include "tcp_segment.h"

/* An IPv4 address as a number has at most this many digits, and no text that
 * takes the place of a part is longer than an address.
 */
#define PLAN_PART_MAX	APPGW_ADDR_TEXT_MAX

/**
 * struct gate_plan - a plan that was accepted
 * @node: place in gate_flow.plans
 * @id: its number, never 0
 * @mark: sender's number of the announcement
 * @seq: sender's number of the first byte of @old
 * @dir: direction of both
 * @made: the edit has been made
 * @opened: a pinhole was opened for it
 * @old_len: bytes of @old; 0 if there is no edit
 * @new_len: bytes of @text; 0 if it is the same
 * @result: what stands in the text instead
 * @old: bytes that are replaced
 * @text: what replaces them
 */
struct gate_plan {
	struct list_head node;
	u32 id;
	u32 mark;
	u32 seq;
	u8 dir;
	bool made;
	bool opened;
	u8 old_len;
	u8 new_len;
	struct endpoint result;
	char old[APPGW_EDIT_MAX];
	char text[APPGW_EDIT_MAX];
};

static bool plan_from_client(const struct gate_pass *pass)
{
	return pass->dir == IP_CT_DIR_ORIGINAL;
}

static const union nf_inet_addr *plan_public(const struct nf_conn *ct,
					     enum ip_conntrack_dir dir)
{
	return &ct->tuplehash[!dir].tuple.dst.u3;
}

static void plan_free(struct gate_flow *flow, struct gate_plan *plan)
{
	list_del(&plan->node);
	flow->plan_count--;
	kfree(plan);
}

/* The announcement will not reach its peer as planned. */
static void plan_cancel(struct gate_pass *pass, struct gate_plan *plan)
{
	if (plan->opened)
		appgw_pinhole_cancel(pass->flow->s, pass->ct,
				     plan_public(pass->ct, plan->dir),
				     plan->result.port, APPGW_STAT_CLOSED);
	plan_free(pass->flow, plan);
}

static int plan_want(void *ctx, struct span rest)
{
	struct gate_pass *pass = ctx;

	/* nobody would decide about what was kept */
	if (!appgw_flow_listener(pass->flow))
		return -1;
	return appgw_irc_want(&pass->flow->irc, plan_from_client(pass), rest);
}

static void plan_went(void *ctx, struct span part)
{
	struct gate_pass *pass = ctx;

	appgw_gate_why(pass, appgw_irc_feed(&pass->flow->irc,
					    plan_from_client(pass), part));
}

static bool plan_is_marked(const struct gate_side *side, u32 seq)
{
	int i;

	for (i = 0; i < side->marks; i++)
		if (side->mark[i] == seq)
			return true;
	return false;
}

/* Does @rest announce what the daemon has not been shown, and could be? */
static bool plan_is_undecided(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_side *side = &pass->flow->side[pass->dir];
	struct irc_session ahead = pass->flow->irc;
	uint16_t at[GATE_MARKS_MAX];
	unsigned int n, i;
	enum irc_why why;

	n = appgw_irc_line(&ahead, plan_from_client(pass), rest, at,
			   ARRAY_SIZE(at), &why);
	if (side->recalls == GATE_RECALLS_MAX ||
	    !appgw_flow_listener(pass->flow))
		return false;
	for (i = 0; i < n; i++)
		if (!plan_is_marked(side, seq + at[i]))
			return true;
	return false;
}

static int plan_count(void *ctx, struct span rest, u32 seq)
{
	struct gate_pass *pass = ctx;
	struct gate_plan *plan;
	int count = 0;

	/* no announcement is without one */
	if (!span_find(rest, GATE_CTCP))
		return 0;
	if (plan_is_undecided(pass, rest, seq)) {
		pass->flow->side[pass->dir].recalls++;
		return -1;
	}
	list_for_each_entry(plan, &pass->flow->plans, node)
		if (plan->dir == pass->dir && !plan->made && plan->old_len &&
		    !seq_before(plan->seq, seq) &&
		    seq_before(plan->seq, seq + rest.len))
			count++;
	return count;
}

/* Only the very bytes that the daemon has seen are edited. */
static void plan_verify(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &pass->flow->plans, node) {
		u32 at = plan->seq - seq;

		if (plan->dir != pass->dir || plan->made || !plan->old_len ||
		    seq_before(plan->seq, seq) || at >= rest.len)
			continue;
		if (at + plan->old_len <= rest.len &&
		    !memcmp(rest.at + at, plan->old, plan->old_len))
			continue;
		appgw_stat_inc(nf_ct_net(pass->ct), APPGW_STAT_CHANGED);
		plan_cancel(pass, plan);
	}
}

static void plan_line(void *ctx, struct span rest, u32 seq)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;
	uint16_t at[GATE_MARKS_MAX];
	enum irc_why why;

	appgw_irc_line(&flow->irc, plan_from_client(pass), rest, at,
		       ARRAY_SIZE(at), &why);
	flow->side[pass->dir].recalls = 0;
	pass->line_end = seq + rest.len;
	if (!list_empty(&flow->plans))
		plan_verify(pass, rest, seq);
	appgw_gate_why(pass, why);
}

static bool plan_next(void *ctx, u32 seq, struct stream_edit *edit)
{
	struct gate_pass *pass = ctx;
	struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (plan->dir != pass->dir || plan->made || !plan->old_len ||
		    seq_before(plan->seq, seq) ||
		    !seq_before(plan->seq, pass->line_end))
			continue;
		plan->made = true;
		pass->plan = plan;
		edit->at = plan->seq - seq;
		edit->old_len = plan->old_len;
		edit->new_len = plan->new_len;
		edit->cookie = plan->id;
		memcpy(edit->text, plan->text, plan->new_len);
		return true;
	}
	return false;
}

const struct stream_planner appgw_gate_planner = {
	.want		= plan_want,
	.went		= plan_went,
	.count		= plan_count,
	.line		= plan_line,
	.planned	= plan_next,
};

/* Writes the text of an edit again; see struct stream_user. */
unsigned int appgw_gate_text(void *ctx, u32 cookie, char *text)
{
	struct gate_pass *pass = ctx;
	struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (plan->id != cookie)
			continue;
		memcpy(text, plan->text, plan->new_len);
		return plan->new_len;
	}
	return 0;
}

/* The edit that plan_next() gave could not be made. */
void appgw_gate_undo(void *ctx)
{
	struct gate_pass *pass = ctx;

	plan_cancel(pass, pass->plan);
	pass->plan = NULL;
}

/* Forgets the plans that can't come up again. */
void appgw_gate_plans_age(struct gate_flow *flow)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &flow->plans, node) {
		const struct stream *st = &flow->s->stream[plan->dir];

		if (!seq_before(st->acked, plan->seq + plan->old_len) &&
		    !seq_before(st->acked, plan->mark + 1))
			plan_free(flow, plan);
	}
}

void appgw_gate_plans_free(struct gate_flow *flow)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &flow->plans, node)
		plan_free(flow, plan);
}

/* An announcement opens nothing: count it and say so. */
static void plan_refuse(const struct gate_pass *pass,
			const struct gate_request *req, enum appgw_stat reason)
{
	const struct nf_conn *ct = pass->ct;
	struct appgw_event event = {
		.type		= APPGW_EVENT_REFUSED,
		.reason		= reason,
		.kind		= req->kind,
		.control	= ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple,
		.announced	= req->end,
		.has_announced	= true,
		.dry_run	= pass->policy->dry_run,
	};

	appgw_stat_inc(nf_ct_net(ct), reason);
	appgw_event_send(nf_ct_net(ct), &event);
}

static bool plan_addr_equal(const struct nf_conn *ct, const struct endpoint *ep,
			    const union nf_inet_addr *addr)
{
	if (nf_ct_l3num(ct) == NFPROTO_IPV4)
		return ep->af == APPGW_AF_IPV4 &&
		       !memcmp(ep->addr, addr, APPGW_ADDR_LEN_IPV4);
	return ep->af == APPGW_AF_IPV6 &&
	       !memcmp(ep->addr, addr, APPGW_ADDR_LEN_IPV6);
}

/* Is the announced address that of the announcer: its own, or already the
 * translated one? Through a server come announcements of others as well, which
 * are none of our business.
 */
static int plan_check_own(const struct gate_pass *pass,
			  const struct gate_request *req,
			  struct netlink_ext_ack *extack)
{
	const struct nf_conn *ct = pass->ct;

	if (plan_addr_equal(ct, &req->end,
			    &ct->tuplehash[pass->dir].tuple.src.u3) ||
	    plan_addr_equal(ct, &req->end, plan_public(ct, pass->dir)))
		return 0;
	NL_SET_ERR_MSG(extack, "not the announcer's own address");
	if (!plan_from_client(pass))
		return -ENODATA;
	plan_refuse(pass, req, APPGW_STAT_REFUSED_FOREIGN);
	return -EACCES;
}

/* Returns the public port, or -errno. */
static int plan_open(const struct gate_pass *pass,
		     const struct gate_request *req,
		     struct netlink_ext_ack *extack)
{
	struct pinhole_request hole = {
		.ct		= pass->ct,
		.policy		= pass->policy,
		.dir		= pass->dir,
		.anyone		= true,
		.ports		= pass->policy->dcc_ports,
		.daddr		= plan_public(pass->ct, pass->dir),
		.port		= req->end.port,
		.announced	= &req->end,
		.kind		= req->kind,
	};
	int ret;

	ret = plan_check_own(pass, req, extack);
	if (ret)
		return ret;
	if (req->end.port < APPGW_PORT_MIN) {
		NL_SET_ERR_MSG(extack, "port below 1024");
		plan_refuse(pass, req, APPGW_STAT_REFUSED_PRIVILEGED);
		return -EACCES;
	}
	ret = appgw_pinhole_open(pass->flow->s, &hole);
	if (ret < 0) {
		NL_SET_ERR_MSG(extack, "no pinhole to be had");
		plan_refuse(pass, req, appgw_pinhole_why(ret));
	}
	return ret;
}

/* Does what @req asks for, but for the edit; sets @result. */
static int plan_act(struct gate_pass *pass, const struct gate_request *req,
		    struct endpoint *result, struct netlink_ext_ack *extack)
{
	struct net *net = nf_ct_net(pass->ct);
	u16 own = 0, public = 0;
	int ret;

	appgw_endpoint(result, nf_ct_l3num(pass->ct),
		       plan_public(pass->ct, pass->dir), req->end.port);
	switch (req->action) {
	case APPGW_PLAN_OPEN:
		ret = plan_open(pass, req, extack);
		if (ret < 0)
			return ret;
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

/* Writes one part; returns its length, or -errno. */
static int plan_write_part(const struct nlattr *part,
			   const struct endpoint *result, char *text)
{
	u32 number;

	switch (nla_type(part)) {
	case APPGW_PART_ADDR:
		if (result->af == APPGW_AF_IPV4)
			return format_ipv4(text, result->addr, '.');
		return format_ipv6(text, result->addr);
	case APPGW_PART_ADDR_NUMBER:
		if (result->af != APPGW_AF_IPV4)
			return -EINVAL;
		memcpy(&number, result->addr, sizeof(number));
		return format_uint(text, be32_to_cpu((__force __be32)number));
	case APPGW_PART_PORT:
		return format_uint(text, result->port);
	}
	return -EINVAL;
}

/* Writes the new text; returns its length, or -errno. */
static int plan_write(const struct nlattr *parts,
		      const struct endpoint *result, char *text,
		      struct netlink_ext_ack *extack)
{
	char piece[PLAN_PART_MAX];
	const struct nlattr *part;
	const char *from;
	int len = 0, n, rem;

	nla_for_each_nested(part, parts, rem) {
		if (nla_type(part) == APPGW_PART_TEXT) {
			from = nla_data(part);
			n = nla_len(part);
		} else {
			from = piece;
			n = plan_write_part(part, result, piece);
		}
		if (n < 0 || n > APPGW_EDIT_MAX - len) {
			NL_SET_ERR_MSG_ATTR(extack, part,
					    "no part of a text, or too long");
			return n < 0 ? n : -EMSGSIZE;
		}
		memcpy(text + len, from, n);
		len += n;
	}
	if (!len)
		NL_SET_ERR_MSG_ATTR(extack, parts, "no text");
	return len ?: -EINVAL;
}

static int plan_set_edit(struct gate_pass *pass, struct gate_plan *plan,
			 const struct gate_request *req,
			 struct netlink_ext_ack *extack)
{
	int len;

	if (!req->has_edit)
		return 0;
	len = plan_write(req->parts, &plan->result, plan->text, extack);
	if (len < 0)
		return len;
	plan->seq = req->edit_seq;
	plan->old_len = req->old_len;
	memcpy(plan->old, req->old, req->old_len);
	if (len == plan->old_len && !memcmp(plan->old, plan->text, len))
		return 0;
	plan->new_len = len;
	if (len == plan->old_len || appgw_tcp_segment_may_grow(pass->ct))
		return 0;
	NL_SET_ERR_MSG(extack, "the connection's length can't change");
	return -EOPNOTSUPP;
}

/* Puts @plan where its edit belongs: they are made in the order of the list, and
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

static struct gate_plan *plan_find(struct gate_flow *flow,
				   enum ip_conntrack_dir dir, u32 mark)
{
	struct gate_plan *plan;

	list_for_each_entry(plan, &flow->plans, node)
		if (plan->dir == dir && plan->mark == mark)
			return plan;
	return NULL;
}

/* May the daemon plan for what it says it has found? */
static int plan_check(const struct gate_pass *pass,
		      const struct gate_request *req,
		      struct netlink_ext_ack *extack)
{
	struct gate_flow *flow = pass->flow;
	u32 at = req->edit_seq - req->seq;

	if (flow->off || !plan_is_marked(&flow->side[pass->dir], req->seq) ||
	    seq_before(req->seq, flow->s->stream[pass->dir].next)) {
		NL_SET_ERR_MSG(extack, "nothing counts there");
		return -EPERM;
	}
	if (req->has_edit &&
	    (!req->old_len || req->old_len > APPGW_EDIT_MAX ||
	     at > STREAM_HOLD_MAX - req->old_len)) {
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
	plan = plan_find(flow, pass->dir, req->seq);
	if (plan) {
		*result = plan->result;
		return 0;
	}
	appgw_gate_plans_age(flow);
	ret = plan_check(pass, req, extack);
	if (ret)
		return ret;

	plan = kzalloc(sizeof(*plan), GFP_ATOMIC);
	if (!plan)
		return -ENOMEM;
	plan->dir = pass->dir;
	plan->mark = req->seq;
	plan->seq = req->seq;
	ret = plan_act(pass, req, &plan->result, extack);
	if (ret || pass->policy->dry_run) {
		*result = plan->result;
		kfree(plan);
		return ret;
	}
	plan->opened = req->action == APPGW_PLAN_OPEN;
	plan->id = ++flow->plan_id ?: ++flow->plan_id;
	list_add_tail(&plan->node, &flow->plans);
	flow->plan_count++;

	ret = plan_set_edit(pass, plan, req, extack) ?:
	      plan_place(flow, plan, extack);
	if (ret) {
		plan_cancel(pass, plan);
		return ret;
	}
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
 * be announced there, -EACCES it was refused, -ENODATA nothing is called for,
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
