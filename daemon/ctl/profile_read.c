// SPDX-License-Identifier: GPL-2.0-only
/* Profiles: read a file (libconfuse), and say in one line where it makes no sense.
 *
 * Nothing here touches the module or the network, so selftests/unit links this file
 * unchanged.
 */

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../include/appgw/span.h"
#include "log.h"
#include "profile.h"
#include "text_file.h"

#define PROFILE_SUFFIX	".profile"

/* Longest timeout that a profile may ask for, a day */
#define PROFILE_TIMEOUT_MAX_S	86400

const struct profile_helper profile_helpers[] = {
	{ "ftp", PROFILE_TCP, PROFILE_TCP, 1024 },
	{ "irc", PROFILE_TCP, PROFILE_TCP, 1024 },
	{ "mms", PROFILE_TCP, PROFILE_UDP, 1024 },
	{ "msn", PROFILE_TCP, PROFILE_TCP, 1024 },
	{ "pna", PROFILE_TCP, PROFILE_UDP, 1024 },
	/* some servers have mountd below 1024, and rquotad at 875 */
	{ "rpc", PROFILE_TCP | PROFILE_UDP, PROFILE_TCP | PROFILE_UDP, 512 },
	{ "rtsp", PROFILE_TCP, PROFILE_UDP, 1024 },
	{ NULL, 0, 0, 0 }
};

/* libconfuse hands nothing through to its callbacks. One file is read at a time. */
static char profile_complaint[ERROR_TEXT_MAX];
static int profile_line;

/* Keep the first complaint: the others come of it. */
static void profile_complain(cfg_t *cfg, const char *format, va_list args)
{
	if (*profile_complaint)
		return;
	profile_line = cfg->line;
	vsnprintf(profile_complaint, sizeof(profile_complaint), format, args);
}

/* Complain of the value of @opt that was read last. */
static int profile_bad(cfg_t *cfg, cfg_opt_t *opt, const char *wanted)
{
	cfg_error(cfg, "%s is not %s", cfg_opt_name(opt), wanted);
	return -1;
}

/* ---- values, each checked where libconfuse knows its line */

static const char *const profile_roles[] = { "client", "server", NULL };
static const char *const profile_directions[] = { "out", "in", "lan", NULL };
static const char *const profile_protos[] = { "tcp", "udp", NULL };
static const char *const profile_verdicts[] = { "accept", "reject", NULL };

static int profile_find(const char *const *names, const char *text)
{
	int i;

	for (i = 0; text && names[i]; i++)
		if (!strcmp(names[i], text))
			return i;
	return -1;
}

static const struct profile_helper *profile_helper(const char *text)
{
	const struct profile_helper *helper = profile_helpers;

	while (helper->name && strcmp(helper->name, text))
		helper++;
	return helper->name ? helper : NULL;
}

/* The last value of @opt: it is looked at after each one. */
static const char *profile_last(cfg_opt_t *opt)
{
	const char *text = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);

	return text ? text : "";
}

static int profile_check_role(cfg_t *cfg, cfg_opt_t *opt)
{
	return profile_find(profile_roles, profile_last(opt)) >= 0 ? 0 :
	       profile_bad(cfg, opt, "client or server");
}

static int profile_check_direction(cfg_t *cfg, cfg_opt_t *opt)
{
	return profile_find(profile_directions, profile_last(opt)) >= 0 ? 0 :
	       profile_bad(cfg, opt, "out, in or lan");
}

static int profile_check_proto(cfg_t *cfg, cfg_opt_t *opt)
{
	return profile_find(profile_protos, profile_last(opt)) >= 0 ? 0 :
	       profile_bad(cfg, opt, "of tcp and udp");
}

static int profile_check_verdict(cfg_t *cfg, cfg_opt_t *opt)
{
	return profile_find(profile_verdicts, profile_last(opt)) >= 0 ? 0 :
	       profile_bad(cfg, opt, "accept or reject");
}

static int profile_check_helper(cfg_t *cfg, cfg_opt_t *opt)
{
	return profile_helper(profile_last(opt)) ? 0 :
	       profile_bad(cfg, opt, "a helper of nf_appgw");
}

static int profile_check_ports(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *text = profile_last(opt);
	struct rule_ports ports;

	if (cfg_opt_size(opt) > PROFILE_PORTS_MAX)
		return profile_bad(cfg, opt, "so long a list");
	return rule_ports(text, &ports) ||
	       (cfg_opt_size(opt) == 1 && !strcmp(text, "passive")) ? 0 :
	       profile_bad(cfg, opt, "PORT, LOW-HIGH or passive");
}

static int profile_check_timeout(cfg_t *cfg, cfg_opt_t *opt)
{
	long v = cfg_opt_getnint(opt, cfg_opt_size(opt) - 1);

	return cfg_opt_size(opt) <= 2 && v > 0 &&
	       v <= PROFILE_TIMEOUT_MAX_S ? 0 :
	       profile_bad(cfg, opt, "{ unreplied, replied } in seconds");
}

static int profile_check_line(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *text = profile_last(opt);

	return *text && strlen(text) < PROFILE_LINE_MAX &&
	       rule_is_line(text) ? 0 :
	       profile_bad(cfg, opt, "a line of printable ASCII");
}

static int profile_check_text(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *text = profile_last(opt);

	return strlen(text) < PROFILE_ADVICE_MAX && rule_is_text(text) ? 0 :
	       profile_bad(cfg, opt, "a short text of printable ASCII");
}

static int profile_check_name(cfg_t *cfg, cfg_opt_t *opt)
{
	return rule_is_name(profile_last(opt)) &&
	       cfg_opt_size(opt) <= PROFILE_CHECKS_MAX ? 0 :
	       profile_bad(cfg, opt, "a list of a few words");
}

static const struct profile_check {
	const char *option;
	cfg_validate_callback_t check;
} profile_values[] = {
	{ "title", profile_check_line },
	{ "advice", profile_check_text },
	{ "checks", profile_check_name },
	{ "entry|role", profile_check_role },
	{ "entry|direction", profile_check_direction },
	{ "entry|proto", profile_check_proto },
	{ "entry|ports", profile_check_ports },
	{ "entry|helper", profile_check_helper },
	{ "entry|verdict", profile_check_verdict },
	{ "entry|udp-timeouts", profile_check_timeout },
	{ "entry|why", profile_check_line },
};

/* ---- from libconfuse's to ours */

static void profile_take_ports(struct profile_entry *entry, cfg_t *cfg)
{
	unsigned int i;

	for (i = 0; i < cfg_size(cfg, "ports"); i++) {
		if (!strcmp(cfg_getnstr(cfg, "ports", i), "passive"))
			entry->is_passive = true;
		else
			rule_ports(cfg_getnstr(cfg, "ports", i),
				   &entry->ports[entry->ports_count++]);
	}
}

/* Set what an entry, of which each value is good, says. */
static void profile_take(struct profile_entry *entry, cfg_t *cfg)
{
	unsigned int i;

	memset(entry, 0, sizeof(*entry));
	snprintf(entry->name, sizeof(entry->name), "%s", cfg_title(cfg));
	snprintf(entry->why, sizeof(entry->why), "%s", cfg_getstr(cfg, "why"));
	entry->role = profile_find(profile_roles, cfg_getstr(cfg, "role"));
	entry->direction = entry->role == PROFILE_SERVER ? PROFILE_IN :
							    PROFILE_OUT;
	if (cfg_getstr(cfg, "direction"))
		entry->direction = profile_find(profile_directions,
						cfg_getstr(cfg, "direction"));
	for (i = 0; i < cfg_size(cfg, "proto"); i++)
		entry->protos |= 1u << profile_find(profile_protos,
						    cfg_getnstr(cfg, "proto", i));
	profile_take_ports(entry, cfg);
	if (cfg_getstr(cfg, "helper"))
		entry->helper = profile_helper(cfg_getstr(cfg, "helper"));
	entry->is_rejected = profile_find(profile_verdicts,
					  cfg_getstr(cfg, "verdict")) == 1;
	entry->has_no_limits = cfg_getbool(cfg, "no-limits");
	entry->needs_icmp = cfg_getbool(cfg, "needs-icmp");
	if (cfg_size(cfg, "udp-timeouts") == 2) {
		entry->unreplied_s = cfg_getnint(cfg, "udp-timeouts", 0);
		entry->replied_s = cfg_getnint(cfg, "udp-timeouts", 1);
	}
}

/* Say what is wrong with an entry, each value of which is good; NULL: nothing. */
static const char *profile_lacks(cfg_t *cfg)
{
	if (!rule_is_name(cfg_title(cfg)))
		return "its name is not a short word in small letters";
	if (!cfg_getstr(cfg, "role") || !cfg_getstr(cfg, "why") ||
	    !cfg_size(cfg, "proto") || !cfg_size(cfg, "ports"))
		return "it needs role, proto, ports and why";
	if (cfg_size(cfg, "udp-timeouts") == 1)
		return "udp-timeouts are two";
	if (cfg_size(cfg, "udp-timeouts") &&
	    (cfg_size(cfg, "proto") != 1 ||
	     strcmp(cfg_getstr(cfg, "proto"), "udp")))
		return "udp-timeouts are for udp alone";
	return NULL;
}

/* At the end of an entry, where libconfuse knows the line */
static int profile_check_entry(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *entry = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *lacks = profile_lacks(entry);

	if (cfg_opt_size(opt) > PROFILE_ENTRIES_MAX)
		lacks = "it is one too many";
	if (!lacks)
		return 0;
	cfg_error(cfg, "entry %s: %s", cfg_title(entry), lacks);
	return -1;
}

static bool profile_fill(struct profile *profile, cfg_t *cfg)
{
	unsigned int i;

	if (!cfg_getstr(cfg, "title") || !cfg_getstr(cfg, "advice")) {
		cfg_error(cfg, "it needs title and advice");
		return false;
	}
	snprintf(profile->title, sizeof(profile->title), "%s",
		 cfg_getstr(cfg, "title"));
	snprintf(profile->advice, sizeof(profile->advice), "%s",
		 cfg_getstr(cfg, "advice"));
	profile->count = cfg_size(cfg, "entry");
	for (i = 0; i < profile->count; i++)
		profile_take(&profile->entries[i],
			     cfg_getnsec(cfg, "entry", i));
	profile->checks_count = cfg_size(cfg, "checks");
	for (i = 0; i < profile->checks_count; i++)
		snprintf(profile->checks[i], sizeof(profile->checks[i]), "%s",
			 cfg_getnstr(cfg, "checks", i));
	return true;
}

static bool profile_parse_plain(struct profile *profile, const char *text)
{
	cfg_opt_t entry[] = {
		CFG_STR("role", NULL, CFGF_NODEFAULT),
		CFG_STR("direction", NULL, CFGF_NODEFAULT),
		CFG_STR_LIST("proto", NULL, CFGF_NODEFAULT),
		CFG_STR_LIST("ports", NULL, CFGF_NODEFAULT),
		CFG_STR("helper", NULL, CFGF_NODEFAULT),
		CFG_STR("verdict", NULL, CFGF_NODEFAULT),
		CFG_BOOL("no-limits", cfg_false, CFGF_NONE),
		CFG_BOOL("needs-icmp", cfg_false, CFGF_NONE),
		CFG_INT_LIST("udp-timeouts", NULL, CFGF_NODEFAULT),
		CFG_STR("why", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_opt_t opts[] = {
		CFG_STR("title", NULL, CFGF_NODEFAULT),
		CFG_SEC("entry", entry,
			CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
		CFG_STR_LIST("checks", NULL, CFGF_NODEFAULT),
		CFG_STR("advice", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_t *cfg = cfg_init(opts, CFGF_NONE);
	bool is_good;
	size_t i;

	if (!cfg)
		return false;
	cfg_set_error_function(cfg, profile_complain);
	for (i = 0; i < ARRAY_SIZE(profile_values); i++)
		cfg_set_validate_func(cfg, profile_values[i].option,
				      profile_values[i].check);
	cfg_set_validate_func(cfg, "entry", profile_check_entry);
	is_good = cfg_parse_buf(cfg, text) == CFG_SUCCESS &&
		  profile_fill(profile, cfg);
	cfg_free(cfg);
	return is_good;
}

/* ---- text that libconfuse 3.3 would take wrongly */

/* Move behind a comment, of which nothing but newlines stays: libconfuse counts
 * lines with comments wrongly. NULL if it has no end.
 */
static char *profile_blank(char *at)
{
	const char *end = at[1] == '*' ? strstr(at + 2, "*/") : NULL;

	if (at[0] == '/' && at[1] == '*') {
		if (!end)
			return NULL;
		end += 2;
	} else {
		end = at + strcspn(at, "\n");
	}
	for (; at < end; at++)
		if (*at != '\n')
			*at = ' ';
	return at;
}

/* Move behind a string, in which libconfuse would look for variables of the
 * environment. NULL if there is one, or no end.
 */
static char *profile_skip_string(char *at)
{
	const char quote = *at;

	for (at++; *at && *at != quote; at++) {
		if (*at == '$')
			return NULL;
		if (*at == '\\' && !*++at)
			return NULL;
	}
	return *at ? at + 1 : NULL;
}

static int profile_line_of(const char *text, const char *at)
{
	int n = 1;

	for (; text < at; text++)
		n += *text == '\n';
	return n;
}

/* Take comments out, and see that brackets and quotes have an end, which libconfuse
 * doesn't ask for. Return NULL if all is well, or where it isn't.
 */
static const char *profile_strip(char *text)
{
	char *at = text, *next, *open = NULL;
	unsigned int depth = 0;

	while (*at) {
		next = at + 1;
		if (*at == '#' || (*at == '/' && strchr("*/", at[1]) && at[1]))
			next = profile_blank(at);
		else if (*at == '"' || *at == '\'')
			next = profile_skip_string(at);
		else if (*at == '{' && !depth++)
			open = at;
		else if ((*at == '}' && !depth--) || *at == '$')
			next = NULL;
		if (!next)
			return at;
		at = next;
	}
	return depth ? open : NULL;
}

/**
 * profile_parse() - read the text of a profile
 * @profile: set on success, but for its name
 * @path: of its file, for @error
 * @text: of its file; changed
 * @error: ERROR_TEXT_MAX bytes; set on failure: file, line and what is wrong
 *
 * Return: 0, or -1
 */
int profile_parse(struct profile *profile, const char *path, char *text,
		  char *error)
{
	const char *bad = profile_strip(text);
	char why[ERROR_TEXT_MAX / 2];

	*profile_complaint = '\0';
	if (bad) {
		snprintf(error, ERROR_TEXT_MAX,
			 "%s:%d: '%c' that has no other, or is none of a profile's",
			 path, profile_line_of(text, bad), *bad);
		return -1;
	}
	if (profile_parse_plain(profile, text))
		return 0;
	if (!*profile_complaint)
		strcpy(profile_complaint, "makes no sense");
	log_escape(why, sizeof(why), profile_complaint);
	snprintf(error, ERROR_TEXT_MAX, "%s:%d: %s", path, profile_line, why);
	return -1;
}

/* Set the name that a file's gives the profile. */
static bool profile_name(struct profile *profile, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *end = strstr(name, PROFILE_SUFFIX);

	if (!end || end[strlen(PROFILE_SUFFIX)])
		return false;
	if ((size_t)(end - name) >= sizeof(profile->name))
		return false;
	snprintf(profile->name, sizeof(profile->name), "%.*s",
		 (int)(end - name), name);
	return rule_is_name(profile->name);
}

/**
 * profile_read() - read a profile
 * @profile: set on success
 * @path: of its file, which gives it its name
 * @error: ERROR_TEXT_MAX bytes; set on failure: file, line and what is wrong
 *
 * Return: 0, or -1
 */
int profile_read(struct profile *profile, const char *path, char *error)
{
	char *text = text_file_read(path, PROFILE_FILE_MAX);
	bool is_unfit = !text && (errno == EFBIG || errno == EILSEQ);
	int ret = -1;

	memset(profile, 0, sizeof(*profile));
	if (!text && !is_unfit)
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", path,
			 strerror(errno));
	else if (!profile_name(profile, path))
		snprintf(error, ERROR_TEXT_MAX,
			 "%s: no NAME.profile, in small letters", path);
	else if (is_unfit)
		snprintf(error, ERROR_TEXT_MAX, "%s:1: is no text, or too long",
			 path);
	else
		ret = profile_parse(profile, path, text, error);
	free(text);
	return ret;
}
