// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/stream/stream.c: a conversation of which the input decides everything:
 * its lines, how they are cut into segments, which of these are lost, repeated
 * or overtaken, when memory runs out. The receiver must get exactly the stream
 * that it should, and every line must be read once.
 *
 * Input: six bytes for struct sim_setup, then throws of the dice. When these
 * are used up, they go on at random, but the same for the same input.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/stream_sim.h"

/* Short conversations take less time; some more than SEQMAP_EDITS are needed. */
#define FUZZ_LINES		10

/* Steps within which the input may turn the protocol off or cut the
 * conversation.
 */
#define FUZZ_STEPS		512

/* What a link may do to this many of 100 packets; a conversation must still
 * come to its end.
 */
#define FUZZ_PERCENT		25

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned int seg_max[] = { 1, 2, 7, 20, 60, 536, 1400,
						5000 };
	struct sim_setup setup = { 0 };
	const char *complaint;
	struct dice dice;

	if (size < 6)
		return 0;

	setup.lines_max = FUZZ_LINES;
	setup.seg_max = seg_max[data[0] & 7];
	setup.nagle = data[0] & 8;
	setup.isn = data[0] & 16 ? -(uint32_t)data[1] : data[1] << 16;
	setup.loss = data[0] & 32 ? data[2] % FUZZ_PERCENT : 0;
	setup.reorder = data[2] & 1 ? FUZZ_PERCENT : 0;
	setup.dup = data[3] % FUZZ_PERCENT;
	setup.spurious = data[4] % FUZZ_PERCENT;
	setup.fail_rate = data[0] & 64 ? 3 + data[5] % 32 : 0;
	setup.off_step = data[3] & 128 ? data[5] * 2 % FUZZ_STEPS : 0;
	setup.passive = data[0] & 128;
	setup.joined = data[2] & 128;
	setup.liar = data[2] & 64;
	setup.planned = data[2] & 32;
	setup.cut_step = data[4] & 128 ? data[5] * 2 % FUZZ_STEPS : 0;

	dice = (struct dice){ data + 6, data + size, 0x5eed57e4 };
	complaint = sim_run(&setup, &dice);
	if (complaint) {
		fprintf(stderr, "%s\n", complaint);
		abort();
	}
	return 0;
}
