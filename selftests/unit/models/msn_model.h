/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_MSN_MODEL_H
#define SELFTESTS_MSN_MODEL_H

#include "../../../kmod/protocols/msn_scan.h"
#include "scan_player.h"

/* What a direction may have said in all. */
#define MSN_MODEL_SAID_MAX	(1u << 18)

/* Things of a kind that are compared, for each item. */
#define MSN_MODEL_FOUND_MAX	16

/**
 * struct msn_model_answer - what became of an item
 * @count: announcements
 * @from: where they begin, in what the direction has said in all
 * @to: where they end
 * @why: reason to give the conversation up
 * @invitations: how many there were
 * @said: what they were about
 * @packets: how many of P2P there were
 * @packet: what they were about
 * @size_at: where its length is, in what the direction has said in all
 */
struct msn_model_answer {
	unsigned int count;
	size_t from[MSN_MODEL_FOUND_MAX];
	size_t to[MSN_MODEL_FOUND_MAX];
	enum scan_why why;
	unsigned int invitations;
	struct msn_said said[MSN_MODEL_FOUND_MAX];
	unsigned int packets;
	struct msn_packet packet[MSN_MODEL_FOUND_MAX];
	size_t size_at[MSN_MODEL_FOUND_MAX];
};

/**
 * struct msn_model_side - one direction
 * @data: all it has said
 * @len: how much
 * @start: where the command under way begins
 * @greeted: it has begun as one of MSN
 */
struct msn_model_side {
	uint8_t data[MSN_MODEL_SAID_MAX];
	size_t len, start;
	bool greeted;
};

struct msn_model {
	struct msn_model_side side[2];
	bool notification, over;
};

/**
 * struct msn_player - the same on its way through the scanner
 * @session: the scanner's state
 * @player: what has not gone on yet
 */
struct msn_player {
	struct msn_session session;
	struct scan_player player;
};

void msn_model_begin(struct msn_model *m);
const char *msn_model_step(struct msn_model *m, struct msn_player *p,
			   bool client, struct span item, bool every,
			   uint32_t *random, struct msn_model_answer *got);

#endif /* SELFTESTS_MSN_MODEL_H */
