/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_ROWS_H
#define APPGW_ROWS_H

#include "appgw/protocols.h"
#include "gate/proto.h"

/* The rows of the daemon's protocols: appgw_NAME, each in NAME.c */
#define ROWS_DECLARE(name)	extern const struct gate_proto appgw_ ## name;
APPGW_PROTOCOLS(ROWS_DECLARE)

#endif /* APPGW_ROWS_H */
