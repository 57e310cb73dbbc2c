// SPDX-License-Identifier: GPL-2.0-only
/* What a client's SYN says is remembered in the conntrack entry: there is no session yet. */

#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "session.h"

/**
 * appgw_session_syn() - the client asks for a connection
 * @ct: the connection; may not be confirmed yet, nor have a session
 * @first: number of the first byte behind its SYN, host byte order
 * @len: payload bytes that came with it; a repeated SYN may bring fewer
 */
void appgw_session_syn(const struct nf_conn *ct, u32 first, u32 len)
{
	struct session_slot *slot = nfct_help_data(ct);

	if (!slot)
		return;
	if (READ_ONCE(slot->asked) != first || len > READ_ONCE(slot->asked_len))
		WRITE_ONCE(slot->asked_len, min_t(u32, len, U16_MAX));
	WRITE_ONCE(slot->asked, first);
}

/**
 * appgw_session_missed() - has the server got what came with the client's SYN?
 * @ct: the connection
 * @first: client's number that the server expects next
 *
 * Return: true if so (RFC 7413); it has gone unread, and won't come again
 */
bool appgw_session_missed(const struct nf_conn *ct, u32 first)
{
	const struct session_slot *slot = nfct_help_data(ct);

	return slot && first != READ_ONCE(slot->asked) &&
	       first - READ_ONCE(slot->asked) <= READ_ONCE(slot->asked_len);
}

/**
 * appgw_session_was_asked() - tell if a number follows the last SYN of the client's
 * @ct: connection
 * @first: number
 *
 * Return: true if so
 */
bool appgw_session_was_asked(const struct nf_conn *ct, u32 first)
{
	const struct session_slot *slot = nfct_help_data(ct);

	return slot && first == READ_ONCE(slot->asked);
}
