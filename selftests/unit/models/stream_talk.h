/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_STREAM_TALK_H
#define SELFTESTS_STREAM_TALK_H

#include "stream_link.h"

/* Longest text that takes the place of another here. */
#define TALK_TEXT_MAX	96

#define TALK_BYTES_MAX		6000
#define TALK_LINES_MAX		40
#define TALK_VERB_LEN		5	/* "PORT " */

/* Lines longer than that are not edited, like those of FTP. */
#define TALK_LINE_MAX		512

enum talk_kind {
	TALK_CHATTER,
	TALK_REWRITE,
	TALK_VERIFY,
};

/**
 * struct talk_line - a line that the sender says
 * @kind: what is to be done with it
 * @id: its number
 * @at: offset of its first byte
 * @len: its length, the newline included
 * @old_len: length of the text behind its verb
 * @edited: it was read, and the text is replaced or compared
 */
struct talk_line {
	enum talk_kind kind;
	uint32_t id;
	unsigned int at;
	unsigned int len;
	uint8_t old_len;
	bool edited;
};

/**
 * struct talk - a conversation
 * @src: what the sender says, and of what length
 * @line: its complete lines
 * @lines: how many
 * @read: lines that have been read
 * @off_at: line at which the protocol gives up, -1 for none
 * @faults: memory may run out, so a line may be read in part only
 * @passive: nothing is edited, and lines may be read in part only
 * @lossy: nor are all lines read
 * @st: the stream, for giving up
 * @dice: decides what is not decided yet; NULL if all is. For stream_planned.h,
 *	as is the rest
 * @gone: start of the line under way that has gone on, and of what length
 * @pending: the line that was read has an edit, at what offset
 * @complaint: what was wrong first, empty if nothing was
 */
struct talk {
	uint8_t src[TALK_BYTES_MAX];
	unsigned int src_len;
	struct talk_line line[TALK_LINES_MAX];
	int lines;
	int read;
	int off_at;
	bool faults, passive, lossy;
	struct stream *st;
	struct dice *dice;
	uint8_t gone[TALK_BYTES_MAX];
	unsigned int gone_len;
	bool pending;
	uint16_t pending_at;
	char complaint[200];
};

extern const struct stream_user talk_user;

__attribute__((format(printf, 2, 3)))
void talk_complain(struct talk *t, const char *fmt, ...);
unsigned int talk_text(void *ctx, uint32_t cookie, char *text);
unsigned int talk_want(void *ctx, struct span start);
bool talk_read(void *ctx, struct span line, struct stream_edit *edit);
void talk_undo(void *ctx);
void talk_put(struct talk *t, const void *text, unsigned int len);
void talk_add(struct talk *t, enum talk_kind kind, uint32_t id,
	      unsigned int fill, unsigned int pad);
void talk_init(struct talk *t, struct stream *st);
void talk_build(struct talk *t, struct dice *d, int lines_max);
unsigned int talk_expect(const struct talk *t, uint8_t *out);

#endif /* SELFTESTS_STREAM_TALK_H */
