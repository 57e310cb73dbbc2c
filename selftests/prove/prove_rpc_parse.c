// SPDX-License-Identifier: GPL-2.0-only
/* Prove daemon/rpc_parse.c: a payload of so many bytes is read within its bounds, and
 * what is found lies in it.
 */

#include "copy_promise.h"
#include "../../daemon/rpc_parse.c"

/* Three marks, two of which may be of fragments that are empty */
#define RPC_MARKS_LEN	(RPC_WORD * 3)

/* "10.0.0.2.218.214", which has its length in front */
#define RPC_TEXT_LEN	16

/* Fragments that are read; what is done about the next one is the same for all */
#define RPC_PIECES	2

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

/* A message in pieces, as rpc_next() finds it */
static void any_record(struct rpc_record *record, const uint8_t *buf, size_t len)
{
	size_t cut = any_size(len);

	record->unit = (struct span){ buf, len };
	record->fragments = RPC_PIECES;
	record->fragment[0] = (struct span){ buf, cut };
	record->fragment[1] = (struct span){ buf + cut, len - cut };
}

/* Does it lie in one fragment? */
static bool is_place(const struct rpc_place *p, const struct rpc_record *record)
{
	return p->fragment < RPC_PIECES &&
	       is_inside(p->whole, record->fragment[p->fragment]) &&
	       is_inside(p->tail, p->whole) && is_inside(p->second, p->tail);
}

void prove_place(void)
{
	uint8_t buf[RPC_WORD + RPC_TEXT_LEN];
	struct rpc_record record;
	struct rpc_reply reply;
	struct rpc_reader r = { &record, 0, { 0 } };

	any_record(&record, buf, sizeof(buf));
	r.rest = record.fragment[0];
	reply.count = 0;
	if (rpc_read_on(&r) && rpc_parse_place(&r, &reply)) {
		prove(reply.count == 1);
		prove(is_place(&reply.place[0], &record));
	}
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
