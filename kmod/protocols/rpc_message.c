// SPDX-License-Identifier: GPL-2.0-only
/* Sun RPC: read a call to a portmapper, and see if a reply names a port.
 *
 * RFC 5531 section 9, RFC 1833 sections 2.1 and 3, RFC 5665. Nothing here touches an
 * skb, a lock or the heap: selftests/unit links this file unchanged.
 */

#include "appgw/address.h"
#include "rpc_message.h"

#define RPC_VERSION		2
#define RPC_PROGRAM		100000	/* the portmapper's own */
#define RPC_AUTH_MAX		400	/* RFC 5531 section 8.2 */
#define RPC_PORT_MAX		65535
#define RPC_TCP			6
#define RPC_UDP			17

/* Longest universal address: IPv6 with a dotted end, and the port. */
#define RPC_UADDR_MAX		53

/* Where numbers stand in a message. */
enum rpc_at {
	RPC_AT_VERSION		= 8,	/* of a call; what follows too */
	RPC_AT_PROGRAM		= 12,
	RPC_AT_PROGRAM_VERSION	= 16,
	RPC_AT_PROC		= 20,
	RPC_AT_REPLY		= 8,	/* of a reply: 0 for accepted */
};

/* Versions of the portmapper. */
enum rpc_portmap {
	RPC_PORTMAP	= 2,
	RPC_RPCBIND	= 3,
	RPC_RPCBIND_4	= 4,
};

/* Its procedures. */
enum rpc_proc {
	RPC_SET		= 1,
	RPC_UNSET	= 2,
	RPC_GETPORT	= 3,	/* from version 3 on GETADDR */
	RPC_CALLIT	= 5,	/* in version 4 BCAST */
	RPC_GETVERSADDR	= 9,
	RPC_INDIRECT	= 10,
	RPC_GETADDRLIST	= 11,
};

/**
 * struct rpc_reader - a message being read
 * @c: place in it
 * @bad: it has ended early, or what it says can't be
 */
struct rpc_reader {
	struct framed_cursor c;
	bool bad;
};

/* Read a number; 0 if there is none. */
static uint32_t rpc_read(struct rpc_reader *r)
{
	uint8_t number[4];

	if (!r->bad && appgw_framed_copy(&r->c, number, sizeof(number)) ==
		       sizeof(number))
		return rpc_number(number);
	r->bad = true;
	return 0;
}

/* Read bytes behind their number, which is at most @max, and what fills them up to four.
 * The first ones are put into @to, which has room for @size; return how many there are.
 */
static size_t rpc_read_bytes(struct rpc_reader *r, size_t max, uint8_t *to,
			     size_t size)
{
	uint32_t len = rpc_read(r), left;

	/* with marks between them they are some more */
	if (r->bad || len > max || len > r->c.rest.len) {
		r->bad = true;
		return 0;
	}
	if (size > len)
		size = len;
	left = ((len + 3) & ~3u) - size;
	if (appgw_framed_copy(&r->c, to, size) != size ||
	    appgw_framed_copy(&r->c, NULL, left) != left)
		r->bad = true;
	return len;
}

static void rpc_skip_text(struct rpc_reader *r)
{
	rpc_read_bytes(r, SIZE_MAX, NULL, 0);
}

/* Read who says it, or what proves that. */
static void rpc_skip_auth(struct rpc_reader *r)
{
	rpc_read(r);
	rpc_read_bytes(r, RPC_AUTH_MAX, NULL, 0);
}

/* Read "." and a byte in decimal, of the only form that it is written in. */
static bool rpc_eat_octet(struct span *s, uint32_t *value)
{
	if (!span_eat_char(s, '.') ||
	    (s->len > 1 && s->at[0] == '0' && span_is_digit(s->at[1])))
		return false;
	return span_eat_uint(s, 3, 255, value);
}

/* Tell if @text is a universal address with a port, "h.h.h.h.p.p" or "h:h::h.p.p". */
static bool rpc_is_uaddr(struct span text)
{
	uint8_t addr[APPGW_ADDR_LEN_IPV6];
	struct span port = { text.at, 0 };
	size_t at = text.len, dots = 0;
	uint32_t high, low;

	while (at && dots < 2)
		dots += text.at[--at] == '.';
	if (dots < 2)
		return false;
	port = (struct span){ text.at + at, text.len - at };
	text.len = at;
	if (!rpc_eat_octet(&port, &high) || !rpc_eat_octet(&port, &low) ||
	    port.len || !(high | low))
		return false;
	return (span_eat_ipv4(&text, addr) || span_eat_ipv6(&text, addr)) &&
	       !text.len;
}

/* Read a universal address; tell if it names a port. */
static bool rpc_read_uaddr(struct rpc_reader *r)
{
	uint8_t text[RPC_UADDR_MAX];
	size_t len = rpc_read_bytes(r, SIZE_MAX, text, sizeof(text));

	return !r->bad && len <= sizeof(text) &&
	       rpc_is_uaddr((struct span){ text, len });
}

/* Tell if what comes is @word. */
static bool rpc_read_word(struct rpc_reader *r, const char *word)
{
	struct rpc_reader copy = *r;
	uint8_t text[4];
	size_t len = rpc_read_bytes(&copy, sizeof(text), text, sizeof(text));

	return !copy.bad && len == strlen(word) && !memcmp(text, word, len);
}

/* Read an entry of a list; tell if it names a port for TCP or UDP. */
static bool rpc_read_entry(struct rpc_reader *r)
{
	bool is_named = rpc_read_uaddr(r);

	rpc_skip_text(r);
	rpc_read(r);
	rpc_skip_text(r);
	is_named = is_named && (rpc_read_word(r, "tcp") ||
				rpc_read_word(r, "udp"));
	rpc_skip_text(r);
	return is_named;
}

/* Read a list of addresses; tell if one of them names a port. */
static bool rpc_read_list(struct rpc_reader *r)
{
	bool any = false;
	uint32_t more;

	for (;;) {
		more = rpc_read(r);
		if (r->bad || more > 1)
			return false;
		if (!more)
			return any;
		any |= rpc_read_entry(r);
	}
}

/**
 * appgw_rpc_kind() - tell what a call asks for
 * @head: its first RPC_HEAD_LEN bytes, without marks
 *
 * Return: enum rpc_ask, but RPC_ASK_NONE
 */
enum rpc_ask appgw_rpc_kind(struct span head)
{
	uint32_t version = rpc_number(head.at + RPC_AT_PROGRAM_VERSION);

	if (rpc_number(head.at + RPC_AT_VERSION) != RPC_VERSION ||
	    rpc_number(head.at + RPC_AT_PROGRAM) != RPC_PROGRAM ||
	    version < RPC_PORTMAP || version > RPC_RPCBIND_4)
		return RPC_ASK_OTHER;
	switch (rpc_number(head.at + RPC_AT_PROC)) {
	case RPC_SET:
	case RPC_UNSET:
	case RPC_CALLIT:
		return RPC_ASK_FORBIDDEN;
	case RPC_INDIRECT:
		return version == RPC_RPCBIND_4 ? RPC_ASK_FORBIDDEN :
						  RPC_ASK_OTHER;
	case RPC_GETPORT:
		return version == RPC_PORTMAP ? RPC_ASK_PORT : RPC_ASK_ADDR;
	case RPC_GETVERSADDR:
		return version == RPC_RPCBIND_4 ? RPC_ASK_ADDR : RPC_ASK_OTHER;
	case RPC_GETADDRLIST:
		return version == RPC_RPCBIND_4 ? RPC_ASK_LIST : RPC_ASK_OTHER;
	default:
		return RPC_ASK_OTHER;
	}
}

/**
 * appgw_rpc_read_question() - read what a call asks for
 * @message: the call, whole
 * @q: with @q.proc as appgw_rpc_kind() has it, which is a question; RPC_ASK_OTHER
 *	takes its place if no server would answer it with a port that counts
 */
void appgw_rpc_read_question(struct framed_cursor message,
			     struct rpc_question *q)
{
	struct rpc_reader r = { .c = message };
	uint32_t protonum = 0;

	if (appgw_framed_copy(&r.c, NULL, RPC_HEAD_LEN) != RPC_HEAD_LEN)
		r.bad = true;
	rpc_skip_auth(&r);
	rpc_skip_auth(&r);
	q->program = rpc_read(&r);
	rpc_read(&r);
	if (q->proc == RPC_ASK_PORT) {
		protonum = rpc_read(&r);
		rpc_read(&r);
		if (protonum != RPC_TCP && protonum != RPC_UDP)
			r.bad = true;
	} else {
		/* which transport it says doesn't matter to the server, either */
		rpc_skip_text(&r);
		rpc_skip_text(&r);
		rpc_skip_text(&r);
	}
	q->protonum = protonum;
	if (!r.bad)
		return;
	q->proc = RPC_ASK_OTHER;
	q->program = 0;
	q->protonum = 0;
}

/**
 * appgw_rpc_names_port() - tell if a reply answers a question with a port
 * @message: the reply, whole
 * @proc: enum rpc_ask of the question
 *
 * Return: true if there is one that isn't 0. Which addresses it names doesn't matter
 */
bool appgw_rpc_names_port(struct framed_cursor message, uint8_t proc)
{
	struct rpc_reader r = { .c = message };
	uint32_t port;

	if (appgw_framed_copy(&r.c, NULL, RPC_AT_REPLY) != RPC_AT_REPLY ||
	    rpc_read(&r))
		return false;
	rpc_skip_auth(&r);
	if (rpc_read(&r) || r.bad)
		return false;
	switch (proc) {
	case RPC_ASK_PORT:
		port = rpc_read(&r);
		return port && port <= RPC_PORT_MAX;
	case RPC_ASK_ADDR:
		return rpc_read_uaddr(&r);
	default:
		return rpc_read_list(&r);
	}
}
