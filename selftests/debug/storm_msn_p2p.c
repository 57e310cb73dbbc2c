// SPDX-License-Identifier: GPL-2.0-only
/* Packets of MSN's P2P, of both versions, with MSNSLP in them, or what may look
 * like it.
 */

#include <linux/kernel.h>
#include <linux/string.h>

#include "storm_msn.h"

/* Messages that acknowledgements may be for. */
#define STORM_IDS	6

/* Of messages in pieces: bytes in front of this one, and behind it. */
#define STORM_BEFORE	1200
#define STORM_BEHIND	300

/* A header of version 1, and both of version 2 */
#define STORM_V1_LEN	48
#define STORM_V2_LEN	24
#define STORM_V2_FIRST	8

#define STORM_FLAG_ACK	2

/* Which part of a message a packet has. */
struct storm_piece {
	bool first;
	bool last;
};

static void storm_little(u8 *to, u64 v, unsigned int len)
{
	for (; len; len--, v >>= 8)
		*to++ = v;
}

static void storm_big(u8 *to, u64 v, unsigned int len)
{
	while (len--)
		*to++ = v >> 8 * len;
}

static void storm_reverse(char *text, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len / 2; i++)
		swap(text[i], text[len - 1 - i]);
}

/* A name and its value, backwards if @back says so */
static void storm_ends(struct storm_writer *w, struct rnd_state *rnd,
		       const struct nf_conntrack_tuple *tuple, const char *name,
		       bool back)
{
	unsigned int at = w->len, value;

	storm_add(w, "%s", name);
	if (back)
		storm_reverse(w->text + at, w->len - at);
	storm_add(w, ": ");
	value = w->len;
	if (!strstr(name, "-Port"))
		storm_msn_addrs(w, rnd, tuple);
	if (strstr(name, "sAnd"))
		storm_add(w, ":");
	if (strstr(name, "Port"))
		storm_add(w, "%u", storm_port(rnd));
	if (back)
		storm_reverse(w->text + value, w->len - value);
	storm_add(w, "\r\n");
}

/* What MSNSLP has behind its header. Where its text ends is a 0. */
static void storm_transport(struct storm_writer *w, struct rnd_state *rnd,
			    const struct nf_conntrack_tuple *tuple)
{
	static const char * const names[][2] = {
		{ "IPv4Internal-Addrs", "IPv4Internal-Port" },
		{ "IPv4External-Addrs", "IPv4External-Port" },
		{ "IPv4InternalAddrsAndPorts", "IPv4ExternalAddrsAndPorts" },
		{ "IPv6-Addrs", "IPv6-Port" },
	};
	bool v6 = tuple->src.l3num == NFPROTO_IPV6;
	bool back = storm_one_in(rnd, 6);
	unsigned int i, which, count = 1 + storm_one_in(rnd, 3);

	if (!storm_one_in(rnd, 4))
		storm_add(w, "Bridge: %s\r\n", storm_one_in(rnd, 8) ?
			  "TRUDPv1" : "TRUDPv1 TCPv1");
	storm_add(w, "Listening: %s\r\nNonce: {1}\r\n",
		  storm_one_in(rnd, 8) ? "false" : "true");
	while (count--) {
		which = v6 && !storm_one_in(rnd, 6) ? 3 :
			storm_below(rnd, ARRAY_SIZE(names));
		for (i = 0; i < 2; i++)
			storm_ends(w, rnd, tuple, names[which][i], back);
	}
	storm_add(w, "\r\n");
}

/* The header of MSNSLP in front of its body, which begins at @at */
static void storm_slp_head(struct storm_writer *w, unsigned int at,
			   struct rnd_state *rnd, struct storm_piece piece)
{
	unsigned int length = w->len - at + (piece.last ? 0 : STORM_BEHIND);
	char head[256];
	int len;

	if (storm_one_in(rnd, 16))
		length += (int)storm_below(rnd, 5) - 2;
	len = scnprintf(head, sizeof(head),
			"%s\r\nTo: <msnmsgr:d@e.f>\r\nCSeq: 1 \r\n"
			"Call-ID: {1B3A4F}\r\nMax-Forwards: 0\r\n"
			"Content-Type: application/x-msnmsgr-trans%sbody\r\n"
			"Content-Length: %u\r\n\r\n",
			storm_one_in(rnd, 2) ? "MSNSLP/1.0 200 OK" :
					       "INVITE MSNMSGR:d@e.f MSNSLP/1.0",
			storm_one_in(rnd, 3) ? "req" : "resp", length);
	storm_insert(w, at, head, len);
}

static void storm_slp(struct storm_writer *w, struct rnd_state *rnd,
		      const struct nf_conntrack_tuple *tuple,
		      struct storm_piece piece)
{
	unsigned int at = w->len;

	storm_transport(w, rnd, tuple);
	if (storm_one_in(rnd, 6))
		storm_spoil(w, at, rnd);
	if (piece.last)
		storm_insert(w, w->len, "", 1);
	if (piece.first)
		storm_slp_head(w, at, rnd, piece);
}

/* Version 1's header in front of what begins at @at */
static void storm_v1(struct storm_writer *w, unsigned int at,
		     struct rnd_state *rnd, struct storm_piece piece, u8 session)
{
	u64 before = piece.first ? 0 : STORM_BEFORE;
	u64 behind = piece.last ? 0 : STORM_BEHIND;
	unsigned int len = w->len - at;
	u8 head[STORM_V1_LEN] = { session };

	storm_little(head + 4, storm_below(rnd, STORM_IDS), 4);
	storm_little(head + 8, before, 8);
	storm_little(head + 16, before + len + behind, 8);
	storm_little(head + 24, storm_one_in(rnd, 30) ? len + 1 : len, 4);
	if (storm_one_in(rnd, 30))
		storm_little(head + 16, prandom_u32_state(rnd), 8);
	storm_little(head + 32, prandom_u32_state(rnd), 4);
	storm_insert(w, at, head, sizeof(head));
}

static void storm_v2(struct storm_writer *w, unsigned int at,
		     struct rnd_state *rnd, struct storm_piece piece, u8 session)
{
	unsigned int len = w->len - at + STORM_V2_LEN - STORM_V2_FIRST;
	u8 head[STORM_V2_LEN] = { STORM_V2_FIRST };
	u8 *data = head + STORM_V2_FIRST;

	storm_big(head + 2, storm_one_in(rnd, 30) ? len + 1 : len, 2);
	storm_big(head + 4, storm_below(rnd, STORM_IDS), 4);
	data[0] = STORM_V2_LEN - STORM_V2_FIRST;
	data[1] = piece.first;
	storm_big(data + 4, session, 4);
	/* how much is to come */
	storm_big(data + 8, piece.last ? 0 : 0x0108, 2);
	storm_big(data + 10, piece.last ? 0 : STORM_BEHIND, 4);
	storm_insert(w, at, head, sizeof(head));
}

/* The sizes are right by chance only: the helper goes by the number. */
static void storm_ack(struct storm_writer *w, struct rnd_state *rnd)
{
	u8 head[STORM_V1_LEN] = { 0 };
	u64 size = 300 + storm_below(rnd, 500);

	storm_little(head + 4, prandom_u32_state(rnd), 4);
	storm_little(head + 16, storm_one_in(rnd, 2) ? size : 0, 8);
	storm_little(head + 28, STORM_FLAG_ACK, 4);
	storm_little(head + 32, storm_below(rnd, STORM_IDS), 4);
	storm_little(head + 40, size, 8);
	storm_insert(w, w->len, head, sizeof(head));
}

/**
 * storm_msn_p2p() - the payload of a MSG that has a packet of P2P
 * @w: grows
 * @rnd: what decides
 * @tuple: the connection in the direction of who speaks
 */
void storm_msn_p2p(struct storm_writer *w, struct rnd_state *rnd,
		   const struct nf_conntrack_tuple *tuple)
{
	struct storm_piece piece = {
		.first = !storm_one_in(rnd, 6), .last = !storm_one_in(rnd, 6),
	};
	u8 session = storm_one_in(rnd, 8) ? 64 : 0;
	unsigned int at;

	storm_add(w, STORM_MSN_TYPE("application/x-msnmsgrp2p")
		  "P2P-Dest: d@e.f\r\n\r\n");
	at = w->len;
	if (storm_one_in(rnd, 3)) {
		storm_ack(w, rnd);
	} else {
		if (!storm_one_in(rnd, 10))
			storm_slp(w, rnd, tuple, piece);
		if (storm_one_in(rnd, 4))
			storm_v2(w, at, rnd, piece, session);
		else
			storm_v1(w, at, rnd, piece, session);
	}
	storm_insert(w, w->len, "\0\0\0", 4);
}
