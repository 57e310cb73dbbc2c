/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_BOOKS_H
#define APPGW_PINHOLE_BOOKS_H

#include "tables.h"

struct appgw_session;

int appgw_books_add(struct pinhole_net *pn, struct pinhole *p,
		    const struct pinhole_request *req);
void appgw_books_opened(struct pinhole_net *pn, struct pinhole *p);
bool appgw_books_reopen(struct pinhole_net *pn, struct pinhole *p,
			struct nf_conn *ct);
bool appgw_books_come(struct pinhole_net *pn, struct pinhole *p,
		      const struct nf_conn *ct);
void appgw_books_drop(struct pinhole *p);
bool appgw_books_strike(struct pinhole_net *pn, struct pinhole *p);
bool appgw_books_end(struct pinhole_net *pn, struct pinhole *p, u8 type,
		     enum appgw_stat reason);
void appgw_books_shut(struct pinhole_net *pn, struct pinhole *p,
		      enum appgw_stat reason);
void appgw_books_expire(struct pinhole_net *pn);
void appgw_books_work(struct work_struct *work);
unsigned int appgw_books_prune(struct appgw_session *s);
bool appgw_books_find(struct appgw_session *s, const struct net *net,
		      enum ip_conntrack_dir dir, u16 *own, u16 *public);
bool appgw_books_is_taken(const struct net *net, u16 l3num,
			  const union nf_inet_addr *addr, u16 public,
			  const struct endpoint *own);

#endif /* APPGW_PINHOLE_BOOKS_H */
