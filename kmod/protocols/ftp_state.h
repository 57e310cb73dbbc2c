/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_STATE_H
#define APPGW_FTP_STATE_H

#include "ftp_session.h"
#include "helper/session.h"

struct ftps_entry;

/**
 * struct ftp_state - what is FTP's in a session
 * @session: the conversation
 * @ftps: entry among the encrypted connections, NULL if it is none. Set under
 *	the session's lock, taken away with xchg() where it ends
 */
struct ftp_state {
	struct ftp_session session;
	struct ftps_entry *ftps;
};

/**
 * struct ftp_own - likewise, in its two bytes
 * @bulk: KiB that came in large packets since the last small one, and since the
 *	last line of the conversation
 * @stopped: why the connection isn't read any more, counted from 1 as
 *	SCAN_WHY_CLIENT_FIRST; 0 if it isn't known
 */
struct ftp_own {
	u16 bulk : 12;
	u16 stopped : 3;
};

static inline struct ftp_state *ftp_state(struct appgw_session *s)
{
	return (struct ftp_state *)s->state;
}

static inline struct ftp_own *ftp_own(struct appgw_session *s)
{
	return (struct ftp_own *)&s->own;
}

#endif /* APPGW_FTP_STATE_H */
