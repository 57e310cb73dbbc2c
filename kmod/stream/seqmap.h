/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_SEQMAP_H
#define APPGW_SEQMAP_H

#include "appgw/span.h"

/* Edits a direction remembers. One more is refused until the oldest of them
 * has been acknowledged.
 */
#define SEQMAP_EDITS	3	/* and so many are moved by seqmap_retire() */

/* An edit this far behind can't come up again, and its sequence number would
 * one day be mistaken for one ahead.
 */
#define SEQMAP_FAR	(1u << 29)

/**
 * struct seqmap_edit - bytes that were replaced by others
 * @seq: sender's sequence number of the first one
 * @sum: seqmap_sum() of the original bytes
 * @cookie: what the caller needs to write the new bytes again
 * @old_len: how many there were
 * @new_len: how many there are
 */
struct seqmap_edit {
	uint32_t seq;
	uint32_t sum;
	uint32_t cookie;
	uint8_t old_len;
	uint8_t new_len;
};

/**
 * struct seqmap - from the sender's to the receiver's sequence numbers
 * @shift: by all edits, those included that are not in @edit any more
 * @count: entries of @edit in use
 * @edit: the last edits, oldest first
 *
 * One of these for each direction of a connection.
 */
struct seqmap {
	int32_t shift;
	uint8_t count;
	struct seqmap_edit edit[SEQMAP_EDITS];
};

static inline bool seq_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool seq_after(uint32_t a, uint32_t b)
{
	return seq_before(b, a);
}

/* Tell if nothing has to be translated. */
static inline bool seqmap_is_identity(const struct seqmap *map)
{
	return !map->shift && !map->count;
}

/* Sum up the original bytes of an edit (FNV-1a, of four at a time as long as there are as
 * many), to tell them from others when they come again; no secret depends on it.
 */
static inline uint32_t seqmap_sum(const uint8_t *data, unsigned int len)
{
	uint32_t sum = 2166136261u, word;

	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		sum = (sum ^ word) * 16777619u;
		data += sizeof(word);
	}
	while (len--)
		sum = (sum ^ *data++) * 16777619u;
	return sum;
}

/* Tell how many new bytes stand for the first @n old bytes of an edit. */
static inline unsigned int seqmap_new_offset(const struct seqmap_edit *e,
					     unsigned int n)
{
	if (n == e->old_len)
		return e->new_len;
	return n < e->new_len ? n : e->new_len;
}

uint32_t appgw_seqmap_forward(const struct seqmap *map, uint32_t seq);
uint32_t appgw_seqmap_back(const struct seqmap *map, uint32_t ack);
bool appgw_seqmap_room(const struct seqmap *map, uint32_t acked,
		       unsigned int n);
void appgw_seqmap_add(struct seqmap *map, const struct seqmap_edit *edit);
void appgw_seqmap_age(struct seqmap *map, uint32_t acked);

/* Do as appgw_seqmap_forward(), without a call where there is no edit to be found. */
static inline uint32_t seqmap_forward(const struct seqmap *map, uint32_t seq)
{
	return map->count ? appgw_seqmap_forward(map, seq) : seq + map->shift;
}

/* Tell if the sender's number @seq is behind the last edit, and not so far that this may
 * be forgotten: then it differs by @shift from the receiver's.
 */
static inline bool seqmap_is_settled(const struct seqmap *map, uint32_t seq)
{
	const struct seqmap_edit *last;

	if (!map->count)
		return true;
	last = &map->edit[map->count - 1];
	return seq - (last->seq + last->old_len) < SEQMAP_FAR;
}

/* Do as appgw_seqmap_room(), without a call if there is. */
static inline bool seqmap_room(const struct seqmap *map, uint32_t acked)
{
	return map->count < SEQMAP_EDITS || appgw_seqmap_room(map, acked, 1);
}

#endif /* APPGW_SEQMAP_H */
