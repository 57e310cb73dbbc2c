/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTPS_H
#define APPGW_FTPS_H

#include <linux/types.h>

struct appgw_policy;
struct appgw_session;
struct net;

void appgw_ftps_enter(struct appgw_session *s);
void appgw_ftps_leave(const struct net *net, struct appgw_session *s);
int appgw_ftps_policy(struct net *net, const struct appgw_policy *policy);

int appgw_ftps_init(void);
void appgw_ftps_exit(void);

#endif /* APPGW_FTPS_H */
