// SPDX-License-Identifier: GPL-2.0-only
/* Prometheus' text exposition format, version 0.0.4: module and daemon, as their JSON
 * says they are. Names and labels stay as they are from one release to the next.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prometheus.h"
#include "../include/appgw/span.h"

/* Each name begins with this. */
#define PREFIX		"nf_appgw_"

static void metric_begin(FILE *out, const char *name, const char *type,
			 const char *help)
{
	fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", name,
		help, name, type);
}

static void metric_value(FILE *out, const json_t *value)
{
	fprintf(out, " %" JSON_INTEGER_FORMAT "\n",
		json_is_boolean(value) ? json_is_true(value) :
					 json_integer_value(value));
}

/* Write a label and its value, in which three characters have to be escaped. */
static void metric_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; value && *value; value++) {
		if (*value == '\n')
			fputs("\\n", out);
		else if (*value == '"' || *value == '\\')
			fprintf(out, "\\%c", *value);
		else
			fputc(*value, out);
	}
	fputc('"', out);
}

static void metric_plain(FILE *out, const char *name, const char *type,
			 const char *help, const json_t *value)
{
	metric_begin(out, name, type, help);
	fprintf(out, PREFIX "%s", name);
	metric_value(out, value);
}

static void metric_flag(FILE *out, const char *name, const char *help,
			bool is_set)
{
	metric_plain(out, name, "gauge", help,
		     is_set ? json_true() : json_false());
}

static void metric_labelled(FILE *out, const char *name, const char *label,
			    const char *value, const json_t *number)
{
	fprintf(out, PREFIX "%s{", name);
	metric_label(out, label, value);
	fputc('}', out);
	metric_value(out, number);
}

/* Counters of the module that are no reasons; those are in reasons.h. */
static const struct counter {
	const char *name;
	const char *help;
} counters[] = {
	{ "attached", "Control connections taken on" },
	{ "lines", "Complete lines read" },
	{ "opened", "Pinholes opened" },
	{ "used", "Pinholes that let their data connection through" },
	{ "expired", "Pinholes that ran into their time limit unused" },
	{ "replaced", "Pinholes that made way for the next one" },
	{ "closed", "Pinholes that ended unused with their connection" },
	{ "ftps", "Data connections let in by ftps_ports" },
	{ "rejected", "Pinholes that the server did not want" },
	{ "queued", "Segments that the daemon was shown" },
	{ "spared", "Segments that the daemon did not have to see" },
	{ "planned", "Announcements that the daemon planned for" },
	{ "held", "Incomplete lines kept back" },
	{ "overflow", "Incomplete lines passed on, too long to be kept back" },
	{ "reset", "Connections that ended with part of a line kept back" },
	{ "out_of_order", "Segments that have to come again, out of order" },
	{ "postponed", "Lines that have to come again, after many edits" },
	{ "changed", "Repetitions with other bytes than the first time" },
	{ "discovery", "Questions of this machine whose answers were let in" },
	{ "kernel_helpers", "Connections given one of the kernel's own helpers" },
};

/* Reasons: name, and what it says of whom. From the first that is about connections
 * on, all are.
 */
static const struct reason {
	const char *name;
	const char *sentence;
} reasons[] = {
#define APPGW_REASON(id, name, sentence) { name, sentence },
#include "../include/appgw/reasons.h"
#undef APPGW_REASON
};

#define FIRST_OF_CONNECTIONS	"stopped_client_first"

/* Reasons that are one metric each way of refusing or stopping: the rest of their name
 * is a label.
 */
static const struct group {
	const char *prefix;
	const char *name;
	const char *help;
} groups[] = {
	{ "refused_", "refused_total",
	  "Announcements that opened no pinhole, by reason: each" },
	{ "stopped_", "stopped_total",
	  "Connections not read any more, by reason: each" },
};

static const struct group *group_of(const char *counter)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(groups); i++)
		if (!strncmp(counter, groups[i].prefix,
			     strlen(groups[i].prefix)))
			return &groups[i];
	return NULL;
}

/* Explain each label that the group has, in the words of reasons.h. */
static void group_help(const struct group *group, char *help, size_t size)
{
	size_t len = snprintf(help, size, "%s", group->help);
	size_t skip = strlen(group->prefix);
	const struct reason *reason;
	const char *between = " ";

	for (reason = reasons; reason < reasons + ARRAY_SIZE(reasons);
	     reason++) {
		if (group_of(reason->name) != group || len >= size)
			continue;
		len += snprintf(help + len, size - len, "%s%s (%s)", between,
				reason->name + skip, reason->sentence);
		between = ", ";
	}
}

static void write_group(FILE *out, const struct group *group,
			const json_t *stats)
{
	const char *name;
	char help[2048];
	json_t *value;

	group_help(group, help, sizeof(help));
	metric_begin(out, group->name, "counter", help);
	json_object_foreach((json_t *)stats, name, value)
		if (group_of(name) == group)
			metric_labelled(out, group->name, "reason",
					name + strlen(group->prefix), value);
}

static void counter_help(const char *name, char *help, size_t size)
{
	const char *whose = "an announcement";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counters); i++) {
		if (strcmp(name, counters[i].name))
			continue;
		snprintf(help, size, "%s", counters[i].help);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (!strcmp(reasons[i].name, FIRST_OF_CONNECTIONS))
			whose = "a connection";
		if (strcmp(name, reasons[i].name))
			continue;
		snprintf(help, size, "Times that %s %s", whose,
			 reasons[i].sentence);
		return;
	}
	snprintf(help, size, "A counter of a newer module, see nf_appgw(4)");
}

/* Tell if a counter's name can be part of a metric's: a newer module's, too. */
static bool is_metric_name(const char *name)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

	return *name && !name[strspn(name, chars)];
}

static void write_counter(FILE *out, const char *counter, const json_t *value)
{
	char name[128], help[256];

	if (group_of(counter) || !is_metric_name(counter) ||
	    snprintf(name, sizeof(name), "%s_total", counter) >=
	    (int)sizeof(name))
		return;
	counter_help(counter, help, sizeof(help));
	metric_plain(out, name, "counter", help, value);
}

static void write_gauges(FILE *out, const char *name, const char *help,
			 const char *label, const json_t *numbers)
{
	const char *which;
	json_t *value;

	if (!json_is_object(numbers))
		return;
	metric_begin(out, name, "gauge", help);
	json_object_foreach((json_t *)numbers, which, value)
		metric_labelled(out, name, label, which, value);
}

static void write_module(FILE *out, const json_t *module)
{
	const json_t *stats = json_object_get(module, "stats");
	const char *name;
	unsigned int i;
	json_t *value;

	metric_flag(out, "module_up", "Whether the module is loaded",
		    json_is_object(module));
	write_gauges(out, "flows", "Connections that are looked after now",
		     "helper", json_object_get(module, "flows"));
	write_gauges(out, "pinholes",
		     "Pinholes now: open, only taken, or used and kept for media",
		     "state", json_object_get(module, "pinholes"));
	if (!json_is_object(stats))
		return;
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		write_group(out, &groups[i], stats);
	json_object_foreach((json_t *)stats, name, value)
		write_counter(out, name, value);
}

/* What each queue of the daemon's has */
static const struct queue_metric {
	const char *key;
	const char *name;
	const char *type;
	const char *help;
} queue_metrics[] = {
	{ "alive", "queue_alive", "gauge",
	  "Whether the thread that reads the queue is well" },
	{ "packets", "queue_packets_total", "counter", "Packets read" },
	{ "bytes", "queue_bytes_total", "counter", "Payload read, in bytes" },
	{ "plans", "queue_announcements_total", "counter",
	  "Announcements found in them" },
	{ "done", "queue_done_total", "counter",
	  "Announcements that the module has carried out" },
	{ "unread", "queue_unread_total", "counter",
	  "Packets that passed unread for lack of room" },
	{ "malformed", "queue_malformed_total", "counter",
	  "Packets that made no sense" },
};

static void queue_label(const json_t *queue, char *text, size_t size)
{
	snprintf(text, size, "%" JSON_INTEGER_FORMAT,
		 json_integer_value(json_object_get(queue, "queue")));
}

static void write_queues(FILE *out, const struct queue_metric *metric,
			 const json_t *queues)
{
	char number[24];
	json_t *queue;
	size_t i;

	metric_begin(out, metric->name, metric->type, metric->help);
	json_array_foreach(queues, i, queue) {
		queue_label(queue, number, sizeof(number));
		metric_labelled(out, metric->name, "queue", number,
				json_object_get(queue, metric->key));
	}
}

static void write_refused(FILE *out, const json_t *queues)
{
	static const char name[] = "queue_refused_total";
	const char *error;
	char number[24];
	json_t *queue, *value;
	size_t i;

	metric_begin(out, name, "counter",
		     "Announcements that the module has not carried out, by error");
	json_array_foreach(queues, i, queue) {
		queue_label(queue, number, sizeof(number));
		json_object_foreach(json_object_get(queue, "refused"), error,
				    value) {
			fprintf(out, PREFIX "%s{", name);
			metric_label(out, "queue", number);
			fputc(',', out);
			metric_label(out, "error", error);
			fputc('}', out);
			metric_value(out, value);
		}
	}
}

static void write_protocols(FILE *out, const json_t *protocols)
{
	json_t *protocol;
	size_t i;

	metric_begin(out, "daemon_protocol", "gauge",
		     "Protocols that the daemon reads: 1 for each");
	json_array_foreach(protocols, i, protocol)
		metric_labelled(out, "daemon_protocol", "protocol",
				json_string_value(protocol), json_true());
}

static void write_daemon(FILE *out, const json_t *daemon)
{
	const json_t *queues = json_object_get(daemon, "queues");
	unsigned int i;

	metric_flag(out, "daemon_up", "Whether the daemon answers",
		    json_is_object(daemon));
	if (!json_is_object(daemon))
		return;
	metric_flag(out, "daemon_listening",
		    "Whether the module queues to the daemon",
		    json_is_true(json_object_get(daemon, "listening")));
	metric_plain(out, "daemon_uptime_seconds", "gauge",
		     "How long the daemon runs",
		     json_object_get(daemon, "uptime"));
	metric_plain(out, "daemon_log_dropped_total", "counter",
		     "Lines left out of the daemon's log, which nobody has read",
		     json_object_get(daemon, "log_dropped"));
	write_protocols(out, json_object_get(daemon, "protocols"));
	for (i = 0; i < ARRAY_SIZE(queue_metrics); i++)
		write_queues(out, &queue_metrics[i], queues);
	write_refused(out, queues);
}

static void write_version(FILE *out, const char *part, const json_t *version)
{
	if (!json_string_length(version))
		return;
	fprintf(out, PREFIX "build_info{");
	metric_label(out, "part", part);
	fputc(',', out);
	metric_label(out, "version", json_string_value(version));
	fputs("} 1\n", out);
}

/**
 * prometheus_text() - all metrics
 * @module: an object of json_module(), null if the module isn't loaded
 * @daemon: an object of control_daemon(); else the daemon doesn't answer
 *
 * Return: the text, to be freed, or NULL without memory
 */
char *prometheus_text(const json_t *module, const json_t *daemon)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool is_whole;

	if (!out)
		return NULL;
	metric_begin(out, "build_info", "gauge",
		     "Versions of module and daemon: 1 for each");
	write_version(out, "module", json_object_get(module, "version"));
	write_version(out, "daemon", json_object_get(daemon, "version"));
	write_module(out, module);
	write_daemon(out, daemon);
	is_whole = !ferror(out);
	if (!fclose(out) && is_whole)
		return text;
	free(text);
	return NULL;
}
