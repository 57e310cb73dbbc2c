// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/rpc_scan.c: which replies answer a question with a port, and what is
 * refused. Named conversations, by datagrams, and over TCP in one fragment and in several,
 * whole and cut at every place, and random ones, all against a model.
 */

#include "models/exact.h"
#include "models/scan_want.h"
#include "rpc_scan_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	3000
#define RANDOM_ITEMS	20
#define RANDOM_SEED	0x5eed0111
#define ITEM_MAX	16384
#define FRAGMENTS_MAX	6

static struct rpc_model m;
static struct rpc_talk talk;
static struct scan_player p;
static uint32_t seed = RANDOM_SEED;

static void begin(void)
{
	memset(&m, 0, sizeof(m));
	memset(&talk, 0, sizeof(talk));
	memset(&p, 0, sizeof(p));
}

static size_t put_mark(uint8_t *to, size_t len, bool is_last)
{
	to[0] = is_last ? 0x80 : 0;
	to[1] = len >> 16;
	to[2] = len >> 8;
	to[3] = len;
	return 4;
}

/* Make a record of a message, in up to @fragments; return its length. */
static size_t put_record(uint8_t *to, struct span message,
			 unsigned int fragments)
{
	size_t n = 0, part;

	while (--fragments) {
		part = tap_random(&seed) % (message.len + 1);
		n += put_mark(to + n, part, false);
		memcpy(to + n, message.at, part);
		span_skip(&message, part);
		n += part;
	}
	n += put_mark(to + n, message.len, true);
	memcpy(to + n, message.at, message.len);
	return n + message.len;
}

/* Say an item; @fragments: over TCP, 0: as a datagram. */
static void say(const struct rpc_item *l, unsigned int fragments)
{
	struct span item = { (const uint8_t *)l->text, l->len };
	unsigned int refused = talk.refused;
	struct rpc_model_answer got;
	uint8_t record[ITEM_MAX];
	const char *complaint;

	if (fragments) {
		item.len = put_record(record, item, fragments);
		item.at = record;
		complaint = rpc_model_step(&m, &talk, &p, l->who == 'C', item,
					   true, &seed, &got);
	} else {
		complaint = rpc_model_datagram(&m, &talk, l->who == 'C', item,
					       &got);
	}
	tap_check(!complaint, "%s: %s", exact_text(item.at, item.len), complaint);
	tap_check(got.count == !!l->program && !got.why &&
		  talk.refused - refused == l->refused,
		  "%s, %u fragments: %u because of %d, %u refused",
		  exact_text(item.at, item.len), fragments, got.count, got.why,
		  talk.refused - refused);
	tap_check(!got.count || got.program[0] == l->program,
		  "%s: program %u", exact_text(item.at, item.len),
		  got.program[0]);
}

static void test_case(const struct rpc_case *c, unsigned int fragments_max)
{
	unsigned int fragments;
	int i;

	tap_begin(c->name);
	for (fragments = 0; fragments <= fragments_max; fragments++) {
		begin();
		for (i = 0; i < RPC_ITEMS_MAX && c->item[i].who; i++)
			say(&c->item[i], fragments);
	}
	tap_end();
}

static void test_stream(const struct rpc_stream *c)
{
	struct rpc_model_answer got;
	int i;

	tap_begin(c->name);
	begin();
	for (i = 0; i < RPC_ITEMS_MAX && c->piece[i].who; i++) {
		const struct rpc_piece *l = &c->piece[i];
		struct span item = { (const uint8_t *)l->text, l->len };
		const char *complaint;

		complaint = rpc_model_step(&m, &talk, &p, l->who == 'C', item,
					   true, &seed, &got);
		tap_check(!complaint, "item %d, %s: %s", i,
			  exact_text(l->text, l->len), complaint);
		tap_check(got.count == l->count && got.why == l->why,
			  "item %d, %s: %u because of %d", i,
			  exact_text(l->text, l->len), got.count, got.why);
	}
	tap_end();
}

/* Random messages: few numbers, so that they meet, and some bytes changed. */
static const struct rpc_item random_items[] = {
	C(PORT("1", NFS)), C(PORT("1", MOUNT)), C(PORT("2", NFS)), C(ADDR("1", NFS)),
	C(ADDR("3", MOUNT)), C(LIST("4", NFS)), C(ASK("5", "\2", "\0")),
	C(ASK("1", "\2", "\1")), C(ASK("6", "\4", "\12")),
	C(CALL("1", "\2", "\3") SYS NONE NFS N("\3") TCP),
	S(OK("1") OK_2049), S(OK("1") UADDR), S(OK("2") OK_2049), S(OK("3") UADDR),
	S(OK("4") ENTRY(UADDR, "udp\0") N_0), S(OK("5")), S(OK("1") N_0),
	S("xid1" N("\1") N_0 NONE N("\2") N("\2") N("\4")),
};

static size_t random_item(uint8_t *to, const struct rpc_item **l)
{
	size_t n;

	*l = &random_items[tap_random(&seed) % TAP_ARRAY_SIZE(random_items)];
	n = (*l)->len;
	memcpy(to, (*l)->text, n);
	/* more numbers than are remembered */
	if (!(tap_random(&seed) % 2))
		to[3] = '1' + tap_random(&seed) % 12;
	if (!(tap_random(&seed) % 8))
		to[8 + tap_random(&seed) % (n - 8)] = tap_random(&seed);
	return n;
}

static void test_random(void)
{
	unsigned int i, item, found = 0, lost = 0;
	uint8_t text[ITEM_MAX], record[ITEM_MAX];
	struct rpc_model_answer got;
	const char *complaint = NULL;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS && !complaint; i++) {
		begin();
		for (item = 0; item < RANDOM_ITEMS && !complaint; item++) {
			const struct rpc_item *l;
			size_t n = random_item(text, &l);
			struct span s = { text, n };

			if (i % 4) {
				complaint = rpc_model_datagram(&m, &talk,
							       l->who == 'C', s,
							       &got);
			} else {
				s.len = put_record(record, s,
						   1 + tap_random(&seed) % 3);
				s.at = record;
				complaint = rpc_model_step(&m, &talk, &p,
							   l->who == 'C', s,
							   false, &seed, &got);
			}
			tap_check(!complaint, "%s: %s", exact_text(s.at, s.len),
				  complaint);
			found += got.count;
		}
		lost += !!m.lost;
	}
	tap_check(found > RANDOM_ROUNDS / 2 && lost > RANDOM_ROUNDS / 100,
		  "only %u announcements, %u lost", found, lost);
	tap_end();
}

/* A question whose two credentials are of @a and @b bytes, and its answer likewise. */
static void check_auth(size_t a, size_t b, unsigned int count)
{
	static const char call[] = CALL("1", "\2", "\3"), what[] = NFS N("\3") TCP;
	static const char reply[] = "xid1" N("\1") N_0, port[] = N_0 OK_2049;
	uint8_t text[ITEM_MAX] = { 0 }, *at = text;
	struct rpc_model_answer got;
	const char *complaint;
	struct span s;

	begin();
	memcpy(at, call, sizeof(call) - 1);
	at += sizeof(call) - 1;
	at[6] = a >> 8;
	at[7] = a;
	at += 8 + (a + 3) / 4 * 4;
	at[6] = b >> 8;
	at[7] = b;
	at += 8 + (b + 3) / 4 * 4;
	memcpy(at, what, sizeof(what) - 1);
	s = (struct span){ text, at + sizeof(what) - 1 - text };
	complaint = rpc_model_datagram(&m, &talk, true, s, &got);
	tap_check(!complaint, "%zu, %zu: %s", a, b, complaint);
	memset(text, 0, sizeof(text));
	at = text;
	memcpy(at, reply, sizeof(reply) - 1);
	at += sizeof(reply) - 1;
	at[6] = b >> 8;
	at[7] = b;
	at += 8 + (b + 3) / 4 * 4;
	memcpy(at, port, sizeof(port) - 1);
	s.len = at + sizeof(port) - 1 - text;
	complaint = rpc_model_datagram(&m, &talk, false, s, &got);
	tap_check(!complaint, "%zu, %zu: %s", a, b, complaint);
	tap_check(got.count == count, "%zu, %zu: %u", a, b, got.count);
}

static void test_auth(void)
{
	tap_begin("credentials of 400 bytes");
	check_auth(0, 0, 1);
	check_auth(1, 3, 1);
	check_auth(399, 398, 1);
	check_auth(400, 400, 1);
	check_auth(401, 0, 0);
	check_auth(0, 401, 0);
	check_auth(404, 404, 0);
	tap_end();
}

/* A list of @entries. */
static void check_list(unsigned int entries, unsigned int count)
{
	static const char ask[] = LIST("1", NFS), ok[] = OK("1"), none[] = N_0;
	static const char entry[] = ENTRY(UADDR, "udp\0");
	struct span s = { (const uint8_t *)ask, sizeof(ask) - 1 };
	uint8_t text[ITEM_MAX], *at = text;
	struct rpc_model_answer got;
	const char *complaint;

	begin();
	complaint = rpc_model_datagram(&m, &talk, true, s, &got);
	tap_check(!complaint, "%u: %s", entries, complaint);
	memcpy(at, ok, sizeof(ok) - 1);
	at += sizeof(ok) - 1;
	while (entries--) {
		memcpy(at, entry, sizeof(entry) - 1);
		at += sizeof(entry) - 1;
	}
	memcpy(at, none, sizeof(none) - 1);
	s = (struct span){ text, at + sizeof(none) - 1 - text };
	complaint = rpc_model_datagram(&m, &talk, false, s, &got);
	tap_check(!complaint, "%zu bytes: %s", s.len, complaint);
	tap_check(got.count == count, "%zu bytes: %u", s.len, got.count);
}

static void test_list(void)
{
	tap_begin("lists of any length");
	check_list(1, 1);
	check_list(32, 1);
	check_list(33, 1);
	check_list(150, 1);
	tap_end();
}

/* A question, or its answer, in a record of @len bytes, mark included. */
static void check_hold(bool client, size_t len, unsigned int count)
{
	static const char ask[] = PORT("1", NFS), other[] = OK("1") OK_2049;
	struct rpc_model_answer got;
	uint8_t text[ITEM_MAX];
	const char *complaint;
	int i;

	begin();
	for (i = 1; i >= 0; i--) {
		size_t n = i ? sizeof(ask) - 1 : sizeof(other) - 1;

		memset(text, 0, sizeof(text));
		memcpy(text + 4, i ? ask : other, n);
		if (client == i)
			n = len - 4;
		put_mark(text, n, true);
		complaint = rpc_model_step(&m, &talk, &p, i,
					   (struct span){ text, n + 4 }, true,
					   &seed, &got);
		tap_check(!complaint, "%zu bytes: %s", len, complaint);
	}
	tap_check(got.count == count && !got.why, "%d, %zu bytes: %u because of %d",
		  client, len, got.count, got.why);
}

static void test_hold(void)
{
	tap_begin("records that are as long as may be kept back");
	check_hold(true, RPC_HOLD_MAX, 1);
	check_hold(true, RPC_HOLD_MAX + 1, 0);
	check_hold(false, RPC_HOLD_MAX, 1);
	check_hold(false, RPC_HOLD_MAX + 1, 0);
	tap_end();
}

/**
 * struct want_case - a start over TCP, and how much of it is sure to stay
 * @client: it is the client's; the server's is behind a question with number 1
 * @text: what is there
 * @len: how much
 * @want: what may go on
 */
#define WANT(client, text, want)	{ client, text, sizeof(text) - 1, want }
static const struct want_case {
	bool client;
	const char *text;
	size_t len;
	int want;
} want_cases[] = {
	WANT(true, LAST("\70"), 0), WANT(true, "GET", -1),
	WANT(true, LAST("\70") CALL("1", "\2", "\3"), 0),
	WANT(true, LAST("\70") CALL("1", "\2", "\4"), -1),
	WANT(true, LAST("\70") CALL("1", "\2", "\1"), -1),
	WANT(true, "\x80\0\x14\0" CALL("1", "\2", "\3"), -1),
	WANT(false, LAST("\34") "xid1" N("\1") N_0, 0),
	WANT(false, LAST("\34") OK("1"), 0),
	WANT(false, LAST("\34") OK("2"), -1),
	WANT(false, "\x80\0\x14\0" OK("1"), -1),
	WANT(false, ANSWERS("1"), -1),
	WANT(false, ANSWERS("1") LAST("\34"), 32),
};

static void test_want(void)
{
	static const char asked[] = ASKS("1");
	size_t i;

	tap_begin("how much of a start may go on");
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		const struct want_case *c = &want_cases[i];
		struct exact e = exact_copy(c->text, c->len);
		struct rpc_session rs = { 0 };
		struct scan_unit unit;
		int want;

		if (!c->client)
			appgw_rpc_read(&rs, true, (struct span){
				       (const uint8_t *)asked,
				       sizeof(asked) - 1 }, &unit);
		want = scan_want(appgw_rpc_read, &rs, sizeof(rs), c->client,
				 exact_span(&e));
		tap_check(want == c->want, "%zu, %s: %d", i,
			  exact_text(c->text, c->len), want);
		exact_free(&e);
	}
	tap_end();
}

static struct span part_of(const char *text, size_t from, size_t to)
{
	return (struct span){ (const uint8_t *)text + from, to - from };
}

/* A question that nobody has seen whole isn't one, and if it isn't known which it is,
 * nobody can tell what an answer is for.
 */
static void test_gone(void)
{
	static const char ask[] = ASKS("1");
	static const char same[] = ASKS("2") ASKS("1"), answer[] = ANSWERS("1");
	struct scan_unit unit;
	size_t at;

	tap_begin("a question whose start has gone on");
	for (at = 1; at < sizeof(ask) - 1; at++) {
		struct rpc_session rs = { 0 };
		enum scan_why why;

		appgw_rpc_read(&rs, true, part_of(same, 0, 60), &unit);
		why = appgw_rpc_feed(&rs, true, part_of(ask, 0, at));
		tap_check(why == (at < 28 ? SCAN_WHY_NONSENSE : SCAN_WHY_NONE),
			  "%zu: %d", at, why);
		appgw_rpc_read(&rs, true, part_of(ask, at, sizeof(ask) - 1),
			       &unit);
		tap_check(unit.len == sizeof(ask) - 1 - at && !unit.count &&
			  !unit.why, "%zu: not to its end", at);
		appgw_rpc_read(&rs, true, part_of(same, 60, 120), &unit);
		appgw_rpc_read(&rs, false, part_of(answer, 0, 32), &unit);
		tap_check(!unit.count, "%zu: announced", at);
	}
	tap_end();
}

/* The first packet of a flow is remembered by 16 bytes alone. */
static void test_first(void)
{
	static const char ask[] = PORT("1", NFS), more[] = PORT("2", MOUNT);
	static const char answer[] = OK("1") OK_2049;
	struct rpc_session rs = { 0 }, kept = { 0 };
	const struct rpc_call *c;
	struct scan_unit unit;

	tap_begin("the first question is in the first 16 bytes");
	appgw_rpc_read_datagram(&rs, true, part_of(ask, 0, sizeof(ask) - 1),
				&unit);
	memcpy(&kept, &rs, 16);
	appgw_rpc_read_datagram(&kept, true, part_of(more, 0, sizeof(more) - 1),
				&unit);
	appgw_rpc_read_datagram(&kept, false,
				part_of(answer, 0, sizeof(answer) - 1), &unit);
	c = appgw_rpc_call(&kept, unit.note);
	tap_check(unit.count == 1 && c && unit.note == c->xid && c->program == P_NFS,
		  "%u announcements, note %u", unit.count, unit.note);
	tap_end();
}

static void test_answer(void)
{
	static const char ask[] = LIST("1", NFS), null[] = ASK("2", "\2", "\0");
	struct rpc_session rs = { 0 };
	struct scan_unit unit;
	uint32_t xid = 0x78696431;

	tap_begin("a port that was answered");
	appgw_rpc_read_datagram(&rs, true, part_of(ask, 0, sizeof(ask) - 1),
				&unit);
	appgw_rpc_read_datagram(&rs, true, part_of(null, 0, sizeof(null) - 1),
				&unit);
	tap_check(appgw_rpc_answer(&rs, xid, false, 2049), "the first one");
	tap_check(appgw_rpc_answer(&rs, xid, false, 2049), "the same again");
	tap_check(!appgw_rpc_answer(&rs, xid, false, 2050), "another one");
	tap_check(appgw_rpc_answer(&rs, xid, true, 2050), "for datagrams");
	tap_check(!appgw_rpc_answer(&rs, xid, true, 2049), "another one there");
	tap_check(appgw_rpc_answer(&rs, xid, false, 2049), "the first one again");
	tap_check(!appgw_rpc_answer(&rs, xid + 1, false, 2049), "of no question");
	tap_check(!appgw_rpc_answer(&rs, xid + 2, false, 2049), "of nobody");
	tap_check(!appgw_rpc_call(&rs, 0) && appgw_rpc_call(&rs, xid) &&
		  !appgw_rpc_call(&rs, xid + 1) &&
		  !appgw_rpc_call(&rs, xid + 2), "notes");
	tap_end();
}

/* A call that was made more often than can be counted is never answered for good. */
static void test_pending(void)
{
	static const char ask[] = PORT("1", MOUNT), other[] = PORT("1", NFS);
	static const char answer[] = OK("1") OK_2049;
	struct rpc_session rs = { 0 };
	struct scan_unit unit;
	int i;

	tap_begin("a question asked 300 times");
	for (i = 0; i < 300; i++)
		appgw_rpc_read_datagram(&rs, true,
					part_of(ask, 0, sizeof(ask) - 1), &unit);
	for (i = 0; i < 300; i++)
		appgw_rpc_read_datagram(&rs, false,
					part_of(answer, 0, sizeof(answer) - 1),
					&unit);
	tap_check(unit.count == 1, "not answered");
	appgw_rpc_read_datagram(&rs, true, part_of(other, 0, sizeof(other) - 1),
				&unit);
	appgw_rpc_read_datagram(&rs, false, part_of(answer, 0, sizeof(answer) - 1),
				&unit);
	tap_check(!unit.count, "the answer of another question");
	tap_end();
}

/* There is one for each connection, and copies on the stack. */
static void test_size(void)
{
	size_t call = sizeof(struct rpc_call), all = sizeof(struct rpc_session);
	size_t first = offsetof(struct rpc_session, call);

	tap_begin("a conversation takes 160 bytes at most");
	tap_check(call == 16 && all <= 160, "%zu, %zu a call", all, call);
	tap_check(!first, "calls aren't first");
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(rpc_cases) + TAP_ARRAY_SIZE(rpc_datagrams) +
		 TAP_ARRAY_SIZE(rpc_streams) + 10);
	for (i = 0; i < TAP_ARRAY_SIZE(rpc_cases); i++)
		test_case(&rpc_cases[i], FRAGMENTS_MAX);
	for (i = 0; i < TAP_ARRAY_SIZE(rpc_datagrams); i++)
		test_case(&rpc_datagrams[i], 0);
	for (i = 0; i < TAP_ARRAY_SIZE(rpc_streams); i++)
		test_stream(&rpc_streams[i]);
	test_random();
	test_auth();
	test_list();
	test_hold();
	test_want();
	test_gone();
	test_first();
	test_answer();
	test_pending();
	test_size();
	return tap_finish();
}
