/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_RTSP_STATE_H
#define APPGW_RTSP_STATE_H

#include "appgw/scan.h"
#include "appgw/span.h"

/* Longest header that announces something, with its name, its continuation
 * lines and their ends: as much as a direction keeps back (STREAM_HOLD_MAX). A
 * longer one is read to its end, but announces nothing; nor do those behind the
 * first RTSP_HEADERS_MAX of a message.
 */
#define RTSP_HEADER_MAX		512
#define RTSP_HEADERS_MAX	64

/* Longest body that is waited for. Behind a longer one nothing is read. */
#define RTSP_BODY_MAX		(1u << 20)

/* Lines in a row of a server's that begin no message: what is left of a body that
 * is longer than its reply says. Behind more than that nothing is read.
 */
#define RTSP_STRAY_MAX		1024

/* Requests of the client's that wait for their replies; the oldest is forgotten
 * for another.
 */
#define RTSP_PENDING_MAX	8

/* What a request is for, as far as anybody asks. */
enum rtsp_method {
	RTSP_METHOD_NONE,	/* there was none, or it isn't remembered */
	RTSP_METHOD_OTHER,
	RTSP_METHOD_SETUP,
	RTSP_METHOD_PLAY,
	RTSP_METHOD_RECORD,
	RTSP_METHOD_TEARDOWN,
};

/* In rtsp_session.pending: no reply can name this request. */
#define RTSP_NO_CSEQ		0x80

/* How far a message has come. */
enum rtsp_at {
	RTSP_AT_START,		/* between messages */
	RTSP_AT_FRAME,		/* in the four bytes that "$" begins */
	RTSP_AT_SKIP,		/* in a frame or a body */
	RTSP_AT_STRAY,		/* in a line that begins no message */
	RTSP_AT_VERB,		/* in the first word */
	RTSP_AT_REQUEST,	/* behind it, in a request's first line */
	RTSP_AT_STATUS,		/* in a reply's code */
	RTSP_AT_REASON,		/* behind it */
	RTSP_AT_HEADER,		/* where a header begins, goes on, or none does */
	RTSP_AT_NAME,		/* in a header's name */
	RTSP_AT_NAME_END,	/* in blanks behind it */
	RTSP_AT_VALUE,		/* behind its colon */
};

/* Bits of rtsp_side.flags; all but RTSP_CR and RTSP_ENDED are the message's. */
enum rtsp_flag {
	RTSP_CR		= 1 << 0,	/* the last byte was a CR */
	RTSP_ENDED	= 1 << 1,	/* the last byte ended a message's head */
	RTSP_REPLY	= 1 << 2,	/* it is a reply */
	RTSP_HAS_CSEQ	= 1 << 3,	/* @cseq is valid */
	RTSP_HAS_LENGTH	= 1 << 4,	/* @body was given */
	RTSP_TRANSPORT	= 1 << 5,	/* it has a Transport header */
	RTSP_TCP	= 1 << 6,	/* which names TCP */
	RTSP_GONE	= 1 << 7,	/* the header has begun to go on */
};

/**
 * struct rtsp_side - what one direction is saying
 * @left: bytes of a body or frame that are yet to come; between messages, lines
 *	in a row that began none
 * @body: length of the message's body
 * @number: what the digits read last come to
 * @cseq: the message's CSeq
 * @request: of the client, number of its request whose head has ended; of the
 *	server, of the one that is answered, known likewise, or 0
 * @session: sum of its Session's identifier, 0 if it has none
 * @len: bytes of the header under way
 * @status: of a reply
 * @timeout: of its Session, in seconds; 0 if it has none
 * @at: enum rtsp_at
 * @word: first word or header's name, or the first one that begins like this
 * @n: letters of it, or of what a value may have in it, or digits, so far
 * @method: enum rtsp_method; of a reply known at its head's end
 * @headers: how many so far
 * @flags: enum rtsp_flag
 */
struct rtsp_side {
	uint32_t left;
	uint32_t body;
	uint32_t number;
	uint32_t cseq;
	uint32_t request;
	uint32_t session;
	uint16_t len;
	uint16_t status;
	uint16_t timeout;
	uint8_t at;
	uint8_t word;
	uint8_t n;
	uint8_t method;
	uint8_t headers;
	uint8_t flags;
};

/**
 * struct rtsp_session - what was said so far
 * @side: what is being said, by direction: 1 for the client's
 * @cseq: of the client's requests that wait for their replies, each where its
 *	number modulo RTSP_PENDING_MAX says
 * @asked: number of the last one, counted from 1
 * @pending: enum rtsp_method of each, RTSP_METHOD_NONE for none; with
 *	RTSP_NO_CSEQ if it has no CSeq
 * @greeted: by direction, the first line was one of RTSP
 * @http: the client's first line was one of HTTP
 * @over: not for us any more
 * @interleaved: there is a stream in the connection itself
 * @datagrams: there is one beside it
 * @playing: streams have been started
 *
 * Zero at the beginning. Can be copied to see what bytes would do.
 */
struct rtsp_session {
	struct rtsp_side side[2];
	uint32_t cseq[RTSP_PENDING_MAX];
	uint32_t asked;
	uint8_t pending[RTSP_PENDING_MAX];
	bool greeted[2];
	bool http : 1;
	bool over : 1;
	bool interleaved : 1;
	bool datagrams : 1;
	bool playing : 1;
};

/**
 * struct rtsp_said - what a message was about
 * @method: of the request, or of the one that is answered
 * @reply: it is a reply
 * @status: its code
 * @request: number of the request, or of the one that is answered, which tells
 *	it from the connection's others; 0 if there is none
 * @session: tells its session from the connection's others; 0 if none is named
 * @timeout: the session's, in seconds; 0 if none is given
 * @transport: it has a Transport header
 * @tcp: which names TCP
 */
struct rtsp_said {
	enum rtsp_method method;
	bool reply;
	uint16_t status;
	uint32_t request;
	uint32_t session;
	uint16_t timeout;
	bool transport;
	bool tcp;
};

#endif /* APPGW_RTSP_STATE_H */
