/* SPDX-License-Identifier: GPL-2.0-only */
/* Words that come letter by letter, and are looked for in a list. */
#ifndef APPGW_SPELL_H
#define APPGW_SPELL_H

#include "appgw/span.h"

/* Index of a word that isn't in the list. */
#define SPELL_UNKNOWN		0xff

/**
 * struct spell_word - a word of a list
 * @text: its letters
 * @means: the list's own
 *
 * In a list, words that begin alike follow each other.
 */
struct spell_word {
	const char *text;
	uint8_t means;
};

/**
 * spell_letter() - take in the next letter of a word
 * @words: the list
 * @count: how many words it has
 * @word: index of the word, or of the first one that begins like this; 0 before
 *	the first letter. Set to SPELL_UNKNOWN if there is none
 * @n: letters of it so far
 * @c: the letter; no word has a 0
 */
static inline void spell_letter(const struct spell_word *words,
				unsigned int count, uint8_t *word, uint8_t *n,
				uint8_t c)
{
	uint8_t w = *word;

	if (!c)
		*word = SPELL_UNKNOWN;
	if (!c || w >= count)
		return;
	while ((uint8_t)words[w].text[*n] != c) {
		if (++w == count || strncmp(words[w].text, words[w - 1].text,
					    *n)) {
			*word = SPELL_UNKNOWN;
			return;
		}
	}
	*word = w;
	*n += 1;
}

/* Tell if the word, which has come to its end, is one of @words, and no start of
 * one.
 */
static inline void spell_end(const struct spell_word *words,
			     unsigned int count, uint8_t *word, uint8_t n)
{
	if (*word < count && words[*word].text[n])
		*word = SPELL_UNKNOWN;
}

#endif /* APPGW_SPELL_H */
