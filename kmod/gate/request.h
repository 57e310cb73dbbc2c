/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_REQUEST_H
#define APPGW_GATE_REQUEST_H

#include "flow.h"

/**
 * struct gate_request - a plan as the daemon sends it
 * @key: the packet's own addresses, source first
 * @seq: sender's number of the announcement
 * @kind: what it is
 * @action: enum appgw_plan_action
 * @ports: how many from that of @end on
 * @index: which of a stream's ports that is: see APPGW_PLAN_INDEX
 * @owner: enum appgw_plan_owner
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
	struct endpoint end;
	bool has_edit;
	u32 edit_seq;
	const u8 *old;
	unsigned int old_len;
	const struct nlattr *parts;
};

int appgw_gate_plan(const struct gate_request *req, struct endpoint *result,
		    struct netlink_ext_ack *extack);

#endif /* APPGW_GATE_REQUEST_H */
