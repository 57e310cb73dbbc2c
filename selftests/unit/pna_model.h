/* SPDX-License-Identifier: GPL-2.0-only */
/* What kmod/pna_scan.c should make of a conversation, said plainly: each side's
 * words are read over from the beginning whenever there are more. For the unit
 * test and the fuzzer.
 */
#ifndef SELFTESTS_PNA_MODEL_H
#define SELFTESTS_PNA_MODEL_H

#include "../../kmod/pna_scan.h"
#include "cuts.h"
#include "exact.h"

#define MODEL_SAID_MAX		8192
#define MODEL_HELLO_MAX		512

/**
 * struct model_answer - what was made of an item
 * @count: announcements that are complete with it
 * @at: where they begin in all that the side has said
 * @why: reason to stop
 */
struct model_answer {
	unsigned int count;
	size_t at[PNA_ANNOUNCEMENTS_MAX];
	enum pna_why why;
};

/**
 * struct model - a conversation, by direction: 1 for the client's
 * @data: what was said
 * @len: how much
 * @greeted: the client's hello has ended
 * @robust: and asks for a port of the server's
 * @over: nothing matters any more
 */
struct model {
	uint8_t data[2][MODEL_SAID_MAX];
	size_t len[2];
	bool greeted;
	bool robust;
	bool over;
};

static inline unsigned int model_number(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static inline bool model_is_named(const uint8_t *data, size_t len)
{
	return !memcmp(data, "PNA", len < 3 ? len : 3);
}

static inline void model_hello(struct model *m, struct model_answer *a)
{
	const uint8_t *data = m->data[1];
	size_t len = m->len[1], pos = 5;
	bool seen[8] = { false };

	if (!model_is_named(data, len) || (len > 3 && data[3])) {
		a->why = PNA_WHY_NOT_CLIENT;
		return;
	}
	while (len >= pos + 2) {
		unsigned int id = model_number(data + pos), size;
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
		size = model_number(data + pos + 2);
		is_port = size == 2 && (id == 1 || id == 7);
		if (pos + 4 + size + 2 > MODEL_HELLO_MAX ||
		    (is_port && seen[id]))
			break;
		if (len < pos + 4 + size)
			goto incomplete;
		if (is_port && model_number(data + pos + 4)) {
			seen[id] = true;
			a->at[a->count++] = pos;
		}
		pos += 4 + size;
	}
	if (len >= pos + 2)
		a->why = PNA_WHY_NOT_CLIENT;
incomplete:
	a->count = 0;
}

static inline void model_reply(struct model *m, struct model_answer *a)
{
	const uint8_t *data = m->data[0];
	size_t len = m->len[0];

	if (len && (!m->greeted || !model_is_named(data, len))) {
		a->why = PNA_WHY_NOT_SERVER;
	} else if (!m->robust) {
		if (len >= 3)
			a->why = PNA_WHY_DONE;
	} else if (len >= 13 && model_number(data + 11) != 7) {
		a->why = PNA_WHY_DONE;
	} else if (len >= 15) {
		a->why = PNA_WHY_DONE;
		if (model_number(data + 13))
			a->at[a->count++] = 11;
	}
}

/* Takes in what a side says next. */
static inline void model_say(struct model *m, bool client, struct span item,
			     struct model_answer *a)
{
	memset(a, 0, sizeof(*a));
	if (m->len[client] + item.len > MODEL_SAID_MAX)
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

/**
 * struct player - a conversation on its way through the scanner
 * @ps: the scanner's state
 * @held: what has not gone on yet, by direction
 * @len: how much
 * @gone: how much has
 */
struct player {
	struct pna_session ps;
	uint8_t held[2][MODEL_SAID_MAX];
	size_t len[2];
	size_t gone[2];
};

static inline void player_go(struct player *p, bool client, size_t n)
{
	p->len[client] -= n;
	p->gone[client] += n;
	memmove(p->held[client], p->held[client] + n, p->len[client]);
}

static inline const char *player_stop(struct model_answer *a, enum pna_why why)
{
	if (why && a->why)
		return "stops twice";
	if (why)
		a->why = why;
	return NULL;
}

/* Takes in the unit at the start of what is there. */
static inline const char *player_unit(struct player *p, bool client,
				      struct span unit, struct model_answer *a)
{
	uint16_t at[PNA_ANNOUNCEMENTS_MAX];
	unsigned int n, i;
	enum pna_why why;

	n = appgw_pna_line(&p->ps, client, unit, at, PNA_ANNOUNCEMENTS_MAX,
			   &why);
	if (n && a->count)
		return "announces twice";
	for (i = 0; i < n; i++)
		a->at[a->count++] = p->gone[client] + at[i];
	return player_stop(a, why);
}

/* Takes in as much as can go on. */
static inline const char *player_run(struct player *p, bool client,
				     struct model_answer *a)
{
	const char *complaint = NULL;

	while (p->len[client] && !complaint) {
		struct exact e = exact_copy(p->held[client], p->len[client]);
		struct span rest = exact_span(&e);
		size_t n = appgw_pna_unit(&p->ps, client, rest);
		int want = 0;

		if (n > rest.len) {
			complaint = "a unit is longer than what is there";
		} else if (n) {
			rest.len = n;
			complaint = player_unit(p, client, rest, a);
		} else {
			want = appgw_pna_want(&p->ps, client, rest);
			if (want < -1 || want > (int)rest.len)
				complaint = "wants more than there is";
			if (want >= 0 && (rest.len - want >= PNA_HELLO_MAX ||
					  p->ps.over))
				complaint = "keeps what announces nothing";
			if (want >= 0)
				rest.len = want;
			n = rest.len;
			if (!complaint)
				complaint = player_stop(a,
					appgw_pna_feed(&p->ps, client, rest));
		}
		exact_free(&e);
		player_go(p, client, n);
		if (want >= 0 && !n)
			break;
	}
	return complaint;
}

/* As model_say(), in pieces; see cuts.h. */
static inline const char *player_say(struct player *p, bool client,
				     struct span item,
				     size_t (*cut)(void *ctx, size_t from,
						   size_t len),
				     void *ctx, struct model_answer *a)
{
	const char *complaint = NULL;
	size_t from = 0;

	memset(a, 0, sizeof(*a));
	while (from < item.len && !complaint) {
		size_t to = cut(ctx, from, item.len);

		if (p->len[client] + to - from > MODEL_SAID_MAX)
			return "too much is kept";
		memcpy(p->held[client] + p->len[client], item.at + from,
		       to - from);
		p->len[client] += to - from;
		complaint = player_run(p, client, a);
		from = to;
	}
	return complaint;
}

static inline bool model_same(const struct model_answer *a,
			      const struct model_answer *b)
{
	return a->count == b->count && a->why == b->why &&
	       !memcmp(a->at, b->at, a->count * sizeof(*a->at));
}

/* Will what comes next be read alike? */
static inline bool model_same_player(const struct player *a,
				     const struct player *b)
{
	return a->gone[0] == b->gone[0] && a->gone[1] == b->gone[1] &&
	       !memcmp(&a->ps, &b->ps, sizeof(a->ps));
}

/* Cuts tried for each item, beside whole and byte by byte. */
#define MODEL_RANDOM_CUTS	3

/**
 * model_step() - take in an item, whole and in pieces, as the model does
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
static inline const char *model_step(struct model *m, struct player *p,
				     bool client, struct span item, bool every,
				     uint32_t *random,
				     struct model_answer *got)
{
	static struct player before, copy;
	struct model_answer want, pieces;
	const char *complaint;
	size_t i;

	before = *p;
	model_say(m, client, item, &want);
	complaint = player_say(p, client, item, model_cut_none, NULL, got);
	if (complaint)
		return complaint;
	if (!model_same(got, &want))
		return "whole: the model says something else";
	if (p->ps.ended[1] != m->greeted)
		return "the hello's end is elsewhere";

	copy = before;
	complaint = player_say(&copy, client, item, model_cut_bytes, NULL,
			       &pieces);
	if (complaint)
		return complaint;
	if (!model_same(&pieces, &want) || !model_same_player(&copy, p))
		return "byte by byte: something else";
	for (i = 0; i < MODEL_RANDOM_CUTS; i++) {
		copy = before;
		complaint = player_say(&copy, client, item, model_cut_random,
				       random, &pieces);
		if (complaint)
			return complaint;
		if (!model_same(&pieces, &want) || !model_same_player(&copy, p))
			return "in pieces: something else";
	}
	for (i = 1; every && i < item.len; i++) {
		copy = before;
		complaint = player_say(&copy, client, item, model_cut_at, &i,
				       &pieces);
		if (complaint)
			return complaint;
		if (!model_same(&pieces, &want) || !model_same_player(&copy, p))
			return "in two: something else";
	}
	return NULL;
}

#endif /* SELFTESTS_PNA_MODEL_H */
