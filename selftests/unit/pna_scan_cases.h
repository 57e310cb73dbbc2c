/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of pna_scan.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_PNA_SCAN_CASES_H
#define SELFTESTS_PNA_SCAN_CASES_H

#include "../../kmod/protocols/pna_scan.h"

#define SCAN_ITEMS_MAX	4	/* items in a case */

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
#define DONE		0, SCAN_WHY_DONE
#define DONE_1		1, SCAN_WHY_DONE

#define PNA		"PNA\0\12"
#define UDP		"\0\1\0\2\33\130"	/* 7000 */
#define ROBUST		"\0\7\0\2\33\131"	/* 7001 */
#define NONE		"\0\7\0\2\0\0"
#define OTHER		"\0\3\0\4abcd"
#define EMPTY		"\0\12\0\0"
#define END		"\0\0"
#define REPLY_START	"PNA\0\12abcdef"
#define REPLY		REPLY_START "\0\7\33\132tail"

static const struct scan_case scan_cases[] = {
	{ "a port", { C(PNA UDP END, 1), S("PNA", DONE), C("more"), S("x") } },
	{ "two ports", { C(PNA UDP ROBUST END, 2), S(REPLY, DONE_1), S("x") } },
	{ "the other way round",
	  { C(PNA ROBUST UDP END, 2), S(REPLY, DONE_1) } },
	{ "among others", { C(PNA OTHER UDP EMPTY ROBUST OTHER END, 2),
			    S(REPLY, DONE_1) } },
	{ "something behind the end", { C(PNA UDP END "P\204abc" UDP, 1),
					S(REPLY, DONE) } },
	{ "none at all", { C(PNA OTHER END), S("PNA\0", DONE) } },
	{ "no options", { C(PNA END), S(REPLY, DONE) } },
	{ "only the robust one", { C(PNA ROBUST END, 1), S(REPLY, DONE_1) } },
	{ "a robust one of 0", { C(PNA UDP NONE END, 1), S(REPLY, DONE) } },
	{ "a 0 and another one", { C(PNA NONE ROBUST END, 1) } },
	{ "a port of 0", { C(PNA "\0\1\0\2\0\0" END), S("PNA", DONE) } },
	{ "ports below 1024", { C(PNA "\0\1\0\2\0\120" END, 1) } },
	{ "the highest port", { C(PNA "\0\1\0\2\377\377" END, 1) } },
	{ "a long version", { C("PNA\0\377" UDP END, 1) } },
	{ "a port of one byte", { C(PNA "\0\1\0\1a" END), S("PNA", DONE) } },
	{ "a port of four bytes", { C(PNA "\0\7\0\4abcd" END) } },
	{ "one of no bytes", { C(PNA "\0\1\0\0" UDP END, 1) } },
	{ "an identifier that ends like it",
	  { C(PNA "\1\1\0\2\33\130" "\7\0\0\2\33\130" END) } },
	{ "a reply without a port",
	  { C(PNA ROBUST END, 1), S(REPLY_START "\0\6\33\132tail", DONE) } },
	{ "a reply whose port is 0",
	  { C(PNA ROBUST END, 1), S(REPLY_START "\0\7\0\0tail", DONE) } },
	{ "a reply of another length",
	  { C(PNA ROBUST END, 1), S(REPLY_START "\0\7\33\132", DONE_1) } },
	{ "a reply with a tail",
	  { C(PNA ROBUST END, 1), S(REPLY REPLY, DONE_1) } },
	{ "a reply in two", { C(PNA ROBUST END, 1), S(REPLY_START),
			      S("\0\7\33\132tail", DONE_1) } },
	{ "a hello in two", { C(PNA UDP "\0\7\0"), C("\2\33\131" END, 2),
			      S(REPLY, DONE_1) } },
	/* nothing of PNA */
	{ "HTTP", { C("POST / HTTP/1.1\r\n", NOT_CLIENT), C(PNA UDP END),
		    S(REPLY) } },
	{ "RTSP", { C("OPTIONS * RTSP/1.0\r\n", NOT_CLIENT) } },
	{ "TLS", { C("\26\3\1", NOT_CLIENT) } },
	{ "a name in small letters", { C("pna\0\12" UDP END, NOT_CLIENT) } },
	{ "a word that begins like it", { C("PNB", NOT_CLIENT) } },
	{ "a version of 256", { C("PNA\1\0" UDP END, NOT_CLIENT) } },
	{ "text instead of a version", { C("PNAS 1\r\n", NOT_CLIENT) } },
	{ "an option that is too long",
	  { C(PNA UDP "\0\3\2\0", NOT_CLIENT), C(PNA UDP END), S(REPLY) } },
	{ "one that is much too long", { C(PNA "\0\1\377\377", NOT_CLIENT) } },
	{ "a port given twice", { C(PNA UDP UDP END, NOT_CLIENT) } },
	{ "a robust one given twice", { C(PNA ROBUST ROBUST END, NOT_CLIENT) } },
	{ "a server that speaks first",
	  { S("220 mail.example\r\n", NOT_SERVER), C(PNA UDP END) } },
	{ "a reply that comes first", { S(REPLY, NOT_SERVER), C(PNA UDP END) } },
	{ "a reply within the hello",
	  { C(PNA UDP), S(REPLY, NOT_SERVER), C(END) } },
	{ "an answer of HTTP's",
	  { C(PNA UDP END, 1), S("HTTP/1.0 400 \r\n", NOT_SERVER) } },
	{ "an answer of HTTP's to a robust one",
	  { C(PNA ROBUST END, 1), S("HTTP/1.0 400 \r\n", NOT_SERVER) } },
	{ "an answer that begins like one",
	  { C(PNA UDP END, 1), S("PN", 0), S("B", NOT_SERVER) } },
};

#endif /* SELFTESTS_PNA_SCAN_CASES_H */
