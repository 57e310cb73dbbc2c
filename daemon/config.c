// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: one table of options for the file and the command line. */

#include <confuse.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "endpoint_text.h"
#include "text_file.h"

/* Most bytes of a file, and of a line that is shown. */
#define CONFIG_FILE_MAX		(64 << 10)
#define CONFIG_SHOWN_MAX	128

static bool config_number(const char *text, uint32_t min, uint32_t max,
			  uint32_t *value, const char **end)
{
	struct span s = { (const uint8_t *)text, strlen(text) };
	uint32_t v;

	if (!span_eat_uint(&s, 9, max, &v) || v < min)
		return false;
	*value = v;
	*end = (const char *)s.at;
	return true;
}

static bool config_whole_number(const char *text, uint32_t min, uint32_t max,
				uint32_t *value)
{
	const char *end;
	uint32_t v;

	if (!config_number(text, min, max, &v, &end) || *end)
		return false;
	*value = v;
	return true;
}

static bool config_text(char *out, const char *text)
{
	if (strlen(text) > CONFIG_VALUE_MAX)
		return false;
	memset(out, 0, CONFIG_VALUE_MAX + 1);
	strcpy(out, text);
	return true;
}

static bool config_parse_queue(struct config *config, const char *text)
{
	uint32_t first, last;
	const char *end;

	if (!config_number(text, 0, UINT16_MAX, &first, &end))
		return false;
	last = first;
	if (*end == ':')
		if (!config_number(end + 1, first, UINT16_MAX, &last, &end))
			return false;
	if (*end || last - first >= APPGW_LISTEN_QUEUES_MAX)
		return false;
	config->queue = first;
	config->queues = last - first + 1;
	return true;
}

/* Find a protocol by its name. Blanks around it don't count. */
static const struct proto *config_proto(char *name)
{
	size_t len;

	name += strspn(name, " \t");
	len = strlen(name);
	while (len && strchr(" \t", name[len - 1]))
		name[--len] = '\0';
	return proto_find(name);
}

static bool config_parse_protocols(struct config *config, const char *text)
{
	const struct proto *found[CONFIG_PROTOS_MAX + 1] = { NULL };
	char names[CONFIG_VALUE_MAX + 1], *rest = names, *name;
	const struct proto *proto;
	unsigned int n = 0, i;

	if (!config_text(names, text))
		return false;
	while ((name = strsep(&rest, ","))) {
		proto = config_proto(name);
		if (n == CONFIG_PROTOS_MAX || !proto)
			return false;
		for (i = 0; i < n; i++)
			if (found[i] == proto)
				return false;
		found[n++] = proto;
	}
	memcpy(config->protos, found, sizeof(found));
	return true;
}

static bool config_parse_wait(struct config *config, const char *text)
{
	if (strcmp(text, "forever"))
		return config_whole_number(text, 0, CONFIG_WAIT_MAX,
					   &config->wait_s);
	config->wait_s = CONFIG_WAIT_FOREVER;
	return true;
}

static int config_word(const char *text, const char *const *words)
{
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(text, words[i]))
			return i;
	return -1;
}

static bool config_parse_log(struct config *config, const char *text)
{
	static const char *const words[] = {
		[LOG_TARGET_AUTO]	= "auto",
		[LOG_TARGET_STDERR]	= "stderr",
		[LOG_TARGET_JOURNAL]	= "journal",
		NULL
	};
	int found = config_word(text, words);

	if (found < 0)
		return false;
	config->log_target = found;
	return true;
}

static bool config_parse_level(struct config *config, const char *text)
{
	static const char *const words[] = {
		"error", "warning", "notice", "info", "debug", NULL
	};
	/* as syslog.conf has them */
	static const char *const others[] = { "err", "warn", NULL };
	int found = config_word(text, words);

	if (found < 0)
		found = config_word(text, others);
	if (found < 0)
		return false;
	config->log_level = LOG_ERR + found;
	return true;
}

static bool config_parse_events(struct config *config, const char *text)
{
	static const char *const words[] = {
		[LOG_EVENTS_OFF]	= "off",
		[LOG_EVENTS_REFUSED]	= "refused",
		[LOG_EVENTS_ALL]	= "all",
		NULL
	};
	int found = config_word(text, words);

	if (found < 0)
		return false;
	config->log_events = found;
	return true;
}

static bool config_parse_control(struct config *config, const char *text)
{
	if (!strcmp(text, "none"))
		return config_text(config->control, "");
	return text[0] == '/' && config_text(config->control, text);
}

static bool config_parse_group(struct config *config, const char *text)
{
	return *text && config_text(config->control_group, text);
}

static bool config_parse_metrics(struct config *config, const char *text)
{
	if (strcmp(text, "none"))
		return endpoint_parse(text, &config->metrics);
	memset(&config->metrics, 0, sizeof(config->metrics));
	return true;
}

static bool config_parse_user(struct config *config, const char *text)
{
	return config_text(config->user, text);
}

static bool config_parse_length(struct config *config, const char *text)
{
	return config_whole_number(text, 1, CONFIG_LENGTH_MAX,
				   &config->queue_length);
}

/* Read a number of bytes, or of KiB or MiB with a K or M behind it, large or small. */
static bool config_parse_buffer(struct config *config, const char *text)
{
	const char *end;
	unsigned int shift = 0;
	uint32_t v;

	if (!config_number(text, 1, CONFIG_BUFFER_MAX, &v, &end))
		return false;
	if (*end && strchr("KkMm", *end))
		shift = strchr("Kk", *end++) ? 10 : 20;
	if (*end || v > CONFIG_BUFFER_MAX >> shift ||
	    v << shift < CONFIG_BUFFER_MIN)
		return false;
	config->buffer = v << shift;
	return true;
}

static bool config_parse_batch(struct config *config, const char *text)
{
	return config_whole_number(text, 1, CONFIG_BATCH_MAX, &config->batch);
}

const struct config_option config_options[] = {
	{ "queue", "N[:M]", "first and last queue, 64 of them at most",
	  config_parse_queue },
	{ "protocols", "NAME,...", "what to read, each once; default all",
	  config_parse_protocols },
	{ "wait", "SECONDS", "for the module, or forever; default forever",
	  config_parse_wait },
	{ "log", "TARGET", "auto, stderr or journal; default auto",
	  config_parse_log },
	{ "log-level", "LEVEL",
	  "error, warning, notice, info or debug; default info",
	  config_parse_level },
	{ "log-events", "WHICH",
	  "of the module's: off, refused or all; default refused",
	  config_parse_events },
	{ "control", "PATH",
	  "socket for appgwctl, or none; default " CONFIG_CONTROL,
	  config_parse_control },
	{ "control-group", "GROUP",
	  "may open it, beside root; default " CONFIG_GROUP,
	  config_parse_group },
	{ "metrics", "ADDR:PORT",
	  "where Prometheus may GET /metrics, or none; default none",
	  config_parse_metrics },
	{ "user", "NAME", "to run as; default who starts it",
	  config_parse_user },
	{ "queue-length", "PACKETS",
	  "that the kernel keeps, 1 to 65536; default 4096",
	  config_parse_length },
	{ "buffer", "BYTES",
	  "of a queue's socket, 128K to 256M; default 4M",
	  config_parse_buffer },
	{ "batch", "PACKETS", "read at once, 1 to 256; default 32",
	  config_parse_batch },
	{ NULL, NULL, NULL, NULL }
};

/**
 * config_init() - what holds where neither file nor command line say anything
 * @config: set
 */
void config_init(struct config *config)
{
	unsigned int i;

	memset(config, 0, sizeof(*config));
	for (i = 0; protos[i] && i < CONFIG_PROTOS_MAX; i++)
		config->protos[i] = protos[i];
	config->wait_s = CONFIG_WAIT_FOREVER;
	config->log_level = LOG_INFO;
	config->log_events = LOG_EVENTS_REFUSED;
	strcpy(config->control, CONFIG_CONTROL);
	strcpy(config->control_group, CONFIG_GROUP);
	config->queue_length = CONFIG_LENGTH_DEFAULT;
	config->buffer = CONFIG_BUFFER_DEFAULT;
	config->batch = CONFIG_BATCH_DEFAULT;
}

/**
 * config_help() - what an option is for
 * @option: which one
 * @out: set, and cut off rather than overrun
 * @size: of @out
 */
void config_help(const struct config_option *option, char *out, size_t size)
{
	size_t len = snprintf(out, size, "%s", option->help);
	unsigned int i;

	if (option->parse != config_parse_protocols)
		return;
	for (i = 0; protos[i] && len < size; i++)
		len += snprintf(out + len, size - len, "%s%s", i ? ", " : ": ",
				protos[i]->name);
}

/**
 * config_check() - is there what the configuration names?
 * @config: what to look at
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int config_check(const struct config *config, char *error)
{
	if (!*config->user || getpwnam(config->user))
		return 0;
	snprintf(error, ERROR_TEXT_MAX, CONFIG_NO_USER, config->user);
	return -1;
}

/**
 * config_set() - one option of the command line
 * @config: changed on success
 * @option: which one
 * @text: its value
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int config_set(struct config *config, const struct config_option *option,
	       const char *text, char *error)
{
	char help[CONFIG_HELP_MAX];

	if (option->parse(config, text))
		return 0;
	config_help(option, help, sizeof(help));
	snprintf(error, ERROR_TEXT_MAX, "%s: \"%.*s\" is not %s (%s)",
		 option->name, CONFIG_VALUE_MAX, text, option->value, help);
	return -1;
}

/* libconfuse hands nothing through to its callbacks. Only the main thread reads
 * a configuration.
 */
static char config_complaint[ERROR_TEXT_MAX];

static void config_complain(cfg_t *cfg, const char *format, va_list args)
{
	(void)cfg;
	vsnprintf(config_complaint, sizeof(config_complaint), format, args);
}

/* Set up libconfuse's options. Each may be a list, as far as that is concerned. */
static cfg_t *config_parser(void)
{
	cfg_opt_t opts[CONFIG_OPTIONS_MAX] = { CFG_END() };
	const struct config_option *option;
	unsigned int n = 0;
	cfg_t *cfg;

	for (option = config_options; option->name; option++)
		opts[n++] = (cfg_opt_t)CFG_STR_LIST(option->name, NULL,
						    CFGF_NODEFAULT);
	opts[n] = (cfg_opt_t)CFG_END();
	cfg = cfg_init(opts, CFGF_NONE);
	if (cfg)
		cfg_set_error_function(cfg, config_complain);
	return cfg;
}

/* Take what an option has been given: one value, or several with commas between. */
static bool config_take(struct config *config, cfg_t *cfg,
			const struct config_option *option)
{
	char text[2 * CONFIG_VALUE_MAX] = "";
	unsigned int i, n = cfg_size(cfg, option->name);
	size_t len = 0;

	for (i = 0; i < n && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, "%s%s",
				i ? "," : "", cfg_getnstr(cfg, option->name, i));
	return !n || !config_set(config, option, text, config_complaint);
}

/* Return false with config_complaint set, and @config half changed. */
static bool config_parse(struct config *config, const char *text)
{
	const struct config_option *option = config_options;
	cfg_t *cfg = config_parser();
	bool is_good;

	strcpy(config_complaint, "makes no sense");
	if (!cfg)
		return false;
	is_good = cfg_parse_buf(cfg, text) == CFG_SUCCESS;
	for (; is_good && option->name; option++)
		is_good = config_take(config, cfg, option);
	cfg_free(cfg);
	return is_good;
}

/* Find the line behind which nothing is good any more: libconfuse 3.3 counts lines with
 * comments wrongly. @text is changed and changed back.
 */
static const char *config_bad_line(char *text, unsigned int *number)
{
	const char *bad = text;
	struct config config;
	unsigned int n = 0;
	char *end = text;
	char kept;

	*number = 1;
	while ((end = strchr(end, '\n'))) {
		n++;
		kept = *++end;
		*end = '\0';
		config_init(&config);
		if (config_parse(&config, text)) {
			bad = end;
			*number = n + 1;
		}
		*end = kept;
	}
	return bad;
}

static void config_blame(char *text, const char *path, char *error)
{
	char why[ERROR_TEXT_MAX / 4], line[CONFIG_SHOWN_MAX];
	char shown[CONFIG_SHOWN_MAX];
	unsigned int number;
	const char *bad;

	log_escape(why, sizeof(why), config_complaint);
	bad = config_bad_line(text, &number);
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(bad, "\r\n"), bad);
	log_escape(shown, sizeof(shown), line);
	snprintf(error, ERROR_TEXT_MAX, "%s:%u: %s in \"%s\"", path, number,
		 why, shown);
}

/**
 * config_read() - what a file says
 * @config: changed on success only
 * @path: of the file
 * @error: ERROR_TEXT_MAX bytes; set on failure: file, line and value
 *
 * Return: 0, or -1; with errno ENOENT if there is no such file
 */
int config_read(struct config *config, const char *path, char *error)
{
	struct config found = *config;
	char *text = text_file_read(path, CONFIG_FILE_MAX);
	int ret = -1;

	if (!text) {
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", path,
			 strerror(errno));
	} else if (!config_parse(&found, text)) {
		config_blame(text, path, error);
		errno = EINVAL;
	} else {
		*config = found;
		ret = 0;
	}
	free(text);
	return ret;
}

/**
 * config_is_restart() - do they differ in more than what can be changed later?
 * @old: one
 * @new: another one
 *
 * Return: true if so
 */
bool config_is_restart(const struct config *old, const struct config *new)
{
	struct config same = *new;

	same.log_target = old->log_target;
	same.log_level = old->log_level;
	same.log_events = old->log_events;
	return memcmp(&same, old, sizeof(same));
}
