// SPDX-License-Identifier: GPL-2.0-only
/* IRC: what DCC messages in a payload call for.
 *
 * The module queues a segment only if a message is complete in it, and lets
 * nothing be planned for what isn't one. So they may be looked for anywhere.
 */

#include "irc_parse.h"
#include "proto.h"

/* What surrounds a CTCP message. */
#define CTCP_MARK	0x01

/* Find what ends the message in @text; NULL if nothing does. */
static const uint8_t *irc_find_end(struct span text)
{
	const uint8_t *end = span_find_of(text, CTCP_MARK, '\n');
	const uint8_t *cr;

	if (end)
		text.len = end - text.at;
	cr = text.len ? memchr(text.at, '\r', text.len) : NULL;
	return cr ?: end;
}

static void irc_add_part(struct plan *plan, enum appgw_part_attr type,
			 struct span text)
{
	plan->part[plan->parts++] = (struct plan_part){
		.type = type, .text = text,
	};
}

/* Plan for one offer; @seq is the sender's number of the first byte of @text. */
static void irc_plan(const struct irc_offer *offer, struct span text,
		     uint32_t seq, struct plan *plan)
{
	static const struct span none;

	plan_begin(plan, offer->kind, offer->action, seq);
	plan->end = offer->end;
	plan_edit(plan, seq + (offer->old.at - text.at), offer->old);
	if (offer->end.af != APPGW_AF_NONE)
		irc_add_part(plan, offer->number ? APPGW_PART_ADDR_NUMBER :
						   APPGW_PART_ADDR, none);
	if (offer->gap.len)
		irc_add_part(plan, APPGW_PART_TEXT, offer->gap);
	if (offer->action != APPGW_PLAN_ADDRESS)
		irc_add_part(plan, APPGW_PART_PORT, none);
}

static unsigned int irc_inspect(const struct packet *packet,
				struct plan *plans, unsigned int max)
{
	const uint8_t *start = packet->payload.at;
	struct span rest = packet->payload;
	unsigned int n = 0;

	while (n < max && rest.len) {
		const uint8_t *mark = memchr(rest.at, CTCP_MARK, rest.len);
		const uint8_t *end;
		struct irc_offer offer;
		struct span text, dcc;

		if (!mark)
			break;
		span_skip(&rest, mark - rest.at);
		text = rest;
		dcc = rest;
		span_skip(&rest, 1);
		if (!irc_eat_dcc(&dcc))
			continue;
		end = irc_find_end(rest);
		/* what is to come could belong to the last number */
		if (!end)
			break;
		text.len = end - text.at;
		span_skip(&rest, end - rest.at);
		/* the mark that ends one message doesn't begin another */
		if (rest.at[0] == CTCP_MARK)
			span_skip(&rest, 1);
		if (irc_parse_offer(text, &offer))
			irc_plan(&offer, text, packet->seq + (text.at - start),
				 &plans[n++]);
	}
	return n;
}

const struct proto irc_proto = {
	.name		= "irc",
	.inspect	= irc_inspect,
};
