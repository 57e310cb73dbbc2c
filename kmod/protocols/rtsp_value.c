// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: read what headers say, byte by byte: numbers, sessions, and if media come in
 * datagrams.
 */

#include "rtsp_value.h"
#include "spell.h"

/* Greatest CSeq and length, and what a longer timeout is taken for, seconds. */
#define RTSP_NUMBER_MAX		0xffffffffu
#define RTSP_TIMEOUT_MAX	0xffffu

/* Read a byte of a value that is a number. */
static void rtsp_digit(struct rtsp_side *side, uint8_t c)
{
	if (rtsp_is_blank(c)) {
		if (side->n && side->n < RTSP_N_END)
			side->n = RTSP_N_END;
	} else if (!span_is_digit(c) || side->n >= RTSP_N_END ||
		   side->number > (RTSP_NUMBER_MAX - (c - '0')) / 10) {
		side->n = RTSP_N_BAD;
	} else {
		side->number = side->number * 10 + (c - '0');
		side->n = 1;
	}
}

/* Read a byte of Session's value: "id;timeout=60". FNV-1a tells identifiers apart:
 * two with the same sum harm but the sessions of their own maker.
 */
static void rtsp_session_byte(struct rtsp_side *side, uint8_t c)
{
	uint8_t letters = side->n - RTSP_SESSION_PARAM;

	if (c == ';') {
		side->n = RTSP_SESSION_PARAM;
	} else if (side->n <= RTSP_SESSION_ID) {
		if (rtsp_is_blank(c)) {
			side->n = side->n ? RTSP_SESSION_OTHER : 0;
			return;
		}
		if (!side->n)
			side->session = 2166136261u;
		side->session = (side->session ^ c) * 16777619u;
		side->n = RTSP_SESSION_ID;
	} else if (side->n == RTSP_SESSION_DIGITS) {
		if (!span_is_digit(c)) {
			side->n = RTSP_SESSION_OTHER;
			return;
		}
		side->number = side->number * 10 + (c - '0');
		if (side->number > RTSP_TIMEOUT_MAX)
			side->number = RTSP_TIMEOUT_MAX;
		side->timeout = side->number;
	} else if (side->n != RTSP_SESSION_OTHER) {
		if (!letters && rtsp_is_blank(c))
			return;
		side->n = span_lower(c) == RTSP_TIMEOUT[letters] ?
			  side->n + 1 : RTSP_SESSION_OTHER;
		if (side->n == RTSP_SESSION_DIGITS)
			side->number = 0;
	}
}

/* Read a byte of Transport's value. */
static void rtsp_transport_byte(struct rtsp_side *side, uint8_t c)
{
	c = span_lower(c);
	if (c != RTSP_LOWER_TCP[side->n])
		side->n = c == RTSP_LOWER_TCP[0];
	else if (++side->n == sizeof(RTSP_LOWER_TCP) - 1)
		side->flags |= RTSP_TCP;
	if (side->n == sizeof(RTSP_LOWER_TCP) - 1)
		side->n = 0;
}

/**
 * appgw_rtsp_line_end() - end a line of a head
 * @side: the direction's
 *
 * What nobody asks about leaves nothing behind.
 */
void appgw_rtsp_line_end(struct rtsp_side *side)
{
	side->at = RTSP_AT_HEADER;
	if (side->word != SPELL_UNKNOWN)
		return;
	side->n = 0;
	side->number = 0;
}

/**
 * appgw_rtsp_value() - read a byte of a header's value
 * @side: the direction's
 * @c: the byte
 */
void appgw_rtsp_value(struct rtsp_side *side, uint8_t c)
{
	if (c == '\n')
		appgw_rtsp_line_end(side);
	else if (side->word == RTSP_HEADER_LENGTH ||
		 side->word == RTSP_HEADER_CSEQ)
		rtsp_digit(side, c);
	else if (side->word == RTSP_HEADER_SESSION)
		rtsp_session_byte(side, c);
	else if (side->word == RTSP_HEADER_TRANSPORT)
		rtsp_transport_byte(side, c);
}
