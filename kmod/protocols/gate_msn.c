// SPDX-License-Identifier: GPL-2.0-only
/* MSN: what is to be done about the lengths of messages, and what invitations
 * mean for pinholes, beside what the daemon plans.
 *
 * A MSG whose text has become longer says so in its first line, and if it is a
 * packet of P2P, twice in the packet's header. All of that is planned by the
 * daemon, which may have died on the way: then nothing is changed. The
 * acknowledgement that comes for such a packet tells the new size, of which its
 * sender knows nothing, and is put right here.
 */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>

#include "core/compat.h"
#include "gate/plan.h"
#include "helper/session.h"
#include "pinhole/pinhole.h"

/* So far before an acknowledgement's AckSize is its TotalSize, in which some
 * clients tell the same.
 */
#define MSN_TOTAL_BACK	24

/* Are the plans for the MSG @rest, at number @seq, all that there have to be?
 * The last one is that for its length, in its first line.
 */
static bool msn_is_planned(const struct gate_pass *pass, struct span rest,
			   u32 seq)
{
	const u8 *nl = span_find(rest, '\n');
	const struct gate_plan *plan, *last = NULL;
	int growth = 0;

	if (!nl)
		return false;
	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (plan->dir != pass->dir || plan->mark != seq)
			continue;
		growth += plan->new_len - plan->old_len;
		if (plan->tells_length &&
		    seq_before(plan->seq, seq + (nl - rest.at)))
			last = plan;
	}
	return last ? growth == last->counted + last->growth : !growth;
}

/* By how many bytes has the P2P message become longer that is acknowledged? */
static int msn_grown(const struct gate_pass *pass, u32 id)
{
	const struct gate_msn *msn = pass->flow->msn;
	int i;

	for (i = 0; i < GATE_GROWN_MAX; i++)
		if (msn->grown[i].growth && msn->grown[i].id == id &&
		    msn->grown[i].dir != pass->dir)
			return msn->grown[i].growth;
	return 0;
}

static bool msn_has_plan(const struct gate_pass *pass, u32 mark)
{
	const struct gate_plan *plan;

	list_for_each_entry(plan, &pass->flow->plans, node)
		if (plan->dir == pass->dir && plan->mark == mark)
			return true;
	return false;
}

/* Plans to tell the size that the sender of an acknowledged packet knows. */
static void msn_plan_size(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_flow *flow = pass->flow;
	union gate_scan ahead __uninitialized;
	struct msn_packet packet;
	struct gate_plan *plan;
	u16 at[MSN_ANNOUNCEMENTS_MAX];
	enum appgw_stat why;
	unsigned int first;
	int growth;

	appgw_scan_copy(GATE_MSN, &ahead, flow->scan);
	appgw_scan_line(GATE_MSN, &ahead, plan_from_client(pass), rest, at,
			ARRAY_SIZE(at), &why);
	if (!appgw_msn_packet(&ahead.msn, plan_from_client(pass), rest,
			      &packet) || !packet.ack)
		return;
	growth = msn_grown(pass, packet.id);
	/* it may have been planned before, and had to wait */
	if (!growth || msn_has_plan(pass, seq))
		return;
	plan = kzalloc(sizeof(*plan), GFP_ATOMIC);
	if (!plan)
		return;
	first = packet.size_at - MSN_TOTAL_BACK;
	plan->dir = pass->dir;
	plan->mark = seq;
	plan->seq = seq + first;
	plan->old_len = MSN_TOTAL_BACK + sizeof(u64);
	plan->new_len = plan->old_len;
	memcpy(plan->old, rest.at + first, plan->old_len);
	memcpy(plan->text, plan->old, plan->old_len);
	put_unaligned_le64(packet.size - growth, plan->text + MSN_TOTAL_BACK);
	if (get_unaligned_le64(plan->old) == packet.size)
		put_unaligned_le64(packet.size - growth, plan->text);
	appgw_plan_list(flow, plan);
}

/**
 * appgw_gate_msn_plans() - see to the plans for a unit before they are made
 * @pass: its packet's way
 * @rest: the unit
 * @seq: sender's number of it
 */
void appgw_gate_msn_plans(struct gate_pass *pass, struct span rest, u32 seq)
{
	if (!list_empty(&pass->flow->plans) && !msn_is_planned(pass, rest, seq))
		appgw_plan_cancel_mark(pass, seq);
	msn_plan_size(pass, rest, seq);
}

/* Remembers a message whose size has changed, in place of the oldest. */
static void msn_remember(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_msn *msn = pass->flow->msn;
	const struct gate_plan *plan;
	struct msn_packet packet;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (plan->dir != pass->dir || plan->mark != seq ||
		    !plan->tells_size || !plan->counted)
			continue;
		if (!appgw_msn_packet(&pass->flow->scan->msn,
				      plan_from_client(pass), rest, &packet))
			return;
		msn->grown[msn->next] = (struct gate_grown){
			.id = packet.id, .growth = plan->counted,
			.dir = pass->dir,
		};
		msn->next = (msn->next + 1) % GATE_GROWN_MAX;
		return;
	}
}

/**
 * appgw_gate_msn() - a unit of MSN has been taken in
 * @pass: its packet's way; @line_end is set
 * @rest: the unit, or what is left of one that has gone on in pieces
 * @seq: sender's number of it
 */
void appgw_gate_msn(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_flow *flow = pass->flow;
	struct msn_said said;

	if (!list_empty(&flow->plans))
		msn_remember(pass, rest, seq);
	if (!appgw_msn_said(&flow->scan->msn, plan_from_client(pass), &said) ||
	    !said.cookie)
		return;
	if (said.command == MSN_COMMAND_CANCEL)
		appgw_pinhole_close_named(flow->s, pass->ct, said.cookie,
					  APPGW_STAT_CLOSED);
	else
		appgw_pinhole_name(flow->s, nf_ct_net(pass->ct), pass->dir, seq,
				   said.cookie);
}
