/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_MMS_MODEL_H
#define SELFTESTS_MMS_MODEL_H

#include "../../../kmod/protocols/mms_scan.h"
#include "scan_player.h"

/* What a direction may have said in all. */
#define MMS_MODEL_SAID_MAX	8192

/**
 * struct mms_model_answer - what was made of an item
 * @count: announcements that are complete with it
 * @at: where the first ones begin in all that the side has said
 * @why: reason to stop
 */
struct mms_model_answer {
	unsigned int count;
	size_t at[SCAN_ANNOUNCEMENTS_MAX];
	enum scan_why why;
};

/**
 * struct mms_model - a conversation, by direction: 1 for the client's
 * @data: what was said
 * @len: how much
 * @read: of that, whole messages
 * @asked: the client's last request for a funnel has not been answered
 * @agreed: the server has agreed to one
 * @over: nothing matters any more
 */
struct mms_model {
	uint8_t data[2][MMS_MODEL_SAID_MAX];
	size_t len[2];
	size_t read[2];
	bool asked;
	bool agreed;
	bool over;
};

/**
 * struct mms_player - the same on its way through the scanner
 * @session: the scanner's state
 * @player: what has not gone on yet
 */
struct mms_player {
	struct mms_session session;
	struct scan_player player;
};

const char *mms_model_step(struct mms_model *m, struct mms_player *p,
			   bool client, struct span item, bool every,
			   uint32_t *random, struct mms_model_answer *got);

#endif /* SELFTESTS_MMS_MODEL_H */
