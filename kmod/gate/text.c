// SPDX-License-Identifier: GPL-2.0-only
/* The text of a plan, which the daemon gives in parts: those that depend on what
 * has been opened are filled in here.
 */

#include <linux/netlink.h>
#include <net/netlink.h>

#include "appgw/address.h"
#include "core/compat.h"
#include "text.h"

/* Tell by how many bytes the announcement of @plan has become longer through others
 * that were planned for it.
 */
static int text_growth(const struct gate_flow *flow,
		       const struct gate_plan *plan)
{
	const struct gate_plan *other;
	int growth = 0;

	list_for_each_entry(other, &flow->plans, node)
		if (other != plan && other->dir == plan->dir &&
		    other->mark == plan->mark)
			growth += other->new_len - other->old_len;
	return growth;
}

static int text_addr(const struct endpoint *end, char *text)
{
	if (end->af == APPGW_AF_IPV4)
		return format_ipv4(text, end->addr, '.');
	return format_ipv6(text, end->addr);
}

/* Turn the @len bytes of @text round. */
static int text_reverse(char *text, int len)
{
	int i;

	for (i = 0; i < len / 2; i++)
		swap(text[i], text[len - 1 - i]);
	return len;
}

/* Write one part; return its length, or -errno. */
static int text_part(const struct nlattr *part, const struct endpoint *end,
		     int growth, char *text)
{
	u32 number;

	switch (nla_type(part)) {
	case APPGW_PART_ADDR:
		return text_addr(end, text);
	case APPGW_PART_ADDR_REVERSED:
		return text_reverse(text, text_addr(end, text));
	case APPGW_PART_ADDR_NUMBER:
		if (end->af != APPGW_AF_IPV4)
			return -EINVAL;
		memcpy(&number, end->addr, sizeof(number));
		return format_uint(text, be32_to_cpu((__force __be32)number));
	case APPGW_PART_PORT:
		return format_uint(text, end->port);
	case APPGW_PART_PORT_NEXT:
		return format_uint(text, end->port + 1);
	case APPGW_PART_PORT_REVERSED:
		return text_reverse(text, format_uint(text, end->port));
	case APPGW_PART_PORT_XOR:
		if (nla_len(part) < sizeof(u16))
			return -EINVAL;
		return format_uint(text, end->port ^ nla_get_u16(part));
	case APPGW_PART_PORT_BINARY:
		put_unaligned_be16(end->port, text);
		return sizeof(u16);
	case APPGW_PART_LENGTH:
		if (nla_len(part) < sizeof(u32))
			return -EINVAL;
		return format_uint(text, nla_get_u32(part) + growth);
	case APPGW_PART_LENGTH_LE32:
		if (nla_len(part) < sizeof(u32))
			return -EINVAL;
		put_unaligned_le32(nla_get_u32(part) + growth, text);
		return sizeof(u32);
	case APPGW_PART_LENGTH_LE64:
		if (nla_len(part) < sizeof(u64))
			return -EINVAL;
		put_unaligned_le64(nla_get_u64(part) + growth, text);
		return sizeof(u64);
	}
	return -EINVAL;
}

/* Write @n blanks, if it isn't too late for that. */
static int text_pad(char *text, int n)
{
	if (n < 0)
		return -EMSGSIZE;
	memset(text, ' ', n);
	return n;
}

/**
 * appgw_plan_write() - write the new text of a plan
 * @flow: its connection's
 * @plan: the plan, @result of which is set; sets @text and what it
 *	says about lengths
 * @req: what the daemon wants
 * @extack: says why not
 *
 * Return: its length, or -errno
 */
int appgw_plan_write(const struct gate_flow *flow, struct gate_plan *plan,
		     const struct gate_request *req,
		     struct netlink_ext_ack *extack)
{
	int growth = text_growth(flow, plan), len = 0, n, rem;
	char piece[APPGW_EDIT_MAX];
	const struct nlattr *part;
	const char *from;

	plan->counted = growth;
	nla_for_each_nested(part, req->parts, rem) {
		plan->tells_length |= nla_type(part) == APPGW_PART_LENGTH;
		plan->tells_size |= nla_type(part) == APPGW_PART_LENGTH_LE64;
		from = piece;
		if (nla_type(part) == APPGW_PART_TEXT) {
			from = nla_data(part);
			n = nla_len(part);
		} else if (nla_type(part) == APPGW_PART_PAD) {
			n = text_pad(piece, req->old_len - len);
		} else {
			n = text_part(part, &plan->result, growth, piece);
		}
		if (n < 0 || n > APPGW_EDIT_MAX - len) {
			NL_SET_ERR_MSG_ATTR(extack, part,
					    "no part of a text, or too long");
			return n < 0 ? n : -EMSGSIZE;
		}
		memcpy(plan->text + len, from, n);
		len += n;
	}
	plan->growth = len - (int)req->old_len;
	if (!len)
		NL_SET_ERR_MSG_ATTR(extack, req->parts, "no text");
	return len ?: -EINVAL;
}
