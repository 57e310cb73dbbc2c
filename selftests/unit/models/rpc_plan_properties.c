// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for the plans of every payload of Sun RPC, good or bad: for the unit
 * test and the fuzzer. Records are read once more here, plainly.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../include/appgw/address.h"
#include "exact.h"
#include "rpc_plan_properties.h"

#define PIECES_MAX	64
#define MARK_LEN	4

/**
 * struct flat - a message without its marks
 * @m: its bytes
 * @used: bytes of the payload that it takes, marks included
 * @pieces: how many fragments
 * @at: where the bytes of each begin in the payload
 * @len: of each
 */
struct flat {
	struct rpc_build m;
	size_t used;
	unsigned int pieces;
	size_t at[PIECES_MAX];
	size_t len[PIECES_MAX];
};

static uint32_t flat_number(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return ntohl(v);
}

static void flat_piece(struct flat *f, struct span payload, size_t at,
		       size_t len)
{
	f->at[f->pieces] = at;
	f->len[f->pieces++] = len;
	rpc_build_add(&f->m, payload.at + at, len);
	f->used = at + len;
}

/* Read what begins at @at; false if that isn't all there. */
static bool flat_read(struct flat *f, struct span payload, size_t at, bool udp)
{
	size_t from = at, len;
	uint32_t mark;

	f->m.len = 0;
	f->pieces = 0;
	if (udp) {
		flat_piece(f, payload, 0, payload.len);
		return !at;
	}
	do {
		if (f->pieces == PIECES_MAX || at + MARK_LEN > payload.len)
			return false;
		mark = flat_number(payload.at + at);
		len = mark & 0x7fffffff;
		at += MARK_LEN;
		if (len > payload.len - at)
			return false;
		flat_piece(f, payload, at, len);
		at += len;
	} while (!(mark >> 31));
	f->used = at - from;
	return true;
}

/* Find the place in the message of what is at @at in the payload; -1 if that is none of
 * its bytes.
 */
static long flat_place(const struct flat *f, size_t at)
{
	size_t before = 0;
	unsigned int i;

	for (i = 0; i < f->pieces; before += f->len[i++])
		if (at >= f->at[i] && at < f->at[i] + f->len[i])
			return before + (at - f->at[i]);
	return -1;
}

/* Find what is replaced in the message, without the marks that are within; empty if it
 * doesn't begin and end with bytes of the message.
 */
static struct span flat_old(const struct flat *f, struct span payload,
			    struct span old)
{
	long from = flat_place(f, old.at - payload.at);
	long last = flat_place(f, old.at - payload.at + old.len - 1);

	if (from < 0 || last < from)
		return (struct span){ f->m.at, 0 };
	return (struct span){ f->m.at + from, last - from + 1 };
}

static unsigned int flat_empty(const struct flat *f)
{
	unsigned int i, n = 0;

	for (i = 0; i < f->pieces; i++)
		n += !f->len[i];
	return n;
}

/* Tell if @end is what @text, terminated, says; without its port if that is 0. */
static bool is_universal(char *text, const struct endpoint *end)
{
	bool ipv4 = end->af == APPGW_AF_IPV4;
	uint8_t addr[APPGW_ADDR_LEN_IPV6];
	char again[APPGW_EDIT_MAX + 1];
	unsigned int high, low;
	char *first, *second;

	snprintf(again, sizeof(again), "%s", text);
	second = strrchr(text, '.');
	if (!second)
		return false;
	*second = 0;
	first = strrchr(text, '.');
	if (!first)
		return false;
	*first = 0;
	high = atoi(first + 1);
	low = atoi(second + 1);
	if (inet_pton(ipv4 ? AF_INET : AF_INET6, text, addr) != 1 ||
	    memcmp(addr, end->addr, ipv4 ? 4 : 16) || high > 255 || low > 255)
		return false;
	sprintf(text + strlen(text), ".%u.%u", high, low);
	return !strcmp(text, again) &&
	       (!end->port || end->port == high * 256 + low);
}

/* Check that @old, which is replaced, is what the plan says that it is. */
static const char *old_complaint(const struct plan *plan, struct span old)
{
	char text[APPGW_EDIT_MAX + 1] = "";
	uint32_t n;

	if (old.len < 4)
		return "too little is replaced";
	n = flat_number(old.at);
	if (!strcmp(plan->kind, "getport")) {
		if (old.len != 4)
			return "more than a number is replaced";
		return n == plan->end.port ? NULL : "another port";
	}
	if (n > old.len - 4 || old.len != 4 + (n + 3) / 4 * 4)
		return "not a text with what it is filled up with";
	memcpy(text, old.at + 4, n);
	return strlen(text) == n && is_universal(text, &plan->end) ? NULL :
	       "another address is replaced";
}

static const char *plan_complaint(const struct rpc_module *m,
				  const struct plan *plan, struct span payload)
{
	size_t at = (uint32_t)(plan->edit_seq - RPC_MODULE_SEQ);
	bool is_port = !strcmp(plan->kind, "getport");
	bool is_list = !strcmp(plan->kind, "getaddrlist");
	bool is_open = plan->action == APPGW_PLAN_OPEN;

	if (!is_port && !is_list && strcmp(plan->kind, "getaddr"))
		return "not a kind";
	if (!is_open && !(is_list && m->protonum == IPPROTO_UDP &&
			  plan->action == APPGW_PLAN_ADDRESS))
		return "not an action";
	if (plan->owner != APPGW_OWNER_SENDER || plan->ports != 1 ||
	    plan->index)
		return "not one of the sender's";
	if (plan->end.af != (is_port ? APPGW_AF_NONE : m->own.af))
		return "an address of another family";
	if (!plan->end.port != !is_open)
		return "a port too much, or none";
	if ((is_list && is_open) != (plan->protonum == IPPROTO_TCP ||
				     plan->protonum == IPPROTO_UDP))
		return "a transport too much, or none";
	if (!plan->parts || plan->parts > PLAN_PARTS_MAX || !plan->has_edit ||
	    plan->old.len > APPGW_EDIT_MAX || at > payload.len ||
	    plan->old.len > payload.len - at || plan->old.at != payload.at + at)
		return "not the place of an edit";
	return NULL;
}

/* Add what is to stand where @plan has its edit. */
static void expected_text(struct rpc_build *b, const struct rpc_module *m,
			  const struct plan *plan)
{
	struct endpoint end = rpc_module_result(m, plan);
	char text[APPGW_EDIT_MAX + 1], old[APPGW_EDIT_MAX + 1] = "", *tail;
	size_t n;

	if (!strcmp(plan->kind, "getport")) {
		rpc_build_number(b, end.port);
		return;
	}
	n = end.af == APPGW_AF_IPV4 ? format_ipv4(text, end.addr, '.') :
				      format_ipv6(text, end.addr);
	if (plan->action == APPGW_PLAN_OPEN) {
		sprintf(text + n, ".%u.%u", end.port / 256, end.port % 256);
	} else {
		/* its own port */
		memcpy(old, plan->old.at + 4, flat_number(plan->old.at));
		tail = strrchr(old, '.');
		while (*--tail != '.')
			;
		strcpy(text + n, tail);
	}
	rpc_build_text(b, text);
}

/* Check that the message is the same, but for its texts: @in was, and @out is. */
static const char *message_complaint(const struct rpc_module *m,
				     const struct flat *in,
				     const struct flat *out,
				     struct span payload,
				     const struct plan *plans, unsigned int n)
{
	static struct rpc_build want;
	size_t done = 0;
	const char *complaint;
	unsigned int i;
	size_t at;

	want.len = 0;
	for (i = 0; i < n; i++) {
		struct span old = flat_old(in, payload, plans[i].old);

		complaint = old_complaint(&plans[i], old);
		if (complaint)
			return complaint;
		at = old.at - in->m.at;
		if (at < done)
			return "texts out of order";
		rpc_build_add(&want, in->m.at + done, at - done);
		expected_text(&want, m, &plans[i]);
		done = at + old.len;
	}
	rpc_build_add(&want, in->m.at + done, in->m.len - done);
	if (want.len != out->m.len || memcmp(want.at, out->m.at, want.len))
		return "another message leaves";
	return (in->m.len ^ out->m.len) & 3 ? "not filled up" : NULL;
}

/* Check that fragments become one where a text makes that necessary, and only there. */
static const char *pieces_complaint(const struct flat *in,
				    const struct flat *out, bool is_same)
{
	bool is_said = in->m.len == out->m.len &&
		       !memcmp(in->m.at, out->m.at, in->m.len);

	if (is_said && !is_same)
		return "the same message leaves in other pieces";
	if (out->pieces > in->pieces || flat_empty(out) > flat_empty(in))
		return "a fragment too many";
	return NULL;
}

/* Check that the daemon finds what was planned in what leaves. */
static const char *again_complaint(const struct rpc_module *m,
				   const struct rpc_build *out,
				   const struct plan *plans, unsigned int n)
{
	static struct plan again[RPC_MODULE_PLANS_MAX];
	struct rpc_module other = *m;
	struct endpoint end;
	unsigned int i, first = 0, count;

	other.own = m->public;
	count = rpc_module_inspect(&other, (struct span){ out->at, out->len },
				   again, RPC_MODULE_PLANS_MAX);
	while (first < count && again[first].seq != plans[0].seq)
		first++;
	if (count - first < n)
		return "it isn't found again";
	for (i = 0; i < n; i++) {
		const struct plan *a = &again[first + i], *b = &plans[i];

		end = rpc_module_result(m, b);
		if (a->seq != b->seq || a->action != b->action ||
		    a->protonum != b->protonum || strcmp(a->kind, b->kind) ||
		    a->end.port != end.port ||
		    (a->end.af != APPGW_AF_NONE &&
		     memcmp(a->end.addr, end.addr, a->end.af == APPGW_AF_IPV4 ?
			    4 : 16)))
			return "something else is found again";
	}
	return NULL;
}

/* Check what leaves when the plans of a reply, which begins at @at, are carried out. */
static const char *edits_complaint(const struct rpc_module *m,
				   struct span payload, size_t at,
				   const struct plan *plans, unsigned int n)
{
	bool udp = m->protonum == IPPROTO_UDP;
	static struct flat in, left;
	static struct rpc_build out;
	struct span all = { out.at, 0 };
	const char *complaint;

	complaint = rpc_module_apply(m, payload, plans, n, &out);
	if (complaint)
		return complaint;
	all.len = out.len;
	if (!flat_read(&in, payload, at, udp))
		return "plans for no message";
	if (!flat_read(&left, all, at, udp))
		return "the marks are wrong";
	if (payload.len + left.used != out.len + in.used)
		return "a mark is wrong";
	if (memcmp(payload.at, out.at, at) ||
	    memcmp(payload.at + at + in.used, out.at + at + left.used,
		   payload.len - at - in.used))
		return "something outside of it has changed";
	complaint = message_complaint(m, &in, &left, payload, plans, n) ?:
		    pieces_complaint(&in, &left, payload.len == out.len &&
				     !memcmp(payload.at, out.at, out.len));
	return complaint ?: again_complaint(m, &out, plans, n);
}

static const char *reply_complaint(const struct rpc_module *m,
				   struct span payload,
				   const struct plan *plans, unsigned int n)
{
	size_t at = (uint32_t)(plans->seq - RPC_MODULE_SEQ);
	unsigned int i, opens[3] = { 0 };
	const struct endpoint *end;
	const char *complaint = NULL;
	struct rpc_module other = *m;

	if (n > RPC_MODULE_REPLY_MAX)
		return "too many plans for a reply";
	if (at >= payload.len)
		return "a reply that isn't there";
	for (i = 0; i < n && !complaint; i++) {
		complaint = plan_complaint(m, &plans[i], payload);
		if (plans[i].action == APPGW_PLAN_OPEN)
			opens[(plans[i].protonum == IPPROTO_UDP) +
			      2 * (plans[i].protonum == IPPROTO_TCP)]++;
	}
	if (complaint)
		return complaint;
	if (opens[0] > 1 || opens[1] > 1 || opens[2] > 1)
		return "more is opened than was asked for";
	if (m->protonum == IPPROTO_TCP && n > 2)
		return "more is replaced than one of a transport";
	/* the first one, or the last one, stays as it was */
	other.add = 0;
	for (i = 0; i < 2 && !complaint; i++) {
		end = &plans[i ? n - 1 : 0].end;
		if (end->af != APPGW_AF_NONE)
			memcpy(other.public.addr, end->addr, sizeof(end->addr));
		complaint = edits_complaint(&other, payload, at, plans, n);
	}
	other.public = m->public;
	/* whatever the public port is */
	for (i = 0; i < 3 && !complaint; i++) {
		other.add = m->add + i * 30000;
		complaint = edits_complaint(&other, payload, at, plans, n);
	}
	return complaint;
}

/* In less room there are fewer replies, but whole ones. */
static bool plans_fit(const struct rpc_module *m, struct span payload,
		      const struct plan *plans, unsigned int n,
		      unsigned int room)
{
	struct plan *few = malloc(room * sizeof(*few) + 1);
	unsigned int got, i;
	bool ok;

	if (!few)
		exit(2);
	got = rpc_module_inspect(m, payload, few, room);
	ok = got <= room;
	for (i = 0; i < got && ok; i++)
		ok = few[i].seq == plans[i].seq &&
		     few[i].edit_seq == plans[i].edit_seq &&
		     few[i].action == plans[i].action;
	ok = ok && (got == n || !got || plans[got].seq != plans[got - 1].seq);
	free(few);
	return ok;
}

/**
 * rpc_plan_complaint() - what is wrong with the plans for a payload
 * @m: the connection
 * @payload: any bytes
 *
 * Return: NULL if all is well
 */
const char *rpc_plan_complaint(const struct rpc_module *m, struct span payload)
{
	struct exact e = exact_copy(payload.at, payload.len);
	static struct plan plans[RPC_MODULE_PLANS_MAX];
	const char *complaint = NULL;
	unsigned int n, i, from;

	memset(plans, 0xff, sizeof(plans));
	n = rpc_module_inspect(m, exact_span(&e), plans, RPC_MODULE_PLANS_MAX);
	if (n > RPC_MODULE_PLANS_MAX)
		complaint = "more plans than there is room for";
	for (i = 0; i < n && !complaint;) {
		for (from = i; i < n && plans[i].seq == plans[from].seq; i++)
			;
		if (i < n && (int32_t)(plans[i].seq - plans[from].seq) <= 0)
			complaint = "replies out of order";
		else
			complaint = reply_complaint(m, exact_span(&e),
						    plans + from, i - from);
	}
	for (i = 0; !complaint && i < n; i++)
		if (!plans_fit(m, exact_span(&e), plans, n, i))
			complaint = "finds something else in less room";
	if (!complaint && e.len && memcmp(e.at, payload.at, e.len))
		complaint = "wrote to its input";
	exact_free(&e);
	return complaint;
}
