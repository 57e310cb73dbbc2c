/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of mms_scan.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_MMS_SCAN_CASES_H
#define SELFTESTS_MMS_SCAN_CASES_H

#include "../../kmod/protocols/mms_scan.h"

#define SCAN_ITEMS_MAX	5	/* items in a case */

/**
 * struct scan_item - what a side says at a time
 * @who: 'C' for the client, 'S' for the server
 * @text: the bytes
 * @len: how many
 * @count: announcements that are complete with it
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
 */
struct scan_case {
	const char *name;
	struct scan_item item[SCAN_ITEMS_MAX];
};

#define C(text, ...)	{ .who = 'C', text, sizeof(text) - 1, ##__VA_ARGS__ }
#define S(text, ...)	{ .who = 'S', text, sizeof(text) - 1, ##__VA_ARGS__ }

#define NOT_CLIENT	0, SCAN_WHY_NOT_CLIENT
#define NOT_SERVER	0, SCAN_WHY_NOT_SERVER
#define NONSENSE	0, SCAN_WHY_NONSENSE

/* A message: two bytes of its length behind the 16th, and what it is */
#define SESSION		"\1\0\0\0\xce\xfa\x0b\xb0"
#define HEAD(len, id)	SESSION len "\0\0MMS \4\0\0\0\0\0\0\0\0\0\0\0" \
			"\0\0\0\0\2\0\0\0" id
#define SHORT(id)	HEAD("\x20\0", id) "12345678"
#define CONNECT		SHORT("\1\0\3\0")
#define FUNNEL		SHORT("\2\0\3\0")
#define INFO		SHORT("\x18\0\3\0")
#define AGREED		SHORT("\2\0\4\0")
#define REFUSED		SHORT("\3\0\4\0")
#define HELLO		SHORT("\1\0\4\0")
#define B8		"abcdefgh"
#define B64		B8 B8 B8 B8 B8 B8 B8 B8
#define B256		B64 B64 B64 B64

static const struct scan_case scan_cases[] = {
	{ "a funnel", { C(CONNECT), S(HELLO), C(FUNNEL, 1), S(AGREED) } },
	{ "without waiting", { C(CONNECT FUNNEL INFO, 1), S(HELLO AGREED) } },
	{ "one among others", { C(CONNECT), C(INFO FUNNEL INFO, 1),
				S(HELLO HELLO AGREED "media") } },
	{ "a funnel that is refused, and another one",
	  { C(CONNECT FUNNEL, 1), S(HELLO REFUSED), C(FUNNEL, 1), S(AGREED),
	    S("media") } },
	{ "two at once", { C(CONNECT FUNNEL FUNNEL, 2), S(REFUSED),
			   S(AGREED), S(HELLO) } },
	{ "one that comes when it is agreed",
	  { C(CONNECT FUNNEL, 1), S(AGREED), C(FUNNEL), S(AGREED) } },
	{ "media, and what looks like an answer",
	  { C(CONNECT FUNNEL, 1), S(AGREED "\0\1\2\3\4\5\6\7\10\11"),
	    S(REFUSED), S("x"), C(INFO) } },
	{ "an answer that nobody has asked for",
	  { C(CONNECT), S(AGREED), C(FUNNEL, 1), S("media", NONSENSE) } },
	{ "a funnel in two", { C(CONNECT SESSION), C("\x20\0\0\0MMS \4\0\0\0"
			       "\0\0\0\0\0\0\0\0\0\0\0\0\2\0\0\0\2\0\3\0"
			       "12345678", 1) } },
	{ "one of 512 bytes", { C(CONNECT),
		C(HEAD("\xf0\1", "\2\0\3\0") B256 B64 B64 B64 B8 B8 B8, 1) } },
	{ "one of 520 bytes", { C(CONNECT),
		C(HEAD("\xf8\1", "\2\0\3\0") B256 B64 B64 B64 B8 B8 B8 B8),
		S(AGREED), C(FUNNEL, 1) } },
	{ "an answer of 520 bytes", { C(CONNECT FUNNEL, 1),
		S(HEAD("\xf8\1", "\2\0\4\0") B256 B64 B64 B64 B8 B8 B8 B8),
		S("media", NONSENSE) } },
	{ "the server's seal doesn't matter",
	  { C(CONNECT FUNNEL, 1), S(SESSION "\x20\0\0\0mms \4\0\0\0\0\0\0\0"
				    "\0\0\0\0\0\0\0\0\2\0\0\0\2\0\4\0"
				    "12345678") } },
	/* nothing of MMS */
	{ "HTTP", { C("POST / HTTP/1.1\r\n", NOT_CLIENT), C(CONNECT FUNNEL),
		    S(AGREED) } },
	{ "TLS", { C("\26\3\1\2\0\1\0\1", NOT_CLIENT) } },
	{ "RTSP", { C("OPTIONS * RTSP/1.0\r\n", NOT_CLIENT) } },
	{ "another session", { C("\1\0\0\0\xce\xfa\x0b\xb1", NOT_CLIENT) } },
	{ "another seal", { C(SESSION "\x20\0\0\0MMSX", NOT_CLIENT) } },
	{ "a funnel that comes first", { C(FUNNEL, NOT_CLIENT),
					 C(CONNECT FUNNEL), S(AGREED) } },
	{ "a first message without a head",
	  { C(SESSION "\0\0\0\0MMS ", NOT_CLIENT) } },
	{ "one that is too long", { C(SESSION "\xf1\xff\0\0MMS ", NOT_CLIENT) } },
	{ "one that is much too long", { C(SESSION "\0\0\1", NOT_CLIENT) } },
	{ "text behind the first message",
	  { C(CONNECT), C("POST / HTTP/1.1\r\n", NONSENSE), C(FUNNEL) } },
	{ "text behind a funnel", { C(CONNECT FUNNEL "GET / HTTP", 1,
				      SCAN_WHY_NONSENSE), S(AGREED) } },
	{ "a server that speaks another language",
	  { S("220 mail.example\r\n", NOT_SERVER), C(CONNECT FUNNEL) } },
	{ "an answer of HTTP's", { C(CONNECT FUNNEL, 1),
				   S("HTTP/1.0 400 \r\n", NOT_SERVER) } },
};

#endif /* SELFTESTS_MMS_SCAN_CASES_H */
