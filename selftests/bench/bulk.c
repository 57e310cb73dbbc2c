// SPDX-License-Identifier: GPL-2.0-only
/* How long bulk data take through the control port, and do they arrive?
 *
 *	bulk CLIENT_NS SERVER_NS ADDRESS MIB KIND up|down
 *
 * KIND is what happens on port 21: "login" sends bytes without a newline
 * behind a greeting and a login, "lines" random ones there, and "foreign" the
 * latter with nothing before them, the client first. Each byte is compared.
 * Prints microseconds, and which of SACK and window scaling both ends have used:
 * "sack", "wscale", or "nothing".
 */

#define _GNU_SOURCE

#include <stdint.h>
#include <sys/wait.h>
#include <time.h>

#include "link.h"

#define PORT_FTP	21
#define MIB		(1024 * 1024)
#define CHUNK		(256 * 1024)

/* The data repeat after this many bytes, a prime: what is moved or missing
 * doesn't go unnoticed.
 */
#define PERIOD		1048573

static uint8_t pattern[PERIOD + CHUNK];

static void make_pattern(int newlines)
{
	uint32_t state = 2463534242u;
	size_t i;

	for (i = 0; i < sizeof(pattern); i++) {
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		pattern[i] = i < PERIOD ? state >> 24 : pattern[i - PERIOD];
		if (!newlines && pattern[i] == '\n')
			pattern[i] = 0;
	}
}

static void send_all(int fd, uint64_t size)
{
	uint64_t at = 0;

	while (at < size) {
		size_t n = size - at < CHUNK ? size - at : CHUNK;
		ssize_t r = send(fd, pattern + at % PERIOD, n, MSG_NOSIGNAL);

		if (r <= 0)
			err(1, "send at %llu", (unsigned long long)at);
		at += r;
	}
}

static void receive_all(int fd, uint64_t size)
{
	static uint8_t got[CHUNK];
	uint64_t at = 0;

	while (at < size) {
		size_t n = size - at < CHUNK ? size - at : CHUNK;
		ssize_t r = recv(fd, got, n, 0);

		if (r <= 0)
			err(1, "recv at %llu", (unsigned long long)at);
		if (memcmp(got, pattern + at % PERIOD, r))
			errx(1, "other bytes behind %llu",
			     (unsigned long long)at);
		at += r;
	}
}

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

/* The options of TCP, as TCP_INFO has them. */
static unsigned int options(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		err(1, "TCP_INFO");
	return info.tcpi_options;
}

int main(int argc, char **argv)
{
	uint64_t size, start;
	int from, to, status, used;
	struct link link;
	pid_t sender;

	if (argc != 7)
		errx(2, "usage: bulk CLIENT_NS SERVER_NS ADDRESS MIB KIND up|down");
	size = strtoull(argv[4], NULL, 10) * MIB;
	make_pattern(strcmp(argv[5], "login"));
	link = link_open(argv[1], argv[2], argv[3], PORT_FTP);
	if (strcmp(argv[5], "foreign"))
		link_login(&link);
	from = strcmp(argv[6], "up") ? link.server : link.client;
	to = strcmp(argv[6], "up") ? link.client : link.server;

	start = now_us();
	sender = fork();
	if (sender < 0)
		err(1, "fork");
	if (!sender) {
		send_all(from, size);
		_exit(0);
	}
	receive_all(to, size);
	start = now_us() - start;
	if (waitpid(sender, &status, 0) != sender || status)
		errx(1, "the sender has failed");
	used = options(from) & options(to);
	link_close(&link);
	printf("%llu%s%s%s\n", (unsigned long long)start,
	       used & TCPI_OPT_SACK ? " sack" : "",
	       used & TCPI_OPT_WSCALE ? " wscale" : "",
	       used & (TCPI_OPT_SACK | TCPI_OPT_WSCALE) ? "" : " nothing");
	return 0;
}
