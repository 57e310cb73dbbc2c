/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_TEXT_H
#define APPGW_GATE_TEXT_H

#include "plan.h"

int appgw_plan_write(const struct gate_flow *flow, struct gate_plan *plan,
		     const struct gate_request *req,
		     struct netlink_ext_ack *extack);

#endif /* APPGW_GATE_TEXT_H */
