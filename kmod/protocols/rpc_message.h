/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RPC_MESSAGE_H
#define APPGW_RPC_MESSAGE_H

#include "appgw/span.h"
#include "framed.h"

/* Bytes of a message, without marks, that tell what kind it is: of a call up to the
 * number of its procedure
 */
#define RPC_HEAD_LEN		24

/* Bytes of it that each message has: its number, and what it is */
#define RPC_START_LEN		8

/* What a call asks a portmapper for. */
enum rpc_ask {
	RPC_ASK_NONE,		/* nobody has asked */
	RPC_ASK_PORT,		/* version 2 GETPORT: a number */
	RPC_ASK_ADDR,		/* GETADDR, GETVERSADDR: a universal address */
	RPC_ASK_LIST,		/* GETADDRLIST: some of them */
	RPC_ASK_OTHER,		/* nothing that opens a port */
	RPC_ASK_FORBIDDEN,	/* to change what it knows, or to call somebody else */
};

/* What a message is. */
enum rpc_type {
	RPC_CALL	= 0,
	RPC_REPLY	= 1,
};

/**
 * struct rpc_question - a call
 * @xid: its number, which the answer has as well
 * @program: asked for; 0 if that doesn't matter
 * @proc: enum rpc_ask
 * @protonum: transport asked for, 0 for the one that it came by
 */
struct rpc_question {
	uint32_t xid;
	uint32_t program;
	uint8_t proc;
	uint8_t protonum;
};

/* Read a number at @at. */
static inline uint32_t rpc_number(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* Find the number of the message that begins with @head, of RPC_START_LEN at least. */
static inline uint32_t rpc_xid(struct span head)
{
	return rpc_number(head.at);
}

/* Tell if the message that begins with @head is of @type. */
static inline bool rpc_is(struct span head, enum rpc_type type)
{
	return head.len >= RPC_START_LEN && rpc_number(head.at + 4) == type;
}

/* Tell if that is asked for by which something may be opened. */
static inline bool rpc_is_question(uint8_t proc)
{
	return proc == RPC_ASK_PORT || proc == RPC_ASK_ADDR ||
	       proc == RPC_ASK_LIST;
}

enum rpc_ask appgw_rpc_kind(struct span head);
void appgw_rpc_read_question(struct framed_cursor message,
			     struct rpc_question *q);
bool appgw_rpc_names_port(struct framed_cursor message, uint8_t proc);

#endif /* APPGW_RPC_MESSAGE_H */
