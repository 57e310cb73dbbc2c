/* SPDX-License-Identifier: GPL-2.0-only */
/* What kmod/protocols/pna_scan.c should make of a conversation, said plainly: each side's
 * words are read over from the beginning whenever there are more. For the unit
 * test and the fuzzer.
 */
#ifndef SELFTESTS_PNA_MODEL_H
#define SELFTESTS_PNA_MODEL_H

#include "../../kmod/protocols/pna_scan.h"
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
	enum scan_why why;
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
		a->why = SCAN_WHY_NOT_CLIENT;
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
		a->why = SCAN_WHY_NOT_CLIENT;
incomplete:
	a->count = 0;
}

static inline void model_reply(struct model *m, struct model_answer *a)
{
	const uint8_t *data = m->data[0];
	size_t len = m->len[0];

	if (len && (!m->greeted || !model_is_named(data, len))) {
		a->why = SCAN_WHY_NOT_SERVER;
	} else if (!m->robust) {
		if (len >= 3)
			a->why = SCAN_WHY_DONE;
	} else if (len >= 13 && model_number(data + 11) != 7) {
		a->why = SCAN_WHY_DONE;
	} else if (len >= 15) {
		a->why = SCAN_WHY_DONE;
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

static inline const char *player_line(struct pna_session *ps, bool client,
				      struct span unit, size_t gone,
				      struct model_answer *a)
{
	uint16_t at[PNA_ANNOUNCEMENTS_MAX];
	unsigned int n, i;
	enum scan_why why;

	n = appgw_pna_line(ps, client, unit, at, PNA_ANNOUNCEMENTS_MAX, &why);
	if (n && a->count)
		return "announces twice";
	for (i = 0; i < n; i++)
		a->at[a->count++] = gone + at[i];
	if (why && a->why)
		return "stops twice";
	if (why)
		a->why = why;
	return NULL;
}

static inline bool model_same(const struct model_answer *a,
			      const struct model_answer *b)
{
	return a->count == b->count && a->why == b->why &&
	       !memcmp(a->at, b->at, a->count * sizeof(*a->at));
}

static inline bool player_same(const struct pna_session *a,
			       const struct pna_session *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool player_agrees(const struct model *m,
				 const struct pna_session *ps)
{
	return pna_is_asked(ps) == m->greeted;
}

#define PLAYER_SESSION		struct pna_session
#define PLAYER_WHY		enum scan_why
#define PLAYER_CALL(name)	appgw_pna_##name
#define PLAYER_KEPT_MAX		(MODEL_HELLO_MAX - 1)
#define PLAYER_HELD_MAX		MODEL_SAID_MAX

#include "scan_player.h"

#endif /* SELFTESTS_PNA_MODEL_H */
