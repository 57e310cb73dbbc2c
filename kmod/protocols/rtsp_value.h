/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RTSP_VALUE_H
#define APPGW_RTSP_VALUE_H

#include "rtsp_state.h"

enum rtsp_header {
	RTSP_HEADER_LENGTH,
	RTSP_HEADER_CSEQ,
	RTSP_HEADER_SESSION,
	RTSP_HEADER_TRANSPORT,
	RTSP_HEADER_COOKIE,
};

/* Values of rtsp_side.n for what is none of what was looked for, and for a
 * number that has come to its end.
 */
#define RTSP_N_BAD		0xff
#define RTSP_N_END		0xfe

/* Of rtsp_side.n in the value of Session: in front of the identifier, in it,
 * in parameters that don't matter, and in front of one, with the letters of
 * RTSP_TIMEOUT that have come; behind those are its digits.
 */
#define RTSP_TIMEOUT		"timeout="
#define RTSP_SESSION_ID		1
#define RTSP_SESSION_OTHER	2
#define RTSP_SESSION_PARAM	3
#define RTSP_SESSION_DIGITS \
	(RTSP_SESSION_PARAM + sizeof(RTSP_TIMEOUT) - 1)

/* In a Transport header: no datagrams. */
#define RTSP_LOWER_TCP		"/tcp"

static inline bool rtsp_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Tell if the value of a header was a number. */
static inline bool rtsp_has_number(const struct rtsp_side *side)
{
	return side->n && side->n != RTSP_N_BAD;
}

void appgw_rtsp_value(struct rtsp_side *side, uint8_t c);
void appgw_rtsp_line_end(struct rtsp_side *side);

#endif /* APPGW_RTSP_VALUE_H */
