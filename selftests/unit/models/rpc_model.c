// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/rpc_scan.c should make of a conversation, said plainly: records are
 * put together before they are read, and calls are in a list. For the unit test and the
 * fuzzer.
 */

#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "rpc_model.h"

#define HOLD_MAX	4096

/* Numbers of a message, one after the other. */
struct words {
	struct span rest;
	bool bad;
};

static uint32_t next(struct words *w)
{
	uint32_t word;

	if (w->bad || w->rest.len < 4) {
		w->bad = true;
		return 0;
	}
	memcpy(&word, w->rest.at, 4);
	span_skip(&w->rest, 4);
	return ntohl(word);
}

/* A text, or other bytes. */
static struct span text(struct words *w)
{
	uint32_t n = next(w);
	struct span s = { w->rest.at, n };

	if (w->bad || w->rest.len < n || w->rest.len < (n + 3ul) / 4 * 4) {
		w->bad = true;
		return (struct span){ NULL, 0 };
	}
	span_skip(&w->rest, (n + 3ul) / 4 * 4);
	return s;
}

static void auth(struct words *w)
{
	next(w);
	if (text(w).len > 400)
		w->bad = true;
}

/* Tell if a universal address names a port, by writing it again. */
static bool names_port(struct span s)
{
	char in[128], out[160], host[128];
	uint8_t addr[16];
	unsigned int p[2];
	char *dot;
	int n;

	if (s.len >= sizeof(in) || (s.len && memchr(s.at, 0, s.len)))
		return false;
	snprintf(in, sizeof(in), "%.*s", (int)s.len, (const char *)s.at);
	strcpy(host, in);
	for (n = 1; n >= 0; n--) {
		dot = strrchr(host, '.');
		if (!dot || strlen(dot) > 4)
			return false;
		p[n] = strtoul(dot + 1, NULL, 10);
		*dot = '\0';
	}
	snprintf(out, sizeof(out), "%s.%u.%u", host, p[0], p[1]);
	return !strcmp(in, out) && p[0] < 256 && p[1] < 256 && (p[0] || p[1]) &&
	       (inet_pton(AF_INET, host, addr) == 1 ||
		inet_pton(AF_INET6, host, addr) == 1);
}

static bool is(struct span s, const char *word)
{
	return s.len == strlen(word) && !memcmp(s.at, word, s.len);
}

static bool model_is_answer(struct span message, uint8_t proc)
{
	struct words w = { .rest = message };
	bool any = false;
	uint32_t n;

	next(&w);
	next(&w);
	if (next(&w) || w.bad)
		return false;
	auth(&w);
	if (next(&w) || w.bad)
		return false;
	if (proc == RPC_ASK_PORT) {
		n = next(&w);
		return n > 0 && n < 65536;
	}
	if (proc == RPC_ASK_ADDR) {
		struct span s = text(&w);

		return !w.bad && names_port(s);
	}
	while ((n = next(&w)) == 1) {
		struct span s = text(&w);
		bool named;

		text(&w);
		next(&w);
		text(&w);
		named = !w.bad && names_port(s);
		s = text(&w);
		if (!w.bad && named && (is(s, "tcp") || is(s, "udp")))
			any = true;
	}
	return any && !n && !w.bad;
}

/* Tell what a call asks for by its first 24 bytes. */
static uint8_t model_kind(const uint8_t *head)
{
	struct words w = { .rest = { head + 8, 16 } };
	uint32_t rpc = next(&w), prog = next(&w), vers = next(&w);
	uint32_t proc = next(&w);

	if (rpc != 2 || prog != 100000 || vers < 2 || vers > 4)
		return RPC_ASK_OTHER;
	if (proc == 1 || proc == 2 || proc == 5 || (proc == 10 && vers == 4))
		return RPC_ASK_FORBIDDEN;
	if (proc == 3)
		return vers == 2 ? RPC_ASK_PORT : RPC_ASK_ADDR;
	if (vers == 4 && proc == 9)
		return RPC_ASK_ADDR;
	if (vers == 4 && proc == 11)
		return RPC_ASK_LIST;
	return RPC_ASK_OTHER;
}

static bool model_is_question(uint8_t proc)
{
	return proc == RPC_ASK_PORT || proc == RPC_ASK_ADDR ||
	       proc == RPC_ASK_LIST;
}

static struct rpc_model_call model_question(struct span message, bool is_whole)
{
	struct words w = { .rest = message };
	struct rpc_model_call c = { .xid = next(&w) };

	c.proc = model_kind(message.at);
	if (is_whole && model_is_question(c.proc)) {
		span_skip(&w.rest, 20);
		auth(&w);
		auth(&w);
		c.program = next(&w);
		next(&w);
		if (c.proc == RPC_ASK_PORT) {
			c.protonum = next(&w);
			next(&w);
			if (c.protonum != 6 && c.protonum != 17)
				w.bad = true;
		} else {
			text(&w);
			text(&w);
			text(&w);
		}
		if (!w.bad)
			return c;
	}
	return (struct rpc_model_call){ .xid = c.xid, .proc = RPC_ASK_OTHER };
}

static int model_find(const struct rpc_model *m, uint32_t xid)
{
	unsigned int i;

	for (i = 0; i < m->calls; i++)
		if (m->call[i].xid == xid)
			return i;
	return -1;
}

static void model_remove(struct rpc_model *m, int i)
{
	m->calls--;
	memmove(&m->call[i], &m->call[i + 1],
		(m->calls - i) * sizeof(m->call[i]));
}

static uint32_t model_bit(uint32_t xid)
{
	return 1u << (uint32_t)(xid * 2654435761u) / (1u << 27);
}

static void model_call(struct rpc_model *m, struct span message, bool is_whole)
{
	struct rpc_model_call c;
	unsigned int pending = 0;
	bool is_lost;
	int i;

	if (message.len < 24 || memcmp(message.at + 4, "\0\0\0", 4))
		return;
	if (model_kind(message.at) == RPC_ASK_FORBIDDEN)
		m->refused++;
	c = model_question(message, is_whole);
	is_lost = m->lost & model_bit(c.xid);
	i = model_find(m, c.xid);
	if (i >= 0 && m->call[i].proc == c.proc &&
	    m->call[i].program == c.program && m->call[i].protonum == c.protonum) {
		m->call[i].pending++;
		return;
	}
	if (i >= 0) {
		pending = m->call[i].pending;
		model_remove(m, i);
	} else if (m->calls == RPC_CALLS_MAX) {
		for (i = 0; i < RPC_CALLS_MAX && m->call[i].pending; i++)
			;
		if (i == RPC_CALLS_MAX) {
			i = 0;
			m->lost |= model_bit(m->call[0].xid);
		}
		model_remove(m, i);
	}
	if (pending || is_lost) {
		c.proc = RPC_ASK_OTHER;
		c.program = 0;
		c.protonum = 0;
	}
	c.pending = pending + 1;
	m->call[m->calls++] = c;
}

static void model_reply(struct rpc_model *m, struct span message, bool is_whole,
			size_t at, struct rpc_model_answer *a)
{
	struct words w = { .rest = message };
	struct rpc_model_call *c;
	uint32_t xid = next(&w);
	int i = model_find(m, xid);

	if (next(&w) != 1 || w.bad || i < 0)
		return;
	c = &m->call[i];
	if (is_whole && model_is_question(c->proc) &&
	    model_is_answer(message, c->proc)) {
		if (a->count < RPC_MODEL_FOUND_MAX) {
			a->at[a->count] = at;
			a->xid[a->count] = xid;
			a->program[a->count] = c->program;
			a->proc[a->count] = c->proc;
		}
		a->count++;
	}
	if (c->pending)
		c->pending--;
}

static void model_message(struct rpc_model *m, bool client, struct span message,
			  bool is_whole, size_t at, struct rpc_model_answer *a)
{
	if (client)
		model_call(m, message, is_whole);
	else
		model_reply(m, message, is_whole, at, a);
}

/**
 * rpc_model_message() - take in a message that is whole
 * @m: the model
 * @client: the client says it
 * @message: its bytes, without marks
 * @at: where it begins
 * @a: what was made of it; goes on
 */
void rpc_model_message(struct rpc_model *m, bool client, struct span message,
		       size_t at, struct rpc_model_answer *a)
{
	model_message(m, client, message, true, at, a);
}

/* Tell if a record that has no end yet is waited for. */
static bool model_waits(const struct rpc_model *m, bool client,
			const struct framed_model_unit *u)
{
	struct words w = { .rest = { u->data, u->len } };
	int i;

	if (u->len < 24)
		return true;
	if (u->least > HOLD_MAX)
		return false;
	if (client)
		return !memcmp(u->data + 4, "\0\0\0", 4) &&
		       model_is_question(model_kind(u->data));
	i = model_find(m, next(&w));
	return next(&w) == 1 && i >= 0 && model_is_question(m->call[i].proc);
}

/* Takes in what a side says next. */
static void model_say(void *model, bool client, struct span item, void *answer)
{
	static struct framed_model_unit u;
	struct rpc_model_answer *a = answer;
	struct rpc_model *m = model;

	memset(a, 0, sizeof(*a));
	if (m->over || !item.len)
		return;
	if (m->len[client] + item.len > FRAMED_MODEL_SAID_MAX)
		exit(2);
	memcpy(m->data[client] + m->len[client], item.at, item.len);
	m->len[client] += item.len;
	while (m->read[client] < m->len[client]) {
		struct span rest = { m->data[client] + m->read[client],
				     m->len[client] - m->read[client] };
		bool first = !m->read[client];
		bool is_whole;

		framed_model_find(FRAMED_KIND_RPC, &u, rest, client, first);
		if (u.bad) {
			a->why = first && client ? SCAN_WHY_NOT_CLIENT :
				 first ? SCAN_WHY_NOT_SERVER : SCAN_WHY_NONSENSE;
			m->over = true;
			return;
		}
		if (!u.size && (m->passed[client] || model_waits(m, client, &u)))
			return;
		is_whole = u.size && u.size <= HOLD_MAX;
		if (!m->passed[client])
			model_message(m, client, (struct span){ u.data, u.len },
				      is_whole, m->read[client], a);
		m->passed[client] = !u.size;
		if (!u.size)
			return;
		m->read[client] += u.size;
	}
}

/* Count what is refused: the player knows of reasons to stop alone. */
static enum scan_why player_refused(struct rpc_talk *talk, enum scan_why why)
{
	if (why != SCAN_WHY_FORBIDDEN)
		return why;
	talk->refused++;
	return SCAN_WHY_NONE;
}

static void player_read(void *session, bool client, struct span data,
			struct scan_unit *unit)
{
	struct rpc_talk *talk = session;

	appgw_rpc_read(&talk->session, client, data, unit);
	if (unit->len)
		unit->why = player_refused(talk, unit->why);
}

static enum scan_why player_feed(void *session, bool client, struct span part)
{
	struct rpc_talk *talk = session;

	return player_refused(talk, appgw_rpc_feed(&talk->session, client, part));
}

static bool player_is_over(const void *session)
{
	const struct rpc_talk *talk = session;

	return talk->session.framed[0].over;
}

static const char *player_took(const void *session, bool client,
			       struct span data, const struct scan_unit *unit,
			       size_t gone, void *answer)
{
	const struct rpc_talk *talk = session;
	struct rpc_model_answer *a = answer;
	const struct rpc_call *c;

	(void)data;
	c = appgw_rpc_call(&talk->session, unit->note);
	if (!unit->count)
		return unit->note ? "a note of nothing" : NULL;
	if (unit->count != 1 || unit->at[0])
		return "announces something else";
	if (client)
		return "the client answers";
	if (!c)
		return "answers nothing";
	if (a->count < RPC_MODEL_FOUND_MAX) {
		a->at[a->count] = gone;
		a->xid[a->count] = c->xid;
		a->program[a->count] = c->program;
		a->proc[a->count] = c->proc;
	}
	a->count++;
	return NULL;
}

static bool model_same(const void *answer, const void *other)
{
	const struct rpc_model_answer *a = answer, *b = other;

	return a->count == b->count && a->why == b->why &&
	       !memcmp(a->at, b->at, sizeof(a->at)) &&
	       !memcmp(a->xid, b->xid, sizeof(a->xid)) &&
	       !memcmp(a->program, b->program, sizeof(a->program)) &&
	       !memcmp(a->proc, b->proc, sizeof(a->proc));
}

static bool player_same(const void *a, const void *b)
{
	return (player_is_over(a) && player_is_over(b)) ||
	       !memcmp(a, b, sizeof(struct rpc_talk));
}

/* Find the scanner's entry for a call of the model's; NULL if they differ. */
static const struct rpc_call *agrees_about(const struct rpc_session *rs,
					   const struct rpc_model_call *want)
{
	unsigned int i;

	for (i = 0; i < RPC_CALLS_MAX; i++) {
		const struct rpc_call *c = &rs->call[i];

		if (c->proc == want->proc && c->xid == want->xid)
			return c->program == want->program &&
			       c->protonum == want->protonum &&
			       c->pending == want->pending ? c : NULL;
	}
	return NULL;
}

static bool player_agrees(const void *model, const void *session)
{
	const struct rpc_talk *talk = session;
	const struct rpc_model *m = model;
	unsigned int i, used = 0;

	for (i = 0; i < RPC_CALLS_MAX; i++)
		used += talk->session.call[i].proc != RPC_ASK_NONE;
	if (player_is_over(session) != m->over || talk->refused != m->refused ||
	    used != m->calls || talk->session.lost != m->lost)
		return false;
	for (i = 0; i < m->calls; i++)
		if (!agrees_about(&talk->session, &m->call[i]))
			return false;
	return true;
}

static const struct scan_player_ops model_ops = {
	.session_size	= sizeof(struct rpc_talk),
	.answer_size	= sizeof(struct rpc_model_answer),
	.why_at		= offsetof(struct rpc_model_answer, why),
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
 * rpc_model_datagram() - take in a datagram, as the model does
 * @m: the model
 * @talk: the scanner's conversation
 * @client: the client sends it
 * @item: its payload
 * @got: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
const char *rpc_model_datagram(struct rpc_model *m, struct rpc_talk *talk,
			       bool client, struct span item,
			       struct rpc_model_answer *got)
{
	struct exact e = exact_copy(item.at, item.len);
	struct rpc_model_answer want = { 0 };
	struct scan_unit unit;
	const char *complaint;

	memset(&unit, 0xff, sizeof(unit));
	memset(got, 0, sizeof(*got));
	rpc_model_message(m, client, item, 0, &want);
	appgw_rpc_read_datagram(&talk->session, client, exact_span(&e), &unit);
	exact_free(&e);
	complaint = player_took(talk, client, item, &unit, 0, got);
	got->why = player_refused(talk, unit.why);
	if (unit.len != item.len)
		complaint = "a unit is something else than a datagram";
	else if (!complaint && !model_same(got, &want))
		complaint = "the model reads it differently";
	else if (!complaint && !player_agrees(m, talk))
		complaint = "the model is in another state";
	return complaint;
}

/**
 * rpc_model_step() - take in an item, whole and in pieces, as the model does
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
const char *rpc_model_step(struct rpc_model *m, struct rpc_talk *talk,
			   struct scan_player *p, bool client,
			   struct span item, bool every, uint32_t *random,
			   struct rpc_model_answer *got)
{
	return scan_player_step(&model_ops, m, talk, p, client, item, every,
				random, got);
}
