// SPDX-License-Identifier: GPL-2.0-only
/* Render profiles for nft: chains of their own, in the table whose forward chain is
 * to jump to them first. In another table an "accept" would not count. OpenWrt's fw4
 * includes the same between its own chains.
 */

#include <sys/socket.h>

#include "render.h"

/**
 * struct nft - how the rules say where a packet comes from and goes to
 * @r: request
 * @from_in: it comes from inside
 * @from_out: from outside
 * @to_in: it goes there
 * @to_out: to the outside
 * @indent: what a rule begins with
 * @is_fw4: what is established has been accepted before
 */
struct nft {
	const struct render *r;
	bool is_fw4;
	char from_in[RENDER_SET_MAX + 16];
	char from_out[RENDER_SET_MAX];
	char to_in[RENDER_SET_MAX + 16];
	char to_out[RENDER_SET_MAX];
	const char *indent;
};

/* What is done with each entry that is wanted */
typedef void (*nft_rule_t)(const struct nft *nft, const struct profile *profile,
			   const struct profile_entry *entry);

static void nft_each(const struct nft *nft, nft_rule_t rule)
{
	const struct profile *profile = nft->r->profiles;
	const struct profile_entry *entry;

	for (; profile < nft->r->profiles + nft->r->count; profile++)
		for (entry = profile->entries;
		     entry < profile->entries + profile->count; entry++)
			if (render_wants(nft->r, entry))
				rule(nft, profile, entry);
}

static void nft_why(const struct nft *nft, const struct profile *profile,
		    const struct profile_entry *entry)
{
	fprintf(nft->r->out, "%s# %s, %s: %s\n", nft->indent, profile->name,
		entry->name, entry->why);
}

/* Write "tcp dport 21 ", or the same of the source. */
static void nft_match(const struct nft *nft, const struct profile_entry *entry,
		      const char *port)
{
	static const char *const protos[] = {
		[PROFILE_TCP] = "tcp",
		[PROFILE_UDP] = "udp",
		[PROFILE_TCP | PROFILE_UDP] = "meta l4proto { tcp, udp } th",
	};
	char ports[RENDER_SET_MAX];

	render_ports_set(nft->r, entry, ports);
	fprintf(nft->r->out, "%s %s %s ", protos[entry->protos], port, ports);
}

static void nft_server(const struct nft *nft, const char *which)
{
	const struct render_server *server = nft->r->servers;

	if (nft->r->servers_count)
		fprintf(nft->r->out, "%s %s %s ",
			server->family == AF_INET ? "ip" : "ip6", which,
			server->address);
}

/* ---- forward */

static void nft_forward(const struct nft *nft, const struct profile *profile,
			const struct profile_entry *entry)
{
	const char *from = nft->from_in, *to = nft->to_out;
	FILE *out = nft->r->out;

	if (entry->direction == PROFILE_IN && !nft->r->servers_count)
		return;
	if (entry->direction == PROFILE_IN)
		from = nft->from_out;
	if (entry->direction != PROFILE_OUT)
		to = nft->to_in;
	nft_why(nft, profile, entry);
	fprintf(out, "%s%s%s", nft->indent, from, to);
	if (entry->direction == PROFILE_IN)
		nft_server(nft, "daddr");
	nft_match(nft, entry, "dport");
	fprintf(out, "%s\n", entry->is_rejected ?
		"reject with tcp reset" : "accept");
	if (!entry->has_no_limits || nft->is_fw4)
		return;
	fprintf(out, "%s# what comes back of it: before any limit, too\n",
		nft->indent);
	fprintf(out, "%s%s%s", nft->indent,
		entry->direction == PROFILE_IN ? nft->from_in : nft->from_out,
		entry->direction == PROFILE_IN ? nft->to_out : nft->to_in);
	nft_match(nft, entry, "sport");
	fprintf(out, "ct state established accept\n");
}

static void nft_related_way(const struct nft *nft,
			    const struct profile_helper *helper,
			    const char *from, const char *to)
{
	static const char *const protos[] = {
		[PROFILE_TCP] = "tcp",
		[PROFILE_UDP] = "udp",
		[PROFILE_TCP | PROFILE_UDP] = "{ tcp, udp }",
	};

	fprintf(nft->r->out,
		"%s%s%sct state related ct helper \"appgw-%s\" meta l4proto %s th dport %u-65535 accept\n",
		nft->indent, from, to, helper->name, protos[helper->protos],
		helper->lowest);
}

static void nft_related(const struct nft *nft, const struct profile *profile,
			const struct profile_entry *entry)
{
	if (!entry->helper)
		return;
	fprintf(nft->r->out,
		"%s# %s: what the helper has read, in either way, and no service below %u\n",
		nft->indent, profile->name, entry->helper->lowest);
	nft_related_way(nft, entry->helper, nft->from_out, nft->to_in);
	nft_related_way(nft, entry->helper, nft->from_in, nft->to_out);
}

static bool nft_needs_icmp(const struct render *r)
{
	unsigned int i, j;

	for (i = 0; i < r->count; i++)
		for (j = 0; j < r->profiles[i].count; j++)
			if (r->profiles[i].entries[j].needs_icmp &&
			    render_wants(r, &r->profiles[i].entries[j]))
				return true;
	return false;
}

static void nft_icmp(const struct nft *nft)
{
	const char *in = nft->indent;

	if (nft_needs_icmp(nft->r))
		fprintf(nft->r->out,
			"%s# errors about connections: sizes that don't fit, and ends that are gone\n"
			"%sct state related icmp type { destination-unreachable, time-exceeded, parameter-problem } accept\n"
			"%sct state related icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept\n",
			in, in, in);
}

/* ---- what is for this machine itself */

static void nft_input(const struct nft *nft, const struct profile *profile,
		      const struct profile_entry *entry)
{
	bool is_lan = entry->direction == PROFILE_LAN;

	if (!is_lan && (entry->direction == PROFILE_OUT ||
			nft->r->servers_count))
		return;
	nft_why(nft, profile, entry);
	fprintf(nft->r->out, "%s%s", nft->indent,
		is_lan ? nft->from_in : nft->from_out);
	nft_match(nft, entry, "dport");
	fprintf(nft->r->out, "%s\n", entry->is_rejected ?
		"reject with tcp reset" : "accept");
	if (entry->helper && !is_lan)
		nft_related_way(nft, entry->helper, nft->from_out, "");
}

/* ---- before: redirection, and timeouts */

static void nft_dnat(const struct nft *nft, const struct profile *profile,
		     const struct profile_entry *entry)
{
	const struct render_server *server = nft->r->servers;
	const char *ip = server->family == AF_INET ? "ip" : "ip6";

	if (entry->direction != PROFILE_IN || !nft->r->servers_count)
		return;
	nft_why(nft, profile, entry);
	fprintf(nft->r->out, "%s%smeta nfproto %s ", nft->indent, nft->from_out,
		server->family == AF_INET ? "ipv4" : "ipv6");
	/* a router's own address is what is redirected */
	fprintf(nft->r->out, "fib daddr type local ");
	nft_match(nft, entry, "dport");
	fprintf(nft->r->out, "dnat %s to %s\n", ip, server->address);
}

static void nft_timeout_name(const struct profile *profile,
			     const struct profile_entry *entry, char *out)
{
	char first[RULE_NAME_MAX + 1], second[RULE_NAME_MAX + 1];

	render_identifier(profile->name, first);
	render_identifier(entry->name, second);
	snprintf(out, RENDER_SET_MAX, "appgw_%s_%s", first, second);
}

static void nft_timeout(const struct nft *nft, const struct profile *profile,
			const struct profile_entry *entry)
{
	char name[RENDER_SET_MAX];

	if (!entry->replied_s)
		return;
	nft_timeout_name(profile, entry, name);
	fprintf(nft->r->out,
		"	# %s: pauses that conntrack is not to take for the end\n"
		"	ct timeout %s {\n"
		"		protocol udp;\n"
		"		policy = { unreplied : %u, replied : %u };\n"
		"	}\n", profile->name, name, entry->unreplied_s,
		entry->replied_s);
}

static void nft_timeout_set(const struct nft *nft,
			    const struct profile *profile,
			    const struct profile_entry *entry)
{
	char name[RENDER_SET_MAX];

	if (!entry->replied_s)
		return;
	nft_timeout_name(profile, entry, name);
	nft_why(nft, profile, entry);
	fprintf(nft->r->out, "%s%s", nft->indent,
		entry->direction == PROFILE_IN ? nft->from_out : nft->from_in);
	nft_match(nft, entry, "dport");
	fprintf(nft->r->out, "ct timeout set \"%s\"\n", name);
}

/* Write a chain with @hook, or without, of a rule for each entry. */
static void nft_chain(const struct nft *nft, const char *name, const char *hook,
		      nft_rule_t rule)
{
	fprintf(nft->r->out, "\tchain %s {\n", name);
	if (hook)
		fprintf(nft->r->out, "\t\ttype %s;\n", hook);
	nft_each(nft, rule);
}

static void nft_end(const struct nft *nft)
{
	fprintf(nft->r->out, "\t}\n");
}

static void nft_before(const struct nft *nft)
{
	nft_each(nft, nft_timeout);
	nft_chain(nft, "appgw_timeout",
		  "filter hook prerouting priority -150; policy accept",
		  nft_timeout_set);
	nft_end(nft);
	nft_chain(nft, "appgw_dnat",
		  "nat hook prerouting priority -105; policy accept", nft_dnat);
	nft_end(nft);
}

static void nft_init(struct nft *nft, const struct render *r)
{
	char inside[RENDER_SET_MAX];

	nft->r = r;
	nft->is_fw4 = false;
	nft->indent = "\t\t";
	render_inside_set(r, inside);
	snprintf(nft->from_in, sizeof(nft->from_in), "iifname %s ", inside);
	snprintf(nft->to_in, sizeof(nft->to_in), "oifname %s ", inside);
	snprintf(nft->from_out, sizeof(nft->from_out), "iifname \"%s\" ",
		 r->outside ? r->outside : "");
	snprintf(nft->to_out, sizeof(nft->to_out), "oifname \"%s\" ",
		 r->outside ? r->outside : "");
}

/**
 * render_nft() - write profiles for nft
 * @r: request
 */
void render_nft(const struct render *r)
{
	const char *t = r->table;
	struct nft nft;

	nft_init(&nft, r);
	render_head(r, "nft");
	fprintf(r->out,
		"# In the table of your own rules, \"inet %s\" here (--table), the first rule of the\n"
		"# forward chain is to be \"jump appgw_forward\", and of the input chain \"jump appgw_input\".\n"
		"# Yours accepts what is established. Loaded again it takes its own place.\n"
		"table inet %s {\n\tchain appgw_timeout {\n"
		"\t\ttype filter hook prerouting priority -150; policy accept;\n\t}\n"
		"\tchain appgw_dnat {\n"
		"\t\ttype nat hook prerouting priority -105; policy accept;\n\t}\n"
		"\tchain appgw_forward {\n\t}\n\tchain appgw_input {\n\t}\n}\n"
		"flush chain inet %s appgw_timeout\nflush chain inet %s appgw_dnat\n"
		"flush chain inet %s appgw_forward\nflush chain inet %s appgw_input\n\n"
		"table inet %s {\n", t, t, t, t, t, t, t);
	nft_before(&nft);
	nft_chain(&nft, "appgw_forward", NULL, nft_forward);
	nft_each(&nft, nft_related);
	nft_icmp(&nft);
	nft_end(&nft);
	nft_chain(&nft, "appgw_input", NULL, nft_input);
	nft_end(&nft);
	fprintf(r->out, "}\n");
}

/* ---- OpenWrt */

/* Zones by the sets of devices that fw4 defines before it includes others' files */
static void nft_init_zones(struct nft *nft, const struct render *r,
			   const char *from, const char *to)
{
	const char *outside = r->outside ? r->outside : "";

	nft->r = r;
	nft->is_fw4 = true;
	nft->indent = "\t\t";
	snprintf(nft->from_in, sizeof(nft->from_in), "iifname $%s_devices ",
		 from);
	snprintf(nft->to_in, sizeof(nft->to_in), "oifname $%s_devices ", to);
	snprintf(nft->from_out, sizeof(nft->from_out), "iifname $%s_devices ",
		 outside);
	snprintf(nft->to_out, sizeof(nft->to_out), "oifname $%s_devices ",
		 outside);
}

/* Write what one of fw4's chains of zones begins with: the direction's rules. */
static void nft_zone(const struct nft *nft, const char *chain, const char *zone,
		     nft_rule_t rule)
{
	char name[RENDER_SET_MAX];

	snprintf(name, sizeof(name), "%s_%s", chain, zone);
	nft_chain(nft, name, NULL, rule);
	nft_end(nft);
}

/* Each direction goes through the chain of the zone it comes from. */
static void nft_forward_in(const struct nft *nft, const struct profile *profile,
			   const struct profile_entry *entry)
{
	if (entry->direction == PROFILE_IN)
		nft_forward(nft, profile, entry);
}

static void nft_forward_out(const struct nft *nft,
			    const struct profile *profile,
			    const struct profile_entry *entry)
{
	if (entry->direction != PROFILE_IN)
		nft_forward(nft, profile, entry);
}

/* Write what goes on between zones inside: each one's chain has the way to each. */
static void nft_zones_inside(const struct render *r)
{
	unsigned int from, to;
	struct nft nft;

	for (from = 0; from < r->inside_count; from++) {
		for (to = 0; to < r->inside_count; to++) {
			nft_init_zones(&nft, r, r->inside[from], r->inside[to]);
			nft_zone(&nft, "forward", r->inside[from],
				 nft_forward_out);
		}
		nft_zone(&nft, "input", r->inside[from], nft_input);
	}
}

/**
 * render_fw4() - write profiles for OpenWrt, as /etc/nftables.d/appgw.nft
 * @r: request
 */
void render_fw4(const struct render *r)
{
	struct nft nft;

	render_head(r, "OpenWrt's fw4: /etc/nftables.d/appgw.nft");
	fprintf(r->out,
		"# fw4 includes this in its table, before its own rules, and accepts by itself what is\n"
		"# established or related.\n");
	if (!r->outside) {
		nft_zones_inside(r);
		return;
	}
	nft_init_zones(&nft, r, r->inside[0], r->inside[0]);
	nft_before(&nft);
	nft_zone(&nft, "forward", r->inside[0], nft_forward_out);
	nft_zone(&nft, "forward", r->outside, nft_forward_in);
	nft_zone(&nft, "input", r->outside, nft_input);
}
