// SPDX-License-Identifier: GPL-2.0-only
/* Policies as words, put into messages.
 *
 * A word is NAME=VALUE or, before what is for a server alone, [ADDRESS] or
 * [ADDRESS/LENGTH]. All servers are replaced by those that are named; [] is for none.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netlink/attr.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "policy.h"
#include "policy_fields.h"

#define IPV4_BITS	32
#define IPV6_BITS	128

/* More than any list of numbers may have, which the module knows. */
#define POLICY_NUMBERS_MAX	64

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
static bool policy_put_range(struct nl_msg *msg, int attr, const char *text,
			     size_t len)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
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
		if (!policy_put_range(msg, APPGW_FXP_RANGE, text, len))
			return false;
		text += len;
		if (*text && !*++text)
			return false;
	}
	/* libnl would take an empty nest back, which means "no ranges" here */
	nla_nest_end_keep_empty(msg, nest);
	return true;
}

/* Find the word of @words that is the first @len bytes of @text; -1 if there is none. */
static int policy_word(const char *const *words, const char *text, size_t len)
{
	int i;

	for (i = 0; words[i]; i++)
		if (strlen(words[i]) == len && !strncmp(words[i], text, len))
			return i;
	return -1;
}

static bool policy_put_word_of(struct nl_msg *msg,
			       const struct policy_field *field,
			       const char *text)
{
	int i = policy_word(field->words, text, strlen(text));

	return i >= 0 && !nla_put_u8(msg, field->attr, i);
}

static bool policy_put_names(struct nl_msg *msg,
			     const struct policy_field *field, const char *text)
{
	uint32_t names = 0;
	size_t len;
	int i;

	if (!strcmp(text, "none"))
		text = "";
	while (*text) {
		len = strcspn(text, ",");
		i = policy_word(field->words, text, len);
		if (i < 0)
			return false;
		names |= 1u << i;
		text += len;
		if (*text && !*++text)
			return false;
	}
	return !nla_put_u32(msg, field->attr, names);
}

static bool policy_put_numbers(struct nl_msg *msg, int attr, const char *text)
{
	uint32_t numbers[POLICY_NUMBERS_MAX];
	unsigned int n = 0;

	while (*text) {
		if (n == POLICY_NUMBERS_MAX ||
		    !policy_number(&text, UINT32_MAX, &numbers[n++]))
			return false;
		if (*text && (*text++ != ',' || !*text))
			return false;
	}
	return !nla_put(msg, attr, n * sizeof(*numbers), numbers);
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
	case POLICY_WORD:
		return policy_put_word_of(msg, field, text);
	case POLICY_NAMES:
		return policy_put_names(msg, field, text);
	case POLICY_NUMBERS:
		return policy_put_numbers(msg, field->attr, text);
	}
	return false;
}

/* Find the field of @fields that @word, NAME=VALUE, is about. */
static const struct policy_field *policy_find(const struct policy_field *fields,
					      const char *word)
{
	size_t len = strcspn(word, "=");

	for (; fields->attr; fields++)
		if (strlen(fields->name) == len &&
		    !strncmp(fields->name, word, len))
			return fields;
	return NULL;
}

/**
 * struct policy_writer - a message that gets word by word
 * @msg: message
 * @policy: its nest
 * @servers: nest of all servers, or NULL
 * @server: nest of the one that words are for, or NULL
 */
struct policy_writer {
	struct nl_msg *msg;
	struct nlattr *policy;
	struct nlattr *servers;
	struct nlattr *server;
};

static void policy_end_server(struct policy_writer *w)
{
	if (w->server)
		nla_nest_end(w->msg, w->server);
	w->server = NULL;
}

/* Begin a server, of which @word tells the address. */
static bool policy_put_server(struct policy_writer *w, const char *word)
{
	size_t len = strlen(word);

	policy_end_server(w);
	if (!w->servers)
		w->servers = nla_nest_start(w->msg, APPGW_POLICY_SERVERS);
	if (!w->servers || word[len - 1] != ']')
		return false;
	if (len == 2)
		return true;
	w->server = nla_nest_start(w->msg, APPGW_SERVERS_SERVER);
	return w->server && policy_put_range(w->msg, APPGW_SERVER_RANGE,
					     word + 1, len - 2);
}

/* Put a word. On failure @what says why. */
static bool policy_put_word(struct policy_writer *w, const char *word,
			    const char **what)
{
	const struct policy_field *fields = w->servers ? policy_server_fields :
							 policy_fields;
	const struct policy_field *field = policy_find(fields, word);
	const char *value = strchr(word, '=');

	if (*word == '[') {
		*what = "not [ADDRESS] or [ADDRESS/LENGTH] of a server";
		return policy_put_server(w, word);
	}
	*what = !field || !value ?
		(w->servers ? "no such policy for a server, or no value" :
			      "no such policy, or no value") :
		w->servers && !w->server ? "for no server" : "bad value";
	return field && value && (!w->servers || w->server) &&
	       policy_put(w->msg, field, value + 1);
}

static bool policy_begin(struct policy_writer *w, struct nl_msg *msg)
{
	memset(w, 0, sizeof(*w));
	w->msg = msg;
	w->policy = nla_nest_start(msg, APPGW_ATTR_POLICY);
	return w->policy;
}

/**
 * policy_put_all() - put words into a message
 * @msg: message
 * @count: how many words
 * @words: those
 * @bad: set on failure: the word whose fault it is
 * @error: ERROR_TEXT_MAX bytes, set on failure
 *
 * Return: 0, or -1
 */
int policy_put_all(struct nl_msg *msg, int count, char **words, int *bad,
		   char *error)
{
	struct policy_writer w;
	const char *what;
	int i;

	*bad = -1;
	snprintf(error, ERROR_TEXT_MAX, "no memory");
	if (!policy_begin(&w, msg))
		return -1;
	for (i = 0; i < count; i++) {
		if (policy_put_word(&w, words[i], &what))
			continue;
		*bad = i;
		snprintf(error, ERROR_TEXT_MAX, "%s: %s", words[i], what);
		return -1;
	}
	policy_end_server(&w);
	/* libnl would take an empty nest back, which means "no servers" here */
	if (w.servers)
		nla_nest_end_keep_empty(msg, w.servers);
	nla_nest_end(msg, w.policy);
	return 0;
}

/**
 * policy_blame() - find the word whose attribute the kernel has found bad
 * @count: how many words the message had
 * @words: those
 * @offset: of the attribute in the message, or 0 if the kernel hasn't said
 *
 * Return: the word's index, or -1
 */
int policy_blame(int count, char **words, uint32_t offset)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_POLICY_SET);
	struct policy_writer w;
	const char *what;
	int i = count;

	if (msg && offset && policy_begin(&w, msg))
		for (i = 0; i < count; i++)
			if (!policy_put_word(&w, words[i], &what) ||
			    nlmsg_hdr(msg)->nlmsg_len > offset)
				break;
	nlmsg_free(msg);
	return i < count ? i : -1;
}
