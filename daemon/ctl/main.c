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

/* Of a command: it takes the options that make a filter; reads options of its own, which
 * stand behind its name; has nothing to ask the module.
 */
#define HAS_FILTER	0x1
#define HAS_OPTIONS	0x2
#define IS_OFFLINE	0x4

/**
 * struct command - what can be asked for
 * @name: first word
 * @words: what may stand behind it, or NULL
 * @help: for the list of commands, a line or more
 * @run: does it, and returns the exit status, or CTL_USAGE
 * @flags: HAS_... and IS_...
 */
struct command {
	const char *name;
	const char *words;
	const char *help;
	int (*run)(struct ctl *ctl);
	unsigned int flags;
};

static const struct command commands[] = {
	{ "status", NULL, "module, daemon and its queues", ctl_status, 0 },
	{ "flows", NULL, "connections that are looked after", ctl_flows, 0 },
	{ "pinholes", NULL, "those that are open, or only taken", ctl_pinholes,
	  0 },
	{ "events", NULL, "each thing that happens, until interrupted",
	  ctl_events, HAS_FILTER },
	{ "explain", "[ADDRESS]", "what has happened, in sentences", ctl_explain,
	  HAS_FILTER },
	{ "stats", NULL, "counters", ctl_stats, 0 },
	{ "doctor", NULL, "why transfers fail, and what to type", ctl_doctor, 0 },
	{ "policy", "get", "in the form that set takes", ctl_policy, 0 },
	{ "policy", "set NAME=VALUE...", "all of it or nothing", ctl_policy, 0 },
	{ "policy", "load [FILE]", "the same, of " POLICY_FILE, ctl_policy, 0 },
	{ "policy", "save [FILE]", "as it is now, in a file for load",
	  ctl_policy, 0 },
	{ "policy", "diff [FILE]", "what load would change", ctl_policy, 0 },
	{ "profile", "list|show NAME", "what services need of a firewall",
	  ctl_profile, HAS_OPTIONS | IS_OFFLINE },
	{ "profile", "render NAME...", "rules for that, --as a firewall's",
	  ctl_profile, HAS_OPTIONS | IS_OFFLINE },
	{ "profile", "helper NAME", "one of ours, as firewalld takes it",
	  ctl_profile, HAS_OPTIONS | IS_OFFLINE },
	{ "rules", "OPTION...", "strict rules for what is helped now",
	  ctl_rules, HAS_OPTIONS },
	{ "watch", "HOST", "what a host tries, and what stops it", ctl_watch,
	  HAS_OPTIONS },
	{ "top", "[OPTION...]", "flows and pinholes, each second", ctl_top,
	  HAS_OPTIONS },
};

/* An option that is for some commands alone names them first, as completion knows. */
static const char options_help[] =
	"  -j, --json                  the same for programs\n"
	"  -o, --output NAME,...       flows, pinholes: columns\n"
	"  -n, --noheadings            flows, pinholes: rows alone\n"
	"  --control PATH              daemon's socket, by default of this namespace\n"
	"  --prometheus                stats: all metrics, as Prometheus reads them\n"
	"  --since WHEN                events, explain: what has happened since then\n"
	"  --client ADDRESS            events, explain: of that one's connections\n"
	"  --reason NAME               events, explain: for that reason\n"
	"  --type NAME                 events, explain: of that type\n"
	"  --helper NAME               events, explain: of that protocol\n"
	"  --as FIREWALL               profile: nft, iptables, firewalld, ufw, ...\n"
	"  --profiles DIR              profile, watch: where they are\n"
	"  --role ROLE                 profile: client or server\n"
	"  --table NAME                profile: of nftables, where rules go\n"
	"  --passive-ports LOW-HIGH    profile: of an FTP server\n"
	"  --inside INTERFACE          profile, rules: to the hosts that are helped\n"
	"  --outside INTERFACE         profile, rules: to all others\n"
	"  --server ADDRESS            profile, rules: that one\n"
	"  --nft, --iptables           rules: for which\n"
	"  --for TIME                  watch: end then\n"
	"  --allow                     watch: let the host connect meanwhile\n"
	"  --yes                       watch: and that is meant\n"
	"  --print-rule                watch: one that logs what is dropped\n"
	"  --interval SECONDS          top: between two looks\n"
	"  --once                      top: print it, and end\n"
	"  --sort COLUMN               top: by that one\n"
	"  -V, --version, -h, --help\n";

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
	fprintf(out, "\n%s", options_help);
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

/* Find the command that a word names; with @words, one that takes some, or not. */
static const struct command *find(const char *word, int words)
{
	const struct command *command;

	for (command = commands; word && command < commands +
	     ARRAY_SIZE(commands); command++)
		if (!strcmp(word, command->name) && (!words || command->words))
			return command;
	return NULL;
}

static int run_online(struct ctl *ctl, const struct command *command)
{
	int ret;

	if (kmod_open(&ctl->kmod))
		return ctl_fail(ctl->kmod.text);
	kmod_find();
	ret = command->run(ctl);
	kmod_close(&ctl->kmod);
	return ret;
}

/* Run the command that the first word of @argc names. */
static int run(struct ctl *ctl, int argc, char **argv)
{
	const struct command *command = find(argv[0], argc - 1);
	int ret = CTL_USAGE;

	ctl->argc = argc - 1;
	ctl->argv = argv + 1;
	if (command && !(command->flags & HAS_FILTER) &&
	    !filter_is_empty(&ctl->filter))
		return ctl_misused("--since and the like are for events and explain");
	if (command)
		ret = command->flags & IS_OFFLINE ? command->run(ctl) :
						    run_online(ctl, command);
	if (ret != CTL_USAGE)
		return ret;
	print_usage(stderr);
	return EXIT_USAGE;
}

/* What read_options() returns where there is a command to be run */
#define OPTIONS_READ	(-1)

/* Read options, as far as @letters lets them stand; return an exit status, or
 * OPTIONS_READ.
 */
static int read_options(struct ctl *ctl, int argc, char **argv,
			const char *letters)
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
	char error[FILTER_ERROR_MAX];
	int c, i;

	optind = 0;
	while ((c = getopt_long(argc, argv, letters, options, &i)) != -1) {
		switch (c) {
		case 'j':
			ctl->is_json = true;
			break;
		case 'o':
			ctl->look.columns = optarg;
			break;
		case 'n':
			ctl->look.has_no_heading = true;
			break;
		case 'p':
			ctl->is_prometheus = true;
			break;
		case 'c':
			ctl->control = optarg;
			break;
		case OPTION_FILTER:
			if (!filter_set(&ctl->filter, options[i].name, optarg,
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
	return OPTIONS_READ;
}

int main(int argc, char **argv)
{
	struct ctl ctl = { .control = NULL };
	const struct command *command;
	int ret;

	/* those in front of the command and, unless it reads them itself, behind it */
	ret = read_options(&ctl, argc, argv, "+jo:nVh");
	command = find(argv[optind], 0);
	if (ret == OPTIONS_READ &&
	    !(command && command->flags & HAS_OPTIONS)) {
		argc -= optind - 1;
		argv += optind - 1;
		ret = read_options(&ctl, argc, argv, "jo:nVh");
	}
	return ret == OPTIONS_READ ? run(&ctl, argc - optind, argv + optind) :
				     ret;
}
