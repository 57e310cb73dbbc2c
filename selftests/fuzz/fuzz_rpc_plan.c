// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/rpc_parse.c and rpc.c: no crash, and when plans are carried out the reply
 * says where the public endpoint is, in records that are as long as their marks say.
 *
 * Input: a byte of FUZZ_ flags, and a payload; or results, which a reply is made of, so
 * that lengths don't have to be guessed. Of those the first byte says how long fragments
 * are.
 */

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "../unit/models/rpc_plan_properties.h"

#define FUZZ_UDP	0x01
#define FUZZ_IPV6	0x02
#define FUZZ_BUILD	0x04
#define FUZZ_OTHER	0x08	/* public address */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const ends[][2] = {
	{ "10.0.1.2", "203.0.113.177" },
	{ "10.0.1.2", "9.8.7.6" },
	{ "fd77::1", "2001:db8:1:2:3:4:5:6" },
	{ "fd77::1", "2001::1" },
};

/* Put @results into a reply. */
static void fuzz_build(struct rpc_build *out, struct span results, bool udp)
{
	static struct rpc_build message;
	size_t piece = results.len ? results.at[0] : 0;

	message.len = 0;
	if (results.len)
		span_skip(&results, 1);
	rpc_build_head(&message);
	rpc_build_add(&message, results.at, results.len);
	if (udp)
		rpc_build_add(out, message.at, message.len);
	else
		rpc_build_record(out, &message, piece);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rpc_build built;
	const char *complaint;
	struct rpc_module m;
	struct span payload;
	unsigned int which;
	uint8_t flags;

	if (!size)
		return 0;
	flags = data[0];
	which = !!(flags & FUZZ_IPV6) * 2 + !!(flags & FUZZ_OTHER);
	m = rpc_module_new(flags & FUZZ_UDP ? IPPROTO_UDP : IPPROTO_TCP,
			   ends[which][0], ends[which][1], 10000);
	payload = (struct span){ data + 1, size - 1 };
	if (flags & FUZZ_BUILD) {
		built.len = 0;
		fuzz_build(&built, payload, flags & FUZZ_UDP);
		payload = (struct span){ built.at, built.len };
	}
	complaint = rpc_plan_complaint(&m, payload);
	if (complaint) {
		fprintf(stderr, "%s: %s\n",
			exact_text(payload.at, payload.len), complaint);
		abort();
	}
	return 0;
}
