// SPDX-License-Identifier: GPL-2.0-only
/* The command line, which has all options of the file and some more. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"

/* Options that the file has, too, are numbers from here on, in the order of
 * their table.
 */
#define ARGUMENTS_FIRST		256
#define ARGUMENTS_MAX		(CONFIG_OPTIONS_MAX + 4)

#define EXIT_USAGE		2

static void arguments_help(void)
{
	const struct config_option *option;

	printf("usage: appgwd [--config FILE] [--check] --queue N[:M] [OPTION...]\n"
	       "\n"
	       "Reads announcements in connections that nf_appgw looks after.\n"
	       "\n"
	       "  --%-24s%s\n  --%-24s%s\n  --%-24s%s\n  --%-24s%s\n",
	       "config FILE", "default " CONFIG_FILE,
	       "check", "say whether the configuration is good, and end",
	       "version", "say which version this is",
	       "help", "this list");
	printf("\nOptions that may be in the file as well, as NAME = VALUE:\n\n");
	for (option = config_options; option->name; option++) {
		char name[64], help[CONFIG_HELP_MAX];

		snprintf(name, sizeof(name), "%s %s", option->name,
			 option->value);
		config_help(option, help, sizeof(help));
		printf("  --%-24s%s\n", name, help);
	}
}

static void arguments_options(struct option *options)
{
	static const struct option own[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'k' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
	};
	unsigned int i;

	memset(options, 0, ARGUMENTS_MAX * sizeof(*options));
	memcpy(options, own, sizeof(own));
	options += ARRAY_SIZE(own);
	for (i = 0; config_options[i].name; i++) {
		options[i].name = config_options[i].name;
		options[i].has_arg = required_argument;
		options[i].val = ARGUMENTS_FIRST + i;
	}
}

/**
 * arguments_read() - all but the options of the file; ends the program when it
 * makes no sense, or --help or --version ask for no more
 * @arguments: set
 * @argc: of main()
 * @argv: of main()
 */
void arguments_read(struct arguments *arguments, int argc, char **argv)
{
	struct option options[ARGUMENTS_MAX];
	int c;

	memset(arguments, 0, sizeof(*arguments));
	arguments->argc = argc;
	arguments->argv = argv;
	arguments->path = CONFIG_FILE;
	arguments_options(options);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			arguments->path = optarg;
			arguments->is_path_given = true;
			break;
		case 'k':
			arguments->is_check = true;
			break;
		case 'V':
			printf("appgwd %s\n", APPGW_VERSION);
			exit(EXIT_SUCCESS);
		case 'h':
			arguments_help();
			exit(EXIT_SUCCESS);
		case '?':
			fprintf(stderr, "appgwd: see appgwd --help\n");
			exit(EXIT_USAGE);
		}
	}
	if (optind == argc)
		return;
	fprintf(stderr, "appgwd: %s: what is that? See appgwd --help\n",
		argv[optind]);
	exit(EXIT_USAGE);
}

/**
 * arguments_config() - the file, and what the command line says instead
 * @arguments: the command line
 * @config: changed on success
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int arguments_config(const struct arguments *arguments, struct config *config,
		     char *error)
{
	struct option options[ARGUMENTS_MAX];
	struct config found;
	int c;

	config_init(&found);
	if (config_read(&found, arguments->path, error) &&
	    (errno != ENOENT || arguments->is_path_given))
		return -1;
	arguments_options(options);
	/* 0: from the beginning again */
	optind = 0;
	while ((c = getopt_long(arguments->argc, arguments->argv, "", options,
				NULL)) != -1)
		if (c >= ARGUMENTS_FIRST &&
		    config_set(&found, &config_options[c - ARGUMENTS_FIRST],
			       optarg, error))
			return -1;
	if (!found.queues) {
		snprintf(error, ERROR_TEXT_MAX,
			 "queue: neither %s nor --queue names one",
			 arguments->path);
		return -1;
	}
	*config = found;
	return 0;
}
