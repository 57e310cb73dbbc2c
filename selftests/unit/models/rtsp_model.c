// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/rtsp_scan.c should make of a conversation, written a second time and
 * for clarity only: a message is looked at as a whole, again from its start
 * whenever there is more of it. And the same bytes in pieces, as the module
 * hands them over.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exact.h"
#include "rtsp_model.h"
#include "scan_player.h"

#define MODEL_HEADER_MAX	512
#define MODEL_HEADERS_MAX	64
#define MODEL_BODY_MAX		1048576
#define MODEL_STRAY_MAX		1024

/**
 * struct model_head - a message's head, as far as it is there
 * @reply: it is a reply
 * @http: it is one of HTTP
 * @headers: complete ones
 * @has_length: @length was given
 * @has_cseq: so was @cseq
 * @said: the rest
 */
struct model_head {
	bool reply, http, has_length, has_cseq;
	unsigned int headers;
	uint32_t length, cseq;
	struct rtsp_said said;
};

/* Begin a conversation. */
void rtsp_model_begin(struct rtsp_model *m)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		struct rtsp_model_side *d = &m->side[i];

		d->len = 0;
		d->start = 0;
		d->told = 0;
		d->body = 0;
		d->strays = 0;
		d->stray = false;
		d->greeted = false;
	}
	m->waiting = 0;
	m->asked = 0;
	m->http = false;
	m->over = false;
	m->interleaved = false;
	m->datagrams = false;
	m->playing = false;
}

static void model_stop(struct rtsp_model *m, struct rtsp_model_answer *a,
		       enum scan_why why)
{
	m->over = true;
	a->why = why;
}

static void model_bad(struct rtsp_model *m, bool client,
		      struct rtsp_model_answer *a)
{
	model_stop(m, a, m->side[client].greeted ? SCAN_WHY_NONSENSE :
			 client ? SCAN_WHY_NOT_CLIENT : SCAN_WHY_NOT_SERVER);
}

/* Where the first byte is that no text has; @len if there is none. The last
 * one may be a CR whose LF is yet to come.
 */
static size_t model_bad_byte(const uint8_t *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((s[i] < ' ' && !strchr("\t\r\n", s[i] ? s[i] : 'x')) ||
		    (i && s[i - 1] == '\r' && s[i] != '\n'))
			return i;
	return len;
}

/* The length of a text without the end of its line. */
static size_t model_chomp(const uint8_t *s, size_t len)
{
	if (len && s[len - 1] == '\n')
		len--;
	if (len && s[len - 1] == '\r')
		len--;
	return len;
}

static bool model_token(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!((uint8_t)s[i] < 0x80 && isalnum((uint8_t)s[i])) &&
		    !strchr("_-./", s[i] ? s[i] : 'x'))
			return false;
	return true;
}

static const char * const model_verbs[] = {
	"OPTIONS", "DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "RECORD",
	"REDIRECT", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER",
	"PLAY_NOTIFY", "RTSP/1.0", "RTSP/2.0", "GET", "POST",
};

/* Is @s one of them, or the start of one? */
static bool model_known(const char *s, size_t n, bool start)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(model_verbs); i++)
		if (!strncmp(model_verbs[i], s, n) &&
		    (start || strlen(model_verbs[i]) == n))
			return true;
	return false;
}

static bool model_is(const char *s, size_t n, const char *word)
{
	return n == strlen(word) && !memcmp(s, word, n);
}

static bool model_version(const char *s, size_t n)
{
	return model_is(s, n, "RTSP/1.0") || model_is(s, n, "RTSP/2.0");
}

static enum rtsp_method model_method(const char *s, size_t n)
{
	return model_is(s, n, "SETUP") ? RTSP_METHOD_SETUP :
	       model_is(s, n, "PLAY") ? RTSP_METHOD_PLAY :
	       model_is(s, n, "RECORD") ? RTSP_METHOD_RECORD :
	       model_is(s, n, "TEARDOWN") ? RTSP_METHOD_TEARDOWN :
					    RTSP_METHOD_OTHER;
}

/* Reads "200 OK"; false if it is none. */
static bool model_status(struct model_head *h, const char *s, size_t n,
			 bool complete)
{
	size_t i;

	while (n && *s == ' ')
		s++, n--;
	for (i = 0; i < n && i < 3; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		h->said.status = h->said.status * 10 + (s[i] - '0');
	}
	if (i < 3)
		return !complete;
	return n == 3 || s[3] == ' ';
}

/* Reads a message's first line, without its end if that is there. False if it
 * can't be one.
 */
static bool model_first_line(const struct rtsp_model *m, bool client,
			     struct model_head *h, const char *s, size_t n,
			     bool complete)
{
	bool greeted = m->side[client].greeted;
	const char *blank = memchr(s, ' ', n), *last;
	size_t verb = blank ? (size_t)(blank - s) : n;

	if (!model_token(s, verb) || (blank && !verb))
		return false;
	if (!blank)
		return !complete && (greeted || model_known(s, verb, true));
	if (!greeted && !model_known(s, verb, false))
		return false;
	if (model_version(s, verb)) {
		h->reply = true;
		return model_status(h, blank + 1, n - verb - 1, complete);
	}
	h->said.method = model_method(s, verb);
	h->http = !greeted && (model_is(s, verb, "GET") ||
			       model_is(s, verb, "POST"));
	if (h->http)
		return client;
	for (last = s + n; last[-1] != ' '; last--)
		;
	return !complete || model_version(last, s + n - last);
}

/* Which of those that wait has the CSeq of @h? -1 if none has. */
static int model_same_cseq(const struct rtsp_model *m,
			   const struct model_head *h)
{
	unsigned int i;

	for (i = 0; h->has_cseq && i < m->waiting; i++)
		if (m->waits[i].has_cseq && m->waits[i].cseq == h->cseq)
			return i;
	return -1;
}

/* Which of them does the reply @h answer? -1 if there are none. */
static int model_answered(const struct rtsp_model *m,
			  const struct model_head *h)
{
	int i = model_same_cseq(m, h);

	return i >= 0 || !m->waiting ? i : 0;
}

static void model_forget(struct rtsp_model *m, unsigned int i)
{
	for (m->waiting--; i < m->waiting; i++)
		m->waits[i] = m->waits[i + 1];
}

/* Has it wait for its reply; returns its number. */
static uint32_t model_ask(struct rtsp_model *m, const struct model_head *h)
{
	int i = model_same_cseq(m, h);

	if (i < 0) {
		m->asked++;
		if (m->waiting &&
		    m->asked - m->waits[0].number == RTSP_MODEL_PENDING_MAX)
			model_forget(m, 0);
		i = m->waiting++;
		m->waits[i].number = m->asked;
	}
	m->waits[i].cseq = h->cseq;
	m->waits[i].has_cseq = h->has_cseq;
	m->waits[i].method = h->said.method;
	return m->waits[i].number;
}

static bool model_setup_pending(const struct rtsp_model *m)
{
	unsigned int i;

	for (i = 0; i < m->waiting; i++)
		if (m->waits[i].method == RTSP_METHOD_SETUP)
			return true;
	return false;
}

/* Would the next header count if it were Transport? */
static bool model_counts(const struct rtsp_model *m, bool client,
			 const struct model_head *h)
{
	int i;

	if (h->http || h->headers >= MODEL_HEADERS_MAX)
		return false;
	if (client)
		return !h->reply && h->said.method == RTSP_METHOD_SETUP;
	if (!h->reply || h->said.status < 200 || h->said.status > 299)
		return false;
	if (!h->has_cseq)
		return model_setup_pending(m);
	i = model_answered(m, h);
	return i >= 0 && m->waits[i].method == RTSP_METHOD_SETUP;
}

/* The length of a header's name; -1 if it has none. @colon: where that is. */
static int model_name(const char *s, size_t n, size_t *colon)
{
	size_t name = 0, i;

	while (name < n && !strchr(": \t\n", s[name] ? s[name] : 'x'))
		name++;
	for (i = name; i < n && (s[i] == ' ' || s[i] == '\t'); i++)
		;
	if (i == n || s[i] != ':')
		return -1;
	*colon = i;
	return name;
}

static bool model_number(const char *v, uint32_t *number)
{
	unsigned long long n = 0;

	for (v += strspn(v, " \t"); *v >= '0' && *v <= '9'; v++) {
		n = n * 10 + (*v - '0');
		if (n > UINT32_MAX)
			return false;
		*number = n;
		if (!v[1] || strchr(" \t", v[1]))
			return !v[1 + strspn(v + 1, " \t")];
	}
	return false;
}

static void model_session(struct rtsp_said *said, const char *v)
{
	const char *p;

	said->session = 0;
	said->timeout = 0;
	v += strspn(v, " \t");
	for (p = v; *p && !strchr("; \t", *p); p++) {
		if (p == v)
			said->session = 2166136261u;
		said->session = (said->session ^ (uint8_t)*p) * 16777619u;
	}
	for (p = strchr(v, ';'); p; p = strchr(p, ';')) {
		unsigned long t = 0;

		p += 1 + strspn(p + 1, " \t");
		if (strncasecmp(p, "timeout=", 8))
			continue;
		p += 8;
		if (*p >= '0' && *p <= '9')
			said->timeout = 0;
		for (; *p >= '0' && *p <= '9'; p++) {
			t = t * 10 + (*p - '0');
			if (t > 65535)
				t = 65535;
			said->timeout = t;
		}
	}
}

/* Takes in a complete header; false if nobody knows what follows it then. */
static bool model_header(struct model_head *h, const char *s, size_t n)
{
	char name[16] = "", *value;
	size_t colon, i, len = 0;
	uint32_t number;
	int name_len;
	bool ok = true;

	name_len = model_name(s, n, &colon);
	if (name_len < 0 || name_len >= (int)sizeof(name))
		return true;
	for (i = 0; i < (size_t)name_len; i++)
		name[i] = tolower((uint8_t)s[i]);
	value = malloc(n + 1);
	for (i = colon + 1; i < n; i++)
		if (s[i] != '\r' && s[i] != '\n')
			value[len++] = s[i];
	value[len] = 0;
	if (!strcmp(name, "content-length")) {
		if (value[strspn(value, " \t")]) {
			ok = model_number(value, &number) &&
			     (!h->has_length || h->length == number);
			h->has_length = true;
			h->length = ok ? number : 0;
		}
	} else if (!strcmp(name, "cseq") && model_number(value, &number)) {
		h->has_cseq = true;
		h->cseq = number;
	} else if (!strcmp(name, "session")) {
		model_session(&h->said, value);
	} else if (!strcmp(name, "transport")) {
		h->said.transport = true;
		for (i = 0; i < len; i++)
			value[i] = tolower((uint8_t)value[i]);
		h->said.tcp |= !!strstr(value, "/tcp");
	}
	free(value);
	return ok;
}

/* A message's head is complete. */
static void model_head_end(struct rtsp_model *m, bool client,
			   struct model_head *h, struct rtsp_model_answer *a)
{
	struct rtsp_said *said = &h->said;
	int i = model_answered(m, h);

	said->reply = h->reply;
	if (h->reply && !client && i >= 0 && said->status >= 200) {
		said->method = m->waits[i].method;
		said->request = m->waits[i].number;
		model_forget(m, i);
		if (said->status < 300) {
			m->playing |= said->method == RTSP_METHOD_PLAY ||
				      said->method == RTSP_METHOD_RECORD;
			if (said->method == RTSP_METHOD_SETUP &&
			    said->transport) {
				m->interleaved |= said->tcp;
				m->datagrams |= !said->tcp;
			}
		}
	}
	if (!h->reply && client)
		said->request = model_ask(m, h);
	if (a->heads < RTSP_MODEL_HEADS_MAX)
		a->said[a->heads] = *said;
	a->heads++;
}

/**
 * model_headers() - read headers as far as they are there
 * @m: the model
 * @client: whose they are
 * @h: the head
 * @from: offset of the first in what was said in all
 * @a: filled in with announcements
 *
 * Return: offset behind the head, 0 if it has no end yet
 */
static size_t model_headers(struct rtsp_model *m, bool client,
			    struct model_head *h, size_t from,
			    struct rtsp_model_answer *a)
{
	struct rtsp_model_side *d = &m->side[client];
	const uint8_t *s = d->data;
	size_t colon, to, bad;
	const uint8_t *nl;
	int name;

	while (from < d->len) {
		bool counts, transport;

		bad = from + model_bad_byte(s + from, d->len - from);
		if (s[from] == '\n' || (s[from] == '\r' &&
					from + 1 < d->len &&
					s[from + 1] == '\n'))
			return from + 1 + (s[from] == '\r');
		if (s[from] == '\r' && from + 1 == d->len)
			return 0;
		if (bad == from || s[from] == '\r' ||
		    (!h->headers && (s[from] == ' ' || s[from] == '\t'))) {
			model_bad(m, client, a);
			return 0;
		}
		to = from;
		do {
			nl = memchr(s + to, '\n', d->len - to);
			to = nl ? (size_t)(nl - s) + 1 : d->len;
		} while (nl && to < d->len && (s[to] == ' ' || s[to] == '\t'));

		name = model_name((const char *)s + from,
				  (bad < to ? bad : to) - from, &colon);
		if (h->http && name == 15 &&
		    !strncasecmp((const char *)s + from, "x-sessioncookie",
				 15)) {
			model_stop(m, a, SCAN_WHY_TUNNEL);
			return 0;
		}
		if (bad < to) {
			model_bad(m, client, a);
			return 0;
		}
		counts = model_counts(m, client, h) &&
			 to - from <= MODEL_HEADER_MAX;
		transport = name == 9 &&
			    !strncasecmp((const char *)s + from, "transport",
					 9);
		if (!nl || to == d->len) {
			/* what has gone on can't be edited any more */
			if (!counts && d->told <= from)
				d->told = from + 1;
			return 0;
		}
		if (d->told <= from) {
			d->told = to;
			if (transport && counts &&
			    a->count < RTSP_MODEL_FOUND_MAX) {
				a->from[a->count] = from;
				a->to[a->count++] = to;
			}
		}
		/* it isn't known yet whether that line is one */
		if (s[to] == '\r' && to + 1 == d->len)
			return 0;
		h->headers++;
		if (!model_header(h, (const char *)s + from, to - from)) {
			model_bad(m, client, a);
			return 0;
		}
		from = to;
	}
	return 0;
}

/* The line of @len bytes under way, complete or not, begins no message. True if
 * it has been passed over.
 */
static bool model_stray(struct rtsp_model *m, bool client, size_t len,
			bool complete, struct rtsp_model_answer *a)
{
	struct rtsp_model_side *d = &m->side[client];
	unsigned int i;

	if (!d->stray && (client || !d->greeted ||
			  d->strays++ == MODEL_STRAY_MAX)) {
		model_bad(m, client, a);
		return false;
	}
	for (i = 0; !d->stray && i < m->waiting; i++)
		m->waits[i].method = RTSP_METHOD_OTHER;
	d->stray = !complete;
	d->start += complete ? len : 0;
	return complete;
}

/* Reads the message under way; true if its head was complete. */
static bool model_message(struct rtsp_model *m, bool client,
			  struct rtsp_model_answer *a)
{
	struct rtsp_model_side *d = &m->side[client];
	const uint8_t *s = d->data + d->start;
	size_t n = d->len - d->start, line, end;
	const uint8_t *nl = memchr(s, '\n', n);
	struct model_head h = { 0 };
	bool stray = d->stray;
	size_t bad;

	line = nl ? (size_t)(nl - s) + 1 : n;
	bad = model_bad_byte(s, line);
	if (!d->stray)
		stray = !model_first_line(m, client, &h, (const char *)s,
					  model_chomp(s, bad), bad == line && nl);
	if (stray && !model_stray(m, client, line, false, a) && m->over)
		return false;
	if (bad < line) {
		model_bad(m, client, a);
		return false;
	}
	if (stray)
		return model_stray(m, client, line, nl, a);
	if (!nl)
		return false;
	if (!h.http)
		d->greeted = true;
	end = model_headers(m, client, &h, d->start + line, a);
	if (!end || m->over)
		return false;
	if (h.http) {
		model_stop(m, a, SCAN_WHY_HTTP);
		return false;
	}
	model_head_end(m, client, &h, a);
	if (h.length > MODEL_BODY_MAX)
		model_stop(m, a, SCAN_WHY_BODY);
	d->start = end;
	d->body = h.length;
	d->strays = 0;
	return true;
}

/* Reads one thing; false if there is nothing more to be read. */
static bool model_next(struct rtsp_model *m, bool client,
		       struct rtsp_model_answer *a)
{
	struct rtsp_model_side *d = &m->side[client];
	const uint8_t *s = d->data + d->start;
	size_t n = d->len - d->start, frame;

	if (m->over || !n)
		return false;
	if (d->body) {
		n = n < d->body ? n : d->body;
		d->body -= n;
		d->start += n;
		return true;
	}
	if (s[0] == '\n' && !d->stray) {
		d->start++;
		return true;
	}
	if (s[0] == '\r' && !d->stray) {
		if (n > 1 && s[1] != '\n')
			model_bad(m, client, a);
		if (n > 1)
			d->start += 2;
		return n > 1;
	}
	if (d->greeted && s[0] == '$') {
		d->strays = 0;
		frame = n < 4 ? 4 : 4 + (s[2] << 8 | s[3]);
		if (n >= frame)
			d->start += frame;
		return n >= frame;
	}
	if (!d->greeted && (s[0] == 0x15 || s[0] == 0x16 || s[0] == 0x80)) {
		model_stop(m, a, SCAN_WHY_TLS);
		return false;
	}
	return model_message(m, client, a);
}

/* Takes in what a side says next. */
static void model_say(void *model, bool client, struct span item, void *answer)
{
	struct rtsp_model_answer *a = answer;
	struct rtsp_model *m = model;
	struct rtsp_model_side *d = &m->side[client];

	memset(a, 0, sizeof(*a));
	if (d->len + item.len > RTSP_MODEL_SAID_MAX)
		exit(2);
	memcpy(d->data + d->len, item.at, item.len);
	d->len += item.len;
	while (model_next(m, client, a))
		;
}

static bool player_is_over(const void *session)
{
	const struct rtsp_session *rs = session;

	return rs->over;
}

static const char *player_took(const void *session, bool client,
			       struct span data, const struct scan_unit *unit,
			       size_t gone, void *answer)
{
	struct rtsp_model_answer *a = answer;
	struct rtsp_said said;

	(void)data;
	if (unit->count > 1 || (unit->count && unit->at[0]))
		return "a unit is more than a header";
	if (unit->count && a->count < RTSP_MODEL_FOUND_MAX) {
		a->from[a->count] = gone;
		a->to[a->count++] = gone + unit->len;
	}
	if (appgw_rtsp_said(session, client, &said)) {
		if (a->heads < RTSP_MODEL_HEADS_MAX)
			a->said[a->heads] = said;
		a->heads++;
	}
	return NULL;
}

static bool model_same_said(const struct rtsp_said *a,
			    const struct rtsp_said *b)
{
	return a->method == b->method && a->reply == b->reply &&
	       a->status == b->status && a->request == b->request &&
	       a->session == b->session && a->timeout == b->timeout &&
	       a->transport == b->transport && a->tcp == b->tcp;
}

static bool model_same(const void *answer, const void *other)
{
	const struct rtsp_model_answer *a = answer, *b = other;
	unsigned int i;

	if (a->count != b->count || a->why != b->why || a->heads != b->heads)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->from[i] != b->from[i] || a->to[i] != b->to[i])
			return false;
	for (i = 0; i < a->heads && i < RTSP_MODEL_HEADS_MAX; i++)
		if (!model_same_said(&a->said[i], &b->said[i]))
			return false;
	return true;
}

static bool player_same(const void *a, const void *b)
{
	struct rtsp_session x = *(const struct rtsp_session *)a;
	struct rtsp_session y = *(const struct rtsp_session *)b;
	int i;

	for (i = 0; i < 2; i++) {
		x.side[i].flags &= ~RTSP_GONE;
		y.side[i].flags &= ~RTSP_GONE;
	}
	return !memcmp(&x, &y, sizeof(x));
}

static bool player_agrees(const void *model, const void *session)
{
	const struct rtsp_model *m = model;

	return appgw_rtsp_is_settled(session) ==
	       (m->interleaved && !m->datagrams && m->playing &&
		!model_setup_pending(m));
}

static const struct scan_player_ops model_ops = {
	.session_size	= sizeof(struct rtsp_session),
	.answer_size	= sizeof(struct rtsp_model_answer),
	.why_at		= offsetof(struct rtsp_model_answer, why),
	.kept_max	= MODEL_HEADER_MAX,
	.held_max	= 8192,
	.read		= appgw_rtsp_read,
	.feed		= appgw_rtsp_feed,
	.took		= player_took,
	.is_over	= player_is_over,
	.same		= player_same,
	.say		= model_say,
	.same_answer	= model_same,
	.agrees		= player_agrees,
};

/**
 * rtsp_model_step() - take in an item, whole and in pieces, as the model does
 * @m: the model
 * @p: the conversation; goes on
 * @client: the client says it
 * @item: what it says
 * @every: cut it in two at every place
 * @random: state of xorshift32, not 0
 * @got: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
const char *rtsp_model_step(struct rtsp_model *m, struct rtsp_player *p,
			    bool client, struct span item, bool every,
			    uint32_t *random, struct rtsp_model_answer *got)
{
	return scan_player_step(&model_ops, m, &p->session, &p->player, client,
				item, every, random, got);
}
