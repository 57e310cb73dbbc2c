// SPDX-License-Identifier: GPL-2.0-only
/* A conversation on its way through a scanner of kmod/, cut into pieces and as
 * the module hands it over; and beside a model of it, which gets all of it.
 */

#include <stdlib.h>
#include <string.h>

#include "cuts.h"
#include "exact.h"
#include "scan_player.h"

/* Cuts tried for each item, beside whole and byte by byte. */
#define PLAYER_RANDOM_CUTS	3

/**
 * struct player - a conversation under way
 * @ops: the scanner and its model
 * @session: the scanner's struct
 * @held: what has not gone on, and how much has
 */
struct player {
	const struct scan_player_ops *ops;
	void *session;
	struct scan_player *held;
};

/* Allocate room for @size bytes; the caller frees it. */
static void *player_room(size_t size)
{
	void *room = malloc(size);

	if (!room)
		exit(2);
	return room;
}

/* Copy what there is of it. */
static void player_copy(struct player *to, const struct player *from)
{
	const struct scan_player *h = from->held;
	int i;

	memcpy(to->session, from->session, from->ops->session_size);
	for (i = 0; i < 2; i++) {
		to->held->len[i] = h->len[i];
		to->held->gone[i] = h->gone[i];
		memcpy(to->held->held[i], h->held[i], h->len[i]);
	}
}

static void player_go(struct player *p, bool client, size_t n)
{
	struct scan_player *h = p->held;

	h->len[client] -= n;
	h->gone[client] += n;
	memmove(h->held[client], h->held[client] + n, h->len[client]);
}

/* Note in @answer that the scanner stops now, if @why says so. */
static const char *player_stop(const struct player *p, enum scan_why why,
			       void *answer)
{
	enum scan_why *noted = (void *)((char *)answer + p->ops->why_at);

	if (why && *noted)
		return "stops twice";
	if (why)
		*noted = why;
	return NULL;
}

/* Take in the start of a unit without an end, as much as can go on: *@n. */
static const char *player_part(struct player *p, bool client, struct span rest,
			       int safe, size_t *n, void *answer)
{
	const struct scan_player_ops *ops = p->ops;
	const char *complaint = NULL;

	if (safe < -1 || safe > (int)rest.len)
		complaint = "wants more than there is";
	if (safe >= 0 && (rest.len - safe > ops->kept_max ||
			  ops->is_over(p->session)))
		complaint = "keeps what announces nothing";
	if (safe >= 0)
		rest.len = safe;
	*n = rest.len;
	return complaint ?: player_stop(p, ops->feed(p->session, client, rest),
					answer);
}

/* Have a unit read at the start of @rest; complain if that leaves traces although it
 * has no end.
 */
static const char *player_read(struct player *p, bool client, struct span rest,
			       struct scan_unit *unit)
{
	const struct scan_player_ops *ops = p->ops;
	struct exact before = exact_copy(p->session, ops->session_size);
	const char *complaint = NULL;

	memset(unit, 0xff, sizeof(*unit));
	ops->read(p->session, client, rest, unit);
	if (unit->len > rest.len)
		complaint = "a unit is longer than what is there";
	else if (!unit->len &&
		 memcmp(before.at, p->session, ops->session_size))
		complaint = "a unit without an end was taken in";
	exact_free(&before);
	return complaint;
}

/* Take in as much as can go on. */
static const char *player_run(struct player *p, bool client, void *answer)
{
	const struct scan_player_ops *ops = p->ops;
	struct scan_player *h = p->held;
	const char *complaint = NULL;

	while (h->len[client] && !complaint) {
		struct exact e = exact_copy(h->held[client], h->len[client]);
		struct span rest = exact_span(&e);
		struct scan_unit unit;
		int safe = 0;
		size_t n = 0;

		complaint = player_read(p, client, rest, &unit);
		if (!complaint && unit.len) {
			n = unit.len;
			complaint = ops->took(p->session, client, rest, &unit,
					      h->gone[client], answer) ?:
				    player_stop(p, unit.why, answer);
		} else if (!complaint) {
			safe = unit.safe;
			complaint = player_part(p, client, rest, safe, &n,
						answer);
		}
		exact_free(&e);
		player_go(p, client, n);
		if (safe >= 0 && !n)
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
 * @answer: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
static const char *player_say(struct player *p, bool client, struct span item,
			      size_t (*cut)(void *ctx, size_t from, size_t len),
			      void *ctx, void *answer)
{
	struct scan_player *h = p->held;
	const char *complaint = NULL;
	size_t from = 0;

	memset(answer, 0, p->ops->answer_size);
	while (from < item.len && !complaint) {
		size_t to = cut(ctx, from, item.len);

		if (h->len[client] + to - from > p->ops->held_max)
			return "too much is kept";
		memcpy(h->held[client] + h->len[client], item.at + from,
		       to - from);
		h->len[client] += to - from;
		complaint = player_run(p, client, answer);
		from = to;
	}
	return complaint;
}

/* Tell if as much has gone on, and what comes next will be read alike. */
static bool player_same_state(const struct player *a, const struct player *b)
{
	return a->held->gone[0] == b->held->gone[0] &&
	       a->held->gone[1] == b->held->gone[1] &&
	       a->ops->same(a->session, b->session);
}

/**
 * struct player_again - an item to be said again
 * @before: the conversation in front of it
 * @after: the same behind it
 * @client: the client says it
 * @item: what it says
 * @got: what was made of it
 * @copy: goes on from @before each time
 * @pieces: what is made of it then
 */
struct player_again {
	const struct player *before;
	const struct player *after;
	bool client;
	struct span item;
	const void *got;
	struct player *copy;
	void *pieces;
};

/* Say it once more, cut otherwise; complain as @other if it becomes another. */
static const char *player_again(const struct player_again *again,
				size_t (*cut)(void *ctx, size_t from,
					      size_t len),
				void *ctx, const char *other)
{
	const struct scan_player_ops *ops = again->before->ops;
	const char *complaint;

	player_copy(again->copy, again->before);
	complaint = player_say(again->copy, again->client, again->item, cut,
			       ctx, again->pieces);
	if (!complaint && (!ops->same_answer(again->pieces, again->got) ||
			   !player_same_state(again->copy, again->after)))
		complaint = other;
	return complaint;
}

/* Say it in pieces of all kinds. */
static const char *player_cuts(const struct player_again *again, bool every,
			       uint32_t *random)
{
	const char *complaint;
	size_t i;

	complaint = player_again(again, cuts_bytes, NULL,
				 "byte by byte it is something else");
	for (i = 0; !complaint && i < PLAYER_RANDOM_CUTS; i++)
		complaint = player_again(again, cuts_random, random,
					 "in pieces it is something else");
	for (i = 1; !complaint && every && i < again->item.len; i++)
		complaint = player_again(again, cuts_at, &i,
					 "in two it is something else");
	return complaint;
}

/* Say it whole, to the model as well, whose answer is put into @want. */
static const char *player_whole(struct player *p, void *model, bool client,
				struct span item, void *want, void *got)
{
	const struct scan_player_ops *ops = p->ops;
	const char *complaint;

	ops->say(model, client, item, want);
	complaint = player_say(p, client, item, cuts_none, NULL, got);
	if (complaint)
		return complaint;
	if (!ops->same_answer(got, want))
		return "the model reads it differently";
	if (!ops->agrees(model, p->session))
		return "the model is in another state";
	return NULL;
}

/**
 * scan_player_step() - take in an item, whole and in pieces, as the model does
 * @ops: the scanner and its model
 * @model: the model's struct
 * @session: the scanner's
 * @held: the conversation; goes on
 * @client: the client says it
 * @item: what it says
 * @every: cut it in two at every place
 * @random: state of xorshift32, not 0
 * @got: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
const char *scan_player_step(const struct scan_player_ops *ops, void *model,
			     void *session, struct scan_player *held,
			     bool client, struct span item, bool every,
			     uint32_t *random, void *got)
{
	static struct scan_player held_before, held_copy;
	struct player before = {
		ops, player_room(ops->session_size), &held_before,
	};
	struct player copy = {
		ops, player_room(ops->session_size), &held_copy,
	};
	struct player p = { ops, session, held };
	struct player_again again = {
		.before = &before, .after = &p, .client = client,
		.item = item, .got = got, .copy = &copy,
		.pieces = player_room(ops->answer_size),
	};
	const char *complaint;

	player_copy(&before, &p);
	complaint = player_whole(&p, model, client, item, again.pieces, got);
	if (!complaint)
		complaint = player_cuts(&again, every, random);
	free(again.pieces);
	free(copy.session);
	free(before.session);
	return complaint;
}
