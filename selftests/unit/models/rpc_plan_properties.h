/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RPC_PLAN_PROPERTIES_H
#define SELFTESTS_RPC_PLAN_PROPERTIES_H

#include "rpc_module.h"

const char *rpc_plan_complaint(const struct rpc_module *m, struct span payload);

#endif /* SELFTESTS_RPC_PLAN_PROPERTIES_H */
