/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_H
#define APPGW_GATE_H

#include "flow.h"

bool appgw_gate_talk(struct gate_flow *flow, enum ip_conntrack_dir dir,
		     struct sk_buff *skb, unsigned int protoff,
		     unsigned int dataoff);
int appgw_gate_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo);

#endif /* APPGW_GATE_H */
