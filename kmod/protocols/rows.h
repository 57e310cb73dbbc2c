/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_ROWS_H
#define APPGW_ROWS_H

#include "appgw/protocol.h"
#include "gate/proto.h"

/* The rows of the daemon's protocols: appgw_NAME, each in NAME.c */
#define APPGW_PROTOCOL(name)	extern const struct gate_proto appgw_ ## name;
#include "appgw/protocols.h"
#undef APPGW_PROTOCOL

#endif /* APPGW_ROWS_H */
