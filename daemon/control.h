/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_CONTROL_H
#define APPGWD_CONTROL_H

#include <jansson.h>

#include "history.h"
#include "worker.h"

/**
 * struct control_state - what the daemon tells about itself
 * @config: what it is asked to do
 * @workers: one for each of @config's queues
 * @started_s: when it started, monotonic
 * @is_listening: the module queues to it
 * @history: what the module has told
 */
struct control_state {
	const struct config *config;
	const struct worker *workers;
	time_t started_s;
	bool is_listening;
	const struct history *history;
};

json_t *control_daemon(const struct control_state *state);
int control_open(const char *path, const char *group, char *error);
uint64_t control_netns(void);
void control_answer(int fd, const struct control_state *state);

#endif /* APPGWD_CONTROL_H */
