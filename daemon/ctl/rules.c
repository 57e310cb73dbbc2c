// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl rules: strict rules for what the module helps now, asked from it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "policy.h"
#include "log.h"
#include "render_options.h"
#include "rules.h"

#define RULES_PARAMETERS	"/sys/module/nf_appgw/parameters"
/* Longest list of ports in a parameter */
#define RULES_LIST_MAX		256

/* Read the ports of one helper: FTP's parameter is the one without a name before it.
 * Return 0, or -1 with errno set.
 */
static int rules_read_ports(struct rules_helper *helper, const char *name)
{
	bool is_ftp = !strcmp(name, "ftp");
	char text[RULES_LIST_MAX] = "";
	char path[RULES_LIST_MAX];
	FILE *file;
	int count;

	snprintf(path, sizeof(path), RULES_PARAMETERS "/%s%sports",
		 is_ftp ? "" : name, is_ftp ? "" : "_");
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (!fgets(text, sizeof(text), file))
		*text = '\0';
	fclose(file);
	errno = EINVAL;
	count = rule_ports_list(text, helper->ports, RULES_PORTS_MAX);
	helper->count = count < 0 ? 0 : count;
	return count < 0 ? -1 : 0;
}

/* Ask for all helpers; one that this module hasn't got is passed over. */
static int rules_read(struct rules *rules, char *error)
{
	const struct profile_helper *helper = profile_helpers;
	struct rules_helper *found;

	for (; helper->name; helper++) {
		found = &rules->helpers[rules->count];
		found->helper = helper;
		if (!rules_read_ports(found, helper->name)) {
			rules->count += !!found->count;
		} else if (errno != ENOENT) {
			snprintf(error, ERROR_TEXT_MAX,
				 RULES_PARAMETERS ": ports of %s: %s",
				 helper->name, strerror(errno));
			return -1;
		}
	}
	if (rules->count)
		return 0;
	snprintf(error, ERROR_TEXT_MAX, "nf_appgw has no ports to help at");
	return -1;
}

/* Keep what the policy says of ports: "passive_ports=50000-50999 ". */
static void rules_policy(struct rules *rules, const json_t *policy)
{
	static const char *const names[] = {
#define APPGW_PORT_RANGE(id, name)	name,
#include "../include/appgw/port_ranges.h"
#undef APPGW_PORT_RANGE
	};
	size_t i, len = 0;
	const char *text;

	rules->attaches = json_is_true(json_object_get(policy, "attach"));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		text = json_string_value(json_object_get(policy, names[i]));
		if (text && *text && len < sizeof(rules->policy))
			len += snprintf(rules->policy + len,
					sizeof(rules->policy) - len, "%s=%s ",
					names[i], text);
	}
}

/**
 * rules_head() - write, as comments, what follows, and what else is to be done
 * @rules: what the module does
 * @form: what it is for
 */
void rules_head(const struct rules *rules, const char *form)
{
	FILE *out = rules->r->out;

	fprintf(out,
		"# appgwctl %s rules: for %s\n"
		"#\n"
		"# What nf_appgw helps now, and nothing else: it must be loaded before these rules are.\n",
		APPGW_VERSION, form);
	if (*rules->policy)
		fprintf(out, "# policy: %s\n", rules->policy);
	if (rules->attaches)
		fprintf(out,
			"# The module still takes on connections with any server by itself (attach=1). For those\n"
			"# that rules name alone:  appgwctl policy set attach=0\n");
	else
		fprintf(out,
			"# Connections are taken on where a rule says so (attach=0).\n");
	if (!rules->r->servers_count)
		fprintf(out,
			"# No --server is named: servers are all that listen on those ports.\n");
	fprintf(out, "\n");
}

static int rules_print(struct ctl *ctl, const struct render_options *options)
{
	struct rules rules = { .r = &options->render };
	char error[ERROR_TEXT_MAX];
	json_t *policy;

	if (!kmod_number())
		return ctl_fail(KMOD_ABSENT);
	policy = policy_get(&ctl->kmod);
	if (!policy)
		return ctl_fail_kmod(ctl);
	rules_policy(&rules, policy);
	json_decref(policy);
	if (rules_read(&rules, error))
		return ctl_fail(error);
	if (options->is_iptables)
		rules_iptables(&rules);
	else
		rules_nft(&rules);
	return EXIT_SUCCESS;
}

/**
 * ctl_rules() - appgwctl rules
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_rules(struct ctl *ctl)
{
	struct render_options options = { .render.out = stdout };
	const struct render *r = &options.render;
	char error[ERROR_TEXT_MAX];
	int ret;

	ctl->argv[-1] = (char *)"appgwctl";
	ret = render_options(&options, "iosnx", ctl->argc + 1, ctl->argv - 1,
			     error);
	if (ret > 0)
		return ctl_fail(error);
	if (ret < 0 || options.first != ctl->argc + 1)
		return CTL_USAGE;
	if (r->inside_count != 1 || !r->outside)
		return ctl_fail("rules takes one --inside and one --outside");
	return rules_print(ctl, &options);
}
