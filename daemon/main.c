// SPDX-License-Identifier: GPL-2.0-only
/* appgwd: reads announcements for nf_appgw.
 *
 * The main thread looks after the module, the workers, signals and the control
 * socket. It never touches a packet.
 */

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "arguments.h"
#include "control.h"
#include "feed.h"
#include "follow.h"
#include "journal.h"
#include "kmod_plan.h"
#include "kmod_state.h"
#include "log.h"
#include "metrics.h"
#include "notify.h"
#include "prometheus.h"
#include "sandbox.h"

/* How often the workers are looked after. */
#define TICK_MS		1000

/**
 * struct appgwd - all that the main thread looks after
 * @arguments: the command line, read again with the configuration
 * @config: what is being done
 * @listener: the socket for which the module queues; open while it does
 * @watch: tells when the module comes and goes
 * @family: number of the module's family when it was last looked for, or 0
 * @workers: one for each queue
 * @signals: descriptor from which signals are read
 * @control: control socket, or -1
 * @metrics: serves them, or NULL
 * @follower: the module's events
 * @feed: tells them
 * @started_s: monotonic
 * @is_listening: @listener is open, and the module queues for it
 */
struct appgwd {
	struct arguments arguments;
	struct config config;
	struct kmod listener;
	struct kmod watch;
	int family;
	struct worker *workers;
	int signals;
	int control;
	struct metrics *metrics;
	struct follower follower;
	struct feed feed;
	time_t started_s;
	bool is_listening;
};

static time_t appgwd_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec;
}

/* Return 0, or -1 if there is no more use in going on. */
static int appgwd_listen(struct appgwd *d, char *error)
{
	const struct config *config = &d->config;
	char where[32], version[KMOD_VERSION_MAX];
	int n;

	if (kmod_open(&d->listener)) {
		snprintf(error, ERROR_TEXT_MAX, "generic netlink: %s",
			 d->listener.text);
		return -1;
	}
	kmod_plan_may_be_quiet(false);
	if (kmod_listen(&d->listener, config)) {
		snprintf(error, ERROR_TEXT_MAX, "queue %u: nf_appgw: %s",
			 config->queue, d->listener.text);
		kmod_close(&d->listener);
		return -1;
	}
	d->is_listening = true;
	kmod_version(&d->listener, version);
	kmod_plan_may_be_quiet(!strcmp(version, APPGW_VERSION));
	if (strcmp(version, APPGW_VERSION))
		log_line(LOG_WARNING, "module: nf_appgw is version %s, this is %s",
			 *version ? version : "unknown", APPGW_VERSION);
	n = snprintf(where, sizeof(where), "queue %u", config->queue);
	if (config->queues > 1)
		snprintf(where + n, sizeof(where) - n, " to %u",
			 config->queue + config->queues - 1);
	log_line(LOG_NOTICE, "module: listening at %s", where);
	notify("STATUS=listening at %s", where);
	return 0;
}

static void appgwd_unlisten(struct appgwd *d)
{
	if (d->is_listening)
		kmod_close(&d->listener);
	d->is_listening = false;
}

/* Look if the module has come, gone, or both. */
static void appgwd_look(struct appgwd *d)
{
	char error[ERROR_TEXT_MAX];
	int family = kmod_find();

	if (family == d->family)
		return;
	d->family = family;
	appgwd_unlisten(d);
	follow_read(&d->follower, d->config.log_events);
	follow_close(&d->follower);
	if (family)
		follow_open(&d->follower);
	if (!family) {
		log_line(LOG_WARNING, "module: nf_appgw is gone, waiting for it");
		notify("STATUS=waiting for nf_appgw");
	} else if (appgwd_listen(d, error)) {
		log_line(LOG_ERR, "%s", error);
	}
}

static void appgwd_reload(struct appgwd *d)
{
	struct config config = d->config;
	char error[ERROR_TEXT_MAX];

	notify("RELOADING=1");
	if (arguments_config(&d->arguments, &config, error)) {
		log_line(LOG_ERR, "config: %s", error);
		log_line(LOG_ERR, "config: refused, the old one stays");
	} else {
		log_open(config.log_target, config.log_level);
		log_line(LOG_NOTICE, "config: read again%s",
			 config_is_restart(&d->config, &config) ?
			 ", some of it holds from the next start on" : "");
		d->config.log_target = config.log_target;
		d->config.log_level = config.log_level;
		d->config.log_events = config.log_events;
	}
	notify("READY=1");
}

/* Return false when the daemon is to end. */
static bool appgwd_signal(struct appgwd *d)
{
	struct signalfd_siginfo info;

	if (read(d->signals, &info, sizeof(info)) != sizeof(info))
		return true;
	if (info.ssi_signo != SIGHUP)
		return false;
	appgwd_reload(d);
	return true;
}

/* Return false if a worker has given up. A worker that hangs is for systemd
 * to notice, by our silence.
 */
static bool appgwd_check_workers(const struct appgwd *d)
{
	bool is_alive = true;
	unsigned int i;

	for (i = 0; i < d->config.queues; i++) {
		if (d->workers[i].is_failed)
			return false;
		is_alive = is_alive && worker_is_alive(&d->workers[i]);
	}
	if (is_alive && notify_is_watched())
		notify("WATCHDOG=1");
	return true;
}

static struct control_state appgwd_state(const struct appgwd *d)
{
	return (struct control_state) {
		.config = &d->config,
		.workers = d->workers,
		.started_s = d->started_s,
		.is_listening = d->is_listening,
		.history = &d->follower.history,
	};
}

static void appgwd_answer(const struct appgwd *d)
{
	const struct control_state state = appgwd_state(d);

	control_answer(d->control, &state);
}

/* Make the text of all metrics; NULL without memory. */
static char *appgwd_metrics(void *arg)
{
	const struct control_state state = appgwd_state(arg);
	json_t *daemon = control_daemon(&state);
	json_t *module = NULL;
	struct kmod kmod;
	char *text;

	if (kmod_find() && !kmod_open(&kmod)) {
		module = json_module(&kmod);
		kmod_close(&kmod);
	}
	text = prometheus_text(module, daemon);
	json_decref(module);
	json_decref(daemon);
	return text;
}

/* Take what the module has told, every time something else is to be done, and tell it
 * those who ask.
 */
static void appgwd_tell(struct appgwd *d, const struct pollfd *fds)
{
	follow_read(&d->follower, d->config.log_events);
	feed_serve(&d->feed, fds, appgwd_now());
}

/* What is waited for; the feed's own are the last ones. */
enum {
	FD_SIGNALS,
	FD_WATCH,
	FD_CONTROL,
	FD_METRICS,
	FD_FEED,
	FD_COUNT = FD_FEED + FEED_FDS
};

/* Return the exit status. */
static int appgwd_run(struct appgwd *d)
{
	struct pollfd fds[FD_COUNT] = {
		[FD_SIGNALS] = { .fd = d->signals, .events = POLLIN },
		[FD_WATCH] = { .fd = nl_socket_get_fd(d->watch.sock),
			       .events = POLLIN },
		[FD_CONTROL] = { .fd = d->control, .events = POLLIN },
		[FD_METRICS] = { .fd = metrics_fd(d->metrics),
				 .events = POLLIN },
	};
	time_t deadline_s = d->started_s + d->config.wait_s;
	bool has_waited = d->config.wait_s == CONFIG_WAIT_FOREVER;
	char error[ERROR_TEXT_MAX];

	for (;;) {
		feed_poll(&d->feed, fds + FD_FEED);
		if (poll(fds, FD_COUNT, metrics_wait_ms(d->metrics, TICK_MS)) < 0)
			continue;
		if (fds[FD_SIGNALS].revents && !appgwd_signal(d))
			return EXIT_SUCCESS;
		appgwd_tell(d, fds + FD_FEED);
		if (fds[FD_WATCH].revents) {
			while (kmod_read(&d->watch, NULL, NULL) > 0)
				;
			appgwd_look(d);
		}
		if (fds[FD_CONTROL].revents)
			appgwd_answer(d);
		metrics_run(d->metrics);
		if (!appgwd_check_workers(d))
			return EXIT_FAILURE;
		if (d->family && !d->is_listening)
			appgwd_listen(d, error);
		has_waited = has_waited || d->family;
		if (!has_waited && appgwd_now() >= deadline_s) {
			log_line(LOG_ERR, "module: %s", KMOD_ABSENT);
			return EXIT_FAILURE;
		}
	}
}

/* Have standard files that our parent has closed lead nowhere: nothing that we open may
 * become one of them.
 */
static void appgwd_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

static int appgwd_open_signals(void)
{
	sigset_t set;

	/* none of these is a reason to end */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Make the sockets by which appgwctl asks. */
static int appgwd_open_control(struct appgwd *d, char *error)
{
	const struct config *config = &d->config;
	char path[CONFIG_VALUE_MAX + 1];
	int fd;

	d->control = -1;
	feed_init(&d->feed, -1, &d->follower.history);
	if (!*config->control)
		return 0;
	d->control = control_open(config->control, config->control_group,
				  error);
	if (d->control < 0)
		return -1;
	if (strlen(config->control) > CONFIG_CONTROL_MAX) {
		log_line(LOG_WARNING,
			 "control: no history, its path may have %zu characters",
			 CONFIG_CONTROL_MAX);
		return 0;
	}
	strcpy(path, config->control);
	strcat(path, CONFIG_EVENTS);
	fd = control_open(path, config->control_group, error);
	if (fd < 0)
		return -1;
	feed_init(&d->feed, fd, &d->follower.history);
	return 0;
}

/* Do what has to be done before the privileges go, and what can be afterwards. */
static int appgwd_open(struct appgwd *d, char *error)
{
	const struct config *config = &d->config;
	unsigned int i;

	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_ADMIN)) {
		snprintf(error, ERROR_TEXT_MAX, "needs CAP_NET_ADMIN");
		return -1;
	}
	/* Asked for in any case before anything is made, and so before the
	 * module could come without being noticed.
	 */
	if (kmod_open(&d->watch) || kmod_watch(&d->watch)) {
		snprintf(error, ERROR_TEXT_MAX, "generic netlink: %s",
			 d->watch.text);
		return -1;
	}
	d->family = kmod_find();
	if (!d->family && !config->wait_s) {
		snprintf(error, ERROR_TEXT_MAX, KMOD_ABSENT);
		return -1;
	}
	d->workers = calloc(config->queues, sizeof(*d->workers));
	if (!d->workers) {
		snprintf(error, ERROR_TEXT_MAX, "no memory");
		return -1;
	}
	for (i = 0; i < config->queues; i++)
		if (worker_open(&d->workers[i], config, config->queue + i,
				error))
			return -1;
	if (appgwd_open_control(d, error))
		return -1;
	if (config->metrics.port) {
		d->metrics = metrics_open(&config->metrics, appgwd_metrics, d,
					  error);
		if (!d->metrics)
			return -1;
	}
	journal_open();
	if (d->family)
		follow_open(&d->follower);
	return sandbox_drop(config->user, error);
}

static int appgwd_start(struct appgwd *d, char *error)
{
	unsigned int i;

	for (i = 0; i < d->config.queues; i++) {
		if (worker_start(&d->workers[i])) {
			snprintf(error, ERROR_TEXT_MAX, "thread: %s",
				 strerror(errno));
			return -1;
		}
	}
	if (sandbox_filter(d->metrics, error))
		return -1;
	if (d->family)
		return appgwd_listen(d, error);
	log_line(LOG_NOTICE, "module: waiting for nf_appgw");
	notify("STATUS=waiting for nf_appgw");
	return 0;
}

/* Stop: first of all nothing new is queued. */
static void appgwd_stop(struct appgwd *d)
{
	unsigned int i;

	notify("STOPPING=1");
	if (d->is_listening && kmod_leave(&d->listener))
		log_line(LOG_WARNING, "module: %s", d->listener.text);
	appgwd_unlisten(d);
	for (i = 0; i < d->config.queues; i++)
		worker_stop(&d->workers[i]);
	for (i = 0; i < d->config.queues; i++)
		worker_wait(&d->workers[i]);
	follow_read(&d->follower, d->config.log_events);
	log_line(LOG_NOTICE, "appgwd: ended");
}

int main(int argc, char **argv)
{
	char error[ERROR_TEXT_MAX];
	static struct appgwd d;
	int status;

	/* Files that its parent has left open are none of its business. */
	appgwd_standard_files();
	syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0);
	arguments_read(&d.arguments, argc, argv);
	log_start();
	log_open(LOG_TARGET_AUTO, LOG_INFO);
	if (arguments_config(&d.arguments, &d.config, error))
		goto err;
	if (d.arguments.is_check) {
		if (config_check(&d.config, error))
			goto err;
		return EXIT_SUCCESS;
	}
	log_open(d.config.log_target, d.config.log_level);
	d.started_s = appgwd_now();
	notify_open();
	d.signals = appgwd_open_signals();
	if (appgwd_open(&d, error) || appgwd_start(&d, error))
		goto err;
	notify("READY=1");
	status = appgwd_run(&d);
	appgwd_stop(&d);
	return status;

err:
	/* Threads and sockets end with the process. */
	log_line(LOG_ERR, "appgwd: %s", error);
	return EXIT_FAILURE;
}
