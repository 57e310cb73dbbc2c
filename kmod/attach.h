/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_ATTACH_H
#define APPGW_ATTACH_H

int appgw_attach_init(void);
void appgw_attach_exit(void);

#endif /* APPGW_ATTACH_H */
