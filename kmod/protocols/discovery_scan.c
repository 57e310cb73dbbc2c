// SPDX-License-Identifier: GPL-2.0-only
/* Questions to everybody: find out if a datagram is one, and how long it may be
 * answered. Nothing here touches an skb, a lock or the heap, so selftests/unit links
 * this file unchanged.
 *
 * Only as much is read as tells a question from what else is sent to that port: who is
 * asked finds out what it means.
 */

#include "discovery_scan.h"

/* What a service waits for when its question doesn't say, in seconds */
#define NETBIOS_WINDOW_S	3
#define MDNS_WINDOW_S		3
#define WSD_WINDOW_S		10
#define SLP_WINDOW_S		15
#define SNMP_WINDOW_S		30	/* as the kernel's own helper */

/* SSDP: MX says how long devices may take, from 1 to 5 (UPnP Device Architecture 2.0
 * section 1.3.2), and more in older versions; a slow network comes on top.
 */
#define SSDP_MX_DEFAULT_S	3
#define SSDP_GRACE_S		2
#define SSDP_WINDOW_MAX_S	10

/* DNS, and NetBIOS's names, which have its header (RFC 1035 section 4.1.1) */
#define DNS_HEADER		12
#define DNS_FLAGS		2	/* offset, 2 bytes */
#define DNS_QUESTIONS		4	/* offset, 2 bytes */
#define DNS_RESPONSE		0x80	/* in the first byte of flags */
#define DNS_OPCODE		0x78
#define DNS_POINTER		0xc0	/* in the length of a label */
#define DNS_UNICAST		0x80	/* in the first byte of a class */
#define DNS_QUESTIONS_MAX	64	/* that are looked at */

/* SLP (RFC 2608 section 8, RFC 2165 section 5) */
#define SLP_HEADER		12
#define SLP_VERSION_MAX		2
#define SLP_SERVICE_REQUEST	1
#define SLP_ATTRIBUTE_REQUEST	6
#define SLP_TYPE_REQUEST	9

/* SNMP, in BER (RFC 1157 section 4, RFC 3416 section 3) */
#define BER_INTEGER		0x02
#define BER_STRING		0x04
#define BER_SEQUENCE		0x30
#define BER_LONG		0x80	/* in a length: how many bytes of it follow */
#define BER_LONG_MAX		4
#define SNMP_V2C		1
#define SNMP_V3			3
#define SNMP_GET		0xa0
#define SNMP_GET_NEXT		0xa1
#define SNMP_GET_BULK		0xa5

/**
 * struct discovery_row - a service
 * @port: where it is asked, and answers from
 * @any_port: it may answer from elsewhere
 * @window_s: tell how long a question may be answered, in seconds; 0 if it is none
 * @wants_unicast: tell if one that is asked from @port, where what is answered to all is
 *	heard, wants more; NULL for always
 */
struct discovery_row {
	uint16_t port;
	bool any_port;
	unsigned int (*window_s)(struct span data);
	bool (*wants_unicast)(struct span data);
};

/* The flag that marks a broadcast doesn't count: who asks for a host's status may leave
 * it out (RFC 1002 section 4.2.17).
 */
static unsigned int netbios_window_s(struct span data)
{
	if (data.len < DNS_HEADER || data.at[DNS_FLAGS] & DNS_RESPONSE ||
	    data.at[DNS_QUESTIONS] || data.at[DNS_QUESTIONS + 1] != 1)
		return 0;
	return NETBIOS_WINDOW_S;
}

/* Read the value of an MX header, behind its colon. */
static unsigned int ssdp_mx(struct span s)
{
	uint32_t mx;

	span_eat_blanks(&s);
	if (!span_eat_uint(&s, 3, SSDP_WINDOW_MAX_S - SSDP_GRACE_S, &mx))
		mx = s.len && span_is_digit(s.at[0]) ?
		     SSDP_WINDOW_MAX_S - SSDP_GRACE_S : SSDP_MX_DEFAULT_S;
	return mx;
}

static unsigned int ssdp_window_s(struct span data)
{
	size_t len;

	if (!span_eat_word(&data, "m-search "))
		return 0;
	while ((len = span_line_len(data))) {
		span_skip(&data, len);
		if (span_eat_word(&data, "mx:"))
			return ssdp_mx(data) + SSDP_GRACE_S;
	}
	return SSDP_MX_DEFAULT_S + SSDP_GRACE_S;
}

/* Move @s behind a name. */
static bool dns_eat_name(struct span *s)
{
	uint8_t len;

	while (s->len) {
		len = s->at[0];
		if (len >= DNS_POINTER) {
			if (s->len < 2)
				return false;
			span_skip(s, 2);
			return true;
		}
		if (s->len <= len)
			return false;
		span_skip(s, 1 + len);
		if (!len)
			return true;
	}
	return false;
}

/* Tell if one of the questions wants its answer by unicast; @s has a header. */
static bool mdns_wants_unicast(struct span s)
{
	unsigned int count = s.at[DNS_QUESTIONS] << 8 | s.at[DNS_QUESTIONS + 1];
	unsigned int i;

	span_skip(&s, DNS_HEADER);
	for (i = 0; i < count && i < DNS_QUESTIONS_MAX; i++) {
		if (!dns_eat_name(&s) || s.len < 4)
			return false;
		if (s.at[2] & DNS_UNICAST)
			return true;
		span_skip(&s, 4);
	}
	return false;
}

static unsigned int mdns_window_s(struct span data)
{
	if (data.len < DNS_HEADER ||
	    data.at[DNS_FLAGS] & (DNS_RESPONSE | DNS_OPCODE) ||
	    !(data.at[DNS_QUESTIONS] | data.at[DNS_QUESTIONS + 1]))
		return 0;
	return MDNS_WINDOW_S;
}

static bool wsd_is_letter(uint8_t c)
{
	return span_lower(c) >= 'a' && span_lower(c) <= 'z';
}

/* Tell if @s begins with @word, and that ends there. */
static bool wsd_has_word(struct span s, const char *word)
{
	return span_eat_word(&s, word) && (!s.len || !wsd_is_letter(s.at[0]));
}

/* A message of SOAP whose action, a URI, ends in what is asked; ProbeMatches, Hello and
 * Bye are none. It may begin with the mark of UTF-8.
 */
static unsigned int wsd_window_s(struct span data)
{
	const uint8_t *slash;

	if (data.len >= 3 && !memcmp(data.at, "\xef\xbb\xbf", 3))
		span_skip(&data, 3);
	while (data.len && (span_eat_blanks(&data) || span_eat_char(&data, '\r') ||
			    span_eat_char(&data, '\n')))
		;
	if (!span_eat_char(&data, '<'))
		return 0;
	while ((slash = span_find(data, '/'))) {
		span_skip(&data, slash + 1 - data.at);
		if (wsd_has_word(data, "probe") || wsd_has_word(data, "resolve"))
			return WSD_WINDOW_S;
	}
	return 0;
}

static unsigned int slp_window_s(struct span data)
{
	if (data.len < SLP_HEADER || !data.at[0] ||
	    data.at[0] > SLP_VERSION_MAX)
		return 0;
	switch (data.at[1]) {
	case SLP_SERVICE_REQUEST:
	case SLP_ATTRIBUTE_REQUEST:
	case SLP_TYPE_REQUEST:
		return SLP_WINDOW_S;
	default:
		return 0;
	}
}

/* Move @s behind a tag and a length, and tell that. */
static bool ber_eat_head(struct span *s, uint8_t tag, uint32_t *len)
{
	unsigned int n = 0, i;
	struct span t = *s;

	if (!span_eat_char(&t, tag) || !t.len)
		return false;
	*len = t.at[0];
	span_skip(&t, 1);
	if (*len & BER_LONG) {
		n = *len & ~BER_LONG;
		*len = 0;
	}
	if (n > BER_LONG_MAX || t.len < n)
		return false;
	for (i = 0; i < n; i++)
		*len = *len << 8 | t.at[i];
	span_skip(&t, n);
	*s = t;
	return true;
}

static unsigned int snmp_window_s(struct span data)
{
	uint32_t len;
	uint8_t version;

	if (!ber_eat_head(&data, BER_SEQUENCE, &len) ||
	    !ber_eat_head(&data, BER_INTEGER, &len) || len != 1 || !data.len)
		return 0;
	version = data.at[0];
	span_skip(&data, 1);
	/* what it asks may be encrypted */
	if (version == SNMP_V3)
		return data.len && data.at[0] == BER_SEQUENCE ? SNMP_WINDOW_S :
								0;
	if (version > SNMP_V2C ||
	    !ber_eat_head(&data, BER_STRING, &len) || data.len <= len)
		return 0;
	switch (data.at[len]) {
	case SNMP_GET:
	case SNMP_GET_NEXT:
	case SNMP_GET_BULK:
		return SNMP_WINDOW_S;
	default:
		return 0;
	}
}

static const struct discovery_row discovery_rows[DISCOVERY_COUNT] = {
	[DISCOVERY_NETBIOS] = { .port = 137, .window_s = netbios_window_s },
	/* devices answer from where they like (UPnP says nothing of it) */
	[DISCOVERY_SSDP] = { .port = 1900, .any_port = true,
			     .window_s = ssdp_window_s },
	[DISCOVERY_MDNS] = { .port = 5353, .window_s = mdns_window_s,
			     .wants_unicast = mdns_wants_unicast },
	[DISCOVERY_WSD] = { .port = 3702, .window_s = wsd_window_s },
	[DISCOVERY_SLP] = { .port = 427, .window_s = slp_window_s },
	[DISCOVERY_SNMP] = { .port = 161, .window_s = snmp_window_s },
};

/**
 * appgw_discovery_service() - find the service that is asked at a port
 * @port: host byte order
 *
 * Return: enum discovery_service, or -1 if there is none
 */
int appgw_discovery_service(uint16_t port)
{
	int i;

	for (i = 0; i < DISCOVERY_COUNT; i++)
		if (discovery_rows[i].port == port)
			return i;
	return -1;
}

/**
 * appgw_discovery_any_port() - tell if answers may come from any port
 * @service: service
 *
 * Return: false if they come from the one that is asked
 */
bool appgw_discovery_any_port(enum discovery_service service)
{
	return discovery_rows[service].any_port;
}

/**
 * appgw_discovery_window_s() - tell how long a question may be answered
 * @service: service it is sent to
 * @from: the asker's port, host byte order
 * @data: the datagram's payload, or as much of it as DISCOVERY_LOOK_MAX
 *
 * Return: seconds, up to DISCOVERY_WINDOW_MAX_S; 0 if it is no question, or one that is
 * not answered by unicast
 */
unsigned int appgw_discovery_window_s(enum discovery_service service,
				      uint16_t from, struct span data)
{
	const struct discovery_row *row = &discovery_rows[service];
	unsigned int window_s = row->window_s(data);

	if (window_s && row->wants_unicast && from == row->port &&
	    !row->wants_unicast(data))
		return 0;
	return window_s;
}
