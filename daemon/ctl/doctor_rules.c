// SPDX-License-Identifier: GPL-2.0-only
/* Rules of all firewalls in one form, and what can be said of them. */

#include <stdlib.h>
#include <string.h>

#include "doctor_rules.h"

/* Make room for one more of @size in @list of @count; NULL if there is none. */
static void *rules_grow(void *list, size_t count, size_t size)
{
	if (count == RULES_MAX)
		return NULL;
	/* a power of two, doubled when it is full */
	if (count & (count - 1))
		return list;
	return reallocarray(list, count ? 2 * count : 1, size);
}

/**
 * rules_add_chain() - add a chain
 * @rules: all
 *
 * Return: chain, all 0; NULL if there are too many. Good until the next is added
 */
struct rule_chain *rules_add_chain(struct rules *rules)
{
	struct rule_chain *chains = rules_grow(rules->chains,
					       rules->chain_count,
					       sizeof(*chains));

	if (!chains)
		return NULL;
	rules->chains = chains;
	chains += rules->chain_count++;
	memset(chains, 0, sizeof(*chains));
	return chains;
}

/**
 * rules_add() - add a rule
 * @rules: all
 * @rule: it is copied
 *
 * Return: rule, or NULL if there are too many. Good until the next is added
 */
struct rule *rules_add(struct rules *rules, const struct rule *rule)
{
	struct rule *list = rules_grow(rules->rules, rules->rule_count,
				       sizeof(*list));

	if (!list)
		return NULL;
	rules->rules = list;
	list += rules->rule_count++;
	*list = *rule;
	return list;
}

/**
 * rules_find_chain() - find a chain by its names
 * @rules: all
 * @tool: program
 * @family: nft's family, or ""
 * @table: table
 * @name: name
 *
 * Return: index, or -1
 */
long rules_find_chain(const struct rules *rules, const char *tool,
		      const char *family, const char *table, const char *name)
{
	const struct rule_chain *chain;
	size_t i;

	/* the last chain is asked for most often */
	for (i = rules->chain_count; i--;) {
		chain = &rules->chains[i];
		if (!strcmp(chain->name, name) && !strcmp(chain->table, table) &&
		    !strcmp(chain->family, family) && !strcmp(chain->tool, tool))
			return i;
	}
	return -1;
}

/**
 * rules_drop_table() - forget what nft has said of a table
 * @rules: all
 * @family: the table's family
 * @table: its name
 *
 * For tables of iptables-nft, of which iptables-save knows more.
 */
void rules_drop_table(struct rules *rules, const char *family,
		      const char *table)
{
	const struct rule_chain *chain;
	size_t i, kept = 0;

	for (i = 0; i < rules->rule_count; i++) {
		chain = &rules->chains[rules->rules[i].chain];
		if (strcmp(chain->tool, "nft") || strcmp(chain->family, family) ||
		    strcmp(chain->table, table))
			rules->rules[kept++] = rules->rules[i];
		else
			free(rules->rules[i].text);
	}
	rules->rule_count = kept;
	for (i = 0; i < rules->chain_count; i++) {
		if (strcmp(rules->chains[i].tool, "nft") ||
		    strcmp(rules->chains[i].family, family) ||
		    strcmp(rules->chains[i].table, table))
			continue;
		/* Others are found by their index */
		memset(&rules->chains[i], 0, sizeof(rules->chains[i]));
	}
}

static long rules_target(const struct rules *rules, const struct rule *rule)
{
	const struct rule_chain *chain = &rules->chains[rule->chain];

	if (rule->verdict != RULE_JUMP)
		return -1;
	return rules_find_chain(rules, chain->tool, chain->family, chain->table,
				rule->target);
}

/**
 * rules_finish() - find out which hooks lead to which chain
 * @rules: all; nothing is added behind this
 */
void rules_finish(struct rules *rules)
{
	bool has_changed = true;
	unsigned int hooks;
	long target;
	int depth;
	size_t i;

	for (i = 0; i < rules->rule_count; i++)
		rules->rules[i].chain_of =
			&rules->chains[rules->rules[i].chain];
	for (i = 0; i < rules->chain_count; i++)
		rules->chains[i].hooks = rules->chains[i].hook;
	for (depth = 0; has_changed && depth < RULES_DEPTH_MAX; depth++) {
		has_changed = false;
		for (i = 0; i < rules->rule_count; i++) {
			target = rules_target(rules, &rules->rules[i]);
			if (target < 0)
				continue;
			hooks = rules->rules[i].chain_of->hooks;
			if (hooks & ~rules->chains[target].hooks)
				has_changed = true;
			rules->chains[target].hooks |= hooks;
		}
	}
}

/**
 * rules_free() - forget them
 * @rules: all
 */
void rules_free(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->rule_count; i++)
		free(rules->rules[i].text);
	free(rules->rules);
	free(rules->chains);
	memset(rules, 0, sizeof(*rules));
}

/**
 * rule_set_text() - set a rule's text
 * @rule: of that
 * @text: it is copied
 */
void rule_set_text(struct rule *rule, const char *text)
{
	free(rule->text);
	rule->text = strdup(text);
}

/**
 * rule_add_ports() - add destination ports
 * @rule: to that
 * @lo: lowest; any number
 * @hi: highest
 */
void rule_add_ports(struct rule *rule, unsigned long lo, unsigned long hi)
{
	if (rule->port_count == RULE_PORTS_MAX || lo > hi || hi > UINT16_MAX) {
		rule->is_partial = true;
		return;
	}
	rule->ports[rule->port_count].lo = lo;
	rule->ports[rule->port_count++].hi = hi;
}

/**
 * rule_has_port() - tell if a rule is for any of some TCP ports
 * @rule: rule; one that names no port is for all
 * @ports: ranges
 * @count: how many
 *
 * Return: true if so
 */
bool rule_has_port(const struct rule *rule, const struct rule_ports *ports,
		   unsigned int count)
{
	unsigned int i, j;

	if (rule->protos && !(rule->protos & RULE_TCP))
		return false;
	if (!rule->port_count)
		return true;
	for (i = 0; i < rule->port_count; i++)
		for (j = 0; j < count; j++)
			if (rule->ports[i].lo <= ports[j].hi &&
			    ports[j].lo <= rule->ports[i].hi)
				return true;
	return false;
}

/**
 * rule_takes_related() - tell if a rule may match a related data connection
 * @rule: rule
 *
 * Return: true if so, for at least one
 */
bool rule_takes_related(const struct rule *rule)
{
	static const struct rule_ports data = { 1024, UINT16_MAX };

	return (!rule->states || (rule->states & RULE_RELATED)) &&
	       (!rule->protos || (rule->protos & (RULE_TCP | RULE_UDP))) &&
	       !rule->is_fragment && !rule->is_loopback && !rule->icmp &&
	       (!rule->port_count ||
		(rule->protos & RULE_TCP ? rule_has_port(rule, &data, 1) : true));
}

/**
 * rule_names_related() - tell if a rule accepts related connections, as such
 * @rule: rule
 *
 * Return: true if it does
 */
bool rule_names_related(const struct rule *rule)
{
	return rule->verdict == RULE_ACCEPT && (rule->states & RULE_RELATED) &&
	       rule_takes_related(rule);
}

/**
 * rules_accept_before() - tell if packets are accepted before they get to a rule
 * @rules: all, finished
 * @rule: one of them
 * @accepts: tells if a rule does that
 * @depth: 0
 *
 * Return: true if they are, on every way to it
 */
bool rules_accept_before(const struct rules *rules, const struct rule *rule,
			 bool (*accepts)(const struct rule *rule), int depth)
{
	const struct rule *other;
	bool is_accepted = false;

	if (depth == RULES_DEPTH_MAX)
		return false;
	for (other = rules->rules; other < rule; other++)
		if (other->chain == rule->chain && accepts(other))
			return true;
	if (rule->chain_of->hook)
		return false;
	for (other = rules->rules; other < rules->rules + rules->rule_count;
	     other++) {
		if (rules_target(rules, other) != (long)rule->chain)
			continue;
		is_accepted = rules_accept_before(rules, other, accepts,
						  depth + 1);
		if (!is_accepted)
			return false;
	}
	return is_accepted;
}
