/* SPDX-License-Identifier: GPL-2.0-only */
/* A socket that asks the family, and what is answered. */
#ifndef SENDER_H
#define SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Messages sent at once */
#define ANSWERS_MAX	64

/**
 * struct answers - what becomes of messages sent at once
 * @count: of them that must be answered
 * @seq: of each
 * @code: errno that each was answered with, 0 for done, ANSWER_NONE
 * @overrun: there was no room for some answer
 */
struct answers {
	unsigned int count;
	uint32_t seq[ANSWERS_MAX];
	int code[ANSWERS_MAX];
	bool overrun;
};

#define ANSWER_NONE	-1

/**
 * struct sender - a socket
 * @fd: of it, or -1
 * @is_unread: the start of a dump waits to be read
 */
struct sender {
	int fd;
	bool is_unread;
};

uint16_t sender_family(uint32_t *group);
void sender_open(struct sender *sender, uint32_t group);
void sender_close(struct sender *sender);
void sender_drain(struct sender *sender);
void sender_send(struct sender *sender, const uint8_t *data, size_t len,
		 struct answers *answers);
void sender_read(struct sender *sender, struct answers *answers);
int sender_join(struct sender *sender, uint32_t group);

#endif /* SENDER_H */
