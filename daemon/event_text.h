/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_EVENT_TEXT_H
#define APPGWD_EVENT_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "../include/uapi/linux/nf_appgw.h"

/* Longest line about an event, and longest word of one that is shown, with their 0 */
#define EVENT_LINE_MAX		768
#define EVENT_WORD_MAX		64

/**
 * struct event_reason - why something was not done
 * @name: as in events and counters
 * @sentence: its subject is the announcement or, of what is stopped, the connection
 * @remedy: what would have it done, or that nothing would, see remedies.h; ask
 *	event_remedy()
 */
struct event_reason {
	const char *name;
	const char *sentence;
	const char *remedy;
};

/* All of them; ends with one that has no name. */
extern const struct event_reason event_reasons[];

/* Names of types, by enum appgw_event_type, and of reasons that need no explanation; each
 * ends with NULL.
 */
extern const char *const event_types[__APPGW_EVENT_TYPE_MAX + 1];
extern const char *const event_plain_reasons[];

const struct event_reason *event_reason(const char *name);
const char *event_remedy(const json_t *event);
const char *event_word(const json_t *event, const char *name);
const char *event_escaped(char *buf, const json_t *event, const char *name);
char *event_split(char *end, const char **port);
bool event_is_refusal(const json_t *event);
void event_text(char *buf, size_t size, const json_t *event);

#endif /* APPGWD_EVENT_TEXT_H */
