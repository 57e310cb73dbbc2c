/* SPDX-License-Identifier: GPL-2.0-only */
/* An address and port as a protocol's text announces them. */
#ifndef APPGW_ENDPOINT_H
#define APPGW_ENDPOINT_H

#include "span.h"

/* Port numbers below this one are never opened: they belong to services. */
#define APPGW_PORT_MIN		1024
#define APPGW_PORT_MAX		65535

#define APPGW_ADDR_LEN_IPV4	4
#define APPGW_ADDR_LEN_IPV6	16

/* Longest text of an address: eight groups of four and their colons. */
#define APPGW_ADDR_TEXT_MAX	39

/* Address families by their IP version number. APPGW_AF_NONE: the text names no
 * address, only a port.
 */
enum appgw_af {
	APPGW_AF_NONE = 0,
	APPGW_AF_IPV4 = 4,
	APPGW_AF_IPV6 = 6,
};

/**
 * struct endpoint - one end of a connection to be
 * @af: which of the @addr bytes count
 * @addr: address in network byte order
 * @port: port in host byte order; not yet checked against APPGW_PORT_MIN
 */
struct endpoint {
	enum appgw_af af;
	uint8_t addr[APPGW_ADDR_LEN_IPV6];
	uint16_t port;
};

#endif /* APPGW_ENDPOINT_H */
