/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RTSP_SCAN_H
#define APPGW_RTSP_SCAN_H

#include "rtsp_state.h"

void appgw_rtsp_read(void *st, bool from_client, struct span data,
		     struct scan_unit *unit);
enum scan_why appgw_rtsp_feed(void *st, bool from_client, struct span part);
bool appgw_rtsp_said(const struct rtsp_session *rs, bool from_client,
		     struct rtsp_said *said);
bool appgw_rtsp_is_settled(const struct rtsp_session *rs);

#endif /* APPGW_RTSP_SCAN_H */
