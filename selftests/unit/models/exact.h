/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_EXACT_H
#define SELFTESTS_EXACT_H

#include "../../../include/appgw/span.h"

/* Bytes of input that exact_text() shows. */
#define EXACT_SHOWN_MAX		100

/**
 * struct exact - a copy of some input
 * @mem: what to free
 * @at: the copy
 * @len: its length
 */
struct exact {
	uint8_t *mem;
	uint8_t *at;
	size_t len;
};

struct exact exact_new(size_t len);
struct exact exact_copy(const void *data, size_t len);
void exact_free(struct exact *e);
struct span exact_span(const struct exact *e);
const char *exact_text(const void *data, size_t len);

#endif /* SELFTESTS_EXACT_H */
