// SPDX-License-Identifier: GPL-2.0-only
/* Read what iptables-save, of either kind, and ip6tables-save print. Whatever is not
 * understood makes a rule a partial one.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_rules.h"

/* Words in one rule; behind them it is a partial one. */
#define SAVE_WORDS_MAX	256

/**
 * struct save - where we are in the text
 * @rules: all
 * @program: that printed it, without "-save"
 * @table: this one
 * @families: of its chains
 */
struct save {
	struct rules *rules;
	const char *program;
	char table[RULE_NAME_MAX];
	unsigned int families;
};

/**
 * struct words - the options of one rule
 * @word: all
 * @count: how many
 * @at: next one to be read
 * @is_not: "!" was before it
 */
struct words {
	char *word[SAVE_WORDS_MAX];
	int count;
	int at;
	bool is_not;
};

/* Cut a line into words, with quotes and backslashes as iptables-restore reads them. */
static bool save_split(struct words *words, char *line)
{
	bool is_quoted;
	char *to;

	memset(words, 0, sizeof(*words));
	for (;;) {
		while (*line == ' ')
			line++;
		if (!*line)
			return true;
		if (words->count == SAVE_WORDS_MAX)
			return false;
		is_quoted = false;
		to = line;
		words->word[words->count++] = to;
		for (; *line && (is_quoted || *line != ' '); line++) {
			if (*line == '"')
				is_quoted = !is_quoted;
			else if (*line == '\\' && line[1])
				*to++ = *++line;
			else
				*to++ = *line;
		}
		if (*line)
			line++;
		*to = 0;
	}
}

/* Take the next word, "" at the end. */
static const char *save_next(struct words *words)
{
	return words->at < words->count ? words->word[words->at++] : "";
}

static unsigned int save_hook(const char *name)
{
	static const struct {
		const char *name;
		unsigned int hook;
	} hooks[] = {
		{ "PREROUTING", RULE_PREROUTING },
		{ "FORWARD", RULE_FORWARD },
		{ "POSTROUTING", RULE_POSTROUTING },
		{ "OUTPUT", RULE_OUTPUT },
		{ "INPUT", RULE_INPUT },
	};
	size_t i;

	for (i = 0; i < sizeof(hooks) / sizeof(*hooks); i++)
		if (!strcmp(hooks[i].name, name))
			return hooks[i].hook;
	return 0;
}

/* Read ":CHAIN POLICY [0:0]"; a chain of one's own has the policy "-". */
static int save_chain(const struct save *save, char *line)
{
	struct rule_chain *chain = rules_add_chain(save->rules);
	char name[RULE_NAME_MAX] = "", policy[RULE_NAME_MAX] = "-";

	if (!chain)
		return -1;
	/* without a policy it is one of one's own */
	if (sscanf(line, ":%127s %127s", name, policy) < 1)
		*name = 0;
	snprintf(chain->tool, sizeof(chain->tool), "%s", save->program);
	snprintf(chain->table, sizeof(chain->table), "%s", save->table);
	snprintf(chain->name, sizeof(chain->name), "%s", name);
	chain->families = save->families;
	if (*policy != '-')
		chain->hook = save_hook(name);
	chain->is_filter = chain->hook && strcmp(save->table, "nat");
	chain->policy_drops = !strcmp(policy, "DROP");
	return 0;
}

static void save_states(struct rule *rule, const char *list, bool is_not)
{
	static const struct {
		const char *name;
		unsigned int state;
	} states[] = {
		{ "NEW", RULE_NEW },
		{ "ESTABLISHED", RULE_ESTABLISHED },
		{ "RELATED", RULE_RELATED },
		{ "INVALID", RULE_INVALID },
		{ "UNTRACKED", RULE_UNTRACKED },
	};
	size_t i, len;

	for (;; list += len + 1) {
		len = strcspn(list, ",");
		for (i = 0; i < sizeof(states) / sizeof(*states); i++)
			if (strlen(states[i].name) == len &&
			    !strncmp(states[i].name, list, len))
				break;
		if (i < sizeof(states) / sizeof(*states))
			rule->states |= states[i].state;
		else
			rule->is_partial = true;
		if (!list[len])
			break;
	}
	if (is_not)
		rule->states = RULE_ALL_STATES & ~rule->states;
}

/* Read "21,2121:2130". */
static void save_ports(struct rule *rule, const char *list)
{
	unsigned long lo, hi;
	char *end;

	do {
		lo = strtoul(list, &end, 10);
		if (end == list)
			rule->is_partial = true;
		hi = lo;
		if (*end == ':') {
			list = end + 1;
			hi = strtoul(list, &end, 10);
			/* "1024:" is up to the last one */
			if (end == list)
				hi = UINT16_MAX;
		}
		rule_add_ports(rule, lo, hi);
		list = end + 1;
	} while (*end == ',');
	/* Not one could be read: it is not for all of them */
	if (!rule->port_count)
		rule_add_ports(rule, 0, 0);
}

static void save_proto(struct rule *rule, const char *name)
{
	if (!strcmp(name, "tcp"))
		rule->protos = RULE_TCP;
	else if (!strcmp(name, "udp"))
		rule->protos = RULE_UDP;
	else if (!strcmp(name, "icmp") || !strcmp(name, "ipv6-icmp") ||
		 !strcmp(name, "icmpv6"))
		rule->protos = RULE_ICMP;
	else if (strcmp(name, "all"))
		rule->protos = RULE_OTHER_PROTO;
}

/* Read a type of ICMP, "3" or "3/4". iptables-save writes numbers. */
static void save_icmp(struct rule *rule, const char *type, bool is_six)
{
	unsigned long number = strtoul(type, NULL, 10);

	if (!strcmp(type, "any"))
		return;
	if (is_six ? number == 1 || number == 2 : number == 3)
		rule->icmp = RULE_UNREACHABLE;
	else
		rule->icmp = number == (is_six ? 3 : 11) ? RULE_TIME_EXCEEDED :
							   RULE_OTHER_TYPE;
}

static void save_target(struct rule *rule, const char *name)
{
	if (!strcmp(name, "ACCEPT")) {
		rule->verdict = RULE_ACCEPT;
	} else if (!strcmp(name, "DROP") || !strcmp(name, "REJECT")) {
		rule->verdict = RULE_DROP;
	} else if (!strcmp(name, "NFQUEUE")) {
		rule->verdict = RULE_UNKNOWN;
	} else if (!strcmp(name, "NOTRACK")) {
		rule->is_notrack = true;
	} else if (!strcmp(name, "MASQUERADE") || !strcmp(name, "SNAT")) {
		rule->is_nat = true;
		rule->uses_conntrack = true;
	} else if (!strcmp(name, "DNAT") || !strcmp(name, "REDIRECT") ||
		   !strcmp(name, "NETMAP") || !strcmp(name, "CONNMARK")) {
		rule->uses_conntrack = true;
	} else if (!strcmp(name, "TCPMSS")) {
		rule->is_clamp = true;
	} else if (!strcmp(name, "FLOWOFFLOAD")) {
		rule->is_flow = true;
	} else {
		rule->verdict = RULE_JUMP;
		snprintf(rule->target, sizeof(rule->target), "%s", name);
	}
}

static void save_match(struct rule *rule, const char *name)
{
	static const char *const read[] = { "tcp", "udp", "icmp", "icmp6",
					    "multiport", "conntrack", "state",
					    "comment" };
	size_t i;

	if (!strcmp(name, "conntrack") || !strcmp(name, "state") ||
	    !strcmp(name, "connmark") || !strcmp(name, "helper"))
		rule->uses_conntrack = true;
	for (i = 0; i < sizeof(read) / sizeof(*read); i++)
		if (!strcmp(name, read[i]))
			return;
	rule->is_partial = true;
}

/* Read an option that is either true or not, or passes over its value. */
static void save_other(struct rule *rule, const char *option,
		       struct words *words)
{
	if (!strcmp(option, "--notrack")) {
		rule->is_notrack = true;
	} else if (!strcmp(option, "-f")) {
		if (words->is_not)
			rule->is_partial = true;
		else
			rule->is_fragment = true;
	} else if (!strcmp(option, "-i") || !strcmp(option, "-o")) {
		rule->is_by_device = true;
		if (!strcmp(save_next(words), "lo") && !words->is_not)
			rule->is_loopback = true;
	} else if (!strcmp(option, "--comment") ||
		   !strcmp(option, "--reject-with") ||
		   !strcmp(option, "--to-source") ||
		   !strcmp(option, "--to-destination") ||
		   !strcmp(option, "--set-mss")) {
		save_next(words);
	} else if (*option == '-' && strcmp(option, "--clamp-mss-to-pmtu") &&
		   strcmp(option, "--random") &&
		   strcmp(option, "--random-fully")) {
		rule->is_partial = true;
	}
}

static void save_option(struct rule *rule, const char *option,
			struct words *words, bool is_six)
{
	bool is_not = words->is_not;

	if (!strcmp(option, "-p") && !is_not)
		save_proto(rule, save_next(words));
	else if (!strcmp(option, "-m"))
		save_match(rule, save_next(words));
	else if (!strcmp(option, "--ctstate") || !strcmp(option, "--state"))
		save_states(rule, save_next(words), is_not);
	else if ((!strcmp(option, "--dport") || !strcmp(option, "--dports")) &&
		 !is_not)
		save_ports(rule, save_next(words));
	else if (!strncmp(option, "--icmp", 6) && !is_not)
		save_icmp(rule, save_next(words), is_six);
	else if (!strcmp(option, "-j") || !strcmp(option, "-g"))
		save_target(rule, save_next(words));
	else if (!strcmp(option, "--helper") && !strcmp(rule->target, "CT"))
		snprintf(rule->helper, sizeof(rule->helper), "%s",
			 save_next(words));
	else
		save_other(rule, option, words);
}

/* Read "-A CHAIN ...". */
static int save_rule(const struct save *save, char *line)
{
	struct rule rule = { .verdict = RULE_GOES_ON };
	struct words words;
	const char *word;
	long chain;

	rule.text = strdup(line);
	rule.is_partial = !save_split(&words, line);
	save_next(&words);
	chain = rules_find_chain(save->rules, save->program, "", save->table,
				 save_next(&words));
	if (chain < 0) {
		free(rule.text);
		return 0;
	}
	rule.chain = chain;
	while (*(word = save_next(&words))) {
		if (!strcmp(word, "!")) {
			words.is_not = true;
			continue;
		}
		save_option(&rule, word, &words,
			    save->families == RULE_IPV6);
		words.is_not = false;
	}
	/* The target CT is no chain */
	if (!strcmp(rule.target, "CT"))
		rule.verdict = RULE_GOES_ON;
	if (*rule.helper)
		rule.uses_conntrack = true;
	if (rules_add(save->rules, &rule))
		return 0;
	free(rule.text);
	return -1;
}

static int save_line(struct save *save, char *line)
{
	switch (*line) {
	case '*':
		snprintf(save->table, sizeof(save->table), "%s", line + 1);
		/* nft has said less of it */
		if (strstr(save->program, "-nft"))
			rules_drop_table(save->rules,
					 save->families == RULE_IPV6 ? "ip6" :
								       "ip",
					 save->table);
		return 0;
	case ':':
		return save_chain(save, line);
	case '-':
		return save_rule(save, line);
	default:
		return 0;
	}
}

/* A chain of NAT's alone makes no NAT: iptables-save prints those that are empty. */
static void save_mark_nat(struct rules *rules, const char *program)
{
	struct rule_chain *chain;
	size_t i;

	for (i = 0; i < rules->rule_count; i++) {
		chain = &rules->chains[rules->rules[i].chain];
		if (chain->hook && !strcmp(chain->tool, program) &&
		    !strcmp(chain->table, "nat"))
			chain->is_nat = true;
	}
}

/**
 * rules_read_save() - read what one of the programs called iptables-save has printed
 * @rules: they are added to these
 * @program: that has, without "-save"; one with "-nft" in its name speaks for nft's
 *	tables
 * @text: it is changed
 *
 * Return: 0, or -1 if it is not what they print, or too much
 */
int rules_read_save(struct rules *rules, const char *program, char *text)
{
	struct save save = {
		.rules = rules,
		.program = program,
		.families = strncmp(program, "ip6", 3) ? RULE_IPV4 : RULE_IPV6,
	};
	char *line, *state = NULL;
	bool is_whole = true;
	int ret = 0;

	for (line = strtok_r(text, "\n", &state); line && !ret;
	     line = strtok_r(NULL, "\n", &state)) {
		if (*line == '*')
			is_whole = false;
		else if (!strcmp(line, "COMMIT"))
			is_whole = true;
		ret = save_line(&save, line);
	}
	save_mark_nat(rules, program);
	return is_whole ? ret : -1;
}
