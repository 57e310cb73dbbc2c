/* SPDX-License-Identifier: GPL-2.0-only */
/* Any map of sequence numbers that edits can lead to: prove_reach() shows that no
 * other one comes about.
 */
#ifndef SELFTESTS_PROVE_ANY_MAP_H
#define SELFTESTS_PROVE_ANY_MAP_H

#include "../../kmod/stream/seqmap.h"
#include "prove.h"

/* Numbers that are compared lie in half of their space, or nobody could tell
 * which one is ahead (RFC 9293 section 3.4), less what edits may add:
 * SEQMAP_EDITS texts of 255 bytes. Edits are forgotten SEQMAP_FAR bytes behind what
 * is acknowledged, and that is a window of 2^30 bytes and a segment at most behind
 * what is sent: less than this.
 */
#define SEQMAP_SPACE	((1u << 31) - 1024)

/* Where the space begins: so that the numbers wrap around in the middle of it. What
 * is added to all of them drops out of every difference, which is all that is
 * looked at, but keeps the solver busy without end. So does what earlier edits have
 * shifted.
 */
#define SEQMAP_FIRST	0xc0000000u
#define SEQMAP_BASE	0

/* Does one edit follow another, and do all of their bytes lie in the space? */
static inline bool is_map(const struct seqmap *map)
{
	uint32_t at = 0;
	int i;

	if (map->count > SEQMAP_EDITS)
		return false;
	for (i = 0; i < map->count; i++) {
		const struct seqmap_edit *e = &map->edit[i];

		if (!e->old_len || !e->new_len || e->seq - SEQMAP_FIRST < at ||
		    e->seq - SEQMAP_FIRST > SEQMAP_SPACE - e->old_len)
			return false;
		at = e->seq - SEQMAP_FIRST + e->old_len;
	}
	return true;
}

/* Have a map shift by what its edits do, and by what was forgotten. */
static inline void map_set_shift(struct seqmap *map)
{
	int i;

	map->shift = SEQMAP_BASE;
	for (i = 0; i < map->count && i < SEQMAP_EDITS; i++)
		map->shift += map->edit[i].new_len - map->edit[i].old_len;
}

#endif /* SELFTESTS_PROVE_ANY_MAP_H */
