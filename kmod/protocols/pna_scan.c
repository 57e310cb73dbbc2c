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

/**
 * struct pna_found - announcements in what is read
 * @count: how many
 * @at: where each begins, from the first byte of the hello or reply on
 */
struct pna_found {
	unsigned int count;
	uint16_t at[PNA_ANNOUNCEMENTS_MAX];
};

static void pna_find(struct pna_found *found, unsigned int at)
{
	if (found->count < PNA_ANNOUNCEMENTS_MAX)
		found->at[found->count++] = at;
}

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
static void pna_port(struct pna_session *ps, struct pna_found *found)
{
	/* one that it has no use for */
	if (!ps->port)
		return;
	if (ps->id == PNA_ID_UDP)
		ps->udp = true;
	else
		ps->robust = true;
	pna_find(found, ps->len[1] - PNA_HEAD_LEN - PNA_PORT_LEN);
}

/* Read one more byte of the options. False if they can't be any. */
static bool pna_option_byte(struct pna_session *ps, uint8_t c,
			    struct pna_found *found)
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
			pna_port(ps, found);
	}
	if (!ps->left)
		ps->head = 0;
	return true;
}

static enum scan_why pna_client_byte(struct pna_session *ps, uint8_t c,
				     struct pna_found *found)
{
	unsigned int at = ps->len[1]++;
	bool ok = true;

	if (at < sizeof(pna_name))
		ok = c == pna_name[at];
	else if (at == PNA_VERSION_AT)
		ok = !c;
	else if (at >= PNA_OPTIONS_AT)
		ok = pna_option_byte(ps, c, found);
	return ok ? SCAN_WHY_NONE : SCAN_WHY_NOT_CLIENT;
}

static enum scan_why pna_server_byte(struct pna_session *ps, uint8_t c,
				     struct pna_found *found)
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
			pna_find(found, PNA_REPLY_ID_AT);
		break;
	}
	return ps->ended[0] ? SCAN_WHY_DONE : SCAN_WHY_NONE;
}

/* Read up to the end of the hello or reply, at the latest; return how many
 * bytes that is.
 */
static size_t pna_read(struct pna_session *ps, bool from_client,
		       struct span data, struct pna_found *found,
		       enum scan_why *why)
{
	size_t n;

	found->count = 0;
	*why = SCAN_WHY_NONE;
	if (ps->over || ps->ended[from_client])
		return data.len;
	for (n = 0; n < data.len && !ps->ended[from_client] && !ps->over; n++) {
		*why = from_client ? pna_client_byte(ps, data.at[n], found) :
				     pna_server_byte(ps, data.at[n], found);
		ps->over = *why != SCAN_WHY_NONE;
	}
	return n;
}

/**
 * appgw_pna_unit() - how far does the hello, or the reply, reach?
 * @st: the conversation so far
 * @from_client: the client says it
 * @data: what it begins with, or what goes on with it
 *
 * What comes behind it is a unit of any length.
 *
 * Return: its length, 0 if its end is yet to come
 */
size_t appgw_pna_unit(const void *st, bool from_client, struct span data)
{
	const struct pna_session *ps = st;
	struct pna_session ahead = *ps;
	struct pna_found found;
	enum scan_why why;
	size_t n;

	n = pna_read(&ahead, from_client, data, &found, &why);
	return ahead.over || ahead.ended[from_client] ? n : 0;
}

/**
 * appgw_pna_want() - what may go on of a unit that has no end yet?
 * @st: the conversation so far
 * @from_client: the client says it
 * @rest: the unit
 *
 * The daemon has to see all of it.
 *
 * Return: how many bytes are sure to stay as they are, -1 if it can announce
 * nothing
 */
int appgw_pna_want(const void *st, bool from_client, struct span rest)
{
	const struct pna_session *ps = st;
	struct pna_session ahead = *ps;
	struct pna_found found;
	enum scan_why why;

	/* its start has gone on */
	if (ps->len[from_client])
		return -1;
	pna_read(&ahead, from_client, rest, &found, &why);
	if (ahead.over || ahead.ended[from_client])
		return -1;
	return from_client || ps->robust ? 0 : -1;
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
	struct pna_session *ps = st;
	struct pna_found found;
	enum scan_why why;

	pna_read(ps, from_client, part, &found, &why);
	return why;
}

/**
 * appgw_pna_line() - take in a unit, or what is left of one
 * @st: the conversation
 * @from_client: the client says it
 * @rest: the unit
 * @at: set to the offsets of announcements: of the option's identifier
 * @max: room in @at
 * @why: set to why the connection isn't read any more
 *
 * Return: how many announcements there are
 */
unsigned int appgw_pna_line(void *st, bool from_client, struct span rest,
			    uint16_t *at, unsigned int max, enum scan_why *why)
{
	struct pna_session *ps = st;
	bool is_whole = !ps->len[from_client];
	struct pna_found found;
	unsigned int i;

	pna_read(ps, from_client, rest, &found, why);
	/* what has gone on, the daemon doesn't see */
	if (!is_whole || !ps->ended[from_client])
		return 0;
	for (i = 0; i < found.count && i < max; i++)
		at[i] = found.at[i];
	return i;
}
