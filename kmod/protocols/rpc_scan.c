// SPDX-License-Identifier: GPL-2.0-only
/* Sun RPC: which replies of a portmapper answer a question for ports?
 *
 * A reply doesn't say what it answers: it has the number that the client gave the call.
 * A client may give the same number to others, whose answers look alike, and so get
 * the port of a program opened that it may not ask for. So all its calls are remembered,
 * and a number counts only while it is sure what it stands for.
 *
 * Nothing here touches an skb, a lock or the heap: selftests/unit links this file
 * unchanged.
 */

#include "rpc_scan.h"

/* Find the call with number @xid; NULL if there is none. */
static const struct rpc_call *rpc_find(const struct rpc_session *rs,
				       uint32_t xid)
{
	unsigned int i;

	for (i = 0; i < RPC_CALLS_MAX; i++)
		if (rs->call[i].proc != RPC_ASK_NONE && rs->call[i].xid == xid)
			return &rs->call[i];
	return NULL;
}

/* Find the question with number @xid; NULL if there is none. */
static const struct rpc_call *rpc_find_question(const struct rpc_session *rs,
						uint32_t xid)
{
	const struct rpc_call *c = rpc_find(rs, xid);

	return c && rpc_is_question(c->proc) ? c : NULL;
}

/* Tell which bit of rpc_session.lost stands for a number. */
static uint32_t rpc_bit(uint32_t xid)
{
	return 1u << (xid * 0x9e3779b1u >> 27);
}

/* Make room for a call: a free entry, or else the oldest one that was answered, or else
 * the oldest one.
 */
static struct rpc_call *rpc_room(struct rpc_session *rs)
{
	struct rpc_call *oldest = &rs->call[0];
	unsigned int i;

	for (i = 0; i < RPC_CALLS_MAX; i++) {
		struct rpc_call *c = &rs->call[i];

		if (c->proc == RPC_ASK_NONE)
			return c;
		if (!c->pending != !oldest->pending ?
		    !c->pending : (uint8_t)(rs->clock - c->age) >
				  (uint8_t)(rs->clock - oldest->age))
			oldest = c;
	}
	if (oldest->pending)
		rs->lost |= rpc_bit(oldest->xid);
	return oldest;
}

/* Take in a call. */
static void rpc_asked(struct rpc_session *rs, const struct rpc_question *q)
{
	struct rpc_call *c = (struct rpc_call *)rpc_find(rs, q->xid);
	bool is_same = c && c->proc == q->proc && c->program == q->program &&
		       c->protonum == q->protonum;
	struct rpc_call asked = {
		.xid = q->xid, .program = q->program, .proc = q->proc,
		.protonum = q->protonum,
	};

	if (!is_same) {
		/* what the next answer is for, nobody can tell */
		if ((c && c->pending) || rs->lost & rpc_bit(q->xid))
			asked = (struct rpc_call){
				.xid = q->xid, .proc = RPC_ASK_OTHER,
				.pending = c ? c->pending : 0,
			};
		if (!c)
			c = rpc_room(rs);
		asked.age = rs->clock++;
		*c = asked;
	}
	if (c->pending < RPC_PENDING_MAX)
		c->pending++;
}

/* Take in an answer. */
static void rpc_answered(struct rpc_session *rs, uint32_t xid)
{
	struct rpc_call *c = (struct rpc_call *)rpc_find(rs, xid);

	if (c && c->pending && c->pending < RPC_PENDING_MAX)
		c->pending--;
}

/* Take in a call that begins with @head; @message is NULL if that is all that is to be
 * had of it. Returns why it is refused.
 */
static enum scan_why rpc_take_call(struct rpc_session *rs, struct span head,
				   const struct framed_cursor *message)
{
	struct rpc_question q = { .proc = RPC_ASK_OTHER };
	enum rpc_ask kind;

	/* a shorter one isn't answered */
	if (head.len < RPC_HEAD_LEN || !rpc_is(head, RPC_CALL))
		return SCAN_WHY_NONE;
	kind = appgw_rpc_kind(head);
	q.xid = rpc_xid(head);
	if (message && rpc_is_question(kind)) {
		q.proc = kind;
		appgw_rpc_read_question(*message, &q);
	}
	rpc_asked(rs, &q);
	return kind == RPC_ASK_FORBIDDEN ? SCAN_WHY_FORBIDDEN : SCAN_WHY_NONE;
}

/* Take in a reply likewise, and announce it if it answers a question with a port. */
static void rpc_take_reply(struct rpc_session *rs, struct span head,
			   const struct framed_cursor *message,
			   struct scan_unit *unit)
{
	const struct rpc_call *c;

	if (!rpc_is(head, RPC_REPLY))
		return;
	c = rpc_find_question(rs, rpc_xid(head));
	if (c && message && appgw_rpc_names_port(*message, c->proc)) {
		scan_unit_add(unit, 0);
		unit->note = c->xid;
	}
	rpc_answered(rs, rpc_xid(head));
}

/* Take in a message that is whole. */
static void rpc_take_message(struct rpc_session *rs, bool from_client,
			     struct framed_cursor message,
			     struct scan_unit *unit)
{
	struct framed_cursor c = message;
	uint8_t head[RPC_HEAD_LEN];
	struct span start = {
		head, appgw_framed_copy(&c, head, sizeof(head)),
	};

	if (from_client)
		unit->why = rpc_take_call(rs, start, &message);
	else
		rpc_take_reply(rs, start, &message, unit);
}

/* Over TCP: tell if a record is a question, or may be an answer. */
static bool rpc_look(const void *st, bool from_client, struct span head)
{
	if (from_client)
		return head.len == RPC_HEAD_LEN && rpc_is(head, RPC_CALL) &&
		       rpc_is_question(appgw_rpc_kind(head));
	return rpc_is(head, RPC_REPLY) && rpc_find_question(st, rpc_xid(head));
}

static void rpc_take(void *st, bool from_client, struct span whole,
		     struct scan_unit *unit)
{
	rpc_take_message(st, from_client, framed_record(whole), unit);
}

static enum scan_why rpc_pass(void *st, bool from_client, struct span head)
{
	/* without it, nobody can tell which answer is for which call */
	if (!head.at)
		return from_client ? SCAN_WHY_NONSENSE : SCAN_WHY_NONE;
	if (from_client)
		return rpc_take_call(st, head, NULL);
	rpc_take_reply(st, head, NULL, NULL);
	return SCAN_WHY_NONE;
}

/* What begins a stream must be a call, of version 2, and a reply. */
static const struct framed_rule rpc_rule = {
	.form		= FRAMED_RECORDS,
	.max		= RPC_RECORD_MAX,
	.head		= RPC_HEAD_LEN,
	.hold_max	= RPC_HOLD_MAX,
	.proof = {
		{ .from_client = true, .at = 4, .mask = ~0u, .value = RPC_CALL },
		{ .from_client = true, .at = 8, .mask = ~0u, .value = 2 },
		{ .at = 4, .mask = ~0u, .value = RPC_REPLY },
	},
	.look		= rpc_look,
	.take		= rpc_take,
	.pass		= rpc_pass,
};

/**
 * appgw_rpc_read_datagram() - take in a datagram, which is a message
 * @st: the conversation
 * @from_client: the client has sent it
 * @data: all of it
 * @unit: filled in; an announcement is where it begins, of the question whose
 *	number is @unit.note
 */
void appgw_rpc_read_datagram(void *st, bool from_client, struct span data,
			     struct scan_unit *unit)
{
	unit->len = data.len;
	unit->safe = -1;
	unit->count = 0;
	unit->note = 0;
	unit->why = SCAN_WHY_NONE;
	rpc_take_message(st, from_client, framed_unit(data), unit);
}

/**
 * appgw_rpc_read() - take in a record; see struct gate_scan_ops
 * @st: the conversation
 * @from_client: whose it is
 * @data: what begins with the record, or with what is left of it
 * @unit: filled in; an announcement is where the record's first mark is, of the
 *	question whose number is @unit.note
 */
void appgw_rpc_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit)
{
	struct rpc_session *rs = st;

	unit->note = 0;
	appgw_framed_read(&rpc_rule, rs->framed, rs, from_client, data, unit);
}

/**
 * appgw_rpc_feed() - take in a part of a record that has no end yet
 * @st: the conversation
 * @from_client: whose it is
 * @part: bytes that have gone on as they are
 *
 * Return: why it is refused, or the conversation is to be given up
 */
enum scan_why appgw_rpc_feed(void *st, bool from_client, struct span part)
{
	struct rpc_session *rs = st;

	return appgw_framed_feed(&rpc_rule, rs->framed, rs, from_client, part);
}

/**
 * appgw_rpc_call() - find the question of an answer
 * @st: the conversation
 * @note: scan_unit.note of the answer
 *
 * Return: question; NULL if there is none, none any more, or it isn't sure which
 */
const struct rpc_call *appgw_rpc_call(const void *st, uint32_t note)
{
	return rpc_find_question(st, note);
}

/**
 * appgw_rpc_answer() - remember a port that was answered
 * @st: the conversation
 * @xid: number of the question
 * @is_udp: the port is for datagrams
 * @port: not 0
 *
 * Return: false if that was asked by nobody, or answered with another one before
 */
bool appgw_rpc_answer(void *st, uint32_t xid, bool is_udp, uint16_t port)
{
	struct rpc_call *c = (struct rpc_call *)rpc_find_question(st, xid);

	if (!c)
		return false;
	if (!c->port[is_udp])
		c->port[is_udp] = port;
	return c->port[is_udp] == port;
}
