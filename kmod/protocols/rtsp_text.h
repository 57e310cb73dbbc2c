/* SPDX-License-Identifier: GPL-2.0-only */
/* What rtsp_text.c and rtsp_scan.c have in common, and nobody else. */
#ifndef APPGW_RTSP_TEXT_H
#define APPGW_RTSP_TEXT_H

#include "rtsp_state.h"

/**
 * struct rtsp_pass - bytes on their way through the functions below
 * @rs: the conversation
 * @side: the direction's
 * @from_client: which one that is
 * @why: why it was given up just now
 * @mark: offset of the header under way; valid unless it is RTSP_GONE
 */
struct rtsp_pass {
	struct rtsp_session *rs;
	struct rtsp_side *side;
	bool from_client;
	enum scan_why why;
	size_t mark;
};

static inline bool rtsp_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

bool appgw_rtsp_may_announce(const struct rtsp_pass *p);
bool appgw_rtsp_is_pending(const struct rtsp_session *rs, uint8_t method);
size_t appgw_rtsp_step(struct rtsp_pass *p, struct span s, size_t i);

#endif /* APPGW_RTSP_TEXT_H */
