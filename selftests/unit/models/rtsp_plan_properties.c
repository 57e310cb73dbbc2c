// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for the plans of every RTSP payload, good or bad: the unit
 * tests ask it of their cases and of what becomes of them, the fuzzer of
 * anything.
 */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../../../include/appgw/address.h"
#include "exact.h"
#include "inspect.h"
#include "rtsp_plan_properties.h"
#include "rtsp_properties.h"

static const char *rtsp_plan_kind_complaint(const struct plan *plan)
{
	static const struct {
		const char *kind;
		enum appgw_plan_owner owner;
		bool has_addr;
	} kinds[] = {
		{ "client_port", APPGW_OWNER_CLIENT, false },
		{ "destination", APPGW_OWNER_CLIENT, true },
		{ "dest_addr", APPGW_OWNER_CLIENT, true },
		{ "server_port", APPGW_OWNER_SERVER, false },
		{ "source", APPGW_OWNER_SERVER, true },
		{ "src_addr", APPGW_OWNER_SERVER, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(plan->kind, kinds[i].kind))
			break;
	if (i == ARRAY_SIZE(kinds) || plan->owner != kinds[i].owner)
		return "not a kind, or another's";
	if (plan->action == APPGW_PLAN_ADDRESS)
		return !kinds[i].has_addr || plan->end.port ||
		       plan->ports != 1 || plan->index ||
		       plan->end.af == APPGW_AF_NONE ?
		       "not an address alone" : NULL;
	if (plan->action != APPGW_PLAN_OPEN &&
	    plan->action != APPGW_PLAN_PUBLIC)
		return "not an action";
	if (plan->ports < 1 || plan->ports > 2 ||
	    plan->end.port + plan->ports - 1 > APPGW_PORT_MAX)
		return "not a pair";
	return plan->index > 1 ? "neither RTP's port nor RTCP's" : NULL;
}

/* Finds where the header ends that begins @at; 0 if none does. */
static size_t rtsp_plan_header_end(struct span payload, size_t at)
{
	size_t len = strlen("transport");

	if (at >= payload.len || (at && payload.at[at - 1] != '\n') ||
	    payload.len - at <= len ||
	    strncasecmp((const char *)payload.at + at, "transport", len))
		return 0;
	for (at += len; at + 1 < payload.len; at++)
		if (payload.at[at] == '\n' && payload.at[at + 1] != ' ' &&
		    payload.at[at + 1] != '\t')
			return at + 1;
	return 0;
}

/* Reads @part from @text: it is what is to be written there, but the sender's
 * own.
 */
static bool rtsp_plan_eat_part(const struct plan *plan,
			       const struct plan_part *part, struct span *text)
{
	uint8_t addr[APPGW_ADDR_LEN_IPV6] = { 0 };
	uint32_t port;

	if (part->type == APPGW_PART_TEXT) {
		if (part->text.at != text->at || !part->text.len ||
		    part->text.len > text->len)
			return false;
		span_skip(text, part->text.len);
		return true;
	}
	if (part->text.len)
		return false;
	switch (part->type) {
	case APPGW_PART_ADDR:
		if (plan->end.af == APPGW_AF_IPV4)
			return span_eat_ipv4(text, addr) &&
			       !memcmp(addr, plan->end.addr, 4);
		return plan->end.af == APPGW_AF_IPV6 &&
		       span_eat_ipv6(text, addr) &&
		       !memcmp(addr, plan->end.addr, 16);
	case APPGW_PART_PORT:
		return span_eat_uint(text, 5, APPGW_PORT_MAX, &port) &&
		       port == plan->end.port;
	case APPGW_PART_PORT_NEXT:
		return span_eat_uint(text, 5, APPGW_PORT_MAX, &port) &&
		       plan->ports == 2 && port == plan->end.port + 1u;
	default:
		return false;
	}
}

static const char *rtsp_plan_edit_complaint(const struct plan *plan)
{
	struct span text = plan->old;
	unsigned int i, named = 0;
	size_t longest = 0;

	if (!plan->parts || plan->parts > PLAN_PARTS_MAX)
		return "not a number of parts";
	for (i = 0; i < plan->parts; i++) {
		const struct plan_part *part = &plan->part[i];

		if (!rtsp_plan_eat_part(plan, part, &text))
			return "a part is not what is in the text";
		named += part->type == APPGW_PART_PORT ||
			 part->type == APPGW_PART_PORT_NEXT;
		longest += part->type == APPGW_PART_TEXT ? part->text.len :
			   part->type == APPGW_PART_ADDR ? APPGW_ADDR_TEXT_MAX :
			   5;
	}
	if (text.len)
		return "something is left of the text";
	if (longest > APPGW_EDIT_MAX)
		return "the new text may be too long";
	if (!named != (plan->action == APPGW_PLAN_ADDRESS))
		return "there are no ports in it, or should be none";
	return NULL;
}

/* @end: of the edit before */
static const char *rtsp_plan_complaint(const struct plan *plan,
				       struct span payload, size_t end)
{
	size_t at = (uint32_t)(plan->seq - RTSP_SEQ);
	size_t header_end = rtsp_plan_header_end(payload, at);
	size_t edit_at = (uint32_t)(plan->edit_seq - RTSP_SEQ);
	const char *complaint = rtsp_plan_kind_complaint(plan);
	bool low = plan->owner == APPGW_OWNER_CLIENT &&
		   plan->action != APPGW_PLAN_ADDRESS &&
		   plan->end.port < APPGW_PORT_MIN;

	if (complaint)
		return complaint;
	if (!header_end)
		return "not where a header begins";
	if (plan->has_edit == low)
		return "an edit for a port below 1024, or none for another";
	if (low)
		return plan->action == APPGW_PLAN_OPEN ? NULL :
		       "there is nothing to refuse";
	if (!plan->old.len || plan->old.len > APPGW_EDIT_MAX)
		return "not the length of an edit";
	if (edit_at <= at || edit_at + plan->old.len >= header_end ||
	    plan->old.at != payload.at + edit_at)
		return "the text to replace is not in the header";
	if (edit_at < end)
		return "the text to replace is in front of the one before";
	return rtsp_plan_edit_complaint(plan);
}

/* Plan @n: is it the first for its ports if it opens them, and else not? */
static bool rtsp_plan_is_in_turn(const struct plan *plans, unsigned int n)
{
	const struct plan *plan = &plans[n], *p;
	bool found = false;

	/* an address alone has port 0, which may be one that is opened, too */
	if (plan->action == APPGW_PLAN_ADDRESS)
		return true;
	for (p = plans; p < plan; p++) {
		if (p->seq != plan->seq || p->owner != plan->owner ||
		    p->action == APPGW_PLAN_ADDRESS ||
		    p->end.port >= plan->end.port + plan->ports ||
		    plan->end.port >= p->end.port + p->ports)
			continue;
		if (p->end.port != plan->end.port || p->ports != plan->ports ||
		    p->index != plan->index)
			return false;
		found = true;
	}
	return found == (plan->action == APPGW_PLAN_PUBLIC);
}

/* The plans of a header replace all that is to be replaced in it. */
static const char *rtsp_plan_count_complaint(struct span header,
					     const struct plan *plans,
					     unsigned int n)
{
	static struct rtsp_edit edits[RTSP_FIELDS_MAX];
	unsigned int owner, i, k, want, got;
	static struct rtsp_transport t;

	if (!rtsp_eat_name(&header) || !rtsp_parse_transport(header, &t) ||
	    rtsp_find_flaw(&t) == RTSP_FLAW_NAME)
		return n ? "plans for what calls for nothing" : NULL;
	if (rtsp_find_flaw(&t) == RTSP_FLAW_PRIVILEGED)
		return n == 1 && !plans[0].has_edit ? NULL :
		       "more than a port to refuse, or less";
	for (owner = APPGW_OWNER_CLIENT; owner <= APPGW_OWNER_SERVER; owner++) {
		got = rtsp_edits(&t, owner == APPGW_OWNER_CLIENT ?
				 RTSP_CLIENT : RTSP_SERVER, edits,
				 RTSP_FIELDS_MAX);
		for (want = 0, i = 0; i < got; i++)
			for (k = 0; k < edits[i].parts; k++)
				want += edits[i].part[k].type != RTSP_PART_TEXT;
		for (got = 0, i = 0; i < n; i++)
			for (k = 0; k < plans[i].parts; k++)
				got += plans[i].owner == owner &&
				       plans[i].part[k].type != APPGW_PART_TEXT;
		if (got != want)
			return "more is to be replaced, or less";
	}
	return NULL;
}

/* Compare the first @n plans, as far as it matters. */
bool rtsp_same_plans(const struct plan *a, const struct plan *b, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (a[i].seq != b[i].seq || a[i].edit_seq != b[i].edit_seq ||
		    a[i].action != b[i].action || a[i].owner != b[i].owner ||
		    a[i].ports != b[i].ports || a[i].index != b[i].index ||
		    a[i].parts != b[i].parts ||
		    a[i].old.len != b[i].old.len ||
		    a[i].end.port != b[i].end.port ||
		    a[i].end.af != b[i].end.af)
			return false;
	return true;
}

/* With room for @room plans of @n: those of whole headers. */
static bool rtsp_plans_fit(struct span payload, const struct plan *plans,
			   unsigned int n, unsigned int room)
{
	struct plan *few = malloc(room * sizeof(*few) + 1);
	unsigned int got;
	bool ok;

	if (!few)
		exit(2);
	got = inspect_at(&rtsp_proto, payload, RTSP_SEQ, few, room);
	ok = got <= room && rtsp_same_plans(plans, few, got) &&
	     (got == n || !got || plans[got].seq != plans[got - 1].seq);
	free(few);
	return ok;
}

/**
 * rtsp_inspect_complaint() - what is wrong with the plans for a payload
 * @payload: any bytes
 *
 * Return: NULL if all is well
 */
const char *rtsp_inspect_complaint(struct span payload)
{
	struct exact e = exact_copy(payload.at, payload.len);
	struct span rest = exact_span(&e), header;
	static struct plan plans[RTSP_PLANS_MAX];
	const char *complaint = NULL;
	unsigned int n, i, from = 0;
	size_t end = 0;

	memset(plans, 0xff, sizeof(plans));
	n = inspect_at(&rtsp_proto, exact_span(&e), RTSP_SEQ, plans,
		       RTSP_PLANS_MAX);
	if (n > RTSP_PLANS_MAX)
		complaint = "more plans than there is room for";
	for (i = 0; !complaint && i < n; i++) {
		complaint = rtsp_plan_complaint(&plans[i], exact_span(&e),
						end);
		if (!complaint && !rtsp_plan_is_in_turn(plans, i))
			complaint = "opens something again, or never";
		if (plans[i].has_edit)
			end = plans[i].old.at + plans[i].old.len - e.at;
	}
	/* what there was no room for is left out */
	while (!complaint && n <= RTSP_PLANS_MAX / 2 &&
	       rtsp_next_header(&rest, &header)) {
		uint32_t seq = RTSP_SEQ + (header.at - e.at);

		for (i = from; i < n && plans[i].seq == seq; i++)
			;
		complaint = rtsp_plan_count_complaint(header, plans + from,
						      i - from);
		from = i;
	}
	if (!complaint && n <= RTSP_PLANS_MAX / 2 && from != n)
		complaint = "plans for no header";
	for (i = 0; !complaint && i < n; i++)
		if (!rtsp_plans_fit(exact_span(&e), plans, n, i))
			complaint = "finds something else in less room";
	if (!complaint && e.len && memcmp(e.at, payload.at, e.len))
		complaint = "wrote to its input";
	exact_free(&e);
	return complaint;
}
