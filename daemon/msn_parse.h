/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_MSN_PARSE_H
#define APPGWD_MSN_PARSE_H

#include "../include/appgw/endpoint.h"

/* Longest MSG that is read, its line included, as in the module. */
#define MSN_UNIT_MAX	2048

/* Longest text of a P2P message that may grow: clients put no more than 1202
 * bytes into one, and two addresses, two ports and the length of what they are
 * in take at most 64 bytes more than before.
 */
#define MSN_P2P_TEXT_MAX	(1202 - 64)

/* What PortX is Port XORed with, so that nobody on the way changes it. */
#define MSN_PORT_KEY	0x3141

/* The fields that matter. The names of MSN_..._REVERSED and their values are
 * written backwards.
 */
enum msn_what {
	/* of invitations */
	MSN_COMMAND,
	MSN_GUID,		/* which application */
	MSN_SESSION_ID,
	MSN_IP_ADDRESS,
	MSN_PORT,
	MSN_IP_ADDRESS_INTERNAL,
	MSN_PORT_X,
	MSN_PORT_X_INTERNAL,
	/* of MSNSLP */
	MSN_LISTENING,
	MSN_BRIDGE,		/* by which ways it can be reached */
	MSN_INTERNAL_ADDRS,
	MSN_INTERNAL_PORT,
	MSN_EXTERNAL_ADDRS,
	MSN_EXTERNAL_PORT,
	MSN_INTERNAL_ADDRS_REVERSED,
	MSN_INTERNAL_PORT_REVERSED,
	MSN_EXTERNAL_ADDRS_REVERSED,
	MSN_EXTERNAL_PORT_REVERSED,
	MSN_INTERNAL_ENDS,	/* addresses with their ports */
	MSN_EXTERNAL_ENDS,
	MSN_INTERNAL_ENDS_REVERSED,
	MSN_EXTERNAL_ENDS_REVERSED,
	MSN_IPV6_ADDRS,
	MSN_IPV6_PORT,
	MSN_IPV6_ADDRS_REVERSED,
	MSN_IPV6_PORT_REVERSED,
	MSN_FIELDS
};

enum msn_type {
	MSN_INVITATION,		/* text/x-msmsgsinvite */
	MSN_P2P,		/* application/x-msnmsgrp2p, with MSNSLP */
};

/**
 * struct msn_message - a MSG that may announce something
 * @unit: all of it, from the "M" of its line on
 * @payload: what is behind the line
 * @payload_len: where the line says how long that is
 * @type: what the payload is
 * @can_grow: it may become longer, if all lengths are corrected
 * @sizes: if it may, a P2P header's TotalSize and Length; else empty
 * @text: MSNSLP as far as this message has it
 * @content_length: if it may grow, the value of Content-Length; else empty
 * @body: what that is the length of
 * @value: values of the fields, without blanks around them; those that it
 *	doesn't have are without an address, too
 *
 * Valid as long as the text that it was read from.
 */
struct msn_message {
	struct span unit;
	struct span payload;
	struct span payload_len;
	enum msn_type type;
	bool can_grow;
	struct span sizes;
	struct span text;
	struct span content_length;
	struct span body;
	struct span value[MSN_FIELDS];
};

bool msn_next(struct span *text, struct span *rest);
bool msn_parse(struct span text, struct msn_message *m);
bool msn_parse_port(struct span text, bool reversed, uint16_t *port);
bool msn_is_beyond(struct span text, bool reversed);
bool msn_parse_addr(struct span text, bool reversed, struct endpoint *ep);
bool msn_parse_end(struct span text, bool reversed, struct endpoint *ep,
		   struct span *colon);
bool msn_next_item(struct span *list, struct span *text);

/* Is the value @word, given in lower case, whatever its own case? */
static inline bool msn_is(struct span value, const char *word)
{
	return span_eat_word(&value, word) && !value.len;
}

#endif /* APPGWD_MSN_PARSE_H */
