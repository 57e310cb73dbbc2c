// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/rpc_message.c: a message is read within its bounds, whatever it
 * says and wherever its fragments end.
 */

#include "copy_promise.h"
#define appgw_framed_copy	framed_copy_promise
#include "../../kmod/protocols/rpc_message.c"

/* A call with no credentials and a question; an entry of a list with an address, whose
 * transport is longer than a word
 */
#define RPC_CALL_LEN	64
#define RPC_ENTRY_LEN	36

/* "10.0.0.2.218.214" */
#define RPC_TEXT_LEN	16

/* Nothing of it is read but by what is promised. */
static struct framed_cursor any_message(const uint8_t *buf, size_t size)
{
	return (struct framed_cursor){
		.rest = { buf, any_size(size) }, .left = nondet_size(),
	};
}

void prove_question(void)
{
	uint8_t buf[RPC_CALL_LEN];
	struct rpc_question q = { .proc = nondet_u8() };

	given(rpc_is_question(q.proc));
	appgw_rpc_read_question(any_message(buf, sizeof(buf)), &q);
	prove(q.proc != RPC_ASK_OTHER || (!q.program && !q.protonum));
	prove(!q.protonum || q.protonum == RPC_TCP || q.protonum == RPC_UDP);
}

void prove_bytes(void)
{
	uint8_t buf[RPC_CALL_LEN], to[RPC_UADDR_MAX];
	struct rpc_reader r = { .bad = nondet_bool() };
	size_t room = any_size(sizeof(to)), max = nondet_size(), len;
	struct span in = any_span(buf, sizeof(buf));

	r.c.rest = in;
	len = rpc_read_bytes(&r, max, to + sizeof(to) - room, room);
	prove(r.c.rest.len <= in.len);
	prove(r.bad || len <= max);
	prove(r.bad || len <= in.len);
}

void prove_uaddr(void)
{
	uint8_t buf[RPC_TEXT_LEN];

	rpc_is_uaddr(any_span(buf, sizeof(buf)));
}

/* An entry of a list, of which so many are read at most */
void prove_entry(void)
{
	uint8_t buf[RPC_ENTRY_LEN];
	struct rpc_reader r = {
		.c = any_message(buf, sizeof(buf)), .bad = nondet_bool(),
	};
	size_t len = r.c.rest.len;

	rpc_read_entry(&r);
	prove(r.c.rest.len <= len);
}

void prove_kind(void)
{
	uint8_t buf[RPC_HEAD_LEN];
	enum rpc_ask kind = appgw_rpc_kind((struct span){ buf, sizeof(buf) });

	prove(kind > RPC_ASK_NONE && kind <= RPC_ASK_FORBIDDEN);
}
