/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_SESSION_H
#define APPGW_FTP_SESSION_H

#include "appgw/scan.h"
#include "ftp_parse.h"

/* Commands whose answers matter that are remembered until these come. Of more
 * than that the oldest is forgotten: its answer counts no more.
 */
#define FTP_PENDING_MAX		7

/* Commands in front of each, of kinds that nobody waits for. Of that many or more
 * none is told from another any more.
 */
#define FTP_PENDING_OTHERS_MAX	255

/* Lines of text that a server may say in front of its first reply. */
#define FTP_PREFACE_MAX		63

/* How far the conversation has come. */
enum ftp_phase {
	FTP_PHASE_SILENT,	/* nobody has said anything */
	FTP_PHASE_GREETED,	/* the server has, with a reply code */
	FTP_PHASE_TALKING,	/* the client has, with a command */
	FTP_PHASE_LOGGED_IN,	/* the server has let the client in */
	FTP_PHASE_HELLO,	/* the client has begun with TLS unasked */
	FTP_PHASE_OVER,		/* not for us any more */
};

/* What a line calls for. */
enum ftp_do {
	FTP_DO_NOTHING,
	FTP_DO_OPEN,		/* a pinhole, for the announcement */
	FTP_DO_CLOSE,		/* the pinhole, the server refused */
	FTP_DO_REFUSE,		/* an announcement that must not count */
	FTP_DO_STOP,		/* look at this connection no more; or, if the
				 * phase is FTP_PHASE_HELLO, at the server's
				 * next line only
				 */
	FTP_DO_ENCRYPTED,	/* the server went along, and no more is read */
};

/* Replies that announce: to PASV, LPSV and EPSV. */
#define FTP_CODE_PASV	227
#define FTP_CODE_LPSV	228
#define FTP_CODE_EPSV	229

/**
 * struct ftp_session - what was said so far
 * @pending: kinds of the commands whose final replies matter, 4 bits each, the
 *	oldest in the lowest
 * @others: how many others stand in front of each, and how many behind the last one
 * @code: multi-line reply under way, 0 for none
 * @pending_count: commands in @pending
 * @phase: enum ftp_phase
 * @preface: lines of text in front of the server's first reply
 * @greeting: the multi-line reply under way is the server's greeting
 * @any_time: pinholes before the login are all right
 * @epsv_all: the server agreed to EPSV ALL
 * @talk: there was a command, a reply or part of one; for ftp.c, which takes it back
 * @auth: the client has said AUTH or ADAT
 * @auth_refused: and the server no, at last
 * @agreed: since the last PORT, EPRT or LPRT there was a reply that may have been
 *	the server's yes
 * @doubt: since the last command there was a reply that a client may take for the
 *	answer to the oldest, if that is a passive one
 * @transfer: the last command is one that moves a file or a list
 * @begun: in the text of a multi-line reply, the last line that is none of its own
 *	says that the transfer begins
 */
struct ftp_session {
	uint8_t others[FTP_PENDING_MAX + 1];
	uint32_t pending;
	uint16_t code : 10;
	uint16_t pending_count : 3;
	uint16_t phase : 3;
	uint16_t preface : 6;
	bool greeting : 1;
	bool any_time : 1;
	bool epsv_all : 1;
	bool talk : 1;
	bool auth : 1;
	bool auth_refused : 1;
	bool agreed : 1;
	bool doubt : 1;
	bool transfer : 1;
	bool begun : 1;
};

enum ftp_do appgw_ftp_session_command(struct ftp_session *fs,
				      struct span line,
				      struct ftp_announcement *ann,
				      enum scan_why *why);
enum ftp_do appgw_ftp_session_reply(struct ftp_session *fs, struct span line,
				    struct ftp_announcement *ann,
				    enum scan_why *why);
unsigned int appgw_ftp_session_want_command(const struct ftp_session *fs,
					    struct span start);
unsigned int appgw_ftp_session_want_reply(const struct ftp_session *fs,
					  struct span start);

#endif /* APPGW_FTP_SESSION_H */
