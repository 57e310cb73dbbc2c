// SPDX-License-Identifier: GPL-2.0-only
/* Packets of nfnetlink_queue: read in batches, all of them let go unchanged. */

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "queue.h"

/* The longest packet, and what the kernel tells about it. It hands over 4 bytes less at
 * most: a datagram that is longer can't be numbered, and goes on unread.
 */
#define QUEUE_COPY_MAX		65535
#define QUEUE_MESSAGE_MAX	(QUEUE_COPY_MAX + 1 + 4096)

/* A reader that has nothing to do shows so often that it is alive. */
#define QUEUE_WAIT_US		250000

/* Packets that come alone, until it is seen whether there are more. */
#define QUEUE_LONE_MAX		4

static int queue_ask(struct queue *queue, struct nlmsghdr *nlh)
{
	char buf[MNL_NLMSG_HDRLEN + 1024];
	ssize_t len;

	nlh->nlmsg_flags |= NLM_F_ACK;
	if (mnl_socket_sendto(queue->nl, nlh, nlh->nlmsg_len) < 0)
		return -1;
	len = mnl_socket_recvfrom(queue->nl, buf, sizeof(buf));
	if (len < 0)
		return -1;
	return mnl_cb_run(buf, len, 0, mnl_socket_get_portid(queue->nl), NULL,
			  NULL);
}

/* Take on the queue and say how it is to be: packets as a whole, segments of
 * GSO together, and on unread while there is no room for more of them.
 */
static int queue_configure(struct queue *queue, uint32_t length)
{
	uint32_t flags = NFQA_CFG_F_GSO | NFQA_CFG_F_FAIL_OPEN;
	char buf[256];
	struct nlmsghdr *nlh;

	nlh = nfq_nlmsg_put(buf, NFQNL_MSG_CONFIG, queue->number);
	nfq_nlmsg_cfg_put_cmd(nlh, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
	nfq_nlmsg_cfg_put_params(nlh, NFQNL_COPY_PACKET, QUEUE_COPY_MAX);
	nfq_nlmsg_cfg_put_qmaxlen(nlh, length);
	mnl_attr_put_u32(nlh, NFQA_CFG_FLAGS, htonl(flags));
	mnl_attr_put_u32(nlh, NFQA_CFG_MASK, htonl(flags));
	return queue_ask(queue, nlh);
}

static int queue_set_socket(struct queue *queue, uint32_t buffer)
{
	const struct timeval wait = { .tv_usec = QUEUE_WAIT_US };
	int fd = mnl_socket_get_fd(queue->nl);
	int size = buffer / 2, on = 1;	/* the kernel doubles it */

	/* Without the right to, up to net.core.rmem_max */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)))
		return -1;
	/* What gets lost is seen by the gap in the packets' numbers. */
	if (mnl_socket_setsockopt(queue->nl, NETLINK_NO_ENOBUFS, &on,
				  sizeof(on)))
		return -1;
	return setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
}

static int queue_alloc(struct queue *queue)
{
	unsigned int i;

	queue->messages = calloc(queue->batch, sizeof(*queue->messages));
	queue->parts = calloc(queue->batch, sizeof(*queue->parts));
	queue->buffer = malloc((size_t)queue->batch * QUEUE_MESSAGE_MAX);
	if (!queue->messages || !queue->parts || !queue->buffer)
		return -1;
	for (i = 0; i < queue->batch; i++) {
		queue->parts[i].iov_base =
			queue->buffer + (size_t)i * QUEUE_MESSAGE_MAX;
		queue->parts[i].iov_len = QUEUE_MESSAGE_MAX;
		queue->messages[i].msg_hdr.msg_iov = &queue->parts[i];
		queue->messages[i].msg_hdr.msg_iovlen = 1;
	}
	return 0;
}

/**
 * queue_open() - become the reader of a queue
 * @queue: set
 * @number: of the queue
 * @length: packets that it may hold
 * @buffer: bytes that its socket may hold
 * @batch: packets that are read at once
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int queue_open(struct queue *queue, uint16_t number, uint32_t length,
	       uint32_t buffer, unsigned int batch, char *error)
{
	memset(queue, 0, sizeof(*queue));
	queue->number = number;
	queue->batch = batch;
	queue->want = 1;
	nfq_nlmsg_verdict_put(nfq_nlmsg_put((char *)queue->verdict,
					    NFQNL_MSG_VERDICT_BATCH, number),
			      0, NF_ACCEPT);
	queue->nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (queue->nl && !queue_alloc(queue) &&
	    !mnl_socket_bind(queue->nl, 0, MNL_SOCKET_AUTOPID) &&
	    !queue_set_socket(queue, buffer) &&
	    queue_configure(queue, length) >= 0)
		return 0;
	/* That is what the kernel says when somebody else has it. */
	snprintf(error, ERROR_TEXT_MAX, "queue %u: %s", number,
		 errno == EPERM || errno == EBUSY ?
		 "another program reads it" : strerror(errno));
	return -1;
}

/* Look for as many packets next as there seem to be: to look for one that isn't there
 * takes nearly half as long as to read one. @n: how many there were
 */
static void queue_adapt(struct queue *queue, unsigned int n)
{
	if (n < queue->want) {
		queue->want = n;
		queue->lone = 0;
	} else if (n > 1 || ++queue->lone == QUEUE_LONE_MAX) {
		queue->want = n * 2 < queue->batch ? n * 2 : queue->batch;
		queue->lone = 0;
	}
}

/* Read one packet, as most are alone: it takes less than to ask for several. */
static int queue_read_one(struct queue *queue)
{
	ssize_t len = recv(mnl_socket_get_fd(queue->nl),
			   queue->parts[0].iov_base, QUEUE_MESSAGE_MAX, 0);

	if (len < 0)
		return -1;
	queue->messages[0].msg_len = len;
	return 1;
}

static int queue_read_some(struct queue *queue)
{
	return recvmmsg(mnl_socket_get_fd(queue->nl), queue->messages,
			queue->want, MSG_WAITFORONE, NULL);
}

/**
 * queue_read() - wait for packets, up to QUEUE_WAIT_US
 * @queue: the packets are for queue_packet() until the next call
 *
 * Return: how many there are, 0 if none came, or -1
 */
int queue_read(struct queue *queue)
{
	int n = queue->want == 1 ? queue_read_one(queue) :
				   queue_read_some(queue);

	if (n > 0)
		queue_adapt(queue, n);
	if (n < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOBUFS))
		return 0;
	return n;
}

/**
 * queue_packet() - one of those that queue_read() found
 * @queue: the queue
 * @i: which one
 * @packet: set on success
 *
 * Return: false if it is something else: an answer to queue_accept(), which the
 * kernel gives when it has thrown the packets away before
 */
bool queue_packet(const struct queue *queue, unsigned int i,
		  struct queue_packet *packet)
{
	const struct nlmsghdr *nlh = queue->parts[i].iov_base;
	const struct nfqnl_msg_packet_hdr *header = NULL;
	const struct nlattr *attr;

	if (!mnl_nlmsg_ok(nlh, queue->messages[i].msg_len) ||
	    nlh->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET))
		return false;
	memset(packet, 0, sizeof(*packet));
	/* nfq_nlmsg_parse() would look closely at all of them, while the packet waits */
	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		switch (mnl_attr_get_type(attr)) {
		case NFQA_PACKET_HDR:
			if (mnl_attr_get_payload_len(attr) >= sizeof(*header))
				header = mnl_attr_get_payload(attr);
			break;
		case NFQA_PAYLOAD:
			packet->data.at = mnl_attr_get_payload(attr);
			packet->data.len = mnl_attr_get_payload_len(attr);
			break;
		}
	}
	if (header)
		packet->id = ntohl(header->packet_id);
	return header;
}

/**
 * queue_accept() - let packets go on as they are
 * @queue: the queue
 * @id: that packet, and all before it
 *
 * Return: 0, or -1
 */
int queue_accept(struct queue *queue, uint32_t id)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)queue->verdict;
	struct nfqnl_msg_verdict_hdr *header =
		mnl_attr_get_payload(mnl_nlmsg_get_payload_offset(nlh,
								  sizeof(struct nfgenmsg)));

	header->id = htonl(id);
	/* without an address it goes to the kernel */
	return send(mnl_socket_get_fd(queue->nl), nlh, nlh->nlmsg_len, 0) < 0 ? -1 : 0;
}
