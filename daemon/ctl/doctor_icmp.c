// SPDX-License-Identifier: GPL-2.0-only
/* Rules that drop what every transfer needs: errors told by ICMP, and fragments. */

#include "doctor.h"

/* Of conntrack's hook that puts fragments together: NF_IP_PRI_CONNTRACK_DEFRAG */
#define PRIORITY_DEFRAG	(-400)

/* Tell if a rule accepts errors that belong to connections, or all of ICMP. */
static bool icmp_is_accepted(const struct rule *rule)
{
	if (rule->verdict != RULE_ACCEPT || rule->is_partial ||
	    rule->is_by_device || rule->port_count || rule->is_fragment)
		return false;
	if (rule->protos && !(rule->protos & RULE_ICMP))
		return false;
	return (!rule->states || (rule->states & RULE_RELATED)) &&
	       (!rule->icmp || (rule->icmp & RULE_UNREACHABLE));
}

/* Tell if a rule is for errors of forwarded connections, or for all of ICMP. */
static bool icmp_drops_errors(const struct rule *rule)
{
	return rule->protos == RULE_ICMP &&
	       (!rule->states || (rule->states & RULE_RELATED)) &&
	       (!rule->icmp ||
		(rule->icmp & (RULE_UNREACHABLE | RULE_TIME_EXCEEDED)));
}

/* Tell if fragments get to a chain: conntrack puts packets together before all others. */
static bool icmp_sees_fragments(const struct rule_chain *chain)
{
	return chain->hook == RULE_PREROUTING &&
	       chain->priority < PRIORITY_DEFRAG;
}

static bool icmp_is_fragment_accepted(const struct rule *rule)
{
	return rule->verdict == RULE_ACCEPT && rule->is_fragment;
}

static void icmp_check(const struct doctor *doctor, json_t *findings,
		       const struct rule *rule)
{
	json_t *finding;

	if (icmp_drops_errors(rule) &&
	    !rules_accept_before(&doctor->rules, rule, icmp_is_accepted, 0))
		finding = finding_new(findings, "icmp-dropped",
				      "A rule drops errors told by ICMP: large packets vanish, and transfers hang.");
	else if (rule->is_fragment && icmp_sees_fragments(rule->chain_of) &&
		 !rules_accept_before(&doctor->rules, rule,
				      icmp_is_fragment_accepted, 0))
		finding = finding_new(findings, "fragments-dropped",
				      "A rule drops fragments: large datagrams don't arrive.");
	else
		return;
	finding_rule(finding, rule);
	finding_delete_rule(finding, rule);
}

/**
 * doctor_check_icmp() - look for rules that drop errors or fragments
 * @doctor: all
 * @findings: what is wrong
 */
void doctor_check_icmp(const struct doctor *doctor, json_t *findings)
{
	const struct rule *rule;
	size_t i;

	for (i = 0; i < doctor->rules.rule_count; i++) {
		rule = &doctor->rules.rules[i];
		if (rule->verdict == RULE_DROP && !rule->is_partial &&
		    (rule->chain_of->hooks & (RULE_FORWARD | RULE_PREROUTING)))
			icmp_check(doctor, findings, rule);
	}
}
