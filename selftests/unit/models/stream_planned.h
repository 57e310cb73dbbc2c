/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_STREAM_PLANNED_H
#define SELFTESTS_STREAM_PLANNED_H

#include "stream_talk.h"

/* More than elsewhere, as protocols want whose units are longer. */
#define PLANNED_HOLD_MAX	(STREAM_HOLD_MAX + 200)

unsigned int planned_hold(void *ctx);
size_t planned_unit(void *ctx, struct span rest);
extern const struct stream_user planned_user;

#endif /* SELFTESTS_STREAM_PLANNED_H */
