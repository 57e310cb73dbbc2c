// SPDX-License-Identifier: GPL-2.0-only
/* Ask the daemon of our network namespace how it is, and what the module says. */

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "ctl.h"
#include "config.h"

/* The daemon's answer comes at once, or it is not well. */
#define DAEMON_TIMEOUT_S	3

/**
 * daemon_connect() - connect to a socket of the daemon's
 * @path: of it
 *
 * Return: the socket, with time limits, or -1 with errno, EAGAIN if nobody accepts
 */
int daemon_connect(const char *path)
{
	const struct timeval timeout = { .tv_sec = DAEMON_TIMEOUT_S };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return -1;
	strncpy(addr.sun_path, path, sizeof(addr.sun_path) - 1);
	/* the latter is connect()'s, too, where many wait already */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (!connect(fd, (const struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* Ask the daemon at a socket; return an object, false if it does not answer, null if
 * there is none.
 */
static json_t *daemon_ask_at(const char *path)
{
	int fd = daemon_connect(path);
	json_t *answer;

	if (fd < 0) {
		if (errno == EAGAIN)
			return json_false();
		if (errno != ENOENT && errno != ECONNREFUSED)
			fprintf(stderr, "appgwctl: %s: %s\n", path,
				strerror(errno));
		return json_null();
	}
	answer = json_loadfd(fd, 0, NULL);
	close(fd);
	return answer ? answer : json_false();
}

/**
 * daemon_is_here() - tell if an answer is from our namespace
 * @daemon: the answer; one that does not say where it is from counts as here
 *
 * Return: true if so
 */
bool daemon_is_here(const json_t *daemon)
{
	const json_t *netns = json_object_get(daemon, "netns");
	struct stat own;

	return !netns || stat(CONFIG_NETNS, &own) ||
	       (json_int_t)own.st_ino == json_integer_value(netns);
}

static json_t *daemon_judge(json_t *answer, bool *is_elsewhere)
{
	if (!json_is_object(answer) || daemon_is_here(answer))
		return answer;
	*is_elsewhere = true;
	json_decref(answer);
	return json_null();
}

/* Ask at each socket. A daemon that answers goes before one that doesn't, which may be
 * another namespace's.
 */
static json_t *daemon_search(bool *is_elsewhere)
{
	json_t *best = json_null(), *answer;
	glob_t found;
	size_t i;

	if (glob(CONFIG_CONTROLS, 0, NULL, &found))
		return best;
	for (i = 0; i < found.gl_pathc && !json_is_object(best); i++) {
		answer = daemon_judge(daemon_ask_at(found.gl_pathv[i]),
				      is_elsewhere);
		if (json_is_null(answer))
			continue;
		json_decref(best);
		best = answer;
	}
	globfree(&found);
	return best;
}

/**
 * daemon_ask() - what the daemon of this network namespace says about itself
 * @path: of its control socket; NULL: whichever is there
 * @is_elsewhere: set if one has answered that is in another namespace
 *
 * Return: an object; false if there is one that does not answer, and null if there
 * is none
 */
json_t *daemon_ask(const char *path, bool *is_elsewhere)
{
	*is_elsewhere = false;
	return path ? daemon_judge(daemon_ask_at(path), is_elsewhere) :
		      daemon_search(is_elsewhere);
}

/**
 * ctl_ask() - ask the module or, where it talks to others only, the daemon
 * @ctl: the call
 * @ask: the module
 * @daemon: what the daemon has said
 * @name: under which the daemon has the same
 *
 * Return: JSON, or NULL with the module's error if there is neither
 */
json_t *ctl_ask(struct ctl *ctl, json_t *(*ask)(struct kmod *kmod),
		const json_t *daemon, const char *name)
{
	json_t *answer = ask(&ctl->kmod);

	if (answer || ctl->kmod.error != EPERM)
		return answer;
	return json_incref(json_object_get(json_object_get(daemon, "module"),
					   name));
}
