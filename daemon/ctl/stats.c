// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl stats: counters, and all metrics for Prometheus. */

#include <stdlib.h>

#include "ctl.h"
#include "kmod_json.h"
#include "kmod_state.h"
#include "prometheus.h"

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

static int show_stats(struct ctl *ctl)
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

/* Return what of the module's state this process or the daemon is told; null if it isn't
 * loaded.
 */
static json_t *ask_module(struct ctl *ctl, const json_t *daemon)
{
	json_t *module, *stats;

	if (!kmod_find())
		return json_null();
	module = json_module(&ctl->kmod);
	if (json_object_get(module, "stats"))
		return module;
	stats = ctl_ask(ctl, json_stats, daemon, "stats");
	if (stats)
		json_object_set_new(module, "stats", stats);
	return module;
}

/* Succeed without module or daemon, too: that they aren't there is what is told then. */
static int show_prometheus(struct ctl *ctl)
{
	json_t *daemon, *module;
	bool is_elsewhere;
	char *text;

	daemon = daemon_ask(ctl->control, &is_elsewhere);
	module = ask_module(ctl, daemon);
	text = prometheus_text(module, daemon);
	json_decref(module);
	json_decref(daemon);
	if (!text)
		return ctl_fail("no memory");
	fputs(text, stdout);
	free(text);
	return fflush(stdout) ? ctl_fail("can't write that") : EXIT_SUCCESS;
}

/**
 * ctl_stats() - appgwctl stats
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_stats(struct ctl *ctl)
{
	if (ctl->argc)
		return CTL_USAGE;
	return ctl->is_prometheus ? show_prometheus(ctl) : show_stats(ctl);
}
