/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers of datagrams, which have none of their own: made from the payload, so that both
 * halves find the same one, and one that is sent again has the same again.
 */
#ifndef APPGW_DATAGRAM_H
#define APPGW_DATAGRAM_H

#include "span.h"

/* FNV-1a, 32 bits */
#define DATAGRAM_NUMBER_START	2166136261u
#define DATAGRAM_NUMBER_PRIME	16777619u

/* Number the first byte of a datagram's @payload. Those behind it count on from there. */
static inline uint32_t datagram_number(struct span payload)
{
	uint32_t number = DATAGRAM_NUMBER_START;
	size_t i;

	for (i = 0; i < payload.len; i++)
		number = (number ^ payload.at[i]) * DATAGRAM_NUMBER_PRIME;
	return number;
}

#endif /* APPGW_DATAGRAM_H */
