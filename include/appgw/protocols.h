/* SPDX-License-Identifier: GPL-2.0-only */
/* The protocols that the daemon reads: all that either half is told about one outside
 * of its own files. Both halves' tables are made from this list.
 */
#ifndef APPGW_PROTOCOLS_H
#define APPGW_PROTOCOLS_H

#define APPGW_PROTOCOLS(X)	\
	X(irc)			\
	X(rtsp)			\
	X(pna)			\
	X(msn)

/* Numbers of the protocols, from 0 in the order of the list */
#define APPGW_PROTOCOL_NUMBER(name)	APPGW_PROTOCOL_ ## name,
enum appgw_protocol {
	APPGW_PROTOCOLS(APPGW_PROTOCOL_NUMBER)
	APPGW_PROTOCOLS_COUNT
};

#endif /* APPGW_PROTOCOLS_H */
