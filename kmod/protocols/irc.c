// SPDX-License-Identifier: GPL-2.0-only
/* IRC: a row of the table of protocols, and what policy says about DCC. */

#include <linux/module.h>

#include "gate/gate.h"
#include "gate/request.h"
#include "irc_scan.h"
#include "rows.h"

APPGW_HELPER_PORTS(irc_ports, irc_ports,
		   "TCP ports of IRC servers (default 6660-6669,7000)",
		   { 2, { { 6660, 6669 }, { 7000, 7000 } } });

/* No announcement is without it. */
#define IRC_CTCP	1

static bool irc_may_announce(struct span data, bool kept)
{
	return span_find(data, IRC_CTCP) || (kept && span_find(data, '\n'));
}

static void irc_begin(void *st, const struct appgw_policy *policy)
{
	struct irc_session *is = st;

	is->any_time = !policy->login;
}

/* Refuse a server's port that no bouncer would choose. Everybody can have a server
 * send a line that names the server itself: it need not be one of a bouncer's.
 */
static enum appgw_stat irc_check(const struct gate_pass *pass,
				 const struct gate_request *req,
				 struct pinhole_request *hole)
{
	const struct appgw_ports *ports =
		&pass->policy->ports[APPGW_PORTS_BOUNCER];

	if (gate_from_client(pass) || appgw_ports_have(ports, req->end.port))
		return 0;
	return APPGW_STAT_REFUSED_RELAYED;
}

const struct gate_proto appgw_irc = {
	.helper = {
		.name		= "irc",
		.transports	= APPGW_OVER_TCP,
		.expect = {
			.max_expected	= APPGW_PINHOLES_MAX_GATE,
			.timeout	= APPGW_PINHOLE_TIMEOUT_S,
		},
		.ports		= &irc_ports,
		.help		= appgw_gate_help,
		.is_wanted	= appgw_gate_is_wanted,
		.session	= &appgw_gate_session_ops,
	},
	.number		= APPGW_PROTOCOL_irc,
	.state_size	= sizeof(struct irc_session),
	.hold_max	= STREAM_HOLD_MAX,
	.pinholes = {
		.anyone		= true,
		.public		= APPGW_PORTS_DCC,
	},
	.scan = {
		.read	= appgw_irc_read,
		.feed	= appgw_irc_feed,
		.may_announce = irc_may_announce,
		.talk	= appgw_irc_talk,
		.begin	= irc_begin,
	},
	.plan = {
		.check	= irc_check,
	},
};

static_assert(sizeof(struct irc_session) <= GATE_STATE_MAX);
