/* SPDX-License-Identifier: GPL-2.0-only */
/* A segment as stream.c sees it, whatever it travels in. The functions are defined
 * for packets in segment_skb.c, and by each test that links stream.c.
 */
#ifndef APPGW_SEGMENT_H
#define APPGW_SEGMENT_H

#include "appgw/span.h"

/**
 * struct segment - a TCP segment on its way through
 * @seq: sender's number of the first payload byte
 * @len: payload bytes as the sender sent them
 * @shift: by how many bytes edits have made it longer
 * @out_seq: number to put into the header when it goes on
 * @fin: it ends the stream
 */
struct segment {
	uint32_t seq;
	uint32_t len;
	int shift;
	uint32_t out_seq;
	bool fin;
};

uint8_t *appgw_segment_data(struct segment *seg);
bool appgw_segment_replace(struct segment *seg, unsigned int at,
			   unsigned int old_len, const void *text,
			   unsigned int new_len);
bool appgw_segment_reserve(struct segment *seg, unsigned int room);
void *appgw_hold_alloc(unsigned int size);
void appgw_hold_free(void *hold);

#endif /* APPGW_SEGMENT_H */
