// SPDX-License-Identifier: GPL-2.0-only
/* The toy's row in the table of protocols. */

#include <linux/module.h>

#include "gate/gate.h"
#include "rows.h"
#include "toy_scan.h"

APPGW_HELPER_PORTS(toy_ports, toy_ports, "TCP ports of toys (default 7007)",
		   { 1, { { 7007, 7007 } } });

const struct gate_proto appgw_toy = {
	.helper = {
		.name		= "toy",
		.transports	= APPGW_OVER_TCP,
		.expect = {
			.max_expected	= APPGW_PINHOLES_MAX_GATE,
			.timeout	= APPGW_PINHOLE_TIMEOUT_S,
		},
		.ports		= &toy_ports,
		.help		= appgw_gate_help,
		.is_wanted	= appgw_gate_is_wanted,
		.session	= &appgw_gate_session_ops,
	},
	.number		= APPGW_PROTOCOL_toy,
	.state_size	= sizeof(struct toy_session),
	.hold_max	= STREAM_HOLD_MAX,
	.scan = {
		.read	= appgw_toy_read,
		.feed	= appgw_toy_feed,
	},
};

static_assert(sizeof(struct toy_session) <= GATE_STATE_MAX);
