// SPDX-License-Identifier: GPL-2.0-only
/* kmod/gate/value.c: addresses, ports and lengths as protocols write them. */

#include "../../include/appgw/address.h"
#include "../../kmod/gate/value.h"
#include "models/exact.h"
#include "models/value_reference.h"
#include "tap.h"

#define RANDOM_ROUNDS	200000
#define RANDOM_SEED	0x5eedfa1e
#define RANDOM_LEN	51

#define V4_INSIDE	"10.0.0.2"
#define V4_HIGH		"192.168.5.200"
#define V6		"2001:db8::5"

#define TEXT(t)		(t), sizeof(t) - 1

/**
 * struct value_case - a value, and what it is to be written as
 * @name: what it is
 * @v: the value
 * @addr: address
 * @port: port
 * @growth: by how many bytes a length has become longer
 * @text: text, NULL if there is to be none
 * @len: its bytes
 */
static const struct value_case {
	const char *name;
	struct appgw_value v;
	const char *addr;
	uint16_t port;
	int growth;
	const char *text;
	size_t len;
} cases[] = {
#define ADDR	.what = APPGW_VALUE_ADDR
#define PORT	.what = APPGW_VALUE_PORT
#define LENGTH	.what = APPGW_VALUE_LENGTH
#define REST	.what = APPGW_VALUE_REST
#define DECIMAL	.form = APPGW_VALUE_DECIMAL
#define BINARY	.form = APPGW_VALUE_BINARY
#define UTF16	.code = APPGW_VALUE_UTF16
#define BASE64	.code = APPGW_VALUE_BASE64
	/* OSCAR: 4 and 2 bytes, and their complements */
	{ "an address in 4 bytes", { ADDR, BINARY }, V4_INSIDE, 0, 0,
	  TEXT("\x0a\0\0\2") },
	{ "its complement", { ADDR, BINARY, .xor = 0xffffffff }, V4_INSIDE, 0,
	  0, TEXT("\xf5\xff\xff\xfd") },
	{ "a port in 2 bytes", { PORT, BINARY }, V4_INSIDE, 5190, 0,
	  TEXT("\x14\x46") },
	{ "its complement", { PORT, BINARY, .xor = 0xffff }, V4_INSIDE, 5190, 0,
	  TEXT("\xeb\xb9") },
	{ "the lowest byte first", { PORT, BINARY, .little = true }, V4_INSIDE,
	  5190, 0, TEXT("\x46\x14") },

	/* YMSG: base64 of a number with a sign, and the length of a body */
	{ "base64 of a number", { ADDR, DECIMAL, BASE64, .little = true,
	  .is_signed = true }, V4_INSIDE, 0, 0, TEXT("MzM1NTQ0NDI=") },
	{ "the same in plain", { ADDR, DECIMAL, .little = true,
	  .is_signed = true }, "203.0.113.1", 0, 0, TEXT("24182987") },
	{ "a negative one", { ADDR, DECIMAL, .little = true,
	  .is_signed = true }, V4_HIGH, 0, 0, TEXT("-939153216") },
	{ "the lowest one", { ADDR, DECIMAL, .is_signed = true }, "128.0.0.0",
	  0, 0, TEXT("-2147483648") },
	{ "not signed", { ADDR, DECIMAL }, "128.0.0.0", 0, 0,
	  TEXT("2147483648") },
	{ "a length in 2 bytes", { LENGTH, BINARY, .bytes = 2, .number = 300 },
	  V4_INSIDE, 0, -44, TEXT("\1\0") },
	{ "one that fills them", { LENGTH, BINARY, .bytes = 2,
	  .number = 65530 }, V4_INSIDE, 0, 5, TEXT("\xff\xff") },
	{ "one that doesn't fit", { LENGTH, BINARY, .bytes = 2,
	  .number = 65530 }, V4_INSIDE, 0, 6, NULL, 0 },

	/* MMS: UTF-16, and lengths in units of 8 */
	{ "an address in UTF-16", { ADDR, UTF16, .little = true }, "10.9.8.7",
	  0, 0, TEXT("1\0000\0.\0009\0.\0008\0.\0007\0") },
	{ "the highest byte first", { ADDR, UTF16 }, "10.9.8.7", 0, 0,
	  TEXT("\0001\0000\0.\0009\0.\0008\0.\0007") },
	{ "a port in UTF-16", { PORT, UTF16, .little = true }, V4_INSIDE, 7000,
	  0, TEXT("7\0000\0000\0000\0") },
	{ "a length in units of 8", { LENGTH, BINARY, .little = true,
	  .number = 72, .divisor = 8 }, V4_INSIDE, 0, 16, TEXT("\x0b\0\0\0") },

	/* XDR: a record mark, a universal address */
	{ "a length with a bit in front", { LENGTH, BINARY,
	  .number = 0x8000001c }, V4_INSIDE, 0, 4, TEXT("\x80\0\0\x20") },
	{ "the higher byte of a port", { PORT, .divisor = 256 }, V4_INSIDE,
	  56022, 0, TEXT("218") },
	{ "and the lower one", { PORT, .bytes = 1 }, V4_INSIDE, 56022, 0,
	  TEXT("214") },
	{ "a port in 4 bytes", { PORT, BINARY, .bytes = 4 }, V4_INSIDE, 2049, 0,
	  TEXT("\0\0\x08\1") },
	{ "a length of what is behind", { REST, BINARY }, V4_INSIDE, 0, 17,
	  TEXT("\0\0\0\x11") },

	{ "IPv6 in text", { ADDR }, V6, 0, 0, TEXT(V6) },
	{ "IPv6 in 16 bytes", { ADDR, BINARY }, V6, 0, 0,
	  TEXT("\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\5") },
	{ "IPv6 in base64", { ADDR, BINARY, BASE64 }, V6, 0, 0,
	  TEXT("IAENuAAAAAAAAAAAAAAABQ==") },
	{ "the longest there is", { ADDR, UTF16, .little = true },
	  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 0, 0,
	  TEXT("f\0f\0f\0f\0:\0f\0f\0f\0f\0:\0f\0f\0f\0f\0:\0f\0f\0f\0f\0:\0"
	       "f\0f\0f\0f\0:\0f\0f\0f\0f\0:\0f\0f\0f\0f\0:\0f\0f\0f\0f\0") },
	{ "IPv6 as a number", { ADDR, DECIMAL }, V6, 0, 0, NULL, 0 },
	{ "IPv6 and a complement", { ADDR, BINARY, .xor = 1 }, V6, 0, 0, NULL,
	  0 },
	{ "IPv6 in 4 bytes", { ADDR, BINARY, .bytes = 4 }, V6, 0, 0, NULL, 0 },
	{ "IPv6 from its end", { ADDR, BINARY, .little = true }, V6, 0, 0, NULL,
	  0 },

	{ "the port behind the last one", { PORT, .bias = 1 }, V4_INSIDE, 65535,
	  0, NULL, 0 },
	{ "the port before the first one", { PORT, .bias = -1 }, V4_INSIDE, 0, 0,
	  NULL, 0 },
	{ "the address behind the last one", { ADDR, .bias = 1 },
	  "255.255.255.255", 0, 0, NULL, 0 },
	{ "a neighbour's", { ADDR, .bias = 1 }, "10.0.0.255", 0, 0,
	  TEXT("10.0.1.0") },
	{ "a length below 0", { LENGTH, .number = 5 }, V4_INSIDE, 0, -6, NULL,
	  0 },
	{ "a length of 0", { LENGTH, .number = 5 }, V4_INSIDE, 0, -5,
	  TEXT("0") },
	{ "a length that nothing has", { LENGTH, BINARY, .bytes = 8,
	  .number = UINT64_MAX }, V4_INSIDE, 0, 5, NULL, 0 },
	{ "too long a number for a divisor", { LENGTH, BINARY, .bytes = 8,
	  .number = 1ull << 32, .divisor = 2 }, V4_INSIDE, 0, 0, NULL, 0 },
	{ "a decimal number of 5 bytes", { LENGTH, .bytes = 5, .number = 7 },
	  V4_INSIDE, 0, 0, NULL, 0 },
	{ "a binary one of 9", { LENGTH, BINARY, .bytes = 9 }, V4_INSIDE, 0, 0,
	  NULL, 0 },
	{ "a sign in binary", { PORT, BINARY, .is_signed = true }, V4_INSIDE, 1,
	  0, NULL, 0 },
	{ "a sign in dots", { ADDR, .is_signed = true }, V4_INSIDE, 1, 0, NULL,
	  0 },
	{ "UTF-16 of bytes", { PORT, BINARY, UTF16 }, V4_INSIDE, 1, 0, NULL,
	  0 },
	{ "a rest in decimal", { REST }, V4_INSIDE, 0, 17, NULL, 0 },
	{ "a rest in base64", { REST, BINARY, BASE64 }, V4_INSIDE, 0, 17, NULL,
	  0 },
	{ "what there is no", { .what = __APPGW_VALUE_WHAT_MAX }, V4_INSIDE, 1,
	  0, NULL, 0 },
	{ "a fill", { .what = APPGW_VALUE_FILL, .divisor = 4 }, V4_INSIDE, 1, 0,
	  NULL, 0 },
	{ "no such form", { PORT, .form = __APPGW_VALUE_FORM_MAX }, V4_INSIDE,
	  1, 0, NULL, 0 },
	{ "no such code", { PORT, .code = __APPGW_VALUE_CODE_MAX }, V4_INSIDE,
	  1, 0, NULL, 0 },
	{ "no address", { ADDR }, "", 1, 0, NULL, 0 },
};

static struct endpoint read_end(const char *addr, uint16_t port)
{
	struct span in = { (const uint8_t *)addr, strlen(addr) };
	struct endpoint end = { .port = port };

	if (span_eat_ipv4(&in, end.addr))
		end.af = APPGW_AF_IPV4;
	else if (span_eat_ipv6(&in, end.addr))
		end.af = APPGW_AF_IPV6;
	return end;
}

static void check_written(const struct appgw_value *v, const char *addr,
			  uint16_t port, int growth, const char *text,
			  size_t len)
{
	struct endpoint end = read_end(addr, port);
	const char *complaint = value_complaint(v, &end, growth, 0);
	char written[GATE_VALUE_MAX];
	int n;

	tap_check(!complaint, "the reference says that it %s", complaint);
	n = value_try(v, &end, growth, written);
	tap_check(n == (text ? (int)len : -1), "%d bytes for %zu", n, len);
	tap_check(n != (int)len || !text || !memcmp(written, text, len),
		  "it is \"%s\"", exact_text(written, n));
}

static void test_case(const struct value_case *c)
{
	tap_begin(c->name);
	check_written(&c->v, c->addr, c->port, c->growth, c->text, c->len);
	tap_end();
}

/**
 * struct part_case - a part without attributes, and what it has always been
 * @name: what it is
 * @type: enum appgw_part_attr
 * @takes: bytes of the number that comes with it
 * @number: number
 * @addr: address
 * @port: port
 * @growth: by how many bytes a length has become longer
 * @text: text, NULL if there is to be none
 * @len: its bytes
 */
static const struct part_case {
	const char *name;
	int type;
	int takes;
	uint64_t number;
	const char *addr;
	uint16_t port;
	int growth;
	const char *text;
	size_t len;
} part_cases[] = {
	{ "ADDR", APPGW_PART_ADDR, 0, 0, V4_HIGH, 1, 9, TEXT(V4_HIGH) },
	{ "ADDR of IPv6", APPGW_PART_ADDR, 0, 0, V6, 1, 9, TEXT(V6) },
	{ "ADDR_NUMBER", APPGW_PART_ADDR_NUMBER, 0, 0, V4_HIGH, 1, 9,
	  TEXT("3232237000") },
	{ "ADDR_NUMBER of IPv6", APPGW_PART_ADDR_NUMBER, 0, 0, V6, 1, 9, NULL,
	  0 },
	{ "ADDR_REVERSED", APPGW_PART_ADDR_REVERSED, 0, 0, V4_HIGH, 1, 9,
	  TEXT("002.5.861.291") },
	{ "ADDR_REVERSED of IPv6", APPGW_PART_ADDR_REVERSED, 0, 0, V6, 1, 9,
	  TEXT("5::8bd:1002") },
	{ "PORT", APPGW_PART_PORT, 0, 0, V6, 65535, 9, TEXT("65535") },
	{ "PORT_NEXT", APPGW_PART_PORT_NEXT, 0, 0, V6, 6999, 9, TEXT("7000") },
	{ "PORT_BINARY", APPGW_PART_PORT_BINARY, 0, 0, V6, 0x1b58, 9,
	  TEXT("\x1b\x58") },
	{ "PORT_REVERSED", APPGW_PART_PORT_REVERSED, 0, 0, V6, 12340, 9,
	  TEXT("04321") },
	{ "PORT_XOR", APPGW_PART_PORT_XOR, 2, 0x3141, V6, 7000, 9,
	  TEXT("10777") },
	{ "LENGTH", APPGW_PART_LENGTH, 4, 4294967290u, V6, 1, 5,
	  TEXT("4294967295") },
	{ "LENGTH_LE32", APPGW_PART_LENGTH_LE32, 4, 0x1020304, V6, 1, -4,
	  TEXT("\0\3\2\1") },
	{ "LENGTH_LE64", APPGW_PART_LENGTH_LE64, 8, 0x102030405060708, V6, 1, 1,
	  TEXT("\x09\7\6\5\4\3\2\1") },
	{ "a text is none", APPGW_PART_TEXT, -1, 0, V6, 1, 0, NULL, 0 },
	{ "blanks are none", APPGW_PART_PAD, -1, 0, V6, 1, 0, NULL, 0 },
	{ "a value is none of them", APPGW_PART_VALUE, -1, 0, V6, 1, 0, NULL,
	  0 },
	{ "nor is what is unknown", APPGW_PART_MAX + 1, -1, 0, V6, 1, 0, NULL,
	  0 },
	{ "nor 0", 0, -1, 0, V6, 1, 0, NULL, 0 },
	{ "nor what is below", -1, -1, 0, V6, 1, 0, NULL, 0 },
};

static void test_part(const struct part_case *c)
{
	const struct appgw_value *found;
	unsigned int takes = 0;

	tap_begin(c->name);
	found = appgw_value_of_part(c->type, &takes);
	if (!tap_check(!found == (c->takes < 0), "it stands for a value, or not"))
		found = NULL;
	if (found && tap_check((int)takes == c->takes, "takes %u", takes)) {
		struct appgw_value v = *found;

		if (v.what == APPGW_VALUE_LENGTH)
			v.number = c->number;
		else
			v.xor = c->number;
		tap_check(appgw_value_is_good(&v), "it makes no sense");
		check_written(&v, c->addr, c->port, c->growth, c->text, c->len);
	}
	tap_end();
}

/**
 * struct fill_case - a fill, and how many bytes it is to be
 * @divisor: its divisor
 * @bias: its bias
 * @len: bytes before it
 * @n: bytes
 */
static const struct fill_case {
	uint32_t divisor;
	int32_t bias;
	unsigned int len;
	int n;
} fill_cases[] = {
	{ 4, 0, 17, 3 }, { 4, 0, 16, 0 }, { 4, 2, 17, 1 }, { 8, -4, 5, 7 },
	{ 1, 0, 5, 0 }, { 0, 0, 5, -1 }, { 4, -6, 5, -1 }, { 96, 0, 1, 95 },
	{ 1000, 0, 1, -1 }, { 1000, 0, 950, 50 }, { 4, 5, ~0u, -1 },
};

static void test_fills(void)
{
	size_t i;

	tap_begin("bytes of 0 up to a multiple");
	for (i = 0; i < TAP_ARRAY_SIZE(fill_cases); i++) {
		const struct fill_case *c = &fill_cases[i];
		struct appgw_value v = {
			.what = APPGW_VALUE_FILL, .divisor = c->divisor,
			.bias = c->bias,
		};
		int n = appgw_value_fill(&v, c->len);

		tap_check(n == c->n, "case %zu: %d", i, n);
	}
	tap_end();
}

/* Write values made up, mostly such as make sense: what a byte says beyond that is cut
 * off.
 */
static void test_random(void)
{
	uint32_t state = RANDOM_SEED;
	uint8_t data[RANDOM_LEN];
	const char *complaint;
	unsigned int round;
	size_t i;

	tap_begin("values made up");
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		for (i = 0; i < sizeof(data); i++)
			data[i] = tap_random(&state) % 3 ?
				  tap_random(&state) % 4 : tap_random(&state);
		complaint = value_input_complaint(data, sizeof(data));
		if (!tap_check(!complaint, "\"%s\" %s",
			       exact_text(data, sizeof(data)), complaint))
			break;
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(cases) + TAP_ARRAY_SIZE(part_cases) + 2);
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++)
		test_case(&cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(part_cases); i++)
		test_part(&part_cases[i]);
	test_fills();
	test_random();
	return tap_finish();
}
