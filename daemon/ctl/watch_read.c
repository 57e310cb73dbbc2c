// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: read what nftables and nfnetlink_log tell of a packet.
 *
 * Headers and payload are what strangers have sent. Nothing here touches a socket or
 * the heap, so the unit tests link this file unchanged.
 */

#include <arpa/inet.h>
#include <endian.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <netinet/in.h>
#include <string.h>

#include "watch.h"

#define IPV4_HEADER		20
#define IPV4_OFFSET_MASK	0x1fff
#define IPV6_HEADER		40
#define TCP_HEADER		20
#define UDP_HEADER		8

/* Length that is both an extension header's and a fragment header's */
#define IPV6_EXTENSION		8
#define IPV6_EXTENSIONS_MAX	16

static uint16_t watch_u16(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

/* Take off padding, which lies behind the length that a header states. */
static void watch_trim(struct span *s, size_t len)
{
	if (len && len < s->len)
		s->len = len;
}

static bool watch_read_ipv4(struct span *s, struct watch_packet *packet)
{
	size_t header;

	if (s->len < IPV4_HEADER)
		return false;
	header = (s->at[0] & 0xf) * 4;
	if (header < IPV4_HEADER)
		return false;
	packet->src.af = APPGW_AF_IPV4;
	packet->dst.af = APPGW_AF_IPV4;
	packet->proto = s->at[9];
	memcpy(packet->src.addr, s->at + 12, APPGW_ADDR_LEN_IPV4);
	memcpy(packet->dst.addr, s->at + 16, APPGW_ADDR_LEN_IPV4);
	watch_trim(s, watch_u16(s->at + 2));
	/* of a later fragment there is no transport header */
	if (header > s->len || watch_u16(s->at + 6) & IPV4_OFFSET_MASK)
		header = s->len;
	span_skip(s, header);
	return true;
}

/* Move @s behind the extension headers that are there. */
static void watch_skip_extensions(struct span *s, uint8_t *next)
{
	size_t len;
	int i;

	for (i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
		if (*next != IPPROTO_HOPOPTS && *next != IPPROTO_ROUTING &&
		    *next != IPPROTO_DSTOPTS && *next != IPPROTO_FRAGMENT)
			return;
		if (s->len < IPV6_EXTENSION)
			break;
		len = *next == IPPROTO_FRAGMENT ? IPV6_EXTENSION :
						  (s->at[1] + 1) * 8;
		if (len > s->len)
			break;
		*next = s->at[0];
		span_skip(s, len);
	}
	span_skip(s, s->len);
}

static bool watch_read_ipv6(struct span *s, struct watch_packet *packet)
{
	size_t payload;

	if (s->len < IPV6_HEADER)
		return false;
	packet->src.af = APPGW_AF_IPV6;
	packet->dst.af = APPGW_AF_IPV6;
	packet->proto = s->at[6];
	memcpy(packet->src.addr, s->at + 8, APPGW_ADDR_LEN_IPV6);
	memcpy(packet->dst.addr, s->at + 24, APPGW_ADDR_LEN_IPV6);
	payload = watch_u16(s->at + 4);
	span_skip(s, IPV6_HEADER);
	watch_trim(s, payload);
	watch_skip_extensions(s, &packet->proto);
	return true;
}

/**
 * watch_read_network() - read an IP header
 * @in: begins with it; moved behind it
 * @packet: addresses and protocol are set on success
 *
 * Return: false if it is none
 */
bool watch_read_network(struct span *in, struct watch_packet *packet)
{
	if (!in->len)
		return false;
	switch (in->at[0] >> 4) {
	case 4:
		return watch_read_ipv4(in, packet);
	case 6:
		return watch_read_ipv6(in, packet);
	default:
		return false;
	}
}

/**
 * watch_read_transport() - read a header of TCP or UDP, as far as it is there
 * @in: begins with it
 * @packet: its protocol is known; ports, flags and payload are set
 */
void watch_read_transport(struct span in, struct watch_packet *packet)
{
	size_t header = UDP_HEADER;

	packet->payload.len = 0;
	if ((packet->proto != IPPROTO_TCP && packet->proto != IPPROTO_UDP) ||
	    in.len < 4)
		return;
	packet->src.port = watch_u16(in.at);
	packet->dst.port = watch_u16(in.at + 2);
	if (packet->proto == IPPROTO_TCP) {
		if (in.len < TCP_HEADER)
			return;
		packet->tcp_flags = in.at[13];
		header = (in.at[12] >> 4) * 4;
		if (header < TCP_HEADER)
			return;
	}
	if (header > in.len)
		return;
	span_skip(&in, header);
	packet->payload = in;
}

/* Find the attributes of a message of nfnetlink; the first of each type counts. */
static bool watch_attrs(const struct nlmsghdr *nlh, const struct nlattr **attrs,
			unsigned int max)
{
	const struct nlattr *attr;
	unsigned int type;

	memset(attrs, 0, (max + 1) * sizeof(*attrs));
	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(struct nfgenmsg))
		return false;
	mnl_attr_for_each(attr, nlh, sizeof(struct nfgenmsg)) {
		type = mnl_attr_get_type(attr);
		if (type <= max && !attrs[type])
			attrs[type] = attr;
	}
	return true;
}

static bool watch_u32(const struct nlattr *attr, uint32_t *value)
{
	if (!attr || mnl_attr_get_payload_len(attr) < sizeof(*value))
		return false;
	memcpy(value, mnl_attr_get_payload(attr), sizeof(*value));
	*value = ntohl(*value);
	return true;
}

static bool watch_text(const struct nlattr *attr, char *text, size_t size)
{
	size_t len;

	if (!attr)
		return false;
	len = strnlen(mnl_attr_get_payload(attr),
		      mnl_attr_get_payload_len(attr));
	if (len >= size)
		return false;
	memcpy(text, mnl_attr_get_payload(attr), len);
	text[len] = '\0';
	return true;
}

static struct span watch_span(const struct nlattr *attr)
{
	return (struct span){ mnl_attr_get_payload(attr),
			      mnl_attr_get_payload_len(attr) };
}

/* Read the code of a nested verdict. */
static bool watch_verdict(const struct nlattr *nest, uint32_t *code)
{
	const struct nlattr *attr;

	if (!nest)
		return false;
	mnl_attr_for_each_nested(attr, nest)
		if (mnl_attr_get_type(attr) == NFTA_VERDICT_CODE)
			return watch_u32(attr, code);
	return false;
}

/* Read the headers that a trace has: network and transport apart. */
static bool watch_trace_packet(const struct nlattr **attrs,
			       struct watch_packet *packet)
{
	struct span network;

	if (!attrs[NFTA_TRACE_NETWORK_HEADER])
		return false;
	network = watch_span(attrs[NFTA_TRACE_NETWORK_HEADER]);
	if (!watch_read_network(&network, packet))
		return false;
	if (attrs[NFTA_TRACE_TRANSPORT_HEADER])
		watch_read_transport(watch_span(attrs[NFTA_TRACE_TRANSPORT_HEADER]),
				     packet);
	/* nobody copies payload into a trace */
	packet->payload.len = 0;
	return true;
}

/**
 * watch_read_trace() - read a message of the group NFNLGRP_NFTRACE
 * @nlh: whole
 * @trace: set
 *
 * Return: false if it is none
 */
bool watch_read_trace(const struct nlmsghdr *nlh, struct watch_trace *trace)
{
	const struct nlattr *attrs[NFTA_TRACE_MAX + 1];
	const struct nlattr *handle;
	uint32_t type, code;

	memset(trace, 0, sizeof(*trace));
	if (!watch_attrs(nlh, attrs, NFTA_TRACE_MAX) ||
	    !watch_u32(attrs[NFTA_TRACE_TYPE], &type) ||
	    !watch_u32(attrs[NFTA_TRACE_ID], &trace->id) ||
	    !watch_text(attrs[NFTA_TRACE_TABLE], trace->table,
			sizeof(trace->table)) ||
	    !watch_text(attrs[NFTA_TRACE_CHAIN], trace->chain,
			sizeof(trace->chain)))
		return false;
	trace->family = ((const struct nfgenmsg *)
			 mnl_nlmsg_get_payload(nlh))->nfgen_family;
	trace->is_policy = type == NFT_TRACETYPE_POLICY;
	if (trace->is_policy)
		trace->is_drop = watch_u32(attrs[NFTA_TRACE_POLICY], &code) &&
				 code == NF_DROP;
	else
		trace->is_drop = type == NFT_TRACETYPE_RULE &&
				 watch_verdict(attrs[NFTA_TRACE_VERDICT], &code) &&
				 code == NF_DROP;
	handle = attrs[NFTA_TRACE_RULE_HANDLE];
	if (handle && mnl_attr_get_payload_len(handle) >= sizeof(uint64_t)) {
		memcpy(&trace->handle, mnl_attr_get_payload(handle),
		       sizeof(trace->handle));
		trace->handle = be64toh(trace->handle);
	}
	trace->has_packet = watch_trace_packet(attrs, &trace->packet);
	return true;
}

/**
 * watch_read_log() - read a packet that a rule has logged
 * @nlh: a whole message of nfnetlink_log
 * @group: set to the group that it was logged to
 * @packet: set
 *
 * Return: false if there is no packet in it
 */
bool watch_read_log(const struct nlmsghdr *nlh, uint16_t *group,
		    struct watch_packet *packet)
{
	const struct nlattr *attrs[NFULA_MAX + 1];
	struct span in;

	memset(packet, 0, sizeof(*packet));
	if (!watch_attrs(nlh, attrs, NFULA_MAX) || !attrs[NFULA_PAYLOAD])
		return false;
	*group = ntohs(((const struct nfgenmsg *)
			mnl_nlmsg_get_payload(nlh))->res_id);
	in = watch_span(attrs[NFULA_PAYLOAD]);
	if (!watch_read_network(&in, packet))
		return false;
	watch_read_transport(in, packet);
	return true;
}
