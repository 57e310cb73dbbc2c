/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_JOURNAL_H
#define APPGWD_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>

/* What all events have in common in the journal, told in appgwd(8) */
#define JOURNAL_MESSAGE_ID	"deaeea79ead945efa6aff71aee71810a"

void journal_open(void);
bool journal_event(const json_t *event, const char *line);

#endif /* APPGWD_JOURNAL_H */
