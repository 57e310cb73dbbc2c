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
#include "rtsp_text.h"

/* Tell if the line has ended that a header which counts is in. @next is what is
 * behind it: a header goes on in the next line if that begins with a blank.
 */
static void rtsp_announce(struct rtsp_pass *p, struct span next)
{
	if (p->side->at != RTSP_AT_HEADER || !appgw_rtsp_may_announce(p) ||
	    (next.len && rtsp_is_blank(next.at[0])))
		return;
	if (p->count < RTSP_ANNOUNCEMENTS_MAX)
		p->at[p->count++] = p->mark;
	p->side->flags |= RTSP_GONE;
}

static void rtsp_read(struct rtsp_pass *p, struct span s)
{
	size_t i = 0;

	while (i < s.len) {
		i += appgw_rtsp_step(p, s, i);
		rtsp_announce(p, (struct span){ s.at + i, s.len - i });
	}
}

static bool rtsp_is_binary(const struct rtsp_side *side)
{
	return side->at == RTSP_AT_FRAME || side->at == RTSP_AT_SKIP;
}

/**
 * appgw_rtsp_unit() - how far does the next unit reach?
 * @st: the conversation
 * @from_client: whose bytes these are
 * @data: what there is of them, without what has been fed
 *
 * Return: length of the unit at the start of @data, for appgw_rtsp_line(); 0 if
 * it has no end yet: then appgw_rtsp_want() tells what is to be kept
 */
size_t appgw_rtsp_unit(const void *st, bool from_client, struct span data)
{
	const struct rtsp_session *rs = st;
	struct rtsp_session ahead = *rs;
	struct rtsp_pass p = {
		.rs = &ahead, .side = &ahead.side[from_client],
		.from_client = from_client,
	};
	size_t i = 0;

	while (i < data.len) {
		bool binary = rtsp_is_binary(p.side);

		i += appgw_rtsp_step(&p, data, i);
		if (ahead.over)
			return i;
		if (binary ? rtsp_is_binary(p.side) : data.at[i - 1] != '\n')
			continue;
		/* only what is next tells whether a header is complete */
		if (!appgw_rtsp_may_announce(&p) ||
		    (i < data.len && !rtsp_is_blank(data.at[i])))
			return i;
	}
	return rtsp_is_binary(p.side) ? data.len : 0;
}

/**
 * appgw_rtsp_want() - may an announcement come in this unit?
 * @st: the conversation
 * @from_client: whose it is
 * @rest: what there is of it so far, without what has been fed
 *
 * Return: how many bytes of @rest are sure to stay as they are, or -1 if no
 * announcement can come in this unit any more
 */
int appgw_rtsp_want(const void *st, bool from_client, struct span rest)
{
	const struct rtsp_session *rs = st;
	struct rtsp_session ahead = *rs;
	struct rtsp_pass p = {
		.rs = &ahead, .side = &ahead.side[from_client],
		.from_client = from_client,
	};
	size_t i = 0;

	while (i < rest.len)
		i += appgw_rtsp_step(&p, rest, i);
	return appgw_rtsp_may_announce(&p) ? (int)p.mark : -1;
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
	struct rtsp_session *rs = st;
	struct rtsp_pass p = {
		.rs = rs, .side = &rs->side[from_client],
		.from_client = from_client,
	};
	size_t i = 0;

	while (i < part.len)
		i += appgw_rtsp_step(&p, part, i);
	/* what has begun to go on can't be edited any more */
	if (part.len && p.side->at >= RTSP_AT_HEADER)
		p.side->flags |= RTSP_GONE;
	return p.why;
}

/**
 * appgw_rtsp_line() - take in a unit
 * @st: the conversation
 * @from_client: whose it is
 * @rest: the unit, without what has been fed
 * @at: filled in with the offset in @rest of each header that announces
 *	something, its name included; it reaches to the end of @rest
 * @max: how many there is room for
 * @why: why the conversation is to be given up, or SCAN_WHY_NONE
 *
 * Return: number of announcements
 */
unsigned int appgw_rtsp_line(void *st, bool from_client, struct span rest,
			     uint16_t *at, unsigned int max, enum scan_why *why)
{
	struct rtsp_session *rs = st;
	struct rtsp_pass p = {
		.rs = rs, .side = &rs->side[from_client],
		.from_client = from_client,
	};
	unsigned int i;

	rtsp_read(&p, rest);
	*why = p.why;
	for (i = 0; i < p.count && i < max; i++)
		at[i] = p.at[i];
	return i;
}

/**
 * appgw_rtsp_said() - what was the message about whose head has just ended?
 * @rs: the conversation
 * @from_client: whose message it is
 * @said: filled in
 *
 * To be asked behind appgw_rtsp_line().
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
