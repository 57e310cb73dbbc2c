/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GENL_H
#define APPGW_GENL_H

#include <net/genetlink.h>
#include <net/netfilter/nf_conntrack.h>

#include "appgw/endpoint.h"
#include "uapi/linux/nf_appgw.h"

int appgw_genl_register(struct genl_family *family);
void appgw_genl_unregister(void);

bool appgw_genl_is_heard(struct net *net, unsigned int group);
void *appgw_genl_event(struct sk_buff *skb, u8 cmd);
void appgw_genl_multicast(struct net *net, struct sk_buff *skb,
			  unsigned int group);

void *appgw_genl_answer(struct sk_buff *skb, struct genl_info *info);
int appgw_genl_reply(struct genl_info *info,
		     int (*put)(struct sk_buff *skb, const struct net *net));
void *appgw_genl_dump(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
int appgw_genl_put_end(struct sk_buff *skb, int type,
		       const struct endpoint *ep);
int appgw_genl_put_control(struct sk_buff *skb, int client, int server,
			   const struct nf_conntrack_tuple *t);

#endif /* APPGW_GENL_H */
