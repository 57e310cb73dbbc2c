/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PROTOCOLS_TABLE_H
#define APPGW_PROTOCOLS_TABLE_H

void appgw_protocols_init(void);

#endif /* APPGW_PROTOCOLS_TABLE_H */
