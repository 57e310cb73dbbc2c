/* SPDX-License-Identifier: GPL-2.0-only */
/* appgw_framed_copy() and addresses as text by what they promise, in place of what they
 * do, for those that read messages in fragments: prove_framed.c shows that the first one
 * is kept, for so many bytes. What is read may then be anything, even the same place
 * twice.
 */
#ifndef SELFTESTS_PROVE_COPY_PROMISE_H
#define SELFTESTS_PROVE_COPY_PROMISE_H

#include "../../include/appgw/address.h"
#include "../../kmod/protocols/framed.h"
#include "prove.h"

static inline size_t framed_copy_promise(struct framed_cursor *c, uint8_t *to,
					 size_t n)
{
	size_t got = any_size(n), rest = any_size(c->rest.len);

	/* all of the room may be written to; it is a local one, which holds anything */
	prove(!to || !n || __CPROVER_w_ok(to, n));
	given(got <= c->rest.len && rest <= c->rest.len - got);
	given(got == n || rest < 4);
	/* where that is doesn't matter, as nobody else reads it */
	c->rest.len = rest;
	c->left = nondet_size();
	return got;
}

/* Is read from @s, or not: at least one byte */
static inline bool span_eat_promise(struct span *s)
{
	size_t n = nondet_size();

	if (!s->len || nondet_bool())
		return false;
	given(n > 0 && n <= s->len);
	prove(__CPROVER_r_ok(s->at, s->len));
	span_skip(s, n);
	return true;
}

static inline bool span_eat_ipv4_promise(struct span *s, uint8_t *addr)
{
	prove(__CPROVER_w_ok(addr, APPGW_ADDR_LEN_IPV4));
	return span_eat_promise(s);
}

static inline bool span_eat_ipv6_promise(struct span *s, uint8_t *addr)
{
	prove(__CPROVER_w_ok(addr, APPGW_ADDR_LEN_IPV6));
	return span_eat_promise(s);
}

#define span_eat_ipv4		span_eat_ipv4_promise
#define span_eat_ipv6		span_eat_ipv6_promise

#endif /* SELFTESTS_PROVE_COPY_PROMISE_H */
