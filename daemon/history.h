/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_HISTORY_H
#define APPGWD_HISTORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Events that are kept, and the longest one as a line of JSON: 1 MB at most */
#define EVENTS_KEPT		1000
#define EVENT_JSON_MAX		1024

/**
 * struct history - the last events, each a line of JSON
 * @text: by number modulo EVENTS_KEPT
 * @next: number of the event that comes next, the first one's being 0
 * @lost: events that are missing since the last one
 * @lost_total: that are missing in all
 */
struct history {
	char *text[EVENTS_KEPT];
	uint64_t next;
	uint64_t lost;
	uint64_t lost_total;
};

void history_add(struct history *history, json_t *event);
void history_lose(struct history *history, uint64_t count);
uint64_t history_first(const struct history *history);
const char *history_text(const struct history *history, uint64_t number);
void history_free(struct history *history);

#endif /* APPGWD_HISTORY_H */
