// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/rtsp_parse.c and rtsp.c: no crash, every Transport header is read
 * as the reference reads it, an edited header still says what it should, and
 * the plans for a payload are what its headers call for.
 *
 * Input: a header's value, and a payload as well.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/models/exact.h"
#include "../unit/models/rtsp_plan_properties.h"
#include "../unit/models/rtsp_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_check(struct span s, const char *complaint)
{
	if (!complaint)
		return;
	fprintf(stderr, "\"%s\": %s\n", exact_text(s.at, s.len), complaint);
	abort();
}

/* The plans for a header with that value */
static void fuzz_header(struct span value)
{
	static const char name[] = "Transport:", end[] = "\r\n\r\n";
	struct exact e = exact_new(sizeof(name) - 1 + value.len +
				   sizeof(end) - 1);
	uint8_t *to = e.at;

	to = (uint8_t *)memcpy(to, name, sizeof(name) - 1) + sizeof(name) - 1;
	if (value.len)
		memcpy(to, value.at, value.len);
	memcpy(to + value.len, end, sizeof(end) - 1);
	fuzz_check(exact_span(&e), rtsp_inspect_complaint(exact_span(&e)));
	exact_free(&e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { data, size };

	fuzz_check(text, rtsp_complaint(text));
	fuzz_check(text, rtsp_payload_complaint(text));
	fuzz_check(text, rtsp_inspect_complaint(text));
	fuzz_header(text);
	return 0;
}
