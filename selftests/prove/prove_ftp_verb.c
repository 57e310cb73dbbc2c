// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/ftp_verb.c: whatever the line, nothing outside of it is read, and what
 * follows the verb is a part of it.
 */

#include "../../kmod/protocols/ftp_verb.c"
#include "prove.h"

/* The longest verb, what is told of it from a longer one, and Telnet's in front. */
#define FTP_LEN		(FTP_VERB_MAX + 1 + 3)

void prove_command(void)
{
	uint8_t buf[FTP_LEN];
	struct span line = any_span(buf, sizeof(buf)), rest;
	enum ftp_command command = appgw_ftp_command(line, &rest);

	prove(command <= FTP_CMD_FOREIGN && command != FTP_CMD_ACTIVE_BEFORE);
	prove(rest.at >= line.at && rest.at + rest.len == line.at + line.len);
}

void prove_first(void)
{
	uint8_t buf[FTP_LEN];
	struct span line = any_span(buf, sizeof(buf));

	appgw_ftp_is_request(line);
	/* what a server may begin with is no request of anybody's */
	prove(!appgw_ftp_is_preface(line) || !appgw_ftp_is_tls(line));
}
