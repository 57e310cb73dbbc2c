/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_MSN_MODULE_H
#define SELFTESTS_MSN_MODULE_H

#include "../../../daemon/proto.h"
#include "msn_build.h"

/* As many plans of an announcement, and of a segment, as there may be. */
#define MSN_MODULE_ANNOUNCEMENT_MAX	8
#define MSN_MODULE_PLANS_MAX	64

/* Number of a payload's first byte; the numbers wrap soon behind it. */
#define MSN_MODULE_SEQ		0xfffffff0u

/**
 * struct msn_module - what it knows of a connection
 * @own: the sender's address
 * @public: how others see it; of the same family
 * @add: what is added to a port to get the public one, which wraps to 1024
 */
struct msn_module {
	struct endpoint own;
	struct endpoint public;
	unsigned int add;
};

struct msn_module msn_module_new(const char *own, const char *public,
				 unsigned int add);
unsigned int msn_module_inspect(const struct msn_module *m, struct span payload,
				struct plan *plans, unsigned int max);
size_t msn_module_addr(const struct endpoint *end, char *text, bool reversed);
size_t msn_module_number(char *text, unsigned int v, bool reversed);
bool msn_module_apply(const struct msn_module *m, struct span payload,
		      const struct plan *plans, unsigned int n,
		      struct msn_build *out);

#endif /* SELFTESTS_MSN_MODULE_H */
