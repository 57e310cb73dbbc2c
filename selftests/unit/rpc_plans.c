// SPDX-License-Identifier: GPL-2.0-only
/* daemon/rpc.c: what replies call for, and what leaves then. */

#include <netinet/in.h>

#include "../../daemon/endpoint_text.h"
#include "../../daemon/rpc_parse.h"
#include "models/exact.h"
#include "models/rpc_plan_properties.h"
#include "tap.h"

#define TEXT_MAX	2048

#define SWEEP_BYTES	6

/**
 * struct real_case - a reply that was seen on the wire
 * @name: the case's name
 * @protonum: transport
 * @af: family
 * @hex: the payload
 * @plans: one a line: action, kind, where announcement and edit are and how long that is,
 *	endpoint, transport
 * @out: what leaves, if the server is 203.0.113.177 or 2001:db8::1 outside, and each port
 *	the next one
 */
static const struct real_case {
	const char *name;
	uint8_t protonum;
	enum appgw_af af;
	const char *hex;
	const char *plans;
	const char *out;
} real_cases[] = {
	{ "GETPORT, mount.nfs", IPPROTO_TCP, 4,
	  "8000001c 93fb6f80 00000001 00000000 00000000 00000000"
	  "00000000 0000d343",
	  "open getport 0 28 4 :54083 0\n",
	  "8000001c 93fb6f80 00000001 00000000 00000000 00000000"
	  "00000000 0000d344" },
	{ "GETPORT by UDP, sm-notify", IPPROTO_UDP, 4,
	  "6b0329e2 00000001 00000000 00000000 00000000 00000000"
	  "0000c369",
	  "open getport 0 24 4 :50025 0\n",
	  "6b0329e2 00000001 00000000 00000000 00000000 00000000"
	  "0000c36a" },
	{ "GETADDR by UDP, rpcinfo -u", IPPROTO_UDP, 4,
	  "6b0abafc 00000001 00000000 00000000 00000000 00000000"
	  "00000010 31302e30 2e302e32 2e323138 2e323134",
	  "open getaddr 0 24 20 10.0.0.2:56022 0\n",
	  "6b0abafc 00000001 00000000 00000000 00000000 00000000"
	  "00000015 3230332e 302e3131 332e3137 372e3231 382e3231"
	  "35000000" },
	{ "GETADDR of another host's", IPPROTO_UDP, 4,
	  "6b028962 00000001 00000000 00000000 00000000 00000000"
	  "00000011 31302e37 372e302e 312e3231 382e3231 34000000",
	  "open getaddr 0 24 24 10.77.0.1:56022 0\n",
	  "6b028962 00000001 00000000 00000000 00000000 00000000"
	  "00000015 3230332e 302e3131 332e3137 372e3231 382e3231"
	  "35000000" },
	{ "GETADDR by TCP over IPv6, mount.nfs", IPPROTO_TCP, 6,
	  "8000002c 93f99ea7 00000001 00000000 00000000 00000000"
	  "00000000 0000000f 66643737 3a3a312e 3137362e 31303300",
	  "open getaddr 0 28 20 [fd77::1]:45159 0\n",
	  "80000030 93f99ea7 00000001 00000000 00000000 00000000"
	  "00000000 00000013 32303031 3a646238 3a3a312e 3137362e"
	  "31303400" },
	{ "GETADDRLIST, rpcinfo -l", IPPROTO_TCP, 4,
	  "80000084 4fc2c90c 00000001 00000000 00000000 00000000"
	  "00000000 00000001 00000010 31302e30 2e302e32 2e323138"
	  "2e323134 00000003 75647000 00000001 00000004 696e6574"
	  "00000003 75647000 00000001 00000010 31302e30 2e302e32"
	  "2e313636 2e313835 00000003 74637000 00000003 00000004"
	  "696e6574 00000003 74637000 00000000",
	  "open getaddrlist 0 32 20 10.0.0.2:56022 17\n"
	  "open getaddrlist 0 84 20 10.0.0.2:42681 6\n",
	  "80000094 4fc2c90c 00000001 00000000 00000000 00000000"
	  "00000000 00000001 00000015 3230332e 302e3131 332e3137"
	  "372e3231 382e3231 35000000 00000003 75647000 00000001"
	  "00000004 696e6574 00000003 75647000 00000001 00000015"
	  "3230332e 302e3131 332e3137 372e3136 362e3138 36000000"
	  "00000003 74637000 00000003 00000004 696e6574 00000003"
	  "74637000 00000000" },
	{ "GETADDRLIST over IPv6, rpcinfo -l", IPPROTO_TCP, 6,
	  "8000008c d004ac25 00000001 00000000 00000000 00000000"
	  "00000000 00000001 0000000f 66643737 3a3a312e 3231382e"
	  "32313400 00000004 75647036 00000001 00000005 696e6574"
	  "36000000 00000003 75647000 00000001 0000000f 66643737"
	  "3a3a312e 3136362e 31383500 00000004 74637036 00000003"
	  "00000005 696e6574 36000000 00000003 74637000 00000000",
	  "open getaddrlist 0 32 20 [fd77::1]:56022 17\n"
	  "open getaddrlist 0 88 20 [fd77::1]:42681 6\n",
	  "80000094 d004ac25 00000001 00000000 00000000 00000000"
	  "00000000 00000001 00000013 32303031 3a646238 3a3a312e"
	  "3231382e 32313500 00000004 75647036 00000001 00000005"
	  "696e6574 36000000 00000003 75647000 00000001 00000013"
	  "32303031 3a646238 3a3a312e 3136362e 31383600 00000004"
	  "74637036 00000003 00000005 696e6574 36000000 00000003"
	  "74637000 00000000" },
};

#define ADDR	"0000000c 31302e302e312e322e382e31"	/* 10.0.1.2.8.1 */
#define NEXT	"0000000c 31302e302e312e322e382e32"	/* 10.0.1.2.8.2 */
#define OTHER	"0000000b 312e322e332e342e352e36 00"	/* 1.2.3.4.5.6 */
#define NO_PORT	"0000000c 31302e302e312e322e302e30"	/* 10.0.1.2.0.0 */
#define ADDR6	"0000000b 666437373a3a312e382e3100"	/* fd77::1.8.1 */
#define MORE	"00000001"
#define NO_MORE	"00000000"
#define UDP	"00000003 75647000"
#define TCP	"00000003 74637000"
#define INET	"00000004 696e6574"
#define INET6	"00000005 696e657436 000000"
#define ENTRY(addr, family, proto) MORE addr UDP "00000001" family proto

/**
 * struct made_case - results, in a reply
 * @name: the case's name
 * @protonum: transport
 * @af: family
 * @piece: bytes of each fragment; 0 for one
 * @hex: the results; the reply has 24 bytes in front of them
 * @plans: as above
 */
static const struct made_case {
	const char *name;
	uint8_t protonum;
	enum appgw_af af;
	size_t piece;
	const char *hex;
	const char *plans;
} made_cases[] = {
	{ "a port that is the system's", IPPROTO_UDP, 4, 0, "00000050",
	  "open getport 0 24 4 :80 0\n" },
	{ "a port of 0", IPPROTO_UDP, 4, 0, "00000000", "" },
	{ "an address with a port of 0", IPPROTO_UDP, 4, 0, NO_PORT, "" },
	{ "an address of IPv6 over IPv4", IPPROTO_UDP, 4, 0, ADDR6, "" },
	{ "one of IPv4 over IPv6", IPPROTO_UDP, 6, 0, ADDR, "" },
	{ "a list of both families over IPv4", IPPROTO_TCP, 4, 0,
	  ENTRY(ADDR6, INET6, TCP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "open getaddrlist 0 84 16 10.0.1.2:2049 6\n" },
	{ "over IPv6", IPPROTO_TCP, 6, 0,
	  ENTRY(ADDR6, INET6, TCP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "open getaddrlist 0 32 16 [fd77::1]:2049 6\n" },
	{ "the same port by both transports", IPPROTO_UDP, 4, 0,
	  ENTRY(ADDR, INET, UDP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "open getaddrlist 0 28 16 10.0.1.2:2049 17\n"
	  "open getaddrlist 0 76 16 10.0.1.2:2049 6\n" },
	{ "one of a transport that has no port", IPPROTO_UDP, 4, 0,
	  ENTRY(NO_PORT, INET, TCP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "open getaddrlist 0 76 16 10.0.1.2:2049 6\n" },
	{ "two of a transport", IPPROTO_UDP, 4, 0,
	  ENTRY(ADDR, INET, TCP) ENTRY(NEXT, INET, TCP) NO_MORE,
	  "open getaddrlist 0 28 16 10.0.1.2:2049 6\n"
	  "address getaddrlist 0 76 16 10.0.1.2 0\n" },
	{ "two of a transport in a stream", IPPROTO_TCP, 4, 0,
	  ENTRY(ADDR, INET, TCP) ENTRY(NEXT, INET, TCP) NO_MORE,
	  "open getaddrlist 0 32 16 10.0.1.2:2049 6\n" },
	{ "a port in pieces of two bytes", IPPROTO_TCP, 4, 2, "00000801",
	  "open getport 0 76 8 :2049 0\n" },
	{ "a port in a fragment of its own", IPPROTO_TCP, 4, 24, "00000801",
	  "open getport 0 32 4 :2049 0\n" },
	{ "a port, its header in pieces", IPPROTO_TCP, 4, 6, "00000801 0000",
	  "open getport 0 44 4 :2049 0\n" },
	{ "an address in the last of two fragments", IPPROTO_TCP, 4, 24, ADDR,
	  "open getaddr 0 32 16 10.0.1.2:2049 0\n" },
	{ "in the first", IPPROTO_TCP, 4, 40, ADDR "00000000 00000000",
	  "open getaddr 0 28 16 10.0.1.2:2049 0\n" },
	{ "its length in another", IPPROTO_TCP, 4, 28, ADDR,
	  "open getaddr 0 28 20 10.0.1.2:2049 0\n" },
	{ "its last byte in another", IPPROTO_TCP, 4, 39, ADDR,
	  "open getaddr 0 28 20 10.0.1.2:2049 0\n" },
	{ "in seven", IPPROTO_TCP, 4, 3, ADDR,
	  "open getaddr 0 60 36 10.0.1.2:2049 0\n" },
	{ "a list, all texts in one of two fragments", IPPROTO_TCP, 4, 92,
	  ENTRY(ADDR, INET, UDP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "open getaddrlist 0 32 16 10.0.1.2:2049 17\n"
	  "open getaddrlist 0 80 16 10.0.1.2:2049 6\n" },
	{ "in both of them", IPPROTO_TCP, 4, 72,
	  ENTRY(ADDR, INET, UDP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "open getaddrlist 0 32 16 10.0.1.2:2049 17\n"
	  "open getaddrlist 0 84 16 10.0.1.2:2049 6\n" },
	{ "in both, but only one counts", IPPROTO_TCP, 4, 76,
	  ENTRY(ADDR6, INET6, UDP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "open getaddrlist 0 88 16 10.0.1.2:2049 6\n" },
};

static const char *action_name(const struct plan *plan)
{
	return plan->action == APPGW_PLAN_OPEN ? "open" :
	       plan->action == APPGW_PLAN_ADDRESS ? "address" : "?";
}

static void say_plans(char *to, const struct plan *plan, unsigned int n)
{
	char end[ENDPOINT_TEXT_MAX];
	unsigned int i;

	*to = 0;
	for (i = 0; i < n; i++, plan++) {
		*end = 0;
		if (plan->end.af != APPGW_AF_NONE || plan->end.port)
			endpoint_text(end, &plan->end);
		to += sprintf(to, "%s %s %u %u %zu %s %u\n", action_name(plan),
			      plan->kind, plan->seq - RPC_MODULE_SEQ,
			      plan->edit_seq - RPC_MODULE_SEQ, plan->old.len,
			      end, plan->protonum);
	}
}

static struct rpc_module module_new(uint8_t protonum, enum appgw_af af)
{
	return af == APPGW_AF_IPV4 ?
		rpc_module_new(protonum, "10.0.1.2", "203.0.113.177", 1) :
		rpc_module_new(protonum, "fd77::1", "2001:db8::1", 1);
}

/* Check the plans for a payload; return how many there are, in @plan. */
static unsigned int check_plans(const struct rpc_module *m,
				const struct exact *e, const char *want,
				struct plan *plan)
{
	const char *complaint;
	char got[TEXT_MAX];
	unsigned int n;

	n = rpc_module_inspect(m, exact_span(e), plan, RPC_MODULE_PLANS_MAX);
	say_plans(got, plan, n);
	tap_check(!strcmp(got, want), "%s", got);
	complaint = rpc_plan_complaint(m, exact_span(e));
	tap_check(!complaint, "%s", complaint);
	return n;
}

static void test_real(const struct real_case *c)
{
	static struct plan plan[RPC_MODULE_PLANS_MAX];
	static struct rpc_build in, want, out;
	struct rpc_module m = module_new(c->protonum, c->af);
	struct exact e;
	unsigned int n;

	tap_begin(c->name);
	in.len = 0;
	want.len = 0;
	rpc_build_hex(&in, c->hex);
	rpc_build_hex(&want, c->out);
	e = exact_copy(in.at, in.len);
	n = check_plans(&m, &e, c->plans, plan);
	tap_check(n && !rpc_module_apply(&m, exact_span(&e), plan, n, &out),
		  "no text");
	tap_check(out.len == want.len && !memcmp(out.at, want.at, want.len),
		  "\"%s\"", exact_text(out.at, out.len));
	exact_free(&e);
	tap_end();
}

static void make(const struct made_case *c, struct rpc_build *out)
{
	static struct rpc_build message;

	message.len = 0;
	rpc_build_head(&message);
	rpc_build_hex(&message, c->hex);
	if (c->protonum == IPPROTO_UDP)
		rpc_build_add(out, message.at, message.len);
	else
		rpc_build_record(out, &message, c->piece);
}

static void test_made(const struct made_case *c)
{
	static struct plan plan[RPC_MODULE_PLANS_MAX];
	struct rpc_module m = module_new(c->protonum, c->af);
	static struct rpc_build in;
	struct exact e;

	tap_begin(c->name);
	in.len = 0;
	make(c, &in);
	e = exact_copy(in.at, in.len);
	check_plans(&m, &e, c->plans, plan);
	exact_free(&e);
	tap_end();
}

/* What is one transport's says nothing in the other. */
static void test_swapped(void)
{
	static struct plan plan[RPC_MODULE_PLANS_MAX];
	static struct rpc_build in;
	struct rpc_module m;
	struct exact e;
	size_t i;

	tap_begin("records in datagrams, and messages in streams");
	for (i = 0; i < TAP_ARRAY_SIZE(real_cases); i++) {
		const struct real_case *c = &real_cases[i];

		m = module_new(c->protonum == IPPROTO_UDP ? IPPROTO_TCP :
							    IPPROTO_UDP, c->af);
		in.len = 0;
		rpc_build_hex(&in, c->hex);
		e = exact_copy(in.at, in.len);
		check_plans(&m, &e, "", plan);
		exact_free(&e);
	}
	tap_end();
}

/* Several in a segment, and one that is cut behind them */
static void test_several(void)
{
	static struct plan plan[RPC_MODULE_PLANS_MAX];
	struct rpc_module m = module_new(IPPROTO_TCP, APPGW_AF_IPV4);
	static struct rpc_build in;
	struct exact e;

	tap_begin("several records");
	in.len = 0;
	rpc_build_hex(&in, real_cases[0].hex);
	rpc_build_hex(&in, "80000018 93f97d5f 00000001 00000000 00000000"
		      "00000000 00000000");
	rpc_build_hex(&in, "80000028 93f97d60 00000001 00000000 00000000"
		      "00000000 00000000" ADDR);
	rpc_build_hex(&in, real_cases[0].hex);
	e = exact_copy(in.at, in.len);
	check_plans(&m, &e, "open getport 0 28 4 :54083 0\n"
		    "open getaddr 60 88 16 10.0.1.2:2049 0\n"
		    "open getport 104 132 4 :54083 0\n", plan);
	exact_free(&e);
	e = exact_copy(in.at, in.len - 1);
	check_plans(&m, &e, "open getport 0 28 4 :54083 0\n"
		    "open getaddr 60 88 16 10.0.1.2:2049 0\n", plan);
	exact_free(&e);
	tap_end();
}

/* Check what is planned for a list of @entries: @want. */
static void check_list(uint8_t protonum, unsigned int entries, unsigned int want)
{
	static struct plan plan[RPC_MODULE_PLANS_MAX];
	struct rpc_module m = module_new(protonum, APPGW_AF_IPV4);
	static struct rpc_build message, in;
	struct exact e;
	unsigned int i, n, opens = 0;

	message.len = 0;
	in.len = 0;
	rpc_build_head(&message);
	for (i = 0; i < entries; i++)
		rpc_build_entry(&message, "10.0.1.2.8.1", "x", "inet",
				i & 1 ? "tcp" : "udp");
	rpc_build_number(&message, 0);
	if (protonum == IPPROTO_TCP)
		rpc_build_record(&in, &message, message.len / 13);
	else
		rpc_build_add(&in, message.at, message.len);
	e = exact_copy(in.at, in.len);
	n = rpc_module_inspect(&m, exact_span(&e), plan, RPC_MODULE_PLANS_MAX);
	tap_check(n == want, "%u entries, %u plans", entries, n);
	for (i = 0; i < n; i++)
		opens += plan[i].action == APPGW_PLAN_OPEN;
	tap_check(opens == 2, "%u are opened", opens);
	tap_check(!rpc_plan_complaint(&m, exact_span(&e)), "%s",
		  rpc_plan_complaint(&m, exact_span(&e)));
	exact_free(&e);
}

/* As many entries as are read, each of which is planned for in a datagram; and more */
static void test_long(void)
{
	static const unsigned int entries[] = {
		RPC_ENTRIES_MAX - 1, RPC_ENTRIES_MAX, RPC_ENTRIES_MAX + 1, 1000,
	};
	unsigned int i;

	tap_begin("long lists");
	for (i = 0; i < TAP_ARRAY_SIZE(entries); i++) {
		check_list(IPPROTO_UDP, entries[i],
			   entries[i] < RPC_ENTRIES_MAX ? entries[i] :
							  RPC_ENTRIES_MAX);
		check_list(IPPROTO_TCP, entries[i], 2);
	}
	tap_end();
}

/* Check what becomes of @c in pieces: @length of each is the bytes of it. */
static void check_cut(const struct rpc_module *m, const struct rpc_build *message,
		      const size_t *length, unsigned int want, bool is_same)
{
	static struct plan plan[RPC_MODULE_PLANS_MAX];
	static struct rpc_build in, out;
	const char *complaint;
	struct exact e;
	unsigned int n;

	in.len = 0;
	rpc_build_pieces(&in, message, length);
	e = exact_copy(in.at, in.len);
	n = rpc_module_inspect(m, exact_span(&e), plan, RPC_MODULE_PLANS_MAX);
	complaint = rpc_plan_complaint(m, exact_span(&e));
	tap_check(n == want && !complaint, "%u plans, %s: \"%s\"", n, complaint,
		  exact_text(e.at, e.len));
	out.len = 0;
	complaint = n ? rpc_module_apply(m, exact_span(&e), plan, n, &out) :
			"nothing planned";
	tap_check(!complaint && (in.len == out.len &&
				 !memcmp(in.at, out.at, in.len)) == is_same,
		  "%s: \"%s\"", complaint, exact_text(out.at, out.len));
	exact_free(&e);
}

/**
 * struct cut_case - results that are cut into pieces
 * @name: the case's name
 * @own: server's address
 * @public: the same, or how its client sees it, so that texts become longer or shorter
 * @hex: the results
 * @plans: how many
 */
static const struct cut_case {
	const char *name;
	const char *own;
	const char *public;
	const char *hex;
	unsigned int plans;
} cut_cases[] = {
	{ "a port", "10.0.1.2", "10.0.1.2", "00000801", 1 },
	{ "a port and more", "10.0.1.2", "10.0.1.2", "00000801 01020304", 1 },
	{ "a longer address", "10.0.1.2", "203.0.113.177", ADDR, 1 },
	{ "a shorter one", "10.0.1.2", "1.1.1.1", ADDR "01020304", 1 },
	{ "one of the same length", "10.0.1.2", "10.0.1.3", ADDR, 1 },
	{ "IPv6", "fd77::1", "2001:db8:1111:2222:3333:4444:5555:6666", ADDR6, 1 },
	{ "a list", "10.0.1.2", "203.0.113.177",
	  ENTRY(ADDR, INET, UDP) ENTRY(NEXT, INET, TCP) NO_MORE, 2 },
	{ "a list that becomes shorter", "10.0.1.2", "1.1.1.1",
	  ENTRY(ADDR, INET, UDP) ENTRY(NEXT, INET, TCP) NO_MORE, 2 },
	{ "a list with another family's between", "10.0.1.2", "203.0.113.177",
	  ENTRY(ADDR, INET, UDP) ENTRY(ADDR6, INET6, UDP)
	  ENTRY(NEXT, INET, TCP) NO_MORE, 2 },
	{ "a list of two hosts", "10.0.1.2", "203.0.113.177",
	  ENTRY(ADDR, INET, UDP) ENTRY(OTHER, INET, TCP) NO_MORE, 2 },
};

/* Cut at each place, at many two, and behind each in short pieces; with NAT and without */
static void test_cut(const struct cut_case *c)
{
	struct rpc_module nat = rpc_module_new(IPPROTO_TCP, c->own, c->public, 1);
	struct rpc_module none = rpc_module_new(IPPROTO_TCP, c->own, c->own, 0);
	/* without NAT another host's address isn't the server's own */
	bool stays = !strstr(c->hex, OTHER);
	static struct rpc_build message;
	size_t length[RPC_FRAGMENTS_MAX + 1], a, b;
	unsigned int i;

	tap_begin(c->name);
	message.len = 0;
	rpc_build_head(&message);
	rpc_build_hex(&message, c->hex);
	for (a = 0; a < message.len; a++) {
		for (b = a; b < message.len; b += 5) {
			memset(length, 0, sizeof(length));
			length[0] = a;
			length[1] = b - a;
			length[2] = message.len - b;
			check_cut(&nat, &message, length, c->plans, false);
			check_cut(&none, &message, length, c->plans, stays);
		}
		for (b = 1; b < 8 && a; b++) {
			size_t left = message.len - a;

			memset(length, 0, sizeof(length));
			length[0] = a;
			for (i = 1; i < RPC_FRAGMENTS_MAX && left; i++) {
				length[i] = left < b || i + 1 ==
					    RPC_FRAGMENTS_MAX ? left : b;
				left -= length[i];
			}
			check_cut(&nat, &message, length, c->plans, false);
			check_cut(&none, &message, length, c->plans, stays);
		}
	}
	tap_end();
}

static void check_around(const struct real_case *c, struct exact *e)
{
	static const uint8_t bytes[SWEEP_BYTES] = {
		0, 1, 0x2e, 0x30, 0x80, 0xff,
	};
	struct rpc_module m = module_new(c->protonum, c->af);
	const char *complaint;
	unsigned int i;
	uint8_t was;
	size_t at;

	for (at = 0; at < e->len; at++) {
		was = e->at[at];
		for (i = 0; i < SWEEP_BYTES + 8; i++) {
			e->at[at] = i < SWEEP_BYTES ? bytes[i] :
				    was ^ 1 << (i - SWEEP_BYTES);
			complaint = rpc_plan_complaint(&m, exact_span(e));
			tap_check(!complaint, "%s: %s, byte %zu is %u", c->name,
				  complaint, at, e->at[at]);
		}
		e->at[at] = was;
	}
}

/* Every byte changed to some others, and the end anywhere */
static void test_sweep(void)
{
	static struct rpc_build in;
	const char *complaint;
	struct rpc_module m;
	struct exact e;
	size_t i, len;

	tap_begin("around all of them");
	for (i = 0; i < TAP_ARRAY_SIZE(real_cases); i++) {
		const struct real_case *c = &real_cases[i];

		m = module_new(c->protonum, c->af);
		in.len = 0;
		rpc_build_hex(&in, c->hex);
		e = exact_copy(in.at, in.len);
		check_around(c, &e);
		for (len = 0; len < e.len; len++) {
			complaint = rpc_plan_complaint(&m, (struct span){
						       e.at, len });
			tap_check(!complaint, "%s: %s", c->name, complaint);
		}
		exact_free(&e);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(real_cases) + TAP_ARRAY_SIZE(made_cases) +
		 TAP_ARRAY_SIZE(cut_cases) + 4);
	for (i = 0; i < TAP_ARRAY_SIZE(real_cases); i++)
		test_real(&real_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(made_cases); i++)
		test_made(&made_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(cut_cases); i++)
		test_cut(&cut_cases[i]);
	test_swapped();
	test_several();
	test_long();
	test_sweep();
	return tap_finish();
}
