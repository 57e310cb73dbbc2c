// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink: what a daemon asks for, and what there is to list.
 * include/uapi/linux/nf_appgw.h says what the messages look like.
 */

#include <linux/ctype.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/sock.h>

#include "gate/gate.h"
#include "gate/listener.h"
#include "gate/steer.h"
#include "helper/session.h"
#include "netlink.h"
#include "pinhole/pinhole.h"
#include "protocols/ftp.h"
#include "uapi/linux/nf_appgw.h"

static const struct nla_policy gate_end_attrs[APPGW_END_MAX + 1] = {
	[APPGW_END_ADDR]	= { .type = NLA_BINARY,
				    .len = APPGW_ADDR_LEN_IPV6 },
	[APPGW_END_PORT]	= { .type = NLA_U16 },
};

static const struct nla_policy gate_listen_attrs[APPGW_LISTEN_MAX + 1] = {
	[APPGW_LISTEN_HELPER]	= { .type = NLA_NUL_STRING,
				    .len = NF_CT_HELPER_NAME_LEN - 1 },
	[APPGW_LISTEN_QUEUE]	= { .type = NLA_U16 },
	[APPGW_LISTEN_QUEUES]	= NLA_POLICY_RANGE(NLA_U16, 1,
						   APPGW_LISTEN_QUEUES_MAX),
};

static const struct nla_policy gate_packet_attrs[APPGW_PACKET_MAX + 1] = {
	[APPGW_PACKET_SRC]	= NLA_POLICY_NESTED(gate_end_attrs),
	[APPGW_PACKET_DST]	= NLA_POLICY_NESTED(gate_end_attrs),
};

static const struct nla_policy gate_plan_attrs[APPGW_PLAN_MAX + 1] = {
	[APPGW_PLAN_PACKET]	= NLA_POLICY_NESTED(gate_packet_attrs),
	[APPGW_PLAN_SEQ]	= { .type = NLA_U32 },
	[APPGW_PLAN_KIND]	= { .type = NLA_NUL_STRING,
				    .len = APPGW_KIND_MAX },
	[APPGW_PLAN_ACTION]	= NLA_POLICY_MAX(NLA_U8,
						 __APPGW_PLAN_ACTION_MAX - 1),
	[APPGW_PLAN_END]	= NLA_POLICY_NESTED(gate_end_attrs),
	[APPGW_PLAN_EDIT_SEQ]	= { .type = NLA_U32 },
	[APPGW_PLAN_EDIT_OLD]	= { .type = NLA_BINARY,
				    .len = APPGW_EDIT_MAX },
	[APPGW_PLAN_EDIT_PARTS]	= { .type = NLA_NESTED },
	[APPGW_PLAN_PORTS]	= NLA_POLICY_RANGE(NLA_U8, 1,
						   APPGW_PINHOLE_PORTS_MAX),
	[APPGW_PLAN_OWNER]	= NLA_POLICY_MAX(NLA_U8,
						 __APPGW_OWNER_MAX - 1),
	[APPGW_PLAN_INDEX]	= NLA_POLICY_MAX(NLA_U8,
						 APPGW_PINHOLE_PORTS_MAX - 1),
};

/* Reads an endpoint; without an address @ep->af is APPGW_AF_NONE. */
static int gate_get_end(struct endpoint *ep, const struct nlattr *attr,
			struct genl_info *info)
{
	struct nlattr *tb[APPGW_END_MAX + 1];
	int ret;

	memset(ep, 0, sizeof(*ep));
	if (!attr)
		return 0;
	ret = nla_parse_nested(tb, APPGW_END_MAX, attr, gate_end_attrs,
			       info->extack);
	if (ret)
		return ret;
	if (tb[APPGW_END_PORT])
		ep->port = ntohs(nla_get_be16(tb[APPGW_END_PORT]));
	if (!tb[APPGW_END_ADDR])
		return 0;
	switch (nla_len(tb[APPGW_END_ADDR])) {
	case APPGW_ADDR_LEN_IPV4:
		ep->af = APPGW_AF_IPV4;
		break;
	case APPGW_ADDR_LEN_IPV6:
		ep->af = APPGW_AF_IPV6;
		break;
	default:
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "not an address");
		return -EINVAL;
	}
	memcpy(ep->addr, nla_data(tb[APPGW_END_ADDR]),
	       nla_len(tb[APPGW_END_ADDR]));
	return 0;
}

static int gate_get_packet(struct gate_key *key, const struct nlattr *attr,
			   struct genl_info *info)
{
	static const int end[] = { APPGW_PACKET_SRC, APPGW_PACKET_DST };
	struct nlattr *tb[APPGW_PACKET_MAX + 1];
	struct endpoint ep[ARRAY_SIZE(end)];
	int ret, i;

	memset(key, 0, sizeof(*key));
	key->net = genl_info_net(info);
	if (!attr) {
		GENL_SET_ERR_MSG(info, "no packet in the request");
		return -EINVAL;
	}
	ret = nla_parse_nested(tb, APPGW_PACKET_MAX, attr, gate_packet_attrs,
			       info->extack);
	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(end); i++) {
		ret = gate_get_end(&ep[i], tb[end[i]], info);
		if (ret)
			return ret;
		memcpy(&key->addr[i], ep[i].addr, sizeof(ep[i].addr));
		key->port[i] = htons(ep[i].port);
	}
	if (ep[0].af == APPGW_AF_NONE || ep[0].af != ep[1].af) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "not a packet's addresses");
		return -EINVAL;
	}
	key->l3num = ep[0].af == APPGW_AF_IPV4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	return 0;
}

/* Which protocols are meant; 0 if one is not known. */
static u32 gate_get_helpers(const struct nlattr *list)
{
	const struct nlattr *attr;
	u32 protos = 0;
	int rem, i;

	nla_for_each_nested(attr, list, rem) {
		if (nla_type(attr) != APPGW_LISTEN_HELPER)
			continue;
		for (i = 0; i < GATE_PROTOS; i++)
			if (!nla_strcmp(attr, appgw_gate_proto_name(i)))
				break;
		if (i == GATE_PROTOS)
			return 0;
		protos |= BIT(i);
	}
	return protos;
}

/* APPGW_CMD_LISTEN */
int appgw_netlink_listen(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[APPGW_ATTR_LISTEN];
	struct appgw_listener l = { .portid = info->snd_portid, .queues = 1 };
	struct nlattr *tb[APPGW_LISTEN_MAX + 1];
	int ret;

	if (!attr) {
		GENL_SET_ERR_MSG(info, "no listener in the request");
		return -EINVAL;
	}
	ret = nla_parse_nested(tb, APPGW_LISTEN_MAX, attr, gate_listen_attrs,
			       info->extack);
	if (ret)
		return ret;
	l.protos = gate_get_helpers(attr);
	if (!l.protos) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "no such helper");
		return -ENOENT;
	}
	if (tb[APPGW_LISTEN_QUEUE])
		l.queue = nla_get_u16(tb[APPGW_LISTEN_QUEUE]);
	if (tb[APPGW_LISTEN_QUEUES])
		l.queues = nla_get_u16(tb[APPGW_LISTEN_QUEUES]);
	if (!tb[APPGW_LISTEN_QUEUE] || l.queue + l.queues - 1 > U16_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "no such queue");
		return -EINVAL;
	}
	return appgw_listener_add(genl_info_net(info), &l, info->extack);
}

/* APPGW_CMD_LEAVE */
int appgw_netlink_leave(struct sk_buff *skb, struct genl_info *info)
{
	appgw_listener_leave(genl_info_net(info), info->snd_portid);
	return 0;
}

static bool gate_is_kind(const char *kind)
{
	for (; *kind; kind++)
		if (!islower(*kind) && !isdigit(*kind) && *kind != '_')
			return false;
	return true;
}

static int gate_get_plan(struct gate_request *req, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[APPGW_ATTR_PLAN];
	struct nlattr *tb[APPGW_PLAN_MAX + 1];
	int ret;

	if (!attr) {
		GENL_SET_ERR_MSG(info, "no plan in the request");
		return -EINVAL;
	}
	ret = nla_parse_nested(tb, APPGW_PLAN_MAX, attr, gate_plan_attrs,
			       info->extack) ?:
	      gate_get_packet(&req->key, tb[APPGW_PLAN_PACKET], info) ?:
	      gate_get_end(&req->end, tb[APPGW_PLAN_END], info);
	if (ret)
		return ret;
	if (!tb[APPGW_PLAN_SEQ] || !tb[APPGW_PLAN_KIND] ||
	    !tb[APPGW_PLAN_ACTION] || !tb[APPGW_PLAN_END]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "part of the plan is missing");
		return -EINVAL;
	}
	req->seq = nla_get_u32(tb[APPGW_PLAN_SEQ]);
	req->action = nla_get_u8(tb[APPGW_PLAN_ACTION]);
	req->kind = nla_data(tb[APPGW_PLAN_KIND]);
	req->ports = tb[APPGW_PLAN_PORTS] ?
		     nla_get_u8(tb[APPGW_PLAN_PORTS]) : 1;
	if (tb[APPGW_PLAN_INDEX])
		req->index = nla_get_u8(tb[APPGW_PLAN_INDEX]);
	if (tb[APPGW_PLAN_OWNER])
		req->owner = nla_get_u8(tb[APPGW_PLAN_OWNER]);
	if (!gate_is_kind(req->kind)) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[APPGW_PLAN_KIND],
				    "not a kind of announcement");
		return -EINVAL;
	}
	if (!tb[APPGW_PLAN_EDIT_SEQ])
		return 0;
	if (!tb[APPGW_PLAN_EDIT_OLD] || !tb[APPGW_PLAN_EDIT_PARTS]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "part of the edit is missing");
		return -EINVAL;
	}
	req->has_edit = true;
	req->edit_seq = nla_get_u32(tb[APPGW_PLAN_EDIT_SEQ]);
	req->old = nla_data(tb[APPGW_PLAN_EDIT_OLD]);
	req->old_len = nla_len(tb[APPGW_PLAN_EDIT_OLD]);
	req->parts = tb[APPGW_PLAN_EDIT_PARTS];
	return 0;
}

/* Room for the answer to a plan: an endpoint. A whole page would take longer to
 * clear than the plan to carry out.
 */
#define PLAN_ANSWER_MAX	128

static int gate_put_result(struct sk_buff *skb, const struct endpoint *result)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_PLAN);

	if (!nest || appgw_netlink_put_end(skb, APPGW_PLAN_END, result))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* APPGW_CMD_PLAN. The answer is ready before anything is done, so that nothing
 * is done of which the daemon doesn't hear.
 */
int appgw_netlink_plan(struct sk_buff *skb, struct genl_info *info)
{
	struct gate_request req = {};
	struct endpoint result;
	struct sk_buff *answer;
	void *hdr;
	int ret;

	ret = gate_get_plan(&req, info);
	if (ret)
		return ret;
	answer = genlmsg_new(PLAN_ANSWER_MAX, GFP_KERNEL);
	if (!answer)
		return -ENOMEM;
	hdr = genlmsg_put_reply(answer, info, &appgw_netlink_family, 0,
				APPGW_CMD_PLAN);
	ret = hdr ? appgw_gate_plan(&req, &result, info->extack) : -EMSGSIZE;
	if (!ret)
		ret = gate_put_result(answer, &result);
	if (ret) {
		nlmsg_free(answer);
		return ret;
	}
	genlmsg_end(answer, hdr);
	return genlmsg_reply(answer, info);
}

/* APPGW_CMD_RELEASE */
int appgw_netlink_release(struct sk_buff *skb, struct genl_info *info)
{
	struct gate_key key;
	int ret;

	ret = gate_get_packet(&key, info->attrs[APPGW_ATTR_PACKET], info);
	return ret ?: appgw_gate_release(&key);
}

/* Conntrack remembers a connection for some minutes after its end. */
static bool gate_flow_is_over(const struct nf_conn *ct)
{
	switch (READ_ONCE(ct->proto.tcp.state)) {
	case TCP_CONNTRACK_LAST_ACK:
	case TCP_CONNTRACK_TIME_WAIT:
	case TCP_CONNTRACK_CLOSE:
		return true;
	default:
		return false;
	}
}

static const char *gate_flow_state(const struct nf_conn *ct,
				   const struct appgw_session *s)
{
	/* whoever sets it has said why before */
	if (s->gated && smp_load_acquire(&s->gate->off))
		return appgw_stat_name(s->gate->stopped);
	if (!s->gated && s->stream[0].off)
		return appgw_stat_name(appgw_ftp_stopped(s));
	return gate_flow_is_over(ct) ? "closed" : "reading";
}

static int gate_put_queue(struct sk_buff *skb, const struct gate_flow *flow)
{
	const struct appgw_listener *l = appgw_flow_listener(flow);

	if (!l || READ_ONCE(flow->off))
		return 0;
	return nla_put_u16(skb, APPGW_FLOW_QUEUE,
			   appgw_steer_queue(l, flow));
}

static int gate_put_flow(struct sk_buff *skb, const struct nf_conn *ct,
			 struct appgw_session *s)
{
	const struct net *net = nf_ct_net(ct);
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_FLOW);
	u32 held = 0, edits = 0;
	int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++) {
		held += READ_ONCE(s->stream[i].hold_len);
		edits += READ_ONCE(s->stream[i].edits);
	}
	if (!nest ||
	    nla_put_string(skb, APPGW_FLOW_HELPER, s->gated ?
			   appgw_gate_proto_name(s->gate->proto) : "ftp") ||
	    appgw_netlink_put_control(skb, APPGW_FLOW_CLIENT, APPGW_FLOW_SERVER,
				      &ct->tuplehash[0].tuple) ||
	    nla_put_string(skb, APPGW_FLOW_STATE, gate_flow_state(ct, s)) ||
	    nla_put_u32(skb, APPGW_FLOW_PINHOLES,
			appgw_pinhole_count(s, net)) ||
	    nla_put_u32(skb, APPGW_FLOW_EDITS, edits) ||
	    nla_put_u32(skb, APPGW_FLOW_HELD, held) ||
	    (s->gated && gate_put_queue(skb, s->gate)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* One message; -EMSGSIZE if it doesn't fit any more. The session isn't locked,
 * because conntrack's table is: whoever opens a pinhole looks connections up
 * there, and throws those away that have expired, in the other order.
 */
static int gate_flow_message(struct sk_buff *skb, struct netlink_callback *cb,
			     const struct nf_conn *ct)
{
	struct appgw_session *s = appgw_session_find(ct);
	void *hdr;
	int ret;

	if (!s)
		return 0;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &appgw_netlink_family, NLM_F_MULTI,
			  APPGW_CMD_FLOW_GET);
	if (!hdr)
		return -EMSGSIZE;
	ret = gate_put_flow(skb, ct, s);
	if (ret)
		genlmsg_cancel(skb, hdr);
	else
		genlmsg_end(skb, hdr);
	return ret;
}

/* One bucket of conntrack's table, from entry *@skip on; 0 and *@skip is 0
 * again, or -EMSGSIZE with *@skip set to where to go on.
 */
static int gate_flow_bucket(struct sk_buff *skb, struct netlink_callback *cb,
			    unsigned int bucket, long *skip)
{
	const struct net *net = sock_net(skb->sk);
	struct nf_conntrack_tuple_hash *h;
	struct hlist_nulls_node *n;
	const struct nf_conn *ct;
	long at = 0;
	int ret = 0;

	hlist_nulls_for_each_entry_rcu(h, n, &nf_conntrack_hash[bucket],
				       hnnode) {
		if (NF_CT_DIRECTION(h) != IP_CT_DIR_REPLY || at++ < *skip)
			continue;
		ct = nf_ct_tuplehash_to_ctrack(h);
		if (!net_eq(net, nf_ct_net(ct)))
			continue;
		ret = gate_flow_message(skb, cb, ct);
		if (ret) {
			at--;
			break;
		}
	}
	*skip = ret ? at : 0;
	return ret;
}

/* Conntrack's own function doesn't tell sparse that it takes a lock. */
static void gate_bucket_lock(spinlock_t *lock) __acquires(lock)
{
	nf_conntrack_lock(lock);
	__acquire(lock);
}

static int gate_flow_bucket_locked(struct sk_buff *skb,
				   struct netlink_callback *cb,
				   unsigned int bucket, long *skip)
{
	spinlock_t *lock = &nf_conntrack_locks[bucket % CONNTRACK_LOCKS];
	int ret = 0;

	rcu_read_lock();
	local_bh_disable();
	gate_bucket_lock(lock);
	/* the table may just have become a smaller one */
	if (bucket < nf_conntrack_htable_size)
		ret = gate_flow_bucket(skb, cb, bucket, skip);
	spin_unlock(lock);
	local_bh_enable();
	rcu_read_unlock();
	return ret;
}

/* APPGW_CMD_FLOW_GET. Walks conntrack's table as its own dump does: what comes
 * or goes meanwhile may be there or not.
 */
int appgw_netlink_flow_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	while (cb->args[0] < nf_conntrack_htable_size) {
		if (gate_flow_bucket_locked(skb, cb, cb->args[0],
					    &cb->args[1]))
			break;
		cb->args[0]++;
		cond_resched();
	}
	return skb->len;
}

static int gate_put_listener(struct sk_buff *skb, const struct appgw_listener *l)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_LISTEN);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < GATE_PROTOS; i++)
		if (l->protos & BIT(i) &&
		    nla_put_string(skb, APPGW_LISTEN_HELPER,
				   appgw_gate_proto_name(i)))
			return -EMSGSIZE;
	if (nla_put_u16(skb, APPGW_LISTEN_QUEUE, l->queue) ||
	    nla_put_u16(skb, APPGW_LISTEN_QUEUES, l->queues) ||
	    nla_put_u32(skb, APPGW_LISTEN_PORTID, l->portid))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* APPGW_CMD_LISTENER_GET; there are so few that one message holds them. */
int appgw_netlink_listener_dump(struct sk_buff *skb,
				struct netlink_callback *cb)
{
	const struct net *net = sock_net(skb->sk);
	const struct appgw_listener *l, *last = NULL;
	void *hdr;

	rcu_read_lock();
	for (; cb->args[0] < GATE_PROTOS; cb->args[0]++) {
		l = appgw_listener(net, cb->args[0]);
		if (!l || l == last)
			continue;
		last = l;
		hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				  cb->nlh->nlmsg_seq, &appgw_netlink_family,
				  NLM_F_MULTI, APPGW_CMD_LISTENER_GET);
		if (!hdr)
			break;
		if (gate_put_listener(skb, l)) {
			genlmsg_cancel(skb, hdr);
			break;
		}
		genlmsg_end(skb, hdr);
	}
	rcu_read_unlock();
	return skb->len;
}
