// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/ftp_session.c: whatever was said before, any line of so many bytes
 * leads to a state that can be gone on from. So does any number of lines.
 *
 * What kmod/protocols/ftp_parse.c and kmod/protocols/ftp_verb.c find in a line may be anything:
 * prove_ftp_parse.c and prove_ftp_verb.c are about that.
 */

#include "../../kmod/protocols/ftp_session.c"
#include "prove.h"

/* The longest code, and what is told of it from a longer word. */
#define FTP_LEN		6

enum ftp_line appgw_ftp_parse_command(struct span line,
				      struct ftp_announcement *ann)
{
	(void)line;
	(void)ann;
	return any_size(FTP_LINE_MALFORMED);
}

enum ftp_line appgw_ftp_parse_reply(struct span line,
				    struct ftp_announcement *ann)
{
	(void)line;
	(void)ann;
	return any_size(FTP_LINE_MALFORMED);
}

/* As prove_multiline() in prove_ftp_parse.c has it */
bool appgw_ftp_in_multiline(uint16_t *code, struct span line)
{
	(void)line;
	*code = nondet_u16();
	return *code;
}

enum ftp_command appgw_ftp_command(struct span line, struct span *rest)
{
	enum ftp_command command = any_size(FTP_CMD_FOREIGN);

	(void)line;
	(void)rest;
	given(command != FTP_CMD_ACTIVE_BEFORE);
	return command;
}

bool appgw_ftp_names_version(struct span line)
{
	(void)line;
	return nondet_bool();
}

bool appgw_ftp_is_tls(struct span line)
{
	(void)line;
	return nondet_bool();
}

bool appgw_ftp_is_preface(struct span line)
{
	(void)line;
	return nondet_bool();
}

/* Holds at the beginning, and behind every line. */
static bool is_session(const struct ftp_session *fs)
{
	int i, active = 0;

	for (i = 0; i < FTP_PENDING_MAX; i++) {
		if (i < fs->pending_count && ftp_kind(fs, i) >= FTP_CMD_TRANSFER)
			return false;
		active += i < fs->pending_count &&
			  ftp_kind(fs, i) == FTP_CMD_ACTIVE;
	}
	return active <= 1 && fs->phase <= FTP_PHASE_OVER &&
	       !(fs->pending >> (FTP_KIND_BITS * fs->pending_count));
}

/* How many announcements of the server's are asked for. */
static int asked(const struct ftp_session *fs)
{
	int i, n = 0;

	for (i = 0; i < fs->pending_count; i++)
		n += ftp_is_passive(ftp_kind(fs, i));
	return n;
}

/* What holds behind every line, with what it called for. */
static void prove_outcome(const struct ftp_session *fs, enum ftp_do what,
			  enum scan_why why)
{
	prove(is_session(fs));
	prove((what == FTP_DO_STOP || what == FTP_DO_REFUSE) ==
	      (why != SCAN_WHY_NONE));
	if (what == FTP_DO_STOP)
		prove(fs->phase >= FTP_PHASE_HELLO);
	/* a pinhole needs a login, or leave to do without */
	if (what == FTP_DO_OPEN)
		prove(fs->any_time || fs->phase == FTP_PHASE_LOGGED_IN);
}

void prove_command(void)
{
	uint8_t buf[FTP_LEN];
	struct ftp_announcement ann;
	struct ftp_session fs;
	enum scan_why why;
	enum ftp_do what;

	given(is_session(&fs));
	what = appgw_ftp_session_command(&fs, any_span(buf, sizeof(buf)), &ann,
					 &why);
	prove_outcome(&fs, what, why);
}

void prove_reply(void)
{
	uint8_t buf[FTP_LEN];
	struct ftp_announcement ann;
	struct ftp_session fs;
	enum scan_why why;
	enum ftp_do what;
	int before;

	given(is_session(&fs));
	before = asked(&fs);
	what = appgw_ftp_session_reply(&fs, any_span(buf, sizeof(buf)), &ann,
				       &why);
	prove_outcome(&fs, what, why);
	/* one announcement a command, and none in text */
	if (what == FTP_DO_OPEN)
		prove(asked(&fs) < before && !fs.code);
	prove(asked(&fs) <= before);
}

void prove_want(void)
{
	uint8_t buf[FTP_LEN];
	struct span start = any_span(buf, sizeof(buf));
	struct ftp_session fs;

	prove(appgw_ftp_session_want_command(&fs, start) <= start.len);
	prove(appgw_ftp_session_want_reply(&fs, start) <= start.len);
}
