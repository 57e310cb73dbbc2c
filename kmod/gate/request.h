/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_REQUEST_H
#define APPGW_GATE_REQUEST_H

#include "plan.h"

int appgw_gate_plan(const struct gate_request *req, struct endpoint *result,
		    struct netlink_ext_ack *extack);

#endif /* APPGW_GATE_REQUEST_H */
