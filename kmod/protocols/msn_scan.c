// SPDX-License-Identifier: GPL-2.0-only
/* MSN: find out which MSGs announce where another client is to connect to, and
 * whether the conversation is one of MSN at all.
 *
 * What is announced is for others to read. Nothing here touches an skb, a lock
 * or the heap, so the unit tests and the fuzzer link this file unchanged.
 *
 * A stream of MSN is taken apart into units: a command with its payload, or
 * what has come of a payload that announces nothing.
 */

#include "msn_scan.h"
#include "msn_text.h"

/* P2P, version 1: where numbers stand in its header. */
#define MSN_ID_AT		4
#define MSN_SIZE_AT		16
#define MSN_FLAGS_AT		28
#define MSN_ACK_ID_AT		32
#define MSN_ACK_SIZE_AT		40

#define MSN_FLAG_ACK		0x02

/* Read a number of @len bytes, the lowest one first. */
static uint64_t msn_number(const uint8_t *at, unsigned int len)
{
	uint64_t number = 0;

	while (len--)
		number = number << 8 | at[len];
	return number;
}

/* Begin to read what @from_client says in a conversation. */
static struct msn_pass msn_pass(struct msn_session *ms, bool from_client,
				struct scan_unit *unit)
{
	unit->count = 0;
	unit->why = SCAN_WHY_NONE;
	return (struct msn_pass){
		.ms = ms, .side = &ms->side[from_client],
		.from_client = from_client, .unit = unit,
	};
}

/* Read on until a unit ends; return its length, 0 if its end is yet to come. */
static size_t msn_unit(struct msn_pass *p, struct span data)
{
	size_t i = 0;

	while (i < data.len) {
		i += appgw_msn_step(p, data, i);
		if (p->ms->over || p->side->at == MSN_AT_START)
			return i;
	}
	return p->side->at == MSN_AT_SKIP ? data.len : 0;
}

/**
 * appgw_msn_read() - take in a unit; see struct gate_scan_ops
 * @st: the conversation
 * @from_client: whose it is
 * @data: what begins with the unit, or with what is left of it
 * @unit: filled in; an announcement is where a MSG is, which reaches to the unit's end,
 *	and all of which the daemon has to see
 */
void appgw_msn_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit)
{
	struct msn_session *ms = st;
	struct msn_session ahead = *ms;
	struct msn_pass p = msn_pass(&ahead, from_client, unit);

	unit->len = msn_unit(&p, data);
	if (unit->len)
		*ms = ahead;
	else
		unit->safe = appgw_msn_may_announce(&p) ? (int)p.mark : -1;
}

/**
 * appgw_msn_feed() - take in a piece of a unit that has no end yet
 * @st: the conversation
 * @from_client: whose it is
 * @part: bytes that have gone on as they are
 *
 * Return: why the conversation is to be given up, or SCAN_WHY_NONE
 */
enum scan_why appgw_msn_feed(void *st, bool from_client, struct span part)
{
	struct scan_unit unit;
	struct msn_pass p = msn_pass(st, from_client, &unit);
	size_t i = 0;

	while (i < part.len)
		i += appgw_msn_step(&p, part, i);
	/* what has begun to go on can't be edited any more */
	if (part.len)
		p.side->flags |= MSN_GONE;
	return unit.why;
}

/**
 * appgw_msn_said() - what was the invitation about that has just ended?
 * @ms: the conversation
 * @from_client: whose it is
 * @said: filled in
 *
 * To be asked behind appgw_msn_read().
 *
 * Return: false if it isn't where one has ended
 */
bool appgw_msn_said(const struct msn_session *ms, bool from_client,
		    struct msn_said *said)
{
	const struct msn_side *side = &ms->side[from_client];

	*said = (struct msn_said){
		.command = side->command,
		.cookie = side->cookie,
	};
	return side->flags & MSN_ENDED && side->command != MSN_COMMAND_NONE;
}

/**
 * appgw_msn_packet() - what was the P2P packet about that has just ended?
 * @ms: the conversation
 * @from_client: whose it is
 * @rest: the unit that it was in, as it was for appgw_msn_read()
 * @packet: filled in if it is one
 *
 * To be asked behind appgw_msn_read(). Only packets of version 1 that belong to
 * no session are told of, and that haven't begun to go on.
 *
 * Return: false if it isn't where one has ended
 */
bool appgw_msn_packet(const struct msn_session *ms, bool from_client,
		      struct span rest, struct msn_packet *packet)
{
	const struct msn_side *side = &ms->side[from_client];
	const uint8_t *head;
	uint16_t at;

	/* with a length that fits, it has text, of no bytes perhaps */
	if (!(side->flags & MSN_ENDED) || side->flags & MSN_GONE ||
	    !(side->flags & MSN_P2P_V1) || !side->text)
		return false;
	at = rest.len - side->body;
	head = rest.at + at;
	packet->ack = side->text_end == side->text &&
		      head[MSN_FLAGS_AT] & MSN_FLAG_ACK;
	packet->id = msn_number(head + (packet->ack ? MSN_ACK_ID_AT :
						      MSN_ID_AT), 4);
	packet->size_at = at + (packet->ack ? MSN_ACK_SIZE_AT : MSN_SIZE_AT);
	packet->size = msn_number(rest.at + packet->size_at, 8);
	return true;
}
