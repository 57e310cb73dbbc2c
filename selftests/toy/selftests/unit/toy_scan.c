// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/toy_scan.c: the file is found and linked. */

#include "../../kmod/protocols/toy_scan.h"
#include "tap.h"

static unsigned int say(struct toy_session *ts, const char *text,
			enum scan_why *why)
{
	struct span line = { (const uint8_t *)text, strlen(text) };
	struct scan_unit unit;

	appgw_toy_read(ts, true, line, &unit);
	*why = unit.why;
	return unit.count;
}

int main(void)
{
	struct toy_session ts = { .over = false };
	enum scan_why why;

	tap_plan(1);
	tap_begin("an announcement counts behind the greeting");
	tap_check(!say(&ts, "HELLO toy\n", &why) && why == SCAN_WHY_NONE,
		  "the greeting: %d", why);
	tap_check(say(&ts, "LISTEN 10.0.0.1 5000\n", &why) == 1,
		  "the announcement: %d", why);
	ts = (struct toy_session){ .over = false };
	tap_check(!say(&ts, "LISTEN 10.0.0.1 5000\n", &why) &&
		  why == SCAN_WHY_NOT_CLIENT, "without it: %d", why);
	tap_end();
	return tap_finish();
}
