/* SPDX-License-Identifier: GPL-2.0-only */
/* Conversations in a fuzzer's input: what the sides say, each item up to the bytes
 * 0xfe 0xfe.
 */
#ifndef FUZZ_TURNS_H
#define FUZZ_TURNS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/models/exact.h"

/* Longest item that is cut in two at every place: that takes its time. */
#define EVERY_MAX	80

/* Take the next item off @data, of which there is something left. */
static inline struct span turns_next(const uint8_t **data, const uint8_t *end)
{
	static const uint8_t turn[] = { 0xfe, 0xfe };
	const uint8_t *to = memmem(*data, end - *data, turn, sizeof(turn));
	struct span item = { *data, (to ? to : end) - *data };

	*data += item.len + (to ? sizeof(turn) : 0);
	return item;
}

/* End here, if there is a complaint about what has become of an item. */
static inline void turns_check(const char *complaint, struct span item,
			       unsigned int count, int why)
{
	if (!complaint)
		return;
	fprintf(stderr, "%s: %s (%u, %d)\n", exact_text(item.at, item.len),
		complaint, count, why);
	abort();
}

#endif /* FUZZ_TURNS_H */
