/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_IRC_SCAN_H
#define APPGW_IRC_SCAN_H

#include "appgw/scan.h"
#include "appgw/span.h"

/* Longest line with its CR and LF, and longest tags in front of it with their
 * "@" and blank. A longer line is read to its end, but announces nothing.
 */
#define IRC_LINE_MAX		512
#define IRC_TAGS_MAX		8191

/* How far a line has come. */
enum irc_at {
	IRC_AT_START,		/* nothing yet, or blanks */
	IRC_AT_TAGS,		/* behind "@" */
	IRC_AT_TAGS_END,	/* behind the blank that ends them */
	IRC_AT_PREFIX,		/* behind ":" */
	IRC_AT_PREFIX_END,	/* behind the blank that ends it */
	IRC_AT_VERB,		/* in the command or the numeric */
	IRC_AT_VERB_END,	/* behind it, if a target and text are next */
	IRC_AT_TARGET,		/* in the target */
	IRC_AT_TARGET_END,	/* behind the blank that ends it */
	IRC_AT_TEXT,		/* where a \001 may stand */
	IRC_AT_MARK,		/* in "\001DCC " */
	IRC_AT_OFFER,		/* behind it */
	IRC_AT_ARGS,		/* behind another command, while that matters */
	IRC_AT_REST,		/* no announcement can come any more */
	IRC_AT_NONSENSE,	/* this is no line of IRC */
};

/**
 * struct irc_line - the line under way in one direction
 * @len: its bytes so far; the tags count by themselves
 * @number: value of the digits, if the command is a numeric
 * @at: enum irc_at
 * @word: the command, or the first one that begins like this
 * @n: letters of the command or bytes of "\001DCC " so far
 * @args: arguments of the command so far, a text with blanks being one
 * @http: letters of the last word so far that are those of "HTTP/"; more than
 *	these if it is another word
 * @prefix: there is one
 * @early: it began before the server let the client in, so its form is judged
 * @path: the first argument begins like a path
 * @in_arg: the last byte belongs to a word
 * @in_text: it belongs to the text that ends the line
 */
struct irc_line {
	uint16_t len;
	uint16_t number;
	uint8_t at;
	uint8_t word;
	uint8_t n;
	uint8_t args;
	uint8_t http;
	bool prefix : 1;
	bool early : 1;
	bool path : 1;
	bool in_arg : 1;
	bool in_text : 1;
};

/**
 * struct irc_session - what was said so far
 * @line: the line under way, by direction: 1 for the client's
 * @greeted: by direction, the first line was one of IRC
 * @registered: the server has let the client in
 * @starttls: the client has asked for encryption
 * @any_time: announcements before that are all right
 * @over: not for us any more
 *
 * Zero at the beginning. Can be copied to see what a line would do.
 */
struct irc_session {
	struct irc_line line[2];
	bool greeted[2];
	bool registered : 1;
	bool starttls : 1;
	bool any_time : 1;
	bool over : 1;
};

enum scan_why appgw_irc_feed(void *st, bool from_client, struct span part);
void appgw_irc_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit);
size_t appgw_irc_talk(const void *st, bool from_client, struct span text);

#endif /* APPGW_IRC_SCAN_H */
