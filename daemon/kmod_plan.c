// SPDX-License-Identifier: GPL-2.0-only
/* What only the one who listens may ask of the module. */

#include <netlink/attr.h>

#include "kmod_plan.h"

static int kmod_put_listen(struct nl_msg *msg, const struct config *config)
{
	struct nlattr *nest = nla_nest_start(msg, APPGW_ATTR_LISTEN);
	unsigned int i;

	if (!nest ||
	    nla_put_u16(msg, APPGW_LISTEN_QUEUE, config->queue) ||
	    nla_put_u16(msg, APPGW_LISTEN_QUEUES, config->queues))
		return -1;
	for (i = 0; config->protos[i]; i++)
		if (nla_put_string(msg, APPGW_LISTEN_HELPER,
				   config->protos[i]->name))
			return -1;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * kmod_listen() - have segments queued from now on, until the socket is closed
 * @kmod: the socket
 * @config: which protocols' segments, and where to
 *
 * Return: 0, or -1 with @kmod->error, EBUSY if somebody else listens
 */
int kmod_listen(struct kmod *kmod, const struct config *config)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_LISTEN);

	if (msg && kmod_put_listen(msg, config)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return kmod_ask(kmod, msg, NLM_F_ACK, NULL, NULL);
}

static int kmod_put_packet(struct nl_msg *msg, const struct packet *packet)
{
	struct nlattr *nest = nla_nest_start(msg, APPGW_PLAN_PACKET);

	if (!nest ||
	    kmod_put_end(msg, APPGW_PACKET_SRC, &packet->src) ||
	    kmod_put_end(msg, APPGW_PACKET_DST, &packet->dst))
		return -1;
	nla_nest_end(msg, nest);
	return 0;
}

static int kmod_put_edit(struct nl_msg *msg, const struct plan *plan)
{
	struct nlattr *nest;
	unsigned int i;

	if (nla_put_u32(msg, APPGW_PLAN_EDIT_SEQ, plan->edit_seq) ||
	    nla_put(msg, APPGW_PLAN_EDIT_OLD, plan->old.len, plan->old.at))
		return -1;
	nest = nla_nest_start(msg, APPGW_PLAN_EDIT_PARTS);
	if (!nest)
		return -1;
	for (i = 0; i < plan->parts; i++)
		if (nla_put(msg, plan->part[i].type, plan->part[i].text.len,
			    plan->part[i].text.at))
			return -1;
	nla_nest_end(msg, nest);
	return 0;
}

static int kmod_put_plan(struct nl_msg *msg, const struct packet *packet,
			 const struct plan *plan)
{
	struct nlattr *nest = nla_nest_start(msg, APPGW_ATTR_PLAN);

	if (!nest ||
	    kmod_put_packet(msg, packet) ||
	    nla_put_u32(msg, APPGW_PLAN_SEQ, plan->seq) ||
	    nla_put_string(msg, APPGW_PLAN_KIND, plan->kind) ||
	    nla_put_u8(msg, APPGW_PLAN_ACTION, plan->action) ||
	    kmod_put_end(msg, APPGW_PLAN_END, &plan->end) ||
	    (plan->has_edit && kmod_put_edit(msg, plan)))
		return -1;
	nla_nest_end(msg, nest);
	return 0;
}

static void kmod_planned(const struct nlattr *attrs, int len, void *arg)
{
	struct nlattr *plan = nla_find(attrs, len, APPGW_ATTR_PLAN);
	struct nlattr *found[APPGW_PLAN_MAX + 1];

	if (plan && !nla_parse_nested(found, APPGW_PLAN_MAX, plan, NULL))
		kmod_get_end(found[APPGW_PLAN_END], arg);
}

/**
 * kmod_plan() - have a plan carried out, before its segment goes on
 * @kmod: the socket
 * @packet: the segment
 * @plan: the plan
 * @instead: set to the endpoint that takes the place of the one in the text;
 *	without address and port if none does
 *
 * Return: 0, or -1 with @kmod->error: nothing of it is done
 */
int kmod_plan(struct kmod *kmod, const struct packet *packet,
	      const struct plan *plan, struct endpoint *instead)
{
	struct nl_msg *msg = kmod_message(APPGW_CMD_PLAN);

	memset(instead, 0, sizeof(*instead));
	if (msg && kmod_put_plan(msg, packet, plan)) {
		nlmsg_free(msg);
		msg = NULL;
	}
	return kmod_ask(kmod, msg, 0, kmod_planned, instead);
}
