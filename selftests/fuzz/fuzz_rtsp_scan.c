// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/rtsp_scan.c: no crash, and what each side of a conversation
 * announces is what a plain model of it says, however it is cut.
 *
 * Input: what the sides say in turn, the client first, each up to a byte 0xff.
 * A first byte of '+' begins behind the first messages.
 */

#include <string.h>

#include "../unit/models/rtsp_model.h"
#include "turns.h"

#define TURN		0xff

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	static struct rtsp_player p;
	struct rtsp_model_answer got;
	static struct rtsp_model m;
	uint32_t random = 1;
	bool client = true;

	rtsp_model_begin(&m);
	memset(&p, 0, sizeof(p));
	if (size && *data == '+') {
		p.session.greeted[0] = true;
		p.session.greeted[1] = true;
		m.side[0].greeted = true;
		m.side[1].greeted = true;
		data++;
	}
	for (; data < end; client = !client) {
		const uint8_t *turn = memchr(data, TURN, end - data);
		struct span item = { data, (turn ? turn : end) - data };
		const char *complaint;

		data += item.len + 1;
		complaint = rtsp_model_step(&m, &p, client, item,
					    item.len <= EVERY_MAX, &random,
					    &got);
		turns_check(complaint, item, got.count, got.why);
	}
	return 0;
}
