// SPDX-License-Identifier: GPL-2.0-only
/* daemon/kmod_plan.c: what a plan looks like on its way to the module, which
 * isn't asked.
 */

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

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
	kmod_plan_add(&batch, &packet, simple_plan(ports, index, owner));
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
	kmod_plan_add(&batch, &packet, &plan);
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

static struct endpoint longest_endpoint(void)
{
	struct endpoint ep = { .af = APPGW_AF_IPV6, .port = APPGW_PORT_MAX };

	memset(ep.addr, 0xff, sizeof(ep.addr));
	return ep;
}

/* All attributes there are, and an edit of APPGW_EDIT_MAX bytes, all of which
 * are in the new text as well, in as many parts as there may be.
 */
static struct plan longest_plan(void)
{
	struct plan plan = {
		.kind = "123456789012345", .action = APPGW_PLAN_PUBLIC,
		.end = longest_endpoint(), .ports = 2, .index = 1,
		.owner = APPGW_OWNER_SERVER, .seq = 1, .has_edit = true,
		.edit_seq = 2, .parts = PLAN_PARTS_MAX,
		.old = { (const uint8_t *)longest, APPGW_EDIT_MAX },
	};
	size_t part = APPGW_EDIT_MAX / PLAN_PARTS_MAX;
	unsigned int i;

	for (i = 0; i < PLAN_PARTS_MAX; i++) {
		plan.part[i].type = APPGW_PART_TEXT;
		plan.part[i].text.at = plan.old.at + i * part;
		plan.part[i].text.len = part;
	}
	plan.part[i - 1].text.len = APPGW_EDIT_MAX - (i - 1) * part;
	return plan;
}

static void test_longest(void)
{
	struct packet packet = {
		.src = longest_endpoint(), .dst = longest_endpoint(),
	};
	const struct nlattr *found[APPGW_PLAN_MAX + 1];
	struct plan plan = longest_plan();
	unsigned int i;

	tap_begin("a batch of the longest plans there are");
	while (batch.count < KMOD_PLANS_MAX) {
		size_t start = batch.len;

		kmod_plan_add(&batch, &packet, &plan);
		find_attrs(found, start);
		for (i = APPGW_PLAN_PACKET; i <= APPGW_PLAN_MAX; i++)
			tap_check(found[i], "attribute %u is missing", i);
		tap_check(batch.len - start <= KMOD_REQUEST_MAX,
			  "%zu bytes", batch.len - start);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(part_cases) + 6);
	for (i = 0; i < TAP_ARRAY_SIZE(part_cases); i++)
		test_part(&part_cases[i]);
	test_optional("a plan of the sender's", 1, 0, APPGW_OWNER_SENDER);
	test_optional("one for two ports", 2, 0, APPGW_OWNER_SENDER);
	test_optional("one of the client's", 1, 0, APPGW_OWNER_CLIENT);
	test_optional("one for two ports of the server's", 2, 0,
		      APPGW_OWNER_SERVER);
	test_optional("one for RTCP's port", 1, 1, APPGW_OWNER_CLIENT);
	test_longest();
	return tap_finish();
}
