// SPDX-License-Identifier: GPL-2.0-only
/* MSN Messenger: what the invitations and transport negotiations in a payload
 * call for.
 *
 * All lengths that contain a new text depend on how long it is, which only the
 * module knows: so plans go from the inside to the outside, addresses and ports
 * first. Which messages count, the module knows as well, and lets nothing be
 * planned for others.
 */

#include "msn_parse.h"
#include "proto.h"

/* Plans for a message, at most, and ports that it opens. */
#define MSN_PLANS_MAX	8
#define MSN_OPEN_MAX	4

/* Ports that applications wait at which name none. */
#define MSN_PORT_T120	1503	/* NetMeeting's two */
#define MSN_PORT_H323	1720
#define MSN_PORT_RDP	3389

/**
 * struct msn_app - an application that names no port
 * @what: by which field it is known
 * @value: that field's, in lower case
 * @kind: for events
 * @port: its ports; 0 for none
 *
 * Clients that aren't Microsoft's use the same session for all of NetMeeting.
 */
struct msn_app {
	enum msn_what what;
	const char *value;
	const char *kind;
	uint16_t port[2];
};

static const struct msn_app msn_apps[] = {
	{ MSN_SESSION_ID, "{1a879604-d1b8-11d7-9066-0003ff431510}",
	  "netmeeting", { MSN_PORT_T120, MSN_PORT_H323 } },
	{ MSN_SESSION_ID, "{a2ed5acf-f784-4b47-a7d4-997cd8f643cc}",
	  "netmeeting", { MSN_PORT_T120, MSN_PORT_H323 } },
	{ MSN_GUID, "{44bba842-cc51-11cf-aafa-00aa00b6015c}",
	  "netmeeting", { MSN_PORT_T120, MSN_PORT_H323 } },
	{ MSN_GUID, "{56b994a7-380f-410b-9985-c809d78c1bdc}",
	  "assistance", { MSN_PORT_RDP, 0 } },
};

/**
 * struct msn_plans - the plans for a message
 * @packet: the segment that it is in
 * @m: the message
 * @kind: for all of them
 * @plan: the plans
 * @count: how many
 * @is_failed: there should be more than there is room for, or one that is too
 *	long
 * @open: ports that are to be opened
 * @opens: how many
 */
struct msn_plans {
	const struct packet *packet;
	const struct msn_message *m;
	const char *kind;
	struct plan plan[MSN_PLANS_MAX];
	unsigned int count;
	bool is_failed;
	uint16_t open[MSN_OPEN_MAX];
	unsigned int opens;
};

/**
 * struct msn_addr - an address to be replaced
 * @end: the address
 * @text: where it is, or the list that is replaced with it
 * @reversed: it is written backwards
 */
struct msn_addr {
	struct endpoint end;
	struct span text;
	bool reversed;
};

/**
 * struct msn_port - a port to be replaced
 * @port: the port
 * @text: where it is
 * @type: how it is written
 */
struct msn_port {
	uint16_t port;
	struct span text;
	enum appgw_part_attr type;
};

static struct plan *msn_add_plan(struct msn_plans *plans,
				 enum appgw_plan_action action,
				 const struct endpoint *end)
{
	struct plan *plan = &plans->plan[plans->count];
	const struct packet *packet = plans->packet;

	if (plans->count == MSN_PLANS_MAX) {
		plans->is_failed = true;
		return NULL;
	}
	plans->count++;
	plan_begin(plan, plans->kind, action, packet->seq +
		   (plans->m->unit.at - packet->payload.at));
	if (end)
		plan->end = *end;
	return plan;
}

static void msn_add_part(struct plan *plan, enum appgw_part_attr type,
			 struct span text, uint64_t number)
{
	plan->part[plan->parts++] = (struct plan_part){
		.type = type, .text = text, .number = number,
	};
}

/* Have @old replaced, by one part at first. */
static struct plan *msn_add_edit(struct msn_plans *plans,
				 enum appgw_plan_action action,
				 const struct endpoint *end, struct span old,
				 enum appgw_part_attr type, uint64_t number)
{
	static const struct span none;
	struct plan *plan;

	if (!old.len || old.len > APPGW_EDIT_MAX) {
		plans->is_failed = true;
		return NULL;
	}
	plan = msn_add_plan(plans, action, end);
	if (!plan)
		return NULL;
	plan->has_edit = true;
	plan->edit_seq = plan->seq + (old.at - plans->m->unit.at);
	plan->old = old;
	msn_add_part(plan, type, none, number);
	return plan;
}

/* Do the same for a part of the text, which may have to stay as long as it is. */
static struct plan *msn_add_value(struct msn_plans *plans,
				  enum appgw_plan_action action,
				  const struct endpoint *end, struct span old,
				  enum appgw_part_attr type, uint64_t number)
{
	static const struct span none;
	struct plan *plan;

	plan = msn_add_edit(plans, action, end, old, type, number);
	if (plan && !plans->m->can_grow)
		msn_add_part(plan, APPGW_PART_PAD, none, 0);
	return plan;
}

static bool msn_is_open(const struct msn_plans *plans, uint16_t port)
{
	unsigned int i;

	for (i = 0; i < plans->opens; i++)
		if (plans->open[i] == port)
			return true;
	return false;
}

/* Plan a pinhole for @port, or take the one there is already. */
static enum appgw_plan_action msn_open(struct msn_plans *plans, uint16_t port)
{
	if (msn_is_open(plans, port))
		return APPGW_PLAN_PUBLIC;
	if (plans->opens == MSN_OPEN_MAX)
		plans->is_failed = true;
	else
		plans->open[plans->opens++] = port;
	return APPGW_PLAN_OPEN;
}

static bool msn_is_source(const struct packet *packet,
			  const struct endpoint *end)
{
	return end->af == packet->src.af &&
	       !memcmp(end->addr, packet->src.addr,
		       end->af == APPGW_AF_IPV4 ? APPGW_ADDR_LEN_IPV4 :
						  APPGW_ADDR_LEN_IPV6);
}

/* Find the sender's own address in a list of all it has; if that isn't there,
 * the first, which may be the public one. Those of the other family are none of
 * the connection's.
 */
static bool msn_find_addr(const struct msn_plans *plans, enum msn_what what,
			  bool reversed, struct msn_addr *addr)
{
	const struct msn_message *m = plans->m;
	struct span list = m->value[what], text;
	bool found = false;

	while (msn_next_item(&list, &text)) {
		struct endpoint end = { .af = APPGW_AF_NONE };

		if (!msn_parse_addr(text, reversed, &end) ||
		    end.af != plans->packet->src.af)
			continue;
		if (found && !msn_is_source(plans->packet, &end))
			continue;
		addr->end = end;
		addr->text = m->can_grow ? text : m->value[what];
		addr->reversed = reversed;
		if (msn_is_source(plans->packet, &end))
			return true;
		found = true;
	}
	return found;
}

static bool msn_find_port(const struct msn_plans *plans, enum msn_what what,
			  enum appgw_part_attr type, struct msn_port *port)
{
	port->text = plans->m->value[what];
	port->type = type;
	if (!msn_parse_port(port->text, type == APPGW_PART_PORT_REVERSED,
			    &port->port))
		return false;
	if (type == APPGW_PART_PORT_XOR)
		port->port ^= MSN_PORT_KEY;
	return port->port;
}

static void msn_plan_addr(struct msn_plans *plans, const struct msn_addr *addr)
{
	msn_add_value(plans, APPGW_PLAN_ADDRESS, &addr->end, addr->text,
		      addr->reversed ? APPGW_PART_ADDR_REVERSED :
				       APPGW_PART_ADDR, 0);
}

/* Plan for a port; @addr belongs to it. */
static void msn_plan_port(struct msn_plans *plans, const struct msn_addr *addr,
			  const struct msn_port *port)
{
	struct endpoint end = addr->end;

	end.port = port->port;
	msn_add_value(plans, msn_open(plans, port->port), &end, port->text,
		      port->type,
		      port->type == APPGW_PART_PORT_XOR ? MSN_PORT_KEY : 0);
}

/* Plan for "10.0.1.2:6891", or a list of such. */
static void msn_plan_ends(struct msn_plans *plans, enum msn_what what,
			  bool reversed)
{
	const struct msn_message *m = plans->m;
	static const struct span none;
	struct span list = m->value[what], text, colon, old = none, gap = none;
	struct endpoint end = { .af = APPGW_AF_NONE }, next = end;
	struct plan *plan;

	while (!msn_is_source(plans->packet, &end) &&
	       msn_next_item(&list, &text)) {
		if (!msn_parse_end(text, reversed, &next, &colon) ||
		    next.af != plans->packet->src.af ||
		    (end.af != APPGW_AF_NONE &&
		     !msn_is_source(plans->packet, &next)))
			continue;
		end = next;
		gap = colon;
		old = m->can_grow ? text : m->value[what];
	}
	if (end.af == APPGW_AF_NONE)
		return;
	plan = msn_add_edit(plans, msn_open(plans, end.port), &end, old,
			    reversed ? APPGW_PART_PORT_REVERSED :
				       APPGW_PART_ADDR, 0);
	if (!plan)
		return;
	msn_add_part(plan, APPGW_PART_TEXT, gap, 0);
	msn_add_part(plan, reversed ? APPGW_PART_ADDR_REVERSED :
				      APPGW_PART_PORT, none, 0);
	if (!m->can_grow)
		msn_add_part(plan, APPGW_PART_PAD, none, 0);
}

/* Plan for an application whose peer comes to ports that both ends know. */
static void msn_plan_app(struct msn_plans *plans, const struct msn_addr *addr)
{
	const struct msn_app *app;
	struct endpoint end;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(msn_apps); i++) {
		app = &msn_apps[i];
		if (msn_is(plans->m->value[app->what], app->value))
			break;
	}
	if (i == ARRAY_SIZE(msn_apps))
		return;
	plans->kind = app->kind;
	end = addr->end;
	end.port = app->port[0];
	msn_add_value(plans, APPGW_PLAN_OPEN_FIXED, &end, addr->text,
		      APPGW_PART_ADDR, 0);
	end.port = app->port[1];
	if (end.port)
		msn_add_plan(plans, APPGW_PLAN_OPEN_FIXED, &end);
}

/* Find the port of IP-Address-Internal. Clients after Microsoft's say it in
 * disguise. Others have a second one, PortX as it is.
 */
static bool msn_find_internal_port(const struct msn_plans *plans,
				   bool is_disguise, struct msn_port *port)
{
	return msn_find_port(plans, MSN_PORT_X_INTERNAL, APPGW_PART_PORT_XOR,
			     port) ||
	       (!is_disguise && msn_find_port(plans, MSN_PORT_X,
					      APPGW_PART_PORT, port));
}

static void msn_plan_invitation(struct msn_plans *plans)
{
	struct msn_addr outer, inner;
	struct msn_port port, x, inner_port;
	bool has_outer, has_inner, has_port, is_disguise;

	plans->kind = "msnftp";
	has_port = msn_find_port(plans, MSN_PORT, APPGW_PART_PORT, &port);
	is_disguise = has_port &&
		      msn_find_port(plans, MSN_PORT_X, APPGW_PART_PORT_XOR,
				    &x) && x.port == port.port;
	has_outer = msn_find_addr(plans, MSN_IP_ADDRESS, false, &outer);
	has_inner = msn_find_addr(plans, MSN_IP_ADDRESS_INTERNAL, false,
				  &inner);
	if (has_outer && has_port) {
		msn_plan_addr(plans, &outer);
		msn_plan_port(plans, &outer, &port);
	} else if (has_outer && !plans->m->value[MSN_PORT].at) {
		msn_plan_app(plans, &outer);
	} else if (!has_outer) {
		msn_plan_ends(plans, MSN_IP_ADDRESS, false);
	}
	if (has_inner && msn_find_internal_port(plans, is_disguise,
						&inner_port)) {
		msn_plan_addr(plans, &inner);
		msn_plan_port(plans, &inner, &inner_port);
	} else if (has_inner && has_port) {
		msn_plan_addr(plans, &inner);
		if (!has_outer)
			msn_plan_port(plans, &inner, &port);
	}
	if (is_disguise && msn_is_open(plans, x.port))
		msn_plan_port(plans, has_outer ? &outer : &inner, &x);
}

static void msn_plan_negotiation(struct msn_plans *plans)
{
	static const struct {
		enum appgw_af af;
		enum msn_what addrs;
		enum msn_what port;
		bool reversed;
	} ends[] = {
		{ APPGW_AF_IPV4, MSN_INTERNAL_ADDRS, MSN_INTERNAL_PORT,
		  false },
		{ APPGW_AF_IPV4, MSN_EXTERNAL_ADDRS, MSN_EXTERNAL_PORT,
		  false },
		{ APPGW_AF_IPV4, MSN_INTERNAL_ADDRS_REVERSED,
		  MSN_INTERNAL_PORT_REVERSED, true },
		{ APPGW_AF_IPV4, MSN_EXTERNAL_ADDRS_REVERSED,
		  MSN_EXTERNAL_PORT_REVERSED, true },
		{ APPGW_AF_IPV6, MSN_IPV6_ADDRS, MSN_IPV6_PORT, false },
		{ APPGW_AF_IPV6, MSN_IPV6_ADDRS_REVERSED,
		  MSN_IPV6_PORT_REVERSED, true },
	};
	struct msn_addr addr;
	struct msn_port port;
	unsigned int i;

	plans->kind = "msnslp";
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		if (ends[i].af != plans->packet->src.af ||
		    !msn_find_addr(plans, ends[i].addrs, ends[i].reversed,
				   &addr) ||
		    !msn_find_port(plans, ends[i].port, ends[i].reversed ?
				   APPGW_PART_PORT_REVERSED : APPGW_PART_PORT,
				   &port))
			continue;
		msn_plan_addr(plans, &addr);
		msn_plan_port(plans, &addr, &port);
	}
	msn_plan_ends(plans, MSN_INTERNAL_ENDS, false);
	msn_plan_ends(plans, MSN_EXTERNAL_ENDS, false);
	msn_plan_ends(plans, MSN_INTERNAL_ENDS_REVERSED, true);
	msn_plan_ends(plans, MSN_EXTERNAL_ENDS_REVERSED, true);
}

/* Tell if one of a list of "10.0.1.2:72427" has such a port. */
static bool msn_is_end_beyond(struct span list, bool reversed)
{
	struct span text;
	const uint8_t *colon;

	while (msn_next_item(&list, &text)) {
		colon = span_find(text, ':');
		if (!colon)
			continue;
		if (reversed)
			text.len = colon - text.at;
		else
			span_skip(&text, colon + 1 - text.at);
		if (msn_is_beyond(text, reversed))
			return true;
	}
	return false;
}

/* Tell if it names a port above 65535: its receiver may go to another one then, or to
 * that of another field, as it likes.
 */
static bool msn_is_malformed(const struct msn_message *m)
{
	static const struct {
		enum msn_what what;
		bool is_end;
		bool reversed;
	} ports[] = {
		{ MSN_PORT, false, false },
		{ MSN_PORT_X, false, false },
		{ MSN_PORT_X_INTERNAL, false, false },
		{ MSN_IP_ADDRESS, true, false },
		{ MSN_INTERNAL_PORT, false, false },
		{ MSN_EXTERNAL_PORT, false, false },
		{ MSN_INTERNAL_PORT_REVERSED, false, true },
		{ MSN_EXTERNAL_PORT_REVERSED, false, true },
		{ MSN_INTERNAL_ENDS, true, false },
		{ MSN_EXTERNAL_ENDS, true, false },
		{ MSN_INTERNAL_ENDS_REVERSED, true, true },
		{ MSN_EXTERNAL_ENDS_REVERSED, true, true },
		{ MSN_IPV6_PORT, false, false },
		{ MSN_IPV6_PORT_REVERSED, false, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ports); i++) {
		struct span value = m->value[ports[i].what];

		if (ports[i].is_end ?
		    msn_is_end_beyond(value, ports[i].reversed) :
		    msn_is_beyond(value, ports[i].reversed))
			return true;
	}
	return false;
}

/* Correct the lengths of all that the text is in, from the inside to the outside. */
static void msn_plan_lengths(struct msn_plans *plans)
{
	const struct msn_message *m = plans->m;
	static const struct span none;
	struct plan *plan;

	if (m->type == MSN_P2P) {
		msn_add_edit(plans, APPGW_PLAN_TEXT, NULL, m->content_length,
			     APPGW_PART_LENGTH, m->body.len);
		plan = msn_add_edit(plans, APPGW_PLAN_TEXT, NULL, m->sizes,
				    APPGW_PART_LENGTH_LE64, m->text.len);
		if (plan)
			msn_add_part(plan, APPGW_PART_LENGTH_LE32, none,
				     m->text.len);
	}
	msn_add_edit(plans, APPGW_PLAN_TEXT, NULL, m->payload_len,
		     APPGW_PART_LENGTH, m->payload.len);
}

/* Plan for a MSG; return false if there is nothing to be done, or not all of it can be. */
static bool msn_plan(struct msn_plans *plans)
{
	if (msn_is_malformed(plans->m)) {
		plans->kind = plans->m->type == MSN_INVITATION ? "msnftp" :
								 "msnslp";
		return msn_add_plan(plans, APPGW_PLAN_REFUSE, NULL);
	}
	if (plans->m->type == MSN_INVITATION)
		msn_plan_invitation(plans);
	else
		msn_plan_negotiation(plans);
	if (plans->count && plans->m->can_grow)
		msn_plan_lengths(plans);
	return plans->count && !plans->is_failed;
}

static unsigned int msn_inspect(const struct packet *packet,
				struct plan *plan, unsigned int max)
{
	struct span text = packet->payload, rest;
	struct msn_message m;
	unsigned int n = 0;

	while (n < max && msn_next(&text, &rest)) {
		struct msn_plans plans = { .packet = packet, .m = &m };

		if (!msn_parse(rest, &m) || !msn_plan(&plans))
			continue;
		/* one that still had some of its lengths in it would end the
		 * conversation: all of it, or nothing
		 */
		if (plans.count > max - n)
			break;
		memcpy(plan + n, plans.plan, plans.count * sizeof(*plan));
		n += plans.count;
	}
	return n;
}

const struct proto msn_proto = {
	.name		= "msn",
	.inspect	= msn_inspect,
};
