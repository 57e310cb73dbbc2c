/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_DOCTOR_RULES_H
#define APPGWCTL_DOCTOR_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest name that is kept, with its 0; longer ones are cut. */
#define RULE_NAME_MAX	128

/* Ranges of ports in one rule; one with more counts as one with other conditions. */
#define RULE_PORTS_MAX	16

/* More of them are not read. */
#define RULES_MAX	100000

/* How deep chains may jump into one another, as in the kernel */
#define RULES_DEPTH_MAX	16

enum { RULE_IPV4 = 1, RULE_IPV6 = 2 };
enum { RULE_TCP = 1, RULE_UDP = 2, RULE_ICMP = 4, RULE_OTHER_PROTO = 8 };

enum {
	RULE_NEW		= 1,
	RULE_ESTABLISHED	= 2,
	RULE_RELATED		= 4,
	RULE_INVALID		= 8,
	RULE_UNTRACKED		= 16,
	RULE_ALL_STATES		= 31
};

/* Types of ICMP, and of ICMPv6 */
enum {
	RULE_UNREACHABLE	= 1,	/* ICMPv6: or packet-too-big */
	RULE_TIME_EXCEEDED	= 2,
	RULE_OTHER_TYPE		= 4
};

enum {
	RULE_PREROUTING		= 1,
	RULE_FORWARD		= 2,
	RULE_POSTROUTING	= 4,
	RULE_OUTPUT		= 8,
	RULE_INPUT		= 16
};

enum rule_verdict {
	RULE_GOES_ON,
	RULE_ACCEPT,
	RULE_DROP,	/* or reject */
	RULE_JUMP,	/* or goto */
	RULE_UNKNOWN	/* from a map, or a program behind a queue */
};

/**
 * struct rule_ports - a range of ports
 * @lo: lowest
 * @hi: highest
 */
struct rule_ports {
	uint16_t lo;
	uint16_t hi;
};

/**
 * struct rule_chain - a chain of any firewall
 * @tool: program that changes it: "nft", "iptables-legacy", ...
 * @family: nft's, or ""
 * @table: its table
 * @name: its name
 * @families: RULE_IPV4 and RULE_IPV6
 * @hook: of a base chain, RULE_FORWARD and so on; 0 for others
 * @hooks: those from which one gets here
 * @priority: of a base chain of nft's
 * @is_filter: a base chain of a filter's
 * @is_nat: a base chain of NAT's that has rules, or is nft's
 * @policy_drops: what gets to its end is dropped
 */
struct rule_chain {
	char tool[RULE_NAME_MAX];
	char family[RULE_NAME_MAX];
	char table[RULE_NAME_MAX];
	char name[RULE_NAME_MAX];
	unsigned int families;
	unsigned int hook;
	unsigned int hooks;
	int priority;
	bool is_filter;
	bool is_nat;
	bool policy_drops;
};

/**
 * struct rule - what matters here of a rule
 * @chain_of: its chain, after rules_finish()
 * @chain: index of that
 * @handle: nft's, or 0
 * @text: as its program writes it; NULL if that is not known
 * @verdict: what is done with packets that match
 * @target: chain that is jumped to
 * @helper: helper that is assigned, or name of nft's object that names it
 * @states: of conntrack's that match; 0: any
 * @protos: that match; 0: any
 * @icmp: types that match; 0: any
 * @ports: destination ports that match
 * @port_count: how many ranges; 0: any port
 * @is_by_device: it asks for a device
 * @is_loopback: it is for packets of this machine to itself
 * @is_partial: it has other conditions, which we don't read
 * @is_fragment: it is for fragments
 * @is_notrack: packets are not tracked
 * @is_flow: connections are given to a flowtable
 * @is_clamp: MSS is changed
 * @is_nat: source addresses are
 * @uses_conntrack: it takes conntrack to answer it
 */
struct rule {
	const struct rule_chain *chain_of;
	size_t chain;
	long long handle;
	char *text;
	enum rule_verdict verdict;
	char target[RULE_NAME_MAX];
	char helper[RULE_NAME_MAX];
	unsigned int states;
	unsigned int protos;
	unsigned int icmp;
	struct rule_ports ports[RULE_PORTS_MAX];
	unsigned int port_count;
	bool is_by_device;
	bool is_loopback;
	bool is_partial;
	bool is_fragment;
	bool is_notrack;
	bool is_flow;
	bool is_clamp;
	bool is_nat;
	bool uses_conntrack;
};

/**
 * struct rules - all of them, in their order within a chain
 * @chains: chains
 * @chain_count: how many
 * @rules: rules
 * @rule_count: how many
 */
struct rules {
	struct rule_chain *chains;
	size_t chain_count;
	struct rule *rules;
	size_t rule_count;
};

/* doctor_rules.c */
struct rule_chain *rules_add_chain(struct rules *rules);
struct rule *rules_add(struct rules *rules, const struct rule *rule);
long rules_find_chain(const struct rules *rules, const char *tool,
		      const char *family, const char *table, const char *name);
void rules_drop_table(struct rules *rules, const char *family,
		      const char *table);
void rules_finish(struct rules *rules);
void rules_free(struct rules *rules);
void rule_set_text(struct rule *rule, const char *text);
void rule_add_ports(struct rule *rule, unsigned long lo, unsigned long hi);
bool rule_has_port(const struct rule *rule, const struct rule_ports *ports,
		   unsigned int count);
bool rule_takes_related(const struct rule *rule);
bool rule_names_related(const struct rule *rule);
bool rules_accept_before(const struct rules *rules, const struct rule *rule,
			 bool (*accepts)(const struct rule *rule), int depth);

/* doctor_nft.c */
int rules_read_nft(struct rules *rules, const char *text);

/* doctor_nft_text.c */
void rules_read_nft_text(struct rules *rules, char *text);

/* doctor_save.c */
int rules_read_save(struct rules *rules, const char *program, char *text);

#endif /* APPGWCTL_DOCTOR_RULES_H */
