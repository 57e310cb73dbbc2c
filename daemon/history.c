// SPDX-License-Identifier: GPL-2.0-only
/* The last events of the module's, in memory. */

#include <stdlib.h>
#include <string.h>

#include "history.h"

static char **history_slot(struct history *history, uint64_t number)
{
	return &history->text[number % EVENTS_KEPT];
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

/* Return the event's line, to be freed; NULL if it is too long. */
static char *history_line(const json_t *event)
{
	char *text = malloc(EVENT_JSON_MAX);
	size_t len;

	if (!text)
		return NULL;
	len = json_dumpb(event, text, EVENT_JSON_MAX, JSON_COMPACT);
	if (!len || len > EVENT_JSON_MAX - 2) {
		free(text);
		return NULL;
	}
	memcpy(text + len, "\n", 2);
	return realloc(text, len + 2) ?: text;
}

/**
 * history_add() - keep an event, and forget the oldest one if there are too many
 * @history: where
 * @event: the event; it is told in it how many are missing before it, where the
 *	module tells the same
 */
void history_add(struct history *history, json_t *event)
{
	char **slot = history_slot(history, history->next);
	char *text;

	history_lose(history,
		     json_integer_value(json_object_get(event, "lost")));
	if (history->lost)
		json_object_set_new(event, "lost",
				    json_integer(history->lost));
	text = history_line(event);
	if (!text) {
		history_lose(history, 1);
		return;
	}
	history->lost = 0;
	free(*slot);
	*slot = text;
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

/**
 * history_text() - one that is kept
 * @history: where
 * @number: from history_first() to below history->next
 *
 * Return: JSON with a newline at its end
 */
const char *history_text(const struct history *history, uint64_t number)
{
	return history->text[number % EVENTS_KEPT];
}

/**
 * history_free() - forget all of them
 * @history: where; empty afterwards
 */
void history_free(struct history *history)
{
	unsigned int i;

	for (i = 0; i < EVENTS_KEPT; i++)
		free(history->text[i]);
	memset(history, 0, sizeof(*history));
}
