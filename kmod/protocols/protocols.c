// SPDX-License-Identifier: GPL-2.0-only
/* The table of protocols: those that the daemon reads, by their numbers, and those that
 * the module decides itself.
 */

#include <linux/module.h>

#include "discovery.h"
#include "ftp.h"
#include "protocols.h"
#include "rows.h"

static const struct appgw_helper *const protocols_table[] = {
#define APPGW_PROTOCOL(name)	&appgw_ ## name.helper,
#include "appgw/protocols.h"
#undef APPGW_PROTOCOL
	&appgw_discovery,
	&appgw_ftp,
};

/* firewalld's helpers name their module so, and no others are taken. Nothing in the kernel
 * asks for these; "nfct-helper-" would be what users of their own namespaces can have
 * it ask for, so that there is none.
 */
#define APPGW_PROTOCOL(name)	MODULE_ALIAS("nf_conntrack_appgw_" #name);
#include "appgw/protocols.h"
#undef APPGW_PROTOCOL
MODULE_ALIAS("nf_conntrack_appgw_ftp");

static_assert(ARRAY_SIZE(protocols_table) <= APPGW_HELPERS_MAX);

/**
 * appgw_protocols_init() - make the table of protocols known
 *
 * To be called before anything else.
 */
void appgw_protocols_init(void)
{
	appgw_helper_table(protocols_table, ARRAY_SIZE(protocols_table));
}
