/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RTSP_PENDING_H
#define APPGW_RTSP_PENDING_H

#include "rtsp_state.h"

/* The method of the request that has that number, if it waits; else RTSP_METHOD_NONE */
static inline uint8_t rtsp_pending(const struct rtsp_session *rs, uint32_t request)
{
	return rs->pending[request % RTSP_PENDING_MAX] & ~RTSP_NO_CSEQ;
}

bool appgw_rtsp_is_pending(const struct rtsp_session *rs, uint8_t method);
uint32_t appgw_rtsp_find_answered(const struct rtsp_session *rs,
				  const struct rtsp_side *side);
void appgw_rtsp_add_pending(struct rtsp_session *rs, struct rtsp_side *side);

#endif /* APPGW_RTSP_PENDING_H */
