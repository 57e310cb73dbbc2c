// SPDX-License-Identifier: GPL-2.0-only
/* The same for iptables-restore and ip6tables-restore --noflush, in chains that are
 * all of FORWARD, and the first of PREROUTING.
 */

#include <sys/socket.h>

#include "../include/appgw/span.h"
#include "rules.h"

#define STATE	"-m conntrack --ctstate "
#define HELPER	"-m helper --helper appgw-"

static const char *const protos[] = { "tcp", "udp" };

/* Write one rule for each range of @helper's ports, and each transport. */
static void iptables_assign(const struct rules *rules,
			    const struct rules_helper *helper,
			    const char *before)
{
	char text[RULE_PORTS_TEXT_MAX];
	unsigned int i, p;

	for (p = 0; p < ARRAY_SIZE(protos); p++) {
		if (!(helper->helper->controls & 1u << p))
			continue;
		for (i = 0; i < helper->count; i++) {
			rule_ports_text(&helper->ports[i], ':', text);
			fprintf(rules->r->out,
				"%s-p %s --dport %s -j CT --helper appgw-%s\n",
				before, protos[p], text, helper->helper->name);
		}
	}
}

static void iptables_helpers(const struct rules *rules)
{
	const struct rules_helper *helper = rules->helpers;
	const struct render *r = rules->r;
	char before[RENDER_SET_MAX];
	unsigned int i;

	for (; helper < rules->helpers + rules->count; helper++) {
		fprintf(r->out, "# %s is followed\n", helper->helper->name);
		if (!r->servers_count)
			iptables_assign(rules, helper, "-A APPGW-HELPERS ");
		for (i = 0; i < r->servers_count; i++) {
			snprintf(before, sizeof(before),
				 "%s -A APPGW-HELPERS -d %s ",
				 r->servers[i].family == AF_INET ? "-4" : "-6",
				 r->servers[i].address);
			iptables_assign(rules, helper, before);
		}
	}
}

static void iptables_related(const struct rules *rules)
{
	const struct rules_helper *helper = rules->helpers;
	const struct render *r = rules->r;
	unsigned int p;

	for (; helper < rules->helpers + rules->count; helper++) {
		fprintf(r->out,
			"# what %s has announced: towards inside only, and no service below %u\n",
			helper->helper->name, helper->helper->lowest);
		for (p = 0; p < ARRAY_SIZE(protos); p++)
			if (helper->helper->protos & 1u << p)
				fprintf(r->out,
					"-A APPGW-STRICT -i %s -o %s " STATE "RELATED "
					HELPER "%s -p %s --dport %u:65535 -j ACCEPT\n",
					r->outside, r->inside[0],
					helper->helper->name, protos[p],
					helper->helper->lowest);
	}
}

/**
 * rules_iptables() - write the rules for iptables-restore
 * @rules: what the module does
 */
void rules_iptables(const struct rules *rules)
{
	const struct render *r = rules->r;

	rules_head(rules, "iptables-restore and ip6tables-restore --noflush");
	fprintf(r->out,
		"# Once, with iptables and ip6tables:\n"
		"#   iptables -t raw -I PREROUTING -j APPGW-HELPERS\n"
		"#   iptables -I FORWARD -j APPGW-STRICT\n"
		"*raw\n:APPGW-HELPERS - [0:0]\n"
		"# a source to which the way back is another one is a false one\n"
		"-A APPGW-HELPERS -i %s -m rpfilter --invert -j DROP\n"
		"-A APPGW-HELPERS -i %s -m rpfilter --invert -j DROP\n",
		r->inside[0], r->outside);
	iptables_helpers(rules);
	fprintf(r->out,
		"COMMIT\n*filter\n:APPGW-STRICT - [0:0]\n"
		"-A APPGW-STRICT " STATE "ESTABLISHED -j ACCEPT\n");
	iptables_related(rules);
	fprintf(r->out,
		"# errors about connections\n"
		"-4 -A APPGW-STRICT -p icmp " STATE "RELATED -j ACCEPT\n"
		"-6 -A APPGW-STRICT -p ipv6-icmp " STATE "RELATED -j ACCEPT\n"
		"# what hosts inside begin; narrow it down here\n"
		"-A APPGW-STRICT -i %s -o %s " STATE "NEW,RELATED -j ACCEPT\n"
		"# nothing else, and it can be seen: tcpdump -ni nflog:%u\n"
		"-A APPGW-STRICT -m limit --limit 50/second -j NFLOG --nflog-group %u --nflog-prefix \"appgw drop: \"\n"
		"-A APPGW-STRICT -j DROP\nCOMMIT\n", r->inside[0], r->outside,
		DROPS_LOG_GROUP, DROPS_LOG_GROUP);
}
