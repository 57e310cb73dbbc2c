// SPDX-License-Identifier: GPL-2.0-only
/* Render profiles for firewalls that know a service as a list of ports: firewalld, ufw
 * and Shorewall. Of a profile with both ways in it that is about what comes in, unless
 * the other is asked for.
 */

#include <stdlib.h>
#include <string.h>

#include "render.h"

typedef void (*list_port_t)(const struct render *r, const char *proto,
			    const struct rule_ports *ports);

static bool list_wants(const struct render *r, const struct profile *profile,
		       const struct profile_entry *entry)
{
	return render_wants(r, entry) && !entry->is_rejected &&
	       entry->role == render_list_role(r, profile);
}

static void list_ports(const struct render *r,
		       const struct profile_entry *entry, list_port_t port)
{
	static const char *const protos[] = { "tcp", "udp" };
	struct rule_ports ports[PROFILE_PORTS_MAX];
	unsigned int i, p, count = render_ports(r, entry, ports);

	for (p = 0; p < 2; p++)
		for (i = 0; entry->protos & 1u << p && i < count; i++)
			port(r, protos[p], &ports[i]);
}

/* ---- firewalld */

/* Write text of printable ASCII. */
static void xml_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else
			putc(*text, out);
	}
}

/* Two hyphens end a comment, or are no good in it. */
static void xml_comment(FILE *out, const char *text)
{
	fputs("  <!-- ", out);
	for (; *text; text++) {
		putc(*text, out);
		if (*text == '-')
			putc(' ', out);
	}
	fputs(" -->\n", out);
}

static void xml_port(const struct render *r, const char *proto,
		     const struct rule_ports *ports)
{
	char text[RULE_PORTS_TEXT_MAX];

	rule_ports_text(ports, '-', text);
	fprintf(r->out, "  <port protocol=\"%s\" port=\"%s\"/>\n", proto, text);
}

/**
 * render_firewalld() - write a profile as a service
 * @r: request, with one profile
 */
void render_firewalld(const struct render *r)
{
	const struct profile *profile = r->profiles;
	const struct profile_entry *entry;

	fprintf(r->out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<service>\n  <short>");
	xml_text(r->out, profile->title);
	fprintf(r->out, "</short>\n  <description>");
	xml_text(r->out, profile->advice);
	fprintf(r->out, "</description>\n");
	for (entry = profile->entries;
	     entry < profile->entries + profile->count; entry++) {
		if (!list_wants(r, profile, entry))
			continue;
		xml_comment(r->out, entry->why);
		list_ports(r, entry, xml_port);
		if (entry->helper)
			fprintf(r->out, "  <helper name=\"appgw-%s\"/>\n",
				entry->helper->name);
	}
	fprintf(r->out, "</service>\n");
}

/**
 * render_helper() - write a helper for firewalld
 * @out: where to
 * @name: the protocol's
 * @profiles: those that may name it, with the ports of its servers
 * @count: how many
 *
 * Return: true if there is such a helper
 */
bool render_helper(FILE *out, const char *name, const struct profile *profiles,
		   unsigned int count)
{
	const struct profile_helper *helper = profile_helpers;
	const struct render list = { .out = out };
	const struct profile_entry *entry;
	unsigned int i;

	while (helper->name && strcmp(helper->name, name))
		helper++;
	if (!helper->name)
		return false;
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<helper module=\"nf_conntrack_appgw_%s\">\n", name);
	for (i = 0; i < count; i++)
		for (entry = profiles[i].entries;
		     entry < profiles[i].entries + profiles[i].count; entry++)
			if (entry->helper == helper &&
			    entry->role == PROFILE_CLIENT)
				list_ports(&list, entry, xml_port);
	fprintf(out, "</helper>\n");
	return true;
}

/* ---- ufw */

/* Write "6881:6889/tcp", with what separates it from the one before. */
static void ufw_port(const struct render *r, const char *proto,
		     const struct rule_ports *ports)
{
	char text[RULE_PORTS_TEXT_MAX];

	rule_ports_text(ports, ':', text);
	fprintf(r->out, "|%s/%s", text, proto);
}

static void ufw_comments(const struct render *r, const struct profile *profile)
{
	const struct profile_entry *entry;

	fprintf(r->out, "# %s\n", profile->title);
	render_comment(r->out, "#   ", profile->advice);
	for (entry = profile->entries;
	     entry < profile->entries + profile->count; entry++)
		if (list_wants(r, profile, entry))
			fprintf(r->out, "# %s: %s\n", entry->name, entry->why);
}

/* What is separated is collected, as the first has nothing before it. */
static void ufw_profile(const struct render *r, const struct profile *profile)
{
	const struct profile_entry *entry;
	struct render list = *r;
	char *text = NULL;
	size_t len = 0;

	list.out = open_memstream(&text, &len);
	if (!list.out)
		return;
	for (entry = profile->entries;
	     entry < profile->entries + profile->count; entry++)
		if (list_wants(r, profile, entry))
			list_ports(&list, entry, ufw_port);
	fclose(list.out);
	ufw_comments(r, profile);
	fprintf(r->out, "[appgw-%s]\ntitle=%s\ndescription=%s\nports=%s\n\n",
		profile->name, profile->title, profile->title,
		len ? text + 1 : "");
	free(text);
}

/**
 * render_ufw() - write profiles as applications
 * @r: request
 */
void render_ufw(const struct render *r)
{
	unsigned int i;

	fprintf(r->out,
		"# appgwctl %s profile render: for /etc/ufw/applications.d/appgw\n"
		"# Of clients: ufw allow out to any app NAME; what helpers read is accepted as related.\n\n",
		APPGW_VERSION);
	for (i = 0; i < r->count; i++)
		ufw_profile(r, &r->profiles[i]);
}

/* ---- Shorewall */

static void shorewall_port(const struct render *r, const char *proto,
			   const struct rule_ports *ports)
{
	char text[RULE_PORTS_TEXT_MAX];

	rule_ports_text(ports, ':', text);
	fprintf(r->out, "PARAM\t-\t-\t%s\t%s\n", proto, text);
}

/**
 * render_shorewall() - write a profile as a macro
 * @r: request, with one profile
 */
void render_shorewall(const struct render *r)
{
	const struct profile *profile = r->profiles;
	const struct profile_entry *entry;

	render_head(r, "Shorewall, as macro.NAME in /etc/shorewall");
	fprintf(r->out,
		"# In rules: NAME(ACCEPT) loc net for clients, NAME(DNAT) net loc:ADDRESS for a server;\n"
		"# what helpers read is accepted as related.\n"
		"#ACTION\tSOURCE\tDEST\tPROTO\tDPORT\n");
	for (entry = profile->entries;
	     entry < profile->entries + profile->count; entry++) {
		if (!list_wants(r, profile, entry))
			continue;
		fprintf(r->out, "# %s: %s\n", entry->name, entry->why);
		list_ports(r, entry, shorewall_port);
	}
}
