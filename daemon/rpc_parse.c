// SPDX-License-Identifier: GPL-2.0-only
/* Sun RPC: read the portmapper's and rpcbind's replies.
 *
 * RFC 5531 section 9 for messages, 11 for records, RFC 1833 for what they say, RFC 5665
 * section 5.2 for universal addresses. Nothing here touches a socket or the heap.
 */

#include <netinet/in.h>

#include "../include/appgw/address.h"
#include "rpc_parse.h"

/* Of a record mark: no fragment follows. The rest is its length. */
#define RPC_LAST		0x80000000u

/* Of a message */
#define RPC_REPLY		1
#define RPC_ACCEPTED		0
#define RPC_SUCCESS		0
#define RPC_VERF_MAX		400

/* Of a list: an entry follows. */
#define RPC_MORE		1

/* Longest text of an entry */
#define RPC_TEXT_MAX		255

/* Ports below that have the length of an address, and are never opened. */
#define RPC_PORT_MIN		(RPC_ADDR_MAX + 1)

/* What a number of an address is, at most */
#define RPC_OCTET_DIGITS	3
#define RPC_OCTET_MAX		255

/**
 * struct rpc_reader - what is still to be read of a record
 * @record: the record
 * @fragment: which of its fragments is being read
 * @rest: of that
 */
struct rpc_reader {
	const struct rpc_record *record;
	unsigned int fragment;
	struct span rest;
};

/**
 * rpc_next() - take a record from a stream
 * @text: a stream that a record begins; moved behind that on success
 * @record: set
 *
 * Return: false if its end isn't there, or it is too long
 */
bool rpc_next(struct span *text, struct rpc_record *record)
{
	struct span rest = *text, piece;
	uint32_t mark;

	record->has_marks = true;
	record->fragments = 0;
	do {
		if (rest.len < RPC_WORD ||
		    record->fragments == RPC_FRAGMENTS_MAX)
			return false;
		mark = rpc_number(rest.at);
		span_skip(&rest, RPC_WORD);
		piece = (struct span){ rest.at, mark & ~RPC_LAST };
		if (piece.len > rest.len)
			return false;
		record->fragment[record->fragments++] = piece;
		span_skip(&rest, piece.len);
	} while (!(mark & RPC_LAST));
	record->unit = (struct span){ text->at, rest.at - text->at };
	if (record->unit.len > RPC_RECORD_MAX)
		return false;
	*text = rest;
	return true;
}

/**
 * rpc_datagram() - take a datagram for a record
 * @payload: all of it
 * @record: set
 */
void rpc_datagram(struct span payload, struct rpc_record *record)
{
	record->unit = payload;
	record->has_marks = false;
	record->fragments = 1;
	record->fragment[0] = payload;
}

/* Go on to the next fragment if nothing is left of this one; false if nothing is left of
 * any.
 */
static bool rpc_read_on(struct rpc_reader *r)
{
	while (!r->rest.len) {
		if (++r->fragment >= r->record->fragments)
			return false;
		r->rest = r->record->fragment[r->fragment];
	}
	return true;
}

/* Read @len bytes into @to, or skip them if that is NULL. They may be in several
 * fragments.
 */
static bool rpc_read(struct rpc_reader *r, uint8_t *to, size_t len)
{
	size_t n;

	for (; len; len -= n) {
		if (!rpc_read_on(r))
			return false;
		n = len < r->rest.len ? len : r->rest.len;
		if (to) {
			memcpy(to, r->rest.at, n);
			to += n;
		}
		span_skip(&r->rest, n);
	}
	return true;
}

static bool rpc_read_number(struct rpc_reader *r, uint32_t *number)
{
	uint8_t bytes[RPC_WORD];

	if (!rpc_read(r, bytes, sizeof(bytes)))
		return false;
	*number = rpc_number(bytes);
	return true;
}

static size_t rpc_padded(size_t len)
{
	return (len + RPC_WORD - 1) / RPC_WORD * RPC_WORD;
}

/**
 * struct rpc_text - a text that was read
 * @begin: where its first byte is
 * @whole: where it is in the payload, with its length and what fills it up
 * @len: its bytes
 * @bytes: without marks
 */
struct rpc_text {
	struct rpc_reader begin;
	struct span whole;
	size_t len;
	uint8_t bytes[RPC_TEXT_MAX];
};

static bool rpc_read_text(struct rpc_reader *r, struct rpc_text *text)
{
	const uint8_t *start;
	uint32_t len;

	if (!rpc_read_on(r))
		return false;
	start = r->rest.at;
	if (!rpc_read_number(r, &len) || len > RPC_TEXT_MAX)
		return false;
	text->begin = *r;
	text->len = len;
	if (!rpc_read(r, text->bytes, len) ||
	    !rpc_read(r, NULL, rpc_padded(len) - len))
		return false;
	text->whole = (struct span){ start, r->rest.at - start };
	return true;
}

static bool rpc_skip_text(struct rpc_reader *r)
{
	struct rpc_text text;

	return rpc_read_text(r, &text);
}

static bool rpc_is(const struct rpc_text *text, const char *word)
{
	return text->len == strlen(word) &&
	       !memcmp(text->bytes, word, text->len);
}

/* Take ".N" from the end of @text; @dot is set to where it begins. */
static bool rpc_take_octet(struct span *text, struct span *dot, uint32_t *v)
{
	struct span digits;
	size_t n = 0;

	while (n < text->len && text->at[text->len - 1 - n] != '.')
		n++;
	if (n == text->len)
		return false;
	digits = (struct span){ text->at + text->len - n, n };
	*dot = (struct span){ digits.at - 1, 1 };
	/* "010" is 8 to some readers and 10 to others */
	if (n > 1 && digits.at[0] == '0')
		return false;
	if (!span_eat_uint(&digits, RPC_OCTET_DIGITS, RPC_OCTET_MAX, v) ||
	    digits.len)
		return false;
	text->len -= n + 1;
	return true;
}

/**
 * rpc_parse_addr() - read a universal address
 * @text: "10.0.1.2.8.1", and nothing else
 * @place: its @end, @tail and @second are set on success
 *
 * Return: true if it is one of IPv4 or IPv6, in just this form
 */
bool rpc_parse_addr(struct span text, struct rpc_place *place)
{
	struct span rest = text, first, second, s;
	struct endpoint end = { .af = APPGW_AF_IPV4 };
	uint32_t high, low;

	if (text.len < RPC_ADDR_MIN || text.len > RPC_ADDR_MAX ||
	    !rpc_take_octet(&rest, &second, &low) ||
	    !rpc_take_octet(&rest, &first, &high))
		return false;
	s = rest;
	if (!span_eat_ipv4(&s, end.addr) || s.len) {
		s = rest;
		end.af = APPGW_AF_IPV6;
		if (!span_eat_ipv6(&s, end.addr) || s.len)
			return false;
	}
	end.port = high << 8 | low;
	place->end = end;
	place->tail = (struct span){ first.at, text.at + text.len - first.at };
	place->second = second;
	return true;
}

/* Find the payload's own bytes of @part of @text, up to the next mark. */
static struct span rpc_find(const struct rpc_text *text, struct span part)
{
	struct rpc_reader r = text->begin;

	if (!rpc_read(&r, NULL, part.at - text->bytes) || !rpc_read_on(&r))
		return (struct span){ NULL, 0 };
	if (part.len > r.rest.len)
		part.len = r.rest.len;
	part.at = r.rest.at;
	return part;
}

/* Read the address that a text is, which is to be replaced as a whole. */
static bool rpc_take_addr(const struct rpc_text *text, struct rpc_place *place)
{
	if (!rpc_parse_addr((struct span){ text->bytes, text->len }, place))
		return false;
	place->whole = text->whole;
	place->tail = rpc_find(text, place->tail);
	place->second = rpc_find(text, place->second);
	return true;
}

/* Read an entry of GETADDRLIST's results: address, netid, semantics, family, protocol,
 * and whether there is @more. @place gets no transport if it is none that is looked for.
 */
static bool rpc_parse_entry(struct rpc_reader *r, struct rpc_place *place,
			    uint32_t *more)
{
	struct rpc_text addr, family, proto;
	uint32_t semantics;

	memset(place, 0, sizeof(*place));
	if (!rpc_read_text(r, &addr) || !rpc_skip_text(r) ||
	    !rpc_read_number(r, &semantics) ||
	    !rpc_read_text(r, &family) || !rpc_read_text(r, &proto) ||
	    !rpc_read_number(r, more))
		return false;
	if (!rpc_take_addr(&addr, place) ||
	    !rpc_is(&family, place->end.af == APPGW_AF_IPV4 ? "inet" : "inet6"))
		return true;
	if (rpc_is(&proto, "udp"))
		place->protonum = IPPROTO_UDP;
	else if (rpc_is(&proto, "tcp"))
		place->protonum = IPPROTO_TCP;
	return true;
}

/* Read a list, behind the number that says that there is a first entry. */
static bool rpc_parse_list(struct rpc_reader *r, struct rpc_reply *reply)
{
	struct rpc_place place;
	uint32_t more;

	do {
		if (!rpc_parse_entry(r, &place, &more))
			return false;
		if (!place.protonum || reply->count == RPC_ENTRIES_MAX)
			continue;
		reply->place[reply->count++] = place;
	} while (more == RPC_MORE);
	return !more && reply->count;
}

/* Move to the results of a call that was accepted and has succeeded. */
static bool rpc_parse_header(struct rpc_reader *r)
{
	uint32_t xid, type, stat, flavor, len, accept;

	return rpc_read_number(r, &xid) &&
	       rpc_read_number(r, &type) && type == RPC_REPLY &&
	       rpc_read_number(r, &stat) && stat == RPC_ACCEPTED &&
	       rpc_read_number(r, &flavor) &&
	       rpc_read_number(r, &len) && len <= RPC_VERF_MAX &&
	       rpc_read(r, NULL, rpc_padded(len)) &&
	       rpc_read_number(r, &accept) && accept == RPC_SUCCESS;
}

/* Read a port or a universal address, which the results begin with. */
static bool rpc_parse_place(struct rpc_reader *r, struct rpc_reply *reply)
{
	struct rpc_place *place = &reply->place[0];
	struct rpc_reader behind = *r;
	struct rpc_text text;
	uint32_t number;

	memset(place, 0, sizeof(*place));
	if (!rpc_read_number(&behind, &number))
		return false;
	place->whole = (struct span){
		r->rest.at, behind.rest.at - r->rest.at,
	};
	reply->count = 1;
	reply->form = RPC_GETPORT;
	place->end.port = number;
	if (number >= RPC_PORT_MIN)
		return number <= APPGW_PORT_MAX;
	reply->form = RPC_GETADDR;
	return rpc_read_text(r, &text) && rpc_take_addr(&text, place);
}

/**
 * rpc_parse() - read a reply
 * @record: a message
 * @reply: set on success
 *
 * Return: false if it is none, or none that says where something is in one of the forms
 *	that are known
 */
bool rpc_parse(const struct rpc_record *record, struct rpc_reply *reply)
{
	struct rpc_reader r = { record, 0, record->fragment[0] }, list;
	uint32_t more;

	reply->count = 0;
	if (!rpc_parse_header(&r) || !rpc_read_on(&r))
		return false;
	list = r;
	if (rpc_read_number(&list, &more) && more == RPC_MORE) {
		reply->form = RPC_GETADDRLIST;
		return rpc_parse_list(&list, reply);
	}
	return rpc_parse_place(&r, reply);
}
