// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/stream/stream.c needs from whoever links it: payload in memory of exactly
 * its size, so that the address sanitizer sees what goes beyond it or uses a
 * pointer from before a change, and memory that runs out on demand.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream_link.h"

struct link_faults link_faults;

/* A number from 0 to @n - 1. */
uint32_t dice_roll(struct dice *d, uint32_t n)
{
	uint32_t v = 0, range;

	if (d->at == d->end) {
		d->state ^= d->state << 13;
		d->state ^= d->state >> 17;
		d->state ^= d->state << 5;
		return d->state % n;
	}
	for (range = 1; range < n && d->at < d->end; range <<= 8)
		v = v << 8 | *d->at++;
	return v % n;
}

static bool link_fails(void)
{
	struct link_faults *f = &link_faults;

	if (++f->calls == f->fail_at)
		return true;
	return f->fail_rate && !dice_roll(f->dice, f->fail_rate);
}

uint8_t *appgw_segment_data(struct segment *seg)
{
	return ((struct link_segment *)seg)->payload.at;
}

bool appgw_segment_replace(struct segment *seg, unsigned int at,
			   unsigned int old_len, const void *text,
			   unsigned int new_len)
{
	struct link_segment *ls = (struct link_segment *)seg;
	struct exact *old = &ls->payload, new;

	if (at > old->len || old_len > old->len - at) {
		fprintf(stderr, "%u bytes at %u of %zu replaced\n", old_len,
			at, old->len);
		abort();
	}
	if (old->len - old_len + new_len > ls->reserved && link_fails())
		return false;
	new = exact_new(old->len - old_len + new_len);
	if (at)
		memcpy(new.at, old->at, at);
	if (new_len)
		memcpy(new.at + at, text, new_len);
	if (old->len - at - old_len)
		memcpy(new.at + at + new_len, old->at + at + old_len,
		       old->len - at - old_len);
	exact_free(old);
	*old = new;
	return true;
}

/* Moves the payload, as the kernel may. */
bool appgw_segment_reserve(struct segment *seg, unsigned int room)
{
	struct link_segment *ls = (struct link_segment *)seg;
	struct exact moved;

	if (link_fails())
		return false;
	moved = exact_copy(ls->payload.at, ls->payload.len);
	exact_free(&ls->payload);
	ls->payload = moved;
	ls->reserved = moved.len + room;
	return true;
}

void *appgw_hold_alloc(unsigned int size)
{
	void *hold = link_fails() ? NULL : malloc(size);

	link_faults.holds += !!hold;
	return hold;
}

void appgw_hold_free(void *hold)
{
	link_faults.holds--;
	free(hold);
}

/* A segment with @len bytes of @data. */
void link_segment_init(struct link_segment *ls, uint32_t seq, const void *data,
		       uint32_t len, bool fin)
{
	memset(ls, 0, sizeof(*ls));
	ls->segment.seq = seq;
	ls->segment.len = len;
	ls->segment.fin = fin;
	ls->payload = exact_copy(data, len);
}
