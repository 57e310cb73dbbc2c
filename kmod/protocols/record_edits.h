/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RPC_EDITS_H
#define APPGW_RPC_EDITS_H

#include "appgw/span.h"

struct gate_pass;

void appgw_rpc_settle(struct gate_pass *pass, struct span rest, u32 seq);

#endif /* APPGW_RPC_EDITS_H */
