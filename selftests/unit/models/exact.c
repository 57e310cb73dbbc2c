// SPDX-License-Identifier: GPL-2.0-only
/* Input in a buffer of exactly its size, so that the address sanitizer sees a
 * read of the first byte behind it, and readable in a message. For the unit
 * tests and the fuzzers.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"

/* Allocate @len bytes; exit if there is no memory. */
struct exact exact_new(size_t len)
{
	/* malloc(0) has one byte in the sanitizer's eyes: end behind it */
	uint8_t *mem = malloc(len ? len : 1);

	if (!mem)
		exit(2);
	return (struct exact){ mem, len ? mem : mem + 1, len };
}

/* Copy @len bytes of @data; the caller frees them by exact_free(). */
struct exact exact_copy(const void *data, size_t len)
{
	struct exact e = exact_new(len);

	if (len)
		memcpy(e.at, data, len);
	return e;
}

/* Free what exact_new() or exact_copy() gave. */
void exact_free(struct exact *e)
{
	free(e->mem);
	memset(e, 0, sizeof(*e));
}

/* The bytes as parsers take them */
struct span exact_span(const struct exact *e)
{
	return (struct span){ e->at, e->len };
}

/* The bytes as a C string literal would show them; valid until called again. */
const char *exact_text(const void *data, size_t len)
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
