/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_MSN_PLAN_PROPERTIES_H
#define SELFTESTS_MSN_PLAN_PROPERTIES_H

#include "msn_module.h"

/**
 * struct msn_lengths - those of a MSG, said plainly
 * @unit: of all of it; 0 if it is none
 * @line: of its line
 * @payload: as the line says
 * @head: of the payload's header
 * @is_invitation: that is what the payload is
 * @is_v1: P2P, of version 1
 * @p2p: its Length
 * @total: its TotalSize
 * @offset: its Offset
 * @content: as Content-Length says, or -1
 * @body: of what that is the length of
 */
struct msn_lengths {
	size_t unit, line, payload, head;
	bool is_invitation, is_v1;
	uint64_t p2p, total, offset;
	long content;
	size_t body;
};

struct msn_lengths msn_lengths_read(const uint8_t *at, size_t len);
bool msn_same_plans(const struct plan *a, const struct plan *b, unsigned int n);
const char *msn_inspect_complaint(const struct msn_module *m,
				  struct span payload);

#endif /* SELFTESTS_MSN_PLAN_PROPERTIES_H */
