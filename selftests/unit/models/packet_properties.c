// SPDX-License-Identifier: GPL-2.0-only
/* What holds for every input of daemon/packet.c, for the unit test and the
 * fuzzer.
 */

#include <netinet/in.h>
#include <string.h>

#include "../../../daemon/packet.h"
#include "../../../include/appgw/datagram.h"
#include "exact.h"
#include "packet_properties.h"

static bool packet_same_headers(const struct packet *a, const struct packet *b)
{
	return a->protonum == b->protonum &&
	       !memcmp(&a->src, &b->src, sizeof(a->src)) &&
	       !memcmp(&a->dst, &b->dst, sizeof(a->dst)) && a->seq == b->seq;
}

/* Check the numbers that only one of the transports has. */
static const char *packet_transport_complaint(const struct packet *packet)
{
	if (packet->protonum == IPPROTO_TCP)
		return NULL;
	if (packet->protonum != IPPROTO_UDP)
		return "is neither TCP nor UDP";
	return packet->seq == datagram_number(packet->payload) ? NULL :
	       "has another number than its payload";
}

/**
 * packet_complaint() - read a packet, whole and cut off at every byte
 * @data: the packet
 * @len: of it
 * @is_good: set to whether it can be read
 *
 * Return: what is wrong, or NULL
 */
const char *packet_complaint(const uint8_t *data, size_t len, bool *is_good)
{
	struct exact whole = exact_copy(data, len);
	struct packet packet, untouched, part;
	const char *complaint = NULL;
	size_t i, needed;

	memset(&untouched, 0xa5, sizeof(untouched));
	packet = untouched;
	*is_good = packet_parse(exact_span(&whole), &packet);
	if (!*is_good) {
		if (memcmp(&packet, &untouched, sizeof(packet)))
			complaint = "fails and changes the result";
		exact_free(&whole);
		return complaint;
	}
	if (packet.payload.at < whole.at ||
	    packet.payload.at + packet.payload.len > whole.at + whole.len)
		complaint = "has a payload outside of it";
	complaint = complaint ?: packet_transport_complaint(&packet);
	needed = packet.payload.at - whole.at;
	/* half a datagram would have another number */
	if (packet.protonum == IPPROTO_UDP)
		needed += packet.payload.len;
	for (i = 0; i < len && !complaint; i++) {
		struct exact cut = exact_copy(data, i);
		bool good = packet_parse(exact_span(&cut), &part);

		if (good && !packet_same_headers(&packet, &part))
			complaint = "reads otherwise when it is cut off";
		else if (good != (i >= needed))
			complaint = "needs less, or more, than its headers";
		else if (good && (part.payload.at - cut.at !=
				  packet.payload.at - whole.at ||
				  part.payload.len > packet.payload.len))
			complaint = "has more payload when it is cut off";
		exact_free(&cut);
	}
	exact_free(&whole);
	return complaint;
}
