// SPDX-License-Identifier: GPL-2.0-only
/* daemon/config.c: what a file may say, and that an error is told with file,
 * line and value and changes nothing.
 */

#include <errno.h>
#include <unistd.h>

#include "../../daemon/config.h"
#include "../../include/appgw/protocol.h"
#include "models/temporary.h"
#include "tap.h"

static const struct good_case {
	const char *name;
	const char *text;
	const char *option;	/* of number() */
	unsigned long value;
} good_cases[] = {
	{ "empty file", "", "queues", 0 },
	{ "one queue", "queue = 3\n", "queue", 3 },
	{ "one queue is one", "queue = 3\n", "queues", 1 },
	{ "queue 0", "queue=0", "queues", 1 },
	{ "a range", "queue = 3:6\n", "queues", 4 },
	{ "a range in quotes", "queue = \"3:6\"\n", "queues", 4 },
	{ "64 queues", "queue = 65472:65535\n", "queues", 64 },
	{ "the last one counts", "queue = 3\nqueue = 5:6\n", "queue", 5 },
	{ "comments and empty lines", "# one\n\n  # two\nqueue = 7 # three\n",
	  "queue", 7 },
	{ "carriage returns", "# one\r\nqueue = 7\r\n", "queue", 7 },
	{ "no wait", "wait = 0\n", "wait", 0 },
	{ "some wait", "wait = 30\n", "wait", 30 },
	{ "wait for ever", "wait = 3\nwait = forever\n", "wait",
	  CONFIG_WAIT_FOREVER },
	{ "level", "log-level = debug\n", "level", LOG_DEBUG },
	{ "level error", "log-level = error\n", "level", LOG_ERR },
	{ "events", "", "events", LOG_EVENTS_REFUSED },
	{ "no events", "log-events = off\n", "events", LOG_EVENTS_OFF },
	{ "all events", "log-events = all\n", "events", LOG_EVENTS_ALL },
	{ "target", "log = journal\n", "target", LOG_TARGET_JOURNAL },
	{ "bytes", "buffer = 131072\n", "buffer", 131072 },
	{ "K", "buffer = 512K\n", "buffer", 512 << 10 },
	{ "M", "buffer = 256M\n", "buffer", 256 << 20 },
	{ "batch", "batch = 256\n", "batch", 256 },
	{ "length", "queue-length = 65536\n", "length", 65536 },
	{ "no control socket", "control = none\n", "control", 0 },
	{ "control socket", "control = \"/a b\"\n", "control", 4 },
	{ "user", "user = nobody\n", "user", 6 },
	{ "empty user", "user = nobody\nuser = \"\"\n", "user", 0 },
	{ "no metrics", "metrics = \"[::1]:9617\"\nmetrics = none\n", "metrics", 0 },
	{ "metrics", "metrics = \"127.0.0.1:9617\"\n", "metrics", 9617 },
	{ "metrics without quotes", "metrics = 127.0.0.1:1\n", "metrics", 1 },
	{ "metrics of IPv6", "metrics = \"[::1]:65535\"\n", "metrics", 65535 },
	{ "all protocols", "", "protocols", APPGW_PROTOCOLS_COUNT },
	{ "one protocol", "protocols = \"rtsp\"\n", "protocols", 1 },
	{ "protocols", "protocols = \"rtsp,irc\"\n", "protocols", 2 },
	{ "protocols with blanks", "protocols = \" rtsp, irc \"\n",
	  "protocols", 2 },
	{ "a list", "protocols = {rtsp, irc, msn}\n", "protocols", 3 },
	{ "a list of several lines", "protocols = {rtsp,\n\tirc}\nqueue = 3\n",
	  "protocols", 2 },
	{ "a list of one", "protocols = {pna}\n", "protocols", 1 },
	{ "the last list counts", "protocols = {rtsp, irc}\nprotocols = msn\n",
	  "protocols", 1 },
	{ "level warn", "log-level = warn\n", "level", LOG_WARNING },
	{ "level err", "log-level = err\n", "level", LOG_ERR },
	{ "m", "buffer = 4m\n", "buffer", 4 << 20 },
	{ "k", "buffer = 128k\n", "buffer", 128 << 10 },
	{ "other comments", "// one\n/* two\nqueue = 3\n*/\nqueue = 7\n",
	  "queue", 7 },
	{ "no end of the last line", "queue = 3\nqueue = 7", "queue", 7 },
};

/* What the message must have in it besides the name of the file */
static const struct bad_case {
	const char *name;
	const char *text;
	const char *line;
	const char *said;
} bad_cases[] = {
	{ "unknown option", "queue = 3\n\n# x\nquue = 4\n", ":4:", "quue" },
	{ "no value", "queue\n", ":1:", "queue" },
	{ "empty value", "# x\n\nqueue =\n", ":3:", "queue" },
	{ "two values", "queue = 3 4\n", ":1:", "3 4" },
	{ "a list", "queue = {3, 4}\n", ":1:", "{3, 4}" },
	{ "a list without braces", "queue = 3\nprotocols = irc,rtsp\n", ":2:",
	  "irc,rtsp" },
	{ "a list without an end", "# x\nprotocols = {irc,\n\nqueue = 3\n",
	  ":2:", "{irc," },
	{ "behind a list", "# x\nprotocols = {irc,\nrtsp}\n# y\nqueue = x\n",
	  ":5:", "\"x\"" },
	{ "a protocol twice", "protocols = {irc, msn, irc}\n", ":1:",
	  "\"irc,msn,irc\"" },
	{ "quote not closed", "queue = \"3\n", ":1:", "3" },
	{ "a section", "appgwd {\n}\n", ":1:", "appgwd" },
	{ "binary", "\x01\x02\xff\n", ":1:", "\\xff" },
	{ "queue above 65535", "queue = 65536\n", ":1:", "\"65536\"" },
	{ "queue of many digits", "queue = 4294967299\n", ":1:",
	  "\"4294967299\"" },
	{ "queue below 0", "queue = -1\n", ":1:", "\"-1\"" },
	{ "queue of letters", "queue = three\n", ":1:", "\"three\"" },
	{ "queue with letters", "queue = 3x\n", ":1:", "\"3x\"" },
	{ "range backwards", "queue = 6:3\n", ":1:", "\"6:3\"" },
	{ "range without an end", "queue = \"3:\"\n", ":1:", "\"3:\"" },
	{ "range without a start", "queue = \":3\"\n", ":1:", "\":3\"" },
	{ "range of three", "queue = 3:4:5\n", ":1:", "\"3:4:5\"" },
	{ "65 queues", "queue = 0:64\n", ":1:", "\"0:64\"" },
	{ "empty queue", "queue = \"\"\n", ":1:", "\"\"" },
	{ "unknown protocol", "protocols = \"irc,ftp\"\n", ":1:", "irc,ftp" },
	{ "no protocol", "protocols = \"\"\n", ":1:", "\"\"" },
	{ "comma behind a protocol", "protocols = \"irc,\"\n", ":1:",
	  "\"irc,\"" },
	{ "too many protocols", "protocols = "
	  "\"irc,irc,irc,irc,irc,irc,irc,irc,irc\"\n", ":1:", "irc,irc" },
	{ "wait of letters", "wait = long\n", ":1:", "\"long\"" },
	{ "wait of years", "wait = 99999999\n", ":1:", "\"99999999\"" },
	{ "unknown level", "log-level = loud\n", ":1:", "\"loud\"" },
	{ "unknown events", "log-events = some\n", ":1:", "\"some\"" },
	{ "level in capitals", "log-level = INFO\n", ":1:", "\"INFO\"" },
	{ "unknown target", "log = file\n", ":1:", "\"file\"" },
	{ "control not absolute", "control = socket\n", ":1:", "\"socket\"" },
	{ "control of 108 bytes", "control = /3456789012345678901234567890"
	  "12345678901234567890123456789012345678901234567890"
	  "12345678901234567890123456789\n", ":1:", "\"/3456" },
	{ "no group", "control-group = \"\"\n", ":1:", "\"\"" },
	{ "metrics without a port", "metrics = 127.0.0.1\n", ":1:", "\"127.0.0.1\"" },
	{ "metrics without an address", "metrics = 9617\n", ":1:", "\"9617\"" },
	{ "metrics at a name", "metrics = localhost:9617\n", ":1:",
	  "\"localhost:9617\"" },
	{ "buffer too small", "buffer = 127K\n", ":1:", "\"127K\"" },
	{ "buffer too big", "buffer = 257M\n", ":1:", "\"257M\"" },
	{ "buffer that wraps", "buffer = 4097M\n", ":1:", "\"4097M\"" },
	{ "buffer in G", "buffer = 1G\n", ":1:", "\"1G\"" },
	{ "batch of 0", "batch = 0\n", ":1:", "\"0\"" },
	{ "batch of 257", "batch = 257\n", ":1:", "\"257\"" },
	{ "length of 0", "queue-length = 0\n", ":1:", "\"0\"" },
	{ "length of 65537", "queue-length = 65537\n", ":1:", "\"65537\"" },
	{ "good lines before it", "queue = 3\nbatch = 8\nwait = x\n", ":3:",
	  "\"x\"" },
};

static unsigned long number(const struct config *config, const char *name)
{
	unsigned long n = 0;

	if (!strcmp(name, "queue"))
		return config->queue;
	if (!strcmp(name, "queues"))
		return config->queues;
	if (!strcmp(name, "wait"))
		return config->wait_s;
	if (!strcmp(name, "level"))
		return config->log_level;
	if (!strcmp(name, "events"))
		return config->log_events;
	if (!strcmp(name, "target"))
		return config->log_target;
	if (!strcmp(name, "buffer"))
		return config->buffer;
	if (!strcmp(name, "batch"))
		return config->batch;
	if (!strcmp(name, "length"))
		return config->queue_length;
	if (!strcmp(name, "control"))
		return strlen(config->control);
	if (!strcmp(name, "metrics"))
		return config->metrics.port;
	if (!strcmp(name, "user"))
		return strlen(config->user);
	while (config->protos[n])
		n++;
	return n;
}

static void test_good(const struct good_case *c, const char *path)
{
	char error[ERROR_TEXT_MAX] = "";
	struct config config;

	tap_begin(c->name);
	temporary_write(path, c->text, strlen(c->text));
	config_init(&config);
	tap_check(!config_read(&config, path, error), "%s", error);
	tap_check(number(&config, c->option) == c->value, "%s is %lu",
		  c->option, number(&config, c->option));
	tap_end();
}

static void test_bad(const struct bad_case *c, const char *path)
{
	char error[ERROR_TEXT_MAX] = "";
	struct config config, before;

	tap_begin(c->name);
	temporary_write(path, c->text, strlen(c->text));
	config_init(&before);
	config = before;
	tap_check(config_read(&config, path, error) < 0, "accepted");
	tap_check(errno != ENOENT, "looks like a missing file");
	tap_check(!memcmp(&config, &before, sizeof(config)),
		  "changed something");
	tap_check(!strncmp(error, path, strlen(path)) &&
		  !strncmp(error + strlen(path), c->line, strlen(c->line)) &&
		  strstr(error, c->said), "says: %s", error);
	tap_end();
}

/* A line and a comment that are as long as a file may be, and one byte longer */
static void test_long(const char *path)
{
	static char text[(64 << 10) + 1];
	char error[ERROR_TEXT_MAX] = "";
	struct config config;

	tap_begin("a long comment, and a long line");
	config_init(&config);
	memset(text, 'x', sizeof(text));
	memcpy(text, "queue = 7\n#", 11);
	temporary_write(path, text, sizeof(text) - 1);
	tap_check(!config_read(&config, path, error) && config.queue == 7,
		  "%s", error);
	text[10] = 'x';
	temporary_write(path, text, sizeof(text) - 1);
	tap_check(config_read(&config, path, error) < 0 &&
		  strstr(error, ":2: "), "says: %s", error);
	temporary_write(path, text, sizeof(text));
	tap_check(config_read(&config, path, error) < 0 &&
		  strstr(error, "too large"), "says: %s", error);
	tap_end();
}

static void test_zero_byte(const char *path)
{
	char error[ERROR_TEXT_MAX] = "";
	struct config config;

	tap_begin("a byte 0 hides nothing");
	temporary_write(path, "queue = 3\n\0queue = 4\n", 21);
	config_init(&config);
	tap_check(config_read(&config, path, error) < 0, "accepted");
	tap_end();
}

static void test_missing(const char *path)
{
	char error[ERROR_TEXT_MAX] = "";
	struct config config;

	tap_begin("file that is not there");
	unlink(path);
	config_init(&config);
	tap_check(config_read(&config, path, error) < 0 && errno == ENOENT,
		  "errno %d", errno);
	tap_check(strstr(error, path), "says: %s", error);
	tap_end();
}

int main(void)
{
	char path[] = "/tmp/appgw-config.XXXXXX";
	unsigned int i;

	temporary_make(path);
	tap_plan(TAP_ARRAY_SIZE(good_cases) + TAP_ARRAY_SIZE(bad_cases) + 3);
	for (i = 0; i < TAP_ARRAY_SIZE(good_cases); i++)
		test_good(&good_cases[i], path);
	for (i = 0; i < TAP_ARRAY_SIZE(bad_cases); i++)
		test_bad(&bad_cases[i], path);
	test_long(path);
	test_zero_byte(path);
	test_missing(path);
	return tap_finish();
}
