// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl flows and pinholes: what the module has at this moment. */

#include <stdlib.h>

#include "ctl.h"
#include "kmod_json.h"

/* Print rows by @text, which returns 0, or -1 after it has told of an error. */
static int show_rows(struct ctl *ctl, json_t *rows,
		     int (*text)(const json_t *rows,
				 const struct table_look *look))
{
	int ret = 0;

	if (!rows)
		return ctl_fail_kmod(ctl);
	if (ctl->is_json)
		ctl_print_json(rows);
	else
		ret = text(rows, &ctl->look);
	json_decref(rows);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

/**
 * ctl_flows() - appgwctl flows
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_flows(struct ctl *ctl)
{
	return show_rows(ctl, json_flows(&ctl->kmod), text_flows);
}

/**
 * ctl_pinholes() - appgwctl pinholes
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_pinholes(struct ctl *ctl)
{
	return show_rows(ctl, json_pinholes(&ctl->kmod), text_pinholes);
}
