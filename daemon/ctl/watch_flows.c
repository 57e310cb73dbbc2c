// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: connections that got through, and whether anything came back, by
 * conntrack's events.
 */

#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/in.h>
#include <time.h>

#include "watch.h"

/* A connection of TCP that ends that soon without any answer got a reset: conntrack
 * forgets those at once, and the others after a minute or more.
 */
#define FLOWS_RESET_MS	10000

static int64_t flows_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Read an end, given by the attributes of its addresses and its port. */
static void flows_end(const struct nf_conntrack *ct,
		      enum nf_conntrack_attr ipv4, enum nf_conntrack_attr ipv6,
		      enum nf_conntrack_attr port, struct endpoint *ep)
{
	const void *addr;

	memset(ep, 0, sizeof(*ep));
	if (nfct_get_attr_u8(ct, ATTR_L3PROTO) == AF_INET6) {
		addr = nfct_get_attr(ct, ipv6);
		ep->af = APPGW_AF_IPV6;
		if (addr)
			memcpy(ep->addr, addr, APPGW_ADDR_LEN_IPV6);
	} else {
		addr = nfct_get_attr(ct, ipv4);
		ep->af = APPGW_AF_IPV4;
		if (addr)
			memcpy(ep->addr, addr, APPGW_ADDR_LEN_IPV4);
	}
	if (nfct_attr_is_set(ct, port) > 0)
		ep->port = ntohs(nfct_get_attr_u16(ct, port));
}

/* Set the ends of a connection that is HOST's: where it is from, and where it goes to
 * after translation if that is HOST.
 */
static bool flows_ends(const struct watch *watch, const struct nf_conntrack *ct,
		       struct endpoint *src, struct endpoint *dst)
{
	struct endpoint reply;

	flows_end(ct, ATTR_ORIG_IPV4_SRC, ATTR_ORIG_IPV6_SRC,
		  ATTR_ORIG_PORT_SRC, src);
	flows_end(ct, ATTR_ORIG_IPV4_DST, ATTR_ORIG_IPV6_DST,
		  ATTR_ORIG_PORT_DST, dst);
	if (watch_is_host(watch, src) || watch_is_host(watch, dst))
		return true;
	flows_end(ct, ATTR_REPL_IPV4_SRC, ATTR_REPL_IPV6_SRC,
		  ATTR_REPL_PORT_SRC, &reply);
	*dst = reply;
	return watch_is_host(watch, dst);
}

static void flows_count(struct watch_flow *flow, int type,
			const struct nf_conntrack *ct)
{
	bool is_answered = nfct_get_attr_u32(ct, ATTR_STATUS) & IPS_SEEN_REPLY;

	if (is_answered)
		flow->is_answered = true;
	if (type == IPCTNL_MSG_CT_NEW || is_answered)
		return;
	/* seen from its beginning */
	if (flow->proto == IPPROTO_TCP && flow->opened &&
	    flows_now_ms() - flow->opened_ms < FLOWS_RESET_MS)
		flow->resets++;
	else
		flow->unanswered++;
}

/**
 * watch_flows_event() - one of conntrack's events
 * @watch: the call
 * @nlh: of nfnetlink's subsystem conntrack
 */
void watch_flows_event(struct watch *watch, const struct nlmsghdr *nlh)
{
	struct nf_conntrack *ct = nfct_new();
	int type = NFNL_MSG_TYPE(nlh->nlmsg_type);
	struct endpoint src, dst;
	struct watch_flow *flow = NULL;

	if (ct && nfct_nlmsg_parse(nlh, ct) >= 0 &&
	    flows_ends(watch, ct, &src, &dst))
		flow = watch_find(watch, nfct_get_attr_u8(ct, ATTR_L4PROTO),
				  &src, &dst);
	if (flow) {
		/* what was there before is not what it tries now */
		if (type == IPCTNL_MSG_CT_NEW && nlh->nlmsg_flags & NLM_F_CREATE) {
			flow->opened++;
			flow->opened_ms = flows_now_ms();
		}
		flows_count(flow, type, ct);
		watch_tell(watch, flow);
	}
	if (ct)
		nfct_destroy(ct);
}
