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

int appgw_toy_want(const void *st, bool from_client, struct span rest);
enum scan_why appgw_toy_feed(void *st, bool from_client, struct span part);
unsigned int appgw_toy_line(void *st, bool from_client, struct span rest,
			    uint16_t *at, unsigned int max, enum scan_why *why);

#endif /* APPGW_TOY_SCAN_H */
