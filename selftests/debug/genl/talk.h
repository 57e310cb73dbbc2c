/* SPDX-License-Identifier: GPL-2.0-only */
/* A conversation of IRC of this machine with itself, whose announcements wait in
 * the queue, so that plans for them count.
 */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stdint.h>

#define TALK_PORT	6667
#define TALK_QUEUE	3
/* Announcements in the segment that waits */
#define TALK_OFFERS	6

/**
 * struct talk_offer - an announcement
 * @seq: sender's number of its first byte
 * @edit_seq: and of the first one to be replaced
 * @port: that it names
 * @old: what is to be replaced
 */
struct talk_offer {
	uint32_t seq;
	uint32_t edit_seq;
	uint16_t port;
	char old[64];
};

/**
 * struct talk - a conversation
 * @is_up: announcements wait in the queue
 * @family: AF_INET or AF_INET6
 * @addr: of both ends, in network byte order
 * @addr_len: of @addr
 * @port: the client's
 * @offer: the announcements
 * @client: the client's socket, or -1
 * @server: the server's, or -1
 */
struct talk {
	bool is_up;
	int family;
	uint8_t addr[16];
	unsigned int addr_len;
	uint16_t port;
	struct talk_offer offer[TALK_OFFERS];
	int client;
	int server;
};

void talk_init(void);
bool talk_open(struct talk *talk, int family);
void talk_close(struct talk *talk);

#endif /* TALK_H */
