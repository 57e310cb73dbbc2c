// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for the plans of every MMS payload, good or bad, and what the module
 * makes of them: for the unit test and the fuzzer.
 */

#include "../../../daemon/mms_parse.h"
#include "../../../include/appgw/address.h"
#include "exact.h"
#include "inspect.h"
#include "mms_plan_properties.h"

#define FUNNEL_PLANS	3

/**
 * struct made - what the module makes of a plan
 * @old_len: bytes that it replaces
 * @len: bytes of @text
 * @text: what takes their place
 */
struct made {
	unsigned int old_len;
	unsigned int len;
	uint8_t text[2 * APPGW_EDIT_MAX];
};

static unsigned int made_utf16(uint8_t *to, const char *text, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++) {
		to[2 * i] = text[i];
		to[2 * i + 1] = 0;
	}
	return 2 * len;
}

/* Write a value, if all edits before made the message @growth bytes longer; return its
 * length.
 */
static unsigned int made_value(const struct plan_part *part,
			       const struct endpoint *result,
			       const struct made *made, int growth, uint8_t *to)
{
	const struct appgw_value *v = part->value;
	char text[APPGW_ADDR_TEXT_MAX];
	uint32_t n;
	int i;

	switch (v->what) {
	case APPGW_VALUE_ADDR:
		return made_utf16(to, text, result->af == APPGW_AF_IPV4 ?
				  format_ipv4(text, result->addr, '.') :
				  format_ipv6(text, result->addr));
	case APPGW_VALUE_PORT:
		return made_utf16(to, text, format_uint(text, result->port));
	case APPGW_VALUE_FILL:
		n = part->number + growth + made->len - made->old_len;
		n = (v->divisor - n % v->divisor) % v->divisor;
		memset(to, 0, n);
		return n;
	default:
		n = part->number + growth + v->bias;
		n /= v->divisor ?: 1;
		for (i = 0; i < 4; i++, n >>= 8)
			to[i] = n;
		return 4;
	}
}

static void made_plan(struct made *made, const struct plan *plan,
		      const struct endpoint *result, int growth)
{
	unsigned int i;

	made->old_len = plan->old.len;
	made->len = 0;
	for (i = 0; i < plan->parts; i++) {
		const struct plan_part *part = &plan->part[i];

		if (part->type == APPGW_PART_TEXT) {
			memcpy(made->text + made->len, part->text.at,
			       part->text.len);
			made->len += part->text.len;
		} else {
			made->len += made_value(part, result, made, growth,
						made->text + made->len);
		}
	}
}

/**
 * mms_carry_out() - do what the plans for a funnel say, as the module does
 * @plan: the three of them, address first
 * @message: the message
 * @result: endpoint that takes the place of the announced one
 * @to: room for MMS_MADE_MAX bytes
 *
 * Return: length of the new message; 0 if an edit is too long
 */
size_t mms_carry_out(const struct plan *plan, struct span message,
		     const struct endpoint *result, uint8_t *to)
{
	/* as they stand in the message: lengths first */
	static const int order[FUNNEL_PLANS] = { 2, 0, 1 };
	struct made made[FUNNEL_PLANS];
	int growth = 0, i;
	size_t at = 0, len = 0;

	for (i = 0; i < FUNNEL_PLANS; i++) {
		made_plan(&made[i], &plan[i], result, growth);
		growth += (int)made[i].len - (int)made[i].old_len;
		if (made[i].len > APPGW_EDIT_MAX)
			return 0;
	}
	for (i = 0; i < FUNNEL_PLANS; i++) {
		const struct made *one = &made[order[i]];
		size_t from = plan[order[i]].old.at - message.at;

		memcpy(to + len, message.at + at, from - at);
		len += from - at;
		memcpy(to + len, one->text, one->len);
		len += one->len;
		at = from + one->old_len;
	}
	memcpy(to + len, message.at + at, message.len - at);
	return len + message.len - at;
}

static uint32_t number(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | at[2] << 16 | at[1] << 8 | at[0];
}

/* Tell what is wrong with a message that asks for a funnel at @end. */
static const char *message_complaint(struct span made,
				     const struct endpoint *end)
{
	struct mms_funnel funnel;
	struct span text = made, message;

	if (made.len % 8)
		return "not padded";
	if (number(made.at + 8) != made.len - 16 ||
	    number(made.at + 16) != (made.len - 16) / 8 ||
	    number(made.at + 32) != (made.len - 32) / 8)
		return "a length is wrong";
	if (!mms_next(&text, &message) || message.len != made.len)
		return "not a message";
	if (mms_parse_funnel(message, &funnel) != MMS_UDP ||
	    memcmp(&funnel.end, end, sizeof(*end)))
		return "another funnel";
	return NULL;
}

/* Carry out the plans for a message at @message. */
static const char *funnel_complaint(const struct plan *plan, struct span message)
{
	static const struct endpoint ends[] = {
		{ APPGW_AF_IPV4, { 1, 2, 3, 4 }, 1024 },
		{ APPGW_AF_IPV4, { 203, 100, 113, 254 }, 65535 },
		{ APPGW_AF_IPV6, { 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7,
				   8, 9, 10, 11, 12 }, 7000 },
		{ APPGW_AF_IPV6, { [15] = 1 }, 50000 },
	};
	uint8_t to[MMS_MADE_MAX];
	struct span made = { to, 0 };
	const char *complaint = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends) && !complaint; i++) {
		made.len = mms_carry_out(plan, message, &ends[i], to);
		if (made.len)
			complaint = message_complaint(made, &ends[i]);
	}
	/* what stays, stays */
	made.len = mms_carry_out(plan, message, &plan->end, to);
	if (complaint || !made.len)
		return complaint;
	return message_complaint(made, &plan->end);
}

static const char *plan_complaint(const struct plan *plan, struct span payload)
{
	if (plan->action == APPGW_PLAN_REFUSE)
		return plan->has_edit ? "a refusal with an edit" : NULL;
	if (!plan->has_edit || !plan->old.len ||
	    plan->old.len > APPGW_EDIT_MAX || plan->parts > PLAN_PARTS_MAX)
		return "no edit";
	if (plan->old.at != payload.at + (uint32_t)(plan->edit_seq - MMS_SEQ) ||
	    plan->old.at + plan->old.len > payload.at + payload.len)
		return "an edit elsewhere";
	return NULL;
}

/**
 * mms_plan_complaint() - plan for a payload
 * @payload: any bytes
 *
 * Return: what is wrong, or NULL
 */
const char *mms_plan_complaint(struct span payload)
{
	struct plan plan[MMS_PLANS_MAX];
	const char *complaint = NULL;
	struct span text, message;
	unsigned int n, i;

	n = inspect_at(&mms_proto, payload, MMS_SEQ, plan, MMS_PLANS_MAX);
	for (i = 0; i < n && !complaint; i++)
		complaint = plan_complaint(&plan[i], payload);
	for (i = 0; i < n && !complaint; i++) {
		if (plan[i].action == APPGW_PLAN_REFUSE)
			continue;
		if (i + FUNNEL_PLANS > n || plan[i].action != APPGW_PLAN_OPEN)
			return "a part of the plans";
		text = payload;
		span_skip(&text, plan[i].seq - MMS_SEQ);
		if (!mms_next(&text, &message) ||
		    message.at != payload.at + (plan[i].seq - MMS_SEQ))
			return "no message there";
		if (message.len <= 512)
			complaint = funnel_complaint(&plan[i], message);
		i += FUNNEL_PLANS - 1;
	}
	return complaint;
}
