// SPDX-License-Identifier: GPL-2.0-only
/* The module's part in plans for Sun RPC, as far as the text is concerned: which bytes
 * leave. Written from what the header says that values are; marks are those that the
 * module's own functions find.
 */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../include/appgw/address.h"
#include "../../../kmod/protocols/rpc_marks.h"
#include "rpc_module.h"

/* Bytes of a new text while it is written, at most */
#define TEXT_MAX	512

static struct endpoint module_addr(const char *text)
{
	bool ipv6 = strchr(text, ':');
	struct endpoint end = { .af = ipv6 ? APPGW_AF_IPV6 : APPGW_AF_IPV4 };

	if (inet_pton(ipv6 ? AF_INET6 : AF_INET, text, end.addr) != 1)
		exit(2);
	return end;
}

/* Read both addresses of a connection; exit if they are none. */
struct rpc_module rpc_module_new(uint8_t protonum, const char *own,
				 const char *public, unsigned int add)
{
	return (struct rpc_module){
		.protonum = protonum, .own = module_addr(own),
		.public = module_addr(public), .add = add,
	};
}

/* Have the daemon look at a payload of the connection. */
unsigned int rpc_module_inspect(const struct rpc_module *m, struct span payload,
				struct plan *plans, unsigned int max)
{
	struct packet packet = {
		.protonum = m->protonum, .src = m->own, .seq = RPC_MODULE_SEQ,
		.payload = payload,
	};

	return rpc_proto.inspect(&packet, plans, max);
}

/* Tell what takes the place of a plan's endpoint. */
struct endpoint rpc_module_result(const struct rpc_module *m,
				  const struct plan *plan)
{
	struct endpoint end = m->public;

	end.port = plan->end.port;
	if (plan->action == APPGW_PLAN_OPEN)
		end.port = 1024 + (end.port + 64512u - 1024 + m->add) % 64512u;
	return end;
}

/**
 * struct text - a new text under way
 * @at: its bytes
 * @len: how many
 * @rest: where the length of what follows is to stand
 * @has_rest: it is to
 */
struct text {
	uint8_t at[TEXT_MAX];
	size_t len;
	size_t rest;
	bool has_rest;
};

static void text_number(struct text *text, size_t at, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++)
		text->at[at + i] = v >> (24 - 8 * i);
}

static void text_end_rest(struct text *text)
{
	if (text->has_rest)
		text_number(text, text->rest, text->len - text->rest - 4);
	text->has_rest = false;
}

/* Write a number of 4 bytes, or in decimal. */
static void text_value_number(struct text *text, const struct appgw_value *v,
			      uint32_t number)
{
	if (v->form == APPGW_VALUE_BINARY) {
		text_number(text, text->len, number);
		text->len += 4;
	} else {
		text->len += sprintf((char *)text->at + text->len, "%u",
				     number);
	}
}

/* Write a value; false if it is one that Sun RPC has no need of. */
static bool text_value(struct text *text, const struct plan_part *part,
		       const struct endpoint *end)
{
	const struct appgw_value *v = part->value;
	uint32_t number = end->port;

	if (v->code || v->little || v->is_signed || v->reversed || v->bias ||
	    v->xor || v->number)
		return false;
	switch (v->what) {
	case APPGW_VALUE_ADDR:
		text->len += end->af == APPGW_AF_IPV4 ?
			format_ipv4((char *)text->at + text->len, end->addr,
				    '.') :
			format_ipv6((char *)text->at + text->len, end->addr);
		return v->form == APPGW_VALUE_TEXT;
	case APPGW_VALUE_PORT:
		if (v->divisor)
			number /= v->divisor;
		if (v->bytes == 1)
			number &= 0xff;
		text_value_number(text, v, number);
		return v->form == APPGW_VALUE_TEXT || v->bytes == 4;
	case APPGW_VALUE_REST:
		text->rest = text->len;
		text->has_rest = true;
		text->len += 4;
		return v->form == APPGW_VALUE_BINARY && v->bytes == 4;
	case APPGW_VALUE_FILL:
		text_end_rest(text);
		while (text->len % v->divisor)
			text->at[text->len++] = 0;
		return true;
	default:
		return false;
	}
}

/* Write the new text of a plan; false if it is none. */
static bool module_write(const struct rpc_module *m, const struct plan *plan,
			 struct text *text)
{
	struct endpoint end = rpc_module_result(m, plan);
	unsigned int i;

	memset(text, 0, sizeof(*text));
	for (i = 0; i < plan->parts; i++) {
		const struct plan_part *part = &plan->part[i];

		if (part->type == APPGW_PART_TEXT) {
			if (part->text.len > APPGW_EDIT_MAX)
				return false;
			memcpy(text->at + text->len, part->text.at,
			       part->text.len);
			text->len += part->text.len;
		} else if (part->type != APPGW_PART_VALUE ||
			   !text_value(text, part, &end)) {
			return false;
		}
	}
	text_end_rest(text);
	return text->len && text->len <= APPGW_EDIT_MAX;
}

/**
 * struct edit - bytes that are replaced
 * @at: where they begin
 * @old_len: how many
 * @text: what takes their place
 */
struct edit {
	size_t at;
	size_t old_len;
	struct text text;
};

/**
 * struct edits - those of a reply
 * @count: how many
 * @edit: the edits, in no order
 * @record: what they are in, if it has marks
 * @from: where it begins
 * @shared: edits behind the last mark that is to be corrected
 * @begin: where the first of them begins, in the record
 * @merged: what they are in
 * @growth: by how much they make it longer
 */
struct edits {
	unsigned int count;
	struct edit edit[2 * RPC_MODULE_REPLY_MAX];
	struct span record;
	size_t from;
	unsigned int shared;
	size_t begin;
	struct rpc_merged merged;
	int growth;
};

/* Correct the mark of the edits so far. */
static void edits_mark(struct edits *e)
{
	struct edit *mark = &e->edit[e->count];

	if (!e->shared)
		return;
	e->count++;
	e->shared = 0;
	*mark = (struct edit){
		.at = e->from + e->merged.mark, .old_len = RPC_MARK_LEN,
		.text.len = RPC_MARK_LEN,
	};
	text_number(&mark->text, 0,
		    appgw_rpc_merged_mark(&e->merged, e->growth));
}

/* Add the edit that is next in a record; false if it is at no place for that. */
static bool edits_add(struct edits *e, const struct edit *edit)
{
	size_t at = edit->at - e->from, end = at + edit->old_len;

	if (appgw_rpc_is_text(e->record, at, end, (struct span){
			      edit->text.at, edit->text.len }))
		return true;
	if (!e->shared || at >= e->merged.end) {
		edits_mark(e);
		e->begin = at;
		e->growth = 0;
	}
	e->shared++;
	e->growth += (int)edit->text.len - (int)edit->old_len;
	e->edit[e->count++] = *edit;
	return appgw_rpc_merge(e->record, e->begin, end, &e->merged);
}

/* Find the edit that is next behind @at. */
static const struct edit *edits_next(const struct edits *e, size_t at)
{
	const struct edit *next = NULL;
	unsigned int i;

	for (i = 0; i < e->count; i++)
		if (e->edit[i].at >= at && (!next || e->edit[i].at < next->at))
			next = &e->edit[i];
	return next;
}

/* Put together what leaves. */
static void edits_make(const struct edits *e, struct span payload,
		       struct rpc_build *out)
{
	const struct edit *next;
	size_t at = 0;

	out->len = 0;
	while ((next = edits_next(e, at))) {
		rpc_build_add(out, payload.at + at, next->at - at);
		rpc_build_add(out, next->text.at, next->text.len);
		at = next->at + next->old_len;
	}
	rpc_build_add(out, payload.at + at, payload.len - at);
}

/**
 * rpc_module_apply() - make all edits of a reply
 * @m: the connection
 * @payload: what it is in
 * @plans: its plans, each of which has an edit in @payload
 * @n: how many, RPC_MODULE_REPLY_MAX at most
 * @out: set to what leaves
 *
 * Return: what is wrong with one of the texts, or NULL
 */
const char *rpc_module_apply(const struct rpc_module *m, struct span payload,
			     const struct plan *plans, unsigned int n,
			     struct rpc_build *out)
{
	static struct edits e;
	struct edit edit;
	unsigned int i;

	e.count = 0;
	e.shared = 0;
	e.from = (uint32_t)(plans->seq - RPC_MODULE_SEQ);
	e.record = (struct span){ payload.at + e.from, payload.len - e.from };
	for (i = 0; i < n; i++) {
		edit.at = plans[i].old.at - payload.at;
		edit.old_len = plans[i].old.len;
		if (!module_write(m, &plans[i], &edit.text))
			return "no text that can be written";
		if (m->protonum == IPPROTO_UDP)
			e.edit[e.count++] = edit;
		else if (!edits_add(&e, &edit))
			return "no place for a text";
	}
	edits_mark(&e);
	edits_make(&e, payload, out);
	return NULL;
}
