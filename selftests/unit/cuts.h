/* SPDX-License-Identifier: GPL-2.0-only */
/* Ways to cut bytes into pieces: given where a piece begins, and how many bytes
 * there are in all, the offset up to which it goes.
 */
#ifndef SELFTESTS_CUTS_H
#define SELFTESTS_CUTS_H

#include <stddef.h>
#include <stdint.h>

static inline size_t model_cut_none(void *ctx, size_t from, size_t len)
{
	(void)ctx;
	(void)from;
	return len;
}

static inline size_t model_cut_bytes(void *ctx, size_t from, size_t len)
{
	(void)ctx;
	(void)len;
	return from + 1;
}

/* In two, at *@ctx. */
static inline size_t model_cut_at(void *ctx, size_t from, size_t len)
{
	size_t at = *(size_t *)ctx;

	return from < at && at < len ? at : len;
}

/* At random; *@ctx is the state of xorshift32. */
static inline size_t model_cut_random(void *ctx, size_t from, size_t len)
{
	uint32_t *x = ctx;

	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return from + 1 + *x % (*x & 0x10000 ? 4 : 100) % (len - from);
}

#endif /* SELFTESTS_CUTS_H */
