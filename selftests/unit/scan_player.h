/* SPDX-License-Identifier: GPL-2.0-only */
/* A conversation on its way through a scanner of kmod/, cut into pieces and as
 * the module hands it over; and beside a model of it, which gets all of it. To
 * be included by the header with the model, behind what that has to provide:
 *
 * PLAYER_SESSION	the scanner's struct
 * PLAYER_WHY		its enum of reasons to stop
 * PLAYER_CALL(name)	its function of that name: unit, want or feed
 * PLAYER_KEPT_MAX	bytes that may be kept of a unit
 * PLAYER_HELD_MAX	bytes that there may be of a direction at a time
 * struct model, struct model_answer with @why, model_say(), model_same(),
 * player_line()	has a unit taken in that begins behind @gone bytes
 * player_same()	will two of the scanner's structs read alike?
 * player_agrees()	are the model and the scanner of one mind?
 */
#ifndef SELFTESTS_SCAN_PLAYER_H
#define SELFTESTS_SCAN_PLAYER_H

#include "cuts.h"
#include "exact.h"

/* Cuts tried for each item, beside whole and byte by byte. */
#define PLAYER_RANDOM_CUTS	3

/**
 * struct player - a conversation on its way through the scanner
 * @session: the scanner's state
 * @held: what has not gone on yet, by direction
 * @len: how much
 * @gone: how much has
 */
struct player {
	PLAYER_SESSION session;
	uint8_t held[2][PLAYER_HELD_MAX];
	size_t len[2];
	size_t gone[2];
};

/* Copies what there is of it. */
static inline void player_copy(struct player *to, const struct player *from)
{
	int i;

	to->session = from->session;
	for (i = 0; i < 2; i++) {
		to->len[i] = from->len[i];
		to->gone[i] = from->gone[i];
		memcpy(to->held[i], from->held[i], from->len[i]);
	}
}

static inline void player_go(struct player *p, bool client, size_t n)
{
	p->len[client] -= n;
	p->gone[client] += n;
	memmove(p->held[client], p->held[client] + n, p->len[client]);
}

static inline const char *player_stop(struct model_answer *a, PLAYER_WHY why)
{
	if (why && a->why)
		return "stops twice";
	if (why)
		a->why = why;
	return NULL;
}

/* Takes in a part of a unit that has no end yet. */
static inline const char *player_feed(struct player *p, bool client,
				      struct span part,
				      struct model_answer *a)
{
	return player_stop(a, PLAYER_CALL(feed)(&p->session, client, part));
}

/* Takes in as much as can go on. */
static inline const char *player_run(struct player *p, bool client,
				     struct model_answer *a)
{
	const char *complaint = NULL;

	while (p->len[client] && !complaint) {
		struct exact e = exact_copy(p->held[client], p->len[client]);
		struct span rest = exact_span(&e);
		size_t n = PLAYER_CALL(unit)(&p->session, client, rest);
		int want = 0;

		if (n > rest.len) {
			complaint = "a unit is longer than what is there";
		} else if (n) {
			rest.len = n;
			complaint = player_line(&p->session, client, rest,
						p->gone[client], a);
		} else {
			want = PLAYER_CALL(want)(&p->session, client, rest);
			if (want < -1 || want > (int)rest.len)
				complaint = "wants more than there is";
			if (want >= 0 && (rest.len - want > PLAYER_KEPT_MAX ||
					  p->session.over))
				complaint = "keeps what announces nothing";
			if (want >= 0)
				rest.len = want;
			n = rest.len;
			if (!complaint)
				complaint = player_feed(p, client, rest, a);
		}
		exact_free(&e);
		player_go(p, client, n);
		if (want >= 0 && !n)
			break;
	}
	return complaint;
}

/**
 * player_say() - take in what a side says, in pieces
 * @p: the conversation
 * @client: the client says it
 * @item: what it says
 * @cut: see cuts.h
 * @ctx: for @cut
 * @a: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
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

		if (p->len[client] + to - from > PLAYER_HELD_MAX)
			return "too much is kept";
		memcpy(p->held[client] + p->len[client], item.at + from,
		       to - from);
		p->len[client] += to - from;
		complaint = player_run(p, client, a);
		from = to;
	}
	return complaint;
}

/* Has as much gone on, and will what comes next be read alike? */
static inline bool player_same_state(const struct player *a,
				     const struct player *b)
{
	return a->gone[0] == b->gone[0] && a->gone[1] == b->gone[1] &&
	       player_same(&a->session, &b->session);
}

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

	player_copy(&before, p);
	model_say(m, client, item, &want);
	complaint = player_say(p, client, item, model_cut_none, NULL, got);
	if (complaint)
		return complaint;
	if (!model_same(got, &want))
		return "the model reads it differently";
	if (!player_agrees(m, &p->session))
		return "the model is in another state";
	player_copy(&copy, &before);
	complaint = player_say(&copy, client, item, model_cut_bytes, NULL,
			       &pieces);
	if (!complaint && (!model_same(&pieces, got) ||
			   !player_same_state(&copy, p)))
		return "byte by byte it is something else";
	for (i = 0; !complaint && i < PLAYER_RANDOM_CUTS; i++) {
		player_copy(&copy, &before);
		complaint = player_say(&copy, client, item, model_cut_random,
				       random, &pieces);
		if (!complaint && (!model_same(&pieces, got) ||
				   !player_same_state(&copy, p)))
			return "in pieces it is something else";
	}
	for (i = 1; !complaint && every && i < item.len; i++) {
		player_copy(&copy, &before);
		complaint = player_say(&copy, client, item, model_cut_at, &i,
				       &pieces);
		if (!complaint && (!model_same(&pieces, got) ||
				   !player_same_state(&copy, p)))
			return "in two it is something else";
	}
	return complaint;
}

#endif /* SELFTESTS_SCAN_PLAYER_H */
