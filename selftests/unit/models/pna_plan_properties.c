// SPDX-License-Identifier: GPL-2.0-only
/* What must hold for the plans of every PNA payload, good or bad: for the unit
 * test and the fuzzer.
 */

#include "../../../kmod/protocols/pna_scan.h"
#include "exact.h"
#include "inspect.h"
#include "pna_plan_properties.h"

static bool pna_is_plan(const struct plan *plan, struct span payload)
{
	uint32_t at = plan->edit_seq - PNA_SEQ;

	return plan->has_edit && plan->old.len == 2 &&
	       plan->old.at == payload.at + at && at + 2 <= payload.len &&
	       plan->end.port == (plan->old.at[0] << 8 | plan->old.at[1]) &&
	       plan->end.af == APPGW_AF_NONE && plan->end.port &&
	       plan->owner == APPGW_OWNER_SENDER && plan->ports == 1 &&
	       plan->parts == 1 &&
	       plan->part[0].type == APPGW_PART_PORT_BINARY &&
	       (plan->action == APPGW_PLAN_OPEN ||
		plan->action == APPGW_PLAN_PUBLIC);
}

/* What the module will ask for there has one plan, for the port @behind it. */
static const char *pna_mark_complaint(const struct plan *plan, unsigned int n,
				      unsigned int at, unsigned int behind)
{
	unsigned int i, found = 0;

	for (i = 0; i < n; i++)
		if (plan[i].seq == PNA_SEQ + at) {
			found++;
			if (plan[i].edit_seq != plan[i].seq + behind)
				return "the port is elsewhere";
		}
	return found == 1 ? NULL : "not one plan for an announcement";
}

/* Said by a client at first, or by a server that was asked for its port. */
static const char *pna_scan_complaint(struct span payload, bool client,
				      const struct plan *plan, unsigned int n)
{
	struct pna_session ps = {
		.ended = { false, !client }, .robust = !client,
	};
	struct scan_unit unit;
	const char *complaint;
	unsigned int i;

	if (!payload.len)
		return NULL;
	appgw_pna_read(&ps, client, payload, &unit);
	for (i = 0; unit.len && i < unit.count; i++) {
		/* one below 1024 is refused anyway, if it is seen */
		if (!client && payload.at[13] < 4)
			continue;
		complaint = pna_mark_complaint(plan, n, unit.at[i],
					       client ? 4 : 2);
		if (complaint)
			return complaint;
	}
	return NULL;
}

const char *pna_plan_complaint(struct span payload)
{
	struct plan plan[PNA_PLANS_MAX];
	const char *complaint;
	unsigned int n, i;

	n = inspect_at(&pna_proto, payload, PNA_SEQ, plan, PNA_PLANS_MAX);
	for (i = 0; i < n; i++)
		if (!pna_is_plan(&plan[i], payload))
			return "not a plan";
	for (i = 0; i < n; i++)
		if (inspect_at(&pna_proto, payload, PNA_SEQ, plan, i))
			return "a part of the plans";
	n = inspect_at(&pna_proto, payload, PNA_SEQ, plan, PNA_PLANS_MAX);
	complaint = pna_scan_complaint(payload, true, plan, n);
	return complaint ?: pna_scan_complaint(payload, false, plan, n);
}
