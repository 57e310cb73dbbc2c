/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_STREAM_H
#define APPGW_STREAM_H

#include "segment.h"
#include "seqmap.h"

/* Bytes a direction may keep back while a line is incomplete, where no planner
 * says how many.
 */
#define STREAM_HOLD_MAX		512

/* Bytes of a line's start that are remembered when they have gone on. They
 * decide whether it may be edited ("EPRT "), and are all that is read of a line
 * that comes in pieces and may not ("EPSV ALL").
 */
#define STREAM_HEAD_MAX		11

/* Longest text that may take the place of another, and longest other. */
#define STREAM_TEXT_MAX		255

/**
 * struct stream - what is known of one direction of a connection
 * @map: from the sender's to the receiver's sequence numbers
 * @next: sender's number of the first byte that has not been forwarded
 * @acked: sender's number up to which the receiver has everything
 * @edits: edits made so far
 * @hold_seq: sender's number of the first byte in @hold
 * @hold: bytes that the sender may believe delivered although they are not, in
 *	memory for as many as may be kept back; NULL if there are none
 * @hold_len: how many
 * @head_len: bytes in @head
 * @head: start of the line at @next that has been forwarded already
 * @last: last byte forwarded
 * @any: @last is valid
 * @seen: @next and @acked are valid
 * @midline: @next is inside a line that won't be edited
 * @lost: @next is inside a line whose start was not seen
 * @off: lines are not looked at any more
 * @passive: lines are looked at, but no segment is cut or sent back for them
 * @lenient: for the caller, which carries segments: those whose numbers are judged less
 *	strictly because of an edit here, a bit for either direction
 * @flags: from @any on, to look at several at once
 */
struct stream {
	struct seqmap map;
	uint32_t next;
	uint32_t acked;
	uint32_t edits;
	uint32_t hold_seq;
	uint8_t *hold;
	uint16_t hold_len;
	uint8_t head_len;
	uint8_t head[STREAM_HEAD_MAX];
	uint8_t last;
	union {
		struct {
			bool any : 1;
			bool seen : 1;
			bool midline : 1;
			bool lost : 1;
			bool off : 1;
			bool passive : 1;
			uint8_t lenient : 2;
		};
		uint8_t flags;
	};
};

/* Of the bits in stream.flags those that tell if lines are read as they come: @seen alone of
 * @seen, @midline, @lost, @off and @passive
 */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define STREAM_FLAG_SEEN	0x02
#define STREAM_FLAGS_PLAIN	0x3e
#else
#define STREAM_FLAG_SEEN	0x40
#define STREAM_FLAGS_PLAIN	0x7c
#endif

/* What becomes of a segment. */
enum stream_verdict {
	STREAM_PASS,	/* goes on, as it is now */
	STREAM_DROP,	/* the sender has to send it again */
};

/* Why something was done that is worth counting; bits. */
enum stream_note {
	STREAM_NOTE_HELD	= 1 << 0,	/* a tail was kept back */
	STREAM_NOTE_OVERFLOW	= 1 << 1,	/* a tail was too long for that */
	STREAM_NOTE_GAP		= 1 << 2,	/* came out of order */
	STREAM_NOTE_CHANGED	= 1 << 3,	/* other bytes than before */
	STREAM_NOTE_FULL	= 1 << 4,	/* too many edits on their way */
	STREAM_NOTE_FAILED	= 1 << 5,	/* no memory */
};

/**
 * struct stream_edit - a text to be replaced in a line
 * @at: its offset in the line
 * @old_len: its length, at least 1
 * @new_len: length of @text; 0 to leave it as it is, and to refuse it if it
 *	comes again and is another
 * @cookie: what stream_user.text needs to write @text again
 * @text: what takes its place
 */
struct stream_edit {
	uint16_t at;
	uint8_t old_len;
	uint8_t new_len;
	uint32_t cookie;
	char text[STREAM_TEXT_MAX];
};

/**
 * struct stream_user - the protocol that reads the lines
 * @want: may a line that begins with @start, of at most STREAM_HEAD_MAX bytes,
 *	be edited? Returns how many bytes of it are sure to stay as they are:
 *	all, as long as that is undecided; 0 if no edit is coming
 * @line: reads a line, its end included; of one that went on in pieces, only
 *	as much of its start as STREAM_HEAD_MAX bytes hold. Called once for
 *	each line that ends. Returns true if @edit is to be made in it
 * @text: writes the text of an edit again; returns its length, 0 if the edit
 *	changes nothing and is there to be compared only
 * @undo: the edit that @line or @planned wanted could not be made
 * @planner: for a protocol whose lines somebody else decides about, before they
 *	come here; NULL for others
 */
struct stream_user {
	unsigned int (*want)(void *ctx, struct span start);
	bool (*line)(void *ctx, struct span line, struct stream_edit *edit);
	unsigned int (*text)(void *ctx, uint32_t cookie, char *text);
	void (*undo)(void *ctx);
	const struct stream_planner *planner;
};

/**
 * struct stream_planner - what a stream_user has in place of @want and @line
 * @hold: bytes a direction may keep back while a line is incomplete; always the
 *	same for a stream
 * @unit: how far does the line, or whatever the protocol takes for one, reach
 *	that begins with @rest or goes on with it? 0 if its end is yet to come
 * @want: as there, but for what follows the bytes that @went was told of, and
 *	with -1 if no edit is coming
 * @went: @part of a line has gone on, and its end is yet to come
 * @count: edits there are for the line, whose first byte not told to @went has
 *	sender's number @seq; -1 if they are yet to be decided, and the
 *	sender has to send it again
 * @line: reads the line, once
 * @planned: the next of its edits, in order; @edit.at counts from @seq
 */
struct stream_planner {
	unsigned int (*hold)(void *ctx);
	size_t (*unit)(void *ctx, struct span rest);
	int (*want)(void *ctx, struct span rest);
	void (*went)(void *ctx, struct span part);
	int (*count)(void *ctx, struct span rest, uint32_t seq);
	void (*line)(void *ctx, struct span rest, uint32_t seq);
	bool (*planned)(void *ctx, uint32_t seq, struct stream_edit *edit);
};

/* Tell if there is a tail that has not been forwarded at all. */
static inline bool stream_is_holding(const struct stream *st)
{
	return st->hold && seq_after(st->hold_seq + st->hold_len, st->next);
}

/* End of what the sender was told has arrived, or may be told. */
static inline uint32_t stream_end(const struct stream *st)
{
	return stream_is_holding(st) ? st->hold_seq + st->hold_len : st->next;
}

enum stream_verdict appgw_stream_segment(struct stream *st,
					 struct segment *seg,
					 const struct stream_user *user,
					 void *ctx, unsigned int *notes);
void appgw_stream_plain_edit(struct stream *st, struct segment *seg,
			     const struct stream_edit *edit,
			     const struct stream_user *user, void *ctx,
			     unsigned int *notes);
uint32_t appgw_stream_ack(struct stream *st, uint32_t ack, bool *held);
void appgw_stream_free(struct stream *st);

/**
 * stream_is_plain() - does a line begin here, with nothing to wait for?
 * @st: the direction a segment travels in
 * @seq: sender's number of its first byte
 *
 * Numbers from there on differ by @st->map.shift from the receiver's, however many
 * edits there are before them.
 *
 * Return: true if so. A segment of lines then may go on without
 * appgw_stream_segment(); see stream_plain_lines()
 */
static inline bool stream_is_plain(const struct stream *st, uint32_t seq)
{
	return seq == st->next && !st->head_len && !st->hold &&
	       (st->flags & STREAM_FLAGS_PLAIN) == STREAM_FLAG_SEEN;
}

/* Let lines of @len bytes go on, before which stream_is_plain() is true. If the last
 * one is to be edited, appgw_stream_plain_edit() comes next. If the rest of a segment
 * is no line, or one that has to be looked at, appgw_stream_segment() may see to that.
 */
static inline void stream_plain_lines(struct stream *st, uint32_t len)
{
	st->next += len;
	st->last = '\n';
	st->any = true;
}

/**
 * stream_reads() - will a segment's payload be looked at?
 * @st: the direction it travels in
 * @seq: sender's number of its first byte
 *
 * Return: false if not, nor changed
 */
static inline bool stream_reads(const struct stream *st, uint32_t seq)
{
	return !st->off || st->hold ||
	       (seq_before(seq, st->next) && !seqmap_is_identity(&st->map));
}

/* Remember that the receiver has everything up to the sender's number @seq. */
static inline void stream_acked(struct stream *st, uint32_t seq)
{
	/* one more than every byte acknowledges the end of the stream */
	if (seq_after(seq, st->acked) && !seq_after(seq, st->next + 1))
		st->acked = seq_after(seq, st->next) ? st->next : seq;
}

/**
 * stream_ack_settled() - take in an acknowledgement of all that was edited
 * @st: the direction whose bytes are acknowledged
 * @ack: receiver's number
 *
 * To the sender it is less by @st->map.shift, and so is what lies behind it.
 *
 * Return: false if that isn't so: then appgw_stream_ack() has to see to it
 */
static inline bool stream_ack_settled(struct stream *st, uint32_t ack)
{
	uint32_t seq = ack - st->map.shift;

	if (st->hold || st->lenient || !seqmap_is_settled(&st->map, seq))
		return false;
	stream_acked(st, seq);
	return true;
}

#endif /* APPGW_STREAM_H */
