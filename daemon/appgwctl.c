// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl: shows what nf_appgw and appgwd do, and sets the policy. */

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "appgwctl.h"
#include "config.h"
#include "log.h"

#define EXIT_USAGE	2

/* Of "status" */
enum {
	EXIT_NO_MODULE = 1,
	EXIT_NO_DAEMON,
	EXIT_STUCK,
};

/* The daemon's answer comes at once, or it is not well. */
#define DAEMON_TIMEOUT_S	3

/* Room for the events of some seconds */
#define EVENTS_BUFFER	(4 << 20)

/**
 * struct ctl - what one call is about
 * @kmod: socket to the module
 * @is_json: print JSON
 * @control: the daemon's control socket
 */
struct ctl {
	struct kmod kmod;
	bool is_json;
	const char *control;
};

static void print_usage(FILE *out)
{
	fprintf(out,
		"usage: appgwctl [--json] [--control PATH] COMMAND\n"
		"\n"
		"  status                      module, daemon and its queues\n"
		"  flows                       connections that are looked after\n"
		"  pinholes                    those that are open, or only taken\n"
		"  events                      each thing that happens, until interrupted\n"
		"  stats                       counters\n"
		"  policy get                  in the form that set takes\n"
		"  policy set NAME=VALUE...    all of it or nothing\n"
		"\n"
		"  --json                      the same for programs\n"
		"  --control PATH              default " CONFIG_CONTROL "\n"
		"  --version, --help\n");
}

static int fail(const char *text)
{
	fprintf(stderr, "appgwctl: %s\n", text);
	return EXIT_FAILURE;
}

static int fail_kmod(const struct ctl *ctl)
{
	return fail(ctl->kmod.error == EPERM ?
		    "nf_appgw talks to holders of CAP_NET_ADMIN only" :
		    ctl->kmod.text);
}

static void print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT);
	printf("\n");
	fflush(stdout);
}

static int connect_daemon(const struct ctl *ctl)
{
	const struct timeval timeout = { .tv_sec = DAEMON_TIMEOUT_S };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	strncpy(addr.sun_path, ctl->control, sizeof(addr.sun_path) - 1);
	/* the latter is connect()'s, too, where many wait already */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (!connect(fd, (const struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	close(fd);
	return -1;
}

/* What the daemon says about itself; otherwise false if it does not answer, and
 * null if there is none.
 */
static json_t *ask_daemon(const struct ctl *ctl)
{
	int fd = connect_daemon(ctl);
	json_t *answer;

	if (fd < 0) {
		if (errno == EAGAIN)
			return json_false();
		if (errno != ENOENT && errno != ECONNREFUSED)
			fprintf(stderr, "appgwctl: %s: %s\n", ctl->control,
				strerror(errno));
		return json_null();
	}
	answer = json_loadfd(fd, 0, NULL);
	close(fd);
	return answer ? answer : json_false();
}

static bool has_stuck_worker(const json_t *daemon)
{
	json_t *worker;
	size_t i;

	json_array_foreach(json_object_get(daemon, "queues"), i, worker)
		if (!json_is_true(json_object_get(worker, "alive")))
			return true;
	return false;
}

/* What "status" ends with, besides saying it */
static int judge_status(bool is_loaded, const json_t *daemon)
{
	if (!is_loaded)
		return EXIT_NO_MODULE;
	if (json_is_null(daemon))
		return EXIT_NO_DAEMON;
	return json_is_false(daemon) || has_stuck_worker(daemon) ? EXIT_STUCK :
								   EXIT_SUCCESS;
}

static int show_status(struct ctl *ctl)
{
	json_t *listeners = NULL, *daemon, *status;
	bool is_loaded = kmod_find();
	int ret;

	if (is_loaded) {
		listeners = json_listeners(&ctl->kmod);
		if (!listeners)
			return fail_kmod(ctl);
	}
	daemon = ask_daemon(ctl);
	ret = judge_status(is_loaded, daemon);
	status = json_pack("{sb so* so}", "module", is_loaded,
			   "listeners", listeners, "daemon", daemon);
	if (ctl->is_json)
		print_json(status);
	else
		text_status(status);
	json_decref(status);
	return ret;
}

static int show_flows(struct ctl *ctl)
{
	json_t *flows = json_flows(&ctl->kmod);

	if (!flows)
		return fail_kmod(ctl);
	if (ctl->is_json)
		print_json(flows);
	else
		text_flows(flows);
	json_decref(flows);
	return EXIT_SUCCESS;
}

static int show_pinholes(struct ctl *ctl)
{
	json_t *pinholes = json_pinholes(&ctl->kmod), *pinhole;
	size_t i;

	if (!pinholes)
		return fail_kmod(ctl);
	if (ctl->is_json)
		print_json(pinholes);
	else
		json_array_foreach(pinholes, i, pinhole)
			text_event(pinhole);
	json_decref(pinholes);
	return EXIT_SUCCESS;
}

static void print_events(const struct ctl *ctl, json_t *events)
{
	json_t *event;
	size_t i;

	json_array_foreach(events, i, event) {
		if (ctl->is_json)
			print_json(event);
		else
			text_event(event);
	}
	json_array_clear(events);
	fflush(stdout);
}

/* Until it is interrupted, nobody reads it any more, or the module goes. */
static int follow_events(struct ctl *ctl)
{
	json_t *events = json_array();
	int family = kmod_find(), ret;
	struct pollfd fds[2];
	struct kmod watch;

	if (!family)
		return fail(KMOD_ABSENT);
	if (kmod_open(&watch) || kmod_watch(&watch))
		return fail(watch.text);
	nl_socket_set_buffer_size(ctl->kmod.sock, EVENTS_BUFFER, 0);
	if (kmod_follow(&ctl->kmod))
		return fail(ctl->kmod.text);
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
			return fail(ctl->kmod.text);
		if (ret < 0)
			fprintf(stderr, "appgwctl: events are missing here\n");
		print_events(ctl, events);
		if (fds[1].revents && kmod_read(&watch, NULL, NULL) &&
		    kmod_find() != family)
			return fail("nf_appgw has been unloaded");
	}
	return EXIT_FAILURE;
}

/* The counters of all queues, added up */
static json_t *sum_workers(const json_t *daemon)
{
	static const char *const names[] = {
		"packets", "bytes", "plans", "done", "lost", "malformed",
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
	json_t *module = json_stats(&ctl->kmod), *daemon, *stats;

	if (!module)
		return fail_kmod(ctl);
	daemon = ask_daemon(ctl);
	stats = json_pack("{so so*}", "module", module, "daemon",
			  json_is_object(daemon) ? sum_workers(daemon) : NULL);
	if (ctl->is_json)
		print_json(stats);
	else
		text_stats(stats);
	json_decref(stats);
	json_decref(daemon);
	return EXIT_SUCCESS;
}

static int show_policy(struct ctl *ctl)
{
	json_t *policy = json_policy(&ctl->kmod);

	if (!policy)
		return fail_kmod(ctl);
	if (ctl->is_json)
		print_json(policy);
	else
		text_policy(policy);
	json_decref(policy);
	return EXIT_SUCCESS;
}

/* With --json it says what the policy is now. */
static int set_policy(struct ctl *ctl, int argc, char **argv)
{
	char error[ERROR_TEXT_MAX];

	if (policy_set(&ctl->kmod, argc, argv, error))
		return fail(error);
	return ctl->is_json ? show_policy(ctl) : EXIT_SUCCESS;
}

static int run(struct ctl *ctl, int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*show)(struct ctl *ctl);
	} commands[] = {
		{ "status", show_status },
		{ "flows", show_flows },
		{ "pinholes", show_pinholes },
		{ "events", follow_events },
		{ "stats", show_stats },
	};
	unsigned int i;

	for (i = 0; argc == 1 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[0], commands[i].name))
			return commands[i].show(ctl);
	if (argc > 1 && !strcmp(argv[0], "policy")) {
		if (argc == 2 && !strcmp(argv[1], "get"))
			return show_policy(ctl);
		if (argc > 2 && !strcmp(argv[1], "set"))
			return set_policy(ctl, argc - 2, argv + 2);
	}
	print_usage(stderr);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "control", required_argument, NULL, 'c' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	struct ctl ctl = { .control = CONFIG_CONTROL };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			ctl.is_json = true;
			break;
		case 'c':
			ctl.control = optarg;
			break;
		case 'V':
			printf("appgwctl %s\n", APPGW_VERSION);
			return EXIT_SUCCESS;
		case 'h':
			print_usage(stdout);
			return EXIT_SUCCESS;
		default:
			print_usage(stderr);
			return EXIT_USAGE;
		}
	}
	if (kmod_open(&ctl.kmod))
		return fail(ctl.kmod.text);
	kmod_find();
	c = run(&ctl, argc - optind, argv + optind);
	kmod_close(&ctl.kmod);
	return c;
}
