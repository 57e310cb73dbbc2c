// SPDX-License-Identifier: GPL-2.0-only
/* MSN Messenger: find what a client's MSG announces.
 *
 * No standard describes it. A MSG is a line, with the length of its payload as
 * the last word, and the payload: a MIME header and what that says it is. For an
 * invitation that is lines of fields. For P2P it is a binary header, MSNSLP, which
 * looks like SIP and ends with a NUL, and a footer of 4 bytes.
 *
 * P2P has two versions. In the first a message knows how long it is, so that it
 * may become longer as long as it is in one piece. In the second all bytes ever
 * sent are numbered: its length must stay.
 *
 * Nothing here touches a socket or the heap, so the unit tests and the fuzzer
 * link this file unchanged.
 */

#include "../include/appgw/address.h"
#include "msn_parse.h"

#define MSN_WORD		"MSG "
#define MSN_WORDS		4
#define MSN_LENGTH_DIGITS	4

#define MSN_PORT_DIGITS		5

/* The header of P2P version 1; the lowest byte of a number comes first. */
#define MSN_V1_SESSION_AT	0
#define MSN_V1_OFFSET_AT	8
#define MSN_V1_TOTAL_AT		16
#define MSN_V1_LENGTH_AT	24
#define MSN_V1_LEN		48
#define MSN_V1_SIZES_LEN	12	/* TotalSize and Length */

/* Those of version 2, of variable length; the highest byte comes first. */
#define MSN_V2_MESSAGE_LEN_AT	2
#define MSN_V2_LEN_MIN		8
#define MSN_V2_DATA_FLAGS_AT	1
#define MSN_V2_DATA_SESSION_AT	4
#define MSN_V2_DATA_LEN_MIN	8
#define MSN_V2_FIRST		0x01
#define MSN_V2_REMAINING	1	/* type of what tells that there is more */

#define MSN_FOOTER_LEN		4

struct msn_name {
	const char *name;
	enum msn_what what;
};

static const struct msn_name msn_invitation_names[] = {
	{ "invitation-command", MSN_COMMAND },
	{ "application-guid", MSN_GUID },
	{ "session-id", MSN_SESSION_ID },
	{ "ip-address", MSN_IP_ADDRESS },
	{ "port", MSN_PORT },
	{ "ip-address-internal", MSN_IP_ADDRESS_INTERNAL },
	{ "portx", MSN_PORT_X },
	{ "portx-internal", MSN_PORT_X_INTERNAL },
	{ NULL, MSN_FIELDS },
};

static const struct msn_name msn_slp_names[] = {
	{ "listening", MSN_LISTENING },
	{ "bridge", MSN_BRIDGE },
	{ "bridges", MSN_BRIDGE },
	{ "ipv4internal-addrs", MSN_INTERNAL_ADDRS },
	{ "ipv4internal-port", MSN_INTERNAL_PORT },
	{ "ipv4external-addrs", MSN_EXTERNAL_ADDRS },
	{ "ipv4external-port", MSN_EXTERNAL_PORT },
	{ "srdda-lanretni4vpi", MSN_INTERNAL_ADDRS_REVERSED },
	{ "trop-lanretni4vpi", MSN_INTERNAL_PORT_REVERSED },
	{ "srdda-lanretxe4vpi", MSN_EXTERNAL_ADDRS_REVERSED },
	{ "trop-lanretxe4vpi", MSN_EXTERNAL_PORT_REVERSED },
	{ "ipv4internaladdrsandports", MSN_INTERNAL_ENDS },
	{ "ipv4externaladdrsandports", MSN_EXTERNAL_ENDS },
	{ "stropdnasrddalanretni4vpi", MSN_INTERNAL_ENDS_REVERSED },
	{ "stropdnasrddalanretxe4vpi", MSN_EXTERNAL_ENDS_REVERSED },
	{ "ipv6-addrs", MSN_IPV6_ADDRS },
	{ "ipv6-port", MSN_IPV6_PORT },
	{ "srdda-6vpi", MSN_IPV6_ADDRS_REVERSED },
	{ "trop-6vpi", MSN_IPV6_PORT_REVERSED },
	{ NULL, MSN_FIELDS },
};

/**
 * struct msn_slp - MSNSLP in a message, or a piece of it
 * @text: bytes
 * @is_first: its start is there
 * @is_last: its end is there
 */
struct msn_slp {
	struct span text;
	bool is_first;
	bool is_last;
};

static uint64_t msn_le(const uint8_t *at, unsigned int len)
{
	uint64_t v = 0;

	while (len--)
		v = v << 8 | at[len];
	return v;
}

static uint32_t msn_be(const uint8_t *at, unsigned int len)
{
	uint32_t v = 0;

	while (len--)
		v = v << 8 | *at++;
	return v;
}

static struct span msn_trim(struct span s)
{
	span_eat_blanks(&s);
	while (s.len && (s.at[s.len - 1] == ' ' || s.at[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* Take a line off, without its end. False if it has none. */
static bool msn_eat_line(struct span *in, struct span *line)
{
	const uint8_t *nl = span_find(*in, '\n');

	if (!nl)
		return false;
	line->at = in->at;
	line->len = nl - in->at;
	span_skip(in, line->len + 1);
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}

/* Read "name:", given in lower case, at the start of a line. */
static bool msn_eat_name(struct span *line, const char *name)
{
	struct span s = *line;

	if (!span_eat_word(&s, name) || !span_eat_char(&s, ':'))
		return false;
	*line = msn_trim(s);
	return true;
}

/* Read a number that is all of @s, and written as the module would. */
static bool msn_number(struct span s, unsigned int digits, uint32_t max,
		       uint32_t *v)
{
	if (s.len > 1 && s.at[0] == '0')
		return false;
	return span_eat_uint(&s, digits, max, v) && !s.len;
}

/* Take off what is in front of the next blank. */
static bool msn_eat_word(struct span *in, struct span *word)
{
	const uint8_t *blank = span_find(*in, ' ');

	word->at = in->at;
	word->len = blank ? (size_t)(blank - in->at) : in->len;
	span_skip(in, word->len);
	return word->len;
}

/* Tell if it is how a client asks for its MSG to be acknowledged. In its place a server
 * names the sender, and what such a MSG announces isn't the server's own.
 */
static bool msn_is_mode(struct span s)
{
	return s.len == 1 && memchr("UNAD", s.at[0], 4);
}

static bool msn_parse_line(struct span text, struct msn_message *m)
{
	struct span rest = text, line, word[MSN_WORDS];
	uint32_t n;
	int i;

	if (rest.len > MSN_UNIT_MAX)
		rest.len = MSN_UNIT_MAX;
	if (!msn_eat_line(&rest, &line))
		return false;
	for (i = 0; i < MSN_WORDS; i++)
		if ((i && !span_eat_char(&line, ' ')) ||
		    !msn_eat_word(&line, &word[i]))
			return false;
	if (line.len || !msn_number(word[1], 10, UINT32_MAX, &n) ||
	    !msn_is_mode(word[2]) ||
	    !msn_number(word[3], MSN_LENGTH_DIGITS, rest.len, &n))
		return false;
	m->payload_len = word[3];
	m->payload = (struct span){ rest.at, n };
	m->unit = (struct span){ text.at, rest.at + n - text.at };
	return true;
}

/* Read a header up to the empty line behind it; set @value to that of the
 * field @name, which may be missing but not there twice.
 */
static bool msn_eat_header(struct span *in, const char *name,
			   struct span *value)
{
	struct span rest = *in, line, found;

	value->at = NULL;
	value->len = 0;
	do {
		if (!msn_eat_line(&rest, &line))
			return false;
		found = line;
		if (!msn_eat_name(&found, name))
			continue;
		if (value->at)
			return false;
		*value = found;
	} while (line.len);
	*in = rest;
	return true;
}

/* Read a header likewise, for what type of content it says. */
static bool msn_eat_type(struct span *in, struct span *type)
{
	const uint8_t *end;

	if (!msn_eat_header(in, "content-type", type) || !type->at)
		return false;
	end = span_find(*type, ';');
	if (end)
		type->len = end - type->at;
	*type = msn_trim(*type);
	return true;
}

/* Read the fields in @text, up to an empty line, if those behind it don't
 * count. False if one is there twice: nobody knows which counts.
 */
static bool msn_read_fields(struct span text, const struct msn_name *names,
			    bool is_ended, bool has_end, struct msn_message *m)
{
	const struct msn_name *name;
	struct span line;

	while (text.len) {
		if (!msn_eat_line(&text, &line)) {
			if (!is_ended)
				return true;
			line = text;
			text.len = 0;
		}
		if (!line.len && has_end)
			return true;
		for (name = names; name->name; name++)
			if (msn_eat_name(&line, name->name))
				break;
		if (!name->name)
			continue;
		if (m->value[name->what].at)
			return false;
		m->value[name->what] = line;
	}
	return true;
}

static bool msn_parse_invitation(struct span text, struct msn_message *m)
{
	m->type = MSN_INVITATION;
	m->can_grow = true;
	return msn_read_fields(text, msn_invitation_names, true, true, m) &&
	       (msn_is(m->value[MSN_COMMAND], "invite") ||
		msn_is(m->value[MSN_COMMAND], "accept"));
}

/* Tell by its length if it is of version 1: nothing else does. */
static bool msn_is_v1(struct span in)
{
	return in.len >= MSN_V1_LEN + MSN_FOOTER_LEN &&
	       msn_le(in.at + MSN_V1_LENGTH_AT, sizeof(uint32_t)) ==
	       in.len - MSN_V1_LEN - MSN_FOOTER_LEN;
}

/* Find the text in a message of version 1, and in @sizes where that is said how
 * long it is, if it is in one piece. False if it isn't for MSNSLP.
 */
static bool msn_parse_v1(struct span in, struct msn_slp *slp,
			 struct span *sizes)
{
	size_t len = in.len - MSN_V1_LEN - MSN_FOOTER_LEN;
	uint64_t offset, total;

	if (msn_le(in.at + MSN_V1_SESSION_AT, sizeof(uint32_t)))
		return false;
	offset = msn_le(in.at + MSN_V1_OFFSET_AT, sizeof(uint64_t));
	total = msn_le(in.at + MSN_V1_TOTAL_AT, sizeof(uint64_t));
	if (len > total || offset > total - len)
		return false;
	slp->text = (struct span){ in.at + MSN_V1_LEN, len };
	slp->is_first = !offset;
	slp->is_last = offset + len == total;
	if (slp->is_first && slp->is_last)
		*sizes = (struct span){ in.at + MSN_V1_TOTAL_AT,
					MSN_V1_SIZES_LEN };
	return true;
}

/* Tell if a data header's list of types, lengths and values says that there is more to
 * come.
 */
static bool msn_has_remaining(struct span list)
{
	while (list.len >= 2 && list.len - 2 >= list.at[1]) {
		if (list.at[0] == MSN_V2_REMAINING)
			return true;
		/* zeroes at the end fill it up */
		span_skip(&list, list.at[0] ? 2 + list.at[1] : 1);
	}
	return false;
}

static bool msn_parse_v2(struct span in, struct msn_slp *slp)
{
	struct span data = in;
	size_t len;

	if (in.len < MSN_V2_LEN_MIN + MSN_FOOTER_LEN ||
	    in.at[0] < MSN_V2_LEN_MIN)
		return false;
	len = msn_be(in.at + MSN_V2_MESSAGE_LEN_AT, sizeof(uint16_t));
	if (in.at[0] + len + MSN_FOOTER_LEN != in.len)
		return false;
	span_skip(&data, in.at[0]);
	data.len = len;
	if (len < MSN_V2_DATA_LEN_MIN || data.at[0] < MSN_V2_DATA_LEN_MIN ||
	    data.at[0] > len ||
	    msn_be(data.at + MSN_V2_DATA_SESSION_AT, sizeof(uint32_t)))
		return false;
	slp->text = data;
	span_skip(&slp->text, data.at[0]);
	slp->is_first = data.at[MSN_V2_DATA_FLAGS_AT] & MSN_V2_FIRST;
	data.len = data.at[0];
	span_skip(&data, MSN_V2_DATA_LEN_MIN);
	slp->is_last = !msn_has_remaining(data);
	return true;
}

/* Find what may have to be changed of the lengths, if the text may grow. */
static void msn_parse_lengths(struct span header, struct span body,
			      struct span sizes, struct msn_message *m)
{
	struct span value;
	uint32_t n;

	if (!sizes.len || m->text.len > MSN_P2P_TEXT_MAX ||
	    !msn_eat_header(&header, "content-length", &value) ||
	    !msn_number(value, MSN_LENGTH_DIGITS, MSN_UNIT_MAX, &n) ||
	    n != body.len)
		return;
	m->can_grow = true;
	m->sizes = sizes;
	m->content_length = value;
	m->body = body;
}

/**
 * msn_next_item() - take the next of a list
 * @list: with blanks between its items; moved behind it
 * @text: set to the item
 *
 * Return: false if there is none any more
 */
bool msn_next_item(struct span *list, struct span *text)
{
	/* a field that isn't there */
	if (!list->len)
		return false;
	span_eat_blanks(list);
	*text = *list;
	for (text->len = 0; text->len < list->len; text->len++)
		if (list->at[text->len] == ' ' || list->at[text->len] == '\t')
			break;
	span_skip(list, text->len);
	return text->len;
}

/* Tell if the sender waits for a connection. Without a word about it, it may. */
static bool msn_is_waiting(const struct msn_message *m)
{
	struct span bridges = m->value[MSN_BRIDGE], bridge;

	if (msn_is(m->value[MSN_LISTENING], "false"))
		return false;
	while (msn_next_item(&bridges, &bridge))
		if (msn_is(bridge, "tcpv1"))
			return true;
	return !m->value[MSN_BRIDGE].at;
}

/* Tell if MSNSLP that begins so offers anything. A reply does if it is a good one: one that
 * declines may say as well where its sender would have waited.
 */
static bool msn_is_offer(struct span text)
{
	struct span line, version;

	if (!msn_eat_line(&text, &line) || !msn_eat_word(&line, &version) ||
	    !span_eat_word(&version, "msnslp/"))
		return true;
	span_eat_blanks(&line);
	return line.len && line.at[0] == '2';
}

static bool msn_parse_p2p(struct span in, struct msn_message *m)
{
	struct span sizes = { NULL, 0 }, body, type;
	struct msn_slp slp = { .is_first = false };
	const uint8_t *nul;

	m->type = MSN_P2P;
	if (!(msn_is_v1(in) ? msn_parse_v1(in, &slp, &sizes) :
			      msn_parse_v2(in, &slp)))
		return false;
	m->text = slp.text;
	body = slp.text;
	if (slp.is_first) {
		if (!msn_is_offer(body) || !msn_eat_type(&body, &type) ||
		    (!msn_is(type, "application/x-msnmsgr-transreqbody") &&
		     !msn_is(type, "application/x-msnmsgr-transrespbody")))
			return false;
		msn_parse_lengths(slp.text, body, sizes, m);
	}
	nul = span_find(body, 0);
	if (nul)
		body.len = nul - body.at;
	return msn_read_fields(body, msn_slp_names, slp.is_last, slp.is_first,
			       m) && msn_is_waiting(m);
}

/**
 * msn_next() - find what may be a MSG
 * @text: the payload of a segment; moved behind what is found
 * @rest: set to all from there on
 *
 * Nothing tells where the payload of one ends without having read all before
 * it, but the module, which knows, lets nothing be planned elsewhere. So they
 * may be looked for anywhere.
 *
 * Return: false if there is none any more
 */
bool msn_next(struct span *text, struct span *rest)
{
	size_t len = sizeof(MSN_WORD) - 1;
	const uint8_t *at;

	while (text->len > len) {
		at = span_find(*text, MSN_WORD[0]);
		if (!at)
			return false;
		span_skip(text, at - text->at);
		if (text->len <= len)
			return false;
		*rest = *text;
		span_skip(text, 1);
		if (!memcmp(at, MSN_WORD, len))
			return true;
	}
	return false;
}

/**
 * msn_parse() - read a MSG
 * @text: what begins with it
 * @m: filled in on success, else left in any state
 *
 * Return: true if all of it is there, a client says it, and it is of a kind that
 * announces something
 */
bool msn_parse(struct span text, struct msn_message *m)
{
	struct span rest, type;

	memset(m, 0, sizeof(*m));
	if (!msn_parse_line(text, m))
		return false;
	rest = m->payload;
	if (!msn_eat_type(&rest, &type))
		return false;
	if (msn_is(type, "text/x-msmsgsinvite"))
		return msn_parse_invitation(rest, m);
	return msn_is(type, "application/x-msnmsgrp2p") &&
	       msn_parse_p2p(rest, m);
}

/* Copy @text backwards; false if it is too long. */
static bool msn_reverse(struct span *text, uint8_t *to, size_t max)
{
	size_t i;

	if (text->len > max)
		return false;
	for (i = 0; i < text->len; i++)
		to[i] = text->at[text->len - 1 - i];
	text->at = to;
	return true;
}

/**
 * msn_parse_port() - read a port
 * @text: the number
 * @reversed: its last digit comes first
 * @port: set on success
 *
 * Return: true if all of it is one, written as the module would
 */
bool msn_parse_port(struct span text, bool reversed, uint16_t *port)
{
	uint8_t copy[MSN_PORT_DIGITS];
	uint32_t v;

	if ((reversed && !msn_reverse(&text, copy, sizeof(copy))) ||
	    !msn_number(text, MSN_PORT_DIGITS, APPGW_PORT_MAX, &v) || !v)
		return false;
	*port = v;
	return true;
}

/**
 * msn_is_beyond() - is this the number of a port that there isn't?
 * @text: what stands where a port should
 * @reversed: its last digit comes first
 *
 * Some readers cut such a number off, and take it for another port.
 *
 * Return: true if all of it are digits, and they come to more than a port's
 */
bool msn_is_beyond(struct span text, bool reversed)
{
	uint32_t v = 0;
	size_t i;

	for (i = 0; i < text.len; i++) {
		uint8_t c = text.at[reversed ? text.len - 1 - i : i];

		if (!span_is_digit(c))
			return false;
		if (v <= APPGW_PORT_MAX)
			v = v * 10 + (c - '0');
	}
	return v > APPGW_PORT_MAX;
}

/**
 * msn_parse_addr() - read an address
 * @text: an address and nothing else
 * @reversed: its last character comes first
 * @ep: its address is set on success
 *
 * Return: true if it is one
 */
bool msn_parse_addr(struct span text, bool reversed, struct endpoint *ep)
{
	uint8_t copy[APPGW_ADDR_TEXT_MAX];
	struct span s;

	if (reversed && !msn_reverse(&text, copy, sizeof(copy)))
		return false;
	s = text;
	if (span_eat_ipv4(&s, ep->addr) && !s.len) {
		ep->af = APPGW_AF_IPV4;
		return true;
	}
	s = text;
	if (span_eat_ipv6(&s, ep->addr) && !s.len) {
		ep->af = APPGW_AF_IPV6;
		return true;
	}
	return false;
}

/**
 * msn_parse_end() - read an address and a port
 * @text: "10.0.1.2:6891" and nothing else
 * @reversed: its last character comes first
 * @ep: set on success
 * @colon: set to what is between the two
 *
 * Return: true if they are IPv4's: what others look like is unknown
 */
bool msn_parse_end(struct span text, bool reversed, struct endpoint *ep,
		   struct span *colon)
{
	const uint8_t *at = span_find(text, ':');
	struct span first, second;

	if (!at)
		return false;
	*colon = (struct span){ at, 1 };
	first = (struct span){ text.at, at - text.at };
	second = (struct span){ at + 1, text.len - first.len - 1 };
	return msn_parse_addr(reversed ? second : first, reversed, ep) &&
	       ep->af == APPGW_AF_IPV4 &&
	       msn_parse_port(reversed ? first : second, reversed, &ep->port);
}
