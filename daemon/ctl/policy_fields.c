// SPDX-License-Identifier: GPL-2.0-only
/* Policies: one table for showing them and for setting them. */

#include <stddef.h>

#include "policy_fields.h"

const char *const policy_sources[__APPGW_MEDIA_SOURCE_MAX] = {
	[APPGW_MEDIA_SOURCE_PORT] = "port",
	[APPGW_MEDIA_SOURCE_ADDRESS] = "address",
};

const struct policy_field policy_fields[] = {
	{ APPGW_POLICY_LOGIN, "login", POLICY_BOOL },
	{ APPGW_POLICY_LOOSE, "loose", POLICY_BOOL },
	{ APPGW_POLICY_FIX_PASV, "fix_pasv", POLICY_BOOL },
	{ APPGW_POLICY_DRY_RUN, "dry_run", POLICY_BOOL },
	{ APPGW_POLICY_ATTACH, "attach", POLICY_BOOL },
#define APPGW_PORT_RANGE(id, name)	\
	{ APPGW_POLICY_ ## id ## _PORTS, name, POLICY_PORTS },
#include "../include/appgw/port_ranges.h"
#undef APPGW_PORT_RANGE
	{ APPGW_POLICY_QUOTA_HOST, "quota_host", POLICY_NUMBER },
	{ APPGW_POLICY_QUOTA_TOTAL, "quota_total", POLICY_NUMBER },
	{ APPGW_POLICY_QUOTA_IPV6_LEN, "quota_ipv6_len", POLICY_BITS },
	{ APPGW_POLICY_MEDIA_SOURCE, "media_source", POLICY_SOURCE },
	{ APPGW_POLICY_FXP, "fxp", POLICY_RANGES },
	{ 0, NULL, 0 }
};

const struct policy_field policy_server_fields[] = {
	{ APPGW_SERVER_LOOSE, "loose", POLICY_BOOL },
	{ APPGW_SERVER_PASSIVE_PORTS, "passive_ports", POLICY_PORTS },
	{ APPGW_SERVER_FTPS_PORTS, "ftps_ports", POLICY_PORTS },
	{ 0, NULL, 0 }
};
