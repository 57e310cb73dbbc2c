// SPDX-License-Identifier: GPL-2.0-only
/* Prove daemon/rpc_parse.c: a payload of so many bytes is read within its bounds, and
 * what is found lies in it.
 */

#include "copy_promise.h"
#include "../../daemon/rpc_parse.c"

/* Three marks, two of which may be of fragments that are empty */
#define RPC_MARKS_LEN	(RPC_WORD * 3)

/* "10.0.0.2.218.214" */
#define RPC_TEXT_LEN	16

void prove_next(void)
{
	uint8_t buf[RPC_MARKS_LEN];
	struct span in = any_span(buf, sizeof(buf)), text = in;
	struct rpc_record record;
	unsigned int i = nondet_u32();

	if (!rpc_next(&text, &record)) {
		prove(is_same(text, in));
		return;
	}
	prove(is_rest(text, in));
	prove(is_same(record.unit,
		      (struct span){ in.at, in.len - text.len }));
	prove(record.fragments && record.fragments <= RPC_FRAGMENTS_MAX);
	given(i < record.fragments);
	prove(is_inside(record.fragment[i], record.unit));
}

void prove_addr(void)
{
	uint8_t buf[RPC_TEXT_LEN];
	struct span in = any_span(buf, sizeof(buf));
	struct rpc_place place;

	if (!rpc_parse_addr(in, &place))
		return;
	prove(is_inside(place.tail, in));
	prove(is_inside(place.second, place.tail));
	prove(place.second.len == 1);
}
