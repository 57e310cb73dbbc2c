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
#ifndef __always_inline
#define __always_inline	inline
#endif
#endif

/* Have the compiler read again what it has read at @at. */
#ifdef __KERNEL__
#define SPAN_READ_AGAIN(at)	OPTIMIZER_HIDE_VAR(at)
#else
#define SPAN_READ_AGAIN(at)	((void)(at))
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

/* A bit of every byte: blanks, digits, signs and small letters have it, nothing below a
 * blank does.
 */
#define SPAN_BLANKS	(SPAN_ONES * ' ')

/* Tell if no byte of the word @at is below a blank, for what has few @capitals by a bit that
 * all others have, else by subtraction. Capitals, or bytes above 0x9f, leave it in doubt.
 */
static __always_inline bool span_word_is_text(const uint8_t *at, bool capitals)
{
	if (capitals)
		return !((span_word(at) - SPAN_BLANKS) & SPAN_ONES << 7);
	return !(~span_word(at) & SPAN_BLANKS);
}

/* The same of four words. */
static __always_inline bool span_words_are_text(const uint8_t *at, bool capitals)
{
	const size_t size = sizeof(long);
	unsigned long all;

	if (capitals) {
		all = (span_word(at) - SPAN_BLANKS) |
		      (span_word(at + size) - SPAN_BLANKS) |
		      (span_word(at + 2 * size) - SPAN_BLANKS) |
		      (span_word(at + 3 * size) - SPAN_BLANKS);
		return !(all & SPAN_ONES << 7);
	}
	all = span_word(at) & span_word(at + size) & span_word(at + 2 * size) &
	      span_word(at + 3 * size);
	return !(~all & SPAN_BLANKS);
}

/* Mark a byte of the word at @at that is @a or @b, both below a blank, as span_word_below()
 * does.
 */
static __always_inline unsigned long
span_word_either(const uint8_t *at, uint8_t a, uint8_t b, bool capitals)
{
	unsigned long word = span_word(at);

	if (span_word_is_text(at, capitals))
		return 0;
	return span_word_has(word, a) | span_word_has(word, b);
}

/* Find the first byte of the word at @at that is @a or @b, of which @hit is the mark. */
static __always_inline const uint8_t *
span_word_which(const uint8_t *at, unsigned long hit, uint8_t a, uint8_t b)
{
	/* without a sign there is none to be extended */
	if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
		return at + (unsigned int)__builtin_ctzl(hit) / 8;
	while (*at != a && *at != b)
		at++;
	return at;
}

/* Find the first byte of the four words at @at that is @a or @b, both below a blank; NULL if
 * there is none. To be called where span_words_are_text() is false.
 */
static __always_inline const uint8_t *
span_words_find(const uint8_t *at, uint8_t a, uint8_t b, bool capitals)
{
	const long size = sizeof(long);
	unsigned long hit;

	/* what was read of them isn't kept for the sake of this */
	SPAN_READ_AGAIN(at);
	hit = span_word_either(at, a, b, capitals);
	if (hit)
		return span_word_which(at, hit, a, b);
	at += size;
	hit = span_word_either(at, a, b, capitals);
	if (hit)
		return span_word_which(at, hit, a, b);
	at += size;
	hit = span_word_either(at, a, b, capitals);
	if (hit)
		return span_word_which(at, hit, a, b);
	at += size;
	hit = span_word_either(at, a, b, capitals);
	return hit ? span_word_which(at, hit, a, b) : NULL;
}

/* Bytes of four words */
#define SPAN_WORDS_LEN	(4 * sizeof(long))

/**
 * span_find_before() - find one of two bytes, both below a blank
 * @at: where it begins
 * @end: end of where
 * @a: one
 * @b: the other; may be the same
 * @capitals: there are some in many words; a constant
 *
 * A word at a time, of text four at a time: the kernel's memchr() takes five
 * instructions for a byte.
 *
 * Return: the first such byte, NULL if there is none
 */
static __always_inline const uint8_t *
span_find_before(const uint8_t *at, const uint8_t *end, uint8_t a, uint8_t b,
		 bool capitals)
{
	const long size = sizeof(long);
	const bool overlaps = end - at >= size;
	const uint8_t *stop, *found;
	unsigned long hit;

	if (end - at >= (long)SPAN_WORDS_LEN) {
		stop = end - SPAN_WORDS_LEN;
		for (; at <= stop; at += SPAN_WORDS_LEN) {
			if (span_words_are_text(at, capitals))
				continue;
			found = span_words_find(at, a, b, capitals);
			if (found)
				return found;
		}
	}
	for (; end - at >= size; at += size) {
		hit = span_word_either(at, a, b, capitals);
		if (hit)
			return span_word_which(at, hit, a, b);
	}
	if (at < end && overlaps) {
		/* of the last word some bytes were looked at, and in vain */
		at = end - size;
		hit = span_word_either(at, a, b, capitals);
		return hit ? span_word_which(at, hit, a, b) : NULL;
	}
	for (; at < end; at++)
		if (*at == a || *at == b)
			return at;
	return NULL;
}

/* Find one of two bytes, both below a blank, likewise, in text of all kinds. */
static inline const uint8_t *span_find_of(struct span s, uint8_t a, uint8_t b)
{
	return s.len ? span_find_before(s.at, s.at + s.len, a, b, true) : NULL;
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
	const uint8_t *nl = s.len ? span_find_before(s.at, s.at + s.len, '\n',
						     '\n', false) : NULL;

	return nl ? nl + 1 - s.at : 0;
}

#endif /* APPGW_SPAN_H */
