// SPDX-License-Identifier: GPL-2.0-only
/* FTP: pass over what nothing is to be done about, as most lines are.
 *
 * The short way beside ftp_session.c: what it takes in is what that would, with nothing to
 * be done. Whatever is in doubt is left to it.
 */

#include "ftp_talk.h"
#include "ftp_verb.h"

/* Tell if the conversation is one that goes on with talk. */
static inline bool ftp_is_talking(const struct ftp_session *fs)
{
	return (fs->phase == FTP_PHASE_TALKING ||
		fs->phase == FTP_PHASE_LOGGED_IN) && !fs->greeting;
}

/**
 * appgw_ftp_talk_command() - take in a line of the client's that is talk
 * @fs: the conversation
 * @text: what it has said, from the beginning of a line on
 *
 * Most are, and appgw_ftp_session_command() would do no more about them.
 *
 * Return: true if @text is one such line and has been taken in, false if nothing has changed
 */
bool appgw_ftp_talk_command(struct ftp_session *fs, struct span text)
{
	uint8_t *others = &fs->others[fs->pending_count];
	struct span line = text;

	if (!ftp_is_talking(fs) || fs->begun || fs->doubt || fs->agreed ||
	    line.len < 2)
		return false;
	line.len--;
	line.len -= line.at[line.len - 1] == '\r';
	/* one that is followed by another is none of a verb; its end is looked for last, since
	 * who reads more closely looks for it as well
	 */
	if (!ftp_verb4_is_talk(ftp_verb4(line)) ||
	    line.at[line.len - 1] == '\r' || appgw_ftp_is_request(line) ||
	    span_line_len(text) != text.len)
		return false;
	fs->talk = true;
	fs->transfer = false;
	*others += *others < FTP_PENDING_OTHERS_MAX;
	return true;
}

/* The first four bytes of a server's line as a number, the first in the lowest 8 bits */
static inline uint32_t ftp_start(const uint8_t *at)
{
	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Read the code that a line begins with, whatever its first digit; 0 if there is none. */
static inline uint32_t ftp_start_code(uint32_t start)
{
	uint32_t digits = (start & 0xffffff) ^ 0x303030;

	/* a byte that is none is above 9 now, or above 0x7f */
	if ((digits | (digits + 0x767676)) & 0x808080)
		return 0;
	return (digits & 0xff) * 100 + (digits >> 8 & 0xff) * 10 + (digits >> 16);
}

/* Tell if a reply with @code is one that calls for nothing while nobody waits for its
 * answer: no preliminary one, nor one that announces or lets in.
 */
static inline bool ftp_is_dull(uint32_t code)
{
	return code >= 200 && code < 600 && (code < FTP_CODE_PASV || code > 235);
}

/* Tell if a line that begins with @start is talk, and go on from the reply of several lines
 * that is under way, with @code, to the one behind the line; 0 for none.
 */
static inline bool ftp_talk_goes_on(const struct ftp_session *fs, uint32_t start,
				    uint32_t *code)
{
	uint32_t own = ftp_start_code(start);
	uint8_t next = start >> 24;

	if (*code && (!own || (next != ' ' && next != '\r' && next != '\n')))
		return true;
	if (!*code && next == '-' && own >= 100 && own < 600) {
		*code = own;
		return true;
	}
	if (next != ' ' || !ftp_is_dull(own) || fs->pending_count ||
	    (*code && *code != own))
		return false;
	*code = 0;
	return true;
}

/* Pass over lines that don't begin with a digit, nor is @at the beginning of one that does.
 * Return where the first one begins that does, or that is near @end; @lines is set to how
 * many there are before.
 */
static inline const uint8_t *ftp_pass_text(const uint8_t *at, const uint8_t *end,
					   unsigned int *lines)
{
	const uint8_t *line = at, *stop, *nl;
	unsigned int n = 0;

	*lines = 0;
	if (end - at < (long)SPAN_WORDS_LEN)
		return at;
	stop = end - SPAN_WORDS_LEN;
	while (at <= stop) {
		nl = NULL;
		if (!span_words_are_text(at, false))
			nl = span_words_find(at, '\n', '\n', false);
		if (!nl) {
			at += SPAN_WORDS_LEN;
			continue;
		}
		n++;
		at = nl + 1;
		line = at;
		/* near the end there is no next turn either */
		if (at <= stop && span_is_digit(*at))
			break;
	}
	*lines = n;
	return line;
}

/**
 * appgw_ftp_talk_reply() - take in lines of the server's that are talk
 * @fs: the conversation
 * @text: what it has said, from the beginning of a line on
 *
 * appgw_ftp_session_reply() would do no more about them: text in the middle of a reply of
 * several lines, as lists of files are, and replies that nobody waits for.
 *
 * Return: how many bytes of @text and lines have been taken in
 */
struct ftp_talk appgw_ftp_talk_reply(struct ftp_session *fs, struct span text)
{
	const uint8_t *at = text.at, *end = at + text.len, *nl;
	uint32_t code = fs->code, next, finals = 0;
	struct ftp_talk talk = { 0, 0 };
	unsigned int lines;

	if (!ftp_is_talking(fs))
		return talk;
	while (at < end) {
		next = code;
		if ((!code || span_is_digit(*at)) &&
		    (end - at < 4 || !ftp_talk_goes_on(fs, ftp_start(at), &next)))
			break;
		/* what is left of the line is text, and more may follow */
		if (next) {
			at = ftp_pass_text(at, end, &lines);
			talk.lines += lines;
			if (lines) {
				code = next;
				continue;
			}
		}
		nl = span_find_before(at, end, '\n', '\n', false);
		if (!nl)
			break;
		at = nl + 1;
		talk.lines++;
		finals += !next;
		code = next;
	}
	talk.len = at - text.at;
	if (!talk.len)
		return talk;
	if (fs->code != code)
		fs->code = code;
	fs->talk = true;
	fs->begun = false;
	if (finals && fs->others[0] < FTP_PENDING_OTHERS_MAX)
		fs->others[0] -= fs->others[0] < finals ? fs->others[0] : finals;
	return talk;
}
