/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_HELP_H
#define APPGW_HELP_H

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>

#include "core/endpoint.h"
#include "core/policy.h"
#include "session.h"
#include "stream/tcp_segment.h"

/**
 * struct help_pass - what a helper knows of a packet when it begins
 * @s: session of its connection
 * @policy: its namespace's
 * @dataoff: offset of the packet's payload
 * @dir: direction the packet travels in
 * @ends: it ends its direction, or both
 */
struct help_pass {
	struct appgw_session *s;
	const struct appgw_policy *policy;
	unsigned int dataoff;
	enum ip_conntrack_dir dir;
	bool ends;
};

bool appgw_help_is_error(const struct sk_buff *skb, const struct nf_conn *ct);
void appgw_help_count(const struct net *net, unsigned int notes);
struct appgw_session *appgw_help_first(struct nf_conn *ct,
				       enum ip_conntrack_info ctinfo,
				       const struct tcphdr *th, bool payload);
bool appgw_help_handshake(struct sk_buff *skb, unsigned int protoff,
			  struct nf_conn *ct, enum ip_conntrack_info ctinfo);

/* The number of a packet's first byte, as its sender counts. */
static inline u32 help_seq(const struct sk_buff *skb, unsigned int protoff)
{
	return ntohl(((const struct tcphdr *)(skb->data + protoff))->seq);
}

/* Tell if nothing is to be done about a packet of @s without text that is read: no edit is
 * to be translated. @out is the stream it belongs to, @back the other one.
 */
static inline bool help_is_idle(const struct sk_buff *skb, unsigned int protoff,
				const struct appgw_session *s,
				const struct stream *out, struct stream *back)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);

	return !READ_ONCE(s->bar) && tcp_segment_is_idle(th, false, out, back);
}

/**
 * appgw_help_plain() - how a helper begins with what most packets are
 * @skb: a packet of a connection that has the helper
 * @protoff: offset of its TCP header
 * @ct: the connection
 * @ctinfo: the packet's relation to it
 * @dataoff: set to the offset of the packet's payload
 *
 * Text, or an acknowledgement, of a connection that is established.
 *
 * Return: the session; NULL if it has none, or if that isn't what the packet is, or not
 * in one piece so far: then appgw_help_begin() may see to it
 */
static __always_inline struct appgw_session *
appgw_help_plain(const struct sk_buff *skb, unsigned int protoff,
		 const struct nf_conn *ct, enum ip_conntrack_info ctinfo,
		 unsigned int *dataoff)
{
	const struct tcphdr *th = (struct tcphdr *)(skb->data + protoff);
	unsigned int len;

	if (unlikely((ctinfo != IP_CT_ESTABLISHED &&
		      ctinfo != IP_CT_ESTABLISHED_REPLY) ||
		     skb_headlen(skb) < protoff + sizeof(*th)))
		return NULL;
	len = th->doff * 4;
	*dataoff = protoff + len;
	if (unlikely(len < sizeof(*th) || skb_headlen(skb) < *dataoff ||
		     !tcp_segment_is_ordinary(th)))
		return NULL;
	return appgw_session_of(ct);
}

/**
 * appgw_help_begin() - how every helper begins
 * @skb: a packet of a connection that has the helper
 * @protoff: offset of its TCP header
 * @ct: the connection
 * @ctinfo: the packet's relation to it
 * @pass: set
 *
 * Inline, since every segment goes through it. What is to be neither read
 * nor translated goes no further.
 *
 * Return: false if there is nothing more to do about it
 */
static __always_inline bool
appgw_help_begin(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		 enum ip_conntrack_info ctinfo, struct help_pass *pass)
{
	struct tcphdr _th __uninitialized, *th;

	if (unlikely(ctinfo == IP_CT_RELATED) && appgw_help_is_error(skb, ct))
		return false;
	th = skb_header_pointer(skb, protoff, sizeof(_th), &_th);
	/* conntrack lets none through that is too short */
	if (!th || unlikely(th->doff < sizeof(*th) / 4))
		return false;
	if (unlikely(th->syn)) {
		if (!appgw_help_handshake(skb, protoff, ct, ctinfo))
			return false;
		th = skb_header_pointer(skb, protoff, sizeof(_th), &_th);
	}
	if (ctinfo != IP_CT_ESTABLISHED && ctinfo != IP_CT_ESTABLISHED_REPLY)
		return false;

	/* the header may be elsewhere after pskb_may_pull() */
	pass->ends = th->fin || th->rst;
	pass->dir = CTINFO2DIR(ctinfo);
	pass->dataoff = protoff + th->doff * 4;
	pass->s = appgw_session_of(ct);
	if (unlikely(!pass->s))
		pass->s = appgw_help_first(ct, ctinfo, th,
					   pass->dataoff < skb->len);
	if (!pass->s ||
	    (!READ_ONCE(pass->s->bar) &&
	     tcp_segment_is_idle(th, skb->len > pass->dataoff,
				 &pass->s->stream[pass->dir],
				 &pass->s->stream[!pass->dir])) ||
	    !pskb_may_pull(skb, pass->dataoff))
		return false;
	pass->policy = appgw_policy(nf_ct_net(ct));
	return pass->policy;
}

/* Set @ts, but for @segment and @payload, to a packet that has begun. */
static inline void appgw_help_segment(struct tcp_segment *ts, struct sk_buff *skb,
				      unsigned int protoff, struct nf_conn *ct,
				      enum ip_conntrack_info ctinfo,
				      const struct help_pass *pass)
{
	ts->skb = skb;
	ts->ct = ct;
	ts->ctinfo = ctinfo;
	ts->protoff = protoff;
	ts->dataoff = pass->dataoff;
}

/* Tell if nothing may be kept back, cut or sent back any more. */
static inline bool appgw_help_is_passive(const struct appgw_policy *policy)
{
	return policy->dry_run || READ_ONCE(appgw_session_draining);
}

/* The address of @dir's sender in the other end's eyes. */
static inline const union nf_inet_addr *
appgw_help_public(const struct nf_conn *ct, enum ip_conntrack_dir dir)
{
	return &ct->tuplehash[!dir].tuple.dst.u3;
}

/* Tell if @ep is at the announcer's own address, or its translated one; the
 * announcer is @dir's sender.
 */
static inline bool appgw_help_is_own(const struct nf_conn *ct,
				     enum ip_conntrack_dir dir,
				     const struct endpoint *ep)
{
	u16 l3num = nf_ct_l3num(ct);

	return appgw_endpoint_is(ep, l3num,
				 &ct->tuplehash[dir].tuple.src.u3) ||
	       appgw_endpoint_is(ep, l3num, appgw_help_public(ct, dir));
}

#endif /* APPGW_HELP_H */
