/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PROTOCOLS_TABLE_H
#define APPGW_PROTOCOLS_TABLE_H

#include "appgw/protocols.h"
#include "gate/proto.h"

#define PROTOCOLS_DECLARE(name)	extern const struct gate_proto appgw_ ## name;
APPGW_PROTOCOLS(PROTOCOLS_DECLARE)

void appgw_protocols_init(void);

#endif /* APPGW_PROTOCOLS_TABLE_H */
