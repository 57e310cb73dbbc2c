// SPDX-License-Identifier: GPL-2.0-only
/* Rules that keep connections from being helped, or data connections from passing. */

#include <stdlib.h>
#include <string.h>

#include "doctor.h"

#define HELPER_SYSCTL	"/proc/sys/net/netfilter/nf_conntrack_helper"
#define COUNT		"/proc/sys/net/netfilter/nf_conntrack_count"

/* What begins conntrack in a namespace where nothing else does */
#define TRACK_ALL "nft 'add table inet appgw_track; " \
	"add chain inet appgw_track forward { type filter hook forward priority 0; }; " \
	"add rule inet appgw_track forward ct state established,related counter'"

static bool firewall_uses_conntrack(const struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->rule_count; i++)
		if (rules->rules[i].uses_conntrack)
			return true;
	for (i = 0; i < rules->chain_count; i++)
		if (rules->chains[i].is_nat)
			return true;
	return false;
}

/* Conntrack begins where the first rule asks for it. There are no entries, either. */
static void untracked_all(const struct doctor *doctor, json_t *findings)
{
	long long count = 0;
	json_t *finding;

	if (firewall_uses_conntrack(&doctor->rules) ||
	    (doctor_number(doctor, COUNT, &count) && count))
		return;
	finding = finding_new(findings, "conntrack-off",
			      "Connections are not tracked in this network namespace, so none is helped.");
	finding_seen(finding,
		     "no rule of any table asks for the state of connections, or translates them");
	finding_seen(finding, COUNT ": %lld", count);
	finding_remedy(finding, TRACK_ALL);
}

/**
 * doctor_check_untracked() - look for control connections that conntrack doesn't see
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_untracked(const struct doctor *doctor, json_t *findings)
{
	const struct rule *rule;
	json_t *finding;
	size_t i;

	if (!doctor->has_rules)
		return;
	untracked_all(doctor, findings);
	for (i = 0; i < doctor->rules.rule_count; i++) {
		rule = &doctor->rules.rules[i];
		if (!rule->is_notrack || rule->is_partial || rule->states ||
		    !(rule->chain_of->hooks & (RULE_PREROUTING | RULE_OUTPUT)) ||
		    !rule_has_port(rule, doctor->ports, doctor->port_count))
			continue;
		finding = finding_new(findings, "control-untracked",
				      "A rule keeps control connections from being tracked, so they are not helped.");
		finding_rule(finding, rule);
		finding_delete_rule(finding, rule);
	}
}

/* Find the zone in the name of a chain of firewalld's: "filter_IN_public_allow" */
static bool helper_zone(const struct rule_chain *chain, char *zone)
{
	char *end;

	if (strcmp(chain->table, "firewalld") ||
	    sscanf(chain->name, "%*[a-z]_%*[A-Z]_%127s", zone) != 1)
		return false;
	end = strstr(zone, "_allow");
	if (!end || end == zone)
		return false;
	*end = 0;
	return true;
}

static void helper_firewalld(json_t *finding, const struct rule *rule,
			     const char *zone)
{
	finding_seen(finding, "firewalld: a service with a helper in zone %s",
		     zone);
	finding_remedy(finding,
		       "firewall-cmd --permanent --zone=%s --remove-service=%s --add-port=%u/tcp && firewall-cmd --reload",
		       zone, rule->helper,
		       rule->port_count ? rule->ports[0].lo : 21);
}

static void helper_rule(json_t *findings, const struct rule *rule)
{
	char zone[RULE_NAME_MAX];
	json_t *finding;

	finding = finding_new(findings, "foreign-helper",
			      "A rule gives control connections another helper, so that ours leaves them alone.");
	finding_rule(finding, rule);
	finding_seen(finding, "its helper is %s", rule->helper);
	if (helper_zone(rule->chain_of, zone))
		helper_firewalld(finding, rule, zone);
	else
		finding_delete_rule(finding, rule);
}

/**
 * doctor_check_helpers() - look for rules that assign another helper than ours
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_helpers(const struct doctor *doctor, json_t *findings)
{
	const struct rule *rule;
	long long is_on = 0;
	json_t *finding;
	size_t i;

	for (i = 0; i < doctor->rules.rule_count; i++) {
		rule = &doctor->rules.rules[i];
		if (*rule->helper && strncmp(rule->helper, "appgw-", 6) &&
		    rule->chain_of->hooks &&
		    rule_has_port(rule, doctor->ports, doctor->port_count))
			helper_rule(findings, rule);
	}
	if (!doctor_number(doctor, HELPER_SYSCTL, &is_on) || is_on != 1 ||
	    !doctor_has_module(doctor, "nf_conntrack_ftp"))
		return;
	finding = finding_new(findings, "foreign-helper",
			      "The kernel gives control connections its own helper, so that ours leaves them alone.");
	finding_seen(finding, HELPER_SYSCTL ": 1");
	finding_seen(finding, "/proc/modules: nf_conntrack_ftp");
	finding_remedy(finding, "sysctl -w net.netfilter.nf_conntrack_helper=0");
}

/* Tell if a rule drops all that gets to it. */
static bool related_drops_all(const struct rule *rule)
{
	return rule->verdict == RULE_DROP && !rule->states && !rule->protos &&
	       !rule->port_count && !rule->is_by_device && !rule->is_partial &&
	       !rule->is_fragment;
}

/* Tell if a base chain lets nothing pass but what a rule accepts. */
static const struct rule *related_last(const struct rules *rules, size_t chain)
{
	size_t i;

	for (i = 0; i < rules->rule_count; i++)
		if (rules->rules[i].chain == chain &&
		    related_drops_all(&rules->rules[i]))
			return &rules->rules[i];
	return NULL;
}

/* Tell if a rule may accept a related data connection. */
static bool related_may_pass(const struct rule *rule)
{
	return (rule->verdict == RULE_ACCEPT || rule->verdict == RULE_UNKNOWN) &&
	       rule_takes_related(rule);
}

/* Tell if two chains belong to the same table. */
static bool related_same_table(const struct rule_chain *a,
			       const struct rule_chain *b)
{
	return !strcmp(a->tool, b->tool) && !strcmp(a->family, b->family) &&
	       !strcmp(a->table, b->table);
}

/* Look for a rule that accepts related connections in chains that a base chain leads
 * to: one that says so or, with @or_any, one that doesn't forbid it.
 */
static bool related_is_accepted(const struct rules *rules,
				const struct rule_chain *base, bool or_any)
{
	const struct rule *rule;
	size_t i;

	for (i = 0; i < rules->rule_count; i++) {
		rule = &rules->rules[i];
		if (related_same_table(rule->chain_of, base) &&
		    (rule->chain_of->hooks & base->hook) &&
		    (or_any ? related_may_pass(rule) : rule_names_related(rule)))
			return true;
	}
	return false;
}

static void related_remedy(json_t *finding, const struct rule_chain *chain)
{
	if (*chain->family)
		finding_remedy(finding,
			       "nft insert rule %s %s %s ct state related accept",
			       chain->family, chain->table, chain->name);
	else
		finding_remedy(finding,
			       "%s -t %s -I %s -m conntrack --ctstate RELATED -j ACCEPT",
			       chain->tool, chain->table, chain->name);
}

static void related_check_chain(const struct doctor *doctor, json_t *findings,
				size_t index)
{
	const struct rule_chain *chain = &doctor->rules.chains[index];
	const struct rule *last = related_last(&doctor->rules, index);
	long long blocked = doctor_stat(doctor, "blocked");
	json_t *finding;

	if ((!chain->policy_drops && !last) ||
	    related_is_accepted(&doctor->rules, chain, !blocked))
		return;
	finding = finding_new(findings, "no-related-rule",
			      "The firewall drops data connections: no rule accepts related ones.");
	if (last)
		finding_rule(finding, last);
	else
		finding_seen(finding, "%s%s%s table %s, chain %s: policy drop",
			     chain->tool, *chain->family ? " " : "",
			     chain->family, chain->table, chain->name);
	if (blocked)
		finding_seen(finding, "/proc/net/stat/nf_appgw: blocked %lld",
			     blocked);
	related_remedy(finding, chain);
}

/* Tell if a rule that comes before the one for related connections drops them. */
static bool related_is_dropped(const struct doctor *doctor,
			       const struct rule *rule)
{
	return rule->verdict == RULE_DROP && !rule->is_partial &&
	       (rule->chain_of->hooks & RULE_FORWARD) &&
	       (rule->protos & RULE_TCP) && rule->port_count &&
	       rule_takes_related(rule) &&
	       !rules_accept_before(&doctor->rules, rule, rule_names_related, 0);
}

/**
 * doctor_check_related() - look for what drops data connections on their way
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_related(const struct doctor *doctor, json_t *findings)
{
	const struct rules *rules = &doctor->rules;
	long long blocked = doctor_stat(doctor, "blocked");
	json_t *finding;
	size_t i;

	for (i = 0; i < rules->chain_count; i++)
		if (rules->chains[i].is_filter &&
		    rules->chains[i].hook == RULE_FORWARD)
			related_check_chain(doctor, findings, i);
	for (i = 0; blocked && i < rules->rule_count; i++) {
		if (!related_is_dropped(doctor, &rules->rules[i]))
			continue;
		finding = finding_new(findings, "data-dropped",
				      "A rule drops data connections before the one that accepts related ones.");
		finding_rule(finding, &rules->rules[i]);
		finding_seen(finding, "/proc/net/stat/nf_appgw: blocked %lld",
			     blocked);
		finding_delete_rule(finding, &rules->rules[i]);
	}
}

/* Find what filters forwarded packets of a family: a policy, or a rule that drops. */
static bool ipv6_is_filtered(const struct rules *rules, unsigned int family)
{
	const struct rule_chain *chain;
	size_t i;

	for (i = 0; i < rules->chain_count; i++) {
		chain = &rules->chains[i];
		if ((chain->families & family) && chain->is_filter &&
		    chain->hook == RULE_FORWARD && chain->policy_drops)
			return true;
	}
	for (i = 0; i < rules->rule_count; i++) {
		chain = rules->rules[i].chain_of;
		if ((chain->families & family) &&
		    (chain->hooks & RULE_FORWARD) &&
		    rules->rules[i].verdict == RULE_DROP)
			return true;
	}
	return false;
}

/**
 * doctor_check_ipv6() - look for a firewall that forgets IPv6
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_ipv6(const struct doctor *doctor, json_t *findings)
{
	static const char path[] = "/proc/sys/net/ipv6/conf/all/forwarding";
	long long forwards = 0;
	json_t *finding;

	if (!doctor->has_rules || !doctor_number(doctor, path, &forwards) ||
	    !forwards || !ipv6_is_filtered(&doctor->rules, RULE_IPV4) ||
	    ipv6_is_filtered(&doctor->rules, RULE_IPV6))
		return;
	finding = finding_new(findings, "ipv6-unfiltered",
			      "IPv6 is forwarded without any filter, and IPv4 is filtered.");
	finding_seen(finding, "%s: %lld", path, forwards);
	finding_seen(finding,
		     "no forward chain of family inet or ip6 drops anything, nor does ip6tables");
	finding_remedy(finding,
		       "nft 'add table ip6 appgw_filter; add chain ip6 appgw_filter forward { type filter hook forward priority 0; policy drop; }; add rule ip6 appgw_filter forward ct state established,related accept; add rule ip6 appgw_filter forward meta l4proto ipv6-icmp accept' # and what else may pass");
}
