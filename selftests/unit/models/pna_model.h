/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_PNA_MODEL_H
#define SELFTESTS_PNA_MODEL_H

#include "../../../kmod/protocols/pna_scan.h"
#include "scan_player.h"

/* What a direction may have said in all. */
#define PNA_MODEL_SAID_MAX	8192

/**
 * struct pna_model_answer - what was made of an item
 * @count: announcements that are complete with it
 * @at: where they begin in all that the side has said
 * @why: reason to stop
 */
struct pna_model_answer {
	unsigned int count;
	size_t at[SCAN_ANNOUNCEMENTS_MAX];
	enum scan_why why;
};

/**
 * struct pna_model - a conversation, by direction: 1 for the client's
 * @data: what was said
 * @len: how much
 * @greeted: the client's hello has ended
 * @robust: and asks for a port of the server's
 * @over: nothing matters any more
 */
struct pna_model {
	uint8_t data[2][PNA_MODEL_SAID_MAX];
	size_t len[2];
	bool greeted;
	bool robust;
	bool over;
};

/**
 * struct pna_player - the same on its way through the scanner
 * @session: the scanner's state
 * @player: what has not gone on yet
 */
struct pna_player {
	struct pna_session session;
	struct scan_player player;
};

unsigned int pna_model_number(const uint8_t *at);
const char *pna_model_step(struct pna_model *m, struct pna_player *p,
			   bool client, struct span item, bool every,
			   uint32_t *random, struct pna_model_answer *got);

#endif /* SELFTESTS_PNA_MODEL_H */
