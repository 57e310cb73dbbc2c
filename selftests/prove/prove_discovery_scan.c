// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/discovery_scan.c: a datagram of so many bytes is read within its
 * bounds, and may be answered for no longer than its header says.
 */

#include "prove.h"

#include "../../kmod/protocols/discovery_scan.c"

/* More than any of these reads */
#define DISCOVERY_LEN	26

static void window(enum discovery_service service)
{
	uint8_t buf[DISCOVERY_LEN];

	prove(appgw_discovery_window_s(service, nondet_u16(),
				       any_span(buf, sizeof(buf))) <=
	      DISCOVERY_WINDOW_MAX_S);
}

void prove_netbios(void)
{
	window(DISCOVERY_NETBIOS);
}

void prove_slp(void)
{
	window(DISCOVERY_SLP);
}

void prove_snmp(void)
{
	window(DISCOVERY_SNMP);
}

void prove_service(void)
{
	uint16_t port = nondet_u16();
	int service = appgw_discovery_service(port);

	prove(service >= -1 && service < DISCOVERY_COUNT);
	prove(service < 0 || discovery_rows[service].port == port);
}
