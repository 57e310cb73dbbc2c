// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/mms_scan.c: what it takes for a funnel or an answer lies in the
 * data, and whatever was said before, any such bytes lead to a state that can be gone
 * on from. What finds messages is proved for any rule: prove_framed.c.
 */

#include "framed_state.h"
#include "../../kmod/protocols/mms_scan.c"

/* A head and one unit more */
#define MMS_LEN		(MMS_HEAD_LEN + MMS_UNIT)

/* Bytes of a message that are read at a time */
#define MMS_STEP_LEN	2

void prove_rule(void)
{
	prove(is_framed_rule(&mms_rule));
	prove(mms_rule.head >= MMS_ID_AT + 4);
}

/* Only a message whose head is there is wanted, so its number can be read. */
void prove_take(void)
{
	uint8_t buf[MMS_LEN];
	struct mms_session ms;
	bool from_client = nondet_bool();
	struct span s = any_span(buf, sizeof(buf));
	struct scan_unit unit = { .count = 0 };

	framed_take(&mms_rule, &ms, from_client, s, &unit);
	prove(unit.count <= 1 && (!unit.count || !unit.at[0]));
	prove(!unit.count || (from_client && s.len >= MMS_HEAD_LEN));
	prove(unit.why == SCAN_WHY_NONE);
}

/* Both directions, anywhere in a conversation */
static bool is_session(const struct mms_session *ms)
{
	return is_framed(&mms_rule, &ms->framed[0]) &&
	       is_framed(&mms_rule, &ms->framed[1]);
}

void prove_read(void)
{
	uint8_t buf[MMS_STEP_LEN];
	struct mms_session ms;
	struct framed was;
	bool from_client = nondet_bool();
	struct span s = any_span(buf, sizeof(buf));
	struct scan_unit unit;

	given(is_session(&ms));
	was = ms.framed[from_client];
	appgw_mms_read(&ms, from_client, s, &unit);
	prove(is_session(&ms));
	prove(unit.len <= s.len);
	if (unit.len || !s.len)
		return;
	prove(is_framed_same(&ms.framed[from_client], &was));
	prove(unit.safe == -1 || !unit.safe);
}
