// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: read a line at once, if it is one as people write them.
 *
 * What is in doubt is left to rtsp_text.c, which reads it byte by byte: a line whose end
 * isn't there, one with control characters or with blanks where there need be none, a
 * first line of something else. Nothing here touches an skb, a lock or the heap.
 */

#include "rtsp_text.h"
#include "spell.h"

#define RTSP_REPLY_START	"RTSP/1.0 200"

/* Tell if @s begins with @word, in these very letters. */
static bool rtsp_starts(struct span s, const char *word, size_t len)
{
	return s.len >= len && !memcmp(s.at, word, len);
}

/* Tell if @s is @word, given in lower case, whatever the case of the text. */
static bool rtsp_is(struct span s, const char *word)
{
	return span_eat_word(&s, word) && !s.len;
}

/* Find the end of the line at the start of @s: return its length, 0 if it has none or
 * isn't plain text, and set @text to what is in front of it.
 */
static size_t rtsp_end(struct span s, struct span *text)
{
	size_t n = appgw_rtsp_plain_len(s, ' ', '\n');

	*text = (struct span){ s.at, n };
	if (n < s.len && s.at[n] == '\r')
		n++;
	return n < s.len && s.at[n] == '\n' ? n + 1 : 0;
}

/* Tell if @s is "RTSP/1.0" or "RTSP/2.0". */
static bool rtsp_is_version(struct span s)
{
	return s.len == 8 && rtsp_starts(s, "RTSP/", 5) &&
	       (s.at[5] == '1' || s.at[5] == '2') && s.at[6] == '.' && s.at[7] == '0';
}

/* Read "RTSP/1.0 200" and what follows behind a blank; 0 if it is something else. */
static uint16_t rtsp_read_status(struct span text)
{
	uint16_t status = 0;
	size_t i;

	if (text.len < sizeof(RTSP_REPLY_START) || text.at[8] != ' ' ||
	    !rtsp_is_version((struct span){ text.at, 8 }) ||
	    text.at[sizeof(RTSP_REPLY_START) - 1] != ' ')
		return 0;
	for (i = 9; i < sizeof(RTSP_REPLY_START) - 1; i++) {
		if (!span_is_digit(text.at[i]))
			return 0;
		status = status * 10 + (text.at[i] - '0');
	}
	return status;
}

/* Read the first word and the last one, which is a version; RTSP_METHOD_NONE if this is
 * not a request as most are.
 */
static uint8_t rtsp_read_request(struct span text)
{
	static const struct {
		const char *word;
		uint8_t len;
		uint8_t method;
	} verbs[] = {
		{ "SETUP ", 6, RTSP_METHOD_SETUP },
		{ "PLAY ", 5, RTSP_METHOD_PLAY },
		{ "RECORD ", 7, RTSP_METHOD_RECORD },
		{ "TEARDOWN ", 9, RTSP_METHOD_TEARDOWN },
		{ "OPTIONS ", 8, RTSP_METHOD_OTHER },
		{ "DESCRIBE ", 9, RTSP_METHOD_OTHER },
		{ "GET_PARAMETER ", 14, RTSP_METHOD_OTHER },
	};
	size_t i;

	if (text.len < 14 || text.at[text.len - 9] != ' ' ||
	    !rtsp_is_version((struct span){ text.at + text.len - 8, 8 }))
		return RTSP_METHOD_NONE;
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (rtsp_starts(text, verbs[i].word, verbs[i].len))
			return verbs[i].method;
	return RTSP_METHOD_NONE;
}

static bool rtsp_start_line(struct rtsp_pass *p, struct span text)
{
	uint16_t status = 0;
	uint8_t method;

	if (!text.len)
		return false;
	method = rtsp_read_request(text);
	if (method == RTSP_METHOD_NONE)
		status = rtsp_read_status(text);
	if (method == RTSP_METHOD_NONE && !status)
		return false;
	appgw_rtsp_take_start(p, method, status);
	return true;
}

static uint8_t rtsp_find_name(struct span name)
{
	switch (name.len) {
	case 4:
		return rtsp_is(name, "cseq") ? RTSP_HEADER_CSEQ : SPELL_UNKNOWN;
	case 7:
		return rtsp_is(name, "session") ? RTSP_HEADER_SESSION : SPELL_UNKNOWN;
	case 9:
		return rtsp_is(name, "transport") ? RTSP_HEADER_TRANSPORT :
						    SPELL_UNKNOWN;
	case 14:
		return rtsp_is(name, "content-length") ? RTSP_HEADER_LENGTH :
							 SPELL_UNKNOWN;
	case 15:
		return rtsp_is(name, "x-sessioncookie") ? RTSP_HEADER_COOKIE :
							  SPELL_UNKNOWN;
	}
	return SPELL_UNKNOWN;
}

/* Read a line behind the first, @len bytes at the start of @s. Return how many of them
 * were read, 0 if it is left to rtsp_text.c.
 */
static size_t rtsp_header_line(struct rtsp_pass *p, struct span s, struct span text,
			       size_t len)
{
	struct span name = text;
	const uint8_t *colon;
	uint8_t word;

	if (!text.len) {
		appgw_rtsp_take_end(p);
		return len;
	}
	colon = span_find(text, ':');
	if (!colon || colon == text.at || rtsp_is_blank(text.at[0]) ||
	    rtsp_is_blank(colon[-1]))
		return 0;
	name.len = colon - text.at;
	word = rtsp_find_name(name);
	if (word == RTSP_HEADER_COOKIE)
		return 0;
	/* only what is next tells whether it is complete */
	if (word == RTSP_HEADER_TRANSPORT &&
	    (len == s.len || rtsp_is_blank(s.at[len])))
		return 0;
	span_skip(&text, name.len + 1);
	return appgw_rtsp_take_header(p, word, text, len);
}

/**
 * appgw_rtsp_line() - take in a unit that is one line
 * @p: where the reading is
 * @s: the bytes
 *
 * Return: its length; 0 if it is to be read by appgw_rtsp_step(), and nothing has
 * changed
 */
size_t appgw_rtsp_line(struct rtsp_pass *p, struct span s)
{
	struct rtsp_side *side = p->side;
	struct span text;
	size_t len;

	if ((side->at != RTSP_AT_START && side->at != RTSP_AT_HEADER) ||
	    p->rs->over || side->flags & RTSP_CR)
		return 0;
	len = rtsp_end(s, &text);
	if (!len)
		return 0;
	if (side->at == RTSP_AT_HEADER)
		len = rtsp_header_line(p, s, text, len);
	else if (!rtsp_start_line(p, text))
		len = 0;
	return len;
}
