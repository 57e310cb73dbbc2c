/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_RPC_PARSE_H
#define APPGWD_RPC_PARSE_H

#include "../include/appgw/endpoint.h"

/* Bytes and fragments of a record, at most, as in the module. */
#define RPC_RECORD_MAX		65536
#define RPC_FRAGMENTS_MAX	16

/* Bytes of a record mark, and of every other number */
#define RPC_WORD		4

/* Entries of a list that are remembered, the first ones that count; rpcbind has two for a
 * version of a program.
 */
#define RPC_ENTRIES_MAX		32

/* Bytes of a universal address */
#define RPC_ADDR_MIN		8
#define RPC_ADDR_MAX		64

/**
 * struct rpc_record - a message, as it is sent
 * @unit: all of it, with its marks
 * @has_marks: each fragment has a mark in front of it; a datagram has none
 * @fragments: how many of @fragment
 * @fragment: the message, in pieces
 */
struct rpc_record {
	struct span unit;
	bool has_marks;
	unsigned int fragments;
	struct span fragment[RPC_FRAGMENTS_MAX];
};

/**
 * struct rpc_place - a port or a universal address in a reply
 * @end: endpoint that it names; a port alone has no address
 * @protonum: transport that it is for; 0 if that isn't said
 * @whole: all of it, in the payload: the number; or the length, the text and what that is
 *	filled up with. Marks that are within count
 * @tail: of an address, what is behind it in the text: its port, as ".8.1"; only up to
 *	the next mark
 * @second: the second one of that's dots
 */
struct rpc_place {
	struct endpoint end;
	uint8_t protonum;
	struct span whole;
	struct span tail;
	struct span second;
};

/* What the results look like: which of them it is, the module knows. */
enum rpc_form {
	RPC_GETPORT,		/* a port */
	RPC_GETADDR,		/* a universal address */
	RPC_GETADDRLIST,	/* several, with their transports */
};

/**
 * struct rpc_reply - a reply that says where something is
 * @form: what its results look like
 * @count: how many of @place
 * @place: what it names. Of a list, what is neither IP's nor for TCP or UDP is left out,
 *	and what is behind RPC_ENTRIES_MAX others
 *
 * Valid as long as the payload that it was read from.
 */
struct rpc_reply {
	enum rpc_form form;
	unsigned int count;
	struct rpc_place place[RPC_ENTRIES_MAX];
};

bool rpc_next(struct span *text, struct rpc_record *record);
void rpc_datagram(struct span payload, struct rpc_record *record);
bool rpc_parse(const struct rpc_record *record, struct rpc_reply *reply);
bool rpc_parse_addr(struct span text, struct rpc_place *place);

static inline uint32_t rpc_number(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

#endif /* APPGWD_RPC_PARSE_H */
