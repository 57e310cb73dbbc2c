/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_WHEN_H
#define APPGWCTL_WHEN_H

#include <stdbool.h>
#include <time.h>

/* What it takes, for an error */
#define WHEN_FORMS	\
	"10m, 2h, 1d, 14:30 or 2026-11-29T14:30, up to now"

bool when_read(const char *text, time_t *when, long *us);
bool when_parse(const char *text, time_t now, time_t *when);

#endif /* APPGWCTL_WHEN_H */
