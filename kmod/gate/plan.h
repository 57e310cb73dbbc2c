/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_PLAN_H
#define APPGW_GATE_PLAN_H

#include <linux/list.h>

#include "flow.h"

/* Longest text of a plan, once those of an announcement are joined. */
#define GATE_PLAN_TEXT_MAX	STREAM_TEXT_MAX

/* Texts up to here have a place in the plan itself, which is 256 bytes with it: a larger
 * one would be longer to clear, and most of it for nothing.
 */
#define GATE_PLAN_BRIEF		72

/**
 * struct gate_plan - a plan that was accepted
 * @node: place in gate_flow.plans
 * @id: its number, never 0
 * @mark: sender's number of the announcement
 * @seq: sender's number of the first byte of @old, or @mark
 * @dir: direction of both
 * @made: the edit has been made
 * @opened: pinholes were opened for it
 * @ports: for how many ports
 * @index: which of a stream's ports the first of them is
 * @says_source: it tells where media comes from: from @source
 * @tells_length: its text has a length in it that others depend on
 * @tells_size: its text has the size of a P2P message in it
 * @counted: by how many bytes other plans had made the announcement longer when
 *	its text was written
 * @growth: by how many it does so itself
 * @old_len: bytes of @old; 0 if there is no edit, none is needed, or another one has
 *	taken it in
 * @new_len: bytes of @text
 * @result: what stands in the text instead
 * @source: an address, or a port, or both
 * @old: bytes that are replaced
 * @text: what replaces them; may be the same
 * @brief: room for both, unless appgw_plan_widen() has got some for longer ones
 */
struct gate_plan {
	struct list_head node;
	u32 id;
	u32 mark;
	u32 seq;
	u8 dir;
	bool made;
	bool opened;
	u8 ports;
	u8 index;
	bool says_source;
	bool tells_length;
	bool tells_size;
	s16 counted;
	s16 growth;
	u8 old_len;
	u8 new_len;
	struct endpoint result;
	struct endpoint source;
	char *old;
	char *text;
	char brief[2 * GATE_PLAN_BRIEF];
};

static_assert(sizeof(struct gate_plan) <= 256);

/**
 * struct gate_request - a plan as the daemon sends it
 * @key: the packet's own addresses, source first
 * @seq: sender's number of the announcement
 * @kind: what it is
 * @action: enum appgw_plan_action
 * @ports: how many from that of @end on
 * @index: which of a stream's ports that is: see APPGW_PLAN_INDEX
 * @owner: enum appgw_plan_owner
 * @protonum: transport that @end is for; 0 for the protocol's own
 * @end: endpoint in the text
 * @has_edit: the fields below count
 * @edit_seq: sender's number of the first byte of @old
 * @old: bytes to be replaced
 * @old_len: how many
 * @parts: APPGW_PLAN_EDIT_PARTS
 */
struct gate_request {
	struct gate_key key;
	u32 seq;
	const char *kind;
	u8 action;
	u8 ports;
	u8 index;
	u8 owner;
	u8 protonum;
	struct endpoint end;
	bool has_edit;
	u32 edit_seq;
	const u8 *old;
	unsigned int old_len;
	const struct nlattr *parts;
};

/* Tell if a plan's edit changes anything. */
static inline bool gate_plan_changes(const struct gate_plan *plan)
{
	return plan->new_len != plan->old_len ||
	       memcmp(plan->text, plan->old, plan->old_len);
}

void appgw_plan_cancel_mark(struct gate_pass *pass, u32 mark);
bool appgw_plan_is_marked(const struct gate_side *side, u32 seq);
void appgw_plan_mark(struct gate_side *side, u32 seq, u32 note);
u32 appgw_plan_note(const struct gate_side *side, u32 seq);
struct gate_plan *appgw_plan_new(void);
bool appgw_plan_widen(struct gate_plan *plan, unsigned int len);
void appgw_plan_list(struct gate_flow *flow, struct gate_plan *plan);
bool appgw_plan_insert(struct gate_flow *flow, struct gate_plan *next, u32 seq,
		       const void *old, const void *text, u8 len);
void appgw_plan_free(struct gate_flow *flow, struct gate_plan *plan);
void appgw_plan_cancel(struct gate_pass *pass, struct gate_plan *plan);
void appgw_gate_plans_age(struct gate_flow *flow);
void appgw_gate_plans_free(struct gate_flow *flow);

#endif /* APPGW_GATE_PLAN_H */
