// SPDX-License-Identifier: GPL-2.0-only
/* The toy: what "LISTEN ADDRESS PORT" calls for. */

#include "../include/appgw/address.h"
#include "proto.h"

/* How a new text writes them: see enum appgw_value_attr */
static const struct appgw_value toy_addr = { .what = APPGW_VALUE_ADDR };
static const struct appgw_value toy_port = { .what = APPGW_VALUE_PORT };

static bool toy_plan(struct span line, uint32_t seq, struct plan *plan)
{
	struct span rest = line;
	const uint8_t *from;
	uint32_t port;

	memset(plan, 0, sizeof(*plan));
	if (!span_eat_word(&rest, "listen "))
		return false;
	from = rest.at;
	if (!span_eat_ipv4(&rest, plan->end.addr) ||
	    !span_eat_char(&rest, ' ') ||
	    !span_eat_uint(&rest, 5, APPGW_PORT_MAX, &port))
		return false;
	plan->end.af = APPGW_AF_IPV4;
	plan->end.port = port;
	strcpy(plan->kind, "toy");
	plan->action = APPGW_PLAN_OPEN;
	plan->ports = 1;
	plan->owner = APPGW_OWNER_SENDER;
	plan->seq = seq;
	plan->has_edit = true;
	plan->edit_seq = seq + (from - line.at);
	plan->old = (struct span){ from, rest.at - from };
	plan->part[0] = (struct plan_part){
		.type = APPGW_PART_VALUE, .value = &toy_addr,
	};
	plan->part[1] = (struct plan_part){
		.type = APPGW_PART_TEXT, .text = { (const uint8_t *)" ", 1 },
	};
	plan->part[2] = (struct plan_part){
		.type = APPGW_PART_VALUE, .value = &toy_port,
	};
	plan->parts = 3;
	return true;
}

static unsigned int toy_inspect(const struct packet *packet,
				struct plan *plans, unsigned int max)
{
	const uint8_t *start = packet->payload.at, *nl;
	struct span rest = packet->payload;
	unsigned int n = 0;

	while (n < max && (nl = span_find(rest, '\n'))) {
		struct span line = { rest.at, nl - rest.at };

		n += toy_plan(line, packet->seq + (line.at - start), &plans[n]);
		span_skip(&rest, line.len + 1);
	}
	return n;
}

const struct proto toy_proto = {
	.name		= "toy",
	.inspect	= toy_inspect,
};
