// SPDX-License-Identifier: GPL-2.0-only
/* A pinhole in memory, where it is as small as can be: made, and filled in. */

#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>

#include "compact.h"
#include "helper/session.h"

/* Tell how large a pinhole is, with its addresses. */
static size_t pinhole_size(bool wide)
{
	return max(sizeof(struct pinhole),
		   offsetof(struct pinhole, addr) +
		   PINHOLE_ADDR_MAX * (wide ? APPGW_ADDR_LEN_IPV6 : APPGW_ADDR_LEN_IPV4));
}

/**
 * appgw_pinhole_new() - find memory for a pinhole
 * @req: what it is for
 *
 * Return: pinhole, NULL if there is no memory
 */
struct pinhole *appgw_pinhole_new(const struct pinhole_request *req)
{
	bool wide = nf_ct_l3num(req->ct) != NFPROTO_IPV4 ||
		    req->announced->af == APPGW_AF_IPV6;
	struct pinhole *p = kzalloc(pinhole_size(wide), GFP_ATOMIC);

	/* the usual slabs for its sizes; kfree_rcu() has them */
	BUILD_BUG_ON(pinhole_size(false) > 128);
	BUILD_BUG_ON(pinhole_size(true) > 192);
	if (!p)
		return NULL;
	p->wide = wide;
	RB_CLEAR_NODE(&p->node);
	if (req->media) {
		p->media = kzalloc(sizeof(*p->media), GFP_ATOMIC);
		if (!p->media)
			goto err_pinhole;
		p->media->pinhole = p;
	} else if (req->lasting) {
		p->lasting = kzalloc(sizeof(*p->lasting), GFP_ATOMIC);
		if (!p->lasting)
			goto err_pinhole;
		p->lasting->pinhole = p;
	}
	p->is_media = req->media;
	p->is_lasting = req->lasting;
	return p;

err_pinhole:
	kfree(p);
	return NULL;
}

/**
 * appgw_pinhole_free() - free a pinhole that has never been in the books
 * @p: pinhole
 */
void appgw_pinhole_free(struct pinhole *p)
{
	if (p->is_media)
		kfree(p->media);
	if (p->is_lasting)
		kfree(p->lasting);
	kfree(p);
}

/* Set the announced address. One that takes the place of another has the room of that one,
 * which is enough for all that are of the control connection's family.
 */
static void pinhole_set_announced(struct pinhole *p, const struct endpoint *ep)
{
	p->announced_af = ep->af;
	if (!p->wide && ep->af == APPGW_AF_IPV6)
		p->announced_af = APPGW_AF_NONE;
	appgw_pinhole_set_addr(p, PINHOLE_ADDR_ANNOUNCED, NFPROTO_IPV6, ep->addr);
}

/**
 * appgw_pinhole_fill() - fill in what is told of a pinhole
 * @p: pinhole
 * @s: its session
 * @req: what it is for
 * @i: for which of the ports that are asked for
 */
void appgw_pinhole_fill(struct pinhole *p, const struct appgw_session *s,
			const struct pinhole_request *req, unsigned int i)
{
	struct nf_conn *ct = req->ct;
	const struct nf_conntrack_tuple *out = &ct->tuplehash[!req->dir].tuple;
	const struct nf_conntrack_tuple *t =
		&ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	u16 l3num = nf_ct_l3num(ct);

	p->helper = s->helper;
	strscpy(p->kind, req->kind ?: "", sizeof(p->kind));
	p->l3num = l3num;
	p->control = t->dst.protonum;
	appgw_pinhole_set_addr(p, PINHOLE_ADDR_CLIENT, l3num, &t->src.u3);
	p->client_port = t->src.u.all;
	appgw_pinhole_set_addr(p, PINHOLE_ADDR_SERVER, l3num, &t->dst.u3);
	p->server_port = t->dst.u.all;
	pinhole_set_announced(p, req->announced);
	p->announced_port = req->announced->port + i;
	appgw_pinhole_set_addr(p, PINHOLE_ADDR_PUBLIC, l3num, req->daddr);
	p->public_port = req->port + i;
	if (!req->anyone)
		appgw_pinhole_set_peer(p, l3num, &out->src.u3, 0);
	p->protonum = pinhole_protonum(req);
	p->taken = req->media && req->dir == IP_CT_DIR_ORIGINAL;
}
