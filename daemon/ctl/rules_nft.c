// SPDX-License-Identifier: GPL-2.0-only
/* Strict rules for nft: a table of its own, whose forward chain drops all else. */

#include <sys/socket.h>

#include "../include/appgw/span.h"
#include "rules.h"

static const char *const nft_protos[] = {
	[PROFILE_TCP] = "tcp",
	[PROFILE_UDP] = "udp",
	[PROFILE_TCP | PROFILE_UDP] = "{ tcp, udp }",
};

static bool nft_has_family(const struct render *r, int family)
{
	unsigned int i;

	for (i = 0; i < r->servers_count; i++)
		if (r->servers[i].family == family)
			return true;
	return false;
}

/* Write the set of a helper's servers of a family, if there are any. */
static void nft_servers(const struct render *r, const char *name, int family)
{
	bool is_ip4 = family == AF_INET, is_first = true;
	unsigned int i;

	if (!nft_has_family(r, family))
		return;
	fprintf(r->out,
		"\t# %s's servers, as their clients know them; take out those that aren't\n"
		"\tset %s_servers%s {\n\t\ttype ipv%d_addr;\n\t\telements = { ",
		name, name, is_ip4 ? "" : "6", is_ip4 ? 4 : 6);
	for (i = 0; i < r->servers_count; i++) {
		if (r->servers[i].family != family)
			continue;
		fprintf(r->out, "%s%s", is_first ? "" : ", ",
			r->servers[i].address);
		is_first = false;
	}
	fprintf(r->out, " };\n\t}\n");
}

/* Write an object for each transport of control connections: the first has no more than
 * the helper's name.
 */
static void nft_object(const struct profile_helper *helper, FILE *out)
{
	if (helper->controls & PROFILE_TCP)
		fprintf(out,
			"\tct helper appgw_%s {\n\t\ttype \"appgw-%s\" protocol tcp;\n\t\tl3proto inet;\n\t}\n",
			helper->name, helper->name);
	if (helper->controls & PROFILE_UDP)
		fprintf(out,
			"\tct helper appgw_%s_udp {\n\t\ttype \"appgw-%s\" protocol udp;\n\t\tl3proto inet;\n\t}\n",
			helper->name, helper->name);
}

static void nft_objects(const struct rules *rules)
{
	const struct rules_helper *helper = rules->helpers;
	const char *name;

	for (; helper < rules->helpers + rules->count; helper++) {
		name = helper->helper->name;
		nft_object(helper->helper, rules->r->out);
		nft_servers(rules->r, name, AF_INET);
		nft_servers(rules->r, name, AF_INET6);
	}
}

static void nft_ports(const struct rules_helper *helper, FILE *out)
{
	char text[RULE_PORTS_TEXT_MAX];
	unsigned int i;

	fprintf(out, "dport { ");
	for (i = 0; i < helper->count; i++) {
		rule_ports_text(&helper->ports[i], '-', text);
		fprintf(out, "%s%s", i ? ", " : "", text);
	}
	fprintf(out, " } ");
}

static void nft_assign(const struct rules *rules,
		       const struct rules_helper *helper, const char *match)
{
	static const struct {
		unsigned int bit;
		const char *name;
		const char *object;
	} controls[] = {
		{ PROFILE_TCP, "tcp", "" },
		{ PROFILE_UDP, "udp", "_udp" },
	};
	FILE *out = rules->r->out;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(controls); i++) {
		if (!(helper->helper->controls & controls[i].bit))
			continue;
		fprintf(out, "\t\t%s%s ", match, controls[i].name);
		nft_ports(helper, out);
		fprintf(out, "ct helper set \"appgw_%s%s\"\n",
			helper->helper->name, controls[i].object);
	}
}

static void nft_helpers(const struct rules *rules)
{
	const struct rules_helper *helper = rules->helpers;
	const struct render *r = rules->r;
	char match[RENDER_SET_MAX];
	const char *name;

	fprintf(r->out,
		"\tchain helpers {\n"
		"\t\ttype filter hook prerouting priority -150; policy accept;\n");
	for (; helper < rules->helpers + rules->count; helper++) {
		name = helper->helper->name;
		fprintf(r->out, "\t\t# %s is followed\n", name);
		if (!r->servers_count)
			nft_assign(rules, helper, "");
		snprintf(match, sizeof(match), "ip daddr @%s_servers ", name);
		if (nft_has_family(r, AF_INET))
			nft_assign(rules, helper, match);
		snprintf(match, sizeof(match), "ip6 daddr @%s_servers6 ", name);
		if (nft_has_family(r, AF_INET6))
			nft_assign(rules, helper, match);
	}
	fprintf(r->out, "\t}\n");
}

static void nft_related(const struct rules *rules)
{
	const struct rules_helper *helper = rules->helpers;
	const struct render *r = rules->r;

	for (; helper < rules->helpers + rules->count; helper++)
		fprintf(r->out,
			"\t\t# what %s has announced: towards inside only, and no service below %u\n"
			"\t\tiifname \"%s\" oifname \"%s\" ct state related ct helper \"appgw-%s\" meta l4proto %s th dport %u-65535 counter accept\n",
			helper->helper->name, helper->helper->lowest,
			r->outside, r->inside[0], helper->helper->name,
			nft_protos[helper->helper->protos],
			helper->helper->lowest);
}

/**
 * rules_nft() - write the rules for nft
 * @rules: what the module does
 */
void rules_nft(const struct rules *rules)
{
	const struct render *r = rules->r;

	rules_head(rules, "nft -f");
	fprintf(r->out,
		"# Loaded again it takes its own place. Other tables' rules hold beside it.\n"
		"table inet appgw_strict\ndelete table inet appgw_strict\n\n"
		"table inet appgw_strict {\n");
	nft_objects(rules);
	nft_helpers(rules);
	fprintf(r->out,
		"\tchain forward {\n"
		"\t\ttype filter hook forward priority 0; policy drop;\n"
		"\t\t# a source to which the way back is another one is a false one\n"
		"\t\tfib saddr . iif oif missing counter drop\n"
		"\t\tct state established counter accept\n");
	nft_related(rules);
	fprintf(r->out,
		"\t\t# errors about connections\n"
		"\t\tct state related meta l4proto { icmp, ipv6-icmp } counter accept\n"
		"\t\t# what hosts inside begin; narrow it down here\n"
		"\t\tiifname \"%s\" oifname \"%s\" ct state new,related counter accept\n"
		"\t\t# nothing else, and it can be seen: tcpdump -ni nflog:%u\n"
		"\t\tlimit rate 50/second log group %u prefix \"appgw drop: \"\n"
		"\t\tcounter drop\n"
		"\t}\n}\n", r->inside[0], r->outside, DROPS_LOG_GROUP,
		DROPS_LOG_GROUP);
}
