// SPDX-License-Identifier: GPL-2.0-only
/* Makes a valid message wrong: attributes, nests, lengths, headers, bytes. */

#include <string.h>

#include "mutate.h"

/* Levels that an attribute is put below; the kernel parses none so deep. */
#define DEPTH_MAX	60
/* Times that one is repeated */
#define REPEAT_MAX	40
/* Types beyond all that the family has */
#define TYPES		24

static const uint32_t sizes[] = {
	0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20, 64, 95, 96, 97, 128, 255,
	256, 4096, 65000,
};

static const uint64_t edges[] = {
	0, 1, 2, 3, 4, 63, 64, 65, 127, 128, 255, 1023, 1024, 0x7fff, 0x8000,
	0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff0000,
	0x400ffff, 0xffffffffffffffff, 0x8000000000000000,
};

/**
 * struct place - an attribute in its tree
 * @at: what points to it
 * @node: the attribute
 */
struct place {
	struct node **at;
	struct node *node;
};

static struct place places[MESSAGE_NODES];
static unsigned int place_count;

static void collect(struct node **at)
{
	for (; *at && place_count < MESSAGE_NODES; at = &(*at)->next) {
		places[place_count++] = (struct place){ at, *at };
		collect(&(*at)->child);
	}
}

/* Some attribute of the message; no node if there is none. */
static struct place pick(struct message *m)
{
	place_count = 0;
	collect(&m->root->child);
	if (!place_count)
		return (struct place){ &m->root->child, NULL };
	return places[random_below(place_count)];
}

static void fill(uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		data[i] = random_bits() >> 56;
}

static uint16_t some_type(void)
{
	return one_in(8) ? random_bits() >> 50 : random_below(TYPES);
}

static struct node *some_node(void)
{
	uint32_t len = one_in(40) ? sizes[random_below(ARRAY_SIZE(sizes))] :
				    random_below(20);
	struct node *node = node_new(some_type(), NULL, len);

	if (!node)
		return NULL;
	fill(node->data, len);
	if (one_in(3))
		node->flags = NLA_F_NESTED;
	return node;
}

/* With all that is below it; NULL if there is no room. */
static struct node *copy(const struct node *node)
{
	struct node *new = node_new(node->type, node->data, node->len);
	const struct node *child;

	if (!new)
		return NULL;
	new->flags = node->flags;
	new->lie = node->lie;
	for (child = node->child; child; child = child->next)
		node_append(new, copy(child));
	return new;
}

static void insert(struct place p, struct node *new)
{
	if (!new)
		return;
	new->next = *p.at;
	*p.at = new;
}

static void change_size(struct node *node)
{
	uint32_t len = one_in(3) ? sizes[random_below(ARRAY_SIZE(sizes))] :
				   node->len + random_below(9) - 4;
	struct node *new;

	if (len > 65000)
		len = node->len / 2;
	new = node_new(node->type, NULL, len);
	if (!new)
		return;
	fill(new->data, len);
	memcpy(new->data, node->data, len < node->len ? len : node->len);
	node->data = new->data;
	node->len = len;
	if (one_in(2))
		node->child = NULL;
}

static void change_value(struct node *node)
{
	uint64_t value = edges[random_below(ARRAY_SIZE(edges))];

	if (one_in(2))
		fill(node->data, node->len);
	else
		memcpy(node->data, &value, node->len < 8 ? node->len : 8);
}

static void wrap(struct place p)
{
	unsigned int depth = one_in(4) ? random_below(DEPTH_MAX) : 1;
	uint16_t type = one_in(2) ? p.node->type : some_type();
	struct node *new;

	while (depth--) {
		new = node_new(type, NULL, 0);
		if (!new)
			return;
		new->flags = NLA_F_NESTED;
		new->next = (*p.at)->next;
		new->child = *p.at;
		new->child->next = NULL;
		*p.at = new;
	}
}

static void repeat(struct place p)
{
	unsigned int n = one_in(3) ? random_below(REPEAT_MAX) : 1;

	while (n--)
		insert(p, copy(p.node));
}

static void lie(struct node *node)
{
	static const int lies[] = { -4, -3, -1, 1, 2, 3, 4, 8, 100, 60000 };

	if (one_in(4))
		node->lie = (int)random_below(4) - (int)(node->len + 4);
	else
		node->lie = lies[random_below(ARRAY_SIZE(lies))];
}

/* To another place of the same message */
static void graft(struct message *m, struct place p)
{
	struct node *new = copy(p.node);

	p = pick(m);
	if (one_in(2) || !p.node)
		insert(p, new);
	else if (new)
		node_append(p.node, new);
}

static void change_attr(struct message *m)
{
	struct place p = pick(m);

	if (!p.node) {
		insert(p, some_node());
		return;
	}
	switch (random_below(10)) {
	case 0:
		p.node->type = some_type();
		break;
	case 1:
		p.node->flags ^= one_in(4) ? NLA_F_NET_BYTEORDER : NLA_F_NESTED;
		break;
	case 2:
		*p.at = p.node->next;
		break;
	case 3:
		repeat(p);
		break;
	case 4:
		change_size(p.node);
		break;
	case 5:
		change_value(p.node);
		break;
	case 6:
		wrap(p);
		break;
	case 7:
		lie(p.node);
		break;
	case 8:
		insert(p, some_node());
		break;
	default:
		graft(m, p);
	}
}

/* A number of no other family: what it would do is no concern of ours. */
static uint16_t some_family(void)
{
	switch (random_below(4)) {
	case 0:
		return GENL_ID_CTRL;
	case 1:
		return 0x4000 + random_below(0xc000);
	default:
		return random_below(NLMSG_MIN_TYPE);
	}
}

static void change_header(struct message *m)
{
	static const int lies[] = { -16, -4, -3, -1, 1, 4, 100, 1 << 20 };

	switch (random_below(8)) {
	case 0:
		m->nlh.nlmsg_flags = random_bits() >> 48;
		break;
	case 1:
		m->nlh.nlmsg_flags ^= 1 << random_below(12);
		break;
	case 2:
		m->nlh.nlmsg_type = some_family();
		break;
	case 3:
		m->nlh.nlmsg_pid = random_bits();
		break;
	case 4:
		m->lie = lies[random_below(ARRAY_SIZE(lies))];
		break;
	case 5:
		m->genl.cmd = one_in(4) ? random_bits() >> 56 :
					  random_below(16);
		break;
	case 6:
		m->genl.version = random_bits() >> 56;
		break;
	default:
		m->genl.reserved = random_bits() >> 48;
	}
}

/* One thing, or some */
void mutate(struct message *m)
{
	unsigned int n = 1 + (one_in(2) ? random_below(4) : 0);

	while (n--) {
		if (one_in(6))
			change_header(m);
		else
			change_attr(m);
	}
}

/**
 * mutate_bytes() - make what is written wrong
 * @data: a message
 * @len: its length
 * @size: room there
 *
 * The header stays, but for the length.
 *
 * Return: the new length
 */
size_t mutate_bytes(uint8_t *data, size_t len, size_t size)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)data;
	uint32_t n, head = sizeof(*nlh), more = random_below(64);

	if (one_in(3)) {
		/* cut off */
		len = head + random_below(len - head + 1);
		if (!one_in(4))
			nlh->nlmsg_len = len;
	} else if (one_in(3) && more <= size - len) {
		fill(data + len, more);
		len += more;
		if (!one_in(4))
			nlh->nlmsg_len = len;
	} else if (len > head) {
		for (n = 1 + random_below(4); n; n--)
			data[head + random_below(len - head)] ^=
				1 << random_below(8);
	}
	return len;
}
