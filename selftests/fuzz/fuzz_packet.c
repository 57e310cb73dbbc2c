// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/packet.c: what is read lies within the packet, and is the same
 * when a segment is cut off behind its headers, or a datagram behind its end.
 *
 * Input: a packet from its IP header on.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "../unit/models/packet_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool good;
	const char *complaint = packet_complaint(data, size, &good);

	if (complaint) {
		fprintf(stderr, "\"%s\" %s\n", exact_text(data, size),
			complaint);
		abort();
	}
	return 0;
}
