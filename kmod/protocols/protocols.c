// SPDX-License-Identifier: GPL-2.0-only
/* The table of protocols: those that the daemon reads, by their numbers, and FTP. */

#include "ftp.h"
#include "protocols.h"
#include "rows.h"

#define PROTOCOLS_ROW(name)	&appgw_ ## name.helper,
static const struct appgw_helper *const protocols_table[] = {
	APPGW_PROTOCOLS(PROTOCOLS_ROW)
	&appgw_ftp,
};

static_assert(ARRAY_SIZE(protocols_table) <= APPGW_HELPERS_MAX);

/* Make the table known, before anything else is. */
void appgw_protocols_init(void)
{
	appgw_helper_table(protocols_table, ARRAY_SIZE(protocols_table));
}
