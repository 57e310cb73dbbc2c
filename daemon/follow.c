// SPDX-License-Identifier: GPL-2.0-only
/* Follow the module's events: they go into the history and, as far as the
 * configuration wants it, into the log.
 */

#include <errno.h>

#include "event_text.h"
#include "follow.h"
#include "journal.h"
#include "kmod_json.h"

/* Messages that are read before something else has its turn: the module sends 500 a
 * second at most.
 */
#define FOLLOW_READ_MAX		1024

/**
 * follow_open() - begin to follow a module that has come
 * @follower: not open
 *
 * Without success only the history is missing, and the log says so.
 */
void follow_open(struct follower *follower)
{
	follower->has_lost = false;
	if (kmod_open(&follower->kmod)) {
		log_line(LOG_WARNING, "events: %s", follower->kmod.text);
		return;
	}
	if (kmod_follow(&follower->kmod)) {
		log_line(LOG_WARNING, "events: %s", follower->kmod.text);
		kmod_close(&follower->kmod);
		return;
	}
	follower->is_open = true;
}

/**
 * follow_close() - the module has gone
 * @follower: open or not; its history stays
 */
void follow_close(struct follower *follower)
{
	if (follower->is_open)
		kmod_close(&follower->kmod);
	follower->is_open = false;
}

/**
 * follow_fd() - what to wait for
 * @follower: open or not
 *
 * Return: a descriptor for poll(), which is passed over if it is -1
 */
int follow_fd(const struct follower *follower)
{
	return follower->is_open ? nl_socket_get_fd(follower->kmod.sock) : -1;
}

static void follow_log(const json_t *event, enum log_events which)
{
	char line[EVENT_LINE_MAX];

	if (which == LOG_EVENTS_OFF ||
	    (which == LOG_EVENTS_REFUSED && !event_is_refusal(event)) ||
	    !log_admits(LOG_INFO))
		return;
	event_text(line, sizeof(line), event);
	if (!log_is_prefixed() || !journal_event(event, line))
		log_line(LOG_INFO, "%s", line);
}

static void follow_take(struct follower *follower, json_t *events,
			enum log_events which)
{
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event) {
		follow_log(event, which);
		history_add(&follower->history, event);
	}
	json_array_clear(events);
}

/**
 * follow_read() - take what the module has told, and wait for nothing
 * @follower: open or not
 * @which: events that are logged
 */
void follow_read(struct follower *follower, enum log_events which)
{
	json_t *events = follower->is_open ? json_array() : NULL;
	unsigned int i;
	int ret = 1;

	for (i = 0; events && ret && i < FOLLOW_READ_MAX; i++) {
		ret = kmod_read(&follower->kmod, json_event, events);
		if (ret < 0 && follower->kmod.error != ENOBUFS)
			break;
		follower->has_lost = follower->has_lost || ret < 0;
		follow_take(follower, events, which);
	}
	if (!ret && follower->has_lost) {
		history_lose(&follower->history, kmod_lost(&follower->kmod));
		follower->has_lost = false;
	}
	json_decref(events);
}
