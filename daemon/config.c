// SPDX-License-Identifier: GPL-2.0-only
/* The configuration: one table of options for the file and the command line. */

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

/* Longest line of a file that is worth reading. */
#define CONFIG_LINE_MAX		1024

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

static bool config_parse_protocols(struct config *config, const char *text)
{
	const struct proto *found[CONFIG_PROTOS_MAX + 1] = { NULL };
	char names[CONFIG_VALUE_MAX + 1], *rest = names, *name;
	unsigned int n = 0;

	if (!config_text(names, text))
		return false;
	while ((name = strsep(&rest, ","))) {
		if (n == CONFIG_PROTOS_MAX)
			return false;
		found[n] = proto_find(name);
		if (!found[n++])
			return false;
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
	int found = config_word(text, words);

	if (found < 0)
		return false;
	config->log_level = LOG_ERR + found;
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

static bool config_parse_user(struct config *config, const char *text)
{
	return config_text(config->user, text);
}

static bool config_parse_length(struct config *config, const char *text)
{
	return config_whole_number(text, 1, CONFIG_LENGTH_MAX,
				   &config->queue_length);
}

/* A number of bytes, or of KiB or MiB with a K or M behind it */
static bool config_parse_buffer(struct config *config, const char *text)
{
	const char *end;
	unsigned int shift = 0;
	uint32_t v;

	if (!config_number(text, 1, CONFIG_BUFFER_MAX, &v, &end))
		return false;
	if (*end == 'K' || *end == 'M')
		shift = *end++ == 'K' ? 10 : 20;
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
	{ "protocols", "NAME,...", "what to read: irc, rtsp, pna; default all",
	  config_parse_protocols },
	{ "wait", "SECONDS", "for the module, or forever; default forever",
	  config_parse_wait },
	{ "log", "TARGET", "auto, stderr or journal; default auto",
	  config_parse_log },
	{ "log-level", "LEVEL",
	  "error, warning, notice, info or debug; default info",
	  config_parse_level },
	{ "control", "PATH",
	  "socket for appgwctl, or none; default " CONFIG_CONTROL,
	  config_parse_control },
	{ "control-group", "GROUP",
	  "may open it, beside root; default " CONFIG_GROUP,
	  config_parse_group },
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
	strcpy(config->control, CONFIG_CONTROL);
	strcpy(config->control_group, CONFIG_GROUP);
	config->queue_length = CONFIG_LENGTH_DEFAULT;
	config->buffer = CONFIG_BUFFER_DEFAULT;
	config->batch = CONFIG_BATCH_DEFAULT;
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
	if (option->parse(config, text))
		return 0;
	snprintf(error, ERROR_TEXT_MAX, "%s: \"%.*s\" is not %s (%s)",
		 option->name, CONFIG_VALUE_MAX, text, option->value,
		 option->help);
	return -1;
}

/* libconfuse hands nothing through to its callbacks. Only the main thread reads
 * a configuration.
 */
static struct {
	struct config *config;
	char text[ERROR_TEXT_MAX];
} config_reading;

static void config_complain(cfg_t *cfg, const char *format, va_list args)
{
	(void)cfg;
	vsnprintf(config_reading.text, sizeof(config_reading.text), format,
		  args);
}

static int config_take(cfg_t *cfg, cfg_opt_t *opt)
{
	const struct config_option *option = config_options;
	const char *text = cfg_opt_getnstr(opt, 0);

	(void)cfg;
	while (strcmp(option->name, cfg_opt_name(opt)))
		option++;
	return config_set(config_reading.config, option, text ?: "",
			  config_reading.text);
}

static cfg_t *config_parser(void)
{
	cfg_opt_t opts[32] = { CFG_END() };
	const struct config_option *option;
	unsigned int n = 0;
	cfg_t *cfg;

	for (option = config_options; option->name; option++)
		opts[n++] = (cfg_opt_t)CFG_STR(option->name, NULL,
					       CFGF_NODEFAULT);
	opts[n] = (cfg_opt_t)CFG_END();
	cfg = cfg_init(opts, CFGF_NONE);
	if (!cfg)
		return NULL;
	cfg_set_error_function(cfg, config_complain);
	for (option = config_options; option->name; option++)
		cfg_set_validate_func(cfg, option->name, config_take);
	return cfg;
}

/* One line at a time: libconfuse 3.3 counts lines with comments wrongly, and
 * the line belongs into the message.
 */
static int config_read_lines(FILE *file, cfg_t *cfg, const char *path,
			     char *error)
{
	char line[CONFIG_LINE_MAX], shown[CONFIG_LINE_MAX / 8];
	unsigned int n;

	for (n = 1; fgets(line, sizeof(line), file); n++) {
		size_t len = strcspn(line, "\n");
		bool whole = line[len] || feof(file);

		line[len] = '\0';
		log_escape(shown, sizeof(shown), line);
		if (!whole) {
			snprintf(error, ERROR_TEXT_MAX,
				 "%s:%u: too long: \"%s\"", path, n, shown);
			return -1;
		}
		if (!line[strspn(line, " \t\r")])
			continue;
		config_reading.text[0] = '\0';
		if (cfg_parse_buf(cfg, line) != CFG_SUCCESS) {
			char why[ERROR_TEXT_MAX / 4];

			log_escape(why, sizeof(why), config_reading.text);
			snprintf(error, ERROR_TEXT_MAX, "%s:%u: %s in \"%s\"",
				 path, n, why, shown);
			return -1;
		}
	}
	if (!ferror(file))
		return 0;
	snprintf(error, ERROR_TEXT_MAX, "%s: %s", path, strerror(errno));
	return -1;
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
	int ret = -1;
	FILE *file;
	cfg_t *cfg;

	file = fopen(path, "re");
	if (!file) {
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", path,
			 strerror(errno));
		return -1;
	}
	config_reading.config = &found;
	cfg = config_parser();
	if (cfg) {
		ret = config_read_lines(file, cfg, path, error);
		cfg_free(cfg);
	} else {
		snprintf(error, ERROR_TEXT_MAX, "%s: no memory", path);
	}
	fclose(file);
	if (!ret)
		*config = found;
	errno = EINVAL;
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
	return memcmp(&same, old, sizeof(same));
}
