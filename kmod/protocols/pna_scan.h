/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PNA_SCAN_H
#define APPGW_PNA_SCAN_H

#include "appgw/scan.h"
#include "appgw/span.h"

/* Longest hello of a client's, with its end: as much as a direction keeps back
 * (STREAM_HOLD_MAX).
 */
#define PNA_HELLO_MAX		512

/**
 * struct pna_session - what was said so far
 * @len: bytes of the client's hello [1] and of the server's reply [0]
 * @id: of the option under way
 * @left: bytes of its data that are yet to come
 * @port: what they come to
 * @head: bytes of its id and length that have come
 * @announces: its data is a port that counts
 * @ended: by direction, nothing more is read
 * @udp: the client has named its port
 * @robust: and the one for what it asks to be sent again
 * @over: not for us any more
 *
 * Zero at the beginning. Can be copied to see what bytes would do.
 */
struct pna_session {
	uint16_t len[2];
	uint16_t id;
	uint16_t left;
	uint16_t port;
	uint8_t head;
	bool announces;
	bool ended[2];
	bool udp;
	bool robust;
	bool over;
};

void appgw_pna_read(void *st, bool from_client, struct span data,
		    struct scan_unit *unit);
enum scan_why appgw_pna_feed(void *st, bool from_client, struct span part);

/* Tell if the client has said all that matters. */
static inline bool pna_is_asked(const struct pna_session *ps)
{
	return ps->ended[1];
}

/* Tell if the server has answered it. */
static inline bool pna_is_answered(const struct pna_session *ps)
{
	return ps->ended[0];
}

#endif /* APPGW_PNA_SCAN_H */
