// SPDX-License-Identifier: GPL-2.0-only
/* A protocol that nobody speaks: "HELLO toy" comes first, and "LISTEN ADDRESS PORT" is
 * an announcement of the client's.
 */

#include "toy_scan.h"

/**
 * appgw_toy_want() - tell how much of an unfinished line stays as it is
 * @st: the conversation
 * @from_client: direction
 * @rest: line so far
 *
 * Return: bytes, or -1 if it can announce nothing
 */
int appgw_toy_want(const void *st, bool from_client, struct span rest)
{
	static const char word[] = "LISTEN ";
	const struct toy_session *ts = st;
	size_t n = rest.len < sizeof(word) - 1 ? rest.len : sizeof(word) - 1;

	if (ts->over || ts->inside[from_client] || !from_client ||
	    memcmp(rest.at, word, n))
		return -1;
	return 0;
}

/**
 * appgw_toy_feed() - take in a part of an unfinished line
 * @st: the conversation
 * @from_client: direction
 * @part: bytes that have gone on as they are
 *
 * Return: SCAN_WHY_NONE
 */
enum scan_why appgw_toy_feed(void *st, bool from_client, struct span part)
{
	struct toy_session *ts = st;

	ts->inside[from_client] |= part.len;
	return SCAN_WHY_NONE;
}

/**
 * appgw_toy_line() - take in a line
 * @st: the conversation
 * @from_client: direction
 * @rest: line, without what has been fed
 * @at: set to the offset of its announcement
 * @max: room in @at
 * @why: set to why the connection is given up
 *
 * Return: number of announcements
 */
unsigned int appgw_toy_line(void *st, bool from_client, struct span rest,
			    uint16_t *at, unsigned int max, enum scan_why *why)
{
	struct toy_session *ts = st;
	bool inside = ts->inside[from_client];

	*why = SCAN_WHY_NONE;
	ts->inside[from_client] = false;
	if (ts->over || inside || !from_client)
		return 0;
	if (!ts->greeted && !span_eat_word(&rest, "hello toy")) {
		ts->over = true;
		*why = SCAN_WHY_NOT_CLIENT;
		return 0;
	}
	ts->greeted = true;
	if (!max || !span_eat_word(&rest, "listen "))
		return 0;
	at[0] = 0;
	return 1;
}
