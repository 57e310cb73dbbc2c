// SPDX-License-Identifier: GPL-2.0-only
/* Plans: what the daemon has decided about the announcements in a queued
 * segment (request.c). Edits are made here when the segment leaves, and
 * made again for as long as it may be sent again; the daemon isn't needed any
 * more.
 */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>

#include "helper/session.h"
#include "listener.h"
#include "pinhole/pinhole.h"
#include "plan.h"

void appgw_plan_free(struct gate_flow *flow, struct gate_plan *plan)
{
	list_del(&plan->node);
	flow->plan_count--;
	kfree(plan);
}

/* Puts @plan among the others of its flow, behind all of them. */
void appgw_plan_list(struct gate_flow *flow, struct gate_plan *plan)
{
	plan->id = ++flow->plan_id ?: ++flow->plan_id;
	list_add_tail(&plan->node, &flow->plans);
	flow->plan_count++;
}

/* The announcement will not reach its peer as planned. */
void appgw_plan_cancel(struct gate_pass *pass, struct gate_plan *plan)
{
	unsigned int i;

	for (i = 0; plan->opened && i < plan->ports; i++)
		appgw_pinhole_cancel(pass->flow->s, pass->ct, plan->dir,
				     appgw_help_public(pass->ct, plan->dir),
				     plan->result.port + i, APPGW_STAT_CLOSED);
	appgw_plan_free(pass->flow, plan);
}

/* Half of an announcement would lead nowhere: either all of its plans are carried
 * out, or none.
 */
void appgw_plan_cancel_mark(struct gate_pass *pass, u32 mark)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &pass->flow->plans, node)
		if (plan->dir == pass->dir && plan->mark == mark)
			appgw_plan_cancel(pass, plan);
}

static unsigned int plan_hold(void *ctx)
{
	struct gate_pass *pass = ctx;

	return appgw_scan_hold(pass->flow->proto);
}

static size_t plan_unit(void *ctx, struct span rest)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;

	return appgw_scan_unit(flow->proto, flow->scan,
			       plan_from_client(pass), rest);
}

static int plan_want(void *ctx, struct span rest)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;

	/* nobody would decide about what was kept */
	if (!appgw_flow_listener(flow))
		return -1;
	return appgw_scan_want(flow->proto, flow->scan,
			       plan_from_client(pass), rest);
}

static void plan_went(void *ctx, struct span part)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;

	appgw_gate_why(pass, appgw_scan_feed(flow->proto, flow->scan,
					     plan_from_client(pass), part));
}

bool appgw_plan_is_marked(const struct gate_side *side, u32 seq)
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
	enum gate_proto proto = pass->flow->proto;
	union gate_scan ahead __uninitialized;
	u16 at[GATE_MARKS_MAX];
	unsigned int n, i;
	enum appgw_stat why;

	appgw_scan_copy(proto, &ahead, pass->flow->scan);
	n = appgw_scan_line(proto, &ahead, plan_from_client(pass), rest, at,
			    ARRAY_SIZE(at), &why);
	if (side->recalls == GATE_RECALLS_MAX ||
	    !appgw_flow_listener(pass->flow))
		return false;
	for (i = 0; i < n; i++)
		if (!appgw_plan_is_marked(side, seq + at[i]))
			return true;
	return false;
}

/* Is there an edit to be made? */
static bool plan_is_due(const struct gate_pass *pass,
			const struct gate_plan *plan)
{
	return plan->dir == pass->dir && !plan->made && plan->old_len;
}

/* Only the very bytes that the daemon has seen are edited. */
static void plan_verify(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &pass->flow->plans, node) {
		u32 at = plan->seq - seq;

		if (!plan_is_due(pass, plan) || seq_before(plan->seq, seq) ||
		    at >= rest.len)
			continue;
		if (at + plan->old_len <= rest.len &&
		    !memcmp(rest.at + at, plan->old, plan->old_len))
			continue;
		appgw_stat_inc(nf_ct_net(pass->ct), APPGW_STAT_CHANGED);
		appgw_plan_cancel(pass, plan);
	}
}

/* Makes one edit of two of the same announcement, and of what is between them
 * in the line: a stream remembers only a few. False if that would be too long.
 */
static bool plan_join(struct gate_plan *plan, struct gate_plan *next,
		      struct span rest, u32 seq)
{
	u32 gap = next->seq - plan->seq - plan->old_len;
	u32 old_len = plan->old_len + gap + next->old_len;
	u32 new_len = plan->new_len + gap + next->new_len;
	char *at;

	if (plan->mark != next->mark || old_len > GATE_PLAN_TEXT_MAX ||
	    new_len > GATE_PLAN_TEXT_MAX)
		return false;
	at = plan->text + plan->new_len;
	memcpy(at, rest.at + (next->seq - gap - seq), gap);
	memcpy(at + gap, next->text, next->new_len);
	memcpy(plan->old, rest.at + (plan->seq - seq), old_len);
	plan->old_len = old_len;
	plan->new_len = new_len;
	next->old_len = 0;
	next->new_len = 0;
	return true;
}

/* How many edits there are for the line @rest, which is at number @seq. */
static int plan_edits(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_plan *plan, *last = NULL;
	int count = 0;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (!plan_is_due(pass, plan) || seq_before(plan->seq, seq) ||
		    !seq_before(plan->seq, seq + rest.len) ||
		    (last && plan_join(last, plan, rest, seq)))
			continue;
		last = plan;
		count++;
	}
	return count;
}

static int plan_count(void *ctx, struct span rest, u32 seq)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;
	int count;

	if (!appgw_scan_may_announce(flow->proto, rest, false))
		return 0;
	if (plan_is_undecided(pass, rest, seq)) {
		flow->side[pass->dir].recalls++;
		return -1;
	}
	plan_verify(pass, rest, seq);
	if (flow->proto == GATE_MSN)
		appgw_gate_msn_plans(pass, rest, seq);
	count = plan_edits(pass, rest, seq);
	if (flow->proto != GATE_MSN || count <= SEQMAP_EDITS)
		return count;
	/* all of its lengths are right, or none is changed */
	appgw_plan_cancel_mark(pass, seq);
	return 0;
}

static void plan_line(void *ctx, struct span rest, u32 seq)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;
	u16 at[GATE_MARKS_MAX];
	enum appgw_stat why;

	appgw_scan_line(flow->proto, flow->scan, plan_from_client(pass), rest,
			at, ARRAY_SIZE(at), &why);
	flow->side[pass->dir].recalls = 0;
	pass->line_end = seq + rest.len;
	if (!list_empty(&flow->plans))
		plan_verify(pass, rest, seq);
	if (flow->proto == GATE_RTSP)
		appgw_gate_media(pass, seq);
	else if (flow->proto == GATE_PNA)
		appgw_gate_pna(pass);
	else if (flow->proto == GATE_MSN)
		appgw_gate_msn(pass, rest, seq);
	appgw_gate_why(pass, why);
}

/* The text that takes the other's place; returns its length, 0 if it is the
 * same.
 */
static unsigned int plan_text(const struct gate_plan *plan, char *text)
{
	if (plan->new_len == plan->old_len &&
	    !memcmp(plan->text, plan->old, plan->old_len))
		return 0;
	memcpy(text, plan->text, plan->new_len);
	return plan->new_len;
}

static bool plan_next(void *ctx, u32 seq, struct stream_edit *edit)
{
	struct gate_pass *pass = ctx;
	struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (!plan_is_due(pass, plan) || seq_before(plan->seq, seq) ||
		    !seq_before(plan->seq, pass->line_end))
			continue;
		plan->made = true;
		pass->plan = plan;
		edit->at = plan->seq - seq;
		edit->old_len = plan->old_len;
		edit->new_len = plan_text(plan, edit->text);
		edit->cookie = plan->id;
		return true;
	}
	return false;
}

const struct stream_planner appgw_gate_planner = {
	.hold		= plan_hold,
	.unit		= plan_unit,
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

	list_for_each_entry(plan, &pass->flow->plans, node)
		if (plan->id == cookie)
			return plan_text(plan, text);
	return 0;
}

/* The edit that plan_next() gave could not be made, nor any that it has taken
 * in.
 */
void appgw_gate_undo(void *ctx)
{
	struct gate_pass *pass = ctx;
	struct gate_plan *plan, *next;
	u32 mark = pass->plan->mark;

	list_for_each_entry_safe(plan, next, &pass->flow->plans, node)
		if (plan->dir == pass->dir && plan->mark == mark &&
		    (plan == pass->plan || !plan->old_len))
			appgw_plan_cancel(pass, plan);
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
			appgw_plan_free(flow, plan);
	}
}

void appgw_gate_plans_free(struct gate_flow *flow)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &flow->plans, node)
		appgw_plan_free(flow, plan);
}
