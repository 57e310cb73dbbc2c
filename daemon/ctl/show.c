// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl flows, pinholes and stats: what the module has at this moment. */

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

/* Add up the counters of all queues. */
static json_t *sum_workers(const json_t *daemon)
{
	static const char *const names[] = {
		"packets", "bytes", "plans", "done", "unread", "malformed",
	};
	json_t *sums = json_object(), *worker;
	json_int_t sum;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		sum = 0;
		json_array_foreach(json_object_get(daemon, "queues"), j, worker)
			sum += json_integer_value(json_object_get(worker,
								  names[i]));
		json_object_set_new(sums, names[i], json_integer(sum));
	}
	return sums;
}

/**
 * ctl_stats() - appgwctl stats
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_stats(struct ctl *ctl)
{
	json_t *daemon, *module, *stats;
	bool is_elsewhere;

	daemon = daemon_ask(ctl->control, &is_elsewhere);
	module = ctl_ask(ctl, json_stats, daemon, "stats");
	if (!module) {
		json_decref(daemon);
		return ctl_fail_kmod(ctl);
	}
	stats = json_pack("{so so*}", "module", module, "daemon",
			  json_is_object(daemon) ? sum_workers(daemon) : NULL);
	if (ctl->is_json)
		ctl_print_json(stats);
	else
		text_stats(stats);
	json_decref(stats);
	json_decref(daemon);
	return EXIT_SUCCESS;
}
