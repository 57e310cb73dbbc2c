// SPDX-License-Identifier: GPL-2.0-only
/* PNA: what a client's hello or a server's reply calls for.
 *
 * Both begin with "PNA" and a version. In the hello options follow up to one
 * whose identifier is 0, among them those that name a port; in the reply a port
 * has its place. kmod/protocols/pna_scan.c says more. The module queues a segment only if
 * one of them is complete in it, begins with it, and announces something.
 */

#include "proto.h"

#define PNA_NAME		"PNA"
#define PNA_OPTIONS_AT		5
#define PNA_REPLY_ID_AT		11
#define PNA_REPLY_PORT_AT	13

#define PNA_ID_END		0
#define PNA_ID_UDP		1
#define PNA_ID_ROBUST		7

#define PNA_HEAD_LEN		4	/* an option's identifier and length */
#define PNA_PORT_LEN		2

/* Longest hello, which no port can be the length of an option in. */
#define PNA_HELLO_MAX		512

/* The client's, for datagrams and for those that it has sent again, and the
 * server's.
 */
#define PNA_HELLO_PORTS_MAX	2
#define PNA_PORTS_MAX		3

/**
 * struct pna_port - a port that is announced
 * @id: of its option
 * @at: where the option begins in the payload
 * @text: the port
 */
struct pna_port {
	unsigned int id;
	size_t at;
	struct span text;
};

static unsigned int pna_number(const uint8_t *at)
{
	return at[0] << 8 | at[1];
}

/* Find the ports in the options of a hello; return how many there are, -1 if
 * it isn't one.
 */
static int pna_hello(struct span payload, struct pna_port *port)
{
	struct span rest = payload;
	int n = 0;

	if (rest.len > PNA_HELLO_MAX)
		rest.len = PNA_HELLO_MAX;
	span_skip(&rest, PNA_OPTIONS_AT);
	while (rest.len >= sizeof(uint16_t)) {
		unsigned int id = pna_number(rest.at);
		size_t at = rest.at - payload.at, len;
		bool is_port;

		if (id == PNA_ID_END)
			return n;
		if (rest.len < PNA_HEAD_LEN)
			break;
		len = pna_number(rest.at + sizeof(uint16_t));
		span_skip(&rest, PNA_HEAD_LEN);
		if (rest.len < len)
			break;
		is_port = len == PNA_PORT_LEN &&
			  (id == PNA_ID_UDP || id == PNA_ID_ROBUST) &&
			  pna_number(rest.at);
		if (is_port && n == PNA_HELLO_PORTS_MAX)
			break;
		if (is_port)
			port[n++] = (struct pna_port){ id, at,
				{ rest.at, len } };
		span_skip(&rest, len);
	}
	return -1;
}

/* Find the port in a reply. */
static int pna_reply(struct span payload, struct pna_port *port)
{
	const uint8_t *at;

	if (payload.len < PNA_REPLY_PORT_AT + PNA_PORT_LEN)
		return 0;
	at = payload.at + PNA_REPLY_PORT_AT;
	if (pna_number(payload.at + PNA_REPLY_ID_AT) != PNA_ID_ROBUST ||
	    !pna_number(at))
		return 0;
	*port = (struct pna_port){ PNA_ID_ROBUST, PNA_REPLY_ID_AT,
				   { at, PNA_PORT_LEN } };
	return 1;
}

/* Plan for a port; @seq is the sender's number of the payload's first byte. */
static void pna_plan(const struct pna_port *port, uint32_t seq,
		     struct span payload, struct plan *plan)
{
	plan_begin(plan, port->id == PNA_ID_UDP ? "udp" : "robust_udp",
		   APPGW_PLAN_OPEN, seq + port->at);
	plan->end.port = pna_number(port->text.at);
	plan_edit(plan, seq + (port->text.at - payload.at), port->text);
	plan->part[plan->parts++].type = APPGW_PART_PORT_BINARY;
}

static unsigned int pna_inspect(const struct packet *packet,
				struct plan *plans, unsigned int max)
{
	struct span payload = packet->payload;
	struct pna_port port[PNA_PORTS_MAX];
	int hello, n, i;

	if (payload.len < PNA_OPTIONS_AT ||
	    memcmp(payload.at, PNA_NAME, sizeof(PNA_NAME) - 1))
		return 0;
	/* Which of the two it is, the module knows. An option of a hello where
	 * the reply has its own has its length in place of the port.
	 */
	hello = pna_hello(payload, port);
	n = hello < 0 ? 0 : hello;
	if (pna_reply(payload, &port[n]) &&
	    (hello < 0 || pna_number(port[n].text.at) >= APPGW_PORT_MIN))
		n++;
	if ((unsigned int)n > max)
		return 0;
	for (i = 0; i < n; i++)
		pna_plan(&port[i], packet->seq, payload, &plans[i]);
	/* one pinhole for both */
	if (hello == PNA_HELLO_PORTS_MAX &&
	    plans[1].end.port == plans[0].end.port)
		plans[1].action = APPGW_PLAN_PUBLIC;
	return n;
}

const struct proto pna_proto = {
	.name		= "pna",
	.inspect	= pna_inspect,
};
