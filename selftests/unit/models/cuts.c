// SPDX-License-Identifier: GPL-2.0-only
/* Ways to cut bytes into pieces: given where a piece begins, and how many bytes
 * there are in all, the offset up to which it goes.
 */

#include <stdint.h>

#include "cuts.h"

/* In one piece */
size_t cuts_none(void *ctx, size_t from, size_t len)
{
	(void)ctx;
	(void)from;
	return len;
}

/* Byte by byte */
size_t cuts_bytes(void *ctx, size_t from, size_t len)
{
	(void)ctx;
	(void)len;
	return from + 1;
}

/* In two, at *@ctx. */
size_t cuts_at(void *ctx, size_t from, size_t len)
{
	size_t at = *(size_t *)ctx;

	return from < at && at < len ? at : len;
}

/* At random; *@ctx is the state of xorshift32. */
size_t cuts_random(void *ctx, size_t from, size_t len)
{
	uint32_t *x = ctx;

	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return from + 1 + *x % (*x & 0x10000 ? 4 : 100) % (len - from);
}
