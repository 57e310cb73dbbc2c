// SPDX-License-Identifier: GPL-2.0-only
/* include/appgw/span.h: reading within bounds, and format_uint() as the reverse
 * of reading a number.
 */

#include "../../include/appgw/address.h"
#include "models/exact.h"
#include "tap.h"

#define RANDOM_ROUNDS	100000
#define RANDOM_SEED	0x5eed59a7

/* Several words, and what is left */
#define LONG_ENOUGH	40

/* Numbers: what is read of @text, and how many bytes are left behind it. */
static const struct uint_case {
	const char *name;
	const char *text;
	unsigned int digits;
	uint32_t max;
	bool good;
	uint32_t value;
	size_t left;
} uint_cases[] = {
	{ "number 0", "0", 3, 255, true, 0, 0 },
	{ "number up to its maximum", "255", 3, 255, true, 255, 0 },
	{ "number with leading zeros", "007", 3, 255, true, 7, 0 },
	{ "number with text behind", "12,3", 3, 255, true, 12, 2 },
	{ "number with NUL behind", "12", 3, 255, true, 12, 0 },
	{ "number of ten digits", "4294967295", 10, UINT32_MAX, true,
	  UINT32_MAX, 0 },
	{ "number of one digit", "7x", 1, 9, true, 7, 1 },
	{ "number 65535", "65535|", 5, 65535, true, 65535, 1 },
	{ "no number", "", 3, 255, false, 0, 0 },
	{ "letter for a number", "x", 3, 255, false, 0, 0 },
	{ "number behind a blank", " 1", 3, 255, false, 0, 0 },
	{ "number with a sign", "-1", 3, 255, false, 0, 0 },
	{ "number 256", "256", 3, 255, false, 0, 0 },
	{ "number of too many digits", "0001", 3, 255, false, 0, 0 },
	{ "number 65536", "65536", 5, 65535, false, 0, 0 },
	{ "number 99999", "99999", 5, 65535, false, 0, 0 },
	{ "number 2^32 above 1000", "4294968296", 10, 65535, false, 0, 0 },
	{ "number 2^32", "4294967296", 10, UINT32_MAX, false, 0, 0 },
	{ "number 2^32 above 872804871", "5167772167", 10, UINT32_MAX, false,
	  0, 0 },
	{ "number of ten nines", "9999999999", 10, UINT32_MAX, false, 0, 0 },
	{ "number of two digits for one", "12", 1, 99, false, 0, 0 },
	{ "number with a high byte", "\xb1", 3, 255, false, 0, 0 },
};

static void test_uint(const struct uint_case *c)
{
	struct exact e = exact_copy(c->text, strlen(c->text));
	struct span s = exact_span(&e);
	uint32_t v = 0xa5a5a5a5;
	bool ok;

	tap_begin(c->name);
	ok = span_eat_uint(&s, c->digits, c->max, &v);
	tap_check(ok == c->good, "%s", ok ? "read" : "not read");
	if (ok)
		tap_check(v == c->value && s.len == c->left &&
			  s.at + s.len == e.at + e.len,
			  "%u, and %zu bytes left", v, s.len);
	else
		tap_check(v == 0xa5a5a5a5 && s.at == e.at && s.len == e.len,
			  "fails, but changes something");
	exact_free(&e);
	tap_end();
}

static void test_random_uint(void)
{
	uint32_t seed = RANDOM_SEED;
	int round;

	tap_begin("random numbers are written and read as printf() does");
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		uint32_t v = tap_random(&seed) >> tap_random(&seed) % 32;
		uint32_t max = tap_random(&seed) >> tap_random(&seed) % 32;
		unsigned int digits = 1 + tap_random(&seed) % 9;
		char want[16];
		int len = snprintf(want, sizeof(want), "%u", v);
		struct exact e = exact_new(len);
		struct span s = exact_span(&e);
		uint32_t got = 0;
		size_t n;
		bool ok;

		n = format_uint((char *)e.at, v);
		tap_check(n == e.len && !memcmp(e.at, want, n), "%u", v);
		ok = span_eat_uint(&s, digits, max, &got);
		tap_check(ok == (n <= digits && v <= max), "%u, up to %u: %s",
			  v, max, ok ? "read" : "not read");
		tap_check(!ok || (got == v && !s.len), "%u: read as %u", v,
			  got);
		exact_free(&e);
	}
	tap_end();
}

/* @what of one span: @ok and @left, the bytes left. */
static void check_span(const char *what, const struct exact *e, struct span s,
		       bool ok, bool want_ok, size_t left)
{
	tap_check(ok == want_ok && s.len == left &&
		  s.at + s.len == e->at + e->len,
		  "%s: %s, %zu bytes left", what, ok ? "read" : "not read",
		  s.len);
}

static void test_words(void)
{
	static const struct {
		const char *text, *word;
		bool good;
	} cases[] = {
		{ "port", "port", true }, { "PORT", "port", true },
		{ "pOrT 1", "port", true }, { "229 x", "229 ", true },
		{ "por", "port", false }, { "", "port", false },
		{ "xport", "port", false }, { "porx", "port", false },
		{ "229", "229 ", false }, { "229\t", "229 ", false },
		/* differ from the letters and blank in the case bit only */
		{ "\x10ort", "port", false }, { "229", "22\x19", false },
		{ "[ort", "{ort", false }, { "@ort", "`ort", false },
		{ "\xd0ort", "\xf0ort", false },
	};
	size_t i;

	tap_begin("words, in any case");
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++) {
		size_t len = strlen(cases[i].text);
		struct exact e = exact_copy(cases[i].text, len);
		struct span s = exact_span(&e);
		bool ok = span_eat_word(&s, cases[i].word);

		check_span(exact_text(cases[i].text, len), &e, s, ok,
			   cases[i].good, cases[i].good ?
			   len - strlen(cases[i].word) : len);
		exact_free(&e);
	}
	tap_end();
}

static void test_blanks(void)
{
	static const struct {
		const char *text;
		size_t blanks;
	} cases[] = {
		{ " ", 1 }, { "\t", 1 }, { " \t \t", 4 }, { "  x ", 2 },
		{ "", 0 }, { "x ", 0 }, { "\n ", 0 }, { "\r", 0 },
		{ "\v", 0 }, { "\f", 0 }, { "\xa0", 0 }, { "_", 0 },
	};
	size_t i;

	tap_begin("blanks, and nothing else");
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++) {
		size_t len = strlen(cases[i].text);
		struct exact e = exact_copy(cases[i].text, len);
		struct span s = exact_span(&e);
		bool ok = span_eat_blanks(&s);

		check_span(exact_text(cases[i].text, len), &e, s, ok,
			   cases[i].blanks > 0, len - cases[i].blanks);
		exact_free(&e);
	}
	tap_end();
}

static void test_chars(void)
{
	struct exact none = exact_new(0);
	struct span s = exact_span(&none);
	int c, other;

	tap_begin("every character, and no other");
	check_span("no text", &none, s, span_eat_char(&s, 0), false, 0);
	exact_free(&none);
	for (c = 0; c < 256; c++) {
		uint8_t byte = c;
		struct exact e = exact_copy(&byte, 1);

		for (other = 0; other < 256; other++) {
			bool ok;

			s = exact_span(&e);
			ok = span_eat_char(&s, other);
			check_span(exact_text(&byte, 1), &e, s, ok,
				   c == other, c != other);
		}
		tap_check(span_is_digit(c) == (c >= '0' && c <= '9'),
			  "%d: digit", c);
		other = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
		tap_check(span_lower(c) == other, "%d: lower case", c);
		exact_free(&e);
	}
	tap_end();
}

/* Text of random bytes, most of them next to the one that is looked for. */
static void test_find(void)
{
	static const uint8_t near[] = { '\n', '\n' - 1, '\n' + 1, 0, 0x8a, 0xff,
					'x', 'x', 'x', 'x', 'x', 'x' };
	uint32_t state = RANDOM_SEED;
	unsigned int i;
	size_t n;

	tap_begin("a byte is found where it is, and so is a line's end");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		struct exact e = exact_new(tap_random(&state) % LONG_ENOUGH);
		const uint8_t *first, *zero;

		for (n = 0; n < e.len; n++)
			e.at[n] = near[tap_random(&state) % sizeof(near)];
		/* half of them end a line; in most of these there is nothing
		 * below a blank before that, or only something that is no end
		 */
		if (e.len && i % 2)
			e.at[e.len - 1] = '\n';
		for (n = 0; n + 1 < e.len && i % 8 > 2; n++)
			e.at[n] |= i % 8 > 5 ? 0x20 : 0x10;
		first = e.len ? memchr(e.at, '\n', e.len) : NULL;
		zero = e.len ? memchr(e.at, 0, e.len) : NULL;
		tap_check(span_find(exact_span(&e), '\n') == first,
			  "%s: found elsewhere", exact_text(e.at, e.len));
		tap_check(span_line_len(exact_span(&e)) ==
			  (first ? (size_t)(first + 1 - e.at) : 0),
			  "%s: another length", exact_text(e.at, e.len));
		if (!first || (zero && zero < first))
			first = zero;
		tap_check(span_find_of(exact_span(&e), '\n', 0) == first,
			  "%s: the first of two elsewhere",
			  exact_text(e.at, e.len));
		exact_free(&e);
	}
	tap_check(!span_line_len((struct span){ NULL, 0 }), "nothing is a line");
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(uint_cases) + 5);

	test_chars();
	test_words();
	test_blanks();
	for (i = 0; i < TAP_ARRAY_SIZE(uint_cases); i++)
		test_uint(&uint_cases[i]);
	test_random_uint();
	test_find();

	return tap_finish();
}
