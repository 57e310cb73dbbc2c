/* SPDX-License-Identifier: GPL-2.0-only */
/* What every protocol's scanner in the kernel says about a conversation. */
#ifndef APPGW_SCAN_H
#define APPGW_SCAN_H

/* Reasons to refuse an announcement, or, from SCAN_WHY_CLIENT_FIRST on, to give the
 * connection up
 */
enum scan_why {
	SCAN_WHY_NONE,
	SCAN_WHY_MALFORMED,	/* breaks the grammar */
	SCAN_WHY_UNSOLICITED,	/* answers what nobody asked */
	SCAN_WHY_NO_LOGIN,	/* before the server let the client in */
	SCAN_WHY_EPSV_ALL,	/* after the client said EPSV ALL */
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

#endif /* APPGW_SCAN_H */
