// SPDX-License-Identifier: GPL-2.0-only
/* KTAP for the unit tests: named cases, and under each one what it complains
 * about. A sanitizer that ends the program still leaves the case's name.
 */

#include <signal.h>
#include <stdarg.h>

#include "tap.h"

/* Complaints a case prints; the rest are mostly the same story. */
#define TAP_COMPLAINTS_MAX	8

static const char *tap_name;
static unsigned int tap_planned, tap_count, tap_failed, tap_complaints;
static char tap_log[TAP_COMPLAINTS_MAX][512];

/* Have the sanitizers raise SIGABRT, for tap_died(). */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
	return "abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
	return "abort_on_error=1:print_stacktrace=1";
}

static void tap_died(int sig)
{
	printf("not ok %u %s\n# ended by a sanitizer\n", tap_count + 1,
	       tap_name ? tap_name : "between two cases");
	printf("# Totals: pass:%u fail:%u skip:0\n", tap_count - tap_failed,
	       tap_failed + 1);
	fflush(stdout);
	signal(sig, SIG_DFL);
	raise(sig);
}

/* Begin a program of @n cases. */
void tap_plan(size_t n)
{
	tap_planned = n;
	signal(SIGABRT, tap_died);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("TAP version 13\n1..%zu\n", n);
}

/* Begin a case. */
void tap_begin(const char *name)
{
	tap_name = name;
	tap_complaints = 0;
}

/* Give the case that has begun another name. */
void tap_rename(const char *name)
{
	tap_name = name;
}

/* Complain about the case that has begun: it fails. */
void tap_complain(const char *fmt, ...)
{
	va_list args;

	if (tap_complaints < TAP_COMPLAINTS_MAX) {
		va_start(args, fmt);
		vsnprintf(tap_log[tap_complaints], sizeof(tap_log[0]), fmt,
			  args);
		va_end(args);
	}
	tap_complaints++;
}

/* End a case, and print how it went. */
void tap_end(void)
{
	unsigned int i;

	tap_count++;
	tap_failed += !!tap_complaints;
	printf("%s %u %s\n", tap_complaints ? "not ok" : "ok", tap_count,
	       tap_name);
	for (i = 0; i < tap_complaints && i < TAP_COMPLAINTS_MAX; i++)
		printf("# %s\n", tap_log[i]);
	if (tap_complaints > TAP_COMPLAINTS_MAX)
		printf("# and %u more\n", tap_complaints - TAP_COMPLAINTS_MAX);
	tap_name = NULL;
}

/* Print the totals; return the program's exit status. */
int tap_finish(void)
{
	if (tap_count != tap_planned)
		printf("# planned %u cases, ran %u\n", tap_planned, tap_count);
	printf("# Totals: pass:%u fail:%u skip:0\n", tap_count - tap_failed,
	       tap_failed);
	return tap_failed || !tap_count || tap_count != tap_planned;
}

/* A reproducible stream of numbers (xorshift32), the same on every run. */
uint32_t tap_random(uint32_t *state)
{
	uint32_t x = *state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}
