// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/irc_scan.c should make of a conversation, written a second time and
 * for clarity only: every line is looked at as a whole. And the same lines in
 * pieces, as the module feeds them to it.
 */

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "cuts.h"
#include "exact.h"
#include "irc_model.h"
#include "scan_want.h"

#define MODEL_LINE_MAX		512
#define MODEL_TAGS_MAX		8191

/**
 * struct model_line - a line, taken apart
 * @nonsense: it is none of IRC
 * @tls: nor is it anything else that can be read
 * @empty: there is nothing in it
 * @prefix: there is one
 * @verb: the command in lower case, cut short if it is very long
 * @args: what follows the command, up to the line's end
 * @too_long: it is
 */
struct model_line {
	bool nonsense, tls, empty, prefix, too_long;
	char verb[16];
	struct span args;
};

static bool model_listed(const char *verb, const char *list)
{
	size_t n = strlen(verb);
	const char *p;

	for (p = list; n && (p = strstr(p, verb)); p++)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
			return true;
	return false;
}

static size_t model_word(struct span s)
{
	size_t n = 0;

	while (n < s.len && s.at[n] > ' ')
		n++;
	return n;
}

/* Skips a word that only a blank may end; false if something else does. */
static bool model_skip(struct span *s)
{
	span_skip(s, model_word(*s));
	return span_eat_char(s, ' ');
}

static void model_verb(struct model_line *m, struct span s)
{
	size_t n = 0, digits = 0, letters = 0, i;

	while (n < s.len && !strchr(" \r\n", s.at[n] ? s.at[n] : 'x'))
		n++;
	for (i = 0; i < n; i++) {
		digits += s.at[i] >= '0' && s.at[i] <= '9';
		letters += s.at[i] < 0x80 && isalpha(s.at[i]);
		if (i < sizeof(m->verb) - 1)
			m->verb[i] = tolower(s.at[i]);
	}
	m->nonsense = !n || (letters != n && !(digits == n && n == 3));
	span_skip(&s, n);
	m->args = s;
	for (i = 0; i < s.len; i++)
		if (s.at[i] == '\r' || s.at[i] == '\n') {
			m->args.len = i;
			break;
		}
}

static struct model_line model_parse(struct span line)
{
	struct model_line m = { 0 };
	struct span s = line;
	const uint8_t *start = line.at;

	while (s.len && strchr(" \r\n", s.at[0] ? s.at[0] : 'x'))
		span_skip(&s, 1);
	m.empty = !s.len;
	if (m.empty)
		return m;
	m.tls = s.at[0] == 0x15 || s.at[0] == 0x16 || s.at[0] == 0x80;
	m.nonsense = true;
	if (m.tls)
		return m;
	if (span_eat_char(&s, '@')) {
		if (!model_skip(&s) || s.at - start > MODEL_TAGS_MAX)
			return m;
		start = s.at;
		while (span_eat_char(&s, ' '))
			;
	}
	if (span_eat_char(&s, ':')) {
		m.prefix = true;
		if (!model_skip(&s))
			return m;
		while (span_eat_char(&s, ' '))
			;
	}
	m.too_long = line.at + line.len - start > MODEL_LINE_MAX;
	model_verb(&m, s);
	return m;
}

static bool model_may_begin(const struct model_line *l, bool client)
{
	static const char clients[] =
		"cap nick user pass server protoctl webirc authenticate ping "
		"pong starttls quit service capab ircx";
	static const char servers[] =
		"notice ping error cap authenticate pass server protoctl capab";

	if (l->nonsense)
		return false;
	if (client)
		return model_listed(l->verb, clients);
	return l->prefix || model_listed(l->verb, servers) ||
	       l->verb[0] == '0';
}

/* How few and how many arguments a command has that a client may send before it
 * is let in; -1 for as many as one likes.
 */
static const struct model_early {
	const char *verb;
	int min, max;
} model_early[] = {
	{ "cap", 0, -1 }, { "nick", 1, 2 }, { "user", 4, -1 },
	{ "pass", 1, -1 }, { "quit", 0, 1 }, { "ping", 0, 2 },
	{ "pong", 0, 2 }, { "authenticate", 1, 1 }, { "starttls", 0, 0 },
	{ "ircx", 0, 0 }, { "webirc", 4, -1 }, { "server", 3, -1 },
	{ "service", 4, -1 }, { "capab", 0, -1 }, { "protoctl", 1, -1 },
	{ "join", 1, 3 }, { "mode", 1, -1 }, { "who", 0, 3 },
	{ "userhost", 1, -1 }, { "ison", 1, -1 }, { "away", 0, -1 },
	{ "oper", 2, 2 }, { "privmsg", -1, -1 }, { "notice", -1, -1 },
};

/* May a client say this before it is let in? */
static bool model_is_early(const struct model_line *l)
{
	const struct model_early *e = model_early;
	struct span s = l->args, last = { 0 };
	bool path = false, text = false;
	int args = 0;

	if (l->empty)
		return true;
	if (l->nonsense || l->too_long)
		return false;
	while (e < model_early + sizeof(model_early) / sizeof(*e) &&
	       strcmp(l->verb, e->verb))
		e++;
	if (e == model_early + sizeof(model_early) / sizeof(*e))
		return false;
	if (e->min < 0)
		return true;
	for (;;) {
		while (span_eat_char(&s, ' '))
			;
		if (!s.len)
			break;
		last = s;
		for (last.len = 0; last.len < s.len; last.len++)
			if (last.at[last.len] == ' ')
				break;
		if (!text && !args++)
			path = s.at[0] == '/';
		span_skip(&s, last.len);
		if (!text && last.at[0] == ':') {
			text = true;
			span_skip(&last, 1);
		}
	}
	return !path && args >= e->min && (e->max < 0 || args <= e->max) &&
	       (last.len < 5 ||
		strncasecmp((const char *)last.at, "HTTP/", 5));
}

/* Finds announcements in the arguments of PRIVMSG or NOTICE. */
static void model_find(struct span line, struct span s,
		       struct irc_model_answer *a)
{
	size_t n;

	while (span_eat_char(&s, ' '))
		;
	n = model_word(s);
	if (!n || s.at[0] == ':')
		return;
	if (!model_skip(&s))
		return;
	while (span_eat_char(&s, ' '))
		;
	if (!span_eat_char(&s, ':'))
		return;
	while (a->count < IRC_MODEL_FOUND_MAX) {
		size_t at = s.at - line.at;

		if (s.len < 5 || s.at[0] != 1 ||
		    strncasecmp((const char *)s.at + 1, "DCC ", 4))
			return;
		a->at[a->count++] = at;
		span_skip(&s, 5);
		while (s.len && s.at[0] != 1)
			span_skip(&s, 1);
		if (!s.len)
			return;
		span_skip(&s, 1);
	}
}

static struct irc_model_answer model_stop(struct irc_model *m,
					  enum scan_why why)
{
	m->over = true;
	return (struct irc_model_answer){ .why = why };
}

/* Takes in a line with its end. */
static struct irc_model_answer model_take(struct irc_model *m, bool client,
					  struct span line)
{
	bool *begun = client ? &m->client : &m->server;
	struct irc_model_answer a = { 0 };
	struct model_line l;

	if (m->over)
		return a;
	l = model_parse(line);
	if (!*begun && !l.empty) {
		if (l.tls)
			return model_stop(m, SCAN_WHY_TLS);
		if (!model_may_begin(&l, client))
			return model_stop(m, client ? SCAN_WHY_NOT_CLIENT :
						      SCAN_WHY_NOT_SERVER);
		*begun = true;
	}
	if (client && !m->registered && !model_is_early(&l))
		return model_stop(m, SCAN_WHY_NOT_CLIENT);
	if (l.nonsense || l.empty)
		return a;
	if (!client && !strcmp(l.verb, "001") && m->client)
		m->registered = true;
	if (client && !strcmp(l.verb, "starttls"))
		m->starttls = true;
	if (!client && !strcmp(l.verb, "670") && m->starttls)
		return model_stop(m, SCAN_WHY_TLS);
	if (!l.too_long && model_listed(l.verb, "privmsg notice"))
		model_find(line, l.args, &a);
	if (a.count && !m->registered && !m->any_time)
		a = (struct irc_model_answer){ .why = SCAN_WHY_NO_LOGIN };
	return a;
}

/* What is sure to stay of the first @n bytes of a line, if @a is right. */
static const char *model_want_complaint(const struct irc_session *is,
					bool client, struct span line, size_t n,
					const struct irc_model_answer *a)
{
	struct exact e = exact_copy(line.at, n);
	int want = scan_want(appgw_irc_read, is, sizeof(*is), client,
			     exact_span(&e));

	exact_free(&e);
	if (want < -1 || want > (int)n)
		return "wants more than there is";
	if (a->count && want != (int)(n < a->at[0] ? n : a->at[0]))
		return "lets go what may be edited, or keeps more";
	if (want >= 0 && want < (int)n && line.at[want] != 1)
		return "keeps what can't be edited";
	return NULL;
}

/**
 * model_pieces() - take in a line in pieces
 * @is: the conversation
 * @client: the client sent it
 * @line: the line with its end
 * @cut: offset up to which a piece goes, given where it begins
 * @ctx: for @cut
 * @a: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
static const char *model_pieces(struct irc_session *is, bool client,
				struct span line,
				size_t (*cut)(void *ctx, size_t from,
					      size_t len), void *ctx,
				struct irc_model_answer *a)
{
	size_t gone = 0, from = 0, i;

	memset(a, 0, sizeof(*a));
	while (from < line.len) {
		size_t to = cut(ctx, from, line.len);
		struct exact e = exact_copy(line.at + gone, to - gone);
		struct span rest = exact_span(&e);
		struct irc_session before = *is;
		struct scan_unit unit;

		appgw_irc_read(is, client, rest, &unit);
		if ((to == line.len) != (unit.len > 0) || unit.len > rest.len)
			return "a line ends elsewhere";
		if (unit.len) {
			a->count = unit.count;
			for (i = 0; i < a->count; i++)
				a->at[i] = unit.at[i] + gone;
		} else {
			if (memcmp(&before, is, sizeof(before)))
				return "a line without an end was taken in";
			if (unit.safe > (int)rest.len || unit.safe < -1)
				return "wants more than there is";
			if (unit.safe >= 0)
				rest.len = unit.safe;
			unit.why = appgw_irc_feed(is, client, rest);
			gone += rest.len;
		}
		exact_free(&e);
		if (unit.why && a->why)
			return "stops twice";
		if (unit.why)
			a->why = unit.why;
		from = to;
	}
	return NULL;
}

static bool model_same(const struct irc_model_answer *a,
		       const struct irc_model_answer *b)
{
	return a->count == b->count && a->why == b->why &&
	       !memcmp(a->at, b->at, a->count * sizeof(a->at[0]));
}

/* Cuts tried for each line, beside whole and byte by byte. */
#define MODEL_RANDOM_CUTS	3

static bool model_same_session(const struct irc_session *a,
			       const struct irc_session *b)
{
	return !memcmp(a->line, b->line, sizeof(a->line)) &&
	       !memcmp(a->greeted, b->greeted, sizeof(a->greeted)) &&
	       a->registered == b->registered &&
	       a->starttls == b->starttls && a->over == b->over;
}

/* What is passed over is what would change nothing: tell of @line, which has brought
 * @before to @after and was answered by @got. Twice it is the same.
 */
static const char *model_talk(const struct irc_session *before,
			      const struct irc_session *after, bool client,
			      struct span line, const struct irc_model_answer *got)
{
	struct exact e = exact_new(2 * line.len);
	const char *complaint = NULL;
	size_t len, twice;

	memcpy(e.at, line.at, line.len);
	memcpy(e.at + line.len, line.at, line.len);
	len = appgw_irc_talk(before, client, line);
	twice = appgw_irc_talk(before, client, exact_span(&e));
	exact_free(&e);
	if (len && (len != line.len ||
		    memchr(line.at, '\n', line.len) != line.at + line.len - 1 ||
		    got->count || got->why != SCAN_WHY_NONE ||
		    !model_same_session(before, after)))
		complaint = "it may not be passed over";
	else if (twice != 2 * len)
		complaint = "passed over once only";
	return complaint;
}

/**
 * irc_model_step() - take in a line, whole and in pieces, as the model does
 * @m: the model
 * @is: the conversation; goes on
 * @client: the client sent it
 * @line: the line with its end
 * @every: cut it in two at every place
 * @random: state of xorshift32, not 0
 * @got: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
const char *irc_model_step(struct irc_model *m, struct irc_session *is,
			   bool client, struct span line, bool every,
			   uint32_t *random, struct irc_model_answer *got)
{
	struct irc_session before = *is, copy;
	struct irc_model_answer want = model_take(m, client, line), in_pieces;
	const char *complaint;
	size_t i;

	complaint = model_pieces(is, client, line, cuts_none, NULL, got);
	if (complaint)
		return complaint;
	complaint = model_talk(&before, is, client, line, got);
	if (complaint)
		return complaint;
	if (!model_same(got, &want))
		return "the model reads it differently";
	copy = before;
	complaint = model_pieces(&copy, client, line, cuts_bytes, NULL,
				 &in_pieces);
	if (!complaint && !model_same(&in_pieces, got))
		return "byte by byte it is something else";
	for (i = 0; !complaint && i < MODEL_RANDOM_CUTS; i++) {
		copy = before;
		complaint = model_pieces(&copy, client, line,
					 cuts_random, random, &in_pieces);
		if (!complaint && !model_same(&in_pieces, got))
			return "in pieces it is something else";
	}
	for (i = 1; !complaint && every && i < line.len; i++) {
		complaint = model_want_complaint(&before, client, line, i, got);
		if (complaint)
			break;
		copy = before;
		complaint = model_pieces(&copy, client, line, cuts_at, &i,
					 &in_pieces);
		if (!complaint && !model_same(&in_pieces, got))
			return "in two it is something else";
		if (!complaint && (copy.over != is->over ||
				   copy.registered != is->registered))
			return "in two it goes on differently";
	}
	return complaint;
}
