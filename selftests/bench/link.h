/* SPDX-License-Identifier: GPL-2.0-only */
/* A connection with both ends in this program, each in a namespace of its own.
 */
#ifndef SELFTESTS_BENCH_LINK_H
#define SELFTESTS_BENCH_LINK_H

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "netns.h"

/* A transfer that stands still that long has failed. */
#define LINK_TIMEOUT_S	60

/**
 * struct link - a connection
 * @client: the end that connected
 * @server: the end that accepted
 */
struct link {
	int client;
	int server;
};

static inline void link_set(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)))
		err(1, "setsockopt");
}

static inline void link_limit(int fd)
{
	struct timeval limit = { .tv_sec = LINK_TIMEOUT_S };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)))
		err(1, "setsockopt");
}

static inline void link_tune(int fd)
{
	link_set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	link_limit(fd);
}

/* From @client_ns to @address and @port, where @server_ns listens. */
static inline struct link link_open(const char *client_ns,
				    const char *server_ns,
				    const char *address, unsigned int port)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(port),
	};
	struct link link;
	int listener;

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		errx(1, "%s: no address", address);

	netns_enter(server_ns);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0)
		err(1, "socket");
	link_set(listener, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(listener, (struct sockaddr *)&to, sizeof(to)) ||
	    listen(listener, 1))
		err(1, "listen on port %u", port);

	netns_enter(client_ns);
	link.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (link.client < 0)
		err(1, "socket");
	link_tune(link.client);
	if (connect(link.client, (struct sockaddr *)&to, sizeof(to)))
		err(1, "connect to port %u", port);
	link.server = accept(listener, NULL, NULL);
	if (link.server < 0)
		err(1, "accept");
	link_tune(link.server);
	close(listener);
	return link;
}

/* Ends it without a TIME_WAIT. */
static inline void link_close(struct link *link)
{
	struct linger now = { .l_onoff = 1 };

	setsockopt(link->client, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(link->client);
	close(link->server);
}

/* One line from @from to @to; what arrives, NUL-terminated, in @got. */
static inline void link_say(int from, int to, const char *line, char *got,
			    size_t size)
{
	size_t n = 0, len = strlen(line);
	ssize_t r;

	if (send(from, line, len, MSG_NOSIGNAL) != (ssize_t)len)
		err(1, "send");
	do {
		r = recv(to, got + n, size - 1 - n, 0);
		if (r < 0)
			err(1, "recv");
		if (!r)
			errx(1, "the connection has ended");
		n += r;
	} while (got[n - 1] != '\n' && n < size - 1);
	got[n] = 0;
}

/**
 * struct link_line - what one end says to the other
 * @text: the line, NULL behind the last one
 * @by_server: who says it
 */
struct link_line {
	const char *text;
	int by_server;
};

static inline void link_talk(struct link *link, const struct link_line *talk)
{
	char got[128];

	for (; talk->text; talk++) {
		if (talk->by_server)
			link_say(link->server, link->client, talk->text,
				 got, sizeof(got));
		else
			link_say(link->client, link->server, talk->text,
				 got, sizeof(got));
		if (strcmp(got, talk->text))
			errx(1, "'%s' has become '%s'", talk->text, got);
	}
}

/* As far as any FTP session comes before the first file. */
static inline void link_login(struct link *link)
{
	static const struct link_line talk[] = {
		{ "220 ready\r\n", 1 },
		{ "USER anonymous\r\n", 0 },
		{ "331 your name\r\n", 1 },
		{ "PASS me@example.net\r\n", 0 },
		{ "230 welcome\r\n", 1 },
		{ NULL, 0 },
	};

	link_talk(link, talk);
}

/* As far as any IRC session comes before announcements count. */
static inline void link_register(struct link *link)
{
	static const struct link_line talk[] = {
		{ "NICK me\r\n", 0 },
		{ "USER me 0 * :me\r\n", 0 },
		{ ":irc.test 001 me :Welcome\r\n", 1 },
		{ NULL, 0 },
	};

	link_talk(link, talk);
}

#endif /* SELFTESTS_BENCH_LINK_H */
