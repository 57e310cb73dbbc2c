/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_LASTING_H
#define APPGW_PINHOLE_LASTING_H

#include "tables.h"

struct appgw_session;

struct pinhole *appgw_lasting_find(const struct pinhole_net *pn,
				   const struct pinhole_request *req);
struct pinhole *appgw_lasting_find_rival(const struct pinhole_net *pn,
					 const struct pinhole_request *req);
void appgw_lasting_opened(struct pinhole_net *pn, struct pinhole *p,
			  const struct pinhole_request *req,
			  struct nf_conntrack_expect *exp);
bool appgw_lasting_prolong(struct pinhole_net *pn, struct pinhole *p);
void appgw_lasting_came(struct pinhole_net *pn, struct pinhole *p,
			struct nf_conn *ct);
bool appgw_lasting_is_in_use(const struct pinhole *p);
void appgw_lasting_drop(struct pinhole *p);
void appgw_lasting_keep(struct appgw_session *s, struct nf_conn *ct);

#endif /* APPGW_PINHOLE_LASTING_H */
