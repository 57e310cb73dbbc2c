/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_MSN_STATE_H
#define APPGW_MSN_STATE_H

#include "appgw/scan.h"
#include "appgw/span.h"

/* Longest MSG that announces something, its command line included: as much as a
 * direction of MSN keeps back. A longer one is read to its end, but announces
 * nothing.
 */
#define MSN_UNIT_MAX		2048

/* Longest payload that is waited for. Behind a longer one nothing is read. */
#define MSN_PAYLOAD_MAX		(1u << 20)

/* What a connection is for; the client's first command tells. */
enum msn_kind {
	MSN_KIND_NONE,		/* it has yet to be said */
	MSN_KIND_NOTIFICATION,	/* what announces something is elsewhere */
	MSN_KIND_SWITCHBOARD,	/* clients talk to each other */
};

/* What an invitation is about. */
enum msn_command {
	MSN_COMMAND_NONE,	/* there is none, or it doesn't matter */
	MSN_COMMAND_INVITE,
	MSN_COMMAND_ACCEPT,
	MSN_COMMAND_CANCEL,
};

/* How far a command has come. */
enum msn_at {
	MSN_AT_START,		/* between commands */
	MSN_AT_SKIP,		/* in a payload that announces nothing */
	MSN_AT_VERB,		/* in its three letters */
	MSN_AT_VERB_END,	/* behind them */
	MSN_AT_LINE,		/* in the rest of the line */
	MSN_AT_NAME,		/* MSG: where a field begins, or in its name */
	MSN_AT_VALUE,		/* MSG: behind its colon */
};

/* Parts of a MSG's payload. */
enum msn_part {
	MSN_PART_HEADER,
	MSN_PART_INVITATION,
	MSN_PART_REST,		/* behind the fields of an invitation */
	MSN_PART_P2P,
};

/* Bits of msn_side.flags; all but MSN_CR and MSN_ENDED are the command's. */
enum msn_flag {
	MSN_CR		= 1 << 0,	/* the last byte was a CR */
	MSN_ENDED	= 1 << 1,	/* the last byte ended a MSG to read */
	MSN_GONE	= 1 << 2,	/* the command has begun to go on */
	MSN_DIGITS	= 1 << 3,	/* the word under way has digits */
	MSN_TEXT	= 1 << 4,	/* or other letters; or a name has */
	MSN_NUMBERED	= 1 << 5,	/* the second word is a number */
	MSN_VERSION	= 1 << 6,	/* one is a version of MSN */
	MSN_TYPED	= 1 << 7,	/* Content-Type was given */
	MSN_COMMANDED	= 1 << 8,	/* Invitation-Command was given */
	MSN_COOKIED	= 1 << 9,	/* Invitation-Cookie was given */
	MSN_ADDRESS	= 1 << 10,	/* an address or a port was given */
	MSN_P2P_V1	= 1 << 11,	/* P2P, version 1, in no session */
	MSN_P2P_V2	= 1 << 12,	/* P2P, version 2, or it may be */
};

/**
 * struct msn_side - what one direction is saying
 * @left: bytes of a payload that are yet to come
 * @number: what the digits of the word under way, or the bytes of a length come
 *	to
 * @cookie: sum of the invitation's, 0 if it has none
 * @flags: enum msn_flag
 * @len: bytes of the command so far
 * @body: how many are behind the header of the MSG
 * @text: P2P: where text begins in them; 0 if that is yet to come
 * @text_end: and where it ends
 * @at: enum msn_at
 * @verb: what the command's letters mean
 * @words: of its line so far
 * @part: enum msn_part
 * @word: verb, version, name or value, or the first one that begins like this
 * @n: letters of it so far
 * @field: what the name means whose value is under way
 * @type: what Content-Type means
 * @command: enum msn_command
 * @head: P2P, version 2: length of the first of its two headers
 */
struct msn_side {
	uint32_t left;
	uint32_t number;
	uint32_t cookie;
	uint16_t flags;
	uint16_t len;
	uint16_t body;
	uint16_t text;
	uint16_t text_end;
	uint8_t at;
	uint8_t verb;
	uint8_t words;
	uint8_t part;
	uint8_t word;
	uint8_t n;
	uint8_t field;
	uint8_t type;
	uint8_t command;
	uint8_t head;
};

/**
 * struct msn_session - what was said so far
 * @side: what is being said, by direction: 1 for the client's
 * @kind: enum msn_kind
 * @greeted: by direction, the first command was one of MSN
 * @over: not for us any more
 *
 * Zero at the beginning. Can be copied to see what bytes would do.
 */
struct msn_session {
	struct msn_side side[2];
	uint8_t kind;
	bool greeted[2];
	bool over;
};

/**
 * struct msn_said - what an invitation was about
 * @command: what happens to it
 * @cookie: tells it from the connection's others; 0 if it has none
 */
struct msn_said {
	enum msn_command command;
	uint32_t cookie;
};

/**
 * struct msn_packet - what a P2P packet, version 1, was about
 * @ack: it acknowledges another
 * @id: its identifier, or the other's
 * @size: length of the message that it is of, or of the other's
 * @size_at: where that stands in the MSG
 */
struct msn_packet {
	bool ack;
	uint32_t id;
	uint64_t size;
	uint16_t size_at;
};

#endif /* APPGW_MSN_STATE_H */
