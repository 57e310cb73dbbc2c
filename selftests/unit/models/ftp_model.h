/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_FTP_MODEL_H
#define SELFTESTS_FTP_MODEL_H

#include "../../../kmod/protocols/ftp_session.h"
#include "../../../kmod/protocols/ftp_talk.h"

/* Commands that wait. */
#define FTP_MODEL_PENDING_MAX	4608

#define FTP_MODEL_VERB_MAX	7

/**
 * struct ftp_model_command - a command that waits for its answer
 * @verb: empty for one that nobody knows
 * @all: EPSV ALL
 * @opened: the pinhole there is
 * @known: its answer matters
 * @endless: any number of others
 */
struct ftp_model_command {
	char verb[FTP_MODEL_VERB_MAX + 1];
	bool all, opened, known, endless;
};

struct ftp_model {
	struct ftp_model_command pending[FTP_MODEL_PENDING_MAX];
	int count;
	bool any_time, greeted, talking, logged_in, over, hello, all;
	bool inside, inside_greeting, begun, transfer, agreed, doubt;
	bool auth, auth_refused;
	int inside_code, preface;
};

/* What is to be done about a line, and why. */
struct ftp_model_answer {
	enum ftp_do what;
	enum scan_why why;
};

const char *ftp_model_step(struct ftp_model *m, struct ftp_session *fs,
			   struct span text, bool command,
			   struct ftp_model_answer *got);

#endif /* SELFTESTS_FTP_MODEL_H */
