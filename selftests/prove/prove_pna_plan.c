// SPDX-License-Identifier: GPL-2.0-only
/* Prove daemon/pna.c: any payload of so many bytes is read within its bounds, and
 * what a plan is to replace lies in it.
 */

#include "../../daemon/pna.c"
#include "prove.h"

/* A hello with three options, and a reply with its port. */
#define PNA_LEN		24

void prove_inspect(void)
{
	uint8_t buf[PNA_LEN];
	struct packet packet = { .seq = nondet_u32() };
	struct plan plans[PNA_PORTS_MAX];
	unsigned int max = any_size(PNA_PORTS_MAX), n, i = nondet_u32();

	packet.payload = any_span(buf, sizeof(buf));
	n = pna_inspect(&packet, plans, max);
	prove(n <= max);
	given(i < n);
	prove(plans[i].old.len == PNA_PORT_LEN);
	prove(is_inside(plans[i].old, packet.payload));
	prove(plans[i].parts == 1);
}
