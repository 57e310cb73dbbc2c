// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/rpc_scan.c: whatever was asked before, any message is taken in
 * within its bounds, and an answer that is announced has a question. What finds messages
 * in a stream is proved for any rule: prove_framed.c; what reads them in
 * prove_rpc_message.c.
 */

#include "framed_state.h"
#include "copy_promise.h"
#define appgw_framed_copy		framed_copy_promise
#define appgw_rpc_kind			rpc_kind_promise
#define appgw_rpc_read_question		rpc_read_question_promise
#define appgw_rpc_names_port		rpc_names_port_promise
#include "../../kmod/protocols/rpc_message.h"

/* Any answer will do, of those that prove_rpc_message.c has shown. */
static enum rpc_ask rpc_kind_promise(struct span head)
{
	enum rpc_ask kind = any_size(RPC_ASK_FORBIDDEN);

	prove(__CPROVER_r_ok(head.at, RPC_HEAD_LEN));
	given(kind != RPC_ASK_NONE);
	return kind;
}

static void rpc_read_question_promise(struct framed_cursor message,
				      struct rpc_question *q)
{
	prove(rpc_is_question(q->proc));
	q->program = nondet_u32();
	q->protonum = nondet_u8();
	if (nondet_bool())
		q->proc = RPC_ASK_OTHER;
}

static bool rpc_names_port_promise(struct framed_cursor message, uint8_t proc)
{
	prove(rpc_is_question(proc));
	return nondet_bool();
}

#include "../../kmod/protocols/rpc_scan.c"

#define RPC_LEN		(RPC_HEAD_LEN + 4)

void prove_rule(void)
{
	prove(is_framed_rule(&rpc_rule));
}

void prove_message(void)
{
	uint8_t buf[RPC_LEN];
	struct rpc_session rs;
	bool from_client = nondet_bool();
	struct span s = any_span(buf, sizeof(buf));
	struct scan_unit unit;

	appgw_rpc_read_datagram(&rs, from_client, s, &unit);
	prove(unit.len == s.len);
	prove(unit.why == SCAN_WHY_NONE ||
	      (unit.why == SCAN_WHY_FORBIDDEN && from_client));
	if (!unit.count)
		return;
	prove(unit.count == 1 && !unit.at[0] && !from_client && s.len);
	prove(appgw_rpc_call(&rs, unit.note));
}

/* The head of one that passes is all there, or nothing of it is. */
void prove_pass(void)
{
	uint8_t buf[RPC_HEAD_LEN];
	struct rpc_session rs;
	struct span head = any_span(buf, sizeof(buf));

	if (nondet_bool())
		head = (struct span){ 0 };
	rpc_pass(&rs, nondet_bool(), head);
}

/* The second answer to a question counts if it is the first one again. */
void prove_answer(void)
{
	struct rpc_session rs;
	uint32_t xid = nondet_u32();
	bool is_udp = nondet_bool();
	uint16_t port = nondet_u16(), again = nondet_u16();

	given(port && again);
	if (!appgw_rpc_answer(&rs, xid, is_udp, port))
		return;
	prove(appgw_rpc_call(&rs, xid)->port[is_udp] == port);
	prove(appgw_rpc_answer(&rs, xid, is_udp, again) == (again == port));
}
