// SPDX-License-Identifier: GPL-2.0-only
/* The module in numbers: its counters, and how many connections and pinholes it has.
 * These are counted as they are told of, so many of them take no memory.
 */

#include <netlink/attr.h>

#include "kmod_json.h"
#include "kmod_state.h"

/* Longest name of a helper, with its 0 */
#define FLOW_HELPER_MAX	32

static void count(json_t *counts, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(counts, name));

	json_object_set_new(counts, name, json_integer(n + 1));
}

static void count_flows(const struct nlattr *attrs, int len, void *counts)
{
	const struct nlattr *flow, *name;
	char text[FLOW_HELPER_MAX];
	int rem;

	nla_for_each_attr(flow, attrs, len, rem) {
		if (nla_type(flow) != APPGW_ATTR_FLOW)
			continue;
		name = nla_find(nla_data(flow), nla_len(flow),
				APPGW_FLOW_HELPER);
		if (!name)
			continue;
		snprintf(text, sizeof(text), "%.*s", nla_len(name),
			 (const char *)nla_data(name));
		count(counts, text);
	}
}

static bool has_attr(const struct nlattr *nest, int type)
{
	return nla_find(nla_data(nest), nla_len(nest), type);
}

static void count_pinholes(const struct nlattr *attrs, int len, void *counts)
{
	const struct nlattr *pinhole;
	int rem;

	nla_for_each_attr(pinhole, attrs, len, rem) {
		if (nla_type(pinhole) != APPGW_ATTR_EVENT)
			continue;
		if (has_attr(pinhole, APPGW_EVENT_TAKEN))
			count(counts, "taken");
		else if (has_attr(pinhole, APPGW_EVENT_EXPIRES))
			count(counts, "open");
		else
			count(counts, "used");
	}
}

/* Return NULL if the module does not say. */
static json_t *ask_counts(struct kmod *kmod, int cmd, kmod_answer_t answer,
			  json_t *counts)
{
	if (!kmod_ask(kmod, kmod_message(cmd), NLM_F_DUMP, answer, counts))
		return counts;
	json_decref(counts);
	return NULL;
}

/* Begin with 0 of each: what isn't there must be told, too. */
static json_t *no_flows(void)
{
	static const struct {
		const char *name;
	} helpers[] = {
		{ "ftp" },
#define APPGW_PROTOCOL(name) { #name },
#include "../include/appgw/protocols.h"
#undef APPGW_PROTOCOL
	};
	json_t *counts = json_object();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(helpers); i++)
		json_object_set_new(counts, helpers[i].name, json_integer(0));
	return counts;
}

/**
 * json_module() - the module's state
 * @kmod: open
 *
 * Return: object with "version", "stats", "flows" by helper and "pinholes" by state;
 * without those that this process may not ask for
 */
json_t *json_module(struct kmod *kmod)
{
	char version[KMOD_VERSION_MAX];
	json_t *pinholes, *flows, *stats;

	kmod_version(kmod, version);
	stats = json_stats(kmod);
	flows = ask_counts(kmod, APPGW_CMD_FLOW_GET, count_flows, no_flows());
	pinholes = ask_counts(kmod, APPGW_CMD_PINHOLE_GET, count_pinholes,
			      json_pack("{si si si}", "open", 0, "taken", 0,
					"used", 0));
	return json_pack("{ss so* so* so*}", "version", version, "stats",
			 stats, "flows", flows, "pinholes", pinholes);
}
