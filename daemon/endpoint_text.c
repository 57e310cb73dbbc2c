// SPDX-License-Identifier: GPL-2.0-only
/* Endpoints as people read and write them. */

#include "../include/appgw/address.h"
#include "endpoint_text.h"

/**
 * endpoint_text() - ADDRESS:PORT, with brackets for IPv6, or one of the two
 * @buf: ENDPOINT_TEXT_MAX bytes
 * @ep: what has no address, or port 0, is written without
 *
 * Return: @buf
 */
const char *endpoint_text(char *buf, const struct endpoint *ep)
{
	bool brackets = ep->af == APPGW_AF_IPV6 && ep->port;
	size_t n = 0;

	if (brackets)
		buf[n++] = '[';
	if (ep->af == APPGW_AF_IPV4)
		n += format_ipv4(buf + n, ep->addr, '.');
	else if (ep->af == APPGW_AF_IPV6)
		n += format_ipv6(buf + n, ep->addr);
	if (brackets)
		buf[n++] = ']';
	if (ep->port) {
		buf[n++] = ':';
		n += format_uint(buf + n, ep->port);
	}
	buf[n] = '\0';
	return buf;
}

/**
 * endpoint_parse() - read ADDRESS:PORT, with brackets for IPv6: both must be there
 * @text: all of it
 * @ep: set on success
 *
 * Return: whether that is what it is
 */
bool endpoint_parse(const char *text, struct endpoint *ep)
{
	struct span s = { (const uint8_t *)text, strlen(text) };
	struct endpoint found = { .af = APPGW_AF_IPV4 };
	uint32_t port;

	if (span_eat_char(&s, '[')) {
		found.af = APPGW_AF_IPV6;
		if (!span_eat_ipv6(&s, found.addr) || !span_eat_char(&s, ']'))
			return false;
	} else if (!span_eat_ipv4(&s, found.addr)) {
		return false;
	}
	if (!span_eat_char(&s, ':') ||
	    !span_eat_uint(&s, 5, APPGW_PORT_MAX, &port) || !port || s.len)
		return false;
	found.port = port;
	*ep = found;
	return true;
}
