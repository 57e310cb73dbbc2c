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

/* Every byte of a word */
#define SPAN_ONES	(~0ul / 0xff)

/* Mark a byte of @word that is below @limit, of at most 128, with its highest bit. Others
 * may be marked as well, but none below the lowest such byte.
 */
static inline unsigned long span_word_below(unsigned long word, uint8_t limit)
{
	return (word - SPAN_ONES * limit) & ~word & SPAN_ONES << 7;
}

/* Mark a byte of @word that is @byte, likewise. */
static inline unsigned long span_word_has(unsigned long word, uint8_t byte)
{
	return span_word_below(word ^ SPAN_ONES * byte, 1);
}

static inline unsigned long span_word(const uint8_t *at)
{
	unsigned long word;

	memcpy(&word, at, sizeof(word));
	return word;
}

/* Find the first byte that is marked in @hit, of the word at @at; NULL where that can't be
 * told.
 */
static inline const uint8_t *span_word_first(const uint8_t *at, unsigned long hit)
{
	if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
		return NULL;
	return at + __builtin_ctzl(hit) / 8;
}

/* Mark the bytes of @word that are below a blank, and others above 0x9f, in their highest
 * bits.
 */
static inline unsigned long span_word_control(unsigned long word)
{
	return word - SPAN_ONES * ' ';
}

/* Find where the first few words of @s begin that may have a byte below a blank, or that
 * are the last ones.
 */
static inline const uint8_t *span_skip_text(struct span s)
{
	const uint8_t *at = s.at;
	unsigned long any;

	for (; s.len >= 4 * sizeof(any); s.len -= 4 * sizeof(any)) {
		any = span_word_control(span_word(at)) |
		      span_word_control(span_word(at + sizeof(any))) |
		      span_word_control(span_word(at + 2 * sizeof(any))) |
		      span_word_control(span_word(at + 3 * sizeof(any)));
		if (any & SPAN_ONES << 7)
			break;
		at += 4 * sizeof(any);
	}
	return at;
}

/**
 * span_find_of() - find one of two bytes, both below a blank
 * @s: where
 * @a: one
 * @b: the other; may be the same
 *
 * A word at a time: the kernel's memchr() takes five instructions for a byte. In text
 * nearly all words are sure to have nothing below a blank, nor above 0x9f.
 *
 * Return: the first such byte, NULL if there is none
 */
static inline const uint8_t *span_find_of(struct span s, uint8_t a, uint8_t b)
{
	const uint8_t *at = span_skip_text(s), *end = s.at + s.len;
	unsigned long word, hit;

	for (; end - at >= (long)sizeof(word); at += sizeof(word)) {
		word = span_word(at);
		if (!(span_word_control(word) & SPAN_ONES << 7))
			continue;
		hit = span_word_has(word, a) | span_word_has(word, b);
		if (!hit)
			continue;
		if (span_word_first(at, hit))
			return span_word_first(at, hit);
		break;
	}
	for (; at < end; at++)
		if (*at == a || *at == b)
			return at;
	return NULL;
}

/**
 * span_find() - find a byte
 * @s: where
 * @byte: which
 *
 * A word at a time, as above.
 *
 * Return: the first such byte, NULL if there is none
 */
static inline const uint8_t *span_find(struct span s, uint8_t byte)
{
	unsigned long hit;

	for (; s.len >= sizeof(hit); span_skip(&s, sizeof(hit))) {
		hit = span_word_has(span_word(s.at), byte);
		if (!hit)
			continue;
		if (span_word_first(s.at, hit))
			return span_word_first(s.at, hit);
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
	const uint8_t *nl = span_find_of(s, '\n', '\n');

	return nl ? nl + 1 - s.at : 0;
}

#endif /* APPGW_SPAN_H */
