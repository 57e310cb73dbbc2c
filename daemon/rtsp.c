// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: what Transport headers in a payload call for.
 *
 * Client and server repeat each other's ports, so both sides' are planned for,
 * in requests and in replies: which of them is the sender's, the module knows.
 * It also knows which headers count, and lets nothing be planned for others.
 */

#include "proto.h"
#include "rtsp_parse.h"

/**
 * struct rtsp_plans - the plans for a header
 * @t: the header
 * @header: its text
 * @seq: sender's number of its first byte
 * @is_open: which of its pairs have been planned for
 * @plan: the plans, in the order of the text
 * @count: how many
 * @max: how many there is room for
 */
struct rtsp_plans {
	const struct rtsp_transport *t;
	struct span header;
	uint32_t seq;
	bool is_open[RTSP_PAIRS_MAX];
	struct plan *plan;
	unsigned int count;
	unsigned int max;
};

static const char *rtsp_kind(enum rtsp_what what)
{
	switch (what) {
	case RTSP_CLIENT_PORT:
		return "client_port";
	case RTSP_DESTINATION:
		return "destination";
	case RTSP_DEST_ADDR:
		return "dest_addr";
	case RTSP_SERVER_PORT:
		return "server_port";
	case RTSP_SOURCE:
		return "source";
	default:
		return "src_addr";
	}
}

/* Set the address that belongs to @field: its own, or what the same
 * transport-spec says in a field of its own.
 */
static void rtsp_set_addr(const struct rtsp_transport *t,
			  const struct rtsp_field *field, struct endpoint *end)
{
	enum rtsp_whose whose = rtsp_whose(t, field);
	enum rtsp_what what = whose == RTSP_CLIENT ? RTSP_DESTINATION :
						     RTSP_SOURCE;
	unsigned int i;

	for (i = 0; field->af == APPGW_AF_NONE && i < t->fields; i++)
		if (t->field[i].spec == field->spec &&
		    t->field[i].what == what &&
		    rtsp_whose(t, &t->field[i]) == whose) {
			field = &t->field[i];
			break;
		}
	end->af = field->af;
	memcpy(end->addr, field->addr, sizeof(end->addr));
}

/* Add a plan for @field's address, without an edit yet; NULL without room. */
static struct plan *rtsp_add_plan(struct rtsp_plans *plans,
				  const struct rtsp_field *field)
{
	struct plan *plan = &plans->plan[plans->count];

	if (plans->count == plans->max)
		return NULL;
	plans->count++;
	plan_begin(plan, rtsp_kind(field->what), APPGW_PLAN_ADDRESS, plans->seq);
	plan->owner = rtsp_whose(plans->t, field) == RTSP_CLIENT ?
		      APPGW_OWNER_CLIENT : APPGW_OWNER_SERVER;
	rtsp_set_addr(plans->t, field, &plan->end);
	return plan;
}

/* Make it one for the @i-th pair. */
static void rtsp_set_pair(struct rtsp_plans *plans, struct plan *plan,
			  unsigned int i)
{
	const struct rtsp_pair *pair = &plans->t->pair[i];

	plan->action = plans->is_open[i] ? APPGW_PLAN_PUBLIC : APPGW_PLAN_OPEN;
	plans->is_open[i] = true;
	plan->end.port = pair->base;
	plan->ports = pair->count;
	plan->index = pair->place;
}

/* Add one piece of the new text, which takes the place of @old, and what is
 * between it and the piece before.
 */
static void rtsp_add_piece(struct rtsp_plans *plans, struct plan *plan,
			   enum appgw_part_attr type, struct span old)
{
	struct span gap;

	if (!plan->has_edit) {
		plan->has_edit = true;
		plan->edit_seq = plans->seq + (old.at - plans->header.at);
		plan->old.at = old.at;
	} else {
		gap.at = plan->old.at + plan->old.len;
		gap.len = old.at - gap.at;
		plan->part[plan->parts++] = (struct plan_part){
			.type = APPGW_PART_TEXT, .text = gap,
		};
	}
	plan->old.len = old.at + old.len - plan->old.at;
	plan->part[plan->parts++] = (struct plan_part){ .type = type };
}

/* Add the plans for a field: one, or two for ports "x/y" of different pairs.
 * Return false if there is no room.
 */
static bool rtsp_plan_field(struct rtsp_plans *plans,
			    const struct rtsp_edit *edit)
{
	const struct rtsp_field *field = &plans->t->field[edit->field];
	struct plan *plan = rtsp_add_plan(plans, field);
	unsigned int pair = RTSP_PAIRS_MAX, ports = 0, i;

	for (i = 0; i < edit->parts && plan; i++) {
		const struct rtsp_part *part = &edit->part[i];

		if (part->type == RTSP_PART_ADDR)
			rtsp_add_piece(plans, plan, APPGW_PART_ADDR,
				       field->addr_text);
		if (part->type != RTSP_PART_PORT)
			continue;
		if (pair != RTSP_PAIRS_MAX && pair != part->pair)
			plan = rtsp_add_plan(plans, field);
		if (!plan)
			break;
		if (pair != part->pair)
			rtsp_set_pair(plans, plan, part->pair);
		pair = part->pair;
		rtsp_add_piece(plans, plan, part->offset ?
			       APPGW_PART_PORT_NEXT : APPGW_PART_PORT,
			       field->port_text[ports++]);
	}
	return plan;
}

/* Add a plan for the client's port that is too low: for the module to refuse
 * it, and to tell. Return false if there is no room.
 */
static bool rtsp_plan_privileged(struct rtsp_plans *plans,
				 const struct rtsp_edit *edit)
{
	const struct rtsp_transport *t = plans->t;
	struct plan *plan;
	unsigned int i;

	for (i = 0; i < edit->parts; i++) {
		const struct rtsp_part *part = &edit->part[i];

		if (part->type != RTSP_PART_PORT ||
		    t->pair[part->pair].base >= APPGW_PORT_MIN)
			continue;
		plan = rtsp_add_plan(plans, &t->field[edit->field]);
		if (plan)
			rtsp_set_pair(plans, plan, part->pair);
		return plan;
	}
	return true;
}

/* Add the plans for a header; return false if there is no room. */
static bool rtsp_plan_header(struct rtsp_plans *plans)
{
	enum rtsp_flaw flaw = rtsp_find_flaw(plans->t);
	struct rtsp_edit client[RTSP_FIELDS_MAX], server[RTSP_FIELDS_MAX];
	unsigned int clients, servers, c = 0, s = 0;
	bool fits = true;

	if (flaw == RTSP_FLAW_NAME)
		return true;
	clients = rtsp_edits(plans->t, RTSP_CLIENT, client, RTSP_FIELDS_MAX);
	if (flaw == RTSP_FLAW_PRIVILEGED) {
		while (fits && !plans->count && c < clients)
			fits = rtsp_plan_privileged(plans, &client[c++]);
		return fits;
	}
	servers = rtsp_edits(plans->t, RTSP_SERVER, server, RTSP_FIELDS_MAX);
	while (fits && (c < clients || s < servers))
		if (s == servers ||
		    (c < clients && client[c].field < server[s].field))
			fits = rtsp_plan_field(plans, &client[c++]);
		else
			fits = rtsp_plan_field(plans, &server[s++]);
	return fits;
}

static unsigned int rtsp_inspect(const struct packet *packet,
				 struct plan *plan, unsigned int max)
{
	struct span payload = packet->payload;
	struct rtsp_transport t;
	struct span header, value;
	unsigned int n = 0;

	while (n < max && rtsp_next_header(&payload, &header)) {
		struct rtsp_plans plans = {
			.t = &t, .header = header,
			.seq = packet->seq + (header.at - packet->payload.at),
			.plan = plan + n, .max = max - n,
		};

		value = header;
		if (!rtsp_eat_name(&value) || !rtsp_parse_transport(value, &t))
			continue;
		/* one that still had some of its own ports in it would lead
		 * nowhere: all of it, or nothing
		 */
		if (!rtsp_plan_header(&plans))
			break;
		n += plans.count;
	}
	return n;
}

const struct proto rtsp_proto = {
	.name		= "rtsp",
	.inspect	= rtsp_inspect,
};
