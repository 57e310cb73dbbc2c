// SPDX-License-Identifier: GPL-2.0-only
/* MSN: a row of the table of protocols; what is to be done about the lengths of
 * messages, and what invitations mean for pinholes, beside what the daemon plans.
 *
 * A MSG whose text has become longer says so in its first line, and if it is a
 * packet of P2P, twice in the packet's header. All of that is planned by the
 * daemon, which may have died on the way: then nothing is changed. The
 * acknowledgement that comes for such a packet tells the new size, of which its
 * sender knows nothing, and is put right here.
 */

#include <linux/module.h>
#include <linux/slab.h>

#include "core/compat.h"
#include "gate/gate.h"
#include "gate/plan.h"
#include "msn_scan.h"
#include "rows.h"

APPGW_HELPER_PORTS(msn_ports, msn_ports,
		   "TCP ports of MSN servers (default 1863)",
		   { 1, { { 1863, 1863 } } });

/* P2P messages that may be remembered to have changed their size. */
#define MSN_GROWN_MAX		8

/**
 * struct msn_grown - a P2P message that has changed its size
 * @id: its identifier
 * @growth: by how many bytes it has become longer; 0 if the entry is free
 * @dir: direction in which it went
 */
struct msn_grown {
	u32 id;
	s16 growth;
	u8 dir;
};

/**
 * struct msn_sizes - what is kept about a connection beside the scanner's
 * @grown: what its acknowledgement will have to be told by
 * @next: the entry that is used next
 */
struct msn_sizes {
	struct msn_grown grown[MSN_GROWN_MAX];
	u8 next;
};

/* So far before an acknowledgement's AckSize is its TotalSize, in which some
 * clients tell the same.
 */
#define MSN_TOTAL_BACK	24

static_assert(MSN_TOTAL_BACK + sizeof(u64) <= GATE_PLAN_BRIEF);

/* Tell if the plans for the MSG @rest, at number @seq, are all that there have to
 * be. The last one is that for its length, in its first line.
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

/* Tell by how many bytes the P2P message has become longer that is acknowledged. */
static int msn_growth(const struct gate_pass *pass, u32 id)
{
	const struct msn_sizes *msn = pass->flow->extra;
	int i;

	for (i = 0; i < MSN_GROWN_MAX; i++)
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

/* Plan to tell the size that the sender of an acknowledged packet knows. */
static void msn_plan_size(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_flow *flow = pass->flow;
	struct msn_packet packet;
	struct gate_plan *plan;
	unsigned int first;
	int growth;

	if (!appgw_msn_packet((const struct msn_session *)pass->ahead,
			      gate_from_client(pass), rest, &packet) ||
	    !packet.ack)
		return;
	growth = msn_growth(pass, packet.id);
	/* it may have been planned before, and had to wait */
	if (!growth || msn_has_plan(pass, seq))
		return;
	plan = appgw_plan_new();
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

/* See to the plans for a unit before they are carried out. */
static void msn_settle(struct gate_pass *pass, struct span rest, u32 seq)
{
	if (!list_empty(&pass->flow->plans) && !msn_is_planned(pass, rest, seq))
		appgw_plan_cancel_mark(pass, seq);
	msn_plan_size(pass, rest, seq);
}

/* Remember a message whose size has changed, in place of the oldest. */
static void msn_remember(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct msn_sizes *msn = pass->flow->extra;
	const struct gate_plan *plan;
	struct msn_packet packet;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (plan->dir != pass->dir || plan->mark != seq ||
		    !plan->tells_size || !plan->counted)
			continue;
		if (!appgw_msn_packet(pass->flow->scan,
				      gate_from_client(pass), rest, &packet))
			return;
		msn->grown[msn->next] = (struct msn_grown){
			.id = packet.id, .growth = plan->counted,
			.dir = pass->dir,
		};
		msn->next = (msn->next + 1) % MSN_GROWN_MAX;
		return;
	}
}

/* Act on a unit that has been taken in, or on what is left of one that has gone on
 * in pieces.
 */
static void msn_said(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_flow *flow = pass->flow;
	struct msn_said said;

	if (!list_empty(&flow->plans))
		msn_remember(pass, rest, seq);
	if (!appgw_msn_said(flow->scan, gate_from_client(pass), &said) ||
	    !said.cookie)
		return;
	if (said.command == MSN_COMMAND_CANCEL)
		appgw_pinhole_close_named(flow->s, pass->ct, said.cookie,
					  APPGW_STAT_CLOSED);
	else
		appgw_pinhole_name(flow->s, nf_ct_net(pass->ct), pass->dir, seq,
				   said.cookie);
}

const struct gate_proto appgw_msn = {
	.helper = {
		.name		= "msn",
		.transports	= APPGW_OVER_TCP,
		.expect = {
			.max_expected	= APPGW_PINHOLES_MAX_GATE,
			.timeout	= APPGW_DIRECT_TIMEOUT_S,
		},
		.ports		= &msn_ports,
		.help		= appgw_gate_help,
		.is_wanted	= appgw_gate_is_wanted,
		.session	= &appgw_gate_session_ops,
	},
	.number		= APPGW_PROTOCOL_msn,
	.state_size	= sizeof(struct msn_session),
	.extra_size	= sizeof(struct msn_sizes),
	.hold_max	= MSN_UNIT_MAX,
	.all_or_nothing	= true,
	.pinholes = {
		.anyone		= true,
		.timeout_s	= APPGW_DIRECT_TIMEOUT_S,
		.public		= APPGW_PORTS_DIRECT,
	},
	.scan = {
		.read	= appgw_msn_read,
		.feed	= appgw_msn_feed,
	},
	.plan = {
		.settle	= msn_settle,
		.said	= msn_said,
	},
};

static_assert(sizeof(struct msn_session) <= GATE_STATE_MAX);
