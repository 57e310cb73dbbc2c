/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_IRC_MODEL_H
#define SELFTESTS_IRC_MODEL_H

#include "../../../kmod/protocols/irc_scan.h"

#define IRC_MODEL_FOUND_MAX	8

struct irc_model {
	bool client, server;	/* has begun as one of IRC */
	bool registered, starttls, any_time, over;
};

/**
 * struct irc_model_answer - what becomes of a line
 * @count: announcements that count
 * @at: where they are
 * @why: reason to refuse or to stop
 */
struct irc_model_answer {
	unsigned int count;
	size_t at[IRC_MODEL_FOUND_MAX];
	enum scan_why why;
};

const char *irc_model_step(struct irc_model *m, struct irc_session *is,
			   bool client, struct span line, bool every,
			   uint32_t *random, struct irc_model_answer *got);

#endif /* SELFTESTS_IRC_MODEL_H */
