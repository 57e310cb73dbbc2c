// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/pna_scan.c: whatever was said before, any bytes lead to a state that
 * can be gone on from. That is so for each byte alone, so for any number of them;
 * what reads several is shown for so many.
 */

#include "../../kmod/protocols/pna_scan.c"
#include "prove.h"

#define PNA_LEN		8

/* Holds at the beginning, and behind every byte: prove_byte(). */
static bool is_session(const struct pna_session *ps)
{
	if (ps->len[0] > PNA_REPLY_PORT_AT + PNA_PORT_LEN ||
	    ps->head > PNA_HEAD_LEN || ps->len[1] > PNA_HELLO_MAX)
		return false;
	if (ps->over)
		return true;
	if (ps->len[0] == PNA_REPLY_PORT_AT + PNA_PORT_LEN && !ps->ended[0])
		return false;
	if (ps->ended[1])
		return true;
	if (ps->len[1] < PNA_OPTIONS_AT)
		return !ps->head;
	if (ps->len[1] < PNA_OPTIONS_AT + ps->head)
		return false;
	/* what an option is said to have comes to an end in front of the most */
	if (ps->head == PNA_HEAD_LEN)
		return ps->left && (!ps->announces ||
			(ps->left <= PNA_PORT_LEN &&
			 ps->len[1] >= PNA_OPTIONS_AT + PNA_HEAD_LEN +
				       PNA_PORT_LEN - ps->left)) &&
		       ps->len[1] + ps->left + PNA_END_LEN <= PNA_HELLO_MAX;
	return ps->len[1] + PNA_END_LEN - (ps->head == 1) +
	       (ps->head >= 2 ? PNA_HEAD_LEN - ps->head : 0) <= PNA_HELLO_MAX;
}

static struct pna_session any_session(void)
{
	struct pna_session ps;

	given(is_session(&ps));
	return ps;
}

void prove_start(void)
{
	struct pna_session ps = { .over = false };

	prove(is_session(&ps));
}

void prove_byte(void)
{
	struct pna_session ps = any_session();
	bool from_client = nondet_bool();
	uint8_t buf[1];
	struct scan_unit unit;

	pna_unit(&ps, from_client, (struct span){ buf, 1 }, &unit);
	prove(is_session(&ps));
	prove(unit.count <= 1);
	prove(!unit.count || unit.at[0] < ps.len[from_client]);
	prove((unit.why != SCAN_WHY_NONE) <= ps.over);
}

void prove_reading(void)
{
	uint8_t buf[PNA_LEN];
	struct pna_session ps = any_session();
	struct span s = any_span(buf, sizeof(buf));
	bool from_client = nondet_bool();
	struct scan_unit unit;

	if (nondet_bool()) {
		appgw_pna_feed(&ps, from_client, s);
	} else {
		appgw_pna_read(&ps, from_client, s, &unit);
		prove(unit.len <= s.len);
		prove(unit.len || !s.len || unit.safe == -1 || !unit.safe);
		prove(!unit.len || unit.count <= SCAN_ANNOUNCEMENTS_MAX);
	}
	prove(is_session(&ps));
}
