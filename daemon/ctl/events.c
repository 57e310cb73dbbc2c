// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl events: each thing that happens, when it happens. */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "ctl.h"
#include "kmod_json.h"

static json_int_t event_number(const json_t *event, const char *name)
{
	return json_integer_value(json_object_get(event, name));
}

/* Tell of events that nobody will see. */
static void tell_missing(long long count)
{
	if (count)
		fprintf(stderr, "appgwctl: %lld events are missing here\n",
			count);
}

/* Print those that are wanted, of which @overlap has not been told. */
static void print_events(const struct ctl *ctl, const json_t *events,
			 struct overlap *overlap)
{
	json_t *event;
	size_t i;

	json_array_foreach((json_t *)events, i, event) {
		if (overlap && overlap_has(overlap, event))
			continue;
		if (!filter_has(&ctl->filter, event))
			tell_missing(event_number(event, "lost"));
		else if (ctl->is_json)
			ctl_print_json(event);
		else
			text_event(event);
	}
	fflush(stdout);
}

/* Print what is known of the time since then; the socket hears what happens already. Return
 * 0, or an exit status.
 */
static int print_history(const struct ctl *ctl, struct overlap *overlap)
{
	struct history_answer answer;
	int ret;

	if (!ctl->filter.has_since)
		return 0;
	ret = history_ask(ctl->control, &answer);
	if (ret)
		return ret;
	overlap->history = answer.events;
	print_events(ctl, answer.events, NULL);
	tell_missing(answer.lost);
	return 0;
}

/* Print what has come. Return 0, or an exit status. */
static int print_new(struct ctl *ctl, json_t *events, struct overlap *overlap,
		     bool *has_lost)
{
	int ret = kmod_read(&ctl->kmod, json_event, events);

	if (ret < 0 && ctl->kmod.error != ENOBUFS)
		return ctl_fail(ctl->kmod.text);
	*has_lost = *has_lost || ret < 0;
	print_events(ctl, events, overlap);
	json_array_clear(events);
	if (!ret && *has_lost) {
		tell_missing(kmod_lost(&ctl->kmod));
		*has_lost = false;
	}
	return 0;
}

static int follow(struct ctl *ctl, struct kmod *watch, int family,
		  struct overlap *overlap)
{
	json_t *events = json_array();
	bool has_lost = false;
	struct pollfd fds[] = {
		{ nl_socket_get_fd(ctl->kmod.sock), POLLIN, 0 },
		{ nl_socket_get_fd(watch->sock), POLLIN, 0 },
	};
	int ret = 0;

	while (!ret && !ferror(stdout)) {
		if (poll(fds, ARRAY_SIZE(fds), has_lost ? 0 : -1) < 0)
			continue;
		ret = print_new(ctl, events, overlap, &has_lost);
		if (!ret && fds[1].revents && kmod_read(watch, NULL, NULL) &&
		    kmod_find() != family)
			ret = ctl_fail("nf_appgw has been unloaded");
	}
	json_decref(events);
	return ret ? ret : EXIT_FAILURE;
}

/**
 * ctl_events() - appgwctl events
 * @ctl: the call
 *
 * Until interrupted, or nobody reads them any more, or the module goes.
 *
 * Return: exit status
 */
int ctl_events(struct ctl *ctl)
{
	struct overlap overlap = { NULL, 0 };
	int family = kmod_find(), ret;
	struct kmod watch;

	if (!family)
		return ctl_fail(KMOD_ABSENT);
	if (kmod_open(&watch) || kmod_watch(&watch))
		return ctl_fail(watch.text);
	if (kmod_follow(&ctl->kmod))
		return ctl_fail(ctl->kmod.text);
	fprintf(stderr, "appgwctl: following events\n");
	ret = print_history(ctl, &overlap);
	if (!ret)
		ret = follow(ctl, &watch, family, &overlap);
	json_decref((json_t *)overlap.history);
	kmod_close(&watch);
	return ret;
}
