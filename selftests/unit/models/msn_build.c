// SPDX-License-Identifier: GPL-2.0-only
/* Messages of MSN with all of their lengths as they should be, written down
 * independently of the daemon.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exact.h"
#include "msn_build.h"

/* Of messages that are in pieces: bytes before this one, and behind it. */
#define BUILD_BEFORE	1200
#define BUILD_BEHIND	300

#define BUILD_V1_LEN	48
#define BUILD_V2_LEN	24	/* 8, and 16 of the data's */

/* Put @len bytes of @data behind what there is. */
void msn_build_add(struct msn_build *b, const void *data, size_t len)
{
	if (b->len + len > sizeof(b->at))
		exit(2);
	memcpy(b->at + b->len, data, len);
	b->len += len;
}

/* Put @text behind what there is, without its NUL. */
void msn_build_text(struct msn_build *b, const char *text)
{
	msn_build_add(b, text, strlen(text));
}

static void build_little(struct msn_build *b, uint64_t v, unsigned int len)
{
	for (; len; len--, v >>= 8)
		msn_build_add(b, &(uint8_t){ v }, 1);
}

static void build_big(struct msn_build *b, uint64_t v, unsigned int len)
{
	while (len--)
		msn_build_add(b, &(uint8_t){ v >> 8 * len }, 1);
}

static bool build_is_first(enum msn_build_kind kind)
{
	return kind == MSN_BUILD_WHOLE || kind == MSN_BUILD_FIRST ||
	       kind == MSN_BUILD_V2 || kind == MSN_BUILD_V2_FIRST;
}

static bool build_is_last(enum msn_build_kind kind)
{
	return kind == MSN_BUILD_WHOLE || kind == MSN_BUILD_LAST ||
	       kind == MSN_BUILD_V2 || kind == MSN_BUILD_V2_LAST;
}

/* Must its length stay as it is? */
bool msn_build_is_fixed(enum msn_build_kind kind)
{
	return kind != MSN_BUILD_INVITATION && kind != MSN_BUILD_WHOLE;
}

/* @body: what becomes of MSNSLP's */
static void build_slp(struct msn_build *b, enum msn_build_kind kind,
		      const char *body)
{
	size_t len = strlen(body) + 1;
	char head[400];

	if (build_is_first(kind)) {
		if (!build_is_last(kind))
			len += BUILD_BEHIND;
		snprintf(head, sizeof(head), "MSNSLP/1.0 200 OK\r\n"
			 "To: <msnmsgr:bob@example.com>\r\n"
			 "From: <msnmsgr:alice@example.com>\r\n"
			 "Via: MSNSLP/1.0/TLP ;branch={33517CE4}\r\n"
			 "CSeq: 1 \r\nCall-ID: {1B3A4F}\r\n"
			 "Max-Forwards: 0\r\n"
			 "Content-Type: application/x-msnmsgr-transrespbody"
			 "\r\nContent-Length: %zu\r\n\r\n", len);
		msn_build_text(b, head);
	}
	msn_build_text(b, body);
	if (build_is_last(kind))
		msn_build_add(b, "", 1);
}

/* Put P2P's header, @slp and its footer behind what there is. */
void msn_build_p2p(struct msn_build *b, enum msn_build_kind kind,
		   const struct msn_build *slp)
{
	uint64_t before = build_is_first(kind) ? 0 : BUILD_BEFORE;
	uint64_t behind = build_is_last(kind) ? 0 : BUILD_BEHIND;

	if (kind < MSN_BUILD_V2) {
		build_little(b, 0, 4);
		build_little(b, 0x1020304, 4);
		build_little(b, before, 8);
		build_little(b, before + slp->len + behind, 8);
		build_little(b, slp->len, 4);
		build_little(b, 0, 4);
		build_little(b, 0xa1b2c3d4, 4);
		build_little(b, 0, 4);
		build_little(b, 0, 8);
	} else {
		build_big(b, 8, 1);
		build_big(b, 0, 1);
		build_big(b, slp->len + 20, 2);
		build_big(b, 0x1020304, 4);
		build_big(b, 20, 1);
		build_big(b, build_is_first(kind), 1);
		build_big(b, 1, 2);
		build_big(b, 0, 4);
		/* how much is to come, or as many zeroes */
		build_big(b, behind ? 0x0108 : 0, 2);
		build_big(b, behind, 8);
		build_big(b, 0, 2);
	}
	msn_build_add(b, slp->at, slp->len);
	build_big(b, 0, 4);
}

/* Puts a payload into a MSG behind what there is. */
void msn_build_msg(struct msn_build *b, const struct msn_build *payload)
{
	char line[40];

	snprintf(line, sizeof(line), "MSG 17 D %zu\r\n", payload->len);
	msn_build_text(b, line);
	msn_build_add(b, payload->at, payload->len);
}

/**
 * msn_build_message() - put a text into a message, behind what there is
 * @b: grows
 * @kind: what is made of it
 * @text: fields of an invitation, or the body of MSNSLP or a piece of it
 */
void msn_build_message(struct msn_build *b, enum msn_build_kind kind,
		       const char *text)
{
	static struct msn_build payload, slp;

	payload.len = 0;
	slp.len = 0;
	if (kind == MSN_BUILD_INVITATION) {
		msn_build_text(&payload, "MIME-Version: 1.0\r\nContent-Type: "
			       "text/x-msmsgsinvite; charset=UTF-8\r\n\r\n");
		msn_build_text(&payload, text);
	} else {
		msn_build_text(&payload, "MIME-Version: 1.0\r\nContent-Type: "
			       "application/x-msnmsgrp2p\r\n"
			       "P2P-Dest: bob@example.com\r\n\r\n");
		build_slp(&slp, kind, text);
		msn_build_p2p(&payload, kind, &slp);
	}
	msn_build_msg(b, &payload);
}
