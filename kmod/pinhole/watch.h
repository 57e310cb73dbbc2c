/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_WATCH_H
#define APPGW_PINHOLE_WATCH_H

#include "tables.h"

void appgw_watch_add(struct pinhole_net *pn, struct pinhole *p);
void appgw_watch_init(struct pinhole_net *pn);
void appgw_watch_exit(struct pinhole_net *pn);

#endif /* APPGW_PINHOLE_WATCH_H */
