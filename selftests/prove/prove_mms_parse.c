// SPDX-License-Identifier: GPL-2.0-only
/* Prove daemon/mms_parse.c: a message of so many bytes is read within its bounds, and what
 * is found lies in it.
 */

#include "copy_promise.h"
#include "../../daemon/mms_parse.c"

/* A name of so many characters */
#define MMS_NAME_LEN	12

void prove_funnel(void)
{
	uint8_t buf[MMS_FUNNEL_AT + MMS_CHAR_LEN * MMS_NAME_LEN];
	struct span in = any_span(buf, sizeof(buf));
	struct mms_funnel f;

	/* as mms_next() finds it */
	given(in.len >= MMS_HEAD_LEN);
	if (mms_parse_funnel(in, &f) != MMS_UDP)
		return;
	prove(is_inside(f.addr, in));
	prove(is_inside(f.port, in));
	prove(is_rest(f.rest, in));
	prove(f.addr.at + f.addr.len < f.port.at);
	prove(f.port.at + f.port.len == f.rest.at);
	prove(f.end.port <= APPGW_PORT_MAX);
}
