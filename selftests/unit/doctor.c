// SPDX-License-Identifier: GPL-2.0-only
/* daemon/ctl/doctor_*.c: what firewalls and files say is read as it is meant, and what
 * nobody means is no more than that.
 */

#include <sys/stat.h>
#include <unistd.h>

#include "../../daemon/ctl/doctor.h"
#include "tap.h"

#define ROOT_MAX	64

/* ---- nft */

#define NFT(...)	"{\"nftables\": [" __VA_ARGS__ "]}"
#define CHAIN(name, more) \
	"{\"chain\": {\"family\": \"inet\", \"table\": \"t\", \"name\": \"" name \
	"\", \"handle\": 1" more "}}"
#define BASE(name, hook, policy) \
	CHAIN(name, ", \"type\": \"filter\", \"hook\": \"" hook \
	      "\", \"prio\": 0, \"policy\": \"" policy "\"")
#define RULE(chain, handle, expr) \
	"{\"rule\": {\"family\": \"inet\", \"table\": \"t\", \"chain\": \"" chain \
	"\", \"handle\": " handle ", \"expr\": [" expr "]}}"
#define MATCH(op, left, right) \
	"{\"match\": {\"op\": \"" op "\", \"left\": " left ", \"right\": " right \
	"}}"
#define PAYLOAD(proto, field) \
	"{\"payload\": {\"protocol\": \"" proto "\", \"field\": \"" field "\"}}"
#define STATE		"{\"ct\": {\"key\": \"state\"}}"
#define ACCEPT		"{\"accept\": null}"
#define DROP		"{\"drop\": null}"

/* One rule in a forward chain, and what is read of it */
struct nft_case {
	const char *name;
	const char *expr;
	struct rule want;
};

static const struct nft_case nft_cases[] = {
	{ "ct state established,related accept",
	  MATCH("in", STATE, "[\"established\", \"related\"]") ", " ACCEPT,
	  { .verdict = RULE_ACCEPT, .uses_conntrack = true,
	    .states = RULE_ESTABLISHED | RULE_RELATED } },
	{ "ct state { established, related } accept",
	  MATCH("==", STATE, "{\"set\": [\"established\", \"related\"]}") ", " ACCEPT,
	  { .verdict = RULE_ACCEPT, .uses_conntrack = true,
	    .states = RULE_ESTABLISHED | RULE_RELATED } },
	{ "ct state != invalid accept",
	  MATCH("!=", STATE, "\"invalid\"") ", " ACCEPT,
	  { .verdict = RULE_ACCEPT, .uses_conntrack = true,
	    .states = RULE_ALL_STATES & ~RULE_INVALID } },
	{ "tcp dport 21 notrack",
	  MATCH("==", PAYLOAD("tcp", "dport"), "21") ", {\"notrack\": null}",
	  { .protos = RULE_TCP, .ports = { { 21, 21 } }, .port_count = 1,
	    .is_notrack = true } },
	{ "tcp dport { 21, 2121-2130 } drop",
	  MATCH("==", PAYLOAD("tcp", "dport"),
		"{\"set\": [21, {\"range\": [2121, 2130]}]}") ", " DROP,
	  { .verdict = RULE_DROP, .protos = RULE_TCP, .port_count = 2,
	    .ports = { { 21, 21 }, { 2121, 2130 } } } },
	{ "tcp dport @ports drop, a set that is there",
	  MATCH("==", PAYLOAD("tcp", "dport"), "\"@ports\"") ", " DROP,
	  { .verdict = RULE_DROP, .protos = RULE_TCP, .port_count = 1,
	    .ports = { { 990, 990 } } } },
	{ "th dport 1024-65535 drop",
	  MATCH("==", PAYLOAD("th", "dport"), "{\"range\": [1024, 65535]}") ", " DROP,
	  { .verdict = RULE_DROP, .ports = { { 1024, 65535 } }, .port_count = 1 } },
	{ "tcp dport != 21 drop: partial",
	  MATCH("!=", PAYLOAD("tcp", "dport"), "21") ", " DROP,
	  { .verdict = RULE_DROP, .is_partial = true } },
	{ "iifname lan oifname != wan accept",
	  MATCH("==", "{\"meta\": {\"key\": \"iifname\"}}", "\"lan\"") ", "
	  MATCH("!=", "{\"meta\": {\"key\": \"oifname\"}}", "\"wan\"") ", " ACCEPT,
	  { .verdict = RULE_ACCEPT, .is_by_device = true } },
	{ "iif lo accept",
	  MATCH("==", "{\"meta\": {\"key\": \"iif\"}}", "\"lo\"") ", " ACCEPT,
	  { .verdict = RULE_ACCEPT, .is_by_device = true, .is_loopback = true } },
	{ "meta l4proto { icmp, ipv6-icmp } drop",
	  MATCH("==", "{\"meta\": {\"key\": \"l4proto\"}}",
		"{\"set\": [\"icmp\", \"ipv6-icmp\"]}") ", " DROP,
	  { .verdict = RULE_DROP, .protos = RULE_ICMP } },
	{ "icmp type { destination-unreachable, echo-request } drop",
	  MATCH("==", PAYLOAD("icmp", "type"),
		"{\"set\": [\"destination-unreachable\", \"echo-request\"]}") ", " DROP,
	  { .verdict = RULE_DROP, .protos = RULE_ICMP,
	    .icmp = RULE_UNREACHABLE | RULE_OTHER_TYPE } },
	{ "ip frag-off & 0x1fff != 0 drop",
	  MATCH("!=", "{\"&\": [" PAYLOAD("ip", "frag-off") ", 8191]}", "0") ", " DROP,
	  { .verdict = RULE_DROP, .is_fragment = true } },
	{ "tcp option maxseg size set rt mtu",
	  "{\"mangle\": {\"key\": {\"tcp option\": {\"name\": \"maxseg\", \"field\": \"size\"}},"
	  " \"value\": {\"rt\": {\"key\": \"mtu\"}}}}",
	  { .is_clamp = true } },
	{ "ct helper set h: the object's type",
	  MATCH("==", PAYLOAD("tcp", "dport"), "21") ", {\"ct helper\": \"h\"}",
	  { .protos = RULE_TCP, .ports = { { 21, 21 } }, .port_count = 1,
	    .helper = "ftp", .uses_conntrack = true } },
	{ "ip protocol tcp flow add @ft",
	  MATCH("==", PAYLOAD("ip", "protocol"), "\"tcp\"")
	  ", {\"flow\": {\"op\": \"add\", \"flowtable\": \"@ft\"}}",
	  { .protos = RULE_TCP, .is_flow = true, .uses_conntrack = true } },
	{ "jump x", "{\"jump\": {\"target\": \"x\"}}",
	  { .verdict = RULE_JUMP, .target = "x" } },
	{ "limit rate 5/second drop: partial",
	  "{\"limit\": {\"rate\": 5, \"per\": \"second\"}}, " DROP,
	  { .verdict = RULE_DROP, .is_partial = true } },
	{ "queue to 5: somebody else's verdict", "{\"queue\": {\"num\": 5}}",
	  { .verdict = RULE_UNKNOWN } },
	{ "masquerade", "{\"masquerade\": null}",
	  { .is_nat = true, .uses_conntrack = true } },
	{ "a set that is not there: no port, and partial",
	  MATCH("==", PAYLOAD("tcp", "dport"), "\"@nothing\"") ", " DROP,
	  { .verdict = RULE_DROP, .protos = RULE_TCP, .ports = { { 0, 0 } },
	    .port_count = 1, .is_partial = true } },
	/* hostile: types that nft doesn't print */
	{ "ports that are objects", MATCH("==", PAYLOAD("tcp", "dport"),
	  "{\"set\": [{\"range\": [{}, []]}, -1, 70000, \"21\", {\"range\": [9, 3]}]}"),
	  { .protos = RULE_TCP, .ports = { { 0, 0 } }, .port_count = 1,
	    .is_partial = true } },
	{ "a match of a number", "{\"match\": 7}", { .is_partial = true } },
	{ "statements that are none", "null, 7, \"x\", [], {}", {} },
	{ "meta without a key", MATCH("==", "{\"meta\": {}}", "1"),
	  { .is_partial = true } },
	{ "a state of numbers", MATCH("==", STATE, "[1, {}, null]"),
	  { .uses_conntrack = true } },
	{ "a jump to a number", "{\"jump\": {\"target\": 7}}",
	  { .verdict = RULE_JUMP } },
};

static bool same_rule(const struct rule *a, const struct rule *b)
{
	return a->verdict == b->verdict && !strcmp(a->target, b->target) &&
	       !strcmp(a->helper, b->helper) && a->states == b->states &&
	       a->protos == b->protos && a->icmp == b->icmp &&
	       a->port_count == b->port_count &&
	       !memcmp(a->ports, b->ports, sizeof(a->ports)) &&
	       a->is_by_device == b->is_by_device &&
	       a->is_loopback == b->is_loopback &&
	       a->is_partial == b->is_partial &&
	       a->is_fragment == b->is_fragment &&
	       a->is_notrack == b->is_notrack && a->is_flow == b->is_flow &&
	       a->is_clamp == b->is_clamp && a->is_nat == b->is_nat &&
	       a->uses_conntrack == b->uses_conntrack;
}

static const char *complaint(const struct rule *rule)
{
	static char text[256];

	snprintf(text, sizeof(text),
		 "verdict %d states %x protos %x icmp %x ports %u (%u-%u) partial %d device %d ct %d helper '%s'",
		 rule->verdict, rule->states, rule->protos, rule->icmp,
		 rule->port_count, rule->ports[0].lo, rule->ports[0].hi,
		 rule->is_partial, rule->is_by_device, rule->uses_conntrack,
		 rule->helper);
	return text;
}

static void test_nft(void)
{
	struct rules rules;
	char text[4096];
	size_t i;

	for (i = 0; i < TAP_ARRAY_SIZE(nft_cases); i++) {
		tap_begin(nft_cases[i].name);
		snprintf(text, sizeof(text), NFT(BASE("f", "forward", "drop") ", "
			 "{\"set\": {\"family\": \"inet\", \"name\": \"ports\", \"table\": \"t\", \"elem\": [990]}}, "
			 "{\"ct helper\": {\"family\": \"inet\", \"name\": \"h\", \"table\": \"t\", \"type\": \"ftp\"}}, "
			 RULE("f", "7", "%s")), nft_cases[i].expr);
		memset(&rules, 0, sizeof(rules));
		tap_check(!rules_read_nft(&rules, text), "not read");
		rules_finish(&rules);
		if (tap_check(rules.rule_count == 1, "%zu rules",
			      rules.rule_count))
			tap_check(same_rule(rules.rules, &nft_cases[i].want) &&
				  rules.rules->handle == 7, "%s",
				  complaint(rules.rules));
		rules_free(&rules);
		tap_end();
	}
}

static void test_nft_vmap(void)
{
	static const char text[] = NFT(BASE("f", "forward", "drop") ", "
		RULE("f", "7", "{\"vmap\": {\"key\": " STATE ", \"data\": {\"set\": ["
		     "[\"invalid\", {\"drop\": null}], [\"related\", {\"accept\": null}],"
		     "[], 7, [\"new\", {\"jump\": {\"target\": \"x\"}}]]}}}") ", "
		RULE("f", "8", "{\"vmap\": {\"key\": " STATE ", \"data\": \"@map\"}}"));
	struct rules rules = {};

	tap_begin("ct state vmap: a rule each, and one of a map that isn't shown");
	tap_check(!rules_read_nft(&rules, text), "not read");
	if (tap_check(rules.rule_count == 6, "%zu rules", rules.rule_count)) {
		tap_check(rules.rules[0].verdict == RULE_DROP &&
			  rules.rules[0].states == RULE_INVALID, "first");
		tap_check(rule_names_related(&rules.rules[1]), "second");
		tap_check(rules.rules[4].verdict == RULE_JUMP, "fifth");
		tap_check(rules.rules[5].verdict == RULE_UNKNOWN, "last");
	}
	rules_free(&rules);
	tap_end();
}

static void test_nft_bad(void)
{
	static const char *const bad[] = {
		"", "{", "[]", "7", "null", "{\"nftables\": {}}",
		"{\"nftables\": [", NFT(BASE("f", "forward", "drop") ", "),
		"{\"nftables\": [{\"chain\": {\"family\": \"in",
	};
	static const char *const empty[] = {
		NFT(""), NFT("7, null, {}, []"), NFT("{\"rule\": 7}, {\"set\": 1}"),
		NFT(RULE("nowhere", "1", ACCEPT)),
	};
	struct rules rules = {};
	size_t i;

	tap_begin("nft: what is no ruleset");
	for (i = 0; i < TAP_ARRAY_SIZE(bad); i++) {
		tap_check(rules_read_nft(&rules, bad[i]), "%s was taken", bad[i]);
		rules_free(&rules);
	}
	tap_end();
	tap_begin("nft: one without rules");
	for (i = 0; i < TAP_ARRAY_SIZE(empty); i++) {
		tap_check(!rules_read_nft(&rules, empty[i]) && !rules.rule_count,
			  "%s was not", empty[i]);
		rules_free(&rules);
	}
	tap_end();
}

/* Nested as deep as jansson reads, and names as long as one likes */
static void test_nft_deep(void)
{
	struct rules rules = {};
	char *text = calloc(1, 300000);
	size_t n = 0, i;

	tap_begin("nft: deep and long");
	n += sprintf(text + n, "{\"nftables\": [" BASE("f", "forward", "drop") ", "
		     "{\"rule\": {\"family\": \"inet\", \"table\": \"t\", \"chain\": \"f\", \"expr\": [{\"jump\": {\"target\": \"");
	memset(text + n, 'x', 100000);
	n += 100000;
	n += sprintf(text + n, "\"}}, {\"deep\": ");
	for (i = 0; i < 1000; i++)
		n += sprintf(text + n, "[");
	for (i = 0; i < 1000; i++)
		n += sprintf(text + n, "]");
	sprintf(text + n, "}]}}]}");
	tap_check(!rules_read_nft(&rules, text) && rules.rule_count == 1 &&
		  strlen(rules.rules->target) == RULE_NAME_MAX - 1, "not read");
	rules_free(&rules);
	free(text);
	tap_end();
}

static void test_nft_text(void)
{
	static const char json[] = NFT(BASE("f", "forward", "drop") ", "
		RULE("f", "7", ACCEPT) ", " RULE("f", "9", DROP));
	char text[] = "table inet t { # handle 3\n\tchain f { # handle 1\n"
		"\t\ttype filter hook forward priority filter; policy drop;\n"
		"\t\tct state new comment \"x # handle 9\" accept # handle 7\n"
		"\t\tdrop # handle 9\n\t}\n\tchain g { # handle 2\n\t\tlog # handle 9\n"
		"}\ntable\nchain {\n# handle \n # handle 99999999999999999999\n";
	struct rules rules = {};

	tap_begin("nft: the text of rules");
	tap_check(!rules_read_nft(&rules, json), "not read");
	rules_read_nft_text(&rules, text);
	tap_check(rules.rules[0].text && !strcmp(rules.rules[0].text,
		  "ct state new comment \"x # handle 9\" accept"), "first: %s",
		  rules.rules[0].text);
	tap_check(rules.rules[1].text && !strcmp(rules.rules[1].text, "drop"),
		  "second: %s", rules.rules[1].text);
	rules_free(&rules);
	tap_end();
}

/* ---- iptables-save */

struct save_case {
	const char *line;
	struct rule want;
};

static const struct save_case save_cases[] = {
	{ "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
	  { .verdict = RULE_ACCEPT, .uses_conntrack = true,
	    .states = RULE_ESTABLISHED | RULE_RELATED } },
	{ "-A FORWARD -m state ! --state INVALID -j ACCEPT",
	  { .verdict = RULE_ACCEPT, .uses_conntrack = true,
	    .states = RULE_ALL_STATES & ~RULE_INVALID } },
	{ "-A FORWARD -p tcp -m tcp --dport 20:25 -j CT --helper ftp",
	  { .protos = RULE_TCP, .ports = { { 20, 25 } }, .port_count = 1,
	    .target = "CT", .helper = "ftp", .uses_conntrack = true } },
	{ "-A FORWARD -p tcp -m multiport --dports 21,2121:2130 -j CT --notrack",
	  { .protos = RULE_TCP, .port_count = 2, .target = "CT",
	    .ports = { { 21, 21 }, { 2121, 2130 } }, .is_notrack = true } },
	{ "-A FORWARD -p tcp -m tcp --dport 1024: -j DROP",
	  { .verdict = RULE_DROP, .protos = RULE_TCP, .port_count = 1,
	    .ports = { { 1024, 65535 } } } },
	{ "-A FORWARD -f -j DROP", { .verdict = RULE_DROP, .is_fragment = true } },
	{ "-A FORWARD ! -f -j DROP", { .verdict = RULE_DROP, .is_partial = true } },
	{ "-A FORWARD -p icmp -m icmp --icmp-type 3/4 -j DROP",
	  { .verdict = RULE_DROP, .protos = RULE_ICMP, .icmp = RULE_UNREACHABLE } },
	{ "-A FORWARD -p icmp -m icmp --icmp-type 11 -j REJECT --reject-with icmp-port-unreachable",
	  { .verdict = RULE_DROP, .protos = RULE_ICMP, .icmp = RULE_TIME_EXCEEDED } },
	{ "-A FORWARD -i lan -o wan -m comment --comment \"a \\\"-j DROP\\\" b\" -j ACCEPT",
	  { .verdict = RULE_ACCEPT, .is_by_device = true } },
	{ "-A FORWARD -i lo -j ACCEPT",
	  { .verdict = RULE_ACCEPT, .is_by_device = true, .is_loopback = true } },
	{ "-A FORWARD ! -i lo -j ACCEPT",
	  { .verdict = RULE_ACCEPT, .is_by_device = true } },
	{ "-A FORWARD -s 10.0.0.0/8 -j DROP",
	  { .verdict = RULE_DROP, .is_partial = true } },
	{ "-A FORWARD -p tcp ! --dport 21 -j DROP",
	  { .verdict = RULE_DROP, .protos = RULE_TCP, .is_partial = true } },
	{ "-A FORWARD -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu",
	  { .protos = RULE_TCP, .is_clamp = true, .is_partial = true } },
	{ "-A FORWARD -j NFQUEUE --queue-num 5",
	  { .verdict = RULE_UNKNOWN, .is_partial = true } },
	{ "-A FORWARD -j own", { .verdict = RULE_JUMP, .target = "own" } },
	{ "-A FORWARD -p tcp --dport x -j DROP",
	  { .verdict = RULE_DROP, .protos = RULE_TCP, .ports = { { 0, 0 } },
	    .port_count = 1, .is_partial = true } },
	{ "-A FORWARD -p tcp --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 -j DROP",
	  { .verdict = RULE_DROP, .protos = RULE_TCP, .port_count = 16,
	    .ports = { {1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7},
		       {8, 8}, {9, 9}, {10, 10}, {11, 11}, {12, 12}, {13, 13},
		       {14, 14}, {15, 15}, {16, 16} }, .is_partial = true } },
	{ "-A FORWARD -p", { .protos = RULE_OTHER_PROTO } },
	{ "-A FORWARD --ctstate", { .is_partial = true } },
	{ "-A FORWARD -j", { .verdict = RULE_JUMP } },
	{ "-A FORWARD \"", {} },
	{ "-A FORWARD \\", {} },
};

static void test_save(void)
{
	struct rules rules;
	char text[1024];
	size_t i;

	for (i = 0; i < TAP_ARRAY_SIZE(save_cases); i++) {
		tap_begin(save_cases[i].line);
		snprintf(text, sizeof(text),
			 "# Generated\n*filter\n:FORWARD DROP [0:0]\n:own - [0:0]\n%s\nCOMMIT\n",
			 save_cases[i].line);
		memset(&rules, 0, sizeof(rules));
		tap_check(!rules_read_save(&rules, "iptables-legacy", text),
			  "not read");
		rules_finish(&rules);
		if (tap_check(rules.rule_count == 1, "%zu rules",
			      rules.rule_count))
			tap_check(same_rule(rules.rules, &save_cases[i].want) &&
				  !strcmp(rules.rules->text, save_cases[i].line),
				  "%s", complaint(rules.rules));
		tap_check(rules.chain_count == 2 && rules.chains[0].policy_drops &&
			  rules.chains[0].hook == RULE_FORWARD &&
			  !rules.chains[1].hook, "chains");
		rules_free(&rules);
		tap_end();
	}
}

static void test_save_whole(void)
{
	struct rules rules = {};
	char cut[] = "*filter\n:FORWARD DROP [0:0]\n-A FORW";
	char odd[] = ":\n-\n-A\n-A x\n:FORWARD\n*\nCOMMIT\n*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n";
	char nft[] = "*t\n:FORWARD ACCEPT [0:0]\nCOMMIT\n";
	char many[2048] = "*filter\n:FORWARD ACCEPT\n-A FORWARD";
	int i;

	tap_begin("iptables-save: cut short");
	tap_check(rules_read_save(&rules, "iptables", cut), "it was taken");
	rules_free(&rules);
	tap_end();
	tap_begin("odd lines, and an empty table of NAT's");
	tap_check(!rules_read_save(&rules, "iptables", odd), "not read");
	for (i = 0; i < (int)rules.chain_count; i++)
		tap_check(!rules.chains[i].is_nat, "NAT");
	rules_free(&rules);
	tap_end();
	tap_begin("a table that nft has shown as well");
	tap_check(!rules_read_nft(&rules, NFT(
		"{\"chain\": {\"family\": \"ip\", \"table\": \"t\", \"name\": \"c\"}}, "
		"{\"rule\": {\"family\": \"ip\", \"table\": \"t\", \"chain\": \"c\", \"expr\": [{\"xt\": null}]}}")) &&
		!rules_read_save(&rules, "iptables-nft", nft) &&
		!rules.rule_count, "%zu rules", rules.rule_count);
	rules_free(&rules);
	tap_end();
	tap_begin("a rule of too many words: partial");
	for (i = 0; i < 300; i++)
		strcat(many, " -f");
	strcat(many, "\nCOMMIT\n");
	tap_check(!rules_read_save(&rules, "iptables", many) &&
		  rules.rules[0].is_partial, "it isn't");
	rules_free(&rules);
	tap_end();
}

/* ---- whatever bytes there are */

#define SPOILED_ROUNDS	3000
#define SPOILED_MAX	4096

/* Change some bytes of @text, or end it early. */
static void spoil(char *text, uint32_t *state)
{
	size_t len = strlen(text), i;

	for (i = 0; i < 3; i++)
		text[tap_random(state) % len] = 1 + tap_random(state) % 255;
	if (tap_random(state) % 4 == 0)
		text[tap_random(state) % len] = 0;
}

static void judge_all(struct rules *rules)
{
	struct doctor doctor = {
		.root = "/nowhere", .release = "6.1.0", .has_rules = true,
		.ports = { { 21, 21 } }, .port_count = 1,
	};
	json_t *findings = json_array();

	rules_finish(rules);
	doctor.rules = *rules;
	doctor.stats = json_pack("{si}", "blocked", 1);
	doctor_check_untracked(&doctor, findings);
	doctor_check_helpers(&doctor, findings);
	doctor_check_related(&doctor, findings);
	doctor_check_ipv6(&doctor, findings);
	doctor_check_icmp(&doctor, findings);
	doctor_check_forwarding(&doctor, findings);
	json_decref(doctor.stats);
	json_decref(findings);
}

static void test_spoiled(void)
{
	static const char nft[] = NFT(BASE("f", "forward", "drop") ", " CHAIN("x", "") ", "
		RULE("f", "1", MATCH("in", STATE, "[\"new\", \"related\"]") ", " DROP) ", "
		RULE("f", "2", MATCH("==", PAYLOAD("tcp", "dport"),
		     "{\"set\": [21, {\"range\": [2121, 2130]}]}") ", " DROP) ", "
		RULE("x", "3", "{\"jump\": {\"target\": \"x\"}}") ", "
		RULE("f", "4", "{\"jump\": {\"target\": \"x\"}}") ", "
		RULE("x", "5", MATCH("==", PAYLOAD("icmp", "type"), "3") ", " DROP));
	static const char listed[] = "table inet t {\n chain f {\n  a # handle 1\n  b # handle 2\n }\n chain x {\n  c # handle 5\n}\n}\n";
	static const char save[] = "*raw\n:PREROUTING ACCEPT [0:0]\n:own - [0:0]\n"
		"-A PREROUTING -p tcp -m multiport --dports 21,2121:2130 -j CT --helper ftp\n"
		"-A PREROUTING ! -i lo -j own\n-A own -j own\n-A own -p icmp -m icmp --icmp-type 3/4 -j DROP\n"
		"-A own -m comment --comment \"a \\\"b\\\"\" -m conntrack --ctstate NEW,RELATED -j DROP\nCOMMIT\n";
	struct rules rules = {};
	char text[SPOILED_MAX];
	uint32_t state = 1;
	int i;

	tap_begin("bytes changed and texts cut: read or refused");
	for (i = 0; i < SPOILED_ROUNDS; i++) {
		strcpy(text, nft);
		if (i % 2)
			spoil(text, &state);
		rules_read_nft(&rules, text);
		strcpy(text, listed);
		spoil(text, &state);
		rules_read_nft_text(&rules, text);
		strcpy(text, save);
		spoil(text, &state);
		rules_read_save(&rules, i % 3 ? "iptables-nft" : "ip6tables", text);
		judge_all(&rules);
		rules_free(&rules);
	}
	tap_end();
}

/* ---- what follows from rules */

/* What is found of rules of nft's; freed by the caller */
static json_t *judged(void (*check)(const struct doctor *doctor, json_t *findings),
		      const char *text, const char *root)
{
	struct doctor doctor = {
		.root = root, .release = "6.1.0", .has_rules = true,
		.ports = { { 21, 21 } }, .port_count = 1,
	};
	json_t *findings = json_array();

	if (text && rules_read_nft(&doctor.rules, text))
		exit(2);
	rules_finish(&doctor.rules);
	check(&doctor, findings);
	rules_free(&doctor.rules);
	return findings;
}

/* The only thing found is that; NULL: nothing */
static bool found(json_t *findings, const char *id, const char *evidence)
{
	const json_t *one = json_array_get(findings, 0), *seen;
	bool is_seen = !evidence, is_right;
	size_t i;

	for (i = 0; i < json_array_size(json_object_get(one, "evidence")); i++) {
		seen = json_array_get(json_object_get(one, "evidence"), i);
		if (evidence && strstr(json_string_value(seen), evidence))
			is_seen = true;
	}
	is_right = id ? json_array_size(findings) == 1 && is_seen &&
			!strcmp(json_string_value(json_object_get(one, "id")), id) :
			!json_array_size(findings);
	if (!is_right)
		json_dumpf(findings, stderr, 0);
	json_decref(findings);
	return is_right;
}

static void test_related(void)
{
	static const char *const good[] = {
		RULE("f", "1", MATCH("in", STATE, "\"related\"") ", " ACCEPT),
		RULE("f", "1", "{\"jump\": {\"target\": \"x\"}}") ", " CHAIN("x", "") ", "
		RULE("x", "2", MATCH("in", STATE, "\"related\"") ", " ACCEPT),
		RULE("f", "1", "{\"vmap\": {\"key\": " STATE ", \"data\": \"@map\"}}"),
		RULE("f", "1", ACCEPT),
	};
	static const char *const bad[] = {
		RULE("f", "1", MATCH("in", STATE, "\"established\"") ", " ACCEPT),
		CHAIN("x", "") ", " RULE("x", "2", MATCH("in", STATE, "\"related\"") ", " ACCEPT),
		RULE("f", "1", MATCH("==", PAYLOAD("tcp", "dport"), "21") ", " ACCEPT),
		RULE("f", "1", MATCH("==", "{\"meta\": {\"key\": \"l4proto\"}}", "\"icmp\"") ", " ACCEPT),
		RULE("f", "1", MATCH("==", "{\"meta\": {\"key\": \"iifname\"}}", "\"lo\"") ", " ACCEPT),
		RULE("f", "1", "{\"jump\": {\"target\": \"f\"}}"),
	};
	char text[2048];
	size_t i;

	tap_begin("rules that accept related connections, or may");
	for (i = 0; i < TAP_ARRAY_SIZE(good); i++) {
		snprintf(text, sizeof(text), NFT(BASE("f", "forward", "drop") ", %s"),
			 good[i]);
		tap_check(found(judged(doctor_check_related, text, ""), NULL, NULL),
			  "%s", good[i]);
	}
	tap_end();
	tap_begin("rules that don't");
	for (i = 0; i < TAP_ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), NFT(BASE("f", "forward", "drop") ", %s"),
			 bad[i]);
		tap_check(found(judged(doctor_check_related, text, ""),
				"no-related-rule", "policy drop"), "%s", bad[i]);
	}
	tap_end();
}

/* ---- files */

static char root[ROOT_MAX];

/* Write a file below the root, with the folders before it. */
static void plant(const char *path, const char *text)
{
	char name[256], *c;
	FILE *file;

	snprintf(name, sizeof(name), "%s%s", root, path);
	for (c = name + 1; (c = strchr(c, '/')); c++) {
		*c = 0;
		mkdir(name, 0755);
		*c = '/';
	}
	file = fopen(name, "w");
	if (!file || fputs(text, file) < 0 || fclose(file))
		exit(2);
}

static void test_modules(void)
{
	tap_begin("no module, one of another kernel, one that isn't loaded");
	tap_check(found(judged(doctor_check_module, NULL, root),
			"module-not-installed", "6.1.0"), "none");
	plant("/lib/modules/5.10.0/modules.dep", "updates/dkms/nf_appgw.ko.xz:\n");
	plant("/lib/modules/6.1.0/modules.dep", "kernel/not_nf_appgw.ko:\n");
	tap_check(found(judged(doctor_check_module, NULL, root),
			"module-other-kernel", "/lib/modules/5.10.0/"), "other");
	plant("/lib/modules/6.1.0/modules.dep", "a.ko:\nextra/nf_appgw.ko: a.ko\n");
	tap_check(found(judged(doctor_check_module, NULL, root),
			"module-not-loaded", "/lib/modules/6.1.0/"), "installed");
	tap_end();
}

static void test_conntrackd(void)
{
	static const char path[] = "/etc/conntrackd/conntrackd.conf";

	tap_begin("conntrackd's HashSize, where it synchronises");
	plant(path, "Stats {\n}\nGeneral {\n\tHashSize 8192\n}\n");
	tap_check(found(judged(doctor_check_conntrackd, NULL, root), NULL, NULL),
		  "statistics alone");
	plant(path, "Sync {\n}\n\nGeneral {\n\tHashSize 8192\n}\n");
	tap_check(found(judged(doctor_check_conntrackd, NULL, root),
			"conntrackd-hash-size", "line 5: HashSize 8192"), "small");
	plant(path, "Sync {\n}\n# HashSize 1\nHashSize 8193\nHashSizes\nHashSize x\n");
	tap_check(found(judged(doctor_check_conntrackd, NULL, root), NULL, NULL),
		  "large");
	tap_end();
}

static void test_sysctls(void)
{
	tap_begin("the kernel's own assignment of helpers");
	plant("/proc/sys/net/netfilter/nf_conntrack_helper", "1\n");
	plant("/proc/modules", "nf_conntrack_ftp_not 1 0\n");
	tap_check(found(judged(doctor_check_helpers, NULL, root), NULL, NULL),
		  "no module");
	plant("/proc/modules", "x 1 0\nnf_conntrack_ftp 20480 1 - Live 0x0\n");
	tap_check(found(judged(doctor_check_helpers, NULL, root),
			"foreign-helper", "nf_conntrack_helper: 1"), "module");
	plant("/proc/sys/net/netfilter/nf_conntrack_helper", "one\n");
	tap_check(found(judged(doctor_check_helpers, NULL, root), NULL, NULL),
		  "no number");
	tap_end();
}

static void test_tables(void)
{
	tap_begin("tables: full, nearly, and odd texts");
	plant("/proc/sys/net/netfilter/nf_conntrack_count", "96\n");
	plant("/proc/sys/net/netfilter/nf_conntrack_max", "100\n");
	plant("/proc/net/stat/nf_conntrack",
	      "entries  drop early_drop\n00000060 00000001 0000000a\n00000060 00000001\n\n");
	tap_check(found(judged(doctor_check_tables, NULL, root),
			"conntrack-full", "early_drop 10"), "full");
	plant("/proc/net/stat/nf_conntrack", "");
	plant("/proc/sys/net/netfilter/nf_conntrack_count", "94\n");
	tap_check(found(judged(doctor_check_tables, NULL, root), NULL, NULL),
		  "not full");
	plant("/proc/sys/net/netfilter/nf_conntrack_expect_max", "2\n");
	plant("/proc/net/nf_conntrack_expect", "1\n2\n");
	tap_check(found(judged(doctor_check_tables, NULL, root),
			"expectations-full", "2 lines"), "expectations");
	plant("/proc/sys/net/netfilter/nf_conntrack_expect_max", "");
	tap_check(found(judged(doctor_check_tables, NULL, root), NULL, NULL),
		  "no number");
	tap_end();
}

static void check_queues(const struct doctor *doctor, json_t *findings)
{
	struct doctor own = *doctor;

	own.listeners = json_pack("[{si si si}]", "queue", 3, "queues", 2,
				  "portid", 100);
	doctor_check_queues(&own, findings);
	json_decref(own.listeners);
}

static void test_queues(void)
{
	static const char path[] = "/proc/net/netfilter/nfnetlink_queue";

	tap_begin("queues: unbound, dropping, and odd lines");
	plant(path, "    3    200     0 2 65531     0     0       0  1\n");
	tap_check(found(judged(check_queues, NULL, root), "queue-unbound",
			"has no queue 4"), "unbound");
	plant(path, "3 200 0 2 65531 0 0 0 1\n4 200 0 2 65531 0 7 0 1\nx\n4\n");
	tap_check(found(judged(check_queues, NULL, root), "queue-drops",
			"queue 4, queue_dropped 0, user_dropped 7"), "drops");
	plant(path, "3 200 0 2 65531 0 0 0 1\n4 200 0 2 65531 0 0 0 1\n");
	tap_check(found(judged(check_queues, NULL, root), NULL, NULL), "well");
	tap_end();
}

static void test_forwarding(void)
{
	tap_begin("forwarding, where there are networks on both sides");
	plant("/proc/sys/net/ipv6/conf/all/forwarding", "0\n");
	plant("/proc/net/if_inet6", "fd00 02 40 00 80 a\nfe80 03 40 20 80 b\nx\n");
	tap_check(found(judged(doctor_check_forwarding, NULL, root), NULL, NULL),
		  "one side");
	plant("/proc/net/if_inet6", "fd00 02 40 00 80 a\nfd01 03 40 00 80 b\n");
	tap_check(found(judged(doctor_check_forwarding, NULL, root),
			"forwarding-off-ipv6", "forwarding: 0"), "both");
	tap_end();
}

static void test_texts(void)
{
	json_t *findings = json_array(), *finding, *seen;

	tap_begin("what others wrote can't speak to a terminal");
	finding = finding_new(findings, "x", "X.");
	finding_seen(finding, "a\x1b[2Jb\x7f \xff");
	finding_seen(finding, "caf\xc3\xa9");
	seen = json_object_get(finding, "evidence");
	tap_check(!strcmp(json_string_value(json_array_get(seen, 0)), "a?[2Jb? ?") &&
		  !strcmp(json_string_value(json_array_get(seen, 1)), "caf\xc3\xa9"),
		  "%s", json_string_value(json_array_get(seen, 0)));
	json_decref(findings);
	tap_end();
}

int main(void)
{
	strcpy(root, "/tmp/appgw-doctor.XXXXXX");
	if (!mkdtemp(root))
		return 2;
	tap_plan(TAP_ARRAY_SIZE(nft_cases) + TAP_ARRAY_SIZE(save_cases) + 19);
	test_nft();
	test_nft_vmap();
	test_nft_bad();
	test_nft_deep();
	test_nft_text();
	test_save();
	test_save_whole();
	test_spoiled();
	test_related();
	test_modules();
	test_conntrackd();
	test_sysctls();
	test_tables();
	test_queues();
	test_forwarding();
	test_texts();
	return tap_finish();
}
