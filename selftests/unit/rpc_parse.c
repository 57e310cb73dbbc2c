// SPDX-License-Identifier: GPL-2.0-only
/* daemon/rpc_parse.c: universal addresses, records and replies. */

#include <arpa/inet.h>
#include <stdlib.h>

#include "../../daemon/rpc_parse.h"
#include "models/exact.h"
#include "models/rpc_build.h"
#include "tap.h"

#define TEXT_MAX	128
#define FOUND_MAX	512

/* What is to be found: "10.0.1.2 2049", "" if it is no address */
static const struct addr_case {
	const char *text;
	const char *found;
} addr_cases[] = {
	{ "10.0.1.2.8.1", "10.0.1.2 2049" },
	{ "10.0.1.2.0.111", "10.0.1.2 111" },
	{ "0.0.0.0.134.147", "0.0.0.0 34451" },
	{ "1.2.3.4.0.0", "1.2.3.4 0" },
	{ "255.255.255.255.255.255", "255.255.255.255 65535" },
	{ "fd77::1.218.214", "fd77::1 56022" },
	{ "fd77:0:0:0:0:0:0:1.8.1", "fd77::1 2049" },
	{ "2001:db8:1111:2222:3333:4444:5555:6666.255.254",
	  "2001:db8:1111:2222:3333:4444:5555:6666 65534" },
	{ "::ffff:10.0.1.2.8.1", "::ffff:10.0.1.2 2049" },
	{ "::.0.111", ":: 111" },
	{ "::1.0.111", "::1 111" },

	{ "", "" },
	{ ".", "" },
	{ "........", "" },
	{ "::.0.11", "" },		/* shorter than any that is wanted */
	{ "10.0.1.2", "" },
	{ "10.0.1.2.8", "" },
	{ "10.0.1.2.8.", "" },
	{ "10.0.1.2..1", "" },
	{ "10.0.1.2.8.1.", "" },
	{ "10.0.1.2.8.1.1", "" },
	{ "10.0.1.2.256.1", "" },
	{ "10.0.1.2.1.256", "" },
	{ "10.0.1.2.8.0001", "" },
	{ "10.0.1.2.8.01", "" },
	{ "10.0.1.2.08.1", "" },
	{ "10.0.1.2.00.1", "" },
	{ "010.0.1.2.8.1", "" },
	{ "10.0.1.256.8.1", "" },
	{ "10.0.1.2.+8.1", "" },
	{ "10.0.1.2.8.-1", "" },
	{ "10.0.1.2.8.1 ", "" },
	{ " 10.0.1.2.8.1", "" },
	{ "10.0.1.2.8. 1", "" },
	{ "10.0.1.2.8.0x1", "" },
	{ "10.0.1.2.8.1a", "" },
	{ "10.0.1.2,8,1", "" },
	{ "10.0.1.2:8:1", "" },
	{ "[fd77::1].8.1", "" },
	{ "fd77::1%eth0.8.1", "" },
	{ "fd77::1::2.8.1", "" },
	{ "fd77:1.8.1", "" },
	{ "localhost.8.1", "" },
	{ "/run/rpcbind.sock", "" },
	{ "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
	  "" },
};

static void test_addr(const struct addr_case *c)
{
	struct exact e = exact_copy(c->text, strlen(c->text));
	char addr[INET6_ADDRSTRLEN], found[TEXT_MAX] = "";
	struct rpc_place place, untouched;
	struct span tail;

	tap_begin(*c->text ? c->text : "an empty text");
	memset(&place, 0xa5, sizeof(place));
	untouched = place;
	if (rpc_parse_addr(exact_span(&e), &place)) {
		inet_ntop(place.end.af == APPGW_AF_IPV4 ? AF_INET : AF_INET6,
			  place.end.addr, addr, sizeof(addr));
		sprintf(found, "%s %u", addr, place.end.port);
		tail = place.tail;
		tap_check(tail.at > e.at && tail.at + tail.len == e.at + e.len &&
			  *tail.at == '.' && place.second.len == 1 &&
			  place.second.at > tail.at &&
			  *place.second.at == '.', "its parts are elsewhere");
		tap_check(!memcmp(&place.whole, &untouched.whole,
				  sizeof(place.whole)), "sets too much");
	} else {
		tap_check(!memcmp(&place, &untouched, sizeof(place)),
			  "fails and changes the result");
	}
	tap_check(!strcmp(found, c->found), "\"%s\"", found);
	exact_free(&e);
	tap_end();
}

/**
 * struct record_case - what a stream begins with
 * @name: the case's name
 * @hex: the stream
 * @unit: bytes of the record; 0 for none
 * @fragments: how many
 */
static const struct record_case {
	const char *name;
	const char *hex;
	size_t unit;
	unsigned int fragments;
} record_cases[] = {
	{ "a record", "80000004 01020304", 8, 1 },
	{ "one with another behind it", "80000002 0102 80000001", 6, 1 },
	{ "two fragments", "00000002 0102 80000002 0304", 12, 2 },
	{ "an empty fragment before another", "00000000 80000002 0304", 10, 2 },
	{ "an empty one behind another", "00000002 0304 80000000", 10, 2 },
	{ "an empty record", "80000000", 4, 1 },
	{ "16 fragments", "00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 80000001 01", 65, 16 },
	{ "17", "00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 00000000 00000000 00000000 00000000 00000000"
	  "00000000 00000000 80000001 01", 0, 0 },
	{ "nothing", "", 0, 0 },
	{ "half a mark", "8000", 0, 0 },
	{ "a record that is cut", "80000004 010203", 0, 0 },
	{ "the last fragment missing", "00000002 0102", 0, 0 },
	{ "the last one cut", "00000002 0102 80000002 03", 0, 0 },
	{ "2 GB", "ffffffff 01020304", 0, 0 },
	{ "2 GB and a fragment", "7fffffff 01020304 80000000", 0, 0 },
};

static void test_record(const struct record_case *c)
{
	static struct rpc_build b;
	struct rpc_record record;
	struct span text, before;
	struct exact e;
	bool good;

	tap_begin(c->name);
	b.len = 0;
	rpc_build_hex(&b, c->hex);
	e = exact_copy(b.at, b.len);
	before = exact_span(&e);
	text = before;
	good = rpc_next(&text, &record);
	tap_check(good == !!c->unit, "%s", good ? "read" : "not read");
	if (good)
		tap_check(record.unit.at == e.at && record.unit.len == c->unit &&
			  record.has_marks && record.fragments == c->fragments,
			  "%zu bytes, %u fragments", record.unit.len,
			  record.fragments);
	tap_check(text.at == before.at + c->unit &&
		  text.len == before.len - c->unit, "moved elsewhere");
	exact_free(&e);
	tap_end();
}

/* The longest record there may be, and one byte more */
static void test_longest(void)
{
	static struct rpc_build b;
	struct rpc_record record;
	struct span text;
	size_t len;

	tap_begin("64 KB");
	for (len = RPC_RECORD_MAX - 6; len < RPC_RECORD_MAX; len++) {
		b.len = 0;
		rpc_build_number(&b, 0x80000000u | len);
		memset(b.at + b.len, 0, len);
		text = (struct span){ b.at, b.len + len };
		tap_check(rpc_next(&text, &record) ==
			  (len + RPC_WORD <= RPC_RECORD_MAX), "%zu bytes", len);
	}
	tap_end();
}

#define HEAD	"93f97d5f 00000001 00000000 00000000 00000000 00000000"
#define ADDR	"0000000c 31302e302e312e322e382e31"	/* 10.0.1.2.8.1 */
#define MORE	"00000001"
#define NO_MORE	"00000000"
#define UDP	"00000003 75647000"
#define TCP	"00000003 74637000"
#define INET	"00000004 696e6574"
#define INET6	"00000005 696e657436 000000"
#define LOCAL	"00000005 6c6f63616c 000000"
#define SEMANTICS "00000001"
#define ENTRY(addr, family, proto) MORE addr UDP SEMANTICS family proto
#define LIST12	"tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 " \
		"tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 "
#define ENTRY4	ENTRY(ADDR, INET, TCP) ENTRY(ADDR, INET, TCP) \
		ENTRY(ADDR, INET, TCP) ENTRY(ADDR, INET, TCP)

/* Of a list there is "tcp:2049 " for each entry that counts. */
static const struct reply_case {
	const char *name;
	const char *hex;
	const char *found;
} reply_cases[] = {
	{ "a port", HEAD "00000801", "port 2049" },
	{ "a port and more", HEAD "00000801 00000000", "port 2049" },
	{ "the highest port", HEAD "0000ffff", "port 65535" },
	{ "the lowest that is no length", HEAD "00000041", "port 65" },
	{ "a port of 0", HEAD "00000000", "" },
	{ "one that is a length", HEAD "00000040", "" },
	{ "one above all", HEAD "00010000", "" },
	{ "one that wraps to 22", HEAD "00010016", "" },
	{ "half a port", HEAD "0008", "" },
	{ "no results", HEAD, "" },
	{ "a verifier", "93f97d5f 00000001 00000000 00000001 00000005 61626364"
	  "65000000 00000000 00000801", "port 2049" },
	{ "one that is cut", "93f97d5f 00000001 00000000 00000001 00000005 6162",
	  "" },
	{ "one of 401 bytes", "93f97d5f 00000001 00000000 00000001 00000191"
	  "00000000 00000801", "" },
	{ "one of 4 GB", "93f97d5f 00000001 00000000 00000001 fffffff0"
	  "00000000 00000801", "" },
	{ "a call", "93f97d5f 00000000 00000002 000186a0 00000002 00000003"
	  "00000000 00000000 00000000 00000000 000186a3", "" },
	{ "denied, in the form of one that isn't", "93f97d5f 00000001 00000001"
	  "00000000 00000000 00000000 00000801", "" },
	{ "something else", "93f97d5f 00000002 00000000 00000000 00000000"
	  "00000000 00000801", "" },
	{ "denied", "93f97d5f 00000001 00000001 00000001 00000001 00000000"
	  "00000801", "" },
	{ "no such program", "93f97d5f 00000001 00000000 00000000 00000000"
	  "00000001 00000801", "" },
	{ "not done", "93f97d5f 00000001 00000000 00000000 00000000 00000005"
	  "00000801", "" },
	{ "nothing", "", "" },

	{ "an address", HEAD ADDR, "addr 2049" },
	{ "an address and more", HEAD ADDR "00000004 01020304", "addr 2049" },
	{ "an empty one", HEAD "00000000", "" },
	{ "one that isn't filled up", HEAD "0000000b 31302e302e312e322e38e1", "" },
	{ "one that is cut", HEAD "0000000c 31302e302e312e32", "" },
	{ "one that is none", HEAD "0000000c 31302e302e312e322e382e6c", "" },
	{ "one with its 0", HEAD "0000000d 31302e302e312e322e382e3100 000000",
	  "" },
	{ "2 GB of it", HEAD "7fffffff 31302e302e312e322e382e31", "" },

	{ "a list", HEAD ENTRY(ADDR, INET, TCP) NO_MORE, "tcp:2049 " },
	{ "of two", HEAD ENTRY(ADDR, INET, UDP) ENTRY(ADDR, INET, TCP) NO_MORE,
	  "udp:2049 tcp:2049 " },
	{ "and one that is local", HEAD ENTRY("00000008 2f72756e2f727062",
	  LOCAL, "00000000") ENTRY(ADDR, INET, TCP) NO_MORE, "tcp:2049 " },
	{ "an address that is empty", HEAD ENTRY("00000000", INET, UDP)
	  ENTRY(ADDR, INET, TCP) NO_MORE, "tcp:2049 " },
	{ "another family than the address's", HEAD ENTRY(ADDR, INET6, UDP)
	  ENTRY(ADDR, INET, TCP) NO_MORE, "tcp:2049 " },
	{ "another transport", HEAD ENTRY(ADDR, INET, "00000004 73637470")
	  ENTRY(ADDR, INET, TCP) NO_MORE, "tcp:2049 " },
	{ "an empty list", HEAD NO_MORE, "" },
	{ "nothing of it counts", HEAD ENTRY(ADDR, INET6, UDP) NO_MORE, "" },
	{ "no end", HEAD ENTRY(ADDR, INET, TCP), "" },
	{ "something else at its end", HEAD ENTRY(ADDR, INET, TCP) "00000002",
	  "" },
	{ "half an entry more", HEAD ENTRY(ADDR, INET, TCP) MORE ADDR, "" },
	{ "a text of 256 bytes", HEAD ENTRY("00000100", INET, UDP) NO_MORE, "" },
	{ "a list of 16", HEAD ENTRY4 ENTRY4 ENTRY4 ENTRY4 NO_MORE,
	  "tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 "
	  "tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 "
	  "tcp:2049 tcp:2049 " },
	{ "of 24 with a local one", HEAD ENTRY4 ENTRY4 ENTRY4
	  ENTRY("00000008 2f72756e2f727062", LOCAL, "00000000")
	  ENTRY4 ENTRY4 ENTRY4 NO_MORE,
	  LIST12 LIST12 },
	{ "of 36, of which 32 count", HEAD ENTRY4 ENTRY4 ENTRY4 ENTRY4 ENTRY4
	  ENTRY4 ENTRY4 ENTRY4 ENTRY4 NO_MORE,
	  LIST12 LIST12 "tcp:2049 tcp:2049 tcp:2049 tcp:2049 tcp:2049 "
	  "tcp:2049 tcp:2049 tcp:2049 " },
	{ "DUMP's", HEAD MORE "000186a0 00000002 00000006 0000006f" NO_MORE, "" },
	{ "DUMP's of rpcbind", HEAD MORE "000186a0 00000004" UDP ADDR
	  "00000009 737570657275736572 000000" NO_MORE, "" },
	{ "a bool", HEAD "00000001", "" },
};

static void say_reply(const struct rpc_reply *reply, char *found)
{
	unsigned int i;

	for (i = 0; i < reply->count; i++)
		found += sprintf(found, reply->form == RPC_GETADDRLIST ?
				 "%s:%u " : "%s %u",
				 reply->form == RPC_GETPORT ? "port" :
				 reply->form == RPC_GETADDR ? "addr" :
				 reply->place[i].protonum == IPPROTO_UDP ?
				 "udp" : "tcp", reply->place[i].end.port);
}

/* In fragments of all lengths it says the same. */
static void check_pieces(const struct reply_case *c,
			 const struct rpc_build *message)
{
	static struct rpc_build b;
	struct rpc_record record;
	struct rpc_reply reply;
	char found[FOUND_MAX];
	struct span text;
	size_t piece, least = (message->len + 15) / 16;

	for (piece = least ? least : 1; piece < message->len; piece++) {
		b.len = 0;
		*found = 0;
		rpc_build_record(&b, message, piece);
		text = (struct span){ b.at, b.len };
		if (!tap_check(rpc_next(&text, &record), "no record"))
			return;
		if (rpc_parse(&record, &reply))
			say_reply(&reply, found);
		tap_check(!strcmp(found, c->found), "of %zu bytes each: %s",
			  piece, found);
	}
}

static void test_reply(const struct reply_case *c)
{
	static struct rpc_build message;
	char found[FOUND_MAX] = "";
	struct rpc_record record;
	struct rpc_reply reply;
	struct exact e;

	tap_begin(c->name);
	message.len = 0;
	rpc_build_hex(&message, c->hex);
	e = exact_copy(message.at, message.len);
	rpc_datagram(exact_span(&e), &record);
	tap_check(!record.has_marks && record.fragments == 1, "not a datagram");
	if (rpc_parse(&record, &reply))
		say_reply(&reply, found);
	tap_check(!strcmp(found, c->found), "\"%s\"", found);
	check_pieces(c, &message);
	exact_free(&e);
	tap_end();
}

static bool is_read(const struct rpc_build *message)
{
	struct exact e = exact_copy(message->at, message->len);
	struct rpc_record record;
	struct rpc_reply reply;
	bool good;

	rpc_datagram(exact_span(&e), &record);
	good = rpc_parse(&record, &reply);
	exact_free(&e);
	return good;
}

/* What is as long as it may be, or longer by one */
static void test_limits(void)
{
	static struct rpc_build b;
	char text[300];
	size_t len;

	tap_begin("verifiers of 400 bytes");
	for (len = 399; len < 402; len++) {
		b.len = 0;
		rpc_build_hex(&b, "93f97d5f 00000001 00000000 00000001");
		rpc_build_number(&b, len);
		memset(b.at + b.len, 1, (len + 3) & ~3u);
		b.len += (len + 3) & ~3u;
		rpc_build_hex(&b, "00000000 00000801");
		tap_check(is_read(&b) == (len <= 400), "%zu bytes", len);
	}
	tap_end();

	tap_begin("texts of 255 bytes");
	for (len = 254; len < 257; len++) {
		memset(text, 'x', len);
		text[len] = 0;
		b.len = 0;
		rpc_build_head(&b);
		rpc_build_entry(&b, "10.0.1.2.8.1", text, "inet", "tcp");
		rpc_build_number(&b, 0);
		tap_check(is_read(&b) == (len <= 255), "%zu bytes", len);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(addr_cases) + TAP_ARRAY_SIZE(record_cases) + 3 +
		 TAP_ARRAY_SIZE(reply_cases));
	for (i = 0; i < TAP_ARRAY_SIZE(addr_cases); i++)
		test_addr(&addr_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(record_cases); i++)
		test_record(&record_cases[i]);
	test_longest();
	test_limits();
	for (i = 0; i < TAP_ARRAY_SIZE(reply_cases); i++)
		test_reply(&reply_cases[i]);
	return tap_finish();
}
