/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_PASS_H
#define APPGW_GATE_PASS_H

#include "gate.h"

struct appgw_policy;
struct gate_plan;

/**
 * struct gate_pass - a packet's way through the gate
 * @flow: its connection's
 * @ct: the connection
 * @policy: its namespace's
 * @dir: direction the packet travels in
 * @line_end: sender's number behind the line that was read last
 * @plan: the one whose edit is being made
 */
struct gate_pass {
	struct gate_flow *flow;
	struct nf_conn *ct;
	const struct appgw_policy *policy;
	enum ip_conntrack_dir dir;
	u32 line_end;
	struct gate_plan *plan;
};

/* protocols/gate_media.c */
void appgw_gate_media(struct gate_pass *pass, u32 seq);
void appgw_gate_pna(struct gate_pass *pass);

/* protocols/gate_msn.c */
void appgw_gate_msn_plans(struct gate_pass *pass, struct span rest, u32 seq);
void appgw_gate_msn(struct gate_pass *pass, struct span rest, u32 seq);

/* gate.c */
void appgw_gate_why(struct gate_pass *pass, enum appgw_stat why);

#endif /* APPGW_GATE_PASS_H */
