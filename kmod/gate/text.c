// SPDX-License-Identifier: GPL-2.0-only
/* The text of a plan, which the daemon gives in parts: those that depend on what
 * has been opened are filled in here.
 */

#include <linux/netlink.h>
#include <net/netlink.h>

#include "text.h"
#include "value.h"

/* Longest announcement that may be filled up */
#define TEXT_ANNOUNCEMENT_MAX	0xffff

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

static const struct nla_policy text_value_attrs[APPGW_VALUE_MAX + 1] = {
	[APPGW_VALUE_WHAT]	= NLA_POLICY_MAX(NLA_U8,
						 __APPGW_VALUE_WHAT_MAX - 1),
	[APPGW_VALUE_FORM]	= NLA_POLICY_MAX(NLA_U8,
						 __APPGW_VALUE_FORM_MAX - 1),
	[APPGW_VALUE_CODE]	= NLA_POLICY_MAX(NLA_U8,
						 __APPGW_VALUE_CODE_MAX - 1),
	[APPGW_VALUE_BYTES]	= NLA_POLICY_MAX(NLA_U8, APPGW_VALUE_BYTES_MAX),
	[APPGW_VALUE_LITTLE]	= { .type = NLA_FLAG },
	[APPGW_VALUE_SIGNED]	= { .type = NLA_FLAG },
	[APPGW_VALUE_REVERSED]	= { .type = NLA_FLAG },
	[APPGW_VALUE_NUMBER]	= { .type = NLA_U64 },
	[APPGW_VALUE_BIAS]	= { .type = NLA_S32 },
	[APPGW_VALUE_DIVISOR]	= { .type = NLA_U32 },
	[APPGW_VALUE_XOR]	= { .type = NLA_U64 },
};

/* Read an APPGW_PART_VALUE; 0 or -errno. */
static noinline int text_get_value(const struct nlattr *part,
				   struct appgw_value *v,
				   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[APPGW_VALUE_MAX + 1];
	int ret;

	memset(v, 0, sizeof(*v));
	ret = nla_parse_nested(tb, APPGW_VALUE_MAX, part, text_value_attrs,
			       extack);
	if (ret)
		return ret;
	if (!tb[APPGW_VALUE_WHAT])
		return -EINVAL;
	v->what = nla_get_u8(tb[APPGW_VALUE_WHAT]);
	if (tb[APPGW_VALUE_FORM])
		v->form = nla_get_u8(tb[APPGW_VALUE_FORM]);
	if (tb[APPGW_VALUE_CODE])
		v->code = nla_get_u8(tb[APPGW_VALUE_CODE]);
	if (tb[APPGW_VALUE_BYTES])
		v->bytes = nla_get_u8(tb[APPGW_VALUE_BYTES]);
	v->little = nla_get_flag(tb[APPGW_VALUE_LITTLE]);
	v->is_signed = nla_get_flag(tb[APPGW_VALUE_SIGNED]);
	v->reversed = nla_get_flag(tb[APPGW_VALUE_REVERSED]);
	if (tb[APPGW_VALUE_NUMBER])
		v->number = nla_get_u64(tb[APPGW_VALUE_NUMBER]);
	if (tb[APPGW_VALUE_BIAS])
		v->bias = nla_get_s32(tb[APPGW_VALUE_BIAS]);
	if (tb[APPGW_VALUE_DIVISOR])
		v->divisor = nla_get_u32(tb[APPGW_VALUE_DIVISOR]);
	if (tb[APPGW_VALUE_XOR])
		v->xor = nla_get_u64(tb[APPGW_VALUE_XOR]);
	return appgw_value_is_good(v) ? 0 : -EINVAL;
}

/* Find the value that a part stands for; @own is room for one that isn't always the
 * same. Return NULL if there is none.
 */
static const struct appgw_value *text_get(const struct nlattr *part,
					  struct appgw_value *own,
					  struct netlink_ext_ack *extack)
{
	const struct appgw_value *v;
	unsigned int takes;
	u64 number;

	if (nla_type(part) == APPGW_PART_VALUE)
		return text_get_value(part, own, extack) ? NULL : own;
	v = appgw_value_of_part(nla_type(part), &takes);
	if (!v || !takes)
		return v;
	if (nla_len(part) < takes)
		return NULL;
	if (takes == sizeof(u16))
		number = nla_get_u16(part);
	else if (takes == sizeof(u32))
		number = nla_get_u32(part);
	else
		number = nla_get_u64(part);
	*own = *v;
	if (v->what == APPGW_VALUE_LENGTH)
		own->number = number;
	else
		own->xor = number;
	return own;
}

/**
 * struct text - a new text while it is written
 * @plan: plan that it is for
 * @bytes: the text
 * @old_len: bytes that it takes the place of
 * @len: bytes so far
 * @rest: length that is filled in when its end is known
 * @rest_at: where it is to stand
 * @rest_len: in how many bytes; 0 if there is none
 */
struct text {
	struct gate_plan *plan;
	char *bytes;
	unsigned int old_len;
	int len;
	struct appgw_value rest;
	int rest_at;
	int rest_len;
};

/* Fill in the length of what stands behind it; 0 or -errno. */
static int text_end_rest(struct text *text)
{
	int len = text->rest_len;

	if (!len)
		return 0;
	text->rest_len = 0;
	len = appgw_value_write(&text->rest, &text->plan->result,
				text->len - text->rest_at - len,
				text->bytes + text->rest_at);
	return len < 0 ? -EINVAL : 0;
}

/* Find what is to be filled up: the text so far, or, if @v says how long that was, all
 * of the announcement. Return its length, or -1.
 */
static int text_filled(const struct text *text, const struct appgw_value *v)
{
	if (v->number > TEXT_ANNOUNCEMENT_MAX)
		return -1;
	if (!v->number)
		return text->len;
	return (int)v->number + text->plan->counted + text->len -
	       (int)text->old_len;
}

/* Write an APPGW_VALUE_FILL; return its length, or -errno. */
static int text_fill(struct text *text, const struct appgw_value *v, char *at)
{
	int ret = text_end_rest(text), len = text_filled(text, v), n;

	if (ret)
		return ret;
	n = len < 0 ? -1 : appgw_value_fill(v, len);
	if (n < 0)
		return -EINVAL;
	memset(at, 0, n);
	return n;
}

/* Write a value; return its length, or -errno. */
static int text_value(struct text *text, const struct nlattr *part,
		      struct netlink_ext_ack *extack, char *at)
{
	struct gate_plan *plan = text->plan;
	struct appgw_value own __uninitialized;
	const struct appgw_value *v = text_get(part, &own, extack);
	int n;

	if (!v)
		return -EINVAL;
	if (v->what == APPGW_VALUE_FILL)
		return text_fill(text, v, at);
	n = appgw_value_write(v, &plan->result,
			      v->what == APPGW_VALUE_REST ? 0 : plan->counted,
			      at);
	if (n < 0 || (v->what == APPGW_VALUE_REST && text->rest_len))
		return -EINVAL;
	if (v->what == APPGW_VALUE_REST) {
		text->rest = *v;
		text->rest_at = text->len;
		text->rest_len = n;
	} else if (v->what == APPGW_VALUE_LENGTH) {
		plan->tells_length = true;
		plan->tells_size |= v->form == APPGW_VALUE_BINARY &&
				    n == sizeof(u64);
	}
	return n;
}

/* Write blanks up to the length of the old text, if it isn't too late for that. */
static int text_pad(const struct text *text, char *at)
{
	int n = (int)text->old_len - text->len;

	if (n < 0)
		return -EMSGSIZE;
	memset(at, ' ', n);
	return n;
}

/* Add a part; 0 or -errno. */
static int text_add(struct text *text, const struct nlattr *part,
		    struct netlink_ext_ack *extack)
{
	char *at = text->bytes + text->len;
	int n;

	if (nla_type(part) == APPGW_PART_TEXT) {
		n = nla_len(part);
		if (n <= APPGW_EDIT_MAX - text->len)
			memcpy(at, nla_data(part), n);
	} else if (nla_type(part) == APPGW_PART_PAD) {
		n = text_pad(text, at);
	} else {
		n = text_value(text, part, extack, at);
	}
	if (n < 0)
		return n;
	if (n > APPGW_EDIT_MAX - text->len)
		return -EMSGSIZE;
	text->len += n;
	return 0;
}

/* A part is written before it is seen that it is too long. */
#define TEXT_ROOM	(2 * APPGW_EDIT_MAX)

static_assert(GATE_VALUE_MAX <= APPGW_EDIT_MAX);
static_assert(APPGW_EDIT_MAX <= GATE_PLAN_TEXT_MAX);

/**
 * appgw_plan_write() - write the new text of a plan
 * @flow: its connection's
 * @plan: the plan, @result of which is set; sets @text, with room for as many bytes
 *	and for @req's in @old, and what it says about lengths
 * @req: what the daemon wants
 * @extack: says why not
 *
 * Return: its length, or -errno
 */
int appgw_plan_write(const struct gate_flow *flow, struct gate_plan *plan,
		     const struct gate_request *req,
		     struct netlink_ext_ack *extack)
{
	char bytes[TEXT_ROOM] __uninitialized;
	struct text text __uninitialized;
	const struct nlattr *part;
	int rem, ret;

	text.plan = plan;
	text.bytes = bytes;
	text.old_len = req->old_len;
	text.len = 0;
	text.rest_len = 0;
	plan->counted = text_growth(flow, plan);
	nla_for_each_nested(part, req->parts, rem) {
		ret = text_add(&text, part, extack);
		if (ret) {
			NL_SET_ERR_MSG_ATTR(extack, part,
					    "no part of a text, or too long");
			return ret;
		}
	}
	ret = text_end_rest(&text);
	if (!ret && !text.len)
		ret = -EINVAL;
	if (ret)
		NL_SET_ERR_MSG_ATTR(extack, req->parts, "no text");
	else if (!appgw_plan_widen(plan, max_t(u32, text.len, req->old_len)))
		ret = -ENOMEM;
	else
		memcpy(plan->text, bytes, text.len);
	plan->growth = text.len - (int)req->old_len;
	return ret ?: text.len;
}
