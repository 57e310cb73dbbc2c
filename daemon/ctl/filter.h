/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_FILTER_H
#define APPGWCTL_FILTER_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "../include/appgw/endpoint.h"

/* Room for what is said about a word that makes no sense */
#define FILTER_ERROR_MAX	512

/**
 * struct filter - which events are wanted
 * @has_since: those from @since on
 * @since: seconds since 1970
 * @client: with this client, if it has an address
 * @host: in which this address has any part, likewise
 * @reason: with this reason, if not NULL
 * @type: likewise
 * @helper: likewise
 */
struct filter {
	bool has_since;
	time_t since;
	struct endpoint client;
	struct endpoint host;
	const char *reason;
	const char *type;
	const char *helper;
};

bool filter_set(struct filter *filter, const char *option, const char *value,
		time_t now, char *error);
bool filter_set_host(struct filter *filter, const char *value, char *error);
bool filter_is_empty(const struct filter *filter);
bool filter_has(const struct filter *filter, const json_t *event);

#endif /* APPGWCTL_FILTER_H */
