/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of generic netlink as trees of attributes, in which anything can be
 * made wrong; and random numbers of a seed.
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <linux/genetlink.h>

/* Attributes of a message, bytes in all of them, and bytes of what is sent: less
 * than a socket's buffer by default
 */
#define MESSAGE_NODES	1024
#define MESSAGE_BYTES	(1 << 18)
#define MESSAGE_MAX	100000

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/**
 * struct node - an attribute
 * @type: without flags
 * @flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER
 * @len: of @data
 * @lie: how much longer than it is it claims to be
 * @data: what is in it, if it has no children
 * @child: the first of them
 * @next: the attribute behind it
 */
struct node {
	uint16_t type;
	uint16_t flags;
	uint32_t len;
	int lie;
	uint8_t *data;
	struct node *child;
	struct node *next;
};

/**
 * struct message - what is about to be sent
 * @nlh: header; its length is set by message_write()
 * @lie: how much longer than it is it claims to be
 * @genl: header
 * @root: stands for the message; its children are the attributes
 */
struct message {
	struct nlmsghdr nlh;
	int lie;
	struct genlmsghdr genl;
	struct node *root;
};

void random_seed(uint64_t seed);
uint64_t random_bits(void);
uint32_t random_below(uint32_t n);
bool one_in(uint32_t n);

void message_new(struct message *m, uint16_t family, uint8_t cmd);
struct node *node_new(uint16_t type, const void *data, size_t len);
void node_append(struct node *parent, struct node *node);
struct node *put(struct node *parent, uint16_t type, const void *data,
		 size_t len);
void put_u8(struct node *parent, uint16_t type, uint8_t value);
void put_u16(struct node *parent, uint16_t type, uint16_t value);
void put_u32(struct node *parent, uint16_t type, uint32_t value);
void put_string(struct node *parent, uint16_t type, const char *text);
struct node *nest(struct node *parent, uint16_t type);
size_t message_write(const struct message *m, uint8_t *to, size_t size);

const struct nlattr *attr_find(const void *data, size_t len, uint16_t type);

#endif /* MESSAGE_H */
