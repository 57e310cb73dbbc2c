/* SPDX-License-Identifier: GPL-2.0-only */
/* A payload for the daemon's protocols, from nowhere in particular. */
#ifndef SELFTESTS_INSPECT_H
#define SELFTESTS_INSPECT_H

#include "../../../daemon/proto.h"

/* @seq: sender's number of the first byte */
static inline unsigned int inspect_at(const struct proto *proto,
				      struct span payload, uint32_t seq,
				      struct plan *plans, unsigned int max)
{
	struct packet packet = { .seq = seq, .payload = payload };

	return proto->inspect(&packet, plans, max);
}

#endif /* SELFTESTS_INSPECT_H */
