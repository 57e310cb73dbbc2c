/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_DISCOVERY_SCAN_H
#define APPGW_DISCOVERY_SCAN_H

#include "appgw/span.h"

/* Bytes of a datagram that are looked at: what tells a question from other talk is
 * among them.
 */
#define DISCOVERY_LOOK_MAX	2048

/* Longest that answers are waited for, in seconds. */
#define DISCOVERY_WINDOW_MAX_S	30

/* Services, in the order of discovery.h */
enum discovery_service {
#define APPGW_DISCOVERY_SERVICE(id, name)	DISCOVERY_ ## id,
#include "appgw/discovery.h"
#undef APPGW_DISCOVERY_SERVICE
	DISCOVERY_COUNT
};

int appgw_discovery_service(uint16_t port);
bool appgw_discovery_any_port(enum discovery_service service);
unsigned int appgw_discovery_window_s(enum discovery_service service,
				      uint16_t from, struct span data);

#endif /* APPGW_DISCOVERY_SCAN_H */
