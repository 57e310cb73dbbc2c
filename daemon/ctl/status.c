// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl status: module, daemon and its queues. */

#include <stdlib.h>

#include "ctl.h"
#include "kmod_json.h"

/* How things are, as exit status */
enum {
	EXIT_NO_MODULE = 1,
	EXIT_NO_DAEMON,
	EXIT_STUCK,
};

static bool has_stuck_worker(const json_t *daemon)
{
	json_t *worker;
	size_t i;

	json_array_foreach(json_object_get(daemon, "queues"), i, worker)
		if (!json_is_true(json_object_get(worker, "alive")))
			return true;
	return false;
}

/* Judge what "status" has found; return its exit status */
static int judge_status(bool is_loaded, const json_t *daemon)
{
	if (!is_loaded)
		return EXIT_NO_MODULE;
	if (json_is_null(daemon))
		return EXIT_NO_DAEMON;
	return json_is_false(daemon) || has_stuck_worker(daemon) ? EXIT_STUCK :
								   EXIT_SUCCESS;
}

/**
 * ctl_status() - appgwctl status
 * @ctl: the call
 *
 * Return: exit status, which says how things are
 */
int ctl_status(struct ctl *ctl)
{
	json_t *listeners = NULL, *daemon, *status;
	char version[KMOD_VERSION_MAX] = "";
	bool is_loaded = kmod_find();
	bool is_elsewhere;
	int ret;

	daemon = daemon_ask(ctl->control, &is_elsewhere);
	if (is_loaded) {
		listeners = ctl_ask(ctl, json_listeners, daemon, "listeners");
		if (!listeners) {
			json_decref(daemon);
			return ctl_fail_kmod(ctl);
		}
	}
	json_object_del(daemon, "module");
	ret = judge_status(is_loaded, daemon);
	if (is_loaded)
		kmod_version(&ctl->kmod, version);
	status = json_pack("{s:b, s:s*, s:o*, s:o}", "module", is_loaded,
			   "module_version", *version ? version : NULL,
			   "listeners", listeners, "daemon", daemon);
	if (ctl->is_json)
		ctl_print_json(status);
	else
		text_status(status, is_elsewhere);
	json_decref(status);
	return ret;
}
