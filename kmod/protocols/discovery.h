/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_DISCOVERY_ROW_H
#define APPGW_DISCOVERY_ROW_H

#include "helper/helper.h"

extern const struct appgw_helper appgw_discovery;

int appgw_discovery_init(void);
void appgw_discovery_exit(void);

#endif /* APPGW_DISCOVERY_ROW_H */
