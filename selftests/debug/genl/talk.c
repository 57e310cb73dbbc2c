// SPDX-License-Identifier: GPL-2.0-only
/* A conversation of IRC, and the queue in which its announcements wait. */

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>

#include "message.h"
#include "talk.h"

/* Public and announced ports: nothing else uses them. */
#define OFFER_PORT	50001
/* Longest wait for what comes at once, where it comes */
#define WAIT_MS		2000

static int queue_fd = -1;
static int listener_fd[2] = { -1, -1 };
static char offers[1024];

/* For machines that are slow: APPGW_SLOWNESS is in per cent. */
static int wait_ms(void)
{
	const char *slowness = getenv("APPGW_SLOWNESS");

	return slowness ? WAIT_MS / 100 * atoi(slowness) : WAIT_MS;
}

static bool readable(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, wait_ms()) == 1;
}

static void queue_send(uint8_t type, struct message *m)
{
	uint8_t buf[512];
	size_t len;

	/* nfnetlink's header is as long as that of generic netlink */
	m->nlh.nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type;
	m->nlh.nlmsg_flags = NLM_F_REQUEST;
	m->genl.cmd = AF_UNSPEC;
	m->genl.version = NFNETLINK_V0;
	len = message_write(m, buf, sizeof(buf));
	if (send(queue_fd, buf, len, 0) < 0)
		err(1, "queue");
}

static void queue_open(void)
{
	struct nfqnl_msg_config_params params = {
		.copy_range = htonl(0xffff), .copy_mode = NFQNL_COPY_PACKET };
	struct nfqnl_msg_config_cmd cmd = { .command = NFQNL_CFG_CMD_BIND };
	struct message m;

	queue_fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			  NETLINK_NETFILTER);
	if (queue_fd < 0)
		err(1, "queue");
	message_new(&m, 0, 0);
	m.genl.reserved = htons(TALK_QUEUE);
	put(m.root, NFQA_CFG_CMD, &cmd, sizeof(cmd));
	put(m.root, NFQA_CFG_PARAMS, &params, sizeof(params));
	queue_send(NFQNL_MSG_CONFIG, &m);
}

/* Finds the number of the segment's first byte. */
static bool queue_seq(const struct nlattr *payload, uint32_t *seq)
{
	const uint8_t *data = (const uint8_t *)payload + NLA_HDRLEN;
	unsigned int head = data[0] >> 4 == 4 ? (data[0] & 15) * 4 : 40;
	const struct tcphdr *th = (const void *)(data + head);

	if (payload->nla_len < NLA_HDRLEN + head + sizeof(*th) + strlen(offers))
		return false;
	*seq = ntohl(th->seq);
	return true;
}

/* The announcements are there: at which number of the sender's */
static bool queue_wait(uint32_t *seq)
{
	const ssize_t head = NLMSG_HDRLEN + sizeof(struct nfgenmsg);
	static uint8_t buf[0xffff + 4096];
	const struct nlattr *payload;
	ssize_t n;

	while (readable(queue_fd)) {
		n = recv(queue_fd, buf, sizeof(buf), 0);
		if (n < head)
			continue;
		payload = attr_find(buf + head, n - head, NFQA_PAYLOAD);
		if (payload && queue_seq(payload, seq))
			return true;
	}
	return false;
}

/* All that waits goes on, or doesn't. */
static void queue_end(uint32_t verdict)
{
	struct nfqnl_msg_verdict_hdr hdr = { .verdict = htonl(verdict),
					     .id = htonl(0x7fffffff) };
	static uint8_t buf[0xffff + 4096];
	struct message m;

	while (recv(queue_fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	message_new(&m, 0, 0);
	m.genl.reserved = htons(TALK_QUEUE);
	put(m.root, NFQA_VERDICT_HDR, &hdr, sizeof(hdr));
	queue_send(NFQNL_MSG_VERDICT_BATCH, &m);
}

static socklen_t loopback(struct sockaddr_storage *to, int family,
			  uint16_t port)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *sin = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = family;
	if (family == AF_INET) {
		sin->sin_port = htons(port);
		sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*sin);
	}
	sin6->sin6_port = htons(port);
	sin6->sin6_addr = in6addr_loopback;
	return sizeof(*sin6);
}

static int listener(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	struct sockaddr_storage to;
	socklen_t len = loopback(&to, family, TALK_PORT);

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&to, len) || listen(fd, 8))
		err(1, "listener");
	return fd;
}

/* What conversations need */
void talk_init(void)
{
	queue_open();
	listener_fd[0] = listener(AF_INET);
	listener_fd[1] = listener(AF_INET6);
}

/* The end of it leaves nothing that waits for more. */
static void reset(int *fd)
{
	struct linger now = { .l_onoff = 1 };

	if (*fd < 0)
		return;
	setsockopt(*fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(*fd);
	*fd = -1;
}

void talk_close(struct talk *talk)
{
	talk->is_up = false;
	queue_end(one_in(3) ? NF_DROP : NF_ACCEPT);
	reset(&talk->client);
	reset(&talk->server);
}

static bool connect_both(struct talk *talk)
{
	struct sockaddr_storage to, from;
	socklen_t len = loopback(&to, talk->family, TALK_PORT);
	int fd = listener_fd[talk->family == AF_INET6];

	talk->client = socket(talk->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (talk->client < 0 ||
	    connect(talk->client, (struct sockaddr *)&to, len) || !readable(fd))
		return false;
	talk->server = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
	len = sizeof(from);
	if (talk->server < 0 ||
	    getsockname(talk->client, (struct sockaddr *)&from, &len))
		return false;
	/* the ports are in the same place */
	talk->port = ntohs(((struct sockaddr_in *)&from)->sin_port);
	if (talk->family == AF_INET) {
		talk->addr_len = 4;
		memcpy(talk->addr, &((struct sockaddr_in *)&from)->sin_addr, 4);
	} else {
		talk->addr_len = 16;
		memcpy(talk->addr, &((struct sockaddr_in6 *)&from)->sin6_addr,
		       16);
	}
	return true;
}

/* It has come when this returns true. */
static bool pass(int from, int to, const char *text)
{
	char buf[256];
	ssize_t n = strlen(text);

	if (send(from, text, n, MSG_NOSIGNAL) != n)
		return false;
	while (n > 0 && readable(to)) {
		ssize_t got = recv(to, buf, sizeof(buf), 0);

		if (got <= 0)
			return false;
		n -= got;
	}
	return !n;
}

/* Sets offers, and where in it the announcements are. */
static void write_offers(struct talk *talk)
{
	const char *addr = talk->family == AF_INET ? "2130706433" : "::1";
	int i, at = 0;

	for (i = 0; i < TALK_OFFERS; i++) {
		struct talk_offer *offer = &talk->offer[i];

		at += sprintf(offers + at, "PRIVMSG bob :");
		offer->seq = at;
		at += sprintf(offers + at, "\001DCC SEND f ");
		offer->edit_seq = at;
		offer->port = OFFER_PORT + i;
		snprintf(offer->old, sizeof(offer->old), "%s %u", addr,
			 offer->port);
		at += sprintf(offers + at, "%s 1\001\r\n", offer->old);
	}
}

static bool announce(struct talk *talk)
{
	ssize_t len;
	uint32_t seq;
	int i;

	write_offers(talk);
	len = strlen(offers);
	if (send(talk->client, offers, len, MSG_NOSIGNAL) != len ||
	    !queue_wait(&seq))
		return false;
	for (i = 0; i < TALK_OFFERS; i++) {
		talk->offer[i].seq += seq;
		talk->offer[i].edit_seq += seq;
	}
	return true;
}

/**
 * talk_open() - a new conversation
 * @talk: set; closed before
 * @family: AF_INET or AF_INET6
 *
 * Return: true if its announcements wait for plans
 */
bool talk_open(struct talk *talk, int family)
{
	memset(talk, 0, sizeof(*talk));
	talk->family = family;
	talk->client = talk->server = -1;
	talk->is_up = connect_both(talk) &&
		pass(talk->client, talk->server,
		     "NICK me\r\nUSER me 0 * :me\r\n") &&
		pass(talk->server, talk->client,
		     ":irc.test 001 me :Welcome\r\n") &&
		announce(talk);
	return talk->is_up;
}
