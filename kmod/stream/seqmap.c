// SPDX-License-Identifier: GPL-2.0-only
/* The map between a sender's and its receiver's sequence numbers, for a stream
 * in which bytes were replaced by more or fewer others.
 *
 * RFC 9293 section 3.4 for the arithmetic. Exact for every byte, also for
 * segments that begin or end inside a replaced text, so that retransmissions
 * cut in any way, acknowledgements and SACK blocks all get the right numbers.
 * Nothing here touches an skb, a lock or the heap.
 */

#include "seqmap.h"

/**
 * appgw_seqmap_forward() - the receiver's number for a sender's
 * @map: the direction's map
 * @seq: sender's sequence number
 *
 * Return: receiver's sequence number of the same byte; inside replaced bytes,
 * of the new byte that stands for it
 */
uint32_t appgw_seqmap_forward(const struct seqmap *map, uint32_t seq)
{
	uint32_t shift = map->shift;
	int i;

	for (i = map->count - 1; i >= 0; i--) {
		const struct seqmap_edit *e = &map->edit[i];

		if (!seq_before(seq, e->seq + e->old_len))
			break;
		shift -= (uint32_t)e->new_len - e->old_len;
		if (seq_after(seq, e->seq))
			return e->seq + shift +
			       seqmap_new_offset(e, seq - e->seq);
	}
	return seq + shift;
}

/**
 * appgw_seqmap_back() - the sender's number for a receiver's
 * @map: the direction's map
 * @ack: number up to which the receiver has everything
 *
 * Return: sender's sequence number up to which it may consider everything
 * delivered: a replaced text counts when the receiver has all of it
 */
uint32_t appgw_seqmap_back(const struct seqmap *map, uint32_t ack)
{
	uint32_t shift = map->shift;
	int i;

	for (i = map->count - 1; i >= 0; i--) {
		const struct seqmap_edit *e = &map->edit[i];
		uint32_t n;

		if (!seq_before(ack, e->seq + e->old_len + shift))
			break;
		shift -= (uint32_t)e->new_len - e->old_len;
		n = ack - e->seq - shift;
		if (seq_after(ack, e->seq + shift))
			return e->seq + (n < e->old_len ? n : e->old_len - 1u);
	}
	return ack - shift;
}

/**
 * appgw_seqmap_room() - can more edits be added?
 * @map: the direction's map
 * @acked: sender's number up to which the receiver has everything
 * @n: how many, SEQMAP_EDITS at most
 *
 * Return: true if so many entries are free or have been acknowledged
 */
bool appgw_seqmap_room(const struct seqmap *map, uint32_t acked,
		       unsigned int n)
{
	unsigned int room = SEQMAP_EDITS - map->count;
	int i;

	for (i = 0; i < map->count && room < n; i++, room++)
		if (seq_before(acked, map->edit[i].seq + map->edit[i].old_len))
			return false;
	return room >= n;
}

/* Forget the oldest edit. Each of them is moved by itself, whether there is one or not: of a
 * loop the compiler would make a call of memmove().
 */
static void seqmap_retire(struct seqmap *map)
{
	map->count--;
	map->edit[0] = map->edit[1];
	map->edit[1] = map->edit[2];
}

/**
 * appgw_seqmap_add() - record an edit behind all others
 * @map: a map for which appgw_seqmap_room() is true
 * @edit: the edit; at least one old byte
 */
void appgw_seqmap_add(struct seqmap *map, const struct seqmap_edit *edit)
{
	if (map->count == SEQMAP_EDITS)
		seqmap_retire(map);
	map->edit[map->count++] = *edit;
	map->shift += (int32_t)edit->new_len - edit->old_len;
}

/**
 * appgw_seqmap_age() - forget edits that lie far behind
 * @map: the direction's map
 * @acked: sender's number up to which the receiver has everything
 *
 * To be called at least once in every SEQMAP_FAR bytes.
 */
void appgw_seqmap_age(struct seqmap *map, uint32_t acked)
{
	while (map->count && acked - map->edit[0].seq > SEQMAP_FAR &&
	       seq_after(acked, map->edit[0].seq))
		seqmap_retire(map);
}
