// SPDX-License-Identifier: GPL-2.0-only
/* MMS: a row of the table of protocols, and what the conversation means for the
 * pinholes of media, which live with the connection.
 */

#include <linux/module.h>

#include "gate/gate.h"
#include "gate/plan.h"
#include "helper/help.h"
#include "mms_scan.h"
#include "pinhole/media.h"
#include "rows.h"

/* Where a server hears what its clients want sent again, whatever its media come from
 * ([MS-MMSP] 2.2.5).
 */
#define MMS_RESEND_PORT		1755

APPGW_HELPER_PORTS(mms_ports, mms_ports,
		   "TCP ports of MMS servers (default 1755)",
		   { 1, { { 1755, 1755 } } });

/* See to the plans for the message at number @seq before they are carried out: its
 * lengths have to tell what all others make of it. The daemon plans them last, and may
 * not have come so far.
 */
static void mms_settle(struct gate_pass *pass, struct span rest, u32 seq)
{
	const struct gate_plan *plan;
	int growth = 0, told = 0;

	list_for_each_entry(plan, &pass->flow->plans, node) {
		if (plan->dir != pass->dir || plan->mark != seq)
			continue;
		growth += plan->new_len - plan->old_len;
		if (plan->tells_length)
			told = plan->counted;
	}
	if (growth != told || growth % MMS_UNIT)
		appgw_plan_cancel_mark(pass, seq);
}

/* Let the client ask the server for what was lost: from the port that it has announced,
 * if there is no flow yet that this belongs to. Nothing depends on it. @seq: server's
 * number of its answer.
 */
static void mms_open_resend(struct gate_pass *pass, u32 seq)
{
	struct nf_conn *ct = pass->ct;
	struct endpoint announced;
	struct pinhole_request hole = {
		.ct		= ct,
		.policy		= pass->policy,
		.dir		= IP_CT_DIR_REPLY,
		.beside		= true,
		.media		= true,
		.apart		= true,
		.ports		= { MMS_RESEND_PORT, MMS_RESEND_PORT },
		.daddr		= appgw_help_public(ct, IP_CT_DIR_REPLY),
		.port		= MMS_RESEND_PORT,
		.count		= 1,
		.announced	= &announced,
		.kind		= "resend",
		.mark		= seq,
		.timeout_s	= APPGW_MEDIA_TIMEOUT_S,
	};

	appgw_endpoint(&announced, nf_ct_l3num(ct),
		       &ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u3,
		       MMS_RESEND_PORT);
	appgw_pinhole_open(pass->flow->s, &hole);
}

/* The server has agreed to a funnel: to one for datagrams, or to one through this very
 * connection, in which case nothing of it matters any more.
 */
static void mms_agreed(struct gate_pass *pass, u32 seq)
{
	struct appgw_session *s = pass->flow->s;
	struct media_agreement agreed = {
		.upto		= pass->line_end,
		.timeout_s	= APPGW_MEDIA_TIMEOUT_S,
	};

	if (!appgw_pinhole_count(s, nf_ct_net(pass->ct))) {
		pass->unit.why = SCAN_WHY_DONE;
		return;
	}
	mms_open_resend(pass, seq);
	appgw_media_agreed(s, pass->ct, &agreed);
}

/* Act on a message that has been taken in. A connection is a session, of which no more
 * is said; but as long as its client says anything it is alive.
 */
static void mms_said(struct gate_pass *pass, struct span rest, u32 seq)
{
	const struct mms_session *ms = pass->flow->scan;
	struct appgw_session *s = pass->flow->s;

	switch (ms->said) {
	case MMS_CONNECT_FUNNEL:
		appgw_media_asked(s, nf_ct_net(pass->ct), 0, pass->line_end);
		break;
	case MMS_FUNNEL_AGREED:
		mms_agreed(pass, seq);
		break;
	case MMS_FUNNEL_REFUSED:
		appgw_media_refused(s, pass->ct, 0, APPGW_STAT_REJECTED);
		break;
	default:
		if (ms->agreed && gate_from_client(pass))
			appgw_media_alive(s, pass->ct, 0);
	}
}

const struct gate_proto appgw_mms = {
	.helper = {
		.name		= "mms",
		.transports	= APPGW_OVER_TCP,
		.expect = {
			.max_expected	= APPGW_PINHOLES_MAX_MEDIA * 4,
			.timeout	= APPGW_MEDIA_TIMEOUT_S,
		},
		.ports		= &mms_ports,
		.help		= appgw_gate_help,
		.is_wanted	= appgw_gate_is_wanted,
		.session	= &appgw_gate_session_ops,
	},
	.number		= APPGW_PROTOCOL_mms,
	.state_size	= sizeof(struct mms_session),
	.hold_max	= STREAM_HOLD_MAX,
	.all_or_nothing	= true,
	.pinholes = {
		.media		= true,
		.timeout_s	= APPGW_MEDIA_SESSION_S + APPGW_MEDIA_LATE_S,
		.public		= APPGW_PORTS_MEDIA,
	},
	.scan = {
		.read	= appgw_mms_read,
		.feed	= appgw_mms_feed,
	},
	.plan = {
		.settle	= mms_settle,
		.said	= mms_said,
	},
};

static_assert(sizeof(struct mms_session) <= GATE_STATE_MAX);
