/* SPDX-License-Identifier: GPL-2.0-only */
/* Connections that end in the router, where a proxy makes a second one to the server.
 *
 * A struct tun_conn is both of them: what an end has seen is what the proxy has sent to it,
 * so that tun_say() and what is built upon it are right for either end, if both have come
 * to rest before.
 */
#ifndef SELFTESTS_BENCH_TUN_PROXY_H
#define SELFTESTS_BENCH_TUN_PROXY_H

#include "tun.h"

/* Until a proxy has nothing more to do, and acknowledgements aren't kept back any more */
#define TUN_REST_US	100000

/* Let everything come to rest, and throw away what has come. */
static inline void tun_rest(void)
{
	struct pollfd ready[2] = {
		{ .fd = tun_fd[0], .events = POLLIN }, { .fd = tun_fd[1], .events = POLLIN },
	};
	struct tun_packet p;
	int i;

	usleep(TUN_REST_US);
	while (poll(ready, 2, 0) > 0)
		for (i = 0; i < 2; i++)
			if (ready[i].revents && read(tun_fd[i], &p, sizeof(p)) < 0)
				err(1, "read");
}

/* @from sends @p, a segment without text, and no answer is waited for. */
static inline void tun_proxy_send(struct tun_conn *c, enum tun_end from,
				  struct tun_packet *p)
{
	size_t size = tun_put_tcp(p, c, from, p->tcp.doff * 4);

	c->next[from] += p->tcp.syn;
	if (write(tun_fd[from], p, size) != (ssize_t)size)
		err(1, "write");
}

/* The SYN that comes to @end from the proxy, or its answer to that end's */
static inline void tun_proxy_answer(struct tun_conn *c, enum tun_end end,
				    struct tun_packet *p)
{
	bool answers = end == TUN_FROM_CLIENT;

	tun_come(tun_fd[end], p, IPPROTO_TCP);
	if (!p->tcp.syn || p->tcp.ack != answers)
		errx(1, "no proxy is there");
	c->seen[!end] = ntohl(p->tcp.seq) + 1;
}

/* The client is answered by the router itself, which then connects to the server. */
static inline void tun_proxy_connect(struct tun_conn *c)
{
	struct tun_packet p;

	tun_rest();
	c->next[0] = TUN_FIRST_SEQ;
	c->next[1] = TUN_FIRST_SEQ;
	tun_begin(c, TUN_FROM_CLIENT, &p);
	p.tcp.ack = 0;
	p.tcp.ack_seq = 0;
	tun_put_syn(&p);
	tun_proxy_send(c, TUN_FROM_CLIENT, &p);
	tun_proxy_answer(c, TUN_FROM_CLIENT, &p);
	tun_begin(c, TUN_FROM_CLIENT, &p);
	tun_proxy_send(c, TUN_FROM_CLIENT, &p);

	tun_proxy_answer(c, TUN_FROM_SERVER, &p);
	c->public = ntohl(p.ip.saddr);
	c->public_port = ntohs(p.tcp.source);
	if (c->public != TUN_ROUTER)
		errx(1, "it is not the router that connects");
	tun_begin(c, TUN_FROM_SERVER, &p);
	tun_put_syn(&p);
	tun_proxy_send(c, TUN_FROM_SERVER, &p);
	tun_rest();
}

/* Both ends give up. */
static inline void tun_proxy_reset(struct tun_conn *c)
{
	struct tun_packet p;
	int end;

	tun_rest();
	for (end = 0; end < 2; end++) {
		tun_begin(c, end, &p);
		p.tcp.rst = 1;
		tun_proxy_send(c, end, &p);
	}
	tun_rest();
}

#endif /* SELFTESTS_BENCH_TUN_PROXY_H */
