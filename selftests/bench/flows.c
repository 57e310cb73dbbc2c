// SPDX-License-Identifier: GPL-2.0-only
/* What a segment costs a router that has few flows, and one that has many.
 *
 *	flows NS FLOWS...
 *
 * Both ends of every flow are here: their packets go into the devices "lan" and
 * "wan" of NS and come out of the other one, so a flow takes two numbers here
 * instead of two sockets. For each FLOWS, more every time, prints that number,
 * and what a line of IRC's chat and one of DCC take from one device to the
 * other. Run with "-i" the test machine's time stamp counter counts
 * instructions.
 */

#define _GNU_SOURCE

#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/ip.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <x86intrin.h>

#include "link.h"

#define PORT_IRC	6667

/* So many flows are with one server, so that each keeps its port when its
 * address is translated.
 */
#define SERVER_FLOWS	50000
#define FIRST_PORT	10000

#define FIRST_CLIENT	0x0a010000	/* 10.1.0.0 */
#define FIRST_SERVER	0xcb007102	/* 203.0.113.2 */
#define ROUTER		0xcb007101	/* 203.0.113.1 */

#define FIRST_SEQ	1000
#define MSS		1460
#define MSS_OPTION	(0x02040000 | MSS)
#define PACKET_MAX	2048

/* For a segment that must come. While a page of the daemon's is fetched from the
 * host, the machine has nothing to do and its clock runs ahead.
 */
#define WAIT_MS		1000000

/* Lines before those that count, and those; a flow has room for a few. */
#define SETTLE		110
#define LINES		101
#define BATCHES		2

#define CHAT		"PRIVMSG #garden :Good morning, is anybody there?\r\n"
#define ANNOUNCED	40000

/**
 * struct flow - a connection
 * @client: next number of the client's
 * @seen: the same as the server knows it
 * @server: next number of the server's
 */
struct flow {
	uint32_t client;
	uint32_t seen;
	uint32_t server;
};

/* A segment without options, or a SYN with one. */
struct segment {
	struct iphdr ip;
	struct tcphdr tcp;
	uint8_t data[PACKET_MAX];
} __attribute__((packed));

static int lan, wan;
static struct flow *flows;

static int open_tun(const char *name)
{
	struct ifreq req = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req))
		err(1, "%s", name);
	return fd;
}

static uint32_t sum(const void *data, size_t len, uint32_t start)
{
	const uint8_t *at = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		start += at[i] << 8 | at[i + 1];
	if (len & 1)
		start += at[len - 1] << 8;
	return start;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

static uint32_t client_of(unsigned int i)
{
	return FIRST_CLIENT + i % 65536;
}

static uint32_t server_of(unsigned int i)
{
	return FIRST_SERVER + i / SERVER_FLOWS;
}

static uint16_t port_of(unsigned int i)
{
	return FIRST_PORT + i % SERVER_FLOWS;
}

/* Fills in the addresses and sums of a segment; returns the packet's length. */
static size_t finish(struct segment *s, uint32_t from, uint16_t from_port,
		     uint32_t to, uint16_t to_port, size_t len)
{
	size_t tcp_len = s->tcp.doff * 4 + len;

	s->ip.version = 4;
	s->ip.ihl = sizeof(s->ip) / 4;
	s->ip.ttl = 64;
	s->ip.protocol = IPPROTO_TCP;
	s->ip.frag_off = htons(IP_DF);
	s->ip.tot_len = htons(sizeof(s->ip) + tcp_len);
	s->ip.saddr = htonl(from);
	s->ip.daddr = htonl(to);
	s->ip.check = fold(sum(&s->ip, sizeof(s->ip), 0));
	s->tcp.source = htons(from_port);
	s->tcp.dest = htons(to_port);
	s->tcp.window = htons(65000);
	s->tcp.check = fold(sum(&s->tcp, tcp_len,
				sum(&s->ip.saddr, 8, IPPROTO_TCP + tcp_len)));
	return sizeof(s->ip) + tcp_len;
}

/* The next segment that comes out; returns the length of its text. */
static size_t come(int fd, struct segment *s)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t n;

	do {
		if (poll(&ready, 1, WAIT_MS) != 1)
			errx(1, "a segment is lost");
		n = read(fd, s, sizeof(*s));
		if (n < 0)
			err(1, "read");
	} while (n < (ssize_t)(sizeof(s->ip) + sizeof(s->tcp)) ||
		 s->ip.version != 4 || s->ip.protocol != IPPROTO_TCP);
	return n - sizeof(s->ip) - s->tcp.doff * 4;
}

static void begin(struct segment *s, uint32_t seq, uint32_t ack)
{
	memset(s, 0, sizeof(s->ip) + sizeof(s->tcp));
	s->tcp.doff = sizeof(s->tcp) / 4;
	s->tcp.seq = htonl(seq);
	s->tcp.ack_seq = htonl(ack);
	s->tcp.ack = 1;
}

/* A segment goes in at @fd, and comes out at the other device, into @s; how
 * long that took.
 */
static uint64_t pass(struct segment *s, size_t len, size_t *came)
{
	int from = ntohl(s->ip.saddr) >> 24 == FIRST_CLIENT >> 24 ? lan : wan;
	uint64_t start = __rdtsc();

	if (write(from, s, len) != (ssize_t)len)
		err(1, "write");
	*came = come(from == lan ? wan : lan, s);
	return __rdtsc() - start;
}

/* @text from the client of flow @i; @s is what comes out. */
static uint64_t client_says(unsigned int i, const char *text,
			    struct segment *s)
{
	size_t len = strlen(text), came;
	struct flow *f = &flows[i];
	uint64_t took;

	begin(s, f->client, f->server);
	s->tcp.psh = 1;
	memcpy(s->data, text, len);
	took = pass(s, finish(s, client_of(i), port_of(i), server_of(i),
			      PORT_IRC, len), &came);
	if (ntohs(s->tcp.source) != port_of(i) || ntohl(s->tcp.seq) != f->seen)
		errx(1, "flow %u: not what was to come", i);
	s->data[came] = 0;
	f->client += len;
	f->seen += came;
	return took;
}

/* @text from its server, which has got all that the client has said. */
static uint64_t server_says(unsigned int i, const char *text)
{
	size_t len = strlen(text), came;
	struct flow *f = &flows[i];
	struct segment s;
	uint64_t took;

	begin(&s, f->server, f->seen);
	s.tcp.psh = 1;
	memcpy(s.data, text, len);
	took = pass(&s, finish(&s, server_of(i), PORT_IRC, ROUTER, port_of(i),
			       len), &came);
	if (came != len || ntohl(s.ip.daddr) != client_of(i) ||
	    ntohl(s.tcp.ack_seq) != f->client || memcmp(s.data, text, len))
		errx(1, "flow %u: not what was to come back", i);
	f->server += len;
	return took;
}

static void put_mss(struct segment *s)
{
	uint32_t option = htonl(MSS_OPTION);

	memcpy(s->data, &option, sizeof(option));
	s->tcp.doff += sizeof(option) / 4;
	s->tcp.syn = 1;
}

static void open_flow(unsigned int i)
{
	struct flow *f = &flows[i];
	struct segment s;
	size_t came;

	*f = (struct flow){ FIRST_SEQ, FIRST_SEQ, FIRST_SEQ };
	begin(&s, f->client++, 0);
	s.tcp.ack = 0;
	put_mss(&s);
	pass(&s, finish(&s, client_of(i), port_of(i), server_of(i), PORT_IRC,
			0), &came);
	f->seen++;
	begin(&s, f->server++, f->client);
	put_mss(&s);
	pass(&s, finish(&s, server_of(i), PORT_IRC, ROUTER, port_of(i), 0),
	     &came);
	client_says(i, "NICK me\r\nUSER me 0 * :me\r\n", &s);
	server_says(i, ":irc.test 001 me :Welcome\r\n");
}

static void format_offer(char *line, size_t size, uint32_t address,
			 unsigned int port)
{
	snprintf(line, size, "PRIVMSG bob :\001DCC SEND file %u %u 123\001\r\n",
		 address, port);
}

static uint64_t chat(unsigned int i)
{
	struct segment s;
	uint64_t took = client_says(i, CHAT, &s);

	if (strcmp((char *)s.data, CHAT))
		errx(1, "flow %u: chat has become '%s'", i, s.data);
	server_says(i, ":irc.test PONG :x\r\n");
	return took;
}

/* Each time with another port, so that the public one is free. */
static uint64_t offer(unsigned int i)
{
	static unsigned int port = ANNOUNCED;
	struct segment s;
	char line[128];
	uint64_t took;

	format_offer(line, sizeof(line), client_of(i), port);
	took = client_says(i, line, &s);
	format_offer(line, sizeof(line), ROUTER, port++);
	if (strcmp((char *)s.data, line))
		errx(1, "flow %u: an offer has become '%s'", i, s.data);
	server_says(i, ":irc.test PONG :x\r\n");
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
	link_enter(argv[1]);
	lan = open_tun("lan");
	wan = open_tun("wan");
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
