// SPDX-License-Identifier: GPL-2.0-only
/* FTP: find the endpoint that PORT, EPRT, LPRT, 227, 228 and 229 announce.
 *
 * RFC 959 sections 4.1.2 and 4.2, RFC 2428 and RFC 1639. Nothing here touches an skb, a
 * lock or the heap, so the unit tests and the fuzzer link this file unchanged.
 */

#include "appgw/address.h"
#include "ftp_parse.h"

/* A line that long announces nothing that is read: offsets in it must fit 16 bits, and the
 * longest announcement with the longest text around it is far below.
 */
#define FTP_LINE_MAX	512

/* Blanks between two numbers of an address that clients read over. */
#define FTP_BLANKS_MAX	3

/* Letters of the commands that announce */
#define FTP_VERB_LEN	4

/* Tell if @c may be EPRT's and 229's delimiter: RFC 2428 section 2 allows any
 * printable character; a digit could not be told from the numbers it delimits.
 */
static bool ftp_is_delim(uint8_t c)
{
	return c >= 33 && c <= 126 && !span_is_digit(c);
}

/* Tell if only blanks follow a command's last argument. */
static bool ftp_at_end(struct span s)
{
	span_eat_blanks(&s);
	return !s.len;
}

/* Read a number up to 255 of at most three digits from @at on, which is before @end, and
 * move it behind. By pointers instead of a span: most of an announcement is such numbers.
 */
static inline bool ftp_byte(const uint8_t **at, const uint8_t *end, uint32_t *value)
{
	const uint8_t *p = *at;
	uint32_t v;

	if (!span_is_digit(*p))
		return false;
	v = *p++ - '0';
	if (p != end && span_is_digit(*p)) {
		v = v * 10 + (*p++ - '0');
		if (p != end && span_is_digit(*p)) {
			v = v * 10 + (*p++ - '0');
			if (v > 255 || (p != end && span_is_digit(*p)))
				return false;
		}
	}
	*value = v;
	*at = p;
	return true;
}

static bool ftp_eat_byte(struct span *s, uint32_t *value)
{
	const uint8_t *at = s->at;

	if (!s->len || !ftp_byte(&at, s->at + s->len, value))
		return false;
	span_skip(s, at - s->at);
	return true;
}

/* Read over blanks behind a comma. */
static noinline const uint8_t *ftp_gap(const uint8_t *at, const uint8_t *end)
{
	int i;

	for (i = 0; i < FTP_BLANKS_MAX && at != end && *at == ' '; i++)
		at++;
	return at;
}

static bool ftp_eat_hostport(struct span *s, struct endpoint *ep, bool blanks)
{
	const uint8_t *at = s->at, *end = s->at + s->len;
	/* the last number has none behind it */
	int commas = APPGW_ADDR_LEN_IPV4 + 2 - 1;
	uint64_t all = 0;
	uint32_t one;

	while (at != end && ftp_byte(&at, end, &one)) {
		all = all << 8 | one;
		if (!commas--)
			goto whole;
		if (at == end || *at++ != ',')
			break;
		if (blanks && at != end && *at == ' ')
			at = ftp_gap(at, end);
	}
	return false;

whole:

	ep->af = APPGW_AF_IPV4;
	ep->addr[0] = all >> 40;
	ep->addr[1] = all >> 32;
	ep->addr[2] = all >> 24;
	ep->addr[3] = all >> 16;
	ep->port = all;
	span_skip(s, at - s->at);
	return true;
}

/* Read "af,hal,h1,…,pal,p1,p2": RFC 1639 section 2, with the address lengths
 * that exist and the only port length that does.
 */
static bool ftp_eat_long_hostport(struct span *in, struct endpoint *ep)
{
	struct span s = *in;
	uint32_t af, len, v;
	uint32_t i;

	if (!ftp_eat_byte(&s, &af) || !span_eat_char(&s, ',') ||
	    !ftp_eat_byte(&s, &len) ||
	    !((af == 4 && len == APPGW_ADDR_LEN_IPV4) ||
	      (af == 6 && len == APPGW_ADDR_LEN_IPV6)))
		return false;
	for (i = 0; i < len; i++) {
		if (!span_eat_char(&s, ',') || !ftp_eat_byte(&s, &v))
			return false;
		ep->addr[i] = v;
	}
	if (!span_eat_char(&s, ',') || !ftp_eat_byte(&s, &v) ||
	    v != 2)
		return false;
	ep->port = 0;
	for (i = 0; i < 2; i++) {
		if (!span_eat_char(&s, ',') || !ftp_eat_byte(&s, &v))
			return false;
		ep->port = ep->port << 8 | v;
	}
	ep->af = af == 4 ? APPGW_AF_IPV4 : APPGW_AF_IPV6;
	*in = s;
	return true;
}

static bool ftp_eat_port(struct span *in, uint8_t delim, struct endpoint *ep)
{
	struct span s = *in;
	uint32_t port;

	if (!span_eat_uint(&s, 5, APPGW_PORT_MAX, &port) ||
	    !s.len || s.at[0] != delim)
		return false;

	ep->port = port;
	*in = s;
	return true;
}

/* Parse PORT and LPRT: nothing but the numbers. */
static enum ftp_line ftp_parse_port(struct span line, struct span arg,
				    enum ftp_kind kind,
				    struct ftp_announcement *ann)
{
	struct span s = arg;
	bool ok;

	ok = kind == FTP_PORT ? ftp_eat_hostport(&s, &ann->ep, false) :
				ftp_eat_long_hostport(&s, &ann->ep);
	if (!ok || !ftp_at_end(s))
		return FTP_LINE_MALFORMED;

	ann->kind = kind;
	ann->at = arg.at - line.at;
	ann->len = s.at - arg.at;
	return FTP_LINE_ANNOUNCES;
}

static enum ftp_line ftp_parse_eprt(struct span line, struct span arg,
				    struct ftp_announcement *ann)
{
	struct span s = arg, text, addr;
	uint8_t delim;
	uint32_t af;
	bool ok;

	if (!s.len || !ftp_is_delim(s.at[0]))
		return FTP_LINE_MALFORMED;
	delim = s.at[0];
	span_skip(&s, 1);

	/* a hexadecimal digit could turn up in the address that we write */
	if (span_lower(delim) >= 'a' && span_lower(delim) <= 'f')
		return FTP_LINE_MALFORMED;

	/* address family numbers: 1 is IPv4, 2 is IPv6 */
	if (!span_eat_uint(&s, 1, 2, &af) || !af || !span_eat_char(&s, delim))
		return FTP_LINE_MALFORMED;

	/* the address ends at the delimiter, even at one that could be part
	 * of an address
	 */
	text = s;
	while (s.len && s.at[0] != delim)
		span_skip(&s, 1);
	addr = text;
	addr.len = s.at - text.at;

	ann->ep.af = af == 1 ? APPGW_AF_IPV4 : APPGW_AF_IPV6;
	ok = af == 1 ? span_eat_ipv4(&addr, ann->ep.addr) :
		       span_eat_ipv6(&addr, ann->ep.addr);
	if (!ok || addr.len || !span_eat_char(&s, delim) ||
	    !ftp_eat_port(&s, delim, &ann->ep))
		return FTP_LINE_MALFORMED;

	ann->kind = FTP_EPRT;
	ann->delim = delim;
	ann->at = text.at - line.at;
	ann->len = s.at - text.at;

	span_skip(&s, 1);
	return ftp_at_end(s) ? FTP_LINE_ANNOUNCES : FTP_LINE_MALFORMED;
}

/* Parse 227 and 228. Its text is free, with parentheses or without (RFC 1123
 * section 4.1.2.6): the first six numbers in a row that stand alone are meant.
 */
static enum ftp_line ftp_parse_227(struct span line, struct span text,
				   enum ftp_kind kind,
				   struct ftp_announcement *ann)
{
	struct span s = text;

	while (s.len) {
		struct span nums = s;
		bool ok;

		if (!span_is_digit(s.at[0])) {
			span_skip(&s, 1);
			continue;
		}
		ok = kind == FTP_PASV ?
		     ftp_eat_hostport(&nums, &ann->ep, true) :
		     ftp_eat_long_hostport(&nums, &ann->ep);
		if (ok && !(nums.len && nums.at[0] == ',')) {
			ann->kind = kind;
			ann->at = s.at - line.at;
			ann->len = nums.at - s.at;
			return FTP_LINE_ANNOUNCES;
		}
		/* not from the middle of a number or a longer list */
		while (s.len && (span_is_digit(s.at[0]) || s.at[0] == ',' ||
				 (s.at[0] == ' ' && s.at[-1] == ',')))
			span_skip(&s, 1);
	}
	return FTP_LINE_MALFORMED;
}

/* Read "<d><d><d>port<d>", the port in brackets perhaps. */
static bool ftp_eat_epsv(struct span *in, struct span *port,
			 struct ftp_announcement *ann)
{
	struct span s = *in;
	uint8_t delim;
	bool bracket;

	if (!s.len || !ftp_is_delim(s.at[0]))
		return false;
	delim = s.at[0];
	if (!span_eat_char(&s, delim) || !span_eat_char(&s, delim) ||
	    !span_eat_char(&s, delim))
		return false;
	bracket = delim != '[' && span_eat_char(&s, '[');
	*port = s;
	if (!ftp_eat_port(&s, bracket ? ']' : delim, &ann->ep))
		return false;
	port->len = s.at - port->at;
	if (bracket)
		span_skip(&s, 1);
	if (!span_eat_char(&s, delim))
		return false;
	ann->delim = delim;
	*in = s;
	return true;
}

/* Parse 229: (<d><d><d>port<d>), RFC 2428 section 3. Text in front may have
 * parentheses as well, and some leave the last one away.
 */
static enum ftp_line ftp_parse_229(struct span line, struct span text,
				   struct ftp_announcement *ann)
{
	struct span s, port;

	for (s = text; s.len; span_skip(&s, 1)) {
		struct span form = s;

		if (!span_eat_char(&form, '(') ||
		    !ftp_eat_epsv(&form, &port, ann))
			continue;
		ann->kind = FTP_EPSV;
		ann->ep.af = APPGW_AF_NONE;
		ann->at = port.at - line.at;
		ann->len = port.len;
		return FTP_LINE_ANNOUNCES;
	}
	return FTP_LINE_MALFORMED;
}

/* Tell if @line, which is long enough, begins with @verb in any case: four letters, given
 * in lower case, each of which differs from a capital in one bit.
 */
static inline bool ftp_is_verb(struct span line, const char *verb)
{
	uint32_t have, want;

	memcpy(&have, line.at, FTP_VERB_LEN);
	memcpy(&want, verb, FTP_VERB_LEN);
	return (have | 0x20202020) == want;
}

/**
 * appgw_ftp_parse_command() - read one line that a client sent
 * @line: the line without its CR and LF
 * @ann: filled in for FTP_LINE_ANNOUNCES, else left in any state
 *
 * PORT (RFC 959 section 4.1.2), EPRT (RFC 2428 section 2) and LPRT (RFC 1639
 * section 2), in any case.
 *
 * Return: what the line is to us
 */
enum ftp_line appgw_ftp_parse_command(struct span line,
				      struct ftp_announcement *ann)
{
	struct span s = line;
	enum ftp_kind kind;

	if (line.len < FTP_VERB_LEN)
		return FTP_LINE_OTHER;
	if (ftp_is_verb(line, "port"))
		kind = FTP_PORT;
	else if (ftp_is_verb(line, "eprt"))
		kind = FTP_EPRT;
	else if (ftp_is_verb(line, "lprt"))
		kind = FTP_LPRT;
	else
		return FTP_LINE_OTHER;
	span_skip(&s, FTP_VERB_LEN);
	if (!span_eat_blanks(&s))
		return s.len ? FTP_LINE_OTHER : FTP_LINE_MALFORMED;
	if (line.len > FTP_LINE_MAX)
		return FTP_LINE_MALFORMED;

	memset(ann, 0, sizeof(*ann));
	return kind == FTP_EPRT ? ftp_parse_eprt(line, s, ann) :
				  ftp_parse_port(line, s, kind, ann);
}

/**
 * appgw_ftp_parse_reply() - read one line that a server sent
 * @line: the line without its CR and LF, not from inside a multi-line reply
 * @ann: filled in for FTP_LINE_ANNOUNCES, else left in any state
 *
 * Replies 227 (RFC 959 section 4.2), 229 (RFC 2428 section 3) and 228 (RFC 1639
 * section 2).
 *
 * Return: what the line is to us
 */
enum ftp_line appgw_ftp_parse_reply(struct span line,
				    struct ftp_announcement *ann)
{
	struct span s = line;
	enum ftp_kind kind;

	if (span_eat_word(&s, "227 "))
		kind = FTP_PASV;
	else if (span_eat_word(&s, "228 "))
		kind = FTP_LPSV;
	else if (span_eat_word(&s, "229 "))
		kind = FTP_EPSV;
	else
		return FTP_LINE_OTHER;
	if (line.len > FTP_LINE_MAX)
		return FTP_LINE_MALFORMED;

	memset(ann, 0, sizeof(*ann));
	return kind == FTP_EPSV ? ftp_parse_229(line, s, ann) :
				  ftp_parse_227(line, s, kind, ann);
}

/**
 * appgw_ftp_in_multiline() - follow multi-line replies
 * @code: code of the multi-line reply that is under way, 0 for none; updated
 * @line: the server's next line without its CR and LF
 *
 * RFC 959 section 4.2: "123-" opens such a reply and only "123 " at the start
 * of a line ends it, or "123" alone. What stands between is text, whatever it
 * looks like.
 *
 * Return: true if the line is text inside a multi-line reply; false for its
 * last line, which is the reply proper
 */
bool appgw_ftp_in_multiline(uint16_t *code, struct span line)
{
	uint8_t next = line.len > 3 ? line.at[3] : ' ';
	uint16_t v;

	if (line.len < 3 || line.at[0] == '0' || !span_is_digit(line.at[0]) ||
	    !span_is_digit(line.at[1]) || !span_is_digit(line.at[2]) ||
	    span_is_digit(next))
		return *code;
	v = (line.at[0] - '0') * 100 + (line.at[1] - '0') * 10 +
	    (line.at[2] - '0');
	if (*code) {
		if (v != *code || next != ' ')
			return true;
		*code = 0;
		return false;
	}
	if (next == '-') {
		*code = v;
		return true;
	}
	return false;
}

static size_t ftp_format_long(char *buf, const struct endpoint *ep)
{
	unsigned int len = ep->af == APPGW_AF_IPV4 ? APPGW_ADDR_LEN_IPV4 :
						     APPGW_ADDR_LEN_IPV6;
	unsigned int i;
	size_t n = 0;

	n += format_uint(buf + n, ep->af);
	buf[n++] = ',';
	n += format_uint(buf + n, len);
	for (i = 0; i < len; i++) {
		buf[n++] = ',';
		n += format_uint(buf + n, ep->addr[i]);
	}
	buf[n++] = ',';
	buf[n++] = '2';
	buf[n++] = ',';
	n += format_uint(buf + n, ep->port >> 8);
	buf[n++] = ',';
	n += format_uint(buf + n, ep->port & 0xff);
	return n;
}

/**
 * appgw_ftp_format() - write the text that takes an announcement's place
 * @buf: where to; FTP_TEXT_MAX bytes, not terminated
 * @kind: form of the line
 * @delim: its delimiter, for EPRT
 * @ep: the endpoint to announce
 *
 * Return: number of bytes written
 */
size_t appgw_ftp_format(char *buf, enum ftp_kind kind, uint8_t delim,
			const struct endpoint *ep)
{
	size_t n = 0;

	switch (kind) {
	case FTP_PORT:
	case FTP_PASV:
		n = format_ipv4(buf, ep->addr, ',');
		buf[n++] = ',';
		n += format_byte(buf + n, ep->port >> 8);
		buf[n++] = ',';
		n += format_byte(buf + n, ep->port & 0xff);
		break;
	case FTP_EPRT:
		n = ep->af == APPGW_AF_IPV4 ?
			format_ipv4(buf, ep->addr, '.') :
			format_ipv6(buf, ep->addr);
		buf[n++] = delim;
		n += format_uint(buf + n, ep->port);
		break;
	case FTP_EPSV:
		n = format_uint(buf, ep->port);
		break;
	case FTP_LPRT:
	case FTP_LPSV:
		n = ftp_format_long(buf, ep);
		break;
	}
	return n;
}
