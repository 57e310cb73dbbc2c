/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_MSN_SCAN_H
#define APPGW_MSN_SCAN_H

#include "msn_state.h"

size_t appgw_msn_unit(const void *st, bool from_client, struct span data);
int appgw_msn_want(const void *st, bool from_client, struct span rest);
enum scan_why appgw_msn_feed(void *st, bool from_client, struct span part);
unsigned int appgw_msn_line(void *st, bool from_client, struct span rest,
			    uint16_t *at, unsigned int max, enum scan_why *why);
bool appgw_msn_said(const struct msn_session *ms, bool from_client,
		    struct msn_said *said);
bool appgw_msn_packet(const struct msn_session *ms, bool from_client,
		      struct span rest, struct msn_packet *packet);

#endif /* APPGW_MSN_SCAN_H */
