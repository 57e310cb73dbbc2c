// SPDX-License-Identifier: GPL-2.0-only
/* What stream.c reads and changes, where it is a packet. */

#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_nat_helper.h>

#include "segment_skb.h"

static struct tcp_segment *tcp_segment(struct segment *seg)
{
	return container_of(seg, struct tcp_segment, segment);
}

/**
 * appgw_segment_data() - find a segment's payload
 * @seg: segment
 *
 * Return: first byte, all of it in one piece
 */
uint8_t *appgw_segment_data(struct segment *seg)
{
	return tcp_segment(seg)->payload;
}

/**
 * appgw_segment_replace() - change a segment's payload
 * @seg: segment; its payload may move
 * @at: offset of the bytes to be replaced
 * @old_len: how many
 * @text: what takes their place
 * @new_len: its length
 *
 * Return: false if there is no memory, or no room in a packet
 */
bool appgw_segment_replace(struct segment *seg, unsigned int at,
			   unsigned int old_len, const void *text,
			   unsigned int new_len)
{
	struct tcp_segment *ts = tcp_segment(seg);
	bool ret;

	ret = __nf_nat_mangle_tcp_packet(ts->skb, ts->ct, ts->ctinfo,
					 ts->protoff, at, old_len, text,
					 new_len, false);
	/* it has moved, perhaps even if the rest did not succeed */
	if (!skb_is_nonlinear(ts->skb))
		ts->payload = ts->skb->data + ts->dataoff;
	return ret;
}

/**
 * appgw_segment_reserve() - make sure of changes before the first one is made
 * @seg: segment; its payload may move
 * @room: bytes by which it may grow, in all
 *
 * Return: false if there is no memory, or no room in a packet
 */
bool appgw_segment_reserve(struct segment *seg, unsigned int room)
{
	struct tcp_segment *ts = tcp_segment(seg);
	struct sk_buff *skb = ts->skb;
	bool ret;

	/* what the kernel takes for the longest packet, see enlarge_skb() */
	ret = skb->len + room <= U16_MAX &&
	      !skb_ensure_writable(skb, skb->len) &&
	      (room <= skb_tailroom(skb) ||
	       !pskb_expand_head(skb, 0, room - skb_tailroom(skb),
				 GFP_ATOMIC));
	if (!skb_is_nonlinear(skb))
		ts->payload = skb->data + ts->dataoff;
	return ret;
}

/**
 * appgw_hold_alloc() - get memory for bytes that are kept back
 * @size: how many
 *
 * Return: memory, to be given back by appgw_hold_free(), or NULL
 */
void *appgw_hold_alloc(unsigned int size)
{
	return kmalloc(size, GFP_ATOMIC);
}

/**
 * appgw_hold_free() - give memory back
 * @hold: what appgw_hold_alloc() has returned; may be NULL
 */
void appgw_hold_free(void *hold)
{
	kfree(hold);
}
