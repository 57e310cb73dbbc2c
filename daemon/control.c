// SPDX-License-Identifier: GPL-2.0-only
/* The control socket: a connection is told how the daemon is, as one JSON
 * object, and hung up on. Nothing is read from it.
 */

#include <errno.h>
#include <grp.h>
#include <jansson.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "kmod_json.h"
#include "log.h"

#define CONTROL_BACKLOG		8
#define CONTROL_MODE		0660
#define CONTROL_MASK		0177
#define CONTROL_DIR_MODE	0755
#define CONTROL_DIR_MASK	0022

/* Remove the socket of a daemon that has ended, which could not do so. One that is
 * stopped has its socket, too, and its queue may be full.
 */
static int control_remove_stale(const struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	struct stat st;
	bool is_there;
	int ret;

	if (fd < 0)
		return -1;
	ret = connect(fd, (const struct sockaddr *)addr, sizeof(*addr));
	is_there = !ret || errno == EAGAIN;
	close(fd);
	if (is_there) {
		errno = EADDRINUSE;
		return -1;
	}
	if (lstat(addr->sun_path, &st) || !S_ISSOCK(st.st_mode))
		return 0;
	return unlink(addr->sun_path);
}

/* Give the socket to the group: root can, and anybody else if it is his own group. */
static int control_permit(const char *path, const char *group)
{
	const struct group *gr = getgrnam(group);

	if (gr && chown(path, -1, gr->gr_gid) && errno != EPERM)
		return -1;
	return chmod(path, CONTROL_MODE);
}

/**
 * control_open() - make the control socket
 * @path: where
 * @group: group that may open it beside its owner, if there is such a group
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: the socket, or -1
 */
int control_open(const char *path, const char *group, char *error)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char dir[sizeof(addr.sun_path)];
	mode_t mask;
	int fd, ret;

	strcpy(addr.sun_path, path);
	strcpy(dir, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		goto err;
	mask = umask(CONTROL_DIR_MASK);
	ret = mkdir(dirname(dir), CONTROL_DIR_MODE);
	umask(mask);
	if ((ret && errno != EEXIST) || control_remove_stale(&addr))
		goto err_close;
	/* Nobody but its owner until the group is right */
	mask = umask(CONTROL_MASK);
	ret = bind(fd, (const struct sockaddr *)&addr, sizeof(addr));
	umask(mask);
	if (ret || control_permit(path, group) || listen(fd, CONTROL_BACKLOG))
		goto err_close;
	return fd;

err_close:
	close(fd);
err:
	snprintf(error, ERROR_TEXT_MAX, "control: %s: %s", path,
		 errno == EADDRINUSE ? "another appgwd answers there" :
				       strerror(errno));
	return -1;
}

static json_t *control_refused(const struct worker *worker)
{
	json_t *refused = json_object();
	unsigned int i;

	for (i = 0; i < ERRNO_NAMES; i++)
		if (worker->refused[i])
			json_object_set_new(refused, errno_name(i),
					    json_integer(worker->refused[i]));
	return refused;
}

static json_t *control_worker(const struct worker *worker)
{
	return json_pack("{si sb sI sI sI sI so sI sI}",
			 "queue", (int)worker->queue.number,
			 "alive", worker_is_alive(worker),
			 "packets", (json_int_t)worker->packets,
			 "bytes", (json_int_t)worker->bytes,
			 "plans", (json_int_t)worker->plans,
			 "done", (json_int_t)worker->done,
			 "refused", control_refused(worker),
			 "unread", (json_int_t)worker->unread,
			 "malformed", (json_int_t)worker->malformed);
}

/* Report the module to users that may ask us, but not it; null if it isn't there. */
static json_t *control_module(void)
{
	json_t *module = NULL;
	struct kmod kmod;

	if (!kmod_find() || kmod_open(&kmod))
		return json_null();
	module = json_pack("{so* so*}", "listeners", json_listeners(&kmod),
			   "stats", json_stats(&kmod));
	kmod_close(&kmod);
	return module ? module : json_null();
}

/**
 * control_netns() - which network namespace is ours
 *
 * Return: its number, 0 if nobody knows
 */
uint64_t control_netns(void)
{
	struct stat st;

	return stat(CONFIG_NETNS, &st) ? 0 : st.st_ino;
}

static json_t *control_events(const struct history *history)
{
	return json_pack("{sI sI}",
			 "kept", (json_int_t)(history->next -
					      history_first(history)),
			 "lost", (json_int_t)history->lost_total);
}

/**
 * control_daemon() - what the daemon tells about itself
 * @state: that
 *
 * Return: an object
 */
json_t *control_daemon(const struct control_state *state)
{
	json_t *protocols = json_array(), *workers = json_array();
	const struct proto *const *proto;
	struct timespec now;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	for (proto = state->config->protos; *proto; proto++)
		json_array_append_new(protocols, json_string((*proto)->name));
	for (i = 0; i < state->config->queues; i++)
		json_array_append_new(workers,
				      control_worker(&state->workers[i]));
	return json_pack("{s:s, s:i, s:I, s:I, s:b, s:I, s:o, s:o, s:o}",
			 "version", APPGW_VERSION,
			 "pid", (int)getpid(),
			 "netns", (json_int_t)control_netns(),
			 "uptime", (json_int_t)(now.tv_sec - state->started_s),
			 "listening", state->is_listening,
			 "log_dropped", (json_int_t)log_dropped(),
			 "events", control_events(state->history),
			 "protocols", protocols,
			 "queues", workers);
}

/**
 * control_answer() - serve one that waits to be, if he still does
 * @fd: the control socket
 * @state: what to tell
 */
void control_answer(int fd, const struct control_state *state)
{
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	json_t *status;
	char *text;

	if (peer < 0)
		return;
	status = control_daemon(state);
	json_object_set_new(status, "module", control_module());
	text = json_dumps(status, JSON_COMPACT);
	/* It fits into the socket; a peer that doesn't read it has lost. */
	if (text)
		send(peer, text, strlen(text), MSG_NOSIGNAL);
	free(text);
	json_decref(status);
	close(peer);
}
