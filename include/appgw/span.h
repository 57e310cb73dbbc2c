/* SPDX-License-Identifier: GPL-2.0-only */
/* Bounds-checked reading of text that came from the network.
 *
 * A span is a pointer and a length into somebody else's buffer. The span_eat_*
 * functions move it past what they read and leave it alone when they fail, so
 * a caller can try one form after the other.
 */
#ifndef APPGW_SPAN_H
#define APPGW_SPAN_H

#ifdef __KERNEL__
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif
/* What these are for matters in the kernel alone: kernels are built to clear
 * each local variable.
 */
#define noinline
#define __uninitialized
#endif

struct span {
	const uint8_t *at;
	size_t len;
};

static inline uint8_t span_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static inline bool span_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static inline void span_skip(struct span *s, size_t n)
{
	s->at += n;
	s->len -= n;
}

/* Read one byte if it is @c. */
static inline bool span_eat_char(struct span *s, uint8_t c)
{
	if (!s->len || s->at[0] != c)
		return false;
	span_skip(s, 1);
	return true;
}

/* Read @word, given in lower case, whatever the case of the text. */
static inline bool span_eat_word(struct span *s, const char *word)
{
	size_t i, n = strlen(word);

	if (s->len < n)
		return false;
	for (i = 0; i < n; i++)
		if (span_lower(s->at[i]) != (uint8_t)word[i])
			return false;
	span_skip(s, n);
	return true;
}

/* Read any number of blanks; true if there was at least one. */
static inline bool span_eat_blanks(struct span *s)
{
	bool any = false;

	while (s->len && (s->at[0] == ' ' || s->at[0] == '\t')) {
		span_skip(s, 1);
		any = true;
	}
	return any;
}

/* Read a decimal number of at most @digits digits, not above @max; a digit
 * left over behind it means the number was longer, which is a failure.
 */
static inline bool span_eat_uint(struct span *s, unsigned int digits,
				 uint32_t max, uint32_t *value)
{
	uint64_t v = 0;
	size_t n = 0;

	while (n < s->len && span_is_digit(s->at[n])) {
		if (n == digits)
			return false;
		v = v * 10 + (s->at[n] - '0');
		if (v > max)
			return false;
		n++;
	}
	if (!n)
		return false;
	span_skip(s, n);
	*value = v;
	return true;
}

/* Tell if there is a byte in @word that is below @limit, of at most 128. */
static inline bool span_word_has_below(unsigned long word, uint8_t limit)
{
	const unsigned long ones = ~0ul / 0xff;

	return (word - ones * limit) & ~word & ones << 7;
}

static inline bool span_word_has(unsigned long word, uint8_t byte)
{
	return span_word_has_below(word ^ ~0ul / 0xff * byte, 1);
}

static inline unsigned long span_word(const uint8_t *at)
{
	unsigned long word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Tell if it is one line, with its end. A word at a time; the last one overlaps with the
 * one before.
 */
static inline bool span_is_line(struct span s)
{
	const uint8_t *at = s.at, *last;

	if (!s.len)
		return false;
	last = at + s.len - 1;
	if (*last != '\n')
		return false;
	if (last - at < (long)sizeof(long)) {
		for (; at != last; at++)
			if (*at == '\n')
				return false;
		return true;
	}
	for (last -= sizeof(long); at < last; at += sizeof(long))
		if (span_word_has(span_word(at), '\n'))
			return false;
	return !span_word_has(span_word(last), '\n');
}

/**
 * span_find() - find a byte
 * @s: where
 * @byte: which
 *
 * A word at a time: the kernel's memchr() takes five instructions for a byte.
 *
 * Return: the first such byte, NULL if there is none
 */
static inline const uint8_t *span_find(struct span s, uint8_t byte)
{
	const unsigned long ones = ~0ul / 0xff;
	unsigned long word, hit;

	for (; s.len >= sizeof(word); span_skip(&s, sizeof(word))) {
		memcpy(&word, s.at, sizeof(word));
		word ^= ones * byte;
		/* not 0 exactly if one of the bytes is; the lowest bit tells
		 * which, if that byte is the first
		 */
		hit = (word - ones) & ~word & ones << 7;
		if (!hit)
			continue;
		if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
			return s.at + __builtin_ctzl(hit) / 8;
		break;
	}
	for (; s.len; span_skip(&s, 1))
		if (s.at[0] == byte)
			return s.at;
	return NULL;
}

/* Tell how far the line reaches that @s begins with, its newline included; 0 if its end
 * isn't there.
 */
static inline size_t span_line_len(struct span s)
{
	const uint8_t *nl = span_find(s, '\n');

	return nl ? nl + 1 - s.at : 0;
}

#endif /* APPGW_SPAN_H */
