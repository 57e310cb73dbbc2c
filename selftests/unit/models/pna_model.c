// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/pna_scan.c should make of a conversation, said plainly: each side's
 * words are read over from the beginning whenever there are more. For the unit
 * test and the fuzzer.
 */

#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "pna_model.h"
#include "scan_player.h"

#define MODEL_HELLO_MAX		512

/* Read two bytes as PNA writes numbers. */
unsigned int pna_model_number(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static bool model_is_named(const uint8_t *data, size_t len)
{
	return !memcmp(data, "PNA", len < 3 ? len : 3);
}

static void model_hello(struct pna_model *m, struct pna_model_answer *a)
{
	const uint8_t *data = m->data[1];
	size_t len = m->len[1], pos = 5;
	bool seen[8] = { false };

	if (!model_is_named(data, len) || (len > 3 && data[3])) {
		a->why = SCAN_WHY_NOT_CLIENT;
		return;
	}
	while (len >= pos + 2) {
		unsigned int id = pna_model_number(data + pos), size;
		bool is_port;

		if (!id) {
			m->greeted = true;
			m->robust = seen[7];
			return;
		}
		/* its length and the end */
		if (pos + 6 > MODEL_HELLO_MAX)
			break;
		if (len < pos + 4)
			goto incomplete;
		size = pna_model_number(data + pos + 2);
		is_port = size == 2 && (id == 1 || id == 7);
		if (pos + 4 + size + 2 > MODEL_HELLO_MAX ||
		    (is_port && seen[id]))
			break;
		if (len < pos + 4 + size)
			goto incomplete;
		if (is_port && pna_model_number(data + pos + 4)) {
			seen[id] = true;
			a->at[a->count++] = pos;
		}
		pos += 4 + size;
	}
	if (len >= pos + 2)
		a->why = SCAN_WHY_NOT_CLIENT;
incomplete:
	a->count = 0;
}

static void model_reply(struct pna_model *m, struct pna_model_answer *a)
{
	const uint8_t *data = m->data[0];
	size_t len = m->len[0];

	if (len && (!m->greeted || !model_is_named(data, len))) {
		a->why = SCAN_WHY_NOT_SERVER;
	} else if (!m->robust) {
		if (len >= 3)
			a->why = SCAN_WHY_DONE;
	} else if (len >= 13 && pna_model_number(data + 11) != 7) {
		a->why = SCAN_WHY_DONE;
	} else if (len >= 15) {
		a->why = SCAN_WHY_DONE;
		if (pna_model_number(data + 13))
			a->at[a->count++] = 11;
	}
}

/* Takes in what a side says next. */
static void model_say(void *model, bool client, struct span item, void *answer)
{
	struct pna_model_answer *a = answer;
	struct pna_model *m = model;

	memset(a, 0, sizeof(*a));
	if (m->len[client] + item.len > PNA_MODEL_SAID_MAX)
		exit(2);
	if (item.len)
		memcpy(m->data[client] + m->len[client], item.at, item.len);
	m->len[client] += item.len;
	if (m->over || (client && m->greeted))
		return;
	if (client)
		model_hello(m, a);
	else
		model_reply(m, a);
	m->over = a->why;
}

static bool player_is_over(const void *session)
{
	const struct pna_session *ps = session;

	return ps->over;
}

static const char *player_took(const void *session, bool client,
			       struct span data, const struct scan_unit *unit,
			       size_t gone, void *answer)
{
	struct pna_model_answer *a = answer;
	unsigned int i;

	(void)session;
	(void)client;
	(void)data;
	if (unit->count && a->count)
		return "announces twice";
	for (i = 0; i < unit->count; i++)
		a->at[a->count++] = gone + unit->at[i];
	return NULL;
}

static bool model_same(const void *answer, const void *other)
{
	const struct pna_model_answer *a = answer, *b = other;

	return a->count == b->count && a->why == b->why &&
	       !memcmp(a->at, b->at, a->count * sizeof(*a->at));
}

static bool player_same(const void *a, const void *b)
{
	return !memcmp(a, b, sizeof(struct pna_session));
}

static bool player_agrees(const void *model, const void *session)
{
	const struct pna_model *m = model;

	return pna_is_asked(session) == m->greeted;
}

static const struct scan_player_ops model_ops = {
	.session_size	= sizeof(struct pna_session),
	.answer_size	= sizeof(struct pna_model_answer),
	.why_at		= offsetof(struct pna_model_answer, why),
	.kept_max	= MODEL_HELLO_MAX - 1,
	.held_max	= PNA_MODEL_SAID_MAX,
	.read		= appgw_pna_read,
	.feed		= appgw_pna_feed,
	.took		= player_took,
	.is_over	= player_is_over,
	.same		= player_same,
	.say		= model_say,
	.same_answer	= model_same,
	.agrees		= player_agrees,
};

/**
 * pna_model_step() - take in an item, whole and in pieces, as the model does
 * @m: the model
 * @p: the conversation; goes on
 * @client: the client says it
 * @item: what it says
 * @every: cut it in two at every place
 * @random: state of xorshift32, not 0
 * @got: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
const char *pna_model_step(struct pna_model *m, struct pna_player *p,
			   bool client, struct span item, bool every,
			   uint32_t *random, struct pna_model_answer *got)
{
	return scan_player_step(&model_ops, m, &p->session, &p->player, client,
				item, every, random, got);
}
