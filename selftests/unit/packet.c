// SPDX-License-Identifier: GPL-2.0-only
/* daemon/packet.c: headers of TCP segments and UDP datagrams, and what is neither. */

#include <netinet/in.h>

#include "../../daemon/packet.h"
#include "models/exact.h"
#include "models/packet_properties.h"
#include "tap.h"

#define RANDOM_ROUNDS	20000
#define RANDOM_SEED	0x5eed59a7
#define RANDOM_LEN_MAX	160

#define IP4(flags, proto) "\x45\0\0\x2b\0\x01" flags "\x40" proto "\0\0" \
	"\x0a\0\x01\x02\xcb\0\x71\x02"
#define IP6(next, len) "\x60\0\0\0\0" len next "\x40" \
	"\xfd\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x02" \
	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"
#define PORTS "\x9c\x40\x1a\x0b"
#define UDP(len) PORTS "\0" len "\0\0"
#define TCP PORTS "\0\0\x03\xe8\0\0\0\x01\x50\x18\xff\xff\0\0\0\0"
#define TCP_SYN PORTS "\0\0\x03\xe8\0\0\0\x01\x50\x02\xff\xff\0\0\0\0"
#define TCP_OPT PORTS "\0\0\x03\xe8\0\0\0\x01\x60\x18\xff\xff\0\0\0\0\1\1\1\1"

#define IP4_UDP(len) "\x45\0\0" len "\0\x01\0\0\x40\x11\0\0" \
	"\x0a\0\x01\x02\xcb\0\x71\x02"
/* FNV-1a's of "abc" */
#define ABC 0x1a47e90b

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static const struct packet_case {
	const char *name;
	const uint8_t *data;
	size_t len;
	bool good;
	enum appgw_af af;
	uint32_t seq;
	const char *payload;
} cases[] = {
	{ "IPv4", BYTES(IP4("\0\0", "\6") TCP "abc"), true, 4, 1000, "abc" },
	{ "IPv4, don't fragment", BYTES(IP4("\x40\0", "\6") TCP "abc"), true, 4,
	  1000, "abc" },
	{ "IPv4, padded by the link", BYTES(IP4("\0\0", "\6") TCP "abcxyz"),
	  true, 4, 1000, "abc" },
	{ "IPv4, cut off", BYTES(IP4("\0\0", "\6") TCP "a"), true, 4, 1000,
	  "a" },
	{ "IPv4 with options", BYTES("\x46\0\0\x2f\0\1\0\0\x40\6\0\0"
	  "\x0a\0\x01\x02\xcb\0\x71\x02\1\1\1\1" TCP "abc"), true, 4, 1000,
	  "abc" },
	{ "IPv4 longer than the field", BYTES("\x45\0\0\0\0\1\0\0\x40\6\0\0"
	  "\x0a\0\x01\x02\xcb\0\x71\x02" TCP "abc"), true, 4, 1000, "abc" },
	{ "TCP options", BYTES("\x45\0\0\x2e\0\1\0\0\x40\6\0\0"
	  "\x0a\0\x01\x02\xcb\0\x71\x02" TCP_OPT "ab"), true, 4, 1000,
	  "ab" },
	{ "SYN counts as a byte", BYTES(IP4("\0\0", "\6") TCP_SYN "abc"), true,
	  4, 1001, "abc" },
	{ "no payload", BYTES(IP4("\0\0", "\6") TCP), true, 4, 1000, "" },
	{ "IPv6", BYTES(IP6("\6", "\x17") TCP "abc"), true, 6, 1000, "abc" },
	{ "IPv6, padded by the link", BYTES(IP6("\6", "\x17") TCP "abcxyz"),
	  true, 6, 1000, "abc" },
	{ "IPv6 longer than the field", BYTES(IP6("\6", "\0") TCP "abc"), true,
	  6, 1000, "abc" },
	{ "IPv6 hop by hop", BYTES(IP6("\0", "\x1f") "\6\0\1\4\0\0\0\0" TCP
	  "abc"), true, 6, 1000, "abc" },
	{ "IPv6 destination options of 16 bytes", BYTES(IP6("\x3c", "\x27")
	  "\6\1\1\x0c\0\0\0\0\0\0\0\0\0\0\0\0" TCP "abc"), true, 6, 1000,
	  "abc" },
	{ "IPv6 routing, then destination", BYTES(IP6("\x2b", "\x27")
	  "\x3c\0\0\0\0\0\0\0\6\0\1\4\0\0\0\0" TCP "abc"), true, 6, 1000,
	  "abc" },
	{ "IPv6 authentication", BYTES(IP6("\x33", "\x23")
	  "\6\1\0\0\0\0\0\1\0\0\0\1" TCP "abc"), true, 6, 1000, "abc" },
	{ "IPv6 fragment that is whole", BYTES(IP6("\x2c", "\x1f")
	  "\6\0\0\0\0\0\0\1" TCP "abc"), true, 6, 1000, "abc" },

	{ "IPv4, UDP", BYTES(IP4_UDP("\x1f") UDP("\x0b") "abc"), true, 4,
	  ABC, "abc" },
	{ "UDP, padded by the link", BYTES(IP4_UDP("\x1f") UDP("\x0b")
	  "abcxyz"), true, 4, ABC, "abc" },
	{ "UDP shorter than its packet", BYTES(IP4_UDP("\x22") UDP("\x0b")
	  "abcxyz"), true, 4, ABC, "abc" },
	{ "UDP without a payload", BYTES(IP4_UDP("\x1c") UDP("\x08")), true, 4,
	  2166136261u, "" },
	{ "IPv6, UDP", BYTES(IP6("\x11", "\x0b") UDP("\x0b") "abc"), true, 6,
	  ABC, "abc" },
	{ "IPv6 hop by hop, UDP", BYTES(IP6("\0", "\x13") "\x11\0\1\4\0\0\0\0"
	  UDP("\x0b") "abc"), true, 6, ABC, "abc" },
	{ "UDP, cut off", BYTES(IP4_UDP("\x1f") UDP("\x0b") "ab"), false, 0, 0,
	  NULL },
	{ "UDP longer than its packet", BYTES(IP4_UDP("\x1f") UDP("\x0c")
	  "abc"), false, 0, 0, NULL },
	{ "UDP, header cut off", BYTES(IP4_UDP("\x1f") PORTS "\0\x0b\0"), false,
	  0, 0, NULL },
	{ "UDP shorter than its header", BYTES(IP4_UDP("\x1f") UDP("\x07")
	  "abc"), false, 0, 0, NULL },
	{ "UDP of no length", BYTES(IP4_UDP("\x1f") UDP("\0") "abc"), false, 0,
	  0, NULL },
	{ "IPv4, first fragment of UDP", BYTES("\x45\0\0\x1f\0\1\x20\0\x40\x11"
	  "\0\0\x0a\0\x01\x02\xcb\0\x71\x02" UDP("\x0b") "abc"), false, 0, 0,
	  NULL },

	{ "nothing", BYTES(""), false, 0, 0, NULL },
	{ "version 5", BYTES("\x55" TCP TCP), false, 0, 0, NULL },
	{ "IPv4, header of 16 bytes", BYTES("\x44\0\0\x2b\0\1\0\0\x40\6\0\0"
	  "\x0a\0\x01\x02" TCP "abc"), false, 0, 0, NULL },
	{ "IPv4, header longer than the packet", BYTES("\x4f\0\0\x2b\0\1\0\0"
	  "\x40\6\0\0\x0a\0\x01\x02\xcb\0\x71\x02" TCP), false, 0, 0, NULL },
	{ "IPv4, shorter than its header", BYTES("\x45\0\0\x13\0\1\0\0\x40\6"
	  "\0\0\x0a\0\x01\x02\xcb\0\x71\x02" TCP), false, 0, 0, NULL },
	{ "IPv4, length ends in the TCP header", BYTES("\x45\0\0\x27\0\1\0\0"
	  "\x40\6\0\0\x0a\0\x01\x02\xcb\0\x71\x02" TCP), false, 0, 0, NULL },
	{ "IPv4, neither TCP nor UDP", BYTES(IP4("\0\0", "\x84") TCP "abc"),
	  false, 0, 0, NULL },
	{ "IPv4, first fragment", BYTES(IP4("\x20\0", "\6") TCP "abc"), false,
	  0, 0, NULL },
	{ "IPv4, last fragment", BYTES(IP4("\0\2", "\6") TCP "abc"), false, 0,
	  0, NULL },
	{ "TCP header of 16 bytes", BYTES(IP4("\0\0", "\6") PORTS
	  "\0\0\x03\xe8\0\0\0\x01\x40\x18\xff\xff\0\0\0\0abc"), false, 0, 0,
	  NULL },
	{ "TCP header longer than the packet", BYTES(IP4("\0\0", "\6") PORTS
	  "\0\0\x03\xe8\0\0\0\x01\xf0\x18\xff\xff\0\0\0\0abc"), false, 0, 0,
	  NULL },
	{ "IPv6, neither TCP nor UDP", BYTES(IP6("\x84", "\x17") TCP "abc"),
	  false, 0, 0, NULL },
	{ "IPv6, nothing behind", BYTES(IP6("\x3b", "\x17") TCP "abc"), false,
	  0, 0, NULL },
	{ "IPv6, encrypted", BYTES(IP6("\x32", "\x17") TCP "abc"), false, 0, 0,
	  NULL },
	{ "IPv6, first fragment", BYTES(IP6("\x2c", "\x1f") "\6\0\0\1\0\0\0\1"
	  TCP "abc"), false, 0, 0, NULL },
	{ "IPv6, later fragment", BYTES(IP6("\x2c", "\x1f") "\6\0\0\x08\0\0\0\1"
	  TCP "abc"), false, 0, 0, NULL },
	{ "IPv6, extension header longer than the packet", BYTES(IP6("\0",
	  "\x1f") "\6\xff\1\4\0\0\0\0" TCP "abc"), false, 0, 0, NULL },
	{ "IPv6, length ends in an extension header", BYTES(IP6("\0", "\4")
	  "\6\0\1\4\0\0\0\0" TCP "abc"), false, 0, 0, NULL },
};

static void test_case(const struct packet_case *c)
{
	static const uint8_t src[] = { 10, 0, 1, 2 };
	const char *complaint;
	struct packet packet;
	bool good;

	tap_begin(c->name);
	complaint = packet_complaint(c->data, c->len, &good);
	tap_check(!complaint, "%s", complaint);
	tap_check(good == c->good, "%s", good ? "read" : "not read");
	if (good && packet_parse((struct span){ c->data, c->len }, &packet)) {
		tap_check(packet.src.af == c->af && packet.dst.af == c->af &&
			  packet.src.port == 40000 && packet.dst.port == 6667,
			  "IPv%d, port %u to %u", packet.src.af,
			  packet.src.port, packet.dst.port);
		tap_check(c->af == 6 ? packet.src.addr[0] == 0xfd :
			  !memcmp(packet.src.addr, src, sizeof(src)),
			  "from another address");
		tap_check(packet.dst.addr[c->af == 6 ? 15 : 3] == 2,
			  "to another address");
		tap_check(packet.seq == c->seq, "number %u", packet.seq);
		tap_check(packet.protonum ==
			  (strstr(c->name, "UDP") ? IPPROTO_UDP : IPPROTO_TCP),
			  "transport %u", packet.protonum);
		tap_check(packet.payload.len == strlen(c->payload) &&
			  !memcmp(packet.payload.at, c->payload,
				  packet.payload.len), "payload \"%s\"",
			  exact_text(packet.payload.at, packet.payload.len));
	}
	tap_end();
}

/* One or two bytes of a good packet changed, and its end anywhere */
static void test_random(void)
{
	uint32_t state = RANDOM_SEED;
	uint8_t data[RANDOM_LEN_MAX];
	unsigned int i, read = 0;
	const char *complaint;
	bool good;

	tap_begin("random changes");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		const struct packet_case *c =
			&cases[tap_random(&state) % TAP_ARRAY_SIZE(cases)];
		size_t len = c->len ? 1 + tap_random(&state) % c->len : 0;

		memcpy(data, c->data, len);
		if (len) {
			data[tap_random(&state) % len] = tap_random(&state);
			data[tap_random(&state) % len] ^=
				1 << tap_random(&state) % 8;
		}
		complaint = packet_complaint(data, len, &good);
		read += good;
		tap_check(!complaint, "\"%s\" %s", exact_text(data, len),
			  complaint);
	}
	tap_check(read > RANDOM_ROUNDS / 100, "only %u can be read", read);
	tap_end();
}

int main(void)
{
	unsigned int i;

	tap_plan(TAP_ARRAY_SIZE(cases) + 1);
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++)
		test_case(&cases[i]);
	test_random();
	return tap_finish();
}
