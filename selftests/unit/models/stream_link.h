/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_STREAM_LINK_H
#define SELFTESTS_STREAM_LINK_H

#include "../../../kmod/stream/stream.h"
#include "exact.h"

/**
 * struct link_segment - a segment and its payload
 * @segment: stream.c's view of it
 * @payload: the bytes
 * @reserved: it can be changed without fail, while it isn't longer than this
 */
struct link_segment {
	struct segment segment;
	struct exact payload;
	size_t reserved;
};

/**
 * struct dice - where decisions come from
 * @at: bytes that decide, as long as there are any
 * @end: end of them
 * @state: of the random numbers that decide from then on
 */
struct dice {
	const uint8_t *at;
	const uint8_t *end;
	uint32_t state;
};

/**
 * struct link_faults - calls that may fail, and when they do
 * @calls: so far
 * @fail_at: the number of one that fails, 0 for none
 * @fail_rate: of how many one fails on average, by @dice; 0 for none
 * @dice: decide about that
 * @holds: blocks that are allocated
 */
struct link_faults {
	unsigned int calls;
	unsigned int fail_at;
	unsigned int fail_rate;
	struct dice *dice;
	int holds;
};

extern struct link_faults link_faults;

uint32_t dice_roll(struct dice *d, uint32_t n);
void link_segment_init(struct link_segment *ls, uint32_t seq, const void *data,
		       uint32_t len, bool fin);

#endif /* SELFTESTS_STREAM_LINK_H */
