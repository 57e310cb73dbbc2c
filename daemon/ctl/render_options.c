// SPDX-License-Identifier: GPL-2.0-only
/* The options of profile and rules. All of them end up in rules, so each is checked
 * here, and only here.
 */

#include <getopt.h>
#include <string.h>
#include <sys/socket.h>

#include "log.h"
#include "render_options.h"

static bool take_inside(struct render_options *options, const char *text)
{
	struct render *r = &options->render;
	unsigned int i;

	for (i = 0; i < r->inside_count; i++)
		if (!strcmp(r->inside[i], text))
			return false;
	if (r->inside_count == RENDER_INSIDE_MAX || !rule_is_interface(text))
		return false;
	r->inside[r->inside_count++] = text;
	return true;
}

static bool take_outside(struct render_options *options, const char *text)
{
	options->render.outside = text;
	return rule_is_interface(text);
}

static bool take_server(struct render_options *options, const char *text)
{
	struct render *r = &options->render;
	int family = rule_address(text);

	if (!family || r->servers_count == RENDER_SERVERS_MAX)
		return false;
	r->servers[r->servers_count].address = text;
	r->servers[r->servers_count++].family = family;
	return true;
}

static bool take_passive(struct render_options *options, const char *text)
{
	return rule_ports(text, &options->render.passive) &&
	       options->render.passive.low >= 1024;
}

static bool take_table(struct render_options *options, const char *text)
{
	options->render.table = text;
	return rule_is_identifier(text);
}

static bool take_role(struct render_options *options, const char *text)
{
	options->render.is_client_only = !strcmp(text, "client");
	options->render.is_server_only = !strcmp(text, "server");
	return options->render.is_client_only || options->render.is_server_only;
}

static bool take_form(struct render_options *options, const char *text)
{
	options->form = text;
	return true;
}

static bool take_dir(struct render_options *options, const char *text)
{
	options->dir = text;
	return *text;
}

static bool take_json(struct render_options *options, const char *text)
{
	(void)text;
	options->is_json = true;
	return true;
}

static bool take_nft(struct render_options *options, const char *text)
{
	(void)text;
	options->is_iptables = false;
	return true;
}

static bool take_iptables(struct render_options *options, const char *text)
{
	(void)text;
	options->is_iptables = true;
	return true;
}

/* What each takes, and what it must be; @key stands in a command's list of its own. */
static const struct render_option {
	char key;
	const char *name;
	const char *wanted;	/* NULL: no value */
	bool (*take)(struct render_options *options, const char *text);
} render_table[] = {
	{ 'i', "inside", "an interface, named once", take_inside },
	{ 'o', "outside", "an interface", take_outside },
	{ 's', "server", "the address of a host", take_server },
	{ 'p', "passive-ports", "LOW-HIGH from 1024 on", take_passive },
	{ 't', "table", "the name of a table", take_table },
	{ 'r', "role", "client or server", take_role },
	{ 'a', "as", "a firewall", take_form },
	{ 'd', "profiles", "a folder", take_dir },
	{ 'j', "json", NULL, take_json },
	{ 'n', "nft", NULL, take_nft },
	{ 'x', "iptables", NULL, take_iptables },
};

/* Take what an option has been given; return 0, or 1 with @error set. */
static int render_take(struct render_options *options,
		       const struct render_option *option, const char *text,
		       char *error)
{
	char shown[ERROR_TEXT_MAX / 4];

	if (option->take(options, text))
		return 0;
	log_escape(shown, sizeof(shown), text);
	snprintf(error, ERROR_TEXT_MAX, "--%s: \"%s\" is not %s", option->name,
		 shown, option->wanted);
	return 1;
}

/**
 * render_options() - read them
 * @options: set
 * @taken: keys of those that there are
 * @argc: words, of which the first is the command
 * @argv: those; options go to its front
 * @error: ERROR_TEXT_MAX bytes; set if a value is bad
 *
 * Return: 0; 1 if a value is bad, -1 if it isn't an option, which has been told
 */
int render_options(struct render_options *options, const char *taken, int argc,
		   char **argv, char *error)
{
	struct option list[sizeof(render_table) / sizeof(*render_table) + 1];
	const struct render_option *option;
	int c, n = 0, ret;

	memset(list, 0, sizeof(list));
	for (option = render_table; option <
	     render_table + sizeof(render_table) / sizeof(*render_table);
	     option++)
		if (strchr(taken, option->key))
			list[n++] = (struct option){
				option->name,
				option->wanted ? required_argument :
						 no_argument,
				NULL, option - render_table + 1 };
	optind = 0;
	while ((c = getopt_long(argc, argv, "", list, NULL)) != -1) {
		if (c == '?')
			return -1;
		ret = render_take(options, &render_table[c - 1], optarg, error);
		if (ret)
			return ret;
	}
	options->first = optind;
	return 0;
}
