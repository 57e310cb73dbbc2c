// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch --allow: let HOST open connections for a while.
 *
 * What one table accepts, another may still drop, so a table of our own can't do it:
 * each chain that filters what is forwarded gets a rule at its head. That one matches a
 * set of which the only element times out, so it can be left behind by no crash with
 * anything open. Rule and set are taken away by a process that waits for our end,
 * however that comes.
 */

#include <errno.h>
#include <jansson.h>
#include <nftables/libnftables.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "endpoint_text.h"
#include "watch.h"

/* Marks our rules, beside the name of the set */
#define ALLOW_COMMENT	"appgwctl watch"

/* Longer than the time that was asked for, to have ended when the set times out */
#define ALLOW_SPARE_S	5

/* Times that their end is tried, a second apart */
#define ALLOW_TRIES	5

/* Chains that a rule is put into */
#define ALLOW_CHAINS_MAX	16

static const char *allow_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

/* List something; an array of objects, each with one member, or NULL. */
static json_t *allow_list(const char *command)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	json_t *answer, *list = NULL;
	char *text = NULL, *error = NULL;

	if (nft) {
		nft_ctx_output_set_flags(nft, NFT_CTX_OUTPUT_JSON |
					 NFT_CTX_OUTPUT_HANDLE |
					 NFT_CTX_OUTPUT_TERSE);
		text = nft_text_run(nft, command, &error);
		nft_ctx_free(nft);
	}
	if (error)
		ctl_fail(error);
	free(error);
	answer = text ? json_loads(text, 0, NULL) : NULL;
	if (answer)
		list = json_incref(json_object_get(answer, "nftables"));
	json_decref(answer);
	free(text);
	return list;
}

static bool allow_is_safe(const json_t *object)
{
	return watch_rule_is_name(allow_text(object, "family")) &&
	       watch_rule_is_name(allow_text(object, "table"));
}

/* Write what takes one object away, if it is ours. */
static void allow_write_removal(FILE *out, const json_t *object, const char *type)
{
	const json_t *found = json_object_get(object, type);

	if (!found || !allow_is_safe(found) ||
	    !strcmp(allow_text(found, "table"), WATCH_TABLE))
		return;
	if (!strcmp(type, "set") && !strcmp(allow_text(found, "name"), WATCH_TABLE))
		fprintf(out, "delete set %s %s " WATCH_TABLE "\n",
			allow_text(found, "family"), allow_text(found, "table"));
	else if (!strcmp(type, "rule") &&
		 !strcmp(allow_text(found, "comment"), ALLOW_COMMENT) &&
		 watch_rule_is_name(allow_text(found, "chain")))
		fprintf(out, "delete rule %s %s %s handle %lld\n",
			allow_text(found, "family"), allow_text(found, "table"),
			allow_text(found, "chain"),
			(long long)json_integer_value(json_object_get(found,
								      "handle")));
}

static int allow_try_removal(void)
{
	json_t *list = allow_list("list ruleset"), *object;
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	char *text = NULL, *done;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);
	int ret = -1;

	if (!out || !list || !nft)
		goto out;
	/* rules first: they use the sets */
	json_array_foreach(list, i, object)
		allow_write_removal(out, object, "rule");
	json_array_foreach(list, i, object)
		allow_write_removal(out, object, "set");
	fflush(out);
	if (size) {
		done = nft_text_run(nft, text, NULL);
		ret = done ? 0 : -1;
		free(done);
	} else {
		ret = 0;
	}
out:
	if (out)
		fclose(out);
	if (nft)
		nft_ctx_free(nft);
	free(text);
	json_decref(list);
	return ret;
}

/* Take away all that is ours, also from a call that has crashed; more than once if
 * rules are changed meanwhile.
 */
static int allow_remove(void)
{
	int i;

	for (i = 0; i < ALLOW_TRIES; i++) {
		if (!allow_try_removal())
			return 0;
		sleep(1);
	}
	return -1;
}

/* Tell if a chain decides what HOST may send through the router. */
static bool allow_wants(const struct watch *watch, const json_t *chain)
{
	const char *family = allow_text(chain, "family");

	return !strcmp(allow_text(chain, "hook"), "forward") &&
	       !strcmp(allow_text(chain, "type"), "filter") &&
	       (!strcmp(family, "inet") ||
		!strcmp(family, watch->host.af == APPGW_AF_IPV6 ? "ip6" : "ip"));
}

/* Tell if iptables keeps a chain, which then can't read rules of nft. */
static bool allow_is_iptables(const json_t *chain)
{
	return strcmp(allow_text(chain, "family"), "inet") &&
	       !strcmp(allow_text(chain, "name"), "FORWARD");
}

static void allow_write_chain(FILE *out, const struct watch *watch,
			      const json_t *chain)
{
	bool is_six = watch->host.af == APPGW_AF_IPV6;
	const char *ip = is_six ? "ip6" : "ip";
	const char *family = allow_text(chain, "family");
	const char *table = allow_text(chain, "table");
	const char *name = allow_text(chain, "name");

	fprintf(out, "add set %s %s " WATCH_TABLE " { type %s; flags timeout; }\n",
		family, table, is_six ? "ipv6_addr" : "ipv4_addr");
	fprintf(out, "add element %s %s " WATCH_TABLE " { %s timeout %us }\n",
		family, table, watch->host_text, watch->for_s + ALLOW_SPARE_S);
	fprintf(out, "insert rule %s %s %s %s saddr @" WATCH_TABLE
		" ct direction original accept comment \"" ALLOW_COMMENT "\"\n",
		family, table, name, ip);
	fprintf(out, "insert rule %s %s %s %s daddr @" WATCH_TABLE
		" ct direction reply accept comment \"" ALLOW_COMMENT "\"\n",
		family, table, name, ip);
}

/* Write the rules for all chains; return how many chains, or -1, of which it has told. */
static int allow_write(FILE *out, const struct watch *watch, const json_t *list)
{
	json_t *object, *chain;
	int n = 0;
	size_t i;

	json_array_foreach(list, i, object) {
		chain = json_object_get(object, "chain");
		if (!chain || !allow_wants(watch, chain))
			continue;
		if (allow_is_iptables(chain)) {
			if (strcmp(allow_text(chain, "table"), "filter"))
				continue;
			fprintf(stderr, "appgwctl: iptables keeps these rules; by it: ");
			fprintf(stderr, "%s -I FORWARD -s %s -j ACCEPT\n",
				watch->host.af == APPGW_AF_IPV6 ? "ip6tables" :
				"iptables", watch->host_text);
			return -1;
		}
		if (!allow_is_safe(chain) || n == ALLOW_CHAINS_MAX ||
		    !watch_rule_is_name(allow_text(chain, "name"))) {
			ctl_fail("--allow can't name one of the chains");
			return -1;
		}
		allow_write_chain(out, watch, chain);
		n++;
	}
	if (!n)
		ctl_fail("no chain filters what is forwarded: --allow can open nothing");
	return n ? n : -1;
}

/**
 * watch_allow_guard() - start the process that takes everything away in the end
 * @watch: the call; none of its sockets is open yet, or they would live on in there
 *
 * Return: 0, or -1 with errno
 */
int watch_allow_guard(struct watch *watch)
{
	bool is_armed = false;
	int ends[2];
	ssize_t n;
	char one;

	if (pipe(ends))
		return -1;
	watch->guard = fork();
	if (watch->guard < 0)
		return -1;
	if (watch->guard) {
		close(ends[0]);
		watch->guard_fd = ends[1];
		return 0;
	}
	close(ends[1]);
	setsid();
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	/* a byte comes before the rules do, and the end with the other process */
	while ((n = read(ends[0], &one, 1)) > 0 || (n < 0 && errno == EINTR))
		is_armed = is_armed || n > 0;
	_exit(is_armed && allow_remove() ? EXIT_FAILURE : EXIT_SUCCESS);
}

/**
 * watch_allow_open() - let HOST open connections
 * @watch: the call
 *
 * Return: 0, or -1, of which it has told
 */
int watch_allow_open(struct watch *watch)
{
	json_t *list;
	char *text = NULL, *done = NULL, *error = NULL;
	struct nft_ctx *nft;
	size_t size;
	FILE *out;

	if (write(watch->guard_fd, "", 1) != 1 || allow_remove()) {
		ctl_fail("--allow can't be prepared");
		return -1;
	}
	list = allow_list("list chains");
	out = open_memstream(&text, &size);
	if (out && allow_write(out, watch, list) > 0) {
		fclose(out);
		nft = nft_ctx_new(NFT_CTX_DEFAULT);
		done = nft ? nft_text_run(nft, text, &error) : NULL;
		if (nft)
			nft_ctx_free(nft);
		if (!done)
			fprintf(stderr, "appgwctl: --allow can't be set: %s\n",
				error ? error : strerror(errno));
	} else if (out) {
		fclose(out);
	}
	if (done)
		fprintf(stderr, "appgwctl: %s may now open connections to anywhere, for %u s\n",
			watch->host_text, watch->for_s);
	free(error);
	free(text);
	json_decref(list);
	free(done);
	return done ? 0 : -1;
}

/**
 * watch_allow_close() - HOST is shut again
 * @watch: the call
 *
 * Connections that are open stay so, where the rules accept what is established.
 *
 * Return: 0, or -1, of which it has told
 */
int watch_allow_close(struct watch *watch)
{
	int status = -1;

	if (watch->guard <= 0)
		return 0;
	close(watch->guard_fd);
	while (waitpid(watch->guard, &status, 0) < 0 && errno == EINTR)
		;
	watch->guard = 0;
	if (status && allow_remove()) {
		fprintf(stderr, "appgwctl: --allow is still set, until its time is over\n");
		return -1;
	}
	return 0;
}

/**
 * watch_allow_summary() - print what would make it permanent
 * @watch: the call
 */
void watch_allow_summary(struct watch *watch)
{
	const char *ip = watch->host.af == APPGW_AF_IPV6 ? "ip6" : "ip";
	char rule[WATCH_RULE_MAX], dst[ENDPOINT_TEXT_MAX];
	const struct watch_flow *flow;
	struct endpoint address;
	json_t *object;

	for (flow = watch->flows; flow < watch->flows + watch->n_flows; flow++) {
		if (flow->way != WATCH_OUT || !flow->opened ||
		    !flow->dst.port)
			continue;
		address = flow->dst;
		address.port = 0;
		snprintf(rule, sizeof(rule),
			 "%s saddr %s %s daddr %s %s dport %u accept", ip,
			 watch->host_text, ip, endpoint_text(dst, &address),
			 flow->proto == 17 ? "udp" : "tcp", flow->dst.port);
		if (watch->ctl->is_json) {
			object = json_pack("{s:s, s:s}", "type", "permanent",
					   "rule", rule);
			ctl_print_json(object);
			json_decref(object);
		} else {
			printf("to keep it open: nft insert rule FAMILY TABLE CHAIN %s\n",
			       rule);
		}
	}
	fflush(stdout);
}
