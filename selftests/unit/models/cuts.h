/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_CUTS_H
#define SELFTESTS_CUTS_H

#include <stddef.h>
#include <stddef.h>

size_t cuts_none(void *ctx, size_t from, size_t len);
size_t cuts_bytes(void *ctx, size_t from, size_t len);
size_t cuts_at(void *ctx, size_t from, size_t len);
size_t cuts_random(void *ctx, size_t from, size_t len);

#endif /* SELFTESTS_CUTS_H */
