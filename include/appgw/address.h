/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses as text: RFC 4291 section 2.2 for reading, RFC 5952 for writing.
 *
 * Both halves have a library function for this, but not the same one, and a
 * parser must not depend on which half it was built into.
 */
#ifndef APPGW_ADDRESS_H
#define APPGW_ADDRESS_H

#include "endpoint.h"

#define APPGW_IPV6_GROUPS	8

/* Read "a.b.c.d" into four bytes. */
static inline bool span_eat_ipv4(struct span *in, uint8_t *addr)
{
	uint32_t v[APPGW_ADDR_LEN_IPV4];
	struct span s = *in;
	int i;

	for (i = 0; i < APPGW_ADDR_LEN_IPV4; i++) {
		if (i && !span_eat_char(&s, '.'))
			return false;
		/* "010" is 8 to some readers and 10 to others */
		if (s.len > 1 && s.at[0] == '0' && span_is_digit(s.at[1]))
			return false;
		if (!span_eat_uint(&s, 3, 255, &v[i]))
			return false;
	}
	for (i = 0; i < APPGW_ADDR_LEN_IPV4; i++)
		addr[i] = v[i];
	*in = s;
	return true;
}

/* Read one to four hexadecimal digits. */
static inline bool span_eat_hex16(struct span *s, uint16_t *value)
{
	uint32_t v = 0;
	size_t n;

	for (n = 0; n < s->len; n++) {
		uint8_t c = span_lower(s->at[n]);

		if (span_is_digit(c))
			v = v << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (c - 'a' + 10);
		else
			break;
		if (n == 4)
			return false;
	}
	if (!n)
		return false;
	span_skip(s, n);
	*value = v;
	return true;
}

/* Read an IPv6 address, "::" and a dotted tail included, into 16 bytes. */
static inline bool span_eat_ipv6(struct span *in, uint8_t *addr)
{
	uint8_t out[APPGW_ADDR_LEN_IPV6] = { 0 };
	size_t n = 0, gap = sizeof(out) + 1;
	struct span s = *in;

	if (s.len >= 2 && s.at[0] == ':' && s.at[1] == ':') {
		gap = 0;
		span_skip(&s, 2);
	}
	while (n < sizeof(out)) {
		struct span group = s;
		uint16_t v;

		if (n + APPGW_ADDR_LEN_IPV4 <= sizeof(out) &&
		    (n || gap == 0) && span_eat_ipv4(&group, out + n)) {
			n += APPGW_ADDR_LEN_IPV4;
			s = group;
			break;
		}
		if (!span_eat_hex16(&group, &v)) {
			/* only right behind "::" may there be nothing */
			if (gap != n)
				return false;
			break;
		}
		out[n++] = v >> 8;
		out[n++] = v & 0xff;
		s = group;
		if (!s.len || s.at[0] != ':' || n == sizeof(out))
			break;
		span_skip(&s, 1);
		if (s.len && s.at[0] == ':') {
			if (gap <= sizeof(out))
				return false;
			gap = n;
			span_skip(&s, 1);
		}
	}
	if (gap <= sizeof(out)) {
		if (n == sizeof(out))
			return false;
		memmove(out + sizeof(out) - (n - gap), out + gap, n - gap);
		memset(out + gap, 0, sizeof(out) - n);
	} else if (n != sizeof(out)) {
		return false;
	}
	memcpy(addr, out, sizeof(out));
	*in = s;
	return true;
}

/* Write @v in decimal; return the number of characters. */
static inline size_t format_uint(char *buf, uint32_t v)
{
	uint64_t limit = 10;
	size_t n = 1, i;

	for (; v >= limit; limit *= 10)
		n++;
	for (i = n; i; v /= 10)
		buf[--i] = '0' + v % 10;
	return n;
}

/* Write a number up to 255 in decimal; return the number of characters. */
static inline size_t format_byte(char *buf, uint8_t v)
{
	/* of a byte in 32 bits these are a multiplication and a shift */
	unsigned int rest = v, hundreds = rest * 41 >> 12, tens;

	if (v < 10) {
		buf[0] = '0' + v;
		return 1;
	}
	rest -= hundreds * 100;
	tens = rest * 103 >> 10;
	rest -= tens * 10;
	if (!hundreds) {
		buf[0] = '0' + tens;
		buf[1] = '0' + rest;
		return 2;
	}
	buf[0] = '0' + hundreds;
	buf[1] = '0' + tens;
	buf[2] = '0' + rest;
	return 3;
}

/* Write four numbers with @sep between them; at most 15 characters. */
static inline size_t format_ipv4(char *buf, const uint8_t *addr, char sep)
{
	size_t n = 0;
	int i;

	for (i = 0; i < APPGW_ADDR_LEN_IPV4; i++) {
		if (i)
			buf[n++] = sep;
		n += format_byte(buf + n, addr[i]);
	}
	return n;
}

/* Write the canonical text; at most APPGW_ADDR_TEXT_MAX characters. */
static inline size_t format_ipv6(char *buf, const uint8_t *addr)
{
	static const char hex[] = "0123456789abcdef";
	int best = -1, best_len = 1, start = 0, i;
	uint16_t g[APPGW_IPV6_GROUPS];
	size_t n = 0;

	for (i = 0; i < APPGW_IPV6_GROUPS; i++) {
		g[i] = addr[2 * i] << 8 | addr[2 * i + 1];
		if (g[i]) {
			start = i + 1;
		} else if (i + 1 - start > best_len) {
			best = start;
			best_len = i + 1 - start;
		}
	}
	for (i = 0; i < APPGW_IPV6_GROUPS; i++) {
		int shift = 12;

		if (i == best) {
			buf[n++] = ':';
			buf[n++] = ':';
			i += best_len - 1;
			continue;
		}
		if (i && i != best + best_len)
			buf[n++] = ':';
		while (shift && !(g[i] >> shift))
			shift -= 4;
		for (; shift >= 0; shift -= 4)
			buf[n++] = hex[(g[i] >> shift) & 0xf];
	}
	return n;
}

#endif /* APPGW_ADDRESS_H */
