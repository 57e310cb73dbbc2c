// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/ftp_session.c: whatever was said before, any line of so many bytes
 * leads to a state that can be gone on from. So does any number of lines.
 *
 * What kmod/ftp_parse.c finds in a line may be anything: prove_ftp_parse.c is about
 * that.
 */

#include "../../kmod/ftp_session.c"
#include "prove.h"

/* The longest word, what is told of it from a longer one, and Telnet's in front. */
#define FTP_LEN		(FTP_VERB_MAX + 1 + 3)

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

/* Holds at the beginning, and behind every line. */
static bool is_session(const struct ftp_session *fs)
{
	return fs->pending_count <= FTP_PENDING_MAX &&
	       fs->phase <= FTP_PHASE_OVER &&
	       (fs->pending_count == FTP_PENDING_MAX ||
		!(fs->pending >> (4 * fs->pending_count)));
}

void prove_line(void)
{
	uint8_t buf[FTP_LEN];
	struct span line = any_span(buf, sizeof(buf));
	struct ftp_announcement ann;
	struct ftp_session fs;
	enum ftp_why why;
	enum ftp_do what;

	given(is_session(&fs));
	if (nondet_bool())
		what = appgw_ftp_session_command(&fs, line, &ann, &why);
	else
		what = appgw_ftp_session_reply(&fs, line, &ann, &why);
	prove(is_session(&fs));
	prove((what == FTP_DO_STOP || what == FTP_DO_REFUSE) ==
	      (why != FTP_WHY_NONE));
	if (what == FTP_DO_STOP)
		prove(fs.phase == FTP_PHASE_OVER);
	/* a pinhole needs a login, or leave to do without */
	if (what == FTP_DO_OPEN)
		prove(fs.any_time || fs.phase == FTP_PHASE_LOGGED_IN);
}

void prove_want(void)
{
	uint8_t buf[FTP_LEN];
	struct span start = any_span(buf, sizeof(buf));
	struct ftp_session fs;

	prove(appgw_ftp_session_want_command(&fs, start) <= start.len);
	prove(appgw_ftp_session_want_reply(&fs, start) <= start.len);
}
