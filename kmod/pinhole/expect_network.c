// SPDX-License-Identifier: GPL-2.0-only
/* Expectations for what any host of a network may send: answers to a question that went
 * to all of them, any number, until their time is over.
 */

#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "core/compat.h"
#include "expect.h"
#include "expect_network.h"

/* Lead an answer back to where the question came from, if NAT has given that another
 * address or port on its way out.
 */
static void expectfn_network(struct nf_conn *ct, struct nf_conntrack_expect *exp)
{
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;

	if (t->dst.u.udp.port != exp->saved_proto.udp.port ||
	    !nf_inet_addr_cmp(&t->dst.u3, &exp->saved_addr))
		appgw_expect_lead(ct, exp);
}

/* Expect nothing yet, from @from and @port to the asker of @ct. */
static struct nf_conntrack_expect *
network_new(struct nf_conn *ct, const struct appgw_network *from, __be16 port)
{
	const struct nf_conntrack_tuple *in =
		&ct->tuplehash[IP_CT_DIR_REPLY].tuple;
	const struct nf_conntrack_tuple *own =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	struct nf_conntrack_expect *exp = nf_ct_expect_alloc(ct);

	if (!exp)
		return NULL;
	nf_ct_expect_init(exp, NF_CT_EXPECT_CLASS_DEFAULT, nf_ct_l3num(ct),
			  &from->addr, &in->dst.u3, IPPROTO_UDP,
			  port ? &port : NULL, &in->dst.u.udp.port);
	appgw_expect_no_helper(exp);
	exp->mask.src.u3 = from->mask;
	exp->flags |= NF_CT_EXPECT_PERMANENT;
	exp->expectfn = expectfn_network;
	exp->saved_addr = own->src.u3;
	exp->saved_proto.udp.port = own->src.u.udp.port;
	exp->dir = IP_CT_DIR_REPLY;
	return exp;
}

/* Find what is expected already of what @exp is for; with a reference. */
static struct nf_conntrack_expect *
network_find(const struct nf_conntrack_expect *exp)
{
	struct nf_conn *ct = exp->master;

	return nf_ct_expect_find_get(nf_ct_net(ct), nf_ct_zone(ct),
				     &exp->tuple);
}

static bool network_is_same(const struct nf_conntrack_expect *a,
			    const struct nf_conntrack_expect *b)
{
	return a->master == b->master &&
	       nf_inet_addr_cmp(&a->tuple.src.u3, &b->tuple.src.u3) &&
	       nf_inet_addr_cmp(&a->mask.src.u3, &b->mask.src.u3) &&
	       a->mask.src.u.all == b->mask.src.u.all;
}

/* Put @exp in the place of @old, which may be NULL and is another question's from the
 * same port, and let in what that would have let in.
 */
static int network_replace(struct nf_conntrack_expect *exp,
			   struct nf_conntrack_expect *old, u32 left)
{
	int ret;

	if (old && old->expectfn == expectfn_network) {
		left = max(left, appgw_expect_left(old));
		exp->mask.src.u.all &= old->mask.src.u.all;
		nf_ct_unexpect_related(old);
	}
	ret = nf_ct_expect_related(exp, 0);
	if (!ret)
		appgw_expect_prolong(exp, left);
	return ret;
}

/**
 * appgw_expect_network() - let in what hosts of a network send to the asker
 * @ct: the question's connection; may not be confirmed yet. Its helper's expectations
 *	live for less than @left
 * @from: network
 * @port: port that they send from; 0 for any
 * @left: jiffies from now on; if more are left of what is let in already, so it stays
 *
 * Return: 0; -EMFILE if conntrack's table of expectations is full, -EBUSY if somebody
 * else expects the same, -ENOMEM
 */
int appgw_expect_network(struct nf_conn *ct, const struct appgw_network *from,
			 __be16 port, u32 left)
{
	struct nf_conntrack_expect *exp = network_new(ct, from, port), *old;
	int ret = 0;

	if (!exp)
		return -ENOMEM;
	old = network_find(exp);
	if (!old || !network_is_same(old, exp) ||
	    !appgw_expect_prolong(old, left))
		ret = network_replace(exp, old, left);
	if (old)
		nf_ct_expect_put(old);
	nf_ct_expect_put(exp);
	if (!ret)
		appgw_expect_keep(ct, left);
	return ret;
}

static bool network_is_ours(struct nf_conntrack_expect *exp, void *data)
{
	return exp->expectfn == expectfn_network;
}

/**
 * appgw_expect_network_exit() - end all expectations of networks
 *
 * To be called after the helper is gone, as appgw_expect_exit().
 */
void appgw_expect_network_exit(void)
{
	nf_ct_expect_iterate_destroy(network_is_ours, NULL);
	/* an expectation that was found before may still call its expectfn */
	synchronize_rcu();
}
