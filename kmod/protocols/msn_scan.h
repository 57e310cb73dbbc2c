/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_MSN_SCAN_H
#define APPGW_MSN_SCAN_H

#include "msn_state.h"

void appgw_msn_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit);
enum scan_why appgw_msn_feed(void *st, bool from_client, struct span part);
bool appgw_msn_said(const struct msn_session *ms, bool from_client,
		    struct msn_said *said);
bool appgw_msn_packet(const struct msn_session *ms, bool from_client,
		      struct span rest, struct msn_packet *packet);

#endif /* APPGW_MSN_SCAN_H */
