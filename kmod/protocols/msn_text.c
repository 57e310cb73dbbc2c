// SPDX-License-Identifier: GPL-2.0-only
/* MSN Messenger's protocol: read a conversation byte by byte.
 *
 * No standard describes it. Commands are lines of words that begin with three
 * letters, or with three digits if the server reports an error. The last word
 * of some is the length of a payload behind the line; msn_payload.c reads what
 * MSG has there.
 *
 * Where a command ends must never be guessed: what somebody writes to another
 * could be read as a command then. So whatever leaves that open ends the
 * reading. Nothing here touches an skb, a lock or the heap.
 */

#include "msn_text.h"
#include "spell.h"
#include "tls.h"

#define MSN_VERB_LEN		3

/* Words of a line whose last one is a length: those of MSG, and the fewest of
 * most others, and of those that the server sends unasked. An error with a
 * payload has exactly as many as most. Of a MSG with more, some take the fourth
 * word for the length, and some the last.
 */
#define MSN_WORDS_MSG		4
#define MSN_WORDS_LENGTH	3
#define MSN_WORDS_UNASKED	2

/* What a command's letters mean; first two: it may have a payload if it comes
 * from the server, or from the client.
 */
enum msn_verb {
	MSN_VERB_SERVER		= 1 << 0,
	MSN_VERB_CLIENT		= 1 << 1,
	MSN_VERB_BOTH		= MSN_VERB_SERVER | MSN_VERB_CLIENT,
	MSN_VERB_MSG		= 1 << 2,
	MSN_VERB_UNASKED	= 1 << 3,
	MSN_VERB_VERSION	= 1 << 4,	/* begins a notification's */
	MSN_VERB_JOIN		= 1 << 5,	/* begins a switchboard's */
	MSN_VERB_JOINED		= 1 << 6,	/* and may be the answer */
	MSN_VERB_ERROR		= 1 << 7,
};

static const struct spell_word msn_verbs[] = {
	{ "ADL", MSN_VERB_BOTH },
	{ "ANS", MSN_VERB_JOIN | MSN_VERB_JOINED },
	{ "DEL", MSN_VERB_BOTH },
	{ "FQY", MSN_VERB_BOTH },
	{ "GCF", MSN_VERB_SERVER },
	{ "GET", MSN_VERB_BOTH },
	{ "IPG", MSN_VERB_SERVER | MSN_VERB_UNASKED },
	{ "IRO", MSN_VERB_JOINED },
	{ "MSG", MSN_VERB_BOTH | MSN_VERB_MSG },
	{ "NFY", MSN_VERB_SERVER },
	{ "NOT", MSN_VERB_SERVER | MSN_VERB_UNASKED },
	{ "PAG", MSN_VERB_CLIENT },
	{ "PGD", MSN_VERB_CLIENT },
	{ "POS", 0 },			/* POST */
	{ "PUT", MSN_VERB_BOTH },
	{ "QRY", MSN_VERB_CLIENT },
	{ "RML", MSN_VERB_BOTH },
	{ "SDC", MSN_VERB_CLIENT },
	{ "SDG", MSN_VERB_BOTH },
	{ "UBM", MSN_VERB_SERVER },
	{ "UBN", MSN_VERB_SERVER },
	{ "UBX", MSN_VERB_SERVER },
	{ "USR", MSN_VERB_JOIN | MSN_VERB_JOINED },
	{ "UUM", MSN_VERB_BOTH },
	{ "UUN", MSN_VERB_BOTH },
	{ "UUX", MSN_VERB_BOTH },
	{ "VER", MSN_VERB_VERSION },
};

/* How versions begin. */
static const struct spell_word msn_versions[] = {
	{ .text = "CVR0" },
	{ .text = "MSNP" },
};

#define MSN_VERSION_LEN		4

static void msn_stop(struct msn_pass *p, enum scan_why why)
{
	p->ms->over = true;
	p->unit->why = why;
}

/* Give up what is no MSN, or none that anybody could follow. */
static void msn_nonsense(struct msn_pass *p)
{
	if (p->ms->greeted[p->from_client])
		msn_stop(p, SCAN_WHY_NONSENSE);
	else
		msn_stop(p, p->from_client ? SCAN_WHY_NOT_CLIENT :
					     SCAN_WHY_NOT_SERVER);
}

/* Read the first byte of a command, at offset @i. */
static void msn_start(struct msn_pass *p, uint8_t c, size_t i)
{
	if (!p->ms->greeted[true] && !p->from_client)
		return msn_stop(p, SCAN_WHY_NOT_SERVER);
	if (!p->ms->greeted[p->from_client] && tls_begins(c))
		return msn_stop(p, SCAN_WHY_TLS);
	*p->side = (struct msn_side){ .at = MSN_AT_VERB };
	p->mark = i;
}

/* Read a byte of a word. */
static void msn_word(struct msn_side *side, uint8_t c)
{
	if (!span_is_digit(c)) {
		side->flags |= MSN_TEXT;
		return;
	}
	side->flags |= MSN_DIGITS;
	if (side->number <= MSN_PAYLOAD_MAX)
		side->number = side->number * 10 + (c - '0');
}

static bool msn_is_number(const struct msn_side *side)
{
	return (side->flags & (MSN_DIGITS | MSN_TEXT)) == MSN_DIGITS;
}

static void msn_verb(struct msn_pass *p, uint8_t c)
{
	struct msn_side *side = p->side;

	if (!span_is_digit(c) && (c < 'A' || c > 'Z'))
		return msn_nonsense(p);
	spell_letter(msn_verbs, ARRAY_SIZE(msn_verbs), &side->word, &side->n,
		     c);
	msn_word(side, c);
	if (side->len == MSN_VERB_LEN)
		side->at = MSN_AT_VERB_END;
}

/* Tell if @c follows the letters of a request of HTTP. */
static bool msn_is_http(const struct msn_side *side, uint8_t c)
{
	const char *text;

	if (side->word >= ARRAY_SIZE(msn_verbs))
		return false;
	text = msn_verbs[side->word].text;
	return (c == ' ' && !strcmp(text, "GET")) ||
	       (c == 'T' && !strcmp(text, "POS"));
}

/* Tell if a conversation, or the server's part of it, may begin with this verb. */
static bool msn_may_greet(const struct msn_pass *p)
{
	uint8_t verb = p->side->verb;

	if (p->from_client)
		return verb & (MSN_VERB_VERSION | MSN_VERB_JOIN);
	if (p->ms->kind == MSN_KIND_NOTIFICATION)
		return verb & (MSN_VERB_VERSION | MSN_VERB_ERROR);
	return verb & (MSN_VERB_JOINED | MSN_VERB_ERROR);
}

/* Read the byte behind the three letters. */
static void msn_verb_end(struct msn_pass *p, uint8_t c)
{
	bool greeted = p->ms->greeted[p->from_client];
	struct msn_side *side = p->side;

	if (!greeted && p->from_client && msn_is_http(side, c))
		return msn_stop(p, SCAN_WHY_HTTP);
	if (c != ' ' && c != '\r' && c != '\n')
		return msn_nonsense(p);
	if (side->word < ARRAY_SIZE(msn_verbs))
		side->verb = msn_verbs[side->word].means;
	else if (msn_is_number(side))
		side->verb = MSN_VERB_ERROR;
	if (!greeted && !msn_may_greet(p))
		return msn_nonsense(p);
	side->words = 1;
	side->at = MSN_AT_LINE;
}

/* End a word, or go on with blanks between two. */
static void msn_word_end(struct msn_side *side)
{
	if (side->words == 2 && msn_is_number(side))
		side->flags |= MSN_NUMBERED;
}

/* Tell if the client's first line, which has ended, is one of MSN. */
static bool msn_greet(struct msn_pass *p)
{
	struct msn_side *side = p->side;

	if (!(side->flags & MSN_NUMBERED) || side->words < MSN_WORDS_LENGTH)
		return false;
	if (side->verb & MSN_VERB_JOIN) {
		p->ms->kind = MSN_KIND_SWITCHBOARD;
		return true;
	}
	p->ms->kind = MSN_KIND_NOTIFICATION;
	return side->flags & MSN_VERSION;
}

/* Tell if a payload follows the line. */
static bool msn_has_payload(const struct msn_pass *p)
{
	const struct msn_side *side = p->side;

	if (side->verb & MSN_VERB_ERROR)
		return !p->from_client && side->words == MSN_WORDS_LENGTH &&
		       msn_is_number(side);
	return side->verb & (1 << p->from_client) && msn_is_number(side) &&
	       side->words >= (side->verb & MSN_VERB_UNASKED ?
			       MSN_WORDS_UNASKED : MSN_WORDS_LENGTH);
}

static void msn_line_end(struct msn_pass *p)
{
	struct msn_session *ms = p->ms;
	struct msn_side *side = p->side;
	bool msg = side->verb & MSN_VERB_MSG;
	bool has_payload = msn_has_payload(p);

	msn_word_end(side);
	if (!ms->greeted[p->from_client] && p->from_client && !msn_greet(p))
		return msn_nonsense(p);
	ms->greeted[p->from_client] = true;
	/* some don't count blanks at the end, some do */
	if (side->verb & (1 << p->from_client) &&
	    !(side->flags & (MSN_DIGITS | MSN_TEXT)))
		return msn_nonsense(p);
	if (msg && (!has_payload || side->words != MSN_WORDS_MSG))
		return msn_nonsense(p);
	if (has_payload && side->number > MSN_PAYLOAD_MAX)
		return msn_stop(p, SCAN_WHY_BODY);
	side->left = has_payload ? side->number : 0;
	if (!side->left)
		side->at = MSN_AT_START;
	else if (!msg || ms->kind != MSN_KIND_SWITCHBOARD ||
		 side->len + side->left > MSN_UNIT_MAX)
		side->at = MSN_AT_SKIP;
	else
		side->at = MSN_AT_NAME;
	side->flags &= MSN_GONE;
	side->word = 0;
	side->n = 0;
}

/* Read a byte behind a command's letters. */
static void msn_line(struct msn_pass *p, uint8_t c)
{
	struct msn_side *side = p->side;

	if (c == '\n')
		return msn_line_end(p);
	if (c == ' ') {
		msn_word_end(side);
		side->flags &= ~(MSN_DIGITS | MSN_TEXT);
		side->number = 0;
		side->word = 0;
		side->n = 0;
		return;
	}
	if (!(side->flags & (MSN_DIGITS | MSN_TEXT)) &&
	    side->words <= MSN_WORDS_MSG)
		side->words++;
	msn_word(side, c);
	spell_letter(msn_versions, ARRAY_SIZE(msn_versions), &side->word,
		     &side->n, c);
	if (side->n == MSN_VERSION_LEN)
		side->flags |= MSN_VERSION;
}

/* Read a byte of a command's line, or the first one of a command: at offset @i. */
static void msn_command(struct msn_pass *p, uint8_t c, size_t i)
{
	struct msn_side *side = p->side;
	bool cr;

	if (side->at == MSN_AT_START)
		msn_start(p, c, i);
	if (p->ms->over)
		return;
	if (side->len <= MSN_UNIT_MAX)
		side->len++;
	if (side->at == MSN_AT_VERB)
		return msn_verb(p, c);
	if (side->at == MSN_AT_VERB_END)
		msn_verb_end(p, c);
	if (p->ms->over)
		return;
	cr = side->flags & MSN_CR;
	side->flags &= ~MSN_CR;
	/* some take a CR alone for the end of a line, some don't */
	if ((cr && c != '\n') || (c < ' ' && c != '\r' && c != '\n'))
		return msn_nonsense(p);
	if (c == '\r')
		side->flags |= MSN_CR;
	else
		msn_line(p, c);
}

/* Take in bytes of a payload that aren't looked at; return how many. */
static size_t msn_skip(struct msn_side *side, size_t len)
{
	if (len > side->left)
		len = side->left;
	side->left -= len;
	if (!side->left)
		side->at = MSN_AT_START;
	return len;
}

/**
 * appgw_msn_may_announce() - does what is under way have to be kept?
 * @p: where the reading is
 *
 * Return: true if it is a MSG that may turn out to announce something, or to be
 * of interest otherwise
 */
bool appgw_msn_may_announce(const struct msn_pass *p)
{
	const struct msn_side *side = p->side;

	if (p->ms->over || p->ms->kind != MSN_KIND_SWITCHBOARD ||
	    !p->ms->greeted[p->from_client] || side->flags & MSN_GONE ||
	    side->len > MSN_UNIT_MAX)
		return false;
	switch (side->at) {
	case MSN_AT_VERB:
	case MSN_AT_VERB_END:
		return side->word < ARRAY_SIZE(msn_verbs) &&
		       msn_verbs[side->word].means & MSN_VERB_MSG;
	case MSN_AT_LINE:
		return side->verb & MSN_VERB_MSG;
	case MSN_AT_NAME:
	case MSN_AT_VALUE:
		return true;
	}
	return false;
}

/**
 * appgw_msn_step() - read on
 * @p: where the reading is
 * @s: the bytes
 * @i: offset of the next one
 *
 * Return: how many bytes of it were read: one, or as many as aren't looked at
 */
size_t appgw_msn_step(struct msn_pass *p, struct span s, size_t i)
{
	struct msn_side *side = p->side;

	side->flags &= ~MSN_ENDED;
	if (p->ms->over)
		return s.len - i;
	if (side->at == MSN_AT_SKIP)
		return msn_skip(side, s.len - i);
	if (side->at >= MSN_AT_NAME)
		appgw_msn_payload(p, s.at[i]);
	else
		msn_command(p, s.at[i], i);
	return 1;
}
