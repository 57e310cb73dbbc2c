/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_SCAN_H
#define APPGW_GATE_SCAN_H

#include "appgw/span.h"
#include "core/stats.h"
#include "protocols/irc_scan.h"
#include "protocols/msn_scan.h"
#include "protocols/pna_scan.h"
#include "protocols/rtsp_scan.h"

/* Protocols of the daemon. */
enum gate_proto {
	GATE_IRC,
	GATE_RTSP,
	GATE_PNA,
	GATE_MSN,
	GATE_PROTOS
};

/* Announcements of one direction that may be planned for at a time. */
#define GATE_MARKS_MAX		8

/* A conversation. appgw_scan_copy() copies it, to see what bytes would do: where
 * it is kept there is only room for the protocol's own.
 */
union gate_scan {
	struct irc_session irc;
	struct rtsp_session rtsp;
	struct pna_session pna;
	struct msn_session msn;
};

/* Are its announcements about datagrams between the two ends? */
static inline bool gate_is_media(enum gate_proto proto)
{
	return proto == GATE_RTSP || proto == GATE_PNA;
}

/* What a scanner has against a conversation, or one line of it. */
#define GATE_WHY_NONE		APPGW_STAT_MAX

unsigned int appgw_scan_hold(enum gate_proto proto);
size_t appgw_scan_size(enum gate_proto proto);
void appgw_scan_copy(enum gate_proto proto, union gate_scan *to,
		     const union gate_scan *from);
bool appgw_scan_may_announce(enum gate_proto proto, struct span data,
			     bool kept);
size_t appgw_scan_unit(enum gate_proto proto, const union gate_scan *scan,
		       bool from_client, struct span data);
int appgw_scan_want(enum gate_proto proto, const union gate_scan *scan,
		    bool from_client, struct span rest);
enum appgw_stat appgw_scan_feed(enum gate_proto proto, union gate_scan *scan,
				bool from_client, struct span part);
unsigned int appgw_scan_line(enum gate_proto proto, union gate_scan *scan,
			     bool from_client, struct span rest, u16 *at,
			     unsigned int max, enum appgw_stat *why);

#endif /* APPGW_GATE_SCAN_H */
