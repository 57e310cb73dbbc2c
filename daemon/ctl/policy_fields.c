// SPDX-License-Identifier: GPL-2.0-only
/* Policies: one table for showing them and for setting them. */

#include <stddef.h>

#include "policy_fields.h"

static const char *const policy_sources[] = {
	[APPGW_MEDIA_SOURCE_PORT] = "port",
	[APPGW_MEDIA_SOURCE_ADDRESS] = "address",
	[__APPGW_MEDIA_SOURCE_MAX] = NULL,
};

static const char *const policy_rpc_calls[] = {
	[APPGW_RPC_CALLS_PASS] = "pass",
	[APPGW_RPC_CALLS_DROP] = "drop",
	[__APPGW_RPC_CALLS_MAX] = NULL,
};

static const char *const policy_services[] = {
#define APPGW_DISCOVERY_SERVICE(id, name)	\
	[APPGW_DISCOVERY_ ## id] = name,
#include "../include/appgw/discovery.h"
#undef APPGW_DISCOVERY_SERVICE
	[__APPGW_DISCOVERY_MAX] = NULL,
};

static const char *const policy_kernel_helpers[] = {
#define APPGW_KERNEL_HELPER(id, name)	\
	[APPGW_KERNEL_HELPER_ ## id] = name,
#include "../include/appgw/kernel_helpers.h"
#undef APPGW_KERNEL_HELPER
	[__APPGW_KERNEL_HELPER_MAX] = NULL,
};

const struct policy_field policy_fields[] = {
	{ APPGW_POLICY_LOGIN, "login", POLICY_BOOL, NULL },
	{ APPGW_POLICY_LOOSE, "loose", POLICY_BOOL, NULL },
	{ APPGW_POLICY_FIX_PASV, "fix_pasv", POLICY_BOOL, NULL },
	{ APPGW_POLICY_DRY_RUN, "dry_run", POLICY_BOOL, NULL },
	{ APPGW_POLICY_ATTACH, "attach", POLICY_BOOL, NULL },
#define APPGW_PORT_RANGE(id, name)	\
	{ APPGW_POLICY_ ## id ## _PORTS, name, POLICY_PORTS, NULL },
#include "../include/appgw/port_ranges.h"
#undef APPGW_PORT_RANGE
	{ APPGW_POLICY_QUOTA_HOST, "quota_host", POLICY_NUMBER, NULL },
	{ APPGW_POLICY_QUOTA_TOTAL, "quota_total", POLICY_NUMBER, NULL },
	{ APPGW_POLICY_QUOTA_IPV6_LEN, "quota_ipv6_len", POLICY_BITS, NULL },
	{ APPGW_POLICY_MEDIA_SOURCE, "media_source", POLICY_WORD,
	  policy_sources },
	{ APPGW_POLICY_RPC_PROGRAMS, "rpc_programs", POLICY_NUMBERS, NULL },
	{ APPGW_POLICY_RPC_TIMEOUT, "rpc_timeout", POLICY_NUMBER, NULL },
	{ APPGW_POLICY_RPC_CALLS, "rpc_calls", POLICY_WORD, policy_rpc_calls },
	{ APPGW_POLICY_RPC_CALLBACKS, "rpc_callbacks", POLICY_BOOL, NULL },
	{ APPGW_POLICY_DISCOVERY, "discovery", POLICY_NAMES, policy_services },
	{ APPGW_POLICY_KERNEL_HELPERS, "kernel_helpers", POLICY_NAMES,
	  policy_kernel_helpers },
	{ APPGW_POLICY_FXP, "fxp", POLICY_RANGES, NULL },
	{ 0, NULL, 0, NULL }
};

const struct policy_field policy_server_fields[] = {
	{ APPGW_SERVER_LOOSE, "loose", POLICY_BOOL, NULL },
	{ APPGW_SERVER_PASSIVE_PORTS, "passive_ports", POLICY_PORTS, NULL },
	{ APPGW_SERVER_FTPS_PORTS, "ftps_ports", POLICY_PORTS, NULL },
	{ 0, NULL, 0, NULL }
};
