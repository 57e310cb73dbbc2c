// SPDX-License-Identifier: GPL-2.0-only
/* Connections of conntrack's, as they are when the helper gets their packets. */

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netfilter/nf_nat.h>

#include "storm.h"

#define STORM_TIMEOUT_S	600

/* A client behind NAT, or one that is not, and a server. */
static void storm_tuple(struct nf_conntrack_tuple *t,
			const struct storm_protocol *protocol,
			struct rnd_state *rnd)
{
	memset(t, 0, sizeof(*t));
	t->dst.protonum = protocol->datagrams &&
			  storm_one_in(rnd, protocol->datagrams) ?
			  IPPROTO_UDP : IPPROTO_TCP;
	t->src.u.tcp.port = htons(1024 + storm_below(rnd, 60000));
	t->dst.u.tcp.port = htons(protocol->port);
	if (storm_one_in(rnd, 3)) {
		t->src.l3num = NFPROTO_IPV6;
		t->src.u3.ip6[0] = htonl(0xfd000001);
		t->src.u3.ip6[3] = htonl(1 + storm_below(rnd, 9));
		t->dst.u3.ip6[0] = htonl(0x20010db8);
		t->dst.u3.ip6[3] = htonl(1 + storm_below(rnd, 9));
	} else {
		t->src.l3num = NFPROTO_IPV4;
		t->src.u3.ip = htonl(0x0a000001 + storm_below(rnd, 9));
		t->dst.u3.ip = htonl(0xcb007101 + storm_below(rnd, 9));
	}
}

/* An address of the router's, or of a server's behind it */
static void storm_nat(struct nf_conn *ct,
		      const struct storm_protocol *protocol,
		      struct rnd_state *rnd)
{
	struct nf_nat_range2 range = { .flags = NF_NAT_RANGE_MAP_IPS };
	bool v6 = nf_ct_l3num(ct) == NFPROTO_IPV6;
	bool server = protocol->servers_nat && storm_one_in(rnd, 2);

	if (storm_one_in(rnd, 4))
		return;
	if (v6) {
		range.min_addr.ip6[0] = htonl(0x20010db8);
		range.min_addr.ip6[3] = htonl(0xffff0000 +
					      storm_below(rnd, 99));
	} else {
		range.min_addr.ip = htonl((server ? 0x0a630000 : 0xc6336401) +
					  storm_below(rnd, 250));
	}
	range.max_addr = range.min_addr;
	nf_nat_setup_info(ct, &range, server ? NF_NAT_MANIP_DST :
					       NF_NAT_MANIP_SRC);
}

static bool storm_help(struct nf_conn *ct,
		       const struct storm_protocol *protocol)
{
	struct nf_conntrack_helper *helper;
	struct nf_conn_help *help;

	helper = __nf_conntrack_helper_find(protocol->helper, nf_ct_l3num(ct),
					    nf_ct_protonum(ct));
	help = nf_ct_helper_ext_add(ct, GFP_ATOMIC);
	if (!helper || !help)
		return false;
	RCU_INIT_POINTER(help->helper, helper);
	return true;
}

/* A connection that conntrack doesn't know yet, which is its packet's alone. */
struct nf_conn *storm_connect(struct net *net,
			      const struct storm_protocol *protocol,
			      struct rnd_state *rnd)
{
	struct nf_conntrack_tuple orig, reply;
	struct nf_conn *ct;

	storm_tuple(&orig, protocol, rnd);
	nf_ct_invert_tuple(&reply, &orig);
	ct = nf_conntrack_alloc(net, &nf_ct_zone_dflt, &orig, &reply,
				GFP_ATOMIC);
	if (IS_ERR(ct))
		return NULL;
	storm_nat(ct, protocol, rnd);
	if (!storm_help(ct, protocol)) {
		nf_conntrack_free(ct);
		return NULL;
	}
	if (nf_ct_protonum(ct) == IPPROTO_TCP && !storm_one_in(rnd, 8))
		nfct_seqadj_ext_add(ct);
	refcount_set(&ct->ct_general.use, 1);
	return ct;
}

/* Have conntrack know it, as if it had been set up just now; false if it can't. */
bool storm_confirm(struct nf_conn *ct)
{
	ct->status |= IPS_CONFIRMED | IPS_SEEN_REPLY | IPS_ASSURED;
	ct->timeout = nfct_time_stamp + STORM_TIMEOUT_S * HZ;
	if (nf_ct_protonum(ct) == IPPROTO_TCP)
		ct->proto.tcp.state = TCP_CONNTRACK_ESTABLISHED;
	if (!nf_conntrack_hash_check_insert(ct))
		return true;
	ct->status &= ~IPS_CONFIRMED;
	return false;
}

/* The last reference may be with the one who is in the helper. */
void storm_end(struct nf_conn *ct)
{
	if (!ct)
		return;
	nf_ct_delete(ct, 0, 0);
	nf_ct_put(ct);
}
