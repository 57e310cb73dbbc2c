/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RTSP_PLAN_PROPERTIES_H
#define SELFTESTS_RTSP_PLAN_PROPERTIES_H

#include "../../../daemon/proto.h"

/* Plans asked of a payload, as many as the daemon asks for. */
#define RTSP_PLANS_MAX	64

/* Number of a payload's first byte; the numbers wrap soon behind it. */
#define RTSP_SEQ	0xfffffff0u

bool rtsp_same_plans(const struct plan *a, const struct plan *b,
		     unsigned int n);
const char *rtsp_inspect_complaint(struct span payload);

#endif /* SELFTESTS_RTSP_PLAN_PROPERTIES_H */
