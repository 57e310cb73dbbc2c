// SPDX-License-Identifier: GPL-2.0-only
/* daemon/ctl/watch_*.c: flows are named, and messages of the kernel read, whatever
 * strangers have put into them.
 */

#include <arpa/inet.h>
#include <endian.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <netinet/in.h>
#include <unistd.h>

#include "../../daemon/ctl/watch.h"
#include "../../daemon/log.h"
#include "models/exact.h"
#include "tap.h"

#define RANDOM_ROUNDS	50000
#define RANDOM_SEED	0x3a7c51e9

#define SPAN(text) ((struct span){ (const uint8_t *)(text), sizeof(text) - 1 })

#define IP4 "\x45\0\0\x2b\0\x01\0\0\x40\x06\0\0\x0a\0\x01\x02\xcb\0\x71\x02"
#define TCP "\x9c\x40\x14\x46\0\0\x03\xe8\0\0\0\x01\x50\x02\xff\xff\0\0\0\0"

static const struct {
	const char *title;
	struct span payload;
} signatures[] = {
	{ "AIM, ICQ", { (const uint8_t *)"\x2a\x01\0\1", 4 } },
	{ NULL, { (const uint8_t *)"\x2a", 1 } },
	{ NULL, { (const uint8_t *)"\x2a\x02\0\1", 4 } },
	{ "Yahoo Messenger", { (const uint8_t *)"YMSG\0\x10", 6 } },
	{ NULL, { (const uint8_t *)"YMS", 3 } },
	{ "FTP, or mail", { (const uint8_t *)"220 hello\r\n", 11 } },
	{ NULL, { (const uint8_t *)"2200\r\n", 6 } },
	{ "RTSP", { (const uint8_t *)"OPTIONS * RTSP/1.0\r\n", 20 } },
	{ "RTSP", { (const uint8_t *)"RTSP/", 5 } },
	{ NULL, { (const uint8_t *)"GET /\r\nRTSP/1.0", 15 } },
	{ NULL, { (const uint8_t *)"RTSP", 4 } },
	{ "IRC", { (const uint8_t *)"NICK me\r\n", 9 } },
	{ "IRC", { (const uint8_t *)"USER me 0 * :Me\r\n", 17 } },
	{ "FTP", { (const uint8_t *)"USER me\r\n", 9 } },
	{ "BitTorrent", { (const uint8_t *)"\023BitTorrent protocol", 20 } },
	{ NULL, { (const uint8_t *)"\023BitTorrent protoco", 19 } },
	{ "eDonkey, eMule", { (const uint8_t *)"\xe3\x29\0\0\0\x01", 6 } },
	{ NULL, { (const uint8_t *)"\xe3\x29\0\0\0", 5 } },
	{ NULL, { (const uint8_t *)"\xe3\x29\0\0\x7f\x01", 6 } },
	{ "Gnutella, Shareaza", { (const uint8_t *)"GNUTELLA CONNECT/0.6", 20 } },
	{ "SOCKS", { (const uint8_t *)"\5\1\0", 3 } },
	{ NULL, { (const uint8_t *)"\5\1", 2 } },
	{ NULL, { (const uint8_t *)"\5\1\0\0", 4 } },
	{ "TLS", { (const uint8_t *)"\x16\x03\1", 3 } },
	{ NULL, { (const uint8_t *)"\x16", 1 } },
	{ NULL, { (const uint8_t *)"", 0 } },
};

static bool is_called(const struct watch_name *name, const char *title)
{
	return title ? name && !strcmp(name->title, title) : !name;
}

/* Tell if the profile is there that the advice names, if it names one. */
static bool has_profile(const struct watch_name *name)
{
	char profile[64], path[128];

	if (!name || sscanf(name->advice, "profile %63[a-z-]", profile) != 1)
		return true;
	snprintf(path, sizeof(path), "../../daemon/profiles/%s.profile", profile);
	return !access(path, R_OK);
}

static void test_names(void)
{
	char error[ERROR_TEXT_MAX];
	unsigned int i;
	struct exact copy;

	tap_begin("services by their first bytes");
	for (i = 0; i < TAP_ARRAY_SIZE(signatures); i++) {
		struct span s = signatures[i].payload;

		copy = exact_copy(s.at, s.len);
		s = exact_span(&copy);
		tap_check(is_called(watch_signature(IPPROTO_TCP, s),
				    signatures[i].title), "case %u", i);
		tap_check(!watch_signature(IPPROTO_UDP, s), "UDP, case %u", i);
		tap_check(has_profile(watch_signature(IPPROTO_TCP, s)),
			  "case %u has no such profile", i);
		exact_free(&copy);
	}
	tap_end();
	tap_begin("services by their ports");
	tap_check(!watch_profiles_load("../../daemon/profiles", error), "%s",
		  error);
	tap_check(is_called(watch_name(IPPROTO_TCP, 5190, WATCH_OUT), "AIM, ICQ") &&
		  is_called(watch_name(IPPROTO_UDP, 8080, WATCH_IN),
			    "ExpeDat, CloudDat, SyncDat") &&
		  is_called(watch_name(IPPROTO_TCP, 21, WATCH_OUT),
			    "FTP, for clients") &&
		  is_called(watch_name(IPPROTO_TCP, 21, WATCH_IN),
			    "FTP, for a server inside") &&
		  is_called(watch_name(IPPROTO_TCP, 445, WATCH_OUT),
			    "SMB and NetBIOS") &&
		  is_called(watch_name(IPPROTO_TCP, 443, WATCH_OUT), "the web") &&
		  is_called(watch_name(IPPROTO_TCP, 50000, WATCH_OUT), NULL) &&
		  is_called(watch_name(IPPROTO_TCP, 8080, WATCH_IN), NULL) &&
		  is_called(watch_name(IPPROTO_UDP, 6889, WATCH_OUT),
			    "BitTorrent") &&
		  is_called(watch_name(IPPROTO_UDP, 6890, WATCH_OUT), NULL) &&
		  is_called(watch_name(IPPROTO_TCP, 0, WATCH_OUT), NULL) &&
		  is_called(watch_name(IPPROTO_TCP, 65535, WATCH_OUT), NULL),
		  "wrong name");
	watch_profiles_free();
	tap_check(is_called(watch_name(IPPROTO_TCP, 5190, WATCH_OUT), NULL),
		  "a name from nowhere");
	tap_check(watch_profiles_load("../../daemon/nowhere", error),
		  "profiles from nowhere");
	tap_end();
}

/* A message that drops a SYN to port 5190, in @buf */
static struct nlmsghdr *put_trace(char *buf, uint32_t type, uint32_t code)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	uint64_t handle = htobe64(0x100000007);
	struct nlattr *nest;

	nlh->nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_TRACE;
	nfg->nfgen_family = NFPROTO_INET;
	mnl_attr_put_u32(nlh, NFTA_TRACE_TYPE, htonl(type));
	mnl_attr_put_u32(nlh, NFTA_TRACE_ID, htonl(0x12345678));
	mnl_attr_put_strz(nlh, NFTA_TRACE_TABLE, "filter");
	mnl_attr_put_strz(nlh, NFTA_TRACE_CHAIN, "forward");
	if (type == NFT_TRACETYPE_RULE) {
		mnl_attr_put(nlh, NFTA_TRACE_RULE_HANDLE, 8, &handle);
		nest = mnl_attr_nest_start(nlh, NFTA_TRACE_VERDICT);
		mnl_attr_put_u32(nlh, NFTA_VERDICT_CODE, htonl(code));
		mnl_attr_nest_end(nlh, nest);
	} else {
		mnl_attr_put_u32(nlh, NFTA_TRACE_POLICY, htonl(code));
	}
	mnl_attr_put(nlh, NFTA_TRACE_NETWORK_HEADER, 20, IP4);
	mnl_attr_put(nlh, NFTA_TRACE_TRANSPORT_HEADER, 20, TCP);
	return nlh;
}

static bool read_trace(const struct nlmsghdr *nlh, size_t len,
		       struct watch_trace *trace)
{
	/* a message's end is aligned, whatever its length is */
	struct exact message = exact_copy(nlh, NLMSG_ALIGN(len));
	struct nlmsghdr *copy = (struct nlmsghdr *)message.at;
	bool is_read;

	copy->nlmsg_len = len;
	is_read = watch_read_trace(copy, trace);
	exact_free(&message);
	return is_read;
}

static void test_trace(void)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct watch_trace trace;
	struct nlmsghdr *nlh;
	size_t len;

	tap_begin("a trace of a rule's drop");
	nlh = put_trace(buf, NFT_TRACETYPE_RULE, NF_DROP);
	tap_check(read_trace(nlh, nlh->nlmsg_len, &trace), "not read");
	tap_check(trace.is_drop && !trace.is_policy && trace.has_packet &&
		  trace.id == 0x12345678 && trace.family == NFPROTO_INET &&
		  trace.handle == 0x100000007 &&
		  !strcmp(trace.table, "filter") &&
		  !strcmp(trace.chain, "forward"), "wrong");
	tap_check(trace.packet.proto == IPPROTO_TCP &&
		  trace.packet.dst.port == 5190 &&
		  trace.packet.dst.addr[0] == 203 && trace.packet.tcp_flags == 2,
		  "wrong packet");
	tap_end();
	tap_begin("cut off anywhere");
	for (len = NLMSG_HDRLEN; len < nlh->nlmsg_len; len++)
		if (read_trace(nlh, len, &trace))
			tap_check(!trace.has_packet || trace.packet.proto == 6,
				  "at %zu", len);
	tap_end();
	tap_begin("traces of a policy, and of an accept");
	nlh = put_trace(buf, NFT_TRACETYPE_POLICY, NF_DROP);
	tap_check(read_trace(nlh, nlh->nlmsg_len, &trace) && trace.is_drop &&
		  trace.is_policy, "a policy's drop");
	nlh = put_trace(buf, NFT_TRACETYPE_POLICY, NF_ACCEPT);
	tap_check(read_trace(nlh, nlh->nlmsg_len, &trace) && !trace.is_drop,
		  "a policy's accept");
	nlh = put_trace(buf, NFT_TRACETYPE_RULE, NF_ACCEPT);
	tap_check(read_trace(nlh, nlh->nlmsg_len, &trace) && !trace.is_drop,
		  "a rule's accept");
	tap_end();
}

static void test_long_names(void)
{
	char buf[MNL_SOCKET_BUFFER_SIZE], name[WATCH_NAME_MAX + 1];
	struct watch_trace trace;
	struct nlmsghdr *nlh;

	tap_begin("a name that is too long, and one without an end");
	nlh = put_trace(buf, NFT_TRACETYPE_RULE, NF_DROP);
	memset(name, 'x', sizeof(name));
	nlh->nlmsg_len = NLMSG_HDRLEN + sizeof(struct nfgenmsg);
	mnl_attr_put_u32(nlh, NFTA_TRACE_TYPE, htonl(NFT_TRACETYPE_RULE));
	mnl_attr_put_u32(nlh, NFTA_TRACE_ID, 1);
	mnl_attr_put(nlh, NFTA_TRACE_CHAIN, 3, "abc");
	mnl_attr_put(nlh, NFTA_TRACE_TABLE, WATCH_NAME_MAX, name);
	tap_check(!read_trace(nlh, nlh->nlmsg_len, &trace), "taken");
	nlh->nlmsg_len -= WATCH_NAME_MAX + MNL_ATTR_HDRLEN;
	mnl_attr_put(nlh, NFTA_TRACE_TABLE, WATCH_NAME_MAX - 1, name);
	tap_check(read_trace(nlh, nlh->nlmsg_len, &trace) &&
		  strlen(trace.table) == WATCH_NAME_MAX - 1 &&
		  !strcmp(trace.chain, "abc"), "not taken");
	tap_end();
}

static struct nlmsghdr *put_log(char *buf, const void *packet, size_t len)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));

	nlh->nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET;
	nfg->res_id = htons(5);
	mnl_attr_put(nlh, NFULA_PAYLOAD, len, packet);
	return nlh;
}

static bool read_log(const void *packet, size_t len, struct watch_packet *read)
{
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = put_log(buf, packet, len), *copy;
	struct exact message;
	uint16_t group = 0;
	bool is_read;

	message = exact_copy(nlh, NLMSG_ALIGN(nlh->nlmsg_len));
	copy = (struct nlmsghdr *)message.at;
	is_read = watch_read_log(copy, &group, read);
	if (is_read) {
		tap_check(group == 5, "group %u", group);
		tap_check(!read->payload.len ||
			  (read->payload.at > (uint8_t *)copy &&
			   read->payload.at + read->payload.len <=
			   (uint8_t *)copy + copy->nlmsg_len), "outside");
		read->payload.at = packet;
	}
	exact_free(&message);
	return is_read;
}

static void test_log(void)
{
	static const char six[] = "\x60\0\0\0\0\x28\0\x40"
		"\xfd\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\x02"
		"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"
		"\x3c\0\1\4\0\0\0\0\6\0\1\4\0\0\0\0" TCP;
	struct watch_packet packet;

	tap_begin("a packet that was logged");
	tap_check(read_log(IP4 TCP "abcd", 44, &packet) &&
		  packet.payload.len == 3 && packet.src.port == 40000 &&
		  packet.dst.port == 5190, "IPv4, padded by a byte");
	tap_check(read_log(six, sizeof(six) - 1, &packet) &&
		  packet.proto == IPPROTO_TCP && packet.dst.port == 5190 &&
		  packet.src.af == APPGW_AF_IPV6 && !packet.payload.len,
		  "IPv6 with two headers in between");
	tap_check(read_log(IP4 "\x9c\x40\x14", 23, &packet) &&
		  !packet.dst.port, "half a port");
	tap_check(!read_log(IP4, 19, &packet), "half a header");
	tap_check(!read_log("", 0, &packet), "nothing");
	tap_end();
}

static void test_random(void)
{
	uint32_t state = RANDOM_SEED;
	struct watch_packet packet;
	uint8_t bytes[120];
	size_t i, len;
	int n;

	tap_begin("packets made of anything");
	for (n = 0; n < RANDOM_ROUNDS; n++) {
		len = tap_random(&state) % sizeof(bytes);
		for (i = 0; i < len; i++)
			bytes[i] = tap_random(&state) % 4 ?
				   tap_random(&state) % 70 : tap_random(&state);
		if (len)
			bytes[0] = n % 2 ? 0x45 : 0x60;
		if (read_log(bytes, len, &packet))
			watch_signature(packet.proto,
					(struct span){ bytes, packet.payload.len });
	}
	tap_end();
}

static void test_rules(void)
{
	static const char listing[] =
		"table inet t { # handle 3\n"
		"\tchain forward { # handle 7\n"
		"\t\ttype filter hook forward priority filter; policy drop;\n"
		"\t\ttcp dport 1 drop # handle 17\n"
		"\t\ttcp dport 2 drop comment \"x # handle 18\" # handle 19\n"
		"\t}\n}\n";
	static const char *const bad[] = {
		"", "1x", "a b", "a;", "a}", "-a", "a\n", "a\"", "$a", "@a", "\xc3\xa4",
	};
	unsigned int i;
	char rule[80];

	tap_begin("rules by their handles");
	tap_check(watch_rule_find(listing, 17, rule, sizeof(rule)) &&
		  !strcmp(rule, "tcp dport 1 drop"), "says: %s", rule);
	tap_check(watch_rule_find(listing, 19, rule, sizeof(rule)) &&
		  strstr(rule, "dport 2"), "says: %s", rule);
	tap_check(!watch_rule_find(listing, 7, rule, sizeof(rule)), "a chain's");
	tap_check(!watch_rule_find(listing, 18, rule, sizeof(rule)), "a comment's");
	tap_check(!watch_rule_find(listing, 9, rule, sizeof(rule)), "a part");
	tap_check(!watch_rule_find("", 1, rule, sizeof(rule)), "of nothing");
	tap_end();
	tap_begin("names that can stand in a command");
	tap_check(watch_rule_is_name("filter_4.x-Y"), "a good one");
	for (i = 0; i < TAP_ARRAY_SIZE(bad); i++)
		tap_check(!watch_rule_is_name(bad[i]), "bad one %u", i);
	tap_end();
}

int main(void)
{
	tap_plan(10);
	test_names();
	test_trace();
	test_long_names();
	test_log();
	test_random();
	test_rules();
	return tap_finish();
}
