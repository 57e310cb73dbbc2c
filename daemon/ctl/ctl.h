/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_CTL_H
#define APPGWCTL_CTL_H

#include <jansson.h>
#include <stdio.h>

#include "filter.h"
#include "kmod_client.h"

/* What a command returns that makes no sense of its words */
#define CTL_USAGE	(-1)

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

/**
 * struct ctl - what one call is about
 * @kmod: socket to the module
 * @is_json: print JSON
 * @is_prometheus: print what Prometheus reads
 * @control: the daemon's control socket, or NULL
 * @look: of tables
 * @filter: events that are wanted
 * @argc: words behind the command
 * @argv: those
 */
struct ctl {
	struct kmod kmod;
	bool is_json;
	bool is_prometheus;
	const char *control;
	struct table_look look;
	struct filter filter;
	int argc;
	char **argv;
};

/**
 * struct history_answer - what the daemon has kept
 * @events: array, the oldest first
 * @lost: events that are missing behind the last one
 * @forgotten: older ones that it has had
 */
struct history_answer {
	json_t *events;
	json_int_t lost;
	json_int_t forgotten;
};

/**
 * struct overlap - the history, where it meets what is followed
 * @history: array of events; NULL if there is none
 * @met: those before have been met
 */
struct overlap {
	const json_t *history;
	size_t met;
};

/* main.c */
int ctl_fail(const char *text);
int ctl_misused(const char *text);
int ctl_fail_kmod(const struct ctl *ctl);
void ctl_print_json(const json_t *value);

/* Commands, each in the file of its name; flows and pinholes in show.c */
int ctl_status(struct ctl *ctl);
int ctl_flows(struct ctl *ctl);
int ctl_pinholes(struct ctl *ctl);
int ctl_events(struct ctl *ctl);
int ctl_explain(struct ctl *ctl);
int ctl_stats(struct ctl *ctl);
int ctl_policy(struct ctl *ctl);
int ctl_profile(struct ctl *ctl);
int ctl_rules(struct ctl *ctl);
int ctl_doctor(struct ctl *ctl);
int ctl_watch(struct ctl *ctl);
int ctl_top(struct ctl *ctl);

/* ask.c */
int daemon_connect(const char *path);
bool daemon_is_here(const json_t *daemon);
json_t *daemon_ask(const char *path, bool *is_elsewhere);
json_t *ctl_ask(struct ctl *ctl, json_t *(*ask)(struct kmod *kmod),
		const json_t *daemon, const char *name);

/* history.c, overlap.c: events that have been kept */
int history_ask(const char *control, struct history_answer *answer);
bool overlap_has(struct overlap *overlap, const json_t *event);

/* table.c: rows for people */
int table_print(const struct table_column *columns, const json_t *rows,
		const struct table_look *look);

/* text.c: the same for people */
void text_status(const json_t *status, bool is_elsewhere);
int text_flows(const json_t *flows, const struct table_look *look);
int text_pinholes(const json_t *pinholes, const struct table_look *look);
void text_event(const json_t *event);
void text_stats(const json_t *stats);
void text_policy_line(FILE *out, const char *mark, const char *name,
		      const json_t *value);
void text_policy(FILE *out, const json_t *policy);

#endif /* APPGWCTL_CTL_H */
