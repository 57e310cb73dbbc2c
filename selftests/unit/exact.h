/* SPDX-License-Identifier: GPL-2.0-only */
/* Input in a buffer of exactly its size, so that the address sanitizer sees a
 * read of the first byte behind it, and readable in a message. For the unit
 * tests and the fuzzers.
 */
#ifndef SELFTESTS_EXACT_H
#define SELFTESTS_EXACT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/appgw/span.h"

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

static inline struct exact exact_new(size_t len)
{
	/* malloc(0) has one byte in the sanitizer's eyes: end behind it */
	uint8_t *mem = malloc(len ? len : 1);

	if (!mem)
		exit(2);
	return (struct exact){ mem, len ? mem : mem + 1, len };
}

static inline struct exact exact_copy(const void *data, size_t len)
{
	struct exact e = exact_new(len);

	if (len)
		memcpy(e.at, data, len);
	return e;
}

static inline void exact_free(struct exact *e)
{
	free(e->mem);
	memset(e, 0, sizeof(*e));
}

static inline struct span exact_span(const struct exact *e)
{
	return (struct span){ e->at, e->len };
}

/* The bytes as a C string literal would show them; valid until called again. */
static inline const char *exact_text(const void *data, size_t len)
{
	static char text[4 * EXACT_SHOWN_MAX + sizeof("...")];
	const uint8_t *c = data;
	size_t i, n = 0;

	for (i = 0; i < len && i < EXACT_SHOWN_MAX; i++) {
		bool plain = c[i] >= ' ' && c[i] <= '~' && c[i] != '\\';

		n += snprintf(text + n, sizeof(text) - n,
			      plain ? "%c" : "\\x%02x", c[i]);
	}
	snprintf(text + n, sizeof(text) - n, "%s", i < len ? "..." : "");
	return text;
}

#endif /* SELFTESTS_EXACT_H */
