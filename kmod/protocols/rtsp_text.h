/* SPDX-License-Identifier: GPL-2.0-only */
/* What rtsp_text.c, rtsp_line.c and rtsp_scan.c have in common, and nobody else. */
#ifndef APPGW_RTSP_TEXT_H
#define APPGW_RTSP_TEXT_H

#include "rtsp_value.h"

/* First words that are no method of RTSP. */
enum rtsp_verb {
	RTSP_VERB_REPLY = RTSP_METHOD_TEARDOWN + 1,
	RTSP_VERB_HTTP,
};

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

bool appgw_rtsp_may_announce(const struct rtsp_pass *p);
size_t appgw_rtsp_step(struct rtsp_pass *p, struct span s, size_t i);
size_t appgw_rtsp_plain_len(struct span s, uint8_t limit, uint8_t stop);
void appgw_rtsp_take_start(struct rtsp_pass *p, uint8_t method, uint16_t status);
void appgw_rtsp_take_end(struct rtsp_pass *p);
size_t appgw_rtsp_take_header(struct rtsp_pass *p, uint8_t word, struct span value,
			      size_t len);
size_t appgw_rtsp_line(struct rtsp_pass *p, struct span s);

#endif /* APPGW_RTSP_TEXT_H */
