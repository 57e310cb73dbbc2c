// SPDX-License-Identifier: GPL-2.0-only
/* Edits: what the daemon has planned (plan.c) is carried out when the segment leaves,
 * and again for as long as it may be sent again.
 */

#include <net/netfilter/nf_conntrack.h>

#include "core/stats.h"
#include "edits.h"
#include "plan.h"

static unsigned int edits_hold(void *ctx)
{
	struct gate_pass *pass = ctx;

	return pass->flow->proto->hold_max;
}

/* Read ahead: whether it may be taken in is yet to be seen. */
static size_t edits_unit(void *ctx, struct span rest)
{
	struct gate_pass *pass = ctx;
	const struct gate_proto *proto = pass->flow->proto;

	if (!pass->is_level)
		gate_scan_copy(proto, pass->ahead, pass->flow->scan);
	pass->is_level = false;
	pass->is_verified = false;
	proto->scan.read(pass->ahead, gate_from_client(pass), rest, &pass->unit);
	return pass->unit.len;
}

static int edits_want(void *ctx, struct span rest)
{
	struct gate_pass *pass = ctx;

	/* nobody would decide about what was kept */
	if (!gate_flow_listener(pass->flow))
		return -1;
	return pass->unit.safe;
}

static void edits_went(void *ctx, struct span part)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;

	appgw_gate_why(pass, flow->proto->scan.feed(flow->scan,
						    gate_from_client(pass),
						    part));
}

/* Tell if the unit at number @seq announces what the daemon has not been shown, and
 * could be.
 */
static bool edits_is_undecided(struct gate_pass *pass, u32 seq)
{
	struct gate_side *side = &pass->flow->side[pass->dir];
	unsigned int i;

	if (side->recalls == GATE_RECALLS_MAX ||
	    !gate_flow_listener(pass->flow))
		return false;
	for (i = 0; i < pass->unit.count; i++)
		if (!appgw_plan_is_marked(side, seq + pass->unit.at[i]))
			return true;
	return false;
}

/* Tell if there is an edit to be made. */
static bool edits_is_due(const struct gate_pass *pass,
			 const struct gate_plan *plan)
{
	return plan->dir == pass->dir && !plan->made && plan->old_len;
}

/* Find a plan for other bytes than those that are there; NULL if there is none. */
static struct gate_plan *edits_find_changed(const struct gate_pass *pass,
					    struct span rest, u32 seq)
{
	struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		u32 at = plan->seq - seq;

		if (!edits_is_due(pass, plan) || seq_before(plan->seq, seq) ||
		    at >= rest.len)
			continue;
		if (at + plan->old_len > rest.len ||
		    memcmp(rest.at + at, plan->old, plan->old_len))
			return plan;
	}
	return NULL;
}

/* Cancel such plans: only what the daemon has seen is edited. Where edits depend on each
 * other, all of an announcement's go.
 */
static void edits_verify(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_plan *plan;

	while ((plan = edits_find_changed(pass, rest, seq))) {
		appgw_stat_inc(nf_ct_net(pass->ct), APPGW_STAT_CHANGED);
		if (pass->flow->proto->all_or_nothing)
			appgw_plan_cancel_mark(pass, plan->mark);
		else
			appgw_plan_cancel(pass, plan);
	}
}

/* Make one edit of two of the same announcement, and of what is between them
 * in the line: a stream remembers only a few. False if that would be too long, or there
 * is no memory for it.
 */
static bool edits_join(struct gate_plan *plan, struct gate_plan *next,
		       struct span rest, u32 seq)
{
	u32 gap = next->seq - plan->seq - plan->old_len;
	u32 old_len = plan->old_len + gap + next->old_len;
	u32 new_len = plan->new_len + gap + next->new_len;
	u32 len = max(old_len, new_len);
	char *at;

	if (plan->mark != next->mark || len > GATE_PLAN_TEXT_MAX ||
	    !appgw_plan_widen(plan, len))
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

/* Count the edits for the line @rest, which is at number @seq. */
static int edits_due(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_plan *plan, *last = NULL;
	int count = 0;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (!edits_is_due(pass, plan) || seq_before(plan->seq, seq) ||
		    !seq_before(plan->seq, seq + rest.len) ||
		    (last && edits_join(last, plan, rest, seq)))
			continue;
		last = plan;
		count++;
	}
	return count;
}

static int edits_count(void *ctx, struct span rest, u32 seq)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;
	int count;

	if (edits_is_undecided(pass, seq)) {
		flow->side[pass->dir].recalls++;
		return -1;
	}
	edits_verify(pass, rest, seq);
	pass->is_verified = true;
	if (flow->proto->plan.settle)
		flow->proto->plan.settle(pass, rest, seq);
	count = edits_due(pass, rest, seq);
	if (!flow->proto->all_or_nothing || count <= SEQMAP_EDITS)
		return count;
	/* all of its lengths are right, or none is changed */
	appgw_plan_cancel_mark(pass, seq);
	return 0;
}

static void edits_line(void *ctx, struct span rest, u32 seq)
{
	struct gate_pass *pass = ctx;
	struct gate_flow *flow = pass->flow;

	gate_scan_copy(flow->proto, flow->scan, pass->ahead);
	pass->is_level = true;
	flow->side[pass->dir].recalls = 0;
	pass->line_end = seq + rest.len;
	if (!pass->is_verified && !list_empty(&flow->plans))
		edits_verify(pass, rest, seq);
	if (flow->proto->plan.said)
		flow->proto->plan.said(pass, rest, seq);
	appgw_gate_why(pass, pass->unit.why);
}

/* Copy the text that takes the other's place; return its length, 0 if it is the
 * same.
 */
static unsigned int edits_text(const struct gate_plan *plan, char *text)
{
	if (!gate_plan_changes(plan))
		return 0;
	memcpy(text, plan->text, plan->new_len);
	return plan->new_len;
}

static bool edits_next(void *ctx, u32 seq, struct stream_edit *edit)
{
	struct gate_pass *pass = ctx;
	struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (!edits_is_due(pass, plan) || seq_before(plan->seq, seq) ||
		    !seq_before(plan->seq, pass->line_end))
			continue;
		plan->made = true;
		pass->plan = plan;
		edit->at = plan->seq - seq;
		edit->old_len = plan->old_len;
		edit->new_len = edits_text(plan, edit->text);
		edit->cookie = plan->id;
		return true;
	}
	return false;
}

static const struct stream_planner edits_planner = {
	.hold		= edits_hold,
	.unit		= edits_unit,
	.want		= edits_want,
	.went		= edits_went,
	.count		= edits_count,
	.line		= edits_line,
	.planned	= edits_next,
};

/* Write the text of an edit again; see struct stream_user. */
static unsigned int edits_again(void *ctx, u32 cookie, char *text)
{
	struct gate_pass *pass = ctx;
	struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node)
		if (plan->id == cookie)
			return edits_text(plan, text);
	return 0;
}

/* Cancel the edit that edits_next() gave, which could not be made, and any that it
 * has taken in.
 */
static void edits_undo(void *ctx)
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

/* How stream.c has the lines of the daemon's protocols read and edited */
const struct stream_user appgw_edits_user = {
	.text		= edits_again,
	.undo		= edits_undo,
	.planner	= &edits_planner,
};
