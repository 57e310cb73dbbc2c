// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: which rule or policy of nftables drops HOST's packets.
 *
 * A table of our own has the kernel trace them. It belongs to our socket, and so goes
 * with the process however that ends. It drops and accepts nothing.
 */

#include <errno.h>
#include <netinet/in.h>
#include <linux/netfilter.h>
#include <nftables/libnftables.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "log.h"
#include "watch.h"

/* Chains of which the rules were listed, remembered */
#define DROPS_CHAINS_MAX	16

/* Longest text of our table */
#define DROPS_TABLE_MAX		4096

/* What is looked at: the first packet of each connection, and some of the others; what
 * those that HOST has spoken to begin with the router itself, where it looks like an
 * answer. Priority -301 is before everything else, "raw" and connection tracking too.
 */
static const char drops_table[] =
	"table inet " WATCH_TABLE " {\n"
	"flags owner\n"
	"set peers { type %1$s_addr; size 4096; flags dynamic, timeout; timeout 10m; }\n"
	"chain picked {\n"
	"tcp flags & (syn | ack) == syn meta nftrace set 1 return\n"
	"limit rate 200/second burst 200 packets meta nftrace set 1\n"
	"}\n"
	"chain prerouting {\n"
	"type filter hook prerouting priority -301;\n"
	"%2$s saddr %3$s update @peers { %2$s daddr }\n"
	"%2$s saddr %3$s jump picked\n"
	"%2$s daddr %3$s jump picked\n"
	"%2$s saddr @peers fib daddr type local tcp flags & (syn | ack) == syn meta nftrace set 1\n"
	"}\n"
	"chain output {\n"
	"type filter hook output priority -301;\n"
	"%2$s daddr %3$s jump picked\n"
	"}\n"
	"%4$s}\n";

/* Payload that HOST sends, what an announcement may be in: not more than a line */
static const char drops_copies[] =
	"chain copies {\n"
	"type filter hook prerouting priority -300;\n"
	"%s saddr %s tcp flags & psh == psh meta length 45-640 limit rate 100/second burst 200 packets log group %u snaplen 640\n"
	"}\n";

/* Tell if there is anything of nftables to ask. */
static bool drops_are_possible(void)
{
	char *tables = nft_text_list("list tables");
	bool is_there = tables;

	free(tables);
	return is_there;
}

/**
 * watch_drops_close() - the table goes
 * @watch: the call
 */
void watch_drops_close(struct watch *watch)
{
	if (watch->nft)
		nft_ctx_free(watch->nft);
	watch->nft = NULL;
}

/**
 * watch_drops_open() - have HOST's packets traced
 * @watch: the call
 *
 * Return: 0, or -1, of which it has told
 */
int watch_drops_open(struct watch *watch)
{
	const char *family = watch->host.af == APPGW_AF_IPV6 ? "ip6" : "ip";
	char text[DROPS_TABLE_MAX], copies[400] = "", *out, *error = NULL;

	if (watch->copy_group)
		snprintf(copies, sizeof(copies), drops_copies, family,
			 watch->host_text, watch->copy_group);
	snprintf(text, sizeof(text), drops_table,
		 watch->host.af == APPGW_AF_IPV6 ? "ipv6" : "ipv4", family,
		 watch->host_text, copies);
	watch->nft = nft_ctx_new(NFT_CTX_DEFAULT);
	out = watch->nft ? nft_text_run(watch->nft, text, &error) : NULL;
	if (!out && !drops_are_possible()) {
		fprintf(stderr, "appgwctl: nftables isn't there: only what a rule logs is seen\n");
		watch_drops_close(watch);
		free(error);
		return 0;
	}
	if (!out)
		fprintf(stderr, "appgwctl: can't trace, does another watch run? %s: %s\n",
			WATCH_TABLE, error ? error : strerror(errno));
	free(error);
	if (!out)
		return -1;
	free(out);
	return 0;
}

static const char *drops_family(uint8_t family)
{
	switch (family) {
	case NFPROTO_INET:
		return "inet";
	case NFPROTO_IPV4:
		return "ip";
	case NFPROTO_IPV6:
		return "ip6";
	case NFPROTO_BRIDGE:
		return "bridge";
	case NFPROTO_NETDEV:
		return "netdev";
	default:
		return "?";
	}
}

/* List a chain, once, or again if @is_stale. */
static const char *drops_listing(const struct watch_trace *trace, bool is_stale)
{
	static struct {
		char command[2 * WATCH_NAME_MAX + 40];
		char *listing;
	} chains[DROPS_CHAINS_MAX];
	static unsigned int next;
	char command[sizeof(chains->command)];
	unsigned int i;

	if (!watch_rule_is_name(trace->table) || !watch_rule_is_name(trace->chain))
		return NULL;
	snprintf(command, sizeof(command), "list chain %s %s %s",
		 drops_family(trace->family), trace->table, trace->chain);
	for (i = 0; i < DROPS_CHAINS_MAX; i++)
		if (!strcmp(chains[i].command, command))
			break;
	if (i < DROPS_CHAINS_MAX && !is_stale)
		return chains[i].listing;
	if (i == DROPS_CHAINS_MAX)
		i = next++ % DROPS_CHAINS_MAX;
	free(chains[i].listing);
	strcpy(chains[i].command, command);
	chains[i].listing = nft_text_list(command);
	return chains[i].listing;
}

static void drops_where(const struct watch_trace *trace, char *where, size_t size)
{
	char place[2 * WATCH_NAME_MAX + 40], name[WATCH_RULE_MAX];
	char rule[WATCH_RULE_MAX];
	bool is_found = false;
	const char *listing;
	int i;

	snprintf(place, sizeof(place), "table %s %s chain %s",
		 drops_family(trace->family), trace->table, trace->chain);
	log_escape(name, sizeof(name), place);
	if (trace->is_policy) {
		snprintf(where, size, "%s policy drop", name);
		return;
	}
	/* the rule may be younger than the listing */
	for (i = 0; i < 2 && !is_found; i++) {
		listing = drops_listing(trace, i > 0);
		is_found = listing && watch_rule_find(listing, trace->handle,
						      rule, sizeof(rule));
	}
	if (is_found)
		snprintf(where, size, "%s rule %llu \"%s\"", name,
			 (unsigned long long)trace->handle, rule);
	else
		snprintf(where, size, "%s rule %llu", name,
			 (unsigned long long)trace->handle);
}

/**
 * watch_drops_event() - a message about a traced packet
 * @watch: the call
 * @nlh: of nfnetlink's subsystem nftables
 */
void watch_drops_event(struct watch *watch, const struct nlmsghdr *nlh)
{
	struct watch_trace trace;
	struct watch_flow *flow;
	unsigned int i;

	if (!watch_read_trace(nlh, &trace))
		return;
	i = trace.id % WATCH_TRACES_MAX;
	/* headers are in the first message of each hook alone */
	if (trace.has_packet) {
		watch->traces[i].id = trace.id;
		watch->traces[i].is_set = true;
		watch->traces[i].packet = trace.packet;
	}
	if (!trace.is_drop || !watch->traces[i].is_set ||
	    watch->traces[i].id != trace.id || !strcmp(trace.table, WATCH_TABLE))
		return;
	flow = watch_find_packet(watch, &watch->traces[i].packet);
	if (!flow)
		return;
	/* of several rules, the last */
	if (!flow->traced++ || flow->handle != trace.handle)
		drops_where(&trace, flow->where, sizeof(flow->where));
	flow->handle = trace.handle;
	watch_tell(watch, flow);
}
