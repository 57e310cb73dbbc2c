/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_TOY_SCAN_H
#define APPGW_TOY_SCAN_H

#include "appgw/scan.h"
#include "appgw/span.h"

/**
 * struct toy_session - what was said so far
 * @inside: by direction, 1 for the client's: the start of the line has gone on
 * @greeted: the client has said what it speaks
 * @over: not for us any more
 */
struct toy_session {
	bool inside[2];
	bool greeted;
	bool over;
};

void appgw_toy_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit);
enum scan_why appgw_toy_feed(void *st, bool from_client, struct span part);

#endif /* APPGW_TOY_SCAN_H */
