/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PROTOCOL_H
#define APPGW_PROTOCOL_H

/* Numbers of the protocols, from 0 in the order of protocols.h */
enum appgw_protocol {
#define APPGW_PROTOCOL(name)	APPGW_PROTOCOL_ ## name,
#include "protocols.h"
#undef APPGW_PROTOCOL
	APPGW_PROTOCOLS_COUNT
};

#endif /* APPGW_PROTOCOL_H */
