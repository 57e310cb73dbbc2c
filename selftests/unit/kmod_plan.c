// SPDX-License-Identifier: GPL-2.0-only
/* daemon/kmod_plan.c: what a plan looks like on its way to the module, which
 * isn't asked.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <netinet/in.h>

#include "../../daemon/kmod_plan.h"
#include "tap.h"

static const char longest[] = "0123456789abcdef0123456789abcdef"
			      "0123456789abcdef0123456789abcdef"
			      "0123456789abcdef0123456789abcdef";

static struct kmod_batch batch;

/* Finds the attributes of the request at @start of the batch. */
static void find_attrs(const struct nlattr **found, size_t start)
{
	const struct nlmsghdr *nlh = (void *)(batch.request + start);
	const struct nlattr *plan, *attr;

	memset(found, 0, (APPGW_PLAN_MAX + 1) * sizeof(*found));
	mnl_attr_for_each(plan, nlh, GENL_HDRLEN)
		mnl_attr_for_each_nested(attr, plan)
			found[mnl_attr_get_type(attr)] = attr;
}

static const struct plan *simple_plan(unsigned int ports, unsigned int index,
				      enum appgw_plan_owner owner)
{
	static struct plan plan = { .kind = "x", .end = { .port = 5000 } };

	plan.ports = ports;
	plan.index = index;
	plan.owner = owner;
	return &plan;
}

static void test_optional(const char *name, unsigned int ports,
			  unsigned int index, enum appgw_plan_owner owner)
{
	static const struct packet packet = {
		.src = { .af = APPGW_AF_IPV4 }, .dst = { .af = APPGW_AF_IPV4 },
	};
	const struct nlattr *found[APPGW_PLAN_MAX + 1];
	const struct nlattr *attr;
	size_t start = batch.len;

	tap_begin(name);
	kmod_plan_add(&batch, &packet, simple_plan(ports, index, owner), false);
	find_attrs(found, start);
	tap_check(found[APPGW_PLAN_KIND] && found[APPGW_PLAN_END],
		  "no plan at all");
	attr = found[APPGW_PLAN_PORTS];
	tap_check(ports == 1 ? !attr : attr && mnl_attr_get_u8(attr) == ports,
		  "another number of ports");
	attr = found[APPGW_PLAN_INDEX];
	tap_check(!index ? !attr : attr && mnl_attr_get_u8(attr) == index,
		  "another index");
	attr = found[APPGW_PLAN_OWNER];
	tap_check(owner == APPGW_OWNER_SENDER ? !attr :
		  attr && mnl_attr_get_u8(attr) == owner, "another owner");
	tap_end();
}

/* Finds the attributes that are in no other. */
static void find_outer(const struct nlattr **found, size_t start)
{
	const struct nlmsghdr *nlh = (void *)(batch.request + start);
	const struct nlattr *attr;

	memset(found, 0, (APPGW_ATTR_MAX + 1) * sizeof(*found));
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		found[mnl_attr_get_type(attr)] = attr;
}

static void test_quiet(const char *name, bool is_quiet, bool may, bool want)
{
	static const struct packet packet = {
		.src = { .af = APPGW_AF_IPV4 }, .dst = { .af = APPGW_AF_IPV4 },
	};
	const struct nlattr *found[APPGW_ATTR_MAX + 1];
	size_t start = batch.len;

	tap_begin(name);
	kmod_plan_may_be_quiet(may);
	kmod_plan_add(&batch, &packet, simple_plan(1, 0, APPGW_OWNER_SENDER),
		      is_quiet);
	find_outer(found, start);
	tap_check(!found[APPGW_ATTR_BRIEF] == !want &&
		  !found[APPGW_ATTR_PLAN] == want, "not so");
	tap_check(batch.planned[batch.count - 1].error == (want ? 0 : ENOBUFS),
		  "done or not, without an answer");
	kmod_plan_may_be_quiet(false);
	kmod_plan_clear(&batch);
	tap_end();
}

/* Find the transport in the nest that says what packet it is for. */
static const struct nlattr *find_packet_proto(const struct nlattr *packet)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, packet)
		if (mnl_attr_get_type(attr) == APPGW_PACKET_PROTO)
			return attr;
	return NULL;
}

/* @packet_proto and @plan_proto: of the packet, and what the plan says; the module takes
 * a packet for TCP's if nothing is said of it.
 */
static void test_transport(const char *name, uint8_t packet_proto,
			   uint8_t plan_proto)
{
	const struct packet packet = {
		.protonum = packet_proto,
		.src = { .af = APPGW_AF_IPV4 }, .dst = { .af = APPGW_AF_IPV4 },
	};
	struct plan plan = *simple_plan(1, 0, APPGW_OWNER_SENDER);
	const struct nlattr *found[APPGW_PLAN_MAX + 1], *attr;
	size_t start = batch.len;

	tap_begin(name);
	plan.protonum = plan_proto;
	kmod_plan_add(&batch, &packet, &plan, false);
	find_attrs(found, start);
	attr = found[APPGW_PLAN_PROTO];
	tap_check(!plan_proto ? !attr :
		  attr && mnl_attr_get_u8(attr) == plan_proto,
		  "another transport");
	if (tap_check(found[APPGW_PLAN_PACKET], "no packet")) {
		attr = find_packet_proto(found[APPGW_PLAN_PACKET]);
		tap_check(packet_proto != IPPROTO_UDP ? !attr :
			  attr && mnl_attr_get_u8(attr) == IPPROTO_UDP,
			  "a packet of another transport");
	}
	kmod_plan_clear(&batch);
	tap_end();
}

/**
 * struct part_case - a part, and what the module is to find
 * @number: what it has, if that is a number; else its bytes are @text's
 * @len: how many bytes
 */
static const struct part_case {
	const char *name;
	enum appgw_part_attr type;
	const char *text;
	uint64_t number;
	size_t len;
} part_cases[] = {
	{ "a part of text", APPGW_PART_TEXT, "a b", 0, 3 },
	{ "an address", APPGW_PART_ADDR, "", 0, 0 },
	{ "a length", APPGW_PART_LENGTH, NULL, 0xfedcba98, 4 },
	{ "a length in 4 bytes", APPGW_PART_LENGTH_LE32, NULL, 0x12345678, 4 },
	{ "a length in 8 bytes", APPGW_PART_LENGTH_LE64, NULL,
	  0x123456789abcdef0, 8 },
	{ "blanks", APPGW_PART_PAD, "", 0, 0 },
	{ "an address backwards", APPGW_PART_ADDR_REVERSED, "", 0, 0 },
	{ "a port backwards", APPGW_PART_PORT_REVERSED, "", 0, 0 },
	{ "a port in disguise", APPGW_PART_PORT_XOR, NULL, 0x3141, 2 },
};

static bool is_part(const struct part_case *c, const struct nlattr *attr)
{
	uint64_t u64;
	uint32_t u32;
	uint16_t u16;

	if (mnl_attr_get_type(attr) != c->type ||
	    mnl_attr_get_payload_len(attr) != c->len)
		return false;
	if (c->text)
		return !memcmp(mnl_attr_get_payload(attr), c->text, c->len);
	memcpy(&u64, mnl_attr_get_payload(attr), sizeof(u64));
	memcpy(&u32, mnl_attr_get_payload(attr), sizeof(u32));
	memcpy(&u16, mnl_attr_get_payload(attr), sizeof(u16));
	return c->number == (c->len == sizeof(u64) ? u64 :
			     c->len == sizeof(u32) ? u32 : u16);
}

/* Between two others, so that it is seen where it ends. */
static void test_part(const struct part_case *c)
{
	static const struct packet packet = {
		.src = { .af = APPGW_AF_IPV4 }, .dst = { .af = APPGW_AF_IPV4 },
	};
	const struct nlattr *found[APPGW_PLAN_MAX + 1];
	struct plan plan = *simple_plan(1, 0, APPGW_OWNER_SENDER);
	unsigned int others = 0, parts = 0;
	const struct nlattr *attr;
	size_t start = batch.len;

	tap_begin(c->name);
	plan.has_edit = true;
	plan.old = (struct span){ (const uint8_t *)longest, 1 };
	plan.parts = 3;
	plan.part[0].type = APPGW_PART_PORT;
	plan.part[1].type = c->type;
	plan.part[1].number = c->number;
	if (c->text)
		plan.part[1].text = (struct span){
			(const uint8_t *)c->text, strlen(c->text),
		};
	plan.part[2].type = APPGW_PART_PORT;
	kmod_plan_add(&batch, &packet, &plan, false);
	find_attrs(found, start);
	if (tap_check(found[APPGW_PLAN_EDIT_PARTS], "no parts"))
		mnl_attr_for_each_nested(attr, found[APPGW_PLAN_EDIT_PARTS]) {
			others += mnl_attr_get_type(attr) == APPGW_PART_PORT;
			tap_check(parts++ != 1 || is_part(c, attr),
				  "type %u, %u bytes", mnl_attr_get_type(attr),
				  mnl_attr_get_payload_len(attr));
		}
	tap_check(parts == 3 && others == 2, "%u parts", parts);
	kmod_plan_clear(&batch);
	tap_end();
}

/* Make a plan with one part, which is that value. */
static struct plan value_plan(const struct appgw_value *v)
{
	struct plan plan = *simple_plan(1, 0, APPGW_OWNER_SENDER);

	plan.has_edit = true;
	plan.old = (struct span){ (const uint8_t *)longest, 1 };
	plan.parts = 1;
	plan.part[0].type = APPGW_PART_VALUE;
	plan.part[0].value = v;
	plan.part[0].number = v->number;
	return plan;
}

/* Find the attributes of the value in the plan at @start of the batch, and count
 * them.
 */
static unsigned int find_value(const struct nlattr **found, size_t start)
{
	const struct nlattr *plan[APPGW_PLAN_MAX + 1], *part, *attr;
	unsigned int n = 0;

	memset(found, 0, (APPGW_VALUE_MAX + 1) * sizeof(*found));
	find_attrs(plan, start);
	if (!plan[APPGW_PLAN_EDIT_PARTS])
		return 0;
	mnl_attr_for_each_nested(part, plan[APPGW_PLAN_EDIT_PARTS]) {
		if (!tap_check(part->nla_type ==
			       (APPGW_PART_VALUE | NLA_F_NESTED),
			       "type %#x", part->nla_type))
			continue;
		mnl_attr_for_each_nested(attr, part) {
			found[mnl_attr_get_type(attr)] = attr;
			n++;
		}
	}
	return n;
}

/* Tell if a number is there, in host byte order. */
static bool has_number(const struct nlattr *attr, size_t size, uint64_t number)
{
	if (!attr || mnl_attr_get_payload_len(attr) != size)
		return false;
	if (size == sizeof(uint8_t))
		return mnl_attr_get_u8(attr) == number;
	if (size == sizeof(uint32_t))
		return mnl_attr_get_u32(attr) == number;
	return !size || mnl_attr_get_u64(attr) == number;
}

/* All that a value may have */
static const struct appgw_value full_value = {
	.what = APPGW_VALUE_PORT, .form = APPGW_VALUE_DECIMAL,
	.code = APPGW_VALUE_BASE64, .bytes = 3, .little = true,
	.is_signed = true, .reversed = true, .bias = -5, .divisor = 70000,
	.number = 0x123456789abcdef0, .xor = 0xfedcba9876543210,
};

static void test_value(void)
{
	static const struct packet packet = {
		.src = { .af = APPGW_AF_IPV4 }, .dst = { .af = APPGW_AF_IPV4 },
	};
	const struct appgw_value *v = &full_value, none = { 0 };
	const struct nlattr *found[APPGW_VALUE_MAX + 1];
	struct plan plan = value_plan(v);
	size_t start = batch.len;

	tap_begin("a value with all that it may have");
	kmod_plan_add(&batch, &packet, &plan, false);
	tap_check(find_value(found, start) == APPGW_VALUE_MAX,
		  "attributes are missing");
	tap_check(has_number(found[APPGW_VALUE_WHAT], 1, v->what) &&
		  has_number(found[APPGW_VALUE_FORM], 1, v->form) &&
		  has_number(found[APPGW_VALUE_CODE], 1, v->code) &&
		  has_number(found[APPGW_VALUE_BYTES], 1, v->bytes),
		  "bytes are others");
	tap_check(has_number(found[APPGW_VALUE_LITTLE], 0, 0) &&
		  has_number(found[APPGW_VALUE_SIGNED], 0, 0) &&
		  has_number(found[APPGW_VALUE_REVERSED], 0, 0),
		  "flags are others");
	tap_check(has_number(found[APPGW_VALUE_BIAS], 4, (uint32_t)v->bias) &&
		  has_number(found[APPGW_VALUE_DIVISOR], 4, v->divisor) &&
		  has_number(found[APPGW_VALUE_NUMBER], 8, v->number) &&
		  has_number(found[APPGW_VALUE_XOR], 8, v->xor),
		  "numbers are others");
	tap_end();

	tap_begin("and one that has nothing");
	plan = value_plan(&none);
	start = batch.len;
	kmod_plan_add(&batch, &packet, &plan, false);
	tap_check(find_value(found, start) == 1 &&
		  has_number(found[APPGW_VALUE_WHAT], 1, 0),
		  "it is not alone what it is of");
	kmod_plan_clear(&batch);
	tap_end();
}

static struct endpoint longest_endpoint(void)
{
	struct endpoint ep = { .af = APPGW_AF_IPV6, .port = APPGW_PORT_MAX };

	memset(ep.addr, 0xff, sizeof(ep.addr));
	return ep;
}

/* All attributes there are, and an edit of APPGW_EDIT_MAX bytes, all of which
 * are in the new text as well, in as many parts as there may be; or as many values.
 */
static struct plan longest_plan(bool values)
{
	struct plan plan = {
		.kind = "123456789012345", .action = APPGW_PLAN_PUBLIC,
		.end = longest_endpoint(), .ports = 2, .index = 1,
		.owner = APPGW_OWNER_SERVER, .protonum = IPPROTO_UDP, .seq = 1,
		.has_edit = true,
		.edit_seq = 2, .parts = PLAN_PARTS_MAX,
		.old = { (const uint8_t *)longest, APPGW_EDIT_MAX },
	};
	size_t part = APPGW_EDIT_MAX / PLAN_PARTS_MAX;
	unsigned int i;

	for (i = 0; i < PLAN_PARTS_MAX && !values; i++) {
		plan.part[i].type = APPGW_PART_TEXT;
		plan.part[i].text.at = plan.old.at + i * part;
		plan.part[i].text.len = part;
	}
	if (!values)
		plan.part[i - 1].text.len = APPGW_EDIT_MAX - (i - 1) * part;
	for (i = 0; i < PLAN_PARTS_MAX && values; i++) {
		plan.part[i].type = APPGW_PART_VALUE;
		plan.part[i].value = &full_value;
		plan.part[i].number = full_value.number;
	}
	return plan;
}

static void test_longest(const char *name, bool values)
{
	struct packet packet = {
		.protonum = IPPROTO_UDP,
		.src = longest_endpoint(), .dst = longest_endpoint(),
	};
	const struct nlattr *found[APPGW_PLAN_MAX + 1];
	struct plan plan = longest_plan(values);
	unsigned int i;

	tap_begin(name);
	while (batch.count < KMOD_PLANS_MAX) {
		size_t start = batch.len;

		kmod_plan_add(&batch, &packet, &plan, true);
		find_attrs(found, start);
		for (i = APPGW_PLAN_PACKET; i <= APPGW_PLAN_MAX; i++)
			tap_check(found[i] || i == APPGW_PLAN_QUIET,
				  "attribute %u is missing", i);
		tap_check(batch.len - start <= KMOD_REQUEST_MAX,
			  "%zu bytes", batch.len - start);
	}
	kmod_plan_clear(&batch);
	tap_end();
}

/* What a plan says is in its one piece, and its edit beside that. */
static void test_brief(void)
{
	const struct packet packet = {
		.protonum = IPPROTO_UDP, .src = longest_endpoint(),
		.dst = { .af = APPGW_AF_IPV6, .addr = { 1, 2 }, .port = 53 },
	};
	const struct nlattr *found[APPGW_ATTR_MAX + 1], *attr;
	struct plan plan = longest_plan(false);
	const struct appgw_brief *b;
	size_t text = 0;

	tap_begin("a plan in one piece");
	kmod_plan_may_be_quiet(true);
	kmod_plan_add(&batch, &packet, &plan, true);
	find_outer(found, 0);
	attr = found[APPGW_ATTR_BRIEF];
	if (tap_check(attr && mnl_attr_get_payload_len(attr) == sizeof(*b),
		      "no such piece")) {
		b = mnl_attr_get_payload(attr);
		tap_check(!memcmp(b->src, packet.src.addr, 16) &&
			  !memcmp(b->dst, packet.dst.addr, 16) &&
			  !memcmp(b->end, plan.end.addr, 16), "addresses are others");
		tap_check(b->src_port == htons(APPGW_PORT_MAX) &&
			  b->dst_port == htons(53) &&
			  b->end_port == htons(APPGW_PORT_MAX), "ports are others");
		tap_check(b->packet_af == 6 && b->end_af == 6 && b->seq == 1 &&
			  b->edit_seq == 2 && b->packet_proto == IPPROTO_UDP &&
			  b->action == plan.action && b->ports == 2 &&
			  b->owner == plan.owner && b->index == 1 &&
			  b->proto == IPPROTO_UDP && !strcmp(b->kind, plan.kind),
			  "fields are others");
	}
	attr = found[APPGW_ATTR_BRIEF_OLD];
	tap_check(attr && mnl_attr_get_payload_len(attr) == plan.old.len &&
		  !memcmp(mnl_attr_get_payload(attr), plan.old.at, plan.old.len),
		  "another text");
	if (tap_check(found[APPGW_ATTR_BRIEF_PARTS] &&
		      found[APPGW_ATTR_BRIEF_PARTS]->nla_type & NLA_F_NESTED,
		      "no parts"))
		mnl_attr_for_each_nested(attr, found[APPGW_ATTR_BRIEF_PARTS])
			text += mnl_attr_get_payload_len(attr);
	tap_check(text == APPGW_EDIT_MAX, "%zu bytes of text", text);
	kmod_plan_clear(&batch);
	tap_end();

	tap_begin("the longest values in one piece, as often as there is room");
	plan = longest_plan(true);
	while (batch.count < KMOD_PLANS_MAX) {
		size_t start = batch.len;

		kmod_plan_add(&batch, &packet, &plan, true);
		find_outer(found, start);
		tap_check(found[APPGW_ATTR_BRIEF_PARTS] &&
			  batch.len - start <= KMOD_REQUEST_MAX,
			  "%zu bytes", batch.len - start);
	}
	kmod_plan_may_be_quiet(false);
	kmod_plan_clear(&batch);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(part_cases) + 18);
	for (i = 0; i < TAP_ARRAY_SIZE(part_cases); i++)
		test_part(&part_cases[i]);
	test_optional("a plan of the sender's", 1, 0, APPGW_OWNER_SENDER);
	test_optional("one for two ports", 2, 0, APPGW_OWNER_SENDER);
	test_optional("one of the client's", 1, 0, APPGW_OWNER_CLIENT);
	test_optional("one for two ports of the server's", 2, 0,
		      APPGW_OWNER_SERVER);
	test_optional("one for RTCP's port", 1, 1, APPGW_OWNER_CLIENT);
	test_transport("a plan of a segment", IPPROTO_TCP, 0);
	test_transport("one of a datagram", IPPROTO_UDP, 0);
	test_transport("one of a datagram, for TCP", IPPROTO_UDP, IPPROTO_TCP);
	test_transport("one of a segment, for UDP", IPPROTO_TCP, IPPROTO_UDP);
	test_quiet("a plan that needs no answer", true, true, true);
	test_quiet("one that does", false, true, false);
	test_quiet("one that needs none, of a module that always gives one", true,
		   false, false);
	test_brief();
	test_value();
	test_longest("a batch of the longest plans there are", false);
	test_longest("and of those that have as many values", true);
	return tap_finish();
}
