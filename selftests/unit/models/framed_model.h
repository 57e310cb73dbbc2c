/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_FRAMED_MODEL_H
#define SELFTESTS_FRAMED_MODEL_H

#include "../../../kmod/protocols/framed.h"
#include "scan_player.h"

/* What a direction may have said in all. */
#define FRAMED_MODEL_SAID_MAX	SCAN_PLAYER_HELD_MAX

/* Announcements of an item that are compared. */
#define FRAMED_MODEL_FOUND_MAX	64

/* The protocols that a rule was written for. */
enum framed_kind {
	FRAMED_KIND_RPC,	/* asks for ports and is refused what changes them */
	FRAMED_KIND_MMS,
	FRAMED_KIND_FLAP,
	FRAMED_KIND_YMSG,
	FRAMED_KINDS,
};

/**
 * struct framed_model_answer - what was made of an item
 * @count: units that are wanted and complete with it
 * @at: where the first ones begin in all that the side has said
 * @why: reason to stop
 */
struct framed_model_answer {
	unsigned int count;
	size_t at[FRAMED_MODEL_FOUND_MAX];
	enum scan_why why;
};

/**
 * struct framed_model - a conversation, by direction: 1 for the client's
 * @kind: protocol
 * @data: what was said
 * @len: how much
 * @read: what has been understood of it
 * @refused: units that were refused
 * @over: nothing matters any more
 */
struct framed_model {
	enum framed_kind kind;
	uint8_t data[2][FRAMED_MODEL_SAID_MAX];
	size_t len[2];
	size_t read[2];
	unsigned int refused;
	bool over;
};

/**
 * struct framed_model_unit - a unit, as the model sees it
 * @data: its bytes, without marks; as many as are there
 * @len: how many
 * @size: bytes of it, marks included; 0 if its end isn't there
 * @least: of a record, as many as it is sure to have, likewise; 0 before its mark
 * @bad: it is none of that protocol
 */
struct framed_model_unit {
	uint8_t data[FRAMED_MODEL_SAID_MAX];
	size_t len;
	size_t size;
	size_t least;
	bool bad;
};

/**
 * struct framed_talk - the same as the scanner has it
 * @framed: the scanner's state
 * @refused: units that were refused
 * @unseen: units whose head has gone on in pieces
 */
struct framed_talk {
	struct framed framed[2];
	unsigned int refused;
	unsigned int unseen;
};

extern const struct framed_rule framed_rules[FRAMED_KINDS];

void framed_model_find(enum framed_kind kind, struct framed_model_unit *u,
		       struct span data, bool client, bool first);
const char *framed_model_step(struct framed_model *m, struct framed_talk *talk,
			      struct scan_player *p, bool client,
			      struct span item, bool every, uint32_t *random,
			      struct framed_model_answer *got);

#endif /* SELFTESTS_FRAMED_MODEL_H */
