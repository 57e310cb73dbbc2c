// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/rtsp_text.c: whatever was said before, any byte leads to a state that
 * can be gone on from. That is so for each byte alone, so for any number of them.
 */

#include "spell_promise.h"
#include "../../kmod/protocols/rtsp_pending.c"
#include "../../kmod/protocols/rtsp_text.c"
#include "../../kmod/protocols/rtsp_value.c"

#define RTSP_LEN	2

/* Can the value of a header be gone on with? */
static bool is_value(const struct rtsp_side *side)
{
	if (side->word == RTSP_HEADER_SESSION)
		return side->n <= RTSP_SESSION_DIGITS;
	return side->word != RTSP_HEADER_TRANSPORT ||
	       side->n < sizeof(RTSP_LOWER_TCP) - 1;
}

/* Holds at the beginning, and behind every byte: prove_step(). */
static bool is_side(const struct rtsp_side *side)
{
	if (side->at > RTSP_AT_VALUE)
		return false;
	if (side->at >= RTSP_AT_VERB && side->at <= RTSP_AT_REASON &&
	    side->headers)
		return false;
	switch (side->at) {
	case RTSP_AT_FRAME:
		return side->n < RTSP_FRAME_HEAD;
	case RTSP_AT_SKIP:
		return side->left;
	case RTSP_AT_VERB:
		return !side->status &&
		       is_spelled(rtsp_verbs, ARRAY_SIZE(rtsp_verbs),
				  side->word, side->n);
	case RTSP_AT_STATUS:
		return side->n <= RTSP_STATUS_DIGITS &&
		       side->status < (side->n == 0 ? 1 : side->n == 1 ? 10 :
				       side->n == 2 ? 100 : 1000);
	case RTSP_AT_REQUEST:
		return side->n <= RTSP_VERSION_LEN || side->n == RTSP_N_BAD;
	case RTSP_AT_NAME:
		return is_spelled(rtsp_headers, ARRAY_SIZE(rtsp_headers),
				  side->word, side->n);
	case RTSP_AT_HEADER:
		/* behind the first line it is not a header's yet */
		return !side->headers || is_value(side);
	case RTSP_AT_VALUE:
		return is_value(side);
	}
	return true;
}

static struct rtsp_session any_session(void)
{
	struct rtsp_session rs;

	given(is_side(&rs.side[0]) && is_side(&rs.side[1]));
	return rs;
}

static bool is_session(const struct rtsp_session *rs)
{
	return rs->over || (is_side(&rs->side[0]) && is_side(&rs->side[1]));
}

void prove_step(void)
{
	uint8_t buf[RTSP_LEN];
	struct rtsp_session rs = any_session();
	bool from_client = nondet_bool();
	struct span s = any_span(buf, sizeof(buf));
	struct rtsp_pass p = {
		.rs = &rs, .side = &rs.side[from_client],
		.from_client = from_client,
	};
	size_t n;

	given(s.len);
	n = appgw_rtsp_step(&p, s, 0);
	prove(n > 0 && n <= s.len);
	prove(is_session(&rs));
}

/* A reply is for a request that waits, and there is one if any waits. */
void prove_answered(void)
{
	struct rtsp_session rs = any_session();
	uint32_t request = appgw_rtsp_find_answered(&rs, &rs.side[0]);
	int i;

	/* numbers are counted from 1, and as many as 2^32 nobody asks */
	given(rs.asked >= RTSP_PENDING_MAX);
	if (request)
		prove(rtsp_pending(&rs, request) &&
		      rs.asked - request < RTSP_PENDING_MAX);
	else
		for (i = 0; i < RTSP_PENDING_MAX; i++)
			prove(!rtsp_pending(&rs, i));
}

void prove_words(void)
{
	prove_spell(rtsp_verbs, ARRAY_SIZE(rtsp_verbs));
	prove_spell(rtsp_headers, ARRAY_SIZE(rtsp_headers));
}
