// SPDX-License-Identifier: GPL-2.0-only
/* daemon/ctl/explain_text.c, filter.c, when.c, overlap.c and daemon/event_text.c: what
 * is said of each event, which ones are wanted, and that whatever stands in one is
 * harmless.
 */

#include "../../daemon/ctl/ctl.h"
#include "../../daemon/ctl/explain_text.h"
#include "../../daemon/ctl/when.h"
#include "../../daemon/event_text.h"
#include "tap.h"

#define BASE	"\"client\": \"10.0.0.2:40000\", \"server\": \"203.0.113.9:21\", " \
		"\"helper\": \"ftp\""
#define AT(s)	"\"time\": \"2026-11-29T12:00:0" s "Z\""
#define PORT	"\"kind\": \"port\", \"announced\": \"10.0.0.2:50113\""
#define HOLE	PORT ", \"public\": \"198.51.100.1:50113\", \"peer\": \"203.0.113.9\""
#define OPENED	"{\"type\": \"opened\", \"reason\": \"opened\", " AT("3.000000") ", " \
		BASE ", " HOLE "}"
#define ASKED	"10.0.0.2 asked 203.0.113.9 (ftp, port 21) to connect to it at 10.0.0.2:50113; "
#define REMEDY	"\n    remedy: "

static json_t *loads(const char *text)
{
	json_t *value = json_loads(text, 0, NULL);

	if (!value)
		tap_complain("bad test: %s", text);
	return value;
}

/* What explain says, to be freed */
static char *explained(const json_t *events)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	explain_print(out, events);
	fclose(out);
	return text;
}

static const struct story {
	const char *name;
	const char *events;
	const char *said;	/* with what must stand in it */
} stories[] = {
	{ "opened", "[" OPENED "]",
	  "10.0.0.2:40000 > 203.0.113.9:21 (ftp)\n"
	  "  2026-11-29T12:00:03+0000 " ASKED
	  "the router opened 198.51.100.1:50113 for 203.0.113.9\n" },
	{ "opened and used",
	  "[" OPENED ", {\"type\": \"used\", \"reason\": \"used\", "
	  AT("3.200000") ", " BASE ", " HOLE "}]",
	  "for 203.0.113.9; used after 0.2 s\n" },
	{ "opened and expired",
	  "[" OPENED ", {\"type\": \"expired\", \"reason\": \"expired\", "
	  AT("9.000000") ", " BASE ", " HOLE "}]",
	  "; shut after 6.0 s, because nobody came\n" },
	{ "opened and replaced",
	  "[" OPENED ", {\"type\": \"closed\", \"reason\": \"replaced\", "
	  AT("4.000000") ", " BASE ", " HOLE "}]",
	  "; shut unused after 1.0 s, because the next announcement came\n" },
	{ "opened and rejected",
	  "[" OPENED ", {\"type\": \"closed\", \"reason\": \"rejected\", "
	  AT("4.000000") ", " BASE ", " HOLE "}]",
	  ", because the server refused the command\n" },
	{ "opened and blocked",
	  "[" OPENED ", {\"type\": \"blocked\", \"reason\": \"blocked\", "
	  AT("3.500000") ", " BASE ", " PORT
	  ", \"public\": \"198.51.100.1:50113\", \"peer\": \"203.0.113.9:20\"}]",
	  "the router's own firewall dropped what came after 0.5 s" REMEDY
	  "the router's own firewall has dropped what came from 203.0.113.9: accept 'ct state established,related'" },
	{ "used, and nobody knows how it began",
	  "[{\"type\": \"used\", \"reason\": \"used\", " AT("3.2") ", " BASE
	  ", " HOLE "}]", " 198.51.100.1:50113 for 203.0.113.9: used\n" },
	{ "another pinhole's end is not its own",
	  "[" OPENED ", {\"type\": \"used\", \"reason\": \"used\", "
	  AT("3.200000") ", " BASE ", " PORT
	  ", \"public\": \"198.51.100.1:50114\", \"peer\": \"203.0.113.9\"}]",
	  "for 203.0.113.9\n" },
	{ "twice the same, each with its own end",
	  "[" OPENED ", " OPENED ", {\"type\": \"used\", \"reason\": \"used\", "
	  AT("3.200000") ", " BASE ", " HOLE "}, {\"type\": \"used\", "
	  "\"reason\": \"used\", " AT("3.900000") ", " BASE ", " HOLE "}]",
	  "for 203.0.113.9; used after 0.9 s\n" },
	{ "taken",
	  "[{\"type\": \"opened\", \"reason\": \"opened\", \"taken\": true, "
	  BASE ", " HOLE "}]",
	  "  - " ASKED
	  "the router keeps 198.51.100.1:50113 for it until the server agrees\n" },
	{ "dry run",
	  "[{\"type\": \"opened\", \"reason\": \"opened\", \"dry_run\": true, "
	  BASE ", " HOLE "}]", "the router would have opened 198.51" },
	{ "a portmapper's answer",
	  "[{\"type\": \"opened\", \"reason\": \"opened\", \"kind\": \"getaddr\", "
	  "\"helper\": \"rpc\", \"client\": \"10.0.0.2:901\", \"server\": "
	  "\"203.0.113.9:111\", \"announced\": \"10.9.0.1:20048\", \"public\": "
	  "\"203.0.113.9:20048\", \"peer\": \"10.0.0.2\"}]",
	  "203.0.113.9 (rpc, port 111) told 10.0.0.2 that what it asked for is at "
	  "10.9.0.1:20048; the router opened 203.0.113.9:20048 for 10.0.0.2\n" },
	{ "a server that may ask in return",
	  "[{\"type\": \"opened\", \"reason\": \"opened\", \"kind\": \"callback\", "
	  "\"helper\": \"rpc\", \"client\": \"10.0.0.2:901\", \"server\": "
	  "\"203.0.113.9:111\", \"announced\": \"10.0.0.2:111\", \"public\": "
	  "\"198.51.100.1:111\", \"peer\": \"203.0.113.9\"}]",
	  "10.0.0.2 lets 203.0.113.9 (rpc, port 111) call back at 10.0.0.2:111; "
	  "the router opened 198.51.100.1:111 for 203.0.113.9\n" },
	{ "DCC, for anybody",
	  "[{\"type\": \"opened\", \"reason\": \"opened\", \"kind\": \"dcc_send\", "
	  "\"helper\": \"irc\", \"client\": \"10.0.0.2:4\", \"server\": "
	  "\"203.0.113.9:6667\", \"announced\": \"10.0.0.2:5000\", \"public\": "
	  "\"198.51.100.1:5000\", \"peer\": \"\"}]",
	  "10.0.0.2 told users of 203.0.113.9 (irc, port 6667) to connect to it "
	  "at 10.0.0.2:5000; the router opened 198.51.100.1:5000 for anybody\n" },
	{ "a reply of the server's",
	  "[{\"type\": \"opened\", \"reason\": \"opened\", \"kind\": \"pasv\", "
	  BASE ", \"announced\": \"203.0.113.9:50000\", \"public\": "
	  "\"203.0.113.9:50000\", \"peer\": \"10.0.0.2\"}]",
	  "203.0.113.9 (ftp, port 21) told 10.0.0.2 to connect to it at "
	  "203.0.113.9:50000; " },
	{ "IPv6",
	  "[{\"type\": \"refused\", \"reason\": \"refused_foreign\", \"kind\": "
	  "\"eprt\", \"helper\": \"ftp\", \"client\": \"[fd00:1::2]:4\", "
	  "\"server\": \"[2001:db8::9]:21\", \"announced\": \"[fd00:1::9]:5000\"}]",
	  "fd00:1::2 asked 2001:db8::9 (ftp, port 21) to connect to it at "
	  "[fd00:1::9]:5000; refused, because it names somebody else's address "
	  "(refused_foreign)" REMEDY
	  "if fd00:1::9 may be named: appgwctl policy set fxp=fd00:1::9" },
	{ "somebody else's address, in IRC, for which there is no policy",
	  "[{\"type\": \"refused\", \"reason\": \"refused_foreign\", \"helper\": "
	  "\"irc\", \"announced\": \"10.9.9.9:5000\"}]",
	  REMEDY "nothing to be done on the router: have the program announce" },
	{ "TLS, in IRC",
	  "[{\"type\": \"stopped\", \"reason\": \"stopped_tls\", \"helper\": \"irc\"}]",
	  REMEDY "nothing to be done: what is encrypted" },
	{ "quota",
	  "[{\"type\": \"refused\", \"reason\": \"refused_quota\", " BASE ", "
	  PORT "}]", "appgwctl policy set quota_host=NUMBER" },
	{ "TLS", "[{\"type\": \"stopped\", \"reason\": \"stopped_tls\", " BASE
	  "}]", "the connection isn't read, because it is encrypted from here on "
	  "(stopped_tls)" REMEDY "for passive FTP, the server's passive ports: "
	  "appgwctl policy set ftps_ports=" },
	{ "FTPS", "[{\"type\": \"used\", \"reason\": \"ftps\", \"kind\": \"ftps\", "
	  BASE ", \"public\": \"203.0.113.9:50000\", \"peer\": "
	  "\"10.0.0.2:4444\"}]",
	  " ftps_ports let 10.0.0.2:4444 through to 203.0.113.9:50000\n" },
	{ "another helper", "[{\"type\": \"stopped\", \"reason\": "
	  "\"foreign_helper\", \"kind\": \"amanda\", " BASE "}]",
	  "the connection isn't read (amanda), because it has another helper" },
	{ "a bouncer",
	  "[{\"type\": \"refused\", \"reason\": \"refused_relayed\", " BASE ", "
	  "\"announced\": \"203.0.113.9:2000\"}]",
	  "if 203.0.113.9 is a bouncer: appgwctl policy set bouncer_ports=2000-65535" },
	{ "no free port, in FTP",
	  "[{\"type\": \"refused\", \"reason\": \"refused_taken\", " BASE ", "
	  PORT "}]", "policy set passive_ports=1024-65535" },
	{ "missing events",
	  "[" OPENED ", {\"type\": \"stopped\", \"reason\": \"released\", "
	  "\"lost\": 7, " BASE "}]", "\n  7 events are missing here\n" },
	{ "no announcement",
	  "[{\"type\": \"refused\", \"reason\": \"refused_malformed\", " BASE
	  "}]", "10.0.0.2 or 203.0.113.9 (ftp, port 21) announced something; "
	  "refused, because it breaks its grammar" },
	{ "a reason that nobody knows yet",
	  "[{\"type\": \"refused\", \"reason\": \"refused_tomorrow\", " BASE
	  "}]", "; refused (refused_tomorrow)\n" },
	{ "a type that nobody knows yet",
	  "[{\"type\": \"mirrored\", \"reason\": \"mirrored\", " BASE "}]",
	  " mirrored (mirrored)\n" },
	{ "an older module, which names no protocol",
	  "[{\"type\": \"stopped\", \"reason\": \"stopped_tls\", \"client\": "
	  "\"10.0.0.2:4\", \"server\": \"203.0.113.9:21\"}]",
	  "10.0.0.2:4 > 203.0.113.9:21\n" },
	{ "escapes", "[{\"type\": \"stopped\", \"reason\": \"\\u001b[2J\\n\", "
	  "\"client\": \"\\u00e4\\n\"}]",
	  "\\xc3\\xa4\\x0a > \n  - the connection isn't read (\\x1b[2J\\x0a)\n" },
	{ "no object at all", "[7, \"x\", null, [], {}]", " > \n" },
};

static void check_stories(void)
{
	const struct story *c;
	json_t *events;
	char *said;

	for (c = stories; c < stories + TAP_ARRAY_SIZE(stories); c++) {
		tap_begin(c->name);
		events = loads(c->events);
		said = explained(events);
		tap_check(strstr(said, c->said), "%s\nis not in\n%s", c->said,
			  said);
		free(said);
		json_decref(events);
		tap_end();
	}
}

/* Events of two connections, one between those of the other */
static void check_groups(void)
{
	json_t *events = loads("[{\"client\": \"a:1\", \"type\": \"x\"}, "
			       "{\"client\": \"b:1\", \"type\": \"y\"}, "
			       "{\"client\": \"a:1\", \"type\": \"z\"}]");
	char *said = explained(events);

	tap_begin("each connection once, with all that is its own");
	tap_check(!strcmp(said, "a:1 > \n  - x ()\n  - z ()\nb:1 > \n  - y ()\n"),
		  "%s", said);
	tap_end();
	free(said);
	json_decref(events);
}

/* Every type with every reason: a line or two, no brace left, nothing unprintable */
static void check_all(void)
{
	const struct event_reason *reason;
	const char *const *type;
	json_t *events;
	char *said, *at;

	for (reason = event_reasons; reason->name; reason++) {
		tap_begin(reason->name);
		tap_check(*reason->sentence && strlen(reason->remedy) > 10,
			  "no sentence, or no remedy");
		for (type = event_types; *type; type++) {
			events = json_pack("[{s:s, s:s, s:s, s:s, s:s, s:s}]",
					   "type", *type, "reason", reason->name,
					   "client", "10.0.0.2:4", "server",
					   "203.0.113.9:21", "announced",
					   "10.0.0.2:5", "public", "1.2.3.4:5");
			said = explained(events);
			for (at = said; *at; at++)
				tap_check(*at == '\n' || (*at >= ' ' && *at <= '~'),
					  "%s", said);
			tap_check(!strpbrk(said, "{}"), "%s", said);
			tap_check(strcmp(*type, "refused") ||
				  (strstr(said, reason->sentence) &&
				   strstr(said, "remedy: ")), "%s", said);
			free(said);
			json_decref(events);
		}
		tap_end();
	}
}

/* ---- lines for the log */

static void check_lines(void)
{
	json_t *event = loads("{\"type\": \"refused\", \"reason\": "
			      "\"refused_foreign\", " BASE ", " PORT "}");
	char line[EVENT_LINE_MAX], small[16];

	tap_begin("a line for the log");
	event_text(line, sizeof(line), event);
	tap_check(!strcmp(line, "10.0.0.2:40000 > 203.0.113.9:21: refused "
			  "(refused_foreign) port 10.0.0.2:50113: names "
			  "somebody else's address"), "%s", line);
	event_text(small, sizeof(small), event);
	tap_check(!strcmp(small, "10.0.0.2:40000 "), "%s", small);
	tap_end();

	tap_begin("which of them are refusals");
	tap_check(event_is_refusal(event), "refused");
	json_object_set_new(event, "type", json_string("stopped"));
	tap_check(event_is_refusal(event), "stopped");
	json_object_set_new(event, "reason", json_string("released"));
	tap_check(!event_is_refusal(event), "released");
	json_object_set_new(event, "type", json_string("opened"));
	tap_check(!event_is_refusal(event), "opened");
	json_object_set_new(event, "type", json_string("blocked"));
	tap_check(event_is_refusal(event), "blocked");
	json_object_set_new(event, "type", json_integer(7));
	tap_check(!event_is_refusal(event), "7");
	tap_end();
	json_decref(event);
}

static void check_split(void)
{
	static const char *const cases[][3] = {
		{ "10.0.0.2:21", "10.0.0.2", "21" },
		{ "10.0.0.2", "10.0.0.2", NULL },
		{ ":21", "", "21" },
		{ "", "", NULL },
		{ "[fd00::1]:21", "fd00::1", "21" },
		{ "fd00::1", "fd00::1", NULL },
		{ "[fd00::1]", "fd00::1", NULL },
		{ "[fd00::1", "fd00::1", NULL },
		{ "[", "", NULL },
		{ "[]:", "", "" },
		{ ":", "", "" },
	};
	const char *address, *port;
	char word[64];
	unsigned int i;

	tap_begin("ends, parted into address and port");
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++) {
		strcpy(word, cases[i][0]);
		address = event_split(word, &port);
		tap_check(!strcmp(address, cases[i][1]) &&
			  !port == !cases[i][2] &&
			  (!port || !strcmp(port, cases[i][2])),
			  "%s: %s, %s", cases[i][0], address,
			  port ? port : "none");
	}
	tap_end();
}

/* ---- filters */

/* 2026-11-29T12:00:00Z */
#define NOW	1795953600

static const struct when_case {
	const char *text;
	long long when;		/* 0: makes no sense */
} when_cases[] = {
	{ "0s", NOW }, { "90s", NOW - 90 }, { "10m", NOW - 600 },
	{ "2h", NOW - 7200 }, { "1d", NOW - 86400 },
	{ "12:00", NOW }, { "11:30", NOW - 1800 }, { "11:30:15", NOW - 1785 },
	{ "12:01", NOW - 86400 + 60 },
	{ "2026-11-29", NOW - 43200 }, { "2026-11-29T11:00", NOW - 3600 },
	{ "2026-11-29 11:00", NOW - 3600 },
	{ "2026-11-29T11:00:01Z", NOW - 3599 },
	{ "2026-11-29T11:00:01.999Z", NOW - 3599 },
	{ "2026-11-29T12:30:00+01:00", NOW - 1800 },
	{ "2026-11-29T12:30:00+0100", NOW - 1800 },
	{ "2026-11-29T05:30:00-06:00", NOW - 1800 },
	{ "", 0 }, { "10", 0 }, { "m", 0 }, { "10x", 0 }, { "10m5", 0 },
	{ "-10m", 0 }, { "99999999999h", 0 }, { "999999999d", 0 },
	{ "25:00", 0 }, { "12:60", 0 }, { "12:", 0 }, { "12:00:", 0 },
	{ "12:00:61", 0 }, { "12:00Z", 0 }, { "now", 0 },
	{ "2026-02-30", 0 }, { "2026-13-01", 0 }, { "2026-00-10", 0 },
	{ "2026-11-00", 0 }, { "26-11-29", 0 }, { "1969-12-31", 0 },
	{ "2026-11-29T", 0 }, { "2026-11-29T11", 0 }, { "2026-11-29T11:00+", 0 },
	{ "2026-11-29T11:00+1", 0 }, { "2026-11-29T11:00+01:60", 0 },
	{ "2026-11-29T11:00+2500", 0 }, { "2026-11-29T11:00Zx", 0 },
	{ "2026-11-29T11:00:00.", 0 }, { "2026-11-29T11:00:00.1234567890", 0 },
	{ "2026-11-29T12:00:01Z", 0 }, { "2030-01-01", 0 },
};

static void check_when(void)
{
	const struct when_case *c;
	bool is_good;
	time_t when;

	tap_begin("times");
	for (c = when_cases; c < when_cases + TAP_ARRAY_SIZE(when_cases); c++) {
		is_good = when_parse(c->text, NOW, &when);
		tap_check(is_good ? c->when && when == c->when : !c->when,
			  "\"%s\": %lld", c->text,
			  is_good ? (long long)when : -1);
	}
	tap_end();
}

static const struct filter_case {
	const char *option;	/* "host" for the word behind explain */
	const char *value;
	const char *event;
	bool is_wanted;
} filter_cases[] = {
	{ "host", "10.0.0.2", OPENED, true },
	{ "host", "203.0.113.9", OPENED, true },
	{ "host", "198.51.100.1", OPENED, true },
	{ "host", "::ffff:10.0.0.2", OPENED, true },
	{ "host", "10.0.0.20", OPENED, false },
	{ "host", "10.0.0.2", "{}", false },
	{ "host", "10.0.0.2", "{\"announced\": \"10.0.0.2\"}", true },
	{ "host", "10.0.0.2", "{\"peer\": \"10.0.0.2:5\"}", true },
	{ "host", "10.0.0.2", "{\"kind\": \"10.0.0.2\"}", false },
	{ "host", "10.0.0.2", "{\"peer\": [\"10.0.0.2\"]}", false },
	{ "host", "fd00::1", "{\"peer\": \"[fd00:0::1]:5\"}", true },
	{ "host", "fd00::1", "{\"peer\": \"fd00::1\"}", true },
	{ "host", "fd00::1", "{\"peer\": \"fd00::1:5\"}", false },
	{ "host", "fd00::1", "{\"peer\": \"[fd00::1\"}", true },
	{ "host", "fd00::1", "{\"peer\": \":5\"}", false },
	{ "host", "fd00::1", "{\"peer\": \"0123456789012345678901234567890123"
	  "45678901234567890123456789012345678901234567890\"}", false },
	{ "host", "10.0.0.2", "{\"peer\": \"[a00:2::]:5\"}", false },
	{ "client", "10.0.0.2", OPENED, true },
	{ "client", "203.0.113.9", OPENED, false },
	{ "reason", "opened", OPENED, true },
	{ "reason", "refused_foreign", OPENED, false },
	{ "type", "opened", OPENED, true },
	{ "type", "used", OPENED, false },
	{ "type", "used", "{\"type\": 7}", false },
	{ "helper", "ftp", OPENED, true },
	{ "helper", "irc", OPENED, false },
	{ "helper", "irc", "{}", false },
	{ "since", "2026-11-29T12:00:00Z", OPENED, true },
	{ "since", "2026-11-29T12:00:04Z", OPENED, false },
	{ "since", "1d", "{\"time\": \"yesterday\"}", false },
	{ "since", "1d", "{}", false },
};

static bool set(struct filter *filter, const char *option, const char *value)
{
	char error[FILTER_ERROR_MAX] = "";
	bool is_set = strcmp(option, "host") ?
		      filter_set(filter, option, value, NOW + 60, error) :
		      filter_set_host(filter, value, error);

	if (!is_set)
		tap_check(strstr(error, "\": ") || strstr(error, "\" is "),
			  "%s", error);
	return is_set;
}

static void check_filters(void)
{
	const struct filter_case *c;
	json_t *event;

	tap_begin("filters");
	for (c = filter_cases; c < filter_cases + TAP_ARRAY_SIZE(filter_cases);
	     c++) {
		struct filter filter = { .has_since = false };

		event = loads(c->event);
		tap_check(filter_is_empty(&filter) && filter_has(&filter, event),
			  "none");
		tap_check(set(&filter, c->option, c->value) &&
			  !filter_is_empty(&filter) &&
			  filter_has(&filter, event) == c->is_wanted,
			  "%s %s: %s", c->option, c->value, c->event);
		json_decref(event);
	}
	tap_end();
}

static void check_bad_filters(void)
{
	static const char *const cases[][2] = {
		{ "host", "example.org" }, { "host", "" }, { "host", "10.0.0" },
		{ "host", "10.0.0.2:21" }, { "host", "[fd00::1]" },
		{ "client", "10.0.0.0/8" }, { "reason", "foreign" },
		{ "reason", "" }, { "type", "open" }, { "type", "OPENED" },
		{ "helper", "appgw-ftp" }, { "since", "soon" },
		{ "since", "\x1b[2J" },
	};
	unsigned int i;

	tap_begin("filters that make no sense");
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++) {
		struct filter filter = { .has_since = false };

		tap_check(!set(&filter, cases[i][0], cases[i][1]) &&
			  filter_is_empty(&filter), "%s %s", cases[i][0],
			  cases[i][1]);
	}
	tap_end();
}

/* Both at once: each has to be met */
static void check_both(void)
{
	struct filter filter = { .has_since = false };
	json_t *event = loads(OPENED);

	tap_begin("two filters");
	tap_check(set(&filter, "type", "opened") &&
		  set(&filter, "helper", "irc") && !filter_has(&filter, event),
		  "either is enough");
	tap_end();
	json_decref(event);
}

/* ---- the history and the present */

static void check_overlap(void)
{
	json_t *history = loads("[{\"n\": 1}, {\"n\": 2, \"lost\": 3}, {\"n\": 2}, {\"n\": 3}]");
	static const struct {
		const char *event;
		bool is_known;
	} cases[] = {
		{ "{\"n\": 2}", true }, { "{\"n\": 2, \"lost\": 9}", true },
		{ "{\"n\": 3}", true }, { "{\"n\": 3}", false },
		{ "{\"n\": 1}", false },
	};
	struct overlap overlap = { history, 0 }, none = { NULL, 0 };
	json_t *event;
	unsigned int i;

	tap_begin("nothing twice, and nothing left out");
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++) {
		event = loads(cases[i].event);
		tap_check(overlap_has(&overlap, event) == cases[i].is_known,
			  "%u: %s", i, cases[i].event);
		tap_check(!overlap_has(&none, event), "no history");
		json_decref(event);
	}
	tap_end();
	json_decref(history);
}

int main(void)
{
	const struct event_reason *reason = event_reasons;
	size_t reasons = 0;

	setenv("TZ", "UTC", 1);
	tzset();
	while (reason[reasons].name)
		reasons++;
	tap_plan(TAP_ARRAY_SIZE(stories) + reasons + 9);
	check_stories();
	check_groups();
	check_all();
	check_lines();
	check_split();
	check_when();
	check_filters();
	check_bad_filters();
	check_both();
	check_overlap();
	return tap_finish();
}
