// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/rtsp_scan.c: which headers announce something, and what is no RTSP at
 * all. Named conversations, whole and cut at every place, and random ones
 * against a model.
 */

#include "models/exact.h"
#include "models/rtsp_model.h"
#include "models/scan_want.h"
#include "rtsp_scan_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	4000
#define RANDOM_ITEMS	12
#define RANDOM_SEED	0x5eed5254

/* Longest item of which every byte is changed. */
#define SWEEP_MAX	120

static struct rtsp_model m;
static struct rtsp_player p;

static void begin(void)
{
	rtsp_model_begin(&m);
	memset(&p, 0, sizeof(p));
}

static struct span item_span(const struct scan_item *l)
{
	return (struct span){ (const uint8_t *)l->text, l->len };
}

static void test_case(const struct scan_case *c)
{
	uint32_t random = RANDOM_SEED;
	struct rtsp_model_answer got;
	const char *complaint;
	size_t n;
	int i;

	tap_begin(c->name);
	begin();
	for (i = 0; i < SCAN_ITEMS_MAX && c->item[i].who; i++) {
		const struct scan_item *l = &c->item[i];
		bool client = l->who == 'C';

		complaint = rtsp_model_step(&m, &p, client, item_span(l), true,
					    &random, &got);
		tap_check(!complaint, "item %d, %s: %s", i,
			  exact_text(l->text, l->len), complaint);
		tap_check(got.count == l->count && got.why == l->why,
			  "item %d, %s: %u because of %d", i,
			  exact_text(l->text, l->len), got.count, got.why);
		for (n = 0; n < got.count; n++) {
			const uint8_t *at = m.side[client].data + got.from[n];
			const uint8_t *end = m.side[client].data + got.to[n];

			tap_check(at > m.side[client].data && at[-1] == '\n' &&
				  end[-1] == '\n' &&
				  !strncasecmp((const char *)at, "transport",
					       9),
				  "item %d: something else at %zu", i,
				  got.from[n]);
		}
	}
	tap_check(appgw_rtsp_is_settled(&p.session) == c->settled,
		  "settled is another");
	tap_end();
}

/* Items of all the cases, shuffled. */
static void test_random(void)
{
	uint32_t state = RANDOM_SEED;
	unsigned int i, n, found = 0, heads = 0;
	struct rtsp_model_answer got;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		begin();
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
			complaint = rtsp_model_step(&m, &p, l->who == 'C',
						    item_span(l), false, &state,
						    &got);
			if (!tap_check(!complaint, "%s: %s",
				       exact_text(l->text, l->len),
				       complaint))
				break;
			found += got.count;
			heads += got.heads;
		}
	}
	tap_check(found > RANDOM_ROUNDS / 2 && heads > 2 * RANDOM_ROUNDS,
		  "only %u announcements in %u messages", found, heads);
	tap_end();
}

/* Every byte changed to each of those that mean something. */
static void sweep_item(const struct scan_item *l, const struct scan_item *next)
{
	static const char bytes[] = " \r\n\t\0:$;,/=-\"Tt019CR\177\200\377";
	struct exact e = exact_copy(l->text, l->len);
	uint32_t state = RANDOM_SEED;
	struct rtsp_model_answer got;
	const char *complaint;
	size_t at, i;

	for (at = 0; at < l->len; at++) {
		for (i = 0; i < sizeof(bytes) - 1; i++) {
			e.at[at] = bytes[i];
			begin();
			complaint = rtsp_model_step(&m, &p, l->who == 'C',
						    exact_span(&e), false,
						    &state, &got);
			if (!complaint && next->who)
				complaint = rtsp_model_step(&m, &p,
							    next->who == 'C',
							    item_span(next),
							    false, &state,
							    &got);
			tap_check(!complaint, "%s: %s",
				  exact_text(e.at, l->len), complaint);
		}
		e.at[at] = l->text[at];
	}
	exact_free(&e);
}

static void test_sweep(void)
{
	size_t i, done = 0;

	tap_begin("around the first messages");
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++) {
		const struct scan_item *l = scan_cases[i].item;

		/* a third of the cases: the first messages are much alike */
		if (l->len > SWEEP_MAX || i % 3)
			continue;
		sweep_item(l, l + 1);
		done++;
	}
	tap_check(done > 10, "only %zu", done);
	tap_end();
}

/* A header of @len bytes behind @headers others. */
static void check_limit(size_t headers, size_t len, unsigned int count)
{
	static const char head[] = "SETUP a RTSP/1.0\r\n";
	static const char start[] = "Transport: RTP/AVP;a=";
	size_t total = sizeof(head) - 1 + 3 * headers + len + 1, at;
	struct exact e = exact_new(total);
	uint32_t random = RANDOM_SEED;
	struct rtsp_model_answer got;
	const char *complaint;

	memset(e.at, 'a', total);
	memcpy(e.at, head, sizeof(head) - 1);
	for (at = sizeof(head) - 1; headers--; at += 3)
		memcpy(e.at + at, "b:\n", 3);
	memcpy(e.at + at, start, sizeof(start) - 1);
	/* the last byte of it is on another line */
	memcpy(e.at + total - 4, "\n \n\n", 4);
	begin();
	complaint = rtsp_model_step(&m, &p, true, exact_span(&e), true, &random,
				    &got);
	tap_check(!complaint, "%zu bytes: %s", len, complaint);
	tap_check(got.count == count, "%zu bytes: %u announcements", len,
		  got.count);
	/* the next message is read again */
	complaint = rtsp_model_step(&m, &p, true,
				    (struct span){ (const uint8_t *)ASK,
						   sizeof(ASK) - 1 },
				    true, &random, &got);
	tap_check(!complaint && got.count == 1, "the next one is not read");
	exact_free(&e);
}

static void test_limits(void)
{
	tap_begin("a header of 512 bytes, and the 64th of a message");
	check_limit(0, 511, 1);
	check_limit(0, 512, 1);
	check_limit(0, 513, 0);
	check_limit(0, 2000, 0);
	check_limit(63, 100, 1);
	check_limit(64, 100, 0);
	check_limit(300, 100, 0);
	tap_end();
}

/* Media in the connection goes by in few steps, whatever is in it. */
static void test_media(void)
{
	static uint8_t frame[4 + 65535];
	struct rtsp_session rs = { .greeted = { true, true } };
	unsigned int i, units = 0;
	struct scan_unit unit;

	tap_begin("a frame is a unit, and so is what has come of one");
	memset(frame, '\n', sizeof(frame));
	memcpy(frame, "$\1\377\377", 4);
	for (i = 0; i < 100; i++) {
		struct span rest = { frame, sizeof(frame) };

		while (rest.len) {
			struct span data = { rest.at,
					     rest.len < 1460 ? rest.len : 1460 };

			appgw_rtsp_read(&rs, false, data, &unit);
			if (!tap_check(unit.len == data.len, "%zu of %zu",
				       unit.len, data.len))
				break;
			tap_check(!unit.why, "stopped because of %d", unit.why);
			span_skip(&rest, unit.len);
			units++;
		}
	}
	tap_check(rs.side[0].at == RTSP_AT_START, "not at its end");
	tap_check(units == 4500, "%u units", units);
	tap_end();
}

/* Read the client's @text, which has an end; return how much it announces. */
static unsigned int read_units(struct rtsp_session *rs, const char *text)
{
	struct span rest = { (const uint8_t *)text, strlen(text) };
	struct scan_unit unit;
	unsigned int found = 0;

	while (rest.len) {
		appgw_rtsp_read(rs, true, rest, &unit);
		if (!tap_check(unit.len, "no unit"))
			break;
		found += unit.count;
		span_skip(&rest, unit.len);
	}
	return found;
}

/* What a body of the greatest length is followed by is read. */
static void test_body(void)
{
	static const char head[] =
		"ANNOUNCE a RTSP/1.0\r\nContent-Length: 1048576\r\n\r\n";
	struct rtsp_session rs = { 0 };
	static uint8_t body[1048576];
	struct scan_unit unit;
	unsigned int found;

	tap_begin("a body of the greatest length");
	memset(body, '\n', sizeof(body));
	read_units(&rs, head);
	appgw_rtsp_read(&rs, true, (struct span){ body, sizeof(body) }, &unit);
	tap_check(unit.len == sizeof(body), "%zu bytes", unit.len);
	found = read_units(&rs, ASK);
	tap_check(found == 1, "%u announcements behind it", found);
	tap_end();
}

/* Lines that begin no message are passed over, but not for ever. */
static void test_strays(void)
{
	static const char reply[] = "RTSP/1.0 200 OK\r\n\r\n";
	static const char line[] = "a=b\n", empty[] = "\n";
	struct span stray = { (const uint8_t *)line, sizeof(line) - 1 };
	struct rtsp_session rs = { 0 };
	struct scan_unit unit;
	unsigned int i, round;

	tap_begin("1024 lines that begin no message");
	for (round = 0; round < 2; round++) {
		appgw_rtsp_feed(&rs, false, (struct span){
				(const uint8_t *)reply, sizeof(reply) - 1 });
		for (i = 0; i < RTSP_STRAY_MAX; i++) {
			appgw_rtsp_read(&rs, false, stray, &unit);
			tap_check(unit.len == stray.len && !unit.why,
				  "line %u: %d", i, unit.why);
			appgw_rtsp_feed(&rs, false, (struct span){
					(const uint8_t *)empty, 1 });
		}
	}
	appgw_rtsp_read(&rs, false, stray, &unit);
	tap_check(unit.why == SCAN_WHY_NONSENSE, "one more: %d", unit.why);
	tap_end();
}

/**
 * struct want_case - a SETUP's start, and how much of it is sure to stay
 * @fed: what has gone on already
 * @rest: what comes behind it
 */
static const struct want_case {
	const char *fed;
	const char *rest;
	int want;
} want_cases[] = {
	{ "", "SETUP a", -1 },
	{ SETUP, "T", 0 }, { SETUP, "tRA", 0 }, { SETUP, "Transport", 0 },
	{ SETUP, "Transport \t", 0 }, { SETUP, "Transport:", 0 },
	{ SETUP, "Transport: " UDP, 0 }, { SETUP, "Transport: " UDP "\r", 0 },
	{ SETUP, "Transport: " UDP "\r\n", 0 },
	{ SETUP, "Transport: " UDP "\r\n \r", 0 },
	{ SETUP, "Transport x", -1 }, { SETUP, "Tx", -1 },
	{ SETUP, "Transports", -1 }, { SETUP, "U", -1 }, { SETUP, "\r", -1 },
	{ SETUP "T", "ransport: a", -1 }, { SETUP "Transport: a", "b", -1 },
	{ SETUP "Transport: a\r\n", " b", -1 },
	{ SETUP "Transport: a\r\n", "T", 0 },
	{ SETUP "Tra", "ns: b\r\nT", 7 },
	{ "PLAY a RTSP/1.0\r\n", "Transport: a", -1 },
};

static void test_want(void)
{
	size_t i;

	tap_begin("how much of a header's start is sure to stay");
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		const struct want_case *c = &want_cases[i];
		struct rtsp_session rs = { 0 };
		struct span fed = { (const uint8_t *)c->fed, strlen(c->fed) };
		struct exact e = exact_copy(c->rest, strlen(c->rest));
		int want;

		appgw_rtsp_feed(&rs, true, fed);
		want = scan_want(appgw_rtsp_read, &rs, sizeof(rs), true,
				 exact_span(&e));
		tap_check(want == c->want, "%s and %s: %d",
			  c->fed, exact_text(c->rest, strlen(c->rest)), want);
		rs.over = true;
		want = scan_want(appgw_rtsp_read, &rs, sizeof(rs), true,
				 exact_span(&e));
		tap_check(want == -1, "%s: %d when it is over", c->rest, want);
		exact_free(&e);
	}
	tap_end();
}

/* There is one for each connection, and copies on the stack. */
static void test_size(void)
{
	size_t size = sizeof(struct rtsp_session);

	tap_begin("a conversation takes 128 bytes at most");
	tap_check(size <= 128, "%zu", size);
	tap_end();
}

static struct rtsp_said say_and_ask(struct rtsp_session *rs, bool client,
				    const char *text)
{
	struct span rest = { (const uint8_t *)text, strlen(text) };
	struct scan_unit unit;
	struct rtsp_said said;

	memset(&said, 0, sizeof(said));
	while (rest.len) {
		appgw_rtsp_read(rs, client, rest, &unit);
		if (!tap_check(unit.len, "no unit: %s", rest.at))
			break;
		span_skip(&rest, unit.len);
		tap_check(appgw_rtsp_said(rs, client, &said) == !rest.len,
			  "a head's end is elsewhere");
	}
	return said;
}

static void test_said(void)
{
	struct rtsp_session rs = { 0 };
	struct rtsp_said said;
	uint32_t session;

	tap_begin("what a message was about");
	said = say_and_ask(&rs, true, ASK);
	tap_check(said.method == RTSP_METHOD_SETUP && !said.reply &&
		  said.request == 1 && !said.session &&
		  said.transport && !said.tcp, "SETUP");
	said = say_and_ask(&rs, false,
			   OK "Session: 8c30;timeout=60\r\nTransport: " TCP
			   "\r\nCSeq: 3\r\n\r\n");
	tap_check(said.method == RTSP_METHOD_SETUP && said.reply &&
		  said.status == 200 && said.request == 1 && said.session &&
		  said.timeout == 60 && said.transport && said.tcp,
		  "its reply");
	session = said.session;
	said = say_and_ask(&rs, true, "TEARDOWN a RTSP/1.0\r\nCSeq: 4\r\n"
			   "Session: 8c30\r\n\r\n");
	tap_check(said.method == RTSP_METHOD_TEARDOWN && said.request == 2 &&
		  !said.timeout &&
		  said.session == session && !said.transport, "TEARDOWN");
	said = say_and_ask(&rs, false, "RTSP/1.0 454 No\r\nCSeq: 4\r\n"
			   "Session: 8c31;timeout=99999\r\n\r\n");
	tap_check(said.method == RTSP_METHOD_TEARDOWN && said.status == 454 &&
		  said.session && said.session != session &&
		  said.timeout == 65535, "its reply");
	said = say_and_ask(&rs, false, "RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n");
	tap_check(said.method == RTSP_METHOD_NONE && !said.request,
		  "a reply to nothing");
	tap_end();
}

/**
 * struct order_case - replies to SETUP, PLAY and SETUP, of which none has been
 * answered
 * @reply: their CSeqs, 0 for none
 * @request: which request each is for, as they are numbered
 */
static const struct order_case {
	const char *name;
	unsigned int cseq[3];
	unsigned int reply[4];
	unsigned int request[4];
} order_cases[] = {
	{ "replies with CSeq, in order", { 7, 8, 9 }, { 7, 8, 9, 9 },
	  { 1, 2, 3, 0 } },
	{ "replies with CSeq, in another order", { 7, 8, 9 }, { 9, 7, 8, 7 },
	  { 3, 1, 2, 0 } },
	{ "replies without CSeq", { 7, 8, 9 }, { 0, 0, 0, 0 }, { 1, 2, 3, 0 } },
	{ "replies with a CSeq that is always the same", { 7, 8, 9 },
	  { 1, 1, 1, 1 }, { 1, 2, 3, 0 } },
	{ "replies that are one behind", { 7, 8, 9 }, { 6, 7, 8, 9 },
	  { 1, 2, 3, 0 } },
	{ "some with CSeq, some without", { 7, 8, 9 }, { 8, 0, 0, 8 },
	  { 2, 1, 3, 0 } },
	{ "requests without CSeq", { 0, 0, 0 }, { 0, 5, 0, 0 },
	  { 1, 2, 3, 0 } },
	{ "one without, and a reply that might be for it", { 7, 0, 9 },
	  { 0, 9, 0, 0 }, { 1, 3, 2, 0 } },
	{ "a request that is asked once more", { 7, 8, 7 }, { 0, 7, 0, 0 },
	  { 1, 2, 0, 0 } },
};

static void cseq_line(char *to, size_t max, unsigned int cseq)
{
	*to = 0;
	if (cseq)
		snprintf(to, max, "CSeq: %u\r\n", cseq);
}

static void test_order(const struct order_case *c)
{
	static const char * const verb[] = { "SETUP", "PLAY", "SETUP" };
	struct rtsp_session rs = { 0 };
	char text[80], cseq[20];
	struct rtsp_said said;
	unsigned int i;

	tap_begin(c->name);
	for (i = 0; i < 3; i++) {
		cseq_line(cseq, sizeof(cseq), c->cseq[i]);
		snprintf(text, sizeof(text), "%s a RTSP/1.0\r\n%s\r\n",
			 verb[i], cseq);
		say_and_ask(&rs, true, text);
	}
	for (i = 0; i < 4; i++) {
		cseq_line(cseq, sizeof(cseq), c->reply[i]);
		snprintf(text, sizeof(text), OK "%s\r\n", cseq);
		said = say_and_ask(&rs, false, text);
		tap_check(said.request == c->request[i], "reply %u is for %u",
			  i, said.request);
		tap_check(!said.method == !said.request,
			  "reply %u is to %d", i, said.method);
	}
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(scan_cases) +
		 TAP_ARRAY_SIZE(order_cases) + 9);
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++)
		test_case(&scan_cases[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(order_cases); i++)
		test_order(&order_cases[i]);
	test_random();
	test_sweep();
	test_limits();
	test_media();
	test_body();
	test_strays();
	test_want();
	test_size();
	test_said();
	return tap_finish();
}
