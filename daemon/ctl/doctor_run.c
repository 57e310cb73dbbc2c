// SPDX-License-Identifier: GPL-2.0-only
/* Run a program, without a shell, and have what it prints. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "doctor.h"

/* A ruleset that is larger, or takes longer, is not looked at. */
#define RUN_BYTES_MAX	(64u << 20)
#define RUN_LIMIT_S	20

#define RUN_CHUNK	65536

static long long run_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Read until the end; NULL with errno. */
static char *run_read(int fd)
{
	long long end = run_now_ms() + RUN_LIMIT_S * 1000, left;
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char *text = NULL, *grown;
	size_t len = 0, size = 0;
	ssize_t n;

	for (;;) {
		if (size - len < RUN_CHUNK) {
			size = size ? 2 * size : 2 * RUN_CHUNK;
			grown = size > RUN_BYTES_MAX ? NULL : realloc(text, size);
			if (!grown)
				break;
			text = grown;
		}
		left = end - run_now_ms();
		errno = ETIMEDOUT;
		if (left <= 0 || poll(&pfd, 1, left) <= 0)
			break;
		n = read(fd, text + len, size - len - 1);
		if (n < 0)
			break;
		if (!n) {
			text[len] = 0;
			return text;
		}
		len += n;
	}
	free(text);
	return NULL;
}

/* Start @argv with its output in a pipe; the pipe's end, or -1 with errno. */
static int run_start(char *const *argv, pid_t *pid)
{
	char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char locale[] = "LC_ALL=C";
	char *const environment[] = { path, locale, NULL };
	posix_spawn_file_actions_t actions;
	int fds[2], error;

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(pid, argv[0], &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	if (!error)
		return fds[0];
	close(fds[0]);
	errno = error;
	return -1;
}

/**
 * doctor_run() - run a program and have what it prints
 * @argv: its words, the first one its name
 * @error: set on failure: why
 * @size: of that
 *
 * Return: text, to be freed; NULL with @error, and errno ENOENT if there is no such
 * program
 */
char *doctor_run(char *const *argv, char *error, size_t size)
{
	int fd, status, reason;
	char *text;
	pid_t pid;

	fd = run_start(argv, &pid);
	if (fd < 0) {
		reason = errno;
		snprintf(error, size, "%s: %s", argv[0],
			 reason == ENOENT ? "not installed" : strerror(reason));
		errno = reason;
		return NULL;
	}
	text = run_read(fd);
	reason = errno;
	close(fd);
	if (!text)
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) < 0)
		status = -1;
	if (!text) {
		snprintf(error, size, "%s: %s", argv[0], strerror(reason));
	} else if (status) {
		snprintf(error, size, "%s: exit status %d", argv[0],
			 status == -1 || !WIFEXITED(status) ?
			 -1 : WEXITSTATUS(status));
		free(text);
		text = NULL;
	}
	errno = EIO;
	return text;
}
