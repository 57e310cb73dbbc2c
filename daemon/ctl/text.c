// SPDX-License-Identifier: GPL-2.0-only
/* For people: what appgwctl has found out, in lines and columns. */

#include <string.h>

#include "ctl.h"
#include "event_text.h"

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "-";
}

static long long text_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static long long text_sum(const json_t *object)
{
	long long sum = 0;
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)object, name, value)
		sum += json_integer_value(value);
	return sum;
}

static void text_worker(const json_t *worker)
{
	printf("queue %-3lld packets %lld, announcements %lld, done %lld, ",
	       text_number(worker, "queue"), text_number(worker, "packets"),
	       text_number(worker, "plans"), text_number(worker, "done"));
	printf("refused %lld, unread %lld, malformed %lld%s\n",
	       text_sum(json_object_get(worker, "refused")),
	       text_number(worker, "unread"), text_number(worker, "malformed"),
	       json_is_true(json_object_get(worker, "alive")) ? "" : ", stuck");
}

static void text_daemon(const json_t *daemon)
{
	long long missing = text_number(daemon, "log_dropped");
	long long up = text_number(daemon, "uptime");
	json_t *worker;
	size_t i;

	printf("daemon    appgwd %s, pid %lld, up %lld:%02lld:%02lld, %s\n",
	       text_of(daemon, "version"), text_number(daemon, "pid"),
	       up / 3600, up / 60 % 60, up % 60,
	       json_is_true(json_object_get(daemon, "listening")) ?
	       "listening" : "waiting for the module");
	if (missing)
		printf("log       %lld lines left out, nobody reads it\n",
		       missing);
	json_array_foreach(json_object_get(daemon, "queues"), i, worker)
		text_worker(worker);
}

/**
 * text_status() - appgwctl status
 * @status: an object with "module", "listeners" and "daemon"
 * @is_elsewhere: there is a daemon, but in another network namespace
 */
void text_status(const json_t *status, bool is_elsewhere)
{
	const json_t *daemon = json_object_get(status, "daemon");
	const char *version = text_of(status, "module_version");
	json_t *listener, *helper;
	size_t i, j;

	if (json_is_true(json_object_get(status, "module")))
		printf("module    loaded, version %s\n", version);
	else
		printf("module    %s\n", KMOD_ABSENT);
	if (json_is_object(daemon) && strcmp(version, "-") &&
	    strcmp(version, text_of(daemon, "version")))
		printf("versions  of module and daemon differ: load or start the newer one\n");
	json_array_foreach(json_object_get(status, "listeners"), i, listener) {
		long long first = text_number(listener, "queue");
		long long count = text_number(listener, "queues");

		printf("listener  queue %lld", first);
		if (count > 1)
			printf(" to %lld", first + count - 1);
		printf(":");
		json_array_foreach(json_object_get(listener, "helpers"), j,
				   helper)
			printf(" %s", json_string_value(helper));
		printf("\n");
	}
	if (json_is_object(daemon))
		text_daemon(daemon);
	else if (json_is_false(daemon))
		printf("daemon    doesn't answer\n");
	else
		printf("daemon    doesn't run%s, or has another control socket\n",
		       is_elsewhere ? " here, but in another network namespace" :
				      "");
}

/**
 * text_flows() - appgwctl flows
 * @flows: an array
 * @look: of the table
 *
 * Return: 0, or -1, of which it has told
 */
int text_flows(const json_t *flows, const struct table_look *look)
{
	static const struct table_column columns[] = {
		{ "HELPER", "helper", false },
		{ "CLIENT", "client", false },
		{ "SERVER", "server", false },
		{ "STATE", "state", false },
		{ "PINHOLES", "pinholes", true },
		{ "EDITS", "edits", true },
		{ "HELD", "held", true },
		{ "QUEUE", "queue", true },
		{ NULL, NULL, false }
	};

	return table_print(columns, flows, look);
}

static const char *text_state(const json_t *pinhole)
{
	if (json_object_get(pinhole, "taken"))
		return "taken";
	return json_object_get(pinhole, "expires") ? "open" : "used";
}

/* Take the time of a row without its fraction: 2026-11-29T08:00:00Z */
static void text_seconds(json_t *row, const char *name)
{
	const char *text = json_string_value(json_object_get(row, name));

	if (text)
		json_object_set_new(row, name,
				    json_sprintf("%.*sZ", (int)strcspn(text, "."),
						 text));
}

/**
 * text_pinholes() - appgwctl pinholes
 * @pinholes: an array of the events that told of them
 * @look: of the table
 *
 * Return: 0, or -1, of which it has told
 */
int text_pinholes(const json_t *pinholes, const struct table_look *look)
{
	static const struct table_column columns[] = {
		{ "CLIENT", "client", false },
		{ "SERVER", "server", false },
		{ "STATE", "state", false },
		{ "KIND", "kind", false },
		{ "ANNOUNCED", "announced", false },
		{ "PUBLIC", "public", false },
		{ "PEER", "peer", false },
		{ "OPENED", "time", false },
		{ "EXPIRES", "expires", false },
		{ "USED", "came", false },
		{ NULL, NULL, false }
	};
	json_t *rows = json_deep_copy(pinholes), *row;
	size_t i;
	int ret;

	json_array_foreach(rows, i, row) {
		json_object_set_new(row, "state", json_string(text_state(row)));
		text_seconds(row, "time");
		text_seconds(row, "expires");
		text_seconds(row, "came");
	}
	ret = table_print(columns, rows, look);
	json_decref(rows);
	return ret;
}

/**
 * text_event() - one line of appgwctl events
 * @event: an object
 */
void text_event(const json_t *event)
{
	char line[EVENT_LINE_MAX], when[EVENT_WORD_MAX];

	if (text_number(event, "lost"))
		printf("%lld events are missing here\n",
		       text_number(event, "lost"));
	event_text(line, sizeof(line), event);
	printf("%s %s\n", event_escaped(when, event, "time"), line);
}

/**
 * text_stats() - appgwctl stats
 * @stats: an object with "module" and "daemon"
 */
void text_stats(const json_t *stats)
{
	const char *part, *name;
	json_t *counters, *value;

	json_object_foreach((json_t *)stats, part, counters)
		json_object_foreach(counters, name, value)
			printf("%-6s %-24s %lld\n", part, name,
			       (long long)json_integer_value(value));
}

static void text_policy_value(FILE *out, const char *name, const json_t *value)
{
	json_t *one;
	size_t i;

	fprintf(out, "%s=", name);
	if (json_is_string(value))
		fprintf(out, "%s", json_string_value(value));
	else if (json_is_boolean(value))
		fprintf(out, "%d", json_is_true(value));
	else if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	json_array_foreach(value, i, one) {
		fprintf(out, "%s", i ? "," : "");
		if (json_is_integer(one))
			fprintf(out, "%lld", (long long)json_integer_value(one));
		else
			fprintf(out, "%s", json_string_value(one));
	}
	/* said as the module's parameter says it */
	if (!strcmp(name, "kernel_helpers") && !json_array_size(value))
		fprintf(out, "none");
	fprintf(out, "\n");
}

/* Print [ADDRESS], and what is for that server alone, for each of @servers. */
static void text_policy_servers(FILE *out, const char *mark,
				const json_t *servers)
{
	json_t *server, *value;
	const char *name;
	size_t i;

	json_array_foreach(servers, i, server) {
		fprintf(out, "%s[%s]\n", mark, text_of(server, "server"));
		json_object_foreach(server, name, value) {
			if (!strcmp(name, "server"))
				continue;
			fprintf(out, "%s", mark);
			text_policy_value(out, name, value);
		}
	}
}

/**
 * text_policy_line() - NAME=VALUE, or lines for servers
 * @out: where to
 * @mark: what each line begins with
 * @name: of a policy, or "servers"
 * @value: as policy_get() has it
 */
void text_policy_line(FILE *out, const char *mark, const char *name,
		      const json_t *value)
{
	if (!strcmp(name, "servers")) {
		text_policy_servers(out, mark, value);
		return;
	}
	fprintf(out, "%s", mark);
	text_policy_value(out, name, value);
}

/**
 * text_policy() - appgwctl policy get, in the form that set and files take
 * @out: where to
 * @policy: an object, with servers behind all else
 */
void text_policy(FILE *out, const json_t *policy)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)policy, name, value)
		text_policy_line(out, "", name, value);
}
