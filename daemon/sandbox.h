/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_SANDBOX_H
#define APPGWD_SANDBOX_H

#include <stdbool.h>

int sandbox_drop(const char *user, char *error);
int sandbox_filter(bool is_serving, char *error);

#endif /* APPGWD_SANDBOX_H */
