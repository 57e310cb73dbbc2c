// SPDX-License-Identifier: GPL-2.0-only
/* The log: one line an event, each in one write, and nobody waits for it. */

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define LOG_LINE_MAX	1024

/* Read by every worker, changed by SIGHUP. */
static atomic_int log_level = LOG_INFO;
static atomic_bool log_prefixed;

/* Where lines go; what there was no room for since the last one that went, and in
 * all.
 */
static int log_fd = STDERR_FILENO;
static bool log_is_socket;
static atomic_ulong log_missing;
static atomic_ulong log_dropped_total;
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;

/* Tell if stderr is the journal's: systemd says in the environment which file that is. */
static bool log_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == dev &&
	       st.st_ino == ino;
}

/* Open a pipe or a terminal once more: one that nobody reads would keep us waiting, and
 * that it must not is a property of the open file, which our parent has as well.
 */
static void log_reopen(void)
{
	struct stat st;
	int fd;

	if (fstat(STDERR_FILENO, &st))
		return;
	log_is_socket = S_ISSOCK(st.st_mode);
	if (!S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return;
	fd = open("/proc/self/fd/2",
		  O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd >= 0)
		log_fd = fd;
}

/**
 * log_start() - find out where the log goes
 *
 * Once, before privileges go and there are threads.
 */
void log_start(void)
{
	log_reopen();
}

/**
 * log_dropped() - lines that there was no room for
 *
 * Return: how many since the start
 */
unsigned long log_dropped(void)
{
	return atomic_load_explicit(&log_dropped_total, memory_order_relaxed);
}

/**
 * log_open() - say what is logged, and how
 * @target: where to
 * @level: LOG_ERR to LOG_DEBUG; what matters less is left out
 */
void log_open(enum log_target target, int level)
{
	atomic_store(&log_level, level);
	atomic_store(&log_prefixed, target == LOG_TARGET_JOURNAL ||
		     (target == LOG_TARGET_AUTO && log_is_journal()));
}

/**
 * log_is_prefixed() - does the log go to the journal?
 *
 * Return: true if so
 */
bool log_is_prefixed(void)
{
	return atomic_load_explicit(&log_prefixed, memory_order_relaxed);
}

static bool log_wants(int level)
{
	return level <= atomic_load_explicit(&log_level, memory_order_relaxed);
}

/* Write all of a line or, where there is no room, nothing. */
static bool log_put(const char *line, size_t len)
{
	struct pollfd room = { .fd = log_fd, .events = POLLOUT };

	if (log_is_socket)
		return send(log_fd, line, len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
		       (ssize_t)len;
	/* could not be opened once more, or is a file, which always has room */
	if (log_fd == STDERR_FILENO &&
	    (poll(&room, 1, 0) <= 0 || !(room.revents & POLLOUT)))
		return false;
	return write(log_fd, line, len) == (ssize_t)len;
}

static void log_drop(void)
{
	atomic_fetch_add_explicit(&log_missing, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&log_dropped_total, 1, memory_order_relaxed);
}

/* Tell of lines left out first, or there is no room for this one either. */
static bool log_tell_missing(const char *prefix)
{
	unsigned long missing = atomic_exchange(&log_missing, 0);
	char line[LOG_LINE_MAX];
	int len;

	if (!missing)
		return true;
	len = snprintf(line, sizeof(line),
		       "%slog: %lu lines left out, nobody reads it\n", prefix,
		       missing);
	if (log_put(line, len))
		return true;
	atomic_fetch_add(&log_missing, missing);
	return false;
}

static void log_write(int level, const char *format, va_list args)
{
	char line[LOG_LINE_MAX], prefix[8] = "";
	size_t n = 0;
	int len;

	if (log_is_prefixed())
		n = snprintf(prefix, sizeof(prefix), "<%d>", level);
	memcpy(line, prefix, n);
	len = vsnprintf(line + n, sizeof(line) - n, format, args);
	if (len < 0)
		return;
	n += len;
	if (n > sizeof(line) - 1)
		n = sizeof(line) - 1;
	line[n++] = '\n';
	/* nobody keeps it for longer than such a write takes */
	pthread_mutex_lock(&log_mutex);
	if (!log_tell_missing(prefix) || !log_put(line, n))
		log_drop();
	pthread_mutex_unlock(&log_mutex);
}

/**
 * log_line() - "area: fact", in lower case and without a full stop
 * @level: LOG_ERR to LOG_DEBUG
 * @format: as for printf; text from elsewhere belongs through log_escape()
 */
void log_line(int level, const char *format, ...)
{
	va_list args;

	if (!log_wants(level))
		return;
	va_start(args, format);
	log_write(level, format, args);
	va_end(args);
}

/**
 * log_admits() - is it worth while to put a line about a connection together?
 * @level: of the line; there are at most LOG_CONNECTION_PER_S
 *
 * Return: true if log_line() is to follow
 */
bool log_admits(int level)
{
	static _Thread_local unsigned long lost;
	static _Thread_local unsigned int count;
	static _Thread_local time_t second;
	struct timespec now;

	if (!log_wants(level))
		return false;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	if (now.tv_sec != second) {
		if (lost)
			log_line(LOG_WARNING, "log: %lu lines left out", lost);
		second = now.tv_sec;
		count = 0;
		lost = 0;
	}
	if (count == LOG_CONNECTION_PER_S) {
		lost++;
		return false;
	}
	count++;
	return true;
}

/**
 * log_escape() - make text harmless that came from elsewhere
 * @out: set, and cut off rather than overrun
 * @size: of @out, not 0
 * @text: what may have anything in it; all but printable ASCII becomes \xNN
 */
void log_escape(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text; text++) {
		unsigned char c = *text;
		bool plain = c > 0x1f && c < 0x7f && c != '\\';

		if (size - n <= (plain ? 1 : 4))
			break;
		if (plain)
			out[n++] = c;
		else
			n += snprintf(out + n, size - n, "\\x%02x", c);
	}
	out[n] = '\0';
}
