/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_DATAGRAM_H
#define APPGW_GATE_DATAGRAM_H

#include "flow.h"

struct gate_flow *appgw_datagram_flow(struct nf_conn *ct,
				      enum ip_conntrack_dir dir);
bool appgw_datagram_wants(struct gate_flow *flow, enum ip_conntrack_dir dir,
			  struct sk_buff *skb, unsigned int protoff);
int appgw_datagram_help(struct sk_buff *skb, unsigned int protoff,
			struct nf_conn *ct, enum ip_conntrack_info ctinfo);

#endif /* APPGW_GATE_DATAGRAM_H */
