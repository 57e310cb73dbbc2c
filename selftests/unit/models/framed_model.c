// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/framed.c should make of conversations of four protocols, said
 * plainly and for each, beside the rules that tell it. For the unit test and the
 * fuzzer.
 */

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "framed_model.h"

#define HOLD_MAX	1024
#define RECORD_MAX	65536
#define FRAGMENTS_MAX	16

static uint32_t big(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static uint32_t little(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | at[2] << 16 | at[1] << 8 | at[0];
}

/* Sun RPC: calls of program 100000, procedure 3, are wanted, procedure 1 is refused. */
static bool rpc_is_call(bool from_client, struct span head, uint32_t proc)
{
	return from_client && head.len == 24 &&
	       big(head.at + 12) == 100000 && big(head.at + 20) == proc;
}

static bool rpc_look(const void *st, bool from_client, struct span head)
{
	(void)st;
	return rpc_is_call(from_client, head, 3);
}

static enum scan_why rpc_pass(void *st, bool from_client, struct span head)
{
	struct framed_talk *talk = st;

	if (!head.at)
		talk->unseen++;
	return rpc_is_call(from_client, head, 1) ? SCAN_WHY_MALFORMED :
						   SCAN_WHY_NONE;
}

static void rule_take(void *st, bool from_client, struct span whole,
		      struct scan_unit *unit)
{
	(void)st;
	(void)from_client;
	(void)whole;
	scan_unit_add(unit, 0);
}

const struct framed_rule framed_rules[FRAMED_KINDS] = {
	[FRAMED_KIND_RPC] = {
		.form = FRAMED_RECORDS, .max = RECORD_MAX, .head = 24,
		.hold_max = HOLD_MAX,
		.proof = {
			{ .from_client = true, .at = 4, .mask = ~0u, .value = 0 },
			{ .from_client = true, .at = 8, .mask = ~0u, .value = 2 },
			{ .at = 4, .mask = ~0u, .value = 1 },
		},
		.look = rpc_look, .take = rule_take, .pass = rpc_pass,
	},
	[FRAMED_KIND_MMS] = {
		.form = FRAMED_LENGTH,
		.length = { .at = 8, .width = 4, .bias = 16, .little = true },
		.max = RECORD_MAX, .head = 40, .hold_max = HOLD_MAX,
		.proof = {
			{ .from_client = true, .always = true, .at = 4,
			  .mask = ~0u, .value = 0xb00bface, .little = true },
			{ .always = true, .at = 4,
			  .mask = ~0u, .value = 0xb00bface, .little = true },
			{ .from_client = true, .always = true, .at = 12,
			  .mask = ~0u, .value = 0x4d4d5320 },
			{ .always = true, .at = 12,
			  .mask = ~0u, .value = 0x4d4d5320 },
			{ .from_client = true, .at = 36,
			  .mask = ~0u, .value = 0x00030001, .little = true },
		},
		.want = {
			{ .from_client = true, .at = 36,
			  .mask = ~0u, .value = 0x00030002, .little = true },
			{ .at = 36,
			  .mask = ~1u, .value = 0x00040002, .little = true },
		},
		.take = rule_take,
	},
	[FRAMED_KIND_FLAP] = {
		.form = FRAMED_LENGTH,
		.length = { .at = 4, .width = 2, .bias = 6 },
		.max = 8192 + 6, .head = 10, .hold_max = HOLD_MAX,
		.proof = {
			{ .from_client = true, .at = 6, .mask = ~0u, .value = 1 },
			{ .at = 6, .mask = ~0u, .value = 1 },
			{ .from_client = true, .always = true,
			  .mask = 0xff000000, .value = 0x2a000000 },
			{ .always = true,
			  .mask = 0xff000000, .value = 0x2a000000 },
		},
		.want = {
			{ .from_client = true, .at = 6,
			  .mask = ~0u, .value = 0x00040006 },
			{ .at = 6, .mask = ~0u, .value = 0x00040007 },
		},
		.take = rule_take,
	},
	[FRAMED_KIND_YMSG] = {
		.form = FRAMED_LENGTH,
		.length = { .at = 8, .width = 2, .bias = 20 },
		.max = 65535 + 20, .head = 12, .hold_max = HOLD_MAX,
		.proof = {
			{ .from_client = true, .always = true,
			  .mask = ~0u, .value = 0x594d5347 },
			{ .always = true, .mask = ~0u, .value = 0x594d5347 },
		},
		.want = {
			{ .from_client = true, .at = 10,
			  .mask = 0xffff0000, .value = 0x004d0000 },
			{ .at = 10, .mask = 0xffff0000, .value = 0x004d0000 },
		},
		.take = rule_take,
	},
};

/* Add what there is of @n bytes; return how many. */
static size_t unit_add(struct framed_model_unit *u, struct span from, size_t n)
{
	if (n > from.len)
		n = from.len;
	memcpy(u->data + u->len, from.at, n);
	u->len += n;
	return n;
}

static void unit_record(struct framed_model_unit *u, struct span data)
{
	size_t at = 0, fragments = 0, size, n;

	while (data.len - at >= 4) {
		uint32_t mark = big(data.at + at);

		size = mark & 0x7fffffff;
		if (++fragments > FRAGMENTS_MAX || u->len + size > RECORD_MAX) {
			u->bad = true;
			return;
		}
		at += 4;
		u->least = at + size;
		n = unit_add(u, (struct span){ data.at + at, data.len - at },
			     size);
		at += n;
		if (n < size)
			return;
		if (mark >> 31) {
			u->size = at;
			return;
		}
	}
	/* as much of a mark as there is may say already that it is too long */
	size = 0;
	for (n = 0; n < data.len - at; n++)
		size |= (size_t)data.at[at + n] << (24 - 8 * n);
	u->bad = u->len + (size & 0x7fffffff) > RECORD_MAX;
}

static void unit_find(enum framed_kind kind, struct framed_model_unit *u,
		      struct span data)
{
	size_t size = 0;

	u->len = 0;
	u->size = 0;
	u->least = 0;
	u->bad = false;
	if (kind == FRAMED_KIND_RPC) {
		unit_record(u, data);
		return;
	}
	unit_add(u, data, data.len);
	switch (kind) {
	case FRAMED_KIND_FLAP:
		if (data.len >= 6)
			size = (data.at[4] << 8 | data.at[5]) + 6;
		else if (data.len == 5)
			u->bad = data.at[4] << 8 > 8192;
		u->bad |= size > 8192 + 6;
		break;
	case FRAMED_KIND_YMSG:
		if (data.len >= 10)
			size = (data.at[8] << 8 | data.at[9]) + 20;
		break;
	default:
		if (data.len >= 12)
			size = little(data.at + 8) + (size_t)16;
		else if (data.len == 11)
			u->bad = (data.at[10] << 16 | data.at[9] << 8 |
				  data.at[8]) + 16 > RECORD_MAX;
		u->bad |= size > RECORD_MAX;
	}
	if (size && data.len >= size) {
		u->size = size;
		u->len = size;
	}
}

/* Tell if the bytes from @at on are @want, as far as they are there, or have to be. */
static bool unit_has(const struct framed_model_unit *u, size_t at, const char *want,
		     size_t n)
{
	size_t i;

	if (u->size && u->len < at + n)
		return false;
	for (i = 0; i < n && at + i < u->len; i++)
		if (u->data[at + i] != (uint8_t)want[i])
			return false;
	return true;
}

#define HAS(u, at, text)	unit_has(u, at, text, sizeof(text) - 1)

static bool unit_proved(enum framed_kind kind, const struct framed_model_unit *u,
			bool client, bool first)
{
	switch (kind) {
	case FRAMED_KIND_RPC:
		if (!first)
			return true;
		return client ? HAS(u, 4, "\0\0\0\0\0\0\0\2") :
				HAS(u, 4, "\0\0\0\1");
	case FRAMED_KIND_MMS:
		return HAS(u, 4, "\xce\xfa\x0b\xb0") && HAS(u, 12, "MMS ") &&
		       (!first || !client || HAS(u, 36, "\1\0\3\0"));
	case FRAMED_KIND_FLAP:
		return HAS(u, 0, "*") && (!first || HAS(u, 6, "\0\0\0\1"));
	default:
		return HAS(u, 0, "YMSG");
	}
}

/**
 * framed_model_find() - find a unit
 * @kind: protocol
 * @u: filled in
 * @data: what begins with it
 * @client: the client says it
 * @first: as the first one
 */
void framed_model_find(enum framed_kind kind, struct framed_model_unit *u,
		       struct span data, bool client, bool first)
{
	unit_find(kind, u, data);
	if (!unit_proved(kind, u, client, first))
		u->bad = true;
}

static bool unit_wanted(enum framed_kind kind, const struct framed_model_unit *u,
			bool client)
{
	if (u->size > HOLD_MAX)
		return false;
	switch (kind) {
	case FRAMED_KIND_RPC:
		return client && HAS(u, 12, "\0\1\x86\xa0") &&
		       HAS(u, 20, "\0\0\0\3");
	case FRAMED_KIND_MMS:
		return client ? HAS(u, 36, "\2\0\3\0") :
				HAS(u, 36, "\2\0\4\0") || HAS(u, 36, "\3\0\4\0");
	case FRAMED_KIND_FLAP:
		return client ? HAS(u, 6, "\0\4\0\6") : HAS(u, 6, "\0\4\0\7");
	default:
		return HAS(u, 10, "\0\x4d");
	}
}

/* Tell if a call is refused: even if its end isn't there. */
static bool unit_refused(enum framed_kind kind, const struct framed_model_unit *u,
			 bool client)
{
	return kind == FRAMED_KIND_RPC && client && u->len >= 24 &&
	       big(u->data + 12) == 100000 && big(u->data + 20) == 1;
}

/* Takes in what a side says next. */
static void model_say(void *model, bool client, struct span item, void *answer)
{
	static struct framed_model_unit u;
	struct framed_model_answer *a = answer;
	struct framed_model *m = model;
	static const enum scan_why first_why[] = {
		SCAN_WHY_NOT_SERVER, SCAN_WHY_NOT_CLIENT,
	};
	bool was_refused;

	memset(a, 0, sizeof(*a));
	if (m->over || !item.len)
		return;
	/* of the unit under way, what was there before */
	unit_find(m->kind, &u, (struct span){ m->data[client] + m->read[client],
		  m->len[client] - m->read[client] });
	was_refused = unit_refused(m->kind, &u, client);
	if (m->len[client] + item.len > FRAMED_MODEL_SAID_MAX)
		exit(2);
	memcpy(m->data[client] + m->len[client], item.at, item.len);
	m->len[client] += item.len;
	while (m->read[client] < m->len[client]) {
		struct span rest = { m->data[client] + m->read[client],
				     m->len[client] - m->read[client] };
		bool first = !m->read[client];

		framed_model_find(m->kind, &u, rest, client, first);
		if (u.bad) {
			a->why = first ? first_why[client] : SCAN_WHY_NONSENSE;
			m->over = true;
			return;
		}
		if (unit_refused(m->kind, &u, client) && !was_refused)
			m->refused++;
		if (!u.size)
			return;
		was_refused = false;
		if (unit_wanted(m->kind, &u, client)) {
			if (a->count < FRAMED_MODEL_FOUND_MAX)
				a->at[a->count] = m->read[client];
			a->count++;
		}
		m->read[client] += u.size;
	}
}

/* The rule that is played by. */
static const struct framed_rule *player_rule;

/* Count what is refused: the player knows of reasons to stop alone. */
static enum scan_why player_refused(struct framed_talk *talk, enum scan_why why)
{
	if (!why || why >= SCAN_WHY_CLIENT_FIRST)
		return why;
	talk->refused++;
	return SCAN_WHY_NONE;
}

static void player_read(void *session, bool client, struct span data,
			struct scan_unit *unit)
{
	struct framed_talk *talk = session;

	appgw_framed_read(player_rule, talk->framed, talk, client, data, unit);
	if (unit->len)
		unit->why = player_refused(talk, unit->why);
}

static enum scan_why player_feed(void *session, bool client, struct span part)
{
	struct framed_talk *talk = session;

	return player_refused(talk, appgw_framed_feed(player_rule, talk->framed,
						      talk, client, part));
}

static bool player_is_over(const void *session)
{
	const struct framed_talk *talk = session;

	return talk->framed[0].over;
}

static const char *player_took(const void *session, bool client,
			       struct span data, const struct scan_unit *unit,
			       size_t gone, void *answer)
{
	struct framed_model_answer *a = answer;

	(void)session;
	(void)client;
	(void)data;
	if (!unit->count)
		return NULL;
	if (a->count < FRAMED_MODEL_FOUND_MAX)
		a->at[a->count] = gone;
	a->count++;
	return NULL;
}

static bool model_same(const void *answer, const void *other)
{
	const struct framed_model_answer *a = answer, *b = other;

	return a->count == b->count && a->why == b->why &&
	       !memcmp(a->at, b->at, sizeof(a->at));
}

static bool player_same(const void *a, const void *b)
{
	return (player_is_over(a) && player_is_over(b)) ||
	       !memcmp(a, b, sizeof(struct framed_talk));
}

static bool player_agrees(const void *model, const void *session)
{
	const struct framed_talk *talk = session;
	const struct framed_model *m = model;

	return player_is_over(session) == m->over && talk->refused == m->refused;
}

static const struct scan_player_ops model_ops = {
	.session_size	= sizeof(struct framed_talk),
	.answer_size	= sizeof(struct framed_model_answer),
	.why_at		= offsetof(struct framed_model_answer, why),
	.kept_max	= HOLD_MAX,
	.held_max	= FRAMED_MODEL_SAID_MAX,
	.read		= player_read,
	.feed		= player_feed,
	.took		= player_took,
	.is_over	= player_is_over,
	.same		= player_same,
	.say		= model_say,
	.same_answer	= model_same,
	.agrees		= player_agrees,
};

/**
 * framed_model_step() - take in an item, whole and in pieces, as the model does
 * @m: the model
 * @talk: the scanner's conversation
 * @p: what of it has not gone on
 * @client: the client says it
 * @item: what it says
 * @every: cut it in two at every place
 * @random: state of xorshift32, not 0
 * @got: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
const char *framed_model_step(struct framed_model *m, struct framed_talk *talk,
			      struct scan_player *p, bool client,
			      struct span item, bool every, uint32_t *random,
			      struct framed_model_answer *got)
{
	player_rule = &framed_rules[m->kind];
	return scan_player_step(&model_ops, m, talk, p, client, item, every,
				random, got);
}
