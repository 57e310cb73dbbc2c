// SPDX-License-Identifier: GPL-2.0-only
/* Tell the service manager how we are: datagrams to a socket whose name is in the
 * environment (sd_notify(3) is the description of it, and other managers have it,
 * too). Where there is none, nobody is told.
 */

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "notify.h"

#define NOTIFY_TEXT_MAX		128

/* Seconds that a manager may be too busy to take it. */
#define NOTIFY_WAIT_S		1

static struct sockaddr_un notify_addr;
static socklen_t notify_addr_len;
static int notify_fd = -1;
static bool notify_watched;

/* Tell if this process is watched, and not its parent. */
static bool notify_is_ours(void)
{
	const char *interval = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");

	return interval && strtoull(interval, NULL, 10) &&
	       (!pid || strtol(pid, NULL, 10) == getpid());
}

/**
 * notify_open() - find the service manager's socket
 *
 * Once, before privileges go.
 */
void notify_open(void)
{
	const struct timeval wait = { .tv_sec = NOTIFY_WAIT_S };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path ? strlen(path) : 0;

	/* "@" stands for the 0 that an abstract name begins with */
	if (len < 2 || len >= sizeof(notify_addr.sun_path) ||
	    (*path != '/' && *path != '@'))
		return;
	notify_addr.sun_family = AF_UNIX;
	memcpy(notify_addr.sun_path, path, len);
	if (*path == '@')
		notify_addr.sun_path[0] = '\0';
	notify_addr_len = offsetof(struct sockaddr_un, sun_path) + len;
	notify_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (notify_fd < 0)
		return;
	setsockopt(notify_fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	notify_watched = notify_is_ours();
}

/**
 * notify_is_watched() - does somebody want to hear that we are alive?
 *
 * Return: true if so: notify("WATCHDOG=1"), several times a minute
 */
bool notify_is_watched(void)
{
	return notify_watched;
}

/**
 * notify() - tell the service manager
 * @format: as for printf: "VARIABLE=value"
 *
 * What it is too busy to take for NOTIFY_WAIT_S is lost.
 */
void notify(const char *format, ...)
{
	char text[NOTIFY_TEXT_MAX];
	va_list args;
	int len;

	if (notify_fd < 0)
		return;
	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (len > 0 && len < NOTIFY_TEXT_MAX)
		sendto(notify_fd, text, len, MSG_NOSIGNAL,
		       (struct sockaddr *)&notify_addr, notify_addr_len);
}
