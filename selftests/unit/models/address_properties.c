// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for every text read as an address and every address written:
 * the C library has the same idea of both. For address.c and the fuzzer.
 */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../../../include/appgw/address.h"
#include "address_properties.h"
#include "exact.h"

/* Bytes of an address of that family */
size_t address_len(bool ipv6)
{
	return ipv6 ? APPGW_ADDR_LEN_IPV6 : APPGW_ADDR_LEN_IPV4;
}

/* inet_pton() for text that may hold a NUL, which is part of no address. */
bool address_pton(const void *text, size_t len, bool ipv6, uint8_t *addr)
{
	char *string = calloc(1, len + 1);
	bool ok;

	if (!string)
		exit(2);
	memcpy(string, text, len);
	ok = strlen(string) == len &&
	     inet_pton(ipv6 ? AF_INET6 : AF_INET, string, addr) == 1;
	free(string);
	return ok;
}

/**
 * address_read_complaint() - what is wrong with how a text is read
 * @text: any bytes
 * @len: how many
 * @ipv6: read it as IPv6, otherwise as IPv4
 * @good: set to whether all of @text was read as an address
 *
 * Return: NULL if all is well
 */
const char *address_read_complaint(const void *text, size_t len, bool ipv6,
				   bool *good)
{
	uint8_t got[APPGW_ADDR_LEN_IPV6 + 1], old[sizeof(got)];
	uint8_t want[APPGW_ADDR_LEN_IPV6];
	struct exact e = exact_copy(text, len);
	struct span s = exact_span(&e);
	bool ok, moved, placed;

	memset(old, 0xa5, sizeof(old));
	memcpy(got, old, sizeof(got));
	ok = ipv6 ? span_eat_ipv6(&s, got) : span_eat_ipv4(&s, got);
	moved = s.at != e.at || s.len != e.len;
	placed = s.at > e.at && s.at + s.len == e.at + e.len;
	exact_free(&e);

	*good = ok && !s.len;
	if (!ok && moved)
		return "fails, but moves the span";
	if (!ok && memcmp(got, old, sizeof(got)))
		return "fails, but writes an address";
	if (ok && !placed)
		return "leaves the span at a wrong place";
	if (memcmp(got + address_len(ipv6), old, sizeof(got) -
		   address_len(ipv6)))
		return "writes behind the address";

	if (address_pton(text, len, ipv6, want) != *good)
		return *good ? "is read, but is no address" :
			       "is an address, but is not read";
	if (*good && memcmp(got, want, address_len(ipv6)))
		return "is read as another address";
	/* what it read as the start of a longer text is one as well */
	if (ok && (!address_pton(text, len - s.len, ipv6, want) ||
		   memcmp(got, want, address_len(ipv6))))
		return "starts with something else than was read";
	return NULL;
}

/**
 * address_write_complaint() - what is wrong with how an address is written
 * @addr: the address; four bytes of it for IPv4
 * @ipv6: as IPv6, otherwise as IPv4
 *
 * The library writes mapped and compatible IPv6 addresses with dots. These
 * are only read back.
 *
 * Return: NULL if all is well
 */
const char *address_write_complaint(const uint8_t *addr, bool ipv6)
{
	char want[INET6_ADDRSTRLEN], text[APPGW_ADDR_TEXT_MAX];
	uint8_t again[APPGW_ADDR_LEN_IPV6];
	const char *complaint;
	struct exact e;
	bool good;
	size_t n;

	inet_ntop(ipv6 ? AF_INET6 : AF_INET, addr, want, sizeof(want));
	complaint = address_read_complaint(want, strlen(want), ipv6, &good);
	if (complaint)
		return complaint;

	/* as much room as the text needs, or as is promised to be enough */
	e = exact_new(ipv6 && strchr(want, '.') ? APPGW_ADDR_TEXT_MAX :
						  strlen(want));
	n = ipv6 ? format_ipv6((char *)e.at, addr) :
		   format_ipv4((char *)e.at, addr, '.');
	memcpy(text, e.at, n);
	exact_free(&e);

	if (!address_pton(text, n, ipv6, again) ||
	    memcmp(addr, again, address_len(ipv6)))
		return "is written as another address";
	if (!(ipv6 && strchr(want, '.')) &&
	    (n != strlen(want) || memcmp(text, want, n)))
		return "is not written in the canonical form";
	return NULL;
}
