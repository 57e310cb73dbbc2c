// SPDX-License-Identifier: GPL-2.0-only
/* Messages that the family takes, as a daemon or an administrator sends them. */

#include <arpa/inet.h>
#include <string.h>

#include "../../../include/uapi/linux/nf_appgw.h"
#include "valid.h"

static uint32_t some_ports(void)
{
	uint32_t lo = 1024 + random_below(0xffff - 1024);

	return one_in(4) ? 0 : lo << 16 | (lo + random_below(0x10000 - lo));
}

static void put_range(struct node *list, uint16_t type)
{
	struct node *range = nest(list, type);
	uint8_t addr[16] = { 10, random_below(256) };
	bool is_ipv4 = one_in(2);

	put(range, APPGW_RANGE_ADDR, addr, is_ipv4 ? 4 : 16);
	if (one_in(2))
		put_u8(range, APPGW_RANGE_LEN, is_ipv4 ? 16 : 64);
}

static void put_servers(struct node *policy)
{
	struct node *list = nest(policy, APPGW_POLICY_SERVERS), *server;
	unsigned int n;

	for (n = random_below(APPGW_SERVERS_MAX + 1); n; n--) {
		server = nest(list, APPGW_SERVERS_SERVER);
		put_range(server, APPGW_SERVER_RANGE);
		if (one_in(2))
			put_u8(server, APPGW_SERVER_LOOSE, one_in(2));
		if (one_in(2))
			put_u32(server, APPGW_SERVER_PASSIVE_PORTS, some_ports());
		if (one_in(2))
			put_u32(server, APPGW_SERVER_FTPS_PORTS, some_ports());
	}
}

static void fill_policy(struct node *root, const struct talk *talk)
{
	static const uint16_t flags[] = { APPGW_POLICY_LOGIN,
		APPGW_POLICY_LOOSE, APPGW_POLICY_FIX_PASV,
		APPGW_POLICY_DRY_RUN, APPGW_POLICY_ATTACH };
	static const uint16_t ports[] = { APPGW_POLICY_PASSIVE_PORTS,
		APPGW_POLICY_FTPS_PORTS, APPGW_POLICY_DCC_PORTS,
		APPGW_POLICY_MEDIA_PORTS, APPGW_POLICY_DIRECT_PORTS,
		APPGW_POLICY_BOUNCER_PORTS };
	static const uint32_t programs[APPGW_PROGRAMS_MAX] = { 100003, 100005 };
	struct node *policy = nest(root, APPGW_ATTR_POLICY), *list;
	unsigned int i, n;

	(void)talk;
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		if (one_in(3))
			put_u8(policy, flags[i], one_in(2));
	for (i = 0; i < ARRAY_SIZE(ports); i++)
		if (one_in(3))
			put_u32(policy, ports[i], some_ports());
	if (one_in(3))
		put_u32(policy, APPGW_POLICY_QUOTA_HOST, random_below(100));
	if (one_in(3))
		put_u32(policy, APPGW_POLICY_QUOTA_TOTAL, random_below(100));
	if (one_in(3))
		put_u8(policy, APPGW_POLICY_QUOTA_IPV6_LEN,
		       1 + random_below(128));
	if (one_in(3))
		put_u8(policy, APPGW_POLICY_MEDIA_SOURCE,
		       random_below(__APPGW_MEDIA_SOURCE_MAX));
	/* the kernel looks for modules each time */
	if (one_in(100))
		put_u32(policy, APPGW_POLICY_KERNEL_HELPERS,
			random_below(1 << __APPGW_KERNEL_HELPER_MAX));
	if (one_in(3))
		put_u32(policy, APPGW_POLICY_DISCOVERY,
			random_below(1 << __APPGW_DISCOVERY_MAX));
	if (one_in(3))
		put_servers(policy);
	if (one_in(3))
		put_u32(policy, APPGW_POLICY_RPC_TIMEOUT,
			random_below(APPGW_PROGRAM_TIMEOUT_MAX + 2));
	if (one_in(3))
		put_u8(policy, APPGW_POLICY_RPC_CALLS,
		       random_below(__APPGW_RPC_CALLS_MAX));
	if (one_in(3))
		put_u8(policy, APPGW_POLICY_RPC_CALLBACKS, one_in(2));
	if (one_in(3))
		put(policy, APPGW_POLICY_RPC_PROGRAMS, programs,
		    random_below(sizeof(programs) + 1));
	if (!one_in(3))
		return;
	list = nest(policy, APPGW_POLICY_FXP);
	for (n = random_below(APPGW_FXP_MAX + 1); n; n--)
		put_range(list, APPGW_FXP_RANGE);
}

/* What conversations need, whatever has been set before */
void valid_policy(struct node *root)
{
	struct node *policy = nest(root, APPGW_ATTR_POLICY);

	put_u8(policy, APPGW_POLICY_LOGIN, 1);
	put_u8(policy, APPGW_POLICY_LOOSE, 0);
	put_u8(policy, APPGW_POLICY_DRY_RUN, 0);
	put_u8(policy, APPGW_POLICY_ATTACH, 1);
	put_u32(policy, APPGW_POLICY_DCC_PORTS, 0);
	put_u32(policy, APPGW_POLICY_QUOTA_HOST, 0);
	put_u32(policy, APPGW_POLICY_QUOTA_TOTAL, 0);
	nest(policy, APPGW_POLICY_SERVERS);
}

void valid_listen(struct node *root, const char *helper, uint16_t queue,
		  uint16_t queues)
{
	struct node *listen = nest(root, APPGW_ATTR_LISTEN);

	put_string(listen, APPGW_LISTEN_HELPER, helper);
	put_u16(listen, APPGW_LISTEN_QUEUE, queue);
	if (queues != 1 || one_in(2))
		put_u16(listen, APPGW_LISTEN_QUEUES, queues);
}

/* For protocols that no conversation is about, and other queues */
static void fill_listen(struct node *root, const struct talk *talk)
{
	static const char *const helpers[] = { "rtsp", "pna", "msn",
						"mms" };
	uint32_t i = random_below(ARRAY_SIZE(helpers));

	(void)talk;
	valid_listen(root, helpers[i], TALK_QUEUE + 1 + 64 * i,
		     one_in(2) ? 1 : 1 + random_below(APPGW_LISTEN_QUEUES_MAX));
}

static void put_end(struct node *parent, uint16_t type,
		    const struct talk *talk, uint16_t port)
{
	struct node *end = nest(parent, type);
	uint16_t number = htons(port);

	put(end, APPGW_END_ADDR, talk->addr, talk->addr_len);
	put(end, APPGW_END_PORT, &number, sizeof(number));
}

static void put_packet(struct node *parent, uint16_t type,
		       const struct talk *talk)
{
	struct node *packet = nest(parent, type);

	put_end(packet, APPGW_PACKET_SRC, talk, talk->port);
	put_end(packet, APPGW_PACKET_DST, talk, TALK_PORT);
	if (one_in(3))
		put_u8(packet, APPGW_PACKET_PROTO, IPPROTO_TCP);
}

/* Put a value, mostly such a one as can be written. */
static void put_value(struct node *parts, uint8_t what)
{
	struct node *value = nest(parts, APPGW_PART_VALUE);
	uint64_t number = random_below(70000);

	put_u8(value, APPGW_VALUE_WHAT, what);
	if (one_in(2))
		put_u8(value, APPGW_VALUE_FORM,
		       random_below(__APPGW_VALUE_FORM_MAX));
	if (one_in(4))
		put_u8(value, APPGW_VALUE_CODE,
		       random_below(__APPGW_VALUE_CODE_MAX));
	if (one_in(4))
		put_u8(value, APPGW_VALUE_BYTES,
		       random_below(APPGW_VALUE_BYTES_MAX + 1));
	if (one_in(4))
		put(value, APPGW_VALUE_LITTLE, NULL, 0);
	if (one_in(8))
		put(value, APPGW_VALUE_SIGNED, NULL, 0);
	if (one_in(8))
		put(value, APPGW_VALUE_REVERSED, NULL, 0);
	if (what >= APPGW_VALUE_LENGTH && one_in(2))
		put(value, APPGW_VALUE_NUMBER, &number, sizeof(number));
	if (one_in(4))
		put_u32(value, APPGW_VALUE_BIAS, random_below(8) - 4);
	if (what == APPGW_VALUE_FILL || one_in(8))
		put_u32(value, APPGW_VALUE_DIVISOR, random_below(10));
	if (one_in(4))
		put(value, APPGW_VALUE_XOR, &number, sizeof(number));
}

static void put_parts(struct node *plan, uint16_t type, const struct talk *talk)
{
	struct node *parts = nest(plan, type);

	if (one_in(3))
		put_value(parts, random_below(__APPGW_VALUE_WHAT_MAX));
	if (one_in(2))
		put_value(parts, APPGW_VALUE_ADDR);
	else
		put(parts, talk->addr_len == 4 ? APPGW_PART_ADDR_NUMBER :
						 APPGW_PART_ADDR, NULL, 0);
	put(parts, APPGW_PART_TEXT, " ", 1);
	if (one_in(2))
		put_value(parts, APPGW_VALUE_PORT);
	else
		put(parts, APPGW_PART_PORT, NULL, 0);
	if (one_in(3))
		put_value(parts, APPGW_VALUE_FILL);
}

static void fill_release(struct node *root, const struct talk *talk)
{
	put_packet(root, APPGW_ATTR_PACKET, talk);
}

/* In one piece, as the daemon mostly has it */
static void put_brief(struct node *root, const struct talk *talk,
		      const struct talk_offer *offer)
{
	uint8_t af = talk->family == AF_INET ? 4 : 6;
	struct appgw_brief b = {
		.src_port = htons(talk->port), .dst_port = htons(TALK_PORT),
		.end_port = htons(offer->port), .packet_af = af, .end_af = af,
		.seq = offer->seq, .edit_seq = offer->edit_seq,
		.packet_proto = IPPROTO_TCP, .action = APPGW_PLAN_OPEN, .ports = 1,
		.kind = "dcc_send",
	};

	memcpy(b.src, talk->addr, talk->addr_len);
	memcpy(b.dst, talk->addr, talk->addr_len);
	memcpy(b.end, talk->addr, talk->addr_len);
	put(root, APPGW_ATTR_BRIEF, &b, sizeof(b));
	put(root, APPGW_ATTR_BRIEF_OLD, offer->old, strlen(offer->old));
	put_parts(root, APPGW_ATTR_BRIEF_PARTS, talk);
}

static void fill_plan(struct node *root, const struct talk *talk)
{
	const struct talk_offer *offer =
		&talk->offer[random_below(TALK_OFFERS)];
	struct node *plan;

	if (one_in(2)) {
		put_brief(root, talk, offer);
		return;
	}
	plan = nest(root, APPGW_ATTR_PLAN);
	put_packet(plan, APPGW_PLAN_PACKET, talk);
	put_u32(plan, APPGW_PLAN_SEQ, offer->seq);
	put_string(plan, APPGW_PLAN_KIND, "dcc_send");
	put_u8(plan, APPGW_PLAN_ACTION, APPGW_PLAN_OPEN);
	put_end(plan, APPGW_PLAN_END, talk, offer->port);
	put_u32(plan, APPGW_PLAN_EDIT_SEQ, offer->edit_seq);
	put(plan, APPGW_PLAN_EDIT_OLD, offer->old, strlen(offer->old));
	put_parts(plan, APPGW_PLAN_EDIT_PARTS, talk);
	if (one_in(2))
		put_u8(plan, APPGW_PLAN_PORTS, 1);
	if (one_in(2))
		put_u8(plan, APPGW_PLAN_OWNER, APPGW_OWNER_SENDER);
	if (one_in(2))
		put(plan, APPGW_PLAN_QUIET, "", 0);
}

const struct command commands[COMMANDS] = {
	{ "policy_get", APPGW_CMD_POLICY_GET, false, 4, NULL },
	{ "policy_set", APPGW_CMD_POLICY_SET, false, 12, fill_policy },
	{ "stats_get", APPGW_CMD_STATS_GET, false, 3, NULL },
	{ "listen", APPGW_CMD_LISTEN, false, 10, fill_listen },
	{ "plan", APPGW_CMD_PLAN, false, 24, fill_plan },
	{ "release", APPGW_CMD_RELEASE, false, 4, fill_release },
	{ "flow_get", APPGW_CMD_FLOW_GET, true, 4, NULL },
	{ "pinhole_get", APPGW_CMD_PINHOLE_GET, true, 4, NULL },
	{ "listener_get", APPGW_CMD_LISTENER_GET, true, 4, NULL },
	{ "leave", APPGW_CMD_LEAVE, false, 3, NULL },
};

/* One of them, each as often as its weight says */
const struct command *command_pick(void)
{
	unsigned int sum = 0, i;

	for (i = 0; i < COMMANDS; i++)
		sum += commands[i].weight;
	sum = random_below(sum);
	for (i = 0; sum >= commands[i].weight; i++)
		sum -= commands[i].weight;
	return &commands[i];
}

/* The one of that number, or NULL */
const struct command *command_find(uint8_t cmd)
{
	unsigned int i;

	for (i = 0; i < COMMANDS; i++)
		if (commands[i].cmd == cmd)
			return &commands[i];
	return NULL;
}
