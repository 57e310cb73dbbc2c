// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl events: each thing that happens, when it happens. */

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "ctl.h"
#include "kmod_json.h"

/* Room for the events of some seconds */
#define EVENTS_BUFFER	(4 << 20)

static void print_events(const struct ctl *ctl, json_t *events)
{
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event) {
		if (ctl->is_json)
			ctl_print_json(event);
		else
			text_event(event);
	}
	json_array_clear(events);
	fflush(stdout);
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
	json_t *events = json_array();
	int family = kmod_find(), ret;
	struct pollfd fds[2];
	struct kmod watch;

	if (!family)
		return ctl_fail(KMOD_ABSENT);
	if (kmod_open(&watch) || kmod_watch(&watch))
		return ctl_fail(watch.text);
	nl_socket_set_buffer_size(ctl->kmod.sock, EVENTS_BUFFER, 0);
	if (kmod_follow(&ctl->kmod))
		return ctl_fail(ctl->kmod.text);
	fprintf(stderr, "appgwctl: following events\n");
	fds[0].fd = nl_socket_get_fd(ctl->kmod.sock);
	fds[1].fd = nl_socket_get_fd(watch.sock);
	fds[0].events = POLLIN;
	fds[1].events = POLLIN;
	while (!ferror(stdout)) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0)
			continue;
		ret = kmod_read(&ctl->kmod, json_event, events);
		if (ret < 0 && ctl->kmod.error != ENOBUFS)
			return ctl_fail(ctl->kmod.text);
		if (ret < 0)
			fprintf(stderr, "appgwctl: events are missing here\n");
		print_events(ctl, events);
		if (fds[1].revents && kmod_read(&watch, NULL, NULL) &&
		    kmod_find() != family)
			return ctl_fail("nf_appgw has been unloaded");
	}
	return EXIT_FAILURE;
}
