/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_TLS_H
#define APPGW_TLS_H

#include "appgw/span.h"

/* First bytes of TLS: an alert, a handshake, and SSL 2.0's greeting. */
#define TLS_ALERT		0x15
#define TLS_HANDSHAKE		0x16
#define SSL2_GREETING		0x80

/* What the version of every record begins with. */
#define TLS_MAJOR		3

/* Tell if a conversation that begins with @c may be encrypted. */
static inline bool tls_begins(uint8_t c)
{
	return c == TLS_ALERT || c == TLS_HANDSHAKE || c == SSL2_GREETING;
}

#endif /* APPGW_TLS_H */
