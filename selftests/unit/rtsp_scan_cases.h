/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of rtsp_scan.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_RTSP_SCAN_CASES_H
#define SELFTESTS_RTSP_SCAN_CASES_H

#include "../../kmod/protocols/rtsp_scan.h"

#define SCAN_ITEMS_MAX	10	/* items in a case */

/**
 * struct scan_item - what a side says at a time: messages, frames, parts of them
 * @who: 'C' for the client, 'S' for the server
 * @text: the bytes
 * @len: how many
 * @count: headers that announce something and are complete with it
 * @why: reason to stop
 */
struct scan_item {
	char who;
	const char *text;
	size_t len;
	unsigned int count;
	enum scan_why why;
};

/**
 * struct scan_case - a conversation
 * @name: the case's name
 * @settled: it is in the end
 */
struct scan_case {
	const char *name;
	bool settled;
	struct scan_item item[SCAN_ITEMS_MAX];
};

#define C(text, ...)	{ 'C', text, sizeof(text) - 1, ##__VA_ARGS__ }
#define S(text, ...)	{ 'S', text, sizeof(text) - 1, ##__VA_ARGS__ }

#define URL		"rtsp://a/b"
#define UDP		"RTP/AVP;unicast;client_port=5000-5001"
#define TCP		"RTP/AVP/TCP;unicast;interleaved=0-1"
#define OPTIONS		C("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"), \
			S("RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
#define ASK_SDP		C("DESCRIBE " URL " RTSP/1.0\r\nCSeq: 2\r\n\r\n")
#define SDP		"v=0\r\no=- 1 1 IN IP4 10.0.2.2\r\ns=RTSP\r\n\r\n" \
			"m=video 0 RTP/AVP 96\r\na=control:trackID=1\r\n"
#define SETUP		"SETUP " URL " RTSP/1.0\r\nCSeq: 3\r\n"
#define ASK		SETUP "Transport: " UDP "\r\n\r\n"
#define OK		"RTSP/1.0 200 OK\r\n"
#define ANSWER		OK "CSeq: 3\r\nTransport: " UDP \
			";server_port=6000-6001\r\n\r\n"

/* What a side may say first that ends it. */
#define ALIEN(name, first) \
	{ name, .item = { first, C(ASK), S(ANSWER) } }

/* A SETUP and its reply, both with a header between CSeq and the end. */
#define HEADER(name, header, n) \
	{ name, .item = { C(SETUP header "\r\n", n), \
			  S(OK "CSeq: 3\r\n" header "\r\n", n) } }

static const struct scan_case scan_cases[] = {
	{ "SETUP and its reply", .item = { OPTIONS, C(ASK, 1), S(ANSWER, 1) } },
	{ "RTSP/2.0", .item = {
		C("SETUP rtsp://a/b RTSP/2.0\r\nCSeq: 3\r\n"
		  "Transport: RTP/AVP;unicast;dest_addr=\":5000\"/\":5001\""
		  "\r\n\r\n", 1),
		S("RTSP/2.0 200 OK\r\nCSeq: 3\r\nTransport: RTP/AVP;unicast;"
		  "src_addr=\"10.0.2.2:6000\"/\"10.0.2.2:6001\"\r\n\r\n",
		  1) } },
	{ "CSeq behind Transport, as VLC writes it", .item = {
		C("SETUP " URL " RTSP/1.0\r\nTransport: " UDP "\r\nCSeq: 3"
		  "\r\n\r\n", 1),
		S(OK "Transport: " UDP "\r\nSession: 8c30;timeout=60\r\n"
		  "Content-Length: 0\r\nCseq: 3\r\n\r\n", 1),
		/* nothing waits for a reply any more */
		S(OK "Transport: " UDP "\r\nCseq: 3\r\n\r\n") } },
	{ "two SETUPs at once, replies in another order", .item = {
		C("SETUP a RTSP/1.0\r\nCSeq: 3\r\nTransport: " UDP "\r\n\r\n"
		  "SETUP b RTSP/1.0\r\nCSeq: 4\r\nTransport: " UDP "\r\n\r\n",
		  2),
		S(OK "CSeq: 4\r\nTransport: " UDP "\r\n\r\n" ANSWER, 2) } },
	HEADER("a name in other letters", "tRANSPORT: " UDP "\r\n", 1),
	HEADER("no blank behind the colon", "Transport:" UDP "\r\n", 1),
	HEADER("blanks before the colon", "Transport \t : " UDP "\r\n", 1),
	HEADER("lines that end with a newline alone", "Transport: " UDP "\n", 1),
	HEADER("a folded header",
	       "Transport: RTP/AVP;unicast;\r\n client_port=5000-5001\r\n", 1),
	HEADER("folded twice, once before its value",
	       "Transport:\r\n\tRTP/AVP;unicast;\r\n \t\r\n"
	       " client_port=5000-5001\r\n", 1),
	HEADER("behind a header that is folded",
	       "Via: a,\r\n b\r\nTransport: " UDP "\r\n", 1),
	HEADER("in a header that is folded",
	       "Via: a,\r\n Transport: " UDP "\r\n", 0),
	HEADER("two headers", "Transport: " UDP "\r\nTransport: " UDP "\r\n",
	       2),
	HEADER("a name that is longer", "Transports: " UDP "\r\n", 0),
	HEADER("a name that is shorter", "Transpor: " UDP "\r\n", 0),
	HEADER("a name with a blank in it", "Trans port: " UDP "\r\n", 0),
	HEADER("another name that ends like it", "X-Transport: " UDP "\r\n", 0),
	HEADER("a name and no colon", "Transport\r\n " UDP "\r\n", 0),
	HEADER("a colon and no name", ": Transport: " UDP "\r\n", 0),
	HEADER("an empty one", "Transport:\r\n", 1),
	{ "a header that may go on, and doesn't", .item = {
		C(SETUP "Transport: " UDP "\r\n"), C("\r", 1), C("\n"),
		S(OK "CSeq: 3\r\nTransport: " UDP "\r\n"), S("Via: a", 1) } },
	{ "a header that may go on, and does", .item = {
		C(SETUP "Transport: RTP/AVP;\r\n"), C(" unicast"), C("\r\n"),
		C("\tx=1\r\nVia: a\r\n", 1), C("\r\n") } },
	{ "Transport in other requests", .item = {
		C("PLAY " URL " RTSP/1.0\r\nCSeq: 3\r\nTransport: " UDP
		  "\r\n\r\n"),
		S(ANSWER),
		C("DESCRIBE " URL " RTSP/1.0\r\nCSeq: 4\r\nTransport: " UDP
		  "\r\n\r\n"),
		S(OK "CSeq: 4\r\nTransport: " UDP "\r\n\r\n"),
		C("setup " URL " RTSP/1.0\r\nCSeq: 5\r\nTransport: " UDP
		  "\r\n\r\n"),
		S(OK "CSeq: 5\r\nTransport: " UDP "\r\n\r\n") } },
	{ "Transport in replies that announce nothing", .item = {
		OPTIONS, C(ASK, 1),
		S("RTSP/1.0 100 Continue\r\nCSeq: 3\r\nTransport: " UDP
		  "\r\n\r\n"),
		S("RTSP/1.0 461 Unsupported\r\nCSeq: 3\r\nTransport: " UDP
		  "\r\n\r\n"),
		S(ANSWER) } },
	{ "a reply behind 100 Continue", .item = {
		C(ASK, 1), S("RTSP/1.0 100 Continue\r\nCSeq: 3\r\n\r\n"),
		S(ANSWER, 1) } },
	{ "CSeq in other digits", .item = {
		C("SETUP a RTSP/1.0\r\nCSeq:   0003  \r\nTransport: " UDP
		  "\r\n\r\n", 1), S(ANSWER, 1) } },
	{ "CSeq that is no number", .item = {
		C("SETUP a RTSP/1.0\r\nCSeq: 3a\r\nTransport: " UDP
		  "\r\n\r\n", 1), S(ANSWER, 1),
		C("SETUP a RTSP/1.0\r\nCSeq: 4294967299\r\nTransport: " UDP
		  "\r\n\r\n", 1), S(ANSWER, 1), S(ANSWER) } },
	{ "a reply without CSeq", .item = {
		OPTIONS, C(ASK, 1), S(OK "Transport: " UDP "\r\n\r\n", 1),
		S(OK "Transport: " UDP "\r\n\r\n") } },
	{ "a reply with a CSeq of 0", .item = {
		OPTIONS, C(ASK, 1),
		S(OK "CSeq: 0\r\nTransport: " UDP "\r\n\r\n", 1),
		S(OK "CSeq: 0\r\nTransport: " UDP "\r\n\r\n") } },
	{ "a reply that is one behind", .item = {
		C("OPTIONS * RTSP/1.0\r\nCSeq: 2\r\n\r\n"),
		S(OK "CSeq: 1\r\n\r\n"), C(ASK, 1),
		S(OK "CSeq: 2\r\nTransport: " UDP "\r\n\r\n", 1), S(ANSWER) } },
	{ "another request is first, and its reply has another CSeq", .item = {
		C("OPTIONS * RTSP/1.0\r\nCSeq: 2\r\n\r\n" ASK, 1),
		S(OK "CSeq: 9\r\nTransport: " UDP "\r\n\r\n"),
		S(OK "CSeq: 9\r\nTransport: " UDP "\r\n\r\n", 1) } },
	{ "nobody has asked for a reply without CSeq", .item = {
		OPTIONS, S(OK "Transport: " UDP "\r\n\r\n"),
		S(OK "CSeq: 0\r\nTransport: " UDP "\r\n\r\n") } },
	{ "a refusal without CSeq", .item = {
		OPTIONS, C(ASK, 1), S("RTSP/1.0 461 No\r\n\r\n"),
		S(ANSWER), S(OK "Transport: " UDP "\r\n\r\n") } },
	{ "nine SETUPs without a reply: the first is forgotten", .item = {
		C("SETUP a RTSP/1.0\r\nCSeq: 1\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 2\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 3\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 4\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 5\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 6\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 7\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 8\r\n\r\n"
		  "SETUP a RTSP/1.0\r\nCSeq: 9\r\n\r\n"),
		S(OK "CSeq: 3\r\n\r\n" OK "CSeq: 4\r\n\r\n"
		  OK "CSeq: 5\r\n\r\n" OK "CSeq: 6\r\n\r\n"
		  OK "CSeq: 7\r\n\r\n" OK "CSeq: 8\r\n\r\n"),
		S(OK "CSeq: 2\r\nTransport: " UDP "\r\n\r\n", 1),
		S(OK "CSeq: 9\r\nTransport: " UDP "\r\n\r\n", 1),
		S(OK "CSeq: 1\r\nTransport: " UDP "\r\n\r\n") } },
	{ "requests of the server's", .item = {
		OPTIONS,
		S("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nTransport: " UDP
		  "\r\n\r\n"),
		C(OK "CSeq: 1\r\nTransport: " UDP "\r\n\r\n"),
		S("SETUP a RTSP/1.0\r\nCSeq: 3\r\nTransport: " UDP "\r\n\r\n"),
		C(ANSWER), S(ANSWER),
		S("REDIRECT a RTSP/1.0\r\nCSeq: 4\r\nLocation: b\r\n\r\n"),
		C(ASK, 1), S(ANSWER, 1) } },
	{ "a body is no header", .item = {
		C("ANNOUNCE a RTSP/1.0\r\nCSeq: 2\r\nContent-Length: 90\r\n"
		  "\r\n\r\n" SETUP "Transport: " UDP "\r\n\r\n"),
		C(ASK, 1) } },
	{ "a body without an end, and a message behind it", .item = {
		C("GET_PARAMETER a RTSP/1.0\r\nCSeq: 2\r\n"
		  "content-length : 6\r\n\r\nv: 1\r\n" ASK, 1),
		S(OK "CSeq: 2\r\nContent-Length: 4\r\n\r\nv: 1" ANSWER, 1) } },
	{ "a body that begins like a frame", .item = {
		C("SET_PARAMETER a RTSP/1.0\r\nContent-Length: 5\r\n\r\n$\0\1\0"
		  "\n" ASK, 1) } },
	{ "a length that is folded", .item = {
		C("SET_PARAMETER a RTSP/1.0\r\nContent-Length:\r\n 3\r\n\r\n"
		  "a\nb" ASK, 1) } },
	{ "a length given twice", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length: 3\r\nContent-Length: 03"
		  "\r\n\r\nabc" ASK, 1) } },
	{ "two lengths", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length: 3\r\nContent-Length: 4"
		  "\r\n\r\nabcd" ASK, 0, SCAN_WHY_NONSENSE), C(ASK) } },
	{ "a length that is none", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length: 3 4\r\n\r\nabc", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
	{ "a length below 0", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length: -3\r\n\r\nabc", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
	{ "a length that wraps", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length: 4294967296\r\n\r\n", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
	{ "no length at all", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length:\r\n\r\n"), C(ASK, 1),
		S(OK "CSeq: 3\r\nContent-Length: \t\r\n\r\n"),
		C("PLAY a RTSP/1.0\r\nContent-Length:\r\n"
		  "Content-Length: 3\r\ncontent-length:\r\n\r\nabc" ASK, 1)
		} },
	{ "no length at all, and a body of the client's", .item = {
		C("ANNOUNCE a RTSP/1.0\r\nContent-Length:\r\n\r\nv=0\r\n", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
	{ "no length, and a body", .item = {
		ASK_SDP, S(OK "CSeq: 2\r\nContent-Length:\r\n\r\n" SDP),
		C(ASK, 1), S(ANSWER, 1) } },
	{ "a body longer than its reply says", .item = {
		ASK_SDP, S(OK "CSeq: 2\r\nContent-Length: 17\r\n\r\n" SDP),
		C(ASK, 1), S(ANSWER, 1) } },
	{ "a body without a word of it", .item = {
		ASK_SDP, S(OK "CSeq: 2\r\n\r\n" SDP), C(ASK, 1),
		S(ANSWER, 1) } },
	{ "words in such a body", .item = {
		ASK_SDP, S(OK "CSeq: 2\r\n\r\nhello\r\nhello you\r\n"
			   "RTSP/1.0\r\nRTSP/1.0 2\r\nRTSP/1.0 2000\r\n"
			   "RTSP/1.0 x\r\n a\r\n: b\r\n\xe4=\xf6\r\n"),
		C(ASK, 1), S(ANSWER, 1) } },
	{ "such a body that goes on behind the next request", .item = {
		ASK_SDP, S(OK "CSeq: 2\r\n\r\nv=0\r\no"), C(ASK, 1),
		S("=- 1\r\n"), S(ANSWER) } },
	{ "a reply in such a body, to what was asked before", .item = {
		ASK_SDP, C(ASK, 1), S(OK "CSeq: 2\r\n\r\n" SDP ANSWER),
		S(ANSWER), C("SETUP b RTSP/1.0\r\nCSeq: 4\r\nTransport: "
			     UDP "\r\n\r\n", 1),
		S(OK "Transport: " UDP "\r\n\r\n", 1) } },
	{ "something binary in such a body", .item = {
		ASK_SDP, S(OK "CSeq: 2\r\n\r\nv=0\r\n\1\2", 0,
			   SCAN_WHY_NONSENSE), C(ASK), S(ANSWER) } },
	{ "a CR alone in such a body", .item = {
		ASK_SDP, S(OK "CSeq: 2\r\n\r\nv=0\ra=1\r\n", 0,
			   SCAN_WHY_NONSENSE), C(ASK), S(ANSWER) } },
	{ "two blanks in a status line", .item = {
		C(ASK, 1), S("RTSP/1.0  200 OK\r\nCSeq: 3\r\nTransport: " UDP
			     "\r\n\r\n", 1) } },
	{ "many blanks in a status line", .item = {
		C(ASK, 1), S("RTSP/1.0      200   OK\r\nCSeq: 3\r\n"
			     "Transport: " UDP "\r\n\r\n", 1) } },
	{ "a body that is too long", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length: 1048577\r\n\r\n", 0,
		  SCAN_WHY_BODY), C(ASK) } },
	{ "a body that is just not too long", .item = {
		C("PLAY a RTSP/1.0\r\nContent-Length: 1048576\r\n\r\n"),
		C(ASK) } },
	{ "frames between messages", .item = {
		OPTIONS,
		S("$\0\0\4\n\r\n$$\1\0\1R" OK "CSeq: 9\r\n\r\n$\2\0\2\r\n"),
		C("$\1\0\0$\1\0\12SETUP a RT" ASK "$\0\0\1\n", 1),
		S("$\0\0\3abcRTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: " UDP
		  "\r\n\r\n", 1) } },
	{ "a message in a frame", .item = {
		OPTIONS, S("$\0\0\21" OK "$\0\0\0"),
		S("CSeq: 3\r\nTransport: " UDP "\r\n\r\n"),
		C(ASK, 1), S(ANSWER, 1) } },
	{ "all streams in the connection", true, .item = {
		C(SETUP "Transport: " TCP "\r\n\r\n", 1),
		S(OK "CSeq: 3\r\nTransport: " TCP "\r\n\r\n", 1),
		C("PLAY a RTSP/1.0\r\nCSeq: 4\r\n\r\n"),
		S(OK "CSeq: 4\r\n\r\n"), S("$\0\0\4\n\r\n$") } },
	{ "recording in the connection", true, .item = {
		C(SETUP "Transport: " TCP ";mode=record\r\n\r\n", 1),
		S(OK "CSeq: 3\r\nTransport: rtp/avp/tcp\r\n\r\n", 1),
		C("RECORD a RTSP/1.0\r\nCSeq: 4\r\n\r\n"),
		S(OK "CSeq: 4\r\n\r\n"), C("$\0\0\4\n\r\n$") } },
	{ "not started yet", .item = {
		C(SETUP "Transport: " TCP "\r\n\r\n", 1),
		S(OK "CSeq: 3\r\nTransport: " TCP "\r\n\r\n", 1),
		C("PLAY a RTSP/1.0\r\nCSeq: 4\r\n\r\n"),
		S("RTSP/1.0 404 No\r\nCSeq: 4\r\n\r\n"),
		S("RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n") } },
	{ "one stream beside the connection", .item = {
		C(SETUP "Transport: " TCP "\r\n\r\n", 1),
		S(OK "CSeq: 3\r\nTransport: " TCP "\r\n\r\n", 1),
		C("SETUP b RTSP/1.0\r\nCSeq: 4\r\nTransport: " UDP "\r\n\r\n",
		  1),
		S(OK "CSeq: 4\r\nTransport: " UDP "\r\n\r\n", 1),
		C("PLAY a RTSP/1.0\r\nCSeq: 5\r\n\r\n"),
		S(OK "CSeq: 5\r\n\r\n") } },
	{ "another SETUP waits", .item = {
		C(SETUP "Transport: " TCP "\r\n\r\n", 1),
		S(OK "CSeq: 3\r\nTransport: " TCP "\r\n\r\n", 1),
		C("PLAY a RTSP/1.0\r\nCSeq: 4\r\n\r\n"),
		S(OK "CSeq: 4\r\n\r\n"),
		C("SETUP b RTSP/1.0\r\nCSeq: 5\r\nTransport: " UDP "\r\n\r\n",
		  1) } },
	{ "sessions and their end", .item = {
		C(ASK, 1),
		S(OK "CSeq: 3\r\nSession: 47112344;timeout=90\r\n\r\n"),
		C("TEARDOWN a RTSP/1.0\r\nCSeq: 4\r\nSession: 47112344\r\n"
		  "\r\n"),
		S(OK "CSeq: 4\r\nsession :\r\n 47112344 ; a=b;\r\n"
		  " Timeout=70000;timeout=x\r\n\r\n") } },
	{ "empty lines between messages", .item = {
		C("\r\n\r\n\nOPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n\r\n\n" ASK
		  "\r\n", 1), S("\r\n" ANSWER "\n", 1) } },
	{ "a method that nobody knows", .item = {
		OPTIONS, C("BREW a RTSP/1.0\r\n\r\n" ASK, 1),
		C("GET a RTSP/1.0\r\n\r\n") } },
	{ "begins with DESCRIBE", .item = {
		C("DESCRIBE a RTSP/1.0\r\n\r\n"), C(ASK, 1) } },
	{ "begins with ANNOUNCE", .item = {
		C("ANNOUNCE a RTSP/1.0\r\n\r\n"), C(ASK, 1) } },
	{ "begins with GET_PARAMETER", .item = {
		C("GET_PARAMETER a RTSP/1.0\r\n\r\n"), C(ASK, 1) } },
	{ "begins with a reply", .item = {
		S("RTSP/1.0 400 Bad Request\r\n\r\n"), C(ASK, 1),
		S(ANSWER, 1) } },
	ALIEN("HTTP", C("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 0,
			SCAN_WHY_HTTP)),
	ALIEN("HTTP that looks like RTSP",
	      C("GET / RTSP/1.0\r\nCSeq: 3\r\nTransport: " UDP "\r\n\r\n", 0,
		SCAN_WHY_HTTP)),
	ALIEN("a browser's POST with a SETUP in it",
	      C("POST / HTTP/1.1\r\nContent-Length: 500\r\n\r\n" ASK, 0,
		SCAN_WHY_HTTP)),
	ALIEN("HTTP's other methods", C("HEAD / HTTP/1.1\r\n\r\n", 0,
					SCAN_WHY_NOT_CLIENT)),
	ALIEN("HTTP from the server", S("HTTP/1.1 200 OK\r\n\r\n", 0,
					SCAN_WHY_NOT_SERVER)),
	ALIEN("GET from the server", S("GET / HTTP/1.1\r\n\r\n", 0,
				       SCAN_WHY_NOT_SERVER)),
	ALIEN("RTSP in HTTP, the way to the client",
	      C("GET /a HTTP/1.0\r\nUser-Agent: q\r\n"
		"x-sessioncookie: tD9hKgAAfB8ABCftAAAAAw\r\n"
		"Accept: application/x-rtsp-tunnelled\r\n\r\n", 0,
		SCAN_WHY_TUNNEL)),
	ALIEN("RTSP in HTTP, the way to the server",
	      C("POST /a HTTP/1.0\r\nContent-Length: 32767\r\n"
		"X-SessionCookie : tD9hKgAAfB8ABCftAAAAAw\r\n\r\nU0VUVVAg", 0,
		SCAN_WHY_TUNNEL)),
	{ "the server speaks RTSP while the client begins with HTTP", .item = {
		C("GET / HTTP/1.0\r\nA: "), S(SETUP "\r\n"), S(ANSWER),
		C("b\r\n\r\n", 0, SCAN_WHY_HTTP) } },
	{ "a cookie in RTSP", .item = {
		C("OPTIONS * RTSP/1.0\r\nx-sessioncookie: a\r\n\r\n"),
		C(ASK, 1) } },
	ALIEN("TLS", C("\x16\x03\x01\x02\x00\x01\n", 0, SCAN_WHY_TLS)),
	ALIEN("TLS from the server", S("\x15\x03\x01\x00\x02\x02\x28", 0,
				       SCAN_WHY_TLS)),
	ALIEN("SSL 2.0", C("\x80\x2e\x01\x00\x02", 0, SCAN_WHY_TLS)),
	{ "TLS later", .item = {
		OPTIONS, C("\x16\x03\x01", 0, SCAN_WHY_NONSENSE), C(ASK) } },
	ALIEN("SSH", C("SSH-2.0-OpenSSH_9.2\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	ALIEN("SSH from the server", S("SSH-2.0-OpenSSH_9.2\r\n", 0,
				       SCAN_WHY_NOT_SERVER)),
	ALIEN("SMTP from the server", S("220 a ESMTP\r\n", 0,
					SCAN_WHY_NOT_SERVER)),
	ALIEN("SIP", C("REGISTER sip:a SIP/2.0\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	ALIEN("PNA", C("PNA\0\x0a\0\1", 0, SCAN_WHY_NOT_CLIENT)),
	ALIEN("IRC", C("PRIVMSG a :b\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	ALIEN("a frame first", C("$\0\0\1a", 0, SCAN_WHY_NOT_CLIENT)),
	ALIEN("a blank first", C(" OPTIONS * RTSP/1.0\r\n\r\n", 0,
				 SCAN_WHY_NOT_CLIENT)),
	ALIEN("another version", C("OPTIONS * RTSP/1.1\r\n\r\n", 0,
				   SCAN_WHY_NOT_CLIENT)),
	ALIEN("no version", C("OPTIONS *\r\n\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	ALIEN("nothing but a word", C("OPTIONS\r\n\r\n", 0,
				      SCAN_WHY_NOT_CLIENT)),
	ALIEN("a word cut short", C("OPTION * RTSP/1.0\r\n\r\n", 0,
				    SCAN_WHY_NOT_CLIENT)),
	ALIEN("more behind the version",
	      C("OPTIONS * RTSP/1.0x\r\n\r\n", 0, SCAN_WHY_NOT_CLIENT)),
	ALIEN("a reply with blanks and no code", S("RTSP/1.0   \r\n\r\n", 0,
						   SCAN_WHY_NOT_SERVER)),
	ALIEN("a reply with four digits", S("RTSP/1.0 2000 OK\r\n\r\n", 0,
					    SCAN_WHY_NOT_SERVER)),
	ALIEN("a reply with two digits", S("RTSP/1.0 20 OK\r\n\r\n", 0,
					   SCAN_WHY_NOT_SERVER)),
	{ "a reply without a reason", .item = {
		C(ASK, 1), S("RTSP/1.0 200\r\nCSeq: 3\r\nTransport: " UDP
			     "\r\n\r\n", 1) } },
	{ "a body longer than it says", .item = {
		C("ANNOUNCE a RTSP/1.0\r\nContent-Length: 1\r\n\r\nv=0\r\n", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
	{ "a CR alone in a header", .item = {
		C(SETUP "A: b\rTransport: " UDP "\r\n\r\n", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
	{ "a CR alone between messages", .item = {
		OPTIONS, C("\r" ASK, 0, SCAN_WHY_NONSENSE) } },
	{ "a NUL in a header", .item = {
		C(SETUP "A: b\0c\r\nTransport: " UDP "\r\n\r\n", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
	{ "a header that belongs to none", .item = {
		C("OPTIONS * RTSP/1.0\r\n A: b\r\n\r\n", 0,
		  SCAN_WHY_NONSENSE), C(ASK) } },
};

#endif /* SELFTESTS_RTSP_SCAN_CASES_H */
