// SPDX-License-Identifier: GPL-2.0-only
/* A made-up protocol for tests of kmod/stream/stream.c, and conversations in it.
 *
 * "PORT id..." has everything up to the next blank replaced by a text that
 * depends on the number, longer or shorter. "KEEP id..." has it compared only.
 * All other lines are chatter. The protocol knows which line has to come next,
 * and complains about any other.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "stream_talk.h"

/* Note what is wrong, if nothing was so far. */
void talk_complain(struct talk *t, const char *fmt, ...)
{
	va_list args;

	if (t->complaint[0])
		return;
	va_start(args, fmt);
	vsnprintf(t->complaint, sizeof(t->complaint), fmt, args);
	va_end(args);
}

/* stream_user.text */
unsigned int talk_text(void *ctx, uint32_t cookie, char *text)
{
	unsigned int i, n = 1 + cookie * 7 % TALK_TEXT_MAX;

	(void)ctx;
	if (!cookie)
		return 0;
	for (i = 0; i < n; i++)
		text[i] = 'A' + (cookie + i) % 26;
	return n;
}

/* stream_user.want */
unsigned int talk_want(void *ctx, struct span start)
{
	static const char * const verb[] = { "PORT ", "KEEP " };
	struct talk *t = ctx;
	unsigned int i, n;

	if (!start.len || start.len > STREAM_HEAD_MAX)
		talk_complain(t, "asked about %zu bytes", start.len);
	n = start.len < TALK_VERB_LEN ? start.len : TALK_VERB_LEN;
	for (i = 0; i < 2; i++)
		if (!memcmp(start.at, verb[i], n))
			return n;
	return 0;
}

/* stream_user.line */
bool talk_read(void *ctx, struct span line, struct stream_edit *edit)
{
	struct talk *t = ctx;
	struct talk_line *l = &t->line[t->read];
	bool whole;

	if (t->lossy)
		return false;
	if (t->read == t->lines) {
		talk_complain(t, "a line too many: %s",
			      exact_text(line.at, line.len));
		return false;
	}
	t->read++;
	whole = line.len == l->len;
	if ((!whole && line.len != STREAM_HEAD_MAX) || line.len > l->len ||
	    memcmp(line.at, t->src + l->at, line.len))
		talk_complain(t, "line %d read as %s", t->read - 1,
			      exact_text(line.at, line.len));
	if (t->read - 1 == t->off_at) {
		t->st->off = true;
		return false;
	}
	if (l->kind == TALK_CHATTER || l->len > TALK_LINE_MAX || t->passive)
		return false;
	if (!whole && !t->faults)
		talk_complain(t, "line %d read in part only", t->read - 1);

	/* also for a part, in which nothing can be edited any more */
	edit->at = TALK_VERB_LEN;
	edit->old_len = l->old_len;
	edit->new_len = 0;
	edit->cookie = l->kind == TALK_REWRITE ? l->id : 0;
	edit->new_len = talk_text(ctx, edit->cookie, edit->text);
	l->edited = true;
	return true;
}

/* stream_user.undo */
void talk_undo(void *ctx)
{
	struct talk *t = ctx;

	if (!t->faults)
		talk_complain(t, "line %d: edit not made", t->read - 1);
	if (!t->read || !t->line[t->read - 1].edited)
		talk_complain(t, "line %d: undone twice", t->read - 1);
	else
		t->line[t->read - 1].edited = false;
}

const struct stream_user talk_user = {
	.want	= talk_want,
	.line	= talk_read,
	.text	= talk_text,
	.undo	= talk_undo,
};

/* Have the sender say @len bytes of @text. */
void talk_put(struct talk *t, const void *text, unsigned int len)
{
	memcpy(t->src + t->src_len, text, len);
	t->src_len += len;
}

static void talk_fill(struct talk *t, uint8_t c, unsigned int n)
{
	memset(t->src + t->src_len, c, n);
	t->src_len += n;
}

/* Adds a line: @id and @fill commas as its text, then @pad blanks. */
void talk_add(struct talk *t, enum talk_kind kind, uint32_t id,
	      unsigned int fill, unsigned int pad)
{
	static const char * const verb[] = { "NOOP ", "PORT ", "KEEP " };
	struct talk_line *l = &t->line[t->lines++];
	char number[16];
	int n;

	n = snprintf(number, sizeof(number), "%u", id);
	l->kind = kind;
	l->id = id;
	l->at = t->src_len;
	l->old_len = n + fill;
	talk_put(t, verb[kind], TALK_VERB_LEN);
	talk_put(t, number, n);
	talk_fill(t, ',', fill);
	talk_fill(t, ' ', pad);
	talk_put(t, "\r\n", 2);
	l->len = t->src_len - l->at;
}

/* A bare word as a line, or an incomplete one at the end. */
static void talk_add_word(struct talk *t, const char *word, bool ends)
{
	struct talk_line *l = &t->line[t->lines];

	l->kind = TALK_CHATTER;
	l->at = t->src_len;
	talk_put(t, word, strlen(word));
	if (!ends)
		return;
	talk_put(t, "\n", 1);
	l->len = t->src_len - l->at;
	t->lines++;
}

/* Begin a conversation through @st. */
void talk_init(struct talk *t, struct stream *st)
{
	memset(t, 0, sizeof(*t));
	t->off_at = -1;
	t->st = st;
}

/* A random conversation of at most @lines_max lines and an incomplete one. */
void talk_build(struct talk *t, struct dice *d, int lines_max)
{
	static const char * const word[] = {
		"", "\r", "P", "PO\r", "PORT", "KEEP\r", "POST 1", "PORTX 1",
		"KEEP", "PORT\t1", "a", "\377\364\377\362ABOR\r",
	};
	int n = 1 + dice_roll(d, lines_max);

	while (t->lines < n && t->src_len + 1000 < TALK_BYTES_MAX) {
		uint32_t kind = dice_roll(d, 12), id, fill, pad = 0;

		if (kind >= 10) {
			talk_add_word(t, word[dice_roll(d, sizeof(word) /
							sizeof(word[0]))],
				      true);
			continue;
		}
		id = 1 + dice_roll(d, 1000);
		fill = dice_roll(d, 40);
		if (kind == 9)
			/* close to what can be kept, and beyond */
			pad = 420 + dice_roll(d, 200);
		else if (kind == 8)
			pad = dice_roll(d, 100);
		/* a long one may be of any kind */
		talk_add(t, (kind == 9 ? id : kind) % 3, id, fill, pad);
	}
	if (!dice_roll(d, 3))
		talk_add_word(t, dice_roll(d, 2) ? "PORT 12,,," : "QUI",
			      false);
	if (!dice_roll(d, 6))
		t->off_at = dice_roll(d, t->lines);
}

/* What the receiver must get, after the lines that have been read. */
unsigned int talk_expect(const struct talk *t, uint8_t *out)
{
	unsigned int at = 0, n = 0;
	int i;

	for (i = 0; i < t->lines; i++) {
		const struct talk_line *l = &t->line[i];
		unsigned int verb_end = l->at + TALK_VERB_LEN;

		if (!l->edited || l->kind != TALK_REWRITE)
			continue;
		memcpy(out + n, t->src + at, verb_end - at);
		n += verb_end - at;
		n += talk_text(NULL, l->id, (char *)out + n);
		at = verb_end + l->old_len;
	}
	memcpy(out + n, t->src + at, t->src_len - at);
	return n + t->src_len - at;
}
