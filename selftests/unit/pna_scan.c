// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/pna_scan.c: which options of a hello and which replies announce
 * something, and what is no PNA at all. Named conversations, whole and cut at
 * every place, and random ones against a model.
 */

#include "models/exact.h"
#include "models/pna_model.h"
#include "models/scan_want.h"
#include "pna_scan_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	20000
#define RANDOM_PARTS	6
#define RANDOM_SEED	0x5eed504e

static struct pna_model m;
static struct pna_player p;

static void begin(void)
{
	memset(&m, 0, sizeof(m));
	memset(&p, 0, sizeof(p));
}

static struct span item_span(const struct scan_item *l)
{
	return (struct span){ (const uint8_t *)l->text, l->len };
}

static void test_case(const struct scan_case *c)
{
	uint32_t random = RANDOM_SEED;
	struct pna_model_answer got;
	const char *complaint;
	unsigned int n;
	int i;

	tap_begin(c->name);
	begin();
	for (i = 0; i < SCAN_ITEMS_MAX && c->item[i].who; i++) {
		const struct scan_item *l = &c->item[i];
		bool client = l->who == 'C';

		complaint = pna_model_step(&m, &p, client, item_span(l), true,
					   &random, &got);
		tap_check(!complaint, "item %d, %s: %s", i,
			  exact_text(l->text, l->len), complaint);
		tap_check(got.count == l->count && got.why == l->why,
			  "item %d, %s: %u because of %d", i,
			  exact_text(l->text, l->len), got.count, got.why);
		for (n = 0; n < got.count; n++) {
			unsigned int id = pna_model_number(m.data[client] +
							   got.at[n]);

			tap_check(id == 7 || (client && id == 1),
				  "item %d: option %u", i, id);
		}
	}
	tap_end();
}

/* Hellos of random options, most of them good, and random replies. */
static size_t random_hello(uint8_t *to, uint32_t *state)
{
	static const struct scan_item parts[] = {
		C(UDP), C(ROBUST), C(NONE), C(OTHER), C(EMPTY), C(END),
		C("\0\1\0\1a"), C("\0\7\0\3abc"), C("\0\4\0\310"),
	};
	size_t n = sizeof(PNA) - 1;
	int i;

	memcpy(to, PNA, n);
	for (i = 0; i < RANDOM_PARTS; i++) {
		const struct scan_item *part;

		part = &parts[tap_random(state) % TAP_ARRAY_SIZE(parts)];
		memcpy(to + n, part->text, part->len);
		n += part->len;
		if (part->len == 4 && part->text[3]) {
			/* one of 200 bytes */
			memset(to + n, tap_random(state), 200);
			n += 200;
		}
	}
	memcpy(to + n, END, 2);
	n += 2;
	if (!(tap_random(state) % 4))
		to[tap_random(state) % n] = tap_random(state);
	return n;
}

static void test_random(void)
{
	uint8_t text[RANDOM_PARTS * 204 + 16];
	unsigned int i, found = 0, done = 0;
	uint32_t state = RANDOM_SEED;
	struct pna_model_answer got;
	const char *complaint;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		size_t n = random_hello(text, &state);

		begin();
		complaint = pna_model_step(&m, &p, true,
					   (struct span){ text, n }, false,
					   &state, &got);
		if (!tap_check(!complaint, "%s: %s", exact_text(text, n),
			       complaint))
			break;
		found += got.count;
		n = sizeof(REPLY) - 1;
		memcpy(text, REPLY, n);
		if (!(tap_random(&state) % 4))
			text[tap_random(&state) % n] = tap_random(&state);
		complaint = pna_model_step(&m, &p, false,
					   (struct span){ text, n }, true,
					   &state, &got);
		if (!tap_check(!complaint, "%s: %s", exact_text(text, n),
			       complaint))
			break;
		found += got.count;
		done += got.why == SCAN_WHY_DONE;
	}
	tap_check(found > RANDOM_ROUNDS / 2 && done > RANDOM_ROUNDS / 2,
		  "only %u announcements, %u answers", found, done);
	tap_end();
}

/* Every byte changed to every other one. */
static void test_sweep(void)
{
	static const char hello[] = PNA UDP OTHER ROBUST END;
	static const char reply[] = REPLY;
	size_t at, len = sizeof(hello) + sizeof(reply) - 2;
	uint32_t state = RANDOM_SEED;
	struct pna_model_answer got;
	const char *complaint;
	unsigned int byte;

	tap_begin("around a hello and its reply");
	for (at = 0; at < len; at++) {
		for (byte = 0; byte < 256; byte++) {
			uint8_t text[sizeof(hello) + sizeof(reply)];

			memcpy(text, hello, sizeof(hello) - 1);
			memcpy(text + sizeof(hello) - 1, reply,
			       sizeof(reply) - 1);
			text[at] = byte;
			begin();
			complaint = pna_model_step(&m, &p, true, (struct span){
						text, sizeof(hello) - 1 },
						   false, &state, &got);
			if (!complaint)
				complaint = pna_model_step(&m, &p, false,
						(struct span){
						text + sizeof(hello) - 1,
						sizeof(reply) - 1 },
						false, &state, &got);
			tap_check(!complaint, "%u at %zu: %s", byte, at,
				  complaint);
		}
	}
	tap_end();
}

/* A hello of @len bytes, made so by one option. */
static void check_limit(size_t len, unsigned int count, enum scan_why why)
{
	size_t head = sizeof(PNA UDP) - 1, size = len - head - 6;
	struct exact e = exact_new(len);
	uint32_t random = RANDOM_SEED;
	struct pna_model_answer got;
	const char *complaint;

	memset(e.at, 0, len);
	memcpy(e.at, PNA UDP, head);
	e.at[head + 1] = 3;
	e.at[head + 2] = size >> 8;
	e.at[head + 3] = size;
	begin();
	complaint = pna_model_step(&m, &p, true, exact_span(&e), true, &random,
				   &got);
	tap_check(!complaint, "%zu bytes: %s", len, complaint);
	tap_check(got.count == count && got.why == why,
		  "%zu bytes: %u because of %d", len, got.count, got.why);
	exact_free(&e);
}

/* Of many short options, without an end. */
static void check_many(void)
{
	struct exact e = exact_new(PNA_HELLO_MAX);
	uint32_t random = RANDOM_SEED;
	struct pna_model_answer got;
	const char *complaint;
	size_t n = sizeof(PNA) - 1;

	memset(e.at, 0, e.len);
	memcpy(e.at, PNA, n);
	for (; n < e.len; n++)
		e.at[n] = (n & 3) == 2;
	begin();
	complaint = pna_model_step(&m, &p, true, exact_span(&e), true, &random,
				   &got);
	tap_check(!complaint, "many: %s", complaint);
	tap_check(got.why == SCAN_WHY_NOT_CLIENT, "many: %d", got.why);
	exact_free(&e);
}

static void test_limits(void)
{
	tap_begin("a hello of 512 bytes");
	check_limit(511, 1, SCAN_WHY_NONE);
	check_limit(512, 1, SCAN_WHY_NONE);
	check_limit(513, 0, SCAN_WHY_NOT_CLIENT);
	check_limit(2000, 0, SCAN_WHY_NOT_CLIENT);
	check_many();
	tap_end();
}

/**
 * struct want_case - a start, and how much of it is sure to stay
 * @client: it is the client's
 * @robust: its hello has asked for a port of the server's
 * @text: what is there
 * @len: how much
 * @want: what may go on
 */
#define WANT(client, robust, text, want) \
	{ client, robust, text, sizeof(text) - 1, want }
static const struct want_case {
	bool client;
	bool robust;
	const char *text;
	size_t len;
	int want;
} want_cases[] = {
	WANT(true, false, "P", 0), WANT(true, false, "PNA", 0),
	WANT(true, false, PNA UDP, 0), WANT(true, false, PNA UDP "\0", 0),
	WANT(true, false, PNA UDP END, -1), WANT(true, false, "G", -1),
	WANT(true, false, "PO", -1), WANT(true, false, "PNA\1", -1),
	WANT(false, false, "P", -1), WANT(false, true, "P", 0),
	WANT(false, true, REPLY_START, 0),
	WANT(false, true, REPLY_START "\0\7\33", 0),
	WANT(false, true, REPLY_START "\0\6", -1),
	WANT(false, true, REPLY, -1), WANT(false, true, "x", -1),
};

static void test_want(void)
{
	size_t i;

	tap_begin("how much of a start may go on");
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		const struct want_case *c = &want_cases[i];
		struct exact e = exact_copy(c->text, c->len);
		struct pna_session ps = {
			.ended = { false, !c->client }, .robust = c->robust,
		};
		int want;

		want = scan_want(appgw_pna_read, &ps, sizeof(ps), c->client,
				 exact_span(&e));
		tap_check(want == c->want, "%s: %d",
			  exact_text(c->text, c->len), want);
		ps.len[c->client] = 1;
		want = scan_want(appgw_pna_read, &ps, sizeof(ps), c->client,
				 exact_span(&e));
		tap_check(want == -1, "%s: %d behind others",
			  exact_text(c->text, c->len), want);
		exact_free(&e);
	}
	tap_end();
}

/* What has begun to go on announces nothing: the daemon won't see it all. */
static void test_gone(void)
{
	struct span start = { (const uint8_t *)PNA, 3 };
	struct span rest = { (const uint8_t *)PNA UDP END + 3,
			     sizeof(PNA UDP END) - 4 };
	struct pna_session ps = { 0 };
	struct scan_unit unit;

	tap_begin("a hello whose start has gone on");
	tap_check(!appgw_pna_feed(&ps, true, start), "given up");
	appgw_pna_read(&ps, true, rest, &unit);
	tap_check(unit.len == rest.len, "the end is elsewhere");
	tap_check(!unit.count && !unit.why, "it announces something");
	tap_check(pna_is_asked(&ps) && !pna_is_answered(&ps), "not asked");
	tap_end();
}

/* There is one for each connection, and copies on the stack. */
static void test_size(void)
{
	size_t size = sizeof(struct pna_session);

	tap_begin("a conversation takes 32 bytes at most");
	tap_check(size <= 32, "%zu", size);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(scan_cases) + 6);
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++)
		test_case(&scan_cases[i]);
	test_random();
	test_sweep();
	test_limits();
	test_want();
	test_gone();
	test_size();
	return tap_finish();
}
