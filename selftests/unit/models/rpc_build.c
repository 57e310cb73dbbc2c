// SPDX-License-Identifier: GPL-2.0-only
/* Replies of Sun RPC, put together. */

#include <stdlib.h>
#include <string.h>

#include "rpc_build.h"

void rpc_build_add(struct rpc_build *b, const void *data, size_t len)
{
	if (len > sizeof(b->at) - b->len)
		exit(2);
	if (len)
		memcpy(b->at + b->len, data, len);
	b->len += len;
}

void rpc_build_number(struct rpc_build *b, uint32_t v)
{
	const uint8_t bytes[] = { v >> 24, v >> 16, v >> 8, v };

	rpc_build_add(b, bytes, sizeof(bytes));
}

/* Add a string: its length, its bytes, and what they are filled up with. */
void rpc_build_text(struct rpc_build *b, const char *text)
{
	size_t len = strlen(text);

	rpc_build_number(b, len);
	rpc_build_add(b, text, len);
	rpc_build_add(b, "\0\0\0", -len & 3);
}

/* Add bytes that are given as "0a4f"; blanks don't count. */
void rpc_build_hex(struct rpc_build *b, const char *hex)
{
	char two[3] = "";
	uint8_t byte;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		two[0] = *hex++;
		two[1] = *hex;
		byte = strtoul(two, NULL, 16);
		rpc_build_add(b, &byte, 1);
	}
}

/* Add what is in front of the results of a call that has succeeded. */
void rpc_build_head(struct rpc_build *b)
{
	rpc_build_hex(b, "93f97d5f 00000001 00000000 00000000 00000000 00000000");
}

/* Add an entry of GETADDRLIST's results, and that it is one. */
void rpc_build_entry(struct rpc_build *b, const char *addr, const char *netid,
		     const char *family, const char *proto)
{
	rpc_build_number(b, 1);
	rpc_build_text(b, addr);
	rpc_build_text(b, netid);
	rpc_build_number(b, 1);
	rpc_build_text(b, family);
	rpc_build_text(b, proto);
}

/* Add @message as a record, in fragments of @piece bytes; 0 for one. */
void rpc_build_record(struct rpc_build *b, const struct rpc_build *message,
		      size_t piece)
{
	size_t at = 0, n;

	do {
		n = message->len - at;
		if (piece && n > piece)
			n = piece;
		rpc_build_number(b, n | (at + n == message->len) * 0x80000000u);
		rpc_build_add(b, message->at + at, n);
		at += n;
	} while (at < message->len);
}

/* Add @message as a record, in fragments of so many bytes each; behind the last one that
 * is needed there is a 0.
 */
void rpc_build_pieces(struct rpc_build *b, const struct rpc_build *message,
		      const size_t *length)
{
	size_t at = 0;

	for (; at < message->len; at += *length++) {
		if (*length > message->len - at)
			exit(2);
		rpc_build_number(b, *length | (at + *length == message->len) *
				 0x80000000u);
		rpc_build_add(b, message->at + at, *length);
	}
}
