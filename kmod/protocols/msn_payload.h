/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_MSN_PAYLOAD_H
#define APPGW_MSN_PAYLOAD_H

#include "msn_state.h"

/**
 * struct msn_pass - bytes on their way through the functions below
 * @ms: the conversation
 * @side: the direction's
 * @from_client: which one that is
 * @unit: announcements found, and why the conversation was given up just now
 * @mark: offset of the command under way; valid unless it is MSN_GONE
 */
struct msn_pass {
	struct msn_session *ms;
	struct msn_side *side;
	bool from_client;
	struct scan_unit *unit;
	size_t mark;
};

void appgw_msn_payload(struct msn_pass *p, uint8_t c);

#endif /* APPGW_MSN_PAYLOAD_H */
