/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RPC_BUILD_H
#define SELFTESTS_RPC_BUILD_H

#include "../../../include/appgw/span.h"

/* Room for what becomes of the longest record, and for others beside it. */
#define RPC_BUILD_MAX	(3 * 65536)

/* Bytes of a reply in front of its results, if nothing verifies it. */
#define RPC_BUILD_HEAD	24

/**
 * struct rpc_build - a payload under way
 * @at: its bytes
 * @len: how many
 */
struct rpc_build {
	uint8_t at[RPC_BUILD_MAX];
	size_t len;
};

void rpc_build_add(struct rpc_build *b, const void *data, size_t len);
void rpc_build_number(struct rpc_build *b, uint32_t v);
void rpc_build_text(struct rpc_build *b, const char *text);
void rpc_build_hex(struct rpc_build *b, const char *hex);
void rpc_build_head(struct rpc_build *b);
void rpc_build_entry(struct rpc_build *b, const char *addr, const char *netid,
		     const char *family, const char *proto);
void rpc_build_record(struct rpc_build *b, const struct rpc_build *message,
		      size_t piece);
void rpc_build_pieces(struct rpc_build *b, const struct rpc_build *message,
		      const size_t *length);

#endif /* SELFTESTS_RPC_BUILD_H */
