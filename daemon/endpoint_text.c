// SPDX-License-Identifier: GPL-2.0-only
/* Endpoints for people to read. */

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
