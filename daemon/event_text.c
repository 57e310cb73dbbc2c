// SPDX-License-Identifier: GPL-2.0-only
/* An event of the module's in a line, for appgwctl and for the log. It is JSON as
 * kmod_json.c makes it; whatever else is in it, the line is harmless.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../include/appgw/remedies.h"
#include "../include/appgw/span.h"
#include "event_text.h"
#include "log.h"

const struct event_reason event_reasons[] = {
#define APPGW_REASON(id, name, sentence)	\
	{ name, sentence, APPGW_REMEDY_ ## id },
#include "../include/appgw/reasons.h"
#undef APPGW_REASON
	{ NULL, NULL, NULL }
};

const char *const event_types[__APPGW_EVENT_TYPE_MAX + 1] = {
	[APPGW_EVENT_OPENED]	= "opened",
	[APPGW_EVENT_USED]	= "used",
	[APPGW_EVENT_EXPIRED]	= "expired",
	[APPGW_EVENT_CLOSED]	= "closed",
	[APPGW_EVENT_REFUSED]	= "refused",
	[APPGW_EVENT_STOPPED]	= "stopped",
	[APPGW_EVENT_BLOCKED]	= "blocked",
};

const char *const event_plain_reasons[] = {
	"opened", "used", "expired", "replaced", "closed", "rejected", "ftps",
	NULL
};

/**
 * event_reason() - find a reason by its name
 * @name: of it
 *
 * Return: the reason; NULL for a plain one, or one that nobody knows
 */
const struct event_reason *event_reason(const char *name)
{
	const struct event_reason *reason;

	for (reason = event_reasons; reason->name; reason++)
		if (!strcmp(reason->name, name))
			return reason;
	return NULL;
}

/**
 * event_word() - find one text of an event, as it is
 * @event: the event
 * @name: of the text
 *
 * Return: the text, "" if it has none
 */
const char *event_word(const json_t *event, const char *name)
{
	const char *text = json_string_value(json_object_get(event, name));

	return text ? text : "";
}

/**
 * event_escaped() - find the same, harmless and cut off
 * @buf: EVENT_WORD_MAX bytes, set
 * @event: the event
 * @name: of the text
 *
 * Return: @buf
 */
const char *event_escaped(char *buf, const json_t *event, const char *name)
{
	log_escape(buf, EVENT_WORD_MAX, event_word(event, name));
	return buf;
}

/**
 * event_remedy() - tell what would help
 * @event: what was not done
 *
 * Return: text as in remedies.h; "" where the reason isn't known
 */
const char *event_remedy(const json_t *event)
{
	static const struct {
		const char *reason;
		const char *remedy;
	} others[] = {
		{ "refused_foreign", APPGW_REMEDY_REFUSED_FOREIGN_ELSE },
		{ "stopped_tls", APPGW_REMEDY_STOPPED_TLS_ELSE },
	};
	const char *helper = event_word(event, "helper");
	const struct event_reason *reason =
		event_reason(event_word(event, "reason"));
	unsigned int i;

	if (!reason)
		return "";
	for (i = 0; *helper && strcmp(helper, "ftp") && i < ARRAY_SIZE(others);
	     i++)
		if (!strcmp(reason->name, others[i].reason))
			return others[i].remedy;
	return reason->remedy;
}

/**
 * event_split() - part an endpoint as endpoint_text() writes it
 * @end: ADDRESS, ADDRESS:PORT or :PORT, with brackets or not; changed
 * @port: set to the port's text, NULL if it has none
 *
 * Return: the address in @end, "" if it has none
 */
char *event_split(char *end, const char **port)
{
	char *colon = strchr(end, ':');

	*port = NULL;
	if (*end == '[') {
		colon = strchr(++end, ']');
		if (!colon)
			return end;
		*colon++ = '\0';
		if (*colon == ':')
			*port = colon + 1;
	} else if (colon && !strchr(colon + 1, ':')) {
		/* IPv6 without a port has more of them */
		*colon = '\0';
		*port = colon + 1;
	}
	return end;
}

/**
 * event_is_refusal() - tell if something was not done that somebody may miss
 * @event: the event
 *
 * Return: true if so
 */
bool event_is_refusal(const json_t *event)
{
	const char *type = event_word(event, "type");

	if (!strcmp(type, "stopped"))
		return strcmp(event_word(event, "reason"), "released");
	return !strcmp(type, "refused") || !strcmp(type, "blocked");
}

__attribute__((format(printf, 3, 4)))
static void text_add(char *buf, size_t size, const char *format, ...)
{
	size_t n = strlen(buf);
	va_list args;

	va_start(args, format);
	vsnprintf(buf + n, size - n, format, args);
	va_end(args);
}

/* Add " FORMAT" with a word, if the event has it. */
static void text_add_word(char *buf, size_t size, const char *before,
			  const json_t *event, const char *name)
{
	char word[EVENT_WORD_MAX];

	if (*event_escaped(word, event, name))
		text_add(buf, size, "%s%s", before, word);
}

/**
 * event_text() - an event in a line, without its time
 * @buf: set, and cut off rather than overrun
 * @size: of @buf, not 0; EVENT_LINE_MAX is enough
 * @event: the event
 */
void event_text(char *buf, size_t size, const json_t *event)
{
	const char *type = event_word(event, "type");
	const char *reason = event_word(event, "reason");
	const struct event_reason *why = event_reason(reason);

	*buf = '\0';
	text_add_word(buf, size, "", event, "client");
	text_add_word(buf, size, " > ", event, "server");
	if (json_object_get(event, "taken") && !strcmp(type, "opened"))
		text_add(buf, size, ": taken");
	else
		text_add_word(buf, size, ": ", event, "type");
	if (strcmp(type, reason)) {
		text_add_word(buf, size, " (", event, "reason");
		text_add(buf, size, ")");
	}
	text_add_word(buf, size, " ", event, "kind");
	text_add_word(buf, size, " ", event, "announced");
	text_add_word(buf, size, " as ", event, "public");
	/* DCC is for anybody, and has none */
	text_add_word(buf, size, " for ", event, "peer");
	if (json_object_get(event, "dry_run"))
		text_add(buf, size, " (dry run)");
	if (why)
		text_add(buf, size, ": %s", why->sentence);
}
