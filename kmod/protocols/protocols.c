// SPDX-License-Identifier: GPL-2.0-only
/* The table of protocols: those that the daemon reads, by their numbers, and FTP. */

#include "ftp.h"
#include "protocols.h"
#include "rows.h"

static const struct appgw_helper *const protocols_table[] = {
#define APPGW_PROTOCOL(name)	&appgw_ ## name.helper,
#include "appgw/protocols.h"
#undef APPGW_PROTOCOL
	&appgw_ftp,
};

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
