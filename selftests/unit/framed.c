// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/framed.c: which units of four protocols are found, and what is none
 * of them. Named conversations, whole and cut at every place, and random ones, against
 * a model.
 */

#include "framed_cases.h"
#include "models/exact.h"
#include "models/scan_want.h"
#include "tap.h"

#define HOLD_MAX	1024
#define RANDOM_ROUNDS	2000
#define RANDOM_PARTS	6
#define RANDOM_SEED	0x5eedf4a3

static struct framed_model m;
static struct framed_talk talk;
static struct scan_player p;

static void begin(enum framed_kind kind)
{
	memset(&m, 0, sizeof(m));
	memset(&talk, 0, sizeof(talk));
	memset(&p, 0, sizeof(p));
	m.kind = kind;
}

static void test_case(const struct framed_case *c)
{
	uint32_t random = RANDOM_SEED;
	struct framed_model_answer got;
	int i;

	tap_begin(c->name);
	begin(c->kind);
	for (i = 0; i < FRAMED_ITEMS_MAX && c->item[i].who; i++) {
		const struct framed_item *l = &c->item[i];
		unsigned int refused = talk.refused;
		struct span item = { (const uint8_t *)l->text, l->len };
		const char *complaint;

		complaint = framed_model_step(&m, &talk, &p, l->who == 'C',
					      item, true, &random, &got);
		tap_check(!complaint, "item %d, %s: %s", i,
			  exact_text(l->text, l->len), complaint);
		refused = talk.refused - refused;
		tap_check(got.count == l->count && got.why == l->why &&
			  refused == l->refused,
			  "item %d, %s: %u because of %d, %u refused", i,
			  exact_text(l->text, l->len), got.count, got.why,
			  refused);
	}
	tap_end();
}

/* Parts of random conversations, by protocol; the first one begins it. */
#define PARTS_MAX	8
static const struct framed_item random_parts[FRAMED_KINDS][2][PARTS_MAX] = {
	[FRAMED_KIND_RPC] = {
		{ S(ANSWER), S(NONE_YET ANSWER), S("\0\0\0\2abANSWER"),
		  S(NONE_LEFT) },
		{ C(NULL_CALL), C(GETPORT), C(SET), C(NONE_YET GETPORT),
		  C("\0\0\0\34" CALL("\3")), C("\0\0\0\1a\0\0\0\2bc"),
		  C("\x80\0\4\0" CALL("\1")), C(NONE_LEFT) },
	},
	[FRAMED_KIND_MMS] = {
		{ S(MMS_GREETING), S(MMS_TAKEN), S(MMS_OTHER) },
		{ C(MMS_FIRST), C(MMS_FUNNEL), C(MMS_OTHER),
		  C(MMS("\x30", "\2\0\3\0") "12345678") },
	},
	[FRAMED_KIND_FLAP] = {
		{ S(FLAP_FIRST), S(FLAP_COMES), S(FLAP_ALIVE), S(FLAP_OTHER) },
		{ C(FLAP_FIRST), C(FLAP_MESSAGE), C(FLAP_ALIVE), C(FLAP_OTHER),
		  C(FLAP("\2", "\77") "\0\4\0\6") },
	},
	[FRAMED_KIND_YMSG] = {
		{ S(YMSG_FIRST), S(YMSG_FILE), S(YMSG_OTHER) },
		{ C(YMSG_FIRST), C(YMSG_FILE), C(YMSG_OTHER),
		  C(YMSG("\41", "\x4d") "abc") },
	},
};

static size_t random_item(uint8_t *to, enum framed_kind kind, bool client,
			  uint32_t *state)
{
	const struct framed_item *parts = random_parts[kind][client];
	unsigned int count = 0, i;
	size_t n = 0;

	while (count < PARTS_MAX && parts[count].who)
		count++;
	for (i = 0; i < RANDOM_PARTS; i++) {
		const struct framed_item *part;

		part = &parts[i ? tap_random(state) % count : 0];
		memcpy(to + n, part->text, part->len);
		n += part->len;
	}
	if (!(tap_random(state) % 3))
		to[tap_random(state) % n] = tap_random(state);
	return n;
}

static void test_random(void)
{
	uint8_t text[RANDOM_PARTS * 80];
	unsigned int i, found = 0, stopped = 0;
	uint32_t state = RANDOM_SEED;
	struct framed_model_answer got;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		unsigned int turn;

		begin(i % FRAMED_KINDS);
		for (turn = 0; turn < 4; turn++) {
			size_t n = random_item(text, m.kind, turn % 2, &state);
			const char *complaint;

			complaint = framed_model_step(&m, &talk, &p, turn % 2,
						      (struct span){ text, n },
						      false, &state, &got);
			if (!tap_check(!complaint, "%s: %s",
				       exact_text(text, n), complaint))
				break;
			found += got.count;
			stopped += !!got.why;
		}
	}
	tap_check(found > RANDOM_ROUNDS && stopped > RANDOM_ROUNDS / 20 &&
		  stopped < RANDOM_ROUNDS, "%u found, %u stopped", found,
		  stopped);
	tap_end();
}

/* A call of @len bytes with its mark, and another one behind it. */
static void check_hold(size_t len, unsigned int count)
{
	static const char call[] = GETPORT;
	struct exact e = exact_new(len + sizeof(call) - 1);
	uint32_t random = RANDOM_SEED;
	struct framed_model_answer got;
	const char *complaint;

	memset(e.at, 'x', e.len);
	memcpy(e.at, call, sizeof(call) - 1);
	e.at[2] = (len - 4) >> 8;
	e.at[3] = len - 4;
	memcpy(e.at + len, call, sizeof(call) - 1);
	begin(FRAMED_KIND_RPC);
	complaint = framed_model_step(&m, &talk, &p, true, exact_span(&e), true,
				      &random, &got);
	tap_check(!complaint, "%zu bytes: %s", len, complaint);
	tap_check(got.count == count && !got.why, "%zu bytes: %u because of %d",
		  len, got.count, got.why);
	exact_free(&e);
}

static void test_hold(void)
{
	tap_begin("a unit that is as long as may be kept back");
	check_hold(HOLD_MAX, 2);
	check_hold(HOLD_MAX + 1, 1);
	check_hold(8000, 1);
	tap_end();
}

static void rpc_read(void *st, bool from_client, struct span data,
		     struct scan_unit *unit)
{
	struct framed_talk *t = st;

	appgw_framed_read(&framed_rules[FRAMED_KIND_RPC], t->framed, t,
			  from_client, data, unit);
}

static void mms_read(void *st, bool from_client, struct span data,
		     struct scan_unit *unit)
{
	struct framed_talk *t = st;

	appgw_framed_read(&framed_rules[FRAMED_KIND_MMS], t->framed, t,
			  from_client, data, unit);
}

/**
 * struct want_case - a start, and how much of it is sure to stay
 * @read: the protocol
 * @client: it is the client's
 * @text: what is there
 * @len: how much
 * @want: what may go on
 */
#define WANT(read, client, text, want) \
	{ read, client, text, sizeof(text) - 1, want }
static const struct want_case {
	scan_read_fn *read;
	bool client;
	const char *text;
	size_t len;
	int want;
} want_cases[] = {
	WANT(rpc_read, true, "\x80", 0), WANT(rpc_read, true, "P", -1),
	WANT(rpc_read, true, "\x80\0\0\34" CALL_1, 0),
	WANT(rpc_read, true, "\x80\0\0\34" CALL_1 CALL_2 "\0\0\0", 0),
	WANT(rpc_read, true, "\x80\0\0\34" CALL_1 CALL_2 "\0\0\0\3", 0),
	WANT(rpc_read, true, "\x80\0\0\34" CALL_1 CALL_2 "\0\0\0\4", -1),
	WANT(rpc_read, true, "\x80\0\0\34" CALL_1 CALL_2 "\0\0\0\1", -1),
	/* until it is known whether it is to be refused */
	WANT(rpc_read, true, "\x80\0\4\0" CALL_1, 0),
	WANT(rpc_read, true, "\x80\0\3\xfc" CALL("\3"), 0),
	WANT(rpc_read, true, "\x80\0\3\xfd" CALL("\3"), -1),
	WANT(rpc_read, true, GETPORT, -1),
	WANT(rpc_read, true, GETPORT "\x80", sizeof(GETPORT) - 1),
	/* whose units begin so, none is wanted */
	WANT(mms_read, false, "\1\0\0\0", 0),
	WANT(mms_read, false, MMS("\x20", "\2\0\4"), 0),
	WANT(mms_read, false, MMS("\x20", "\3\0\4\0"), 0),
	WANT(mms_read, false, MMS("\x20", "\4"), -1),
	WANT(mms_read, false, MMS("\x20", "\4\0\4\0"), -1),
	WANT(mms_read, true, MMS("\x20", "\1"), -1),
	/* it is too long */
	WANT(mms_read, false, "\1\0\0\0\xce\xfa\x0b\xb0\0\4\0\0", -1),
	WANT(mms_read, false, "\1\0\0\0\xce\xfa\x0b\xb0\xf0\3\0\0", 0),
};

static void test_want(void)
{
	size_t i;

	tap_begin("how much of a start may go on");
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		const struct want_case *c = &want_cases[i];
		struct exact e = exact_copy(c->text, c->len);
		struct framed_talk t = { 0 };
		int want;

		want = scan_want(c->read, &t, sizeof(t), c->client,
				 exact_span(&e));
		tap_check(want == c->want, "%zu, %s: %d", i,
			  exact_text(c->text, c->len), want);
		exact_free(&e);
	}
	tap_end();
}

/* What has begun to go on announces nothing: the daemon won't see it all. */
static void test_gone(void)
{
	const struct framed_rule *rule = &framed_rules[FRAMED_KIND_RPC];
	static const char text[] = GETPORT GETPORT;
	size_t half = (sizeof(text) - 1) / 2, at;
	struct scan_unit unit;

	tap_begin("a unit whose start has gone on");
	for (at = 1; at < half; at++) {
		struct span start = { (const uint8_t *)text, at };
		struct span rest = { start.at + at, 2 * half - at };

		begin(FRAMED_KIND_RPC);
		tap_check(!appgw_framed_feed(rule, talk.framed, &talk, true,
					     start), "given up");
		appgw_framed_read(rule, talk.framed, &talk, true, rest, &unit);
		tap_check(unit.len == half - at && !unit.count && !unit.why,
			  "%zu: %zu bytes, %u announcements", at, unit.len,
			  unit.count);
		span_skip(&rest, half - at);
		appgw_framed_read(rule, talk.framed, &talk, true, rest, &unit);
		tap_check(unit.len == half && unit.count == 1 && !unit.why,
			  "%zu: not the next one", at);
		tap_check(talk.unseen == (at < 4 + 24), "%zu: %u unseen", at,
			  talk.unseen);
	}
	tap_end();
}

/* Parts may be of several units. */
static void test_feed(void)
{
	const struct framed_rule *rule = &framed_rules[FRAMED_KIND_RPC];
	static const char text[] = GETPORT SET GETPORT "\x80\0";
	struct span part = { (const uint8_t *)text, sizeof(text) - 1 };
	struct span rest = { (const uint8_t *)"\0\14" ANSWER, 2 + 12 };
	enum scan_why why;
	struct scan_unit unit;

	tap_begin("parts of several units");
	begin(FRAMED_KIND_RPC);
	why = appgw_framed_feed(rule, talk.framed, &talk, true, part);
	tap_check(why == SCAN_WHY_MALFORMED, "%d", why);
	appgw_framed_read(rule, talk.framed, &talk, true, rest, &unit);
	tap_check(unit.len == rest.len && !unit.count, "%zu bytes", unit.len);
	tap_end();
}

/* Feed what is none of the protocol, and what isn't read before. */
static void test_feed_bad(void)
{
	const struct framed_rule *rule = &framed_rules[FRAMED_KIND_RPC];
	struct span part = { (const uint8_t *)"GET / HTTP/1.1", 14 };
	enum scan_why why;

	tap_begin("a part of something else");
	begin(FRAMED_KIND_RPC);
	why = appgw_framed_feed(rule, talk.framed, &talk, true, part);
	tap_check(why == SCAN_WHY_NOT_CLIENT && talk.framed[0].over, "%d", why);
	why = appgw_framed_feed(rule, talk.framed, &talk, false, part);
	tap_check(!why, "%d afterwards", why);
	tap_end();
}

/* A protocol of units whose length counts itself, the second kind of which ends it */
static bool own_look(const void *st, bool from_client, struct span head)
{
	(void)st;
	return !from_client || head.len == 3;
}

static void own_take(void *st, bool from_client, struct span whole,
		     struct scan_unit *unit)
{
	(void)st;
	(void)from_client;
	if (whole.at[2] == 'E')
		unit->why = SCAN_WHY_DONE;
	scan_unit_add(unit, 2);
}

static const struct framed_rule own_rule = {
	.form = FRAMED_LENGTH, .length = { .width = 2 }, .max = 100,
	.head = 3, .hold_max = 100,
	.want = {
		{ .from_client = true, .at = 2, .mask = 0xff000000,
		  .value = 'W' << 24 },
		{ .from_client = true, .at = 2, .mask = 0xff000000,
		  .value = 'E' << 24 },
	},
	.look = own_look, .take = own_take,
};

/**
 * struct own_case - a unit of it
 * @client: the client's
 * @text: its bytes
 * @len: how many, and some behind them
 * @unit: its length, 0 if it has no end
 * @count: announcements
 * @why: reason to stop
 */
#define OWN(client, text, ...)	{ client, text, sizeof(text) - 1, __VA_ARGS__ }
static const struct own_case {
	bool client;
	const char *text;
	size_t len;
	size_t unit;
	unsigned int count;
	enum scan_why why;
} own_cases[] = {
	OWN(true, "\0\4Wx\0\3", 4, 1, SCAN_WHY_NONE),
	OWN(true, "\0\4Xx\0\3", 4, 0, SCAN_WHY_NONE),
	OWN(true, "\0\4Exyz", 4, 1, SCAN_WHY_DONE),
	OWN(true, "\0\2Wx", 2, 0, SCAN_WHY_NONE),
	OWN(true, "\0\1Wx", 4, 0, SCAN_WHY_NOT_CLIENT),
	OWN(true, "\0\0Wx", 4, 0, SCAN_WHY_NOT_CLIENT),
	OWN(true, "\0\145Wx", 4, 0, SCAN_WHY_NOT_CLIENT),
	OWN(true, "\0\144Wx", 0, 0, SCAN_WHY_NONE),
	/* of a direction without any, all */
	OWN(false, "\0\4Xx\0\3", 4, 1, SCAN_WHY_NONE),
	OWN(false, "\0\1", 2, 0, SCAN_WHY_NOT_SERVER),
};

static void test_own(void)
{
	size_t i;

	tap_begin("a length that counts itself");
	for (i = 0; i < TAP_ARRAY_SIZE(own_cases); i++) {
		const struct own_case *c = &own_cases[i];
		struct exact e = exact_copy(c->text, c->len);
		struct framed f[2] = { 0 };
		struct scan_unit unit;

		appgw_framed_read(&own_rule, f, NULL, c->client, exact_span(&e),
				  &unit);
		tap_check(unit.len == c->unit && unit.count == c->count &&
			  unit.why == c->why && f[0].over == !!c->why &&
			  f[1].over == !!c->why,
			  "%zu: %zu bytes, %u because of %d", i, unit.len,
			  unit.count, unit.why);
		exact_free(&e);
	}
	tap_end();
}

/* What is there of a record is read, wherever it ends. */
static void test_copy(void)
{
	static const char text[] = "\0\0\0\3abc\0\0\0\0\x80\0\0\2de";
	size_t len, at;

	tap_begin("reading in a record");
	for (len = 0; len < sizeof(text); len++) {
		struct exact e = exact_copy(text, len);
		struct framed_cursor c = framed_record(exact_span(&e));
		size_t want = len < 4 ? 0 : len < 7 ? len - 4 :
			      len < 15 ? 3 : len - 12;
		uint8_t out[8];

		tap_check(appgw_framed_copy(&c, out, sizeof(out)) == want &&
			  !memcmp(out, "abcde", want), "%zu bytes", len);
		for (at = 0; at <= want; at++) {
			c = framed_record(exact_span(&e));
			tap_check(appgw_framed_copy(&c, NULL, at) == at &&
				  appgw_framed_copy(&c, out, sizeof(out)) ==
				  want - at &&
				  !memcmp(out, "abcde" + at, want - at),
				  "%zu bytes, %zu", len, at);
		}
		exact_free(&e);
	}
	tap_end();
}

/* There are two for each connection, and copies on the stack. */
static void test_size(void)
{
	size_t size = sizeof(struct framed);

	tap_begin("a direction takes 12 bytes at most");
	tap_check(size <= 12, "%zu", size);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(framed_cases) + 9);
	for (i = 0; i < TAP_ARRAY_SIZE(framed_cases); i++)
		test_case(&framed_cases[i]);
	test_random();
	test_hold();
	test_want();
	test_gone();
	test_feed();
	test_feed_bad();
	test_own();
	test_copy();
	test_size();
	return tap_finish();
}
