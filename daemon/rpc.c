// SPDX-License-Identifier: GPL-2.0-only
/* Sun RPC: what the replies of a portmapper or an rpcbind call for.
 *
 * A port is a number; a universal address is a text that has its length before it and is
 * filled up behind. Over TCP marks of the record may be within either: these go with what
 * is replaced, and the module corrects the mark in front. Whether anybody has asked for
 * that, and what may be opened, the module knows. It gets the address as the text has it,
 * and doesn't believe it.
 */

#include <netinet/in.h>

#include "proto.h"
#include "rpc_parse.h"

/* Plans for a reply, at most: one an address; in a stream for two of them */
#define RPC_PLANS_MAX		RPC_ENTRIES_MAX

/**
 * struct rpc_plans - the plans for a reply
 * @packet: what it is in
 * @record: the reply, as it is sent
 * @kind: for all of them
 * @count: how many of @plan
 * @plan: the plans
 */
struct rpc_plans {
	const struct packet *packet;
	const struct rpc_record *record;
	const char *kind;
	unsigned int count;
	struct plan plan[RPC_PLANS_MAX];
};

/* What a new text is made of */
static const struct appgw_value rpc_value_number = {
	.what = APPGW_VALUE_PORT, .form = APPGW_VALUE_BINARY, .bytes = RPC_WORD,
};

static const struct appgw_value rpc_value_rest = {
	.what = APPGW_VALUE_REST, .form = APPGW_VALUE_BINARY, .bytes = RPC_WORD,
};

static const struct appgw_value rpc_value_addr = {
	.what = APPGW_VALUE_ADDR,
};

static const struct appgw_value rpc_value_high = {
	.what = APPGW_VALUE_PORT, .divisor = 256,
};

static const struct appgw_value rpc_value_low = {
	.what = APPGW_VALUE_PORT, .bytes = 1,
};

static const struct appgw_value rpc_value_fill = {
	.what = APPGW_VALUE_FILL, .divisor = RPC_WORD,
};

static const char *const rpc_kinds[] = {
	[RPC_GETPORT]		= "getport",
	[RPC_GETADDR]		= "getaddr",
	[RPC_GETADDRLIST]	= "getaddrlist",
};

/* Have @old replaced; its new text is empty at first. */
static struct plan *rpc_add_plan(struct rpc_plans *plans,
				 enum appgw_plan_action action,
				 struct span old)
{
	struct plan *plan = &plans->plan[plans->count++];
	const struct packet *packet = plans->packet;

	plan_begin(plan, plans->kind, action, packet->seq +
		   (plans->record->unit.at - packet->payload.at));
	plan_edit(plan, packet->seq + (old.at - packet->payload.at), old);
	return plan;
}

/* Plan for an address; of one that only its address is to be replaced of, the port stays
 * as it is in the text.
 */
static void rpc_plan_addr(struct rpc_plans *plans, const struct rpc_place *place,
			  enum appgw_plan_action action)
{
	struct plan *plan = rpc_add_plan(plans, action, place->whole);

	plan->end = place->end;
	plan_add_value(plan, &rpc_value_rest, 0);
	plan_add_value(plan, &rpc_value_addr, 0);
	if (action == APPGW_PLAN_OPEN) {
		plan->protonum = place->protonum;
		plan_add_text(plan, (struct span){ place->tail.at, 1 });
		plan_add_value(plan, &rpc_value_high, 0);
		plan_add_text(plan, place->second);
		plan_add_value(plan, &rpc_value_low, 0);
	} else {
		plan->end.port = 0;
		plan_add_text(plan, place->tail);
	}
	plan_add_value(plan, &rpc_value_fill, 0);
}

static void rpc_plan_port(struct rpc_plans *plans, const struct rpc_place *place)
{
	struct plan *plan = rpc_add_plan(plans, APPGW_PLAN_OPEN, place->whole);

	plan->end = place->end;
	plan_add_value(plan, &rpc_value_number, 0);
}

/* Plan for addresses of the connection's own family: the first one of each transport is
 * opened. In a stream others stay as they are: it remembers few edits.
 */
static void rpc_plan_addrs(struct rpc_plans *plans,
			   const struct rpc_reply *reply)
{
	bool has_marks = plans->record->has_marks, is_open[UINT8_MAX + 1] = {};
	unsigned int i;

	for (i = 0; i < reply->count; i++) {
		const struct rpc_place *place = &reply->place[i];
		bool *is_known = &is_open[place->protonum];

		if (place->end.af != plans->packet->src.af ||
		    !place->end.port || (has_marks && *is_known))
			continue;
		/* with that many marks within it stays, and no other one counts */
		if (place->whole.len <= APPGW_EDIT_MAX)
			rpc_plan_addr(plans, place,
				      *is_known ? APPGW_PLAN_ADDRESS :
						  APPGW_PLAN_OPEN);
		*is_known = true;
	}
}

/* Plan for a record, if there is anything to be done. */
static void rpc_plan(struct rpc_plans *plans)
{
	struct rpc_reply reply;

	if (!rpc_parse(plans->record, &reply))
		return;
	plans->kind = rpc_kinds[reply.form];
	if (reply.form == RPC_GETPORT)
		rpc_plan_port(plans, &reply.place[0]);
	else
		rpc_plan_addrs(plans, &reply);
}

static bool rpc_next_message(const struct packet *packet, struct span *text,
			     struct rpc_record *record)
{
	if (packet->protonum != IPPROTO_UDP)
		return rpc_next(text, record);
	if (!text->len)
		return false;
	rpc_datagram(*text, record);
	span_skip(text, text->len);
	return true;
}

static unsigned int rpc_inspect(const struct packet *packet,
				struct plan *plan, unsigned int max)
{
	struct span text = packet->payload;
	struct rpc_record record;
	unsigned int n = 0;

	while (n < max && rpc_next_message(packet, &text, &record)) {
		struct rpc_plans plans = {
			.packet = packet, .record = &record,
		};

		rpc_plan(&plans);
		if (plans.count > max - n)
			break;
		memcpy(plan + n, plans.plan, plans.count * sizeof(*plan));
		n += plans.count;
	}
	return n;
}

const struct proto rpc_proto = {
	.name		= "rpc",
	.inspect	= rpc_inspect,
};
