// SPDX-License-Identifier: GPL-2.0-only
/* Policies in messages, as JSON. */

#include <arpa/inet.h>
#include <netlink/attr.h>

#include "policy.h"
#include "policy_fields.h"

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

/* Show a word; NULL for one of a newer module's. */
static json_t *policy_show_word(const struct policy_field *field,
				const struct nlattr *attr)
{
	uint8_t v = nla_get_u8(attr), i;

	for (i = 0; field->words[i]; i++)
		if (i == v)
			return json_string(field->words[i]);
	return NULL;
}

static json_t *policy_show_numbers(const struct nlattr *attr)
{
	json_t *numbers = json_array();
	uint32_t number;
	int at;

	for (at = 0; at + (int)sizeof(number) <= nla_len(attr);
	     at += sizeof(number)) {
		memcpy(&number, (const char *)nla_data(attr) + at, sizeof(number));
		json_array_append_new(numbers, json_integer(number));
	}
	return numbers;
}

/* Show names, but for those of a newer module's. */
static json_t *policy_show_names(const struct policy_field *field,
				 const struct nlattr *attr)
{
	json_t *names = json_array();
	uint32_t v = nla_get_u32(attr);
	unsigned int i;

	for (i = 0; field->words[i]; i++)
		if (v & 1u << i)
			json_array_append_new(names,
					      json_string(field->words[i]));
	return names;
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
	case POLICY_WORD:
		return policy_show_word(field, attr);
	case POLICY_NAMES:
		return policy_show_names(field, attr);
	case POLICY_NUMBERS:
		return policy_show_numbers(attr);
	}
	return NULL;
}

/* Add what is @found of @fields. */
static void policy_show_fields(json_t *object,
			       const struct policy_field *fields,
			       struct nlattr *const *found)
{
	for (; fields->attr; fields++)
		if (found[fields->attr])
			json_object_set_new(object, fields->name,
					    policy_show(fields,
							found[fields->attr]));
}

static json_t *policy_show_server(const struct nlattr *nest)
{
	struct nlattr *found[APPGW_SERVER_MAX + 1];
	json_t *server;

	if (nla_parse_nested(found, APPGW_SERVER_MAX, (struct nlattr *)nest,
			     NULL) || !found[APPGW_SERVER_RANGE])
		return NULL;
	server = json_pack("{so*}", "server",
			   policy_show_range(found[APPGW_SERVER_RANGE]));
	policy_show_fields(server, policy_server_fields, found);
	return server;
}

static json_t *policy_show_servers(const struct nlattr *nest)
{
	json_t *servers = json_array();
	const struct nlattr *attr;
	int rem;

	nla_for_each_nested(attr, nest, rem)
		if (nla_type(attr) == APPGW_SERVERS_SERVER)
			json_array_append_new(servers, policy_show_server(attr));
	return servers;
}

/**
 * policy_json() - a policy as JSON
 * @nest: APPGW_ATTR_POLICY
 *
 * Return: an object of values by their names, and "servers", an array of such with
 * "server", the address; without what isn't there
 */
json_t *policy_json(const struct nlattr *nest)
{
	struct nlattr *found[APPGW_POLICY_MAX + 1];
	json_t *policy = json_object();

	if (nla_parse_nested(found, APPGW_POLICY_MAX, (struct nlattr *)nest,
			     NULL))
		return policy;
	policy_show_fields(policy, policy_fields, found);
	if (found[APPGW_POLICY_SERVERS])
		json_object_set_new(policy, "servers",
				    policy_show_servers(found[APPGW_POLICY_SERVERS]));
	return policy;
}
