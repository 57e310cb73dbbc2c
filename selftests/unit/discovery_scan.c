// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/discovery_scan.c: which datagrams are questions, and for how long they
 * may be answered. Named ones, each of them cut short everywhere as well, and what is
 * never told whatever they say.
 */

#include "models/exact.h"
#include "protocols/discovery_scan.h"
#include "tap.h"

#define RANDOM_ROUNDS	200000
#define RANDOM_MAX	64
#define RANDOM_SEED	0x5eedd15c

#define ANY_PORT	40001
#define MDNS_PORT	5353

#define DNS(flags, count)	"\0\7" flags "\0" count "\0\0\0\0\0\0"
#define IPP			"\4_ipp\4_tcp\5local\0\0\14"
#define STAR			"\40CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0\0\40\0\1"
#define STATUS			"\40CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0\0\41\0\1"
#define SEARCH			"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n"
#define ACTION			"<?xml version=\"1.0\"?><Envelope><Action>http://x/ws/discovery"
#define SNMP_HEAD(version)	"\60\46\2\1" version "\4\6public"

/**
 * struct scan_case - a datagram
 * @name: what it is
 * @service: that it is sent to
 * @from: port that it is sent from
 * @text: what is there
 * @len: how much
 * @window_s: how long it may be answered, 0 if it is no question
 */
struct scan_case {
	const char *name;
	enum discovery_service service;
	uint16_t from;
	const char *text;
	size_t len;
	unsigned int window_s;
};

#define CASE(name, service, from, text, window_s) \
	{ name, DISCOVERY_ ## service, from, text, sizeof(text) - 1, window_s }

static const struct scan_case scan_cases[] = {
	CASE("netbios: a query", NETBIOS, ANY_PORT, DNS("\1\20", "\1") STAR, 3),
	CASE("netbios: from 137", NETBIOS, 137, DNS("\1\20", "\1") STAR, 3),
	CASE("netbios: a registration", NETBIOS, 137, DNS("\51\20", "\1") STAR, 3),
	CASE("netbios: not marked as a broadcast", NETBIOS, ANY_PORT,
	     DNS("\1\0", "\1") STAR, 3),
	CASE("netbios: a status", NETBIOS, ANY_PORT, DNS("\0\0", "\1") STATUS, 3),
	CASE("netbios: an answer", NETBIOS, 137, DNS("\205\20", "\0"), 0),
	CASE("netbios: no question", NETBIOS, ANY_PORT, DNS("\1\20", "\0") STAR, 0),
	CASE("netbios: nothing", NETBIOS, 137, "", 0),
	CASE("ssdp: MX", SSDP, ANY_PORT, SEARCH "MX: 3\r\nST: ssdp:all\r\n\r\n", 5),
	CASE("ssdp: MX in small letters, last, no blank", SSDP, ANY_PORT,
	     SEARCH "ST: ssdp:all\r\nmx:1\r\n\r\n", 3),
	CASE("ssdp: MX 0", SSDP, ANY_PORT, SEARCH "MX: 0\r\n\r\n", 2),
	CASE("ssdp: MX 8", SSDP, ANY_PORT, SEARCH "MX: 8\r\n\r\n", 10),
	CASE("ssdp: MX 9 is too much", SSDP, ANY_PORT, SEARCH "MX: 9\r\n\r\n", 10),
	CASE("ssdp: MX 120", SSDP, ANY_PORT, SEARCH "MX: 120\r\n\r\n", 10),
	CASE("ssdp: MX of many digits", SSDP, ANY_PORT,
	     SEARCH "MX: 99999999999999999999\r\n\r\n", 10),
	CASE("ssdp: MX is no number", SSDP, ANY_PORT, SEARCH "MX: -1\r\n\r\n", 5),
	CASE("ssdp: MX is empty", SSDP, ANY_PORT, SEARCH "MX:", 5),
	CASE("ssdp: no MX", SSDP, ANY_PORT, SEARCH "\r\n", 5),
	CASE("ssdp: MX in a value", SSDP, ANY_PORT, SEARCH "ST: MX: 1\r\n\r\n", 5),
	CASE("ssdp: NOTIFY", SSDP, ANY_PORT, "NOTIFY * HTTP/1.1\r\nMX: 3\r\n\r\n", 0),
	CASE("ssdp: an answer", SSDP, ANY_PORT, "HTTP/1.1 200 OK\r\nMX: 3\r\n\r\n", 0),
	CASE("ssdp: another word", SSDP, ANY_PORT, "M-SEARCHES * HTTP/1.1\r\n", 0),
	CASE("mdns: one-shot", MDNS, ANY_PORT, DNS("\0\0", "\1") IPP "\0\1", 3),
	CASE("mdns: QM from 5353", MDNS, MDNS_PORT, DNS("\0\0", "\1") IPP "\0\1", 0),
	CASE("mdns: QU from 5353", MDNS, MDNS_PORT, DNS("\0\0", "\1") IPP "\200\1", 3),
	CASE("mdns: QU is the second", MDNS, MDNS_PORT,
	     DNS("\0\0", "\2") IPP "\0\1\300\14\0\14\200\1", 3),
	CASE("mdns: QU behind the last", MDNS, MDNS_PORT,
	     DNS("\0\0", "\1") IPP "\0\1\300\14\0\14\200\1", 0),
	CASE("mdns: the name has no end", MDNS, MDNS_PORT,
	     DNS("\0\0", "\1") "\77_ipp\200\1", 0),
	CASE("mdns: a pointer cut off", MDNS, MDNS_PORT, DNS("\0\0", "\1") "\300", 0),
	CASE("mdns: no question", MDNS, ANY_PORT, DNS("\0\0", "\0"), 0),
	CASE("mdns: an answer", MDNS, ANY_PORT, DNS("\204\0", "\1") IPP "\0\1", 0),
	CASE("mdns: an update", MDNS, ANY_PORT, DNS("\50\0", "\1") IPP "\0\1", 0),
	CASE("wsd: Probe", WSD, ANY_PORT, ACTION "/Probe</Action>", 10),
	CASE("wsd: Resolve", WSD, ANY_PORT, ACTION "/Resolve</Action>", 10),
	CASE("wsd: behind blanks and UTF-8's mark", WSD, ANY_PORT,
	     "\xef\xbb\xbf \r\n" ACTION "/Probe</Action>", 10),
	CASE("wsd: ProbeMatches", WSD, ANY_PORT, ACTION "/ProbeMatches</Action>", 0),
	CASE("wsd: ResolveMatches", WSD, ANY_PORT, ACTION "/ResolveMatches</Action>", 0),
	CASE("wsd: Hello", WSD, ANY_PORT, ACTION "/Hello</Action>", 0),
	CASE("wsd: no XML", WSD, ANY_PORT, "GET /Probe HTTP/1.1\r\n", 0),
	CASE("slp: a service", SLP, ANY_PORT, "\2\1\0\0\20\40\0\0\0\0\0\1\0\2en", 15),
	CASE("slp: attributes", SLP, ANY_PORT, "\2\6\0\0\20\40\0\0\0\0\0\1\0\2en", 15),
	CASE("slp: types, version 1", SLP, ANY_PORT, "\1\11\0\20\0\0en\0\3\0\1", 15),
	CASE("slp: an answer", SLP, ANY_PORT, "\2\2\0\0\20\0\0\0\0\0\0\1\0\2en", 0),
	CASE("slp: a registration", SLP, ANY_PORT, "\2\3\0\0\20\0\0\0\0\0\0\1\0\2en", 0),
	CASE("slp: version 3", SLP, ANY_PORT, "\3\1\0\0\20\0\0\0\0\0\0\1\0\2en", 0),
	CASE("slp: version 0", SLP, ANY_PORT, "\0\1\0\0\20\0\0\0\0\0\0\1\0\2en", 0),
	CASE("slp: cut off", SLP, ANY_PORT, "\2\1\0\0\20\40\0\0\0\0\0", 0),
	CASE("snmp: get, version 1", SNMP, ANY_PORT, SNMP_HEAD("\0") "\240\31", 30),
	CASE("snmp: get-next, version 2c", SNMP, ANY_PORT, SNMP_HEAD("\1") "\241\31", 30),
	CASE("snmp: get-bulk", SNMP, ANY_PORT, SNMP_HEAD("\1") "\245\31", 30),
	CASE("snmp: lengths in more bytes", SNMP, ANY_PORT,
	     "\60\202\0\46\2\1\1\4\201\6public\240\31", 30),
	CASE("snmp: version 3", SNMP, ANY_PORT, "\60\76\2\1\3\60\16\2\4", 30),
	CASE("snmp: version 3, cut off", SNMP, ANY_PORT, "\60\76\2\1\3", 0),
	CASE("snmp: no such version", SNMP, ANY_PORT, SNMP_HEAD("\2") "\240\31", 0),
	CASE("snmp: nor this", SNMP, ANY_PORT, SNMP_HEAD("\4") "\240\31", 0),
	CASE("snmp: a set", SNMP, ANY_PORT, SNMP_HEAD("\1") "\243\31", 0),
	CASE("snmp: an answer", SNMP, ANY_PORT, SNMP_HEAD("\1") "\242\31", 0),
	CASE("snmp: a trap", SNMP, ANY_PORT, SNMP_HEAD("\1") "\247\31", 0),
	CASE("snmp: a community that is too long", SNMP, ANY_PORT,
	     "\60\46\2\1\1\4\204\377\377\377\377public\240\31", 0),
	CASE("snmp: a length of too many bytes", SNMP, ANY_PORT,
	     "\60\46\2\1\1\4\205\0\0\0\0\6public\240\31", 0),
	CASE("snmp: a long version", SNMP, ANY_PORT, "\60\46\2\2\0\1\4\6public\240\31", 0),
};

static unsigned int window_s(enum discovery_service service, uint16_t from,
			     const void *text, size_t len)
{
	struct exact e = exact_copy(text, len);
	unsigned int found;

	found = appgw_discovery_window_s(service, from, exact_span(&e));
	exact_free(&e);
	return found;
}

static void test_case(const struct scan_case *c)
{
	unsigned int found = window_s(c->service, c->from, c->text, c->len);
	size_t len;

	tap_begin(c->name);
	tap_check(found == c->window_s, "%u seconds", found);
	for (len = 0; len < c->len; len++) {
		found = window_s(c->service, c->from, c->text, len);
		tap_check(found <= DISCOVERY_WINDOW_MAX_S,
			  "%zu bytes of it: %u seconds", len, found);
	}
	tap_end();
}

/* What is a question to one service is none to the others, but for those whose header is
 * DNS's, in which many numbers make sense.
 */
static void test_others(void)
{
	int service, found;
	size_t i;

	tap_begin("questions of the wrong service");
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++) {
		const struct scan_case *c = &scan_cases[i];

		for (service = 0; c->window_s && service < DISCOVERY_COUNT;
		     service++) {
			if (service == (int)c->service ||
			    service == DISCOVERY_NETBIOS ||
			    service == DISCOVERY_MDNS)
				continue;
			found = window_s(service, ANY_PORT, c->text, c->len);
			tap_check(!found, "%s, to %d: %d", c->name, service,
				  found);
		}
	}
	tap_end();
}

static void test_random(void)
{
	uint32_t state = RANDOM_SEED;
	uint8_t text[RANDOM_MAX];
	unsigned int i, found;
	size_t len;

	tap_begin("random bytes");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		int service = tap_random(&state) % DISCOVERY_COUNT;
		uint16_t from = tap_random(&state) % 2 ? MDNS_PORT : ANY_PORT;
		size_t at;

		len = tap_random(&state) % RANDOM_MAX;
		for (at = 0; at < len; at++)
			text[at] = tap_random(&state) % 4 ?
				   tap_random(&state) : tap_random(&state) % 4;
		found = window_s(service, from, text, len);
		if (!tap_check(found <= DISCOVERY_WINDOW_MAX_S,
			       "%d: %u seconds", service, found))
			break;
	}
	tap_end();
}

static void test_ports(void)
{
	static const uint16_t ports[] = { 137, 1900, 5353, 3702, 427, 161 };
	unsigned int port, found = 0, i;

	tap_begin("each service has its port");
	for (i = 0; i < TAP_ARRAY_SIZE(ports); i++)
		tap_check(appgw_discovery_service(ports[i]) == (int)i, "%u", i);
	for (port = 0; port <= UINT16_MAX; port++)
		found += appgw_discovery_service(port) >= 0;
	tap_check(found == DISCOVERY_COUNT, "%u have one", found);
	for (i = 0; i < DISCOVERY_COUNT; i++)
		tap_check(appgw_discovery_any_port(i) == (i == DISCOVERY_SSDP),
			  "%u from any port", i);
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(scan_cases) + 3);
	for (i = 0; i < TAP_ARRAY_SIZE(scan_cases); i++)
		test_case(&scan_cases[i]);
	test_others();
	test_random();
	test_ports();
	return tap_finish();
}
