// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/mms_scan.c: which requests for funnels announce something, which
 * answers are taken for one, and what is no MMS at all. Named conversations, whole and
 * cut at every place, and random ones against a model.
 */

#include "mms_scan_cases.h"
#include "models/exact.h"
#include "models/mms_model.h"
#include "models/scan_want.h"
#include "tap.h"

#define RANDOM_ROUNDS	2000
#define RANDOM_PARTS	5
#define RANDOM_SEED	0x5eed4d53

static struct mms_model m;
static struct mms_player p;

static void begin(void)
{
	memset(&m, 0, sizeof(m));
	memset(&p, 0, sizeof(p));
}

static void test_case(const struct scan_case *c)
{
	uint32_t random = RANDOM_SEED;
	struct mms_model_answer got;
	const char *complaint;
	unsigned int n;
	int i;

	tap_begin(c->name);
	begin();
	for (i = 0; i < SCAN_ITEMS_MAX && c->item[i].who; i++) {
		const struct scan_item *l = &c->item[i];
		bool client = l->who == 'C';
		struct span item = { (const uint8_t *)l->text, l->len };

		complaint = mms_model_step(&m, &p, client, item, true, &random,
					   &got);
		tap_check(!complaint, "item %d, %s: %s", i,
			  exact_text(l->text, l->len), complaint);
		tap_check(got.count == l->count && got.why == l->why,
			  "item %d, %s: %u because of %d", i,
			  exact_text(l->text, l->len), got.count, got.why);
		for (n = 0; n < got.count; n++)
			tap_check(m.data[client][got.at[n] + 36] == 2,
				  "item %d: no funnel at %zu", i, got.at[n]);
	}
	tap_end();
}

/* Messages in random order, most of them good. */
static size_t random_talk(uint8_t *to, bool client, uint32_t *state)
{
	static const struct scan_item parts[2][4] = {
		{ S(HELLO), S(AGREED), S(REFUSED), S("media") },
		{ C(INFO), C(FUNNEL), C(FUNNEL), C(CONNECT) },
	};
	size_t n = 0;
	int i;

	for (i = 0; i < RANDOM_PARTS; i++) {
		const struct scan_item *part;

		part = &parts[client][tap_random(state) % 4];
		/* once only, where it ends the conversation */
		if (part->len < 40 && i < RANDOM_PARTS - 1)
			part = &parts[client][0];
		memcpy(to + n, part->text, part->len);
		n += part->len;
	}
	if (!(tap_random(state) % 4))
		to[tap_random(state) % n] = tap_random(state);
	return n;
}

static void test_random(void)
{
	static const struct span connect = {
		(const uint8_t *)CONNECT, sizeof(CONNECT) - 1,
	};
	unsigned int i, turn, found = 0, agreed = 0;
	uint8_t text[RANDOM_PARTS * sizeof(INFO)];
	uint32_t state = RANDOM_SEED;
	struct mms_model_answer got;
	const char *complaint;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		begin();
		complaint = mms_model_step(&m, &p, true, connect, false, &state,
					   &got);
		for (turn = 0; !complaint && turn < 4; turn++) {
			bool client = !(turn & 1);
			size_t n = random_talk(text, client, &state);

			complaint = mms_model_step(&m, &p, client,
						   (struct span){ text, n },
						   false, &state, &got);
			found += got.count;
		}
		if (!tap_check(!complaint, "%u: %s", i, complaint))
			break;
		agreed += m.agreed;
	}
	tap_check(found > RANDOM_ROUNDS && agreed > RANDOM_ROUNDS / 4,
		  "only %u announcements, %u agreed", found, agreed);
	tap_end();
}

/* Every bit the other way. */
static void test_sweep(void)
{
	static const char said[] = CONNECT FUNNEL;
	uint32_t state = RANDOM_SEED;
	struct mms_model_answer got;
	const char *complaint;
	uint8_t text[sizeof(said)];
	unsigned int bit;
	size_t at;

	tap_begin("around a funnel");
	for (at = 0; at < sizeof(said) - 1; at++) {
		for (bit = 0; bit < 8; bit++) {
			memcpy(text, said, sizeof(said));
			text[at] ^= 1 << bit;
			begin();
			complaint = mms_model_step(&m, &p, true, (struct span){
						text, sizeof(said) - 1 },
						   false, &state, &got);
			tap_check(!complaint, "bit %u at %zu: %s", bit, at,
				  complaint);
		}
	}
	tap_end();
}

/**
 * struct want_case - a start, and how much of it is sure to stay
 * @client: it is the client's
 * @text: what is there
 * @len: how much
 * @want: what may go on
 */
#define WANT(client, text, want)	{ client, text, sizeof(text) - 1, want }
static const struct want_case {
	bool client;
	const char *text;
	size_t len;
	int want;
} want_cases[] = {
	WANT(true, FUNNEL, -1), WANT(true, "\1", 0), WANT(true, SESSION, 0),
	WANT(true, HEAD("\x20\0", "\2\0\3\0"), 0),
	WANT(true, HEAD("\x20\0", "\2\0\3\0") "1234567", 0),
	WANT(true, HEAD("\x20\0", "\3\0\3\0") "1234567", -1),
	WANT(true, HEAD("\x20\0", "\3\0\3\0"), -1),
	WANT(true, HEAD("\xf8\1", "\2\0\3\0"), -1),
	WANT(true, INFO "\1", 48), WANT(true, "x\0\0\0x", -1),
	WANT(false, HEAD("\x20\0", "\2\0\4\0"), 0),
	WANT(false, HEAD("\x20\0", "\3\0\4\0"), 0),
	WANT(false, HEAD("\x20\0", "\4\0\4\0"), -1),
};

static void test_want(void)
{
	static const struct span connect = {
		(const uint8_t *)CONNECT, sizeof(CONNECT) - 1,
	};
	struct mms_session ms = { 0 };
	struct scan_unit unit;
	size_t i;

	tap_begin("how much of a start may go on");
	appgw_mms_read(&ms, true, connect, &unit);
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		const struct want_case *c = &want_cases[i];
		struct exact e = exact_copy(c->text, c->len);
		int want;

		want = scan_want(appgw_mms_read, &ms, sizeof(ms), c->client,
				 exact_span(&e));
		tap_check(want == c->want, "%zu, %s: %d", i,
			  exact_text(c->text, c->len), want);
		exact_free(&e);
	}
	tap_end();
}

/* There is one for each connection, and copies on the stack. */
static void test_size(void)
{
	size_t size = sizeof(struct mms_session);

	tap_begin("a conversation takes 48 bytes at most");
	tap_check(size <= 48, "%zu", size);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(scan_cases) + 4);
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++)
		test_case(&scan_cases[i]);
	test_random();
	test_sweep();
	test_want();
	test_size();
	return tap_finish();
}
