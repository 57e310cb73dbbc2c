// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/irc_parse.c and irc.c: no crash, every message is read as the
 * reference reads it, what is planned lies in the payload, and an edited
 * payload still says what it should.
 *
 * Input: a payload.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "../unit/models/irc_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_check(struct span s, const char *complaint)
{
	if (!complaint)
		return;
	fprintf(stderr, "\"%s\": %s\n", exact_text(s.at, s.len), complaint);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span payload = { data, size }, text = payload;
	size_t i;

	fuzz_check(payload, irc_inspect_complaint(payload));
	while (text.len) {
		for (i = 1; i < text.len && text.at[i] != 1; i++)
			if (text.at[i] == '\r' || text.at[i] == '\n')
				break;
		fuzz_check(text, irc_complaint((struct span){ text.at, i }));
		span_skip(&text, i);
	}
	return 0;
}
