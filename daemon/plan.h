/* SPDX-License-Identifier: GPL-2.0-only */
/* What one announcement in a payload calls for: APPGW_CMD_PLAN in the daemon's
 * terms. The protocols fill it in; nothing of it is done here.
 */
#ifndef APPGWD_PLAN_H
#define APPGWD_PLAN_H

#include <string.h>

#include "../include/appgw/endpoint.h"
#include "../include/appgw/value.h"
#include "../include/uapi/linux/nf_appgw.h"

/* Pieces of a new text: a length, an address, a port in two numbers, what is between
 * them, and what it is filled up with.
 */
#define PLAN_PARTS_MAX	7

/**
 * struct plan_part - a piece of the text that takes another's place
 * @type: what it is
 * @text: the bytes of APPGW_PART_TEXT, in the payload; else empty
 * @number: what a length was, or what a port is XORed with
 * @value: the value of APPGW_PART_VALUE, but for its @number, which is that above
 */
struct plan_part {
	enum appgw_part_attr type;
	struct span text;
	uint64_t number;
	const struct appgw_value *value;
};

/**
 * struct plan - what one announcement calls for
 * @kind: what it is, for events; terminated
 * @action: what is to be done about @end
 * @end: endpoint in the text; without an address if none is known that belongs
 *	to its port, and without a port for APPGW_PLAN_ADDRESS
 * @ports: how many belong together, 1 or 2; that of @end is the first
 * @index: which of a stream's ports the first one is, 0 or 1
 * @owner: whose endpoint it is
 * @protonum: transport that it is for, IPPROTO_TCP or IPPROTO_UDP; 0 if that isn't said
 * @seq: sender's number of the announcement's first byte
 * @has_edit: the text is to be changed: the fields below count
 * @edit_seq: sender's number of the first byte of @old
 * @old: bytes to be replaced, in the payload; APPGW_EDIT_MAX at most
 * @parts: how many of @part
 * @part: the new text, in order
 *
 * Valid as long as the payload that it was read from.
 */
struct plan {
	char kind[APPGW_KIND_MAX + 1];
	enum appgw_plan_action action;
	struct endpoint end;
	unsigned int ports;
	unsigned int index;
	enum appgw_plan_owner owner;
	uint8_t protonum;
	uint32_t seq;
	bool has_edit;
	uint32_t edit_seq;
	struct span old;
	unsigned int parts;
	struct plan_part part[PLAN_PARTS_MAX];
};

/* Begin a plan of the sender's own for the announcement at number @seq. */
static inline void plan_begin(struct plan *plan, const char *kind,
			      enum appgw_plan_action action, uint32_t seq)
{
	memset(plan, 0, sizeof(*plan));
	strcpy(plan->kind, kind);
	plan->action = action;
	plan->ports = 1;
	plan->owner = APPGW_OWNER_SENDER;
	plan->seq = seq;
}

/* Have @old replaced, whose first byte has number @seq; the new text is empty at first. */
static inline void plan_edit(struct plan *plan, uint32_t seq, struct span old)
{
	plan->has_edit = true;
	plan->edit_seq = seq;
	plan->old = old;
}

/* Add @text, in the payload, to the new text. */
static inline void plan_add_text(struct plan *plan, struct span text)
{
	plan->part[plan->parts++] = (struct plan_part){
		.type = APPGW_PART_TEXT, .text = text,
	};
}

/* Add a value; of a length, @number is what it was. */
static inline void plan_add_value(struct plan *plan,
				  const struct appgw_value *value,
				  uint64_t number)
{
	plan->part[plan->parts++] = (struct plan_part){
		.type = APPGW_PART_VALUE, .number = number, .value = value,
	};
}

#endif /* APPGWD_PLAN_H */
