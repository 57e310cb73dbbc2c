/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_STREAM_SIM_H
#define SELFTESTS_STREAM_SIM_H

#include "stream_talk.h"

#define SIM_QUEUE_MAX	24
#define SIM_OUT_MAX	(TALK_BYTES_MAX + TALK_LINES_MAX * STREAM_TEXT_MAX)

enum sim_link {
	SIM_TO_STREAM,
	SIM_TO_RECEIVER,
	SIM_ACK_TO_STREAM,
	SIM_ACK_TO_SENDER,
	SIM_LINKS,
};

/* A packet: its number, or for an acknowledgement the number acknowledged,
 * both counted from the start of the stream.
 */
struct sim_packet {
	uint32_t seq;
	uint32_t len;
	uint8_t *data;
	bool fin;
};

/**
 * struct sim_setup - what a run is like
 * @loss: percentage of packets that every link loses
 * @dup: that it repeats
 * @reorder: that overtake others
 * @lines_max: complete lines, below TALK_LINES_MAX
 * @seg_max: payload of a segment
 * @spurious: percentage of steps in which the sender repeats itself or has
 *	nothing but an acknowledgement to send
 * @fail_rate: one of so many changes and allocations fails; 0 for none
 * @isn: first sequence number
 * @off_step: step at which the other direction turns the protocol off, or 0
 * @cut_step: step at which the conversation ends, or 0
 * @nagle: the sender waits with segments that are not full
 * @passive: the stream must be left as it is
 * @joined: the stream does not know where it begins
 * @liar: what the sender repeats may have become something else
 * @planned: edits are decided by somebody else
 */
struct sim_setup {
	unsigned int loss, dup, reorder;
	unsigned int lines_max;
	unsigned int seg_max;
	unsigned int spurious;
	unsigned int fail_rate;
	uint32_t isn;
	unsigned int off_step;
	unsigned int cut_step;
	bool nagle, passive, joined, liar, planned;
};

/**
 * struct sim - a run
 * @una: sender's oldest byte without acknowledgement
 * @nxt: its next new byte
 * @again: next byte that it sends again, @nxt if none
 * @idle: steps since the last progress of @una
 * @fin_sent: it has sent its FIN
 * @done: the FIN is acknowledged
 * @rcv: receiver's next byte
 * @fin_at: where the stream ends in the receiver's eyes, or -1
 * @high: end of what the stream has let go on
 * @got: receiver's bytes
 * @have: which of them are there
 */
struct sim {
	const struct sim_setup *setup;
	struct dice *dice;
	struct stream st;
	struct talk talk;
	struct sim_packet queue[SIM_LINKS][SIM_QUEUE_MAX];
	int queued[SIM_LINKS];
	uint32_t una, nxt, again, rcv, high, idle;
	int64_t fin_at;
	bool fin_sent, done;
	uint8_t got[SIM_OUT_MAX];
	bool have[SIM_OUT_MAX];
};

void sim_send(struct sim *s, enum sim_link link, uint32_t seq, const void *data,
	      uint32_t len, bool fin);
bool sim_stream(struct sim *s);
bool sim_receiver(struct sim *s);
bool sim_ack(struct sim *s);
bool sim_sender_acked(struct sim *s);
void sim_check_end(struct sim *s, bool cut);
const char *sim_run(const struct sim_setup *setup, struct dice *dice);

#endif /* SELFTESTS_STREAM_SIM_H */
