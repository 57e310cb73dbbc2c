// SPDX-License-Identifier: GPL-2.0-only
/* The socket that tells the history: whoever connects is told how many events there
 * are, and each of them, one JSON object a line. Nothing is read from it.
 *
 * A thousand events are more than a socket takes at once. Each client has the rest when
 * there is room again, straight from the history; one that is too slow is hung up on,
 * and knows it by what is missing.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "control.h"
#include "feed.h"

/* Lines that are written at once */
#define FEED_BATCH		64

/**
 * feed_init() - begin with nobody
 * @feed: set
 * @fd: socket that listens, or -1
 * @history: what it tells
 */
void feed_init(struct feed *feed, int fd, struct history *history)
{
	unsigned int i;

	feed->fd = fd;
	feed->history = history;
	for (i = 0; i < FEED_CLIENTS_MAX; i++)
		feed->client[i].fd = -1;
}

static struct feed_client *feed_free_slot(struct feed *feed)
{
	unsigned int i;

	for (i = 0; i < FEED_CLIENTS_MAX; i++)
		if (feed->client[i].fd < 0)
			return &feed->client[i];
	return NULL;
}

/**
 * feed_poll() - say what to wait for
 * @feed: the socket
 * @fds: FEED_FDS entries, set
 */
void feed_poll(const struct feed *feed, struct pollfd *fds)
{
	bool has_room = false;
	unsigned int i;

	for (i = 0; i < FEED_CLIENTS_MAX; i++) {
		fds[1 + i].fd = feed->client[i].fd;
		fds[1 + i].events = POLLOUT;
		has_room = has_room || feed->client[i].fd < 0;
	}
	fds[0].fd = has_room ? feed->fd : -1;
	fds[0].events = POLLIN;
}

static void feed_hang_up(struct feed_client *client)
{
	close(client->fd);
	client->fd = -1;
}

/* Gather what the client is to get next; return the number of pieces. */
static int feed_gather(struct history *history,
		       const struct feed_client *client, struct iovec *iov)
{
	uint64_t at = client->at;
	size_t skip = client->done;
	const char *text;
	int n = 0;

	if (client->head_len) {
		iov[n].iov_base = (char *)client->head + skip;
		iov[n++].iov_len = client->head_len - skip;
		skip = 0;
	}
	for (; n < FEED_BATCH && at < client->end; at++) {
		text = history_text(history, at);
		iov[n].iov_base = (char *)text + skip;
		iov[n++].iov_len = strlen(text) - skip;
		skip = 0;
	}
	return n;
}

/* Count @sent bytes of what was gathered. */
static void feed_advance(struct feed_client *client, const struct iovec *iov,
			 size_t sent)
{
	for (; sent && sent >= iov->iov_len; iov++) {
		sent -= iov->iov_len;
		client->done = 0;
		if (client->head_len)
			client->head_len = 0;
		else
			client->at++;
	}
	client->done += sent;
}

/* Write as much as there is room for. */
static void feed_write(struct history *history, struct feed_client *client)
{
	struct iovec iov[FEED_BATCH];
	struct msghdr msg = { .msg_iov = iov };
	ssize_t sent;

	for (;;) {
		/* so slow that what comes next is forgotten */
		if (client->at < history_first(history))
			break;
		msg.msg_iovlen = feed_gather(history, client, iov);
		if (!msg.msg_iovlen)
			break;
		sent = sendmsg(client->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && errno == EAGAIN)
			return;
		if (sent < 0)
			break;
		feed_advance(client, iov, sent);
	}
	feed_hang_up(client);
}

static void feed_accept(struct feed *feed, int64_t now_s)
{
	struct history *history = feed->history;
	struct feed_client *client = feed_free_slot(feed);

	if (!client)
		return;
	client->fd = accept4(feed->fd, NULL, NULL,
			     SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (client->fd < 0)
		return;
	client->deadline_s = now_s + FEED_LIMIT_S;
	client->at = history_first(history);
	client->end = history->next;
	client->done = 0;
	client->head_len =
		snprintf(client->head, sizeof(client->head),
			 "{\"events\":%llu,\"forgotten\":%llu,\"lost\":%llu,\"netns\":%llu}\n",
			 (unsigned long long)(client->end - client->at),
			 (unsigned long long)client->at,
			 (unsigned long long)history->lost,
			 (unsigned long long)control_netns());
	feed_write(history, client);
}

/**
 * feed_serve() - go on with those who have room, and begin with a new one
 * @feed: the socket
 * @fds: as poll() has left them; whatever it said
 * @now_s: monotonic
 */
void feed_serve(struct feed *feed, const struct pollfd *fds, int64_t now_s)
{
	struct feed_client *client;
	unsigned int i;

	for (i = 0; i < FEED_CLIENTS_MAX; i++) {
		client = &feed->client[i];
		if (client->fd < 0)
			continue;
		if (fds[1 + i].revents)
			feed_write(feed->history, client);
		if (client->fd >= 0 && now_s >= client->deadline_s)
			feed_hang_up(client);
	}
	if (fds[0].revents)
		feed_accept(feed, now_s);
}
