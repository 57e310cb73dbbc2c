// SPDX-License-Identifier: GPL-2.0-only
/* Render profiles for iptables-restore and ip6tables-restore --noflush, in chains of
 * their own. One text is for both: each passes over lines that begin with the other's
 * -4 or -6.
 */

#include <sys/socket.h>

#include "render.h"

/* Letters of a profile's name in those of its timeouts, which have 4 with the family's
 * digit: xt_CT gives no more of one back (it copies as much as before there were
 * timeouts), so that iptables could change nothing in the table any more.
 */
#define TIMEOUT_NAME	3

/**
 * struct iptables_way - a way that packets take
 * @from: interface, or NULL
 * @to: the same
 */
struct iptables_way {
	const char *from;
	const char *to;
};

typedef void (*iptables_rule_t)(const struct render *r,
				const struct profile *profile,
				const struct profile_entry *entry);

static void iptables_each(const struct render *r, iptables_rule_t rule)
{
	const struct profile_entry *entry;
	const struct profile *profile;

	for (profile = r->profiles; profile < r->profiles + r->count; profile++)
		for (entry = profile->entries;
		     entry < profile->entries + profile->count; entry++)
			if (render_wants(r, entry))
				rule(r, profile, entry);
}

static void iptables_why(const struct render *r, const struct profile *profile,
			 const struct profile_entry *entry)
{
	fprintf(r->out, "# %s, %s: %s\n", profile->name, entry->name,
		entry->why);
}

/* Write what a rule of @entry's is, once for each transport and range of ports:
 * @before the ports, and @after them.
 */
static void iptables_ports(const struct render *r,
			   const struct profile_entry *entry,
			   const char *before, const char *option,
			   const char *after)
{
	static const char *const protos[] = { "tcp", "udp" };
	struct rule_ports ports[PROFILE_PORTS_MAX];
	unsigned int i, p, count = render_ports(r, entry, ports);
	char text[RULE_PORTS_TEXT_MAX];

	for (p = 0; p < 2; p++) {
		for (i = 0; entry->protos & 1u << p && i < count; i++) {
			rule_ports_text(&ports[i], ':', text);
			fprintf(r->out, "%s-p %s --%s %s %s\n", before,
				protos[p], option, text, after);
		}
	}
}

static const char *iptables_family(const struct render *r)
{
	if (!r->servers_count)
		return "";
	return r->servers->family == AF_INET ? "-4 " : "-6 ";
}

/* Write "-A CHAIN -i FROM -o TO -d SERVER ". */
static void iptables_before(const struct render *r, char *out,
			    const char *chain, struct iptables_way way,
			    bool to_server)
{
	bool is_of_server = to_server && r->servers_count;

	snprintf(out, RENDER_SET_MAX, "%s-A %s %s%s%s%s%s%s%s%s%s",
		 is_of_server ? iptables_family(r) : "", chain,
		 way.from ? "-i " : "", way.from ? way.from : "",
		 way.from ? " " : "", way.to ? "-o " : "",
		 way.to ? way.to : "", way.to ? " " : "",
		 is_of_server ? "-d " : "",
		 is_of_server ? r->servers->address : "",
		 is_of_server ? " " : "");
}

static const char *iptables_verdict(const struct profile_entry *entry)
{
	return entry->is_rejected ? "-j REJECT --reject-with tcp-reset" :
				    "-j ACCEPT";
}

/* ---- filter */

static void iptables_forward_way(const struct render *r,
				 const struct profile_entry *entry,
				 struct iptables_way way)
{
	const struct iptables_way back = { way.to, way.from };
	char before[RENDER_SET_MAX];

	iptables_before(r, before, "APPGW-FORWARD", way,
			entry->direction == PROFILE_IN);
	iptables_ports(r, entry, before, "dport", iptables_verdict(entry));
	if (!entry->has_no_limits)
		return;
	iptables_before(r, before, "APPGW-FORWARD", back, false);
	iptables_ports(r, entry, before, "sport",
		       "-m conntrack --ctstate ESTABLISHED -j ACCEPT");
}

static void iptables_forward(const struct render *r,
			     const struct profile *profile,
			     const struct profile_entry *entry)
{
	struct iptables_way way = { r->inside[0], r->outside };
	unsigned int from, to;

	if (entry->direction == PROFILE_IN && !r->servers_count)
		return;
	iptables_why(r, profile, entry);
	if (entry->direction != PROFILE_LAN) {
		if (entry->direction == PROFILE_IN)
			way = (struct iptables_way){ r->outside, r->inside[0] };
		iptables_forward_way(r, entry, way);
		return;
	}
	for (from = 0; from < r->inside_count; from++) {
		for (to = 0; to < r->inside_count; to++) {
			way.from = r->inside[from];
			way.to = r->inside[to];
			iptables_forward_way(r, entry, way);
		}
	}
}

static void iptables_related_way(const struct render *r,
				 const struct profile_helper *helper,
				 const char *chain, struct iptables_way way)
{
	static const char *const protos[] = { "tcp", "udp" };
	char before[RENDER_SET_MAX];
	unsigned int p;

	iptables_before(r, before, chain, way, false);
	for (p = 0; p < 2; p++)
		if (helper->protos & 1u << p)
			fprintf(r->out,
				"%s-m conntrack --ctstate RELATED -m helper --helper appgw-%s -p %s --dport %u:65535 -j ACCEPT\n",
				before, helper->name, protos[p],
				helper->lowest);
}

static void iptables_related(const struct render *r,
			     const struct profile *profile,
			     const struct profile_entry *entry)
{
	const struct iptables_way in = { r->outside, r->inside[0] };
	const struct iptables_way out = { r->inside[0], r->outside };

	if (!entry->helper)
		return;
	fprintf(r->out,
		"# %s: what the helper has read, in either way, and no service below %u\n",
		profile->name, entry->helper->lowest);
	iptables_related_way(r, entry->helper, "APPGW-FORWARD", in);
	iptables_related_way(r, entry->helper, "APPGW-FORWARD", out);
}

static void iptables_icmp(const struct render *r,
			  const struct profile *profile,
			  const struct profile_entry *entry)
{
	if (!entry->needs_icmp)
		return;
	fprintf(r->out,
		"# %s, %s: errors about connections: sizes that don't fit, and ends that are gone\n"
		"-4 -A APPGW-FORWARD -p icmp -m conntrack --ctstate RELATED -j ACCEPT\n"
		"-6 -A APPGW-FORWARD -p ipv6-icmp -m conntrack --ctstate RELATED -j ACCEPT\n",
		profile->name, entry->name);
}

static void iptables_input(const struct render *r,
			   const struct profile *profile,
			   const struct profile_entry *entry)
{
	struct iptables_way way = { r->outside, NULL };
	char before[RENDER_SET_MAX];
	unsigned int i;

	if (entry->direction == PROFILE_OUT ||
	    (entry->direction == PROFILE_IN && r->servers_count))
		return;
	iptables_why(r, profile, entry);
	for (i = 0; i < r->inside_count; i++) {
		if (entry->direction == PROFILE_LAN)
			way.from = r->inside[i];
		iptables_before(r, before, "APPGW-INPUT", way, false);
		iptables_ports(r, entry, before, "dport",
			       iptables_verdict(entry));
	}
	if (entry->helper && entry->direction == PROFILE_IN)
		iptables_related_way(r, entry->helper, "APPGW-INPUT", way);
}

/* ---- nat, raw */

static void iptables_dnat(const struct render *r,
			  const struct profile *profile,
			  const struct profile_entry *entry)
{
	char before[RENDER_SET_MAX], after[RENDER_SET_MAX];

	if (entry->direction != PROFILE_IN || !r->servers_count)
		return;
	iptables_why(r, profile, entry);
	snprintf(before, sizeof(before),
		 "%s-A APPGW-DNAT -i %s -m addrtype --dst-type LOCAL ",
		 iptables_family(r), r->outside);
	snprintf(after, sizeof(after), "-j DNAT --to-destination %s",
		 r->servers->address);
	iptables_ports(r, entry, before, "dport", after);
}

static void iptables_timeout(const struct render *r,
			     const struct profile *profile,
			     const struct profile_entry *entry)
{
	bool is_in = entry->direction == PROFILE_IN;
	char before[RENDER_SET_MAX], after[RENDER_SET_MAX];
	unsigned int i;

	if (!entry->replied_s)
		return;
	iptables_why(r, profile, entry);
	fprintf(r->out,
		"# pauses that conntrack is not to take for the end; once, before this is loaded:\n");
	for (i = 0; i < 2; i++)
		fprintf(r->out,
			"#   nfct timeout add %.*s%s inet%s udp unreplied %u replied %u\n",
			TIMEOUT_NAME, profile->name, i ? "6" : "4",
			i ? "6" : "", entry->unreplied_s, entry->replied_s);
	for (i = 0; i < 2; i++) {
		snprintf(before, sizeof(before), "-%s -A APPGW-RAW -i %s ",
			 i ? "6" : "4", is_in ? r->outside : r->inside[0]);
		snprintf(after, sizeof(after), "-j CT --timeout %.*s%s",
			 TIMEOUT_NAME, profile->name, i ? "6" : "4");
		iptables_ports(r, entry, before, "dport", after);
	}
}

/**
 * render_iptables() - write profiles for iptables-restore
 * @r: request
 */
void render_iptables(const struct render *r)
{
	render_head(r, "iptables-restore and ip6tables-restore --noflush");
	fprintf(r->out,
		"# Once, with iptables and ip6tables, before all rules of yours:\n"
		"#   iptables -t raw -I PREROUTING -j APPGW-RAW\n"
		"#   iptables -t nat -I PREROUTING -j APPGW-DNAT\n"
		"#   iptables -I FORWARD -j APPGW-FORWARD\n"
		"#   iptables -I INPUT -j APPGW-INPUT\n"
		"# Yours accept what is established.\n"
		"*raw\n:APPGW-RAW - [0:0]\n");
	iptables_each(r, iptables_timeout);
	fprintf(r->out, "COMMIT\n*nat\n:APPGW-DNAT - [0:0]\n");
	iptables_each(r, iptables_dnat);
	fprintf(r->out,
		"COMMIT\n*filter\n:APPGW-FORWARD - [0:0]\n:APPGW-INPUT - [0:0]\n");
	iptables_each(r, iptables_forward);
	iptables_each(r, iptables_related);
	iptables_each(r, iptables_icmp);
	iptables_each(r, iptables_input);
	fprintf(r->out, "COMMIT\n");
}
