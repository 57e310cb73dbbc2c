// SPDX-License-Identifier: GPL-2.0-only
/* Plans: what the daemon has decided about the announcements in a queued segment
 * (request.c), remembered for as long as the segment may be sent again; the daemon
 * isn't needed any more. edits.c carries them out.
 */

#include <linux/slab.h>

#include "helper/help.h"
#include "plan.h"

/**
 * appgw_plan_new() - begin a plan
 *
 * Return: a plan of zeroes, for appgw_plan_list() or, as long as it has no text, kfree();
 * NULL without memory
 */
struct gate_plan *appgw_plan_new(void)
{
	struct gate_plan *plan = kzalloc(sizeof(*plan), GFP_ATOMIC);

	if (!plan)
		return NULL;
	plan->old = plan->brief;
	plan->text = plan->brief + GATE_PLAN_BRIEF;
	return plan;
}

/**
 * appgw_plan_widen() - make room for texts
 * @plan: plan; its texts stay
 * @len: bytes of the longer one, GATE_PLAN_TEXT_MAX at most
 *
 * Return: false without memory
 */
bool appgw_plan_widen(struct gate_plan *plan, unsigned int len)
{
	char *wide;

	if (len <= GATE_PLAN_BRIEF || plan->old != plan->brief)
		return true;
	wide = kmalloc(2 * GATE_PLAN_TEXT_MAX, GFP_ATOMIC);
	if (!wide)
		return false;
	memcpy(wide, plan->old, plan->old_len);
	memcpy(wide + GATE_PLAN_TEXT_MAX, plan->text, plan->new_len);
	plan->old = wide;
	plan->text = wide + GATE_PLAN_TEXT_MAX;
	return true;
}

/**
 * appgw_plan_free() - forget a plan
 * @flow: flow, locked
 * @plan: one of its plans
 */
void appgw_plan_free(struct gate_flow *flow, struct gate_plan *plan)
{
	list_del(&plan->node);
	flow->plan_count--;
	if (plan->old != plan->brief)
		kfree(plan->old);
	kfree(plan);
}

/**
 * appgw_plan_list() - add a plan to its flow's
 * @flow: flow, locked
 * @plan: comes to stand behind the others, and gets its number
 */
void appgw_plan_list(struct gate_flow *flow, struct gate_plan *plan)
{
	plan->id = ++flow->plan_id ?: ++flow->plan_id;
	list_add_tail(&plan->node, &flow->plans);
	flow->plan_count++;
}

/**
 * appgw_plan_insert() - have a length corrected that stands in front of a text
 * @flow: flow, locked
 * @next: plan for that text
 * @seq: sender's number of the length's first byte
 * @old: the length
 * @text: what takes its place
 * @len: bytes of either, GATE_PLAN_BRIEF at most
 *
 * Return: false if there is no room, and nothing has changed
 */
bool appgw_plan_insert(struct gate_flow *flow, struct gate_plan *next, u32 seq,
		       const void *old, const void *text, u8 len)
{
	struct gate_plan *plan;

	if (flow->plan_count >= GATE_PLANS_MAX)
		return false;
	plan = appgw_plan_new();
	if (!plan)
		return false;
	plan->dir = next->dir;
	plan->mark = next->mark;
	plan->seq = seq;
	plan->tells_length = true;
	plan->old_len = len;
	plan->new_len = len;
	memcpy(plan->old, old, len);
	memcpy(plan->text, text, len);
	appgw_plan_list(flow, plan);
	list_move_tail(&plan->node, &next->node);
	return true;
}

/**
 * appgw_plan_cancel() - close what a plan has opened, and forget it
 * @pass: segment's way
 * @plan: plan that its peer will not be told of
 */
void appgw_plan_cancel(struct gate_pass *pass, struct gate_plan *plan)
{
	unsigned int i;

	for (i = 0; plan->opened && i < plan->ports; i++)
		appgw_pinhole_cancel(pass->flow->s, pass->ct, plan->dir,
				     appgw_help_public(pass->ct, plan->dir),
				     plan->result.port + i, APPGW_STAT_CLOSED);
	appgw_plan_free(pass->flow, plan);
}

/**
 * appgw_plan_cancel_mark() - cancel all plans for an announcement
 * @pass: segment's way
 * @mark: number of the announcement
 *
 * Half of an announcement would lead nowhere.
 */
void appgw_plan_cancel_mark(struct gate_pass *pass, u32 mark)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &pass->flow->plans, node)
		if (plan->dir == pass->dir && plan->mark == mark)
			appgw_plan_cancel(pass, plan);
}

static int plan_find_mark(const struct gate_side *side, u32 seq)
{
	int i;

	for (i = 0; i < side->marks; i++)
		if (side->mark[i] == seq)
			return i;
	return -1;
}

/**
 * appgw_plan_is_marked() - tell if the daemon may plan for an announcement
 * @side: direction
 * @seq: number of the announcement
 *
 * Return: true if so
 */
bool appgw_plan_is_marked(const struct gate_side *side, u32 seq)
{
	return plan_find_mark(side, seq) >= 0;
}

/**
 * appgw_plan_mark() - let the daemon plan for an announcement, if there is room
 * @side: direction
 * @seq: number of the announcement
 * @note: what the scanner has noted about it
 */
void appgw_plan_mark(struct gate_side *side, u32 seq, u32 note)
{
	if (side->marks == GATE_MARKS_MAX || appgw_plan_is_marked(side, seq))
		return;
	side->note[side->marks] = note;
	side->mark[side->marks++] = seq;
}

/**
 * appgw_plan_note() - find what the scanner has noted about an announcement
 * @side: direction
 * @seq: number of the announcement
 *
 * Return: note; 0 if there is none
 */
u32 appgw_plan_note(const struct gate_side *side, u32 seq)
{
	int i = plan_find_mark(side, seq);

	return i < 0 ? 0 : side->note[i];
}

/* Forget the oldest plans for datagrams, unless there is room for more of them. */
static void plans_make_room(struct gate_flow *flow)
{
	struct gate_plan *plan, *oldest;

	while (flow->plan_count >= GATE_PLANS_MAX) {
		oldest = list_first_entry(&flow->plans, struct gate_plan, node);
		list_for_each_entry(plan, &flow->plans, node)
			if ((s32)(plan->id - oldest->id) < 0)
				oldest = plan;
		appgw_plan_free(flow, oldest);
	}
}

/**
 * appgw_gate_plans_age() - forget a flow's plans that can't come up again
 * @flow: flow, locked
 */
void appgw_gate_plans_age(struct gate_flow *flow)
{
	struct gate_plan *plan, *next;

	if (gate_is_datagrams(flow)) {
		plans_make_room(flow);
		return;
	}
	list_for_each_entry_safe(plan, next, &flow->plans, node) {
		const struct stream *st = &flow->s->stream[plan->dir];

		if (!seq_before(st->acked, plan->seq + plan->old_len) &&
		    !seq_before(st->acked, plan->mark + 1))
			appgw_plan_free(flow, plan);
	}
}

/**
 * appgw_gate_plans_free() - free all of a flow's plans
 * @flow: flow that nobody can reach any more
 */
void appgw_gate_plans_free(struct gate_flow *flow)
{
	struct gate_plan *plan, *next;

	list_for_each_entry_safe(plan, next, &flow->plans, node)
		appgw_plan_free(flow, plan);
}
