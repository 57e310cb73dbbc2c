/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_FTP_VERB_H
#define APPGW_FTP_VERB_H

#include "appgw/span.h"

/* What a line of the client's is: commands whose answers matter, then those that
 * nobody waits for, then what is no command.
 */
enum ftp_command {
	FTP_CMD_USER,
	FTP_CMD_PASS,		/* and ACCT */
	FTP_CMD_AUTH,		/* and ADAT */
	FTP_CMD_REIN,
	FTP_CMD_ACTIVE,		/* PORT, EPRT, LPRT */
	FTP_CMD_ACTIVE_BEFORE,	/* another one came after it */
	FTP_CMD_PASV,
	FTP_CMD_EPSV,
	FTP_CMD_EPSV_ALL,
	FTP_CMD_LPSV,
	FTP_CMD_TRANSFER,	/* moves a file, or a list */
	FTP_CMD_OPENING,	/* others that a session may begin with */
	FTP_CMD_OTHER,		/* a line that is empty included */
	FTP_CMD_TLS,		/* encrypted from here on */
	FTP_CMD_FOREIGN,	/* another protocol's */
};

enum ftp_command appgw_ftp_command(struct span line, struct span *rest);
bool appgw_ftp_names_version(struct span line);
bool appgw_ftp_is_tls(struct span line);
bool appgw_ftp_is_preface(struct span line);

/**
 * appgw_ftp_is_request() - is it the request line of another protocol?
 * @line: the client's line without its CR and LF
 *
 * Whatever its method: a web page may choose that. What it can't choose is what
 * such a line ends with; most lines need no more than a look at their last byte.
 *
 * Return: true if so
 */
static inline bool appgw_ftp_is_request(struct span line)
{
	return line.len && span_is_digit(line.at[line.len - 1]) &&
	       appgw_ftp_names_version(line);
}

#endif /* APPGW_FTP_VERB_H */
