// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: find out which headers announce where media goes, and whether the
 * conversation is one of RTSP at all.
 *
 * What is announced is for others to read. Nothing here touches an skb, a lock
 * or the heap, so the unit tests and the fuzzer link this file unchanged.
 *
 * A stream of RTSP is taken apart into units: a line, one with its continuation
 * lines if it is a header that announces something, or what has come of a frame
 * or a body.
 */

#include "rtsp_scan.h"
#include "rtsp_pending.h"
#include "rtsp_text.h"

static bool rtsp_is_binary(const struct rtsp_side *side)
{
	return side->at == RTSP_AT_FRAME || side->at == RTSP_AT_SKIP;
}

/* Begin to read what @from_client says in a conversation. */
static struct rtsp_pass rtsp_pass(struct rtsp_session *rs, bool from_client)
{
	return (struct rtsp_pass){
		.rs = rs, .side = &rs->side[from_client],
		.from_client = from_client,
	};
}

/* Read on until a unit ends; return its length, 0 if its end is yet to come. */
static size_t rtsp_unit(struct rtsp_pass *p, struct span data)
{
	size_t i = 0;

	while (i < data.len) {
		bool binary = rtsp_is_binary(p->side);

		i += appgw_rtsp_step(p, data, i);
		if (p->rs->over)
			return i;
		if (binary ? rtsp_is_binary(p->side) : data.at[i - 1] != '\n')
			continue;
		/* only what is next tells whether a header is complete */
		if (!appgw_rtsp_may_announce(p) ||
		    (i < data.len && !rtsp_is_blank(data.at[i])))
			return i;
	}
	return rtsp_is_binary(p->side) ? data.len : 0;
}

/* Read a unit that may have no end yet; what is said then is to be said again. */
static noinline void rtsp_read_closely(struct rtsp_session *rs, struct rtsp_pass *p,
				       struct span data, struct scan_unit *unit)
{
	struct rtsp_session before = *rs;

	unit->len = rtsp_unit(p, data);
	if (unit->len)
		return;
	unit->safe = appgw_rtsp_may_announce(p) ? (int)p->mark : -1;
	*rs = before;
}

/**
 * appgw_rtsp_read() - take in a unit; see struct gate_scan_ops
 * @st: the conversation
 * @from_client: whose it is
 * @data: what begins with the unit, or with what is left of it
 * @unit: filled in; an announcement is where the name of a header is, which reaches to
 *	the unit's end
 */
void appgw_rtsp_read(void *st, bool from_client, struct span data,
		     struct scan_unit *unit)
{
	struct rtsp_session *rs = st;
	struct rtsp_pass p = rtsp_pass(rs, from_client);

	unit->count = 0;
	unit->len = appgw_rtsp_line(&p, data);
	if (!unit->len)
		rtsp_read_closely(rs, &p, data, unit);
	unit->why = p.why;
	if (unit->len && p.side->at == RTSP_AT_HEADER && appgw_rtsp_may_announce(&p)) {
		scan_unit_add(unit, p.mark);
		p.side->flags |= RTSP_GONE;
	}
}

/**
 * appgw_rtsp_feed() - take in a piece of a unit that has no end yet
 * @st: the conversation
 * @from_client: whose it is
 * @part: bytes that have gone on as they are
 *
 * Return: why the conversation is to be given up, or SCAN_WHY_NONE
 */
enum scan_why appgw_rtsp_feed(void *st, bool from_client, struct span part)
{
	struct rtsp_pass p = rtsp_pass(st, from_client);
	size_t i = 0;

	while (i < part.len)
		i += appgw_rtsp_step(&p, part, i);
	/* what has begun to go on can't be edited any more */
	if (part.len && p.side->at >= RTSP_AT_HEADER)
		p.side->flags |= RTSP_GONE;
	return p.why;
}

/**
 * appgw_rtsp_said() - what was the message about whose head has just ended?
 * @rs: the conversation
 * @from_client: whose message it is
 * @said: filled in
 *
 * To be asked behind appgw_rtsp_read().
 *
 * Return: false if it isn't where a head has ended
 */
bool appgw_rtsp_said(const struct rtsp_session *rs, bool from_client,
		     struct rtsp_said *said)
{
	const struct rtsp_side *side = &rs->side[from_client];

	*said = (struct rtsp_said){
		.method = side->method,
		.reply = side->flags & RTSP_REPLY,
		.status = side->status,
		.request = side->request,
		.session = side->session,
		.timeout = side->timeout,
		.transport = side->flags & RTSP_TRANSPORT,
		.tcp = side->flags & RTSP_TCP,
	};
	return side->flags & RTSP_ENDED;
}

/**
 * appgw_rtsp_is_settled() - is there nothing left to announce?
 * @rs: the conversation
 *
 * Return: true if all streams are in the connection itself and have been
 * started. A later SETUP could add one beside it; nobody is known to do that
 */
bool appgw_rtsp_is_settled(const struct rtsp_session *rs)
{
	return rs->interleaved && !rs->datagrams && rs->playing &&
	       !appgw_rtsp_is_pending(rs, RTSP_METHOD_SETUP);
}
