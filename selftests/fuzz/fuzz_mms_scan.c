// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/mms_scan.c: no crash, and what each side of a conversation
 * announces is what a plain model of it says, however it is cut.
 *
 * Input: what the sides say in turn, the client first, each up to the bytes
 * 0xfe 0xfe.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/models/exact.h"
#include "../unit/models/mms_model.h"

/* Longest item that is cut in two at every place: that takes its time. */
#define EVERY_MAX	80

static const uint8_t turn[] = { 0xfe, 0xfe };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	static struct mms_player p;
	struct mms_model_answer got;
	static struct mms_model m;
	uint32_t random = 1;
	bool client = true;

	memset(&m, 0, sizeof(m));
	memset(&p, 0, sizeof(p));
	for (; data < end; client = !client) {
		const uint8_t *to = memmem(data, end - data, turn,
					   sizeof(turn));
		struct span item = { data, (to ? to : end) - data };
		const char *complaint;

		data += item.len + (to ? sizeof(turn) : 0);
		complaint = mms_model_step(&m, &p, client, item,
					   item.len <= EVERY_MAX, &random,
					   &got);
		if (complaint) {
			fprintf(stderr, "%s: %s (%u, %d)\n",
				exact_text(item.at, item.len), complaint,
				got.count, got.why);
			abort();
		}
	}
	return 0;
}
