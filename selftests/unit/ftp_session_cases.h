/* SPDX-License-Identifier: GPL-2.0-only */
/* Conversations: who says what, and what kmod/ftp_session.c is to do about it.
 */
#ifndef SELFTESTS_FTP_SESSION_CASES_H
#define SELFTESTS_FTP_SESSION_CASES_H

#include "../../kmod/ftp_session.h"

#define SESSION_LINES_MAX	48

/**
 * struct session_line - a line of a conversation
 * @who: 'C' for the client, 'S' for the server, 0 for the end
 * @what: FTP_DO_... of which the name is left to the macros
 */
struct session_line {
	char who;
	const char *text;
	enum ftp_do what;
	enum ftp_why why;
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

#define C(text)			{ 'C', text, FTP_DO_NOTHING, FTP_WHY_NONE }
#define S(text)			{ 'S', text, FTP_DO_NOTHING, FTP_WHY_NONE }
#define C_OPEN(text)		{ 'C', text, FTP_DO_OPEN, FTP_WHY_NONE }
#define S_OPEN(text)		{ 'S', text, FTP_DO_OPEN, FTP_WHY_NONE }
#define S_CLOSE(text)		{ 'S', text, FTP_DO_CLOSE, FTP_WHY_NONE }
#define C_REFUSE(text, why)	{ 'C', text, FTP_DO_REFUSE, FTP_WHY_##why }
#define S_REFUSE(text, why)	{ 'S', text, FTP_DO_REFUSE, FTP_WHY_##why }
#define C_STOP(text, why)	{ 'C', text, FTP_DO_STOP, FTP_WHY_##why }
#define S_STOP(text, why)	{ 'S', text, FTP_DO_STOP, FTP_WHY_##why }

#define LOGIN	S("220 hi"), C("USER a"), S("331 pw"), C("PASS b"), S("230 in")
#define PORT	"PORT 10,0,0,2,195,80"
#define EPRT	"EPRT |1|10.0.0.2|50000|"
#define R227	"227 Entering Passive Mode (10,0,0,1,195,80)."
#define R229	"229 Entering Extended Passive Mode (|||50000|)"
#define FIVE(line)	line, line, line, line, line

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
{ "TLS behind a greeting", 1, 0, 0, { S("220 hi"),
	C_STOP("\x16\x03\x01\x02\x01\xfc", NOT_CLIENT), C(PORT) } },
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
{ "a greeting without a code", 1, 0, 0, { S_STOP("hi", NOT_SERVER) } },
{ "a greeting with a code of two digits", 1, 0, 0, {
	S_STOP("22 hi", NOT_SERVER) } },
{ "a greeting with a code of four", 1, 0, 0, {
	S_STOP("2200 hi", NOT_SERVER) } },
{ "a greeting out of range", 1, 0, 0, { S_STOP("620 hi", NOT_SERVER) } },
{ "an empty greeting", 1, 0, 0, { S_STOP("", NOT_SERVER) } },
{ "the client begins with PORT", 1, 0, 0, { S("220 hi"),
	C_STOP(PORT, NOT_CLIENT) } },
{ "the client begins with a blank", 1, 0, 0, { S("220 hi"),
	C_STOP(" USER a", NOT_CLIENT) } },
{ "a verb that is too long", 0, 1, 0, {
	C_STOP("ABCDEFGH 1", NOT_CLIENT), C(PORT) } },
{ "a command with a byte above 127", 0, 1, 0, {
	C_STOP("N\xf6OP", NOT_CLIENT) } },
{ "half a Telnet command", 0, 1, 0, { C_STOP("\xff", NOT_CLIENT) } },
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
{ "227 for EPSV", 0, 1, 0, { C("EPSV"), S_REFUSE(R227, UNSOLICITED) } },
{ "229 for PASV", 0, 1, 0, { C("PASV"), S_REFUSE(R229, UNSOLICITED) } },
{ "229 for EPSV ALL", 0, 1, 0, { C("EPSV ALL"),
	S_REFUSE(R229, UNSOLICITED) } },
{ "a second 227", 0, 1, 1, { C("PASV"), S_OPEN(R227),
	S_REFUSE(R227, UNSOLICITED) } },
{ "227 out of turn", 0, 1, 0, { C("NOOP"), C("PASV"),
	S_REFUSE(R227, UNSOLICITED), S_REFUSE(R229, UNSOLICITED) } },
{ "227 inside another reply", 0, 1, 1, { C("PASV"), S("214-help"),
	S(R227), S("227-a"), S(R227), S("214 end"),
	S_REFUSE(R227, UNSOLICITED), C("PASV"), S_OPEN(R227) } },
{ "227 inside a reply to PASV itself", 0, 1, 0, { C("PASV"), S("500-no"),
	S(R227), S("500 really") } },
{ "227 in the greeting", 1, 0, 0, { S("220-hi"), S(R227), S("220 hi"),
	S(R227) } },
{ "227 as the greeting", 1, 0, 0, { S(R227), S(R227), C("NOOP"),
	S_REFUSE(R227, UNSOLICITED) } },
{ "227 for the seventeenth command ahead", 0, 1, 0, { FIVE(C("NOOP")),
	FIVE(C("NOOP")), FIVE(C("NOOP")), C("NOOP"), C("PASV"),
	FIVE(S("200 ok")), FIVE(S("200 ok")), FIVE(S("200 ok")),
	S("200 ok"), S_REFUSE(R227, UNSOLICITED) } },
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
{ "PORT without a blank", 0, 1, 0, {
	C_STOP("PORT10,0,0,2,195,80", NOT_CLIENT) } },
};

#undef C
#undef S
#undef LOGIN
#undef PORT
#undef EPRT
#undef R227
#undef R229
#undef FIVE

#endif /* SELFTESTS_FTP_SESSION_CASES_H */
