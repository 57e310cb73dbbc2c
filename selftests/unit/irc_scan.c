// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/irc_scan.c: which lines announce something, and what is no IRC at all.
 * Named conversations, whole and cut at every place, and random ones against a
 * model.
 */

#include "models/exact.h"
#include "models/irc_model.h"
#include "models/scan_want.h"
#include "irc_scan_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	20000
#define RANDOM_LINES	20
#define RANDOM_SEED	0x5eed12c0

/* Longest line of which every byte is changed. */
#define SWEEP_MAX	80

/* Lines of which each was cut at every place. */
static unsigned int lines_cut;

static void model_begin(struct irc_model *m, struct irc_session *is,
			bool any_time, bool middle)
{
	memset(m, 0, sizeof(*m));
	memset(is, 0, sizeof(*is));
	is->any_time = m->any_time = any_time;
	is->registered = m->registered = middle;
}

static void test_case(const struct scan_case *c)
{
	uint32_t random = RANDOM_SEED;
	struct irc_model_answer got;
	struct irc_session is;
	const char *complaint;
	struct irc_model m;
	size_t n;
	int i;

	tap_begin(c->name);
	model_begin(&m, &is, c->any_time, c->middle);
	for (i = 0; i < SCAN_LINES_MAX && c->line[i].who; i++) {
		const struct scan_line *l = &c->line[i];
		struct span line = { (const uint8_t *)l->text,
				     strlen(l->text) };

		complaint = irc_model_step(&m, &is, l->who == 'C', line, true,
					   &random, &got);
		tap_check(!complaint, "line %d: %s", i, complaint);
		tap_check(got.count == l->count && got.why == l->why,
			  "line %d, %s: %u because of %d", i,
			  exact_text(line.at, line.len), got.count, got.why);
		for (n = 0; n < got.count; n++)
			tap_check(got.at[n] + 5 < line.len &&
				  !strncasecmp(l->text + got.at[n],
					       "\001DCC ", 5),
				  "line %d: something else at %zu", i,
				  got.at[n]);
		lines_cut++;
	}
	tap_end();
}

/* Lines of all the cases, shuffled. */
static void test_random(void)
{
	uint32_t state = RANDOM_SEED;
	unsigned int i, n, found = 0;
	struct irc_model_answer got;
	struct irc_session is;
	struct irc_model m;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		model_begin(&m, &is, tap_random(&state) % 2,
			    tap_random(&state) % 2);
		for (n = 0; n < RANDOM_LINES; n++) {
			const struct scan_case *c;
			const struct scan_line *l;
			const char *complaint;
			struct span line;

			c = &scan_cases[tap_random(&state) %
					TAP_ARRAY_SIZE(scan_cases)];
			l = &c->line[tap_random(&state) % SCAN_LINES_MAX];
			/* most of what ends a conversation would do so soon */
			if (!l->who || (l->why > SCAN_WHY_NO_LOGIN &&
					tap_random(&state) % 16))
				continue;
			line.at = (const uint8_t *)l->text;
			line.len = strlen(l->text);
			complaint = irc_model_step(&m, &is, l->who == 'C', line,
						   false, &state, &got);
			if (!tap_check(!complaint, "%s: %s",
				       exact_text(line.at, line.len),
				       complaint))
				break;
			found += got.count;
		}
	}
	tap_check(found > RANDOM_ROUNDS, "only %u announcements", found);
	tap_end();
}

/* Every byte of a line changed to each of those that mean something. */
static void sweep_line(const struct scan_line *l)
{
	static const char bytes[] = " \001\r\t\0:@!,DdCc09aZ\177\200\377";
	size_t len = strlen(l->text), at, i;
	uint32_t state = RANDOM_SEED;
	struct exact e = exact_copy(l->text, len);
	struct irc_model_answer got;
	struct irc_session is;
	const char *complaint;
	struct irc_model m;

	for (at = 0; at + 1 < len; at++) {
		for (i = 0; i < sizeof(bytes) - 1; i++) {
			e.at[at] = bytes[i];
			model_begin(&m, &is, false, true);
			complaint = irc_model_step(&m, &is, l->who == 'C',
						   exact_span(&e), false,
						   &state, &got);
			tap_check(!complaint, "%s: %s", exact_text(e.at, len),
				  complaint);
		}
		e.at[at] = l->text[at];
	}
	exact_free(&e);
}

/* Many cases have a line in common. */
static bool seen_before(size_t n)
{
	const char *text = scan_cases[n / SCAN_LINES_MAX]
				   .line[n % SCAN_LINES_MAX].text;
	size_t i;

	for (i = 0; i < n; i++) {
		const struct scan_line *l = &scan_cases[i / SCAN_LINES_MAX]
						     .line[i % SCAN_LINES_MAX];

		if (l->who && !strcmp(l->text, text))
			return true;
	}
	return false;
}

static void test_sweep(void)
{
	size_t n;

	tap_begin("around the lines that announce");
	for (n = 0; n < TAP_ARRAY_SIZE(scan_cases) * SCAN_LINES_MAX; n++) {
		const struct scan_line *l = &scan_cases[n / SCAN_LINES_MAX]
						     .line[n % SCAN_LINES_MAX];

		if (l->count && strlen(l->text) <= SWEEP_MAX &&
		    !seen_before(n))
			sweep_line(l);
	}
	tap_end();
}

/* 512 bytes are read, and 8191 of tags before them; more are not. */
static void test_length(const char *name, size_t tags, size_t len,
			unsigned int count)
{
	static const char start[] = "PRIVMSG x :" OFFER;
	struct exact e = exact_new(tags + len);
	struct irc_session is = { .registered = true, .greeted = { 1, 1 } };
	struct irc_model m = {
		.client = true, .server = true, .registered = true,
	};
	uint32_t random = RANDOM_SEED;
	struct irc_model_answer got;
	const char *complaint;

	tap_begin(name);
	memset(e.at, 'a', tags + len);
	if (tags) {
		e.at[0] = '@';
		e.at[tags - 1] = ' ';
	}
	memcpy(e.at + tags, start, sizeof(start) - 1);
	e.at[tags + len - 1] = '\n';
	complaint = irc_model_step(&m, &is, true, exact_span(&e),
				   tags + len < 1000, &random, &got);
	tap_check(!complaint, "%s", complaint);
	tap_check(got.count == count, "%u announcements", got.count);
	exact_free(&e);

	/* the next line is read again */
	e = exact_copy(start, sizeof(start) - 1);
	e.at[e.len - 1] = '\n';
	complaint = irc_model_step(&m, &is, true, exact_span(&e), true, &random,
				   &got);
	tap_check(!complaint && got.count == 1, "the next one is not read");
	exact_free(&e);
	tap_end();
}

/**
 * struct want_case - a line's start, and how much of it is sure to stay
 * @fed: what has gone on already
 * @rest: what comes behind it
 */
static const struct want_case {
	const char *fed;
	const char *rest;
	int want;
} want_cases[] = {
	{ "", "P", 1 }, { "", "PRIVMSG x :", 11 },
	{ "", "PRIVMSG x :\001", 11 }, { "", "PRIVMSG x :\001D", 11 },
	{ "", "PRIVMSG x :\001dC", 11 }, { "", "PRIVMSG x :\001DCC", 11 },
	{ "", "PRIVMSG x :\001DCC ", 11 },
	{ "", "PRIVMSG x :\001DCC SEND a 1", 11 },
	{ "", "PRIVMSG x :" OFFER "\001", 11 },
	{ "", "PRIVMSG x :" OFFER "more", 11 },
	{ "", "PRIVMSG x :\001V", -1 }, { "", "PRIVMSG x :h", -1 },
	{ "", "PRIVMSG x h", -1 }, { "", "PRIVMSG x ", 10 },
	{ "", "NICK", 4 }, { "", "NICK ", -1 }, { "", "372 ", -1 },
	{ "", "@a=b :c ", 8 }, { "", "\001", -1 },
	{ "PRIVMSG x :", "\001", 0 },
	{ "PRIVMSG x :", "\001DCC", 0 }, { "PRIVMSG x :", "h", -1 },
	{ "PRIVMSG x :", "\001DCX", -1 }, { "PRIVMSG", " x :\001DCC ", 4 },
	{ "PRIVMSG x :\001", "DCC ", -1 },
	{ "PRIVMSG x :\001DCC ", "SEND", -1 },
	{ "PRIVMSG x :" OFFER, OFFER, -1 },
	{ "PRIVMSG x :h", "\001DCC ", -1 },
};

static void test_want(void)
{
	size_t i;

	tap_begin("how much of a line's start is sure to stay");
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		const struct want_case *c = &want_cases[i];
		struct irc_session is = {
			.registered = true, .greeted = { 1, 1 },
		};
		struct span fed = { (const uint8_t *)c->fed, strlen(c->fed) };
		struct exact e = exact_copy(c->rest, strlen(c->rest));
		int want;

		appgw_irc_feed(&is, true, fed);
		want = scan_want(appgw_irc_read, &is, sizeof(is), true,
				 exact_span(&e));
		tap_check(want == c->want, "%s and %s: %d", c->fed,
			  exact_text(c->rest, strlen(c->rest)), want);
		is.registered = false;
		want = scan_want(appgw_irc_read, &is, sizeof(is), true,
				 exact_span(&e));
		tap_check(want == c->want, "%s: %d before the registration",
			  c->rest, want);
		is.over = true;
		want = scan_want(appgw_irc_read, &is, sizeof(is), true,
				 exact_span(&e));
		tap_check(want == -1, "%s: %d when it is over", c->rest, want);
		exact_free(&e);
	}
	tap_end();
}

/* What is too long is neither kept nor waited for. */
static void test_long(void)
{
	static const char start[] = "PRIVMSG x :\001DCC SEND ";
	struct irc_session is = { .registered = true, .greeted = { 1, 1 } };
	struct irc_session fresh = { .any_time = true };
	struct exact e = exact_new(IRC_TAGS_MAX + 1);
	struct span rest = { e.at, IRC_LINE_MAX };
	int want;

	tap_begin("what is too long");
	memset(e.at, 'a', e.len);
	memcpy(e.at, start, sizeof(start) - 1);
	want = scan_want(appgw_irc_read, &is, sizeof(is), true, rest);
	tap_check(want == 11, "%d of 512 bytes", want);
	rest.len++;
	want = scan_want(appgw_irc_read, &is, sizeof(is), true, rest);
	tap_check(want == -1, "%d of 513 bytes", want);

	memset(e.at, 'a', e.len);
	e.at[0] = '@';
	rest.len = e.len;
	tap_check(appgw_irc_feed(&fresh, true, rest) == SCAN_WHY_NOT_CLIENT,
		  "endless tags are waited for");
	exact_free(&e);
	tap_end();
}

/**
 * struct early_case - what a connection begins with, and how few bytes settle
 * that it is none of IRC
 */
static const struct early_case {
	bool client;
	const char *text;
	size_t settled;
	enum scan_why why;
} early_cases[] = {
	{ true, "\x16\x03\x01", 1, SCAN_WHY_TLS },
	{ true, "\x80\x2e", 1, SCAN_WHY_TLS },
	{ true, "GET / HTTP", 1, SCAN_WHY_NOT_CLIENT },
	{ true, "POST / HTTP", 3, SCAN_WHY_NOT_CLIENT },
	{ true, "PRI * HTTP", 4, SCAN_WHY_NOT_CLIENT },
	{ true, "SSH-2.0", 2, SCAN_WHY_NOT_CLIENT },
	{ true, "\x05\x01\x02", 1, SCAN_WHY_NOT_CLIENT },
	{ true, "PRIVMSG x", 8, SCAN_WHY_NOT_CLIENT },
	{ true, "001 x", 1, SCAN_WHY_NOT_CLIENT },
	{ false, "220 mail", 3, SCAN_WHY_NOT_SERVER },
	{ false, "+OK", 1, SCAN_WHY_NOT_SERVER },
	{ false, "HTTP/1.1", 1, SCAN_WHY_NOT_SERVER },
	{ false, "SSH-2.0", 2, SCAN_WHY_NOT_SERVER },
	{ false, "\x16\x03", 1, SCAN_WHY_TLS },
};

static void test_early(void)
{
	size_t i, n;

	tap_begin("as early as it is certain");
	for (i = 0; i < TAP_ARRAY_SIZE(early_cases); i++) {
		const struct early_case *c = &early_cases[i];
		struct irc_session is = { .any_time = true };

		for (n = 0; n < strlen(c->text); n++) {
			struct exact e = exact_copy(c->text + n, 1);
			enum scan_why why;

			why = appgw_irc_feed(&is, c->client, exact_span(&e));
			exact_free(&e);
			tap_check(why == (n + 1 == c->settled ? c->why :
							SCAN_WHY_NONE),
				  "%s: %d behind %zu bytes",
				  exact_text(c->text, strlen(c->text)), why,
				  n + 1);
			tap_check(is.over == (n + 1 >= c->settled),
				  "%s: not over", c->text);
		}
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(scan_cases) + 12);
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++)
		test_case(&scan_cases[i]);
	printf("# %u lines, each cut at every place\n", lines_cut);

	test_length("512 bytes", 0, 512, 1);
	test_length("513 bytes", 0, 513, 0);
	test_length("70000 bytes", 0, 70000, 0);
	test_length("512 bytes behind tags", 8191, 512, 1);
	test_length("513 bytes behind tags", 8191, 513, 0);
	test_length("8192 bytes of tags", 8192, 512, 0);
	test_length("70000 bytes of tags", 70000, 512, 0);
	test_want();
	test_long();
	test_early();
	test_random();
	test_sweep();
	return tap_finish();
}
