// SPDX-License-Identifier: GPL-2.0-only
/* Prove include/appgw/address.h: any text of so many bytes is read within its
 * bounds, and any address is written within the most that a text may have.
 */

#include "../../include/appgw/address.h"
#include "prove.h"

/* The longest text, and with a byte behind it */
#define IPV4_TEXT_MAX	15
#define IPV4_LEN	(IPV4_TEXT_MAX + 1)

void prove_ipv4(void)
{
	uint8_t buf[IPV4_LEN], addr[APPGW_ADDR_LEN_IPV4];
	struct span in = any_span(buf, sizeof(buf)), s = in;

	if (!span_eat_ipv4(&s, addr))
		prove(is_same(s, in));
	else
		prove(is_rest(s, in) && in.len - s.len <= IPV4_TEXT_MAX);
}

void prove_hex16(void)
{
	uint8_t buf[6];
	struct span in = any_span(buf, sizeof(buf)), s = in;
	uint16_t value;

	if (!span_eat_hex16(&s, &value))
		prove(is_same(s, in));
	else
		prove(is_rest(s, in) && in.len - s.len <= 4);
}

/* What is written is read again as the same. */
void prove_format_ipv4(void)
{
	uint8_t addr[APPGW_ADDR_LEN_IPV4], again[APPGW_ADDR_LEN_IPV4];
	char text[IPV4_TEXT_MAX];
	struct span s = { (const uint8_t *)text, 0 };

	s.len = format_ipv4(text, addr, '.');
	prove(s.len <= sizeof(text));
	prove(span_eat_ipv4(&s, again) && !s.len);
	prove(!memcmp(addr, again, sizeof(addr)));
}

void prove_format_ipv6(void)
{
	uint8_t addr[APPGW_ADDR_LEN_IPV6];
	char text[APPGW_ADDR_TEXT_MAX];

	prove(format_ipv6(text, addr) <= sizeof(text));
}

void prove_format_uint(void)
{
	char text[10];

	prove(format_uint(text, nondet_u32()) <= sizeof(text));
}
