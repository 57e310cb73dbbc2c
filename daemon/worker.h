/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_WORKER_H
#define APPGWD_WORKER_H

#include <pthread.h>
#include <stdatomic.h>

#include "config.h"
#include "errno_name.h"
#include "kmod_plan.h"
#include "queue.h"

/* Seconds of silence after which a worker counts as dead. */
#define WORKER_ALIVE_S		5

/* Seconds that a worker may take for what is queued when it is to end. */
#define WORKER_DRAIN_S		2

/* Connections whose protocols a worker remembers; a power of two */
#define WORKER_KNOWN		256

/**
 * struct worker_known - a connection whose protocol is known
 * @tag: number that its ends make
 * @proto: the protocol, NULL if there is none
 */
struct worker_known {
	uint32_t tag;
	const struct proto *proto;
};

/**
 * struct worker - a thread, its queue and its socket to the module
 * @config: what it is asked to do; doesn't change
 * @queue: where its packets come from
 * @kmod: where its plans go to
 * @batch: those that haven't gone yet, or have no answer
 * @asked_s: when the first one of @batch was sent, monotonic
 * @known: connections, each where its tag says
 * @thread: that runs it
 * @beat_s: when it last showed that it is alive, monotonic
 * @is_failed: it has given up
 * @should_stop: it is to end when nothing is queued any more
 * @last_id: number of the last packet
 * @has_id: there has been one
 * @packets: packets read
 * @bytes: of payload in them
 * @plans: announcements found
 * @done: plans that the module has carried out
 * @refused: that it hasn't, by errno_index()
 * @unread: packets that passed unread for lack of room in the socket
 * @malformed: packets that are neither TCP segments nor whole UDP datagrams
 *
 * Its thread changes the counters and @beat_s, the main thread reads them.
 */
struct worker {
	const struct config *config;
	struct queue queue;
	struct kmod kmod;
	struct kmod_batch batch;
	time_t asked_s;
	struct worker_known known[WORKER_KNOWN];
	pthread_t thread;
	atomic_long beat_s;
	atomic_bool is_failed;
	atomic_bool should_stop;
	uint32_t last_id;
	bool has_id;
	atomic_ullong packets;
	atomic_ullong bytes;
	atomic_ullong plans;
	atomic_ullong done;
	atomic_ullong refused[ERRNO_NAMES];
	atomic_ullong unread;
	atomic_ullong malformed;
};

int worker_open(struct worker *worker, const struct config *config,
		uint16_t queue, char *error);
int worker_start(struct worker *worker);
void worker_stop(struct worker *worker);
void worker_wait(struct worker *worker);
bool worker_is_alive(const struct worker *worker);

#endif /* APPGWD_WORKER_H */
