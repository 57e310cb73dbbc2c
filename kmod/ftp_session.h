/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_SESSION_H
#define APPGW_FTP_SESSION_H

#include "ftp_parse.h"

/* Commands without an answer that are remembered, 4 bits each. Commands sent
 * ahead of more than that are counted, but an announcement among them is not
 * recognised.
 */
#define FTP_PENDING_MAX		16

/* With that many, no reply is told from another any more. */
#define FTP_PENDING_MORE_MAX	65535

/* How far the conversation has come. */
enum ftp_phase {
	FTP_PHASE_SILENT,	/* nobody has said anything */
	FTP_PHASE_GREETED,	/* the server has, with a reply code */
	FTP_PHASE_TALKING,	/* the client has, with a command */
	FTP_PHASE_LOGGED_IN,	/* the server has let the client in */
	FTP_PHASE_OVER,		/* not for us any more */
};

/* What a line calls for. */
enum ftp_do {
	FTP_DO_NOTHING,
	FTP_DO_OPEN,		/* a pinhole, for the announcement */
	FTP_DO_CLOSE,		/* the pinhole, the server refused */
	FTP_DO_REFUSE,		/* an announcement that must not count */
	FTP_DO_STOP,		/* look at this connection no more */
};

/* Why an announcement is refused or a connection given up. */
enum ftp_why {
	FTP_WHY_NONE,
	FTP_WHY_MALFORMED,	/* breaks the grammar */
	FTP_WHY_UNSOLICITED,	/* a reply to no such command */
	FTP_WHY_NO_LOGIN,	/* before the server let the client in */
	FTP_WHY_EPSV_ALL,	/* after the client said EPSV ALL */
	FTP_WHY_CLIENT_FIRST,	/* the client spoke before the server */
	FTP_WHY_NOT_SERVER,	/* the server's first words are no reply */
	FTP_WHY_NOT_CLIENT,	/* the client's words are no FTP commands */
	FTP_WHY_TLS,		/* AUTH succeeded: the rest is encrypted */
};

/**
 * struct ftp_session - what was said so far
 * @pending: commands without a final reply, the oldest in the lowest 4 bits
 * @code: multi-line reply under way, 0 for none
 * @pending_more: commands behind those, of kinds not remembered
 * @pending_count: entries of @pending in use
 * @phase: enum ftp_phase
 * @greeting: the multi-line reply under way is the server's greeting
 * @any_time: pinholes before the login are all right
 * @epsv_all: the server agreed to EPSV ALL
 * @talk: there was a command, a reply or part of one; for whoever takes it back
 * @active: the pinhole that is open is one of a command without an answer
 * @active_behind: PORT, EPRT and LPRT commands behind that one
 */
struct ftp_session {
	uint64_t pending;
	uint16_t code;
	uint16_t pending_more;
	uint8_t pending_count;
	uint8_t phase;
	bool greeting : 1;
	bool any_time : 1;
	bool epsv_all : 1;
	bool active : 1;
	bool talk : 1;
	uint8_t active_behind : 5;
};

enum ftp_do appgw_ftp_session_command(struct ftp_session *fs,
				      struct span line,
				      struct ftp_announcement *ann,
				      enum ftp_why *why);
enum ftp_do appgw_ftp_session_reply(struct ftp_session *fs, struct span line,
				    struct ftp_announcement *ann,
				    enum ftp_why *why);
unsigned int appgw_ftp_session_want_command(const struct ftp_session *fs,
					    struct span start);
unsigned int appgw_ftp_session_want_reply(const struct ftp_session *fs,
					  struct span start);

#endif /* APPGW_FTP_SESSION_H */
