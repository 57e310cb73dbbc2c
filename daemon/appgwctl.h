/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_H
#define APPGWCTL_H

#include <jansson.h>
#include <stdio.h>

#include "kmod_client.h"

/* appgwctl_daemon.c */
json_t *daemon_ask(const char *path, bool *is_elsewhere);

/* appgwctl_policy.c */
int policy_set(struct kmod *kmod, int argc, char **argv, char *error);
json_t *policy_get(struct kmod *kmod);

/* appgwctl_table.c: rows for people */

/**
 * struct table_column - one of a table's
 * @name: heading, and what chooses it
 * @key: of a row, which is a JSON object
 * @is_right: numbers, aligned to the right
 */
struct table_column {
	const char *name;
	const char *key;
	bool is_right;
};

/**
 * struct table_look - how tables are to look
 * @columns: names of those that are shown, separated by commas; NULL: all
 * @has_no_heading: rows alone
 */
struct table_look {
	const char *columns;
	bool has_no_heading;
};

int table_print(const struct table_column *columns, const json_t *rows,
		const struct table_look *look);

/* appgwctl_text.c: the same for people */
void text_status(const json_t *status, bool is_elsewhere);
int text_flows(const json_t *flows, const struct table_look *look);
int text_pinholes(const json_t *pinholes, const struct table_look *look);
void text_event(const json_t *event);
void text_stats(const json_t *stats);
void text_policy(const json_t *policy);

#endif /* APPGWCTL_H */
