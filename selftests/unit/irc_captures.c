// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/irc_scan.c and daemon/irc_parse.c read captures of real conversations:
 * as they came and cut anew at random, they find exactly the announcements that
 * tshark 4.0 finds with
 *
 *	tshark -r FILE -Y 'irc contains "DCC "'
 */

#include <arpa/inet.h>

#include "../../daemon/irc_parse.h"
#include "../../kmod/protocols/irc_scan.h"
#include "models/capture_files.h"
#include "models/exact.h"
#include "tap.h"

#define FOUND_MAX	4
#define LINE_MAX_BYTES	16384
#define ROUNDS		20
#define RANDOM_SEED	0x5eedca97

/* An announcement, as tshark shows it. */
struct shown {
	const char *kind;
	const char *addr;
	uint16_t port;
};

/**
 * struct capture - a file
 * @port: the server's
 * @middle: it begins in the middle of a conversation, after the registration
 * @lines: lines in it, both directions
 * @stop: why the conversation is given up, SCAN_WHY_NONE if it isn't
 * @why_missed: why what tshark lists beside @found announces nothing
 * @found: the announcements that must be found
 */
static const struct capture {
	const char *name;
	uint16_t port;
	bool middle;
	unsigned int lines;
	enum scan_why stop;
	const char *why_missed;
	struct shown found[FOUND_MAX];
} captures[] = {
	{ .name = "ndpi-irc.pcap", .port = 8000, .lines = 85 },
	{ .name = "zeek-irc-353.pcap", .port = 6666, .lines = 1,
	  .stop = SCAN_WHY_NOT_CLIENT },
	{ .name = "zeek-irc-basic.pcap", .port = 6667, .lines = 64 },
	{ .name = "zeek-irc-dcc-send-malformed-host.pcap", .port = 6667,
	  .lines = 1, .stop = SCAN_WHY_NOT_SERVER,
	  .why_missed = "a server says PRIVMSG first" },
	{ .name = "zeek-irc-dcc-send-malformed-port.pcap", .port = 6667,
	  .middle = true, .lines = 1,
	  .why_missed = "DCC in plain text, without a mark before it" },
	{ .name = "zeek-irc-dcc-send.pcapng", .port = 6667, .lines = 121,
	  .found = { { "dcc_send", "10.0.0.7", 59130 },
		     { "dcc_chat", "10.0.0.7", 59214 } } },
	{ .name = "zeek-irc-whitespace.pcap", .port = 6667, .lines = 64 },
};

/**
 * struct side - one direction of a conversation
 * @line: the line under way
 * @len: its length so far
 * @gone: how much of it has gone on
 */
struct side {
	uint8_t line[LINE_MAX_BYTES];
	size_t len;
	size_t gone;
};

/**
 * struct reader - what is read of a conversation
 * @is: the session
 * @side: both directions
 * @lines: lines so far
 * @count: announcements so far
 * @stop: why the conversation was given up
 */
struct reader {
	struct irc_session is;
	struct side side[2];
	unsigned int lines;
	unsigned int count;
	enum scan_why stop;
};

/* What the daemon makes of an announcement. */
static void check_offer(struct reader *r, const struct capture *c,
			struct span text)
{
	const struct shown *want = &c->found[r->count];
	char addr[INET6_ADDRSTRLEN] = "";
	struct irc_offer offer;
	size_t n = 1;

	while (n < text.len && text.at[n] != 1 && text.at[n] != '\r' &&
	       text.at[n] != '\n')
		n++;
	text.len = n;
	if (!tap_check(r->count < FOUND_MAX && want->kind,
		       "more than announced: %s", exact_text(text.at, n)) ||
	    !tap_check(irc_parse_offer(text, &offer), "not understood: %s",
		       exact_text(text.at, n)))
		return;
	inet_ntop(offer.end.af == APPGW_AF_IPV6 ? AF_INET6 : AF_INET,
		  offer.end.addr, addr, sizeof(addr));
	tap_check(!strcmp(offer.kind, want->kind) &&
		  !strcmp(addr, want->addr) && offer.end.port == want->port,
		  "%s to %s port %u", offer.kind, addr, offer.end.port);
	r->count++;
}

/* Bytes that came, with at most one line's end among them, the last one. */
static void read_bytes(struct reader *r, const struct capture *c, bool client,
		       const uint8_t *data, size_t len)
{
	struct side *s = &r->side[client];
	struct scan_unit unit;
	struct span rest;
	struct exact e;
	unsigned int i;

	if (!tap_check(s->len + len <= sizeof(s->line), "a line is too long"))
		return;
	memcpy(s->line + s->len, data, len);
	s->len += len;
	e = exact_copy(s->line + s->gone, s->len - s->gone);
	rest = exact_span(&e);
	appgw_irc_read(&r->is, client, rest, &unit);
	tap_check(unit.len == (data[len - 1] == '\n' ? rest.len : 0),
		  "a line of %zu of %zu bytes", unit.len, rest.len);
	if (unit.len) {
		for (i = 0; i < unit.count; i++)
			check_offer(r, c, (struct span){
				    rest.at + unit.at[i],
				    rest.len - unit.at[i] });
		s->len = s->gone = 0;
		r->lines++;
	} else {
		if (unit.safe >= 0)
			rest.len = unit.safe;
		unit.why = appgw_irc_feed(&r->is, client, rest);
		s->gone += rest.len;
	}
	exact_free(&e);
	if (unit.why)
		r->stop = unit.why;
}

/* In pieces of at most @max bytes, at random; 0: as they came. */
static void read_capture(struct reader *r, const struct capture *c,
			 const struct pcap *p, size_t max, uint32_t *random)
{
	int n;

	memset(r, 0, sizeof(*r));
	if (c->middle)
		r->is = (struct irc_session){
			.registered = true, .greeted = { true, true },
		};
	for (n = 0; n < p->pieces; n++) {
		const struct pcap_piece *piece = &p->piece[n];
		size_t at = 0, len;

		tap_check(!piece->gap, "bytes are missing");
		while (at < piece->len) {
			const uint8_t *nl = memchr(piece->data + at, '\n',
						   piece->len - at);

			len = piece->len - at;
			if (nl)
				len = nl + 1 - (piece->data + at);
			if (max && len > 1)
				len = 1 + tap_random(random) %
				      (len < max ? len : max);
			read_bytes(r, c, !piece->reply, piece->data + at, len);
			at += len;
		}
	}
}

static void check_capture(const struct reader *r, const struct capture *c)
{
	unsigned int n = 0;

	while (n < FOUND_MAX && c->found[n].kind)
		n++;
	tap_check(r->count == n, "%u announcements of %u", r->count, n);
	tap_check(r->stop == c->stop, "given up for reason %d, not %d",
		  r->stop, c->stop);
	tap_check(r->is.registered == !c->stop, "registration not seen");
	tap_check(r->lines == c->lines, "%u lines of %u", r->lines, c->lines);
}

static void read_and_check(const struct pcap *p, const struct capture *c)
{
	static const size_t sizes[] = { 1, 3, 17, 80 };
	uint32_t random = RANDOM_SEED;
	static struct reader r;
	unsigned int round;

	read_capture(&r, c, p, 0, &random);
	check_capture(&r, c);
	for (round = 0; round < ROUNDS; round++) {
		read_capture(&r, c, p, sizes[round % TAP_ARRAY_SIZE(sizes)],
			     &random);
		check_capture(&r, c);
	}
}

static void test_capture(const struct capture *c)
{
	static struct pcap p;

	if (capture_begin(&p, c->name, c->port))
		read_and_check(&p, c);
	capture_end(&p);
}

int main(void)
{
	size_t i;

	if (!capture_files_found())
		return 0;
	tap_plan(TAP_ARRAY_SIZE(captures));
	for (i = 0; i < TAP_ARRAY_SIZE(captures); i++)
		test_capture(&captures[i]);
	return tap_finish();
}
