// SPDX-License-Identifier: GPL-2.0-only
/* What it takes to have somebody else look at a DCC line on its way.
 *
 *	dcc CLIENT_NS SERVER_NS ADDRESS NAMED CONSUMER_PID
 *
 * The client of each connection offers as much as it may have open at a time,
 * each offer in a segment of its own, which arrives with the address NAMED in
 * it. Run with "-i" the test machine's time stamp counter counts instructions.
 *
 * Prints two figures, and how many lines have been sent for them: the median
 * from sending a line to having read it at the other end, and, of many lines
 * that wait in the queue, what each one takes until the last one has arrived.
 */

#define _GNU_SOURCE

#include <signal.h>
#include <stdint.h>
#include <x86intrin.h>

#include "link.h"

#define PORT_IRC	6667

/* For the first figure, connections one after the other, and lines of each:
 * what the module lets it have open.
 */
#define ALONE		50
#define ALONE_LINES	8

/* For the second, connections at the same time, and lines of each: of so many
 * the module keeps in mind what it has made longer, until they are acknowledged.
 */
#define TOGETHER	320
#define TOGETHER_LINES	2

/* Between lines that are sent one by one: until all have come to rest. */
#define PAUSE_US	1000

#define ANNOUNCED	40000
#define LINE_MAX_LEN	128

static const char *named;

/* What @port is offered with at @address. */
static size_t offer(char *line, const char *address, unsigned int port)
{
	struct in_addr in;

	if (inet_pton(AF_INET, address, &in) != 1)
		errx(1, "%s: no address", address);
	return snprintf(line, LINE_MAX_LEN,
			"PRIVMSG bob :\001DCC SEND file.txt %u %u 12345\001\r\n",
			ntohl(in.s_addr), port);
}

static void own_address(int fd, char *text, size_t size)
{
	struct sockaddr_in own;
	socklen_t len = sizeof(own);

	if (getsockname(fd, (struct sockaddr *)&own, &len) ||
	    !inet_ntop(AF_INET, &own.sin_addr, text, size))
		err(1, "getsockname");
}

static void send_offer(const struct link *link, unsigned int port)
{
	char address[INET_ADDRSTRLEN], line[LINE_MAX_LEN];
	size_t len;

	own_address(link->client, address, sizeof(address));
	len = offer(line, address, port);
	if (send(link->client, line, len, MSG_NOSIGNAL) != (ssize_t)len)
		err(1, "send");
}

static void receive_offers(const struct link *link, unsigned int port, int n)
{
	char want[TOGETHER_LINES * LINE_MAX_LEN], got[sizeof(want)];
	size_t len = 0;

	for (; n; n--, port++)
		len += offer(want + len, named, port);
	if (recv(link->server, got, len, MSG_WAITALL) != (ssize_t)len)
		err(1, "recv");
	if (memcmp(got, want, len))
		errx(1, "'%.*s' has become '%.*s'", (int)len, want, (int)len,
		     got);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* SCHED_FIFO: before all others */
static void schedule(int policy)
{
	const struct sched_param param = {
		.sched_priority = policy == SCHED_FIFO,
	};

	if (sched_setscheduler(0, policy, &param))
		err(1, "sched_setscheduler");
}

/* Both ends are other hosts really: they don't wait until the router's program
 * has nothing more to do.
 */
static uint64_t alone(char **argv)
{
	static uint64_t took[ALONE * ALONE_LINES];
	uint64_t *t = took;
	struct link link;
	int i, line;

	schedule(SCHED_FIFO);
	for (i = 0; i < ALONE; i++) {
		link = link_open(argv[1], argv[2], argv[3], PORT_IRC);
		link_register(&link);
		for (line = 0; line < ALONE_LINES; line++) {
			uint64_t start;

			usleep(PAUSE_US);
			start = __rdtsc();
			send_offer(&link, ANNOUNCED + line);
			receive_offers(&link, ANNOUNCED + line, 1);
			*t++ = __rdtsc() - start;
		}
		link_close(&link);
	}
	schedule(SCHED_OTHER);
	qsort(took, ALONE * ALONE_LINES, sizeof(took[0]), compare);
	return took[ALONE * ALONE_LINES / 2];
}

/* Nothing is sent or read while the queue is emptied: that of the last
 * connection is only looked at when all of its lines are there.
 */
static uint64_t together(char **argv, pid_t consumer)
{
	static struct link link[TOGETHER];
	uint64_t start, end;
	int i, line;

	for (i = 0; i < TOGETHER; i++) {
		link[i] = link_open(argv[1], argv[2], argv[3], PORT_IRC);
		link_register(&link[i]);
	}
	if (kill(consumer, SIGSTOP))
		err(1, "kill");
	for (i = 0; i < TOGETHER; i++)
		for (line = 0; line < TOGETHER_LINES; line++)
			send_offer(&link[i], ANNOUNCED + i * TOGETHER_LINES + line);
	start = __rdtsc();
	if (kill(consumer, SIGCONT))
		err(1, "kill");
	receive_offers(&link[TOGETHER - 1],
		       ANNOUNCED + (TOGETHER - 1) * TOGETHER_LINES, TOGETHER_LINES);
	end = __rdtsc();
	for (i = 0; i < TOGETHER - 1; i++)
		receive_offers(&link[i], ANNOUNCED + i * TOGETHER_LINES, TOGETHER_LINES);
	for (i = 0; i < TOGETHER; i++)
		link_close(&link[i]);
	return (end - start) / (TOGETHER * TOGETHER_LINES);
}

int main(int argc, char **argv)
{
	unsigned long long median, each;

	if (argc != 6)
		errx(2, "usage: dcc CLIENT_NS SERVER_NS ADDRESS NAMED CONSUMER_PID");
	named = argv[4];
	median = alone(argv);
	each = together(argv, atoi(argv[5]));
	printf("%llu %llu %d\n", median, each,
	       ALONE * ALONE_LINES + TOGETHER * TOGETHER_LINES);
	return 0;
}
