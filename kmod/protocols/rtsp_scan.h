/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RTSP_SCAN_H
#define APPGW_RTSP_SCAN_H

#include "rtsp_state.h"

size_t appgw_rtsp_unit(const void *st, bool from_client, struct span data);
int appgw_rtsp_want(const void *st, bool from_client, struct span rest);
enum scan_why appgw_rtsp_feed(void *st, bool from_client, struct span part);
unsigned int appgw_rtsp_line(void *st, bool from_client, struct span rest,
			     uint16_t *at, unsigned int max,
			     enum scan_why *why);
bool appgw_rtsp_said(const struct rtsp_session *rs, bool from_client,
		     struct rtsp_said *said);
bool appgw_rtsp_is_settled(const struct rtsp_session *rs);

#endif /* APPGW_RTSP_SCAN_H */
