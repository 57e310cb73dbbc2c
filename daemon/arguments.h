/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_ARGUMENTS_H
#define APPGWD_ARGUMENTS_H

#include "config.h"

/**
 * struct arguments - the command line
 * @argc: how many words
 * @argv: words
 * @path: configuration file
 * @is_path_given: it was named, so it must be there
 * @is_check: only say whether the configuration is good
 */
struct arguments {
	int argc;
	char **argv;
	const char *path;
	bool is_path_given;
	bool is_check;
};

void arguments_read(struct arguments *arguments, int argc, char **argv);
int arguments_config(const struct arguments *arguments, struct config *config,
		     char *error);

#endif /* APPGWD_ARGUMENTS_H */
