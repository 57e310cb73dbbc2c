/* SPDX-License-Identifier: GPL-2.0-only */
/* What the harnesses share. A function whose name begins with "any_" returns every
 * value at once: the checker proves what follows for all of them.
 */
#ifndef SELFTESTS_PROVE_H
#define SELFTESTS_PROVE_H

#include "../../include/appgw/endpoint.h"
#include "../../include/appgw/span.h"

/* The checker gives them a body. */
bool nondet_bool(void);
uint8_t nondet_u8(void);
uint16_t nondet_u16(void);
uint32_t nondet_u32(void);
size_t nondet_size(void);

/* For no value may @cond be false. */
#define prove(cond)	__CPROVER_assert((cond), #cond)

/* Leave out the values for which @cond is false. */
#define given(cond)	__CPROVER_assume(cond)

static inline size_t any_size(size_t max)
{
	size_t n = nondet_size();

	given(n <= max);
	return n;
}

/**
 * any_span() - a text of any content and length
 * @buf: an array that has not been initialised, so that it holds any bytes
 * @size: its size
 *
 * It ends where the array ends, or begins where it begins: the first byte read
 * behind it, or in front of it, lies outside the array and is found. The array
 * has one size: one of every size costs the solver a multiple.
 *
 * Return: the text, of @size bytes at most
 */
static inline struct span any_span(const uint8_t *buf, size_t size)
{
	size_t len = any_size(size);

	return (struct span){ nondet_bool() ? buf : buf + (size - len), len };
}

/* Has @s been moved on within @in, to the same end? */
static inline bool is_rest(struct span s, struct span in)
{
	return s.len <= in.len && s.at == in.at + (in.len - s.len);
}

static inline bool is_same(struct span a, struct span b)
{
	return a.at == b.at && a.len == b.len;
}

/* Does @s lie within @in? One without a byte may have any address. */
static inline bool is_inside(struct span s, struct span in)
{
	return !s.len || (s.at >= in.at && s.len <= in.len &&
			  (size_t)(s.at - in.at) <= in.len - s.len);
}

#endif /* SELFTESTS_PROVE_H */
