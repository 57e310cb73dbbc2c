/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages of MSN with all of their lengths as they should be, written down
 * independently of the daemon.
 */
#ifndef SELFTESTS_MSN_BUILD_H
#define SELFTESTS_MSN_BUILD_H

#include <stdio.h>
#include <string.h>

#include "exact.h"

/* Room for a message. */
#define BUILD_MAX	8192

/* What a text is put into. */
enum build_kind {
	BUILD_INVITATION,
	BUILD_WHOLE,		/* P2P version 1, in one piece */
	BUILD_FIRST,		/* the first of several pieces */
	BUILD_LATER,		/* another */
	BUILD_LAST,		/* the last */
	BUILD_V2,		/* version 2, in one piece */
	BUILD_V2_FIRST,
	BUILD_V2_LAST,
	BUILD_KINDS
};

/* Of messages that are in pieces: bytes before this one, and behind it. */
#define BUILD_BEFORE	1200
#define BUILD_BEHIND	300

#define BUILD_V1_LEN	48
#define BUILD_V2_LEN	24	/* 8, and 16 of the data's */

/**
 * struct build - a message under way
 * @at: its bytes
 * @len: how many
 */
struct build {
	uint8_t at[BUILD_MAX];
	size_t len;
};

static inline void build_add(struct build *b, const void *data, size_t len)
{
	if (b->len + len > sizeof(b->at))
		exit(2);
	memcpy(b->at + b->len, data, len);
	b->len += len;
}

static inline void build_text(struct build *b, const char *text)
{
	build_add(b, text, strlen(text));
}

static inline void build_little(struct build *b, uint64_t v, unsigned int len)
{
	for (; len; len--, v >>= 8)
		build_add(b, &(uint8_t){ v }, 1);
}

static inline void build_big(struct build *b, uint64_t v, unsigned int len)
{
	while (len--)
		build_add(b, &(uint8_t){ v >> 8 * len }, 1);
}

static inline bool build_is_first(enum build_kind kind)
{
	return kind == BUILD_WHOLE || kind == BUILD_FIRST ||
	       kind == BUILD_V2 || kind == BUILD_V2_FIRST;
}

static inline bool build_is_last(enum build_kind kind)
{
	return kind == BUILD_WHOLE || kind == BUILD_LAST ||
	       kind == BUILD_V2 || kind == BUILD_V2_LAST;
}

/* Must its length stay as it is? */
static inline bool build_is_fixed(enum build_kind kind)
{
	return kind != BUILD_INVITATION && kind != BUILD_WHOLE;
}

/* @body: what becomes of MSNSLP's */
static inline void build_slp(struct build *b, enum build_kind kind,
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
		build_text(b, head);
	}
	build_text(b, body);
	if (build_is_last(kind))
		build_add(b, "", 1);
}

static inline void build_p2p(struct build *b, enum build_kind kind,
			     const struct build *slp)
{
	uint64_t before = build_is_first(kind) ? 0 : BUILD_BEFORE;
	uint64_t behind = build_is_last(kind) ? 0 : BUILD_BEHIND;

	if (kind < BUILD_V2) {
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
	build_add(b, slp->at, slp->len);
	build_big(b, 0, 4);
}

/* Puts a payload into a MSG behind what there is. */
static inline void build_msg(struct build *b, const struct build *payload)
{
	char line[40];

	snprintf(line, sizeof(line), "MSG 17 D %zu\r\n", payload->len);
	build_text(b, line);
	build_add(b, payload->at, payload->len);
}

/**
 * build_message() - put a text into a message, behind what there is
 * @b: grows
 * @kind: what is made of it
 * @text: fields of an invitation, or the body of MSNSLP or a piece of it
 */
static inline void build_message(struct build *b, enum build_kind kind,
				 const char *text)
{
	static struct build payload, slp;

	payload.len = 0;
	slp.len = 0;
	if (kind == BUILD_INVITATION) {
		build_text(&payload, "MIME-Version: 1.0\r\nContent-Type: "
			   "text/x-msmsgsinvite; charset=UTF-8\r\n\r\n");
		build_text(&payload, text);
	} else {
		build_text(&payload, "MIME-Version: 1.0\r\nContent-Type: "
			   "application/x-msnmsgrp2p\r\n"
			   "P2P-Dest: bob@example.com\r\n\r\n");
		build_slp(&slp, kind, text);
		build_p2p(&payload, kind, &slp);
	}
	build_msg(b, &payload);
}

#endif /* SELFTESTS_MSN_BUILD_H */
