// SPDX-License-Identifier: GPL-2.0-only
/* The scanners of the daemon's protocols, asked in one form: which lines, or
 * whatever a protocol takes for one, announce something that the daemon has to
 * see. irc_scan.h, rtsp_scan.h, pna_scan.h and msn_scan.h say more about each
 * question.
 */

#include "scan.h"
#include "stream/stream.h"

/* No announcement of IRC is without it. */
#define SCAN_CTCP		1

static enum appgw_stat scan_irc_why(enum irc_why why)
{
	switch (why) {
	case IRC_WHY_NO_LOGIN:
		return APPGW_STAT_REFUSED_LOGIN;
	case IRC_WHY_NOT_SERVER:
		return APPGW_STAT_STOPPED_NOT_SERVER;
	case IRC_WHY_NOT_CLIENT:
		return APPGW_STAT_STOPPED_NOT_CLIENT;
	case IRC_WHY_TLS:
		return APPGW_STAT_STOPPED_TLS;
	case IRC_WHY_NONE:
		break;
	}
	return GATE_WHY_NONE;
}

static enum appgw_stat scan_rtsp_why(enum rtsp_why why, bool from_client)
{
	switch (why) {
	case RTSP_WHY_NOT_SERVER:
		return APPGW_STAT_STOPPED_NOT_SERVER;
	case RTSP_WHY_NOT_CLIENT:
	case RTSP_WHY_HTTP:
		return APPGW_STAT_STOPPED_NOT_CLIENT;
	case RTSP_WHY_NONSENSE:
		return from_client ? APPGW_STAT_STOPPED_NOT_CLIENT :
				     APPGW_STAT_STOPPED_NOT_SERVER;
	case RTSP_WHY_TLS:
		return APPGW_STAT_STOPPED_TLS;
	case RTSP_WHY_TUNNEL:
	case RTSP_WHY_BODY:
		return APPGW_STAT_RELEASED;
	case RTSP_WHY_NONE:
		break;
	}
	return GATE_WHY_NONE;
}

static enum appgw_stat scan_pna_why(enum pna_why why)
{
	switch (why) {
	case PNA_WHY_NOT_SERVER:
		return APPGW_STAT_STOPPED_NOT_SERVER;
	case PNA_WHY_NOT_CLIENT:
		return APPGW_STAT_STOPPED_NOT_CLIENT;
	case PNA_WHY_DONE:
		return APPGW_STAT_RELEASED;
	case PNA_WHY_NONE:
		break;
	}
	return GATE_WHY_NONE;
}

static enum appgw_stat scan_msn_why(enum msn_why why, bool from_client)
{
	switch (why) {
	case MSN_WHY_NOT_SERVER:
		return APPGW_STAT_STOPPED_NOT_SERVER;
	case MSN_WHY_NOT_CLIENT:
	case MSN_WHY_HTTP:
		return APPGW_STAT_STOPPED_NOT_CLIENT;
	case MSN_WHY_NONSENSE:
		return from_client ? APPGW_STAT_STOPPED_NOT_CLIENT :
				     APPGW_STAT_STOPPED_NOT_SERVER;
	case MSN_WHY_TLS:
		return APPGW_STAT_STOPPED_TLS;
	case MSN_WHY_PAYLOAD:
		return APPGW_STAT_RELEASED;
	case MSN_WHY_NONE:
		break;
	}
	return GATE_WHY_NONE;
}

/* Bytes of a line that may be kept back until its end is there. */
unsigned int appgw_scan_hold(enum gate_proto proto)
{
	return proto == GATE_MSN ? MSN_UNIT_MAX : STREAM_HOLD_MAX;
}

/* Bytes that a conversation takes. */
size_t appgw_scan_size(enum gate_proto proto)
{
	switch (proto) {
	case GATE_RTSP:
		return sizeof(struct rtsp_session);
	case GATE_PNA:
		return sizeof(struct pna_session);
	case GATE_MSN:
		return sizeof(struct msn_session);
	default:
		return sizeof(struct irc_session);
	}
}

void appgw_scan_copy(enum gate_proto proto, union gate_scan *to,
		     const union gate_scan *from)
{
	memcpy(to, from, appgw_scan_size(proto));
}

/**
 * appgw_scan_may_announce() - a glance: can an announcement be complete now?
 * @proto: the protocol
 * @data: what has come
 * @kept: the start of a line was kept back
 *
 * Return: false if there is none for sure
 */
bool appgw_scan_may_announce(enum gate_proto proto, struct span data,
			     bool kept)
{
	return proto != GATE_IRC || span_find(data, SCAN_CTCP) ||
	       (kept && span_find(data, '\n'));
}

/* How far does the line reach that @data begins with, or goes on with? 0 if its
 * end is yet to come.
 */
size_t appgw_scan_unit(enum gate_proto proto, const union gate_scan *scan,
		       bool from_client, struct span data)
{
	const u8 *nl;

	if (proto == GATE_RTSP)
		return appgw_rtsp_unit(&scan->rtsp, from_client, data);
	if (proto == GATE_PNA)
		return appgw_pna_unit(&scan->pna, from_client, data);
	if (proto == GATE_MSN)
		return appgw_msn_unit(&scan->msn, from_client, data);
	nl = span_find(data, '\n');
	return nl ? nl - data.at + 1 : 0;
}

/* How many bytes of the line @rest are sure to stay as they are; -1 if it can
 * announce nothing.
 */
int appgw_scan_want(enum gate_proto proto, const union gate_scan *scan,
		    bool from_client, struct span rest)
{
	if (proto == GATE_RTSP)
		return appgw_rtsp_want(&scan->rtsp, from_client, rest);
	if (proto == GATE_PNA)
		return appgw_pna_want(&scan->pna, from_client, rest);
	if (proto == GATE_MSN)
		return appgw_msn_want(&scan->msn, from_client, rest);
	return appgw_irc_want(&scan->irc, from_client, rest);
}

/* Takes in @part of a line that has no end yet. */
enum appgw_stat appgw_scan_feed(enum gate_proto proto, union gate_scan *scan,
				bool from_client, struct span part)
{
	if (proto == GATE_RTSP)
		return scan_rtsp_why(appgw_rtsp_feed(&scan->rtsp, from_client,
						     part), from_client);
	if (proto == GATE_PNA)
		return scan_pna_why(appgw_pna_feed(&scan->pna, from_client,
						   part));
	if (proto == GATE_MSN)
		return scan_msn_why(appgw_msn_feed(&scan->msn, from_client,
						   part), from_client);
	return scan_irc_why(appgw_irc_feed(&scan->irc, from_client, part));
}

/* Takes in a line; returns how many announcements it has, and where. */
unsigned int appgw_scan_line(enum gate_proto proto, union gate_scan *scan,
			     bool from_client, struct span rest, u16 *at,
			     unsigned int max, enum appgw_stat *why)
{
	enum rtsp_why rtsp_why;
	enum msn_why msn_why;
	enum pna_why pna_why;
	enum irc_why irc_why;
	unsigned int n;

	if (proto == GATE_RTSP) {
		n = appgw_rtsp_line(&scan->rtsp, from_client, rest, at, max,
				    &rtsp_why);
		*why = scan_rtsp_why(rtsp_why, from_client);
		return n;
	}
	if (proto == GATE_PNA) {
		n = appgw_pna_line(&scan->pna, from_client, rest, at, max,
				   &pna_why);
		*why = scan_pna_why(pna_why);
		return n;
	}
	if (proto == GATE_MSN) {
		n = appgw_msn_line(&scan->msn, from_client, rest, at, max,
				   &msn_why);
		*why = scan_msn_why(msn_why, from_client);
		return n;
	}
	n = appgw_irc_line(&scan->irc, from_client, rest, at, max, &irc_why);
	*why = scan_irc_why(irc_why);
	return n;
}
