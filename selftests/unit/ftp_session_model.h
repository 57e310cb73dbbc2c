/* SPDX-License-Identifier: GPL-2.0-only */
/* What kmod/ftp_session.c should make of a conversation, written a second time
 * and for clarity only: every command that waits for its answer is kept, by
 * name, and nothing is packed.
 */
#ifndef SELFTESTS_FTP_SESSION_MODEL_H
#define SELFTESTS_FTP_SESSION_MODEL_H

#include <ctype.h>
#include <strings.h>

#include "../../kmod/ftp_session.h"
#include "exact.h"

#define MODEL_PENDING_MAX	4096

/* More commands ahead than that are not told from one another. */
#define MODEL_KNOWN_MAX		16

#define MODEL_VERB_MAX		7

struct model_command {
	char verb[MODEL_VERB_MAX + 1];
	bool all;	/* EPSV ALL */
	bool opened;	/* the pinhole there is */
};

struct model {
	struct model_command pending[MODEL_PENDING_MAX];
	int count;
	int blind;	/* of them, at the end, those not told apart */
	bool any_time, greeted, talking, logged_in, over, all;
	bool inside, inside_greeting;
	int inside_code;
};

/* What is to be done about a line, and why. */
struct model_answer {
	enum ftp_do what;
	enum ftp_why why;
};

#define MODEL_NOTHING	((struct model_answer){ FTP_DO_NOTHING, FTP_WHY_NONE })

static inline bool model_listed(const char *verb, const char *list)
{
	size_t n = strlen(verb);
	const char *p;

	for (p = list; (p = strcasestr(p, verb)); p++)
		if ((p == list || p[-1] == ' ') &&
		    (p[n] == ' ' || !p[n]))
			return true;
	return false;
}

static inline struct model_answer model_stop(struct model *m,
					     enum ftp_why why)
{
	m->over = true;
	return (struct model_answer){ FTP_DO_STOP, why };
}

static inline struct model_answer model_refuse(enum ftp_why why)
{
	return (struct model_answer){ FTP_DO_REFUSE, why };
}

static inline struct model_answer model_announcement(const struct model *m,
						     enum ftp_line what,
						     bool epsv)
{
	if (what == FTP_LINE_OTHER)
		return MODEL_NOTHING;
	if (what == FTP_LINE_MALFORMED)
		return model_refuse(FTP_WHY_MALFORMED);
	if (m->all && !epsv)
		return model_refuse(FTP_WHY_EPSV_ALL);
	if (!m->logged_in && !m->any_time)
		return model_refuse(FTP_WHY_NO_LOGIN);
	return (struct model_answer){ FTP_DO_OPEN, FTP_WHY_NONE };
}

static inline struct model_answer model_command(struct model *m,
						struct span line)
{
	struct ftp_announcement ann;
	struct model_command cmd = { 0 };
	struct model_answer answer;
	size_t i = 0, n = 0;
	int j;

	if (m->over)
		return MODEL_NOTHING;
	if (!m->greeted)
		return model_stop(m, FTP_WHY_CLIENT_FIRST);

	while (i + 2 <= line.len && line.at[i] == 255) {
		size_t skip = line.at[i + 1] > 250 && line.at[i + 1] < 255 ?
			      3 : 2;

		if (i + skip > line.len)
			break;
		i += skip;
	}
	if (i == line.len)
		return MODEL_NOTHING;
	for (; i < line.len && !strchr(" \t", line.at[i] ? line.at[i] : 1);
	     i++) {
		if (n == MODEL_VERB_MAX || line.at[i] > 127 ||
		    !isalnum(line.at[i]))
			return model_stop(m, FTP_WHY_NOT_CLIENT);
		cmd.verb[n++] = line.at[i];
	}
	if (!n || model_listed(cmd.verb,
			       "GET POST HEAD PUT OPTIONS CONNECT TRACE PATCH "
			       "PRI DELETE EHLO HELO MAIL RCPT REGISTER "
			       "INVITE DESCRIBE SETUP PRIVMSG NICK NOTICE"))
		return model_stop(m, FTP_WHY_NOT_CLIENT);
	if (!m->talking &&
	    !model_listed(cmd.verb,
			  "USER PASS ACCT AUTH ADAT REIN FEAT HOST SYST OPTS "
			  "NOOP QUIT HELP STAT CLNT LANG SITE PBSZ PROT"))
		return model_stop(m, FTP_WHY_NOT_CLIENT);
	m->talking = true;

	while (i < line.len && (line.at[i] == ' ' || line.at[i] == '\t'))
		i++;
	cmd.all = !strcasecmp(cmd.verb, "EPSV") && line.len - i >= 3 &&
		  !strncasecmp((const char *)line.at + i, "ALL", 3);
	if (m->blind || m->count == MODEL_KNOWN_MAX)
		m->blind++;
	m->pending[m->count++] = cmd;

	if (!model_listed(cmd.verb, "PORT EPRT LPRT"))
		return MODEL_NOTHING;
	answer = model_announcement(m, appgw_ftp_parse_command(line, &ann),
				    false);
	if (answer.what == FTP_DO_OPEN) {
		for (j = 0; j < m->count; j++)
			m->pending[j].opened = false;
		m->pending[m->count - 1].opened = !m->blind;
	}
	return answer;
}

/* What the final reply @code to @cmd means. */
static inline struct model_answer model_final(struct model *m,
					      const struct model_command *cmd,
					      int code)
{
	if (model_listed(cmd->verb, "USER PASS ACCT"))
		m->logged_in |= code == 230 || code == 232;
	if (model_listed(cmd->verb, "AUTH ADAT")) {
		if (code == 234 || code == 235)
			return model_stop(m, FTP_WHY_TLS);
		m->logged_in |= code == 232;
	}
	if (model_listed(cmd->verb, "REIN") && code < 400)
		m->logged_in = m->all = false;
	if (cmd->all && code < 400)
		m->all = true;
	if (cmd->opened && code >= 400)
		return (struct model_answer){ FTP_DO_CLOSE, FTP_WHY_NONE };
	return MODEL_NOTHING;
}

static inline struct model_answer model_reply(struct model *m,
					      struct span line)
{
	struct model_command cmd = { .verb = "-" };
	struct ftp_announcement ann;
	bool reply, number, last;
	enum ftp_line what;
	char text[4] = "";
	int code;

	if (m->over)
		return MODEL_NOTHING;

	memcpy(text, line.at, line.len < 3 ? line.len : 3);
	number = strspn(text, "0123456789") == 3 && text[0] != '0';
	code = number ? atoi(text) : 0;
	reply = number && code < 600 &&
		(line.len == 3 || line.at[3] == ' ' || line.at[3] == '-');

	if (m->inside) {
		last = line.len > 3 && code == m->inside_code &&
		       line.at[3] == ' ';
		if (!last)
			return MODEL_NOTHING;
		m->inside = false;
		if (m->inside_greeting)
			return MODEL_NOTHING;
	} else {
		if (!m->greeted && !reply)
			return model_stop(m, FTP_WHY_NOT_SERVER);
		m->inside = number && line.len > 3 && line.at[3] == '-';
		m->inside_code = code;
		m->inside_greeting = m->inside && !m->greeted;
		if (!m->greeted) {
			m->greeted = code >= 200;
			return MODEL_NOTHING;
		}
		if (m->inside)
			return MODEL_NOTHING;
	}
	if (!m->talking || !reply || code < 200)
		return MODEL_NOTHING;

	if (m->count) {
		if (m->count > m->blind)
			cmd = m->pending[0];
		else
			m->blind--;
		m->count--;
		memmove(m->pending, m->pending + 1,
			m->count * sizeof(m->pending[0]));
	}
	if (code < 227 || code > 229)
		return model_final(m, &cmd, code);

	what = appgw_ftp_parse_reply(line, &ann);
	if (!cmd.all &&
	    model_listed(cmd.verb, code == 227 ? "PASV" :
				   code == 228 ? "LPSV" : "EPSV"))
		return model_announcement(m, what, code == 229);
	return what == FTP_LINE_ANNOUNCES ?
	       model_refuse(FTP_WHY_UNSOLICITED) : MODEL_NOTHING;
}

/* Before the line is read: is every start of it that may lead to an edit, or to
 * a refusal, known as such? @at is where the edit will be if the line opens
 * something, else -1.
 */
static inline const char *model_want(const struct ftp_session *fs,
				     struct span line, bool command,
				     bool refused, int at)
{
	bool over = fs->phase == FTP_PHASE_OVER;
	size_t n;

	for (n = 1; n <= line.len && n <= 11; n++) {
		struct exact e = exact_copy(line.at, n);
		unsigned int safe;

		safe = command ?
		       appgw_ftp_session_want_command(fs, exact_span(&e)) :
		       appgw_ftp_session_want_reply(fs, exact_span(&e));
		exact_free(&e);
		if (!safe && at >= 0)
			return "not wanted, but announces";
		if (!safe && refused)
			return "not wanted, but is refused";
		if (safe > n || (at >= 0 && safe > (unsigned int)at))
			return "too much of it is sure to stay";
		if (safe && over)
			return "wanted although it can't announce any more";
		over |= !safe;
	}
	return NULL;
}

/* One more line of the conversation, through both. Returns a complaint, or
 * NULL if they agree.
 */
static inline const char *model_step(struct model *m, struct ftp_session *fs,
				     struct span text, bool command,
				     struct model_answer *got)
{
	struct ftp_session before = *fs;
	struct exact e = exact_copy(text.at, text.len);
	struct ftp_announcement ann;
	struct model_answer want;
	struct span line = exact_span(&e);
	const char *complaint = NULL;

	want = command ? model_command(m, line) : model_reply(m, line);
	got->what = command ?
		appgw_ftp_session_command(fs, line, &ann, &got->why) :
		appgw_ftp_session_reply(fs, line, &ann, &got->why);
	if (got->what != want.what || got->why != want.why)
		complaint = "the model says otherwise";
	else if (got->what == FTP_DO_OPEN && line.len <= 512 &&
		 (ann.at + ann.len > line.len || !ann.len))
		complaint = "the announcement is outside of the line";
	else
		complaint = model_want(&before, line, command,
				       got->what == FTP_DO_REFUSE,
				       got->what == FTP_DO_OPEN ? ann.at : -1);
	if ((fs->phase == FTP_PHASE_OVER) != m->over ||
	    (fs->phase == FTP_PHASE_LOGGED_IN) != (m->logged_in && !m->over))
		complaint = "another phase";
	exact_free(&e);
	return complaint;
}

#endif /* SELFTESTS_FTP_SESSION_MODEL_H */
