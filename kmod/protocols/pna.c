// SPDX-License-Identifier: GPL-2.0-only
/* PNA: a row of the table of protocols, and what the conversation means for the
 * pinholes of media, which live with the connection.
 */

#include <linux/module.h>

#include "gate/gate.h"
#include "pinhole/media.h"
#include "pna_scan.h"
#include "rows.h"

APPGW_HELPER_PORTS(pna_ports, pna_ports,
		   "TCP ports of PNA servers (default 7070)",
		   { 1, { { 7070, 7070 } } });

/* Act on a unit that has been taken in. A connection is a session, of which no more
 * is said: the client has asked when its hello ends, and the server's reply agrees
 * to it.
 */
static void pna_said(struct gate_pass *pass, struct span rest, u32 seq)
{
	const struct pna_session *pna = pass->flow->scan;
	struct appgw_session *s = pass->flow->s;
	struct media_agreement agreed = {
		.upto		= pass->line_end,
		.timeout_s	= APPGW_MEDIA_TIMEOUT_S,
	};

	if (gate_from_client(pass) && pna_is_asked(pna))
		appgw_media_asked(s, nf_ct_net(pass->ct), 0, pass->line_end);
	else if (!gate_from_client(pass) && pna_is_answered(pna))
		appgw_media_agreed(s, pass->ct, &agreed);
}

const struct gate_proto appgw_pna = {
	.helper = {
		.name		= "pna",
		.transports	= APPGW_OVER_TCP,
		.expect = {
			.max_expected	= APPGW_PINHOLES_MAX_MEDIA * 4,
			.timeout	= APPGW_MEDIA_TIMEOUT_S,
		},
		.ports		= &pna_ports,
		.help		= appgw_gate_help,
		.is_wanted	= appgw_gate_is_wanted,
		.session	= &appgw_gate_session_ops,
	},
	.number		= APPGW_PROTOCOL_pna,
	.state_size	= sizeof(struct pna_session),
	.hold_max	= STREAM_HOLD_MAX,
	.pinholes = {
		.media		= true,
		.timeout_s	= APPGW_MEDIA_SESSION_S + APPGW_MEDIA_LATE_S,
		.public		= APPGW_PORTS_MEDIA,
	},
	.scan = {
		.read	= appgw_pna_read,
		.feed	= appgw_pna_feed,
	},
	.plan = {
		.said	= pna_said,
	},
};

static_assert(sizeof(struct pna_session) <= GATE_STATE_MAX);
