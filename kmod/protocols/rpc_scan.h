/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RPC_SCAN_H
#define APPGW_RPC_SCAN_H

#include "appgw/scan.h"
#include "appgw/span.h"
#include "framed.h"
#include "rpc_message.h"

/* Calls that are remembered. */
#define RPC_CALLS_MAX		8

/* Longest record that is waited for, with its marks. */
#define RPC_HOLD_MAX		4096

/* Longest record that there may be, without them. */
#define RPC_RECORD_MAX		65536

/**
 * struct rpc_call - what the client has asked
 * @xid: the call's number
 * @program: asked for
 * @port: answered before, by transport: 0 for TCP, 1 for UDP. 0 if not yet
 * @proc: enum rpc_ask; RPC_ASK_NONE if the entry is free
 * @protonum: transport asked for, 6 or 17; 0 for the one that the call came by
 * @pending: times that it was asked and not answered; RPC_PENDING_MAX for more than can
 *	be counted
 * @age: when it was asked first, by rpc_session.clock
 */
struct rpc_call {
	uint32_t xid;
	uint32_t program;
	uint16_t port[2];
	uint8_t proc;
	uint8_t protonum;
	uint8_t pending;
	uint8_t age;
};

#define RPC_PENDING_MAX		255

/**
 * struct rpc_session - what was said so far
 * @call: what was asked; the first one of all in the first entry. Numbers are told apart
 *	for as long as a call may be answered
 * @framed: by direction, over TCP
 * @lost: bits of the numbers of calls that had to be forgotten before they were
 *	answered
 * @clock: calls so far
 *
 * Zero at the beginning. Can be copied to see what bytes would do.
 */
struct rpc_session {
	struct rpc_call call[RPC_CALLS_MAX];
	struct framed framed[2];
	uint32_t lost;
	uint8_t clock;
};

void appgw_rpc_read_datagram(void *st, bool from_client, struct span data,
			     struct scan_unit *unit);
void appgw_rpc_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit);
enum scan_why appgw_rpc_feed(void *st, bool from_client, struct span part);
const struct rpc_call *appgw_rpc_call(const void *st, uint32_t note);
bool appgw_rpc_answer(void *st, uint32_t xid, bool is_udp, uint16_t port);

#endif /* APPGW_RPC_SCAN_H */
