// SPDX-License-Identifier: GPL-2.0-only
/* Values of a new text: addresses, ports and lengths in the ways in which protocols
 * write them. Nothing here touches a lock, the heap or an attribute.
 */

#include "appgw/address.h"
#include "value.h"

/* Highest length that may be asked for: sums with it don't overflow. */
#define VALUE_LENGTH_MAX	((int64_t)1 << 62)

/* The bytes of a number that isn't a port's, and the highest one of them: a kernel of
 * 32 bits has no division of more.
 */
#define VALUE_BYTES		4
#define VALUE_NUMBER_MAX	0xffffffffLL

/* The parts that had a type of their own before there were values, and the bytes of the
 * number that comes with them.
 */
static const struct value_part {
	struct appgw_value value;
	uint8_t takes;
} value_parts[APPGW_PART_MAX + 1] = {
	[APPGW_PART_ADDR] = {
		.value	= { .what = APPGW_VALUE_ADDR },
	},
	[APPGW_PART_ADDR_NUMBER] = {
		.value	= { .what = APPGW_VALUE_ADDR,
			    .form = APPGW_VALUE_DECIMAL },
	},
	[APPGW_PART_PORT] = {
		.value	= { .what = APPGW_VALUE_PORT },
	},
	[APPGW_PART_PORT_NEXT] = {
		.value	= { .what = APPGW_VALUE_PORT, .bias = 1 },
	},
	[APPGW_PART_PORT_BINARY] = {
		.value	= { .what = APPGW_VALUE_PORT,
			    .form = APPGW_VALUE_BINARY },
	},
	[APPGW_PART_LENGTH] = {
		.value	= { .what = APPGW_VALUE_LENGTH },
		.takes	= sizeof(uint32_t),
	},
	[APPGW_PART_LENGTH_LE32] = {
		.value	= { .what = APPGW_VALUE_LENGTH,
			    .form = APPGW_VALUE_BINARY, .little = true },
		.takes	= sizeof(uint32_t),
	},
	[APPGW_PART_LENGTH_LE64] = {
		.value	= { .what = APPGW_VALUE_LENGTH,
			    .form = APPGW_VALUE_BINARY, .little = true,
			    .bytes = sizeof(uint64_t) },
		.takes	= sizeof(uint64_t),
	},
	[APPGW_PART_ADDR_REVERSED] = {
		.value	= { .what = APPGW_VALUE_ADDR, .reversed = true },
	},
	[APPGW_PART_PORT_REVERSED] = {
		.value	= { .what = APPGW_VALUE_PORT, .reversed = true },
	},
	[APPGW_PART_PORT_XOR] = {
		.value	= { .what = APPGW_VALUE_PORT },
		.takes	= sizeof(uint16_t),
	},
};

/**
 * appgw_value_of_part() - find the value that a part without attributes stands for
 * @type: enum appgw_part_attr
 * @takes: set to the bytes of the number that comes with it: its @number if it is a
 *	length, else its @xor
 *
 * Return: the value, or NULL if it stands for none
 */
const struct appgw_value *appgw_value_of_part(int type, unsigned int *takes)
{
	if (type <= APPGW_PART_TEXT || type >= APPGW_PART_VALUE ||
	    type == APPGW_PART_PAD)
		return NULL;
	*takes = value_parts[type].takes;
	return &value_parts[type].value;
}

static bool value_is_length(const struct appgw_value *v)
{
	return v->what == APPGW_VALUE_LENGTH || v->what == APPGW_VALUE_REST;
}

/* Tell if @v is written as a decimal number. */
static bool value_is_decimal(const struct appgw_value *v)
{
	return v->form == APPGW_VALUE_DECIMAL ||
	       (v->form == APPGW_VALUE_TEXT && v->what != APPGW_VALUE_ADDR);
}

/**
 * appgw_value_is_good() - tell if a value makes sense, whatever is to be written
 * @v: value, of whichever origin
 *
 * Return: true if so
 */
bool appgw_value_is_good(const struct appgw_value *v)
{
	bool is_binary = v->form == APPGW_VALUE_BINARY;

	return v->what < __APPGW_VALUE_WHAT_MAX &&
	       v->form < __APPGW_VALUE_FORM_MAX &&
	       v->code < __APPGW_VALUE_CODE_MAX &&
	       v->bytes <= APPGW_VALUE_BYTES_MAX &&
	       (is_binary || v->bytes <= VALUE_BYTES) &&
	       !(is_binary && v->code == APPGW_VALUE_UTF16) &&
	       !(v->is_signed && !value_is_decimal(v)) &&
	       (v->what != APPGW_VALUE_REST ||
		(is_binary && v->code == APPGW_VALUE_PLAIN));
}

/* Return as many of the lowest bits as @v has bytes. */
static uint64_t value_mask(const struct appgw_value *v)
{
	unsigned int bytes = v->bytes;

	if (!bytes)
		bytes = v->what == APPGW_VALUE_PORT ? sizeof(uint16_t) :
						      VALUE_BYTES;
	return ~(uint64_t)0 >> 8 * (sizeof(uint64_t) - bytes);
}

/* Read the IPv4 address @addr as a number. */
static uint32_t value_addr(const uint8_t *addr, bool little)
{
	if (little)
		return (uint32_t)addr[3] << 24 | addr[2] << 16 | addr[1] << 8 |
		       addr[0];
	return (uint32_t)addr[0] << 24 | addr[1] << 16 | addr[2] << 8 | addr[3];
}

/* Calculate @v; false if nothing comes of it. */
static bool value_number(const struct appgw_value *v, const struct endpoint *end,
			 int growth, uint64_t *number)
{
	int64_t max = VALUE_LENGTH_MAX, n;
	uint64_t mask = value_mask(v);

	if (v->what == APPGW_VALUE_ADDR) {
		n = value_addr(end->addr, v->little && value_is_decimal(v));
		max = VALUE_NUMBER_MAX;
	} else if (v->what == APPGW_VALUE_PORT) {
		n = end->port;
		max = APPGW_PORT_MAX;
	} else if (v->number <= (uint64_t)VALUE_LENGTH_MAX) {
		n = (int64_t)v->number + growth;
	} else {
		return false;
	}
	n += v->bias;
	if (n < 0 || n > max)
		return false;
	if (v->divisor && n > VALUE_NUMBER_MAX)
		return false;
	if (v->divisor)
		n = (uint32_t)n / v->divisor;
	if (value_is_length(v) && (uint64_t)n > mask)
		return false;
	*number = ((uint64_t)n ^ v->xor) & mask;
	return true;
}

/* Write @number in as many bytes as @v has; return how many. */
static int value_binary(const struct appgw_value *v, uint64_t number, char *text)
{
	uint64_t mask = value_mask(v);
	int len = 0, i;

	for (; mask; mask >>= 8)
		len++;
	for (i = 0; i < len; i++, number >>= 8)
		text[v->little ? i : len - 1 - i] = number;
	return len;
}

static int value_decimal(const struct appgw_value *v, uint32_t number, char *text)
{
	uint32_t mask = value_mask(v);

	if (!v->is_signed || !(number & (mask ^ mask >> 1)))
		return format_uint(text, number);
	text[0] = '-';
	return 1 + format_uint(text + 1, (~number & mask) + 1);
}

/* Write an address in dots. */
static int value_dotted(uint32_t number, char *text)
{
	uint8_t addr[APPGW_ADDR_LEN_IPV4];
	int i;

	for (i = APPGW_ADDR_LEN_IPV4; i; number >>= 8)
		addr[--i] = number;
	return format_ipv4(text, addr, '.');
}

/* Write an IPv6 address; return its length, or -1. */
static int value_ipv6(const struct appgw_value *v, const uint8_t *addr,
		      char *text)
{
	if (v->form == APPGW_VALUE_DECIMAL || v->bytes || v->bias ||
	    v->divisor || v->xor)
		return -1;
	if (v->form == APPGW_VALUE_TEXT)
		return format_ipv6(text, addr);
	if (v->little)
		return -1;
	memcpy(text, addr, APPGW_ADDR_LEN_IPV6);
	return APPGW_ADDR_LEN_IPV6;
}

/* Write @v as its form is; return its length, or -1. */
static int value_form(const struct appgw_value *v, const struct endpoint *end,
		      int growth, char *text)
{
	uint64_t number;

	if (v->what == APPGW_VALUE_ADDR && end->af == APPGW_AF_IPV6)
		return value_ipv6(v, end->addr, text);
	if (v->what == APPGW_VALUE_ADDR && end->af != APPGW_AF_IPV4)
		return -1;
	if (!value_number(v, end, growth, &number))
		return -1;
	if (v->form == APPGW_VALUE_BINARY)
		return value_binary(v, number, text);
	if (value_is_decimal(v))
		return value_decimal(v, number, text);
	return value_dotted(number, text);
}

/* Turn the @len bytes of @text round. */
static void value_reverse(char *text, int len)
{
	int i;

	for (i = 0; i < len / 2; i++) {
		char c = text[i];

		text[i] = text[len - 1 - i];
		text[len - 1 - i] = c;
	}
}

/* Write the @len characters of @plain in two bytes each. */
static int value_utf16(const char *plain, int len, bool little, char *text)
{
	int i;

	for (i = 0; i < len; i++) {
		text[2 * i + !little] = plain[i];
		text[2 * i + little] = 0;
	}
	return 2 * len;
}

static int value_base64(const char *plain, int len, char *text)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	int n = 0, i, k;

	for (i = 0; i < len; i += 3) {
		uint32_t bits = 0;

		for (k = 0; k < 3; k++)
			bits = bits << 8 |
			       (i + k < len ? (uint8_t)plain[i + k] : 0);
		for (k = 0; k < 4; k++, bits <<= 6)
			text[n++] = i + k > len ? '=' :
						  digit[bits >> 18 & 0x3f];
	}
	return n;
}

/* Write @v in its code; return its length, or -1. */
static noinline int value_code(const struct appgw_value *v,
			       const struct endpoint *end, int growth,
			       char *text)
{
	char plain[APPGW_ADDR_TEXT_MAX] __uninitialized;
	int len = value_form(v, end, growth, plain);

	if (len < 0)
		return -1;
	if (v->reversed)
		value_reverse(plain, len);
	if (v->code == APPGW_VALUE_UTF16)
		return value_utf16(plain, len, v->little, text);
	return value_base64(plain, len, text);
}

/**
 * appgw_value_write() - write a value
 * @v: value that makes sense, but no APPGW_VALUE_FILL
 * @end: endpoint that its address and port are
 * @growth: by how many bytes a length has become longer, or the length of a rest
 * @text: room for GATE_VALUE_MAX bytes
 *
 * Return: its length, or -1 if it can't be written so
 */
int appgw_value_write(const struct appgw_value *v, const struct endpoint *end,
		      int growth, char *text)
{
	int len;

	if (v->code != APPGW_VALUE_PLAIN)
		return value_code(v, end, growth, text);
	len = value_form(v, end, growth, text);
	if (v->reversed && len > 0)
		value_reverse(text, len);
	return len;
}

/**
 * appgw_value_fill() - count the bytes of 0 that an APPGW_VALUE_FILL stands for
 * @v: the value
 * @len: bytes of the text before it
 *
 * Return: how many, or -1 if it says nothing that makes sense
 */
int appgw_value_fill(const struct appgw_value *v, unsigned int len)
{
	int64_t n = (int64_t)len + v->bias;
	uint32_t over;

	if (!v->divisor || n < 0 || n > VALUE_NUMBER_MAX)
		return -1;
	over = (uint32_t)n % v->divisor;
	n = over ? v->divisor - over : 0;
	return n <= APPGW_EDIT_MAX ? (int)n : -1;
}
