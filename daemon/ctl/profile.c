// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl profile: what services need of a firewall, and rules for that. */

#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "log.h"
#include "profile_list.h"
#include "render_options.h"

static const struct render_form profile_forms[] = {
	{ "nft", true, false, false, render_nft },
	{ "iptables", true, false, false, render_iptables },
	{ "fw4", true, true, false, render_fw4 },
	{ "firewalld", false, false, true, render_firewalld },
	{ "ufw", false, false, false, render_ufw },
	{ "shorewall", false, false, true, render_shorewall },
};

static int profile_compare(const void *a, const void *b)
{
	const struct profile *first = a, *second = b;

	return strcmp(first->name, second->name);
}

/* Print the names and titles of all. */
static int profile_names(const struct render_options *options)
{
	unsigned int i, count = 0;
	struct profile *profiles;
	char error[ERROR_TEXT_MAX];
	json_t *list;

	if (profile_list(options->dir, &profiles, &count, error))
		return ctl_fail(error);
	qsort(profiles, count, sizeof(*profiles), profile_compare);
	list = json_array();
	for (i = 0; i < count; i++) {
		if (options->is_json)
			json_array_append_new(list, profile_json(&profiles[i]));
		else
			printf("%-14s %s\n", profiles[i].name,
			       profiles[i].title);
	}
	if (options->is_json)
		ctl_print_json(list);
	json_decref(list);
	free(profiles);
	return EXIT_SUCCESS;
}

/* Read one by its name. */
static int profile_named(const struct render_options *options,
			 const char *name, struct profile *profile, char *error)
{
	char shown[ERROR_TEXT_MAX / 4];
	char *path;
	int ret;

	if (!rule_is_name(name)) {
		log_escape(shown, sizeof(shown), name);
		snprintf(error, ERROR_TEXT_MAX,
			 "\"%s\" is no name of a profile", shown);
		return -1;
	}
	if (asprintf(&path, "%s/%s.profile", options->dir, name) < 0)
		return -1;
	ret = profile_read(profile, path, error);
	free(path);
	return ret;
}

static int profile_show(const struct render_options *options, const char *name)
{
	char error[ERROR_TEXT_MAX];
	struct profile *profile = calloc(1, sizeof(*profile));
	json_t *json;
	int ret;

	if (!profile)
		return ctl_fail("no memory");
	ret = profile_named(options, name, profile, error);
	if (ret) {
		ret = ctl_fail(error);
	} else if (options->is_json) {
		json = profile_json(profile);
		ctl_print_json(json);
		json_decref(json);
	} else {
		profile_text(profile);
	}
	free(profile);
	return ret;
}

/* Print a helper for firewalld, with the ports that profiles have it at. */
static int profile_helper_xml(const struct render_options *options,
			      const char *name)
{
	struct profile *profiles;
	char error[ERROR_TEXT_MAX];
	unsigned int count = 0;
	bool is_there;

	if (profile_list(options->dir, &profiles, &count, error))
		return ctl_fail(error);
	is_there = render_helper(stdout, name, profiles, count);
	free(profiles);
	return is_there ? EXIT_SUCCESS :
			  ctl_fail("nf_appgw has no helper of that name");
}

/* fw4's zones become parts of names. */
static const char *profile_bad_zone(const struct render *r)
{
	unsigned int i;

	for (i = 0; i < r->inside_count; i++)
		if (!rule_is_identifier(r->inside[i]))
			return r->inside[i];
	return r->outside && !rule_is_identifier(r->outside) ? r->outside :
								NULL;
}

/* Find the form that is asked for; NULL with @error set. */
static const struct render_form *
profile_form(const struct render_options *options, char *error)
{
	const char *name = options->form ? options->form : "";
	const struct render_form *form;
	char shown[ERROR_TEXT_MAX / 4];

	for (form = profile_forms;
	     form < profile_forms + ARRAY_SIZE(profile_forms); form++) {
		if (strcmp(form->name, name))
			continue;
		if (!form->is_of_zones || !profile_bad_zone(&options->render))
			return form;
		snprintf(error, ERROR_TEXT_MAX, "%s is not the name of a zone",
			 profile_bad_zone(&options->render));
		return NULL;
	}
	log_escape(shown, sizeof(shown), name);
	snprintf(error, ERROR_TEXT_MAX,
		 "--as: \"%s\" is not nft, iptables, fw4, firewalld, ufw or shorewall",
		 shown);
	return NULL;
}

static int profile_render(struct render_options *options, int argc, char **argv)
{
	struct profile *profiles = calloc(argc, sizeof(*profiles));
	const struct render_form *form;
	char error[ERROR_TEXT_MAX];
	int i, ret = 0;

	form = profile_form(options, error);
	if (!profiles || !form)
		ret = -1;
	for (i = 0; !ret && i < argc; i++)
		ret = profile_named(options, argv[i], &profiles[i], error);
	options->render.profiles = profiles;
	options->render.count = argc;
	options->render.out = stdout;
	if (!ret && options->render.servers_count > 1) {
		snprintf(error, ERROR_TEXT_MAX, "a profile takes one --server");
		ret = -1;
	}
	if (!ret)
		ret = render_profiles(&options->render, form, error);
	free(profiles);
	return ret ? ctl_fail(error) : EXIT_SUCCESS;
}

/**
 * ctl_profile() - appgwctl profile
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_profile(struct ctl *ctl)
{
	struct render_options options = {
		.dir = APPGW_PROFILES,
		.is_json = ctl->is_json,
		.render.table = "filter",
	};
	char error[ERROR_TEXT_MAX];
	int argc, ret;
	char **argv;

	ctl->argv[-1] = (char *)"appgwctl";
	ret = render_options(&options, "iosptradj", ctl->argc + 1,
			     ctl->argv - 1, error);
	if (ret)
		return ret < 0 ? CTL_USAGE : ctl_fail(error);
	argv = ctl->argv - 1 + options.first;
	argc = ctl->argc + 1 - options.first;
	if (argc == 1 && !strcmp(argv[0], "list"))
		return profile_names(&options);
	if (argc == 2 && !strcmp(argv[0], "show"))
		return profile_show(&options, argv[1]);
	if (argc == 2 && !strcmp(argv[0], "helper"))
		return profile_helper_xml(&options, argv[1]);
	if (argc > 1 && argc <= RENDER_PROFILES_MAX &&
	    !strcmp(argv[0], "render"))
		return profile_render(&options, argc - 1, argv + 1);
	return CTL_USAGE;
}
