// SPDX-License-Identifier: GPL-2.0-only
/* PNA, RealNetworks' own protocol: where do the client's hello and the server's
 * reply name the ports of datagrams?
 *
 * No standard describes it. The client begins with "PNA", its version in two
 * bytes, and options, each with an identifier and a length of two bytes, up to
 * identifier 0; 1 is its port, 7 the one for what it asks to be sent again. If
 * there is a 7, the server's reply has one as well, at a place of its own and
 * without a length. Numbers have their highest byte first. Nothing else that is
 * said matters.
 *
 * Nothing here touches an skb, a lock or the heap: selftests/unit links this
 * file unchanged.
 */

#include "pna_scan.h"

#define PNA_VERSION_AT		3	/* below 256: its first byte is 0 */
#define PNA_OPTIONS_AT		5
#define PNA_REPLY_ID_AT		11
#define PNA_REPLY_PORT_AT	13

#define PNA_ID_END		0
#define PNA_ID_UDP		1
#define PNA_ID_ROBUST		7

#define PNA_END_LEN		2	/* of an identifier alone */
#define PNA_LENGTH_LEN		2	/* of what an option's length is in */
#define PNA_HEAD_LEN		4	/* of that and the identifier */
#define PNA_PORT_LEN		2

static const uint8_t pna_name[] = { 'P', 'N', 'A' };

/* Take in an option whose identifier and length are complete. False if it can't be
 * one.
 */
static bool pna_option(struct pna_session *ps)
{
	if (ps->len[1] + ps->left + PNA_END_LEN > PNA_HELLO_MAX)
		return false;
	ps->announces = false;
	ps->port = 0;
	if (ps->left == PNA_PORT_LEN && ps->id == PNA_ID_UDP) {
		if (ps->udp)
			return false;
		ps->announces = true;
	} else if (ps->left == PNA_PORT_LEN && ps->id == PNA_ID_ROBUST) {
		if (ps->robust)
			return false;
		ps->announces = true;
	}
	return true;
}

/* Take in an option that names a port, at its end. */
static void pna_port(struct pna_session *ps, struct scan_unit *unit)
{
	/* one that it has no use for */
	if (!ps->port)
		return;
	if (ps->id == PNA_ID_UDP)
		ps->udp = true;
	else
		ps->robust = true;
	scan_unit_add(unit, ps->len[1] - PNA_HEAD_LEN - PNA_PORT_LEN);
}

/* Read one more byte of the options. False if they can't be any. */
static bool pna_option_byte(struct pna_session *ps, uint8_t c,
			    struct scan_unit *unit)
{
	switch (ps->head) {
	case 0:
		ps->id = c << 8;
		ps->head++;
		return true;
	case 1:
		ps->id |= c;
		ps->head++;
		ps->ended[1] = ps->id == PNA_ID_END;
		return ps->ended[1] || ps->len[1] + PNA_LENGTH_LEN +
				       PNA_END_LEN <= PNA_HELLO_MAX;
	case 2:
		ps->left = c << 8;
		ps->head++;
		return true;
	case 3:
		ps->left |= c;
		ps->head++;
		if (!pna_option(ps))
			return false;
		break;
	default:
		ps->port = ps->port << 8 | c;
		if (!--ps->left && ps->announces)
			pna_port(ps, unit);
	}
	if (!ps->left)
		ps->head = 0;
	return true;
}

static enum scan_why pna_client_byte(struct pna_session *ps, uint8_t c,
				     struct scan_unit *unit)
{
	unsigned int at = ps->len[1]++;
	bool ok = true;

	if (at < sizeof(pna_name))
		ok = c == pna_name[at];
	else if (at == PNA_VERSION_AT)
		ok = !c;
	else if (at >= PNA_OPTIONS_AT)
		ok = pna_option_byte(ps, c, unit);
	return ok ? SCAN_WHY_NONE : SCAN_WHY_NOT_CLIENT;
}

static enum scan_why pna_server_byte(struct pna_session *ps, uint8_t c,
				     struct scan_unit *unit)
{
	unsigned int at = ps->len[0]++;

	if (!ps->ended[1] || (at < sizeof(pna_name) && c != pna_name[at]))
		return SCAN_WHY_NOT_SERVER;
	switch (at) {
	case sizeof(pna_name) - 1:
		ps->ended[0] = !ps->robust;
		break;
	case PNA_REPLY_ID_AT:
		ps->id = c << 8;
		break;
	case PNA_REPLY_ID_AT + 1:
		ps->id |= c;
		ps->ended[0] = ps->id != PNA_ID_ROBUST;
		break;
	case PNA_REPLY_PORT_AT:
		ps->port = c << 8;
		break;
	case PNA_REPLY_PORT_AT + 1:
		ps->port |= c;
		ps->ended[0] = true;
		if (ps->port)
			scan_unit_add(unit, PNA_REPLY_ID_AT);
		break;
	}
	return ps->ended[0] ? SCAN_WHY_DONE : SCAN_WHY_NONE;
}

/* Read up to the end of the hello or reply, at the latest; return how many
 * bytes that is.
 */
static size_t pna_unit(struct pna_session *ps, bool from_client,
		       struct span data, struct scan_unit *unit)
{
	size_t n;

	unit->count = 0;
	unit->why = SCAN_WHY_NONE;
	if (ps->over || ps->ended[from_client])
		return data.len;
	for (n = 0; n < data.len && !ps->ended[from_client] && !ps->over; n++) {
		unit->why = from_client ?
			    pna_client_byte(ps, data.at[n], unit) :
			    pna_server_byte(ps, data.at[n], unit);
		ps->over = unit->why != SCAN_WHY_NONE;
	}
	return n;
}

/**
 * appgw_pna_read() - take in the hello, or the reply; see struct gate_scan_ops
 * @st: the conversation
 * @from_client: the client says it
 * @data: what it begins with, or what goes on with it
 * @unit: filled in; an announcement is where the identifier of an option is
 *
 * The daemon has to see all of it. What comes behind it is a unit of any length.
 */
void appgw_pna_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit)
{
	struct pna_session *ps = st;
	bool is_whole = !ps->len[from_client];
	struct pna_session ahead = *ps;

	unit->len = pna_unit(&ahead, from_client, data, unit);
	if (!ahead.over && !ahead.ended[from_client]) {
		unit->len = 0;
		unit->safe = is_whole && (from_client || ps->robust) ? 0 : -1;
		return;
	}
	/* what has gone on, the daemon doesn't see */
	if (!is_whole || !ahead.ended[from_client])
		unit->count = 0;
	*ps = ahead;
}

/**
 * appgw_pna_feed() - take in a part of a unit that has no end yet
 * @st: the conversation
 * @from_client: the client says it
 * @part: the part
 *
 * Return: why the connection is to be given up
 */
enum scan_why appgw_pna_feed(void *st, bool from_client, struct span part)
{
	struct scan_unit unit;

	pna_unit(st, from_client, part, &unit);
	return unit.why;
}
