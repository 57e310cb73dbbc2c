/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RPC_MARKS_H
#define APPGW_RPC_MARKS_H

#include "appgw/span.h"

/* Bytes of a record mark */
#define RPC_MARK_LEN		4

/**
 * struct rpc_merged - fragments of a record that become one
 * @mark: offset of the first one's mark
 * @end: offset behind the last one
 * @len: bytes of all of them, without marks
 * @inside: marks between them
 * @is_last: no other fragment follows
 */
struct rpc_merged {
	size_t mark;
	size_t end;
	uint32_t len;
	unsigned int inside;
	bool is_last;
};

bool appgw_rpc_merge(struct span record, size_t from, size_t to,
		     struct rpc_merged *merged);
uint32_t appgw_rpc_merged_mark(const struct rpc_merged *merged, int growth);
bool appgw_rpc_is_text(struct span record, size_t from, size_t to,
		       struct span text);

#endif /* APPGW_RPC_MARKS_H */
