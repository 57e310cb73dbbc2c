/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of framed.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_FRAMED_CASES_H
#define SELFTESTS_FRAMED_CASES_H

#include "models/framed_model.h"

#define FRAMED_ITEMS_MAX	4	/* items in a case */

/**
 * struct framed_item - what a side says at a time
 * @who: 'C' for the client, 'S' for the server
 * @text: the bytes
 * @len: how many
 * @count: units that are wanted and complete with it
 * @why: reason to stop
 * @refused: units that are refused
 */
struct framed_item {
	char who;
	const char *text;
	size_t len;
	unsigned int count;
	enum scan_why why;
	unsigned int refused;
};

/**
 * struct framed_case - a conversation
 * @name: the case's name
 * @kind: its protocol
 */
struct framed_case {
	const char *name;
	enum framed_kind kind;
	struct framed_item item[FRAMED_ITEMS_MAX];
};

#define C(text, ...)	{ .who = 'C', text, sizeof(text) - 1, ##__VA_ARGS__ }
#define S(text, ...)	{ .who = 'S', text, sizeof(text) - 1, ##__VA_ARGS__ }

#define NOT_CLIENT	0, SCAN_WHY_NOT_CLIENT
#define NOT_SERVER	0, SCAN_WHY_NOT_SERVER
#define NONSENSE	0, SCAN_WHY_NONSENSE
#define REFUSED(count, refused)	count, SCAN_WHY_NONE, refused

/* Sun RPC: a call's procedure is its last byte, and a few arguments */
#define CALL_1		"abcd\0\0\0\0\0\0\0\2"
#define CALL_2		"\0\1\x86\xa0\0\0\0\2"
#define CALL(proc)	CALL_1 CALL_2 "\0\0\0" proc "args"
#define GETPORT		"\x80\0\0\34" CALL("\3")
#define SET		"\x80\0\0\34" CALL("\1")
#define NULL_CALL	"\x80\0\0\34" CALL("\0")
#define ANSWER		"\x80\0\0\14" "abcd\0\0\0\1\0\0\0\0"
#define NONE_LEFT	"\x80\0\0\0"
#define NONE_YET	"\0\0\0\0"
#define NONE_YET_4	NONE_YET NONE_YET NONE_YET NONE_YET

/* MMS: bytes behind the length, and the command's */
#define MMS(chunks, mid)	"\1\0\0\0\xce\xfa\x0b\xb0" chunks "\0\0\0MMS " \
	"\3\0\0\0\0\0\0\0" "timestmp" "\2\0\0\0" mid
#define MMS_FIRST	MMS("\x20", "\1\0\3\0") "12345678"
#define MMS_FUNNEL	MMS("\x20", "\2\0\3\0") "12345678"
#define MMS_OTHER	MMS("\x18", "\5\0\3\0")
#define MMS_GREETING	MMS("\x18", "\1\0\4\0")
#define MMS_TAKEN	MMS("\x18", "\2\0\4\0")
#define MMS_NOT_TAKEN	MMS("\x18", "\3\0\4\0")

#define FLAP(channel, len)	"*" channel "ab\0" len
#define FLAP_FIRST	FLAP("\1", "\4") "\0\0\0\1"
#define FLAP_MESSAGE	FLAP("\2", "\13") "\0\4\0\6" "\0\0" "\0\0\0\0" "x"
#define FLAP_COMES	FLAP("\2", "\12") "\0\4\0\7" "\0\0" "\0\0\0\0"
#define FLAP_ALIVE	FLAP("\5", "\0")
#define FLAP_OTHER	FLAP("\2", "\12") "\0\1\0\2" "\0\0" "\0\0\0\0"

#define YMSG(len, service)	"YMSG\12\0\0\0\0" len "\0" service "statsess"
#define YMSG_FIRST	YMSG("\0", "\x4c")
#define YMSG_FILE	YMSG("\3", "\x4d") "abc"
#define YMSG_OTHER	YMSG("\4", "\6") "abcd"

#define RPC		FRAMED_KIND_RPC

static const struct framed_case framed_cases[] = {
	/* lengths in a head */
	{ "MMS", FRAMED_KIND_MMS,
	  { C(MMS_FIRST), S(MMS_GREETING), C(MMS_FUNNEL, 1), S(MMS_TAKEN, 1) } },
	{ "MMS, a funnel that isn't taken", FRAMED_KIND_MMS,
	  { C(MMS_FIRST MMS_FUNNEL MMS_OTHER, 1), S(MMS_NOT_TAKEN, 1) } },
	{ "MMS, two", FRAMED_KIND_MMS,
	  { C(MMS_FIRST MMS_FUNNEL MMS_FUNNEL, 2), S(MMS_OTHER) } },
	{ "MMS that begins with a funnel", FRAMED_KIND_MMS,
	  { C(MMS_FUNNEL, NOT_CLIENT), C(MMS_FIRST), S(MMS_TAKEN) } },
	{ "MMS without its mark", FRAMED_KIND_MMS,
	  { C("\1\0\0\0\xce\xfa\x0b\xb1", NOT_CLIENT) } },
	{ "MMS without its name", FRAMED_KIND_MMS,
	  { C("\1\0\0\0\xce\xfa\x0b\xb0\x20\0\0\0MMT ", NOT_CLIENT) } },
	{ "MMS, a first unit too short", FRAMED_KIND_MMS,
	  { C("\1\0\0\0\xce\xfa\x0b\xb0\4\0\0\0MMS 1234", NOT_CLIENT) } },
	{ "MMS, a first unit too long", FRAMED_KIND_MMS,
	  { C("\1\0\0\0\xce\xfa\x0b\xb0\0\0\1\0", NOT_CLIENT) } },
	{ "MMS, a server of another protocol", FRAMED_KIND_MMS,
	  { C(MMS_FIRST), S("HTTP/1.0 400", NOT_SERVER), C(MMS_FUNNEL) } },
	{ "MMS, then something else", FRAMED_KIND_MMS,
	  { C(MMS_FIRST MMS_FUNNEL "\1\0\0\0nonsense", 1, SCAN_WHY_NONSENSE),
	    S(MMS_TAKEN) } },
	{ "MMS, a short one", FRAMED_KIND_MMS,
	  { C(MMS_FIRST "\1\0\0\0\xce\xfa\x0b\xb0\4\0\0\0MMS 1234" MMS_FUNNEL,
	      1) } },
	{ "FLAP", FRAMED_KIND_FLAP,
	  { S(FLAP_FIRST), C(FLAP_FIRST), C(FLAP_ALIVE FLAP_MESSAGE, 1),
	    S(FLAP_OTHER FLAP_COMES FLAP_ALIVE, 1) } },
	{ "FLAP the wrong way round", FRAMED_KIND_FLAP,
	  { S(FLAP_FIRST), C(FLAP_FIRST), C(FLAP_COMES), S(FLAP_MESSAGE) } },
	{ "FLAPON", FRAMED_KIND_FLAP, { C("FLAPON\r\n\r\n", NOT_CLIENT) } },
	{ "FLAP out of step", FRAMED_KIND_FLAP,
	  { C(FLAP_FIRST "x", NONSENSE), C(FLAP_MESSAGE) } },
	{ "FLAP, one too long", FRAMED_KIND_FLAP,
	  { C(FLAP_FIRST "*\2ab\x21", NONSENSE) } },
	{ "FLAP, one that is too short to prove anything", FRAMED_KIND_FLAP,
	  { C(FLAP_ALIVE, NOT_CLIENT) } },
	{ "YMSG", FRAMED_KIND_YMSG,
	  { C(YMSG_FIRST), S(YMSG_FIRST), C(YMSG_OTHER YMSG_FILE, 1),
	    S(YMSG_FILE YMSG_FILE, 2) } },
	{ "YMSG, something else", FRAMED_KIND_YMSG,
	  { C("YMSH", NOT_CLIENT), C(YMSG_FILE) } },
	{ "YMSG, then something else", FRAMED_KIND_YMSG,
	  { S(YMSG_OTHER "Z", NONSENSE), C(YMSG_FILE) } },
	/* records */
	{ "a record", RPC, { C(GETPORT, 1), S(ANSWER) } },
	{ "several records", RPC, { C(NULL_CALL GETPORT GETPORT, 2),
				    S(ANSWER ANSWER) } },
	{ "two fragments", RPC, { C("\0\0\0\14" CALL_1 "\x80\0\0\20" CALL_2
				    "\0\0\0\3args" GETPORT, 2) } },
	{ "an end of no bytes", RPC,
	  { C("\0\0\0\34" CALL("\3") NONE_LEFT GETPORT, 2) } },
	{ "empty fragments", RPC,
	  { C(NONE_YET NONE_YET GETPORT, 1), S(NONE_YET ANSWER) } },
	{ "15 empty fragments", RPC,
	  { C(NONE_YET_4 NONE_YET_4 NONE_YET_4 NONE_YET NONE_YET NONE_YET
	      GETPORT, 1) } },
	{ "16 empty fragments", RPC,
	  { C(NONE_YET_4 NONE_YET_4 NONE_YET_4 NONE_YET_4 GETPORT, NOT_CLIENT) } },
	{ "an empty record first", RPC, { C(NONE_LEFT GETPORT, NOT_CLIENT) } },
	{ "an empty record later", RPC, { C(GETPORT NONE_LEFT GETPORT, 2) } },
	{ "a short record", RPC,
	  { C(GETPORT "\x80\0\0\13abcdefghijk" GETPORT, 2) } },
	{ "a refused one", RPC, { C(SET SET GETPORT, REFUSED(1, 2)), S(ANSWER) } },
	{ "a refused one in two fragments", RPC,
	  { C("\0\0\0\14" CALL_1 "\x80\0\0\20" CALL_2 "\0\0\0\1args", REFUSED(0, 1)) } },
	{ "a refused one without an end", RPC,
	  { C("\x80\0\1\0" CALL("\1"), REFUSED(0, 1)), C("more") } },
	{ "a long one", RPC,
	  { C(GETPORT "\x80\0\xff\xff" CALL("\3"), 1), S(ANSWER) } },
	{ "one that is too long", RPC,
	  { C(GETPORT "\x80\1\0\1" CALL("\3"), 1, SCAN_WHY_NONSENSE) } },
	{ "one of 2 GB", RPC, { C("\x7f\xff\xff\xff", NOT_CLIENT) } },
	{ "two fragments that are too long", RPC,
	  { C("\0\0\0\14" CALL_1 "\0\0\xff\xfe", NOT_CLIENT) } },
	{ "HTTP", RPC, { C("POST / HTTP/1.1\r\n", NOT_CLIENT), C(GETPORT) } },
	{ "a client that answers", RPC, { C(ANSWER, NOT_CLIENT) } },
	{ "a server that asks", RPC, { S(GETPORT, NOT_SERVER), C(GETPORT) } },
	{ "version 3", RPC,
	  { C("\x80\0\0\34" "abcd\0\0\0\0\0\0\0\3", NOT_CLIENT) } },
};

#undef RPC

#endif /* SELFTESTS_FRAMED_CASES_H */
