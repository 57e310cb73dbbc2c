// SPDX-License-Identifier: GPL-2.0-only
/* Prove daemon/packet.c: any packet of so many bytes is read within its bounds, and
 * its payload is the rest of it or less.
 */

#include "../../daemon/packet.c"
#include "prove.h"

/* IPv6's header, as many extension headers as are read, of the shortest kind, and
 * TCP's header.
 */
#define PACKET_LEN	(40 + (IPV6_HEADERS_MAX + 1) * 8 + 20)

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
