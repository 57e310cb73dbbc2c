// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/msn_scan.c: no crash, and what each side of a conversation
 * announces is what a plain model of it says, however it is cut.
 *
 * Input: what the sides say in turn, the client first, each up to a byte 0xff.
 * A first byte of '+' begins in a switchboard's conversation. So that lengths
 * are right most of the time, these bytes stand for others:
 * 0xfe	in a line: digits, for how much is behind the line up to 0xfd
 * 0xfd	nothing
 * 0xfc	four bytes, for how much is behind what is left of a P2P packet's head,
 *	version 1, and before its foot
 * 0xfb	two bytes, for how much is behind what is left of the first head of a
 *	packet, version 2, and before its foot
 */

#include <string.h>

#include "../unit/models/msn_model.h"
#include "turns.h"

/* Bytes of what a side says at a time; more is left out. */
#define TEXT_MAX	2048

#define TURN		0xff
#define DIGITS		0xfe
#define DIGITS_END	0xfd
#define V1_LENGTH	0xfc
#define V2_LENGTH	0xfb

/* Bytes in a packet behind the bytes of its length that don't count. */
#define V1_OTHERS	(20 + 4)
#define V2_OTHERS	(4 + 4)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes that one of the input stands for. */
static size_t width(uint8_t c)
{
	switch (c) {
	case DIGITS:
		return 4;
	case DIGITS_END:
		return 0;
	case V1_LENGTH:
		return 4;
	case V2_LENGTH:
		return 2;
	}
	return 1;
}

/* How much is said behind byte @i, up to the end of a payload? */
static size_t behind(struct span in, size_t i)
{
	size_t n = 0;

	for (i++; i < in.len && in.at[i] != DIGITS_END; i++)
		n += width(in.at[i]);
	return n;
}

/* Puts in lengths; returns how many bytes it is then. */
static size_t expand(struct span in, uint8_t *out)
{
	size_t n = 0, i, k, line, length;
	char digits[8];

	for (i = 0; i < in.len && n + 4 <= TEXT_MAX; i++) {
		length = behind(in, i);
		switch (in.at[i]) {
		case DIGITS:
			for (line = i; line < in.len && in.at[line] != '\n';
			     line++)
				;
			length = line < in.len ? behind(in, line) : 0;
			snprintf(digits, sizeof(digits), "%04zu",
				 length % 10000);
			memcpy(out + n, digits, 4);
			break;
		case V1_LENGTH:
			length = length > V1_OTHERS ? length - V1_OTHERS : 0;
			for (k = 0; k < 4; k++)
				out[n + k] = length >> 8 * k;
			break;
		case V2_LENGTH:
			length = length > V2_OTHERS ? length - V2_OTHERS : 0;
			out[n] = length >> 8;
			out[n + 1] = length;
			break;
		default:
			out[n] = in.at[i];
		}
		n += width(in.at[i]);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	static uint8_t text[TEXT_MAX];
	struct msn_model_answer got;
	static struct msn_player p;
	static struct msn_model m;
	uint32_t random = 1;
	bool client = true;

	msn_model_begin(&m);
	memset(&p, 0, sizeof(p));
	if (size && *data == '+') {
		p.session.kind = MSN_KIND_SWITCHBOARD;
		p.session.greeted[0] = true;
		p.session.greeted[1] = true;
		m.side[0].greeted = true;
		m.side[1].greeted = true;
		data++;
	}
	for (; data < end; client = !client) {
		const uint8_t *turn = memchr(data, TURN, end - data);
		struct span in = { data, (turn ? turn : end) - data };
		struct span item = { text, expand(in, text) };
		const char *complaint;

		data += in.len + 1;
		complaint = msn_model_step(&m, &p, client, item,
					   item.len <= EVERY_MAX, &random,
					   &got);
		turns_check(complaint, item, got.count, got.why);
	}
	return 0;
}
