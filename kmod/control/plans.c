// SPDX-License-Identifier: GPL-2.0-only
/* Requests of a daemon: to listen, to plan, to release a connection.
 * include/uapi/linux/nf_appgw.h says what the messages look like.
 */

#include <linux/ctype.h>
#include <net/genetlink.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "control.h"
#include "core/genl.h"
#include "gate/flow.h"
#include "gate/listener.h"
#include "gate/request.h"

static const struct nla_policy plans_end_attrs[APPGW_END_MAX + 1] = {
	[APPGW_END_ADDR]	= { .type = NLA_BINARY,
				    .len = APPGW_ADDR_LEN_IPV6 },
	[APPGW_END_PORT]	= { .type = NLA_U16 },
};

static const struct nla_policy plans_listen_attrs[APPGW_LISTEN_MAX + 1] = {
	[APPGW_LISTEN_HELPER]	= { .type = NLA_NUL_STRING,
				    .len = NF_CT_HELPER_NAME_LEN - 1 },
	[APPGW_LISTEN_QUEUE]	= { .type = NLA_U16 },
	[APPGW_LISTEN_QUEUES]	= NLA_POLICY_RANGE(NLA_U16, 1,
						   APPGW_LISTEN_QUEUES_MAX),
};

/* What is in a nest is checked where it is read: a policy of it here would have it
 * checked once more for each nest around it, while a segment waits.
 */
static const struct nla_policy plans_packet_attrs[APPGW_PACKET_MAX + 1] = {
	[APPGW_PACKET_SRC]	= { .type = NLA_NESTED },
	[APPGW_PACKET_DST]	= { .type = NLA_NESTED },
	[APPGW_PACKET_PROTO]	= { .type = NLA_U8 },
};

static const struct nla_policy plans_attrs[APPGW_PLAN_MAX + 1] = {
	[APPGW_PLAN_PACKET]	= { .type = NLA_NESTED },
	[APPGW_PLAN_SEQ]	= { .type = NLA_U32 },
	[APPGW_PLAN_KIND]	= { .type = NLA_NUL_STRING,
				    .len = APPGW_KIND_MAX },
	[APPGW_PLAN_ACTION]	= NLA_POLICY_MAX(NLA_U8,
						 __APPGW_PLAN_ACTION_MAX - 1),
	[APPGW_PLAN_END]	= { .type = NLA_NESTED },
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
	[APPGW_PLAN_PROTO]	= { .type = NLA_U8 },
	[APPGW_PLAN_QUIET]	= { .type = NLA_FLAG },
};

static const char plans_no_kind[] = "not a kind of announcement";
static const char plans_no_transport[] = "not a transport for pinholes";

/* Read an endpoint; without an address @ep->af is APPGW_AF_NONE. */
static int plans_get_end(struct endpoint *ep, const struct nlattr *attr,
			 struct genl_info *info)
{
	struct nlattr *tb[APPGW_END_MAX + 1];
	int ret;

	memset(ep, 0, sizeof(*ep));
	if (!attr)
		return 0;
	ret = nla_parse_nested(tb, APPGW_END_MAX, attr, plans_end_attrs,
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

static int plans_get_packet(struct gate_key *key, const struct nlattr *attr,
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
	ret = nla_parse_nested(tb, APPGW_PACKET_MAX, attr, plans_packet_attrs,
			       info->extack);
	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(end); i++) {
		ret = plans_get_end(&ep[i], tb[end[i]], info);
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
	key->protonum = tb[APPGW_PACKET_PROTO] ?
			nla_get_u8(tb[APPGW_PACKET_PROTO]) : IPPROTO_TCP;
	if (!appgw_helper_has_transport(key->protonum)) {
		NL_SET_ERR_MSG_ATTR(info->extack, tb[APPGW_PACKET_PROTO],
				    "no helper of that transport");
		return -EPROTONOSUPPORT;
	}
	return 0;
}

/* Read which protocols are meant; 0 if one is not known. */
static u32 plans_get_helpers(const struct nlattr *list)
{
	const struct nlattr *attr;
	u32 protos = 0;
	int rem, i;

	nla_for_each_nested(attr, list, rem) {
		if (nla_type(attr) != APPGW_LISTEN_HELPER)
			continue;
		for (i = 0; i < APPGW_PROTOCOLS_COUNT; i++)
			if (!nla_strcmp(attr, appgw_helper_row(i)->name))
				break;
		if (i == APPGW_PROTOCOLS_COUNT)
			return 0;
		protos |= BIT(i);
	}
	return protos;
}

/**
 * appgw_control_listen() - carry out APPGW_CMD_LISTEN
 * @skb: request
 * @info: likewise
 *
 * Return: as appgw_listener_add(); -ENOENT if there is no such helper, -EINVAL
 */
int appgw_control_listen(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[APPGW_ATTR_LISTEN];
	struct appgw_listener l = { .portid = info->snd_portid, .queues = 1 };
	struct nlattr *tb[APPGW_LISTEN_MAX + 1];
	int ret;

	if (!attr) {
		GENL_SET_ERR_MSG(info, "no listener in the request");
		return -EINVAL;
	}
	ret = nla_parse_nested(tb, APPGW_LISTEN_MAX, attr, plans_listen_attrs,
			       info->extack);
	if (ret)
		return ret;
	l.protos = plans_get_helpers(attr);
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

/**
 * appgw_control_leave() - carry out APPGW_CMD_LEAVE
 * @skb: request
 * @info: likewise
 *
 * Return: 0
 */
int appgw_control_leave(struct sk_buff *skb, struct genl_info *info)
{
	appgw_listener_leave(genl_info_net(info), info->snd_portid);
	return 0;
}

static bool plans_is_kind(const char *kind)
{
	for (; *kind; kind++)
		if (!islower(*kind) && !isdigit(*kind) && *kind != '_')
			return false;
	return true;
}

/* Read a plan; @quiet is set to whether an answer is wanted only if it is refused. */
static int plans_get(struct gate_request *req, bool *quiet, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[APPGW_ATTR_PLAN];
	struct nlattr *tb[APPGW_PLAN_MAX + 1];
	int ret;

	if (!attr) {
		GENL_SET_ERR_MSG(info, "no plan in the request");
		return -EINVAL;
	}
	ret = nla_parse_nested(tb, APPGW_PLAN_MAX, attr, plans_attrs,
			       info->extack) ?:
	      plans_get_packet(&req->key, tb[APPGW_PLAN_PACKET], info) ?:
	      plans_get_end(&req->end, tb[APPGW_PLAN_END], info);
	if (ret)
		return ret;
	if (!tb[APPGW_PLAN_SEQ] || !tb[APPGW_PLAN_KIND] ||
	    !tb[APPGW_PLAN_ACTION] || !tb[APPGW_PLAN_END]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "part of the plan is missing");
		return -EINVAL;
	}
	*quiet = nla_get_flag(tb[APPGW_PLAN_QUIET]);
	req->seq = nla_get_u32(tb[APPGW_PLAN_SEQ]);
	req->action = nla_get_u8(tb[APPGW_PLAN_ACTION]);
	req->kind = nla_data(tb[APPGW_PLAN_KIND]);
	req->ports = tb[APPGW_PLAN_PORTS] ?
		     nla_get_u8(tb[APPGW_PLAN_PORTS]) : 1;
	if (tb[APPGW_PLAN_INDEX])
		req->index = nla_get_u8(tb[APPGW_PLAN_INDEX]);
	if (tb[APPGW_PLAN_OWNER])
		req->owner = nla_get_u8(tb[APPGW_PLAN_OWNER]);
	if (tb[APPGW_PLAN_PROTO])
		req->protonum = nla_get_u8(tb[APPGW_PLAN_PROTO]);
	if (req->protonum && !appgw_helper_has_transport(req->protonum)) {
		NL_SET_BAD_ATTR(info->extack, tb[APPGW_PLAN_PROTO]);
		info->extack->_msg = plans_no_transport;
		return -EPROTONOSUPPORT;
	}
	if (!plans_is_kind(req->kind)) {
		NL_SET_BAD_ATTR(info->extack, tb[APPGW_PLAN_KIND]);
		info->extack->_msg = plans_no_kind;
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

/* Read the packet that a plan in one piece is for. */
static int plans_get_brief_packet(struct gate_key *key, const struct appgw_brief *b,
				  struct genl_info *info)
{
	memset(key, 0, sizeof(*key));
	key->net = genl_info_net(info);
	key->l3num = b->packet_af == APPGW_AF_IPV4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	key->protonum = b->packet_proto;
	memcpy(&key->addr[0], b->src, sizeof(b->src));
	memcpy(&key->addr[1], b->dst, sizeof(b->dst));
	key->port[0] = b->src_port;
	key->port[1] = b->dst_port;
	if (b->packet_af != APPGW_AF_IPV4 && b->packet_af != APPGW_AF_IPV6) {
		GENL_SET_ERR_MSG(info, "not a packet's addresses");
		return -EINVAL;
	}
	if (!appgw_helper_has_transport(key->protonum)) {
		GENL_SET_ERR_MSG(info, "no helper of that transport");
		return -EPROTONOSUPPORT;
	}
	return 0;
}

/* Tell if fields of a plan in one piece have values that the attributes may have. */
static bool plans_is_brief(const struct appgw_brief *b)
{
	return b->action < __APPGW_PLAN_ACTION_MAX && b->owner < __APPGW_OWNER_MAX &&
	       b->ports >= 1 && b->ports <= APPGW_PINHOLE_PORTS_MAX &&
	       b->index < APPGW_PINHOLE_PORTS_MAX &&
	       (b->end_af == APPGW_AF_NONE || b->end_af == APPGW_AF_IPV4 ||
		b->end_af == APPGW_AF_IPV6) &&
	       !b->reserved[0] && !b->reserved[1];
}

/* Read a plan in one piece. */
static int plans_get_brief(struct gate_request *req, struct genl_info *info)
{
	const struct appgw_brief *b = nla_data(info->attrs[APPGW_ATTR_BRIEF]);
	const struct nlattr *old = info->attrs[APPGW_ATTR_BRIEF_OLD];
	int ret = plans_get_brief_packet(&req->key, b, info);

	if (ret)
		return ret;
	if (!plans_is_brief(b)) {
		GENL_SET_ERR_MSG(info, "not a plan");
		return -EINVAL;
	}
	if (b->proto && !appgw_helper_has_transport(b->proto)) {
		info->extack->_msg = plans_no_transport;
		return -EPROTONOSUPPORT;
	}
	if (b->kind[APPGW_KIND_MAX] || !plans_is_kind(b->kind)) {
		info->extack->_msg = plans_no_kind;
		return -EINVAL;
	}
	req->seq = b->seq;
	req->action = b->action;
	req->kind = b->kind;
	req->ports = b->ports;
	req->index = b->index;
	req->owner = b->owner;
	req->protonum = b->proto;
	req->end.af = b->end_af;
	req->end.port = ntohs(b->end_port);
	memcpy(req->end.addr, b->end, sizeof(req->end.addr));
	if (!old)
		return 0;
	if (!info->attrs[APPGW_ATTR_BRIEF_PARTS]) {
		GENL_SET_ERR_MSG(info, "part of the edit is missing");
		return -EINVAL;
	}
	req->has_edit = true;
	req->edit_seq = b->edit_seq;
	req->old = nla_data(old);
	req->old_len = nla_len(old);
	req->parts = info->attrs[APPGW_ATTR_BRIEF_PARTS];
	return 0;
}

/* Room for the answer to a plan: an endpoint. A whole page would take longer to
 * clear than the plan to carry out.
 */
#define PLANS_ANSWER_MAX	128

static int plans_put_result(struct sk_buff *skb, const struct endpoint *result)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_ATTR_PLAN);

	if (!nest || appgw_genl_put_end(skb, APPGW_PLAN_END, result))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * appgw_control_plan() - carry out APPGW_CMD_PLAN
 * @skb: request
 * @info: likewise
 *
 * The answer is ready before anything is done, so that nothing is done of which the
 * daemon doesn't hear; a quiet one hears of what is not done.
 *
 * Return: as appgw_gate_plan(); -EINVAL, -EMSGSIZE
 */
int appgw_control_plan(struct sk_buff *skb, struct genl_info *info)
{
	struct gate_request req = {};
	struct endpoint result;
	struct sk_buff *answer;
	void *hdr;
	bool quiet = true;
	int ret;

	ret = info->attrs[APPGW_ATTR_BRIEF] ? plans_get_brief(&req, info) :
					      plans_get(&req, &quiet, info);
	if (ret)
		return ret;
	if (quiet)
		return appgw_gate_plan(&req, &result, info->extack);
	answer = genlmsg_new(PLANS_ANSWER_MAX, GFP_KERNEL);
	if (!answer)
		return -ENOMEM;
	hdr = appgw_genl_answer(answer, info);
	ret = hdr ? appgw_gate_plan(&req, &result, info->extack) : -EMSGSIZE;
	if (!ret)
		ret = plans_put_result(answer, &result);
	if (ret) {
		nlmsg_free(answer);
		return ret;
	}
	genlmsg_end(answer, hdr);
	return genlmsg_reply(answer, info);
}

/**
 * appgw_control_release() - carry out APPGW_CMD_RELEASE
 * @skb: request
 * @info: likewise
 *
 * Return: as appgw_gate_release(); -EINVAL
 */
int appgw_control_release(struct sk_buff *skb, struct genl_info *info)
{
	struct gate_key key;
	int ret;

	ret = plans_get_packet(&key, info->attrs[APPGW_ATTR_PACKET], info);
	return ret ?: appgw_gate_release(&key);
}
