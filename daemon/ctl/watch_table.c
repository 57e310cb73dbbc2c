// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: what is known of each flow, and telling it. */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include "endpoint_text.h"
#include "watch.h"

static bool watch_same(const struct endpoint *a, const struct endpoint *b)
{
	return a->af == b->af && !memcmp(a->addr, b->addr, sizeof(a->addr));
}

/**
 * watch_is_host() - tell if an address is HOST's
 * @watch: the call
 * @ep: address, with any port
 *
 * Return: true if it is
 */
bool watch_is_host(const struct watch *watch, const struct endpoint *ep)
{
	return watch_same(&watch->host, ep);
}

static struct watch_flow *watch_look(struct watch *watch, uint8_t proto,
				     const struct endpoint *src,
				     const struct endpoint *dst)
{
	struct watch_flow *flow;

	for (flow = watch->flows; flow < watch->flows + watch->n_flows; flow++)
		if (flow->proto == proto && flow->dst.port == dst->port &&
		    watch_same(&flow->src, src) && watch_same(&flow->dst, dst))
			return flow;
	return NULL;
}

/**
 * watch_find() - find a flow, or begin a new one
 * @watch: the call
 * @proto: transport protocol
 * @src: who begins it; the port doesn't count
 * @dst: where it goes to
 *
 * Return: the flow; NULL if there are too many
 */
struct watch_flow *watch_find(struct watch *watch, uint8_t proto,
			      const struct endpoint *src,
			      const struct endpoint *dst)
{
	struct watch_flow *flow = watch_look(watch, proto, src, dst);

	if (flow)
		return flow;
	if (watch->n_flows == WATCH_FLOWS_MAX) {
		watch->left_out++;
		return NULL;
	}
	flow = &watch->flows[watch->n_flows++];
	memset(flow, 0, sizeof(*flow));
	flow->proto = proto;
	flow->src = *src;
	flow->src.port = 0;
	flow->dst = *dst;
	flow->way = watch_is_host(watch, src) ? WATCH_OUT : WATCH_IN;
	flow->name = watch_name(proto, dst->port, flow->way);
	return flow;
}

/**
 * watch_find_packet() - find the flow of a packet, which may be an answer
 * @watch: the call
 * @packet: headers
 *
 * Return: the flow; NULL if there are too many
 */
struct watch_flow *watch_find_packet(struct watch *watch,
				     const struct watch_packet *packet)
{
	bool is_answer = packet->proto == IPPROTO_TCP &&
			 (packet->tcp_flags & (TH_SYN | TH_ACK)) != TH_SYN;
	struct watch_flow *flow;

	flow = watch_look(watch, packet->proto, &packet->src, &packet->dst);
	if (!flow)
		flow = watch_look(watch, packet->proto, &packet->dst,
				  &packet->src);
	if (flow)
		return flow;
	if (is_answer && packet->src.port < packet->dst.port)
		return watch_find(watch, packet->proto, &packet->dst,
				  &packet->src);
	return watch_find(watch, packet->proto, &packet->src, &packet->dst);
}

static enum watch_class watch_classify(const struct watch_flow *flow)
{
	if (flow->traced || flow->logged)
		return WATCH_DROPPED;
	if (flow->is_answered)
		return WATCH_PASSES;
	if (flow->resets)
		return WATCH_RESET;
	return flow->unanswered ? WATCH_UNANSWERED : WATCH_PENDING;
}

/* Count packets once that were traced and logged. */
static unsigned long watch_count(const struct watch_flow *flow,
				 enum watch_class class)
{
	switch (class) {
	case WATCH_DROPPED:
		return flow->traced > flow->logged ? flow->traced :
						     flow->logged;
	case WATCH_RESET:
		return flow->resets;
	case WATCH_UNANSWERED:
		return flow->unanswered;
	default:
		return flow->opened;
	}
}

static const char *const class_names[] = {
	[WATCH_PENDING]		= "pending",
	[WATCH_PASSES]		= "passes",
	[WATCH_UNANSWERED]	= "unanswered",
	[WATCH_RESET]		= "reset",
	[WATCH_DROPPED]		= "dropped",
};

static const char *const class_texts[] = {
	[WATCH_PENDING]		= "let through %lux, no answer yet",
	[WATCH_PASSES]		= "passes, %lux",
	[WATCH_UNANSWERED]	= "let through, but no answer %lux",
	[WATCH_RESET]		= "let through, refused by the other end %lux",
	[WATCH_DROPPED]		= "dropped %lux",
};

static const char *proto_text(uint8_t proto, char *buf, size_t size)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_ICMPV6:
		return "icmpv6";
	default:
		snprintf(buf, size, "protocol %u", proto);
		return buf;
	}
}

static void watch_print_json(const struct watch_flow *flow,
			     enum watch_class class)
{
	char src[ENDPOINT_TEXT_MAX], dst[ENDPOINT_TEXT_MAX], proto[16];
	const struct watch_name *name = flow->name;
	json_t *object;

	object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s*, s:s*, s:s*}",
			   "type", "flow",
			   "proto", proto_text(flow->proto, proto, sizeof(proto)),
			   "src", endpoint_text(src, &flow->src),
			   "dst", endpoint_text(dst, &flow->dst),
			   "state", class_names[class],
			   "count", (json_int_t)watch_count(flow, class),
			   "by", class == WATCH_DROPPED && *flow->where ?
			   flow->where : NULL,
			   "service", name ? name->title : NULL,
			   "advice", name && class != WATCH_PASSES ?
			   name->advice : NULL);
	ctl_print_json(object);
	json_decref(object);
}

static void watch_print_text(const struct watch_flow *flow,
			     enum watch_class class)
{
	char src[ENDPOINT_TEXT_MAX], dst[ENDPOINT_TEXT_MAX], proto[16];

	printf("%s %s > %s  ", proto_text(flow->proto, proto, sizeof(proto)),
	       endpoint_text(src, &flow->src), endpoint_text(dst, &flow->dst));
	printf(class_texts[class], watch_count(flow, class));
	if (class == WATCH_DROPPED && *flow->where)
		printf(" by %s", flow->where);
	if (flow->name && class != WATCH_PASSES)
		printf(": \"%s\": %s", flow->name->title, flow->name->advice);
	else if (flow->name)
		printf(": \"%s\"", flow->name->title);
	else if (class == WATCH_DROPPED)
		printf(": unknown service");
	printf("\n");
	fflush(stdout);
}

static void watch_print(struct watch *watch, const struct watch_flow *flow,
			enum watch_class class)
{
	if (watch->ctl->is_json)
		watch_print_json(flow, class);
	else
		watch_print_text(flow, class);
}

/**
 * watch_tell() - print a flow's line if it fares otherwise than was told
 * @watch: the call
 * @flow: it has changed
 */
void watch_tell(struct watch *watch, struct watch_flow *flow)
{
	enum watch_class class = watch_classify(flow);

	if (class == WATCH_DROPPED)
		watch->is_blocked = true;
	if (class == flow->told)
		return;
	flow->told = class;
	watch_print(watch, flow, class);
	watch_told_match(watch, flow);
}

/**
 * watch_summary() - print all flows with their last counts
 * @watch: the call
 */
void watch_summary(struct watch *watch)
{
	struct watch_flow *flow;

	if (!watch->ctl->is_json)
		printf("in all:%s\n", watch->n_flows ? "" : " nothing was seen");
	for (flow = watch->flows; flow < watch->flows + watch->n_flows; flow++)
		watch_print(watch, flow, watch_classify(flow));
	watch_told_summary(watch);
	if (watch->left_out)
		fprintf(stderr, "appgwctl: too many flows: %lu packets and connections of others\n",
			watch->left_out);
	fflush(stdout);
}
