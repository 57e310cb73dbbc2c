// SPDX-License-Identifier: GPL-2.0-only
/* FTP: which command a line is, and which line belongs to another protocol.
 *
 * RFC 959 section 4.1, RFC 2228, RFC 2428 and RFC 1639. A line that is no command
 * anybody knows is a matter between client and server; one of HTTP, SMTP, SIP,
 * RTSP, IRC, SSH or of no text at all tells that this is no FTP. Nothing here
 * touches an skb, a lock or the heap, so the unit tests and the fuzzer link this
 * file unchanged.
 */

#include "ftp_verb.h"
#include "tls.h"

/* Longest verb in use ("XSHA256"); what packs it has room for one letter more */
#define FTP_VERB_MAX	7

/* Telnet's "interpret as command", and the first of its commands that takes an
 * option (RFC 854).
 */
#define TELNET_IAC	0xff
#define TELNET_WILL	0xfb

/* A line whose first byte is a control character below this one, or whose first
 * word has a NUL so near to its start, is no text.
 */
#define FTP_CONTROL_MAX	8
#define FTP_NUL_WITHIN	8

/* A message in SSL 2.0's form: its type, behind a length of two bytes. */
#define SSL2_TYPE_AT	2
#define SSL2_HELLO	1

/* Verbs of four letters that stand for something in ftp_command(), but for those that are
 * good to begin with and nothing else.
 */
#define FTP_VERB_KNOWN(...)	\
	[FTP_VERB_SLOT((uint32_t)FTP_VERB(__VA_ARGS__))] = FTP_VERB(__VA_ARGS__)

const uint32_t appgw_ftp_verbs[FTP_VERB_SLOTS] = {
	FTP_VERB_KNOWN('u', 's', 'e', 'r'),
	FTP_VERB_KNOWN('p', 'a', 's', 's'),
	FTP_VERB_KNOWN('a', 'c', 'c', 't'),
	FTP_VERB_KNOWN('a', 'u', 't', 'h'),
	FTP_VERB_KNOWN('a', 'd', 'a', 't'),
	FTP_VERB_KNOWN('r', 'e', 'i', 'n'),
	FTP_VERB_KNOWN('p', 'o', 'r', 't'),
	FTP_VERB_KNOWN('e', 'p', 'r', 't'),
	FTP_VERB_KNOWN('l', 'p', 'r', 't'),
	FTP_VERB_KNOWN('p', 'a', 's', 'v'),
	FTP_VERB_KNOWN('c', 'p', 's', 'v'),
	FTP_VERB_KNOWN('e', 'p', 's', 'v'),
	FTP_VERB_KNOWN('l', 'p', 's', 'v'),
	FTP_VERB_KNOWN('r', 'e', 't', 'r'),
	FTP_VERB_KNOWN('s', 't', 'o', 'r'),
	FTP_VERB_KNOWN('s', 't', 'o', 'u'),
	FTP_VERB_KNOWN('a', 'p', 'p', 'e'),
	FTP_VERB_KNOWN('l', 'i', 's', 't'),
	FTP_VERB_KNOWN('n', 'l', 's', 't'),
	FTP_VERB_KNOWN('m', 'l', 's', 'd'),
	FTP_VERB_KNOWN('e', 'h', 'l', 'o'),
	FTP_VERB_KNOWN('h', 'e', 'l', 'o'),
	FTP_VERB_KNOWN('n', 'i', 'c', 'k'),
	FTP_VERB_KNOWN('m', 'a', 'i', 'l'),
	FTP_VERB_KNOWN('r', 'c', 'p', 't'),
	FTP_VERB_KNOWN('p', 'o', 's', 't'),
	FTP_VERB_KNOWN('h', 'e', 'a', 'd'),
};

/* Tell if what follows a verb begins with @word. */
static bool ftp_has_argument(struct span rest, const char *word)
{
	span_eat_blanks(&rest);
	return span_eat_word(&rest, word);
}

/* Find the command that a verb stands for, with @rest behind it. */
static enum ftp_command ftp_command(uint64_t verb, struct span rest)
{
	switch (verb) {
	case FTP_VERB('u', 's', 'e', 'r'):
		return FTP_CMD_USER;
	case FTP_VERB('p', 'a', 's', 's'):
	case FTP_VERB('a', 'c', 'c', 't'):
		return FTP_CMD_PASS;
	case FTP_VERB('a', 'u', 't', 'h'):
	case FTP_VERB('a', 'd', 'a', 't'):
		return FTP_CMD_AUTH;
	case FTP_VERB('r', 'e', 'i', 'n'):
		return FTP_CMD_REIN;
	case FTP_VERB('p', 'o', 'r', 't'):
	case FTP_VERB('e', 'p', 'r', 't'):
	case FTP_VERB('l', 'p', 'r', 't'):
		return FTP_CMD_ACTIVE;
	case FTP_VERB('p', 'a', 's', 'v'):
	/* what some routers make of it, lest others see it; servers know */
	case FTP_VERB('p', '@', 's', 'w'):
	/* between two servers, one of which connects */
	case FTP_VERB('c', 'p', 's', 'v'):
		return FTP_CMD_PASV;
	case FTP_VERB('e', 'p', 's', 'v'):
		return FTP_CMD_EPSV;
	case FTP_VERB('l', 'p', 's', 'v'):
		return FTP_CMD_LPSV;

	case FTP_VERB('r', 'e', 't', 'r'):
	case FTP_VERB('s', 't', 'o', 'r'):
	case FTP_VERB('s', 't', 'o', 'u'):
	case FTP_VERB('a', 'p', 'p', 'e'):
	case FTP_VERB('l', 'i', 's', 't'):
	case FTP_VERB('n', 'l', 's', 't'):
	case FTP_VERB('m', 'l', 's', 'd'):
		return FTP_CMD_TRANSFER;

	case FTP_VERB('f', 'e', 'a', 't'):
	case FTP_VERB('h', 'o', 's', 't'):
	case FTP_VERB('s', 'y', 's', 't'):
	case FTP_VERB('o', 'p', 't', 's'):
	case FTP_VERB('n', 'o', 'o', 'p'):
	case FTP_VERB('q', 'u', 'i', 't'):
	case FTP_VERB('h', 'e', 'l', 'p'):
	case FTP_VERB('s', 't', 'a', 't'):
	case FTP_VERB('c', 'l', 'n', 't'):
	case FTP_VERB('l', 'a', 'n', 'g'):
	case FTP_VERB('s', 'i', 't', 'e'):
	case FTP_VERB('p', 'b', 's', 'z'):
	case FTP_VERB('p', 'r', 'o', 't'):
		return FTP_CMD_OPENING;

	/* SMTP */
	case FTP_VERB('e', 'h', 'l', 'o'):
	case FTP_VERB('h', 'e', 'l', 'o'):
	/* IRC */
	case FTP_VERB('n', 'i', 'c', 'k'):
	case FTP_VERB('n', 'o', 't', 'i', 'c', 'e'):
	case FTP_VERB('p', 'r', 'i', 'v', 'm', 's', 'g'):
		return FTP_CMD_FOREIGN;

	/* SMTP and HTTP, by what such a line has behind it: users of FTP type
	 * the same words
	 */
	case FTP_VERB('m', 'a', 'i', 'l'):
		return ftp_has_argument(rest, "from:") ? FTP_CMD_FOREIGN :
							 FTP_CMD_OTHER;
	case FTP_VERB('r', 'c', 'p', 't'):
		return ftp_has_argument(rest, "to:") ? FTP_CMD_FOREIGN :
						       FTP_CMD_OTHER;
	case FTP_VERB('g', 'e', 't'):
	case FTP_VERB('p', 'o', 's', 't'):
	case FTP_VERB('h', 'e', 'a', 'd'):
	case FTP_VERB('p', 'u', 't'):
	case FTP_VERB('t', 'r', 'a', 'c', 'e'):
	case FTP_VERB('p', 'a', 't', 'c', 'h'):
	case FTP_VERB('d', 'e', 'l', 'e', 't', 'e'):
	case FTP_VERB('o', 'p', 't', 'i', 'o', 'n', 's'):
	case FTP_VERB('c', 'o', 'n', 'n', 'e', 'c', 't'):
		return ftp_has_argument(rest, "/") ||
		       ftp_has_argument(rest, "*") ||
		       ftp_has_argument(rest, "http") ? FTP_CMD_FOREIGN :
							FTP_CMD_OTHER;
	default:
		return FTP_CMD_OTHER;
	}
}

/* Skip the Telnet commands that may precede ABOR and STAT (RFC 959 section 4.1.3).
 */
static struct span ftp_skip_telnet(struct span s)
{
	while (s.len >= 2 && s.at[0] == TELNET_IAC) {
		size_t n = s.at[1] >= TELNET_WILL && s.at[1] != TELNET_IAC ?
			   3 : 2;

		if (s.len < n)
			break;
		span_skip(&s, n);
	}
	return s;
}

/* Skip what may stand in front of a verb by mistake: blanks, the rest of a line's
 * end, UTF-8's byte order mark.
 */
static struct span ftp_skip_rubbish(struct span s)
{
	while (s.len && (s.at[0] == ' ' || s.at[0] == '\t' || s.at[0] == '\r'))
		span_skip(&s, 1);
	if (s.len >= 3 && !memcmp(s.at, "\xef\xbb\xbf", 3))
		span_skip(&s, 3);
	return s;
}

/* Cut the verb off the front of @line. Return it as FTP_VERB() does, 0 if
 * there is none.
 */
static uint64_t ftp_eat_verb(struct span *line)
{
	size_t max = line->len <= FTP_VERB_MAX ? line->len : FTP_VERB_MAX + 1;
	uint64_t verb = 0;
	size_t n;

	for (n = 0; n < max; n++) {
		uint8_t c = span_lower(line->at[n]);

		if (c == ' ' || c == '\t')
			break;
		if (!(c >= 'a' && c <= 'z') && !span_is_digit(c) && c != '@')
			return 0;
		verb |= (uint64_t)c << (8 * n);
	}
	if (n > FTP_VERB_MAX)
		return 0;
	span_skip(line, n);
	return verb;
}

/* Tell if it is a header, as HTTP's messages and many others have them: "word:
 * text".
 */
static bool ftp_is_header(struct span line)
{
	size_t n;

	for (n = 0; n < line.len && line.at[n] != ':'; n++) {
		uint8_t c = span_lower(line.at[n]);

		if (!(c >= 'a' && c <= 'z') && !span_is_digit(c) && c != '-')
			return false;
	}
	return n && n < line.len && (n + 1 == line.len ||
				     line.at[n + 1] == ' ' ||
				     line.at[n + 1] == '\t');
}

static bool ftp_is_binary(struct span line)
{
	size_t i;

	if (line.len && line.at[0] < FTP_CONTROL_MAX)
		return true;
	for (i = 0; i < line.len && i < FTP_NUL_WITHIN; i++) {
		if (line.at[i] == ' ' || line.at[i] == '\t')
			break;
		if (!line.at[i])
			return true;
	}
	return false;
}

/**
 * appgw_ftp_is_tls() - does TLS begin here?
 * @line: how a line begins, or what has come of it
 *
 * A record with a handshake, whose version begins with 3 in all of them (RFC 8446
 * section 5.1), or SSL 2.0's way to begin.
 *
 * Return: true if so
 */
bool appgw_ftp_is_tls(struct span line)
{
	return (line.len >= 2 && line.at[0] == TLS_HANDSHAKE &&
		line.at[1] == TLS_MAJOR) ||
	       (line.len > SSL2_TYPE_AT && line.at[0] == SSL2_GREETING &&
		line.at[SSL2_TYPE_AT] == SSL2_HELLO);
}

/* Find the command of a line that doesn't begin with four letters. */
static noinline enum ftp_command ftp_odd_command(struct span line,
						 struct span *rest)
{
	uint64_t verb;

	if (appgw_ftp_is_tls(line))
		return FTP_CMD_TLS;
	*rest = ftp_skip_rubbish(ftp_skip_telnet(line));
	if (ftp_is_binary(*rest) || ftp_is_header(*rest))
		return FTP_CMD_FOREIGN;
	line = *rest;
	if (span_eat_word(&line, "ssh-"))
		return FTP_CMD_FOREIGN;
	verb = ftp_eat_verb(rest);
	return ftp_command(verb, *rest);
}

/**
 * appgw_ftp_command() - which command is it?
 * @line: the client's line without its CR and LF
 * @rest: set to what follows the verb, if there is one
 *
 * Return: the command; FTP_CMD_OTHER for any that nobody knows
 */
enum ftp_command appgw_ftp_command(struct span line, struct span *rest)
{
	uint32_t verb = ftp_verb4(line);
	enum ftp_command command;

	*rest = line;
	if (!verb) {
		command = ftp_odd_command(line, rest);
	} else {
		span_skip(rest, 4);
		command = ftp_command(verb, *rest);
	}
	/* with a method of anybody's invention */
	if (command >= FTP_CMD_OPENING && command <= FTP_CMD_OTHER &&
	    appgw_ftp_is_request(line))
		return FTP_CMD_FOREIGN;
	if (command == FTP_CMD_EPSV) {
		struct span word = *rest;

		if (span_eat_blanks(&word) && span_eat_word(&word, "all"))
			return FTP_CMD_EPSV_ALL;
	}
	return command;
}

/**
 * appgw_ftp_names_version() - does it end with another protocol's version?
 * @line: the client's line without its CR and LF
 *
 * RFC 9112 section 3, RFC 2326 section 6.1, RFC 3261 section 7.1.
 *
 * Return: true if so
 */
bool appgw_ftp_names_version(struct span line)
{
	static const char versions[][6] = { "http/", "rtsp/", "sip/" };
	struct span word;
	size_t i, n = 0;

	while (n < line.len && line.at[line.len - 1 - n] != ' ')
		n++;
	if (n == line.len)
		return false;
	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		word = (struct span){ line.at + line.len - n, n };
		if (span_eat_word(&word, versions[i]))
			return word.len && span_is_digit(word.at[0]);
	}
	return false;
}

/**
 * appgw_ftp_is_preface() - may a server of FTP say this before its first reply?
 * @line: the line without its CR and LF
 *
 * TCP wrappers and others put text in front. Not what the servers of other
 * protocols begin with, nor a number that is no reply's.
 *
 * Return: true if so
 */
bool appgw_ftp_is_preface(struct span line)
{
	static const char others[][6] = {
		"ssh-", "+ok", "-err", "* ", "http/", "rtsp/", "sip/", ":", "<",
		"{"
	};
	size_t i;

	if (!line.len)
		return true;
	if (appgw_ftp_is_tls(line) || ftp_is_binary(line) ||
	    span_is_digit(line.at[0]))
		return false;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		struct span s = line;

		if (span_eat_word(&s, others[i]))
			return false;
	}
	return true;
}
