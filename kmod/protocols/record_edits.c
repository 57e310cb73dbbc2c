// SPDX-License-Identifier: GPL-2.0-only
/* Sun RPC over TCP: edits of a record, in plans, and the marks that depend on them. */

#include "core/compat.h"
#include "gate/plan.h"
#include "record_edits.h"
#include "rpc_marks.h"

/**
 * struct rpc_edits - edits of a record, one behind the other
 * @flow: its connection's
 * @record: all of the record
 * @seq: sender's number of its first byte
 * @first: plan for the first edit of those that share a mark; NULL if there is none
 * @from: offset of that one's first byte
 * @merged: the fragments that they are in
 * @growth: by how many bytes they make the record longer
 */
struct rpc_edits {
	struct gate_flow *flow;
	struct span record;
	u32 seq;
	struct gate_plan *first;
	size_t from;
	struct rpc_merged merged;
	int growth;
};

/* Correct the mark in front of the edits that share one, if there are any. */
static bool rpc_end_edits(struct rpc_edits *e)
{
	const u8 *old = e->record.at + e->merged.mark;
	u8 mark[RPC_MARK_LEN];

	if (!e->first)
		return true;
	put_unaligned_be32(appgw_rpc_merged_mark(&e->merged, e->growth), mark);
	return appgw_plan_insert(e->flow, e->first, e->seq + e->merged.mark,
				 old, mark, sizeof(mark));
}

/* Take in an edit, the next one of the record; false if it can't be made. */
static bool rpc_take_edit(struct rpc_edits *e, struct gate_plan *plan)
{
	size_t at = plan->seq - e->seq, end = at + plan->old_len;
	struct span text = { (u8 *)plan->text, plan->new_len };

	if (!gate_plan_changes(plan))
		return true;
	/* it is the same but for the marks within, which may stay, too */
	if (appgw_rpc_is_text(e->record, at, end, text)) {
		plan->old_len = 0;
		plan->new_len = 0;
		return true;
	}
	if (!e->first || at >= e->merged.end) {
		if (!rpc_end_edits(e))
			return false;
		e->first = plan;
		e->from = at;
		e->growth = 0;
	}
	e->growth += plan->new_len - plan->old_len;
	return appgw_rpc_merge(e->record, e->from, end, &e->merged);
}

static bool rpc_has_marks(const struct gate_pass *pass, u32 seq)
{
	const struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node)
		if (plan->dir == pass->dir && plan->mark == seq &&
		    plan->tells_length)
			return true;
	return false;
}

/**
 * appgw_rpc_settle() - see to the plans for a record before they are carried out
 * @pass: segment's way
 * @rest: the record
 * @seq: sender's number of its first byte
 *
 * The marks of fragments have to fit what is in them then. Once: what is sent again is
 * made the same again.
 */
void appgw_rpc_settle(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct rpc_edits e = {
		.flow = pass->flow, .record = rest, .seq = seq,
	};
	struct gate_plan *plan;

	if (rpc_has_marks(pass, seq))
		return;
	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (plan->dir != pass->dir || plan->mark != seq ||
		    !plan->old_len)
			continue;
		if (!rpc_take_edit(&e, plan)) {
			appgw_plan_cancel_mark(pass, seq);
			return;
		}
	}
	if (!rpc_end_edits(&e))
		appgw_plan_cancel_mark(pass, seq);
}
