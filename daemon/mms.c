// SPDX-License-Identifier: GPL-2.0-only
/* MMS: what a client's request for a funnel calls for.
 *
 * The name of a funnel for datagrams has the client's address and port. A new one may
 * need more bytes or fewer, and what is behind it is filled up so that the message
 * still is a multiple of 8; its lengths are planned last, when the module knows how
 * long it has become. Which messages count, the module knows as well.
 */

#include "mms_parse.h"
#include "proto.h"

/* Plans for a funnel */
#define MMS_PLANS	3

static const struct appgw_value mms_addr = {
	.what	= APPGW_VALUE_ADDR,
	.code	= APPGW_VALUE_UTF16,
	.little	= true,
};

static const struct appgw_value mms_port = {
	.what	= APPGW_VALUE_PORT,
	.code	= APPGW_VALUE_UTF16,
	.little	= true,
};

static const struct appgw_value mms_fill = {
	.what	= APPGW_VALUE_FILL,
	.divisor = MMS_UNIT,
};

static const struct appgw_value mms_length = {
	.what	= APPGW_VALUE_LENGTH,
	.form	= APPGW_VALUE_BINARY,
	.little	= true,
	.bias	= -MMS_LENGTH_BIAS,
};

static const struct appgw_value mms_chunks = {
	.what	= APPGW_VALUE_LENGTH,
	.form	= APPGW_VALUE_BINARY,
	.little	= true,
	.bias	= -MMS_LENGTH_BIAS,
	.divisor = MMS_UNIT,
};

static const struct appgw_value mms_chunk_len = {
	.what	= APPGW_VALUE_LENGTH,
	.form	= APPGW_VALUE_BINARY,
	.little	= true,
	.bias	= -MMS_CHUNK_BIAS,
	.divisor = MMS_UNIT,
};

/* Begin a plan for @message, whose first byte has number @seq. */
static void mms_plan(struct plan *plan, enum appgw_plan_action action,
		     uint32_t seq)
{
	memset(plan, 0, sizeof(*plan));
	strcpy(plan->kind, "funnel");
	plan->action = action;
	plan->ports = 1;
	plan->owner = APPGW_OWNER_SENDER;
	plan->seq = seq;
}

/* Have it replace what is in @message from @at on, @len bytes. */
static void mms_add_edit(struct plan *plan, struct span message, size_t at,
			 size_t len)
{
	plan->has_edit = true;
	plan->edit_seq = plan->seq + at;
	plan->old = (struct span){ message.at + at, len };
}

static void mms_add_text(struct plan *plan, struct span text)
{
	if (text.len)
		plan->part[plan->parts++] = (struct plan_part){
			.type = APPGW_PART_TEXT, .text = text,
		};
}

static void mms_add_value(struct plan *plan, const struct appgw_value *value,
			  uint64_t number)
{
	plan->part[plan->parts++] = (struct plan_part){
		.type = APPGW_PART_VALUE, .number = number, .value = value,
	};
}

static void mms_plan_addr(struct plan *plan, struct span message,
			  const struct mms_funnel *funnel, uint32_t seq)
{
	mms_plan(plan, APPGW_PLAN_OPEN, seq);
	plan->end = funnel->end;
	mms_add_edit(plan, message, funnel->addr.at - message.at,
		     funnel->addr.len);
	mms_add_value(plan, &mms_addr, 0);
}

/* Plan for the port, and all that is behind it. */
static void mms_plan_port(struct plan *plan, struct span message,
			  const struct mms_funnel *funnel, uint32_t seq)
{
	mms_plan(plan, APPGW_PLAN_PUBLIC, seq);
	plan->end = funnel->end;
	mms_add_edit(plan, message, funnel->port.at - message.at,
		     funnel->port.len + funnel->rest.len);
	mms_add_value(plan, &mms_port, 0);
	mms_add_text(plan, funnel->rest);
	mms_add_value(plan, &mms_fill, message.len);
}

/* Plan for the message's lengths, and what is between them. */
static void mms_plan_lengths(struct plan *plan, struct span message,
			     uint32_t seq)
{
	struct span seal = { message.at + MMS_LENGTH_AT + MMS_NUMBER_LEN,
			     MMS_CHUNKS_AT - MMS_LENGTH_AT - MMS_NUMBER_LEN };
	struct span times = { message.at + MMS_CHUNKS_AT + MMS_NUMBER_LEN,
			      MMS_CHUNK_LEN_AT - MMS_CHUNKS_AT -
			      MMS_NUMBER_LEN };

	mms_plan(plan, APPGW_PLAN_TEXT, seq);
	mms_add_edit(plan, message, MMS_LENGTH_AT,
		     MMS_CHUNK_LEN_AT + MMS_NUMBER_LEN - MMS_LENGTH_AT);
	mms_add_value(plan, &mms_length, message.len);
	mms_add_text(plan, seal);
	mms_add_value(plan, &mms_chunks, message.len);
	mms_add_text(plan, times);
	mms_add_value(plan, &mms_chunk_len, message.len);
}

/* Plan for a message that begins at number @seq; return how many plans that takes. */
static unsigned int mms_plan_message(struct span message, uint32_t seq,
				     struct plan *plans, unsigned int max)
{
	struct mms_funnel funnel;
	enum mms_what what = mms_parse_funnel(message, &funnel);

	if (what == MMS_NOTHING || max < MMS_PLANS)
		return 0;
	if (what == MMS_MALFORMED ||
	    funnel.port.len + funnel.rest.len > APPGW_EDIT_MAX) {
		mms_plan(plans, APPGW_PLAN_REFUSE, seq);
		return 1;
	}
	mms_plan_addr(&plans[0], message, &funnel, seq);
	mms_plan_port(&plans[1], message, &funnel, seq);
	mms_plan_lengths(&plans[2], message, seq);
	return MMS_PLANS;
}

static unsigned int mms_inspect(const struct packet *packet,
				struct plan *plans, unsigned int max)
{
	struct span text = packet->payload, message;
	unsigned int n = 0;

	while (mms_next(&text, &message))
		n += mms_plan_message(message, packet->seq +
				      (message.at - packet->payload.at),
				      plans + n, max - n);
	return n;
}

const struct proto mms_proto = {
	.name		= "mms",
	.inspect	= mms_inspect,
};
