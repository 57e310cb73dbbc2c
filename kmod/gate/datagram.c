// SPDX-License-Identifier: GPL-2.0-only
/* Control connections that are flows of datagrams: each is a unit, has no number of its
 * own and may come again, or not at all.
 *
 * What the daemon has to see is queued by steer.c; it is edited here when it leaves. The
 * plans are kept, so that a datagram that is sent again becomes the same one again.
 */

#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_nat_helper.h>
#include <net/tcp.h>

#include "appgw/datagram.h"
#include "datagram.h"
#include "helper/help.h"
#include "pinhole/lasting.h"
#include "plan.h"

/* Find the payload, in one piece; false if there is none, or no memory for that. */
static bool datagram_find(struct sk_buff *skb, unsigned int protoff,
			  struct span *data)
{
	unsigned int dataoff = protoff + sizeof(struct udphdr);

	if (skb->len <= dataoff || skb_linearize(skb))
		return false;
	data->at = skb->data + dataoff;
	data->len = skb->len - dataoff;
	return true;
}

/**
 * appgw_datagram_flow() - find the flow that a datagram belongs to
 * @ct: its entry, which has our helper
 * @dir: direction it travels in
 *
 * It begins with the first answer to what was said early. Call under rcu_read_lock().
 *
 * Return: flow, or NULL if the datagram is of no interest
 */
struct gate_flow *appgw_datagram_flow(struct nf_conn *ct,
				      enum ip_conntrack_dir dir)
{
	const void *early = appgw_session_early(ct);
	struct appgw_session *s = appgw_session_of(ct);

	if (!s && dir == IP_CT_DIR_REPLY && early &&
	    memchr_inv(early, 0, SESSION_EARLY_MAX))
		s = appgw_session_get(ct);
	return s && gate_has_flow(s) ? gate_flow_of(s) : NULL;
}

/* Mark an announcement for the daemon, in the place of the oldest if need be. */
static void datagram_mark(struct gate_side *side, u32 number, u32 note)
{
	if (side->marks == GATE_MARKS_MAX &&
	    !appgw_plan_is_marked(side, number)) {
		side->marks--;
		memmove(side->mark, side->mark + 1,
			side->marks * sizeof(*side->mark));
		memmove(side->note, side->note + 1,
			side->marks * sizeof(*side->note));
	}
	appgw_plan_mark(side, number, note);
}

/**
 * appgw_datagram_wants() - tell if the daemon has to see a datagram
 * @flow: its flow
 * @dir: direction it travels in
 * @skb: datagram
 * @protoff: offset of its UDP header
 *
 * Return: true if so
 */
bool appgw_datagram_wants(struct gate_flow *flow, enum ip_conntrack_dir dir,
			  struct sk_buff *skb, unsigned int protoff)
{
	struct gate_side *side = &flow->side[dir];
	struct scan_unit unit = {};
	struct span data;
	unsigned int i;
	u32 number;

	if (!datagram_find(skb, protoff, &data))
		return false;
	spin_lock_bh(&flow->s->lock);
	if (!flow->off) {
		gate_scan_copy(flow->proto, side->ahead, flow->scan);
		flow->proto->scan.read_datagram(side->ahead,
						dir == IP_CT_DIR_ORIGINAL,
						data, &unit);
	}
	if (unit.count) {
		number = datagram_number(data);
		for (i = 0; i < unit.count; i++)
			datagram_mark(side, number + unit.at[i], unit.note);
	}
	spin_unlock_bh(&flow->s->lock);
	return unit.count;
}

/* Count what the scanner refuses, and tell of it. Return if it is to be dropped. */
static bool datagram_refuse(const struct gate_proto *proto,
			    const struct nf_conn *ct,
			    const struct appgw_policy *policy,
			    enum scan_why why, bool from_client)
{
	struct appgw_event event = { .type = APPGW_EVENT_REFUSED };

	if (why == SCAN_WHY_NONE)
		return false;
	event.reason = appgw_helper_why(why, from_client);
	event.dry_run = policy->dry_run;
	appgw_refuse(ct, &event);
	return gate_is_dropped(proto, policy, why);
}

/* Take in the first datagram of a flow that nobody has answered yet. */
static int datagram_first(struct nf_conn *ct, const struct gate_proto *proto,
			  const struct appgw_policy *policy, struct span data)
{
	u8 st[GATE_STATE_MAX] __aligned(8) = {};
	void *early = appgw_session_early(ct);
	struct scan_unit unit = {};

	if (!early)
		return NF_ACCEPT;
	gate_scan_begin(proto, st, policy);
	proto->scan.read_datagram(st, true, data, &unit);
	memcpy(early, st, SESSION_EARLY_MAX);
	return datagram_refuse(proto, ct, policy, unit.why, true) ?
	       NF_DROP : NF_ACCEPT;
}

/* Make an edit; false if there is no memory, and the datagram can't be sent. */
static bool datagram_edit(struct sk_buff *skb, unsigned int protoff,
			  struct nf_conn *ct, enum ip_conntrack_info ctinfo,
			  const struct gate_plan *plan, u32 at)
{
	return !gate_plan_changes(plan) ||
	       nf_nat_mangle_udp_packet(skb, ct, ctinfo, protoff, at,
					plan->old_len, plan->text,
					plan->new_len);
}

/* Make the edits that are planned for a datagram, the last one first. @data are no longer
 * valid then.
 */
static bool datagram_edits(struct gate_pass *pass, struct sk_buff *skb,
			   unsigned int protoff, enum ip_conntrack_info ctinfo,
			   struct span data)
{
	u32 number = datagram_number(data), len = data.len;
	struct gate_plan *plan;

	list_for_each_entry_reverse(plan, &pass->flow->plans, node) {
		u32 at = plan->seq - number;

		if (plan->dir != pass->dir || !plan->old_len || at >= len ||
		    plan->old_len > len - at ||
		    memcmp(skb->data + protoff + sizeof(struct udphdr) + at,
			   plan->old, plan->old_len))
			continue;
		if (!datagram_edit(skb, protoff, pass->ct, ctinfo, plan, at)) {
			appgw_stat_inc(nf_ct_net(pass->ct), APPGW_STAT_FAILED);
			return false;
		}
		plan->made = true;
	}
	return true;
}

static int datagram_through(struct gate_pass *pass, struct sk_buff *skb,
			    unsigned int protoff,
			    enum ip_conntrack_info ctinfo, struct span data)
{
	struct gate_flow *flow = pass->flow;
	struct scan_unit unit = {};

	gate_scan_begin(flow->proto, flow->scan, pass->policy);
	flow->proto->scan.read_datagram(flow->scan, gate_from_client(pass),
					data, &unit);
	if (datagram_refuse(flow->proto, pass->ct, pass->policy, unit.why,
			    gate_from_client(pass)))
		return NF_DROP;
	if (!list_empty(&flow->plans) &&
	    !datagram_edits(pass, skb, protoff, ctinfo, data))
		return NF_DROP;
	return NF_ACCEPT;
}

/**
 * appgw_datagram_help() - take a datagram through, for any of the daemon's protocols
 * @skb: packet
 * @protoff: offset of its UDP header
 * @ct: its entry
 * @ctinfo: its relation to that
 *
 * Return: NF_ACCEPT or NF_DROP
 */
int appgw_datagram_help(struct sk_buff *skb, unsigned int protoff,
			struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(ctinfo);
	struct gate_pass pass = { .ct = ct, .dir = dir };
	const struct nf_conntrack_helper *helper;
	const struct gate_proto *proto;
	struct appgw_session *s;
	struct span data;
	int ret, number;

	if (ctinfo == IP_CT_RELATED_REPLY ||
	    (ctinfo == IP_CT_RELATED && appgw_help_is_error(skb, ct)) ||
	    appgw_packet_is_seen(skb) || !datagram_find(skb, protoff, &data))
		return NF_ACCEPT;
	helper = rcu_dereference(nfct_help(ct)->helper);
	number = appgw_helper_number(helper);
	pass.policy = appgw_policy(nf_ct_net(ct));
	if (number < 0 || !pass.policy)
		return NF_ACCEPT;
	proto = gate_proto_of(appgw_helper_row(number));

	s = appgw_session_of(ct);
	if (!s && !nf_ct_is_confirmed(ct))
		return dir == IP_CT_DIR_ORIGINAL ?
		       datagram_first(ct, proto, pass.policy, data) : NF_ACCEPT;
	s = s ?: appgw_session_get(ct);
	if (!s)
		return NF_ACCEPT;
	pass.flow = gate_flow_of(s);
	spin_lock_bh(&s->lock);
	ret = READ_ONCE(s->bar) == SESSION_FROZEN ? NF_DROP :
	      pass.flow->off ? NF_ACCEPT :
	      datagram_through(&pass, skb, protoff, ctinfo, data);
	spin_unlock_bh(&s->lock);
	if (proto->pinholes.lasting)
		appgw_lasting_keep(s, ct);
	return ret;
}
