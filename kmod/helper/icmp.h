/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_ICMP_H
#define APPGW_ICMP_H

#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

void appgw_icmp_error(struct sk_buff *skb, struct nf_conn *ct,
		      enum ip_conntrack_info ctinfo);

#endif /* APPGW_ICMP_H */
