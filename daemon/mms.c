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

static void mms_begin(struct plan *plan, enum appgw_plan_action action,
		      uint32_t seq)
{
	plan_begin(plan, "funnel", action, seq);
}

/* Have the plan replace what is in @message from @at on, @len bytes. */
static void mms_edit(struct plan *plan, struct span message, size_t at,
		     size_t len)
{
	plan_edit(plan, plan->seq + at, (struct span){ message.at + at, len });
}

static void mms_plan_addr(struct plan *plan, struct span message,
			  const struct mms_funnel *funnel, uint32_t seq)
{
	mms_begin(plan, APPGW_PLAN_OPEN, seq);
	plan->end = funnel->end;
	mms_edit(plan, message, funnel->addr.at - message.at,
		 funnel->addr.len);
	plan_add_value(plan, &mms_addr, 0);
}

/* Plan for the port, and all that is behind it. */
static void mms_plan_port(struct plan *plan, struct span message,
			  const struct mms_funnel *funnel, uint32_t seq)
{
	mms_begin(plan, APPGW_PLAN_PUBLIC, seq);
	plan->end = funnel->end;
	mms_edit(plan, message, funnel->port.at - message.at,
		 funnel->port.len + funnel->rest.len);
	plan_add_value(plan, &mms_port, 0);
	if (funnel->rest.len)
		plan_add_text(plan, funnel->rest);
	plan_add_value(plan, &mms_fill, message.len);
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

	mms_begin(plan, APPGW_PLAN_TEXT, seq);
	mms_edit(plan, message, MMS_LENGTH_AT,
		 MMS_CHUNK_LEN_AT + MMS_NUMBER_LEN - MMS_LENGTH_AT);
	plan_add_value(plan, &mms_length, message.len);
	plan_add_text(plan, seal);
	plan_add_value(plan, &mms_chunks, message.len);
	plan_add_text(plan, times);
	plan_add_value(plan, &mms_chunk_len, message.len);
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
		mms_begin(plans, APPGW_PLAN_REFUSE, seq);
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
