// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for every DCC message and every payload, good or bad: the unit
 * tests ask it of their cases and of what becomes of them, the fuzzer of
 * anything.
 */

#include <arpa/inet.h>
#include <string.h>

#include "../../../include/appgw/address.h"
#include "exact.h"
#include "inspect.h"
#include "irc_properties.h"
#include "irc_reference.h"

static size_t irc_addr_len(enum appgw_af af)
{
	return af == APPGW_AF_IPV4 ? APPGW_ADDR_LEN_IPV4 :
	       af == APPGW_AF_IPV6 ? APPGW_ADDR_LEN_IPV6 : 0;
}

/* Are both the same, of the same family? */
bool irc_same_endpoint(const struct endpoint *a, const struct endpoint *b)
{
	return a->af == b->af && a->port == b->port &&
	       !memcmp(a->addr, b->addr, irc_addr_len(a->af));
}

static bool irc_same_span(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || a.at == b.at);
}

static bool irc_same(const struct irc_offer *a, const struct irc_offer *b)
{
	return !strcmp(a->kind, b->kind) && a->action == b->action &&
	       a->number == b->number && irc_same_span(a->old, b->old) &&
	       irc_same_span(a->gap, b->gap) &&
	       irc_same_endpoint(&a->end, &b->end);
}

static bool irc_inside(struct span part, struct span whole)
{
	return part.at >= whole.at &&
	       part.at + part.len <= whole.at + whole.len;
}

/**
 * irc_complaint() - what is wrong with the parser's idea of a message
 * @text: any bytes
 *
 * Return: NULL if all is well
 */
const char *irc_complaint(struct span text)
{
	struct irc_offer offer, again, ref;
	struct exact e = exact_copy(text.at, text.len);
	const char *complaint = NULL;
	bool got, want;

	memset(&offer, 0, sizeof(offer));
	memset(&again, 0xff, sizeof(again));
	want = irc_reference_offer(exact_span(&e), &ref);
	got = irc_parse_offer(exact_span(&e), &offer);
	if (got != want)
		complaint = got ? "calls for something, and should not" :
				  "should call for something, and does not";
	else if (irc_parse_offer(exact_span(&e), &again) != got)
		complaint = "depends on what was in the result before";
	else if (got && (!irc_same(&offer, &again) || again.kind[0] != 'd'))
		complaint = "leaves part of the result unset";
	else if (got && !irc_same(&offer, &ref))
		complaint = "reads something else";
	else if (e.len && memcmp(e.at, text.at, e.len))
		complaint = "the parser wrote to its input";
	exact_free(&e);
	return complaint;
}

/* Writes the text that takes an old one's place; returns its length. */
static size_t irc_render(const struct plan *plan, const struct endpoint *end,
			 char *buf)
{
	size_t n = 0, i;

	for (i = 0; i < plan->parts; i++) {
		const struct plan_part *part = &plan->part[i];
		uint32_t number;

		switch (part->type) {
		case APPGW_PART_TEXT:
			memcpy(buf + n, part->text.at, part->text.len);
			n += part->text.len;
			break;
		case APPGW_PART_ADDR:
			n += end->af == APPGW_AF_IPV4 ?
			     format_ipv4(buf + n, end->addr, '.') :
			     format_ipv6(buf + n, end->addr);
			break;
		case APPGW_PART_ADDR_NUMBER:
			memcpy(&number, end->addr, sizeof(number));
			n += format_uint(buf + n, ntohl(number));
			break;
		default:
			n += format_uint(buf + n, end->port);
			break;
		}
	}
	return n;
}

static const char *irc_plan_complaint(const struct plan *plan,
				      struct span payload)
{
	uint32_t at = plan->seq - IRC_SEQ, edit_at = plan->edit_seq - IRC_SEQ;
	size_t i, n = strlen(plan->kind);

	if (n < 5 || n > APPGW_KIND_MAX || strncmp(plan->kind, "dcc_", 4) ||
	    strspn(plan->kind, "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
		return "not a kind";
	if (plan->action >= __APPGW_PLAN_ACTION_MAX)
		return "not an action";
	if (plan->ports != 1 || plan->owner != APPGW_OWNER_SENDER)
		return "not one port of the sender's";
	if (at >= payload.len || payload.at[at] != 1)
		return "not where a message begins";
	if (!plan->has_edit || edit_at >= payload.len ||
	    plan->old.at != payload.at + edit_at || !plan->old.len ||
	    plan->old.len > APPGW_EDIT_MAX || !irc_inside(plan->old, payload) ||
	    edit_at < at)
		return "the text to replace is not in the message";
	if (!plan->parts || plan->parts > PLAN_PARTS_MAX)
		return "not a number of parts";
	for (i = 0; i < plan->parts; i++)
		if (plan->part[i].type == APPGW_PART_TEXT ?
		    !irc_inside(plan->part[i].text, plan->old) :
		    plan->part[i].text.len != 0)
			return "a part is not from the message";
	return NULL;
}

/* Edits the last message as the module would, for it to be read again. */
static const char *irc_edit_complaint(const struct plan *plans, unsigned int n,
				      struct span payload, struct endpoint end)
{
	const struct plan *plan = &plans[n - 1];
	struct plan again[IRC_PLANS_MAX];
	size_t at = plan->old.at - payload.at, len, tail;
	char text[APPGW_EDIT_MAX + 1];
	const char *complaint = NULL;
	struct exact e;
	unsigned int m;

	end.af = plan->end.af;
	if (plan->action == APPGW_PLAN_ADDRESS)
		end.port = 0;
	if (end.af == APPGW_AF_NONE)
		memset(end.addr, 0, sizeof(end.addr));
	len = irc_render(plan, &end, text);
	if (len > APPGW_EDIT_MAX)
		return "the new text is too long";
	tail = payload.len - at - plan->old.len;
	e = exact_new(at + len + tail);
	memcpy(e.at, payload.at, at);
	memcpy(e.at + at, text, len);
	memcpy(e.at + at + len, payload.at + at + plan->old.len, tail);
	m = inspect_at(&irc_proto, exact_span(&e), IRC_SEQ, again,
		       IRC_PLANS_MAX);
	/* too long to be looked at again is not wrong */
	if (m == n - 1 && len > plan->old.len &&
	    tail + at + len > IRC_REFERENCE_TEXT_MAX)
		m = 0;
	else if (m < n)
		complaint = "edited, it says nothing";
	else if (again[n - 1].action != plan->action ||
		 again[n - 1].seq != plan->seq ||
		 again[n - 1].edit_seq != plan->edit_seq ||
		 strcmp(again[n - 1].kind, plan->kind) ||
		 !irc_same_endpoint(&again[n - 1].end, &end))
		complaint = "edited, it says something else";
	exact_free(&e);
	return complaint;
}

/**
 * irc_inspect_complaint() - what is wrong with the plans for a payload
 * @payload: any bytes
 *
 * Return: NULL if all is well
 */
const char *irc_inspect_complaint(struct span payload)
{
	static const struct endpoint low = {
		.addr = { 1 }, .port = APPGW_PORT_MIN,
	};
	static const struct endpoint high = {
		.addr = { 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10,
			  0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10 },
		.port = APPGW_PORT_MAX,
	};
	struct exact e = exact_copy(payload.at, payload.len);
	struct plan plans[IRC_PLANS_MAX], one[1];
	const char *complaint = NULL;
	unsigned int n, i;

	memset(plans, 0xff, sizeof(plans));
	n = inspect_at(&irc_proto, exact_span(&e), IRC_SEQ, plans,
		       IRC_PLANS_MAX);
	if (n > IRC_PLANS_MAX)
		complaint = "more plans than there is room for";
	for (i = 0; !complaint && i < n; i++) {
		complaint = irc_plan_complaint(&plans[i], exact_span(&e));
		if (!complaint && i && (int32_t)(plans[i].seq -
						 plans[i - 1].edit_seq) <= 0)
			complaint = "plans out of order";
	}
	if (!complaint && inspect_at(&irc_proto, exact_span(&e), IRC_SEQ, one,
				     1) != (n > 0))
		complaint = "finds something else in less room";
	if (!complaint && n)
		complaint = irc_edit_complaint(plans, n, exact_span(&e), low);
	if (!complaint && n)
		complaint = irc_edit_complaint(plans, n, exact_span(&e), high);
	exact_free(&e);
	return complaint;
}
