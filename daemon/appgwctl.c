// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl: shows what nf_appgw and appgwd do, and sets the policy. */

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "appgwctl.h"
#include "config.h"
#include "kmod_json.h"
#include "log.h"

#define EXIT_USAGE	2

/* Of "status" */
enum {
	EXIT_NO_MODULE = 1,
	EXIT_NO_DAEMON,
	EXIT_STUCK,
};

/* Room for the events of some seconds */
#define EVENTS_BUFFER	(4 << 20)

/**
 * struct ctl - what one call is about
 * @kmod: socket to the module
 * @is_json: print JSON
 * @control: the daemon's control socket, or NULL
 * @look: of tables
 */
struct ctl {
	struct kmod kmod;
	bool is_json;
	const char *control;
	struct table_look look;
};

static void print_usage(FILE *out)
{
	fprintf(out,
		"usage: appgwctl [OPTION...] COMMAND\n"
		"\n"
		"  status                      module, daemon and its queues\n"
		"  flows                       connections that are looked after\n"
		"  pinholes                    those that are open, or only taken\n"
		"  events                      each thing that happens, until interrupted\n"
		"  stats                       counters\n"
		"  policy get                  in the form that set takes\n"
		"  policy set NAME=VALUE...    all of it or nothing\n"
		"\n"
		"  -j, --json                  the same for programs\n"
		"  -o, --output NAME,...       columns of flows and pinholes\n"
		"  -n, --noheadings            rows alone\n"
		"  --control PATH              default: the daemon's of this namespace\n"
		"  -V, --version, -h, --help\n");
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

/* Ask the module by @ask or, where it talks to others only, the daemon for what it
 * has under @name. Return NULL with the module's error if there is neither.
 */
static json_t *ask_either(struct ctl *ctl, json_t *(*ask)(struct kmod *kmod),
			  const json_t *daemon, const char *name)
{
	json_t *answer = ask(&ctl->kmod);

	if (answer || ctl->kmod.error != EPERM)
		return answer;
	return json_incref(json_object_get(json_object_get(daemon, "module"),
					   name));
}

static int show_status(struct ctl *ctl)
{
	json_t *listeners = NULL, *daemon, *status;
	char version[KMOD_VERSION_MAX] = "";
	bool is_loaded = kmod_find();
	bool is_elsewhere;
	int ret;

	daemon = daemon_ask(ctl->control, &is_elsewhere);
	if (is_loaded) {
		listeners = ask_either(ctl, json_listeners, daemon, "listeners");
		if (!listeners) {
			json_decref(daemon);
			return fail_kmod(ctl);
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
		print_json(status);
	else
		text_status(status, is_elsewhere);
	json_decref(status);
	return ret;
}

/* Print rows by @text, which returns 0, or -1 after it has told of an error. */
static int show_rows(struct ctl *ctl, json_t *rows,
		     int (*text)(const json_t *rows,
				 const struct table_look *look))
{
	int ret = 0;

	if (!rows)
		return fail_kmod(ctl);
	if (ctl->is_json)
		print_json(rows);
	else
		ret = text(rows, &ctl->look);
	json_decref(rows);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int show_flows(struct ctl *ctl)
{
	return show_rows(ctl, json_flows(&ctl->kmod), text_flows);
}

static int show_pinholes(struct ctl *ctl)
{
	return show_rows(ctl, json_pinholes(&ctl->kmod), text_pinholes);
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

/* Print events until interrupted, or nobody reads them any more, or the module goes. */
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
	module = ask_either(ctl, json_stats, daemon, "stats");
	if (!module) {
		json_decref(daemon);
		return fail_kmod(ctl);
	}
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
	json_t *policy = policy_get(&ctl->kmod);

	if (!policy)
		return fail_kmod(ctl);
	if (ctl->is_json)
		print_json(policy);
	else
		text_policy(policy);
	json_decref(policy);
	return EXIT_SUCCESS;
}

/* Set policies; with --json, print what the policy is now. */
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
		{ "output", required_argument, NULL, 'o' },
		{ "noheadings", no_argument, NULL, 'n' },
		{ "control", required_argument, NULL, 'c' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 }
	};
	struct ctl ctl = { .control = NULL };
	int c;

	while ((c = getopt_long(argc, argv, "jo:nVh", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			ctl.is_json = true;
			break;
		case 'o':
			ctl.look.columns = optarg;
			break;
		case 'n':
			ctl.look.has_no_heading = true;
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
