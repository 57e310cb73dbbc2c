// SPDX-License-Identifier: GPL-2.0-only
/* What a segment costs from one end to the other, in instructions.
 *
 *	segment CLIENT_NS SERVER_NS ADDRESS DIRECT_ADDRESS CASE...
 *
 * Everything happens inside the sender's system call: it runs the router's
 * softirqs and leaves the segment with the receiver. Run with "-i" the test
 * machine's time stamp counter counts instructions. Prints for each case the
 * lowest of several batches' medians, and how many segments with text have gone
 * through for it, both directions together.
 *
 * What an allocation costs depends on how many objects of its kind are in use:
 * at the border of a slab each one takes the slow way. So each batch leaves one
 * more segment unread elsewhere.
 */

#define _GNU_SOURCE

#include <stdint.h>
#include <x86intrin.h>

#include "link.h"

#define PORT_FTP	21
#define PORT_IRC	6667
#define PORT_OTHER	9999

/* Segments before those that count: what they allocate stays near, and the
 * kernel has made up its mind about the connection.
 */
#define SETTLE		100
#define SEGMENTS	201
#define BATCHES		6

/* Holds what is unread; nobody else's. */
#define PORT_IDLE	9998

/* The ports that PORT announces have these upper bytes. */
#define ANNOUNCED_MIN	100
#define ANNOUNCED_COUNT	100

/* What people say, and what they see of others. */
#define CHAT		"PRIVMSG #garden :Good morning, is anybody there?\r\n"
#define CHAT_BACK	":bob!b@example.org PRIVMSG #garden :Good morning!\r\n"

struct measured {
	const char *name;
	unsigned int port;
	int by_server;
	const char *command;	/* NULL: PORT, with a new port each time */
	const char *reply;
	int direct;		/* past the router */
};

static const struct measured cases[] = {
	{ "command", PORT_FTP, 0, "TYPE I\r\n", "200 binary\r\n", 0 },
	{ "reply", PORT_FTP, 1, "TYPE I\r\n", "200 binary\r\n", 0 },
	{ "announce", PORT_FTP, 0, NULL, "200 all right\r\n", 0 },
	{ "chat", PORT_IRC, 0, CHAT, CHAT_BACK, 0 },
	{ "told", PORT_IRC, 1, CHAT, CHAT_BACK, 0 },
	{ "other", PORT_OTHER, 0, "TYPE I\r\n", "200 binary\r\n", 0 },
	{ "ends", PORT_OTHER, 0, "TYPE I\r\n", "200 binary\r\n", 1 },
};

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The address as PORT has it. */
static void own_address(int fd, char *text, size_t size)
{
	struct sockaddr_in own;
	socklen_t len = sizeof(own);
	char *dot;

	if (getsockname(fd, (struct sockaddr *)&own, &len) ||
	    !inet_ntop(AF_INET, &own.sin_addr, text, size))
		err(1, "getsockname");
	while ((dot = strchr(text, '.')))
		*dot = ',';
}

static uint64_t measure(const struct measured *m, struct link *link)
{
	char address[INET_ADDRSTRLEN], command[64], got[64];
	static uint64_t took[SEGMENTS];
	uint64_t before, middle, after;
	int i;

	own_address(link->client, address, sizeof(address));
	for (i = -SETTLE; i < SEGMENTS; i++) {
		if (m->command)
			snprintf(command, sizeof(command), "%s", m->command);
		else
			snprintf(command, sizeof(command), "PORT %s,%d,%d\r\n",
				 address, ANNOUNCED_MIN +
				 (i + SETTLE) % ANNOUNCED_COUNT, ANNOUNCED_MIN);
		before = __rdtsc();
		link_say(link->client, link->server, command, got, sizeof(got));
		middle = __rdtsc();
		link_say(link->server, link->client, m->reply, got,
			 sizeof(got));
		after = __rdtsc();
		if (i >= 0)
			took[i] = m->by_server ? after - middle :
						 middle - before;
	}
	qsort(took, SEGMENTS, sizeof(took[0]), compare);
	return took[SEGMENTS / 2];
}

/* One more segment lies with a receiver that never reads. */
static void leave_unread(struct link *idle)
{
	if (send(idle->client, "x", 1, 0) != 1)
		err(1, "send");
}

static uint64_t lowest(const struct measured *m, struct link *link,
		       struct link *idle)
{
	uint64_t min = UINT64_MAX, median;
	int i;

	for (i = 0; i < BATCHES; i++) {
		leave_unread(idle);
		median = measure(m, link);
		if (median < min)
			min = median;
	}
	return min;
}

int main(int argc, char **argv)
{
	const struct measured *m;
	struct link link, idle;
	uint64_t median;
	size_t k;
	int i;

	if (argc < 6)
		errx(2, "usage: segment CLIENT_NS SERVER_NS ADDRESS DIRECT_ADDRESS CASE...");
	idle = link_open(argv[1], argv[1], "127.0.0.1", PORT_IDLE);
	for (i = 5; i < argc; i++) {
		m = NULL;
		for (k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
			if (!strcmp(argv[i], cases[k].name))
				m = &cases[k];
		if (!m)
			errx(2, "%s: no such case", argv[i]);
		link = link_open(argv[1], argv[2], argv[m->direct ? 4 : 3],
				 m->port);
		if (m->port == PORT_FTP)
			link_login(&link);
		else if (m->port == PORT_IRC)
			link_register(&link);
		median = lowest(m, &link, &idle);
		link_close(&link);
		printf("%s %llu %d\n", m->name, (unsigned long long)median,
		       2 * BATCHES * (SETTLE + SEGMENTS));
	}
	link_close(&idle);
	return 0;
}
