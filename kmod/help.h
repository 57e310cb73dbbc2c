/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_HELP_H
#define APPGW_HELP_H

#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>

struct nf_conntrack_helper;
struct tcphdr;

void appgw_help_count(const struct net *net, unsigned int notes);
bool appgw_help_assign(struct nf_conn *ct,
		       struct nf_conntrack_helper * const *helper);
void appgw_help_handshake(struct sk_buff *skb, unsigned int protoff,
			  struct nf_conn *ct, enum ip_conntrack_info ctinfo,
			  const struct tcphdr *th);

#endif /* APPGW_HELP_H */
