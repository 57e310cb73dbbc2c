// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/pna_scan.c: no crash, and what each side of a conversation
 * announces is what a plain model of it says, however it is cut.
 *
 * Input: what the sides say in turn, the client first, each up to the bytes
 * 0xfe 0xfe.
 */

#include <string.h>

#include "../unit/models/pna_model.h"
#include "turns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	static struct pna_player p;
	struct pna_model_answer got;
	static struct pna_model m;
	uint32_t random = 1;
	bool client = true;

	memset(&m, 0, sizeof(m));
	memset(&p, 0, sizeof(p));
	for (; data < end; client = !client) {
		struct span item = turns_next(&data, end);
		const char *complaint;

		complaint = pna_model_step(&m, &p, client, item,
					   item.len <= EVERY_MAX, &random,
					   &got);
		turns_check(complaint, item, got.count, got.why);
	}
	return 0;
}
