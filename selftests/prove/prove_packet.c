// SPDX-License-Identifier: GPL-2.0-only
/* Prove daemon/packet.c: any packet of so many bytes is read within its bounds, and
 * its payload is the rest of it or less.
 */

/* Reading each byte of a payload is proved by reading the last one. */
#define datagram_number	number_of_all
#include "../../include/appgw/datagram.h"
#undef datagram_number
#include "prove.h"

static uint32_t datagram_number(struct span payload)
{
	return nondet_u32() ^ (payload.len ? payload.at[payload.len - 1] : 0);
}

#include "../../daemon/packet.c"

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
