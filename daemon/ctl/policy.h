/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_POLICY_H
#define APPGWCTL_POLICY_H

#include <jansson.h>

#include "ctl.h"

#define POLICY_FILE		"/etc/nf_appgw/policy.conf"

/* Most bytes of a file, and policies and servers in it. */
#define POLICY_FILE_MAX		(64 << 10)
#define POLICY_WORDS_MAX	128

/**
 * struct policy_words - what a file sets
 * @count: how many
 * @words: NAME=VALUE, each name once, and [ADDRESS] before those for a server
 * @lines: where each stands
 * @text: in which the words are
 */
struct policy_words {
	int count;
	char *words[POLICY_WORDS_MAX + 1];
	unsigned int lines[POLICY_WORDS_MAX + 1];
	char *text;
};

/* policy.c */
int policy_set(struct kmod *kmod, int count, char **words, int *bad,
	       char *error);
json_t *policy_get(struct kmod *kmod);
json_t *policy_as_shown(int count, char **words, int *bad, char *error);

/* policy_put.c: into messages */
int policy_put_all(struct nl_msg *msg, int count, char **words, int *bad,
		   char *error);
int policy_blame(int count, char **words, uint32_t offset);

/* policy_show.c: out of them */
json_t *policy_json(const struct nlattr *nest);

/* policy_words.c: a file, without its meaning */
int policy_words_read(struct policy_words *words, const char *path,
		      char *error);
void policy_words_free(struct policy_words *words);

/* policy_file.c: appgwctl policy load, save and diff */
int policy_load(struct ctl *ctl, const char *path);
int policy_save(struct ctl *ctl, const char *path);
int policy_diff(struct ctl *ctl, const char *path);

#endif /* APPGWCTL_POLICY_H */
