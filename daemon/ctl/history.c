// SPDX-License-Identifier: GPL-2.0-only
/* Ask the daemon of our network namespace for the events that it has kept. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "config.h"

/* What to say where there is no daemon to ask. */
#define HISTORY_ABSENT	\
	"history needs appgwd: systemctl start appgwd; what happens from now on is shown by appgwctl events"

static json_int_t history_number(const json_t *head, const char *name)
{
	return json_integer_value(json_object_get(head, name));
}

/* Read the lines behind the first; return false if there are fewer than it said. */
static bool history_read(FILE *file, const json_t *head,
			 struct history_answer *answer)
{
	json_int_t count = history_number(head, "events");
	json_t *event;

	answer->lost = history_number(head, "lost");
	answer->forgotten = history_number(head, "forgotten");
	answer->events = json_array();
	for (; count > 0; count--) {
		event = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL);
		if (!json_is_object(event)) {
			json_decref(event);
			return false;
		}
		json_array_append_new(answer->events, event);
	}
	return true;
}

/* Ask at a socket; return 0, or an errno: ENOENT if nobody is there, or somebody of
 * another namespace, and EPROTO if the answer has no end.
 */
static int history_ask_at(const char *path, struct history_answer *answer)
{
	int fd = daemon_connect(path), ret = EPROTO;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	json_t *head;

	if (!file)
		return errno == ECONNREFUSED ? ENOENT : errno;
	head = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL);
	if (json_is_object(head) && !daemon_is_here(head))
		ret = ENOENT;
	else if (json_is_object(head) && history_read(file, head, answer))
		ret = 0;
	json_decref(head);
	fclose(file);
	if (!ret)
		return 0;
	json_decref(answer->events);
	answer->events = NULL;
	return ret;
}

/* Ask at each socket until one answers that is here. */
static int history_search(struct history_answer *answer)
{
	int ret = ENOENT, last;
	glob_t found;
	size_t i;

	if (glob(CONFIG_CONTROLS CONFIG_EVENTS, 0, NULL, &found))
		return ret;
	for (i = 0; i < found.gl_pathc && ret; i++) {
		last = history_ask_at(found.gl_pathv[i], answer);
		if (last != ENOENT)
			ret = last;
	}
	globfree(&found);
	return ret;
}

/**
 * history_ask() - ask for the events that have been kept
 * @control: path of the daemon's control socket; NULL: whichever is there
 * @answer: set on success
 *
 * Return: 0, or the exit status after it has told of an error
 */
int history_ask(const char *control, struct history_answer *answer)
{
	char path[CONFIG_VALUE_MAX + 1], error[KMOD_ERROR_MAX];
	int ret;

	memset(answer, 0, sizeof(*answer));
	if (!control) {
		ret = history_search(answer);
	} else {
		ret = snprintf(path, sizeof(path), "%s" CONFIG_EVENTS,
			       control) < (int)sizeof(path) ?
		      history_ask_at(path, answer) : ENAMETOOLONG;
	}
	if (!ret)
		return 0;
	if (ret == ENOENT)
		return ctl_fail(HISTORY_ABSENT);
	snprintf(error, sizeof(error), "history: %s",
		 ret == EPROTO || ret == EAGAIN ?
		 "appgwd is too busy to tell all of it" : strerror(ret));
	return ctl_fail(error);
}
