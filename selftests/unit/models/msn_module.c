// SPDX-License-Identifier: GPL-2.0-only
/* The module's part in plans for MSN, as far as the text is concerned: which
 * bytes leave. Written from what the header says that the parts are.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../include/appgw/address.h"
#include "inspect.h"
#include "msn_module.h"

/* Read both addresses of a connection; exit if they are none. */
struct msn_module msn_module_new(const char *own, const char *public,
				 unsigned int add)
{
	struct msn_module m = { .add = add };
	struct span s = { (const uint8_t *)own, strlen(own) };
	bool ipv6 = strchr(own, ':');

	m.own.af = ipv6 ? APPGW_AF_IPV6 : APPGW_AF_IPV4;
	m.public.af = m.own.af;
	if (!(ipv6 ? span_eat_ipv6(&s, m.own.addr) :
		     span_eat_ipv4(&s, m.own.addr)))
		exit(2);
	s = (struct span){ (const uint8_t *)public, strlen(public) };
	if (!(ipv6 ? span_eat_ipv6(&s, m.public.addr) :
		     span_eat_ipv4(&s, m.public.addr)))
		exit(2);
	return m;
}

static uint16_t module_port(const struct msn_module *m, uint16_t port)
{
	return 1024 + (port - 1024 + m->add) % (65536 - 1024);
}

/* Have the daemon look at a payload of the connection. */
unsigned int msn_module_inspect(const struct msn_module *m, struct span payload,
				struct plan *plans, unsigned int max)
{
	struct packet packet = {
		.src = m->own, .seq = MSN_MODULE_SEQ, .payload = payload,
	};

	return msn_proto.inspect(&packet, plans, max);
}

static bool module_is_own(const struct msn_module *m,
			  const struct endpoint *end)
{
	size_t len = end->af == APPGW_AF_IPV4 ? 4 : 16;

	return end->af == m->own.af &&
	       (!memcmp(end->addr, m->own.addr, len) ||
		!memcmp(end->addr, m->public.addr, len));
}

/* Writes an address; returns its length. */
size_t msn_module_addr(const struct endpoint *end, char *text, bool reversed)
{
	char buf[APPGW_ADDR_TEXT_MAX];
	size_t n, i;

	n = end->af == APPGW_AF_IPV4 ? format_ipv4(buf, end->addr, '.') :
				       format_ipv6(buf, end->addr);
	for (i = 0; i < n; i++)
		text[i] = buf[reversed ? n - 1 - i : i];
	return n;
}

/* Write a number; return its length. */
size_t msn_module_number(char *text, unsigned int v, bool reversed)
{
	char buf[12];
	size_t n = snprintf(buf, sizeof(buf), "%u", v), i;

	for (i = 0; i < n; i++)
		text[i] = buf[reversed ? n - 1 - i : i];
	return n;
}

/* Writes the new text of a plan; returns its length, -1 if it is refused. */
static int module_write(const struct msn_module *m, const struct plan *plan,
			int growth, char *text)
{
	uint16_t port = module_port(m, plan->end.port);
	unsigned int i, k;
	uint64_t v;
	int n = 0;

	for (i = 0; i < plan->parts; i++) {
		const struct plan_part *part = &plan->part[i];

		v = part->number + growth;
		switch (part->type) {
		case APPGW_PART_TEXT:
			memcpy(text + n, part->text.at, part->text.len);
			n += part->text.len;
			break;
		case APPGW_PART_ADDR:
		case APPGW_PART_ADDR_REVERSED:
			n += msn_module_addr(&m->public, text + n, part->type ==
					     APPGW_PART_ADDR_REVERSED);
			break;
		case APPGW_PART_PORT:
		case APPGW_PART_PORT_REVERSED:
			n += msn_module_number(text + n, port, part->type ==
					       APPGW_PART_PORT_REVERSED);
			break;
		case APPGW_PART_PORT_XOR:
			n += msn_module_number(text + n, port ^ part->number,
					       false);
			break;
		case APPGW_PART_LENGTH:
			n += msn_module_number(text + n, v, false);
			break;
		case APPGW_PART_LENGTH_LE32:
		case APPGW_PART_LENGTH_LE64:
			for (k = part->type == APPGW_PART_LENGTH_LE32 ? 4 : 8;
			     k; k--, v >>= 8)
				text[n++] = v;
			break;
		case APPGW_PART_PAD:
			if (n > (int)plan->old.len)
				return -1;
			while (n < (int)plan->old.len)
				text[n++] = ' ';
			break;
		default:
			exit(2);
		}
	}
	return n;
}

/* Is @plan refused, and with it all of its announcement? */
static bool module_refuses(const struct msn_module *m, const struct plan *plans,
			   const struct plan *plan)
{
	const struct plan *p;

	switch (plan->action) {
	case APPGW_PLAN_TEXT:
		return false;
	case APPGW_PLAN_OPEN:
	case APPGW_PLAN_OPEN_FIXED:
		return !module_is_own(m, &plan->end) ||
		       plan->end.port < APPGW_PORT_MIN;
	case APPGW_PLAN_ADDRESS:
		return !module_is_own(m, &plan->end);
	case APPGW_PLAN_PUBLIC:
		for (p = plans; p < plan; p++)
			if (p->action == APPGW_PLAN_OPEN &&
			    p->end.port == plan->end.port)
				return false;
		return true;
	default:
		return true;
	}
}

/**
 * msn_module_apply() - what leaves when the plans for an announcement are made
 * @m: the connection
 * @payload: the segment
 * @plans: its plans, one announcement's
 * @n: how many
 * @out: set to it
 *
 * Return: false if it was refused: @out is @payload then
 */
bool msn_module_apply(const struct msn_module *m, struct span payload,
		      const struct plan *plans, unsigned int n,
		      struct msn_build *out)
{
	char text[MSN_MODULE_ANNOUNCEMENT_MAX][512];
	int len[MSN_MODULE_ANNOUNCEMENT_MAX], growth = 0;
	bool refused = n > MSN_MODULE_ANNOUNCEMENT_MAX;
	size_t at = 0, to;
	unsigned int i;

	for (i = 0; i < n && !refused; i++) {
		refused = module_refuses(m, plans, &plans[i]);
		if (refused || !plans[i].has_edit)
			continue;
		len[i] = module_write(m, &plans[i], growth, text[i]);
		growth += len[i] - (int)plans[i].old.len;
		refused = len[i] < 0;
	}
	out->len = 0;
	/* in the order of the text */
	while (!refused) {
		const struct plan *next = NULL;

		for (i = 0; i < n; i++)
			if (plans[i].has_edit &&
			    plans[i].old.at >= payload.at + at &&
			    (!next || plans[i].old.at < next->old.at))
				next = &plans[i];
		if (!next)
			break;
		to = next->old.at - payload.at;
		msn_build_add(out, payload.at + at, to - at);
		msn_build_add(out, text[next - plans], len[next - plans]);
		at = to + next->old.len;
	}
	if (payload.len > at)
		msn_build_add(out, payload.at + at, payload.len - at);
	return !refused;
}
