// SPDX-License-Identifier: GPL-2.0-only
/* MMS, Microsoft's protocol for media over TCP: where does a client ask for datagrams,
 * and what does the server answer?
 *
 * [MS-MMSP] 2.2.3. Each message says how long it is, and has marks of its own in its
 * head, which nobody who doesn't speak MMS says by chance. What a funnel is for and
 * where it leads, the daemon reads.
 *
 * Nothing here touches an skb, a lock or the heap: selftests/unit links this file
 * unchanged.
 */

#include "mms_scan.h"

#define MMS_LENGTH_LEN		4
#define MMS_LENGTH_BIAS		16
#define MMS_HEAD_LEN		40	/* up to what the message is */
#define MMS_ID_AT		36

/* Longest message, and the longest one that is kept back until its end is there
 * (STREAM_HOLD_MAX).
 */
#define MMS_MESSAGE_MAX		65536
#define MMS_FUNNEL_MAX		512

#define MMS_SESSION_AT		4
#define MMS_SESSION		0xb00bface
#define MMS_SEAL_AT		12
#define MMS_SEAL		0x20534d4d	/* "MMS " */

static uint32_t mms_id(struct span message)
{
	const uint8_t *at = message.at + MMS_ID_AT;

	return (uint32_t)at[3] << 24 | at[2] << 16 | at[1] << 8 | at[0];
}

/* Take in a request for a funnel, or the answer to one. */
static void mms_take(void *st, bool from_client, struct span whole,
		     struct scan_unit *unit)
{
	struct mms_session *ms = st;

	if (from_client && !ms->agreed) {
		ms->asked = true;
		ms->said = MMS_CONNECT_FUNNEL;
		scan_unit_add(unit, 0);
	} else if (!from_client && ms->asked) {
		ms->asked = false;
		ms->said = mms_id(whole);
		ms->agreed = ms->said == MMS_FUNNEL_AGREED;
	}
}

#define MMS_IS(client, ever, offset, bits, number) {			\
	.from_client	= client,					\
	.always		= ever,						\
	.little		= true,						\
	.at		= offset,					\
	.mask		= bits,						\
	.value		= number,					\
}

static const struct framed_rule mms_rule = {
	.form	= FRAMED_LENGTH,
	.length = {
		.at	= MMS_LENGTH_AT,
		.width	= MMS_LENGTH_LEN,
		.bias	= MMS_LENGTH_BIAS,
		.little	= true,
	},
	.max	= MMS_MESSAGE_MAX,
	.head	= MMS_HEAD_LEN,
	.hold_max = MMS_FUNNEL_MAX,
	.proof = {
		MMS_IS(true, true, MMS_SESSION_AT, ~0u, MMS_SESSION),
		MMS_IS(true, true, MMS_SEAL_AT, ~0u, MMS_SEAL),
		MMS_IS(true, false, MMS_ID_AT, ~0u, MMS_CONNECT),
		MMS_IS(false, true, MMS_SESSION_AT, ~0u, MMS_SESSION),
	},
	.want = {
		MMS_IS(true, true, MMS_ID_AT, ~0u, MMS_CONNECT_FUNNEL),
		MMS_IS(false, true, MMS_ID_AT,
		       ~(MMS_FUNNEL_AGREED ^ MMS_FUNNEL_REFUSED),
		       MMS_FUNNEL_AGREED),
	},
	.take	= mms_take,
};

/* Tell if it is what the server plays, which has messages in between. */
static bool mms_is_media(const struct mms_session *ms, bool from_client)
{
	return !from_client && ms->agreed;
}

/**
 * appgw_mms_read() - take in a message; see struct gate_scan_ops
 * @st: the conversation
 * @from_client: the client says it
 * @data: what it begins with, or what goes on with it
 * @unit: filled in; an announcement is where the message begins
 */
void appgw_mms_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit)
{
	struct mms_session *ms = st;
	uint32_t said = ms->said;

	unit->len = data.len;
	unit->count = 0;
	unit->why = SCAN_WHY_NONE;
	ms->said = 0;
	if (mms_is_media(ms, from_client))
		return;
	appgw_framed_read(&mms_rule, ms->framed, ms, from_client, data, unit);
	if (!unit->len)
		ms->said = said;
}

/**
 * appgw_mms_feed() - take in a part of a message that has no end yet
 * @st: the conversation
 * @from_client: the client says it
 * @part: the part
 *
 * Return: why the connection is to be given up
 */
enum scan_why appgw_mms_feed(void *st, bool from_client, struct span part)
{
	struct mms_session *ms = st;

	if (mms_is_media(ms, from_client))
		return SCAN_WHY_NONE;
	return appgw_framed_feed(&mms_rule, ms->framed, ms, from_client, part);
}
