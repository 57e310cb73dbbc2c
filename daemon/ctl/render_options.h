/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_RENDER_OPTIONS_H
#define APPGWCTL_RENDER_OPTIONS_H

#include "render.h"

/**
 * struct render_options - the options of profile and rules
 * @render: what they say of the router, checked
 * @form: --as
 * @dir: --profiles
 * @is_json: --json
 * @is_iptables: --iptables
 * @first: of argv, the first word that is no option
 */
struct render_options {
	struct render render;
	const char *form;
	const char *dir;
	bool is_json;
	bool is_iptables;
	int first;
};

int render_options(struct render_options *options, const char *taken, int argc,
		   char **argv, char *error);

#endif /* APPGWCTL_RENDER_OPTIONS_H */
