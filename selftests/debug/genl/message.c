// SPDX-License-Identifier: GPL-2.0-only
/* Messages as trees of attributes, and how they are written. */

#include <string.h>

#include "message.h"

static struct node nodes[MESSAGE_NODES];
static uint8_t bytes[MESSAGE_BYTES];
static size_t node_count, byte_count;

static uint64_t state;

void random_seed(uint64_t seed)
{
	int i;

	state = seed * 0x9e3779b97f4a7c15 | 1;
	for (i = 0; i < 8; i++)
		random_bits();
}

/* xorshift64*, of which the upper bits are the better ones */
uint64_t random_bits(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1d;
}

/* 0 to @n - 1 */
uint32_t random_below(uint32_t n)
{
	return (random_bits() >> 32) * n >> 32;
}

bool one_in(uint32_t n)
{
	return !random_below(n);
}

/* Begins a message; the attributes of the one before are gone. */
void message_new(struct message *m, uint16_t family, uint8_t cmd)
{
	static uint32_t seq;

	node_count = 0;
	byte_count = 0;
	memset(m, 0, sizeof(*m));
	m->nlh.nlmsg_type = family;
	m->nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	m->nlh.nlmsg_seq = ++seq;
	m->genl.cmd = cmd;
	m->genl.version = 1;
	m->root = node_new(0, NULL, 0);
}

/**
 * node_new() - an attribute that is nowhere yet
 * @type: its type
 * @data: what is in it; NULL for zeros
 * @len: of @data
 *
 * Return: it, or NULL if there is no room for it
 */
struct node *node_new(uint16_t type, const void *data, size_t len)
{
	struct node *node;

	if (node_count == MESSAGE_NODES || len > MESSAGE_BYTES - byte_count)
		return NULL;
	node = &nodes[node_count++];
	memset(node, 0, sizeof(*node));
	node->type = type;
	node->len = len;
	node->data = bytes + byte_count;
	byte_count += len;
	if (data)
		memcpy(node->data, data, len);
	else
		memset(node->data, 0, len);
	return node;
}

/* As the last child; nothing happens if there is no @node. */
void node_append(struct node *parent, struct node *node)
{
	struct node **at = &parent->child;

	while (*at)
		at = &(*at)->next;
	*at = node;
}

struct node *put(struct node *parent, uint16_t type, const void *data,
		 size_t len)
{
	struct node *node = node_new(type, data, len);

	node_append(parent, node);
	return node;
}

void put_u8(struct node *parent, uint16_t type, uint8_t value)
{
	put(parent, type, &value, sizeof(value));
}

void put_u16(struct node *parent, uint16_t type, uint16_t value)
{
	put(parent, type, &value, sizeof(value));
}

void put_u32(struct node *parent, uint16_t type, uint32_t value)
{
	put(parent, type, &value, sizeof(value));
}

void put_string(struct node *parent, uint16_t type, const char *text)
{
	put(parent, type, text, strlen(text) + 1);
}

struct node *nest(struct node *parent, uint16_t type)
{
	struct node *node = put(parent, type, NULL, 0);

	node->flags = NLA_F_NESTED;
	return node;
}

/* Writes @node's siblings from it on; returns where they end, or NULL if there
 * is no room.
 */
static uint8_t *nodes_write(const struct node *node, uint8_t *to,
			    const uint8_t *end)
{
	for (; node; node = node->next) {
		struct nlattr attr = { .nla_type = node->type | node->flags };
		uint8_t *at = to + NLA_HDRLEN;
		size_t len;

		if (end - to < NLA_HDRLEN + (ptrdiff_t)NLA_ALIGN(node->len))
			return NULL;
		if (node->child) {
			at = nodes_write(node->child, at, end);
			if (!at)
				return NULL;
		} else {
			memcpy(at, node->data, node->len);
			at += node->len;
		}
		len = at - to;
		attr.nla_len = len + node->lie;
		memcpy(to, &attr, sizeof(attr));
		if (NLA_ALIGN(len) > (size_t)(end - to))
			return NULL;
		memset(at, 0, NLA_ALIGN(len) - len);
		to += NLA_ALIGN(len);
	}
	return to;
}

/**
 * message_write() - as it goes over the wire
 * @m: the message
 * @to: where to
 * @size: room there
 *
 * Return: its length, or 0 if there isn't as much room
 */
size_t message_write(const struct message *m, uint8_t *to, size_t size)
{
	struct nlmsghdr nlh = m->nlh;
	uint8_t *at;

	if (size < NLMSG_HDRLEN + GENL_HDRLEN)
		return 0;
	memcpy(to + NLMSG_HDRLEN, &m->genl, sizeof(m->genl));
	at = nodes_write(m->root->child, to + NLMSG_HDRLEN + GENL_HDRLEN,
			 to + size);
	if (!at)
		return 0;
	nlh.nlmsg_len = at - to + m->lie;
	memcpy(to, &nlh, sizeof(nlh));
	return at - to;
}

/**
 * attr_find() - find an attribute in what the kernel says
 * @data: attributes
 * @len: of all of them
 * @type: of the one
 *
 * Return: the first of that type that lies in @data, or NULL
 */
const struct nlattr *attr_find(const void *data, size_t len, uint16_t type)
{
	const uint8_t *at = data;

	while (len >= NLA_HDRLEN) {
		const struct nlattr *attr = (const struct nlattr *)at;
		size_t step = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > len)
			break;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		if (step > len)
			break;
		at += step;
		len -= step;
	}
	return NULL;
}
