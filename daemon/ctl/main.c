// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl: shows what nf_appgw and appgwd do, and sets the policy. */

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl.h"
#include "log.h"
#include "policy.h"

#define EXIT_USAGE	2

/* Of those that filter_set() knows by their name */
#define OPTION_FILTER	256

/**
 * struct command - what can be asked for
 * @name: first word
 * @words: what may stand behind it, or NULL
 * @help: for the list of commands, a line or more
 * @run: does it, and returns the exit status, or CTL_USAGE
 * @has_filter: takes the options that make a filter
 */
struct command {
	const char *name;
	const char *words;
	const char *help;
	int (*run)(struct ctl *ctl);
	bool has_filter;
};

static const struct command commands[] = {
	{ "status", NULL, "module, daemon and its queues", ctl_status, false },
	{ "flows", NULL, "connections that are looked after", ctl_flows, false },
	{ "pinholes", NULL, "those that are open, or only taken", ctl_pinholes,
	  false },
	{ "events", NULL, "each thing that happens, until interrupted",
	  ctl_events, true },
	{ "explain", "[ADDRESS]", "what has happened, in sentences", ctl_explain,
	  true },
	{ "stats", "[--prometheus]", "counters; all metrics, as Prometheus reads them",
	  ctl_stats, false },
	{ "policy", "get", "in the form that set takes", ctl_policy, false },
	{ "policy", "set NAME=VALUE...", "all of it or nothing", ctl_policy,
	  false },
	{ "policy", "load [FILE]", "the same, of " POLICY_FILE, ctl_policy,
	  false },
	{ "policy", "save [FILE]", "as it is now, in a file for load",
	  ctl_policy, false },
	{ "policy", "diff [FILE]", "what load would change", ctl_policy, false },
};

static void print_usage(FILE *out)
{
	const struct command *command;
	int width;

	fprintf(out, "usage: appgwctl [OPTION...] COMMAND\n\n");
	for (command = commands; command < commands + ARRAY_SIZE(commands);
	     command++) {
		width = fprintf(out, "  %s %s", command->name,
				command->words ? command->words : "");
		fprintf(out, "%*s%s\n", width < 30 ? 30 - width : 1, "",
			command->help);
	}
	fprintf(out,
		"\n"
		"  -j, --json                  the same for programs\n"
		"  -o, --output NAME,...       columns of flows and pinholes\n"
		"  -n, --noheadings            rows alone\n"
		"  --control PATH              default: the daemon's of this namespace\n"
		"  --since WHEN                events and explain: what happened since then\n"
		"  --client ADDRESS, --reason NAME, --type NAME, --helper NAME\n"
		"                              events and explain: those alone\n"
		"  -V, --version, -h, --help\n");
}

/**
 * ctl_fail() - tell of an error
 * @text: what it is
 *
 * Return: the exit status for that
 */
int ctl_fail(const char *text)
{
	fprintf(stderr, "appgwctl: %s\n", text);
	return EXIT_FAILURE;
}

/**
 * ctl_misused() - tell of a command line that makes no sense
 * @text: why
 *
 * Return: the exit status for that
 */
int ctl_misused(const char *text)
{
	ctl_fail(text);
	return EXIT_USAGE;
}

/**
 * ctl_fail_kmod() - tell of the module's last error
 * @ctl: the call
 *
 * Return: the exit status for that
 */
int ctl_fail_kmod(const struct ctl *ctl)
{
	return ctl_fail(ctl->kmod.error == EPERM ?
			"nf_appgw talks to holders of CAP_NET_ADMIN only" :
			ctl->kmod.text);
}

/**
 * ctl_print_json() - print a value on a line of its own
 * @value: of any type
 */
void ctl_print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT);
	printf("\n");
	fflush(stdout);
}

/* Run the command that the first word of @argc names. */
static int run(struct ctl *ctl, int argc, char **argv)
{
	unsigned int i;
	int ret;

	ctl->argc = argc - 1;
	ctl->argv = argv + 1;
	for (i = 0; argc && i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[0], commands[i].name) ||
		    (ctl->argc && !commands[i].words))
			continue;
		if (!commands[i].has_filter && !filter_is_empty(&ctl->filter))
			return ctl_misused("--since and the like are for events and explain");
		ret = commands[i].run(ctl);
		if (ret != CTL_USAGE)
			return ret;
		break;
	}
	print_usage(stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "output", required_argument, NULL, 'o' },
		{ "noheadings", no_argument, NULL, 'n' },
		{ "prometheus", no_argument, NULL, 'p' },
		{ "control", required_argument, NULL, 'c' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ "since", required_argument, NULL, OPTION_FILTER },
		{ "client", required_argument, NULL, OPTION_FILTER },
		{ "reason", required_argument, NULL, OPTION_FILTER },
		{ "type", required_argument, NULL, OPTION_FILTER },
		{ "helper", required_argument, NULL, OPTION_FILTER },
		{ NULL, 0, NULL, 0 }
	};
	struct ctl ctl = { .control = NULL };
	char error[FILTER_ERROR_MAX];
	int c, i;

	while ((c = getopt_long(argc, argv, "jo:nVh", options, &i)) != -1) {
		switch (c) {
		case 'j':
			ctl.is_json = true;
			break;
		case 'o':
			ctl.look.columns = optarg;
			break;
		case 'n':
			ctl.look.has_no_heading = true;
			break;
		case 'p':
			ctl.is_prometheus = true;
			break;
		case 'c':
			ctl.control = optarg;
			break;
		case OPTION_FILTER:
			if (!filter_set(&ctl.filter, options[i].name, optarg,
					time(NULL), error))
				return ctl_misused(error);
			break;
		case 'V':
			printf("appgwctl %s\n", APPGW_VERSION);
			return EXIT_SUCCESS;
		case 'h':
			print_usage(stdout);
			return EXIT_SUCCESS;
		default:
			print_usage(stderr);
			return EXIT_USAGE;
		}
	}
	if (kmod_open(&ctl.kmod))
		return ctl_fail(ctl.kmod.text);
	kmod_find();
	c = run(&ctl, argc - optind, argv + optind);
	kmod_close(&ctl.kmod);
	return c;
}
