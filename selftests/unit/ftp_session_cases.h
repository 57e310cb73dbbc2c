/* SPDX-License-Identifier: GPL-2.0-only */
/* Conversations: who says what, and what kmod/protocols/ftp_session.c is to do about it.
 */
#ifndef SELFTESTS_FTP_SESSION_CASES_H
#define SELFTESTS_FTP_SESSION_CASES_H

#include "../../kmod/protocols/ftp_session.h"

#define SESSION_LINES_MAX	72

/**
 * struct session_line - a line of a conversation
 * @who: 'C' for the client, 'S' for the server, 0 for the end
 * @what: FTP_DO_... of which the name is left to the macros
 */
struct session_line {
	char who;
	const char *text;
	enum ftp_do what;
	enum scan_why why;
};

/**
 * struct session_case - a conversation
 * @any_time: pinholes may open before the login
 * @middle: it begins after the login
 * @opens: it has an announcement that counts
 */
struct session_case {
	const char *name;
	bool any_time, middle, opens;
	struct session_line line[SESSION_LINES_MAX];
};

#define C(text)			{ 'C', text, FTP_DO_NOTHING, SCAN_WHY_NONE }
#define S(text)			{ 'S', text, FTP_DO_NOTHING, SCAN_WHY_NONE }
#define C_OPEN(text)		{ 'C', text, FTP_DO_OPEN, SCAN_WHY_NONE }
#define S_OPEN(text)		{ 'S', text, FTP_DO_OPEN, SCAN_WHY_NONE }
#define S_CLOSE(text)		{ 'S', text, FTP_DO_CLOSE, SCAN_WHY_NONE }
#define C_REFUSE(text, why)	{ 'C', text, FTP_DO_REFUSE, SCAN_WHY_##why }
#define S_REFUSE(text, why)	{ 'S', text, FTP_DO_REFUSE, SCAN_WHY_##why }
#define C_STOP(text, why)	{ 'C', text, FTP_DO_STOP, SCAN_WHY_##why }
#define S_STOP(text, why)	{ 'S', text, FTP_DO_STOP, SCAN_WHY_##why }
#define S_ENCRYPTED(text)	{ 'S', text, FTP_DO_ENCRYPTED, SCAN_WHY_NONE }

#define LOGIN	S("220 hi"), C("USER a"), S("331 pw"), C("PASS b"), S("230 in")
#define PORT	"PORT 10,0,0,2,195,80"
#define EPRT	"EPRT |1|10.0.0.2|50000|"
#define R227	"227 Entering Passive Mode (10,0,0,1,195,80)."
#define R229	"229 Entering Extended Passive Mode (|||50000|)"
#define HELLO	"\x16\x03\x01\x02\x01\xfc"
#define TWICE(...)	__VA_ARGS__, __VA_ARGS__
#define FIVE(...)	TWICE(TWICE(__VA_ARGS__)), __VA_ARGS__
#define EIGHT(...)	TWICE(TWICE(TWICE(__VA_ARGS__)))

static const struct session_case session_cases[] = {
/* what opens */
{ "PORT after the login", 0, 0, 1, { LOGIN, C_OPEN(PORT), S("200 ok"),
	C("LIST"), S("150 go"), S("226 done"), C("QUIT"), S("221 bye") } },
{ "EPRT after the login", 0, 0, 1, { LOGIN, C_OPEN(EPRT), S("200 ok") } },
{ "in small letters", 0, 0, 1, { S("220"), C("user a"), S("230 in"),
	C_OPEN("port 10,0,0,2,195,80"), C("pasv"), S("200 ok"),
	S_OPEN(R227) } },
{ "PORT and a tab", 0, 1, 1, { C_OPEN("PORT\t10,0,0,2,195,80") } },
{ "PASV after the login", 0, 0, 1, { LOGIN, C("PASV"), S_OPEN(R227) } },
{ "EPSV after the login", 0, 0, 1, { LOGIN, C("EPSV"), S_OPEN(R229) } },
{ "EPSV with a family", 0, 1, 1, { C("EPSV 2"), S_OPEN(R229) } },
{ "the greeting has several lines", 0, 0, 1, { S("220-hi"), S("there"),
	S("220-220 again"), S("  220 "), S("220 end"), C("USER a"),
	S("230 in"), C("PASV"), S_OPEN(R227) } },
{ "a greeting that asks for patience", 0, 0, 1, { S("120 wait"), LOGIN,
	C("PASV"), S_OPEN(R227) } },
{ "and one that does so in several lines", 0, 0, 1, { S("120-wait"),
	S("a minute"), S("120 or so"), LOGIN, C_OPEN(PORT) } },
{ "the greeting ends when the client has spoken", 0, 0, 1, {
	S("220-hi"), C("USER a"), C("PASS b"), S("220 end"), S("331 pw"),
	S("230 in"), C("PASV"), S_OPEN(R227) } },
{ "no password needed", 0, 0, 1, { S("220 hi"), C("USER a"), S("230 in"),
	C_OPEN(PORT) } },
{ "an account needed", 0, 0, 1, { S("220 hi"), C("USER a"), S("331 pw"),
	C("PASS b"), S("332 account"), C("ACCT c"), S("230 in"),
	C_OPEN(PORT) } },
{ "232 lets in as well", 0, 0, 1, { S("220 hi"), C("USER a"),
	S("232 in"), C_OPEN(PORT) } },
{ "230 in several lines", 0, 0, 1, { S("220 hi"), C("USER a"),
	S("230-in"), S(R227), S("331 no"), S("230 really"),
	C_OPEN(PORT) } },
{ "FEAT first", 0, 0, 1, { S("220 hi"), C("FEAT"), S("211-features"),
	S(" EPSV"), S("211 end"), C("USER a"), S("230 in"), C("EPSV"),
	S_OPEN(R229) } },
{ "before the login where that is allowed", 1, 0, 1, { S("220 hi"),
	C("FEAT"), S("500 what"), C_OPEN(PORT), S("200 ok"), C("PASV"),
	S_OPEN(R227) } },
{ "LPRT and LPSV (RFC 1639)", 0, 1, 1, {
	C_OPEN("LPRT 4,4,10,0,0,2,2,195,80"), S("200 ok"), C("LPSV"),
	S_OPEN("228 Long passive (4,4,10,0,0,1,2,195,80)") } },
{ "LPRT and LPSV after EPSV ALL", 0, 1, 0, { C("EPSV ALL"), S("200 ok"),
	C_REFUSE("LPRT 4,4,10,0,0,2,2,195,80", EPSV_ALL),
	S("500 no"), C("LPSV"),
	S_REFUSE("228 Long passive (4,4,10,0,0,1,2,195,80)", EPSV_ALL) } },
{ "several passive commands ahead", 0, 1, 1, { C("PASV"), C("EPSV"),
	C("NOOP"), C("PASV"), S_OPEN(R227), S_OPEN(R229), S("200 ok"),
	S_OPEN(R227) } },
{ "a preliminary reply answers nothing", 0, 1, 1, { C("RETR a"), C("PASV"),
	S("150 go"), S("226 done"), S_OPEN(R227) } },
{ "sixteen commands ahead are told apart", 0, 1, 1, { FIVE(C("NOOP")),
	FIVE(C("NOOP")), FIVE(C("NOOP")), C("PASV"), FIVE(S("200 ok")),
	FIVE(S("200 ok")), FIVE(S("200 ok")), S_OPEN(R227) } },
{ "behind twenty commands ahead all is as before", 0, 1, 1, {
	FIVE(C("NOOP")), FIVE(C("NOOP")), FIVE(C("NOOP")), FIVE(C("NOOP")),
	FIVE(S("200 ok")), FIVE(S("200 ok")), FIVE(S("200 ok")),
	FIVE(S("200 ok")), C("PASV"), S_OPEN(R227) } },
{ "EPSV after EPSV ALL", 0, 1, 1, { C("EPSV ALL"), S("200 ok"), C("EPSV"),
	S_OPEN(R229) } },
{ "EPSV ALL that the server refuses", 0, 1, 1, { C("EPSV ALL"),
	S("500 what"), C_OPEN(PORT) } },
{ "REIN ends EPSV ALL and the login", 0, 1, 1, { C("EPSV ALL"), S("200 ok"),
	C("REIN"), S("220 hi"), C_REFUSE(PORT, NO_LOGIN),
	S("530 no"), C("USER a"), S("230 in"), C_OPEN(PORT) } },
{ "REIN that the server refuses", 0, 1, 1, { C("REIN"), S("502 what"),
	C_OPEN(PORT) } },
{ "PORT that the server refuses", 0, 1, 1, { C_OPEN(PORT),
	S_CLOSE("500 no"), C("PASV"), S_OPEN(R227) } },
{ "ABOR behind Telnet's IAC IP IAC DM", 0, 1, 1, { C("RETR a"),
	S("150 go"), C("\xff\xf4\xff\xf2" "ABOR"), S("426 cut"),
	S("226 done"), C("PASV"), S_OPEN(R227) } },
{ "ABOR that comes too late", 0, 1, 1, { C("RETR a"), S("150 go"),
	C("ABOR"), S("226 sent"), S("225 nothing to do"), C("PASV"),
	S_OPEN(R227) } },
{ "Telnet's options before a command", 0, 1, 1, {
	C("\xff\xfb\x01" "NOOP"), S("200 ok"), C("\xff\xf4"), C("PASV"),
	S_OPEN(R227) } },
{ "verbs that nobody knows", 0, 1, 1, { C("XSHA256 f"), S("250 0"),
	C("SITE CHMOD 755 f"), S("200 ok"), C("MLSD"), S("150 go"),
	S("226 done"), C("PASV"), S_OPEN(R227) } },
{ "blank lines are no commands", 0, 1, 1, { C(""), C("PASV"), S(""),
	S_OPEN(R227) } },
{ "file names with any byte", 0, 1, 1, { C("RETR \xe4\xff\x01 227 "),
	S("550 \xe4\xff"), C("PASV"), S_OPEN(R227) } },
{ "AUTH that the server refuses", 0, 0, 1, { S("220 hi"), C("AUTH TLS"),
	S("502 what"), C("USER a"), S("230 in"), C_OPEN(PORT) } },
{ "HOST first (RFC 7151)", 0, 0, 1, { S("220 hi"), C("HOST a.example"),
	S("220 hi"), C("USER a"), S("230 in"), C_OPEN(PORT) } },
{ "227 in a reply of several lines", 0, 1, 1, { C("PASV"), S("227-go"),
	S(" (1,2,3,4,5,6)"), S_OPEN(R227) } },
{ "replies of neither kind", 0, 1, 1, { C("PASV"), S("hello"), S("2270"),
	S("600 x"), S("99 x"), S(" 227 x"), S_OPEN(R227) } },

/* as people's clients and servers talk; each was reported by somebody */
{ "a NOOP in a transfer that is never answered", 0, 1, 1, { C("RETR a"),
	S("125 go"), C("NOOP"), S("226 done"), C("PASV"), S_OPEN(R227) } },
{ "ABOR and the transfer have one answer", 0, 1, 1, { C("RETR a"),
	S("150 go"), C("ABOR"), S("225 ok"), C("PASV"), S_OPEN(R227),
	C_OPEN(PORT), S("200 ok") } },
{ "two NOOPs have one answer", 0, 1, 1, { C("RETR a"), S("150 go"),
	C("NOOP"), C("NOOP"), S("500 what"), S("226 done"), C("EPSV"),
	S_OPEN(R229) } },
{ "a cancelled transfer ends twice", 0, 1, 1, { C("RETR a"), S("150 go"),
	S("426 cut"), S("226 done"), C("PASV"), S("226 done"),
	S_OPEN(R227) } },
{ "and even three times", 0, 1, 1, { C("RETR a"), S("150 go"), C("ABOR"),
	C("PASV"), S("426 cut"), S("226 done"), S("225 ok"), S("451 cut"),
	S_OPEN(R227) } },
{ "230 comes twice", 0, 0, 1, { S("220 hi"), C("USER a"), S("331 pw"),
	C("PASS b"), S("230 in"), C("PASV"), S("230 in"), S_OPEN(R227) } },
{ "so do 220 and 331", 0, 0, 1, { S("220 hi"), C("USER a"), S("220 hi"),
	S("331 pw"), C("PASS b"), S("331 pw"), S("230 in"), C_OPEN(PORT) } },
{ "CWD's answer comes twice, late", 0, 1, 1, { C("CWD a"), S("200 ok"),
	C("CWD b"), S("250 ok"), C("PASV"), S("250 ok"), S_OPEN(R227) } },
{ "a refused file is told of twice, late", 0, 1, 1, { C("RETR a"),
	S("550 no"), C("EPSV"), S("550 no"), S_OPEN(R229) } },
{ "replies out of order", 0, 1, 1, { C("RETR a"), C("PASV"), S_OPEN(R227),
	S("226 done"), C("PASV"), S_OPEN(R227) } },
{ "twenty-five NOOPs that nobody answers", 0, 1, 1, { FIVE(FIVE(
	C("NOOP"))), C("PASV"), S_OPEN(R227), C_OPEN(PORT), S("200 ok"),
	C("SIZE a"), S("550 no") } },
{ "an unanswered NOOP, then SIZE's refusal", 0, 1, 1, { C("NOOP"),
	C_OPEN(PORT), S("200 ok"), C("SIZE a"), S("550 no") } },
{ "nobody answers PASV; SIZE's refusal", 0, 1, 1, { C("PASV"),
	C_OPEN(PORT), S("200 ok"), C("SIZE a"), S("550 no"), C("PASV"),
	S_OPEN(R227) } },
{ "a transfer's late end is no refusal of PORT", 0, 1, 1, { C("RETR a"),
	S("150 go"), S("426 cut"), C_OPEN(PORT), S("226 done"),
	S("451 cut"), S("200 ok") } },
{ "the refusal of EPRT behind PASV, whose answer came", 0, 1, 1, {
	C("PASV"), C_OPEN(EPRT), S_OPEN(R227), S("522 no") } },
{ "a transfer says yes to PORT as well", 0, 1, 1, { C_OPEN(PORT), C("RETR a"),
	S("150 go"), S("226 done"), C("NOOP"), S("200 ok"), C_OPEN(PORT),
	S_CLOSE("522 no") } },
{ "an empty line has an answer of its own", 0, 1, 1, { C(""), C("PASV"),
	S("500 what"), S_OPEN(R227) } },
{ "text ends in the bare code", 0, 1, 1, { C("MLST a"), S("250-Begin"),
	S(" Type=file; a"), S("250"), C("PASV"), S_OPEN(R227) } },
{ "so do the greeting and 230", 0, 0, 1, { S("220-hi"), S("there"),
	S("220"), C("USER a"), S("331-pw"), S("331"), C("PASS b"),
	S("230-in"), S("hi"), S("230"), C_OPEN(PORT) } },
{ "text that the transfer's begin breaks off", 0, 1, 1, { C("STOR a"),
	S("553-"), S("553- Directory excluded."), S("150 go"), S("226 done"),
	C("PASV"), S_OPEN(R227), C_OPEN(PORT), S_CLOSE("500 no") } },
{ "220 to PASS", 0, 0, 1, { S("220 hi"), C("USER a"), S("331 pw"),
	C("PASS b"), S("220 in"), C("PASV"), S_OPEN(R227) } },
{ "200 to ACCT, 202 to PASS", 0, 0, 1, { S("220 hi"), C("USER a"),
	S("331 pw"), C("PASS b"), S("332 account"), C("ACCT c"), S("200 ok"),
	C_OPEN(PORT), S("200 ok"), C("REIN"), S("220 hi"), C("USER a"),
	S("331 pw"), C("PASS b"), S("202 ok"), C_OPEN(PORT) } },
{ "another login that is refused", 0, 1, 1, { C("USER b"), S("530 no"),
	C("PASV"), S_OPEN(R227) } },
{ "227 for EPSV", 0, 1, 1, { C("EPSV"), S_OPEN(R227),
	S_REFUSE(R229, UNSOLICITED) } },
{ "229 for PASV", 0, 1, 1, { C("PASV"), S_OPEN(R229),
	S_REFUSE(R227, UNSOLICITED) } },
{ "its own kind first", 0, 1, 1, { C("EPSV"), C("PASV"), S_OPEN(R227),
	S_REFUSE(R229, UNSOLICITED) } },
{ "PASV as routers disguise it", 0, 1, 1, { C("P@SW"), S_OPEN(R227) } },
{ "between servers", 0, 1, 1, { C("CPSV"), S_OPEN(R227) } },
{ "verbs that nobody knows", 0, 0, 1, { S("220 hi"), C("XYZZY"),
	S("500 what"), C("ABCDEFGHIJK 1"), S("500 what"), C("N\xf6OP"),
	S("500 what"), C("\xff"), C("GET a"), S("500 what"), C("put b"),
	S("500 what"), C("MAIL a"), S("500 what"), C("?"), S("500 what"),
	C("USER a"), S("230 in"), C_OPEN(PORT) } },
{ "a byte order mark", 0, 0, 1, { S("220 hi"), C("\xef\xbb\xbfUSER a"),
	S("331 pw"), C("PASS b"), S("230 in"), C_OPEN(PORT) } },
{ "a byte order mark that the server doesn't know", 0, 0, 1, { S("220 hi"),
	C("\xef\xbb\xbfOPTS UTF8 ON"), S("500 what"), C("USER a"),
	S("230 in"), C_OPEN(PORT) } },
{ "blanks and ends of lines in front", 0, 0, 1, { S("220 hi"), C(" USER a"),
	S("331 pw"), C("\rPASS b"), S("230 in"), C("\tPASV"),
	S_OPEN(R227) } },
{ "text in front of the greeting", 0, 0, 1, { S("hi"), S(""),
	S("All is logged: mind that."), S("220 hi"), C("USER a"),
	S("230 in"), C_OPEN(PORT) } },
{ "no blank behind the code", 0, 0, 1, { S("220hi"), C("USER a"),
	S("331pw"), C("PASS b"), S("230in"), C_OPEN(PORT),
	S_CLOSE("500no") } },
{ "a file that looks like a request", 0, 1, 1, { C("RETR a HTTP/1.1"),
	S("550 no"), C_OPEN(PORT) } },
{ "a question in the middle: 334, and no more", 0, 1, 1, { C("AUTH GSSAPI"),
	S("334 more"), C("ADAT a"), S("535 no"), C("PASV"),
	S_OPEN(R227) } },

/* what must not */
{ "the client speaks first", 0, 0, 0, { C_STOP("USER a", CLIENT_FIRST),
	S("220 hi"), S("230 in"), C(PORT), C("PASV"), S(R227) } },
{ "it does after a call for patience", 0, 0, 0, { S("120 wait"),
	C_STOP("USER a", CLIENT_FIRST) } },
{ "PORT is all it says first", 1, 0, 0, { C_STOP(PORT, CLIENT_FIRST) } },
{ "HTTP's GET", 1, 0, 0, { C_STOP("GET / HTTP/1.1", CLIENT_FIRST),
	C("Host: a"), C(""), C(PORT) } },
{ "HTTP's GET behind a greeting", 1, 0, 0, { S("220 hi"),
	C_STOP("GET / HTTP/1.1", NOT_CLIENT), C(PORT) } },
{ "HTTP's POST behind a greeting", 1, 0, 0, { S("220 hi"),
	C_STOP("POST /a HTTP/1.1", NOT_CLIENT), C(PORT) } },
{ "HTTP's POST later", 1, 1, 0, { C_STOP("post /a HTTP/1.1", NOT_CLIENT),
	C(PORT) } },
{ "HTTP's headers", 1, 0, 0, { S("220 hi"),
	C_STOP("Host: a.example", NOT_CLIENT), C(PORT) } },
{ "HTTP's headers later", 1, 1, 0, { C_STOP("Host: a", NOT_CLIENT) } },
{ "HTTP/2", 1, 0, 0, { S("220 hi"), C_STOP("PRI * HTTP/2.0",
	NOT_CLIENT) } },
{ "TLS from the client", 1, 0, 0, {
	C_STOP("\x16\x03\x01\x02\x01\xfc", CLIENT_FIRST), C(PORT) } },
{ "TLS behind a greeting", 1, 0, 0, { S("220 hi"), C_STOP(HELLO, TLS),
	C(PORT), S_ENCRYPTED(HELLO), C("PASV"), S(R227) } },
{ "TLS that the server does not know", 1, 0, 0, { S("220 hi"),
	C_STOP(HELLO, TLS), S("500 what"), S(HELLO), C(PORT), C("PASV"),
	S(R227) } },
{ "TLS from the server", 1, 0, 0, {
	S_STOP("\x16\x03\x03\x40\x7a", NOT_SERVER), C("USER a"), C(PORT) } },
{ "SSH", 1, 0, 0, { S_STOP("SSH-2.0-OpenSSH_9.2", NOT_SERVER),
	C("SSH-2.0-OpenSSH_9.2"), C(PORT) } },
{ "SMTP", 1, 0, 0, { S("220 mail.example ESMTP"),
	C_STOP("EHLO a.example", NOT_CLIENT), S("250 hi"), C(PORT) } },
{ "SMTP, the old way", 1, 0, 0, { S("220 mail.example"),
	C_STOP("HELO a.example", NOT_CLIENT), C(PORT) } },
{ "SMTP behind a NOOP", 1, 0, 0, { S("220 mail.example"), C("NOOP"),
	S("250 ok"), C_STOP("MAIL FROM:<a@b>", NOT_CLIENT), C(PORT) } },
{ "POP3", 1, 0, 0, { S_STOP("+OK hi", NOT_SERVER) } },
{ "IRC from the client", 1, 0, 0, { S("220 hi"),
	C_STOP("NICK a", NOT_CLIENT), C(PORT) } },
{ "SIP from the client", 1, 0, 0, { S("220 hi"),
	C_STOP("REGISTER sip:a SIP/2.0", NOT_CLIENT), C(PORT) } },
{ "a greeting with a code of two digits", 1, 0, 0, {
	S_STOP("22 hi", NOT_SERVER) } },
{ "a greeting with a code of four", 1, 0, 0, {
	S_STOP("2200 hi", NOT_SERVER) } },
{ "a greeting out of range", 1, 0, 0, { S_STOP("620 hi", NOT_SERVER) } },
{ "text without end, but no greeting", 1, 0, 0, { EIGHT(S("hi")),
	EIGHT(S("hi")), EIGHT(S("hi")), EIGHT(S("hi")), EIGHT(S("")),
	EIGHT(S("hi")), EIGHT(S("hi")), FIVE(S("hi")), S("a"), S("b"),
	S_STOP("c", NOT_SERVER), C(PORT) } },
{ "the client does not wait for more than text", 1, 0, 0, { S("hi"),
	C_STOP("USER a", CLIENT_FIRST), C(PORT) } },
{ "another protocol's answer as a greeting", 1, 0, 0, {
	S_STOP("HTTP/1.1 400 Bad Request", NOT_SERVER) } },
{ "IMAP", 1, 0, 0, { S_STOP("* OK hi", NOT_SERVER) } },
{ "IRC from the server", 1, 0, 0, {
	S_STOP(":a.example NOTICE * :hi", NOT_SERVER) } },
{ "the client begins with PORT", 1, 0, 0, { S("220 hi"),
	C_STOP(PORT, NOT_CLIENT) } },
{ "a request with a method that FTP has", 1, 0, 0, { S("220 hi"),
	C_STOP("RETR /a HTTP/1.1", NOT_CLIENT), C("USER a"), S("230 in"),
	C(PORT) } },
{ "a request with a method that nobody has", 1, 1, 0, {
	C_STOP("XYZZY /a HTTP/1.1", NOT_CLIENT), C(PORT) } },
{ "SIP with a method that FTP has, first", 1, 0, 0, { S("220 hi"),
	C_STOP("OPTS sip:a SIP/2.0", NOT_CLIENT) } },
{ "a form's body whose first letter is lost", 1, 0, 0, { S("220 hi"),
	C("SER a"), S("331 pw"), C("PASS b"), S("230 in"),
	C_STOP(PORT, NOT_CLIENT), C("USER a"), S("230 in"), C(PORT) } },
{ "NUL behind a verb is the server's matter", 0, 1, 1, { C("EPSV \001"),
	S_OPEN(R229) } },
{ "STUN", 1, 0, 0, { S("220 hi"),
	C_STOP("\x01\x01\x21\x12\xa4\x42", NOT_CLIENT), C(PORT) } },
{ "PORT before the login", 0, 0, 0, { S("220 hi"), C("USER a"),
	C_REFUSE(PORT, NO_LOGIN), S("331 pw"), S("530 no") } },
{ "PASV before the login", 0, 0, 0, { S("220 hi"), C("USER a"),
	S("331 pw"), C("PASV"), S_REFUSE(R227, NO_LOGIN) } },
{ "EPSV after a login that failed", 0, 0, 0, { S("220 hi"), C("USER a"),
	S("331 pw"), C("PASS b"), S("530 no"), C("EPSV"),
	S_REFUSE(R229, NO_LOGIN) } },
{ "230 for something that is no login", 0, 0, 0, { S("220 hi"),
	C("SYST"), S("230 in"), C_REFUSE(PORT, NO_LOGIN) } },
{ "230 that nobody asked for", 0, 0, 0, { S("220 hi"), S("230 in"),
	C("FEAT"), S("211 none"), S("230 in"), C_REFUSE(PORT, NO_LOGIN) } },
{ "230 inside another reply", 0, 0, 0, { S("220 hi"), C("USER a"),
	S("331-pw"), S("230 in"), S("331 pw"), C_REFUSE(PORT, NO_LOGIN) } },
{ "230- only opens a reply", 0, 0, 0, { S("220 hi"), C("USER a"),
	S("230-in"), C_REFUSE(PORT, NO_LOGIN) } },
{ "227 that nobody asked for", 0, 1, 0, { S_REFUSE(R227, UNSOLICITED),
	C("NOOP"), S("200 ok"), S_REFUSE(R227, UNSOLICITED) } },
{ "227 echoed by another command (VU#328867)", 0, 1, 0, {
	C("RETR 227 a (10,0,0,1,195,80)"), S_REFUSE(R227, UNSOLICITED),
	C("STAT"), S_REFUSE(R227, UNSOLICITED) } },
{ "227 for EPSV after EPSV ALL", 0, 1, 0, { C("EPSV ALL"), S("200 ok"),
	C("EPSV"), S_REFUSE(R227, EPSV_ALL) } },
{ "229 for PASV after EPSV ALL", 0, 1, 0, { C("EPSV ALL"), S("200 ok"),
	C("PASV"), S_REFUSE(R229, EPSV_ALL) } },
{ "228 for PASV, 227 for LPSV", 0, 1, 0, { C("PASV"), S_REFUSE(
	"228 a (4,4,10,0,0,1,2,195,80)", UNSOLICITED), C("NOOP"),
	S_REFUSE(R227, UNSOLICITED), C("LPSV"), S_REFUSE(R227, UNSOLICITED) } },
{ "229 for EPSV ALL", 0, 1, 0, { C("EPSV ALL"),
	S_REFUSE(R229, UNSOLICITED) } },
{ "a second 227", 0, 1, 1, { C("PASV"), S_OPEN(R227),
	S_REFUSE(R227, UNSOLICITED) } },
{ "what stands before the one answered is done with", 0, 1, 1, {
	C("PASV"), C("EPSV"), S_OPEN(R229), S_REFUSE(R227, UNSOLICITED) } },
{ "227 inside another reply", 0, 1, 0, { C("STAT"), S("211-all"), S(R227),
	S("227-a"), S(R227), S("211 end"), S_REFUSE(R227, UNSOLICITED) } },
{ "the same where a client waits for one: that is told", 0, 1, 1, {
	C("STAT"), C("PASV"), S("211-all"), S_REFUSE(R227, UNSOLICITED),
	S("227-a"), S_REFUSE(R229, UNSOLICITED), S("211 end"),
	S_OPEN(R227) } },
{ "another code inside text doesn't end it", 0, 1, 0, { C("STAT"),
	C("PASV"), S("211-all"), S("250"), S_REFUSE(R227, UNSOLICITED),
	S("250 ok"), S_REFUSE(R227, UNSOLICITED), S("150 go"),
	S_REFUSE(R227, UNSOLICITED) } },
{ "nor does it when the client speaks", 0, 1, 0, { C("CWD a"), S("250-all"),
	S("150 go"), C("PASV"), S_REFUSE(R227, UNSOLICITED), S("250 end") } },
{ "nor if the text goes on, whatever is asked for", 0, 1, 0, { C("STOR a"),
	S("553-all"), S("150 go"), S("x"), C("PASV"),
	S_REFUSE(R227, UNSOLICITED), S("553 end") } },
{ "nor before the client speaks", 0, 1, 0, { C("STOR a"), C("PASV"),
	S("553-all"), S("150 go"), S_REFUSE(R227, UNSOLICITED),
	S("553 end") } },
{ "227 inside a reply to PASV itself", 0, 1, 0, { C("PASV"), S("500-no"),
	S_REFUSE(R227, UNSOLICITED), S("500 really") } },
{ "227 in the greeting", 1, 0, 0, { S("220-hi"), S(R227), S("220 hi"),
	S(R227) } },
{ "227 as the greeting", 1, 0, 0, { S(R227), S(R227), C("NOOP"),
	S_REFUSE(R227, UNSOLICITED) } },
{ "one announcement a command, though none is answered in its turn", 0, 1,
	1, { C("NOOP"), C("PASV"), S_OPEN(R227), S_REFUSE(R227, UNSOLICITED),
	S("200 ok"), S_REFUSE(R227, UNSOLICITED) } },
{ "of eight passive commands ahead the first is forgotten", 0, 1, 1, {
	C("LPSV"), FIVE(C("PASV")), TWICE(C("PASV")), FIVE(S_OPEN(R227)),
	TWICE(S_OPEN(R227)),
	S_REFUSE("228 a (4,4,10,0,0,1,2,195,80)", UNSOLICITED), S_REFUSE(R227, UNSOLICITED) } },
{ "PASV answered by something else, and the client goes on", 0, 1, 1, {
	C("PASV"), S("214-help"), S("214 end"), C("PASV"), S("200 227 a"),
	C("NOOP"), S_REFUSE(R227, UNSOLICITED), C("PASV"), S("250 ok"),
	S_OPEN(R227) } },
{ "RETR at once keeps PASV in doubt: one 227, and not another", 0, 1, 1, {
	C("PASV"), S("200 ok"), C("RETR a"), S_OPEN(R227),
	S_REFUSE(R227, UNSOLICITED) } },
{ "but only as long as nothing else is said", 0, 1, 0, { C("PASV"),
	S("200 ok"), C("RETR a"), C("NOOP"), S_REFUSE(R227, UNSOLICITED) } },
{ "nor after a refusal that is PASV's", 0, 1, 0, { C("PASV"), S("502 no"),
	C("RETR a"), S_REFUSE(R227, UNSOLICITED) } },
{ "PASV refused while something else is not answered", 0, 1, 0, {
	C("PASV"), S("550 no"), C("NOOP"), S_REFUSE(R227, UNSOLICITED) } },
{ "malformed PORT", 0, 1, 0, { C_REFUSE("PORT 10,0,0,2,195", MALFORMED),
	C_REFUSE("PORT 10,0,0,256,1,1", MALFORMED),
	C_REFUSE("PORT", MALFORMED) } },
{ "malformed EPRT", 0, 1, 0, { C_REFUSE("EPRT |1|10.0.0.2|65536|",
	MALFORMED), S("501 no") } },
{ "malformed 227", 0, 1, 0, { C("PASV"), S_REFUSE("227 go", MALFORMED),
	C("PASV"), S_REFUSE("227 (1,2,3,4,5,256)", MALFORMED) } },
{ "malformed 227 that nobody asked for", 0, 1, 0, { C("NOOP"),
	S("227 go") } },
{ "malformed before the login", 0, 0, 0, { S("220 hi"), C("USER a"),
	C_REFUSE("PORT 1", MALFORMED) } },
{ "PASV that the server refuses, behind an answer that was none", 0, 1, 0, {
	C("NOOP"), S_REFUSE(R227, UNSOLICITED), C("PASV"), S("500 no"),
	S_REFUSE(R227, UNSOLICITED) } },
{ "PASV that the server refuses", 0, 1, 0, { C("PASV"), S("500 no"),
	S_REFUSE(R227, UNSOLICITED) } },
{ "PORT after EPSV ALL", 0, 1, 0, { C("EPSV ALL"), S("200 ok"),
	C_REFUSE(PORT, EPSV_ALL), C_REFUSE(EPRT, EPSV_ALL) } },
{ "PASV after EPSV ALL, in small letters", 0, 1, 0, { C("epsv all"),
	S("200 ok"), C("PASV"), S_REFUSE(R227, EPSV_ALL) } },
{ "a login does not end EPSV ALL", 0, 1, 0, { C("EPSV ALL"), S("200 ok"),
	C("USER a"), S("230 in"), C_REFUSE(PORT, EPSV_ALL) } },
{ "AUTH TLS", 0, 0, 0, { S("220 hi"), C("AUTH TLS"),
	S_STOP("234 go", TLS), C("USER a"), S("230 in"), C(PORT),
	C("PASV"), S(R227) } },
{ "AUTH TLS in several lines", 0, 0, 0, { S("220 hi"), C("AUTH TLS"),
	S("234-go"), S_STOP("234 go", TLS) } },
{ "AUTH GSSAPI", 0, 0, 0, { S("220 hi"), C("AUTH GSSAPI"), S("334 more"),
	C("ADAT a"), S_STOP("235 go", TLS) } },
{ "234 that nobody asked for is no reason", 0, 1, 1, { C("NOOP"),
	S("234 go"), C_OPEN(PORT) } },
{ "PORT behind Telnet commands", 0, 1, 0, {
	C("\xff\xf4\xff\xf2" PORT) } },
{ "PORT that is a longer word", 0, 1, 0, { C("PORTS 10,0,0,2,195,80"),
	C("XPORT 1,2,3,4,5,6"), S("500 what") } },
{ "PORT without a blank", 0, 1, 0, { C("PORT10,0,0,2,195,80"),
	S("500 what") } },
{ "530 to PASS", 0, 0, 0, { S("220 hi"), C("USER a"), S("331 pw"),
	C("PASS b"), S("530 no"), C_REFUSE(PORT, NO_LOGIN), S("530 no"),
	S("200 ok"), C_REFUSE(PORT, NO_LOGIN) } },
{ "332 to PASS", 0, 0, 0, { S("220 hi"), C("USER a"), S("331 pw"),
	C("PASS b"), S("332 account"), C_REFUSE(PORT, NO_LOGIN),
	S("530 no") } },
{ "220 or 200 to USER is no login", 0, 0, 0, { S("220 hi"), C("USER a"),
	S("220 hi"), C_REFUSE(PORT, NO_LOGIN), C("USER a"), S("200 ok"),
	C_REFUSE(PORT, NO_LOGIN) } },
{ "a transfer's end is no login either", 0, 0, 0, { S("220 hi"), C("USER a"),
	S("331 pw"), C("PASS b"), S("226 done"), C_REFUSE(PORT, NO_LOGIN) } },
{ "refused PORT, behind what is not answered", 0, 1, 1, { C("PASV"),
	C_OPEN(PORT), S("200 ok"), C_OPEN(PORT), S_CLOSE("500 no") } },
{ "AUTH TLS, and any yes", 0, 0, 0, { S("220 hi"), C("AUTH TLS"),
	S_STOP("200 ok", TLS), C("USER a"), S("230 in"), C(PORT) } },
{ "AUTH TLS whose answer comes late", 0, 1, 0, { C("NOOP"), C("AUTH TLS"),
	S_STOP("234 go", TLS), C(PORT) } },
{ "AUTH TLS whose turn is lost", 0, 1, 0, { C("AUTH TLS"), S("500 what"),
	S_STOP("234 go", TLS), C(PORT) } },
{ "TLS while AUTH has no answer", 0, 1, 0, { C("AUTH TLS"),
	C_STOP(HELLO, TLS), S(HELLO), C(PORT) } },
{ "TLS although AUTH was refused", 0, 1, 0, { C("AUTH TLS"), S("504 no"),
	C_STOP(HELLO, TLS), S_ENCRYPTED(HELLO), C(PORT) } },
{ "the old way to begin with SSL", 0, 1, 0, { C_STOP("\x80\x2e\x01\x03\x01",
	TLS), S("hi"), S(HELLO) } },
};

#undef C
#undef S
#undef LOGIN
#undef PORT
#undef EPRT
#undef R227
#undef R229
#undef TWICE
#undef FIVE
#undef EIGHT
#undef HELLO

#endif /* SELFTESTS_FTP_SESSION_CASES_H */
