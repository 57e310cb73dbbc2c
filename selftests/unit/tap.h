/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_TAP_H
#define SELFTESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAP_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* Complain unless @cond; its value, so that a case can stop there. */
#define tap_check(cond, ...) \
	((cond) ? true : (tap_complain(__VA_ARGS__), false))

void tap_plan(size_t n);
void tap_begin(const char *name);
void tap_rename(const char *name);
__attribute__((format(printf, 1, 2)))
void tap_complain(const char *fmt, ...);
void tap_end(void);
int tap_finish(void);
uint32_t tap_random(uint32_t *state);

#endif /* SELFTESTS_TAP_H */
