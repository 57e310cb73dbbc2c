// SPDX-License-Identifier: GPL-2.0-only
/* Read what nft -j says of a ruleset, as libnftables-json(5) describes it. Whatever is
 * not understood makes a rule a partial one.
 */

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "doctor_rules.h"

#define NFT	"nft"

struct word {
	const char *name;
	unsigned int bits;
};

static const struct word nft_families[] = {
	{ "ip", RULE_IPV4 },
	{ "ip6", RULE_IPV6 },
	{ "inet", RULE_IPV4 | RULE_IPV6 },
	{ NULL, 0 }
};

static const struct word nft_hooks[] = {
	{ "prerouting", RULE_PREROUTING },
	{ "forward", RULE_FORWARD },
	{ "postrouting", RULE_POSTROUTING },
	{ "output", RULE_OUTPUT },
	{ "input", RULE_INPUT },
	{ NULL, 0 }
};

static const struct word nft_states[] = {
	{ "new", RULE_NEW },
	{ "established", RULE_ESTABLISHED },
	{ "related", RULE_RELATED },
	{ "invalid", RULE_INVALID },
	{ "untracked", RULE_UNTRACKED },
	{ NULL, 0 }
};

static const struct word nft_protos[] = {
	{ "tcp", RULE_TCP },
	{ "udp", RULE_UDP },
	{ "icmp", RULE_ICMP },
	{ "icmpv6", RULE_ICMP },
	{ "ipv6-icmp", RULE_ICMP },
	{ NULL, RULE_OTHER_PROTO }
};

static const struct word nft_icmp[] = {
	{ "destination-unreachable", RULE_UNREACHABLE },
	{ "packet-too-big", RULE_UNREACHABLE },
	{ "time-exceeded", RULE_TIME_EXCEEDED },
	{ NULL, RULE_OTHER_TYPE }
};

static const char *nft_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static void nft_copy(char *to, const char *from)
{
	snprintf(to, RULE_NAME_MAX, "%s", from);
}

/* Find the bits of a word; those of the last, which has no name, for others. */
static unsigned int nft_bits(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name))
			break;
	return words->bits;
}

/* Find the elements of the set that a rule names "@name"; NULL if there are none. */
static const json_t *nft_set(const json_t *all, const struct rule_chain *chain,
			     const char *name)
{
	const json_t *item, *set;
	size_t i;

	for (i = 0; i < json_array_size(all); i++) {
		item = json_array_get(all, i);
		set = json_object_get(item, "set");
		if (set && !strcmp(nft_text(set, "name"), name) &&
		    !strcmp(nft_text(set, "table"), chain->table) &&
		    !strcmp(nft_text(set, "family"), chain->family))
			return json_object_get(set, "elem");
	}
	return NULL;
}

/* Find the list of values behind a comparison: those of a set, or one alone. */
static const json_t *nft_values(const json_t *all,
				const struct rule_chain *chain,
				const json_t *right)
{
	const char *text = json_string_value(right);
	const json_t *set = json_object_get(right, "set");

	if (text && *text == '@')
		return nft_set(all, chain, text + 1);
	return set ? set : right;
}

static void nft_add_port(struct rule *rule, const json_t *value)
{
	const json_t *range = json_object_get(value, "range");
	const json_t *lo = range ? json_array_get(range, 0) : value;
	const json_t *hi = range ? json_array_get(range, 1) : value;

	if (!json_is_integer(lo) || json_integer_value(lo) < 0 ||
	    !json_is_integer(hi) || json_integer_value(hi) > UINT16_MAX ||
	    json_integer_value(hi) < json_integer_value(lo))
		rule->is_partial = true;
	else
		rule_add_ports(rule, json_integer_value(lo),
			       json_integer_value(hi));
}

static void nft_match_ports(struct rule *rule, const json_t *values)
{
	size_t i;

	if (!values || (json_is_array(values) && !json_array_size(values)))
		rule->is_partial = true;
	else if (!json_is_array(values))
		nft_add_port(rule, values);
	for (i = 0; i < json_array_size(values); i++)
		nft_add_port(rule, json_array_get(values, i));
	/* Not one could be read: it is not for all of them */
	if (!rule->port_count)
		rule_add_ports(rule, 0, 0);
}

/* Collect the bits of words, or numbers of ICMP's. */
static unsigned int nft_match_words(const struct word *words,
				    const json_t *values)
{
	unsigned int bits = 0;
	size_t i;

	if (json_is_string(values))
		return nft_bits(words, json_string_value(values));
	for (i = 0; i < json_array_size(values); i++)
		bits |= nft_bits(words,
				 json_string_value(json_array_get(values, i)) ?
				 json_string_value(json_array_get(values, i)) :
				 "");
	return bits;
}

static void nft_match_payload(struct rule *rule, const json_t *payload,
			      const json_t *values)
{
	const char *proto = nft_text(payload, "protocol");
	const char *field = nft_text(payload, "field");

	if (!strcmp(field, "dport")) {
		if (strcmp(proto, "th"))
			rule->protos = nft_bits(nft_protos, proto);
		nft_match_ports(rule, values);
	} else if (!strcmp(field, "type") && !strncmp(proto, "icmp", 4)) {
		rule->protos = RULE_ICMP;
		rule->icmp = nft_match_words(nft_icmp, values);
	} else if (!strcmp(field, "protocol") || !strcmp(field, "nexthdr")) {
		rule->protos = nft_match_words(nft_protos, values);
	} else {
		if (!strcmp(proto, "tcp") || !strcmp(proto, "udp"))
			rule->protos = nft_bits(nft_protos, proto);
		rule->is_partial = true;
	}
}

static void nft_match_device(struct rule *rule, const json_t *values, bool is_not)
{
	const char *name = json_string_value(values);

	rule->is_by_device = true;
	if (!is_not && name && !strcmp(name, "lo"))
		rule->is_loopback = true;
}

/* Tell if it is "iif", "oifname", ... */
static bool nft_is_device(const char *key)
{
	return *key && !strncmp(key + 1, "if", 2);
}

static void nft_match_meta(struct rule *rule, const char *key,
			   const json_t *values)
{
	if (!strcmp(key, "l4proto"))
		rule->protos = nft_match_words(nft_protos, values);
	else
		rule->is_partial = true;
}

static void nft_match_state(struct rule *rule, const json_t *values, bool is_not)
{
	rule->states = nft_match_words(nft_states, values);
	if (is_not)
		rule->states = RULE_ALL_STATES & ~rule->states;
}

/* Tell if it is "ip frag-off & 0x1fff != 0", or "exthdr frag exists". */
static bool nft_is_fragment(const json_t *match, const char *op)
{
	const json_t *left = json_object_get(match, "left");
	const json_t *masked = json_array_get(json_object_get(left, "&"), 0);
	const json_t *exthdr = json_object_get(left, "exthdr");

	if (exthdr)
		return !strcmp(op, "==") &&
		       !strcmp(nft_text(exthdr, "name"), "frag") &&
		       json_is_true(json_object_get(match, "right"));
	return !strcmp(op, "!=") &&
	       !strcmp(nft_text(json_object_get(masked, "payload"), "field"),
		       "frag-off");
}

static void nft_match(struct rule *rule, const json_t *all,
		      const struct rule_chain *chain, const json_t *match)
{
	const json_t *left = json_object_get(match, "left");
	const json_t *payload = json_object_get(left, "payload");
	const json_t *meta = json_object_get(left, "meta");
	const json_t *ct = json_object_get(left, "ct");
	const char *op = nft_text(match, "op");
	bool is_not = !strcmp(op, "!=");
	const json_t *values = nft_values(all, chain,
					  json_object_get(match, "right"));

	if (nft_is_fragment(match, op))
		rule->is_fragment = true;
	else if (!strcmp(nft_text(ct, "key"), "state"))
		nft_match_state(rule, values, is_not);
	else if (nft_is_device(nft_text(meta, "key")))
		nft_match_device(rule, values, is_not);
	else if (strcmp(op, "==") && strcmp(op, "in"))
		rule->is_partial = true;
	else if (payload)
		nft_match_payload(rule, payload, values);
	else if (meta)
		nft_match_meta(rule, nft_text(meta, "key"), values);
	else
		rule->is_partial = true;
}

/* Read a verdict; return true if it is one. */
static bool nft_verdict(struct rule *rule, const json_t *statement)
{
	const json_t *jump = json_object_get(statement, "jump");

	if (!jump)
		jump = json_object_get(statement, "goto");
	if (json_object_get(statement, "accept")) {
		rule->verdict = RULE_ACCEPT;
	} else if (json_object_get(statement, "drop") ||
		   json_object_get(statement, "reject")) {
		rule->verdict = RULE_DROP;
	} else if (jump) {
		rule->verdict = RULE_JUMP;
		nft_copy(rule->target, nft_text(jump, "target"));
	} else if (json_object_get(statement, "queue") ||
		   !strcmp(nft_text(json_object_get(statement, "xt"), "type"),
			   "target")) {
		rule->verdict = RULE_UNKNOWN;
	} else {
		return false;
	}
	return true;
}

static void nft_mangle(struct rule *rule, const json_t *mangle)
{
	const json_t *option = json_object_get(json_object_get(mangle, "key"),
					       "tcp option");

	if (!strcmp(nft_text(option, "name"), "maxseg"))
		rule->is_clamp = true;
}

/* Read a statement that is neither match nor map; those that change nothing for the
 * packet are passed over.
 */
static void nft_statement(struct rule *rule, const json_t *statement)
{
	const char *helper = json_string_value(json_object_get(statement,
							       "ct helper"));

	if (nft_verdict(rule, statement))
		return;
	if (helper)
		nft_copy(rule->helper, helper);
	if (json_object_get(statement, "mangle"))
		nft_mangle(rule, json_object_get(statement, "mangle"));
	if (json_object_get(statement, "notrack"))
		rule->is_notrack = true;
	if (json_object_get(statement, "flow"))
		rule->is_flow = true;
	if (json_object_get(statement, "masquerade") ||
	    json_object_get(statement, "snat"))
		rule->is_nat = true;
	if (json_object_get(statement, "limit") ||
	    json_object_get(statement, "meter") ||
	    json_object_get(statement, "xt") ||
	    json_object_get(statement, "quota"))
		rule->is_partial = true;
	if (rule->is_nat || json_object_get(statement, "dnat") ||
	    json_object_get(statement, "redirect") || rule->is_flow ||
	    *rule->helper)
		rule->uses_conntrack = true;
}

/* Tell if an expression asks conntrack anywhere; jansson limits how deep it can be. */
static bool nft_has_ct(const json_t *value)
{
	const char *name;
	json_t *part;
	size_t i;

	if (json_object_get(value, "ct"))
		return true;
	json_object_foreach((json_t *)value, name, part)
		if (nft_has_ct(part))
			return true;
	json_array_foreach((json_t *)value, i, part)
		if (nft_has_ct(part))
			return true;
	return false;
}

static int nft_add(struct rules *rules, const struct rule *rule)
{
	return rules_add(rules, rule) ? 0 : -1;
}

/* Add one rule for each verdict of a map. */
static int nft_vmap(struct rules *rules, const struct rule *rule,
		    const json_t *vmap)
{
	const json_t *key = json_object_get(json_object_get(vmap, "key"), "ct");
	const json_t *data = json_object_get(json_object_get(vmap, "data"),
					     "set");
	const json_t *pair;
	struct rule one;
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < json_array_size(data); i++) {
		one = *rule;
		pair = json_array_get(data, i);
		if (!strcmp(nft_text(key, "key"), "state"))
			nft_match_state(&one, json_array_get(pair, 0), false);
		else
			one.is_partial = true;
		if (!nft_verdict(&one, json_array_get(pair, 1)))
			one.verdict = RULE_UNKNOWN;
		ret = nft_add(rules, &one);
	}
	if (data)
		return ret;
	one = *rule;
	one.verdict = RULE_UNKNOWN;
	one.is_partial = true;
	return nft_add(rules, &one);
}

static int nft_rule(struct rules *rules, const json_t *all,
		    const json_t *object)
{
	const json_t *expr = json_object_get(object, "expr"), *part;
	const json_t *vmap = NULL;
	struct rule rule = { .verdict = RULE_GOES_ON };
	long chain;
	size_t i;

	chain = rules_find_chain(rules, NFT, nft_text(object, "family"),
				 nft_text(object, "table"),
				 nft_text(object, "chain"));
	if (chain < 0)
		return 0;
	rule.chain = chain;
	rule.handle = json_integer_value(json_object_get(object, "handle"));
	rule.uses_conntrack = nft_has_ct(expr);
	for (i = 0; i < json_array_size(expr); i++) {
		part = json_array_get(expr, i);
		if (json_object_get(part, "match"))
			nft_match(&rule, all, &rules->chains[chain],
				  json_object_get(part, "match"));
		else if (json_object_get(part, "vmap"))
			vmap = json_object_get(part, "vmap");
		else
			nft_statement(&rule, part);
	}
	return vmap ? nft_vmap(rules, &rule, vmap) : nft_add(rules, &rule);
}

static int nft_chain(struct rules *rules, const json_t *object)
{
	struct rule_chain *chain = rules_add_chain(rules);

	if (!chain)
		return -1;
	nft_copy(chain->tool, NFT);
	nft_copy(chain->family, nft_text(object, "family"));
	nft_copy(chain->table, nft_text(object, "table"));
	nft_copy(chain->name, nft_text(object, "name"));
	chain->families = nft_bits(nft_families, chain->family);
	/* those of bridges and devices are not ours to judge */
	if (chain->families)
		chain->hook = nft_bits(nft_hooks, nft_text(object, "hook"));
	chain->priority = json_integer_value(json_object_get(object, "prio"));
	chain->is_filter = chain->hook &&
			   !strcmp(nft_text(object, "type"), "filter");
	chain->is_nat = chain->hook && !strcmp(nft_text(object, "type"), "nat");
	chain->policy_drops = !strcmp(nft_text(object, "policy"), "drop");
	return 0;
}

/* Put the type of helper in the place of its object's name. */
static void nft_resolve(struct rules *rules, const json_t *object)
{
	const struct rule_chain *chain;
	struct rule *rule;

	for (rule = rules->rules; rule < rules->rules + rules->rule_count;
	     rule++) {
		chain = &rules->chains[rule->chain];
		if (!*rule->helper ||
		    strcmp(rule->helper, nft_text(object, "name")) ||
		    strcmp(chain->table, nft_text(object, "table")) ||
		    strcmp(chain->family, nft_text(object, "family")))
			continue;
		nft_copy(rule->helper, nft_text(object, "type"));
	}
}

/**
 * rules_read_nft() - read what "nft -j list ruleset" has printed
 * @rules: they are added to these
 * @text: JSON
 *
 * Return: 0, or -1 if it is not what nft prints, or too much
 */
int rules_read_nft(struct rules *rules, const char *text)
{
	json_t *root = json_loads(text, 0, NULL);
	const json_t *all = json_object_get(root, "nftables"), *item;
	int ret = json_is_array(all) ? 0 : -1;
	size_t i;

	for (i = 0; !ret && i < json_array_size(all); i++) {
		item = json_object_get(json_array_get(all, i), "chain");
		if (item)
			ret = nft_chain(rules, item);
	}
	for (i = 0; !ret && i < json_array_size(all); i++) {
		item = json_object_get(json_array_get(all, i), "rule");
		if (item)
			ret = nft_rule(rules, all, item);
	}
	for (i = 0; !ret && i < json_array_size(all); i++) {
		item = json_object_get(json_array_get(all, i), "ct helper");
		if (item)
			nft_resolve(rules, item);
	}
	json_decref(root);
	return ret;
}
