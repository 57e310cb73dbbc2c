// SPDX-License-Identifier: GPL-2.0-only
/* kmod/stream/stream.c and kmod/stream/seqmap.c: lines are read once and edited right,
 * however they are cut into segments and whatever happens to these.
 *
 * First named cases, segment by segment, then random conversations between a
 * sender and a receiver. APPGW_STREAM_ROUNDS sets how many of each sort.
 */

#include "models/exact.h"
#include "models/stream_planned.h"
#include "models/stream_sim.h"
#include "tap.h"

#define ROUNDS		150
#define ISN		0xffffff80u	/* so that the numbers wrap early */

/**
 * struct step - what one end of a scripted conversation does next
 * @op: which
 * @at: its first byte's offset in the sender's stream; for an acknowledgement
 *	that of the receiver's
 * @text: its payload
 * @want: what goes on, NULL if it is to be dropped
 * @want_at: where to; for an acknowledgement what the sender is shown
 * @notes: enum stream_note bits to be seen
 */
struct step {
	enum { STEP_END, STEP_DATA, STEP_FIN, STEP_ACK, STEP_HELD,
	       STEP_OFF } op;
	unsigned int at;
	const char *text;
	const char *want;
	unsigned int want_at;
	unsigned int notes;
};

#define STEPS_MAX	12

/**
 * struct script - a named case
 * @src: what the sender says; lines with a newline at their end
 * @step: what happens
 * @read: lines that have been read in the end
 */
struct script {
	const char *name;
	const char *src;
	struct step step[STEPS_MAX];
	int read;
};

#define DATA(at, text, want, want_at, ...) \
	{ STEP_DATA, at, text, want, want_at, __VA_ARGS__ }
#define ACK(at, want_at)	{ STEP_ACK, at, NULL, NULL, want_at, 0 }
#define HELD(at, want_at)	{ STEP_HELD, at, NULL, NULL, want_at, 0 }

/* Texts of numbers 1 to 4 have 8, 15, 22 and 29 letters, 14 has 3. */
#define TEXT_1	"BCDEFGHI"
#define TEXT_2	"CDEFGHIJKLMNOPQ"
#define TEXT_3	"DEFGHIJKLMNOPQRSTUVWXY"
#define TEXT_4	"EFGHIJKLMNOPQRSTUVWXYZABCDEFG"
#define TEXT_14	"OPQ"

static const struct script scripts[] = {
{ "a line in one segment grows", "PORT 1\r\n", {
	DATA(0, "PORT 1\r\n", "PORT " TEXT_1 "\r\n", 0, 0),
	ACK(15, 8),
}, 1 },
{ "what follows it moves", "PORT 1\nNOOP\n", {
	DATA(0, "PORT 1\n", "PORT " TEXT_1 "\n", 0, 0),
	DATA(7, "NOOP\n", "NOOP\n", 14, 0),
	ACK(14, 7), ACK(19, 12),
}, 2 },
{ "a line shrinks", "PORT 14,,,,,,\nNOOP\n", {
	DATA(0, "PORT 14,,,,,,\n", "PORT " TEXT_14 "\n", 0, 0),
	DATA(14, "NOOP\n", "NOOP\n", 9, 0),
	ACK(9, 14),
}, 2 },
{ "a tail is kept and the sender told that it arrived", "PORT 1,\n", {
	DATA(0, "PORT 1", "PORT ", 0, STREAM_NOTE_HELD),
	HELD(5, 6),
	DATA(6, ",\n", "PORT " TEXT_1 "\n" + 5, 5, 0),
	ACK(14, 8),
}, 1 },
{ "a tail that grows; nothing new to go on", "PORT 1,,\n", {
	DATA(0, "PORT 1", "PORT ", 0, STREAM_NOTE_HELD),
	HELD(5, 6),
	DATA(6, ",", " ", 4, STREAM_NOTE_HELD),
	HELD(5, 7),
	DATA(7, ",\n", TEXT_1 "\n", 5, 0),
}, 1 },
{ "a tail that comes again alone is answered", "PORT 1,,\n", {
	DATA(0, "PORT 1,", "PORT ", 0, STREAM_NOTE_HELD),
	DATA(5, "1,", " ", 4, 0),
	DATA(0, "PORT 1,", "PORT ", 0, 0),
	HELD(5, 7),
	DATA(5, "1,", " ", 4, 0),
}, 0 },
{ "a tail that comes again as another is refused", "PORT 1,,\n", {
	DATA(0, "PORT 1,", "PORT ", 0, STREAM_NOTE_HELD),
	DATA(5, "2,", NULL, 0, STREAM_NOTE_CHANGED),
	DATA(0, "PORT 2,,\n", NULL, 0, STREAM_NOTE_CHANGED),
	DATA(0, "PORT 1,,\n", "PORT " TEXT_1 "\n", 0, 0),
}, 1 },
{ "the tail leaves with the FIN", "PORT 1", {
	DATA(0, "PORT 1", "PORT ", 0, STREAM_NOTE_HELD),
	HELD(5, 6),
	{ STEP_FIN, 6, "", "1", 5, 0 },
	ACK(6, 6), ACK(7, 7),
	{ STEP_FIN, 6, "", "", 6, 0 },
}, 0 },
{ "a FIN that comes early is answered without it", "NOOP\nQUIT\n", {
	DATA(0, "NOOP\n", "NOOP\n", 0, 0),
	{ STEP_FIN, 10, "", "\n", 4, STREAM_NOTE_GAP },
	{ STEP_FIN, 5, "QUIT\n", "QUIT\n", 5, 0 },
}, 2 },
{ "the protocol gives up while a tail is kept", "PORT 1,,\nNOOP\n", {
	DATA(0, "PORT 1", "PORT ", 0, STREAM_NOTE_HELD),
	HELD(5, 6),
	{ .op = STEP_OFF },
	DATA(6, ",,\n", "1,,\n", 5, 0),
	DATA(9, "NOOP\n", "NOOP\n", 9, 0),
	ACK(14, 14),
}, 0 },
{ "a gap is answered with a byte that is known", "NOOP 1\nPORT 1\n", {
	DATA(0, "NOOP ", "NOOP ", 0, 0),
	DATA(7, "PORT 1\n", " ", 4, STREAM_NOTE_GAP),
	DATA(5, "1\n", "1\n", 5, 0),
	DATA(7, "PORT 1\n", "PORT " TEXT_1 "\n", 7, 0),
}, 2 },
{ "a gap at the start is answered without a byte", "NOOP\nPORT 1\n", {
	DATA(5, "PORT 1\n", "", -1, STREAM_NOTE_GAP),
	DATA(0, "NOOP\nPORT 1\n", "NOOP\nPORT " TEXT_1 "\n", 0, 0),
}, 2 },
{ "an edited segment comes again", "NOOP\nPORT 1\n", {
	DATA(0, "NOOP\nPORT 1\n", "NOOP\nPORT " TEXT_1 "\n", 0, 0),
	DATA(0, "NOOP\nPORT 1\n", "NOOP\nPORT " TEXT_1 "\n", 0, 0),
	DATA(5, "PORT 1\n", "PORT " TEXT_1 "\n", 5, 0),
}, 2 },
{ "and cut in other ways", "PORT 1,,,\nNOOP\n", {
	DATA(0, "PORT 1,,,\n", "PORT " TEXT_1 "\n", 0, 0),
	DATA(0, "PO", "PO", 0, 0),
	DATA(2, "RT 1", "RT B", 2, 0),
	DATA(6, ",,", "CD", 6, 0),
	DATA(8, ",\n", "EFGHI\n", 8, 0),
	DATA(7, ",,\nNOOP\n", "DEFGHI\nNOOP\n", 7, 0),
}, 2 },
{ "of one that shrank, too", "PORT 14,,,,\nNOOP\n", {
	DATA(0, "PORT 14,,,,\n", "PORT " TEXT_14 "\n", 0, 0),
	DATA(0, "PORT 14", "PORT OP", 0, 0),
	DATA(7, ",,", "Q", 7, 0),
	DATA(9, ",", "\n", 8, 0),
	DATA(9, ",,\n", "\n", 8, 0),
}, 1 },
{ "an edited segment that comes again as another", "PORT 1\nNOOP\n", {
	DATA(0, "PORT 1\n", "PORT " TEXT_1 "\n", 0, 0),
	DATA(0, "PORT 2\n", NULL, 0, STREAM_NOTE_CHANGED),
	DATA(0, "PORT 2\nNOOP\n", NULL, 0, STREAM_NOTE_CHANGED),
	DATA(0, "PORT 1\nNOOP\n", "PORT " TEXT_1 "\nNOOP\n", 0, 0),
}, 2 },
{ "one that is compared only", "KEEP 1\nNOOP\n", {
	DATA(0, "KEEP 1\n", "KEEP 1\n", 0, 0),
	DATA(0, "KEEP 2\n", NULL, 0, STREAM_NOTE_CHANGED),
	DATA(0, "KEEP 1\nNOOP\n", "KEEP 1\nNOOP\n", 0, 0),
}, 2 },
{ "old and new overlap in a segment", "NOOP\nPORT 1\nNOOP\nPORT 2\n", {
	DATA(0, "NOOP\nPORT 1\n", "NOOP\nPORT " TEXT_1 "\n", 0, 0),
	DATA(7, "RT 1\nNOOP\nPORT 2\n", "RT " TEXT_1 "\nNOOP\nPORT "
	     TEXT_2 "\n", 7, 0),
}, 4 },
{ "two edits in a segment", "PORT 1\nPORT 2\nNOOP\n", {
	DATA(0, "PORT 1\nPORT 2\n", "PORT " TEXT_1 "\nPORT " TEXT_2 "\n", 0,
	     0),
	DATA(14, "NOOP\n", "NOOP\n", 35, 0),
	DATA(7, "PORT 2\n", "PORT " TEXT_2 "\n", 14, 0),
	ACK(35, 14), ACK(14, 7),
}, 3 },
{ "a fourth edit waits for the first", "PORT 1\nPORT 2\nPORT 3\nPORT 4\n", {
	DATA(0, "PORT 1\nPORT 2\nPORT 3\nPORT 4\n",
	     "PORT " TEXT_1 "\nPORT " TEXT_2 "\nPORT " TEXT_3 "\n", 0,
	     STREAM_NOTE_FULL),
	DATA(21, "PORT 4\n", "\n", 62, STREAM_NOTE_FULL),
	ACK(14, 7),
	DATA(21, "PORT 4\n", "PORT " TEXT_4 "\n", 63, 0),
	DATA(7, "PORT 2\n", "PORT " TEXT_2 "\n", 14, 0),
}, 4 },
{ "bytes that are acknowledged go on no more", "PORT 1\nPORT 2\n", {
	DATA(0, "PORT 1\n", "PORT " TEXT_1 "\n", 0, 0),
	ACK(14, 7),
	DATA(0, "PORT 1\n", "\n", 13, 0),
	DATA(0, "PORT 1\nPORT 2\n", "PORT " TEXT_2 "\n", 14, 0),
}, 2 },
{ "where nothing was edited they are let alone", "NOOP\nNOOP\n", {
	DATA(0, "NOOP\n", "NOOP\n", 0, 0),
	ACK(5, 5),
	DATA(5, "NOOP\n", "NOOP\n", 5, 0),
	DATA(0, "NOOP\n", "NOOP\n", 0, 0),
	DATA(0, "NOOP\nNOOP\n", "NOOP\nNOOP\n", 0, 0),
}, 2 },
{ "after the protocol gave up they are answered", "PORT 1\nNOOP\n", {
	DATA(0, "PORT 1\n", "PORT " TEXT_1 "\n", 0, 0),
	{ .op = STEP_OFF },
	DATA(7, "NOOP\n", "NOOP\n", 14, 0),
	ACK(14, 7),
	DATA(0, "PORT 1\n", "", 13, 0),
	DATA(0, "PORT 1\nNOOP\n", "NOOP\n", 14, 0),
}, 1 },
{ "text is acknowledged when all of it is", "PORT 1,,\nNOOP\n", {
	DATA(0, "PORT 1,,\n", "PORT " TEXT_1 "\n", 0, 0),
	ACK(5, 5), ACK(6, 6), ACK(7, 7), ACK(8, 7), ACK(12, 7), ACK(13, 8),
	ACK(14, 9),
}, 1 },
{ "no data: never ahead of the receiver", "PORT 1,,\n", {
	DATA(0, "PORT 1,", "PORT ", 0, STREAM_NOTE_HELD),
	DATA(7, "", "", 5, 0),
	DATA(6, "", "", 4, 0),
	DATA(5, "", "", 4, 0),
	DATA(4, "", "", 4, 0),
	DATA(9, "", "", 5, 0),
}, 0 },
{ "a chatter line in pieces is read, its start at least",
  "NOOP one two three four\nNOOP\n", {
	DATA(0, "N", "N", 0, 0),
	DATA(1, "OOP one tw", "OOP one tw", 1, 0),
	DATA(11, "o three", "o three", 11, 0),
	DATA(18, " four\nNO", " four\nNO", 18, 0),
	DATA(26, "OP\n", "OP\n", 26, 0),
}, 2 },
};

static void check_step(struct stream *st, struct talk *t,
		       const struct step *s, int n)
{
	struct link_segment ls;
	enum stream_verdict v;
	unsigned int notes;
	uint32_t seq;
	bool held;

	if (s->op == STEP_OFF) {
		st->off = true;
		return;
	}
	if (s->op == STEP_ACK || s->op == STEP_HELD) {
		seq = appgw_stream_ack(st, ISN + s->at, &held) - ISN;
		tap_check(seq == s->want_at && held == (s->op == STEP_HELD),
			  "step %d: %u%s", n, seq, held ? ", held" : "");
		tap_check(!st->hold || seq_before(st->acked, st->hold_seq +
						  st->hold_len),
			  "step %d: keeps what has arrived", n);
		return;
	}
	link_segment_init(&ls, ISN + s->at, s->text, strlen(s->text),
			  s->op == STEP_FIN);
	v = appgw_stream_segment(st, &ls.segment, &talk_user, t, &notes);
	seq = ls.segment.out_seq - ISN;
	tap_check(notes == s->notes, "step %d: notes %x", n, notes);
	if (v == STREAM_DROP)
		tap_check(!s->want, "step %d: dropped", n);
	else if (tap_check(s->want, "step %d: goes on", n))
		tap_check(seq == s->want_at &&
			  ls.payload.len == strlen(s->want) &&
			  !memcmp(ls.payload.at, s->want, ls.payload.len),
			  "step %d: \"%s\" at %d", n,
			  exact_text(ls.payload.at, ls.payload.len),
			  (int)seq);
	if (s->op == STEP_FIN)
		tap_check(ls.segment.fin == !(s->notes & STREAM_NOTE_GAP),
			  "step %d: FIN %d", n, ls.segment.fin);
	exact_free(&ls.payload);
}

/* The lines of a text, as the protocol is to expect them. */
static void talk_script(struct talk *t, const char *src)
{
	const char *nl;

	for (; (nl = strchr(src, '\n')); src = nl + 1) {
		struct talk_line *l = &t->line[t->lines++];

		l->kind = !strncmp(src, "PORT ", 5) ? TALK_REWRITE :
			  !strncmp(src, "KEEP ", 5) ? TALK_VERIFY :
			  TALK_CHATTER;
		l->at = t->src_len;
		l->len = nl + 1 - src;
		if (l->kind != TALK_CHATTER) {
			l->id = atoi(src + TALK_VERB_LEN);
			l->old_len = strcspn(src + TALK_VERB_LEN, " \r\n");
		}
		talk_put(t, src, l->len);
	}
	talk_put(t, src, strlen(src));
}

static void stream_begin(struct stream *st)
{
	*st = (struct stream){ .seen = true, .next = ISN, .acked = ISN };
	link_faults = (struct link_faults){ 0 };
}

static void test_script(const struct script *c)
{
	static struct talk t;
	struct stream st;
	int i;

	tap_begin(c->name);
	stream_begin(&st);
	talk_init(&t, &st);
	talk_script(&t, c->src);
	for (i = 0; i < STEPS_MAX && c->step[i].op != STEP_END; i++)
		check_step(&st, &t, &c->step[i], i);
	tap_check(t.read == c->read, "%d lines read", t.read);
	tap_check(!t.complaint[0], "%s", t.complaint);
	appgw_stream_free(&st);
	tap_check(!link_faults.holds, "%d holds left", link_faults.holds);
	tap_end();
}

/* Sends bytes @from to @to of the conversation, and lets the receiver answer
 * at once. Returns what the sender has seen acknowledged.
 */
static uint32_t send_on(struct sim *s, uint32_t from, uint32_t to)
{
	sim_send(s, SIM_TO_STREAM, from, s->talk.src + from, to - from, false);
	while (sim_stream(s) || sim_receiver(s) || sim_ack(s))
		;
	while (sim_sender_acked(s))
		;
	return s->una;
}

static void sim_begin(struct sim *s, const struct sim_setup *setup,
		      struct dice *dice, const char *src)
{
	memset(s, 0, sizeof(*s));
	s->setup = setup;
	s->dice = dice;
	s->fin_at = -1;
	talk_init(&s->talk, &s->st);
	stream_begin(&s->st);
	talk_script(&s->talk, src);
	s->nxt = s->talk.src_len;
}

/* Each piece, and again whatever has no acknowledgement then. */
static void send_pieces(struct sim *s, const unsigned int *cut, int cuts)
{
	unsigned int at = 0, end = s->talk.src_len, tries;
	int i;

	for (i = 0; i <= cuts; i++) {
		unsigned int to = i < cuts ? cut[i] : end;

		send_on(s, at, to);
		at = to;
	}
	for (tries = 0; s->una < end && tries < 64; tries++)
		send_on(s, s->una, end);
	s->fin_at = s->rcv;
	sim_check_end(s, false);
	tap_check(!s->talk.complaint[0], "cut at %u: %s", cut[0],
		  s->talk.complaint);
	appgw_stream_free(&s->st);
	tap_check(!link_faults.holds, "%d holds left", link_faults.holds);
}

static void test_splits(const char *name, const char *src)
{
	const struct sim_setup setup = { .isn = ISN, .seg_max = 5000 };
	unsigned int n = strlen(src), cut[256], a, b, i;
	struct dice dice = { .state = 1 };
	static struct sim sim;

	tap_begin(name);
	for (a = 1; a < n; a++) {
		for (b = a + 1; b < n; b++) {
			cut[0] = a;
			cut[1] = b;
			sim_begin(&sim, &setup, &dice, src);
			send_pieces(&sim, cut, 2);
		}
		sim_begin(&sim, &setup, &dice, src);
		send_pieces(&sim, cut, 1);
	}
	for (i = 0; i + 1 < n; i++)
		cut[i] = i + 1;
	sim_begin(&sim, &setup, &dice, src);
	send_pieces(&sim, cut, n - 1);
	tap_end();
}

/* Every single call that can fail does, and then every call from one on for a
 * while. What was sent in pieces still arrives, edited or not, and each line
 * is read once.
 */
static void test_faults(const char *name, const char *src)
{
	const struct sim_setup setup = { .isn = ISN, .seg_max = 5000,
					 .fail_rate = 1 };
	struct dice dice = { .state = 1 };
	unsigned int step, fail_at, calls;
	static struct sim sim;

	tap_begin(name);
	for (step = 1; step <= 20; step++)
		for (fail_at = 1, calls = fail_at; fail_at <= calls;
		     fail_at++) {
			unsigned int cut[256], i;

			for (i = 0; (i + 1) * step < strlen(src); i++)
				cut[i] = (i + 1) * step;
			sim_begin(&sim, &setup, &dice, src);
			sim.talk.faults = true;
			link_faults.fail_at = fail_at;
			send_pieces(&sim, cut, i);
			calls = link_faults.calls;
		}
	tap_end();
}

/* @max bytes are kept; one more is not, and they go on as they are. */
static void test_overflow(const char *name, const struct stream_user *user,
			  unsigned int max)
{
	const struct sim_setup setup = { .isn = ISN, .seg_max = 5000 };
	struct dice dice = { .state = 1 };
	static struct sim sim;
	unsigned int len;

	tap_begin(name);
	for (len = max - 2; len <= max + 2; len++) {
		unsigned int pad = len - strlen("1");
		struct link_segment ls;
		unsigned int notes;
		bool fits = len <= max;

		sim_begin(&sim, &setup, &dice, "");
		talk_add(&sim.talk, TALK_REWRITE, 1, 0, pad);
		link_segment_init(&ls, ISN, sim.talk.src,
				  TALK_VERB_LEN + len, false);
		appgw_stream_segment(&sim.st, &ls.segment, user, &sim.talk,
				     &notes);
		tap_check(notes == (fits ? STREAM_NOTE_HELD :
				    STREAM_NOTE_OVERFLOW), "%u bytes: %x",
			  len, notes);
		tap_check(ls.payload.len == TALK_VERB_LEN + (fits ? 0 : len),
			  "%u bytes: %zu go on", len, ls.payload.len);
		exact_free(&ls.payload);
		appgw_stream_free(&sim.st);
	}
	tap_end();
}

/* A stream first seen in its middle: what comes late is no repetition. */
static void test_joined(void)
{
	static struct talk t;
	struct link_segment ls;
	struct stream st = { 0 };
	unsigned int notes;

	tap_begin("a stream that is joined in the middle");
	stream_begin(&st);
	st.seen = false;
	talk_init(&t, &st);
	talk_script(&t, "NOOP\nPORT 1\n");
	t.read = 1;
	link_segment_init(&ls, ISN + 5, t.src + 5, 7, false);
	appgw_stream_segment(&st, &ls.segment, &talk_user, &t, &notes);
	tap_check(ls.payload.len == 14, "not edited");
	exact_free(&ls.payload);

	link_segment_init(&ls, ISN, t.src, 5, false);
	tap_check(appgw_stream_segment(&st, &ls.segment, &talk_user, &t,
				       &notes) == STREAM_PASS &&
		  ls.segment.out_seq == ISN && ls.payload.len == 5 &&
		  !memcmp(ls.payload.at, "NOOP\n", 5),
		  "what came late: \"%s\"",
		  exact_text(ls.payload.at, ls.payload.len));
	tap_check(!t.complaint[0], "%s", t.complaint);
	exact_free(&ls.payload);
	appgw_stream_free(&st);
	tap_end();
}

/* An edit that nobody expects must not push out one that is still needed. */
static bool eager_read(void *ctx, struct span line, struct stream_edit *edit)
{
	(void)ctx;
	(void)line;
	*edit = (struct stream_edit){ .at = 0, .old_len = 1, .new_len = 2,
				      .cookie = 1, .text = "AB" };
	return true;
}

static unsigned int eager_text(void *ctx, uint32_t cookie, char *text)
{
	(void)ctx;
	(void)cookie;
	memcpy(text, "AB", 2);
	return 2;
}

static unsigned int eager_want(void *ctx, struct span start)
{
	(void)ctx;
	(void)start;
	return 0;
}

static void eager_undo(void *ctx)
{
	++*(int *)ctx;
}

static void test_eager(void)
{
	const struct stream_user user = {
		.want = eager_want, .line = eager_read, .text = eager_text,
		.undo = eager_undo,
	};
	struct link_segment ls;
	unsigned int notes;
	struct stream st;
	int i, undone = 0;

	tap_begin("an edit that was not announced finds no room");
	stream_begin(&st);
	for (i = 0; i < 2; i++) {
		link_segment_init(&ls, ISN, "a\nb\nc\nd\n", 8, false);
		appgw_stream_segment(&st, &ls.segment, &user, &undone,
				     &notes);
		tap_check(ls.payload.len == 11 &&
			  !memcmp(ls.payload.at, "AB\nAB\nAB\nd\n", 11),
			  "%s", exact_text(ls.payload.at, ls.payload.len));
		exact_free(&ls.payload);
	}
	tap_check(undone == 1 && st.edits == 3, "%d undone", undone);
	appgw_stream_free(&st);
	tap_end();
}

/* "abc\n" has each of its letters doubled, which are edits of their own. */
static const char several_line[] = "abc\n", several_edited[] = "aabbcc\n";

/**
 * struct several - who plans that
 * @made: edits that were given
 * @undone: a letter could not be doubled
 */
struct several {
	unsigned int made;
	bool undone;
};

static int several_count(void *ctx, struct span rest, uint32_t seq)
{
	(void)ctx;
	(void)seq;
	return rest.len - 1;
}

static void several_read(void *ctx, struct span rest, uint32_t seq)
{
	(void)ctx;
	(void)rest;
	(void)seq;
}

static unsigned int several_text(void *ctx, uint32_t cookie, char *text)
{
	(void)ctx;
	memset(text, several_line[cookie], 2);
	return 2;
}

static bool several_next(void *ctx, uint32_t seq, struct stream_edit *edit)
{
	struct several *several = ctx;

	(void)seq;
	if (several->made == strlen(several_line) - 1)
		return false;
	*edit = (struct stream_edit){
		.at = several->made, .old_len = 1, .cookie = several->made,
	};
	edit->new_len = several_text(ctx, edit->cookie, edit->text);
	several->made++;
	return true;
}

static void several_undo(void *ctx)
{
	((struct several *)ctx)->undone = true;
}

/* Whatever fails, the line has all of its edits or isn't there yet. */
static void test_several(void)
{
	static const struct stream_planner planner = {
		.hold = planned_hold, .unit = planned_unit,
		.count = several_count, .line = several_read,
		.planned = several_next,
	};
	static const struct stream_user user = {
		.text = several_text, .undo = several_undo,
		.planner = &planner,
	};
	const unsigned int len = strlen(several_line);
	unsigned int notes, failed = 0, i;
	struct link_segment ls;

	tap_begin("all edits of a line or none, whatever fails");
	for (i = 1; failed + 1 == i; i++) {
		struct several several = { 0 };
		struct stream st;

		stream_begin(&st);
		link_faults = (struct link_faults){ .fail_at = i };
		link_segment_init(&ls, ISN, several_line, len, false);
		appgw_stream_segment(&st, &ls.segment, &user, &several,
				     &notes);
		if (link_faults.calls >= i) {
			failed++;
			tap_check(notes & STREAM_NOTE_FAILED &&
				  !several.made && !st.edits,
				  "call %u: %u edits", i, st.edits);
			exact_free(&ls.payload);
			link_segment_init(&ls, ISN, several_line, len, false);
			appgw_stream_segment(&st, &ls.segment, &user,
					     &several, &notes);
		}
		tap_check(!several.undone &&
			  ls.payload.len == strlen(several_edited) &&
			  !memcmp(ls.payload.at, several_edited,
				  ls.payload.len), "call %u, then: %s", i,
			  exact_text(ls.payload.at, ls.payload.len));
		exact_free(&ls.payload);
		appgw_stream_free(&st);
	}
	link_faults = (struct link_faults){ 0 };
	tap_check(failed == 1, "%u calls could fail", failed);
	tap_end();
}

/* Numbers there and back, for each byte around three edits. */
static void test_seqmap(void)
{
	static const struct seqmap_edit edits[] = {
		{ .seq = ISN + 10, .old_len = 4, .new_len = 9 },
		{ .seq = ISN + 120, .old_len = 20, .new_len = 3 },
		{ .seq = ISN + 150, .old_len = 5, .new_len = 5 },
	};
	static const struct { unsigned int old, new, back; } want[] = {
		{ 0, 0, 0 }, { 10, 10, 10 }, { 12, 12, 12 }, { 13, 13, 13 },
		{ 14, 19, 14 }, { 120, 125, 120 }, { 122, 127, 122 },
		{ 123, 128, 140 }, { 139, 128, 140 }, { 140, 128, 140 },
		{ 150, 138, 150 }, { 154, 142, 154 }, { 155, 143, 155 },
		{ 200, 188, 200 },
	};
	struct seqmap map = { 0 };
	uint32_t last = ISN, seq;
	size_t i;

	tap_begin("numbers there and back");
	for (i = 0; i < TAP_ARRAY_SIZE(edits); i++)
		appgw_seqmap_add(&map, &edits[i]);
	for (i = 0; i < TAP_ARRAY_SIZE(want); i++) {
		seq = appgw_seqmap_forward(&map, ISN + want[i].old) - ISN;
		tap_check(seq == want[i].new, "%u becomes %u", want[i].old,
			  seq);
		seq = appgw_seqmap_back(&map, ISN + want[i].new) - ISN;
		tap_check(seq == want[i].back, "%u is %u", want[i].new, seq);
	}
	for (i = 15; i < 19; i++) {
		seq = appgw_seqmap_back(&map, ISN + i) - ISN;
		tap_check(seq == 13, "%zu is %u: not all of it", i, seq);
	}
	for (i = 0; i < 250; i++) {
		seq = appgw_seqmap_back(&map, ISN + i);
		tap_check(!seq_before(seq, last), "back falls at %zu", i);
		tap_check(!seq_after(appgw_seqmap_forward(&map, seq),
				     ISN + i), "%zu: more than arrived", i);
		last = seq;
	}
	tap_check(!appgw_seqmap_room(&map, ISN + 13, 1), "room too early");
	tap_check(appgw_seqmap_room(&map, ISN + 14, 1), "no room");
	tap_end();
}

/* An edit is forgotten before its number comes round again. */
static void test_age(void)
{
	struct seqmap_edit e = { .seq = ISN, .old_len = 1, .new_len = 4 };
	struct seqmap map = { 0 };
	uint32_t at;

	tap_begin("edits far behind are forgotten, their shift is not");
	appgw_seqmap_add(&map, &e);
	appgw_seqmap_age(&map, ISN);
	appgw_seqmap_age(&map, ISN - 1000);
	appgw_seqmap_age(&map, ISN + 1000);
	tap_check(map.count == 1, "forgotten at once");
	for (at = 0; at < 0xf0000000u; at += 0x10000000u)
		appgw_seqmap_age(&map, ISN + at);
	tap_check(!map.count && map.shift == 3, "%u edits, base %d", map.count,
		  map.shift);
	tap_check(appgw_seqmap_forward(&map, ISN - 5) == ISN - 2,
		  "no shift after a round");
	tap_end();
}

static const struct sim_case {
	const char *name;
	struct sim_setup setup;
	bool cut, off;
} sims[] = {
	{ "one byte a segment", { .seg_max = 1 }, 0, 0 },
	{ "one byte a segment, with Nagle", { .seg_max = 1, .nagle = 1 },
	  0, 0 },
	{ "small segments", { .seg_max = 9 }, 0, 0 },
	{ "small segments, with Nagle", { .seg_max = 30, .nagle = 1 }, 0, 0 },
	{ "large segments", { .seg_max = 5000 }, 0, 0 },
	{ "loss", { .seg_max = 20, .loss = 15 }, 0, 0 },
	{ "repetition", { .seg_max = 60, .dup = 25, .spurious = 20 }, 0, 0 },
	{ "reordering", { .seg_max = 60, .reorder = 40 }, 0, 0 },
	{ "loss, repetition and reordering",
	  { .seg_max = 60, .loss = 8, .dup = 8, .reorder = 25,
	    .spurious = 10 }, 0, 0 },
	{ "all that, one byte a segment",
	  { .seg_max = 1, .loss = 5, .dup = 5, .reorder = 10,
	    .spurious = 5 }, 0, 0 },
	{ "all that, large segments and Nagle",
	  { .seg_max = 700, .loss = 10, .dup = 5, .reorder = 20,
	    .spurious = 20, .nagle = 1 }, 0, 0 },
	{ "the protocol is turned off on the way",
	  { .seg_max = 20, .loss = 5, .dup = 10, .reorder = 20,
	    .spurious = 10 }, 0, 1 },
	{ "the conversation is cut off",
	  { .seg_max = 30, .loss = 5, .dup = 5, .reorder = 20,
	    .spurious = 10 }, 1, 0 },
	{ "only looked at", { .seg_max = 30, .dup = 20, .passive = 1,
	    .spurious = 20 }, 0, 0 },
	{ "only looked at, with loss and reordering",
	  { .seg_max = 30, .loss = 10, .dup = 10, .reorder = 30,
	    .passive = 1, .spurious = 20 }, 0, 0 },
	{ "repetition of other bytes", { .seg_max = 60, .dup = 10,
	    .spurious = 40, .liar = 1 }, 0, 0 },
	{ "that with loss and reordering",
	  { .seg_max = 60, .loss = 8, .dup = 8, .reorder = 25,
	    .spurious = 40, .liar = 1 }, 0, 0 },
	{ "joined in the middle", { .seg_max = 30, .dup = 10, .spurious = 10,
	    .joined = 1 }, 0, 0 },
	{ "joined, with loss and reordering",
	  { .seg_max = 30, .loss = 10, .dup = 10, .reorder = 30,
	    .spurious = 20, .joined = 1 }, 0, 0 },
	{ "planned, one byte a segment", { .seg_max = 1, .planned = 1 },
	  0, 0 },
	{ "planned, small segments, with Nagle",
	  { .seg_max = 30, .nagle = 1, .planned = 1 }, 0, 0 },
	{ "planned, with loss, repetition and reordering",
	  { .seg_max = 60, .loss = 8, .dup = 8, .reorder = 25,
	    .spurious = 10, .planned = 1 }, 0, 0 },
	{ "planned, large segments and all that",
	  { .seg_max = 700, .loss = 10, .dup = 5, .reorder = 20,
	    .spurious = 20, .nagle = 1, .planned = 1 }, 0, 0 },
	{ "planned, and turned off on the way",
	  { .seg_max = 20, .loss = 5, .dup = 10, .reorder = 20,
	    .spurious = 10, .planned = 1 }, 0, 1 },
	{ "planned, while memory runs out",
	  { .seg_max = 40, .loss = 5, .dup = 5, .reorder = 20,
	    .spurious = 10, .fail_rate = 20, .planned = 1 }, 0, 0 },
	{ "memory runs out now and then",
	  { .seg_max = 40, .loss = 5, .dup = 5, .reorder = 20,
	    .spurious = 10, .fail_rate = 20 }, 0, 0 },
	{ "memory runs out all the time",
	  { .seg_max = 9, .spurious = 10, .fail_rate = 3 }, 0, 1 },
};

static void test_sim(const struct sim_case *c, uint32_t seed,
		     unsigned int rounds)
{
	unsigned int i;

	tap_begin(c->name);
	for (i = 1; i <= rounds; i++) {
		struct dice dice = { .state = seed + i * 0x9e3779b1u };
		struct sim_setup setup = c->setup;
		const char *complaint;

		setup.lines_max = TALK_LINES_MAX - 2;
		/* every other round the numbers wrap on the way */
		setup.isn = i & 1 ? dice_roll(&dice, UINT32_MAX) :
				    -dice_roll(&dice, 2000);
		if (c->off)
			setup.off_step = 1 + dice_roll(&dice, 1000);
		if (c->cut)
			setup.cut_step = 1 + dice_roll(&dice, 1500);
		complaint = sim_run(&setup, &dice);
		tap_check(!complaint, "round %u: %s", i, complaint);
	}
	tap_end();
}

int main(void)
{
	const char *rounds = getenv("APPGW_STREAM_ROUNDS");
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(scripts) + 13 + TAP_ARRAY_SIZE(sims));
	for (i = 0; i < TAP_ARRAY_SIZE(scripts); i++)
		test_script(&scripts[i]);
	test_splits("PORT cut at any two bytes, and into bytes",
		    "PORT 10,0,0,2,195,80\r\n");
	test_splits("two lines, likewise", "KEEP 3 4\nPORT 14,,,\r\n");
	test_splits("chatter, likewise", "PASV\r\nPORTS\r\nKEE 3\r\n");
	test_faults("each call that can fail does",
		    "PORT 1\r\nNOOP\r\nPORT 14,,,,,\r\nKEEP 3\nPORT 2,\r\n");
	test_faults("also with too many edits",
		    "PORT 1\nPORT 2\nPORT 14,,,,\nPORT 3\nPORT 4\nNOOP\n");
	test_faults("also for chatter", "NOOP 1 2 3 4 5 6\nPORT\nPORTS 1\n");
	test_overflow("as much is kept as there is room for, and no more",
		      &talk_user, STREAM_HOLD_MAX);
	test_overflow("and as much as a planner has use for",
		      &planned_user, PLANNED_HOLD_MAX);
	test_joined();
	test_eager();
	test_several();
	test_seqmap();
	test_age();
	for (i = 0; i < TAP_ARRAY_SIZE(sims); i++)
		test_sim(&sims[i], i << 16,
			 rounds ? strtoul(rounds, NULL, 0) : ROUNDS);
	return tap_finish();
}
