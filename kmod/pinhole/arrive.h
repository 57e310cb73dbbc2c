/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_ARRIVE_H
#define APPGW_PINHOLE_ARRIVE_H

#include "tables.h"

void appgw_arrive_begin(struct pinhole_net *pn, const struct nf_conn *ct);
void appgw_arrive_add(struct pinhole_net *pn, const struct nf_conn *ct,
		      struct pinhole *p);
void appgw_arrive_expire(struct pinhole_net *pn);
void appgw_arrive_exit(struct pinhole_net *pn);
void appgw_arrive_left(const struct nf_conn *ct);

#endif /* APPGW_PINHOLE_ARRIVE_H */
