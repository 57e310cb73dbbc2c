/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_RTSP_MODEL_H
#define SELFTESTS_RTSP_MODEL_H

#include "../../../kmod/protocols/rtsp_scan.h"
#include "scan_player.h"

/* Requests that wait for their replies. */
#define RTSP_MODEL_PENDING_MAX	8

/* What a direction may have said in all. */
#define RTSP_MODEL_SAID_MAX	(1u << 18)

/* Announcements and messages that are compared, for each item. */
#define RTSP_MODEL_FOUND_MAX	16
#define RTSP_MODEL_HEADS_MAX	16

/**
 * struct rtsp_model_answer - what became of an item
 * @count: announcements
 * @from: where they begin, in what the direction has said in all
 * @to: where they end
 * @why: reason to give the conversation up
 * @heads: messages' heads that ended
 * @said: what they were about
 */
struct rtsp_model_answer {
	unsigned int count;
	size_t from[RTSP_MODEL_FOUND_MAX];
	size_t to[RTSP_MODEL_FOUND_MAX];
	enum scan_why why;
	unsigned int heads;
	struct rtsp_said said[RTSP_MODEL_HEADS_MAX];
};

/**
 * struct rtsp_model_side - one direction
 * @data: all it has said
 * @len: how much
 * @start: where the message under way begins
 * @told: headers that begin before this are done with
 * @body: bytes of a body yet to come
 * @strays: lines in a row that began no message
 * @stray: the one under way is known to be one
 * @greeted: it has begun as one of RTSP
 */
struct rtsp_model_side {
	uint8_t data[RTSP_MODEL_SAID_MAX];
	size_t len, start, told, body;
	unsigned int strays;
	bool stray, greeted;
};

/**
 * struct rtsp_model_request - one of the client's that waits for its reply
 * @number: counted from 1
 * @cseq: its CSeq
 * @has_cseq: it has one
 * @method: what it is for
 */
struct rtsp_model_request {
	uint32_t number, cseq;
	bool has_cseq;
	enum rtsp_method method;
};

/* @waits: requests, the oldest first */
struct rtsp_model {
	struct rtsp_model_side side[2];
	struct rtsp_model_request waits[RTSP_MODEL_PENDING_MAX];
	unsigned int waiting;
	uint32_t asked;
	bool http, over, interleaved, datagrams, playing;
};

/**
 * struct rtsp_player - the same on its way through the scanner
 * @session: the scanner's state
 * @player: what has not gone on yet
 */
struct rtsp_player {
	struct rtsp_session session;
	struct scan_player player;
};

void rtsp_model_begin(struct rtsp_model *m);
const char *rtsp_model_step(struct rtsp_model *m, struct rtsp_player *p,
			    bool client, struct span item, bool every,
			    uint32_t *random, struct rtsp_model_answer *got);

#endif /* SELFTESTS_RTSP_MODEL_H */
