/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_MSN_BUILD_H
#define SELFTESTS_MSN_BUILD_H

#include "../../../include/appgw/span.h"

/* Room for a message. */
#define MSN_BUILD_MAX	8192

/* What a text is put into. */
enum msn_build_kind {
	MSN_BUILD_INVITATION,
	MSN_BUILD_WHOLE,		/* P2P version 1, in one piece */
	MSN_BUILD_FIRST,		/* the first of several pieces */
	MSN_BUILD_LATER,		/* another */
	MSN_BUILD_LAST,		/* the last */
	MSN_BUILD_V2,		/* version 2, in one piece */
	MSN_BUILD_V2_FIRST,
	MSN_BUILD_V2_LAST,
	MSN_BUILD_KINDS
};

/**
 * struct msn_build - a message under way
 * @at: its bytes
 * @len: how many
 */
struct msn_build {
	uint8_t at[MSN_BUILD_MAX];
	size_t len;
};

void msn_build_add(struct msn_build *b, const void *data, size_t len);
void msn_build_text(struct msn_build *b, const char *text);
bool msn_build_is_fixed(enum msn_build_kind kind);
void msn_build_p2p(struct msn_build *b, enum msn_build_kind kind,
		   const struct msn_build *slp);
void msn_build_msg(struct msn_build *b, const struct msn_build *payload);
void msn_build_message(struct msn_build *b, enum msn_build_kind kind,
		       const char *text);

#endif /* SELFTESTS_MSN_BUILD_H */
