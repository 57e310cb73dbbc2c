// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/rpc_scan.c: no crash, and which replies of a conversation name a port
 * that was asked for is what a plain model of it says, however it is cut.
 *
 * Input: 'U' for datagrams or another byte for TCP, and what is said, in pieces that end
 * in the bytes 0xfe 0xfe. The first byte of each is 'C' for the client's.
 */

#include <string.h>

#include "../unit/models/rpc_model.h"
#include "turns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct rpc_model_answer got;
	static struct scan_player p;
	static struct rpc_model m;
	struct rpc_talk talk;
	uint32_t random = 1;
	bool is_udp;

	if (!size)
		return 0;
	memset(&m, 0, sizeof(m));
	memset(&talk, 0, sizeof(talk));
	memset(&p, 0, sizeof(p));
	is_udp = *data++ == 'U';
	while (data < end) {
		struct span item = turns_next(&data, end);
		bool client = item.len && item.at[0] == 'C';
		const char *complaint;

		if (!item.len)
			continue;
		span_skip(&item, 1);
		complaint = is_udp ?
			rpc_model_datagram(&m, &talk, client, item, &got) :
			rpc_model_step(&m, &talk, &p, client, item,
				       item.len <= EVERY_MAX, &random, &got);
		turns_check(complaint, item, got.count, got.why);
	}
	return 0;
}
