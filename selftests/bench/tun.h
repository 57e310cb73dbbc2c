/* SPDX-License-Identifier: GPL-2.0-only */
/* A router between two devices, "lan" and "wan", whose other ends are this program: both
 * ends of every connection are here, as a few numbers. No socket, no TCP and no hook but
 * the router's has a part in what a packet takes from one device to the other.
 */
#ifndef SELFTESTS_BENCH_TUN_H
#define SELFTESTS_BENCH_TUN_H

#include <err.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <x86intrin.h>

#include "netns.h"

/* The router's own address on "wan", and where servers and clients begin; the latter's
 * network is all of "lan".
 */
#define TUN_ROUTER		0xcb007101	/* 203.0.113.1 */
#define TUN_SERVER		0xcb007102	/* 203.0.113.2 */
#define TUN_CLIENT		0x0a010000	/* 10.1.0.0 */

#define TUN_FIRST_SEQ		1000
#define TUN_WINDOW		65000
#define TUN_MSS_OPTION		(0x02040000 | 1460)
#define TUN_TEXT_MAX		2048

/* For a packet that must come. While a page of a program's is fetched from the host, the
 * machine has nothing to do and its clock runs ahead, if it counts instructions.
 */
#ifndef TUN_WAIT_MS
#define TUN_WAIT_MS		1000000
#endif

enum tun_end { TUN_FROM_CLIENT, TUN_FROM_SERVER };

/**
 * struct tun_conn - a connection, or a flow of datagrams
 * @addr: the client's address, and the server's, host byte order
 * @port: their ports, likewise
 * @public: the client's address as the server knows it
 * @public_port: its port, likewise
 * @next: next number of each end
 * @seen: the same as the other end knows it
 */
struct tun_conn {
	uint32_t addr[2];
	uint16_t port[2];
	uint32_t public;
	uint16_t public_port;
	uint32_t next[2];
	uint32_t seen[2];
};

/* Without options, but for a SYN, which has one. */
struct tun_packet {
	struct iphdr ip;
	union {
		struct {
			struct tcphdr tcp;
			uint8_t data[TUN_TEXT_MAX];
		} __attribute__((packed));
		struct {
			struct udphdr udp;
			uint8_t payload[TUN_TEXT_MAX];
		} __attribute__((packed));
	};
} __attribute__((packed));

/* By the end that sends there */
static int tun_fd[2];

static inline int tun_open_one(const char *name)
{
	struct ifreq req = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(req.ifr_name, sizeof(req.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &req))
		err(1, "%s", name);
	return fd;
}

static inline void tun_open(const char *ns)
{
	netns_enter(ns);
	tun_fd[TUN_FROM_CLIENT] = tun_open_one("lan");
	tun_fd[TUN_FROM_SERVER] = tun_open_one("wan");
}

static inline uint32_t tun_sum(const void *data, size_t len, uint32_t start)
{
	const uint8_t *at = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		start += at[i] << 8 | at[i + 1];
	if (len & 1)
		start += at[len - 1] << 8;
	return start;
}

static inline uint16_t tun_fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons(~sum);
}

/* Fill in the IP header of what @from sends, @len bytes behind that header. */
static inline size_t tun_put_ip(struct tun_packet *p, const struct tun_conn *c,
				enum tun_end from, uint8_t protonum, size_t len)
{
	memset(&p->ip, 0, sizeof(p->ip));
	p->ip.version = 4;
	p->ip.ihl = sizeof(p->ip) / 4;
	p->ip.ttl = 64;
	p->ip.protocol = protonum;
	p->ip.frag_off = htons(IP_DF);
	p->ip.tot_len = htons(sizeof(p->ip) + len);
	p->ip.saddr = htonl(c->addr[from]);
	p->ip.daddr = htonl(from == TUN_FROM_CLIENT ? c->addr[TUN_FROM_SERVER] :
						      c->public);
	p->ip.check = tun_fold(tun_sum(&p->ip, sizeof(p->ip), 0));
	return sizeof(p->ip) + len;
}

static inline uint16_t tun_dest(const struct tun_conn *c, enum tun_end from)
{
	return from == TUN_FROM_CLIENT ? c->port[TUN_FROM_SERVER] : c->public_port;
}

static inline uint16_t tun_check(const struct tun_packet *p, uint8_t protonum,
				 size_t len)
{
	return tun_fold(tun_sum(&p->tcp, len,
				tun_sum(&p->ip.saddr, 8, protonum + len)));
}

/* The next packet of @protonum that comes out at @fd; what it has behind its IP header. */
static inline size_t tun_come(int fd, struct tun_packet *p, uint8_t protonum)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t n;

	do {
		if (poll(&ready, 1, TUN_WAIT_MS) != 1)
			errx(1, "a packet is lost");
		n = read(fd, p, sizeof(*p));
		if (n < 0)
			err(1, "read");
	} while (n < (ssize_t)sizeof(p->ip) || p->ip.version != 4 ||
		 p->ip.protocol != protonum);
	return n - sizeof(p->ip);
}

/* A packet of @len bytes goes in where @from sends and comes out at the other device,
 * into @p, with @came bytes behind its IP header; how long that took.
 */
static inline uint64_t tun_pass(struct tun_packet *p, enum tun_end from, size_t len,
				uint8_t protonum, size_t *came)
{
	uint64_t start = __rdtsc();

	if (write(tun_fd[from], p, len) != (ssize_t)len)
		err(1, "write");
	*came = tun_come(tun_fd[!from], p, protonum);
	return __rdtsc() - start;
}

/* Finish the header of a segment of @len bytes, its own and its text's; return how long the
 * packet is.
 */
static inline size_t tun_put_tcp(struct tun_packet *p, const struct tun_conn *c,
				 enum tun_end from, size_t len)
{
	size_t size = tun_put_ip(p, c, from, IPPROTO_TCP, len);

	p->tcp.source = htons(c->port[from]);
	p->tcp.dest = htons(tun_dest(c, from));
	p->tcp.window = htons(TUN_WINDOW);
	p->tcp.check = 0;
	p->tcp.check = tun_check(p, IPPROTO_TCP, len);
	return size;
}

/* Send a segment, as tun_begin() and the caller have made it, with @len bytes of text;
 * @p is what comes out, with @came bytes of it.
 */
static inline uint64_t tun_segment(struct tun_conn *c, enum tun_end from,
				   struct tun_packet *p, size_t len, size_t *came)
{
	size_t size = tun_put_tcp(p, c, from, p->tcp.doff * 4 + len);
	uint64_t took;

	took = tun_pass(p, from, size, IPPROTO_TCP, came);
	*came -= p->tcp.doff * 4;
	if (ntohl(p->tcp.seq) != c->seen[from])
		errx(1, "a segment has the number %u, not %u",
		     ntohl(p->tcp.seq), c->seen[from]);
	len += p->tcp.syn + p->tcp.fin;
	c->next[from] += len;
	c->seen[from] += *came + p->tcp.syn + p->tcp.fin;
	return took;
}

/* The header of @from's next segment, which acknowledges all that it knows of. */
static inline void tun_begin(const struct tun_conn *c, enum tun_end from,
			     struct tun_packet *p)
{
	memset(&p->tcp, 0, sizeof(p->tcp));
	p->tcp.doff = sizeof(p->tcp) / 4;
	p->tcp.seq = htonl(c->next[from]);
	p->tcp.ack_seq = htonl(c->seen[!from]);
	p->tcp.ack = 1;
}

/* @from says @len bytes of @text, or acknowledges, if that is 0; @p is what comes out. */
static inline uint64_t tun_say(struct tun_conn *c, enum tun_end from,
			       const char *text, size_t len, struct tun_packet *p,
			       size_t *came)
{
	tun_begin(c, from, p);
	p->tcp.psh = len != 0;
	memcpy(p->data, text, len);
	return tun_segment(c, from, p, len, came);
}

/* The same for what must come as it is. */
static inline uint64_t tun_say_same(struct tun_conn *c, enum tun_end from,
				    const char *text, size_t len)
{
	struct tun_packet p;
	size_t came;
	uint64_t took = tun_say(c, from, text, len, &p, &came);

	if (came != len || memcmp(p.data, text, len))
		errx(1, "'%.*s' has become '%.*s'", (int)len, text, (int)came,
		     (const char *)p.data);
	return took;
}

static inline void tun_put_syn(struct tun_packet *p)
{
	uint32_t option = htonl(TUN_MSS_OPTION);

	memcpy(p->data, &option, sizeof(option));
	p->tcp.doff += sizeof(option) / 4;
	p->tcp.syn = 1;
}

/* A client's first SYN; what it took. */
static inline uint64_t tun_syn(struct tun_conn *c)
{
	struct tun_packet p;
	uint64_t took;
	size_t came;

	c->next[0] = c->next[1] = c->seen[0] = c->seen[1] = TUN_FIRST_SEQ;
	tun_begin(c, TUN_FROM_CLIENT, &p);
	p.tcp.ack = 0;
	p.tcp.ack_seq = 0;
	tun_put_syn(&p);
	took = tun_segment(c, TUN_FROM_CLIENT, &p, 0, &came);
	c->public = ntohl(p.ip.saddr);
	c->public_port = ntohs(p.tcp.source);
	return took;
}

static inline void tun_connect(struct tun_conn *c)
{
	struct tun_packet p;
	size_t came;

	tun_syn(c);
	tun_begin(c, TUN_FROM_SERVER, &p);
	tun_put_syn(&p);
	tun_segment(c, TUN_FROM_SERVER, &p, 0, &came);
	tun_say_same(c, TUN_FROM_CLIENT, "", 0);
}

/* The client gives up: nothing is left but an entry that ends soon. */
static inline void tun_reset(struct tun_conn *c)
{
	struct tun_packet p;
	size_t came;

	tun_begin(c, TUN_FROM_CLIENT, &p);
	p.tcp.rst = 1;
	tun_segment(c, TUN_FROM_CLIENT, &p, 0, &came);
}

/* Fill in a datagram of @from's with @len bytes of @data; the size of the packet. */
static inline size_t tun_put_datagram(struct tun_packet *p, const struct tun_conn *c,
				      enum tun_end from, const void *data, size_t len)
{
	size_t udp_len = sizeof(struct udphdr) + len, size;

	size = tun_put_ip(p, c, from, IPPROTO_UDP, udp_len);
	p->udp.source = htons(c->port[from]);
	p->udp.dest = htons(tun_dest(c, from));
	p->udp.len = htons(udp_len);
	p->udp.check = 0;
	memcpy(p->payload, data, len);
	p->udp.check = tun_check(p, IPPROTO_UDP, udp_len);
	return size;
}

/* A datagram; of a flow's first one the server learns who asks. */
static inline uint64_t tun_datagram(struct tun_conn *c, enum tun_end from,
				    const void *data, size_t len)
{
	struct tun_packet p;
	uint64_t took;
	size_t came;

	took = tun_pass(&p, from, tun_put_datagram(&p, c, from, data, len), IPPROTO_UDP,
			&came);
	if (came != sizeof(struct udphdr) + len || memcmp(p.payload, data, len))
		errx(1, "a datagram has become another");
	if (from == TUN_FROM_CLIENT) {
		c->public = ntohl(p.ip.saddr);
		c->public_port = ntohs(p.udp.source);
	}
	return took;
}

/* A datagram that the router must drop, which it does while it is written. */
static inline uint64_t tun_dropped(const struct tun_conn *c, enum tun_end from,
				   const void *data, size_t len)
{
	struct pollfd ready[2] = {
		{ .fd = tun_fd[0], .events = POLLIN }, { .fd = tun_fd[1], .events = POLLIN },
	};
	struct tun_packet p;
	size_t size = tun_put_datagram(&p, c, from, data, len);
	uint64_t start = __rdtsc(), took;

	if (write(tun_fd[from], &p, size) != (ssize_t)size)
		err(1, "write");
	took = __rdtsc() - start;
	if (poll(ready, 2, 0))
		errx(1, "the router has not dropped a datagram");
	return took;
}

#endif /* SELFTESTS_BENCH_TUN_H */
