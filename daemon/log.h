/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_LOG_H
#define APPGWD_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

/* Lines a second that one worker may write about connections: strangers cause
 * them. Those above are counted, and the number is told.
 */
#define LOG_CONNECTION_PER_S	100

/* What a function may say about its failure. */
#define ERROR_TEXT_MAX		512

enum log_target {
	LOG_TARGET_AUTO,	/* the journal if stderr leads there */
	LOG_TARGET_STDERR,	/* plain lines */
	LOG_TARGET_JOURNAL,	/* lines that begin with their <level> */
};

/* Events of the module's that are logged */
enum log_events {
	LOG_EVENTS_OFF,
	LOG_EVENTS_REFUSED,	/* what was not done */
	LOG_EVENTS_ALL,
};

void log_start(void);
unsigned long log_dropped(void);
void log_open(enum log_target target, int level);
void log_line(int level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool log_is_prefixed(void);
bool log_admits(int level);
void log_escape(char *out, size_t size, const char *text);

#endif /* APPGWD_LOG_H */
