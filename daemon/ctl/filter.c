// SPDX-License-Identifier: GPL-2.0-only
/* Which events are wanted, for appgwctl events and explain. An event may have anything
 * in it.
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "event_text.h"
#include "filter.h"
#include "log.h"
#include "when.h"

/* How much of a word is shown that makes no sense */
#define FILTER_SHOWN_MAX	80

/* The protocols that there are */
static const char *const filter_helpers[] = {
	"ftp",
#define APPGW_PROTOCOL(name)	#name,
#include "../include/appgw/protocols.h"
#undef APPGW_PROTOCOL
	NULL
};

static bool filter_complain(char *error, const char *what, const char *value,
			    const char *judgement)
{
	char shown[FILTER_SHOWN_MAX];

	log_escape(shown, sizeof(shown), value);
	snprintf(error, FILTER_ERROR_MAX, "%s: \"%s\" is %s", what, shown,
		 judgement);
	return false;
}

static bool filter_address(struct endpoint *ep, const char *text)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	memset(ep, 0, sizeof(*ep));
	if (inet_pton(AF_INET, text, ep->addr) == 1) {
		ep->af = APPGW_AF_IPV4;
	} else if (inet_pton(AF_INET6, text, ep->addr) == 1) {
		ep->af = APPGW_AF_IPV6;
		if (!memcmp(ep->addr, mapped, sizeof(mapped))) {
			ep->af = APPGW_AF_IPV4;
			memmove(ep->addr, ep->addr + sizeof(mapped),
				APPGW_ADDR_LEN_IPV4);
		}
	}
	return ep->af != APPGW_AF_NONE;
}

static bool filter_set_address(struct endpoint *ep, const char *what,
			       const char *value, char *error)
{
	return filter_address(ep, value) ||
	       filter_complain(error, what, value,
			       "no address of IPv4 or IPv6");
}

/* Append the words to a text. */
static void filter_list(char *out, size_t size, const char *const *words)
{
	size_t n = strlen(out);
	const char *comma = "";

	for (; *words && n < size; words++) {
		n += snprintf(out + n, size - n, "%s%s", comma, *words);
		comma = ", ";
	}
}

static bool filter_is_word(const char *const *words, const char *value)
{
	for (; *words; words++)
		if (!strcmp(*words, value))
			return true;
	return false;
}

static bool filter_set_word(const char **word, const char *what,
			    const char *const *words, const char *value,
			    char *error)
{
	char known[FILTER_ERROR_MAX / 2] = "none of ";

	if (filter_is_word(words, value)) {
		*word = value;
		return true;
	}
	filter_list(known, sizeof(known), words);
	return filter_complain(error, what, value, known);
}

static bool filter_set_reason(const char **word, const char *value, char *error)
{
	if (event_reason(value) || filter_is_word(event_plain_reasons, value)) {
		*word = value;
		return true;
	}
	return filter_complain(error, "--reason", value,
			       "no reason like refused_foreign: see the counters in nf_appgw(4)");
}

/**
 * filter_set() - set what an option says
 * @filter: changed on success
 * @option: since, client, reason, type or helper
 * @value: its value, which must stay where it is
 * @now: seconds since 1970
 * @error: FILTER_ERROR_MAX bytes, set on failure
 *
 * Return: false if the value makes no sense
 */
bool filter_set(struct filter *filter, const char *option, const char *value,
		time_t now, char *error)
{
	if (!strcmp(option, "client"))
		return filter_set_address(&filter->client, "--client", value,
					  error);
	if (!strcmp(option, "reason"))
		return filter_set_reason(&filter->reason, value, error);
	if (!strcmp(option, "type"))
		return filter_set_word(&filter->type, "--type", event_types,
				       value, error);
	if (!strcmp(option, "helper"))
		return filter_set_word(&filter->helper, "--helper",
				       filter_helpers, value, error);
	filter->has_since = when_parse(value, now, &filter->since);
	return filter->has_since ||
	       filter_complain(error, "--since", value,
			       "no time like " WHEN_FORMS);
}

/**
 * filter_set_host() - want what an address has any part in
 * @filter: changed on success
 * @value: the address
 * @error: FILTER_ERROR_MAX bytes, set on failure
 *
 * Return: false if it is none
 */
bool filter_set_host(struct filter *filter, const char *value, char *error)
{
	return filter_set_address(&filter->host, "explain", value, error);
}

/**
 * filter_is_empty() - tell if everything is wanted
 * @filter: the filter
 *
 * Return: true if so
 */
bool filter_is_empty(const struct filter *filter)
{
	return !filter->has_since && filter->client.af == APPGW_AF_NONE &&
	       filter->host.af == APPGW_AF_NONE && !filter->reason &&
	       !filter->type && !filter->helper;
}

/* Tell if an end of the event has that address. */
static bool filter_is_at(const json_t *event, const char *name,
			 const struct endpoint *wanted)
{
	const char *text = event_word(event, name), *port;
	char word[EVENT_WORD_MAX];
	struct endpoint ep;

	if (strlen(text) >= sizeof(word))
		return false;
	strcpy(word, text);
	return filter_address(&ep, event_split(word, &port)) &&
	       ep.af == wanted->af &&
	       !memcmp(ep.addr, wanted->addr, wanted->af == APPGW_AF_IPV4 ?
		       APPGW_ADDR_LEN_IPV4 : APPGW_ADDR_LEN_IPV6);
}

static bool filter_is_anywhere(const json_t *event,
			       const struct endpoint *wanted)
{
	static const char *const names[] = {
		"client", "server", "announced", "public", "peer"
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (filter_is_at(event, names[i], wanted))
			return true;
	return false;
}

static bool filter_is_since(const json_t *event, time_t since)
{
	time_t when;
	long us;

	return when_read(event_word(event, "time"), &when, &us) &&
	       when >= since;
}

static bool filter_says(const json_t *event, const char *name,
			const char *wanted)
{
	return !wanted || !strcmp(event_word(event, name), wanted);
}

/**
 * filter_has() - tell if an event is wanted
 * @filter: the filter
 * @event: the event
 *
 * Return: true if so
 */
bool filter_has(const struct filter *filter, const json_t *event)
{
	return (!filter->has_since || filter_is_since(event, filter->since)) &&
	       (filter->client.af == APPGW_AF_NONE ||
		filter_is_at(event, "client", &filter->client)) &&
	       (filter->host.af == APPGW_AF_NONE ||
		filter_is_anywhere(event, &filter->host)) &&
	       filter_says(event, "reason", filter->reason) &&
	       filter_says(event, "type", filter->type) &&
	       filter_says(event, "helper", filter->helper);
}
