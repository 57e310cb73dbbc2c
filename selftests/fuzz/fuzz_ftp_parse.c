// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/ftp_parse.c: no crash, and every line is read as the reference
 * reads it and still says what it should after an edit.
 *
 * Input: 'c' (any odd byte) and lines that a client sends, or 'r' (any even
 * byte) and lines that a server sends.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/models/exact.h"
#include "../unit/models/ftp_properties.h"
#include "../unit/models/ftp_reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_complain(struct span line, const char *complaint)
{
	fprintf(stderr, "\"%s\": %s\n", exact_text(line.at, line.len),
		complaint);
	abort();
}

/* As the helper does it: false if the line is not to be parsed. */
static bool fuzz_is_reply(uint16_t *code, struct span line)
{
	struct exact e = exact_copy(line.at, line.len);
	uint16_t ref_code = *code;
	bool inside;

	inside = appgw_ftp_in_multiline(code, exact_span(&e));
	exact_free(&e);

	if (inside != ftp_reference_in_multiline(&ref_code, line) ||
	    *code != ref_code)
		fuzz_complain(line, "follows another multi-line reply");
	if (inside != (*code != 0))
		fuzz_complain(line, "leaves a reply open or shuts it");
	return !inside;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool command = size && (data[0] & 1);
	const uint8_t *end = data + size;
	uint16_t code = 0;

	if (!size)
		return 0;

	for (data++; data < end;) {
		const uint8_t *nl = memchr(data, '\n', end - data);
		struct span line = { data, (nl ? nl : end) - data };
		const char *complaint;

		data = nl ? nl + 1 : end;
		while (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!command && !fuzz_is_reply(&code, line))
			continue;
		complaint = ftp_complaint(line, command);
		if (complaint)
			fuzz_complain(line, complaint);
	}
	return 0;
}
