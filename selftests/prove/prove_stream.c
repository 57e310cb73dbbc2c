// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/stream/stream.c: whatever came before, an acknowledgement is translated into
 * one that the sender can have expected. Of segments see README.md.
 */

#include "../../kmod/stream/seqmap.c"
#include "../../kmod/stream/stream.c"
#include "any_map.h"

static unsigned int frees;

void appgw_hold_free(void *hold)
{
	prove(hold);
	frees++;
}

/* What is kept begins at the next byte or in front of it. */
static bool is_stream(const struct stream *st)
{
	uint32_t next = st->next - SEQMAP_FIRST;

	return is_map(&st->map) && next < SEQMAP_SPACE - 0x10000 &&
	       st->acked - SEQMAP_FIRST <= next &&
	       (!st->hold || st->hold_seq - SEQMAP_FIRST <= next);
}

void prove_ack(void)
{
	uint32_t ack, seq, before;
	bool held = nondet_bool();
	uint8_t hold[1];
	struct stream st;

	st.hold = nondet_bool() ? hold : NULL;
	given(is_stream(&st));
	map_set_shift(&st.map);
	before = st.acked;
	ack = SEQMAP_FIRST + nondet_u32();
	given(!seq_before(ack, appgw_seqmap_forward(&st.map, SEQMAP_FIRST)));
	given(!seq_after(ack, appgw_seqmap_forward(&st.map,
					SEQMAP_FIRST + SEQMAP_SPACE)));
	seq = appgw_stream_ack(&st, ack, &held);

	prove(is_stream(&st));
	prove(!seq_before(st.acked, before));
	prove(frees <= 1 && (!frees || !st.hold));
	if (held)
		prove(st.hold && seq == stream_hold_end(&st));
}
