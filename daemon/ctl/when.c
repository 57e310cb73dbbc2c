// SPDX-License-Identifier: GPL-2.0-only
/* Times as people give them: 10m ago, 14:30, 2026-11-29T14:30:00+01:00. */

#include <string.h>

#include "../include/appgw/span.h"
#include "when.h"

#define WHEN_DAY_S	(24 * 3600)

/* Longest time back: ten years */
#define WHEN_AGO_MAX_S	(10ull * 366 * WHEN_DAY_S)

#define WHEN_US_DIGITS	6

/* Read "10m": so long ago. */
static bool when_ago(struct span s, time_t now, time_t *when)
{
	static const struct {
		char unit;
		uint32_t s;
	} units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', WHEN_DAY_S },
	};
	uint32_t n;
	unsigned int i;

	if (!span_eat_uint(&s, 9, 999999999, &n))
		return false;
	for (i = 0; i < ARRAY_SIZE(units); i++)
		if (span_eat_char(&s, units[i].unit))
			break;
	if (i == ARRAY_SIZE(units) || s.len ||
	    (unsigned long long)n * units[i].s > WHEN_AGO_MAX_S)
		return false;
	*when = now - (time_t)((unsigned long long)n * units[i].s);
	return true;
}

/* Read a fraction of a second, 9 digits at most, behind its point. */
static bool when_fraction(struct span *s, long *us)
{
	size_t digits = s->len;
	uint32_t n;

	if (!span_eat_uint(s, 9, 999999999, &n))
		return false;
	for (digits -= s->len; digits > WHEN_US_DIGITS; digits--)
		n /= 10;
	for (; digits < WHEN_US_DIGITS; digits++)
		n *= 10;
	*us = n;
	return true;
}

/* Read HH:MM, HH:MM:SS or HH:MM:SS.FRACTION into @tm and @us. */
static bool when_clock(struct span *s, struct tm *tm, long *us)
{
	uint32_t hour, minute, second = 0;

	*us = 0;
	if (!span_eat_uint(s, 2, 23, &hour) || !span_eat_char(s, ':') ||
	    !span_eat_uint(s, 2, 59, &minute))
		return false;
	if (span_eat_char(s, ':') &&
	    (!span_eat_uint(s, 2, 60, &second) ||
	     (span_eat_char(s, '.') && !when_fraction(s, us))))
		return false;
	tm->tm_hour = hour;
	tm->tm_min = minute;
	tm->tm_sec = second;
	return true;
}

/* Read YYYY-MM-DD into @tm; that there is such a day is seen later. */
static bool when_date(struct span *s, struct tm *tm)
{
	uint32_t year, month, day;

	if (!span_eat_uint(s, 4, 9999, &year) || year < 1970 ||
	    !span_eat_char(s, '-') || !span_eat_uint(s, 2, 12, &month) || !month ||
	    !span_eat_char(s, '-') || !span_eat_uint(s, 2, 31, &day) || !day)
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return true;
}

/* Read Z, +HH:MM or +HHMM into seconds east of Greenwich. */
static bool when_zone(struct span *s, long *east_s)
{
	uint32_t hours, minutes;
	size_t digits;
	long sign = 1;

	*east_s = 0;
	if (span_eat_char(s, 'Z'))
		return true;
	if (span_eat_char(s, '-'))
		sign = -1;
	else if (!span_eat_char(s, '+'))
		return false;
	digits = s->len;
	if (!span_eat_uint(s, 4, 2359, &hours))
		return false;
	if (digits - s->len == 4) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!span_eat_char(s, ':') ||
		   !span_eat_uint(s, 2, 59, &minutes)) {
		return false;
	}
	if (hours > 23 || minutes > 59)
		return false;
	*east_s = sign * (long)(hours * 3600 + minutes * 60);
	return true;
}

/**
 * when_read() - read a day, with or without a time and a zone
 * @text: as ISO 8601 and RFC 3339 have it; local time without a zone
 * @when: seconds since 1970; set on success, else in any case
 * @us: and millionths of them; likewise
 *
 * Return: false if it makes no sense
 */
bool when_read(const char *text, time_t *when, long *us)
{
	struct span s = { (const uint8_t *)text, strlen(text) };
	struct tm tm = { .tm_isdst = -1 };
	bool is_local = true;
	long east_s = 0;
	int day;

	*us = 0;
	if (!when_date(&s, &tm))
		return false;
	if (s.len) {
		if ((!span_eat_char(&s, 'T') && !span_eat_char(&s, ' ')) ||
		    !when_clock(&s, &tm, us))
			return false;
		is_local = !s.len;
		if (!is_local && (!when_zone(&s, &east_s) || s.len))
			return false;
	}
	day = tm.tm_mday;
	*when = is_local ? mktime(&tm) : timegm(&tm);
	/* none at all, or the 31st of a month that has 30 days */
	if (*when == (time_t)-1 || tm.tm_mday != day)
		return false;
	*when -= east_s;
	return true;
}

/* Read a time of today or, if that is still to come, of yesterday. */
static bool when_today(struct span s, time_t now, time_t *when)
{
	struct tm tm;
	long us;

	if (!localtime_r(&now, &tm) || !when_clock(&s, &tm, &us) || s.len)
		return false;
	tm.tm_isdst = -1;
	*when = mktime(&tm);
	if (*when <= now)
		return true;
	tm.tm_mday--;
	tm.tm_isdst = -1;
	*when = mktime(&tm);
	return true;
}

/**
 * when_parse() - read a time
 * @text: in one of WHEN_FORMS
 * @now: seconds since 1970
 * @when: likewise; set on success, else in any case
 *
 * Return: false if it makes no sense, or is still to come
 */
bool when_parse(const char *text, time_t now, time_t *when)
{
	struct span s = { (const uint8_t *)text, strlen(text) };
	long us;

	return (when_ago(s, now, when) || when_today(s, now, when) ||
		when_read(text, when, &us)) && *when <= now;
}
