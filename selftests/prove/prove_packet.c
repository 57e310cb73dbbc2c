// SPDX-License-Identifier: GPL-2.0-only
/* Prove daemon/packet.c: any packet of so many bytes is read within its bounds, and
 * its payload is the rest of it or less.
 */

#include "../../daemon/packet.c"
#include "prove.h"

/* IPv6's header, an extension header of the shortest kind, and TCP's header with
 * an option.
 */
#define PACKET_LEN	(IPV6_HEADER + 8 + TCP_HEADER + 4)

void prove_parse(void)
{
	uint8_t buf[PACKET_LEN];
	struct span in = any_span(buf, sizeof(buf));
	struct packet packet;

	if (!packet_parse(in, &packet))
		return;
	prove(is_inside(packet.payload, in));
	prove(packet.src.af == packet.dst.af);
}
