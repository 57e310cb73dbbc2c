// SPDX-License-Identifier: GPL-2.0-only
/* The made-up protocol of stream_talk.h once more, for a stream_planner: its
 * edits are decided before the line is read, and now and then not yet.
 */

#include <string.h>

#include "stream_planned.h"

static int planned_want(void *ctx, struct span rest)
{
	uint8_t start[STREAM_HEAD_MAX];
	struct talk *t = ctx;
	unsigned int len, n, safe;

	len = t->gone_len < sizeof(start) ? t->gone_len : sizeof(start);
	memcpy(start, t->gone, len);
	n = sizeof(start) - len < rest.len ? sizeof(start) - len : rest.len;
	memcpy(start + len, rest.at, n);
	safe = talk_want(t, (struct span){ start, len + n });
	if (!safe)
		return -1;
	return safe > t->gone_len ? (int)(safe - t->gone_len) : 0;
}

static void planned_went(void *ctx, struct span part)
{
	struct talk *t = ctx;

	if (t->gone_len + part.len > sizeof(t->gone)) {
		talk_complain(t, "%zu bytes too many have gone", part.len);
		return;
	}
	memcpy(t->gone + t->gone_len, part.at, part.len);
	t->gone_len += part.len;
}

/* Will the line that ends with @rest be edited? */
static bool planned_edits(const struct talk *t, struct span rest)
{
	const struct talk_line *l = &t->line[t->read];

	return !t->lossy && !t->passive && t->read < t->lines &&
	       t->read != t->off_at && l->kind != TALK_CHATTER &&
	       l->len <= TALK_LINE_MAX && t->gone_len <= TALK_VERB_LEN &&
	       t->gone_len + rest.len == l->len;
}

static int planned_count(void *ctx, struct span rest, uint32_t seq)
{
	struct talk *t = ctx;

	(void)seq;
	if (!planned_edits(t, rest))
		return 0;
	if (t->dice && !dice_roll(t->dice, 8))
		return -1;
	return 1;
}

/* stream_planner.hold */
unsigned int planned_hold(void *ctx)
{
	(void)ctx;
	return PLANNED_HOLD_MAX;
}

/* stream_planner.unit */
size_t planned_unit(void *ctx, struct span rest)
{
	(void)ctx;
	return span_line_len(rest);
}

static void planned_line(void *ctx, struct span rest, uint32_t seq)
{
	uint8_t line[TALK_BYTES_MAX];
	struct stream_edit edit;
	struct talk *t = ctx;
	bool edits;

	(void)seq;
	edits = planned_edits(t, rest);
	if (t->gone_len + rest.len > sizeof(line)) {
		talk_complain(t, "a line of %zu bytes",
			      t->gone_len + rest.len);
		return;
	}
	memcpy(line, t->gone, t->gone_len);
	memcpy(line + t->gone_len, rest.at, rest.len);
	talk_read(t, (struct span){ line, t->gone_len + rest.len }, &edit);
	if (!t->lossy && t->read)
		t->line[t->read - 1].edited = false;
	t->pending = edits;
	t->pending_at = TALK_VERB_LEN - t->gone_len;
	t->gone_len = 0;
}

static bool planned_next(void *ctx, uint32_t seq, struct stream_edit *edit)
{
	struct talk *t = ctx;
	struct talk_line *l;

	(void)seq;
	if (!t->pending)
		return false;
	t->pending = false;
	l = &t->line[t->read - 1];
	edit->at = t->pending_at;
	edit->old_len = l->old_len;
	edit->cookie = l->kind == TALK_REWRITE ? l->id : 0;
	edit->new_len = talk_text(t, edit->cookie, edit->text);
	l->edited = true;
	return true;
}

static const struct stream_planner planned_planner = {
	.hold		= planned_hold,
	.unit		= planned_unit,
	.want		= planned_want,
	.went		= planned_went,
	.count		= planned_count,
	.line		= planned_line,
	.planned	= planned_next,
};

const struct stream_user planned_user = {
	.text		= talk_text,
	.undo		= talk_undo,
	.planner	= &planned_planner,
};
