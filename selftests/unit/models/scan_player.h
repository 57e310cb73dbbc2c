/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_SCAN_PLAYER_H
#define SELFTESTS_SCAN_PLAYER_H

#include "scan_want.h"

/* Bytes that there may be of a direction at a time, in any protocol. */
#define SCAN_PLAYER_HELD_MAX	16384

/**
 * struct scan_player - a conversation on its way through a scanner
 * @held: what has not gone on yet, by direction
 * @len: how much
 * @gone: how much has
 *
 * The scanner's own struct is beside it.
 */
struct scan_player {
	uint8_t held[2][SCAN_PLAYER_HELD_MAX];
	size_t len[2];
	size_t gone[2];
};

/**
 * struct scan_player_ops - a scanner of kmod/, and the model of it
 * @session_size: of the scanner's struct, @session below
 * @answer_size: of the struct that says what was made of an item, @answer below
 * @why_at: where that has the scanner's reason to stop, an enum scan_why
 * @kept_max: bytes that may be kept of a unit
 * @held_max: bytes that there may be of a direction at a time
 * @read: the scanner's
 * @feed: the scanner's
 * @took: note what was found in a unit that it has taken in, behind @gone bytes
 * @is_over: the scanner reads nothing any more
 * @same: will two of the scanner's structs read alike?
 * @say: has the model take in what a side says
 * @same_answer: are two answers alike?
 * @agrees: are the model and the scanner of one mind?
 *
 * @took returns what is wrong, NULL if nothing is.
 */
struct scan_player_ops {
	size_t session_size;
	size_t answer_size;
	size_t why_at;
	size_t kept_max;
	size_t held_max;
	scan_read_fn *read;
	enum scan_why (*feed)(void *session, bool client, struct span part);
	const char *(*took)(const void *session, bool client,
			    struct span data, const struct scan_unit *unit,
			    size_t gone, void *answer);
	bool (*is_over)(const void *session);
	bool (*same)(const void *a, const void *b);
	void (*say)(void *model, bool client, struct span item, void *answer);
	bool (*same_answer)(const void *a, const void *b);
	bool (*agrees)(const void *model, const void *session);
};

const char *scan_player_step(const struct scan_player_ops *ops, void *model,
			     void *session, struct scan_player *held,
			     bool client, struct span item, bool every,
			     uint32_t *random, void *got);

#endif /* SELFTESTS_SCAN_PLAYER_H */
