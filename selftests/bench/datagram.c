// SPDX-License-Identifier: GPL-2.0-only
/* What a datagram costs from one end to the other, in instructions.
 *
 *	datagram CLIENT_NS SERVER_NS ADDRESS DIRECT_ADDRESS CASE...
 *
 * As segment.c does it: one of a flow that has been there before, the first one of a
 * flow, and what is asked of a portmapper and answered, each in a flow of its own. That
 * is asked for the same program each time, which has the same port.
 */

#define _GNU_SOURCE

#include <stdint.h>
#include <x86intrin.h>

#include "link.h"

#define PORT_OTHER	9999
#define PORT_MAPPER	111

/* Those before count for nothing: what they allocate stays near. */
#define SETTLE		50
#define DATAGRAMS	101
#define BATCHES		3

#define MESSAGE_MAX	128

/* Program 100005, mountd, and where it is */
#define PROGRAM		100005
#define PROGRAM_PORT	20048

struct measured {
	const char *name;
	unsigned int port;
	int each_new;		/* a flow for each */
	int by_server;		/* it is the answer that counts */
	int direct;		/* past the router */
};

static const struct measured cases[] = {
	{ "datagram", PORT_OTHER, 0, 0, 0 },
	{ "flow", PORT_OTHER, 1, 0, 0 },
	{ "question", PORT_MAPPER, 1, 0, 0 },
	{ "answer", PORT_MAPPER, 1, 1, 0 },
	{ "datagram_ends", PORT_OTHER, 0, 0, 1 },
	{ "flow_ends", PORT_OTHER, 1, 0, 1 },
};

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int new_socket(const char *ns)
{
	int fd;

	link_enter(ns);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(1, "socket");
	link_limit(fd);
	return fd;
}

/* portmap's GETPORT (RFC 1833 section 3) for a program, by TCP */
static size_t question(uint32_t xid, uint32_t *call)
{
	const uint32_t words[] = {
		xid, 0, 2, 100000, 2, 3, 0, 0, 0, 0, PROGRAM, 3, IPPROTO_TCP, 0,
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		call[i] = htonl(words[i]);
	return sizeof(words);
}

static size_t answer(uint32_t xid, uint32_t *reply)
{
	const uint32_t words[] = { xid, 1, 0, 0, 0, 0, PROGRAM_PORT };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		reply[i] = htonl(words[i]);
	return sizeof(words);
}

/* One there and one back; what the one took that counts. */
static uint64_t measure_one(const struct measured *m, int client, int server,
			    uint32_t xid)
{
	uint32_t data[MESSAGE_MAX / sizeof(uint32_t)];
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	uint64_t before, middle, after;
	size_t size = question(xid, data);

	before = __rdtsc();
	if (send(client, data, size, 0) != (ssize_t)size ||
	    recvfrom(server, data, sizeof(data), 0, (struct sockaddr *)&from,
		     &len) != (ssize_t)size)
		err(1, "there");
	middle = __rdtsc();
	size = answer(xid, data);
	if (sendto(server, data, size, 0, (struct sockaddr *)&from, len) !=
	    (ssize_t)size ||
	    recv(client, data, sizeof(data), 0) != (ssize_t)size)
		err(1, "back");
	after = __rdtsc();
	return m->by_server ? after - middle : middle - before;
}

static int connected(const char *ns, const struct sockaddr_in *to)
{
	int fd = new_socket(ns);

	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)))
		err(1, "connect");
	return fd;
}

static uint64_t measure(const struct measured *m, const char *client_ns,
			const struct sockaddr_in *to, int server)
{
	static uint64_t took[DATAGRAMS];
	int client = connected(client_ns, to), i;
	static uint32_t xid;
	uint64_t one;

	for (i = -SETTLE; i < DATAGRAMS; i++) {
		if (m->each_new) {
			close(client);
			client = connected(client_ns, to);
		}
		one = measure_one(m, client, server, ++xid);
		if (i >= 0)
			took[i] = one;
	}
	close(client);
	qsort(took, DATAGRAMS, sizeof(took[0]), compare);
	return took[DATAGRAMS / 2];
}

static uint64_t lowest(const struct measured *m, char **argv)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(m->port),
	};
	uint64_t min = UINT64_MAX, median;
	int server = new_socket(argv[2]), i;

	if (inet_pton(AF_INET, argv[m->direct ? 4 : 3], &to.sin_addr) != 1)
		errx(1, "no address");
	if (bind(server, (struct sockaddr *)&to, sizeof(to)))
		err(1, "bind to port %u", m->port);
	for (i = 0; i < BATCHES; i++) {
		median = measure(m, argv[1], &to, server);
		if (median < min)
			min = median;
	}
	close(server);
	return min;
}

int main(int argc, char **argv)
{
	const struct measured *m;
	size_t k;
	int i;

	if (argc < 6)
		errx(2, "usage: datagram CLIENT_NS SERVER_NS ADDRESS DIRECT_ADDRESS CASE...");
	for (i = 5; i < argc; i++) {
		m = NULL;
		for (k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
			if (!strcmp(argv[i], cases[k].name))
				m = &cases[k];
		if (!m)
			errx(2, "%s: no such case", argv[i]);
		printf("%s %llu\n", m->name,
		       (unsigned long long)lowest(m, argv));
	}
	return 0;
}
