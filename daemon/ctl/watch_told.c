// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: ports that HOST announces on connections that nobody helps. */

#include <netinet/in.h>
#include <stdlib.h>

#include "../kmod/protocols/ftp_parse.h"
#include "endpoint_text.h"
#include "irc_parse.h"
#include "kmod_json.h"
#include "watch.h"

/* What surrounds a CTCP message */
#define CTCP_MARK	0x01

/* Read the first line as a command or reply of FTP. */
static uint16_t told_ftp(struct span line)
{
	struct ftp_announcement ann;
	const uint8_t *end = span_find(line, '\n');

	if (!end)
		return 0;
	line.len = end - line.at;
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	if (appgw_ftp_parse_command(line, &ann) == FTP_LINE_ANNOUNCES ||
	    appgw_ftp_parse_reply(line, &ann) == FTP_LINE_ANNOUNCES)
		return ann.ep.port;
	return 0;
}

/* Find the first DCC offer. */
static uint16_t told_dcc(struct span rest)
{
	struct irc_offer offer;
	const uint8_t *mark, *end;
	struct span text, dcc;

	while ((mark = span_find(rest, CTCP_MARK))) {
		span_skip(&rest, mark - rest.at);
		text = rest;
		dcc = rest;
		span_skip(&rest, 1);
		end = span_find(rest, CTCP_MARK);
		if (!end)
			return 0;
		if (!irc_eat_dcc(&dcc))
			continue;
		text.len = end - text.at;
		if (irc_parse_offer(text, &offer))
			return offer.end.port;
	}
	return 0;
}

/* Tell if the module looks after a connection. */
static bool told_is_helped(struct watch *watch, const struct watch_packet *packet)
{
	char src[ENDPOINT_TEXT_MAX], dst[ENDPOINT_TEXT_MAX];
	json_t *flows = kmod_number() ? json_flows(&watch->ctl->kmod) : NULL;
	const char *client, *server;
	bool is_helped = false;
	json_t *flow;
	size_t i;

	endpoint_text(src, &packet->src);
	endpoint_text(dst, &packet->dst);
	json_array_foreach(flows, i, flow) {
		client = json_string_value(json_object_get(flow, "client"));
		server = json_string_value(json_object_get(flow, "server"));
		if (client && server &&
		    (!strcmp(client, src) || !strcmp(server, src) ||
		     (!strcmp(client, dst) && !strcmp(server, src))))
			is_helped = true;
	}
	json_decref(flows);
	return is_helped;
}

/**
 * watch_told_packet() - look for an announcement in what HOST sends
 * @watch: the call
 * @packet: a copy
 */
void watch_told_packet(struct watch *watch, const struct watch_packet *packet)
{
	struct watch_told *told;
	uint16_t port;

	if (!watch_is_host(watch, &packet->src) ||
	    packet->proto != IPPROTO_TCP || !packet->payload.len)
		return;
	port = told_ftp(packet->payload);
	if (!port)
		port = told_dcc(packet->payload);
	if (!port || told_is_helped(watch, packet))
		return;
	told = &watch->told[watch->n_told++ % WATCH_TOLD_MAX];
	told->peer = packet->dst;
	/* HOST may be the server; it is the one with the smaller port */
	if (packet->src.port < packet->dst.port)
		told->peer.port = packet->src.port;
	told->port = port;
	told->is_hinted = false;
}

static void told_print(struct watch *watch, struct watch_told *told)
{
	char peer[ENDPOINT_TEXT_MAX];
	struct endpoint address = told->peer;
	json_t *object;

	told->is_hinted = true;
	watch->is_blocked = true;
	address.port = 0;
	endpoint_text(peer, &address);
	if (!watch->ctl->is_json) {
		printf("%s told %s port %u on tcp %u: add %u to ports\n",
		       watch->host_text, peer, told->port, told->peer.port,
		       told->peer.port);
		fflush(stdout);
		return;
	}
	object = json_pack("{s:s, s:s, s:s, s:i, s:i}", "type", "told",
			   "host", watch->host_text, "peer", peer,
			   "port", told->port, "control", told->peer.port);
	ctl_print_json(object);
	json_decref(object);
}

/**
 * watch_told_match() - tell of an announcement that a flow has come for in vain
 * @watch: the call
 * @flow: from the one that was told, perhaps
 */
void watch_told_match(struct watch *watch, const struct watch_flow *flow)
{
	struct watch_told *told;
	unsigned int i;

	if (flow->way != WATCH_IN || flow->told == WATCH_PASSES)
		return;
	for (i = 0; i < WATCH_TOLD_MAX && i < watch->n_told; i++) {
		told = &watch->told[i];
		if (!told->is_hinted && told->port == flow->dst.port &&
		    told->peer.af == flow->src.af &&
		    !memcmp(told->peer.addr, flow->src.addr,
			    sizeof(flow->src.addr)))
			told_print(watch, told);
	}
}

static bool told_has_come(const struct watch *watch, const struct watch_told *told)
{
	const struct watch_flow *flow;

	for (flow = watch->flows; flow < watch->flows + watch->n_flows; flow++)
		if (flow->is_answered && flow->dst.port == told->port)
			return true;
	return false;
}

/**
 * watch_told_summary() - tell of announcements that nobody came for
 * @watch: the call
 */
void watch_told_summary(struct watch *watch)
{
	struct watch_told *told;
	unsigned int i;

	for (i = 0; i < WATCH_TOLD_MAX && i < watch->n_told; i++) {
		told = &watch->told[i];
		if (!told->is_hinted && !told_has_come(watch, told))
			told_print(watch, told);
	}
}
