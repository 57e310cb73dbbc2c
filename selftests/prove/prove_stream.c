// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/stream.c: whatever came before, an acknowledgement is translated into
 * one that the sender can have expected. Of segments see README.md.
 */

#include "../../kmod/seqmap.c"
#include "../../kmod/stream.c"
#include "prove.h"

/* As in prove_seqmap.c: where the numbers begin, and how far apart they may be. */
#define STREAM_FIRST	0xc0000000u
#define STREAM_SPACE	((1u << 31) - 1024)

static unsigned int frees;

void appgw_hold_free(void *hold)
{
	prove(hold);
	frees++;
}

static bool is_map(const struct seqmap *map)
{
	uint32_t at = 0;
	int i;

	if (map->count > SEQMAP_EDITS)
		return false;
	for (i = 0; i < map->count; i++) {
		const struct seqmap_edit *e = &map->edit[i];

		if (!e->old_len || !e->new_len || e->seq - STREAM_FIRST < at ||
		    e->seq - STREAM_FIRST > STREAM_SPACE - e->old_len)
			return false;
		at = e->seq - STREAM_FIRST + e->old_len;
	}
	return true;
}

/* What is kept begins at the next byte or in front of it. */
static bool is_stream(const struct stream *st)
{
	uint32_t next = st->next - STREAM_FIRST;

	return is_map(&st->map) && next < STREAM_SPACE - 0x10000 &&
	       st->acked - STREAM_FIRST <= next &&
	       (!st->hold || st->hold_seq - STREAM_FIRST <= next);
}

void prove_ack(void)
{
	uint32_t ack, seq, before;
	bool held = nondet_bool();
	uint8_t hold[1];
	struct stream st;

	st.map.base = 0;
	st.hold = nondet_bool() ? hold : NULL;
	given(is_stream(&st));
	before = st.acked;
	ack = STREAM_FIRST + nondet_u32();
	given(!seq_before(ack, appgw_seqmap_forward(&st.map, STREAM_FIRST)));
	given(!seq_after(ack, appgw_seqmap_forward(&st.map,
					STREAM_FIRST + STREAM_SPACE)));
	seq = appgw_stream_ack(&st, ack, &held);

	prove(is_stream(&st));
	prove(!seq_before(st.acked, before));
	prove(frees <= 1 && (!frees || !st.hold));
	if (held)
		prove(st.hold && seq == stream_hold_end(&st));
}
