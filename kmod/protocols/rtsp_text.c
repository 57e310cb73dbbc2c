// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: read a conversation byte by byte, but for those that can't matter.
 *
 * RFC 2326 and RFC 7826: messages of lines, a body behind some of them, and
 * frames of binary data between them (RFC 2326 section 10.12). Nothing here
 * touches an skb, a lock or the heap.
 *
 * Where a message ends must never be guessed: what another believes to be a body
 * could be read as a request then. So whatever leaves that open ends the reading,
 * but for bodies of a server's that are longer than it says: they are passed over,
 * and what looks like a reply in one agrees to nothing that was asked before.
 */

#include "rtsp_pending.h"
#include "rtsp_text.h"
#include "spell.h"
#include "tls.h"

/* What begins a frame, and how many bytes of its head are behind that. */
#define RTSP_FRAME		'$'
#define RTSP_FRAME_HEAD		3

#define RTSP_STATUS_DIGITS	3

/* "RTSP/1.0" or "RTSP/2.0" */
#define RTSP_VERSION		"RTSP/?.0"
#define RTSP_VERSION_LEN	(sizeof(RTSP_VERSION) - 1)
#define RTSP_VERSION_MAJOR	5

static const struct spell_word rtsp_verbs[] = {
	{ "ANNOUNCE", RTSP_METHOD_OTHER },
	{ "DESCRIBE", RTSP_METHOD_OTHER },
	{ "GET", RTSP_VERB_HTTP },
	{ "GET_PARAMETER", RTSP_METHOD_OTHER },
	{ "OPTIONS", RTSP_METHOD_OTHER },
	{ "PAUSE", RTSP_METHOD_OTHER },
	{ "PLAY", RTSP_METHOD_PLAY },
	{ "PLAY_NOTIFY", RTSP_METHOD_OTHER },
	{ "POST", RTSP_VERB_HTTP },
	{ "RECORD", RTSP_METHOD_RECORD },
	{ "REDIRECT", RTSP_METHOD_OTHER },
	{ "RTSP/1.0", RTSP_VERB_REPLY },
	{ "RTSP/2.0", RTSP_VERB_REPLY },
	{ "SETUP", RTSP_METHOD_SETUP },
	{ "SET_PARAMETER", RTSP_METHOD_OTHER },
	{ "TEARDOWN", RTSP_METHOD_TEARDOWN },
}, rtsp_headers[] = {
	[RTSP_HEADER_LENGTH] = { .text = "content-length" },
	[RTSP_HEADER_CSEQ] = { .text = "cseq" },
	[RTSP_HEADER_SESSION] = { .text = "session" },
	[RTSP_HEADER_TRANSPORT] = { .text = "transport" },
	[RTSP_HEADER_COOKIE] = { .text = "x-sessioncookie" },
};

/* Tell if @c may be part of first words and names of headers, as far as anybody
 * uses.
 */
static bool rtsp_is_token(uint8_t c)
{
	uint8_t l = span_lower(c);

	return (l >= 'a' && l <= 'z') || span_is_digit(c) || c == '_' ||
	       c == '-' || c == '.' || c == '/';
}

static void rtsp_stop(struct rtsp_pass *p, enum scan_why why)
{
	p->rs->over = true;
	p->side->len = 0;
	p->why = why;
}

/* Give up what is no RTSP, or none that anybody could follow. */
static void rtsp_nonsense(struct rtsp_pass *p)
{
	if (p->rs->greeted[p->from_client])
		rtsp_stop(p, SCAN_WHY_NONSENSE);
	else
		rtsp_stop(p, p->from_client ? SCAN_WHY_NOT_CLIENT :
					      SCAN_WHY_NOT_SERVER);
}

/* Tell if the message under way is one of HTTP. Only the client begins those. */
static bool rtsp_is_http(const struct rtsp_pass *p)
{
	return p->rs->http && p->from_client;
}

/* Tell if a Transport header would count here. Those of the client's SETUP do, and
 * of the reply to one: if the reply has yet to say which, of any while there is a
 * SETUP without one.
 */
static bool rtsp_counts(const struct rtsp_pass *p)
{
	const struct rtsp_session *rs = p->rs;
	const struct rtsp_side *side = p->side;
	bool reply = side->flags & RTSP_REPLY;

	if (rs->over || rtsp_is_http(p) || side->headers > RTSP_HEADERS_MAX ||
	    side->flags & RTSP_GONE || side->len > RTSP_HEADER_MAX ||
	    reply == p->from_client)
		return false;
	if (!reply)
		return side->method == RTSP_METHOD_SETUP;
	if (side->status / 100 != 2)
		return false;
	if (!(side->flags & RTSP_HAS_CSEQ))
		return appgw_rtsp_is_pending(rs, RTSP_METHOD_SETUP);
	return rtsp_pending(rs, appgw_rtsp_find_answered(rs, side)) ==
	       RTSP_METHOD_SETUP;
}

/* Read the first byte of a message, or of what is between two. */
static void rtsp_start(struct rtsp_pass *p, uint8_t c)
{
	struct rtsp_side *side = p->side;
	bool greeted = p->rs->greeted[p->from_client];

	if (c == '\n')
		return;
	if (!greeted && tls_begins(c)) {
		rtsp_stop(p, SCAN_WHY_TLS);
	} else if (greeted && c == RTSP_FRAME) {
		side->at = RTSP_AT_FRAME;
		side->n = 0;
		side->left = 0;
	} else {
		*side = (struct rtsp_side){ .at = RTSP_AT_VERB,
					    .left = side->left };
	}
}

static void rtsp_frame(struct rtsp_side *side, uint8_t c)
{
	/* the channel is first */
	if (side->n)
		side->left = side->left << 8 | c;
	if (++side->n == RTSP_FRAME_HEAD)
		side->at = side->left ? RTSP_AT_SKIP : RTSP_AT_START;
}

/* Read byte @c of a line that begins no message. Cameras give a body no length, or
 * one that is too small.
 */
static void rtsp_stray(struct rtsp_pass *p, uint8_t c)
{
	struct rtsp_session *rs = p->rs;
	int i;

	if (p->from_client || !rs->greeted[p->from_client] ||
	    ++p->side->left > RTSP_STRAY_MAX)
		return rtsp_nonsense(p);
	for (i = 0; i < RTSP_PENDING_MAX; i++)
		if (rtsp_pending(rs, i) != RTSP_METHOD_NONE)
			rs->pending[i] = RTSP_METHOD_OTHER |
					 (rs->pending[i] & RTSP_NO_CSEQ);
	p->side->at = c == '\n' ? RTSP_AT_START : RTSP_AT_STRAY;
}

/* Take in the first word of a message, which is complete. */
static void rtsp_verb_end(struct rtsp_pass *p)
{
	bool greeted = p->rs->greeted[p->from_client];
	struct rtsp_side *side = p->side;
	uint8_t means = RTSP_METHOD_OTHER;

	spell_end(rtsp_verbs, ARRAY_SIZE(rtsp_verbs), &side->word, side->n);
	if (side->word < ARRAY_SIZE(rtsp_verbs))
		means = rtsp_verbs[side->word].means;
	else if (!greeted)
		return rtsp_nonsense(p);
	side->n = 0;
	side->at = RTSP_AT_REQUEST;
	side->method = RTSP_METHOD_OTHER;
	if (means == RTSP_VERB_REPLY) {
		side->flags |= RTSP_REPLY;
		side->method = RTSP_METHOD_NONE;
		side->at = RTSP_AT_STATUS;
	} else if (means == RTSP_VERB_HTTP && !greeted) {
		if (!p->from_client)
			return rtsp_nonsense(p);
		p->rs->http = true;
	} else if (means < RTSP_VERB_REPLY) {
		side->method = means;
	}
}

static void rtsp_verb(struct rtsp_pass *p, uint8_t c)
{
	struct rtsp_side *side = p->side;

	if (c == ' ' && (side->n || side->word == SPELL_UNKNOWN))
		return rtsp_verb_end(p);
	if (rtsp_is_token(c))
		spell_letter(rtsp_verbs, ARRAY_SIZE(rtsp_verbs), &side->word,
			     &side->n, c);
	/* a stranger's first word needs not be waited for */
	if (!rtsp_is_token(c) || (side->word == SPELL_UNKNOWN &&
				  !p->rs->greeted[p->from_client]))
		rtsp_stray(p, c);
}

/* Take in a message's first line, which has ended. */
static void rtsp_first_line(struct rtsp_pass *p)
{
	struct rtsp_side *side = p->side;

	side->at = RTSP_AT_HEADER;
	/* as it is when this was read at once */
	side->left = 0;
	side->len = 0;
	side->word = 0;
	side->n = 0;
	if (!rtsp_is_http(p))
		p->rs->greeted[p->from_client] = true;
}

/* Read a byte of a request's first line, which ends with a version. */
static void rtsp_request(struct rtsp_pass *p, uint8_t c)
{
	struct rtsp_side *side = p->side;

	if (c == '\n') {
		if (side->n == RTSP_VERSION_LEN || rtsp_is_http(p))
			rtsp_first_line(p);
		else
			rtsp_stray(p, c);
	} else if (c == ' ') {
		side->n = 0;
	} else if (side->n < RTSP_VERSION_LEN &&
		   (side->n == RTSP_VERSION_MAJOR ? c == '1' || c == '2' :
		    c == RTSP_VERSION[side->n])) {
		side->n++;
	} else {
		side->n = RTSP_N_BAD;
	}
}

static void rtsp_status(struct rtsp_pass *p, uint8_t c)
{
	struct rtsp_side *side = p->side;

	if (span_is_digit(c) && side->n < RTSP_STATUS_DIGITS) {
		side->status = side->status * 10 + (c - '0');
		side->n++;
	} else if (c == ' ' && !side->n) {
		/* one blank too many */
	} else if (side->n != RTSP_STATUS_DIGITS) {
		rtsp_stray(p, c);
	} else if (c == '\n') {
		rtsp_first_line(p);
	} else if (c == ' ') {
		side->at = RTSP_AT_REASON;
	} else {
		rtsp_stray(p, c);
	}
}

/* End the header before this byte. */
static void rtsp_header_end(struct rtsp_pass *p)
{
	struct rtsp_side *side = p->side;

	if (side->word == RTSP_HEADER_CSEQ && rtsp_has_number(side)) {
		side->cseq = side->number;
		side->flags |= RTSP_HAS_CSEQ;
	}
	/* one that is empty is none */
	if (side->word != RTSP_HEADER_LENGTH || !side->n)
		return;
	if (!rtsp_has_number(side) || (side->flags & RTSP_HAS_LENGTH &&
				       side->body != side->number))
		return rtsp_nonsense(p);
	side->body = side->number;
	side->flags |= RTSP_HAS_LENGTH;
}

/* Find which of the client's requests this answers, and do what follows from it. */
static void rtsp_answer(struct rtsp_session *rs, struct rtsp_side *side)
{
	uint32_t request = appgw_rtsp_find_answered(rs, side);

	/* "100 Continue" is none yet */
	if (!request || side->status < 200)
		return;
	side->request = request;
	side->method = rtsp_pending(rs, request);
	rs->pending[request % RTSP_PENDING_MAX] = RTSP_METHOD_NONE;
	if (side->status / 100 != 2)
		return;
	if (side->method == RTSP_METHOD_PLAY ||
	    side->method == RTSP_METHOD_RECORD)
		rs->playing = true;
	if (side->method != RTSP_METHOD_SETUP ||
	    !(side->flags & RTSP_TRANSPORT))
		return;
	if (side->flags & RTSP_TCP)
		rs->interleaved = true;
	else
		rs->datagrams = true;
}

/* End a message's head. */
static void rtsp_head_end(struct rtsp_pass *p)
{
	struct rtsp_session *rs = p->rs;
	struct rtsp_side *side = p->side;

	if (rtsp_is_http(p))
		return rtsp_stop(p, SCAN_WHY_HTTP);
	side->len = 0;
	side->flags |= RTSP_ENDED;
	if (side->flags & RTSP_REPLY && !p->from_client)
		rtsp_answer(rs, side);
	if (p->from_client && !(side->flags & RTSP_REPLY))
		appgw_rtsp_add_pending(rs, side);
	if (side->body > RTSP_BODY_MAX)
		return rtsp_stop(p, SCAN_WHY_BODY);
	side->left = side->body;
	side->at = side->left ? RTSP_AT_SKIP : RTSP_AT_START;
}

/* Read the colon behind a header's name. */
static void rtsp_colon(struct rtsp_pass *p)
{
	struct rtsp_side *side = p->side;

	side->at = RTSP_AT_VALUE;
	side->n = 0;
	side->number = 0;
	if (side->word == RTSP_HEADER_COOKIE && rtsp_is_http(p))
		return rtsp_stop(p, SCAN_WHY_TUNNEL);
	if (side->word == RTSP_HEADER_TRANSPORT)
		side->flags |= RTSP_TRANSPORT;
	if (side->word == RTSP_HEADER_SESSION) {
		side->session = 0;
		side->timeout = 0;
	}
}

/* Read a byte of a header's name, or behind it. A line without a colon is none. */
static void rtsp_name(struct rtsp_pass *p, uint8_t c)
{
	struct rtsp_side *side = p->side;

	if (side->at == RTSP_AT_NAME && (c == ':' || rtsp_is_blank(c))) {
		spell_end(rtsp_headers, ARRAY_SIZE(rtsp_headers), &side->word,
			  side->n);
		side->at = RTSP_AT_NAME_END;
	}
	if (c == '\n') {
		side->word = SPELL_UNKNOWN;
		appgw_rtsp_line_end(side);
	} else if (c == ':') {
		rtsp_colon(p);
	} else if (side->at == RTSP_AT_NAME) {
		spell_letter(rtsp_headers, ARRAY_SIZE(rtsp_headers),
			     &side->word, &side->n, span_lower(c));
	} else if (!rtsp_is_blank(c)) {
		side->word = SPELL_UNKNOWN;
		side->at = RTSP_AT_VALUE;
	}
}

/* End the header before this line, if there is one; false if nothing is read any more. */
static bool rtsp_next(struct rtsp_pass *p)
{
	if (p->side->headers)
		rtsp_header_end(p);
	return !p->rs->over;
}

/* Begin the header at offset @i. */
static void rtsp_begin_header(struct rtsp_pass *p, size_t i)
{
	struct rtsp_side *side = p->side;

	if (side->headers <= RTSP_HEADERS_MAX)
		side->headers++;
	side->flags &= ~RTSP_GONE;
	side->len = 1;
	side->word = 0;
	side->n = 0;
	p->mark = i;
}

/* Read the first byte of a line behind the first: offset @i. */
static void rtsp_header(struct rtsp_pass *p, uint8_t c, size_t i)
{
	struct rtsp_side *side = p->side;

	if (rtsp_is_blank(c)) {
		/* nothing that it could belong to */
		if (!side->headers)
			return rtsp_nonsense(p);
		side->at = RTSP_AT_VALUE;
		return appgw_rtsp_value(side, c);
	}
	if (!rtsp_next(p))
		return;
	if (c == '\n')
		return rtsp_head_end(p);
	rtsp_begin_header(p, i);
	side->at = RTSP_AT_NAME;
	rtsp_name(p, c);
}

/* Take in a byte of text, at offset @i. */
static void rtsp_text(struct rtsp_pass *p, uint8_t c, size_t i)
{
	struct rtsp_side *side = p->side;
	bool cr = side->flags & RTSP_CR;

	side->flags &= ~RTSP_CR;
	if (side->len <= RTSP_HEADER_MAX)
		side->len++;
	if (side->at == RTSP_AT_START && !cr && c != '\r') {
		rtsp_start(p, c);
		if (side->at != RTSP_AT_VERB || p->rs->over)
			return;
	}
	/* some take a CR alone for the end of a line, some don't */
	if ((cr && c != '\n') ||
	    (c < ' ' && c != '\t' && c != '\r' && c != '\n'))
		return rtsp_nonsense(p);
	if (c == '\r') {
		side->flags |= RTSP_CR;
		return;
	}
	switch (side->at) {
	case RTSP_AT_STRAY:
		if (c == '\n')
			side->at = RTSP_AT_START;
		return;
	case RTSP_AT_VERB:
		return rtsp_verb(p, c);
	case RTSP_AT_REQUEST:
		return rtsp_request(p, c);
	case RTSP_AT_STATUS:
		return rtsp_status(p, c);
	case RTSP_AT_REASON:
		if (c == '\n')
			rtsp_first_line(p);
		return;
	case RTSP_AT_HEADER:
		return rtsp_header(p, c, i);
	case RTSP_AT_NAME:
	case RTSP_AT_NAME_END:
		return rtsp_name(p, c);
	case RTSP_AT_VALUE:
		return appgw_rtsp_value(side, c);
	}
}

/**
 * appgw_rtsp_plain_len() - look for what is no plain text
 * @s: where
 * @limit: bytes below this one aren't plain
 * @stop: nor is this one
 *
 * Return: how many bytes at its start are
 */
size_t appgw_rtsp_plain_len(struct span s, uint8_t limit, uint8_t stop)
{
	const uint8_t *at = s.at, *end = s.at + s.len, *first;
	unsigned long word, hit;

	for (; end - at >= (long)sizeof(word); at += sizeof(word)) {
		word = span_word(at);
		hit = span_word_below(word, limit) | span_word_has(word, stop);
		if (!hit)
			continue;
		first = span_word_first(at, hit);
		if (first)
			return first - s.at;
		break;
	}
	while (at < end && *at >= limit && *at != stop)
		at++;
	return at - s.at;
}

/* Count the bytes at the start of @s that change nothing, wherever they are: text in
 * lines that nobody asks about, and in values up to what is looked for in them.
 */
static size_t rtsp_idle_len(const struct rtsp_side *side, struct span s)
{
	if (side->flags & RTSP_CR)
		return 0;
	switch (side->at) {
	case RTSP_AT_STRAY:
	case RTSP_AT_REASON:
		return appgw_rtsp_plain_len(s, ' ', '\n');
	case RTSP_AT_REQUEST:
		return side->n == RTSP_N_BAD ?
		       appgw_rtsp_plain_len(s, ' ' + 1, '\n') : 0;
	case RTSP_AT_VALUE:
		if (side->word == RTSP_HEADER_TRANSPORT && !side->n)
			return appgw_rtsp_plain_len(s, ' ', RTSP_LOWER_TCP[0]);
		if (side->word == RTSP_HEADER_SESSION &&
		    side->n == RTSP_SESSION_OTHER)
			return appgw_rtsp_plain_len(s, ' ', ';');
		break;
	case RTSP_AT_NAME:
	case RTSP_AT_NAME_END:
		break;
	default:
		return 0;
	}
	/* a header that nobody asks about, its name included */
	return side->word == SPELL_UNKNOWN ? appgw_rtsp_plain_len(s, ' ', '\n') : 0;
}

/* Take in @len bytes that change nothing; return how many. */
static size_t rtsp_idle(struct rtsp_side *side, size_t len)
{
	if (len > RTSP_HEADER_MAX || side->len + len > RTSP_HEADER_MAX)
		side->len = RTSP_HEADER_MAX + 1;
	else
		side->len += len;
	return len;
}

/**
 * appgw_rtsp_take_start() - take in a message's first line, as a whole
 * @p: where the reading is: between messages
 * @method: enum rtsp_method; of a reply RTSP_METHOD_NONE
 * @status: of a reply; 0 of a request
 */
void appgw_rtsp_take_start(struct rtsp_pass *p, uint8_t method, uint16_t status)
{
	*p->side = (struct rtsp_side){
		.method = method, .status = status,
		.flags = method == RTSP_METHOD_NONE ? RTSP_REPLY : 0,
	};
	rtsp_first_line(p);
}

/**
 * appgw_rtsp_take_end() - take in the empty line that ends a head
 * @p: where the reading is: behind a line of a head
 */
void appgw_rtsp_take_end(struct rtsp_pass *p)
{
	if (rtsp_next(p))
		rtsp_head_end(p);
}

/**
 * appgw_rtsp_take_header() - take in a line of a head, as a whole
 * @p: where the reading is: behind a line of a head
 * @word: enum rtsp_header, or SPELL_UNKNOWN; no cookie of HTTP's
 * @value: what is behind the colon, without the end of the line
 * @len: bytes of the line
 *
 * Return: how many of them were read: all, or one if the header before is nonsense
 */
size_t appgw_rtsp_take_header(struct rtsp_pass *p, uint8_t word, struct span value,
			      size_t len)
{
	struct rtsp_side *side = p->side;

	if (!rtsp_next(p))
		return 1;
	rtsp_begin_header(p, 0);
	side->len = 0;
	rtsp_idle(side, len);
	side->word = word;
	rtsp_colon(p);
	for (; word < RTSP_HEADER_TRANSPORT && value.len; span_skip(&value, 1))
		appgw_rtsp_value(side, value.at[0]);
	while (word == RTSP_HEADER_TRANSPORT && value.len) {
		size_t idle = rtsp_idle_len(side, value);

		if (!idle)
			appgw_rtsp_value(side, value.at[0]);
		span_skip(&value, idle ?: 1);
	}
	side->at = RTSP_AT_HEADER;
	return len;
}

/* Take in bytes of a frame or a body; return how many. */
static size_t rtsp_skip(struct rtsp_side *side, size_t len)
{
	if (len > side->left)
		len = side->left;
	side->left -= len;
	if (!side->left)
		side->at = RTSP_AT_START;
	return len;
}

/**
 * appgw_rtsp_may_announce() - does what is under way have to be kept?
 * @p: where the reading is
 *
 * Return: true if it is a header that may turn out to announce something
 */
bool appgw_rtsp_may_announce(const struct rtsp_pass *p)
{
	const struct rtsp_side *side = p->side;

	return side->at >= RTSP_AT_HEADER && side->headers &&
	       side->word == RTSP_HEADER_TRANSPORT && rtsp_counts(p);
}

/**
 * appgw_rtsp_step() - read on
 * @p: where the reading is
 * @s: the bytes
 * @i: offset of the next one
 *
 * Return: how many bytes of it were read: one, or as many as aren't looked at
 */
size_t appgw_rtsp_step(struct rtsp_pass *p, struct span s, size_t i)
{
	struct rtsp_side *side = p->side;
	size_t idle;

	side->flags &= ~RTSP_ENDED;
	if (p->rs->over)
		return s.len - i;
	if (side->at == RTSP_AT_SKIP)
		return rtsp_skip(side, s.len - i);
	idle = rtsp_idle_len(side, (struct span){ s.at + i, s.len - i });
	if (idle)
		return rtsp_idle(side, idle);
	if (side->at == RTSP_AT_FRAME)
		rtsp_frame(side, s.at[i]);
	else
		rtsp_text(p, s.at[i], i);
	return 1;
}
