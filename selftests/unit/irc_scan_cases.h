/* SPDX-License-Identifier: GPL-2.0-only */
/* The named cases of irc_scan.c. Every fixed bug leaves one behind. */
#ifndef SELFTESTS_IRC_SCAN_CASES_H
#define SELFTESTS_IRC_SCAN_CASES_H

#include "../../kmod/protocols/irc_scan.h"

#define SCAN_LINES_MAX	8	/* lines in a case */

/**
 * struct scan_line - a line of a conversation
 * @who: 'C' for the client's, 'S' for the server's
 * @text: the line with its end
 * @count: announcements in it that count
 * @why: reason to refuse them or to stop
 */
struct scan_line {
	char who;
	const char *text;
	unsigned int count;
	enum scan_why why;
};

/**
 * struct scan_case - a conversation
 * @name: the case's name
 * @middle: it begins after the registration
 * @any_time: announcements before it are all right
 */
struct scan_case {
	const char *name;
	bool middle;
	bool any_time;
	struct scan_line line[SCAN_LINES_MAX];
};

#define OFFER	"\001DCC SEND a 1 2 3\001"
#define HELLO	{ 'C', "NICK n\r\n" }, { 'S', ":s 001 n :Welcome\r\n" }

/* A conversation's first line that ends it. */
#define ALIEN(name, who, text, why) \
	{ name, .line = { { who, text, 0, why }, \
			  { 'C', "PRIVMSG x :" OFFER "\r\n" }, \
			  { 'S', ":s 001 n :Welcome\r\n" }, \
			  { 'S', ":x!u@h PRIVMSG n :" OFFER "\r\n" } } }

/* A conversation's first line that doesn't, and an offer behind it all. */
#define FIRST(name, text) \
	{ name, .line = { { 'C', text }, { 'C', "USER u 0 * :r\r\n" }, \
			  { 'S', ":s 001 n :Welcome\r\n" }, \
			  { 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } }
#define GREETS(name, text) \
	{ name, .line = { { 'S', text }, HELLO, \
			  { 'S', ":x!u@h PRIVMSG n :" OFFER "\r\n", 1 } } }

static const struct scan_case scan_cases[] = {
	{ "an offer each way", .line = {
		{ 'S', ":s NOTICE * :*** Looking up your hostname...\r\n" },
		{ 'C', "CAP LS 302\r\n" },
		{ 'C', "NICK n\r\n" },
		{ 'C', "USER u 0 * :real name\r\n" },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 },
		{ 'S', ":x!u@h PRIVMSG n :" OFFER "\r\n", 1 } } },
	{ "offers before the registration", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 0, SCAN_WHY_NO_LOGIN },
		{ 'S', ":x!u@h PRIVMSG n :" OFFER "\r\n", 0,
		  SCAN_WHY_NO_LOGIN },
		{ 'S', ":s 002 n :Your host\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 0, SCAN_WHY_NO_LOGIN },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } },
	{ "and that is all right", .any_time = true, .line = {
		{ 'C', "NICK n\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 },
		{ 'S', ":x!u@h PRIVMSG n :" OFFER "\r\n", 1 } } },
	{ "but not before the first words", .any_time = true, .line = {
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 0, SCAN_WHY_NOT_CLIENT },
		{ 'C', "NICK n\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "a welcome that nobody asked for", .line = {
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "NICK n\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 0, SCAN_WHY_NO_LOGIN },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } },
	{ "the client can't welcome itself", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'C', ":s 001 n :Welcome\r\n", 0, SCAN_WHY_NOT_CLIENT },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "nor with a bare number", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'C', "001\r\n", 0, SCAN_WHY_NOT_CLIENT },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "a welcome in a text is none", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'S', ":s NOTICE n :001 n\r\n" },
		{ 'S', ":s NOTICE 001 :Welcome\r\n" },
		{ 'S', ":s 0001 n :Welcome\r\n" },
		{ 'S', ":s 01 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 0, SCAN_WHY_NO_LOGIN } } },
	{ "the barest welcome", .line = {
		{ 'C', "NICK n\n" }, { 'S', "001\n" },
		{ 'C', "PRIVMSG x :" OFFER "\n", 1 } } },
	{ "a welcome with tags", .line = {
		{ 'C', "NICK n\n" },
		{ 'S', "@time=2025-07-28T20:48:31.481Z :s 001 n :Hi\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\n", 1 } } },
	{ "STARTTLS", .line = {
		{ 'C', "STARTTLS\r\n" },
		{ 'S', ":s 670 * :STARTTLS successful\r\n", 0, SCAN_WHY_TLS },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "STARTTLS after the registration", .middle = true, .line = {
		{ 'C', "starttls\r\n" },
		{ 'S', ":s 670 * :STARTTLS successful\r\n", 0, SCAN_WHY_TLS },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "670 that nobody asked for", .middle = true, .line = {
		{ 'C', "PING x\r\n" },
		{ 'S', ":s 670 * :STARTTLS successful\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } },
	{ "STARTTLS that fails", .line = {
		{ 'C', "STARTTLS\r\n" },
		{ 'S', ":s 691 * :STARTTLS failed\r\n" },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } },
	{ "670 of the client's", .middle = true, .line = {
		{ 'C', "670 *\r\n", 0, SCAN_WHY_NOT_CLIENT } } },
	{ "both speak one after the other", .line = {
		{ 'S', ":s NOTICE * :*** Hello\r\n" },
		{ 'C', "USER u 0 * :r\r\n" },
		{ 'S', ":s NOTICE * :*** Found your hostname\r\n" },
		{ 'C', "    NICK n\r\n" },
		{ 'S', "PING :123\r\n" },
		{ 'C', "PONG :123\r\n" },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'S', ":x PRIVMSG n :" OFFER "\r\n", 1 } } },

	FIRST("begins with CAP", "CAP LS 302\r\n"),
	FIRST("begins with NICK", "NICK n\r\n"),
	FIRST("begins with USER", "USER u 0 * :r\r\n"),
	FIRST("begins with PASS", "PASS :secret\r\n"),
	FIRST("begins with AUTHENTICATE", "AUTHENTICATE PLAIN\r\n"),
	FIRST("begins with WEBIRC", "WEBIRC pw gw host 10.0.0.1\r\n"),
	FIRST("begins with PING", "PING :1\r\n"),
	FIRST("begins with PONG", "PONG :1\r\n"),
	FIRST("begins with STARTTLS", "STARTTLS\r\n"),
	FIRST("begins with SERVICE", "SERVICE s * * 0 0 :i\r\n"),
	FIRST("begins with IRCX", "IRCX\r\n"),
	FIRST("begins with CAPAB", "CAPAB START 1205\r\n"),
	FIRST("begins in lower case", "nick n\r\n"),
	FIRST("begins with an empty line", "\r\n"),
	FIRST("begins with blanks", "  nick n\r\n"),
	FIRST("begins with tags", "@label=1 NICK n\r\n"),
	FIRST("begins with a prefix", ":n NICK n\r\n"),
	FIRST("begins with nothing but the command", "CAP\n"),

	GREETS("is greeted with NOTICE", "NOTICE AUTH :*** Hello\r\n"),
	GREETS("is greeted with a prefix", ":s 020 * :Please wait\r\n"),
	GREETS("is greeted with PING", "PING :1\r\n"),
	GREETS("is greeted with a numeric", "020 * :Please wait\r\n"),
	GREETS("is greeted with CAP", "CAP * LS :sasl\r\n"),
	GREETS("is greeted with AUTHENTICATE", "AUTHENTICATE +\r\n"),
	GREETS("is greeted with ERROR", "ERROR :Closing Link\r\n"),
	GREETS("is greeted with tags", "@a=b;c :s NOTICE * :x\r\n"),
	GREETS("is greeted with an empty line", "\r\n"),

	ALIEN("HTTP", 'C', "POST / HTTP/1.1\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("HTTP's other methods", 'C', "PUT / HTTP/1.1\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("HTTP/2", 'C', "PRI * HTTP/2.0\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("TLS", 'C', "\x16\x03\x01\x02\n", SCAN_WHY_TLS),
	ALIEN("SSL 2.0", 'C', "\x80\x2e\x01\n", SCAN_WHY_TLS),
	ALIEN("TLS from the server", 'S', "\x16\x03\x03\n", SCAN_WHY_TLS),
	ALIEN("an alert of TLS", 'S', "\x15\x03\x01\n", SCAN_WHY_TLS),
	ALIEN("SSH", 'C', "SSH-2.0-x\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("SSH from the server", 'S', "SSH-2.0-x\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("SMTP", 'C', "EHLO x\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("SMTP from the server", 'S', "220 x ESMTP\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("POP3 from the server", 'S', "+OK\r\n", SCAN_WHY_NOT_SERVER),
	ALIEN("HTTP from the server", 'S', "HTTP/1.1 200 OK\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("SOCKS", 'C', "\x05\x01\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("a byte that is no letter", 'C', "\xff\xfb\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("JOIN first", 'C', "JOIN #a\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("PRIVMSG first", 'C', "PRIVMSG x :" OFFER "\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("NOTICE first", 'C', "NOTICE x :hi\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("PRIVMSG from the server first", 'S', "PRIVMSG x :hi\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("a command cut short", 'C', "NIC n\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("a command with more letters", 'C', "NICKS n\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("a command with a digit", 'C', "NICK1 n\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("a tab behind the command", 'C', "NICK\tn\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("a numeric of the client's", 'C', "353  \r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("tags and nothing behind them", 'C', "@a=b\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("tags, a blank and nothing", 'C', "@a=b \r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("a prefix and nothing behind it", 'S', ":s\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("a prefix, a blank and nothing", 'S', ":s \r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("a prefix, and no command", 'S', ":s +OK\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("a prefix with a tab in it", 'S', ":s\tNOTICE * :x\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("a prefix behind another", 'S', ":s :s NOTICE * :x\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("tags behind others", 'C', "@a @b NICK n\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("a numeric of two digits", 'S', ":s 01 n\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("a numeric of four digits", 'S', ":s 0010 n\r\n",
	      SCAN_WHY_NOT_SERVER),
	ALIEN("a chat over DCC", 'C', "hi there\r\n", SCAN_WHY_NOT_CLIENT),
	/* a browser's, by the page of a server that says 001 */
	ALIEN("HTTP with NICK for a method", 'C', "NICK /x HTTP/1.1\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("with USER", 'C', "USER /x HTTP/1.1\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("with PASS", 'C', "PASS /x HTTP/1.1\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("with PING", 'C', "PING /x HTTP/1.1\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("with CAP, for any target", 'C', "CAP * HTTP/1.1\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("with AUTHENTICATE", 'C', "AUTHENTICATE /x HTTP/1.1\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("with QUIT, of a proxy", 'C',
	      "QUIT http://irc.test/ HTTP/1.1\r\n", SCAN_WHY_NOT_CLIENT),
	ALIEN("with PROTOCTL and a text", 'C', "PROTOCTL :a http/1.0\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("a path alone, as HTTP 0.9 has it", 'C', "NICK /x\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("too few words for USER", 'C', "USER anonymous\r\n",
	      SCAN_WHY_NOT_CLIENT),
	ALIEN("too many for NICK", 'C', "NICK a b c\r\n",
	      SCAN_WHY_NOT_CLIENT),
	{ "a head of HTTP behind a first line of IRC", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'C', "Host: irc.test:6664\r\n", 0, SCAN_WHY_NOT_CLIENT },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "a word of it that is spelt like a command", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'C', "Accept : */*\r\n", 0, SCAN_WHY_NOT_CLIENT },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "whatever there is behind the welcome", .line = {
		HELLO,
		{ 'C', "Host: irc.test:6664\r\n" },
		{ 'C', "NICK /x HTTP/1.1\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } },
	{ "what impatient clients say", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'C', "USER n 0 * :r\r\n" },
		{ 'C', "JOIN #a,#b k\r\n" },
		{ 'C', "MODE n +i\r\n" },
		{ 'C', "NOTICE s :\001VERSION x\001\r\n" },
		{ 'C', "PRIVMSG NickServ :IDENTIFY x\r\n" },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } },
	{ "a real name with blanks, and one like a path", .line = {
		{ 'C', "PASS :two words\r\n" },
		{ 'C', "NICK n\r\n" },
		{ 'C', "USER n n irc.test :/home and http/ ware\r\n" },
		{ 'C', "QUIT :/x HTTP/1.1 really\r\n" },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n", 1 } } },
	{ "a client's words, though the server's are right", .line = {
		{ 'S', ":s NOTICE * :hi\r\n" },
		{ 'C', "GET / HTTP/1.0\r\n", 0, SCAN_WHY_NOT_CLIENT },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },
	{ "a server's words, though the client's are right", .line = {
		{ 'C', "NICK n\r\n" },
		{ 'S', "220 mail\r\n", 0, SCAN_WHY_NOT_SERVER },
		{ 'S', ":s 001 n :Welcome\r\n" },
		{ 'C', "PRIVMSG x :" OFFER "\r\n" } } },

	{ "forms that announce", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "NOTICE x :" OFFER "\r\n", 1 },
		{ 'C', "privmsg x :\001dcc chat chat 1 2\001\r\n", 1 },
		{ 'C', "PrivMsg #a,b,@#c :\001Dcc x y 1 2\001\n", 1 },
		{ 'C', "  PRIVMSG   x   :" OFFER "\r\n", 1 },
		{ 'C', ":n!u@h PRIVMSG x :" OFFER "\r\n", 1 },
		{ 'C', "@a=b;+c/d=\xc3\xa4 :n PRIVMSG x :" OFFER "\r\n", 1 },
		{ 'C', "@a  PRIVMSG x :" OFFER " \r\n", 1 } } },
	{ "ends that do", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "PRIVMSG x :\001DCC SEND a 1 2 3\r\n", 1 },
		{ 'C', "PRIVMSG x :\001DCC SEND a 1 2 3\n", 1 },
		{ 'C', "PRIVMSG x :\001DCC \n", 1 },
		{ 'C', "PRIVMSG x :\001DCC \001\n", 1 },
		{ 'C', "PRIVMSG x :" OFFER "trailing text\r\n", 1 },
		{ 'C', "PRIVMSG x :" OFFER " " OFFER "\r\n", 1 },
		{ 'C', "PRIVMSG x :" OFFER "\001VERSION\001" OFFER "\r\n",
		  1 } } },
	{ "several in a line", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "PRIVMSG x :" OFFER OFFER "\r\n", 2 },
		{ 'C', "PRIVMSG x :" OFFER OFFER OFFER OFFER
		       OFFER OFFER OFFER OFFER "\r\n", 8 },
		{ 'C', "PRIVMSG x :" OFFER OFFER OFFER OFFER
		       OFFER OFFER OFFER OFFER OFFER "\r\n", 8 },
		{ 'C', "PRIVMSG x :" OFFER "\001DCC\001\r\n", 1 },
		{ 'C', "PRIVMSG x :" OFFER "DCC SEND b 1 2\001\r\n", 1 },
		{ 'C', "PRIVMSG x :" OFFER "\001\r\n", 1 },
		{ 'C', "PRIVMSG x :" OFFER "\r" OFFER "\r\n", 1 } } },
	{ "CR ends a message", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "PRIVMSG x :\001DCC SEND a 1 2\r\001" OFFER "\n",
		  1 } } },
	{ "texts that announce nothing", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "PRIVMSG x :hello\r\n" },
		{ 'C', "PRIVMSG x :\001VERSION\001\r\n" },
		{ 'C', "PRIVMSG x :\001DCC\001\r\n" },
		{ 'C', "PRIVMSG x :\001DCC\r\n" },
		{ 'C', "PRIVMSG x :\001DCCX a\001\r\n" },
		{ 'C', "PRIVMSG x :\001DCC\tSEND a 1 2\001\r\n" },
		{ 'C', "PRIVMSG x :DCC SEND a 1 2 3\r\n" } } },
	{ "places where nothing is announced", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "PRIVMSG x : " OFFER "\r\n" },
		{ 'C', "PRIVMSG x :hi " OFFER "\r\n" },
		{ 'C', "PRIVMSG x :\001VERSION\001" OFFER "\r\n" },
		{ 'C', "PRIVMSG x " OFFER "\r\n" },
		{ 'C', "PRIVMSG x y :" OFFER "\r\n" },
		{ 'C', "PRIVMSG :" OFFER "\r\n" },
		{ 'C', "PRIVMSG x ::" OFFER "\r\n" } } },
	{ "commands that announce nothing", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "TOPIC #a :" OFFER "\r\n" },
		{ 'C', "PRIVMS x :" OFFER "\r\n" },
		{ 'C', "PRIVMSGS x :" OFFER "\r\n" },
		{ 'C', "NOTICES x :" OFFER "\r\n" },
		{ 'C', "XPRIVMSG x :" OFFER "\r\n" },
		{ 'C', "NICK x :" OFFER "\r\n" },
		{ 'C', "372 x :" OFFER "\r\n" } } },
	{ "lines that are broken", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "\tPRIVMSG x :" OFFER "\r\n" },
		{ 'C', "PRIVMSG\tx :" OFFER "\r\n" },
		{ 'C', "PRIVMSG x\t:" OFFER "\r\n" },
		{ 'C', "PRIVMSG x\r :" OFFER "\r\n" },
		{ 'C', "NICK x\rPRIVMSG x :" OFFER "\r\n" },
		{ 'C', "@a\tb PRIVMSG x :" OFFER "\r\n" },
		{ 'C', OFFER "\r\n" } } },
	{ "a quotation of a line", .middle = true, .line = {
		{ 'C', "CAP END\n" },
		{ 'C', "PRIVMSG x :PRIVMSG y :" OFFER "\r\n" },
		{ 'C', "@a=PRIVMSG : TOPIC x :" OFFER "\r\n" },
		{ 'S', ":PRIVMSG x :" OFFER "\r\n" },
		{ 'S', ":s 372 n :PRIVMSG n :" OFFER "\r\n" },
		{ 'S', ":n!u@h PRIVMSG x :" OFFER "\r\n", 1 } } },
};

#endif /* SELFTESTS_IRC_SCAN_CASES_H */
