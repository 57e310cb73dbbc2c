// SPDX-License-Identifier: GPL-2.0-only
/* Sun RPC over TCP: the marks of a record in which texts are replaced.
 *
 * RFC 5531 section 11: a record is any number of fragments, each behind a mark that tells
 * how long it is. A text may have marks within, and its new one has none: the fragments
 * that it was in become one. Nothing here touches an skb, a lock or the heap:
 * selftests/unit links this file unchanged.
 */

#include "rpc_marks.h"
#include "rpc_message.h"

#define RPC_MARK_LAST		0x80000000u

/**
 * struct rpc_fragment - a fragment of a record
 * @mark: offset of its mark
 * @begin: offset of its first byte
 * @end: offset behind its last one
 * @is_last: no other fragment follows
 *
 * Zero in front of the first one.
 */
struct rpc_fragment {
	size_t mark;
	size_t begin;
	size_t end;
	bool is_last;
};

/* Go on to the next fragment; false if it isn't all there. */
static bool rpc_next_fragment(struct span record, struct rpc_fragment *f)
{
	uint32_t mark;
	size_t len;

	if (f->is_last || record.len - f->end < RPC_MARK_LEN)
		return false;
	f->mark = f->end;
	f->begin = f->mark + RPC_MARK_LEN;
	mark = rpc_number(record.at + f->mark);
	len = mark & ~RPC_MARK_LAST;
	if (len > record.len - f->begin)
		return false;
	f->end = f->begin + len;
	f->is_last = mark & RPC_MARK_LAST;
	return true;
}

/**
 * appgw_rpc_merge() - find the fragments that a text is in
 * @record: all of the record
 * @from: offset of the text's first byte
 * @to: offset behind its last one
 * @merged: set on success
 *
 * Return: false if the text isn't there, or begins or ends in a mark
 */
bool appgw_rpc_merge(struct span record, size_t from, size_t to,
		     struct rpc_merged *merged)
{
	struct rpc_merged m = { 0 };
	struct rpc_fragment f = { 0 };

	if (from >= to)
		return false;
	do {
		if (!rpc_next_fragment(record, &f))
			return false;
	} while (from >= f.end);
	m.mark = f.mark;
	m.len = f.end - f.begin;
	if (from < f.begin)
		return false;
	while (to > f.end) {
		if (!rpc_next_fragment(record, &f))
			return false;
		m.len += f.end - f.begin;
		m.inside++;
	}
	if (to <= f.begin)
		return false;
	m.end = f.end;
	m.is_last = f.is_last;
	*merged = m;
	return true;
}

/**
 * appgw_rpc_merged_mark() - find the mark of the fragment that others become
 * @merged: the others
 * @growth: by how many bytes new texts are longer than those in whose place they are,
 *	the marks inside of which count as well
 *
 * Return: mark, as a number
 */
uint32_t appgw_rpc_merged_mark(const struct rpc_merged *merged, int growth)
{
	uint32_t len = merged->len + merged->inside * RPC_MARK_LEN + growth;

	return len | (merged->is_last ? RPC_MARK_LAST : 0);
}

/**
 * appgw_rpc_is_text() - tell if a part of a record says something, but for its marks
 * @record: all of the record
 * @from: offset of the part's first byte
 * @to: offset behind its last one
 * @text: what it is to say
 *
 * Return: true if so
 */
bool appgw_rpc_is_text(struct span record, size_t from, size_t to,
		       struct span text)
{
	struct rpc_fragment f = { 0 };

	while (f.end < to) {
		size_t begin, len;

		if (!rpc_next_fragment(record, &f))
			return false;
		begin = f.begin > from ? f.begin : from;
		len = f.end < to ? f.end : to;
		if (begin >= len)
			continue;
		len -= begin;
		if (len > text.len || memcmp(record.at + begin, text.at, len))
			return false;
		span_skip(&text, len);
	}
	return !text.len;
}
