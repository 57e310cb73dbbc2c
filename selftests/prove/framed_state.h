/* SPDX-License-Identifier: GPL-2.0-only */
/* What kmod/protocols/framed.c may have read so far, whatever the bytes were:
 * prove_framed.c shows that every byte leads from such a state to another one.
 */
#ifndef SELFTESTS_PROVE_FRAMED_STATE_H
#define SELFTESTS_PROVE_FRAMED_STATE_H

#include "../../kmod/protocols/framed.c"
#include "prove.h"

/* Is @rule as framed.h says that rules are? */
static inline bool is_framed_rule(const struct framed_rule *rule)
{
	if (rule->head > FRAMED_HEAD_MAX)
		return false;
	if (rule->form == FRAMED_RECORDS)
		return rule->max < FRAMED_MARK_LAST;
	return rule->form == FRAMED_LENGTH && rule->length.width > 0 &&
	       rule->length.width <= 4 && rule->max < FRAMED_MARK_LAST &&
	       rule->max >= rule->length.bias;
}

/* Holds at the beginning, and behind every byte: prove_step(). */
static inline bool is_framed(const struct framed_rule *rule,
			     const struct framed *f)
{
	uint32_t head = rule->length.at + rule->length.width;

	if (f->over)
		return true;
	if (f->len > rule->max && rule->form == FRAMED_RECORDS)
		return false;
	if (rule->form == FRAMED_LENGTH)
		return f->len < head ?
		       f->left <= rule->max - rule->length.bias :
		       f->left && f->left <= rule->max &&
		       f->len <= rule->max - f->left;
	if (f->mark > FRAMED_MARK_LEN || f->fragments > FRAMED_FRAGMENTS_MAX)
		return false;
	if (!f->mark)
		return !f->left;
	if (f->mark < FRAMED_MARK_LEN)
		return (f->left & ~FRAMED_MARK_LAST) <= rule->max - f->len;
	return f->left && f->left <= rule->max - f->len;
}

/* Has nothing changed? */
static inline bool is_framed_same(const struct framed *a, const struct framed *b)
{
	return a->left == b->left && a->len == b->len && a->mark == b->mark &&
	       a->fragments == b->fragments && a->flags == b->flags &&
	       a->over == b->over;
}

#endif /* SELFTESTS_PROVE_FRAMED_STATE_H */
