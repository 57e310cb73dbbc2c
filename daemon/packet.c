// SPDX-License-Identifier: GPL-2.0-only
/* Headers of a packet: RFC 791, RFC 8200 with its extension headers, RFC 9293 and
 * RFC 768.
 *
 * Nothing here touches a socket or the heap, so the unit tests and the fuzzer
 * link this file unchanged. Checksums were the kernel's business.
 */

#include "../include/appgw/datagram.h"
#include "packet.h"

#define IPV4_HEADER		20
#define IPV4_OFFSET_MASK	0x3fff	/* offset and "more fragments" */
#define IPV6_HEADER		40
#define IPV6_FRAGMENT_MASK	0xfff9	/* offset and "more fragments" */
#define TCP_HEADER		20
#define TCP_SYN			0x02
#define UDP_HEADER		8

/* Extension headers of a packet, at most: real ones have one or two. */
#define IPV6_HEADERS_MAX	16

enum {
	NEXT_HOP_BY_HOP		= 0,
	NEXT_TCP		= 6,
	NEXT_UDP		= 17,
	NEXT_ROUTING		= 43,
	NEXT_FRAGMENT		= 44,
	NEXT_AUTHENTICATION	= 51,
	NEXT_DESTINATION	= 60,
	NEXT_MOBILITY		= 135,
	NEXT_HIP		= 139,
	NEXT_SHIM6		= 140,
};

static uint16_t packet_u16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

static uint32_t packet_u32(const uint8_t *at)
{
	return (uint32_t)packet_u16(at) << 16 | packet_u16(at + 2);
}

/* Take off padding: what lies behind the length that a header states. A length of 0 is
 * that of a packet too big for the field.
 */
static void packet_trim(struct span *s, size_t len)
{
	if (len && len < s->len)
		s->len = len;
}

static bool packet_is_transport(uint8_t next)
{
	return next == NEXT_TCP || next == NEXT_UDP;
}

/* Move @s to the header of the transport. */
static bool packet_parse_ipv4(struct span *s, struct packet *packet)
{
	size_t header, total;

	if (s->len < IPV4_HEADER)
		return false;
	header = (s->at[0] & 0xf) * 4;
	total = packet_u16(s->at + 2);
	if (header < IPV4_HEADER || header > s->len ||
	    (total && total < header) ||
	    packet_u16(s->at + 6) & IPV4_OFFSET_MASK ||
	    !packet_is_transport(s->at[9]))
		return false;
	packet->protonum = s->at[9];
	packet->src.af = APPGW_AF_IPV4;
	packet->dst.af = APPGW_AF_IPV4;
	memcpy(packet->src.addr, s->at + 12, APPGW_ADDR_LEN_IPV4);
	memcpy(packet->dst.addr, s->at + 16, APPGW_ADDR_LEN_IPV4);
	packet_trim(s, total);
	span_skip(s, header);
	return true;
}

/* Move @s behind one extension header and set @next to the one after it. */
static bool packet_skip_header(struct span *s, uint8_t *next)
{
	size_t len;

	if (s->len < 8)
		return false;
	switch (*next) {
	case NEXT_HOP_BY_HOP:
	case NEXT_ROUTING:
	case NEXT_DESTINATION:
	case NEXT_MOBILITY:
	case NEXT_HIP:
	case NEXT_SHIM6:
		len = (s->at[1] + 1) * 8;
		break;
	case NEXT_AUTHENTICATION:
		len = (s->at[1] + 2) * 4;
		break;
	case NEXT_FRAGMENT:
		if (packet_u16(s->at + 2) & IPV6_FRAGMENT_MASK)
			return false;
		len = 8;
		break;
	default:
		return false;
	}
	if (len > s->len)
		return false;
	*next = s->at[0];
	span_skip(s, len);
	return true;
}

/* Move @s to the header of the transport. */
static bool packet_parse_ipv6(struct span *s, struct packet *packet)
{
	size_t payload;
	uint8_t next;
	int i;

	if (s->len < IPV6_HEADER)
		return false;
	payload = packet_u16(s->at + 4);
	next = s->at[6];
	packet->src.af = APPGW_AF_IPV6;
	packet->dst.af = APPGW_AF_IPV6;
	memcpy(packet->src.addr, s->at + 8, APPGW_ADDR_LEN_IPV6);
	memcpy(packet->dst.addr, s->at + 24, APPGW_ADDR_LEN_IPV6);
	span_skip(s, IPV6_HEADER);
	packet_trim(s, payload);
	for (i = 0; !packet_is_transport(next); i++)
		if (i == IPV6_HEADERS_MAX || !packet_skip_header(s, &next))
			return false;
	packet->protonum = next;
	return true;
}

static bool packet_parse_tcp(struct span s, struct packet *packet)
{
	size_t header;

	if (s.len < TCP_HEADER)
		return false;
	header = (s.at[12] >> 4) * 4;
	if (header < TCP_HEADER || header > s.len)
		return false;
	packet->seq = packet_u32(s.at + 4) + !!(s.at[13] & TCP_SYN);
	span_skip(&s, header);
	packet->payload = s;
	return true;
}

/* Only a whole datagram has a number. */
static bool packet_parse_udp(struct span s, struct packet *packet)
{
	size_t len;

	if (s.len < UDP_HEADER)
		return false;
	len = packet_u16(s.at + 4);
	if (len < UDP_HEADER || len > s.len)
		return false;
	packet->payload = (struct span){ s.at + UDP_HEADER, len - UDP_HEADER };
	packet->seq = datagram_number(packet->payload);
	return true;
}

/**
 * packet_parse() - read the headers of a TCP segment or a UDP datagram
 * @in: the packet from its IP header on
 * @packet: set on success
 *
 * Return: false if it is neither, not enough of a segment, or not all of a datagram
 */
bool packet_parse(struct span in, struct packet *packet)
{
	struct packet found = { .seq = 0 };
	bool is_good;

	if (!in.len)
		return false;
	switch (in.at[0] >> 4) {
	case 4:
		is_good = packet_parse_ipv4(&in, &found);
		break;
	case 6:
		is_good = packet_parse_ipv6(&in, &found);
		break;
	default:
		return false;
	}
	if (!is_good)
		return false;
	is_good = found.protonum == NEXT_UDP ? packet_parse_udp(in, &found) :
					       packet_parse_tcp(in, &found);
	if (!is_good)
		return false;
	/* in the same place in either header */
	found.src.port = packet_u16(in.at);
	found.dst.port = packet_u16(in.at + 2);
	*packet = found;
	return true;
}
