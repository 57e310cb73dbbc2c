/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_IRC_PROPERTIES_H
#define SELFTESTS_IRC_PROPERTIES_H

#include "../../../include/appgw/endpoint.h"
#include "../../../include/appgw/span.h"

/* Plans asked of a payload. */
#define IRC_PLANS_MAX	16

/* Number of a payload's first byte; the numbers wrap soon behind it. */
#define IRC_SEQ		0xfffffff0u

bool irc_same_endpoint(const struct endpoint *a, const struct endpoint *b);
const char *irc_complaint(struct span text);
const char *irc_inspect_complaint(struct span payload);

#endif /* SELFTESTS_IRC_PROPERTIES_H */
