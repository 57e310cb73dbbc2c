// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/mms_scan.c should make of a conversation, said plainly: each
 * message is looked at from its beginning whenever there is more of it. For the unit
 * test and the fuzzer.
 */

#include <stdlib.h>
#include <string.h>

#include "mms_model.h"

#define MODEL_HEAD		40
#define MODEL_MESSAGE_MAX	65536
#define MODEL_FUNNEL_MAX	512

static uint32_t model_number(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | at[2] << 16 | at[1] << 8 | at[0];
}

/* Tell if what there is of @len bytes at @at has nothing else there than @bytes. */
static bool model_has(const uint8_t *data, size_t len, size_t at,
		      const char *bytes)
{
	size_t i;

	for (i = 0; i < 4 && at + i < len; i++)
		if (data[at + i] != (uint8_t)bytes[i])
			return false;
	return true;
}

/* Find how long the message is of which @len bytes are there; 0 if that isn't known. A
 * part of the number tells if it is too long.
 */
static size_t model_size(const uint8_t *data, size_t len, bool *bad)
{
	uint64_t size = 0;
	size_t i;

	for (i = 8; i < 12 && i < len; i++)
		size |= (uint64_t)data[i] << 8 * (i - 8);
	*bad = size + 16 > MODEL_MESSAGE_MAX;
	return i == 12 ? size + 16 : 0;
}

/* Tell if what there is of a message of @size bytes, or 0, is none of MMS. */
static bool model_is_bad(const uint8_t *data, size_t len, size_t size,
			 bool client, bool first)
{
	if (size && len > size)
		len = size;
	if (!model_has(data, len, 4, "\xce\xfa\x0b\xb0"))
		return true;
	if (client && !model_has(data, len, 12, "MMS "))
		return true;
	return client && first && (!model_has(data, len, 36, "\1\0\3\0") ||
				   (size && len == size && size < MODEL_HEAD));
}

static void model_message(struct mms_model *m, bool client,
			  struct mms_model_answer *a, size_t size)
{
	const uint8_t *data = m->data[client] + m->read[client];
	uint32_t id = size < MODEL_HEAD ? 0 : model_number(data + 36);

	if (size > MODEL_FUNNEL_MAX)
		return;
	if (client && id == 0x00030002 && !m->agreed) {
		m->asked = true;
		if (a->count < SCAN_ANNOUNCEMENTS_MAX)
			a->at[a->count] = m->read[client];
		a->count++;
	} else if (!client && m->asked && id >> 1 == 0x00040002 >> 1) {
		m->asked = false;
		m->agreed = id == 0x00040002;
	}
}

/* Takes in what a side says next. */
static void model_say(void *model, bool client, struct span item, void *answer)
{
	struct mms_model_answer *a = answer;
	struct mms_model *m = model;

	memset(a, 0, sizeof(*a));
	if (m->len[client] + item.len > MMS_MODEL_SAID_MAX)
		exit(2);
	if (item.len)
		memcpy(m->data[client] + m->len[client], item.at, item.len);
	m->len[client] += item.len;
	while (!m->over && m->read[client] < m->len[client] &&
	       !(!client && m->agreed)) {
		const uint8_t *data = m->data[client] + m->read[client];
		size_t len = m->len[client] - m->read[client];
		bool first = !m->read[client], bad;
		size_t size = model_size(data, len, &bad);

		if (bad || model_is_bad(data, len, size, client, first)) {
			a->why = !first ? SCAN_WHY_NONSENSE : client ?
				 SCAN_WHY_NOT_CLIENT : SCAN_WHY_NOT_SERVER;
			m->over = true;
		}
		if (m->over || !size || len < size)
			return;
		model_message(m, client, a, size);
		m->read[client] += size;
	}
}

static bool player_is_over(const void *session)
{
	const struct mms_session *ms = session;

	return ms->framed[0].over;
}

static const char *player_took(const void *session, bool client,
			       struct span data, const struct scan_unit *unit,
			       size_t gone, void *answer)
{
	struct mms_model_answer *a = answer;
	unsigned int i;

	(void)session;
	(void)data;
	if (unit->count && !client)
		return "a server announces something";
	for (i = 0; i < unit->count; i++, a->count++)
		if (a->count < SCAN_ANNOUNCEMENTS_MAX)
			a->at[a->count] = gone + unit->at[i];
	return NULL;
}

static bool model_same(const void *answer, const void *other)
{
	return !memcmp(answer, other, sizeof(struct mms_model_answer));
}

/* Where in its unit one was given up doesn't matter. */
static bool player_same(const void *a, const void *b)
{
	return (player_is_over(a) && player_is_over(b)) ||
	       !memcmp(a, b, sizeof(struct mms_session));
}

static bool player_agrees(const void *model, const void *session)
{
	const struct mms_session *ms = session;
	const struct mms_model *m = model;

	return ms->asked == m->asked && ms->agreed == m->agreed;
}

static const struct scan_player_ops model_ops = {
	.session_size	= sizeof(struct mms_session),
	.answer_size	= sizeof(struct mms_model_answer),
	.why_at		= offsetof(struct mms_model_answer, why),
	.kept_max	= MODEL_FUNNEL_MAX,
	.held_max	= MMS_MODEL_SAID_MAX,
	.read		= appgw_mms_read,
	.feed		= appgw_mms_feed,
	.took		= player_took,
	.is_over	= player_is_over,
	.same		= player_same,
	.say		= model_say,
	.same_answer	= model_same,
	.agrees		= player_agrees,
};

/**
 * mms_model_step() - take in an item, whole and in pieces, as the model does
 * @m: the model
 * @p: the conversation; goes on
 * @client: the client says it
 * @item: what it says
 * @every: cut it in two at every place
 * @random: state of xorshift32, not 0
 * @got: filled in with what was made of it
 *
 * Return: what is wrong, NULL if nothing is
 */
const char *mms_model_step(struct mms_model *m, struct mms_player *p,
			   bool client, struct span item, bool every,
			   uint32_t *random, struct mms_model_answer *got)
{
	return scan_player_step(&model_ops, m, &p->session, &p->player, client,
				item, every, random, got);
}
