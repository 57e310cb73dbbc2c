// SPDX-License-Identifier: GPL-2.0-only
/* daemon/prometheus.c: each line is one of the format's, whatever the module and the
 * daemon call things, and each metric is explained before its first value and once.
 */

#include <jansson.h>

#include "../../daemon/prometheus.h"
#include "tap.h"

#define NAME_CHARS	"abcdefghijklmnopqrstuvwxyz0123456789_"

/* JSON of module and daemon, and a line that must be there, or "!" and a text that
 * must not be
 */
static const struct text_case {
	const char *name;
	const char *module;
	const char *daemon;
	const char *want;
} cases[] = {
	{ "nothing at all", "null", "null", "nf_appgw_module_up 0" },
	{ "no daemon", "null", "null", "nf_appgw_daemon_up 0" },
	{ "a daemon that doesn't answer", "{}", "false",
	  "nf_appgw_daemon_up 0" },
	{ "a module", "{}", "null", "nf_appgw_module_up 1" },
	{ "no counters of a module that isn't there", "null", "null",
	  "!_total" },
	{ "a counter", "{\"stats\": {\"opened\": 7}}", "null",
	  "nf_appgw_opened_total 7" },
	{ "its help", "{\"stats\": {\"opened\": 7}}", "null",
	  "# HELP nf_appgw_opened_total Pinholes opened" },
	{ "its type", "{\"stats\": {\"opened\": 7}}", "null",
	  "# TYPE nf_appgw_opened_total counter" },
	{ "a large one", "{\"stats\": {\"lines\": 9223372036854775807}}",
	  "null", "nf_appgw_lines_total 9223372036854775807" },
	{ "a reason", "{\"stats\": {\"refused_quota\": 3}}", "null",
	  "nf_appgw_refused_total{reason=\"quota\"} 3" },
	{ "it isn't a metric of its own",
	  "{\"stats\": {\"refused_quota\": 3}}", "null",
	  "!refused_quota" },
	{ "a reason of connections", "{\"stats\": {\"stopped_tls\": 1}}",
	  "null", "nf_appgw_stopped_total{reason=\"tls\"} 1" },
	{ "a reason alone", "{\"stats\": {\"blocked\": 1}}", "null",
	  "# HELP nf_appgw_blocked_total Times that a connection was dropped by the firewall: is related traffic accepted?" },
	{ "another", "{\"stats\": {\"failed\": 1}}", "null",
	  "# HELP nf_appgw_failed_total Times that an announcement finds no memory, or its connection at its end" },
	{ "a counter of a newer module", "{\"stats\": {\"colour_2\": 5}}",
	  "null", "nf_appgw_colour_2_total 5" },
	{ "a reason of a newer module", "{\"stats\": {\"refused_red\": 5}}",
	  "null", "nf_appgw_refused_total{reason=\"red\"} 5" },
	{ "a counter whose name is none",
	  "{\"stats\": {\"a b\\n\": 77, \"\": 77, \"A\": 77, \"{\": 77}}",
	  "null", "!77" },
	{ "a reason with odd characters",
	  "{\"stats\": {\"refused_a\\\"b\\\\c\\nd\": 5}}", "null",
	  "nf_appgw_refused_total{reason=\"a\\\"b\\\\c\\nd\"} 5" },
	{ "reasons apart from each other",
	  "{\"stats\": {\"refused_full\": 1, \"opened\": 2, \"refused_login\": 3}}",
	  "null", "nf_appgw_refused_total{reason=\"login\"} 3" },
	{ "versions", "{\"version\": \"1.2\"}", "{\"version\": \"1.3\"}",
	  "nf_appgw_build_info{part=\"module\",version=\"1.2\"} 1" },
	{ "the daemon's", "{\"version\": \"1.2\"}", "{\"version\": \"1.3\"}",
	  "nf_appgw_build_info{part=\"daemon\",version=\"1.3\"} 1" },
	{ "a module that doesn't say", "{\"version\": \"\"}", "null",
	  "!build_info{" },
	{ "a version with odd characters", "{\"version\": \"1\\\"\\n\\\\\"}",
	  "null", "nf_appgw_build_info{part=\"module\",version=\"1\\\"\\n\\\\\"} 1" },
	{ "flows", "{\"flows\": {\"ftp\": 2, \"irc\": 0}}", "null",
	  "nf_appgw_flows{helper=\"irc\"} 0" },
	{ "flows that can't be had", "{\"stats\": {\"opened\": 1}}", "null",
	  "!flows" },
	{ "pinholes", "{\"pinholes\": {\"open\": 4}}", "null",
	  "nf_appgw_pinholes{state=\"open\"} 4" },
	{ "a daemon that listens", "null", "{\"listening\": true}",
	  "nf_appgw_daemon_listening 1" },
	{ "one that does not", "null", "{\"listening\": false}",
	  "nf_appgw_daemon_listening 0" },
	{ "protocols", "null", "{\"protocols\": [\"irc\"]}",
	  "nf_appgw_daemon_protocol{protocol=\"irc\"} 1" },
	{ "a queue", "null",
	  "{\"queues\": [{\"queue\": 3, \"packets\": 8}, {\"queue\": 4, \"packets\": 9}]}",
	  "nf_appgw_queue_packets_total{queue=\"4\"} 9" },
	{ "a queue that is stuck", "null",
	  "{\"queues\": [{\"queue\": 3, \"alive\": false}]}",
	  "nf_appgw_queue_alive{queue=\"3\"} 0" },
	{ "errors of a queue", "null",
	  "{\"queues\": [{\"queue\": 3, \"refused\": {\"EACCES\": 2}}]}",
	  "nf_appgw_queue_refused_total{queue=\"3\",error=\"EACCES\"} 2" },
	{ "other types than expected", "{\"stats\": [1], \"flows\": 3, \"version\": {}}",
	  "{\"queues\": {\"x\": 1}, \"version\": 3, \"uptime\": \"long\", \"protocols\": [3]}",
	  "nf_appgw_daemon_uptime_seconds 0" },
	{ "arrays in their place", "[]", "[]", "nf_appgw_module_up 0" },
};

static bool has_line(const char *text, const char *line)
{
	size_t len = strlen(line);

	for (; text; text = strchr(text, '\n'), text += !!text)
		if (!strncmp(text, line, len) && text[len] == '\n')
			return true;
	return false;
}

/* Length of the value of a label, with its quotes; 0 if it doesn't end */
static size_t label_len(const char *text)
{
	const char *end = text + 1;

	while (*end && *end != '"' && *end != '\n')
		end += *end == '\\' && end[1] ? 2 : 1;
	return *end == '"' ? end + 1 - text : 0;
}

/* Tell if a line, up to its end, is NAME[{LABEL="VALUE",...}] NUMBER, and of @family. */
static bool is_sample(const char *line, const char *family)
{
	size_t len = strspn(line, NAME_CHARS);

	if (!len || len != strlen(family) || strncmp(line, family, len))
		return false;
	line += len;
	if (*line == '{') {
		do {
			line++;
			line += strspn(line, NAME_CHARS);
			if (*line++ != '=' || *line != '"' ||
			    !label_len(line))
				return false;
			line += label_len(line);
		} while (*line == ',');
		if (*line++ != '}')
			return false;
	}
	if (*line++ != ' ')
		return false;
	len = strspn(line, "0123456789");
	return len && line[len] == '\n';
}

/* Check the whole text, line by line: HELP, TYPE, and values of that metric. */
static void check_format(const char *text)
{
	static const char help[] = "# HELP ", type[] = "# TYPE ";
	char family[128] = "", again[160];
	const char *line, *name;
	size_t len;

	for (line = text; *line; line = strchr(line, '\n') + 1) {
		if (!tap_check(strchr(line, '\n'), "no end: %s", line))
			return;
		name = line + strlen(help);
		len = strspn(name, NAME_CHARS);
		if (!strncmp(line, help, strlen(help))) {
			snprintf(family, sizeof(family), "%.*s", (int)len, name);
			snprintf(again, sizeof(again), "\n%s%s ", help, family);
			tap_check(name[len] == ' ' && name[len + 1] != '\n' &&
				  !strstr(line, again), "twice, or no help: %s",
				  family);
		} else if (!strncmp(line, type, strlen(type))) {
			tap_check(!strncmp(name, family, strlen(family)) &&
				  (!strncmp(name + len, " counter\n", 9) ||
				   !strncmp(name + len, " gauge\n", 7)),
				  "type: %.80s", line);
		} else {
			tap_check(is_sample(line, family), "no value: %.80s",
				  line);
		}
	}
}

static void test_case(const struct text_case *c)
{
	json_t *module = json_loads(c->module, JSON_DECODE_ANY, NULL);
	json_t *daemon = json_loads(c->daemon, JSON_DECODE_ANY, NULL);
	char *text;

	tap_begin(c->name);
	tap_check(module && daemon, "the case is no JSON");
	text = prometheus_text(module, daemon);
	if (tap_check(text, "no text")) {
		check_format(text);
		if (c->want[0] == '!')
			tap_check(!strstr(text, c->want + 1), "has it: %s",
				  text);
		else
			tap_check(has_line(text, c->want), "hasn't it: %s",
				  text);
	}
	free(text);
	json_decref(module);
	json_decref(daemon);
	tap_end();
}

/* Each reason of a group is explained by its sentence. */
static void test_reasons(void)
{
	static const struct {
		const char *name;
		const char *sentence;
	} reasons[] = {
#define APPGW_REASON(id, name, sentence) { name, sentence },
#include "../../include/appgw/reasons.h"
#undef APPGW_REASON
	};
	json_t *stats = json_object(), *module;
	char want[256], *text;
	const char *name;
	unsigned int i;

	tap_begin("each reason has its sentence");
	for (i = 0; i < TAP_ARRAY_SIZE(reasons); i++)
		json_object_set_new(stats, reasons[i].name, json_integer(i));
	module = json_pack("{so}", "stats", stats);
	text = prometheus_text(module, NULL);
	check_format(text);
	for (i = 0; i < TAP_ARRAY_SIZE(reasons); i++) {
		name = reasons[i].name;
		if (!strncmp(name, "refused_", 8) ||
		    !strncmp(name, "stopped_", 8))
			snprintf(want, sizeof(want), "%s (%s)", name + 8,
				 reasons[i].sentence);
		else
			snprintf(want, sizeof(want), "%s", reasons[i].sentence);
		tap_check(strstr(text, want), "no \"%s\"", want);
	}
	free(text);
	json_decref(module);
	tap_end();
}

int main(void)
{
	unsigned int i;

	tap_plan(TAP_ARRAY_SIZE(cases) + 1);
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++)
		test_case(&cases[i]);
	test_reasons();
	return tap_finish();
}
