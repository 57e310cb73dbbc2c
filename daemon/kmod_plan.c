// SPDX-License-Identifier: GPL-2.0-only
/* Requests that the module takes from its listener only. */

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <stdatomic.h>

#include "kmod_plan.h"
#include "log.h"

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

/**
 * kmod_leave() - say that nobody will answer until somebody listens again
 * @kmod: socket for which segments are queued
 *
 * Return: 0, or -1 with @kmod->error
 */
int kmod_leave(struct kmod *kmod)
{
	return kmod_ask(kmod, kmod_message(APPGW_CMD_LEAVE), NLM_F_ACK, NULL,
			NULL);
}

/* The module knows APPGW_ATTR_BRIEF. */
static atomic_bool kmod_knows_quiet;

/**
 * kmod_plan_may_be_quiet() - tell if the module can leave out answers
 * @may: it knows APPGW_ATTR_BRIEF; an older one would refuse such a plan
 */
void kmod_plan_may_be_quiet(bool may)
{
	atomic_store(&kmod_knows_quiet, may);
}

/* Add an endpoint. Plans go without libnl: it allocates, clears and copies several pages
 * for a request, and a segment waits meanwhile.
 */
static bool kmod_plan_end(struct nlmsghdr *nlh, int type,
			  const struct endpoint *ep)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start_check(nlh, KMOD_REQUEST_MAX, type);
	if (!nest)
		return false;
	if (ep->af != APPGW_AF_NONE &&
	    !mnl_attr_put_check(nlh, KMOD_REQUEST_MAX, APPGW_END_ADDR,
				ep->af == APPGW_AF_IPV4 ? APPGW_ADDR_LEN_IPV4 :
							  APPGW_ADDR_LEN_IPV6,
				ep->addr))
		return false;
	if (ep->port &&
	    !mnl_attr_put_u16_check(nlh, KMOD_REQUEST_MAX, APPGW_END_PORT,
				    htons(ep->port)))
		return false;
	mnl_attr_nest_end(nlh, nest);
	return true;
}

static bool kmod_plan_packet(struct nlmsghdr *nlh, const struct packet *packet)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start_check(nlh, KMOD_REQUEST_MAX,
					 APPGW_PLAN_PACKET);
	if (!nest || !kmod_plan_end(nlh, APPGW_PACKET_SRC, &packet->src) ||
	    !kmod_plan_end(nlh, APPGW_PACKET_DST, &packet->dst) ||
	    (packet->protonum == IPPROTO_UDP &&
	     !mnl_attr_put_u8_check(nlh, KMOD_REQUEST_MAX, APPGW_PACKET_PROTO,
				    packet->protonum)))
		return false;
	mnl_attr_nest_end(nlh, nest);
	return true;
}

static bool kmod_plan_flag(struct nlmsghdr *nlh, int type, bool flag)
{
	return !flag ||
	       mnl_attr_put_check(nlh, KMOD_REQUEST_MAX, type, 0, NULL);
}

/* Add a number, unless it is what a missing one stands for. */
static bool kmod_plan_number(struct nlmsghdr *nlh, int type, size_t size,
			     const void *number)
{
	static const uint8_t zero[sizeof(uint64_t)];

	return !memcmp(number, zero, size) ||
	       mnl_attr_put_check(nlh, KMOD_REQUEST_MAX, type, size, number);
}

#define KMOD_PLAN_NUMBER(nlh, type, number) \
	kmod_plan_number(nlh, type, sizeof(number), &(number))

static bool kmod_plan_value(struct nlmsghdr *nlh, const struct plan_part *part)
{
	const struct appgw_value *v = part->value;
	struct nlattr *nest;

	nest = mnl_attr_nest_start_check(nlh, KMOD_REQUEST_MAX,
					 APPGW_PART_VALUE);
	if (!nest ||
	    !mnl_attr_put_u8_check(nlh, KMOD_REQUEST_MAX, APPGW_VALUE_WHAT,
				   v->what) ||
	    !KMOD_PLAN_NUMBER(nlh, APPGW_VALUE_FORM, v->form) ||
	    !KMOD_PLAN_NUMBER(nlh, APPGW_VALUE_CODE, v->code) ||
	    !KMOD_PLAN_NUMBER(nlh, APPGW_VALUE_BYTES, v->bytes) ||
	    !kmod_plan_flag(nlh, APPGW_VALUE_LITTLE, v->little) ||
	    !kmod_plan_flag(nlh, APPGW_VALUE_SIGNED, v->is_signed) ||
	    !kmod_plan_flag(nlh, APPGW_VALUE_REVERSED, v->reversed) ||
	    !KMOD_PLAN_NUMBER(nlh, APPGW_VALUE_NUMBER, part->number) ||
	    !KMOD_PLAN_NUMBER(nlh, APPGW_VALUE_BIAS, v->bias) ||
	    !KMOD_PLAN_NUMBER(nlh, APPGW_VALUE_DIVISOR, v->divisor) ||
	    !KMOD_PLAN_NUMBER(nlh, APPGW_VALUE_XOR, v->xor))
		return false;
	mnl_attr_nest_end(nlh, nest);
	return true;
}

static bool kmod_plan_part(struct nlmsghdr *nlh, const struct plan_part *part)
{
	switch (part->type) {
	case APPGW_PART_VALUE:
		return kmod_plan_value(nlh, part);
	case APPGW_PART_LENGTH:
	case APPGW_PART_LENGTH_LE32:
		return mnl_attr_put_u32_check(nlh, KMOD_REQUEST_MAX,
					      part->type, part->number);
	case APPGW_PART_LENGTH_LE64:
		return mnl_attr_put_u64_check(nlh, KMOD_REQUEST_MAX,
					      part->type, part->number);
	case APPGW_PART_PORT_XOR:
		return mnl_attr_put_u16_check(nlh, KMOD_REQUEST_MAX,
					      part->type, part->number);
	default:
		return mnl_attr_put_check(nlh, KMOD_REQUEST_MAX, part->type,
					  part->text.len, part->text.at);
	}
}

/* Put the parts of a plan's new text into a nest of that type. */
static bool kmod_plan_parts(struct nlmsghdr *nlh, uint16_t type,
			    const struct plan *plan)
{
	struct nlattr *nest;
	unsigned int i;

	nest = mnl_attr_nest_start_check(nlh, KMOD_REQUEST_MAX, type);
	if (!nest)
		return false;
	for (i = 0; i < plan->parts; i++)
		if (!kmod_plan_part(nlh, &plan->part[i]))
			return false;
	mnl_attr_nest_end(nlh, nest);
	return true;
}

static bool kmod_plan_edit(struct nlmsghdr *nlh, const struct plan *plan)
{
	return mnl_attr_put_u32_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_EDIT_SEQ,
				      plan->edit_seq) &&
	       mnl_attr_put_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_EDIT_OLD,
				  plan->old.len, plan->old.at) &&
	       kmod_plan_parts(nlh, APPGW_PLAN_EDIT_PARTS, plan);
}

static bool kmod_plan_put(struct nlmsghdr *nlh, const struct packet *packet,
			  const struct plan *plan)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start_check(nlh, KMOD_REQUEST_MAX,
					 APPGW_ATTR_PLAN);
	if (!nest || !kmod_plan_packet(nlh, packet) ||
	    !mnl_attr_put_u32_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_SEQ,
				    plan->seq) ||
	    !mnl_attr_put_strz_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_KIND,
				     plan->kind) ||
	    !mnl_attr_put_u8_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_ACTION,
				   plan->action) ||
	    !kmod_plan_end(nlh, APPGW_PLAN_END, &plan->end) ||
	    (plan->ports != 1 &&
	     !mnl_attr_put_u8_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_PORTS,
				    plan->ports)) ||
	    (plan->index &&
	     !mnl_attr_put_u8_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_INDEX,
				    plan->index)) ||
	    (plan->owner != APPGW_OWNER_SENDER &&
	     !mnl_attr_put_u8_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_OWNER,
				    plan->owner)) ||
	    (plan->protonum &&
	     !mnl_attr_put_u8_check(nlh, KMOD_REQUEST_MAX, APPGW_PLAN_PROTO,
				    plan->protonum)) ||
	    (plan->has_edit && !kmod_plan_edit(nlh, plan)))
		return false;
	mnl_attr_nest_end(nlh, nest);
	return true;
}

static bool kmod_brief_put(struct nlmsghdr *nlh, const struct packet *packet,
			   const struct plan *plan)
{
	struct appgw_brief b = {
		.src_port = htons(packet->src.port),
		.dst_port = htons(packet->dst.port),
		.end_port = htons(plan->end.port),
		.packet_af = packet->src.af, .end_af = plan->end.af,
		.packet_proto = packet->protonum == IPPROTO_UDP ? IPPROTO_UDP :
								  IPPROTO_TCP,
		.seq = plan->seq, .edit_seq = plan->edit_seq,
		.action = plan->action, .ports = plan->ports,
		.owner = plan->owner, .index = plan->index,
		.proto = plan->protonum,
	};

	memcpy(b.src, packet->src.addr, sizeof(b.src));
	memcpy(b.dst, packet->dst.addr, sizeof(b.dst));
	memcpy(b.end, plan->end.addr, sizeof(b.end));
	memcpy(b.kind, plan->kind, sizeof(b.kind));
	if (!mnl_attr_put_check(nlh, KMOD_REQUEST_MAX, APPGW_ATTR_BRIEF, sizeof(b), &b))
		return false;
	return !plan->has_edit ||
	       (mnl_attr_put_check(nlh, KMOD_REQUEST_MAX, APPGW_ATTR_BRIEF_OLD,
				   plan->old.len, plan->old.at) &&
		kmod_plan_parts(nlh, APPGW_ATTR_BRIEF_PARTS, plan));
}

/**
 * kmod_plan_add() - put one more plan into a batch
 * @batch: not full
 * @packet: the segment, copied; its payload isn't looked at any more
 * @plan: the plan, likewise
 * @is_quiet: what takes the place of its endpoint doesn't matter
 */
void kmod_plan_add(struct kmod_batch *batch, const struct packet *packet,
		   const struct plan *plan, bool is_quiet)
{
	struct kmod_planned *planned = &batch->planned[batch->count];
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	planned->packet = *packet;
	planned->plan = *plan;
	memset(&planned->instead, 0, sizeof(planned->instead));
	planned->is_quiet = is_quiet;
	planned->is_answered = false;
	is_quiet = is_quiet && atomic_load(&kmod_knows_quiet);
	/* until it is answered */
	planned->error = is_quiet ? 0 : ENOBUFS;
	batch->is_loud = batch->is_loud || !is_quiet;

	nlh = (struct nlmsghdr *)(batch->request + batch->len);
	*nlh = (struct nlmsghdr){
		.nlmsg_len = MNL_NLMSG_HDRLEN + GENL_HDRLEN,
		.nlmsg_type = kmod_number(),
		.nlmsg_flags = NLM_F_REQUEST,
		.nlmsg_seq = batch->seq + batch->count,
	};
	genl = mnl_nlmsg_get_payload(nlh);
	*genl = (struct genlmsghdr){
		.cmd = APPGW_CMD_PLAN, .version = APPGW_GENL_VERSION,
	};
	/* refused for that, if it doesn't fit */
	if (is_quiet ? !kmod_brief_put(nlh, packet, plan) :
		       !kmod_plan_put(nlh, packet, plan))
		nlh->nlmsg_len = MNL_NLMSG_HDRLEN + GENL_HDRLEN;
	batch->len += MNL_ALIGN(nlh->nlmsg_len);
	batch->count++;
}

/**
 * kmod_plan_send() - have those plans of a batch carried out that haven't been sent yet
 * @kmod: the socket
 * @batch: the batch, may be empty
 *
 * When this returns, all that can be done has been done: the kernel deals with
 * a request within the call that sends it. So the segments may go on before
 * kmod_plan_answers() is called, which must follow when the batch is full.
 */
void kmod_plan_send(struct kmod *kmod, struct kmod_batch *batch)
{
	int error = kmod_number() ? 0 : ENOENT;
	unsigned int i;

	if (batch->sent == batch->count)
		return;
	if (!error && send(nl_socket_get_fd(kmod->sock), batch->request,
			   batch->len, 0) < 0)
		error = errno;
	for (i = batch->sent; error && i < batch->count; i++)
		batch->planned[i].error = error;
	batch->sent = batch->count;
	batch->len = 0;
}

/* Take the kernel's own words, if there are any. */
static void kmod_plan_refused(const struct nlmsghdr *nlh,
			      struct kmod_planned *planned)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err))
		return;
	planned->error = -err->error;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) ||
	    !(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, sizeof(*err))
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			log_escape(planned->text, sizeof(planned->text),
				   mnl_attr_get_str(attr));
}

/* Return false if it is the answer to something else. */
static bool kmod_plan_answer(const struct nlmsghdr *nlh,
			     struct kmod_batch *batch)
{
	uint32_t i = nlh->nlmsg_seq - batch->seq;
	struct nlattr *found[APPGW_PLAN_MAX + 1];
	struct kmod_planned *planned;
	const struct nlattr *attr;

	if (i >= batch->count)
		return false;
	planned = &batch->planned[i];
	planned->is_answered = true;
	if (nlh->nlmsg_type == NLMSG_ERROR) {
		kmod_plan_refused(nlh, planned);
		return true;
	}
	planned->error = 0;
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == APPGW_ATTR_PLAN &&
		    !nla_parse_nested(found, APPGW_PLAN_MAX,
				      (struct nlattr *)attr, NULL))
			kmod_get_end(found[APPGW_PLAN_END], &planned->instead);
	return true;
}

/**
 * kmod_plan_answers() - read what has become of the plans of a batch
 * @kmod: the socket
 * @batch: was sent; kmod_batch.planned is complete now
 *
 * Waits for nothing: what isn't there won't come.
 */
void kmod_plan_answers(struct kmod *kmod, struct kmod_batch *batch)
{
	const struct nlmsghdr *nlh = (const void *)batch->answer;
	unsigned int answered = 0, i;
	bool has_lost = false;
	ssize_t n;

	for (i = 0; i < batch->count; i++)
		*batch->planned[i].text = '\0';
	while (answered < batch->count) {
		n = recv(nl_socket_get_fd(kmod->sock), batch->answer,
			 sizeof(batch->answer), MSG_DONTWAIT);
		/* one had no room; others may be there */
		if (n < 0 && errno == ENOBUFS) {
			has_lost = true;
			continue;
		}
		if (n < 0)
			break;
		if (mnl_nlmsg_ok(nlh, n) && kmod_plan_answer(nlh, batch))
			answered++;
	}
	for (i = 0; i < batch->count; i++) {
		struct kmod_planned *planned = &batch->planned[i];

		/* it may be the one whose refusal had no room */
		if (has_lost && !planned->is_answered && !planned->error)
			planned->error = ENOBUFS;
		if (planned->error && !*planned->text)
			snprintf(planned->text, sizeof(planned->text), "%s",
				 planned->error == ENOENT ? KMOD_ABSENT :
				 strerror(planned->error));
	}
}

/**
 * kmod_plan_clear() - begin another batch
 * @batch: what was in it isn't needed any more
 */
void kmod_plan_clear(struct kmod_batch *batch)
{
	batch->seq += batch->count;
	batch->count = 0;
	batch->sent = 0;
	batch->is_loud = false;
	batch->len = 0;
}
