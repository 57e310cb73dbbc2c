/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_MMS_PLAN_PROPERTIES_H
#define SELFTESTS_MMS_PLAN_PROPERTIES_H

#include "../../../daemon/plan.h"

#define MMS_PLANS_MAX	8

/* Number of a payload's first byte; the numbers wrap soon behind it. */
#define MMS_SEQ		0xfffffff0u

/* Longest message that plans are carried out for, and what it may become */
#define MMS_MADE_MAX	(512 + 2 * APPGW_EDIT_MAX)

size_t mms_carry_out(const struct plan *plan, struct span message,
		     const struct endpoint *result, uint8_t *to);
const char *mms_plan_complaint(struct span payload);

#endif /* SELFTESTS_MMS_PLAN_PROPERTIES_H */
