// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/irc_scan.c: whatever was read before, each function that takes in a
 * byte leads to a state that can be gone on from. Of irc_read(), which calls them,
 * see README.md.
 */

#include "../../kmod/protocols/irc_scan.c"
#include "prove.h"

/* Of a whole segment, which is read by words */
#define IRC_TALK_LEN	18

/* Holds behind every byte. */
static bool is_line(const struct irc_line *l)
{
	if (l->at > IRC_AT_NONSENSE)
		return false;
	if (l->at == IRC_AT_MARK)
		return l->n && l->n < sizeof(irc_mark);
	if (l->at == IRC_AT_ARGS)
		return l->http <= sizeof(irc_http) || l->http == IRC_ANY;
	return true;
}

/* A command or a numeric under way, and any byte: for every start of every word,
 * one after the other, so that each one's length is a constant.
 */
void prove_verb(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(irc_words); i++) {
		struct irc_line l;

		l.at = IRC_AT_VERB;
		l.word = i;
		l.n = any_size(strlen(irc_words[i].text));
		l.http = 0;
		irc_verb(&l, nondet_u8());
		prove(is_line(&l));
		if (l.at == IRC_AT_VERB && l.word < ARRAY_SIZE(irc_words))
			prove(l.n <= strlen(irc_words[l.word].text));
	}
}

void prove_numeric(void)
{
	struct irc_line l;

	l.at = IRC_AT_VERB;
	l.word = nondet_bool() ? IRC_WORD_NUMERIC : IRC_WORD_UNKNOWN;
	l.http = 0;
	given(l.n <= IRC_NUMERIC_DIGITS && l.number <= 999);
	irc_verb(&l, nondet_u8());
	prove(is_line(&l) && l.n <= IRC_NUMERIC_DIGITS);
}

/* The other functions that take in a byte, each where it is called */
void prove_byte(void)
{
	size_t i = nondet_size(), mark = nondet_size();
	struct scan_unit unit;
	struct irc_line l;
	uint8_t c = nondet_u8();

	unit.count = any_size(SCAN_ANNOUNCEMENTS_MAX);
	given(is_line(&l));
	if (l.at == IRC_AT_START || l.at == IRC_AT_TAGS_END ||
	    l.at == IRC_AT_PREFIX_END)
		irc_begin(&l, c);
	else if (l.at == IRC_AT_ARGS)
		irc_arg(&l, c);
	else if (l.at >= IRC_AT_TEXT && l.at <= IRC_AT_OFFER)
		irc_text(&l, c, i, &mark, &unit);
	prove(is_line(&l));
	prove(unit.count <= SCAN_ANNOUNCEMENTS_MAX);
}

void prove_talk(void)
{
	uint8_t buf[IRC_TALK_LEN];
	struct span s = any_span(buf, sizeof(buf));
	size_t i = nondet_size(), len;
	struct irc_session is;

	len = appgw_irc_talk(&is, nondet_bool(), s);
	prove(len <= s.len);
	given(i < len);
	prove(s.at[len - 1] == '\n');
	prove(s.at[i] != irc_mark[0]);
}
