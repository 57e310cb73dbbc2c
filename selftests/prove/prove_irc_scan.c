// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/irc_scan.c: whatever was said before, any bytes lead to a state that
 * can be gone on from, and what they announce lies in them.
 */

#include "../../include/appgw/span.h"

/* What the file calls for two words of its list that follow each other. */
static int neighbours_differ(const char *a, const char *b, size_t n);

#define strncmp	neighbours_differ
#include "../../kmod/irc_scan.c"
#include "prove.h"

/* Bytes that one call reads; any number of calls follow each other, as each begins
 * in any state.
 */
#define IRC_LEN		1
/* Of a whole segment, which is read by words */
#define IRC_TALK_LEN	18

/* How many letters they have in common is a constant for each two, which spares the
 * solver most of the work.
 */
static int neighbours_differ(const char *a, const char *b, size_t n)
{
	unsigned int i;
	size_t same;

	for (i = 0; i + 1 < ARRAY_SIZE(irc_words); i++) {
		const char *first = irc_words[i].text;
		const char *second = irc_words[i + 1].text;

		if (a != first || b != second)
			continue;
		for (same = 0; first[same] && first[same] == second[same];)
			same++;
		/* no word begins as a whole like the one in front of it */
		prove(first[same] || second[same]);
		return n > same;
	}
	prove(false);
	return 0;
}

/* Holds at the beginning of a line, and behind every call: prove_calls(). */
static bool is_line(const struct irc_line *l)
{
	unsigned int i;

	/* a mark in what has gone on counts no more: appgw_irc_feed() */
	if (l->at > IRC_AT_NONSENSE || l->at == IRC_AT_MARK ||
	    l->at == IRC_AT_OFFER)
		return false;
	if (l->word == IRC_WORD_NUMERIC) {
		if (l->at == IRC_AT_VERB && l->n > IRC_NUMERIC_DIGITS)
			return false;
	} else if (l->word < ARRAY_SIZE(irc_words)) {
		/* one after the other: each one's length is a constant */
		for (i = 0; i < ARRAY_SIZE(irc_words); i++)
			if (l->word == i && l->at == IRC_AT_VERB &&
			    l->n > strlen(irc_words[i].text))
				return false;
	} else if (l->at == IRC_AT_ARGS) {
		return false;
	} else if (l->word != IRC_WORD_UNKNOWN &&
		   (l->word != IRC_WORD_TLS || l->at != IRC_AT_NONSENSE)) {
		return false;
	}
	if (l->number > 999)
		return false;
	return l->at != IRC_AT_ARGS || l->http <= sizeof(irc_http) ||
	       l->http == IRC_ANY;
}

static struct irc_session any_session(void)
{
	struct irc_session is;

	given(is_line(&is.line[0]) && is_line(&is.line[1]));
	return is;
}

void prove_read(void)
{
	uint8_t buf[IRC_LEN];
	struct span s = any_span(buf, sizeof(buf));
	struct irc_found found;
	struct irc_line l;
	unsigned int i = nondet_u32();

	given(is_line(&l));
	irc_read(&l, s, &found);
	prove(found.count <= IRC_ANNOUNCEMENTS_MAX);
	if (l.at == IRC_AT_MARK)
		prove(found.mark < s.len);
	given(i < found.count);
	prove(found.at[i] < s.len);
}

void prove_calls(void)
{
	uint8_t buf[IRC_LEN];
	struct irc_session is = any_session();
	struct span s = any_span(buf, sizeof(buf));
	uint16_t at[IRC_ANNOUNCEMENTS_MAX];
	bool from_client = nondet_bool();
	enum irc_why why;

	if (nondet_bool())
		appgw_irc_feed(&is, from_client, s);
	else
		prove(appgw_irc_line(&is, from_client, s, at, ARRAY_SIZE(at),
				     &why) <= ARRAY_SIZE(at));
	prove(is_line(&is.line[from_client]));
}

void prove_talk(void)
{
	uint8_t buf[IRC_TALK_LEN];
	struct irc_session is = any_session();
	struct span s = any_span(buf, sizeof(buf));
	size_t i = nondet_size();

	if (!appgw_irc_is_talk(&is, nondet_bool(), s))
		return;
	prove(s.len && s.at[s.len - 1] == '\n');
	given(i < s.len);
	prove(s.at[i] != irc_mark[0]);
	prove(s.at[i] != '\n' || i + 1 == s.len);
}
