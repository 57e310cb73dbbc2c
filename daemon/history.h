/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_HISTORY_H
#define APPGWD_HISTORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Events that are kept, the longest one as it comes, and as a line of JSON: 1 MB at
 * most
 */
#define EVENTS_KEPT		1000
#define EVENT_ATTRS_MAX		512
#define EVENT_JSON_MAX		1024

/**
 * struct history_event - an event
 * @bytes: attributes as they have come, or the line that was made of them; NULL if
 *	there is none
 * @len: of the attributes; 0 of a line, which ends with 0
 * @lost: events that are missing before it
 */
struct history_event {
	char *bytes;
	size_t len;
	uint64_t lost;
};

/**
 * struct history - the last events, each made a line of JSON when it is asked for
 * @event: by number modulo EVENTS_KEPT
 * @next: number of the event that comes next, the first one's being 0
 * @lost: events that are missing since the last one
 * @lost_total: that are missing in all
 */
struct history {
	struct history_event event[EVENTS_KEPT];
	uint64_t next;
	uint64_t lost;
	uint64_t lost_total;
};

void history_add(struct history *history, const void *attrs, size_t len,
		 uint64_t lost);
void history_lose(struct history *history, uint64_t count);
uint64_t history_first(const struct history *history);
const char *history_text(struct history *history, uint64_t number);
void history_free(struct history *history);

#endif /* APPGWD_HISTORY_H */
