/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_VALUE_H
#define APPGW_GATE_VALUE_H

#include "appgw/endpoint.h"
#include "appgw/value.h"
#include "uapi/linux/nf_appgw.h"

/* Longest value: an IPv6 address in UTF-16 */
#define GATE_VALUE_MAX	(2 * APPGW_ADDR_TEXT_MAX)

const struct appgw_value *appgw_value_of_part(int type, unsigned int *takes);
bool appgw_value_is_good(const struct appgw_value *v);
int appgw_value_write(const struct appgw_value *v, const struct endpoint *end,
		      int growth, char *text);
int appgw_value_fill(const struct appgw_value *v, unsigned int len);

#endif /* APPGW_GATE_VALUE_H */
