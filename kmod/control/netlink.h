/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_NETLINK_H
#define APPGW_NETLINK_H

int appgw_netlink_init(void);
void appgw_netlink_exit(void);

#endif /* APPGW_NETLINK_H */
