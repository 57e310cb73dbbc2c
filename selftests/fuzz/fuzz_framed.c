// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/framed.c: no crash, and what each side of a conversation
 * announces is what a plain model of it says, however it is cut.
 *
 * Input: a byte for the protocol, and what the sides say in turn, the client first,
 * each up to the bytes 0xfe 0xfe.
 */

#include <string.h>

#include "../unit/models/framed_model.h"
#include "turns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct framed_model_answer got;
	static struct framed_model m;
	struct framed_talk talk;
	static struct scan_player p;
	uint32_t random = 1;
	bool client = true;

	if (!size)
		return 0;
	memset(&m, 0, sizeof(m));
	memset(&talk, 0, sizeof(talk));
	memset(&p, 0, sizeof(p));
	m.kind = *data++ % FRAMED_KINDS;
	for (; data < end; client = !client) {
		struct span item = turns_next(&data, end);
		const char *complaint;

		complaint = framed_model_step(&m, &talk, &p, client, item,
					      item.len <= EVERY_MAX, &random,
					      &got);
		turns_check(complaint, item, got.count, got.why);
	}
	return 0;
}
