/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_MMS_SCAN_H
#define APPGW_MMS_SCAN_H

#include "framed.h"

#define MMS_LENGTH_AT		8	/* of a message's length */
#define MMS_UNIT		8	/* it is a multiple of that */

/* What a message is, its direction included. */
#define MMS_CONNECT		0x00030001	/* the client's first one */
#define MMS_CONNECT_FUNNEL	0x00030002	/* where it wants what is played */
#define MMS_FUNNEL_AGREED	0x00040002
#define MMS_FUNNEL_REFUSED	0x00040003

/**
 * struct mms_session - what was said so far
 * @framed: by direction
 * @said: of those above, what the last message was; 0 for any other
 * @asked: the client has asked for a funnel that has not been answered
 * @agreed: the server has agreed to one: what it says from then on is anything
 *
 * Zero at the beginning. Can be copied to see what bytes would do.
 */
struct mms_session {
	struct framed framed[2];
	uint32_t said;
	bool asked;
	bool agreed;
};

void appgw_mms_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit);
enum scan_why appgw_mms_feed(void *st, bool from_client, struct span part);

#endif /* APPGW_MMS_SCAN_H */
