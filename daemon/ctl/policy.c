// SPDX-License-Identifier: GPL-2.0-only
/* The policy: one table for showing it and for setting it. */

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "log.h"
#include "policy.h"

enum policy_type {
	POLICY_BOOL,	/* 0 or 1 */
	POLICY_PORTS,	/* LOW-HIGH, or nothing */
	POLICY_NUMBER,	/* 0 to 4294967295 */
	POLICY_BITS,	/* 1 to 128 */
	POLICY_RANGES,	/* ADDRESS[/LENGTH],..., or nothing */
	POLICY_SOURCE,	/* one of policy_sources */
};

static const char *const policy_sources[__APPGW_MEDIA_SOURCE_MAX] = {
	[APPGW_MEDIA_SOURCE_PORT] = "port",
	[APPGW_MEDIA_SOURCE_ADDRESS] = "address",
};

struct policy_field {
	int attr;
	const char *name;
	enum policy_type type;
};

static const struct policy_field policy_fields[] = {
	{ APPGW_POLICY_LOGIN, "login", POLICY_BOOL },
	{ APPGW_POLICY_LOOSE, "loose", POLICY_BOOL },
	{ APPGW_POLICY_FIX_PASV, "fix_pasv", POLICY_BOOL },
	{ APPGW_POLICY_DRY_RUN, "dry_run", POLICY_BOOL },
	{ APPGW_POLICY_ATTACH, "attach", POLICY_BOOL },
#define APPGW_PORT_RANGE(id, name)	\
	{ APPGW_POLICY_ ## id ## _PORTS, name, POLICY_PORTS },
#include "../include/appgw/port_ranges.h"
#undef APPGW_PORT_RANGE
	{ APPGW_POLICY_QUOTA_HOST, "quota_host", POLICY_NUMBER },
	{ APPGW_POLICY_QUOTA_TOTAL, "quota_total", POLICY_NUMBER },
	{ APPGW_POLICY_QUOTA_IPV6_LEN, "quota_ipv6_len", POLICY_BITS },
	{ APPGW_POLICY_MEDIA_SOURCE, "media_source", POLICY_SOURCE },
	{ APPGW_POLICY_FXP, "fxp", POLICY_RANGES },
};

#define IPV4_BITS	32
#define IPV6_BITS	128

/* Move @text behind the number. */
static bool policy_number(const char **text, uint32_t max, uint32_t *value)
{
	unsigned long long v;
	char *end;

	if (!span_is_digit(**text))
		return false;
	errno = 0;
	v = strtoull(*text, &end, 10);
	if (errno || v > max)
		return false;
	*text = end;
	*value = v;
	return true;
}

static bool policy_put_ports(struct nl_msg *msg, int attr, const char *text)
{
	uint32_t low = 0, high = 0;

	if (*text && (!policy_number(&text, UINT16_MAX, &low) ||
		      *text++ != '-' ||
		      !policy_number(&text, UINT16_MAX, &high)))
		return false;
	return !*text && !nla_put_u32(msg, attr, low << 16 | high);
}

/* Add ADDRESS or ADDRESS/LENGTH, @len bytes of @text. */
static bool policy_put_range(struct nl_msg *msg, const char *text, size_t len)
{
	struct nlattr *nest = nla_nest_start(msg, APPGW_FXP_RANGE);
	const char *end = text + len, *slash = memchr(text, '/', len);
	char addr[INET6_ADDRSTRLEN] = "";
	uint8_t bytes[APPGW_ADDR_LEN_IPV6];
	uint32_t bits, max = IPV4_BITS;

	if (slash)
		len = slash - text;
	if (!nest || len >= sizeof(addr))
		return false;
	memcpy(addr, text, len);
	if (inet_pton(AF_INET, addr, bytes) != 1) {
		if (inet_pton(AF_INET6, addr, bytes) != 1)
			return false;
		max = IPV6_BITS;
	}
	bits = max;
	if (slash) {
		slash++;
		if (!policy_number(&slash, max, &bits) || slash != end)
			return false;
	}
	if (nla_put(msg, APPGW_RANGE_ADDR, max / 8, bytes) ||
	    nla_put_u8(msg, APPGW_RANGE_LEN, bits))
		return false;
	nla_nest_end(msg, nest);
	return true;
}

static bool policy_put_ranges(struct nl_msg *msg, int attr, const char *text)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	size_t len;

	if (!nest)
		return false;
	while (*text) {
		len = strcspn(text, ",");
		if (!policy_put_range(msg, text, len))
			return false;
		text += len;
		if (*text && !*++text)
			return false;
	}
	/* libnl would take an empty nest back, which means "no ranges" here */
	nla_nest_end_keep_empty(msg, nest);
	return true;
}

static bool policy_put_source(struct nl_msg *msg, int attr, const char *text)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_sources); i++)
		if (!strcmp(text, policy_sources[i]))
			return !nla_put_u8(msg, attr, i);
	return false;
}

static bool policy_put(struct nl_msg *msg, const struct policy_field *field,
		       const char *text)
{
	const char *rest = text;
	uint32_t v;

	switch (field->type) {
	case POLICY_BOOL:
		return policy_number(&rest, 1, &v) && !*rest &&
		       !nla_put_u8(msg, field->attr, v);
	case POLICY_PORTS:
		return policy_put_ports(msg, field->attr, text);
	case POLICY_NUMBER:
		return policy_number(&rest, UINT32_MAX, &v) && !*rest &&
		       !nla_put_u32(msg, field->attr, v);
	case POLICY_BITS:
		return policy_number(&rest, IPV6_BITS, &v) && v && !*rest &&
		       !nla_put_u8(msg, field->attr, v);
	case POLICY_RANGES:
		return policy_put_ranges(msg, field->attr, text);
	case POLICY_SOURCE:
		return policy_put_source(msg, field->attr, text);
	}
	return false;
}

/* Find the field that @word, NAME=VALUE, is about. */
static const struct policy_field *policy_find(const char *word)
{
	size_t len = strcspn(word, "=");
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_fields); i++)
		if (strlen(policy_fields[i].name) == len &&
		    !strncmp(policy_fields[i].name, word, len))
			return &policy_fields[i];
	return NULL;
}

static bool policy_put_word(struct nl_msg *msg, const char *word)
{
	const struct policy_field *field = policy_find(word);
	const char *value = strchr(word, '=');

	return field && value && policy_put(msg, field, value + 1);
}

/* Add all of it; on failure @bad is the word whose fault it is. */
static int policy_put_all(struct nl_msg *msg, int count, char **words, int *bad,
			  char *error)
{
	struct nlattr *nest = nla_nest_start(msg, APPGW_ATTR_POLICY);
	int i;

	for (i = 0; nest && i < count; i++) {
		if (policy_put_word(msg, words[i]))
			continue;
		*bad = i;
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", words[i],
			 policy_find(words[i]) && strchr(words[i], '=') ?
			 "bad value" : "no such policy, or no value");
		return -1;
	}
	nla_nest_end(msg, nest);
	return 0;
}

/* Find the word whose attribute the kernel has found bad, by its place in the message;
 * -1 if it hasn't said.
 */
static int policy_blame(int count, char **words, uint32_t offset)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_POLICY_SET);
	int i = count;

	if (msg && offset && nla_nest_start(msg, APPGW_ATTR_POLICY))
		for (i = 0; i < count; i++)
			if (!policy_put_word(msg, words[i]) ||
			    nlmsg_hdr(msg)->nlmsg_len > offset)
				break;
	nlmsg_free(msg);
	return i < count ? i : -1;
}

/**
 * policy_set() - change what is named, all of it or nothing
 * @kmod: the socket
 * @count: how many words
 * @words: NAME=VALUE
 * @bad: set on failure: the word whose fault it is, or -1
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int policy_set(struct kmod *kmod, int count, char **words, int *bad,
	       char *error)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_POLICY_SET);

	if (msg && policy_put_all(msg, count, words, bad, error)) {
		nlmsg_free(msg);
		return -1;
	}
	if (!kmod_ask(kmod, msg, NLM_F_ACK, NULL, NULL))
		return 0;
	*bad = policy_blame(count, words, kmod->bad_offset);
	snprintf(error, ERROR_TEXT_MAX, "%s", kmod->text);
	return -1;
}

static json_t *policy_show_ports(const struct nlattr *attr)
{
	uint32_t v = nla_get_u32(attr);

	return v ? json_sprintf("%u-%u", v >> 16, v & UINT16_MAX) :
		   json_string("");
}

static json_t *policy_show_range(const struct nlattr *nest)
{
	struct nlattr *found[APPGW_RANGE_MAX + 1];
	char text[INET6_ADDRSTRLEN];
	int family;

	if (nla_parse_nested(found, APPGW_RANGE_MAX, (struct nlattr *)nest,
			     NULL) ||
	    !found[APPGW_RANGE_ADDR] || !found[APPGW_RANGE_LEN])
		return NULL;
	family = nla_len(found[APPGW_RANGE_ADDR]) == APPGW_ADDR_LEN_IPV6 ?
		 AF_INET6 : AF_INET;
	inet_ntop(family, nla_data(found[APPGW_RANGE_ADDR]), text,
		  sizeof(text));
	return json_sprintf("%s/%u", text, nla_get_u8(found[APPGW_RANGE_LEN]));
}

static json_t *policy_show_ranges(const struct nlattr *nest)
{
	json_t *ranges = json_array();
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) == APPGW_FXP_RANGE)
			json_array_append_new(ranges, policy_show_range(attr));
	return ranges;
}

/* Show a source; NULL for one of a newer module's. */
static json_t *policy_show_source(const struct nlattr *attr)
{
	uint8_t v = nla_get_u8(attr);

	return v < ARRAY_SIZE(policy_sources) ?
	       json_string(policy_sources[v]) : NULL;
}

static json_t *policy_show(const struct policy_field *field,
			   const struct nlattr *attr)
{
	switch (field->type) {
	case POLICY_BOOL:
		return json_boolean(nla_get_u8(attr));
	case POLICY_PORTS:
		return policy_show_ports(attr);
	case POLICY_NUMBER:
		return json_integer(nla_get_u32(attr));
	case POLICY_BITS:
		return json_integer(nla_get_u8(attr));
	case POLICY_RANGES:
		return policy_show_ranges(attr);
	case POLICY_SOURCE:
		return policy_show_source(attr);
	}
	return NULL;
}

static json_t *policy_json(const struct nlattr *nest)
{
	struct nlattr *found[APPGW_POLICY_MAX + 1];
	json_t *policy = json_object();
	const struct policy_field *field;
	unsigned int i;

	if (nla_parse_nested(found, APPGW_POLICY_MAX, (struct nlattr *)nest,
			     NULL))
		return policy;
	for (i = 0; i < ARRAY_SIZE(policy_fields); i++) {
		field = &policy_fields[i];
		if (found[field->attr])
			json_object_set_new(policy, field->name,
					    policy_show(field,
							found[field->attr]));
	}
	return policy;
}

static void policy_answer(const struct nlattr *attrs, int len, void *arg)
{
	const struct nlattr *nest = nla_find(attrs, len, APPGW_ATTR_POLICY);
	json_t **policy = arg;

	if (nest && !*policy)
		*policy = policy_json(nest);
}

/**
 * policy_get() - the policy as JSON
 * @kmod: the module
 *
 * Return: an object, without what the module doesn't have; NULL with @kmod->error
 * if it can't be had
 */
json_t *policy_get(struct kmod *kmod)
{
	json_t *policy = NULL;

	if (kmod_ask(kmod, kmod_message(APPGW_CMD_POLICY_GET), 0, policy_answer,
		     &policy)) {
		json_decref(policy);
		return NULL;
	}
	return policy ? policy : json_object();
}

/**
 * policy_as_shown() - words as policy_get() would show them
 * @count: how many words
 * @words: NAME=VALUE
 * @bad: set on failure: the word whose fault it is
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: an object, or NULL
 */
json_t *policy_as_shown(int count, char **words, int *bad, char *error)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_POLICY_GET);
	json_t *policy = NULL;

	*bad = -1;
	snprintf(error, ERROR_TEXT_MAX, "no memory");
	if (msg && !policy_put_all(msg, count, words, bad, error)) {
		policy_answer(genlmsg_attrdata(genlmsg_hdr(nlmsg_hdr(msg)), 0),
			      genlmsg_attrlen(genlmsg_hdr(nlmsg_hdr(msg)), 0),
			      &policy);
		/* an empty nest is none */
		if (!policy)
			policy = json_object();
	}
	nlmsg_free(msg);
	return policy;
}

static int show_policy(struct ctl *ctl)
{
	json_t *policy = policy_get(&ctl->kmod);

	if (!policy)
		return ctl_fail_kmod(ctl);
	if (ctl->is_json)
		ctl_print_json(policy);
	else
		text_policy(stdout, policy);
	json_decref(policy);
	return EXIT_SUCCESS;
}

/* Set policies; with --json, print what the policy is now. */
static int set_policy(struct ctl *ctl, int argc, char **argv)
{
	char error[ERROR_TEXT_MAX];
	int bad;

	if (policy_set(&ctl->kmod, argc, argv, &bad, error))
		return ctl_fail(error);
	return ctl->is_json ? show_policy(ctl) : EXIT_SUCCESS;
}

/* What is done with a file, by its word */
static const struct {
	const char *word;
	int (*run)(struct ctl *ctl, const char *path);
} file_commands[] = {
	{ "load", policy_load },
	{ "save", policy_save },
	{ "diff", policy_diff },
};

/**
 * ctl_policy() - appgwctl policy
 * @ctl: the call
 *
 * Return: exit status
 */
int ctl_policy(struct ctl *ctl)
{
	unsigned int i;

	if (ctl->argc == 1 && !strcmp(ctl->argv[0], "get"))
		return show_policy(ctl);
	if (ctl->argc > 1 && !strcmp(ctl->argv[0], "set"))
		return set_policy(ctl, ctl->argc - 1, ctl->argv + 1);
	for (i = 0; i < ARRAY_SIZE(file_commands); i++)
		if ((ctl->argc == 1 || ctl->argc == 2) &&
		    !strcmp(ctl->argv[0], file_commands[i].word))
			return file_commands[i].run(ctl, ctl->argc == 2 ?
						    ctl->argv[1] : POLICY_FILE);
	return CTL_USAGE;
}
