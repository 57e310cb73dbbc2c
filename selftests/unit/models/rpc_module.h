/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RPC_MODULE_H
#define SELFTESTS_RPC_MODULE_H

#include "../../../daemon/proto.h"
#include "rpc_build.h"

/* As many plans of a reply, and of a payload, as there may be. */
#define RPC_MODULE_REPLY_MAX	32
#define RPC_MODULE_PLANS_MAX	64

/* Number of a payload's first byte; the numbers wrap soon behind it. */
#define RPC_MODULE_SEQ		0xfffffff0u

/**
 * struct rpc_module - what it knows of a connection
 * @protonum: its transport
 * @own: the server's address
 * @public: how its client sees it; of the same family
 * @add: what is added to a port to get the public one, which wraps to 1024
 */
struct rpc_module {
	uint8_t protonum;
	struct endpoint own;
	struct endpoint public;
	unsigned int add;
};

struct rpc_module rpc_module_new(uint8_t protonum, const char *own,
				 const char *public, unsigned int add);
unsigned int rpc_module_inspect(const struct rpc_module *m, struct span payload,
				struct plan *plans, unsigned int max);
struct endpoint rpc_module_result(const struct rpc_module *m,
				  const struct plan *plan);
const char *rpc_module_apply(const struct rpc_module *m, struct span payload,
			     const struct plan *plans, unsigned int n,
			     struct rpc_build *out);

#endif /* SELFTESTS_RPC_MODULE_H */
