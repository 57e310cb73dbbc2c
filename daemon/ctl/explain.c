// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl explain: what has happened, from the daemon's memory. */

#include <stdlib.h>

#include "ctl.h"
#include "explain_text.h"

/* Take out what isn't wanted, but not how many are missing: one that is might be among
 * those.
 */
static void explain_select(const struct filter *filter,
			   struct history_answer *answer)
{
	json_t *kept = json_array(), *event;
	json_int_t lost = 0;
	size_t i;

	json_array_foreach(answer->events, i, event) {
		lost += json_integer_value(json_object_get(event, "lost"));
		if (!filter_has(filter, event))
			continue;
		if (lost)
			json_object_set_new(event, "lost", json_integer(lost));
		lost = 0;
		json_array_append(kept, event);
	}
	answer->lost += lost;
	json_decref(answer->events);
	answer->events = kept;
}

static void explain_all(const struct ctl *ctl,
			const struct history_answer *answer)
{
	explain_print(stdout, answer->events);
	if (answer->lost)
		printf("%lld events are missing here\n",
		       (long long)answer->lost);
	fflush(stdout);
	if (!json_array_size(answer->events))
		fprintf(stderr, "appgwctl: nothing %sis remembered\n",
			filter_is_empty(&ctl->filter) ? "" : "like that ");
	if (answer->forgotten)
		fprintf(stderr, "appgwctl: older events are forgotten: %lld\n",
			(long long)answer->forgotten);
}

/**
 * ctl_explain() - appgwctl explain
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_explain(struct ctl *ctl)
{
	char error[FILTER_ERROR_MAX];
	struct history_answer answer;
	int ret;

	if (ctl->argc > 1)
		return CTL_USAGE;
	if (ctl->argc && !filter_set_host(&ctl->filter, ctl->argv[0], error))
		return ctl_misused(error);
	ret = history_ask(ctl->control, &answer);
	if (ret)
		return ret;
	explain_select(&ctl->filter, &answer);
	if (ctl->is_json)
		ctl_print_json(answer.events);
	else
		explain_all(ctl, &answer);
	json_decref(answer.events);
	return EXIT_SUCCESS;
}
