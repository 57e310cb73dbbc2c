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

	tap_plan(TAP_ARRAY_SIZE(framed_cases) + 6);
	for (i = 0; i < TAP_ARRAY_SIZE(framed_cases); i++)
		test_case(&framed_cases[i]);
	test_random();
	test_hold();
	test_want();
	test_gone();
	test_feed();
	test_size();
	return tap_finish();
}
