/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_PACKET_H
#define APPGWD_PACKET_H

#include "../include/appgw/endpoint.h"

/**
 * struct packet - a segment or datagram as nfnetlink_queue hands it over
 * @protonum: transport, IPPROTO_TCP or IPPROTO_UDP
 * @src: where it comes from, as its headers say
 * @dst: where it goes
 * @seq: number of the payload's first byte: TCP's, or datagram_number()
 * @payload: points into the packet; a segment's ends where the packet was cut off
 */
struct packet {
	uint8_t protonum;
	struct endpoint src;
	struct endpoint dst;
	uint32_t seq;
	struct span payload;
};

bool packet_parse(struct span in, struct packet *packet);

#endif /* APPGWD_PACKET_H */
