// SPDX-License-Identifier: GPL-2.0-only
/* daemon/ctl/rules_nft.c and rules_iptables.c: a helper is given to connections of each
 * transport that it reads, and what it has announced is let in for those that this is for.
 */

#include <sys/socket.h>

#include "../../daemon/ctl/rules.h"
#include "tap.h"

#define STATE "-A APPGW-STRICT -i wan -o lan -m conntrack --ctstate RELATED "
#define RELATED "iifname \"wan\" oifname \"lan\" ct state related "

/**
 * struct rules_case - a line that is wanted, or not
 * @helper: of the protocol
 * @write: the form
 * @line: without what it is indented by
 * @is_there: it is wanted
 */
static const struct rules_case {
	const char *helper;
	void (*write)(const struct rules *rules);
	const char *line;
	bool is_there;
} cases[] = {
	{ "ftp", rules_nft, "ct helper appgw_ftp {", true },
	{ "ftp", rules_nft, "ct helper appgw_ftp_udp {", false },
	{ "ftp", rules_nft,
	  "tcp dport { 111 } ct helper set \"appgw_ftp\"", true },
	{ "ftp", rules_nft,
	  "udp dport { 111 } ct helper set \"appgw_ftp_udp\"", false },
	{ "ftp", rules_nft, RELATED "ct helper \"appgw-ftp\" meta l4proto tcp "
	  "th dport 1024-65535 counter accept", true },
	{ "ftp", rules_iptables, "-A APPGW-HELPERS -p tcp --dport 111 "
	  "-j CT --helper appgw-ftp", true },
	{ "ftp", rules_iptables, "-A APPGW-HELPERS -p udp --dport 111 "
	  "-j CT --helper appgw-ftp", false },
	{ "ftp", rules_iptables, STATE "-m helper --helper appgw-ftp -p tcp "
	  "--dport 1024:65535 -j ACCEPT", true },
	{ "ftp", rules_iptables, STATE "-m helper --helper appgw-ftp -p udp "
	  "--dport 1024:65535 -j ACCEPT", false },

	{ "pna", rules_nft, "ct helper appgw_pna_udp {", false },
	{ "pna", rules_nft, RELATED "ct helper \"appgw-pna\" meta l4proto udp "
	  "th dport 1024-65535 counter accept", true },

	{ "rpc", rules_nft, "ct helper appgw_rpc {", true },
	{ "rpc", rules_nft, "ct helper appgw_rpc_udp {", true },
	{ "rpc", rules_nft, "type \"appgw-rpc\" protocol udp;", true },
	{ "rpc", rules_nft,
	  "tcp dport { 111 } ct helper set \"appgw_rpc\"", true },
	{ "rpc", rules_nft,
	  "udp dport { 111 } ct helper set \"appgw_rpc_udp\"", true },
	{ "rpc", rules_nft, RELATED "ct helper \"appgw-rpc\" meta l4proto "
	  "{ tcp, udp } th dport 512-65535 counter accept", true },
	{ "rpc", rules_iptables, "-A APPGW-HELPERS -p tcp --dport 111 "
	  "-j CT --helper appgw-rpc", true },
	{ "rpc", rules_iptables, "-A APPGW-HELPERS -p udp --dport 111 "
	  "-j CT --helper appgw-rpc", true },
	{ "rpc", rules_iptables, STATE "-m helper --helper appgw-rpc -p udp "
	  "--dport 512:65535 -j ACCEPT", true },
};

/* What is said of a router is of no interest here. */
void rules_head(const struct rules *rules, const char *form)
{
	fprintf(rules->r->out, "# %s\n", form);
}

static const struct profile_helper *find_helper(const char *name)
{
	const struct profile_helper *helper = profile_helpers;

	while (helper->name && strcmp(helper->name, name))
		helper++;
	if (!helper->name)
		exit(2);
	return helper;
}

/* Tell if one of the lines of @text is @line. */
static bool has_line(char *text, const char *line)
{
	char *one;

	while ((one = strsep(&text, "\n")))
		if (!strcmp(one + strspn(one, "\t"), line))
			return true;
	return false;
}

static void test_line(const struct rules_case *c)
{
	struct render r = {
		.inside = { "lan" }, .inside_count = 1, .outside = "wan",
	};
	struct rules rules = {
		.r = &r, .count = 1,
		.helpers = { { .helper = find_helper(c->helper),
			       .ports = { { 111, 111 } }, .count = 1 } },
	};
	char *out = NULL;
	size_t len;

	tap_begin(c->line);
	r.out = open_memstream(&out, &len);
	c->write(&rules);
	fclose(r.out);
	tap_check(has_line(out, c->line) == c->is_there, "it is%s there",
		  c->is_there ? " not" : "");
	free(out);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(cases));
	for (i = 0; i < TAP_ARRAY_SIZE(cases); i++)
		test_line(&cases[i]);
	return tap_finish();
}
