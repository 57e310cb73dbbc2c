// SPDX-License-Identifier: GPL-2.0-only
/* The log: one line an event, each in one write. */

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define LOG_LINE_MAX	1024

/* Read by every worker, changed by SIGHUP. */
static atomic_int log_level = LOG_INFO;
static atomic_bool log_prefixed;

/* systemd says in the environment which file its journal's end of stderr is. */
static bool log_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == dev &&
	       st.st_ino == ino;
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

static bool log_wants(int level)
{
	return level <= atomic_load_explicit(&log_level, memory_order_relaxed);
}

static void log_write(int level, const char *format, va_list args)
{
	char line[LOG_LINE_MAX];
	size_t n = 0;
	int len;

	if (atomic_load_explicit(&log_prefixed, memory_order_relaxed))
		n = snprintf(line, sizeof(line), "<%d>", level);
	len = vsnprintf(line + n, sizeof(line) - n, format, args);
	if (len < 0)
		return;
	n += len;
	if (n > sizeof(line) - 1)
		n = sizeof(line) - 1;
	line[n++] = '\n';
	/* There is nobody to tell that the log is gone. */
	if (write(STDERR_FILENO, line, n) < 0)
		return;
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
