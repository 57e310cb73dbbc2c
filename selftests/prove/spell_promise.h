/* SPDX-License-Identifier: GPL-2.0-only */
/* kmod/protocols/spell.h by what it promises, in place of what it does: the solver would need
 * gigabytes for words that it has to look for in a list. prove_spell() shows for
 * each list that the promise is kept.
 */
#ifndef SELFTESTS_PROVE_SPELL_H
#define SELFTESTS_PROVE_SPELL_H

#include "../../kmod/protocols/spell.h"
#include "prove.h"

/* Is @n no more than the letters of the @word-th of @words, or is there no such
 * word?
 */
static inline bool is_spelled(const struct spell_word *words,
			      unsigned int count, uint8_t word, uint8_t n)
{
	unsigned int i;

	/* one after the other, so that each word's length is a constant */
	for (i = 0; i < count; i++)
		if (word == i)
			return n <= strlen(words[i].text);
	return word == SPELL_UNKNOWN || (!word && !n);
}

/* For every start of every word of the list, and every letter */
static inline void prove_spell(const struct spell_word *words,
			       unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		uint8_t word = i, n = any_size(strlen(words[i].text)), was = n;

		spell_letter(words, count, &word, &n, nondet_u8());
		prove(is_spelled(words, count, word, n));
		prove(n == was || (n == was + 1 && word < count));

		word = i;
		n = was;
		spell_end(words, count, &word, n);
		prove(word == i || word == SPELL_UNKNOWN);
	}
}

static inline void spell_letter_promise(const struct spell_word *words,
					unsigned int count, uint8_t *word,
					uint8_t *n, uint8_t c)
{
	uint8_t w = nondet_u8();

	prove(is_spelled(words, count, *word, *n));
	if (*word < count && c && nondet_bool()) {
		*n += 1;
		given(w < count && is_spelled(words, count, w, *n));
		*word = w;
	} else if (*word < count || !c) {
		*word = SPELL_UNKNOWN;
	}
}

static inline void spell_end_promise(const struct spell_word *words,
				     unsigned int count, uint8_t *word,
				     uint8_t n)
{
	prove(is_spelled(words, count, *word, n));
	if (nondet_bool())
		*word = SPELL_UNKNOWN;
}

#define spell_letter	spell_letter_promise
#define spell_end	spell_end_promise

#endif /* SELFTESTS_PROVE_SPELL_H */
