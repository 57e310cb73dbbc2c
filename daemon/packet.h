/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_PACKET_H
#define APPGWD_PACKET_H

#include "../include/appgw/endpoint.h"

/**
 * struct packet - a TCP segment as nfnetlink_queue hands it over
 * @src: where it comes from, as its headers say
 * @dst: where it goes
 * @seq: sequence number of the payload's first byte
 * @payload: points into the packet; ends where the packet was cut off
 */
struct packet {
	struct endpoint src;
	struct endpoint dst;
	uint32_t seq;
	struct span payload;
};

bool packet_parse(struct span in, struct packet *packet);

#endif /* APPGWD_PACKET_H */
