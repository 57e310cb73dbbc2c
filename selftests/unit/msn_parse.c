// SPDX-License-Identifier: GPL-2.0-only
/* daemon/msn_parse.c: where a MSG is, what it says, and which lengths it has. */

#include "../../daemon/endpoint_text.h"
#include "../../daemon/msn_parse.h"
#include "models/exact.h"
#include "models/msn_build.h"
#include "tap.h"

#define TEXT_MAX	1200

#define COMMAND		"Invitation-Command: ACCEPT\r\n"

/**
 * struct parse_case - a text, put into a message
 * @name: the case's name
 * @kind: what message
 * @text: the text
 * @values: the fields that are found, by number; NULL if it is none that
 *	announces something
 */
static const struct parse_case {
	const char *name;
	enum msn_build_kind kind;
	const char *text;
	const char *values;
} parse_cases[] = {
	{ "an invitation", MSN_BUILD_INVITATION,
	  COMMAND "Application-GUID: {5}\r\nSession-ID:{6}\r\n"
	  "IP-Address: 10.0.1.2\r\nIP-Address-Internal:\t10.0.1.3 \r\n"
	  "Port: 1\r\nPortX: 2\r\nPortX-Internal: 3\r\n",
	  "0=ACCEPT 1={5} 2={6} 3=10.0.1.2 4=1 5=10.0.1.3 6=2 7=3 " },
	{ "one of other fields", MSN_BUILD_INVITATION,
	  "Port: a b\r\nPortX : 1\r\nListening: false\r\nIPv6-Port: 1\r\n"
	  "invitation-COMMAND: invite\r\nX:\r\n:\r\n", "0=invite 4=a b " },
	{ "fields without a value", MSN_BUILD_INVITATION,
	  COMMAND "Port:\r\nPortX: \t \r\nSession-ID:", "0=ACCEPT 2= 4= 6= " },
	{ "another command", MSN_BUILD_INVITATION,
	  "Invitation-Command: CANCEL\r\nPort: 1\r\n", NULL },
	{ "a command that begins alike", MSN_BUILD_INVITATION,
	  "Invitation-Command: ACCEPTED\r\nPort: 1\r\n", NULL },
	{ "no command", MSN_BUILD_INVITATION, "Port: 1\r\n", NULL },
	{ "nothing", MSN_BUILD_INVITATION, "", NULL },
	{ "a negotiation", MSN_BUILD_WHOLE,
	  "Listening: TRUE\r\nIPv4Internal-Addrs: a b\r\n"
	  "IPv4Internal-Port: 1\r\nIPv4External-Addrs: c\r\n"
	  "IPv4External-Port: 2\r\nIPv6-Addrs: d\r\nIPv6-Port: 3\r\n"
	  "Port: 4\r\n",
	  "8=TRUE 10=a b 11=1 12=c 13=2 22=d 23=3 " },
	{ "one that is backwards", MSN_BUILD_WHOLE,
	  "srddA-lanretnI4vPI: a\r\ntroP-lanretnI4vPI: 1\r\n"
	  "srddA-lanretxE4vPI: b\r\ntroP-lanretxE4vPI: 2\r\n",
	  "14=a 15=1 16=b 17=2 " },
	{ "other fields of one", MSN_BUILD_WHOLE,
	  "IPv4InternalAddrsAndPorts: a\r\nIPv4ExternalAddrsAndPorts: b\r\n"
	  "stroPdnAsrddAlanretnI4vPI: c\r\nstroPdnAsrddAlanretxE4vPI: d\r\n"
	  "srddA-6vPI: e\r\ntroP-6vPI: f\r\n",
	  "18=a 19=b 20=c 21=d 24=e 25=f " },
	{ "one of a client that doesn't listen", MSN_BUILD_WHOLE,
	  "Listening: false\r\nIPv6-Port: 3\r\n", NULL },
	{ "several ways to reach it", MSN_BUILD_WHOLE,
	  "Bridges: TRUDPv1 tcpv1 TURNv1\r\nIPv6-Port: 3\r\n",
	  "9=TRUDPv1 tcpv1 TURNv1 23=3 " },
	{ "one way", MSN_BUILD_WHOLE, "Bridge:TCPv1\r\nIPv6-Port: 3\r\n",
	  "9=TCPv1 23=3 " },
	{ "another way", MSN_BUILD_WHOLE,
	  "Bridge: SBBridge\r\nIPv6-Port: 3\r\n", NULL },
	{ "other ways", MSN_BUILD_V2, "Bridges: TRUDPv1 TCPv10\r\nIPv6-Port: 3",
	  NULL },
	{ "no way", MSN_BUILD_WHOLE, "Bridge: \r\nIPv6-Port: 3\r\n", NULL },
	{ "one with an empty line in it", MSN_BUILD_WHOLE,
	  "IPv6-Port: 3\r\n\r\nIPv6-Addrs: d\r\n", "23=3 " },
	{ "a field twice", MSN_BUILD_WHOLE, "IPv6-Port: 3\r\nIPv6-port: 3\r\n",
	  NULL },
	{ "the first piece", MSN_BUILD_FIRST,
	  "Listening: true\r\nIPv6-Port: 3\r\nIPv6-Addrs: 1", "8=true 23=3 " },
	{ "another piece", MSN_BUILD_LATER,
	  "80\r\n\r\nIPv6-Port: 3\r\nIPv6-Addrs: 1", "23=3 " },
	{ "the last piece", MSN_BUILD_LAST,
	  "ng: true\r\nIPv6-Port: 3\r\n\r\nIPv6-Addrs: 1", "22=1 23=3 " },
	{ "version 2", MSN_BUILD_V2, "IPv6-Port: 3\r\nIPv6-Addrs: 1",
	  "22=1 23=3 " },
	{ "the first piece of version 2", MSN_BUILD_V2_FIRST,
	  "IPv6-Port: 3\r\nIPv6-Addrs: 1", "23=3 " },
	{ "the last piece of version 2", MSN_BUILD_V2_LAST,
	  "IPv6-Port: 3\r\n\r\nIPv6-Addrs: 1", "22=1 23=3 " },
};

static bool is_inside(struct span s, const struct exact *e)
{
	return !s.at || (s.at >= e->at && s.len <= e->len &&
			 s.at - e->at <= (ptrdiff_t)(e->len - s.len));
}

static void write_values(char *to, const struct msn_message *m,
			 const struct exact *e)
{
	unsigned int i;

	*to = 0;
	for (i = 0; i < MSN_FIELDS; i++) {
		tap_check(is_inside(m->value[i], e), "field %u is elsewhere", i);
		if (m->value[i].at)
			to += sprintf(to, "%u=%.*s ", i, (int)m->value[i].len,
				      m->value[i].at);
	}
}

static unsigned int number(struct span s)
{
	char text[12] = "";

	if (s.len < sizeof(text))
		memcpy(text, s.at, s.len);
	return strtoul(text, NULL, 10);
}

/* Where the lengths are, in a message that begins with the text. */
static void check_lengths(const struct parse_case *c,
			  const struct msn_message *m, const struct exact *e)
{
	tap_check(m->unit.at == e->at && m->unit.len == e->len - 3,
		  "%zu bytes", m->unit.len);
	tap_check(m->payload.at + m->payload.len ==
		  m->unit.at + m->unit.len &&
		  number(m->payload_len) == m->payload.len &&
		  is_inside(m->payload_len, e), "another length");
	tap_check((m->type == MSN_INVITATION) ==
		  (c->kind == MSN_BUILD_INVITATION), "another type");
	tap_check(m->can_grow == !msn_build_is_fixed(c->kind), "it can%s grow",
		  m->can_grow ? "" : "'t");
	if (c->kind != MSN_BUILD_WHOLE) {
		tap_check(!m->sizes.len && !m->content_length.len,
			  "lengths that don't matter");
		return;
	}
	tap_check(m->text.at + m->text.len + 4 == e->at + e->len - 3,
		  "the text ends elsewhere");
	tap_check(m->sizes.at == m->text.at - 48 + 16 && m->sizes.len == 12,
		  "the header is elsewhere");
	tap_check(m->body.at + m->body.len == m->text.at + m->text.len &&
		  number(m->content_length) == m->body.len &&
		  is_inside(m->content_length, e), "another Content-Length");
}

static void test_case(const struct parse_case *c)
{
	static struct msn_build b;
	struct msn_message m;
	char got[TEXT_MAX];
	struct exact e;
	bool ok;

	tap_begin(c->name);
	b.len = 0;
	msn_build_message(&b, c->kind, c->text);
	msn_build_text(&b, "BYE");
	e = exact_copy(b.at, b.len);
	ok = msn_parse(exact_span(&e), &m);
	if (tap_check(ok == !!c->values, "%s", ok ? "read" : "not read") &&
	    ok) {
		write_values(got, &m, &e);
		tap_check(!strcmp(got, c->values), "%s", got);
		check_lengths(c, &m, &e);
	}
	exact_free(&e);
	tap_end();
}

/* Changes a number in a P2P header. */
static void set_number(uint8_t *at, uint64_t v, unsigned int len)
{
	for (; len; len--, v >>= 8)
		*at++ = v;
}

/**
 * struct header_case - a P2P header of version 1 that was changed
 * @at: where
 * @len: bytes that are changed
 * @v: what they become, beside the Length
 * @is_read: it is read all the same
 * @can_grow: it may grow
 */
static const struct header_case {
	const char *name;
	unsigned int at, len;
	int64_t v;
	bool is_read, can_grow;
} header_cases[] = {
	{ "TotalSize as it should be", 16, 8, 0, true, true },
	{ "a TotalSize that is too small", 16, 8, -1, false, false },
	{ "one that is larger", 16, 8, 1, true, false },
	{ "one that is much larger", 16, 8, INT64_C(1) << 32, true, false },
	{ "an Offset that is too large", 8, 8, 1, false, false },
	{ "an Offset that overflows", 8, 8, -1, false, false },
	{ "a session", 0, 4, 7, false, false },
	{ "a Length that is too large", 24, 4, 1, false, false },
	{ "a Length that is too small", 24, 4, -1, false, false },
	{ "flags", 28, 4, 0x1000000, true, true },
	{ "an acknowledgement", 32, 4, 0x1234, true, true },
};

static void test_header(const struct header_case *c)
{
	static struct msn_build b;
	struct msn_message m;
	size_t text, len;

	tap_begin(c->name);
	b.len = 0;
	msn_build_message(&b, MSN_BUILD_WHOLE, "IPv6-Port: 3\r\n");
	tap_check(msn_parse((struct span){ b.at, b.len }, &m), "not read");
	text = m.text.at - b.at;
	len = c->at == 16 || c->at == 24 ? m.text.len : 0;
	set_number(b.at + text - 48 + c->at, len + c->v, c->len);
	if (tap_check(msn_parse((struct span){ b.at, b.len }, &m) ==
		      c->is_read, "the other way") && c->is_read)
		tap_check(m.can_grow == c->can_grow, "it can%s grow",
			  m.can_grow ? "" : "'t");
	tap_end();
}

/**
 * struct v2_case - headers of version 2 that were changed
 * @at: where: the first has 8 bytes, the data's 20
 * @bytes: what is there instead
 * @len: how many
 * @is_read: it is read all the same
 * @is_last: with nothing more to come
 */
static const struct v2_case {
	const char *name;
	unsigned int at;
	const char *bytes;
	size_t len;
	bool is_read, is_last;
} v2_cases[] = {
#define V2(name, at, bytes, ...) { name, at, bytes, sizeof(bytes) - 1, __VA_ARGS__ }
	V2("headers as they should be", 0, "\10", true, true),
	V2("a header that is too short", 0, "\7", false, false),
	V2("one that is too long", 0, "\11", false, false),
	V2("a message that is too short", 2, "\0", false, false),
	V2("one that is too long", 2, "\2", false, false),
	V2("a number", 4, "\377\377\377\377", true, true),
	V2("a data header that is too short", 8, "\7", false, false),
	V2("one that is longer than all", 8, "\377", false, false),
	V2("a later piece", 9, "\0", true, true),
	V2("a session in version 2", 15, "\7", false, false),
	V2("more to come", 16, "\1\10", true, false),
	V2("more to come, behind a zero", 17, "\1\10", true, false),
	V2("more to come, behind something else", 16, "\2\0\1\10", true,
	   false),
	V2("something else", 16, "\2\4\1\10\0\0", true, true),
	V2("something that is cut", 16, "\1\13", true, true),
	V2("half of something", 27, "\1", true, true),
};

static void test_v2(const struct v2_case *c)
{
	static struct msn_build b;
	struct msn_message m;
	size_t header;
	bool ok;

	tap_begin(c->name);
	b.len = 0;
	msn_build_message(&b, MSN_BUILD_V2, "IPv6-Addrs: d\r\nIPv6-Port: 3");
	/* no NUL either */
	b.at[b.len - 5] = ' ';
	tap_check(msn_parse((struct span){ b.at, b.len }, &m), "not read");
	header = m.text.at - b.at - 28;
	memcpy(b.at + header + c->at, c->bytes, c->len);
	ok = msn_parse((struct span){ b.at, b.len }, &m);
	if (tap_check(ok == c->is_read, "the other way") && ok)
		tap_check(m.value[MSN_IPV6_ADDRS].at &&
			  !m.value[MSN_IPV6_PORT].at == !c->is_last,
			  "something else is read");
	tap_end();
}

/* Headers that reach further than all there is, or into each other. */
static void test_short(void)
{
	static struct msn_build b;
	struct msn_message m;
	uint8_t *header;
	bool ok;

	tap_begin("a short message of version 2");
	b.len = 0;
	msn_build_message(&b, MSN_BUILD_V2_LAST, "IPv6-Port: 3");
	ok = msn_parse((struct span){ b.at, b.len }, &m);
	tap_check(ok && m.value[MSN_IPV6_PORT].at, "not read");
	header = b.at + (m.text.at - b.at) - 28;
	header[8] = 255;
	tap_check(!msn_parse((struct span){ b.at, b.len }, &m),
		  "read behind its end");
	/* the data's begins in the other, and its session is 0 */
	header[0] = 4;
	header[3] += 4;
	header[4] = 24;
	memset(header + 5, 0, 7);
	tap_check(!msn_parse((struct span){ b.at, b.len }, &m),
		  "a header of 4 bytes is read");
	tap_end();
}

/* Content-Length and Content-Type of MSNSLP; the body has 15 bytes. */
static const struct slp_case {
	const char *name;
	const char *header;
	bool is_read, can_grow;
} slp_cases[] = {
#define TYPE		"Content-Type: application/x-msnmsgr-transrespbody\r\n"
#define LENGTH		"Content-Length: 15\r\n"
	{ "a header of MSNSLP", "MSNSLP/1.0 200 OK\r\n" TYPE LENGTH, true,
	  true },
	{ "a request", "INVITE MSNMSGR:bob@example.com MSNSLP/1.0\r\n" TYPE
	  LENGTH, true, true },
	{ "a reply in other words", "msnslp/1.1 \t299 \r\n" TYPE LENGTH, true,
	  true },
	{ "a reply that declines", "MSNSLP/1.0 603 Decline\r\n" TYPE LENGTH,
	  false, false },
	{ "one in other words", "msnSLP/1.0   603\n" TYPE LENGTH, false,
	  false },
	{ "a reply of failure", "MSNSLP/1.0 500 200 OK\r\n" TYPE LENGTH, false,
	  false },
	{ "a reply that isn't the last", "MSNSLP/1.0 100 Trying\r\n" TYPE
	  LENGTH, false, false },
	{ "a reply without a code", "MSNSLP/1.0\r\n" TYPE LENGTH, false, false },
	{ "a reply behind the first line", "X\r\nMSNSLP/1.0 603 Decline\r\n"
	  TYPE LENGTH, true, true },
	{ "other letters", "content-length:15\r\n"
	  "CONTENT-TYPE:APPLICATION/X-MSNMSGR-TRANSREQBODY;a=b\r\n", true,
	  true },
	{ "a longer Content-Length", TYPE "Content-Length: 16\r\n", true,
	  false },
	{ "a shorter one", TYPE "Content-Length: 14\r\n", true, false },
	{ "one that begins with 0", TYPE "Content-Length: 015\r\n", true,
	  false },
	{ "one that goes on", TYPE "Content-Length: 15 \tx\r\n", true, false },
	{ "two of them", TYPE LENGTH LENGTH, true, false },
	{ "none", TYPE, true, false },
	{ "none in a line of its own", TYPE "X: a, " LENGTH, true, false },
	{ "an empty one", TYPE "Content-Length:\r\n", true, false },
	{ "no Content-Type", LENGTH, false, false },
	{ "two Content-Types", TYPE TYPE LENGTH, false, false },
	{ "another Content-Type",
	  "Content-Type: application/x-msnmsgr-sessionreqbody\r\n" LENGTH,
	  false, false },
	{ "where a client comes from",
	  "Content-Type: application/x-msnmsgr-transdestaddrupdate\r\n" LENGTH,
	  false, false },
	{ "a Content-Type that begins alike",
	  "Content-Type: application/x-msnmsgr-transrespbody2\r\n" LENGTH,
	  false, false },
};

static void test_slp(const struct slp_case *c)
{
	static struct msn_build b, payload, slp;
	struct msn_message m;

	tap_begin(c->name);
	b.len = 0;
	payload.len = 0;
	slp.len = 0;
	msn_build_text(&slp, c->header);
	msn_build_text(&slp, "\r\nIPv6-Port: 3\r\n");
	msn_build_add(&slp, "", 1);
	msn_build_text(&payload,
		       "Content-Type: application/x-msnmsgrp2p\r\n\r\n");
	msn_build_p2p(&payload, MSN_BUILD_WHOLE, &slp);
	msn_build_msg(&b, &payload);
	if (tap_check(msn_parse((struct span){ b.at, b.len }, &m) ==
		      c->is_read, "the other way") && c->is_read)
		tap_check(m.can_grow == c->can_grow &&
			  !m.sizes.len == !c->can_grow, "it can%s grow",
			  m.can_grow ? "" : "'t");
	tap_end();
}

/* Ports and addresses; those that are none become "". */
static const struct value_case {
	const char *text;
	bool reversed;
	const char *port;
	const char *addr;
} value_cases[] = {
	{ "6891", false, ":6891", "" },
	{ "6891", true, ":1986", "" },
	{ "0007", true, ":7000", "" },
	{ "0007", false, "", "" },
	{ "1", false, ":1", "" },
	{ "65535", false, ":65535", "" },
	{ "65536", false, "", "" },
	{ "63556", true, "", "" },
	{ "99999", true, "", "" },
	{ "100000", true, "", "" },
	{ "0", false, "", "" },
	{ "", false, "", "" },
	{ "", true, "", "" },
	{ "68 91", false, "", "" },
	{ "6891 ", false, "", "" },
	{ "+6891", false, "", "" },
	{ "10.0.1.2", false, "", "10.0.1.2" },
	{ "2.1.0.01", true, "", "10.0.1.2" },
	{ "2.1.0.01", false, "", "" },
	{ "10.0.1.2:1", false, "", "" },
	{ "10.0.1", false, "", "" },
	{ "10.0.1.256", false, "", "" },
	{ "2001:db8::2", false, "", "2001:db8::2" },
	{ "2::8bd:1002", true, "", "2001:db8::2" },
	{ "2001:DB8:0:0:0:0:0:2", false, "", "2001:db8::2" },
	{ "fe80::1%2", false, "", "" },
	{ "0000000000000000000000000000000000000001:", true, "", "" },
	{ "localhost", false, "", "" },
};

static void test_values(void)
{
	char got[ENDPOINT_TEXT_MAX];
	size_t i;

	tap_begin("ports and addresses");
	for (i = 0; i < TAP_ARRAY_SIZE(value_cases); i++) {
		const struct value_case *c = &value_cases[i];
		struct exact e = exact_copy(c->text, strlen(c->text));
		struct endpoint port = { .af = APPGW_AF_NONE };
		struct endpoint addr = { .af = APPGW_AF_NONE };

		msn_parse_port(exact_span(&e), c->reversed, &port.port);
		endpoint_text(got, &port);
		tap_check(!strcmp(got, c->port), "\"%s\" is %s", c->text, got);
		msn_parse_addr(exact_span(&e), c->reversed, &addr);
		endpoint_text(got, &addr);
		tap_check(!strcmp(got, c->addr), "\"%s\" is %s", c->text, got);
		exact_free(&e);
	}
	tap_end();
}

/* Numbers that are no port's any more, and what is no number. */
static void test_beyond(void)
{
	static const struct {
		const char *text;
		bool reversed;
		bool is_beyond;
	} cases[] = {
		{ "", false, false }, { "65535", false, false },
		{ "65536", false, true }, { "72427", false, true },
		{ "72427", true, true }, { "72421", true, false },
		{ "0065535", false, false }, { "0065536", false, true },
		{ "000001", true, true }, { "4294967297", false, true },
		{ "18446744073709551617", false, true },
		{ "65536x", false, false }, { " 65536", false, false },
		{ "-65536", false, false }, { "99999999", true, true },
	};
	size_t i;

	tap_begin("numbers that are no port's");
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++) {
		struct exact e = exact_copy(cases[i].text,
					    strlen(cases[i].text));

		tap_check(msn_is_beyond(exact_span(&e), cases[i].reversed) ==
			  cases[i].is_beyond, "\"%s\"", cases[i].text);
		exact_free(&e);
	}
	tap_end();
}

static void test_lists(void)
{
	static const char * const lists[][2] = {
		{ "", "" }, { " ", "" }, { "a", "a," }, { " a ", "a," },
		{ "a b", "a,b," }, { "a \t b\t", "a,b," },
	};
	struct span list, text;
	char got[20], *to;
	size_t i;

	tap_begin("lists");
	for (i = 0; i < TAP_ARRAY_SIZE(lists); i++) {
		struct exact e = exact_copy(lists[i][0], strlen(lists[i][0]));

		list = exact_span(&e);
		to = got;
		*to = 0;
		while (msn_next_item(&list, &text))
			to += sprintf(to, "%.*s,", (int)text.len, text.at);
		tap_check(!strcmp(got, lists[i][1]), "%s", got);
		exact_free(&e);
	}
	tap_end();
}

static void test_next(void)
{
	static const struct {
		const char *text;
		const char *found;
	} cases[] = {
		{ "", "" }, { "MSG", "" }, { "MSG ", "" }, { "MSG 1", "0 " },
		{ "xMSG 1MSG 2", "1 6 " }, { "MMSG MSG MSG ", "1 5 " },
		{ "msg 1 MSG\t1", "" }, { "MSG MSGMSG x", "0 7 " },
	};
	struct span text, rest;
	char got[20], *to;
	size_t i;

	tap_begin("where one may be");
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++) {
		struct exact e = exact_copy(cases[i].text,
					    strlen(cases[i].text));

		text = exact_span(&e);
		to = got;
		*to = 0;
		while (msn_next(&text, &rest)) {
			to += sprintf(to, "%zu ", rest.at - e.at);
			tap_check(rest.at + rest.len == e.at + e.len,
				  "\"%s\": another end", cases[i].text);
		}
		tap_check(!strcmp(got, cases[i].found), "\"%s\": %s",
			  cases[i].text, got);
		exact_free(&e);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(parse_cases) + TAP_ARRAY_SIZE(header_cases) +
		 TAP_ARRAY_SIZE(v2_cases) + TAP_ARRAY_SIZE(slp_cases) + 5);
	for (i = 0; i < TAP_ARRAY_SIZE(parse_cases); i++)
		test_case(&parse_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(header_cases); i++)
		test_header(&header_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(v2_cases); i++)
		test_v2(&v2_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(slp_cases); i++)
		test_slp(&slp_cases[i]);
	test_short();
	test_values();
	test_beyond();
	test_lists();
	test_next();
	return tap_finish();
}
