// SPDX-License-Identifier: GPL-2.0-only
/* A protocol that nobody speaks: "HELLO toy" comes first, and "LISTEN ADDRESS PORT" is
 * an announcement of the client's.
 */

#include "toy_scan.h"

/* Tell how much of a line that has no end yet stays as it is; -1 if it can announce
 * nothing.
 */
static int toy_want(const struct toy_session *ts, bool from_client,
		    struct span rest)
{
	static const char word[] = "LISTEN ";
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
 * appgw_toy_read() - take in a line; see struct gate_scan_ops
 * @st: the conversation
 * @from_client: direction
 * @data: what begins with the line, or with what is left of it
 * @unit: filled in
 */
void appgw_toy_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit)
{
	struct toy_session *ts = st;
	bool inside = ts->inside[from_client];

	*unit = (struct scan_unit){ .len = span_line_len(data) };
	if (!unit->len) {
		unit->safe = toy_want(ts, from_client, data);
		return;
	}
	ts->inside[from_client] = false;
	if (ts->over || inside || !from_client)
		return;
	if (!ts->greeted && !span_eat_word(&data, "hello toy")) {
		ts->over = true;
		unit->why = SCAN_WHY_NOT_CLIENT;
		return;
	}
	ts->greeted = true;
	if (span_eat_word(&data, "listen "))
		scan_unit_add(unit, 0);
}
