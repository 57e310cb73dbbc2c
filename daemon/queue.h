/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_QUEUE_H
#define APPGWD_QUEUE_H

#include <sys/socket.h>

#include "../include/appgw/span.h"

/* Room for a verdict: two headers, and an attribute of two words */
#define QUEUE_VERDICT_LEN	64

/**
 * struct queue_packet - a packet that waits for its verdict
 * @id: number of it in the queue
 * @data: from its IP header on; empty if the kernel has left it out
 */
struct queue_packet {
	uint32_t id;
	struct span data;
};

/**
 * struct queue - one of nfnetlink_queue's queues, and its reader's buffers
 * @nl: the socket
 * @number: of the queue
 * @batch: messages that are read at once, at most
 * @want: how many are looked for next
 * @lone: reads in a row that looked for one, and found it
 * @messages: what recvmmsg() fills in
 * @parts: where it puts them
 * @buffer: the bytes themselves
 * @verdict: a message that lets packets go, but for the number of the last one
 *
 * Belongs to one thread from queue_open() on. Ends with its process.
 */
struct queue {
	struct mnl_socket *nl;
	uint16_t number;
	unsigned int batch;
	unsigned int want;
	unsigned int lone;
	struct mmsghdr *messages;
	struct iovec *parts;
	uint8_t *buffer;
	uint32_t verdict[QUEUE_VERDICT_LEN / sizeof(uint32_t)];
};

int queue_open(struct queue *queue, uint16_t number, uint32_t length,
	       uint32_t buffer, unsigned int batch, char *error);
int queue_read(struct queue *queue);
bool queue_packet(const struct queue *queue, unsigned int i,
		  struct queue_packet *packet);
int queue_accept(struct queue *queue, uint32_t id);

#endif /* APPGWD_QUEUE_H */
