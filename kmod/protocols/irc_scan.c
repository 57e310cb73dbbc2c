// SPDX-License-Identifier: GPL-2.0-only
/* IRC: find out which lines announce a DCC connection, and whether the
 * conversation is one of IRC at all.
 *
 * RFC 1459 section 2.3 for the lines, IRCv3's message tags, CTCP for \001. What
 * is announced is for others to read. Nothing here touches an skb, a lock or
 * the heap, so the unit tests and the fuzzer link this file unchanged.
 */

#include "irc_scan.h"
#include "tls.h"

/* Digits of a numeric, and those that matter. */
#define IRC_NUMERIC_DIGITS	3
#define IRC_RPL_WELCOME		1
#define IRC_RPL_STARTTLS	670

/* A server that leaves out the prefix may begin with a numeric below this one.
 * Those above are the greetings of mail and file servers.
 */
#define IRC_BARE_NUMERICS	100

/* Which side may begin a conversation with a command, and what it is good for. */
enum irc_word_use {
	IRC_CLIENT	= 1 << 0,
	IRC_SERVER	= 1 << 1,
	IRC_EITHER	= IRC_CLIENT | IRC_SERVER,
	IRC_TEXT	= 1 << 2,	/* carries a text to a target */
	IRC_TLS		= 1 << 3,	/* asks for encryption */
	IRC_EARLY	= 1 << 4,	/* said without waiting to be let in */
};

/* As many arguments as one likes. */
#define IRC_ANY			0xff

/* In alphabetical order: those that begin alike follow each other. Clients of
 * a bouncer are clients; one server linking to another may be on either side.
 * The last two are how few and how many arguments a client's has before it is
 * let in (RFC 2812 section 3.1): what a web page can make a browser send looks
 * like one of these at most in its first word.
 */
static const struct irc_word {
	const char *text;
	uint8_t use;
	uint8_t min;
	uint8_t max;
} irc_words[] = {
	{ "authenticate", IRC_EITHER, 1, 1 },
	{ "away", IRC_EARLY, 0, IRC_ANY },
	{ "cap", IRC_EITHER, 0, IRC_ANY },
	{ "capab", IRC_EITHER, 0, IRC_ANY },
	{ "error", IRC_SERVER, 0, IRC_ANY },
	{ "ircx", IRC_CLIENT, 0, 0 },
	{ "ison", IRC_EARLY, 1, IRC_ANY },
	{ "join", IRC_EARLY, 1, 3 },
	{ "mode", IRC_EARLY, 1, IRC_ANY },
	{ "nick", IRC_CLIENT, 1, 2 },
	{ "notice", IRC_SERVER | IRC_TEXT | IRC_EARLY, 0, IRC_ANY },
	{ "oper", IRC_EARLY, 2, 2 },
	{ "pass", IRC_EITHER, 1, IRC_ANY },
	{ "ping", IRC_EITHER, 0, 2 },
	{ "pong", IRC_CLIENT, 0, 2 },
	{ "privmsg", IRC_TEXT | IRC_EARLY, 0, IRC_ANY },
	{ "protoctl", IRC_EITHER, 1, IRC_ANY },
	{ "quit", IRC_CLIENT, 0, 1 },
	{ "server", IRC_EITHER, 3, IRC_ANY },
	{ "service", IRC_CLIENT, 4, IRC_ANY },
	{ "starttls", IRC_CLIENT | IRC_TLS, 0, 0 },
	{ "user", IRC_CLIENT, 4, IRC_ANY },
	{ "userhost", IRC_EARLY, 1, IRC_ANY },
	{ "webirc", IRC_CLIENT, 4, IRC_ANY },
	{ "who", IRC_EARLY, 0, 3 },
};

/* Values of irc_line.word beside indices of irc_words. */
#define IRC_WORD_TLS		0xfd	/* none: an encrypted connection */
#define IRC_WORD_NUMERIC	0xfe
#define IRC_WORD_UNKNOWN	0xff

/* What the last word of a request of HTTP begins with. */
static const char irc_http[] = { 'h', 't', 't', 'p', '/' };

static const char irc_mark[] = { 0x01, 'd', 'c', 'c', ' ' };

static bool irc_is_letter(uint8_t c)
{
	c = span_lower(c);
	return c >= 'a' && c <= 'z';
}

static bool irc_ends_line(uint8_t c)
{
	return c == '\r' || c == '\n';
}

/* Skip up to the next blank or control byte. */
static size_t irc_skip_word(struct span s, size_t i)
{
	while (i < s.len && s.at[i] > ' ')
		i++;
	return i;
}

static size_t irc_skip_blanks(struct span s, size_t i)
{
	while (i < s.len && s.at[i] == ' ')
		i++;
	return i;
}

/* Do @a and @b begin with the same @n letters? */
static bool irc_same_start(uint8_t a, uint8_t b, uint8_t n)
{
	return !strncmp(irc_words[a].text, irc_words[b].text, n);
}

/* Take in the next byte of a command. */
static void irc_spell(struct irc_line *l, uint8_t c)
{
	uint8_t w = l->word;

	if (w >= ARRAY_SIZE(irc_words))
		return;
	while (irc_words[w].text[l->n] != c) {
		if (w + 1 == ARRAY_SIZE(irc_words) ||
		    !irc_same_start(w, w + 1, l->n)) {
			l->word = IRC_WORD_UNKNOWN;
			return;
		}
		w++;
	}
	l->word = w;
	l->n++;
}

/* Take in a byte of the command or the one behind it. */
static void irc_verb(struct irc_line *l, uint8_t c)
{
	bool numeric = l->word == IRC_WORD_NUMERIC;

	if (numeric && span_is_digit(c) && l->n < IRC_NUMERIC_DIGITS) {
		l->number = l->number * 10 + (c - '0');
		l->n++;
	} else if (!numeric && irc_is_letter(c)) {
		irc_spell(l, span_lower(c));
	} else if (c != ' ' && !irc_ends_line(c)) {
		l->at = IRC_AT_NONSENSE;
	} else if (numeric) {
		l->at = l->n == IRC_NUMERIC_DIGITS ? IRC_AT_REST :
						     IRC_AT_NONSENSE;
	} else {
		if (l->word < ARRAY_SIZE(irc_words) &&
		    irc_words[l->word].text[l->n])
			l->word = IRC_WORD_UNKNOWN;
		l->at = c != ' ' ? IRC_AT_REST :
			l->word < ARRAY_SIZE(irc_words) &&
			irc_words[l->word].use & IRC_TEXT ? IRC_AT_VERB_END :
			l->early ? IRC_AT_ARGS : IRC_AT_REST;
	}
}

/* Take in a byte of the arguments of a command that has no text for others. */
static void irc_arg(struct irc_line *l, uint8_t c)
{
	if (irc_ends_line(c)) {
		l->at = IRC_AT_REST;
		return;
	}
	if (c == ' ') {
		l->in_arg = false;
		return;
	}
	if (!l->in_arg) {
		l->in_arg = true;
		l->http = 0;
		if (!l->in_text && l->args < IRC_ANY)
			l->args++;
		if (!l->in_text && l->args == 1)
			l->path = c == '/';
		if (c == ':' && !l->in_text) {
			l->in_text = true;
			return;
		}
	}
	if (l->http < sizeof(irc_http))
		l->http = span_lower(c) == irc_http[l->http] ? l->http + 1 :
							       IRC_ANY;
}

/* Read the first byte of what may be tags, a prefix or the command. */
static void irc_begin(struct irc_line *l, uint8_t c)
{
	if (l->at == IRC_AT_START && tls_begins(c)) {
		l->at = IRC_AT_NONSENSE;
		l->word = IRC_WORD_TLS;
	} else if (c == '@' && l->at == IRC_AT_START) {
		l->at = IRC_AT_TAGS;
	} else if (c == ':' && l->at != IRC_AT_PREFIX_END) {
		l->at = IRC_AT_PREFIX;
		l->prefix = true;
	} else if (!irc_is_letter(c) && !span_is_digit(c)) {
		l->at = IRC_AT_NONSENSE;
	} else {
		l->at = IRC_AT_VERB;
		l->word = span_is_digit(c) ? IRC_WORD_NUMERIC : 0;
		l->number = 0;
		l->n = 0;
		irc_verb(l, c);
	}
}

/* Take in a byte of the text of a message, at offset @i; @mark is that of the last
 * \001 that may begin an announcement.
 */
static void irc_text(struct irc_line *l, uint8_t c, size_t i, size_t *mark,
		     struct scan_unit *unit)
{
	switch (l->at) {
	case IRC_AT_TEXT:
		l->at = IRC_AT_REST;
		if (c != irc_mark[0])
			break;
		l->at = IRC_AT_MARK;
		l->n = 1;
		*mark = i;
		break;
	case IRC_AT_MARK:
		if (span_lower(c) != irc_mark[l->n]) {
			l->at = IRC_AT_REST;
		} else if (++l->n == sizeof(irc_mark)) {
			l->at = IRC_AT_OFFER;
			scan_unit_add(unit, *mark);
		}
		break;
	default:
		/* another one may follow at once */
		if (c == irc_mark[0])
			l->at = IRC_AT_TEXT;
		else if (irc_ends_line(c))
			l->at = IRC_AT_REST;
		break;
	}
}

/* Read the next bytes of a line, and fill in the announcements of @unit. What is in
 * front of the text may be long, so it goes word by word. Return the offset of the
 * last \001 that may begin an announcement.
 */
static size_t irc_read(struct irc_line *l, struct span s, struct scan_unit *unit)
{
	size_t i = 0, from = 0, mark = 0, len;

	unit->count = 0;
	while (i < s.len && l->at < IRC_AT_REST) {
		switch (l->at) {
		case IRC_AT_START:
			i = irc_skip_blanks(s, i);
			if (i < s.len && irc_ends_line(s.at[i]))
				i++;
			else if (i < s.len)
				irc_begin(l, s.at[i++]);
			break;
		case IRC_AT_TAGS_END:
		case IRC_AT_PREFIX_END:
			i = irc_skip_blanks(s, i);
			if (i < s.len)
				irc_begin(l, s.at[i++]);
			break;
		case IRC_AT_TAGS:
		case IRC_AT_PREFIX:
			i = irc_skip_word(s, i);
			if (i == s.len)
				break;
			if (s.at[i++] != ' ') {
				l->at = IRC_AT_NONSENSE;
				break;
			}
			if (l->at++ == IRC_AT_PREFIX)
				break;
			if (l->len + i - from > IRC_TAGS_MAX)
				l->at = IRC_AT_NONSENSE;
			l->len = 0;
			from = i;
			break;
		case IRC_AT_VERB:
			irc_verb(l, s.at[i++]);
			break;
		case IRC_AT_VERB_END:
			i = irc_skip_blanks(s, i);
			if (i < s.len)
				l->at = s.at[i] != ':' ? IRC_AT_TARGET :
							 IRC_AT_REST;
			break;
		case IRC_AT_TARGET:
			i = irc_skip_word(s, i);
			if (i < s.len)
				l->at = s.at[i] == ' ' ? IRC_AT_TARGET_END :
							 IRC_AT_REST;
			break;
		case IRC_AT_TARGET_END:
			i = irc_skip_blanks(s, i);
			if (i < s.len)
				l->at = s.at[i++] == ':' ? IRC_AT_TEXT :
							   IRC_AT_REST;
			break;
		case IRC_AT_ARGS:
			irc_arg(l, s.at[i++]);
			break;
		default:
			irc_text(l, s.at[i], i, &mark, unit);
			i++;
			break;
		}
	}
	len = l->len + s.len - from;
	l->len = len < 0xffff ? len : 0xffff;
	return mark;
}

static bool irc_too_long(const struct irc_line *l)
{
	return l->len > (l->at == IRC_AT_TAGS ? IRC_TAGS_MAX : IRC_LINE_MAX);
}

/* Tell if an announcement in the next line may count. */
static bool irc_allowed(const struct irc_session *is)
{
	return !is->over && (is->registered || is->any_time);
}

/* Tell if a conversation can begin with what has been read of this line. */
static bool irc_is_first(const struct irc_line *l, bool from_client)
{
	uint8_t use = from_client ? IRC_CLIENT : IRC_SERVER;

	if (l->at == IRC_AT_NONSENSE ||
	    (l->at == IRC_AT_TAGS && irc_too_long(l)))
		return false;
	if (l->at < IRC_AT_VERB || (l->prefix && !from_client))
		return true;
	if (l->word == IRC_WORD_NUMERIC)
		return !from_client && l->number < IRC_BARE_NUMERICS;
	if (l->word == IRC_WORD_UNKNOWN)
		return false;
	/* more letters may make another command of it */
	return l->at == IRC_AT_VERB || irc_words[l->word].use & use;
}

static enum scan_why irc_stop(struct irc_session *is, enum scan_why why)
{
	is->over = true;
	return why;
}

/* Decide by the first bytes of a direction whether this is IRC at all. */
static enum scan_why irc_check_first(struct irc_session *is, bool from_client)
{
	const struct irc_line *l = &is->line[from_client];

	if (is->greeted[from_client])
		return SCAN_WHY_NONE;
	if (l->at == IRC_AT_NONSENSE && l->word == IRC_WORD_TLS)
		return irc_stop(is, SCAN_WHY_TLS);
	if (!irc_is_first(l, from_client))
		return irc_stop(is, from_client ? SCAN_WHY_NOT_CLIENT :
						  SCAN_WHY_NOT_SERVER);
	is->greeted[from_client] = l->at > IRC_AT_VERB;
	return SCAN_WHY_NONE;
}

/* Tell if a client's line is one that may be said before the server has let it in:
 * what has been said of it so far, or all of it if it has @ended.
 */
static bool irc_is_early(const struct irc_line *l, bool ended)
{
	const struct irc_word *w;

	if (l->at == IRC_AT_NONSENSE || irc_too_long(l))
		return false;
	if (l->at < IRC_AT_VERB_END)
		return !ended || l->at == IRC_AT_START;
	if (l->word >= ARRAY_SIZE(irc_words))
		return false;
	w = &irc_words[l->word];
	if (w->use & IRC_TEXT)
		return true;
	/* "NICK /x HTTP/1.1" */
	if (!(w->use & (IRC_CLIENT | IRC_EARLY)) || l->path ||
	    l->args > w->max)
		return false;
	return !ended || (l->args >= w->min &&
			  l->http != sizeof(irc_http));
}

/* Begin a line, if the next byte of the client's may be the first one of a line. */
static void irc_begin_line(struct irc_session *is, bool from_client)
{
	struct irc_line *l = &is->line[from_client];

	if (from_client && !is->registered && l->at == IRC_AT_START && !l->len)
		l->early = true;
}

/* Check a line that comes before the server has let the client in. A web page makes
 * a browser send lines of its choice to a server of its own choice, but not the
 * first one, nor those of a request's head.
 */
static enum scan_why irc_check_early(struct irc_session *is, bool ended)
{
	const struct irc_line *l = &is->line[true];

	if (is->over || !l->early || irc_is_early(l, ended))
		return SCAN_WHY_NONE;
	return irc_stop(is, SCAN_WHY_NOT_CLIENT);
}

/* Do to the conversation what a numeric of the server's does. */
static enum scan_why irc_numeric(struct irc_session *is, uint16_t number)
{
	/* only a client that has asked is let in, or encrypts */
	if (number == IRC_RPL_WELCOME && is->greeted[true])
		is->registered = true;
	if (number == IRC_RPL_STARTTLS && is->starttls)
		return irc_stop(is, SCAN_WHY_TLS);
	return SCAN_WHY_NONE;
}

/* Tell how many bytes of the line @rest, which has no end yet, are sure to stay as they
 * are; -1 if no announcement can come in it. Before the registration as well: that may
 * come before the line's end.
 */
static int irc_want(const struct irc_session *is, bool from_client,
		    struct span rest)
{
	struct irc_line l = is->line[from_client];
	struct scan_unit unit;
	size_t mark;

	if (is->over)
		return -1;
	mark = irc_read(&l, rest, &unit);
	if (irc_too_long(&l))
		return -1;
	if (unit.count)
		return unit.at[0];
	if (l.at == IRC_AT_MARK)
		return mark;
	return l.at < IRC_AT_ARGS ? (int)rest.len : -1;
}

/**
 * appgw_irc_feed() - take in a piece of a line that has no end yet
 * @st: the conversation
 * @from_client: whose line it is
 * @part: bytes that have gone on as they are
 *
 * Return: why the conversation is to be given up, or SCAN_WHY_NONE
 */
enum scan_why appgw_irc_feed(void *st, bool from_client, struct span part)
{
	struct irc_session *is = st;
	struct irc_line *l = &is->line[from_client];
	struct scan_unit unit;

	if (is->over)
		return SCAN_WHY_NONE;
	irc_begin_line(is, from_client);
	irc_read(l, part, &unit);
	/* what has begun to go on can't be edited any more */
	if (unit.count || l->at == IRC_AT_MARK)
		l->at = IRC_AT_REST;
	return irc_check_first(is, from_client) ?: irc_check_early(is, false);
}

/* Take in a line: fill in the announcements of @unit that count. */
static enum scan_why irc_take(struct irc_session *is, bool from_client,
			      struct span rest, struct scan_unit *unit)
{
	struct irc_line *l = &is->line[from_client];
	enum scan_why why;

	unit->count = 0;
	if (is->over)
		return SCAN_WHY_NONE;
	irc_begin_line(is, from_client);
	irc_read(l, rest, unit);
	why = irc_check_first(is, from_client) ?: irc_check_early(is, true);
	if (irc_too_long(l) || is->over)
		unit->count = 0;
	if (unit->count && !irc_allowed(is)) {
		unit->count = 0;
		why = SCAN_WHY_NO_LOGIN;
	}
	if (!is->over && l->at == IRC_AT_REST) {
		if (!from_client && l->word == IRC_WORD_NUMERIC)
			why = irc_numeric(is, l->number);
		if (from_client && l->word < ARRAY_SIZE(irc_words) &&
		    irc_words[l->word].use & IRC_TLS)
			is->starttls = true;
	}
	*l = (struct irc_line){ .at = IRC_AT_START };
	return why;
}

/**
 * appgw_irc_read() - take in a line; see struct gate_scan_ops
 * @st: the conversation
 * @from_client: whose line it is
 * @data: what begins with the line, or with what is left of it
 * @unit: filled in; an announcement is where its \001 is
 */
void appgw_irc_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit)
{
	unit->len = span_line_len(data);
	if (!unit->len) {
		unit->safe = irc_want(st, from_client, data);
		return;
	}
	unit->why = irc_take(st, from_client,
			     (struct span){ data.at, unit->len }, unit);
}

/* Tell if @line, which is the server's, may be one that irc_numeric() is for: begin
 * with a numeric behind its tags and prefix. True as well where that is hard to
 * say.
 */
static bool irc_may_matter(const struct irc_session *is, struct span line)
{
	static const char start[] = { '@', ':' };
	const uint8_t *blank;
	unsigned int i;

	if (is->registered && !is->starttls)
		return false;
	for (i = 0; i < ARRAY_SIZE(start); i++) {
		if (!line.len || line.at[0] != start[i])
			continue;
		blank = span_find(line, ' ');
		if (!blank)
			return true;
		span_skip(&line, blank + 1 - line.at);
	}
	return !line.len || line.at[0] == ' ' || span_is_digit(line.at[0]);
}

/* Tell if @line, which is the client's, doesn't begin like one that asks for
 * encryption, nor with tags or a prefix.
 */
static inline bool irc_is_no_starttls(struct span line)
{
	return irc_is_letter(line.at[0]) && span_lower(line.at[0]) != 's';
}

/* Tell how far the line reaches that @text begins with; 0 if its end isn't there, or there
 * is a \001 in it.
 */
static inline size_t irc_plain_len(struct span text)
{
	const uint8_t *end = span_find_of(text, '\n', irc_mark[0]);

	return end && *end == '\n' ? end + 1 - text.at : 0;
}

/* Tell if @text, which is the server's, is whole lines without a \001, where none matters
 * by how it begins.
 */
static inline bool irc_is_plain(const struct irc_session *is, struct span text)
{
	return is->registered && !is->starttls && text.len &&
	       text.at[text.len - 1] == '\n' &&
	       !span_find_of(text, irc_mark[0], irc_mark[0]);
}

/**
 * appgw_irc_talk() - how much of a segment may be passed over?
 * @st: the conversation
 * @from_client: whose segment it is
 * @text: the segment
 *
 * Most are whole lines about which this is quickly said: appgw_irc_read() would
 * neither find anything in them nor change @st.
 *
 * Return: bytes of such lines that @text begins with
 */
size_t appgw_irc_talk(const void *st, bool from_client, struct span text)
{
	const struct irc_session *is = st;
	const struct irc_line *l = &is->line[from_client];
	struct span rest = text, line;

	if (!is->greeted[from_client] || (from_client && !is->registered) ||
	    l->at != IRC_AT_START || l->len)
		return 0;
	if (!from_client && irc_is_plain(is, text))
		return text.len;
	for (; rest.len; span_skip(&rest, line.len)) {
		line = (struct span){ rest.at, irc_plain_len(rest) };
		if (!line.len || (from_client ? !irc_is_no_starttls(line) :
						irc_may_matter(is, line)))
			break;
	}
	return text.len - rest.len;
}
