// SPDX-License-Identifier: GPL-2.0-only
/* include/appgw/address.h: addresses as the C library reads and writes them. */

#include <arpa/inet.h>

#include "../../include/appgw/address.h"
#include "models/address_properties.h"
#include "models/exact.h"
#include "tap.h"

#define RANDOM_ROUNDS	100000
#define RANDOM_SEED	0x5eed0add

/* A text, and whether it is an address as a whole. */
struct address_case {
	const char *text;
	bool good;
};

static const struct address_case ipv4_cases[] = {
	{ "0.0.0.0", true },
	{ "1.2.3.4", true },
	{ "10.0.0.2", true },
	{ "255.255.255.255", true },
	{ "", false },
	{ "1", false },
	{ "1.2.3", false },
	{ "1.2.3.", false },
	{ "1.2.3.4.", false },
	{ "1.2.3.4.5", false },
	{ ".1.2.3.4", false },
	{ "1..2.3", false },
	{ "256.2.3.4", false },
	{ "1.2.3.256", false },
	{ "1.2.3.1000", false },
	{ "1.2.3.65536", false },
	{ "1.2.3.4294967297", false },
	{ "1.2.3.0004", false },
	{ "01.2.3.4", false },
	{ "1.2.3.00", false },
	{ "010.0.0.1", false },
	{ "0x1.2.3.4", false },
	{ "-1.2.3.4", false },
	{ "1.2.3.+4", false },
	{ " 1.2.3.4", false },
	{ "1.2.3.4 ", false },
	{ "1,2,3,4", false },
	{ "1.2.3.4/8", false },
	{ "1.2.3.a", false },
	{ "1.2.3.\xb2", false },
	{ "::1", false },
};

static const struct address_case ipv6_cases[] = {
	{ "::", true },
	{ "::1", true },
	{ "1::", true },
	{ "1:2:3:4:5:6:7:8", true },
	{ "0001:0020:0300:4000:0:00:000:0000", true },
	{ "abcd:EF01:2345:6789:aBcD:Ef01::", true },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true },
	{ "1::8", true },
	{ "1:2:3:4:5:6:7::", true },
	{ "::2:3:4:5:6:7:8", true },
	{ "1:2:3::5:6:7:8", true },
	{ "1:0:0:4:0:0:0:8", true },
	{ "::1.2.3.4", true },
	{ "::ffff:10.0.0.2", true },
	{ "1:2:3:4:5:6:1.2.3.4", true },
	{ "1::1.2.3.4", true },
	{ "1:2:3:4:5::1.2.3.4", true },
	{ "::255.255.255.255", true },
	{ "", false },
	{ ":", false },
	{ "1", false },
	{ "1:", false },
	{ ":1", false },
	{ ":::", false },
	{ "1:::2", false },
	{ ":::1", false },
	{ "1:::", false },
	{ "::1:", false },
	{ "1::2::3", false },
	{ "::1::", false },
	{ "1:2:3:4:5:6:7", false },
	{ "1:2:3:4:5:6:7:", false },
	{ "1:2:3:4:5:6:7:8:", false },
	{ "1:2:3:4:5:6:7:8::", false },
	{ "1:2:3:4:5:6:7:8:9", false },
	{ "1:2:3:4::5:6:7:8", false },
	{ "::1:2:3:4:5:6:7:8", false },
	{ "1:2:3:4:5:6:7::8", false },
	{ ":1:2:3:4:5:6:7:8", false },
	{ "12345::", false },
	{ "::00001", false },
	{ "::10000", false },
	{ "g::", false },
	{ "::g", false },
	{ "0x1::", false },
	{ "-1::", false },
	{ "::\xb2", false },
	{ "1 ::", false },
	{ " ::1", false },
	{ "::1 ", false },
	{ "::1%eth0", false },
	{ "[::1]", false },
	{ "::1/64", false },
	{ "1.2.3.4", false },
	{ "1.2.3.4::", false },
	{ "::1.2.3", false },
	{ "::1.2.3.", false },
	{ "::1.2.3.4.5", false },
	{ "::1.2.3.256", false },
	{ "::1.2.3.4:5", false },
	{ "::1.2.3.4::", false },
	{ "::01.2.3.4", false },
	{ "::1.2.3.0004", false },
	{ "::a.2.3.4", false },
	{ "::.1.2.3.4", false },
	{ "1:2:3:4:5:6:7:1.2.3.4", false },
	{ "1:2:3:4:5:1.2.3.4", false },
	{ "1:2:3:4:5:6::1.2.3.4", false },
	{ "1:2:3:4:5:6:1.2.3.4:8", false },
};

/* What the canonical text of RFC 5952 asks for, section by section. */
static const struct canonical_case {
	const char *text;
	const char *want;
} canonical_cases[] = {
	{ "2001:0db8::0001", "2001:db8::1" },			/* 4.1 */
	{ "2001:db8:0:0:0:0:2:1", "2001:db8::2:1" },		/* 4.2.1 */
	{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },	/* 4.2.2 */
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },		/* 4.2.3 */
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },	/* 4.2.3 */
	{ "2001:DB8::ABCD:EF", "2001:db8::abcd:ef" },		/* 4.3 */
	{ "0:0:0:0:0:0:0:0", "::" },
	{ "0:0:0:0:0:0:0:1", "::1" },
	{ "1:0:0:0:0:0:0:0", "1::" },
	{ "0:0:1:0:0:1:0:0", "::1:0:0:1:0:0" },
	{ "0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1" },
	{ "1:1:1:1:1:1:0:0", "1:1:1:1:1:1::" },
	{ "1:1:1:1:1:1:1:0", "1:1:1:1:1:1:1:0" },
	{ "1000:100:10:1:0:0:0:1", "1000:100:10:1::1" },
	{ "::ffff:10.0.0.2", "::ffff:a00:2" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
};

/* Returns whether @text is an address; complains if that is wrong. */
static bool read_address(const char *text, bool ipv6)
{
	const char *complaint;
	bool good;

	complaint = address_read_complaint(text, strlen(text), ipv6, &good);
	tap_check(!complaint, "\"%s\" %s", text, complaint);
	return good;
}

static void test_address(const struct address_case *c, bool ipv6)
{
	char name[32 + 4 * EXACT_SHOWN_MAX];

	snprintf(name, sizeof(name), "%s IPv%c: \"%s\"", c->good ? "is" :
		 "is no", ipv6 ? '6' : '4',
		 exact_text(c->text, strlen(c->text)));
	tap_begin(name);
	tap_check(read_address(c->text, ipv6) == c->good, "%s",
		  c->good ? "not read" : "read");
	tap_end();
}

static void test_canonical(const struct canonical_case *c)
{
	struct exact e = exact_new(strlen(c->want));
	uint8_t addr[APPGW_ADDR_LEN_IPV6];
	char name[128];
	size_t n;

	snprintf(name, sizeof(name), "%s is written %s", c->text, c->want);
	tap_begin(name);
	if (tap_check(address_pton(c->text, strlen(c->text), true, addr),
		      "wrong address in the case itself")) {
		n = format_ipv6((char *)e.at, addr);
		tap_check(n == e.len && !memcmp(e.at, c->want, n), "%s",
			  exact_text(e.at, n < e.len ? n : e.len));
	}
	exact_free(&e);
	tap_end();
}

/* Addresses with the runs of zeros and short groups that texts differ by. */
static void random_ipv6(uint32_t *seed, uint8_t *addr)
{
	static const uint16_t masks[] = { 0, 0, 0, 1, 0xf, 0xff, 0xfff, 0xffff };
	int i;

	for (i = 0; i < APPGW_IPV6_GROUPS; i++) {
		uint16_t g = (tap_random(seed) >> 8) &
			     masks[(tap_random(seed) >> 8) % 8];

		addr[2 * i] = g >> 8;
		addr[2 * i + 1] = g & 0xff;
	}
}

static void test_random_write(const char *name, bool ipv6)
{
	uint32_t seed = RANDOM_SEED;
	int round;

	tap_begin(name);
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		uint8_t addr[APPGW_ADDR_LEN_IPV6];
		const char *complaint;

		random_ipv6(&seed, addr);
		complaint = address_write_complaint(addr, ipv6);
		tap_check(!complaint, "%s %s",
			  exact_text(addr, address_len(ipv6)), complaint);
	}
	tap_end();
}

/* Replaces, puts in or takes out one character. */
static void mutate(uint32_t *seed, char *text, size_t size)
{
	static const char chars[] = "0123456789abcdefABCDEF::::....gx ";
	size_t len = strlen(text);
	size_t at = tap_random(seed) % (len + 1);
	char c = chars[tap_random(seed) % (sizeof(chars) - 1)];

	switch (tap_random(seed) % 3) {
	case 0:
		if (at < len)
			text[at] = c;
		break;
	case 1:
		if (len + 2 > size)
			break;
		memmove(text + at + 1, text + at, len - at + 1);
		text[at] = c;
		break;
	default:
		if (at < len)
			memmove(text + at, text + at + 1, len - at);
	}
}

static void test_random_read(const char *name, bool ipv6)
{
	uint32_t seed = RANDOM_SEED;
	int round, i, good = 0;

	tap_begin(name);
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		uint8_t addr[APPGW_ADDR_LEN_IPV6];
		char text[64];

		random_ipv6(&seed, addr);
		if (ipv6 && round % 3 == 0)
			snprintf(text, sizeof(text), "%x:%x:%x:%x:%x:%x:%x:%x",
				 addr[0], addr[2], addr[4], addr[6], addr[8],
				 addr[10], addr[12], addr[14]);
		else if (ipv6 && round % 3 == 1)
			snprintf(text, sizeof(text), "%x:%x::%x:%u.%u.%u.%u",
				 addr[0], addr[2], addr[4], addr[12], addr[13],
				 addr[14], addr[15]);
		else
			inet_ntop(ipv6 ? AF_INET6 : AF_INET, addr, text,
				  sizeof(text));
		for (i = tap_random(&seed) % 4; i; i--)
			mutate(&seed, text, sizeof(text));
		good += read_address(text, ipv6);
	}
	tap_check(good > RANDOM_ROUNDS / 10 &&
		  good < RANDOM_ROUNDS - RANDOM_ROUNDS / 10,
		  "%d were addresses", good);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(ipv4_cases) + TAP_ARRAY_SIZE(ipv6_cases) +
		 TAP_ARRAY_SIZE(canonical_cases) + 4);

	for (i = 0; i < TAP_ARRAY_SIZE(ipv4_cases); i++)
		test_address(&ipv4_cases[i], false);
	for (i = 0; i < TAP_ARRAY_SIZE(ipv6_cases); i++)
		test_address(&ipv6_cases[i], true);
	for (i = 0; i < TAP_ARRAY_SIZE(canonical_cases); i++)
		test_canonical(&canonical_cases[i]);
	test_random_write("random IPv4 addresses are written as inet_ntop() does",
			  false);
	test_random_write("random IPv6 addresses are written as inet_ntop() does",
			  true);
	test_random_read("random IPv4 texts are read as inet_pton() does",
			 false);
	test_random_read("random IPv6 texts are read as inet_pton() does",
			 true);

	return tap_finish();
}
