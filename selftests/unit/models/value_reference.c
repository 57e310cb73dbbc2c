// SPDX-License-Identifier: GPL-2.0-only
/* kmod/gate/value.c a second time, by the C library and numbers that can't overflow,
 * and what holds for every value, for the unit test and the fuzzer.
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../include/appgw/address.h"
#include "../../../kmod/gate/value.h"
#include "value_reference.h"

/* As wide as no value is */
#define ROOM	256

/* A length that isn't one, whatever is added to it */
#define NO_LENGTH	(-(1ll << 62))

/* Return the number that @v begins with. */
static int64_t reference_start(const struct appgw_value *v,
			       const struct endpoint *end, int growth)
{
	uint32_t word;

	memcpy(&word, end->addr, sizeof(word));
	switch (v->what) {
	case APPGW_VALUE_ADDR:
		/* a host that has the lowest byte first reads it so */
		return v->form == APPGW_VALUE_DECIMAL && v->little ?
		       __builtin_bswap32(ntohl(word)) : ntohl(word);
	case APPGW_VALUE_PORT:
		return end->port;
	default:
		return v->number > 1ull << 62 ? NO_LENGTH :
						(int64_t)v->number + growth;
	}
}

static int64_t reference_limit(const struct appgw_value *v)
{
	return v->what == APPGW_VALUE_ADDR ? 0xffffffffu :
	       v->what == APPGW_VALUE_PORT ? 0xffff : 1ll << 62;
}

/* Set the @size bytes at @bytes to what is to be written of @v as a number, the lowest
 * first; false if nothing is.
 */
static bool reference_number(const struct appgw_value *v,
			     const struct endpoint *end, int growth,
			     uint8_t *bytes, int size)
{
	int64_t n = reference_start(v, end, growth) + v->bias;
	int i;

	if (n < 0 || n > reference_limit(v) || (v->divisor && n >> 32))
		return false;
	if (v->divisor)
		n /= v->divisor;
	for (i = 0; i < size; i++, n /= 256)
		bytes[i] = n % 256 ^ (v->xor >> 8 * i & 255);
	return !n || v->what < APPGW_VALUE_LENGTH;
}

/* Write the number of the @size bytes at @bytes; return its length. */
static int reference_decimal(const uint8_t *bytes, int size, bool is_signed,
			     char *text)
{
	long long n = 0;
	int i;

	for (i = size - 1; i >= 0; i--)
		n = n * 256 + bytes[i];
	if (is_signed && bytes[size - 1] >= 128)
		n -= 1ll << 8 * size;
	return sprintf(text, "%lld", n);
}

/* Return the length of @v's text, not yet turned round and coded, or -1. */
static int reference_form(const struct appgw_value *v,
			  const struct endpoint *end, int growth, char *text)
{
	bool is_addr = v->what == APPGW_VALUE_ADDR;
	int size = v->bytes ?: v->what == APPGW_VALUE_PORT ? 2 : 4, i;
	uint8_t bytes[8] = { 0 };

	if (is_addr && end->af == APPGW_AF_NONE)
		return -1;
	if (is_addr && end->af == APPGW_AF_IPV6) {
		if (v->form == APPGW_VALUE_DECIMAL || v->bytes || v->bias ||
		    v->divisor || v->xor ||
		    (v->form == APPGW_VALUE_BINARY && v->little))
			return -1;
		if (v->form == APPGW_VALUE_TEXT)
			return format_ipv6(text, end->addr);
		memcpy(text, end->addr, 16);
		return 16;
	}
	if (!reference_number(v, end, growth, bytes, size))
		return -1;
	if (v->form == APPGW_VALUE_BINARY) {
		for (i = 0; i < size; i++)
			text[i] = bytes[v->little ? i : size - 1 - i];
		return size;
	}
	if (is_addr && v->form == APPGW_VALUE_TEXT)
		return sprintf(text, "%d.%d.%d.%d", bytes[3], bytes[2],
			       bytes[1], bytes[0]);
	return reference_decimal(bytes, size, v->is_signed, text);
}

/* Tell what base64 says of six bits. */
static char reference_digit(unsigned int bits)
{
	return bits < 26 ? 'A' + bits : bits < 52 ? 'a' + bits - 26 :
	       bits < 62 ? '0' + bits - 52 : bits == 62 ? '+' : '/';
}

/* Code bit by bit. */
static int reference_base64(const char *plain, int len, char *text)
{
	unsigned int bits = 0;
	int n = 0, i;

	for (i = 0; i < 8 * len; i++) {
		bits = bits << 1 | (plain[i / 8] >> (7 - i % 8) & 1);
		if (i % 6 == 5) {
			text[n++] = reference_digit(bits);
			bits = 0;
		}
	}
	if (i % 6)
		text[n++] = reference_digit(bits << (6 - i % 6));
	while (n % 4)
		text[n++] = '=';
	return n;
}

/**
 * value_reference() - write a value
 * @v: value that is no APPGW_VALUE_FILL
 * @end: endpoint
 * @growth: by how many bytes a length has become longer
 * @text: where to
 * @room: bytes there, ROOM or more
 *
 * Return: its length, or -1
 */
int value_reference(const struct appgw_value *v, const struct endpoint *end,
		    int growth, char *text, size_t room)
{
	bool is_number = v->form == APPGW_VALUE_DECIMAL ||
			 (v->form == APPGW_VALUE_TEXT &&
			  v->what != APPGW_VALUE_ADDR);
	bool is_binary = v->form == APPGW_VALUE_BINARY;
	char plain[ROOM], turned[ROOM];
	int len, i;

	if (room < ROOM || v->what > APPGW_VALUE_REST ||
	    v->form > APPGW_VALUE_BINARY || v->code > APPGW_VALUE_BASE64 ||
	    v->bytes > (is_binary ? 8 : 4) || (v->is_signed && !is_number) ||
	    (is_binary && v->code == APPGW_VALUE_UTF16))
		return -1;
	if (v->what == APPGW_VALUE_REST &&
	    (!is_binary || v->code != APPGW_VALUE_PLAIN))
		return -1;
	len = reference_form(v, end, growth, plain);
	if (len < 0)
		return -1;
	for (i = 0; i < len; i++)
		turned[i] = plain[v->reversed ? len - 1 - i : i];
	if (v->code == APPGW_VALUE_BASE64)
		return reference_base64(turned, len, text);
	if (v->code != APPGW_VALUE_UTF16) {
		memcpy(text, turned, len);
		return len;
	}
	for (i = 0; i < len; i++) {
		const char pair[] = { 0, turned[i], 0 };

		memcpy(text + 2 * i, pair + v->little, 2);
	}
	return 2 * len;
}

/**
 * value_try() - have kmod/gate/value.c write a value, as the module does
 * @v: value, of any kind
 * @end: endpoint
 * @growth: by how many bytes a length has become longer
 * @text: room for GATE_VALUE_MAX bytes
 *
 * Return: its length, or -1 if it makes no sense or is nothing to be written
 */
int value_try(const struct appgw_value *v, const struct endpoint *end,
	      int growth, char *text)
{
	if (!appgw_value_is_good(v) || v->what == APPGW_VALUE_FILL)
		return -1;
	return appgw_value_write(v, end, growth, text);
}

/**
 * value_complaint() - write a value both ways
 * @v: value, of any kind
 * @end: endpoint
 * @growth: by how many bytes a length has become longer
 * @len: bytes that are before an APPGW_VALUE_FILL
 *
 * Return: what is wrong, or NULL
 */
const char *value_complaint(const struct appgw_value *v,
			    const struct endpoint *end, int growth,
			    unsigned int len)
{
	char *text = malloc(GATE_VALUE_MAX), other[ROOM];
	const char *complaint = NULL;
	int n = value_try(v, end, growth, text);
	int wanted = value_reference(v, end, growth, other, sizeof(other));

	if (n > GATE_VALUE_MAX)
		complaint = "is longer than the longest";
	else if (n != wanted)
		complaint = "is longer, or shorter, than it should be";
	else if (n > 0 && memcmp(text, other, n))
		complaint = "is another";
	free(text);

	n = appgw_value_fill(v, len);
	if (n >= 0 && (n > APPGW_EDIT_MAX || n >= (int64_t)v->divisor ||
		       ((int64_t)len + v->bias + n) % v->divisor))
		complaint = "is filled up to no multiple";
	if (n < 0 && v->divisor && v->divisor <= APPGW_EDIT_MAX &&
	    len < 0x80000000 && v->bias >= 0)
		complaint = "is not filled up";
	return complaint;
}

/* Take a number of @size bytes from the front of @in, 0 behind its end. */
static uint64_t take(struct span *in, size_t size)
{
	uint64_t n = 0;

	for (; size; size--) {
		n = n << 8 | (in->len ? *in->at : 0);
		if (in->len)
			span_skip(in, 1);
	}
	return n;
}

/**
 * value_input_complaint() - make a value up of some bytes, and write it both ways
 * @data: bytes
 * @size: how many
 *
 * Return: what is wrong, or NULL
 */
const char *value_input_complaint(const uint8_t *data, size_t size)
{
	static const enum appgw_af af[] = {
		APPGW_AF_IPV4, APPGW_AF_IPV6, APPGW_AF_NONE, APPGW_AF_IPV4,
	};
	struct span in = { data, size };
	uint8_t flags = take(&in, 1);
	struct endpoint end = { .af = af[flags >> 3 & 3] };
	struct appgw_value v = {
		.little = flags & 1, .is_signed = flags & 2,
		.reversed = flags & 4,
	};
	unsigned int i, len;
	int growth;

	v.what = take(&in, 1) & 7;
	v.form = take(&in, 1) & 3;
	v.code = take(&in, 1) & 3;
	v.bytes = take(&in, 1) & 15;
	v.bias = (int32_t)take(&in, 4);
	v.divisor = take(&in, 4);
	v.number = take(&in, 8);
	v.xor = take(&in, 8);
	growth = (int16_t)take(&in, 2);
	len = take(&in, 4);
	end.port = take(&in, 2);
	for (i = 0; i < sizeof(end.addr); i++)
		end.addr[i] = take(&in, 1);
	return value_complaint(&v, &end, growth, len);
}
