// SPDX-License-Identifier: GPL-2.0-only
/* What a segment costs a router that has few flows, and one that has many.
 *
 *	flows NS FLOWS...
 *
 * Through the devices "lan" and "wan" of NS; see tun.h. For each FLOWS, more every
 * time, prints that number, and what a line of IRC's chat and one of DCC take from
 * one device to the other. Run with "-i" the test machine's time stamp counter
 * counts instructions.
 */

#define _GNU_SOURCE

#include "tun.h"

#define PORT_IRC	6667

/* So many flows are with one server, so that each keeps its port when its
 * address is translated.
 */
#define SERVER_FLOWS	50000
#define FIRST_PORT	10000

/* Lines before those that count, and those; a flow has room for a few. */
#define SETTLE		110
#define LINES		101
#define BATCHES		2

#define CHAT		"PRIVMSG #garden :Good morning, is anybody there?\r\n"
#define PONG		":irc.test PONG :x\r\n"
#define ANNOUNCED	40000

static struct tun_conn *flows;

static uint64_t say(unsigned int i, enum tun_end from, const char *text)
{
	return tun_say_same(&flows[i], from, text, strlen(text));
}

static void open_flow(unsigned int i)
{
	flows[i] = (struct tun_conn){
		.addr = { TUN_CLIENT + i % 65536, TUN_SERVER + i / SERVER_FLOWS },
		.port = { FIRST_PORT + i % SERVER_FLOWS, PORT_IRC },
	};
	tun_connect(&flows[i]);
	say(i, TUN_FROM_CLIENT, "NICK me\r\nUSER me 0 * :me\r\n");
	say(i, TUN_FROM_SERVER, ":irc.test 001 me :Welcome\r\n");
}

static void format_offer(char *line, size_t size, uint32_t address,
			 unsigned int port)
{
	snprintf(line, size, "PRIVMSG bob :\001DCC SEND file %u %u 123\001\r\n",
		 address, port);
}

static uint64_t chat(unsigned int i)
{
	uint64_t took = say(i, TUN_FROM_CLIENT, CHAT);

	say(i, TUN_FROM_SERVER, PONG);
	return took;
}

/* Each time with another port, so that the public one is free. */
static uint64_t offer(unsigned int i)
{
	static unsigned int port = ANNOUNCED;
	char line[128], want[128];
	struct tun_packet p;
	uint64_t took;
	size_t came;

	format_offer(line, sizeof(line), flows[i].addr[TUN_FROM_CLIENT], port);
	format_offer(want, sizeof(want), TUN_ROUTER, port++);
	took = tun_say(&flows[i], TUN_FROM_CLIENT, line, strlen(line), &p, &came);
	if (came != strlen(want) || memcmp(p.data, want, came))
		errx(1, "flow %u: an offer has become '%.*s'", i, (int)came, p.data);
	say(i, TUN_FROM_SERVER, PONG);
	return took;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The lowest of the batches' medians, over flows from everywhere. */
static uint64_t measure(uint64_t (*line)(unsigned int), unsigned int count)
{
	uint64_t took[LINES], min = UINT64_MAX;
	unsigned int i, b, at = 0;

	for (i = 0; i < SETTLE; i++)
		line(at++ * 7919ull % count);
	for (b = 0; b < BATCHES; b++) {
		for (i = 0; i < LINES; i++)
			took[i] = line(at++ * 7919ull % count);
		qsort(took, LINES, sizeof(took[0]), compare);
		if (took[LINES / 2] < min)
			min = took[LINES / 2];
	}
	return min;
}

int main(int argc, char **argv)
{
	unsigned int count, have = 0;
	int i;

	if (argc < 3)
		errx(2, "usage: flows NS FLOWS...");
	tun_open(argv[1]);
	for (i = 2; i < argc; i++) {
		count = strtoul(argv[i], NULL, 10);
		flows = realloc(flows, count * sizeof(*flows));
		if (!flows)
			err(1, "realloc");
		while (have < count)
			open_flow(have++);
		printf("%u %llu ", count,
		       (unsigned long long)measure(chat, count));
		printf("%llu\n", (unsigned long long)measure(offer, count));
		fflush(stdout);
	}
	return 0;
}
