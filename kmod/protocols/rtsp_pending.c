// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: requests that wait for their replies. */

#include "rtsp_pending.h"

/* Find the request that waits for its reply and has that CSeq; 0 if none has. */
static uint32_t rtsp_find_cseq(const struct rtsp_session *rs, uint32_t cseq)
{
	int i;

	for (i = 0; i < RTSP_PENDING_MAX; i++) {
		uint32_t request = rs->asked - i;
		uint8_t at = request % RTSP_PENDING_MAX;

		if (rs->pending[at] != RTSP_METHOD_NONE &&
		    !(rs->pending[at] & RTSP_NO_CSEQ) && rs->cseq[at] == cseq)
			return request;
	}
	return 0;
}

/**
 * appgw_rtsp_find_answered() - find the request that a reply answers
 * @rs: the conversation
 * @side: the server's, with the reply's CSeq
 *
 * Cameras leave that out, or give another; but a client mostly waits for a reply before
 * it goes on, and replies come in the order of the requests (RFC 2326 section 9.1).
 *
 * Return: its number, 0 if none waits
 */
uint32_t appgw_rtsp_find_answered(const struct rtsp_session *rs,
				  const struct rtsp_side *side)
{
	uint32_t request = 0;
	int i;

	if (side->flags & RTSP_HAS_CSEQ)
		request = rtsp_find_cseq(rs, side->cseq);
	for (i = RTSP_PENDING_MAX - 1; !request && i >= 0; i--)
		if (rtsp_pending(rs, rs->asked - i) != RTSP_METHOD_NONE)
			request = rs->asked - i;
	return request;
}

/**
 * appgw_rtsp_is_pending() - tell if a request waits for its reply
 * @rs: the conversation
 * @method: enum rtsp_method of the request
 *
 * Return: true if so
 */
bool appgw_rtsp_is_pending(const struct rtsp_session *rs, uint8_t method)
{
	int i;

	for (i = 0; i < RTSP_PENDING_MAX; i++)
		if (rtsp_pending(rs, i) == method)
			return true;
	return false;
}

/**
 * appgw_rtsp_add_pending() - remember what the client has asked for
 * @rs: the conversation
 * @side: the client's, with the request
 *
 * One that it asks once more takes the place of the first.
 */
void appgw_rtsp_add_pending(struct rtsp_session *rs, struct rtsp_side *side)
{
	bool has_cseq = side->flags & RTSP_HAS_CSEQ;
	uint32_t request = has_cseq ? rtsp_find_cseq(rs, side->cseq) : 0;
	uint8_t at;

	if (!request)
		request = ++rs->asked ?: ++rs->asked;
	at = request % RTSP_PENDING_MAX;
	rs->cseq[at] = side->cseq;
	rs->pending[at] = side->method | (has_cseq ? 0 : RTSP_NO_CSEQ);
	side->request = request;
}
