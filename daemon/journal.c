// SPDX-License-Identifier: GPL-2.0-only
/* Events in systemd's journal, with fields: datagrams to its socket, in what systemd
 * calls the native journal protocol. Not by libsystemd, which other systems don't have,
 * and which waits where the journal is busy.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>

#include "../include/appgw/span.h"
#include "event_text.h"
#include "journal.h"
#include "log.h"

#define JOURNAL_SOCKET	"/run/systemd/journal/socket"

/* All of an event: its fields, and the line, which has them once more */
#define JOURNAL_TEXT_MAX	3072

static const struct journal_field {
	const char *name;
	const char *key;	/* in the event */
	bool is_end;		/* its port is a field of its own, NAME_PORT */
} journal_fields[] = {
	{ "APPGW_TYPE", "type", false },
	{ "APPGW_REASON", "reason", false },
	{ "APPGW_HELPER", "helper", false },
	{ "APPGW_KIND", "kind", false },
	{ "APPGW_CLIENT", "client", true },
	{ "APPGW_SERVER", "server", true },
	{ "APPGW_ANNOUNCED", "announced", true },
	{ "APPGW_PUBLIC", "public", true },
	{ "APPGW_PEER", "peer", true },
};

static int journal_fd = -1;

/**
 * journal_open() - be ready to write to the journal, if there is one
 *
 * Once, before privileges go.
 */
void journal_open(void)
{
	journal_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			    0);
}

/* Write what is known of one field: one looks for hosts, so ports stand apart. */
static size_t journal_put(char *out, size_t size,
			  const struct journal_field *field,
			  const json_t *event)
{
	char word[EVENT_WORD_MAX];
	const char *port = NULL;
	char *address = word;
	size_t n = 0;

	if (!*event_escaped(word, event, field->key))
		return 0;
	if (field->is_end)
		address = event_split(word, &port);
	if (*address)
		n = snprintf(out, size, "%s=%s\n", field->name, address);
	if (port && n < size)
		n += snprintf(out + n, size - n, "%s_PORT=%s\n", field->name,
			      port);
	return n;
}

/**
 * journal_event() - write an event
 * @event: the event
 * @line: the same for people; one line, and harmless
 *
 * Return: false if there is no journal, or no room for it in there at the moment
 */
bool journal_event(const json_t *event, const char *line)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char text[JOURNAL_TEXT_MAX];
	unsigned int i;
	size_t n;

	if (journal_fd < 0)
		return false;
	strcpy(addr.sun_path, JOURNAL_SOCKET);
	n = snprintf(text, sizeof(text),
		     "MESSAGE=%s\nMESSAGE_ID=" JOURNAL_MESSAGE_ID "\nPRIORITY=%d\n"
		     "SYSLOG_IDENTIFIER=appgwd\n", line, LOG_INFO);
	for (i = 0; i < ARRAY_SIZE(journal_fields) && n < sizeof(text); i++)
		n += journal_put(text + n, sizeof(text) - n,
				 &journal_fields[i], event);
	if (n >= sizeof(text))
		return false;
	return sendto(journal_fd, text, n, MSG_DONTWAIT | MSG_NOSIGNAL,
		      (const struct sockaddr *)&addr, sizeof(addr)) >= 0;
}
