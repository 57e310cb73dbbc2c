/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RPC_MODEL_H
#define SELFTESTS_RPC_MODEL_H

#include "../../../kmod/protocols/rpc_scan.h"
#include "framed_model.h"

/* Announcements of an item that are compared. */
#define RPC_MODEL_FOUND_MAX	32

/**
 * struct rpc_model_answer - what was made of an item
 * @count: replies that answer a question with a port
 * @at: where the first ones begin in all that the server has said
 * @xid: their numbers
 * @program: what was asked for
 * @proc: and how
 * @why: reason to stop
 */
struct rpc_model_answer {
	unsigned int count;
	size_t at[RPC_MODEL_FOUND_MAX];
	uint32_t xid[RPC_MODEL_FOUND_MAX];
	uint32_t program[RPC_MODEL_FOUND_MAX];
	uint8_t proc[RPC_MODEL_FOUND_MAX];
	enum scan_why why;
};

/**
 * struct rpc_model_call - a call that may be answered yet
 * @xid: number
 * @program: asked for
 * @proc: enum rpc_ask
 * @protonum: transport
 * @pending: times that it was not answered
 */
struct rpc_model_call {
	uint32_t xid;
	uint32_t program;
	uint8_t proc;
	uint32_t protonum;
	unsigned int pending;
};

/**
 * struct rpc_model - a conversation, by direction: 1 for the client's
 * @data: what was said
 * @len: how much
 * @read: what has been understood of it
 * @passed: the record under way isn't waited for
 * @call: the calls, the oldest first
 * @calls: how many
 * @lost: bits of numbers that may be answered without being in @call
 * @refused: calls that were refused
 * @over: nothing matters any more
 */
struct rpc_model {
	uint8_t data[2][FRAMED_MODEL_SAID_MAX];
	size_t len[2];
	size_t read[2];
	bool passed[2];
	struct rpc_model_call call[RPC_CALLS_MAX];
	unsigned int calls;
	uint32_t lost;
	unsigned int refused;
	bool over;
};

/**
 * struct rpc_talk - the same as the scanner has it
 * @session: the scanner's state
 * @refused: calls that were refused
 */
struct rpc_talk {
	struct rpc_session session;
	unsigned int refused;
};

void rpc_model_message(struct rpc_model *m, bool client, struct span message,
		       size_t at, struct rpc_model_answer *a);
const char *rpc_model_datagram(struct rpc_model *m, struct rpc_talk *talk,
			       bool client, struct span item,
			       struct rpc_model_answer *got);
const char *rpc_model_step(struct rpc_model *m, struct rpc_talk *talk,
			   struct scan_player *p, bool client,
			   struct span item, bool every, uint32_t *random,
			   struct rpc_model_answer *got);

#endif /* SELFTESTS_RPC_MODEL_H */
