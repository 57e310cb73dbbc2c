/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_NOTIFY_H
#define APPGWD_NOTIFY_H

#include <stdbool.h>

void notify_open(void);
bool notify_is_watched(void);
void notify(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* APPGWD_NOTIFY_H */
