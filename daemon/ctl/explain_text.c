// SPDX-License-Identifier: GPL-2.0-only
/* Events in sentences, by control connection: who announced what, what the router did
 * about it, what became of that and, if it was not done, why not and what would help.
 *
 * An event may have anything in it.
 */

#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "event_text.h"
#include "explain_text.h"
#include "when.h"

#define US_PER_S	1000000

/* Local time with its distance from Greenwich, and its 0 */
#define TIME_MAX	32

/**
 * struct explained - an event, and where it is in the story
 * @event: the event
 * @is_told: it has been told of
 * @s: when it was, seconds since 1970
 * @us: and millionths of them; -1 if nobody knows
 */
struct explained {
	const json_t *event;
	bool is_told;
	time_t s;
	long us;
};

/**
 * struct phrase - how an announcement is spoken of
 * @helper: protocol
 * @kind: how its kind begins; "" for all others
 * @from: "client" or "server", NULL if the address tells
 * @words: between the one who announces and the other, and behind that
 */
struct phrase {
	const char *helper;
	const char *kind;
	const char *from;
	const char *words[2];
};

static const struct phrase phrases[] = {
	{ "ftp", "pasv", "server", { "told", "to connect to it at" } },
	{ "ftp", "epsv", "server", { "told", "to connect to it at" } },
	{ "ftp", "lpsv", "server", { "told", "to connect to it at" } },
	{ "ftp", "", "client", { "asked", "to connect to it at" } },
	{ "irc", "", NULL, { "told users of", "to connect to it at" } },
	{ "msn", "", "client", { "told users of", "to connect to it at" } },
	{ "rtsp", "client_port", "client", { "asked", "for media at" } },
	{ "rtsp", "server_port", "server", { "told", "that media are from" } },
	{ "pna", "", NULL, { "told", "that media are for" } },
	{ "rpc", "callback", "client", { "lets", "call back at" } },
	{ "rpc", "", "server", { "told", "that what it asked for is at" } },
	{ "mms", "funnel", "client", { "asked", "for media at" } },
	{ "mms", "resend", "server",
	  { "agreed with", "to be asked for lost media at" } },
	{ "", "", NULL, { "told", "to use" } },
};

static const struct phrase *phrase_of(const json_t *event)
{
	const char *helper = event_word(event, "helper");
	const char *kind = event_word(event, "kind");
	const struct phrase *phrase;

	for (phrase = phrases; *phrase->helper; phrase++)
		if (!strcmp(phrase->helper, helper) &&
		    !strncmp(phrase->kind, kind, strlen(phrase->kind)))
			break;
	return phrase;
}

/* Copy the address of an end, or its port; "" if it has none. */
static const char *end_address(char *buf, const json_t *event, const char *name)
{
	char word[EVENT_WORD_MAX];
	const char *port;

	event_escaped(word, event, name);
	return strcpy(buf, event_split(word, &port));
}

static const char *end_port(char *buf, const json_t *event, const char *name)
{
	char word[EVENT_WORD_MAX];
	const char *port;

	event_escaped(word, event, name);
	event_split(word, &port);
	return strcpy(buf, port ? port : "");
}

/* Print "203.0.113.9 (ftp, port 21)". */
static void print_server(FILE *out, const json_t *event)
{
	char word[EVENT_WORD_MAX];

	fprintf(out, "%s (", end_address(word, event, "server"));
	if (*event_escaped(word, event, "helper"))
		fprintf(out, "%s, ", word);
	fprintf(out, "port %s)", end_port(word, event, "server"));
}

static bool is_from_server(const json_t *event, const struct phrase *phrase)
{
	char announced[EVENT_WORD_MAX], end[EVENT_WORD_MAX];

	if (phrase->from)
		return !strcmp(phrase->from, "server");
	return !strcmp(end_address(announced, event, "announced"),
		       end_address(end, event, "server"));
}

/* Print who announced what to whom, or that one of them did. */
static void print_announcement(FILE *out, const json_t *event)
{
	const struct phrase *phrase = phrase_of(event);
	bool from_server = is_from_server(event, phrase);
	char word[EVENT_WORD_MAX];

	if (!*event_word(event, "announced")) {
		fprintf(out, "%s or ", end_address(word, event, "client"));
		print_server(out, event);
		fprintf(out, " announced something");
		return;
	}
	if (from_server)
		print_server(out, event);
	else
		fputs(end_address(word, event, "client"), out);
	fprintf(out, " %s ", phrase->words[0]);
	if (from_server)
		fputs(end_address(word, event, "client"), out);
	else
		print_server(out, event);
	fprintf(out, " %s %s", phrase->words[1],
		event_escaped(word, event, "announced"));
}

/* Print " for PEER", or for anybody. */
static void print_peer(FILE *out, const json_t *event)
{
	char word[EVENT_WORD_MAX];

	if (*event_escaped(word, event, "peer"))
		fprintf(out, " for %s", word);
	else
		fprintf(out, " for anybody");
}

/* Print " after 0.2 s", if both times are known. */
static void print_after(FILE *out, const struct explained *from,
			const struct explained *to)
{
	double s;

	if (from->us < 0 || to->us < 0)
		return;
	s = (double)(to->s - from->s) + (double)(to->us - from->us) / US_PER_S;
	if (s >= 0)
		fprintf(out, " after %.1f s", s);
}

static const char *placeholder_value(char *buf, const json_t *event,
				     const char *name)
{
	static const char *const ports[][2] = {
		{ "ftp", "passive_ports" }, { "irc", "dcc_ports" },
		{ "rtsp", "media_ports" }, { "pna", "media_ports" },
		{ "msn", "direct_ports" }, { "mms", "media_ports" },
	};
	unsigned int i;

	if (!strcmp(name, "port"))
		end_port(buf, event, "announced");
	else if (strcmp(name, "ports"))
		end_address(buf, event, name);
	else
		for (i = 0, *buf = '\0'; i < ARRAY_SIZE(ports); i++)
			if (!strcmp(ports[i][0], event_word(event, "helper")))
				strcpy(buf, ports[i][1]);
	if (!*buf)
		strcpy(buf, !strcmp(name, "port") ? "PORT" :
			    !strcmp(name, "ports") ? "NAME_ports" : "ADDRESS");
	return buf;
}

/* Print what would help, with what the event says in it. */
static void print_remedy(FILE *out, const json_t *event)
{
	char name[EVENT_WORD_MAX], value[EVENT_WORD_MAX];
	const char *remedy = event_remedy(event), *end;

	for (; *remedy; remedy++) {
		end = *remedy == '{' ? strchr(remedy, '}') : NULL;
		if (!end || end - remedy > EVENT_WORD_MAX) {
			putc(*remedy, out);
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)(end - remedy - 1),
			 remedy + 1);
		fputs(placeholder_value(value, event, name), out);
		remedy = end;
	}
}

/* Print why it was not done, if that is known, and what would help. */
static void print_why(FILE *out, const json_t *event)
{
	const struct event_reason *why = event_reason(event_word(event, "reason"));
	char word[EVENT_WORD_MAX];

	if (!why) {
		fprintf(out, " (%s)\n", event_escaped(word, event, "reason"));
		return;
	}
	fprintf(out, ", because it %s (%s)\n    remedy: ", why->sentence,
		why->name);
	print_remedy(out, event);
	putc('\n', out);
}

/* Print what became of a pinhole, up to the end of the line. */
static void print_outcome(FILE *out, const struct explained *opened,
			  const struct explained *end)
{
	const char *type = event_word(end->event, "type");
	const char *reason = event_word(end->event, "reason");

	if (!strcmp(type, "used")) {
		fprintf(out, "used");
		print_after(out, opened, end);
	} else if (!strcmp(type, "expired")) {
		fprintf(out, "shut");
		print_after(out, opened, end);
		fprintf(out, ", because nobody came");
	} else if (!strcmp(type, "blocked")) {
		fprintf(out, "the router's own firewall dropped what came");
		print_after(out, opened, end);
		fprintf(out, "\n    remedy: ");
		print_remedy(out, end->event);
	} else {
		fprintf(out, "shut unused");
		print_after(out, opened, end);
		if (!strcmp(reason, "replaced"))
			fprintf(out, ", because the next announcement came");
		else if (!strcmp(reason, "rejected"))
			fprintf(out, ", because the server refused the command");
		else
			fprintf(out, ", because the control connection ended, or no longer counts");
	}
	putc('\n', out);
}

static bool is_same(const json_t *a, const json_t *b, const char *name)
{
	return !strcmp(event_word(a, name), event_word(b, name));
}

static bool is_same_connection(const json_t *a, const json_t *b)
{
	return is_same(a, b, "client") && is_same(a, b, "server");
}

static bool is_outcome(const json_t *event)
{
	static const char *const types[] = {
		"used", "expired", "closed", "blocked"
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(event_word(event, "type"), types[i]))
			return true;
	return false;
}

/* Find what became of the pinhole that @opened tells of; NULL if nothing is known. */
static struct explained *find_outcome(struct explained *opened,
				      struct explained *end)
{
	struct explained *e;

	for (e = opened + 1; e < end; e++)
		if (!e->is_told && is_outcome(e->event) &&
		    is_same_connection(e->event, opened->event) &&
		    is_same(e->event, opened->event, "kind") &&
		    is_same(e->event, opened->event, "announced") &&
		    is_same(e->event, opened->event, "public"))
			return e;
	return NULL;
}

static void print_opened(FILE *out, struct explained *e, struct explained *end)
{
	struct explained *outcome = find_outcome(e, end);
	bool is_dry = json_object_get(e->event, "dry_run");
	char word[EVENT_WORD_MAX];

	print_announcement(out, e->event);
	event_escaped(word, e->event, "public");
	if (json_object_get(e->event, "taken"))
		fprintf(out, "; the router %s %s for it until the server agrees",
			is_dry ? "would keep" : "keeps", word);
	else
		fprintf(out, "; the router %s %s",
			is_dry ? "would have opened" : "opened", word);
	if (!json_object_get(e->event, "taken"))
		print_peer(out, e->event);
	if (!outcome) {
		putc('\n', out);
		return;
	}
	fprintf(out, "; ");
	print_outcome(out, e, outcome);
	outcome->is_told = true;
}

/* Print an outcome whose beginning isn't remembered, or never was. */
static void print_end(FILE *out, const struct explained *e)
{
	const struct explained unknown = { .us = -1 };
	char word[EVENT_WORD_MAX], peer[EVENT_WORD_MAX];

	event_escaped(word, e->event, "public");
	if (!strcmp(event_word(e->event, "reason"), "ftps")) {
		fprintf(out, "ftps_ports let %s through to %s\n",
			event_escaped(peer, e->event, "peer"), word);
		return;
	}
	fprintf(out, "%s", word);
	print_peer(out, e->event);
	fprintf(out, ": ");
	print_outcome(out, &unknown, e);
}

static void print_time(FILE *out, const struct explained *e)
{
	char text[TIME_MAX];
	struct tm tm;

	if (e->us < 0 || !localtime_r(&e->s, &tm) ||
	    !strftime(text, sizeof(text), "%FT%T%z", &tm))
		strcpy(text, "-");
	fprintf(out, "  %s ", text);
}

static void print_missing(FILE *out, const json_t *event)
{
	json_int_t lost = json_integer_value(json_object_get(event, "lost"));

	if (lost)
		fprintf(out, "  %lld events are missing here\n",
			(long long)lost);
}

static void print_one(FILE *out, struct explained *e, struct explained *end)
{
	const char *type = event_word(e->event, "type");
	char word[EVENT_WORD_MAX];

	print_missing(out, e->event);
	print_time(out, e);
	if (!strcmp(type, "opened")) {
		print_opened(out, e, end);
	} else if (is_outcome(e->event)) {
		print_end(out, e);
	} else if (!strcmp(type, "refused")) {
		print_announcement(out, e->event);
		fprintf(out, "; refused");
		print_why(out, e->event);
	} else if (!strcmp(type, "stopped")) {
		fprintf(out, "the connection isn't read");
		/* of one that has another helper, that one's name */
		if (*event_escaped(word, e->event, "kind"))
			fprintf(out, " (%s)", word);
		print_why(out, e->event);
	} else {
		fprintf(out, "%s", event_escaped(word, e->event, "type"));
		print_why(out, e->event);
	}
	e->is_told = true;
}

/* Print what is known of the connection that @first is about. */
static void print_connection(FILE *out, struct explained *first,
			     struct explained *end)
{
	char client[EVENT_WORD_MAX], server[EVENT_WORD_MAX];
	char helper[EVENT_WORD_MAX];
	const json_t *event = first->event;
	struct explained *e;

	fprintf(out, "%s > %s", event_escaped(client, event, "client"),
		event_escaped(server, event, "server"));
	if (*event_escaped(helper, event, "helper"))
		fprintf(out, " (%s)", helper);
	putc('\n', out);
	for (e = first; e < end; e++)
		if (!e->is_told && is_same_connection(e->event, event))
			print_one(out, e, end);
}

/**
 * explain_print() - print events as the story of each control connection
 * @out: where to
 * @events: array, the oldest first
 */
void explain_print(FILE *out, const json_t *events)
{
	size_t n = json_array_size(events), i;
	struct explained *all = calloc(n + 1, sizeof(*all)), *e;

	if (!all)
		return;
	for (i = 0; i < n; i++) {
		e = &all[i];
		e->event = json_array_get(events, i);
		if (!when_read(event_word(e->event, "time"), &e->s, &e->us))
			e->us = -1;
	}
	for (e = all; e < all + n; e++)
		if (!e->is_told)
			print_connection(out, e, all + n);
	free(all);
}
