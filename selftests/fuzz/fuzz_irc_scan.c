// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/irc_scan.c: no crash, and what each line of a conversation
 * announces is what a plain model of it says, however it is cut.
 *
 * Input: lines, each after 'c' (any odd byte) if the client says it, or 'r'
 * (any even byte) if the server does. A first byte of '!' lets announcements
 * count before the registration, one of '+' begins after it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/models/exact.h"
#include "../unit/models/irc_model.h"

/* Longest line that is cut in two at every place: that takes its time. */
#define EVERY_MAX	80

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct irc_session is = { 0 };
	struct irc_model_answer got;
	struct irc_model m = { 0 };
	uint32_t random = 1;

	if (size && *data == '!') {
		is.any_time = m.any_time = true;
		data++;
	} else if (size && *data == '+') {
		is.registered = m.registered = true;
		data++;
	}
	while (data < end) {
		const uint8_t *nl = memchr(data, '\n', end - data);
		struct span line = { data + 1, (nl ? nl : end) - data };
		bool client = *data & 1;
		const char *complaint;

		/* what has no end is not taken in as a line */
		if (!nl || nl == data)
			break;
		data = nl + 1;
		complaint = irc_model_step(&m, &is, client, line,
					   line.len <= EVERY_MAX, &random,
					   &got);
		if (complaint) {
			fprintf(stderr, "%s: %s (%u, %d)\n",
				exact_text(line.at, line.len), complaint,
				got.count, got.why);
			abort();
		}
	}
	return 0;
}
