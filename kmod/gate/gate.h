/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_H
#define APPGW_GATE_H

#include "flow.h"

bool appgw_gate_talk(struct gate_flow *flow, enum ip_conntrack_dir dir,
		     struct sk_buff *skb, unsigned int protoff,
		     unsigned int dataoff);
int appgw_gate_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo);

/* session.c */
extern const struct appgw_session_ops appgw_gate_session_ops;
bool appgw_gate_is_wanted(const struct appgw_helper *helper,
			  const struct net *net);

#endif /* APPGW_GATE_H */
