/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_FOLLOW_H
#define APPGWD_FOLLOW_H

#include "config.h"
#include "history.h"
#include "kmod_client.h"

/**
 * struct follower - what the module tells of, and what has been told
 * @kmod: socket that hears it, if @is_open
 * @is_open: the module is there
 * @has_lost: something got lost; how much is known when all that is there was read
 * @history: the last events
 *
 * Belongs to the main thread.
 */
struct follower {
	struct kmod kmod;
	bool is_open;
	bool has_lost;
	struct history history;
};

void follow_open(struct follower *follower);
void follow_close(struct follower *follower);
void follow_read(struct follower *follower, enum log_events which);

#endif /* APPGWD_FOLLOW_H */
