// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: find the addresses and ports in a Transport header.
 *
 * RFC 2326 section 12.39 and RFC 7826 section 18.54, and what is sent beside
 * them: "x/y" for two ports, a port behind "destination", RealNetworks' own
 * protocols, which share one port between all of their alternatives.
 * Nothing here touches a socket or the heap, so the unit tests and the fuzzer
 * link this file unchanged.
 *
 * What names the client's end and can't be read for sure spoils all of the
 * header: an alternative that still had the client's own port in it would lead
 * nowhere. Of what names the server's, less is known then.
 */

#include "../include/appgw/address.h"
#include "rtsp_parse.h"

#define RTSP_PORT_DIGITS	5
#define RTSP_CHANNEL_DIGITS	3
#define RTSP_CHANNEL_MAX	255

#define RTSP_PARAM(name, what)	{ name, sizeof(name) - 1, what }

static const struct rtsp_param {
	const char *name;
	size_t len;
	enum rtsp_what what;
} rtsp_params[] = {
	RTSP_PARAM("client_port", RTSP_CLIENT_PORT),
	RTSP_PARAM("destination", RTSP_DESTINATION),
	RTSP_PARAM("dest_addr", RTSP_DEST_ADDR),
	RTSP_PARAM("server_port", RTSP_SERVER_PORT),
	RTSP_PARAM("source", RTSP_SOURCE),
	RTSP_PARAM("src_addr", RTSP_SRC_ADDR),
	RTSP_PARAM("port", RTSP_PORT),
	RTSP_PARAM("interleaved", RTSP_INTERLEAVED),
};

/* Find a byte, as span_find() does; libc's way takes even less. */
static const uint8_t *rtsp_find(struct span s, uint8_t byte)
{
	return s.len ? memchr(s.at, byte, s.len) : NULL;
}

/* Tell if @c is as good as a blank: a header may go on in the next line. */
static bool rtsp_is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct span rtsp_trim(struct span s)
{
	while (s.len && rtsp_is_space(s.at[0]))
		span_skip(&s, 1);
	while (s.len && rtsp_is_space(s.at[s.len - 1]))
		s.len--;
	return s;
}

static bool rtsp_is_word(struct span s, const char *word)
{
	/* most are told apart by that alone */
	if (!s.len || span_lower(s.at[0]) != (uint8_t)word[0])
		return false;
	return span_eat_word(&s, word) && !s.len;
}

/* Take what is in front of the next @sep, but for those between quotation
 * marks, from @in. False if a quotation has no end.
 */
static bool rtsp_eat_item(struct span *in, uint8_t sep, struct span *item)
{
	const uint8_t *end = rtsp_find(*in, sep);
	size_t n = end ? (size_t)(end - in->at) : in->len;
	bool quoted = false;

	/* mostly there is none */
	if (rtsp_find((struct span){ in->at, n }, '"'))
		for (n = 0; n < in->len; n++) {
			if (in->at[n] == '"')
				quoted = !quoted;
			else if (in->at[n] == sep && !quoted)
				break;
		}
	if (quoted)
		return false;
	*item = rtsp_trim((struct span){ in->at, n });
	span_skip(in, n < in->len ? n + 1 : n);
	return true;
}

/* Take off the quotation marks around @s; false if there are others. */
static bool rtsp_unquote(struct span *s)
{
	if (s->len >= 2 && s->at[0] == '"' && s->at[s->len - 1] == '"') {
		span_skip(s, 1);
		s->len--;
	}
	return !rtsp_find(*s, '"');
}

/* Read a number. "010" is 8 to some readers and 10 to others. */
static bool rtsp_eat_number(struct span *s, unsigned int digits, uint32_t max,
			    uint32_t *value)
{
	if (s->len > 1 && s->at[0] == '0' && span_is_digit(s->at[1]))
		return false;
	return span_eat_uint(s, digits, max, value);
}

/* Read the @i-th port of @field. */
static bool rtsp_eat_port(struct span *s, struct rtsp_field *field,
			  unsigned int i)
{
	bool channel = field->what == RTSP_INTERLEAVED;
	struct span text = *s;
	uint32_t port;

	if (!rtsp_eat_number(s, channel ? RTSP_CHANNEL_DIGITS :
					  RTSP_PORT_DIGITS,
			     channel ? RTSP_CHANNEL_MAX : APPGW_PORT_MAX,
			     &port))
		return false;
	text.len = s->at - text.at;
	field->port[i] = port;
	field->port_text[i] = text;
	field->ports = i + 1;
	return true;
}

/* Read "x", "x-y" or "x/y". What should be a pair need not be one: cameras name
 * any two ports so.
 */
static bool rtsp_parse_ports(struct rtsp_field *field)
{
	struct span s = field->text;

	if (!rtsp_eat_port(&s, field, 0))
		return false;
	if (!s.len)
		return true;
	return (span_eat_char(&s, '-') || span_eat_char(&s, '/')) &&
	       rtsp_eat_port(&s, field, 1) && !s.len;
}

/* Read @s if it is an address. */
static bool rtsp_parse_addr(struct span s, struct rtsp_field *field)
{
	struct span rest = s;

	if (span_eat_ipv4(&rest, field->addr) && !rest.len) {
		field->af = APPGW_AF_IPV4;
		return true;
	}
	rest = s;
	if (span_eat_ipv6(&rest, field->addr) && !rest.len) {
		field->af = APPGW_AF_IPV6;
		return true;
	}
	memset(field->addr, 0, sizeof(field->addr));
	return false;
}

/* Read "host", "host:port", ":port" and "[address]:port", also without the
 * brackets where that is an address as a whole.
 */
static bool rtsp_parse_host(struct rtsp_field *field)
{
	struct span s = field->text;
	const uint8_t *end;
	bool bracket;

	if (!s.len)
		return false;
	field->addr_text = s;
	if (rtsp_parse_addr(s, field))
		return true;
	bracket = span_eat_char(&s, '[');
	end = rtsp_find(s, bracket ? ']' : ':');
	if (bracket && !end)
		return false;
	field->addr_text = (struct span){ s.at, end ? (size_t)(end - s.at) :
						      s.len };
	span_skip(&s, field->addr_text.len + bracket);
	if (field->addr_text.len && !rtsp_parse_addr(field->addr_text, field) &&
	    bracket)
		return false;
	if (bracket && field->af != APPGW_AF_IPV6)
		return false;
	if (!s.len)
		return true;
	return span_eat_char(&s, ':') && rtsp_eat_port(&s, field, 0) && !s.len;
}

static bool rtsp_has_host(enum rtsp_what what)
{
	return what == RTSP_DESTINATION || what == RTSP_SOURCE ||
	       what == RTSP_DEST_ADDR || what == RTSP_SRC_ADDR;
}

static bool rtsp_names_client(enum rtsp_what what)
{
	return what == RTSP_CLIENT_PORT || what == RTSP_DESTINATION ||
	       what == RTSP_DEST_ADDR;
}

/* Read a value into the next field; false if the header is spoiled. @place: as
 * rtsp_field.place
 */
static bool rtsp_add_field(struct rtsp_transport *t, enum rtsp_what what,
			   struct span text, unsigned int place)
{
	struct rtsp_field *field = &t->field[t->fields];

	if (t->fields == RTSP_FIELDS_MAX)
		return false;
	memset(field, 0, sizeof(*field));
	field->what = what;
	field->spec = t->specs - 1;
	field->text = text;
	field->place = place;
	if (rtsp_has_host(what) ? rtsp_parse_host(field) :
				  rtsp_parse_ports(field))
		t->fields++;
	else if (rtsp_names_client(what))
		return false;
	return true;
}

/* Read the list of RTSP 2.0: "host:port"/"host:port". */
static bool rtsp_add_list(struct rtsp_transport *t, enum rtsp_what what,
			  struct span list)
{
	unsigned int before = t->fields;
	struct span item;

	while (list.len) {
		if (!rtsp_eat_item(&list, '/', &item))
			return false;
		if (item.len < 2 || item.at[0] != '"' || !rtsp_unquote(&item))
			return !rtsp_names_client(what);
		if (!rtsp_add_field(t, what, item, t->fields != before))
			return false;
	}
	/* one for RTP and one for RTCP */
	return t->fields - before <= 2 || !rtsp_names_client(what);
}

static bool rtsp_is_repeated(const struct rtsp_transport *t,
			     enum rtsp_what what)
{
	unsigned int i;

	for (i = 0; i < t->fields; i++)
		if (t->field[i].spec == t->specs - 1 &&
		    t->field[i].what == what)
			return true;
	return false;
}

/* Find which parameter has that name; ARRAY_SIZE(rtsp_params) if none has. */
static unsigned int rtsp_find_param(struct span name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rtsp_params); i++)
		if (rtsp_params[i].len == name.len &&
		    rtsp_is_word(name, rtsp_params[i].name))
			break;
	return i;
}

static bool rtsp_parse_param(struct rtsp_transport *t, struct span param)
{
	struct span name, value;
	unsigned int i;

	if (!rtsp_eat_item(&param, '=', &name))
		return false;
	value = rtsp_trim(param);
	if (rtsp_is_word(name, "multicast"))
		t->lower[t->specs - 1] = RTSP_LOWER_MULTICAST;
	i = rtsp_find_param(name);
	/* "destination" alone asks for nothing in particular */
	if (i == ARRAY_SIZE(rtsp_params) || !value.len)
		return true;
	if (rtsp_is_repeated(t, rtsp_params[i].what))
		return false;
	if (rtsp_params[i].what == RTSP_DEST_ADDR ||
	    rtsp_params[i].what == RTSP_SRC_ADDR)
		return rtsp_add_list(t, rtsp_params[i].what, value);
	if (!rtsp_unquote(&value))
		return !rtsp_names_client(rtsp_params[i].what);
	return rtsp_add_field(t, rtsp_params[i].what, value, 0);
}

/* Read "RTP/AVP/TCP" and its like: the last part tells. */
static bool rtsp_parse_protocol(struct rtsp_transport *t, struct span s)
{
	enum rtsp_lower lower = RTSP_LOWER_UDP;
	struct span last = s;
	const uint8_t *slash;

	while ((slash = rtsp_find(last, '/')))
		span_skip(&last, slash + 1 - last.at);
	if (t->specs == RTSP_SPECS_MAX)
		return false;
	if (rtsp_is_word(last, "tcp"))
		lower = RTSP_LOWER_TCP;
	else if (rtsp_is_word(last, "mcast"))
		lower = RTSP_LOWER_MULTICAST;
	t->lower[t->specs++] = lower;
	return true;
}

/* Read what is between two commas. Some write "mode=play,record": what has no
 * protocol at its start still belongs to what is before it.
 */
static bool rtsp_parse_spec(struct rtsp_transport *t, struct span spec)
{
	struct span item;

	if (!rtsp_eat_item(&spec, ';', &item))
		return false;
	if (!item.len && !spec.len)
		return true;
	if (rtsp_find(item, '/') && !rtsp_find(item, '=')) {
		if (!rtsp_parse_protocol(t, item))
			return false;
	} else if (!t->specs || !rtsp_parse_param(t, item)) {
		return false;
	}
	while (spec.len)
		if (!rtsp_eat_item(&spec, ';', &item) ||
		    !rtsp_parse_param(t, item))
			return false;
	return true;
}

/* Find the pair that has @port of @whose. Return RTSP_PAIRS_MAX if none has. */
static unsigned int rtsp_find_pair(const struct rtsp_transport *t,
				   enum rtsp_whose whose, uint16_t port)
{
	unsigned int i;

	for (i = 0; i < t->pairs; i++)
		if (t->pair[i].whose == whose && port >= t->pair[i].base &&
		    port - t->pair[i].base < (int)t->pair[i].count)
			return i;
	return RTSP_PAIRS_MAX;
}

static bool rtsp_add_port(struct rtsp_transport *t, enum rtsp_whose whose,
			  uint16_t port, unsigned int place)
{
	unsigned int i;

	if (rtsp_find_pair(t, whose, port) != RTSP_PAIRS_MAX)
		return true;
	for (i = 0; i < t->pairs; i++) {
		struct rtsp_pair *pair = &t->pair[i];

		if (pair->whose != whose || pair->count != 1 ||
		    (port != pair->base + 1 && port + 1 != pair->base))
			continue;
		if (port < pair->base) {
			pair->base = port;
			pair->place = place;
		}
		pair->count = 2;
		return true;
	}
	if (t->pairs == RTSP_PAIRS_MAX)
		return false;
	t->pair[t->pairs++] = (struct rtsp_pair){ whose, port, 1, place };
	return true;
}

static bool rtsp_is_range(const struct rtsp_field *field)
{
	return field->ports == 2 && field->port[1] == field->port[0] + 1;
}

/* Find the pairs: first where both ports are named, so that one that is named
 * alone goes with them.
 */
static bool rtsp_find_pairs(struct rtsp_transport *t)
{
	unsigned int round, i, n;

	for (round = 0; round < 2; round++)
		for (i = 0; i < t->fields; i++) {
			const struct rtsp_field *field = &t->field[i];
			enum rtsp_whose whose = rtsp_whose(t, field);

			if (whose == RTSP_NOBODY ||
			    rtsp_is_range(field) == round)
				continue;
			for (n = 0; n < field->ports; n++)
				if (!rtsp_add_port(t, whose, field->port[n],
						   field->place ^ n))
					return false;
		}
	for (i = 0; i < t->fields; i++) {
		const struct rtsp_field *field = &t->field[i];
		enum rtsp_whose whose = rtsp_whose(t, field);

		/* overlapping ones can't both stay together */
		if (whose != RTSP_NOBODY && rtsp_is_range(field) &&
		    rtsp_find_pair(t, whose, field->port[0]) !=
		    rtsp_find_pair(t, whose, field->port[1]))
			return false;
	}
	return true;
}

/**
 * rtsp_next_header() - find a Transport header in a payload
 * @text: the payload; moved behind the header
 * @header: set to the header, with its name and the end of its last line
 *
 * The module says where one counts: this may also find what only looks like
 * one. It is complete only if what is behind it is there as well.
 *
 * Return: false if there is none any more
 */
bool rtsp_next_header(struct span *text, struct span *header)
{
	const uint8_t *nl;
	struct span s;

	while (text->len) {
		s = *text;
		*header = s;
		/* most lines are told apart by that alone */
		if (span_lower(s.at[0]) == 't' && rtsp_eat_name(&s)) {
			do {
				nl = rtsp_find(s, '\n');
				if (!nl)
					return false;
				span_skip(&s, nl + 1 - s.at);
			} while (s.len && (s.at[0] == ' ' || s.at[0] == '\t'));
			if (!s.len)
				return false;
			header->len = s.at - header->at;
			*text = s;
			return true;
		}
		nl = rtsp_find(*text, '\n');
		if (!nl)
			return false;
		span_skip(text, nl + 1 - text->at);
	}
	return false;
}

/**
 * rtsp_eat_name() - read what a Transport header begins with
 * @header: moved behind its name and colon on success
 *
 * Return: true if they were there
 */
bool rtsp_eat_name(struct span *header)
{
	struct span s = *header;

	if (!span_eat_word(&s, "transport"))
		return false;
	span_eat_blanks(&s);
	if (!span_eat_char(&s, ':'))
		return false;
	*header = s;
	return true;
}

/**
 * rtsp_parse_transport() - read a Transport header
 * @value: what is behind its colon
 * @t: filled in on success, else left in any state
 *
 * Return: true if all that may have to be changed in it is understood
 */
bool rtsp_parse_transport(struct span value, struct rtsp_transport *t)
{
	struct span spec;

	/* what is behind the counts is set when they are raised */
	t->specs = 0;
	t->fields = 0;
	t->pairs = 0;
	value = rtsp_trim(value);
	if (!value.len || value.len > RTSP_TEXT_MAX)
		return false;
	while (value.len)
		if (!rtsp_eat_item(&value, ',', &spec) ||
		    !rtsp_parse_spec(t, spec))
			return false;
	return t->specs && rtsp_find_pairs(t);
}

/**
 * rtsp_whose() - whose address and ports are these?
 * @t: the header
 * @field: one of its fields
 *
 * Return: RTSP_NOBODY if they are a group's, or not used at all because media
 * comes in the connection itself. RealNetworks' clients give their own port for
 * multicast, too
 */
enum rtsp_whose rtsp_whose(const struct rtsp_transport *t,
			   const struct rtsp_field *field)
{
	enum rtsp_lower lower = t->lower[field->spec];

	if (lower == RTSP_LOWER_TCP)
		return RTSP_NOBODY;
	switch (field->what) {
	case RTSP_CLIENT_PORT:
		return RTSP_CLIENT;
	case RTSP_DESTINATION:
	case RTSP_DEST_ADDR:
		return lower == RTSP_LOWER_UDP ? RTSP_CLIENT : RTSP_NOBODY;
	case RTSP_SERVER_PORT:
	case RTSP_SOURCE:
	case RTSP_SRC_ADDR:
		return RTSP_SERVER;
	default:
		return RTSP_NOBODY;
	}
}

/**
 * rtsp_find_flaw() - must nothing be done about a header?
 * @t: the header
 *
 * Whether its addresses are the sender's own, the module knows.
 *
 * Return: why not, RTSP_FLAW_NONE if there is no reason
 */
enum rtsp_flaw rtsp_find_flaw(const struct rtsp_transport *t)
{
	unsigned int i;

	for (i = 0; i < t->fields; i++) {
		const struct rtsp_field *field = &t->field[i];

		if (rtsp_whose(t, field) == RTSP_CLIENT &&
		    field->addr_text.len && field->af == APPGW_AF_NONE)
			return RTSP_FLAW_NAME;
	}
	for (i = 0; i < t->pairs; i++)
		if (t->pair[i].whose == RTSP_CLIENT &&
		    t->pair[i].base < APPGW_PORT_MIN)
			return RTSP_FLAW_PRIVILEGED;
	return RTSP_FLAW_NONE;
}

/* Add a piece for @text, and one for what is between it and the last one. */
static void rtsp_add_part(struct rtsp_edit *edit, struct rtsp_part part,
			  struct span text)
{
	struct span gap;

	if (!edit->parts) {
		edit->old = text;
	} else {
		gap.at = edit->old.at + edit->old.len;
		gap.len = text.at - gap.at;
		edit->part[edit->parts++] = (struct rtsp_part){
			.type = RTSP_PART_TEXT, .text = gap,
		};
		edit->old.len = text.at + text.len - edit->old.at;
	}
	edit->part[edit->parts++] = part;
}

static void rtsp_edit(const struct rtsp_transport *t, unsigned int i,
		      struct rtsp_edit *edit)
{
	const struct rtsp_field *field = &t->field[i];
	enum rtsp_whose whose = rtsp_whose(t, field);
	struct rtsp_part part;
	unsigned int n;

	memset(edit, 0, sizeof(*edit));
	edit->field = i;
	if (field->af != APPGW_AF_NONE) {
		part = (struct rtsp_part){ .type = RTSP_PART_ADDR };
		rtsp_add_part(edit, part, field->addr_text);
	}
	for (n = 0; n < field->ports; n++) {
		part = (struct rtsp_part){ .type = RTSP_PART_PORT };
		part.pair = rtsp_find_pair(t, whose, field->port[n]);
		part.offset = field->port[n] - t->pair[part.pair].base;
		rtsp_add_part(edit, part, field->port_text[n]);
	}
}

/**
 * rtsp_edits() - find what is to be replaced
 * @t: the header
 * @whose: whose addresses and ports are
 * @edits: filled in, in the order of the text
 * @max: how many there is room for
 *
 * Return: how many there are
 */
unsigned int rtsp_edits(const struct rtsp_transport *t, enum rtsp_whose whose,
			struct rtsp_edit *edits, unsigned int max)
{
	unsigned int n = 0, i;

	for (i = 0; i < t->fields && n < max; i++) {
		const struct rtsp_field *field = &t->field[i];

		if (rtsp_whose(t, field) == whose &&
		    (field->af != APPGW_AF_NONE || field->ports))
			rtsp_edit(t, i, &edits[n++]);
	}
	return n;
}
