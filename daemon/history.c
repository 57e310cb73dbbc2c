// SPDX-License-Identifier: GPL-2.0-only
/* The last events of the module's, in memory. */

#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "kmod_json.h"

static struct history_event *history_slot(struct history *history,
					  uint64_t number)
{
	return &history->event[number % EVENTS_KEPT];
}

/**
 * history_lose() - tell that events are missing
 * @history: where
 * @count: how many
 */
void history_lose(struct history *history, uint64_t count)
{
	history->lost += count;
	history->lost_total += count;
}

/**
 * history_add() - keep an event, and forget the oldest one if there are too many
 * @history: where
 * @attrs: the attributes of the event, copied
 * @len: of them all, in bytes
 * @lost: how many are missing before it, as the module tells
 *
 * Nearly all events are forgotten before somebody asks, so nothing is made of them here.
 */
void history_add(struct history *history, const void *attrs, size_t len,
		 uint64_t lost)
{
	struct history_event *event = history_slot(history, history->next);
	char *bytes = NULL;

	history_lose(history, lost);
	if (len && len <= EVENT_ATTRS_MAX)
		bytes = malloc(len);
	if (!bytes) {
		history_lose(history, 1);
		return;
	}
	memcpy(bytes, attrs, len);
	free(event->bytes);
	*event = (struct history_event){ bytes, len, history->lost };
	history->lost = 0;
	history->next++;
}

/**
 * history_first() - which one is the oldest
 * @history: where
 *
 * Return: its number; that of the next one if there is none
 */
uint64_t history_first(const struct history *history)
{
	return history->next < EVENTS_KEPT ? 0 : history->next - EVENTS_KEPT;
}

/* Return the event's line, to be freed; NULL without memory. */
static char *history_line(const struct history_event *event)
{
	json_t *object = json_event_attrs(event->bytes, event->len);
	char *text = malloc(EVENT_JSON_MAX);
	size_t len;

	if (object && event->lost)
		json_object_set_new(object, "lost", json_integer(event->lost));
	len = object && text ? json_dumpb(object, text, EVENT_JSON_MAX,
					  JSON_COMPACT) : 0;
	json_decref(object);
	if (!len || len > EVENT_JSON_MAX - 2) {
		free(text);
		return NULL;
	}
	memcpy(text + len, "\n", 2);
	return realloc(text, len + 2) ?: text;
}

/**
 * history_text() - one that is kept
 * @history: where; the line stays as long as its event
 * @number: from history_first() to below history->next
 *
 * Return: JSON with a newline at its end; an object without anything in it, if no
 * line can be made
 */
const char *history_text(struct history *history, uint64_t number)
{
	struct history_event *event = history_slot(history, number);
	char *line;

	if (!event->len)
		return event->bytes;
	line = history_line(event);
	if (!line)
		return "{}\n";
	free(event->bytes);
	event->bytes = line;
	event->len = 0;
	return line;
}

/**
 * history_free() - forget all of them
 * @history: where; empty afterwards
 */
void history_free(struct history *history)
{
	unsigned int i;

	for (i = 0; i < EVENTS_KEPT; i++)
		free(history->event[i].bytes);
	memset(history, 0, sizeof(*history));
}
