// SPDX-License-Identifier: GPL-2.0-only
/* A TCP sender and receiver with kmod/stream/stream.c between them, over links that
 * lose, repeat and reorder:
 *
 *   sender -- link 0 -- stream -- link 1 -- receiver
 *          -- link 3 --        -- link 2 --
 *
 * Everything is decided by dice, so a seed or a fuzzer's input is a run.
 */

#include <stdlib.h>
#include <string.h>

#include "stream_planned.h"
#include "stream_sim.h"
#include "stream_talk.h"

#define SIM_WINDOW	3000

/* A run is cut off after so many steps, a wrong one is without progress for so
 * many; and the sender's timer expires after so many.
 */
#define SIM_STEPS_MAX	100000
#define SIM_IDLE_MAX	20000
#define SIM_TIMER_STEPS	200

static bool sim_chance(struct sim *s, unsigned int percent)
{
	return percent && dice_roll(s->dice, 100) < percent;
}

/* Send a packet with @len bytes of @data over @link, which may lose it. */
void sim_send(struct sim *s, enum sim_link link, uint32_t seq, const void *data,
	      uint32_t len, bool fin)
{
	struct sim_packet *p;

	if (s->queued[link] == SIM_QUEUE_MAX || sim_chance(s, s->setup->loss))
		return;
	p = &s->queue[link][s->queued[link]++];
	*p = (struct sim_packet){ .seq = seq, .len = len, .fin = fin };
	if (len) {
		p->data = malloc(len);
		memcpy(p->data, data, len);
	}
}

/* Takes a packet off a link; the caller frees its data. */
static bool sim_receive(struct sim *s, enum sim_link link, struct sim_packet *p)
{
	int n = s->queued[link], i = 0;

	if (!n)
		return false;
	if (n > 1 && sim_chance(s, s->setup->reorder))
		i = dice_roll(s->dice, n);
	*p = s->queue[link][i];
	if (sim_chance(s, s->setup->dup)) {
		if (p->len)
			p->data = memcpy(malloc(p->len), p->data, p->len);
		return true;
	}
	memmove(&s->queue[link][i], &s->queue[link][i + 1],
		(n - i - 1) * sizeof(*p));
	s->queued[link]--;
	return true;
}

/* Has the receiver got the sender's byte @at, or the stream kept it? Then it
 * can't become another one any more.
 */
static bool sim_is_settled(const struct sim *s, uint32_t at)
{
	uint32_t seq = s->setup->isn + at;

	return seq_before(seq, appgw_seqmap_back(&s->st.map,
						 s->setup->isn + s->rcv)) ||
	       (s->st.hold && !seq_before(seq, s->st.hold_seq) &&
		seq_before(seq, s->st.hold_seq + s->st.hold_len));
}

/* Sends bytes from @seq on again; returns how many. */
static uint32_t sim_send_again(struct sim *s, uint32_t seq)
{
	uint32_t n = 1 + dice_roll(s->dice, s->setup->seg_max);
	uint32_t end = s->nxt, lie;
	uint8_t data[TALK_BYTES_MAX];

	if (n > end - seq)
		n = end - seq;
	memcpy(data, s->talk.src + seq, n);
	if (s->setup->liar && n && !dice_roll(s->dice, 4)) {
		lie = dice_roll(s->dice, n);
		if (sim_is_settled(s, seq + lie))
			data[lie] ^= 1;
	}
	sim_send(s, SIM_TO_STREAM, seq, data, n,
		 s->fin_sent && seq + n == s->talk.src_len);
	return n;
}

static bool sim_sender(struct sim *s)
{
	uint32_t left = s->talk.src_len - s->nxt, n;

	if (s->queued[SIM_TO_STREAM] == SIM_QUEUE_MAX)
		return false;
	if (s->again < s->nxt) {
		s->again += sim_send_again(s, s->again);
		return true;
	}
	if (s->fin_sent || s->nxt - s->una >= SIM_WINDOW)
		return false;
	if (s->setup->nagle && s->una != s->nxt && left &&
	    left < s->setup->seg_max)
		return false;
	n = 1 + dice_roll(s->dice, s->setup->seg_max);
	if (n > left)
		n = left;
	/* with the last data, or on its own */
	s->fin_sent = n == left && (!left || dice_roll(s->dice, 2));
	sim_send(s, SIM_TO_STREAM, s->nxt, s->talk.src + s->nxt, n,
		 s->fin_sent);
	s->nxt += n;
	s->again = s->nxt;
	return true;
}

/* Repeats something that needn't be, or sends no data at all. */
static void sim_spurious(struct sim *s)
{
	uint32_t from;

	switch (dice_roll(s->dice, 4)) {
	case 0:	/* a keep-alive probe */
		if (s->una && s->una == s->nxt && !s->fin_sent)
			sim_send(s, SIM_TO_STREAM, s->una - 1, NULL, 0, false);
		break;
	case 1:	/* an acknowledgement */
		sim_send(s, SIM_TO_STREAM, s->nxt + s->fin_sent, NULL, 0,
			 false);
		break;
	default:
		from = s->una < 100 ? 0 : s->una - 100;
		from += dice_roll(s->dice, s->nxt - from + 1);
		sim_send_again(s, from);
	}
}

/* A segment without data must neither be ahead of what the receiver knows, nor
 * behind it unless it wants an answer: its acknowledgement would be ignored.
 */
static void sim_check_empty(struct sim *s, uint32_t seq, uint32_t out)
{
	if (s->st.hold && seq_after(s->st.hold_seq + s->st.hold_len,
				    s->st.next) && out > s->high)
		talk_complain(&s->talk, "no data, but at %u of %u", out,
			      s->high);
	if (seq >= s->nxt && out < s->high)
		talk_complain(&s->talk, "an acknowledgement at %u of %u", out,
			      s->high);
	if (seq < s->una && out >= s->high && s->high)
		talk_complain(&s->talk, "a probe at %u of %u", out, s->high);
}

/* Have the stream take in a segment; false if there is none. */
bool sim_stream(struct sim *s)
{
	uint32_t out, isn = s->setup->isn;
	struct link_segment ls;
	enum stream_verdict v;
	struct sim_packet p;
	unsigned int notes;

	if (!sim_receive(s, SIM_TO_STREAM, &p))
		return false;
	link_segment_init(&ls, isn + p.seq, p.data, p.len, p.fin);
	v = appgw_stream_segment(&s->st, &ls.segment, s->setup->planned ?
				 &planned_user : &talk_user, &s->talk,
				 &notes);
	if (s->setup->passive &&
	    (v == STREAM_DROP || ls.segment.out_seq != isn + p.seq ||
	     ls.segment.fin != p.fin || ls.payload.len != p.len ||
	     (p.len && memcmp(ls.payload.at, p.data, p.len))))
		talk_complain(&s->talk, "changed at %u", p.seq);
	if (v == STREAM_PASS) {
		out = ls.segment.out_seq - isn;
		if (!p.len && !p.fin)
			sim_check_empty(s, p.seq, out);
		if (!p.fin && ls.segment.fin)
			talk_complain(&s->talk, "a FIN out of nothing");
		if ((int32_t)(out + ls.payload.len - s->high) > 0 &&
		    (p.len || p.fin))
			s->high = out + ls.payload.len;
		sim_send(s, SIM_TO_RECEIVER, out, ls.payload.at,
			 ls.payload.len, ls.segment.fin);
	} else if (!s->setup->fail_rate &&
		   !(s->setup->liar && notes & STREAM_NOTE_CHANGED)) {
		talk_complain(&s->talk, "dropped at %u", p.seq);
	}
	exact_free(&ls.payload);
	free(p.data);
	return true;
}

static void sim_store(struct sim *s, const struct sim_packet *p)
{
	uint32_t i, pos;

	for (i = 0; i < p->len; i++) {
		pos = p->seq + i;
		if (pos >= SIM_OUT_MAX) {
			/* in front of the first byte lies the SYN */
			if (pos != UINT32_MAX)
				talk_complain(&s->talk, "a byte at %d",
					      (int)pos);
			continue;
		}
		if (s->have[pos] && s->got[pos] != p->data[i]) {
			/* TCP keeps what it has */
			if (s->setup->liar)
				continue;
			talk_complain(&s->talk, "byte %u was %02x, is %02x",
				      pos, s->got[pos], p->data[i]);
		}
		s->got[pos] = p->data[i];
		s->have[pos] = true;
	}
}

/* Have the receiver take in a segment; false if there is none. */
bool sim_receiver(struct sim *s)
{
	struct sim_packet p;
	bool answer;

	if (!sim_receive(s, SIM_TO_RECEIVER, &p))
		return false;
	sim_store(s, &p);
	if (p.fin) {
		if (s->fin_at >= 0 && s->fin_at != p.seq + p.len)
			talk_complain(&s->talk, "a second end at %u",
				      p.seq + p.len);
		s->fin_at = p.seq + p.len;
	}
	/* without data only one that doesn't fit is answered */
	answer = p.len || p.fin || (int32_t)(p.seq - s->rcv) < 0;
	free(p.data);

	while (s->rcv < SIM_OUT_MAX && s->have[s->rcv])
		s->rcv++;
	if (s->fin_at >= 0 && s->rcv > s->fin_at)
		talk_complain(&s->talk, "bytes behind the end");
	if (answer && dice_roll(s->dice, 8))
		sim_send(s, SIM_ACK_TO_STREAM, s->rcv + (s->rcv == s->fin_at),
			 NULL, 0, false);
	return true;
}

/* Have the stream pass an acknowledgement on; false if there is none. */
bool sim_ack(struct sim *s)
{
	uint32_t seq, isn = s->setup->isn;
	struct sim_packet p;
	bool held;

	if (!sim_receive(s, SIM_ACK_TO_STREAM, &p))
		return false;
	seq = appgw_stream_ack(&s->st, isn + p.seq, &held) - isn;
	sim_send(s, SIM_ACK_TO_SENDER, seq, NULL, 0, false);
	return true;
}

/* Have the sender take in an acknowledgement; false if there is none. */
bool sim_sender_acked(struct sim *s)
{
	struct sim_packet p;

	if (!sim_receive(s, SIM_ACK_TO_SENDER, &p))
		return false;
	if ((int32_t)(p.seq - s->una) <= 0)
		return true;
	if (p.seq > s->nxt + s->fin_sent) {
		talk_complain(&s->talk, "%u acknowledged of %u", p.seq,
			      s->nxt + s->fin_sent);
		return true;
	}
	s->done = p.seq > s->talk.src_len;
	s->una = s->done ? s->talk.src_len : p.seq;
	if (s->again < s->una)
		s->again = s->una;
	s->idle = 0;
	return true;
}

static void sim_step(struct sim *s)
{
	static bool (* const action[])(struct sim *s) = {
		sim_sender, sim_stream, sim_receiver, sim_ack,
		sim_sender_acked,
	};
	int i, n = sizeof(action) / sizeof(action[0]);
	int first = dice_roll(s->dice, n);

	if (sim_chance(s, s->setup->spurious))
		sim_spurious(s);
	for (i = 0; i < n && ++s->idle % SIM_TIMER_STEPS; i++)
		if (action[(first + i) % n](s))
			return;
	/* nothing is under way, or only old packets are, again and again */
	s->again = s->una + sim_send_again(s, s->una);
}

/* Check what has arrived; @cut: the conversation was not finished. */
void sim_check_end(struct sim *s, bool cut)
{
	unsigned int i, n, edited = 0;
	struct talk *t = &s->talk;
	uint8_t want[SIM_OUT_MAX];

	n = talk_expect(t, want);
	for (i = 0; i < SIM_OUT_MAX; i++)
		if (s->have[i] && (i >= n || s->got[i] != want[i])) {
			talk_complain(t, "byte %u of %u is wrong", i, n);
			break;
		}
	for (i = 0; i < (unsigned int)t->lines; i++)
		edited += t->line[i].edited;
	if (edited != s->st.edits)
		talk_complain(t, "%u edits counted of %u", s->st.edits,
			      edited);
	if (cut)
		return;
	if (s->rcv != n || s->fin_at != n)
		talk_complain(t, "%u bytes arrived of %u", s->rcv, n);
	if (!s->st.off && !t->lossy && t->read != t->lines)
		talk_complain(t, "%d lines read of %d", t->read, t->lines);
}

/* One conversation. Returns a complaint, or NULL if all is well. */
const char *sim_run(const struct sim_setup *setup, struct dice *dice)
{
	static struct sim sim;
	struct sim *s = &sim;
	unsigned int step;
	bool cut = false;
	int i, link;

	memset(s, 0, sizeof(*s));
	s->setup = setup;
	s->dice = dice;
	s->fin_at = -1;
	if (!setup->joined) {
		s->st.seen = true;
		s->st.next = setup->isn;
		s->st.acked = setup->isn;
	}
	talk_init(&s->talk, &s->st);
	s->talk.dice = dice;
	s->st.passive = setup->passive;
	s->talk.faults = setup->fail_rate;
	s->talk.passive = setup->passive;
	s->talk.lossy = (setup->passive || setup->joined) &&
			(setup->loss || setup->reorder);
	talk_build(&s->talk, dice, setup->lines_max);
	link_faults = (struct link_faults){
		.fail_rate = setup->fail_rate, .dice = dice,
	};

	for (step = 1; !s->done && !cut && !s->talk.complaint[0]; step++) {
		sim_step(s);
		s->st.off |= step == setup->off_step;
		cut = step == setup->cut_step || step == SIM_STEPS_MAX;
		if (s->idle > SIM_IDLE_MAX)
			talk_complain(&s->talk, "stuck: %u of %u",
				      s->una, s->talk.src_len);
	}
	if (!s->talk.complaint[0])
		sim_check_end(s, cut);
	for (link = 0; link < SIM_LINKS; link++)
		for (i = 0; i < s->queued[link]; i++)
			free(s->queue[link][i].data);
	appgw_stream_free(&s->st);
	if (link_faults.holds)
		talk_complain(&s->talk, "%d holds left", link_faults.holds);
	return s->talk.complaint[0] ? s->talk.complaint : NULL;
}
