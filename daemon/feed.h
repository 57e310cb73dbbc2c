/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_FEED_H
#define APPGWD_FEED_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "history.h"

/* How many may be served at a time, and for how long one may take. Others wait. */
#define FEED_CLIENTS_MAX	8
#define FEED_LIMIT_S		3

/* What feed_poll() fills in */
#define FEED_FDS		(1 + FEED_CLIENTS_MAX)

#define FEED_HEAD_MAX		160

/**
 * struct feed_client - somebody who is told the history
 * @fd: his socket, or -1
 * @deadline_s: monotonic; then he is hung up on
 * @at: number of the event that he is told next
 * @end: behind the last one that he is told
 * @done: bytes that he has got of the head or, behind it, of event @at
 * @head: first line
 * @head_len: its bytes; 0 when he has got it
 */
struct feed_client {
	int fd;
	int64_t deadline_s;
	uint64_t at;
	uint64_t end;
	size_t done;
	char head[FEED_HEAD_MAX];
	size_t head_len;
};

/**
 * struct feed - the socket that tells the history
 * @fd: it, or -1
 * @history: what it tells
 * @client: those who are being told
 */
struct feed {
	int fd;
	struct history *history;
	struct feed_client client[FEED_CLIENTS_MAX];
};

void feed_init(struct feed *feed, int fd, struct history *history);
void feed_poll(const struct feed *feed, struct pollfd *fds);
void feed_serve(struct feed *feed, const struct pollfd *fds, int64_t now_s);

#endif /* APPGWD_FEED_H */
