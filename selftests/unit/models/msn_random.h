/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_MSN_RANDOM_H
#define SELFTESTS_MSN_RANDOM_H

#include "msn_build.h"

#define MSN_RANDOM_TEXT_MAX	1000
#define MSN_RANDOM_LINES_MAX	16
#define MSN_RANDOM_LINE_MAX	160

/**
 * struct msn_random_case - a text
 * @own: the sender's address
 * @public: how others see it
 * @add: see struct msn_module
 * @kind: what message it is for
 * @fits: all of it can be done; else it must stay as it is
 * @text: as it comes
 * @becomes: as it leaves
 * @lines: how many of @line
 * @line: its lines so far, in both forms
 */
struct msn_random_case {
	const char *own;
	const char *public;
	unsigned int add;
	enum msn_build_kind kind;
	bool fits;
	char text[MSN_RANDOM_TEXT_MAX];
	char becomes[MSN_RANDOM_TEXT_MAX];
	unsigned int lines;
	char line[MSN_RANDOM_LINES_MAX][2][MSN_RANDOM_LINE_MAX];
};

void msn_random_case(struct msn_random_case *r, uint32_t *random);
void msn_random_text(struct msn_random_case *r, uint32_t *random);

#endif /* SELFTESTS_MSN_RANDOM_H */
