// SPDX-License-Identifier: GPL-2.0-only
/* Prove include/appgw/span.h: for any text of so many bytes nothing outside it is
 * read, a span that something was read from ends where it did, and one from which
 * nothing could be read is as it was.
 */

#include "prove.h"

/* More than two words of the machine, which what reads by words needs. */
#define SPAN_LEN	26

/* Four words at a time, and some bytes */
#define SPAN_LINE_LEN	(4 * sizeof(long) + 9)

void prove_eat(void)
{
	uint8_t buf[SPAN_LEN];
	struct span in = any_span(buf, sizeof(buf)), s = in;
	bool ok;

	ok = span_eat_char(&s, nondet_u8());
	prove(ok ? s.len + 1 == in.len && is_rest(s, in) : is_same(s, in));

	s = in;
	ok = span_eat_word(&s, "transport");
	prove(ok ? s.len + 9 == in.len && is_rest(s, in) : is_same(s, in));

	s = in;
	ok = span_eat_blanks(&s);
	prove(ok ? s.len < in.len && is_rest(s, in) : is_same(s, in));
}

void prove_uint(void)
{
	uint8_t buf[SPAN_LEN];
	struct span in = any_span(buf, sizeof(buf)), s = in;
	/* the most that is asked for anywhere */
	unsigned int digits = any_size(20);
	uint32_t max = nondet_u32(), value;

	if (!span_eat_uint(&s, digits, max, &value)) {
		prove(is_same(s, in));
		return;
	}
	prove(value <= max);
	prove(is_rest(s, in) && s.len < in.len && in.len - s.len <= digits);
	prove(!s.len || !span_is_digit(s.at[0]));
}

void prove_find(void)
{
	uint8_t buf[SPAN_LEN], byte = nondet_u8();
	struct span s = any_span(buf, sizeof(buf));
	const uint8_t *at = span_find(s, byte);
	size_t i = nondet_size(), before = at ? (size_t)(at - s.at) : s.len;

	prove(before <= s.len);
	if (at)
		prove(before < s.len && *at == byte);
	/* no byte in front of it is one */
	given(i < before);
	prove(s.at[i] != byte);
}

void prove_line(void)
{
	uint8_t buf[SPAN_LINE_LEN], other = any_size(' ' - 1);
	struct span s = any_span(buf, sizeof(buf));
	const uint8_t *at = span_find_of(s, '\n', other);
	size_t i = nondet_size(), before = at ? (size_t)(at - s.at) : s.len;

	prove(before <= s.len);
	if (at)
		prove(before < s.len && (*at == '\n' || *at == other));
	given(i < before);
	prove(s.at[i] != '\n' && s.at[i] != other);
}

void prove_word(void)
{
	uint8_t byte = nondet_u8(), limit = nondet_u8(), buf[sizeof(long)];
	bool below = false, has = false;
	size_t i;

	given(limit <= 128);
	for (i = 0; i < sizeof(buf); i++) {
		below |= buf[i] < limit;
		has |= buf[i] == byte;
	}
	prove(!span_word_below(span_word(buf), limit) == !below);
	prove(!span_word_has(span_word(buf), byte) == !has);
}
