// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/msn_scan.c: which MSGs announce something, where commands end, and what
 * is no MSN at all. Named conversations, whole and cut at every place, and
 * random ones against a model.
 */

#include "models/exact.h"
#include "models/msn_model.h"
#include "models/scan_want.h"
#include "msn_scan_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	150
#define RANDOM_ITEMS	10
#define RANDOM_PARTS	8
#define RANDOM_SEED	0x5eed1863

static struct msn_model m;
static struct msn_player p;

static void begin(void)
{
	msn_model_begin(&m);
	memset(&p, 0, sizeof(p));
}

/* As if a switchboard's conversation had begun. */
static void begin_talk(void)
{
	begin();
	p.session.kind = MSN_KIND_SWITCHBOARD;
	p.session.greeted[0] = true;
	p.session.greeted[1] = true;
	m.side[0].greeted = true;
	m.side[1].greeted = true;
}

static void scan_le(uint8_t *to, uint32_t number)
{
	int i;

	for (i = 0; i < 4; i++)
		to[i] = number >> 8 * i;
}

/* Makes a P2P packet of text: its length. */
static size_t scan_packet(enum scan_form form, const void *text, size_t len,
			  uint8_t *to)
{
	size_t head = form == SCAN_V2_TLV ? 20 : 8, at = 2 * head;

	if (form <= SCAN_V1_LONG) {
		at = 48;
		memset(to, 0, at);
		to[0] = form == SCAN_V1_SESSION ? 64 : 0;
		scan_le(to + 4, 0xd1c2b3a4);
		scan_le(to + 16, len);
		scan_le(to + 24, len + (form == SCAN_V1_LONG));
	} else {
		size_t length = head + len + (form == SCAN_V2_LONG ? 5 : 0);

		memset(to, 0, at);
		to[0] = head;
		to[2] = length >> 8;
		to[3] = length;
		scan_le(to + 4, 0xd1c2b3a4);
		to[head] = head;
		to[head + 7] = form == SCAN_V2_SESSION ? 64 : 0;
	}
	memcpy(to + at, text, len);
	memset(to + at + len, 0, 4);
	return at + len + 4;
}

/* What is said in an item: its length. @to: room for SCAN_TEXT_MAX bytes */
static size_t scan_item_say(const struct scan_item *l, uint8_t *to)
{
	static uint8_t payload[SCAN_TEXT_MAX];
	size_t len = l->len, line;

	if (len > SCAN_TEXT_MAX - 300)
		exit(2);
	if (l->form == SCAN_AS_IT_IS) {
		memcpy(to, l->text, len);
		return len;
	}
	memcpy(payload, l->text, len);
	if (l->form != SCAN_MSG) {
		memcpy(payload, P2P, sizeof(P2P) - 1);
		len = sizeof(P2P) - 1;
		len += scan_packet(l->form, l->text, l->len, payload + len);
	}
	line = sprintf((char *)to, l->who == 'C' ? "MSG 7 N %zu\r\n" :
						   "MSG d@e.f D%%20E %zu\r\n",
		       len);
	memcpy(to + line, payload, len);
	return line + len;
}

static void test_case(const struct scan_case *c)
{
	uint8_t text[SCAN_TEXT_MAX];
	uint32_t random = RANDOM_SEED;
	struct msn_model_answer got;
	const char *complaint;
	size_t n, len;
	int i;

	tap_begin(c->name);
	begin();
	for (i = 0; i < SCAN_ITEMS_MAX && c->item[i].who; i++) {
		const struct scan_item *l = &c->item[i];
		bool client = l->who == 'C';
		enum msn_command said = MSN_COMMAND_NONE;

		len = scan_item_say(l, text);
		complaint = msn_model_step(&m, &p, client,
					   (struct span){ text, len }, true,
					   &random, &got);
		tap_check(!complaint, "item %d, %s: %s", i,
			  exact_text(l->text, l->len), complaint);
		if (got.invitations)
			said = got.said[got.invitations - 1].command;
		tap_check(got.count == l->count && got.why == l->why &&
			  said == l->said, "item %d, %s: %u because of %d, %d",
			  i, exact_text(l->text, l->len), got.count, got.why,
			  said);
		for (n = 0; n < got.count; n++) {
			const uint8_t *at = m.side[client].data + got.from[n];

			tap_check(!memcmp(at, "MSG ", 4),
				  "item %d: something else at %zu", i,
				  got.from[n]);
		}
	}
	tap_end();
}

/* Parts of payloads, put together at random. */
static const char * const random_parts[] = {
	"IP-Address: 10.0.0.1\r\n", "Port:6891\r\n", "PortX: 1\n",
	"Invitation-Command: INVITE\r\n", "Invitation-Command: accept\r\n",
	"Invitation-Command: CANCEL\r\n", "Invitation-Cookie: 1\r\n",
	"Invitation-Cookie: 22 \r\n", "Request-Data: IP-Address:\r\n", "\r\n",
	"\r", "a", ":", INTERNAL, "IPv4Internal-Port: 1\r\n",
	"troP-lanretnI4vPI: 1\r\n", "Listening: true\r\n", SLP,
};

static size_t random_text(char *to, uint32_t *state)
{
	int i, count = tap_random(state) % RANDOM_PARTS;
	size_t n = 0;

	for (i = 0; i < count; i++) {
		size_t which = tap_random(state) %
			       TAP_ARRAY_SIZE(random_parts);

		strcpy(to + n, random_parts[which]);
		n += strlen(random_parts[which]);
	}
	return n;
}

/* A MSG of random parts, with a byte or its length changed at times. */
static size_t random_msg(bool client, uint8_t *to, uint32_t *state)
{
	static const char * const heads[] = {
		INVITATION, INVITE, ACCEPT, CHAT,
	};
	char text[RANDOM_PARTS * sizeof(SLP) + sizeof(ACCEPT)];
	struct scan_item l = {
		client ? 'C' : 'S', SCAN_MSG, text, .len = 0,
	};
	size_t n;

	l.form = SCAN_MSG + tap_random(state) % (SCAN_V2_LONG - SCAN_MSG + 1);
	if (l.form == SCAN_MSG || tap_random(state) % 2) {
		const char *head = heads[tap_random(state) %
					 TAP_ARRAY_SIZE(heads)];

		l.form = SCAN_MSG;
		strcpy(text, head);
		l.len = strlen(head);
	}
	l.len += random_text(text + l.len, state);
	n = scan_item_say(&l, to);
	if (!(tap_random(state) % 8))
		to[tap_random(state) % n] = tap_random(state);
	return n;
}

static void test_random_msgs(void)
{
	unsigned int i, n, found = 0, invitations = 0, packets = 0;
	uint32_t state = RANDOM_SEED;
	uint8_t text[SCAN_TEXT_MAX];
	struct msn_model_answer got;
	const char *complaint;

	tap_begin("random MSGs, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		begin_talk();
		for (n = 0; n < RANDOM_ITEMS && !m.over; n++) {
			bool client = tap_random(&state) % 2;
			size_t len = random_msg(client, text, &state);

			complaint = msn_model_step(&m, &p, client,
						   (struct span){ text, len },
						   false, &state, &got);
			if (!tap_check(!complaint, "%s: %s",
				       exact_text(text, len), complaint))
				break;
			found += got.count;
			invitations += got.invitations;
			packets += got.packets;
		}
	}
	tap_check(found > RANDOM_ROUNDS / 2 && invitations > RANDOM_ROUNDS &&
		  packets > RANDOM_ROUNDS / 4,
		  "only %u announcements, %u invitations, %u packets", found,
		  invitations, packets);
	tap_end();
}

/* Items of all the cases, shuffled. */
static void test_random_items(void)
{
	unsigned int i, n, found = 0;
	uint32_t state = RANDOM_SEED;
	uint8_t text[SCAN_TEXT_MAX];
	struct msn_model_answer got;
	size_t len;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		begin();
		if (tap_random(&state) % 4)
			begin_talk();
		for (n = 0; n < RANDOM_ITEMS; n++) {
			const struct scan_case *c;
			const struct scan_item *l;
			const char *complaint;

			c = &scan_cases[tap_random(&state) %
					TAP_ARRAY_SIZE(scan_cases)];
			l = &c->item[tap_random(&state) % SCAN_ITEMS_MAX];
			/* most of what ends a conversation would do so soon */
			if (!l->who || (l->why && tap_random(&state) % 16))
				continue;
			len = scan_item_say(l, text);
			complaint = msn_model_step(&m, &p, l->who == 'C',
						   (struct span){ text, len },
						   false, &state, &got);
			if (!tap_check(!complaint, "%s: %s",
				       exact_text(text, len), complaint))
				break;
			found += got.count;
		}
	}
	tap_check(found > RANDOM_ROUNDS / 2, "only %u announcements", found);
	tap_end();
}

/* Every byte of an item changed to each of those that mean something. */
static void sweep_item(const struct scan_item *l, bool talk)
{
	static const char bytes[] = " \r\n\t\0:;019Mm\10\200";
	static const char next[] = "MSG 2 N 3\r\nabcOUT\r\n";
	struct span then = { (const uint8_t *)next, sizeof(next) - 1 };
	bool client = l->who == 'C';
	size_t len, at, i;
	uint8_t text[SCAN_TEXT_MAX];
	uint32_t state = RANDOM_SEED;
	struct msn_model_answer got;
	const char *complaint;

	len = scan_item_say(l, text);
	for (at = 0; at < len; at++) {
		uint8_t was = text[at];

		for (i = 0; i < sizeof(bytes) - 1; i++) {
			text[at] = bytes[i];
			if (talk)
				begin_talk();
			else
				begin();
			complaint = msn_model_step(&m, &p, client,
						   (struct span){ text, len },
						   false, &state, &got);
			if (!complaint)
				complaint = msn_model_step(&m, &p, client,
							   then, false, &state,
							   &got);
			tap_check(!complaint, "%s: %s", exact_text(text, len),
				  complaint);
		}
		text[at] = was;
	}
}

static void test_sweep(void)
{
	static const struct scan_item first[] = {
		TALK, NOTIFY, C("POST / HTTP"),
	}, later[] = {
		CM("Content-Type: text/x-msmsgsinvite\r\n\r\n"
		   "Invitation-Command: INVITE\nPort: 1"),
		CM("Content-Type: text/x-msmsgsinvite\r\n\r\n"
		   "Invitation-Cookie: 1\nInvitation-Command: CANCEL"),
		SM("Content-Type: application/x-msnmsgrp2p\n\n" ACK FOOT),
		SM("Content-Type: application/x-msnmsgrp2p\n\n"
		   "\10\0\0\40" "1234" "\11\1\0\0" ZERO4 "\0"
		   "IPv4Internal-Port: 1\r\n" FOOT),
		S("241 2 3\r\nMSG"), S("UBX d@e.f 3\r\nMSG"),
		C("QRY 2 a 3\r\nMSG"),
	};
	size_t i;

	tap_begin("around what counts");
	for (i = 0; i < TAP_ARRAY_SIZE(first); i++)
		sweep_item(&first[i], false);
	for (i = 0; i < TAP_ARRAY_SIZE(later); i++)
		sweep_item(&later[i], true);
	tap_end();
}

/* A MSG of @len bytes with its line. */
static void check_limit(size_t len, unsigned int count)
{
	static const char head[] = ACCEPT PORT "A: ";
	struct exact e = exact_new(len);
	uint32_t random = RANDOM_SEED;
	struct msn_model_answer got;
	const char *complaint;
	size_t line = sizeof("MSG 2 N 2034\r\n") - 1;
	char text[40];

	snprintf(text, sizeof(text), "MSG 2 N %04zu\r\n", len - line);
	memset(e.at, 'a', len);
	memcpy(e.at, text, line);
	memcpy(e.at + line, head, sizeof(head) - 1);
	begin_talk();
	complaint = msn_model_step(&m, &p, true, exact_span(&e), true, &random,
				   &got);
	tap_check(!complaint, "%zu bytes: %s", len, complaint);
	tap_check(got.count == count && got.invitations == count,
		  "%zu bytes: %u announcements", len, got.count);
	exact_free(&e);
}

/* A line of @len bytes, most of them a name. */
static void check_name(size_t len, unsigned int count)
{
	static const char end[] = " 164\r\n" OFFER;
	struct exact e = exact_new(len + 164);
	uint32_t random = RANDOM_SEED;
	struct msn_model_answer got;
	const char *complaint;

	memset(e.at, 'a', e.len);
	memcpy(e.at, "MSG d@e.f ", 10);
	memcpy(e.at + e.len - sizeof(end) + 1, end, sizeof(end) - 1);
	begin_talk();
	complaint = msn_model_step(&m, &p, false, exact_span(&e), true, &random,
				   &got);
	tap_check(!complaint, "a line of %zu: %s", len, complaint);
	tap_check(got.count == count, "a line of %zu: %u", len, got.count);
	exact_free(&e);
}

static void test_limits(void)
{
	tap_begin("a MSG of 2048 bytes");
	check_limit(2047, 1);
	check_limit(2048, 1);
	check_limit(2049, 0);
	check_limit(5000, 0);
	check_name(2048 - 164, 1);
	check_name(2049 - 164, 0);
	check_name(2049, 0);
	check_name(4000, 0);
	tap_end();
}

/* What a payload of the greatest length is followed by is read. */
static void test_payload(void)
{
	static const char line[] = "MSG 2 N 1048576\r\n";
	static const struct scan_item good = GOOD;
	struct msn_session ms;
	struct span rest = { (const uint8_t *)line, sizeof(line) - 1 };
	static uint8_t payload[1048576];
	uint8_t text[SCAN_TEXT_MAX];
	struct scan_unit unit;

	tap_begin("a payload of the greatest length");
	begin_talk();
	ms = p.session;
	appgw_msn_read(&ms, true, rest, &unit);
	tap_check(unit.len == rest.len, "%zu bytes of a line", unit.len);
	memset(payload, '\n', sizeof(payload));
	for (rest = (struct span){ payload, sizeof(payload) }; rest.len;
	     span_skip(&rest, unit.len)) {
		struct span data = { rest.at,
				     rest.len < 1460 ? rest.len : 1460 };

		appgw_msn_read(&ms, true, data, &unit);
		if (!tap_check(unit.len == data.len, "%zu of %zu", unit.len,
			       data.len))
			break;
		tap_check(!unit.why, "stopped because of %d", unit.why);
	}
	tap_check(ms.side[1].at == MSN_AT_START, "not at its end");
	rest = (struct span){ text, scan_item_say(&good, text) };
	appgw_msn_read(&ms, true, rest, &unit);
	tap_check(unit.len == rest.len, "%zu bytes behind it", unit.len);
	tap_check(unit.count == 1, "%u announcements behind it", unit.count);
	tap_end();
}

/**
 * struct want_case - a command's start, and how much of it is sure to stay
 * @fed: what has gone on already
 * @rest: what comes behind it
 * @len: how much
 */
#define WANT(fed, rest, want)	{ fed, rest, sizeof(rest) - 1, want }
#define MSG			"MSG 2 N 164\r\n"
static const struct want_case {
	const char *fed;
	const char *rest;
	size_t len;
	int want;
} want_cases[] = {
	WANT("", "M", 0), WANT("", "MS", 0),
	WANT("", "MSG", 0), WANT("", "MSG ", 0), WANT("", "MSG 2 N 164\r", 0),
	WANT("", MSG, 0), WANT("", MSG VERSION "C", 0),
	WANT("", MSG OFFER, -1), WANT("", "MSX", -1), WANT("", "N", -1),
	WANT("", "MA", -1), WANT("", "UUX 1 3\r\nM", -1),
	WANT("", "MSG 2 N 2049\r\n", -1), WANT("", "CAL 2 a\r\nM", 9),
	WANT("", "MSG 2 N 164\r\n" INVITE, 0),
	WANT("", "MSG 2 N 164\r\nContent-Type: text/p", 0),
	WANT("", "MSG 2 N 164\r\nContent-Type: text/plain\r", 0),
	WANT("", "MSG 2 N 164\r\nContent-Type: text/plain\r\n", -1),
	WANT("", "MSG 2 N 164\r\n\r\n", -1),
	WANT("", "MSG 2 N 164\r\n" P2P "\0\0\0", 0),
	WANT("", "MSG 2 N 164\r\n" P2P "\0\0\0\0", 0),
	WANT("", "MSG 2 N 164\r\n" P2P "\1\0\0\0", -1),
	WANT("", "MSG 2 N 164\r\n" P2P "\10\0\0\10", 0),
	WANT("", "MSG 2 N 164\r\n" P2P "\10\0\4\0", -1),
	WANT("", "MSG 2 N 164\r\n" P2P "\7\0\0\10", -1),
	WANT("", "MSG 2 N 164\r\n" P2P "\10\0\0\7", -1),
	WANT("M", "SG 2 N 1", -1), WANT(MSG, VERSION, -1),
	WANT("MSG 2 N 0\r\n", "M", 0), WANT(MSG OFFER, "MS", 0),
};

static void test_want(void)
{
	size_t i;

	tap_begin("how much of a command's start is sure to stay");
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		const struct want_case *c = &want_cases[i];
		struct span fed = { (const uint8_t *)c->fed, strlen(c->fed) };
		struct exact e = exact_copy(c->rest, c->len);
		struct msn_session ms;
		int want;

		begin_talk();
		ms = p.session;
		appgw_msn_feed(&ms, true, fed);
		want = scan_want(appgw_msn_read, &ms, sizeof(ms), true,
				 exact_span(&e));
		tap_check(want == c->want, "%s and %s: %d", c->fed,
			  exact_text(c->rest, c->len), want);
		ms.kind = MSN_KIND_NOTIFICATION;
		want = scan_want(appgw_msn_read, &ms, sizeof(ms), true,
				 exact_span(&e));
		tap_check(want == -1, "%s: %d in a notification's", c->rest,
			  want);
		ms.kind = MSN_KIND_SWITCHBOARD;
		ms.over = true;
		want = scan_want(appgw_msn_read, &ms, sizeof(ms), true,
				 exact_span(&e));
		tap_check(want == -1, "%s: %d when it is over", c->rest, want);
		exact_free(&e);
	}
	tap_end();
}

/* What has begun to go on announces nothing, but is read to its end. */
static void test_gone(void)
{
	static const struct scan_item items[] = {
		CM(OFFER), CM(INVITATION COMMAND("CANCEL") PORT),
		CP(V1, INTERNAL), CM(P2P ACK FOOT),
	};
	struct scan_unit unit;
	uint8_t text[SCAN_TEXT_MAX];
	struct msn_packet packet;
	struct msn_said said;
	enum scan_why why;
	size_t i, len, cut;

	tap_begin("a MSG whose start has gone on");
	for (i = 0; i < TAP_ARRAY_SIZE(items); i++) {
		len = scan_item_say(&items[i], text);
		for (cut = 1; cut < len; cut++) {
			struct exact e = exact_copy(text + cut, len - cut);
			struct msn_session ms;
			struct span rest = exact_span(&e);

			begin_talk();
			ms = p.session;
			why = appgw_msn_feed(&ms, true,
					     (struct span){ text, cut });
			appgw_msn_read(&ms, true, rest, &unit);
			tap_check(!why && unit.len == rest.len,
				  "%zu, %zu: another end", i, cut);
			tap_check(!unit.count && !unit.why,
				  "%zu, %zu: announces", i, cut);
			tap_check(appgw_msn_said(&ms, true, &said) == (i < 2),
				  "%zu, %zu: another invitation", i, cut);
			tap_check(!appgw_msn_packet(&ms, true, rest, &packet),
				  "%zu, %zu: a packet", i, cut);
			exact_free(&e);
		}
	}
	tap_end();
}

/* Takes in an item that is a unit. */
static size_t take(struct msn_session *ms, const struct scan_item *l,
		   uint8_t *text)
{
	struct span rest = { text, scan_item_say(l, text) };
	struct scan_unit unit;

	appgw_msn_read(ms, l->who == 'C', rest, &unit);
	return unit.len;
}

static void test_said(void)
{
	static const struct scan_item invite = CM(INVITE "\r\n"),
		cancel = SM(INVITATION "Invitation-Cookie:85366 \r\n"
			    "invitation-command: cancel\r\n\r\n"),
		other = SM(INVITATION COMMAND("CANCEL")
			   "Invitation-Cookie: 1\r\n\r\n"),
		none = SM(INVITATION "Invitation-Command: CANCEL\r\n"
			  "Invitation-Cookie: \r\n\r\n"),
		chat = CM(CHAT "a");
	struct msn_session ms;
	uint8_t text[SCAN_TEXT_MAX];
	struct msn_said said;
	uint32_t cookie;

	tap_begin("what an invitation was about");
	begin_talk();
	ms = p.session;
	take(&ms, &invite, text);
	tap_check(appgw_msn_said(&ms, true, &said) && said.cookie &&
		  said.command == MSN_COMMAND_INVITE, "INVITE");
	tap_check(!appgw_msn_said(&ms, false, &said), "the server's");
	appgw_msn_said(&ms, true, &said);
	cookie = said.cookie;
	take(&ms, &cancel, text);
	tap_check(appgw_msn_said(&ms, false, &said) &&
		  said.cookie == cookie && said.command == MSN_COMMAND_CANCEL,
		  "CANCEL");
	take(&ms, &other, text);
	tap_check(appgw_msn_said(&ms, false, &said) && !said.cookie,
		  "two cookies");
	take(&ms, &none, text);
	tap_check(appgw_msn_said(&ms, false, &said) && !said.cookie,
		  "no cookie");
	take(&ms, &chat, text);
	tap_check(!appgw_msn_said(&ms, true, &said), "chat");
	tap_end();
}

static void test_packet(void)
{
	static const struct scan_item ack = SM(P2P ACK FOOT),
		slp = CP(V1, INTERNAL), v2 = CP(V2, INTERNAL),
		data = CP(V1_SESSION, INTERNAL), empty = CP(V1, ""),
		no_ack = SM(P2P NO_ACK INTERNAL FOOT);
	uint8_t text[SCAN_TEXT_MAX];
	struct msn_session ms;
	struct msn_packet got;
	size_t len;

	tap_begin("what a packet was about");
	begin_talk();
	ms = p.session;
	len = take(&ms, &ack, text);
	tap_check(appgw_msn_packet(&ms, false, (struct span){ text, len },
				   &got) &&
		  got.ack && got.id == 0x04030201 && got.size == 300 &&
		  got.size_at == len - 12, "ACK");
	len = take(&ms, &no_ack, text);
	tap_check(appgw_msn_packet(&ms, false, (struct span){ text, len },
				   &got) &&
		  !got.ack && got.id == 5 && got.size == 33, "no ACK");
	len = take(&ms, &slp, text);
	tap_check(appgw_msn_packet(&ms, true, (struct span){ text, len },
				   &got) &&
		  !got.ack && got.id == 0xd1c2b3a4 && got.size == 33 &&
		  got.size_at == len - 4 - 33 - 32, "SLP");
	len = take(&ms, &empty, text);
	tap_check(appgw_msn_packet(&ms, true, (struct span){ text, len },
				   &got) && !got.ack && !got.size, "no text");
	len = take(&ms, &v2, text);
	tap_check(!appgw_msn_packet(&ms, true, (struct span){ text, len },
				    &got), "version 2");
	len = take(&ms, &data, text);
	tap_check(!appgw_msn_packet(&ms, true, (struct span){ text, len },
				    &got), "data");
	tap_end();
}

/* There is one for each connection, and copies on the stack. */
static void test_size(void)
{
	size_t size = sizeof(struct msn_session);

	tap_begin("a conversation takes 128 bytes at most");
	tap_check(size <= 128, "%zu", size);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(scan_cases) + 10);
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++)
		test_case(&scan_cases[i]);
	test_random_msgs();
	test_random_items();
	test_sweep();
	test_limits();
	test_payload();
	test_want();
	test_gone();
	test_said();
	test_packet();
	test_size();
	return tap_finish();
}
