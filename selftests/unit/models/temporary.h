/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_TEMPORARY_H
#define SELFTESTS_TEMPORARY_H

#include <stddef.h>

void temporary_make(char *path);
void temporary_write(const char *path, const char *text, size_t len);

#endif /* SELFTESTS_TEMPORARY_H */
