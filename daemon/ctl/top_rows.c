// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl top: one row a connection or pinhole, with what conntrack knows of it. */

#include <errno.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "endpoint_text.h"
#include "kmod_json.h"
#include "top.h"

#define NS_PER_S	1000000000

/* Longest message of a dump */
#define TOP_MESSAGE_MAX	32768

/* What conntrack is told to count by; that holds for connections from then on */
#define TOP_SYSCTL	"/proc/sys/net/netfilter/nf_conntrack_"
#define TOP_ACCT	"net.netfilter.nf_conntrack_acct=1"
#define TOP_TIMESTAMP	"net.netfilter.nf_conntrack_timestamp=1"

const struct table_column top_columns[] = {
	{ "TYPE", "type", false },
	{ "WHAT", "what", false },
	{ "CLIENT", "client", false },
	{ "SERVER", "server", false },
	{ "STATE", "state", false },
	{ "PUBLIC", "public", false },
	{ "BYTES", "bytes", true },
	{ "AGE", "age", true },
	{ "EXPIRES", "expires", true },
	{ NULL, NULL, false }
};

static void top_end(const struct nf_conntrack *ct, enum nf_conntrack_attr ipv4,
		    enum nf_conntrack_attr ipv6, enum nf_conntrack_attr port,
		    char *text)
{
	bool is_six = nfct_get_attr_u8(ct, ATTR_L3PROTO) == AF_INET6;
	const void *addr = nfct_get_attr(ct, is_six ? ipv6 : ipv4);
	struct endpoint ep = { .af = APPGW_AF_NONE };

	if (addr) {
		ep.af = is_six ? APPGW_AF_IPV6 : APPGW_AF_IPV4;
		memcpy(ep.addr, addr, is_six ? APPGW_ADDR_LEN_IPV6 :
					       APPGW_ADDR_LEN_IPV4);
	}
	if (nfct_attr_is_set(ct, port) > 0)
		ep.port = ntohs(nfct_get_attr_u16(ct, port));
	endpoint_text(text, &ep);
}

static void top_add(const struct nf_conntrack *ct, json_t *row)
{
	uint64_t bytes, start;

	if (nfct_attr_is_set(ct, ATTR_ORIG_COUNTER_BYTES) > 0) {
		bytes = nfct_get_attr_u64(ct, ATTR_ORIG_COUNTER_BYTES) +
			nfct_get_attr_u64(ct, ATTR_REPL_COUNTER_BYTES);
		json_object_set_new(row, "bytes", json_integer(bytes));
	}
	if (nfct_attr_is_set(ct, ATTR_TIMESTAMP_START) > 0) {
		start = nfct_get_attr_u64(ct, ATTR_TIMESTAMP_START) / NS_PER_S;
		json_object_set_new(row, "age", json_integer(time(NULL) -
							     (time_t)start));
	}
}

/* Add what an entry says to the row of its connection, if there is one. Rows are kept
 * by client: a port belongs to one connection to a server at a time, mostly.
 */
static int top_entry(const struct nlmsghdr *nlh, void *rows)
{
	char client[ENDPOINT_TEXT_MAX], server[ENDPOINT_TEXT_MAX];
	struct nf_conntrack *ct = nfct_new();
	const char *named;
	json_t *row;

	if (ct && nfct_nlmsg_parse(nlh, ct) >= 0 &&
	    nfct_get_attr_u8(ct, ATTR_L4PROTO) == IPPROTO_TCP) {
		top_end(ct, ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV6_SRC,
			ATTR_ORIG_PORT_SRC, client);
		row = json_object_get(rows, client);
		named = json_string_value(json_object_get(row, "server"));
		top_end(ct, ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_DST,
			ATTR_ORIG_PORT_DST, server);
		if (named && strcmp(named, server))
			top_end(ct, ATTR_REPL_IPV4_SRC, ATTR_REPL_IPV6_SRC,
				ATTR_REPL_PORT_SRC, server);
		if (named && !strcmp(named, server))
			top_add(ct, row);
	}
	if (ct)
		nfct_destroy(ct);
	return MNL_CB_OK;
}

/* Read all of conntrack's entries; without them, rows have fewer columns. */
static void top_conntrack(json_t *rows)
{
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	char buf[TOP_MESSAGE_MAX];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	ssize_t n;

	nlh->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nfg->nfgen_family = AF_UNSPEC;
	if (!nl)
		return;
	if (!mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) > 0)
		do
			n = mnl_socket_recvfrom(nl, buf, sizeof(buf));
		while (n > 0 && mnl_cb_run(buf, n, 0, 0, top_entry, rows) > 0);
	mnl_socket_close(nl);
}

/* Read a time by RFC 3339; 0 if it isn't there. */
static time_t top_time(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));
	struct tm tm = { .tm_isdst = 0 };

	return text && strptime(text, "%Y-%m-%dT%H:%M:%S", &tm) ? timegm(&tm) :
								  0;
}

static json_t *top_pinhole(const json_t *event)
{
	time_t now = time(NULL), opened = top_time(event, "time");
	time_t expires = top_time(event, "expires");
	const char *state = expires ? "open" : "used";

	if (json_object_get(event, "taken"))
		state = "taken";
	return json_pack("{s:s, s:O*, s:O*, s:O*, s:s, s:O*, s:o*, s:o*}",
			 "type", "pinhole", "what",
			 json_object_get(event, "kind"),
			 "client", json_object_get(event, "client"),
			 "server", json_object_get(event, "server"),
			 "state", state,
			 "public", json_object_get(event, "public"),
			 "age", opened ? json_integer(now - opened) : NULL,
			 "expires", expires ?
			 json_integer(expires > now ? expires - now : 0) : NULL);
}

/**
 * top_rows() - what the module looks after at this moment
 * @kmod: open
 *
 * Return: array of rows, or NULL with @kmod->error set
 */
json_t *top_rows(struct kmod *kmod)
{
	json_t *flows = json_flows(kmod);
	json_t *pinholes = flows ? json_pinholes(kmod) : NULL;
	json_t *rows, *by_client, *row;
	const char *client;
	size_t i;

	if (!pinholes) {
		json_decref(flows);
		return NULL;
	}
	rows = json_array();
	by_client = json_object();
	json_array_foreach(flows, i, row) {
		json_object_set(row, "what", json_object_get(row, "helper"));
		json_object_set_new(row, "type", json_string("flow"));
		client = json_string_value(json_object_get(row, "client"));
		if (client)
			json_object_set(by_client, client, row);
		json_array_append(rows, row);
	}
	if (json_array_size(rows))
		top_conntrack(by_client);
	json_array_foreach(pinholes, i, row)
		json_array_append_new(rows, top_pinhole(row));
	json_decref(by_client);
	json_decref(flows);
	json_decref(pinholes);
	return rows;
}

/* A row, and what it is sorted by */
struct top_place {
	json_t *row;
	const json_t *value;
};

/* Compare: large numbers first, texts by the alphabet, what isn't there last. */
static int top_compare(const void *a, const void *b)
{
	const json_t *left = ((const struct top_place *)a)->value;
	const json_t *right = ((const struct top_place *)b)->value;
	json_int_t l = json_integer_value(left), r = json_integer_value(right);

	if (!left || !right)
		return !left - !right;
	if (json_is_string(left) && json_is_string(right))
		return strcmp(json_string_value(left), json_string_value(right));
	return (r > l) - (r < l);
}

/**
 * top_sorted() - sort rows
 * @rows: array
 * @key: of a column
 *
 * Return: another array; NULL without memory
 */
json_t *top_sorted(const json_t *rows, const char *key)
{
	size_t i, n = json_array_size(rows);
	struct top_place *places = calloc(n + 1, sizeof(*places));
	json_t *sorted = json_array();

	for (i = 0; places && i < n; i++) {
		places[i].row = json_array_get(rows, i);
		places[i].value = json_object_get(places[i].row, key);
	}
	if (places)
		qsort(places, n, sizeof(*places), top_compare);
	for (i = 0; places && i < n; i++)
		json_array_append(sorted, places[i].row);
	free(places);
	return sorted;
}

static bool top_is_off(const char *path)
{
	FILE *file = fopen(path, "r");
	bool is_off;

	if (!file)
		return false;
	is_off = fgetc(file) == '0';
	fclose(file);
	return is_off;
}

/**
 * top_advice() - say why columns may be empty
 *
 * Return: a line, or ""
 */
const char *top_advice(void)
{
	bool acct = top_is_off(TOP_SYSCTL "acct");
	bool time = top_is_off(TOP_SYSCTL "timestamp");

	if (acct && time)
		return "bytes and age: sysctl -w " TOP_ACCT " " TOP_TIMESTAMP;
	if (acct)
		return "bytes: sysctl -w " TOP_ACCT;
	return time ? "age: sysctl -w " TOP_TIMESTAMP : "";
}
