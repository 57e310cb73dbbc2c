/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_PNA_PLAN_PROPERTIES_H
#define SELFTESTS_PNA_PLAN_PROPERTIES_H

#include "../../../include/appgw/span.h"

#define PNA_PLANS_MAX	8

/* Number of a payload's first byte; the numbers wrap soon behind it. */
#define PNA_SEQ		0xfffffff0u

const char *pna_plan_complaint(struct span payload);

#endif /* SELFTESTS_PNA_PLAN_PROPERTIES_H */
