/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_CROWD_H
#define APPGW_PINHOLE_CROWD_H

#include "tables.h"

void appgw_crowd_come(struct pinhole_net *pn, u16 public);
void appgw_crowd_go(struct pinhole_net *pn, u16 public);
bool appgw_crowd_has(const struct pinhole_net *pn, u16 public);

#endif /* APPGW_PINHOLE_CROWD_H */
