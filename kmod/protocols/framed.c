// SPDX-License-Identifier: GPL-2.0-only
/* Protocols of framed units, each of which says how long it is: find those that a
 * protocol wants to look at, as its rule tells, and let all others pass.
 *
 * Nothing here touches an skb, a lock or the heap: selftests/unit links this file
 * unchanged.
 */

#include "framed.h"

#define FRAMED_MARK_LEN		4
#define FRAMED_MARK_LAST	0x80000000u
#define FRAMED_MATCH_LEN	4

/* Bits of struct framed.flags. */
enum framed_flag {
	FRAMED_BEGUN	= 1 << 0,	/* the first unit has ended */
	FRAMED_GONE	= 1 << 1,	/* the unit has begun to go on */
	FRAMED_LAST	= 1 << 2,	/* the fragment is the record's last */
};

/**
 * struct framed_walk - a walk through the bytes of a unit
 * @rule: the protocol's
 * @f: what is being said; goes on
 * @from_client: who says it
 * @ended: the unit has ended
 * @bad: it is none of that protocol's
 */
struct framed_walk {
	const struct framed_rule *rule;
	struct framed *f;
	bool from_client;
	bool ended;
	bool bad;
};

static size_t framed_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Byte @i of the four that a match is about, in @number. */
static uint8_t framed_byte(const struct framed_match *m, uint32_t number,
			   unsigned int i)
{
	return number >> 8 * (m->little ? i : FRAMED_MATCH_LEN - 1 - i);
}

/* Tell how long a unit must be to match. */
static size_t framed_match_end(const struct framed_match *m)
{
	unsigned int n = FRAMED_MATCH_LEN;

	while (n && !framed_byte(m, m->mask, n - 1))
		n--;
	return m->at + n;
}

/* Tell if there is nothing in @data, which is at @at in the unit, that doesn't match. */
static bool framed_agrees(const struct framed_match *m, size_t at,
			  struct span data)
{
	size_t pos = m->at;
	unsigned int i;

	for (i = 0; i < FRAMED_MATCH_LEN; i++, pos++)
		if (pos >= at && pos - at < data.len &&
		    (data.at[pos - at] ^ framed_byte(m, m->value, i)) &
		    framed_byte(m, m->mask, i))
			return false;
	return true;
}

/* Tell if an entry of the proof is about the unit under way. */
static bool framed_proves(const struct framed_walk *w,
			  const struct framed_match *m)
{
	return m->mask && m->from_client == w->from_client &&
	       (m->always || !(w->f->flags & FRAMED_BEGUN));
}

/* Take in the next bytes of the unit, marks left out. */
static void framed_go(struct framed_walk *w, struct span data)
{
	const struct framed_match *m = w->rule->proof;
	unsigned int i;

	for (i = 0; i < FRAMED_MATCHES_MAX; i++, m++)
		if (framed_proves(w, m) && !framed_agrees(m, w->f->len, data))
			w->bad = true;
	w->f->len += data.len;
}

/* Take in what is there of the unit, or of its fragment, whose length is known. */
static size_t framed_rest(struct framed_walk *w, struct span data)
{
	data.len = framed_min(data.len, w->f->left);
	framed_go(w, data);
	w->f->left -= data.len;
	return data.len;
}

/* Take in bytes of a unit that has a length in its head; return how many. */
static size_t framed_length(struct framed_walk *w, struct span data)
{
	const struct framed_length *length = &w->rule->length;
	uint32_t head = length->at + length->width;
	struct framed *f = w->f;
	size_t i;

	if (f->len >= head) {
		i = framed_rest(w, data);
		w->ended = !f->left;
		return i;
	}
	data.len = framed_min(data.len, head - f->len);
	for (i = 0; i < data.len; i++) {
		unsigned int n = f->len + i - length->at;

		if (f->len + i >= length->at)
			f->left |= (uint32_t)data.at[i] <<
				   8 * (length->little ? n :
						length->width - 1 - n);
	}
	framed_go(w, data);
	/* it won't become less */
	if (f->left > w->rule->max - length->bias)
		w->bad = true;
	if (f->len < head || w->bad)
		return data.len;
	if (f->left + length->bias < head) {
		w->bad = true;
		return data.len;
	}
	f->left += length->bias - head;
	w->ended = !f->left;
	return data.len;
}

/* Take in bytes of a record; return how many. */
static size_t framed_fragment(struct framed_walk *w, struct span data)
{
	struct framed *f = w->f;
	size_t n = 0;

	if (f->mark == FRAMED_MARK_LEN) {
		n = framed_rest(w, data);
	} else {
		while (n < data.len && f->mark < FRAMED_MARK_LEN)
			f->left |= (uint32_t)data.at[n++] <<
				   8 * (FRAMED_MARK_LEN - ++f->mark);
		if ((f->left & ~FRAMED_MARK_LAST) > w->rule->max - f->len)
			w->bad = true;
		if (f->mark < FRAMED_MARK_LEN)
			return n;
		if (f->fragments++ == FRAMED_FRAGMENTS_MAX)
			w->bad = true;
		if (f->left & FRAMED_MARK_LAST)
			f->flags |= FRAMED_LAST;
		f->left &= ~FRAMED_MARK_LAST;
	}
	if (!f->left) {
		w->ended = f->flags & FRAMED_LAST;
		f->mark = 0;
	}
	return n;
}

/* Walk up to the unit's end at most; return how many bytes that is. */
static size_t framed_walk(struct framed_walk *w, struct span data)
{
	const struct framed_match *m = w->rule->proof;
	size_t n = 0;
	unsigned int i;

	while (n < data.len && !w->ended && !w->bad) {
		struct span rest = { data.at + n, data.len - n };

		n += w->rule->form == FRAMED_RECORDS ?
		     framed_fragment(w, rest) : framed_length(w, rest);
	}
	for (i = 0; w->ended && i < FRAMED_MATCHES_MAX; i++, m++)
		if (framed_proves(w, m) && framed_match_end(m) > w->f->len)
			w->bad = true;
	return n;
}

/* Be ready for the next unit. */
static void framed_end(struct framed *f)
{
	*f = (struct framed){ .flags = FRAMED_BEGUN };
}

/* Give the conversation up. */
static enum scan_why framed_stop(struct framed *f, enum scan_why why)
{
	f[0].over = true;
	f[1].over = true;
	return why;
}

/* Give it up because of a unit that is none of the protocol's. */
static enum scan_why framed_bad(struct framed *f, bool from_client)
{
	if (f[from_client].flags & FRAMED_BEGUN)
		return framed_stop(f, SCAN_WHY_NONSENSE);
	return framed_stop(f, from_client ? SCAN_WHY_NOT_CLIENT :
					    SCAN_WHY_NOT_SERVER);
}

/* Tell if a unit that begins with @head may be wanted; @is_whole: no more of it has
 * to be there.
 */
static bool framed_may_want(const struct framed_rule *rule, bool from_client,
			    struct span head, bool is_whole)
{
	const struct framed_match *m = rule->want;
	bool has_none = true;
	unsigned int i;

	for (i = 0; i < FRAMED_MATCHES_MAX; i++, m++) {
		if (!m->mask || m->from_client != from_client)
			continue;
		has_none = false;
		if (framed_agrees(m, 0, head) &&
		    (!is_whole || framed_match_end(m) <= head.len))
			return true;
	}
	return has_none && rule->look;
}

/* Find the head of the unit of which @data is there; @room is for one in fragments. */
static struct span framed_head(const struct framed_rule *rule, struct span data,
			       uint8_t *room)
{
	struct span head = { data.at, framed_min(data.len, rule->head) };

	if (rule->form == FRAMED_RECORDS) {
		struct framed_cursor c = framed_record(data);

		head.at = room;
		head.len = appgw_framed_copy(&c, room, rule->head);
	}
	return head;
}

/* Tell if the unit that begins with @head is wanted. */
static bool framed_is_wanted(const struct framed_rule *rule, const void *st,
			     bool from_client, struct span head)
{
	return framed_may_want(rule, from_client, head, true) &&
	       (!rule->look || rule->look(st, from_client, head));
}

/* Tell if the unit of which @data is there, and no more, has to wait for the rest. */
static noinline bool framed_is_held(const struct framed_walk *w, const void *st,
				    struct span data)
{
	uint8_t room[FRAMED_HEAD_MAX] __uninitialized;
	const struct framed_rule *rule = w->rule;
	const struct framed *f = w->f;
	size_t known = 0;
	struct span head;

	if (data.len > rule->hold_max)
		return false;
	if (f->len < rule->head && rule->pass)
		return true;
	if (rule->form == FRAMED_RECORDS ?
	    f->mark == FRAMED_MARK_LEN :
	    f->len >= (uint32_t)rule->length.at + rule->length.width)
		known = f->left;
	if (known > rule->hold_max - data.len)
		return false;
	head = framed_head(rule, data, room);
	if (f->len < rule->head)
		return framed_may_want(rule, w->from_client, head, false);
	return framed_is_wanted(rule, st, w->from_client, head);
}

/* Take in a unit that is whole. */
static noinline void framed_take(const struct framed_rule *rule, void *st,
				 bool from_client, struct span whole,
				 struct scan_unit *unit)
{
	uint8_t room[FRAMED_HEAD_MAX] __uninitialized;
	struct span head = framed_head(rule, whole, room);

	if (whole.len <= rule->hold_max &&
	    framed_is_wanted(rule, st, from_client, head))
		rule->take(st, from_client, whole, unit);
	else if (rule->pass)
		unit->why = rule->pass(st, from_client, head);
}

/* Take in a unit that begins to go on with @part. */
static noinline enum scan_why framed_pass(const struct framed_rule *rule,
					  void *st, bool from_client,
					  struct span part, bool has_head)
{
	uint8_t room[FRAMED_HEAD_MAX] __uninitialized;
	struct span head = { 0 };

	if (!rule->pass)
		return SCAN_WHY_NONE;
	if (has_head)
		head = framed_head(rule, part, room);
	return rule->pass(st, from_client, head);
}

/**
 * appgw_framed_copy() - read on in a unit
 * @c: place; moves on
 * @to: where what is read is put; NULL if it doesn't matter
 * @n: bytes to read
 *
 * Marks are left out.
 *
 * Return: bytes that were there, at most @n
 */
size_t appgw_framed_copy(struct framed_cursor *c, uint8_t *to, size_t n)
{
	size_t done = 0, part;

	while (done < n && c->rest.len) {
		const uint8_t *mark = c->rest.at;

		part = framed_min(framed_min(n - done, c->left), c->rest.len);
		if (part && to)
			memcpy(to + done, c->rest.at, part);
		done += part;
		c->left -= part;
		span_skip(&c->rest, part);
		if (part)
			continue;
		if (c->rest.len < FRAMED_MARK_LEN)
			break;
		c->left = (mark[0] & 0x7f) << 24 | mark[1] << 16 |
			  mark[2] << 8 | mark[3];
		span_skip(&c->rest, FRAMED_MARK_LEN);
	}
	return done;
}

/**
 * appgw_framed_read() - take in a unit; see struct gate_scan_ops
 * @rule: the protocol's
 * @f: both directions; they may be in @st
 * @st: the conversation, for the rule's functions
 * @from_client: whose unit it is
 * @data: what begins with the unit, or with what is left of it
 * @unit: filled in
 *
 * Only a unit that is wanted is kept back until its end is there, or whose head
 * isn't complete yet.
 */
void appgw_framed_read(const struct framed_rule *rule, struct framed *f,
		       void *st, bool from_client, struct span data,
		       struct scan_unit *unit)
{
	struct framed ahead = f[from_client];
	bool is_whole = !(ahead.flags & FRAMED_GONE);
	struct framed_walk w = {
		.rule = rule, .f = &ahead, .from_client = from_client,
	};

	unit->count = 0;
	unit->why = SCAN_WHY_NONE;
	unit->len = data.len;
	if (ahead.over)
		return;
	data.len = framed_walk(&w, data);
	if (w.bad) {
		unit->why = framed_bad(f, from_client);
		return;
	}
	if (!w.ended) {
		unit->len = 0;
		unit->safe = is_whole && framed_is_held(&w, st, data) ? 0 : -1;
		return;
	}
	unit->len = data.len;
	framed_end(&f[from_client]);
	if (!is_whole)
		return;
	framed_take(rule, st, from_client, data, unit);
	if (unit->why >= SCAN_WHY_CLIENT_FIRST)
		framed_stop(f, unit->why);
}

/**
 * appgw_framed_feed() - take in a part of a unit that has no end yet
 * @rule: the protocol's
 * @f: both directions
 * @st: the conversation
 * @from_client: whose unit it is
 * @part: bytes that have gone on as they are
 *
 * Return: why something is refused, or the conversation is to be given up
 */
enum scan_why appgw_framed_feed(const struct framed_rule *rule,
				struct framed *f, void *st, bool from_client,
				struct span part)
{
	struct framed *side = &f[from_client];
	enum scan_why why = SCAN_WHY_NONE;

	while (part.len && !side->over) {
		bool is_start = !(side->flags & FRAMED_GONE);
		struct framed_walk w = {
			.rule = rule, .f = side, .from_client = from_client,
		};
		struct span data = { part.at, framed_walk(&w, part) };
		enum scan_why got = SCAN_WHY_NONE;

		if (w.bad)
			return framed_bad(f, from_client);
		if (is_start)
			got = framed_pass(rule, st, from_client, data,
					  w.ended || side->len >= rule->head);
		if (w.ended)
			framed_end(side);
		else
			side->flags |= FRAMED_GONE;
		if (got >= SCAN_WHY_CLIENT_FIRST)
			return framed_stop(f, got);
		if (got)
			why = got;
		span_skip(&part, data.len);
	}
	return why;
}
