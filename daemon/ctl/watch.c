// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: what a host tries, and what stops it. */

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "../include/appgw/address.h"
#include "endpoint_text.h"
#include "kmod_json.h"
#include "log.h"
#include "watch.h"

/* Nothing was blocked, something was, it couldn't be seen */
#define EXIT_PASSED	0
#define EXIT_BLOCKED	1
#define EXIT_UNSEEN	2

/* Room for what the kernel tells in some seconds */
#define WATCH_BUFFER	(4 << 20)

/* Longest message: a packet with its headers, or conntrack's */
#define WATCH_MESSAGE_MAX	16384

/* Longest time that --for takes */
#define WATCH_FOR_MAX_S	86400

/* Time of --allow, if --for doesn't say, and the longest */
#define WATCH_ALLOW_S		60
#define WATCH_ALLOW_MAX_S	3600

/* What the loop waits for */
enum {
	FD_NETFILTER,
	FD_SIGNALS,
	FD_TIMER,
	FD_EVENTS,
	FD_COUNT
};

/* Read "60", "60s", "5m" or "1h"; 0 if it is none. */
static unsigned int watch_seconds(const char *text)
{
	struct span s = { (const uint8_t *)text, strlen(text) };
	uint32_t value, unit = 1;

	if (!span_eat_uint(&s, 5, WATCH_FOR_MAX_S, &value))
		return 0;
	if (span_eat_char(&s, 'm'))
		unit = 60;
	else if (span_eat_char(&s, 'h'))
		unit = 3600;
	else
		span_eat_char(&s, 's');
	return s.len || value > WATCH_FOR_MAX_S / unit ? 0 : value * unit;
}

static bool watch_set_host(struct watch *watch, const char *text)
{
	struct span s = { (const uint8_t *)text, strlen(text) };

	if (inet_pton(AF_INET, text, watch->host.addr) == 1)
		watch->host.af = APPGW_AF_IPV4;
	else if (span_eat_ipv6(&s, watch->host.addr) && !s.len)
		watch->host.af = APPGW_AF_IPV6;
	else
		return false;
	/* as we write it, whatever was written */
	endpoint_text(watch->host_text, &watch->host);
	return true;
}

/* Judge what --allow is told with; return -1, or an exit status to end with. */
static int watch_allow_arguments(struct watch *watch, bool is_sure)
{
	if (!watch->for_s)
		watch->for_s = WATCH_ALLOW_S;
	if (watch->for_s > WATCH_ALLOW_MAX_S)
		ctl_fail("--allow takes a time up to 1h");
	else if (!is_sure)
		ctl_fail("--allow lets the host open connections to anywhere meanwhile: add --yes");
	else
		return -1;
	return EXIT_UNSEEN;
}

/* Read the words behind "watch"; return -1, or an exit status to end with. */
static int watch_arguments(struct watch *watch)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "for", required_argument, NULL, 'f' },
		{ "print-rule", no_argument, NULL, 'p' },
		{ "allow", no_argument, NULL, 'a' },
		{ "yes", no_argument, NULL, 'y' },
		{ "profiles", required_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 }
	};
	struct ctl *ctl = watch->ctl;
	bool is_sure = false;
	int c;

	optind = 0;
	while ((c = getopt_long(ctl->argc + 1, ctl->argv - 1, "j", options,
				NULL)) != -1) {
		switch (c) {
		case 'j':
			ctl->is_json = true;
			break;
		case 'f':
			watch->for_s = watch_seconds(optarg);
			if (watch->for_s)
				break;
			ctl_fail("--for takes a time up to 24h, as 60s or 5m");
			return EXIT_UNSEEN;
		case 'p':
			watch_log_print_rule();
			return EXIT_SUCCESS;
		case 'a':
			watch->is_allowed = true;
			break;
		case 'y':
			is_sure = true;
			break;
		case 'd':
			watch->profiles = optarg;
			break;
		default:
			return EXIT_UNSEEN;
		}
	}
	if (optind != ctl->argc) {
		ctl_fail("watch takes the address of one host");
		return EXIT_UNSEEN;
	}
	if (!watch_set_host(watch, ctl->argv[optind - 1])) {
		ctl_fail("watch takes an IPv4 or IPv6 address");
		return EXIT_UNSEEN;
	}
	return watch->is_allowed ? watch_allow_arguments(watch, is_sure) : -1;
}

/* Hear of everything that nfnetlink tells. */
static int watch_open(struct watch *watch)
{
	static const int groups[] = {
		NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE,
		NFNLGRP_CONNTRACK_DESTROY, NFNLGRP_NFTRACE,
	};
	int size = WATCH_BUFFER;
	unsigned int i;

	watch->nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!watch->nl || mnl_socket_bind(watch->nl, 0, MNL_SOCKET_AUTOPID))
		return -1;
	setsockopt(mnl_socket_get_fd(watch->nl), SOL_SOCKET, SO_RCVBUFFORCE,
		   &size, sizeof(size));
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (mnl_socket_setsockopt(watch->nl, NETLINK_ADD_MEMBERSHIP,
					  (void *)&groups[i], sizeof(groups[i])))
			return -1;
	watch_log_open(watch);
	return 0;
}

static int watch_dispatch(const struct nlmsghdr *nlh, void *arg)
{
	struct watch *watch = arg;

	switch (NFNL_SUBSYS_ID(nlh->nlmsg_type)) {
	case NFNL_SUBSYS_CTNETLINK:
		watch_flows_event(watch, nlh);
		break;
	case NFNL_SUBSYS_NFTABLES:
		watch_drops_event(watch, nlh);
		break;
	case NFNL_SUBSYS_ULOG:
		watch_log_event(watch, nlh);
		break;
	default:
		break;
	}
	return MNL_CB_OK;
}

/* Read what is there; false if that can't go on. */
static bool watch_receive(struct watch *watch)
{
	char buf[WATCH_MESSAGE_MAX];
	ssize_t n = mnl_socket_recvfrom(watch->nl, buf, sizeof(buf));

	if (n > 0) {
		mnl_cb_run(buf, n, 0, 0, watch_dispatch, watch);
		return true;
	}
	if (n < 0 && errno == ENOBUFS)
		fprintf(stderr, "appgwctl: too much at a time: some is missing here\n");
	return n < 0 && (errno == ENOBUFS || errno == EINTR || errno == ENOSPC);
}

/* Tell if an endpoint of an event, as text, is HOST's. */
static bool event_names_host(const struct watch *watch, const json_t *event,
			     const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));
	size_t n = strlen(watch->host_text);

	if (!text)
		return false;
	text += *text == '[';
	return !strncmp(text, watch->host_text, n) &&
	       (!text[n] || text[n] == ']' ||
		(text[n] == ':' && watch->host.af == APPGW_AF_IPV4));
}

static void watch_event(struct watch *watch, const json_t *event)
{
	const char *type = json_string_value(json_object_get(event, "type"));

	if (!type || (strcmp(type, "refused") && strcmp(type, "stopped") &&
		      strcmp(type, "expired") && strcmp(type, "blocked")))
		return;
	if (!event_names_host(watch, event, "client") &&
	    !event_names_host(watch, event, "server") &&
	    !event_names_host(watch, event, "announced"))
		return;
	if (!strcmp(type, "refused") || !strcmp(type, "blocked"))
		watch->is_blocked = true;
	if (watch->ctl->is_json)
		ctl_print_json(event);
	else
		text_event(event);
	fflush(stdout);
}

static void watch_events(struct watch *watch)
{
	json_t *events = json_array(), *event;
	size_t i;

	kmod_read(&watch->events, json_event, events);
	json_array_foreach(events, i, event)
		watch_event(watch, event);
	json_decref(events);
}

/* Catch the signals that end it, and the end of --for. */
static int watch_end_open(struct watch *watch, struct pollfd *fds)
{
	const struct itimerspec end = { .it_value.tv_sec = watch->for_s };
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	fds[FD_SIGNALS].fd = signalfd(-1, &signals, SFD_CLOEXEC);
	fds[FD_TIMER].fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (fds[FD_SIGNALS].fd < 0 || fds[FD_TIMER].fd < 0)
		return -1;
	return timerfd_settime(fds[FD_TIMER].fd, 0, &end, NULL);
}

static void watch_loop(struct watch *watch, struct pollfd *fds)
{
	while (!ferror(stdout)) {
		if (poll(fds, FD_COUNT, -1) < 0)
			continue;
		if (fds[FD_NETFILTER].revents && !watch_receive(watch))
			return;
		if (fds[FD_EVENTS].revents)
			watch_events(watch);
		/* last: what came before the end counts */
		if (fds[FD_SIGNALS].revents || fds[FD_TIMER].revents)
			return;
	}
}

/* Say what can't be traced. */
static void watch_note_legacy(void)
{
	FILE *file = fopen("/proc/net/ip_tables_names", "r");

	if (!file)
		return;
	if (fgetc(file) != EOF)
		fprintf(stderr,
			"appgwctl: rules of iptables-legacy can't be traced: see --print-rule\n");
	fclose(file);
}

static int watch_run(struct watch *watch)
{
	struct pollfd fds[FD_COUNT];
	unsigned int i;

	for (i = 0; i < FD_COUNT; i++)
		fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	if ((watch->is_allowed && watch_allow_guard(watch)) ||
	    watch_open(watch) || watch_end_open(watch, fds)) {
		ctl_fail(errno == EPERM ? "watch is for holders of CAP_NET_ADMIN" :
					  strerror(errno));
		return EXIT_UNSEEN;
	}
	fds[FD_NETFILTER].fd = mnl_socket_get_fd(watch->nl);
	if (kmod_number() && !kmod_open(&watch->events)) {
		if (!kmod_follow(&watch->events))
			fds[FD_EVENTS].fd = nl_socket_get_fd(watch->events.sock);
	}
	watch_note_legacy();
	if (watch_drops_open(watch) ||
	    (watch->is_allowed && watch_allow_open(watch)))
		return EXIT_UNSEEN;
	fprintf(stderr, "appgwctl: watching %s\n", watch->host_text);
	watch_loop(watch, fds);
	watch_drops_close(watch);
	if (watch_allow_close(watch))
		watch->is_blocked = true;
	watch_summary(watch);
	if (watch->is_allowed)
		watch_allow_summary(watch);
	return watch->is_blocked ? EXIT_BLOCKED : EXIT_PASSED;
}

/**
 * ctl_watch() - appgwctl watch
 * @ctl: the call
 *
 * Until interrupted, or for as long as is said.
 *
 * Return: exit status
 */
int ctl_watch(struct ctl *ctl)
{
	struct watch *watch = calloc(1, sizeof(*watch));
	char error[ERROR_TEXT_MAX];
	int ret;

	if (!watch)
		return EXIT_UNSEEN;
	watch->ctl = ctl;
	watch->profiles = APPGW_PROFILES;
	watch->flows = calloc(WATCH_FLOWS_MAX, sizeof(*watch->flows));
	ret = watch_arguments(watch);
	if (ret < 0 && watch_profiles_load(watch->profiles, error))
		fprintf(stderr, "appgwctl: few services have names: %s\n",
			error);
	if (ret < 0)
		ret = watch->flows ? watch_run(watch) : EXIT_UNSEEN;
	watch_allow_close(watch);
	watch_drops_close(watch);
	if (watch->events.sock)
		kmod_close(&watch->events);
	if (watch->nl)
		mnl_socket_close(watch->nl);
	watch_profiles_free();
	free(watch->flows);
	free(watch);
	return ret;
}
