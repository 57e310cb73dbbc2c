/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_H
#define APPGW_PINHOLE_H

#include <net/netfilter/nf_conntrack.h>

#include "core/stats.h"
#include "request.h"

struct appgw_session;
struct netlink_callback;
struct nf_conntrack_expect;
struct sk_buff;

int appgw_pinhole_open(struct appgw_session *s,
		       const struct pinhole_request *req);
enum appgw_stat appgw_pinhole_why(int err);
void appgw_pinhole_used(const struct nf_conntrack_expect *exp,
			struct nf_conn *ct);
void appgw_pinhole_close(struct appgw_session *s, struct nf_conn *ct,
			 enum appgw_stat reason);
void appgw_pinhole_forget(const struct net *net, struct appgw_session *s,
			  enum appgw_stat reason);
bool appgw_pinhole_find(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u16 *own, u16 *public);
void appgw_pinhole_cancel(struct appgw_session *s, struct nf_conn *ct,
			  enum ip_conntrack_dir dir,
			  const union nf_inet_addr *daddr, u16 public,
			  enum appgw_stat reason);
void appgw_pinhole_name(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u32 mark, u32 session);
void appgw_pinhole_close_named(struct appgw_session *s, struct nf_conn *ct,
			       u32 session, enum appgw_stat reason);
unsigned int appgw_pinhole_count(struct appgw_session *s,
				 const struct net *net);
int appgw_pinhole_dump(struct sk_buff *skb, struct netlink_callback *cb);

int appgw_pinhole_init(void);
void appgw_pinhole_exit(void);

#endif /* APPGW_PINHOLE_H */
