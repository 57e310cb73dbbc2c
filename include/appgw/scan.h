/* SPDX-License-Identifier: GPL-2.0-only */
/* What every protocol's scanner in the kernel says about a conversation. */
#ifndef APPGW_SCAN_H
#define APPGW_SCAN_H

#include "span.h"

/* Announcements of a unit that count */
#define SCAN_ANNOUNCEMENTS_MAX	8

/* Reasons to refuse an announcement, or, from SCAN_WHY_CLIENT_FIRST on, to give the
 * connection up
 */
enum scan_why {
	SCAN_WHY_NONE,
	SCAN_WHY_MALFORMED,	/* breaks the grammar */
	SCAN_WHY_UNSOLICITED,	/* answers what nobody asked */
	SCAN_WHY_NO_LOGIN,	/* before the server let the client in */
	SCAN_WHY_EPSV_ALL,	/* after the client said EPSV ALL */
	SCAN_WHY_FORBIDDEN,	/* not to be asked for from outside */
	SCAN_WHY_CLIENT_FIRST,	/* the client spoke before the server */
	SCAN_WHY_NOT_SERVER,	/* the server's first words are another protocol's,
				 * or come too early
				 */
	SCAN_WHY_NOT_CLIENT,	/* the client's words are another protocol's, or none
				 * that it may say yet
				 */
	SCAN_WHY_TLS,		/* the rest is encrypted */
	SCAN_WHY_NONSENSE,	/* nobody knows where the next message begins */
	SCAN_WHY_HTTP,		/* the client speaks HTTP */
	SCAN_WHY_TUNNEL,	/* the protocol in HTTP, which needs no help */
	SCAN_WHY_BODY,		/* a body is too long to be waited for */
	SCAN_WHY_DONE,		/* all that matters has been said */
};

/**
 * struct scan_unit - what a scanner finds where a unit begins, or goes on: a line, or
 * whatever its protocol takes for one
 * @len: bytes of the unit; 0 if its end is yet to come
 * @safe: without an end, how many of its bytes are sure to stay as they are; -1 if it
 *	can announce nothing
 * @count: announcements that count
 * @at: the offset of each
 * @note: what the protocol wants to be told again when an announcement is planned for
 * @why: SCAN_WHY_NO_LOGIN if announcements are refused, another reason if the
 *	conversation is to be given up, SCAN_WHY_NONE otherwise
 */
struct scan_unit {
	size_t len;
	int safe;
	unsigned int count;
	uint16_t at[SCAN_ANNOUNCEMENTS_MAX];
	uint32_t note;
	enum scan_why why;
};

/* Add the announcement at offset @at, if there is room for it. */
static inline void scan_unit_add(struct scan_unit *unit, size_t at)
{
	if (unit->count < SCAN_ANNOUNCEMENTS_MAX)
		unit->at[unit->count++] = at;
}

#endif /* APPGW_SCAN_H */
