// SPDX-License-Identifier: GPL-2.0-only
/* One direction of a TCP connection as a stream of lines, seen one segment at
 * a time, in which some bytes are replaced by others.
 *
 * RFC 9293 section 3.4 for sequence numbers. A line that may have to be edited
 * and is not complete is cut: what no edit will change goes on, the tail is
 * kept and goes in front of the sender's next segment, and the receiver's
 * acknowledgement of the part is shown to the sender as one of the whole. Where
 * nothing of a segment may go on, a byte that the receiver has already takes
 * its place, to make it acknowledge.
 *
 * Nothing here touches an skb, a lock or the heap: selftests/unit links this
 * file unchanged and sends conversations through it, cut, lost, repeated and
 * reordered.
 */

#include "stream.h"

/* What is seldom needed is kept out of the functions that every segment goes
 * through ("noinline"), which would else save and clear what only that uses.
 */

/* A stream that is joined in the middle: bytes this far behind the first ones
 * seen may still be on their way. As much as a window can cover (RFC 7323).
 */
#define STREAM_BEHIND	(1u << 30)

/**
 * struct stream_pass - one segment's way through the functions below
 * @st: the stream
 * @seg: the segment
 * @user: the protocol
 * @ctx: the protocol's
 * @notes: enum stream_note
 */
struct stream_pass {
	struct stream *st;
	struct segment *seg;
	const struct stream_user *user;
	void *ctx;
	unsigned int notes;
};

static uint32_t stream_hold_end(const struct stream *st)
{
	return st->hold_seq + st->hold_len;
}

static void stream_hold_drop(struct stream *st)
{
	if (st->hold)
		appgw_hold_free(st->hold);
	st->hold = NULL;
	st->hold_len = 0;
}

/* Find the payload from the byte on that the sender sent at offset @at. */
static uint8_t *stream_data(struct stream_pass *p, unsigned int at)
{
	return appgw_segment_data(p->seg) + at + p->seg->shift;
}

/* Leave out what the receiver has: edits in it may have been forgotten, and
 * then the numbers of bytes before them can't be told any more. Where nothing
 * was ever edited, nothing needs to be touched.
 */
static bool stream_trim(struct stream_pass *p)
{
	struct segment *seg = p->seg;
	uint32_t n = p->st->acked - seg->seq;

	if (!seq_before(seg->seq, p->st->acked) ||
	    seqmap_is_identity(&p->st->map))
		return true;
	if (n > seg->len)
		n = seg->len;
	if (!appgw_segment_replace(seg, 0, n, NULL, 0)) {
		p->notes |= STREAM_NOTE_FAILED;
		return false;
	}
	seg->seq += n;
	seg->len -= n;
	return true;
}

/* Put back in front what the sender will not send again. */
static bool stream_prepend(struct stream_pass *p)
{
	struct segment *seg = p->seg;
	struct stream *st = p->st;
	uint32_t from, n;

	if (!st->hold || !seq_after(seg->seq, st->hold_seq) ||
	    seq_after(seg->seq, stream_hold_end(st)) ||
	    !seq_before(st->acked, seg->seq))
		return true;

	from = seq_after(st->acked, st->hold_seq) ? st->acked : st->hold_seq;
	n = seg->seq - from;
	if (!appgw_segment_replace(seg, 0, 0, st->hold + (from - st->hold_seq),
				   n)) {
		p->notes |= STREAM_NOTE_FAILED;
		return false;
	}
	seg->seq = from;
	seg->len += n;
	return true;
}

/* Tell if the bytes that were kept are the same as before. */
static bool stream_unchanged(struct stream_pass *p)
{
	struct segment *seg = p->seg;
	struct stream *st = p->st;
	uint32_t from = st->hold_seq, to = stream_hold_end(st);

	if (!st->hold)
		return true;
	if (seq_after(seg->seq, from))
		from = seg->seq;
	if (seq_before(seg->seq + seg->len, to))
		to = seg->seq + seg->len;
	return !seq_before(from, to) ||
	       !memcmp(stream_data(p, from - seg->seq),
		       st->hold + (from - st->hold_seq), to - from);
}

/* Make the edits again that lie in the first @old bytes, parts of edits
 * included.
 */
static bool stream_replay(struct stream_pass *p, uint32_t old)
{
	struct segment *seg = p->seg;
	char text[STREAM_TEXT_MAX];
	int i;

	for (i = 0; i < p->st->map.count; i++) {
		const struct seqmap_edit *e = &p->st->map.edit[i];
		uint32_t from = e->seq, to = e->seq + e->old_len;
		unsigned int a, b;

		if (seq_before(from, seg->seq))
			from = seg->seq;
		if (seq_after(to, seg->seq + old))
			to = seg->seq + old;
		if (!seq_before(from, to))
			continue;
		if (to - from == e->old_len &&
		    seqmap_sum(stream_data(p, from - seg->seq), e->old_len) !=
		    e->sum) {
			p->notes |= STREAM_NOTE_CHANGED;
			return false;
		}
		if (!p->user->text(p->ctx, e->cookie, text))
			continue;
		a = seqmap_new_offset(e, from - e->seq);
		b = seqmap_new_offset(e, to - e->seq);
		if (!appgw_segment_replace(seg,
					   from - seg->seq + seg->shift,
					   to - from, text + a, b - a)) {
			p->notes |= STREAM_NOTE_FAILED;
			return false;
		}
		seg->shift += (int)(b - a) - (int)(to - from);
	}
	return true;
}

/* End the segment before offset @at. */
static noinline bool stream_truncate(struct stream_pass *p, unsigned int at)
{
	struct segment *seg = p->seg;

	if (at < seg->len &&
	    !appgw_segment_replace(seg, at + seg->shift, seg->len - at,
				   NULL, 0)) {
		p->notes |= STREAM_NOTE_FAILED;
		return false;
	}
	seg->len = at;
	return true;
}

/* Tell how many bytes may be kept back. */
static unsigned int stream_hold_max(struct stream_pass *p)
{
	return p->user->planner ? p->user->planner->hold(p->ctx) :
				  STREAM_HOLD_MAX;
}

/* Keep the line that is incomplete from offset @at on, and ends the segment
 * there. False if that can't be.
 */
static bool stream_keep(struct stream_pass *p, unsigned int at)
{
	struct segment *seg = p->seg;
	struct stream *st = p->st;
	uint32_t cut = seg->seq + at, end = seg->seq + seg->len;
	unsigned int max = stream_hold_max(p);
	uint32_t from = cut;

	if (st->hold && seq_before(st->acked, stream_hold_end(st))) {
		/* Something older is still to be acknowledged. If this is not
		 * its continuation it has to wait: the sender isn't told that
		 * it arrived, and will send it again.
		 */
		if (seq_after(cut, stream_hold_end(st)))
			return stream_truncate(p, at);
		from = st->hold_seq;
	}
	if (end - from > max) {
		p->notes |= STREAM_NOTE_OVERFLOW;
		return false;
	}
	if (!st->hold)
		st->hold = appgw_hold_alloc(max);
	if (!st->hold) {
		p->notes |= STREAM_NOTE_FAILED;
		return false;
	}
	st->hold_seq = from;
	memcpy(st->hold + (cut - from), stream_data(p, at), end - cut);
	st->hold_len = end - from;
	p->notes |= STREAM_NOTE_HELD;
	return stream_truncate(p, at);
}

/* Append the start of @rest to the @len bytes in @head, as far as there is
 * room; return how many they are then.
 */
static unsigned int stream_head(uint8_t *head, unsigned int len,
				struct span rest)
{
	unsigned int n = STREAM_HEAD_MAX - len;

	if (n > rest.len)
		n = rest.len;
	memcpy(head + len, rest.at, n);
	return len + n;
}

/* Tell if the line @rest, whose start may have gone on earlier, can lead to an
 * edit. Return -1 if not, else how many bytes of @rest no edit will change.
 */
static int stream_want(struct stream_pass *p, struct span rest)
{
	uint8_t head[STREAM_HEAD_MAX];
	struct stream *st = p->st;
	unsigned int len, safe;

	if (p->user->planner)
		return p->user->planner->want(p->ctx, rest);

	memcpy(head, st->head, st->head_len);
	len = stream_head(head, st->head_len, rest);

	safe = p->user->want(p->ctx, (struct span){ head, len });
	if (!safe)
		return -1;
	return safe > st->head_len ? (int)(safe - st->head_len) : 0;
}

/* Make the edit that the line at offset @at asked for. */
static noinline void stream_edit(struct stream_pass *p, unsigned int at,
				 const struct stream_edit *edit)
{
	unsigned int pos = at + edit->at - p->st->head_len;
	struct segment *seg = p->seg;
	struct seqmap_edit e = {
		.seq		= seg->seq + pos,
		.sum		= seqmap_sum(stream_data(p, pos), edit->old_len),
		.cookie		= edit->cookie,
		.old_len	= edit->old_len,
		.new_len	= edit->new_len,
	};

	if (edit->new_len &&
	    !appgw_segment_replace(seg, pos + seg->shift, edit->old_len,
				   edit->text, edit->new_len)) {
		p->notes |= STREAM_NOTE_FAILED;
		p->user->undo(p->ctx);
		return;
	}
	if (!edit->new_len)
		e.new_len = e.old_len;
	seg->shift += (int)e.new_len - (int)e.old_len;
	appgw_seqmap_add(&p->st->map, &e);
	p->st->edits++;
}

/* Have the start of a line read that went on in pieces, and of which @rest is the
 * last. Nothing can be edited in it any more.
 */
static noinline void stream_head_line(struct stream_pass *p, struct span rest)
{
	struct stream *st = p->st;
	struct stream_edit edit;

	if (p->user->planner) {
		p->user->planner->line(p->ctx, rest,
				       p->seg->seq +
				       (rest.at - stream_data(p, 0)));
		return;
	}
	st->head_len = stream_head(st->head, st->head_len, rest);
	if (p->user->line(p->ctx, (struct span){ st->head, st->head_len },
			  &edit))
		p->user->undo(p->ctx);
}

/* Have a complete line read that has its start, or part of it, in an earlier
 * segment.
 */
static noinline bool stream_joined_line(struct stream_pass *p,
					struct span rest,
					struct stream_edit *edit)
{
	uint8_t line[STREAM_HEAD_MAX + STREAM_HOLD_MAX];
	struct stream *st = p->st;

	if (rest.len > STREAM_HOLD_MAX) {
		stream_head_line(p, rest);
		return false;
	}
	memcpy(line, st->head, st->head_len);
	memcpy(line + st->head_len, rest.at, rest.len);
	return p->user->line(p->ctx,
			     (struct span){ line, st->head_len + rest.len },
			     edit);
}

/* Make room for several edits in a line before the first one: either all are made
 * or none, since what one says of the others' lengths would be wrong otherwise.
 * @rest may have moved then.
 */
static bool stream_reserve(struct stream_pass *p, unsigned int at,
			   unsigned int edits, struct span *rest)
{
	if (edits < 2)
		return true;
	if (!appgw_segment_reserve(p->seg, edits * STREAM_TEXT_MAX)) {
		p->notes |= STREAM_NOTE_FAILED;
		return false;
	}
	rest->at = stream_data(p, at);
	return true;
}

/* Read a line as stream_line() does, where somebody else has decided. */
static bool stream_line_planned(struct stream_pass *p, unsigned int at,
				struct span rest)
{
	const struct stream_planner *planner = p->user->planner;
	uint32_t seq = p->seg->seq + at;
	struct stream *st = p->st;
	struct stream_edit edit;
	int count;

	count = planner->count(p->ctx, rest, seq);
	if (count < 0 ||
	    !appgw_seqmap_room(&st->map, st->acked,
			       count < SEQMAP_EDITS ? count : SEQMAP_EDITS)) {
		p->notes |= STREAM_NOTE_FULL;
		return false;
	}
	if (!stream_reserve(p, at, count, &rest))
		return false;
	planner->line(p->ctx, rest, seq);
	while (planner->planned(p->ctx, seq, &edit)) {
		if (appgw_seqmap_room(&st->map, st->acked, 1)) {
			stream_edit(p, at, &edit);
		} else {
			p->notes |= STREAM_NOTE_FULL;
			p->user->undo(p->ctx);
		}
	}
	return true;
}

/* Read the complete line @rest at offset @at. False if it has to wait until an
 * older edit is acknowledged.
 */
static bool stream_line(struct stream_pass *p, unsigned int at,
			struct span rest)
{
	struct stream_edit edit __uninitialized;
	struct stream *st = p->st;
	bool room, edited;

	if (p->user->planner)
		return stream_line_planned(p, at, rest);

	room = seqmap_room(&st->map, st->acked);
	if (!room && stream_want(p, rest) >= 0) {
		p->notes |= STREAM_NOTE_FULL;
		return false;
	}
	edited = st->head_len ? stream_joined_line(p, rest, &edit) :
				p->user->line(p->ctx, rest, &edit);
	if (edited && room) {
		stream_edit(p, at, &edit);
	} else if (edited) {
		p->notes |= STREAM_NOTE_FULL;
		p->user->undo(p->ctx);
	}
	return true;
}

/* End a segment inside the line at offset @at. */
static noinline void stream_partial(struct stream_pass *p, unsigned int at)
{
	struct span rest = { stream_data(p, at), p->seg->len - at };
	struct stream *st = p->st;
	int safe;

	safe = st->midline || st->passive || p->seg->fin ?
	       -1 : stream_want(p, rest);
	if (safe < 0 || (safe < (int)rest.len && !stream_keep(p, at + safe)))
		st->midline = true;
	else
		rest.len = safe;
	/* stream_keep() has moved nothing in front of the cut */
	rest.at = stream_data(p, at);
	if (p->user->planner)
		p->user->planner->went(p->ctx, rest);
	else
		st->head_len = stream_head(st->head, st->head_len, rest);
}

/* Tell how far the line reaches that @rest begins with; 0 if its end isn't there.
 */
static size_t stream_unit(struct stream_pass *p, struct span rest)
{
	if (p->user->planner && !p->st->lost)
		return p->user->planner->unit(p->ctx, rest);
	return span_line_len(rest);
}

/* Read what is new in the segment, from offset @at on. False if it can't go
 * on; then it counts as sent up to its new end, and has to come again.
 */
static bool stream_lines(struct stream_pass *p, unsigned int at)
{
	struct segment *seg = p->seg;
	struct stream *st = p->st;

	while (at < seg->len && !st->off) {
		const uint8_t *start = stream_data(p, at);
		size_t len = stream_unit(p, (struct span){ start,
							   seg->len - at });

		if (!len) {
			if (!st->lost)
				stream_partial(p, at);
			break;
		}
		if (st->lost) {
			/* its end alone would be taken for another line */
			st->lost = false;
		} else if (st->midline) {
			stream_head_line(p, (struct span){ start, len });
		} else if (!stream_line(p, at,
					(struct span){ start, len })) {
			seg->fin = false;
			if (stream_truncate(p, at))
				return true;
			seg->len = at;
			return false;
		}
		st->midline = false;
		st->head_len = 0;
		at += len;
	}
	return true;
}

/* Let nothing of the segment go on. A byte that the receiver knows takes its place,
 * or no byte at all, in front of what it has acknowledged, so that it says where it
 * stands and the sender goes on.
 */
static noinline enum stream_verdict stream_poke(struct stream_pass *p)
{
	struct segment *seg = p->seg;
	struct stream *st = p->st;

	if (!appgw_segment_replace(seg, 0, seg->len + seg->shift, &st->last,
				   st->any)) {
		p->notes |= STREAM_NOTE_FAILED;
		return STREAM_DROP;
	}
	seg->fin = false;
	seg->out_seq = appgw_seqmap_forward(&st->map, st->any ? st->next :
								st->acked) - 1;
	return STREAM_PASS;
}

/* Number a segment without a byte of the stream. */
static noinline void stream_empty(const struct stream *st, struct segment *seg)
{
	seg->out_seq = appgw_seqmap_forward(&st->map, seg->seq);
	/* not ahead of what the receiver got; still behind it, if it is one
	 * that wants to be answered
	 */
	if (stream_is_holding(st) && !seq_before(seg->seq, st->next))
		seg->out_seq = appgw_seqmap_forward(&st->map, st->next) -
			       seq_before(seg->seq, stream_hold_end(st));
}

/* Decide about a segment behind a gap. An edit in the gap would move what comes
 * behind it, so it has to wait, unless none can come: then true.
 */
static bool stream_skip_gap(struct stream_pass *p)
{
	struct stream *st = p->st;

	if ((!st->off && !st->passive) || stream_is_holding(st)) {
		p->notes |= STREAM_NOTE_GAP;
		return false;
	}
	st->next = p->seg->seq;
	st->lost = true;
	st->any = false;
	return true;
}

/* Bring what was seen before, or kept back, to the state it had. Return how
 * many bytes of the segment that is, -1 if it can't go on.
 */
static noinline long stream_repeat(struct stream_pass *p)
{
	struct segment *seg = p->seg;
	struct stream *st = p->st;
	uint32_t old = 0;

	if (!stream_unchanged(p)) {
		p->notes |= STREAM_NOTE_CHANGED;
		return -1;
	}
	if (!stream_trim(p) || !stream_prepend(p))
		return -1;

	if (seq_before(seg->seq, st->next))
		old = st->next - seg->seq;
	if (old > seg->len)
		old = seg->len;
	if (!stream_replay(p, old))
		return -1;

	/* what was kept before, and nothing else */
	if (stream_is_holding(st) && !seg->fin &&
	    !seq_after(seg->seq + seg->len, stream_hold_end(st)) &&
	    !stream_truncate(p, old))
		return -1;
	return old;
}

static enum stream_verdict stream_pass(struct stream_pass *p)
{
	struct segment *seg = p->seg;
	struct stream *st = p->st;
	long old = 0;

	if (!st->seen) {
		st->seen = true;
		st->next = seg->seq;
		st->acked = seg->seq - STREAM_BEHIND;
	}
	if (!seg->len && !seg->fin) {
		stream_empty(st, seg);
		return STREAM_PASS;
	}
	if (seq_after(seg->seq, stream_end(st)) && !stream_skip_gap(p))
		return stream_poke(p);

	/* most segments are the next one, with nothing kept back before it */
	if (seg->seq != st->next || st->hold) {
		old = stream_repeat(p);
		if (old < 0)
			return STREAM_DROP;
	}
	if ((uint32_t)old < seg->len) {
		bool goes_on = stream_lines(p, old);

		if (st->next != seg->seq + seg->len) {
			st->next = seg->seq + seg->len;
			st->any = false;
		}
		if (!goes_on)
			return STREAM_DROP;
	}

	if (!(seg->len + seg->shift) && !seg->fin)
		return stream_poke(p);
	seg->out_seq = seqmap_forward(&st->map, seg->seq);
	if (!st->off && seg->len + seg->shift &&
	    seg->seq + seg->len == st->next) {
		st->last = appgw_segment_data(seg)[seg->len + seg->shift - 1];
		st->any = true;
	}
	return STREAM_PASS;
}

/**
 * appgw_stream_segment() - take a segment through
 * @st: the direction it travels in
 * @seg: the segment; @seq, @len and @fin as it came, @shift 0
 * @user: the protocol that reads the lines
 * @ctx: passed on to @user
 * @notes: enum stream_note bits of what happened
 *
 * Payload is read and changed through appgw_segment_data() and
 * appgw_segment_replace(). Afterwards @fin is false if the segment must not end
 * the stream after all.
 *
 * Return: STREAM_PASS with @out_seq to put into the header, or STREAM_DROP
 */
enum stream_verdict appgw_stream_segment(struct stream *st,
					 struct segment *seg,
					 const struct stream_user *user,
					 void *ctx, unsigned int *notes)
{
	struct stream_pass p = {
		.st = st, .seg = seg, .user = user, .ctx = ctx,
	};
	enum stream_verdict verdict = stream_pass(&p);

	*notes = p.notes;
	return verdict;
}

/**
 * appgw_stream_plain_edit() - make the edit that a line asked for
 * @st: the direction it travels in, which stream_plain_lines() is done with
 * @seg: the segment that ends with the line; @seq, @len and @shift as it came
 * @edit: the edit, its offset in the segment; undone by @user if it can't be made
 * @user: the protocol that reads the lines
 * @ctx: passed on to @user
 * @notes: enum stream_note bits of what happened
 */
void appgw_stream_plain_edit(struct stream *st, struct segment *seg,
			     const struct stream_edit *edit,
			     const struct stream_user *user, void *ctx,
			     unsigned int *notes)
{
	struct stream_pass p = {
		.st = st, .seg = seg, .user = user, .ctx = ctx,
	};

	stream_edit(&p, 0, edit);
	*notes = p.notes;
}

/**
 * appgw_stream_ack() - translate an acknowledgement of this direction's bytes
 * @st: the direction whose bytes are acknowledged
 * @ack: receiver's number
 * @held: set to true if it is to cover bytes that the receiver hasn't got
 *
 * Return: sender's number, to be shown to it
 */
uint32_t appgw_stream_ack(struct stream *st, uint32_t ack, bool *held)
{
	uint32_t seq = appgw_seqmap_back(&st->map, ack);

	*held = false;
	/* one more than every byte acknowledges the end of the stream */
	if (!st->seen || seq_after(seq, st->next + 1))
		return seq;

	if (seq_after(seq, st->acked))
		st->acked = seq_after(seq, st->next) ? st->next : seq;
	appgw_seqmap_age(&st->map, st->acked);
	if (st->hold && !seq_before(st->acked, stream_hold_end(st)))
		stream_hold_drop(st);
	if (seq == st->next && stream_is_holding(st)) {
		*held = true;
		return stream_hold_end(st);
	}
	return seq;
}

/**
 * appgw_stream_free() - free what a stream keeps
 * @st: stream
 */
void appgw_stream_free(struct stream *st)
{
	stream_hold_drop(st);
}
