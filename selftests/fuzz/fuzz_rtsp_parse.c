// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/rtsp_parse.c: no crash, every Transport header is read as the
 * reference reads it, and an edited header still says what it should.
 *
 * Input: a header's value, and a payload as well.
 */

#include "../unit/rtsp_properties.h"

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
	struct span text = { data, size };

	fuzz_check(text, rtsp_complaint(text));
	fuzz_check(text, rtsp_payload_complaint(text));
	return 0;
}
