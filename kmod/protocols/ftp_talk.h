/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_TALK_H
#define APPGW_FTP_TALK_H

#include "ftp_session.h"

/**
 * struct ftp_talk - lines of the server's that nothing is to be done about
 * @len: bytes of them
 * @lines: how many
 */
struct ftp_talk {
	size_t len;
	size_t lines;
};

bool appgw_ftp_talk_command(struct ftp_session *fs, struct span text);
struct ftp_talk appgw_ftp_talk_reply(struct ftp_session *fs, struct span text);

#endif /* APPGW_FTP_TALK_H */
