// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl policy: what the administrator allows, shown and set. */

#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "log.h"
#include "policy.h"

/**
 * policy_set() - change what is named, all of it or nothing, and print what the kernel
 *	warns of
 * @kmod: the socket
 * @count: how many words
 * @words: as policy_put.c reads them
 * @bad: set on failure: the word whose fault it is, or -1
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int policy_set(struct kmod *kmod, int count, char **words, int *bad,
	       char *error)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_POLICY_SET);

	if (msg && policy_put_all(msg, count, words, bad, error)) {
		nlmsg_free(msg);
		return -1;
	}
	if (!kmod_ask(kmod, msg, NLM_F_ACK, NULL, NULL)) {
		if (*kmod->text)
			fprintf(stderr, "appgwctl: warning: %s\n", kmod->text);
		return 0;
	}
	*bad = policy_blame(count, words, kmod->bad_offset);
	snprintf(error, ERROR_TEXT_MAX, "%s", kmod->text);
	return -1;
}

static void policy_answer(const struct nlattr *attrs, int len, void *arg)
{
	const struct nlattr *nest = nla_find(attrs, len, APPGW_ATTR_POLICY);
	json_t **policy = arg;

	if (nest && !*policy)
		*policy = policy_json(nest);
}

/**
 * policy_get() - the policy as JSON
 * @kmod: the module
 *
 * Return: an object, without what the module doesn't have; NULL with @kmod->error
 * if it can't be had
 */
json_t *policy_get(struct kmod *kmod)
{
	json_t *policy = NULL;

	if (kmod_ask(kmod, kmod_message(APPGW_CMD_POLICY_GET), 0, policy_answer,
		     &policy)) {
		json_decref(policy);
		return NULL;
	}
	return policy ? policy : json_object();
}

/**
 * policy_as_shown() - words as policy_get() would show them
 * @count: how many words
 * @words: as policy_put.c reads them
 * @bad: set on failure: the word whose fault it is
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: an object, or NULL
 */
json_t *policy_as_shown(int count, char **words, int *bad, char *error)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_POLICY_GET);
	json_t *policy = NULL;

	*bad = -1;
	snprintf(error, ERROR_TEXT_MAX, "no memory");
	if (msg && !policy_put_all(msg, count, words, bad, error)) {
		policy_answer(genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0),
			      genlmsg_attrlen(genlmsg_hdr(nlmsg_hdr(msg)), 0),
			      &policy);
		/* an empty nest is none */
		if (!policy)
			policy = json_object();
	}
	nlmsg_free(msg);
	return policy;
}

static int show_policy(struct ctl *ctl)
{
	json_t *policy = policy_get(&ctl->kmod);

	if (!policy)
		return ctl_fail_kmod(ctl);
	if (ctl->is_json)
		ctl_print_json(policy);
	else
		text_policy(stdout, policy);
	json_decref(policy);
	return EXIT_SUCCESS;
}

/* Set policies; with --json, print what the policy is now. */
static int set_policy(struct ctl *ctl, int argc, char **argv)
{
	char error[ERROR_TEXT_MAX];
	int bad;

	if (policy_set(&ctl->kmod, argc, argv, &bad, error))
		return ctl_fail(error);
	return ctl->is_json ? show_policy(ctl) : EXIT_SUCCESS;
}

/* What is done with a file, by its word */
static const struct {
	const char *word;
	int (*run)(struct ctl *ctl, const char *path);
} file_commands[] = {
	{ "load", policy_load },
	{ "save", policy_save },
	{ "diff", policy_diff },
};

/**
 * ctl_policy() - appgwctl policy
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_policy(struct ctl *ctl)
{
	unsigned int i;

	if (ctl->argc == 1 && !strcmp(ctl->argv[0], "get"))
		return show_policy(ctl);
	if (ctl->argc > 1 && !strcmp(ctl->argv[0], "set"))
		return set_policy(ctl, ctl->argc - 1, ctl->argv + 1);
	for (i = 0; i < ARRAY_SIZE(file_commands); i++)
		if ((ctl->argc == 1 || ctl->argc == 2) &&
		    !strcmp(ctl->argv[0], file_commands[i].word))
			return file_commands[i].run(ctl, ctl->argc == 2 ?
						    ctl->argv[1] : POLICY_FILE);
	return CTL_USAGE;
}
