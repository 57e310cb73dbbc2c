// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/rpc_marks.c: which fragments become one, and what their mark is. */

#include "../../kmod/protocols/rpc_marks.h"
#include "models/exact.h"
#include "models/rpc_build.h"
#include "tap.h"

/**
 * struct marks_case - a text in a record
 * @name: the case's name
 * @hex: the record
 * @from: where the text begins
 * @to: where it ends
 * @at: where the mark is that is to be corrected; -1 if there is none
 * @mark: what it is, if the text's place is taken by one that is longer by 4 bytes without
 *	the marks within
 * @end: where the fragments end that become one
 */
static const struct marks_case {
	const char *name;
	const char *hex;
	size_t from;
	size_t to;
	int at;
	uint32_t mark;
	size_t end;
} marks_cases[] = {
	{ "all of a record", "80000004 01020304", 4, 8, 0, 0x80000008, 8 },
	{ "a byte in the middle", "80000004 01020304", 5, 6, 0, 0x80000008, 8 },
	{ "the first of two fragments", "00000002 0102 80000002 0304", 4, 6, 0, 6,
	  6 },
	{ "the last of two", "00000002 0102 80000002 0304", 10, 12, 6, 0x80000006,
	  12 },
	{ "both", "00000002 0102 80000002 0304", 4, 12, 0, 0x80000008, 12 },
	{ "an end and a beginning", "00000002 0102 80000002 0304", 5, 11, 0,
	  0x80000008, 12 },
	{ "two of three", "00000002 0102 00000002 0304 80000001 05", 5, 11, 0, 8,
	  12 },
	{ "three", "00000001 01 00000001 02 80000001 03", 4, 15, 0, 0x80000007,
	  15 },
	{ "an empty one within", "00000001 01 00000000 80000001 02", 4, 14, 0,
	  0x80000006, 14 },
	{ "an empty one in front", "00000000 80000001 02", 8, 9, 4, 0x80000005,
	  9 },
	{ "an empty one behind", "00000001 02 80000000", 4, 5, 0, 5, 5 },
	{ "another record behind", "80000001 02 80000001 03", 4, 5, 0, 0x80000005,
	  5 },

	{ "nothing", "80000004 01020304", 4, 4, -1, 0, 0 },
	{ "less than nothing", "80000004 01020304", 6, 4, -1, 0, 0 },
	{ "it begins in a mark", "80000004 01020304", 3, 8, -1, 0, 0 },
	{ "in the second mark", "00000002 0102 80000002 0304", 6, 12, -1, 0, 0 },
	{ "it ends in a mark", "00000002 0102 80000002 0304", 4, 10, -1, 0, 0 },
	{ "it ends behind the record", "80000004 01020304", 4, 9, -1, 0, 0 },
	{ "in the next record", "80000001 02 80000001 03", 9, 10, -1, 0, 0 },
	{ "from one record to the next", "80000001 02 80000001 03", 4, 10, -1, 0,
	  0 },
	{ "a fragment that is cut", "00000002 0102 80000002 03", 4, 11, -1, 0, 0 },
	{ "one of 2 GB", "ffffffff 01020304", 4, 8, -1, 0, 0 },
	{ "half a mark", "00000002 0102 8000", 4, 7, -1, 0, 0 },
	{ "no record", "", 0, 1, -1, 0, 0 },
};

static void test_merge(const struct marks_case *c)
{
	static struct rpc_build b;
	struct rpc_merged m = { 0 };
	struct exact e;
	uint32_t mark;
	bool good;

	tap_begin(c->name);
	b.len = 0;
	rpc_build_hex(&b, c->hex);
	e = exact_copy(b.at, b.len);
	good = appgw_rpc_merge(exact_span(&e), c->from, c->to, &m);
	tap_check(good == (c->at >= 0), "%s", good ? "found" : "not found");
	/* the growth of the text, less the marks that go */
	mark = appgw_rpc_merged_mark(&m, 4 - 4 * (int)m.inside);
	if (good)
		tap_check(m.mark == (size_t)c->at && m.end == c->end &&
			  mark == c->mark, "%08x at %zu, up to %zu", mark,
			  m.mark, m.end);
	exact_free(&e);
	tap_end();
}

static const char said[] = "0123456789";

/* Check what the bytes of @said from @from to @to say in @record, which has fragments of
 * @piece bytes.
 */
static void check_part(struct span record, size_t piece, size_t from, size_t to)
{
	struct span text = { (const uint8_t *)said + from, to - from };
	size_t begin = from + RPC_MARK_LEN * (from / piece + 1);
	size_t end = to + RPC_MARK_LEN * ((to - 1) / piece + 1);

	tap_check(appgw_rpc_is_text(record, begin, end, text), "%zu to %zu", from,
		  to);
	text.len--;
	tap_check(!appgw_rpc_is_text(record, begin, end, text),
		  "%zu to %zu is shorter", from, to);
	text.at++;
	tap_check(!text.len ||
		  !appgw_rpc_is_text(record, begin, end - 1, text),
		  "%zu to %zu is another", from, to);
}

/* All parts of a message, in fragments of each length */
static void test_text(void)
{
	static struct rpc_build message, b;
	size_t piece, from, to, len = sizeof(said) - 1;
	struct exact e;

	tap_begin("what a part says");
	message.len = 0;
	rpc_build_add(&message, said, len);
	for (piece = 1; piece <= len; piece++) {
		b.len = 0;
		rpc_build_record(&b, &message, piece);
		e = exact_copy(b.at, b.len);
		for (from = 0; from < len; from++)
			for (to = from + 1; to <= len; to++)
				check_part(exact_span(&e), piece, from, to);
		exact_free(&e);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(marks_cases) + 1);
	for (i = 0; i < TAP_ARRAY_SIZE(marks_cases); i++)
		test_merge(&marks_cases[i]);
	test_text();
	return tap_finish();
}
