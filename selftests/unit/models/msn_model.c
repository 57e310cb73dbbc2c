// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/msn_scan.c should make of a conversation, written a second time and
 * for clarity only: a command is looked at when all of it is there, and again
 * from its start whenever there is more of it.
 */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exact.h"
#include "msn_model.h"
#include "scan_player.h"

#define MODEL_MSG_MAX		2048
#define MODEL_PAYLOAD_MAX	1048576

/* Commands with a payload, from the server and from the client. */
#define MODEL_FROM_SERVER \
	" MSG NOT IPG UBX UBM UBN GCF NFY " \
	"ADL RML FQY UUX UUM UUN PUT GET DEL SDG "
#define MODEL_FROM_CLIENT \
	" MSG QRY PAG PGD SDC " \
	"ADL RML FQY UUX UUM UUN PUT GET DEL SDG "

/* Begin a conversation. */
void msn_model_begin(struct msn_model *m)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		m->side[i].len = 0;
		m->side[i].start = 0;
		m->side[i].greeted = false;
	}
	m->notification = false;
	m->over = false;
}

static bool model_stop(struct msn_model *m, struct msn_model_answer *a,
		       enum scan_why why)
{
	m->over = true;
	a->why = why;
	return false;
}

static bool model_bad(struct msn_model *m, bool client,
		      struct msn_model_answer *a)
{
	return model_stop(m, a, m->side[client].greeted ? SCAN_WHY_NONSENSE :
				client ? SCAN_WHY_NOT_CLIENT :
					 SCAN_WHY_NOT_SERVER);
}

static bool model_is(struct span s, const char *word)
{
	return s.len == strlen(word) &&
	       !strncasecmp((const char *)s.at, word, s.len);
}

static void model_trim(struct span *s)
{
	while (s->len && (s->at[0] == ' ' || s->at[0] == '\t')) {
		s->at++;
		s->len--;
	}
	while (s->len && (s->at[s->len - 1] == ' ' ||
			  s->at[s->len - 1] == '\t'))
		s->len--;
}

/* The start of @s up to one of @ends. */
static struct span model_until(struct span s, const char *ends)
{
	size_t i;

	for (i = 0; i < s.len && (!s.at[i] || !strchr(ends, s.at[i])); i++)
		;
	return (struct span){ s.at, i };
}

/* Takes a line away from @s. False if it has a CR that isn't at its end. */
static bool model_line(struct span *s, struct span *line)
{
	*line = model_until(*s, "\n");
	s->at += line->len;
	s->len -= line->len;
	if (s->len) {
		s->at++;
		s->len--;
	}
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	return !memchr(line->at, '\r', line->len);
}

/* Takes a line apart; false if it has no colon. */
static bool model_field(struct span line, struct span *name, struct span *value)
{
	*name = model_until(line, ":");
	if (name->len == line.len)
		return false;
	*value = (struct span){ name->at + name->len + 1,
				line.len - name->len - 1 };
	model_trim(value);
	return true;
}

/* What a MSG's header says it is: 'i', 'p' or nothing that matters. Leaves
 * behind it what it is about.
 */
static char model_type(struct span *payload)
{
	struct span line, name, value;
	char type = 0;

	for (;;) {
		if (!memchr(payload->at, '\n', payload->len) ||
		    !model_line(payload, &line))
			return 0;
		if (!line.len)
			return type;
		if (!model_field(line, &name, &value) ||
		    !model_is(name, "Content-Type"))
			continue;
		value = model_until(value, "; \t");
		if (type)
			return 0;
		if (model_is(value, "text/x-msmsgsinvite"))
			type = 'i';
		else if (model_is(value, "application/x-msnmsgrp2p"))
			type = 'p';
		else
			return 0;
	}
}

static uint32_t model_cookie(struct span value)
{
	uint32_t sum = 2166136261u;
	size_t i;

	value = model_until(value, " \t");
	for (i = 0; i < value.len; i++)
		sum = (sum ^ value.at[i]) * 16777619u;
	return value.len ? sum : 0;
}

/* Does an invitation announce something? */
static bool model_invitation(struct span body, struct msn_model_answer *a)
{
	unsigned int commands = 0, cookies = 0;
	struct msn_said said = { 0 };
	struct span line, name, value;
	bool address = false;

	while (body.len) {
		if (!model_line(&body, &line))
			return false;
		if (!line.len)
			break;
		if (!model_field(line, &name, &value))
			continue;
		if (model_is(name, "Invitation-Command")) {
			commands++;
			if (model_is(value, "INVITE"))
				said.command = MSN_COMMAND_INVITE;
			else if (model_is(value, "ACCEPT"))
				said.command = MSN_COMMAND_ACCEPT;
			else if (model_is(value, "CANCEL"))
				said.command = MSN_COMMAND_CANCEL;
		} else if (model_is(name, "Invitation-Cookie")) {
			said.cookie = model_cookie(value);
			cookies++;
		} else if (model_is(name, "IP-Address") ||
			   model_is(name, "IP-Address-Internal") ||
			   model_is(name, "Port") ||
			   model_is(name, "PortX")) {
			address |= value.len;
		}
	}
	if (cookies > 1)
		said.cookie = 0;
	if (commands != 1 || said.command == MSN_COMMAND_NONE)
		return false;
	if (a->invitations < MSN_MODEL_FOUND_MAX)
		a->said[a->invitations] = said;
	a->invitations++;
	return address && said.command != MSN_COMMAND_CANCEL;
}

static uint64_t model_le(const uint8_t *at, unsigned int len)
{
	uint64_t n = 0;
	unsigned int i;

	for (i = 0; i < len; i++)
		n += (uint64_t)at[i] << 8 * i;
	return n;
}

/* Is it a name for addresses or ports, forwards or backwards? */
static bool model_is_transport(struct span name)
{
	static const char * const where[] = {
		"IPv4Internal", "IPv4External", "IPv6",
	};
	static const char * const what[] = {
		"-Addrs", "-Port", "AddrsAndPorts",
	};
	char text[40], back[40] = "";
	size_t i, n;

	for (i = 0; i < 9; i++) {
		snprintf(text, sizeof(text), "%s%s", where[i / 3],
			 what[i % 3]);
		for (n = 0; text[n]; n++)
			back[strlen(text) - n - 1] = text[n];
		back[n] = '\0';
		if (model_is(name, text) || model_is(name, back))
			return true;
	}
	return false;
}

/* Where is text in a packet of version 2? False if none counts. */
static bool model_v2(struct span body, struct span *text)
{
	unsigned int head, length, second;

	if (body.len < 4)
		return false;
	head = body.at[0];
	length = body.at[2] << 8 | body.at[3];
	if (head < 8 || length < 8 || head + length > body.len)
		return false;
	second = body.at[head];
	if (second < 8 || second > length || model_le(body.at + head + 4, 4))
		return false;
	*text = (struct span){ body.at + head + second, length - second };
	return true;
}

/* Does a packet announce something? @at: where it begins in what was said. */
static bool model_p2p(struct span body, size_t at, struct msn_model_answer *a)
{
	bool is_v1 = body.len >= 52 &&
		     model_le(body.at + 24, 4) == body.len - 52;
	struct span text, line, name, value;
	unsigned int i = a->packets;
	struct msn_packet packet;
	bool address = false;

	if (is_v1 && model_le(body.at, 4))
		return false;
	if (is_v1)
		text = (struct span){ body.at + 48, body.len - 52 };
	else if (!model_v2(body, &text))
		return false;
	packet.ack = is_v1 && !text.len && body.at[28] & 2;
	while (text.len) {
		if (!model_line(&text, &line))
			return false;
		if (model_field(line, &name, &value) && value.len)
			address |= model_is_transport(name);
	}
	if (!is_v1)
		return address;
	packet.id = model_le(body.at + (packet.ack ? 32 : 4), 4);
	packet.size = model_le(body.at + (packet.ack ? 40 : 16), 8);
	if (i < MSN_MODEL_FOUND_MAX) {
		a->packet[i] = packet;
		a->size_at[i] = at + (packet.ack ? 40 : 16);
	}
	a->packets++;
	return address;
}

/* What a MSG is about that is all there: at @from, with @len bytes of payload
 * behind @line bytes.
 */
static void model_msg(struct msn_model *m, bool client, size_t from,
		      size_t line, size_t len, struct msn_model_answer *a)
{
	const uint8_t *data = m->side[client].data;
	struct span payload = { data + from + line, len };
	char type = model_type(&payload);
	bool found = false;

	if (type == 'i')
		found = model_invitation(payload, a);
	else if (type == 'p')
		found = model_p2p(payload, payload.at - data, a);
	if (found && a->count < MSN_MODEL_FOUND_MAX) {
		a->from[a->count] = from;
		a->to[a->count] = from + line + len;
	}
	a->count += found;
}

/**
 * struct model_words - a command's line, taken apart
 * @verb: its letters, with a blank around them
 * @count: words
 * @second: the second one is a number
 * @last: the last one is a number, with nothing behind it
 * @open: it ends with a blank
 * @version: one begins like a version
 * @number: the last one's value, or one that is too much
 */
struct model_words {
	char verb[6];
	unsigned int count;
	bool second, last, open, version;
	unsigned long number;
};

static struct model_words model_split(struct span line)
{
	struct model_words w = { 0 };
	struct span word;
	size_t i;

	snprintf(w.verb, sizeof(w.verb), " %.3s ", (const char *)line.at);
	w.open = line.len && line.at[line.len - 1] == ' ';
	for (; line.len; line.at += word.len, line.len -= word.len) {
		word = model_until(line, " ");
		if (!word.len) {
			word.len = 1;
			continue;
		}
		w.count++;
		w.number = 0;
		for (i = 0; i < word.len && isdigit(word.at[i]); i++)
			if (w.number <= MODEL_PAYLOAD_MAX)
				w.number = w.number * 10 + word.at[i] - '0';
		w.last = i == word.len;
		if (w.count == 2)
			w.second = w.last;
		if (word.len >= 4 &&
		    (!memcmp(word.at, "MSNP", 4) ||
		     !memcmp(word.at, "CVR0", 4)))
			w.version = true;
	}
	w.last &= !w.open;
	return w;
}

/* Does a payload follow? */
static bool model_has_payload(bool client, const struct model_words *w)
{
	if (!w->last)
		return false;
	if (isdigit(w->verb[1]) && isdigit(w->verb[2]) && isdigit(w->verb[3]))
		return !client && w->count == 3;
	if (!strstr(client ? MODEL_FROM_CLIENT : MODEL_FROM_SERVER, w->verb))
		return false;
	return w->count > 2 || (w->count == 2 && strstr(" NOT IPG ", w->verb));
}

/* May a side begin like this? */
static bool model_may_begin(const struct msn_model *m, bool client,
			    const uint8_t *s)
{
	char verb[6];

	snprintf(verb, sizeof(verb), " %.3s ", (const char *)s);
	if (client)
		return strstr(" VER USR ANS ", verb);
	if (isdigit(s[0]) && isdigit(s[1]) && isdigit(s[2]))
		return true;
	return strstr(m->notification ? " VER " : " USR ANS IRO ", verb);
}

/* Is there anything wrong with what has come of a command, before its line is
 * complete?
 */
static bool model_start(struct msn_model *m, bool client, struct span s,
			struct msn_model_answer *a)
{
	bool greeted = m->side[client].greeted;
	size_t i;

	if (!client && !m->side[1].greeted)
		return model_stop(m, a, SCAN_WHY_NOT_SERVER);
	if (!greeted && (s.at[0] == 0x15 || s.at[0] == 0x16 ||
			 s.at[0] == 0x80))
		return model_stop(m, a, SCAN_WHY_TLS);
	for (i = 0; i < s.len && i < 3; i++)
		if (!(s.at[i] >= 'A' && s.at[i] <= 'Z') && !isdigit(s.at[i]))
			return model_bad(m, client, a);
	if (s.len < 4)
		return true;
	if (!greeted && client && (!memcmp(s.at, "GET ", 4) ||
				   !memcmp(s.at, "POST", 4)))
		return model_stop(m, a, SCAN_WHY_HTTP);
	if ((s.at[3] != ' ' && s.at[3] != '\r' && s.at[3] != '\n') ||
	    (!greeted && !model_may_begin(m, client, s.at)))
		return model_bad(m, client, a);
	for (i = 3; i < s.len; i++) {
		if (s.at[i - 1] == '\r' ? s.at[i] != '\n' :
		    s.at[i] < ' ' && s.at[i] != '\r' && s.at[i] != '\n')
			return model_bad(m, client, a);
		if (s.at[i] == '\n')
			break;
	}
	return true;
}

/* Reads one command; false if there is nothing more to be read. */
static bool model_next(struct msn_model *m, bool client,
		       struct msn_model_answer *a)
{
	struct msn_model_side *d = &m->side[client];
	struct span s = { d->data + d->start, d->len - d->start }, line;
	size_t len, payload = 0;
	struct model_words w;

	if (m->over || !s.len || !model_start(m, client, s, a) ||
	    !memchr(s.at, '\n', s.len))
		return false;
	line = model_until(s, "\n");
	len = line.len + 1;
	if (line.at[line.len - 1] == '\r')
		line.len--;
	w = model_split(line);
	if (client && !d->greeted) {
		m->notification = !strcmp(w.verb, " VER ");
		if (w.count < 3 || !w.second ||
		    (m->notification && !w.version))
			return model_bad(m, client, a);
	}
	d->greeted = true;
	if (w.open && strstr(client ? MODEL_FROM_CLIENT : MODEL_FROM_SERVER,
			     w.verb))
		return model_bad(m, client, a);
	if (model_has_payload(client, &w))
		payload = w.number;
	if (!strcmp(w.verb, " MSG ") && (w.count != 4 || !w.last))
		return model_bad(m, client, a);
	if (payload > MODEL_PAYLOAD_MAX)
		return model_stop(m, a, SCAN_WHY_BODY);
	if (s.len < len + payload)
		return false;
	if (!strcmp(w.verb, " MSG ") && !m->notification && payload &&
	    len + payload <= MODEL_MSG_MAX)
		model_msg(m, client, d->start, len, payload, a);
	d->start += len + payload;
	return true;
}

/* Takes in what a side says next. */
static void model_say(void *model, bool client, struct span item, void *answer)
{
	struct msn_model_answer *a = answer;
	struct msn_model *m = model;
	struct msn_model_side *d = &m->side[client];

	memset(a, 0, sizeof(*a));
	if (d->len + item.len > MSN_MODEL_SAID_MAX)
		exit(2);
	if (item.len)
		memcpy(d->data + d->len, item.at, item.len);
	d->len += item.len;
	while (model_next(m, client, a))
		;
}

static bool model_same(const void *answer, const void *other)
{
	const struct msn_model_answer *a = answer, *b = other;
	unsigned int i;

	if (a->count != b->count || a->why != b->why ||
	    a->invitations != b->invitations || a->packets != b->packets)
		return false;
	for (i = 0; i < a->count && i < MSN_MODEL_FOUND_MAX; i++)
		if (a->from[i] != b->from[i] || a->to[i] != b->to[i])
			return false;
	for (i = 0; i < a->invitations && i < MSN_MODEL_FOUND_MAX; i++)
		if (a->said[i].command != b->said[i].command ||
		    a->said[i].cookie != b->said[i].cookie)
			return false;
	for (i = 0; i < a->packets && i < MSN_MODEL_FOUND_MAX; i++)
		if (a->packet[i].ack != b->packet[i].ack ||
		    a->packet[i].id != b->packet[i].id ||
		    a->packet[i].size != b->packet[i].size ||
		    a->size_at[i] != b->size_at[i])
			return false;
	return true;
}

static bool player_is_over(const void *session)
{
	const struct msn_session *ms = session;

	return ms->over;
}

static const char *player_took(const void *session, bool client,
			       struct span data, const struct scan_unit *unit,
			       size_t gone, void *answer)
{
	struct msn_model_answer *a = answer;
	struct msn_packet packet;
	struct msn_said said;

	if (unit->count > 1 || (unit->count && unit->at[0]))
		return "a unit is more than a MSG";
	if (unit->count && a->count < MSN_MODEL_FOUND_MAX) {
		a->from[a->count] = gone;
		a->to[a->count] = gone + unit->len;
	}
	a->count += unit->count;
	data.len = unit->len;
	if (appgw_msn_said(session, client, &said)) {
		if (a->invitations < MSN_MODEL_FOUND_MAX)
			a->said[a->invitations] = said;
		a->invitations++;
	}
	if (appgw_msn_packet(session, client, data, &packet)) {
		if (a->packets < MSN_MODEL_FOUND_MAX) {
			a->packet[a->packets] = packet;
			a->size_at[a->packets] = gone + packet.size_at;
		}
		a->packets++;
	}
	return NULL;
}

static bool player_same(const void *a, const void *b)
{
	struct msn_session x = *(const struct msn_session *)a;
	struct msn_session y = *(const struct msn_session *)b;
	int i;

	for (i = 0; i < 2; i++) {
		x.side[i].flags &= ~MSN_GONE;
		y.side[i].flags &= ~MSN_GONE;
	}
	return !memcmp(&x, &y, sizeof(x));
}

static bool player_agrees(const void *model, const void *session)
{
	const struct msn_session *ms = session;
	const struct msn_model *m = model;

	return m->over == ms->over &&
	       (m->over || (m->side[0].greeted == ms->greeted[0] &&
			    m->side[1].greeted == ms->greeted[1] &&
			    m->notification == (ms->kind ==
						MSN_KIND_NOTIFICATION)));
}

static const struct scan_player_ops model_ops = {
	.session_size	= sizeof(struct msn_session),
	.answer_size	= sizeof(struct msn_model_answer),
	.why_at		= offsetof(struct msn_model_answer, why),
	.kept_max	= MODEL_MSG_MAX,
	.held_max	= SCAN_PLAYER_HELD_MAX,
	.read		= appgw_msn_read,
	.feed		= appgw_msn_feed,
	.took		= player_took,
	.is_over	= player_is_over,
	.same		= player_same,
	.say		= model_say,
	.same_answer	= model_same,
	.agrees		= player_agrees,
};

/**
 * msn_model_step() - take in an item, whole and in pieces, as the model does
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
const char *msn_model_step(struct msn_model *m, struct msn_player *p,
			   bool client, struct span item, bool every,
			   uint32_t *random, struct msn_model_answer *got)
{
	return scan_player_step(&model_ops, m, &p->session, &p->player, client,
				item, every, random, got);
}
