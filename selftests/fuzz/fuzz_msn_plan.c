// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/msn_parse.c and msn.c: no crash, and when plans are carried out
 * all lengths of a message are as right as before.
 *
 * Input: a payload; or a kind of message below MSN_BUILD_KINDS in one byte, and
 * a text to be put into it, so that lengths don't have to be guessed.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "../unit/models/msn_plan_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_check(struct span payload)
{
	static const char * const ends[][2] = {
		{ "10.0.1.2", "203.0.113.77" },
		{ "10.0.1.2", "9.8.7.6" },
		{ "2001:db8:1::2", "2001:db8::1" },
	};
	const char *complaint;
	struct msn_module m;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		m = msn_module_new(ends[i][0], ends[i][1], 10000);
		complaint = msn_inspect_complaint(&m, payload);
		if (!complaint)
			continue;
		fprintf(stderr, "%s: %s\n", exact_text(payload.at, payload.len),
			complaint);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct msn_build message;
	char *text;

	if (!size || data[0] >= MSN_BUILD_KINDS) {
		fuzz_check((struct span){ data, size });
		return 0;
	}
	text = strndup((const char *)data + 1, size - 1);
	if (!text)
		exit(2);
	message.len = 0;
	msn_build_message(&message, data[0], text);
	free(text);
	fuzz_check((struct span){ message.at, message.len });
	return 0;
}
