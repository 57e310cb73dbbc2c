/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of irc_parse.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_IRC_PARSE_CASES_H
#define SELFTESTS_IRC_PARSE_CASES_H

#include "../../daemon/irc_parse.h"

/**
 * struct good_offer - a message that calls for something
 * @name: the case's name
 * @before: the message up to what depends on the endpoint, without "\001DCC "
 * @text: what does
 * @after: rest of the message
 * @kind: its type
 * @action: what is to be done
 * @addr: the address it names, NULL for none
 * @port: the port it names
 * @number: the address is one number
 */
struct good_offer {
	const char *name;
	const char *before;
	const char *text;
	const char *after;
	const char *kind;
	enum appgw_plan_action action;
	const char *addr;
	uint16_t port;
	bool number;
};

/* A message that calls for nothing. */
struct bad_offer {
	const char *name;
	const char *text;
};

#define OPEN(addr, port)	APPGW_PLAN_OPEN, addr, port, false
#define OPEN_NUMBER(addr, port)	APPGW_PLAN_OPEN, addr, port, true
#define HIDE(addr)		APPGW_PLAN_ADDRESS, addr, 0, false
#define HIDE_NUMBER(addr)	APPGW_PLAN_ADDRESS, addr, 0, true
#define INSIDE(port)		APPGW_PLAN_INSIDE, NULL, port, false
#define PUBLIC(port)		APPGW_PLAN_PUBLIC, NULL, port, false

static const struct good_offer good_offers[] = {
	{ "SEND", "SEND ssh.trace ", "167772167 59130", " 1320211",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 59130) },
	{ "SEND without a size", "SEND a ", "167772167 59130", "",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 59130) },
	{ "SEND, the answer to an offer without a port", "SEND a ",
	  "167772167 59130", " 1000 77",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 59130) },
	{ "SEND in lower case", "send a ", "167772167 59130", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 59130) },
	{ "CHAT", "CHAT CHAT ", "167772167 59214", "",
	  "dcc_chat", OPEN_NUMBER("10.0.0.7", 59214) },
	{ "CHAT with a token", "CHAT chat ", "167772167 59214", " 5",
	  "dcc_chat", OPEN_NUMBER("10.0.0.7", 59214) },
	{ "TSEND", "TSEND a ", "167772167 5000", " 1",
	  "dcc_tsend", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "SCHAT", "SCHAT chat ", "167772167 5000", "",
	  "dcc_schat", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "MOVE", "MOVE a ", "167772167 5000", " 1",
	  "dcc_move", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "XMIT", "XMIT clear ", "167772167 5000", " a 1000 text/plain",
	  "dcc_xmit", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "VOICE", "VOICE adpcm ", "167772167 5000", " 8000",
	  "dcc_voice", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a type of the future", "H264 stream ", "167772167 5000", " 9",
	  "dcc_h264", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "the longest type", "abcdefghij1 a ", "167772167 5000", "",
	  "dcc_abcdefghij1", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "blanks", "  SEND   a   ", "167772167   5000", "   1  ",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "16 blanks before the port", "SEND a ",
	  "167772167                5000", "",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },

	{ "the highest address and port", "SEND a ", "4294967295 65535", " 1",
	  "dcc_send", OPEN_NUMBER("255.255.255.255", 65535) },
	{ "the lowest address and port", "SEND a ", "16777216 1", " 1",
	  "dcc_send", OPEN_NUMBER("1.0.0.0", 1) },
	{ "a dotted address", "SEND a ", "10.0.0.7 5000", " 1",
	  "dcc_send", OPEN("10.0.0.7", 5000) },
	{ "an IPv6 address", "SEND a ", "2001:db8::7 5000", " 1",
	  "dcc_send", OPEN("2001:db8::7", 5000) },
	{ "a long IPv6 address", "CHAT chat ",
	  "2001:0db8:0000:0000:0000:0000:0000:0007 5000", "",
	  "dcc_chat", OPEN("2001:db8::7", 5000) },

	{ "an offer without a port", "SEND a ", "167772167", " 0 1000 77",
	  "dcc_send", HIDE_NUMBER("10.0.0.7") },
	{ "a chat without a port", "CHAT chat ", "167772167", " 0 77",
	  "dcc_chat", HIDE_NUMBER("10.0.0.7") },
	{ "an offer without a port, dotted", "SEND a ", "10.0.0.7", " 0 1 77",
	  "dcc_send", HIDE("10.0.0.7") },
	{ "an offer without a port, IPv6", "SEND a ", "::1:2", " 0 1 77",
	  "dcc_send", HIDE("::1:2") },
	{ "an offer without a port, a name with blanks", "SEND a b ",
	  "167772167", " 0 1000 77",
	  "dcc_send", HIDE_NUMBER("10.0.0.7") },

	{ "a quoted name", "SEND \"a\" ", "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a quoted name with blanks", "SEND \"my  file .txt\" ",
	  "167772167 5000", " 1 77",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a quoted name with blanks around it", "SEND \" a \" ",
	  "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a quoted name with quotation marks", "SEND \"a\\\" b\" ",
	  "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a quoted name with quoted words", "SEND \"a \"b\" c\" ",
	  "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a quoted name that looks like an offer",
	  "SEND \"a 16909060 4000 1\" ", "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a quoted name, more behind it", "SEND \"a b\" ",
	  "167772167 5000", " 1 2 3 4",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a quotation mark that is never closed", "SEND \"a b ",
	  "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "nothing but a quotation mark", "SEND \" ", "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },

	{ "a name with a blank", "SEND my file ", "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a name with blanks, and a token", "SEND a b c d e f ",
	  "167772167 5000", " 1 77",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a name with blanks and numbers", "SEND part 1 of 2 ",
	  "167772167 5000", " 99999999",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a name with blanks, a large file", "SEND a b ",
	  "167772167 5000", " 4294967296 77",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a number for a name", "SEND 16909060 ", "167772167 5000", " 1",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "a size that could be an address", "SEND a ", "167772167 5000",
	  " 16909060 4000",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "an address for a name, and one for a size", "SEND 1.2.3.4 ",
	  "167772167 5000", " 16909060",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },
	{ "another token", "SEND a ", "167772167 5000", " 1 t77",
	  "dcc_send", OPEN_NUMBER("10.0.0.7", 5000) },

	{ "RESUME", "RESUME a ", "5000", " 1000", "dcc_resume", INSIDE(5000) },
	{ "RESUME, as mIRC names it", "RESUME file.ext ", "1024", " 0",
	  "dcc_resume", INSIDE(1024) },
	{ "RESUME and a token", "RESUME a ", "65535", " 1 77",
	  "dcc_resume", INSIDE(65535) },
	{ "RESUME, a quoted name", "RESUME \"a 4000 1\" ", "5000", " 1",
	  "dcc_resume", INSIDE(5000) },
	{ "RESUME, a name with blanks", "RESUME my file ", "5000", " 1000",
	  "dcc_resume", INSIDE(5000) },
	{ "RESUME, a number for a name", "RESUME 4000 ", "5000", " 6000",
	  "dcc_resume", INSIDE(5000) },
	{ "RESUME, a token or a number in a name", "RESUME my ", "4000",
	  " 5000 6000", "dcc_resume", INSIDE(4000) },
	{ "RESUME, a large file", "resume a ", "5000",
	  " 18446744073709551615", "dcc_resume", INSIDE(5000) },
	{ "RESUME, a number in a name", "RESUME part 2 ", "5000", " 6000",
	  "dcc_resume", INSIDE(5000) },
	{ "RESUME, a quoted name that looks like a request",
	  "RESUME \"a\" 5000 \"b\" ", "6000", " 1",
	  "dcc_resume", INSIDE(6000) },
	{ "ACCEPT", "ACCEPT a ", "5000", " 1000", "dcc_accept", PUBLIC(5000) },
	{ "ACCEPT, a quoted name", "accept \"a b\" ", "5000", " 1000",
	  "dcc_accept", PUBLIC(5000) },
	{ "ACCEPT and a token", "ACCEPT a ", "5000", " 1000 77",
	  "dcc_accept", PUBLIC(5000) },
};

static const struct bad_offer bad_offers[] = {
	{ "nothing", "" },
	{ "blanks", "   " },
	{ "a type", "SEND" },
	{ "a type and a name", "SEND a" },
	{ "no port", "SEND a 167772167" },
	{ "no name", "SEND 167772167 5000" },
	{ "no type", "a 167772167 5000 1" },
	{ "a type that is too long", "abcdefghij12 a 167772167 5000" },
	{ "a type with a hyphen", "S-END a 167772167 5000" },
	{ "a type with a quotation mark", "\"SEND\" a 167772167 5000" },
	{ "a type with a high byte", "S\xc3\xa4ND a 167772167 5000" },
	{ "a tab for a blank", "SEND\ta 167772167 5000 1" },
	{ "a tab before the port", "SEND a 167772167\t5000 1" },
	{ "a tab behind the port", "SEND a 167772167 5000\t1" },

	{ "REJECT", "REJECT SEND a" },
	{ "REJECT of a chat", "REJECT CHAT chat" },
	{ "CLOSE", "CLOSE SEND a" },
	{ "HexChat's offer without a port", "SEND a 199 0 1000 77" },
	{ "HexChat's offer, a quoted name", "SEND \"a b\" 199 0 1000 77" },
	{ "HexChat's chat without a port", "CHAT chat 199 0 77" },
	{ "199 with a port", "SEND a 199 5000 1000" },
	{ "port 0 without a token", "CHAT chat 167772167 0" },
	{ "all zero", "SEND startkeylogger 0 0 0" },
	{ "address 0", "SEND a 0 5000 1" },
	{ "address 0 and a token", "SEND a 0 0 1 77" },
	{ "an address that is too low", "SEND a 16777215 5000 1" },
	{ "a dotted address that is too low", "SEND a 0.0.0.1 5000 1" },
	{ "an address that wraps", "SEND a 4294967296 5000 1" },
	{ "an address that wraps to a good one", "SEND a 4462739463 5000 1" },
	{ "an address that is far too long",
	  "SEND a 18446744073877323783 5000 1" },
	{ "a port that wraps", "SEND a 167772167 65536 1" },
	{ "a port that wraps to a good one", "SEND a 167772167 70536 1" },
	{ "a port that is far too long", "SEND a 167772167 4294972296 1" },
	{ "an octal address", "SEND a 0167772167 5000 1" },
	{ "an octal port", "SEND a 167772167 05000 1" },
	{ "port 00", "SEND a 167772167 00 1 77" },
	{ "a negative address", "SEND a -167772167 5000 1" },
	{ "a negative port", "SEND a 167772167 -5000 1" },
	{ "a port with a sign", "SEND a 167772167 +5000 1" },
	{ "a hexadecimal port", "SEND a 167772167 0x1388 1" },
	{ "a port with a letter", "SEND a 167772167 5000x 1" },
	{ "a port that is no number", "SEND file.txt 3232235876 abc 1024" },
	{ "an address that is no number",
	  "SEND file.txt \002\003\004\005 5000 1024" },
	{ "an address with a letter", "SEND a 167772167x 5000 1" },
	{ "a dotted address that is too long", "SEND a 10.0.0.7.1 5000 1" },
	{ "a dotted address that is too short", "SEND a 10.0.7 5000 1" },
	{ "a dotted address out of range", "SEND a 10.0.0.256 5000 1" },
	{ "a dotted address in octal", "SEND a 10.0.0.07 5000 1" },
	{ "an IPv6 address with a zone", "SEND a fe80::1%eth0 5000 1" },
	{ "an IPv6 address in brackets", "SEND a [::1] 5000 1" },
	{ "an IPv6 address with two gaps", "SEND a 1::2::3 5000 1" },
	{ "an IPv6 address that is too long", "SEND a 1:2:3:4:5:6:7:8:9 5000" },
	{ "a name for an address", "SEND a example.net 5000 1" },
	{ "address and port in one", "SEND a 10.0.0.7:5000 1" },
	{ "17 blanks before the port",
	  "SEND a 167772167                 5000 1" },

	{ "a name with a blank, and no size", "SEND my file 167772167 5000" },
	{ "a name with a blank, and letters for a size",
	  "SEND my file 167772167 5000 x" },
	{ "a name with a blank, and more behind it",
	  "SEND my file 167772167 5000 1 2 3" },
	{ "two offers in one", "SEND a 167772167 5000 16909060 4000 1" },
	{ "two offers in one, no matter which",
	  "SEND a 167772167 5000 b 167772167 5000 1" },
	{ "two quoted names",
	  "SEND \"a\" 167772167 5000 \"b\" 16909060 4000 1" },

	{ "RESUME and nothing", "RESUME" },
	{ "RESUME without a position", "RESUME a 5000" },
	{ "RESUME without a port", "RESUME a 0 1000 77" },
	{ "RESUME without a port or a token", "RESUME a 0 1000" },
	{ "RESUME, a low port", "RESUME a 1023 1000" },
	{ "RESUME, a port that wraps", "RESUME a 70536 1000" },
	{ "RESUME, an octal port", "RESUME a 05000 1000" },
	{ "RESUME, a position that is no number", "RESUME a 5000 x" },
	{ "RESUME, a position that is too long",
	  "RESUME a 5000 111111111111111111111" },
	{ "RESUME, more behind it", "RESUME a 5000 1 2 3" },
	{ "RESUME, a name that could be part of it",
	  "RESUME my file 4000 5000 6000" },
	{ "RESUME of an offer without a port, a name with blanks",
	  "RESUME my file 0 5000 77" },
	{ "RESUME, a quotation mark behind the port",
	  "RESUME \"a\" 5000 6000\" 1" },
	{ "ACCEPT without a port", "ACCEPT a 0 1000 77" },
	{ "ACCEPT without a position", "ACCEPT a 5000" },
};

#endif /* SELFTESTS_IRC_PARSE_CASES_H */
