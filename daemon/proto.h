/* SPDX-License-Identifier: GPL-2.0-only */
/* The protocols that the daemon reads. */
#ifndef APPGWD_PROTO_H
#define APPGWD_PROTO_H

#include "packet.h"
#include "plan.h"

/**
 * struct proto - a protocol
 * @name: the name of its helper in the module, for APPGW_LISTEN_HELPER
 * @inspect: finds what the payload of @packet announces. Fills in @max of
 *	@plans at most, in the order in which they are to be carried out, all
 *	for an announcement or none, and returns how many. Touches nothing else,
 *	so that any thread may call it for any connection
 */
struct proto {
	const char *name;
	unsigned int (*inspect)(const struct packet *packet,
				struct plan *plans, unsigned int max);
};

/* Each is NAME_proto, in NAME.c. */
#define APPGW_PROTOCOL(name)	extern const struct proto name ## _proto;
#include "../include/appgw/protocols.h"
#undef APPGW_PROTOCOL

/* All of them; ends with NULL. */
extern const struct proto * const protos[];

const struct proto *proto_find(const char *name);

#endif /* APPGWD_PROTO_H */
