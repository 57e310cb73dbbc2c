// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/stream/seqmap.c: for every map that edits can lead to, the numbers that it
 * gives are those of the same bytes, forth and back, and in the same order.
 *
 * "Every map" is what is_map() says. prove_reach() shows that no other one comes
 * about, however many edits there were; the rest holds for each of them, with any
 * numbers, also where these wrap around.
 */

#include "../../kmod/stream/seqmap.c"
#include "any_map.h"

static uint32_t edit_end(const struct seqmap_edit *e)
{
	return e->seq + e->old_len;
}

/* Any map whose numbers are in the space. */
static struct seqmap any_map(void)
{
	struct seqmap map;

	given(is_map(&map));
	map_set_shift(&map);
	return map;
}

static uint32_t any_seq(uint32_t first)
{
	uint32_t n = nondet_u32();

	given(n <= SEQMAP_SPACE);
	return first + n;
}

/* Is @seq behind the first replaced byte of an edit, and before its end? */
static bool is_in_edit(const struct seqmap *map, uint32_t seq)
{
	int i;

	for (i = 0; i < map->count; i++)
		if (seq - map->edit[i].seq - 1 < map->edit[i].old_len - 1u)
			return true;
	return false;
}

void prove_identity(void)
{
	uint32_t first = SEQMAP_FIRST, seq = any_seq(first), there, back;
	struct seqmap map = any_map();

	there = appgw_seqmap_forward(&map, seq);
	back = appgw_seqmap_back(&map, there);
	prove(seqmap_forward(&map, seq) == there);
	if (!is_in_edit(&map, seq))
		prove(back == seq);
}

void prove_back(void)
{
	uint32_t first = SEQMAP_FIRST, seq, ack, there;
	struct seqmap map = any_map();

	/* any number of the receiver's between those of two of the sender's */
	ack = appgw_seqmap_forward(&map, first) + nondet_u32();
	given(!seq_before(ack, appgw_seqmap_forward(&map, first)));
	given(!seq_after(ack, appgw_seqmap_forward(&map,
						   first + SEQMAP_SPACE)));
	seq = appgw_seqmap_back(&map, ack);
	there = appgw_seqmap_forward(&map, seq);
	prove(seq - first <= SEQMAP_SPACE);
	/* what the receiver hasn't got is not acknowledged */
	prove(!seq_after(there, ack));
}

/* From one number to the next, the other's never goes back, nor ahead by more than a
 * text. So it doesn't either from any number to any one behind it, step by step.
 */
void prove_order(void)
{
	uint32_t first = SEQMAP_FIRST, seq = any_seq(first), step;
	struct seqmap map = any_map();

	given(seq - first < SEQMAP_SPACE);
	step = appgw_seqmap_forward(&map, seq + 1) -
	       appgw_seqmap_forward(&map, seq);
	prove(step <= UINT8_MAX);
	/* two that are not inside edits have different ones */
	if (!is_in_edit(&map, seq))
		prove(step);
}

void prove_back_order(void)
{
	uint32_t first = SEQMAP_FIRST, ack;
	struct seqmap map = any_map();

	ack = appgw_seqmap_forward(&map, first) + nondet_u32();
	given(!seq_before(ack, appgw_seqmap_forward(&map, first)));
	given(seq_before(ack, appgw_seqmap_forward(&map,
						   first + SEQMAP_SPACE)));
	prove(appgw_seqmap_back(&map, ack + 1) -
	      appgw_seqmap_back(&map, ack) <= UINT8_MAX);
}

/* What is done to a map leads to a map, and leaves what it says of bytes that may
 * still come up.
 */
void prove_reach(void)
{
	uint32_t first = SEQMAP_FIRST, seq = any_seq(first), before;
	uint32_t acked = any_seq(first);
	struct seqmap map = any_map(), old = map;
	struct seqmap_edit edit;

	before = appgw_seqmap_forward(&map, seq);
	if (nondet_bool()) {
		appgw_seqmap_age(&map, acked);
		prove(!map.count || seq_before(acked, map.edit[0].seq) ||
		      acked - map.edit[0].seq <= SEQMAP_FAR);
		given(!seq_before(seq, acked));
	} else {
		given(edit.old_len && edit.new_len);
		given(edit.seq - first <= SEQMAP_SPACE - edit.old_len);
		given(!map.count || !seq_before(edit.seq,
				edit_end(&map.edit[map.count - 1])));
		given(!seq_before(edit.seq, acked));
		given(appgw_seqmap_room(&map, acked, 1));
		appgw_seqmap_add(&map, &edit);
		given(!seq_before(seq, acked) && !seq_after(seq, edit.seq));
	}
	prove(is_map(&map));
	prove(appgw_seqmap_forward(&map, seq) == before);
}

/* As many edits as there is said to be room for can be added, and none is lost that
 * is needed.
 */
void prove_room(void)
{
	uint32_t first = SEQMAP_FIRST, acked = any_seq(first);
	unsigned int n = any_size(SEQMAP_EDITS), i;
	struct seqmap map = any_map();

	given(appgw_seqmap_room(&map, acked, n));
	for (i = 0; i < n; i++) {
		struct seqmap_edit edit;

		given(edit.old_len && edit.new_len);
		given(edit.seq - first <= SEQMAP_SPACE - edit.old_len);
		given(!map.count || !seq_before(edit.seq,
				edit_end(&map.edit[map.count - 1])));
		prove(map.count < SEQMAP_EDITS ||
		      !seq_before(acked, edit_end(&map.edit[0])));
		given(!seq_before(edit.seq, acked));
		appgw_seqmap_add(&map, &edit);
		prove(is_map(&map));
	}
}
