// SPDX-License-Identifier: GPL-2.0-only
/* What kmod/protocols/ftp_session.c should make of a conversation, written a second time
 * and for clarity only: every command that waits for its answer is kept, by
 * name, and nothing is packed.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exact.h"
#include "ftp_model.h"

/* Commands among those that wait whose answers matter. */
#define MODEL_KNOWN_MAX		7

/* So many others one behind the other are not counted any more. */
#define MODEL_RUN_MAX		255

#define MODEL_PREFACE_MAX	63

#define MODEL_NOTHING \
	((struct ftp_model_answer){ FTP_DO_NOTHING, SCAN_WHY_NONE })

static bool model_listed(const char *verb, const char *list)
{
	size_t n = strlen(verb);
	const char *p;

	for (p = list; n && (p = strcasestr(p, verb)); p++)
		if ((p == list || p[-1] == ' ') &&
		    (p[n] == ' ' || !p[n]))
			return true;
	return false;
}

/* ---- commands that wait */

static void model_forget(struct ftp_model *m, int from, int n)
{
	m->count -= n;
	memmove(m->pending + from, m->pending + from + n,
		(m->count - from) * sizeof(m->pending[0]));
}

/* The run of others around @at, if it has become too long, becomes endless. */
static void model_count_run(struct ftp_model *m, int at)
{
	int from = at, to = at, i, n = 0;

	while (from > 0 && !m->pending[from - 1].known)
		from--;
	while (to < m->count && !m->pending[to].known)
		to++;
	for (i = from; i < to; i++)
		n += m->pending[i].endless ? MODEL_RUN_MAX : 1;
	if (n < MODEL_RUN_MAX || to - from == 1)
		return;
	model_forget(m, from, to - from - 1);
	memset(&m->pending[from], 0, sizeof(m->pending[from]));
	m->pending[from].endless = true;
}

static int model_known(const struct ftp_model *m)
{
	int i, n = 0;

	for (i = 0; i < m->count; i++)
		n += m->pending[i].known;
	return n;
}

/* The first of these that waits, -1 for none; @list "ALL" is EPSV ALL. */
static int model_find(const struct ftp_model *m, const char *list)
{
	int i;

	for (i = 0; i < m->count; i++)
		if (m->pending[i].known &&
		    model_listed(m->pending[i].all ? "ALL" :
						     m->pending[i].verb, list))
			return i;
	return -1;
}

static int model_find_opened(const struct ftp_model *m)
{
	int i;

	for (i = 0; i < m->count; i++)
		if (m->pending[i].opened)
			return i;
	return -1;
}

static void model_push(struct ftp_model *m, const struct ftp_model_command *cmd)
{
	int i;

	if (cmd->known && model_known(m) == MODEL_KNOWN_MAX) {
		for (i = 0; !m->pending[i].known; i++)
			;
		memset(&m->pending[i], 0, sizeof(m->pending[i]));
		model_count_run(m, i);
	}
	m->pending[m->count++] = *cmd;
	if (!cmd->known)
		model_count_run(m, m->count - 1);
}

static struct ftp_model_answer model_stop(struct ftp_model *m,
					  enum scan_why why)
{
	m->over = true;
	return (struct ftp_model_answer){ FTP_DO_STOP, why };
}

static struct ftp_model_answer model_refuse(enum scan_why why)
{
	return (struct ftp_model_answer){ FTP_DO_REFUSE, why };
}

static struct ftp_model_answer model_announcement(const struct ftp_model *m,
						  enum ftp_line what, bool epsv)
{
	if (what == FTP_LINE_OTHER)
		return MODEL_NOTHING;
	if (what == FTP_LINE_MALFORMED)
		return model_refuse(SCAN_WHY_MALFORMED);
	if (m->all && !epsv)
		return model_refuse(SCAN_WHY_EPSV_ALL);
	if (!m->logged_in && !m->any_time)
		return model_refuse(SCAN_WHY_NO_LOGIN);
	return (struct ftp_model_answer){ FTP_DO_OPEN, SCAN_WHY_NONE };
}

/* ---- what lines are */

static bool model_is_tls(struct span line)
{
	return (line.len > 1 && line.at[0] == 22 && line.at[1] == 3) ||
	       (line.len > 2 && line.at[0] == 128 && line.at[2] == 1);
}

static bool model_is_binary(struct span line)
{
	size_t n = 0;

	while (n < line.len && n < 8 && line.at[n] != ' ' && line.at[n] != '\t')
		n++;
	return line.len && (line.at[0] < 8 || memchr(line.at, 0, n));
}

/* Such as "GET / HTTP/1.1" */
static bool model_is_request(const char *text)
{
	const char *word = strrchr(text, ' ');
	size_t n;

	if (!word || !isdigit((unsigned char)text[strlen(text) - 1]))
		return false;
	word++;
	n = strcspn(word, "/");
	return word[n] && isdigit((unsigned char)word[n + 1]) &&
	       ((n == 4 && (!strncasecmp(word, "http", n) ||
			    !strncasecmp(word, "rtsp", n))) ||
		(n == 3 && !strncasecmp(word, "sip", n)));
}

static bool model_is_header(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

	return n && text[n] == ':' && (!text[n + 1] || text[n + 1] == ' ' ||
				       text[n + 1] == '\t');
}

static bool model_is_other_protocol(const char *verb, const char *arg)
{
	if (model_listed(verb, "EHLO HELO NICK PRIVMSG NOTICE"))
		return true;
	if (model_listed(verb, "GET POST HEAD PUT OPTIONS CONNECT TRACE PATCH "
			 "DELETE"))
		return *arg == '/' || *arg == '*' ||
		       !strncasecmp(arg, "http", 4);
	if (model_listed(verb, "MAIL"))
		return !strncasecmp(arg, "from:", 5);
	if (model_listed(verb, "RCPT"))
		return !strncasecmp(arg, "to:", 3);
	return false;
}

/* ---- the client */

/* It has an answer to all that it waits for; nobody asks for a file without a place
 * for it.
 */
static inline void model_went_on(struct ftp_model *m, bool transfer);

static struct ftp_model_answer model_client(struct ftp_model *m,
					    struct span line, char *text)
{
	struct ftp_model_command cmd = { 0 };
	struct ftp_announcement ann;
	struct ftp_model_answer answer;
	const char *whole = text;
	size_t n, at = 0;
	int i;

	if (m->over || m->hello)
		return MODEL_NOTHING;
	if (!m->greeted)
		return model_stop(m, SCAN_WHY_CLIENT_FIRST);
	if (model_is_tls(line)) {
		answer = model_stop(m, SCAN_WHY_TLS);
		m->hello = !m->auth || m->auth_refused;
		m->over = !m->hello;
		return answer;
	}

	while (at + 2 <= line.len && line.at[at] == 255) {
		n = line.at[at + 1] > 250 && line.at[at + 1] < 255 ? 3 : 2;
		if (at + n > line.len)
			break;
		at += n;
	}
	at += strspn(text + at, " \t\r");
	if (!strncmp(text + at, "\xef\xbb\xbf", 3))
		at += 3;
	text += at;
	n = strspn(text, "abcdefghijklmnopqrstuvwxyz@"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
	if (n && n <= FTP_MODEL_VERB_MAX &&
	    (!text[n] || text[n] == ' ' || text[n] == '\t'))
		memcpy(cmd.verb, text, n);
	else
		n = 0;
	if (model_is_binary((struct span){ line.at + at, line.len - at }) ||
	    model_is_header(text) || !strncasecmp(text, "ssh-", 4) ||
	    model_is_other_protocol(cmd.verb,
				    text + n + strspn(text + n, " \t")))
		return model_stop(m, SCAN_WHY_NOT_CLIENT);
	if (model_listed(cmd.verb, "P@SW CPSV"))
		strcpy(cmd.verb, "PASV");
	cmd.known = model_listed(cmd.verb, "USER PASS ACCT AUTH ADAT REIN PORT "
				 "EPRT LPRT PASV EPSV LPSV");
	if (model_is_request(whole) &&
	    (!m->talking ||
	     (!cmd.known && !model_listed(cmd.verb, "RETR STOR STOU APPE LIST "
					  "NLST MLSD"))))
		return model_stop(m, SCAN_WHY_NOT_CLIENT);
	if (!m->talking && model_listed(cmd.verb, "PORT EPRT LPRT"))
		return model_stop(m, SCAN_WHY_NOT_CLIENT);
	if (!m->talking &&
	    !model_listed(cmd.verb,
			  "USER AUTH ADAT REIN FEAT HOST SYST OPTS NOOP QUIT "
			  "HELP STAT CLNT LANG SITE PBSZ PROT"))
		return MODEL_NOTHING;
	m->talking = true;

	m->transfer = model_listed(cmd.verb, "RETR STOR STOU APPE LIST NLST "
				   "MLSD");
	model_went_on(m, m->transfer);
	if (model_listed(cmd.verb, "AUTH ADAT")) {
		m->auth = true;
		m->auth_refused = false;
	}
	if (n && strspn(text + n, " \t"))
		cmd.all = model_listed(cmd.verb, "EPSV") &&
			  !strncasecmp(text + n + strspn(text + n, " \t"),
				       "all", 3);
	if (!model_listed(cmd.verb, "PORT EPRT LPRT")) {
		model_push(m, &cmd);
		return MODEL_NOTHING;
	}
	answer = model_announcement(m, appgw_ftp_parse_command(line, &ann),
				    false);
	cmd.known = cmd.opened = answer.what == FTP_DO_OPEN;
	i = model_find_opened(m);
	if (cmd.opened && i >= 0)
		m->pending[i].opened = false;
	model_push(m, &cmd);
	return answer;
}

/* What strings don't show: a NUL, here another control character */
static struct ftp_model_answer model_command(struct ftp_model *m,
					     struct span line)
{
	struct ftp_model_answer answer;
	char *text = malloc(line.len + 1);
	size_t i;

	for (i = 0; i < line.len; i++)
		text[i] = line.at[i] ? line.at[i] : 1;
	text[i] = '\0';
	answer = model_client(m, line, text);
	free(text);
	return answer;
}

/* ---- the server */

static bool model_ends_transfer(int code)
{
	return code == 225 || code == 226 || code == 426 ||
	       (code >= 450 && code <= 452) || (code >= 551 && code <= 553);
}

/* May @code answer @cmd, for all that its place says? */
static bool model_fits(const struct ftp_model_command *cmd, int code)
{
	if (!cmd->known)
		return true;
	if (model_ends_transfer(code))
		return false;
	if (model_listed(cmd->verb, "USER"))
		return code != 220;
	if (model_listed(cmd->verb, "PASS ACCT"))
		return code != 331;
	if (model_listed(cmd->verb, "AUTH ADAT"))
		return true;
	if (model_listed(cmd->verb, "PASV EPSV LPSV") && !cmd->all)
		return code >= 400 && code != 550;
	return code / 100 != 3;
}

/* The command that is answered, with which it leaves the list */
static struct ftp_model_command model_answered(struct ftp_model *m, int code)
{
	struct ftp_model_command cmd = { 0 };
	int i = -1;

	if (code == 220)
		i = model_find(m, "REIN");
	else if (code == 234 || code == 235)
		i = model_find(m, "AUTH ADAT");
	else if (code == 331)
		i = model_find(m, "USER");
	else if (code == 230 || code == 232 || code == 332)
		i = model_find(m, "USER PASS ACCT");
	if (i >= 0) {
		cmd = m->pending[i];
		model_forget(m, 0, i + 1);
		return cmd;
	}
	for (i = 0; i < m->count; i++) {
		if (model_fits(&m->pending[i], code)) {
			if (m->pending[i].endless)
				return cmd;
			cmd = m->pending[i];
			model_forget(m, i, 1);
			return cmd;
		}
		if (!m->pending[i].all &&
		    model_listed(m->pending[i].verb, "PASV EPSV LPSV"))
			m->doubt = true;
	}
	return cmd;
}

/* PORT is all right. */
static void model_accepted(struct ftp_model *m)
{
	int i = model_find_opened(m);

	if (i >= 0)
		model_forget(m, 0, i + 1);
}

static void model_went_on(struct ftp_model *m, bool transfer)
{
	int i;

	if (m->begun) {
		m->inside = m->begun = false;
		model_answered(m, 226);
	}
	/* a refused one is the first of those that matter */
	if (m->doubt && !transfer) {
		for (i = 0; i < m->count && !m->pending[i].known; i++)
			;
		if (i < m->count && !m->pending[i].all &&
		    model_listed(m->pending[i].verb, "PASV EPSV LPSV"))
			model_forget(m, 0, i + 1);
		m->doubt = false;
	}
	if (m->agreed)
		model_accepted(m);
	m->agreed = false;
}

/* What the final reply @code means. */
static struct ftp_model_answer model_final(struct ftp_model *m, int code)
{
	struct ftp_model_command cmd;

	if ((code == 234 || code == 235) && m->auth)
		return model_stop(m, SCAN_WHY_TLS);
	if (code < 400 && !model_ends_transfer(code) &&
	    model_find_opened(m) >= 0)
		m->agreed = true;
	cmd = model_answered(m, code);
	if (!cmd.known)
		return MODEL_NOTHING;
	if (model_listed(cmd.verb, "USER"))
		m->logged_in |= code == 230 || code == 232;
	if (model_listed(cmd.verb, "PASS ACCT"))
		m->logged_in |= code < 300;
	if (model_listed(cmd.verb, "AUTH ADAT")) {
		m->auth_refused = code >= 400;
		if (code < 300)
			return model_stop(m, SCAN_WHY_TLS);
	}
	if (model_listed(cmd.verb, "REIN") && code < 400)
		m->logged_in = m->all = false;
	if (cmd.all && code < 400)
		m->all = true;
	if (cmd.opened && code >= 400)
		return (struct ftp_model_answer){ FTP_DO_CLOSE, SCAN_WHY_NONE };
	return MODEL_NOTHING;
}

/* Who asked for what the server announces with @code */
static int model_asker(const struct ftp_model *m, int code)
{
	int i = model_find(m, code == 227 ? "PASV" :
			      code == 228 ? "LPSV" : "EPSV");

	return i >= 0 ? i : model_find(m, "PASV EPSV LPSV");
}

/* Text that a server may say first */
static bool model_is_preface(struct span line)
{
	static const char * const others[] = {
		"SSH-", "+OK", "-ERR", "* ", "HTTP/", "RTSP/", "SIP/", ":",
		"<", "{"
	};
	size_t i, n;

	if (model_is_tls(line) || model_is_binary(line) ||
	    (line.len && isdigit(line.at[0])))
		return false;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		n = strlen(others[i]);
		if (line.len >= n && !strncasecmp((const char *)line.at,
						  others[i], n))
			return false;
	}
	return true;
}

static struct ftp_model_answer model_reply(struct ftp_model *m,
					   struct span line)
{
	struct ftp_announcement ann;
	struct ftp_model_answer answer;
	bool reply, whole, epsv, asked;
	enum ftp_line what;
	char text[5] = "";
	int code, i;

	if (m->hello) {
		m->hello = false;
		m->over = true;
		if (model_is_tls(line))
			return (struct ftp_model_answer){ FTP_DO_ENCRYPTED,
							  SCAN_WHY_NONE };
	}
	if (m->over)
		return MODEL_NOTHING;

	memcpy(text, line.at, line.len < 4 ? line.len : 4);
	code = strspn(text, "0123456789") == 3 && text[0] != '0' ?
	       atoi(text) : 0;
	reply = code && code < 600;
	whole = code && (line.len == 3 || text[3] == ' ');

	if (m->inside) {
		if (!whole || code != m->inside_code) {
			if (m->inside_greeting || !m->talking)
				return MODEL_NOTHING;
			if (!whole || !reply)
				m->begun = false;
			else if (code == 150 || code == 125)
				m->begun = m->transfer;
			if (whole && code >= 227 && code <= 229 &&
			    model_asker(m, code) >= 0 &&
			    appgw_ftp_parse_reply(line, &ann) ==
			    FTP_LINE_ANNOUNCES)
				return model_refuse(SCAN_WHY_UNSOLICITED);
			return MODEL_NOTHING;
		}
		m->inside = false;
		if (m->inside_greeting)
			return MODEL_NOTHING;
	} else {
		if (!m->greeted && !reply) {
			if (!model_is_preface(line) ||
			    m->preface++ == MODEL_PREFACE_MAX)
				return model_stop(m, SCAN_WHY_NOT_SERVER);
			return MODEL_NOTHING;
		}
		m->inside = code && text[3] == '-';
		m->inside_code = code;
		m->inside_greeting = m->inside && !m->greeted;
		if (!m->greeted) {
			m->greeted = code >= 200;
			return MODEL_NOTHING;
		}
		if (m->inside) {
			m->begun = false;
			return MODEL_NOTHING;
		}
	}
	if (!m->talking)
		return MODEL_NOTHING;
	m->begun = false;
	if (code == 125 || code == 150)
		model_accepted(m);
	if (!reply || code < 200)
		return MODEL_NOTHING;
	if (code < 227 || code > 229)
		return model_final(m, code);

	what = appgw_ftp_parse_reply(line, &ann);
	i = model_asker(m, code);
	asked = i >= 0 && model_listed(m->pending[i].verb,
				       code == 228 ? "LPSV" : "PASV EPSV");
	epsv = i >= 0 && code == 229 && model_listed(m->pending[i].verb, "EPSV");
	if (i >= 0) {
		model_forget(m, 0, i + 1);
		m->doubt = false;
	} else {
		model_answered(m, code);
	}
	if (asked) {
		answer = model_announcement(m, what, epsv);
		i = model_find_opened(m);
		if (answer.what == FTP_DO_OPEN && i >= 0)
			m->pending[i].opened = false;
		return answer;
	}
	return what == FTP_LINE_ANNOUNCES ? model_refuse(SCAN_WHY_UNSOLICITED) :
					    MODEL_NOTHING;
}

/* Before the line is read: is every start of it that may lead to an edit, or to
 * a refusal, known as such? @at is where the edit will be if the line opens
 * something, else -1.
 */
static const char *model_want(const struct ftp_session *fs, struct span line,
			      bool command, bool refused, int at)
{
	bool over = fs->phase >= FTP_PHASE_HELLO;
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

/* What is talk is what would call for nothing: tell of @line, which has brought the
 * conversation @before to @after and called for @what. Where the server's leads to the
 * same, twice is once.
 */
static const char *model_talk(const struct ftp_session *before,
			      const struct ftp_session *after, struct span line,
			      bool command, enum ftp_do what)
{
	struct exact e = exact_new(2 * (line.len + 1));
	struct ftp_session copy = *before, twice = *after;
	struct ftp_talk talk = { 0, 0 };
	const char *complaint = NULL;
	struct ftp_announcement ann;
	struct span text;
	enum scan_why why;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		uint8_t *at = e.at + i * (line.len + 1);

		if (line.len)
			memcpy(at, line.at, line.len);
		at[line.len] = '\n';
	}
	text = exact_span(&e);
	if (command) {
		text.len /= 2;
		talk.lines = appgw_ftp_talk_command(&copy, text);
		talk.len = talk.lines ? text.len : 0;
	} else {
		talk = appgw_ftp_talk_reply(&copy, text);
	}
	if (talk.lines == 2)
		what |= appgw_ftp_session_reply(&twice, line, &ann, &why);
	if (talk.len != talk.lines * (line.len + 1))
		complaint = "another length than its lines'";
	else if (talk.len && (what != FTP_DO_NOTHING ||
			      memcmp(&copy, talk.lines == 2 ? &twice : after,
				     sizeof(copy))))
		complaint = "it is no talk";
	else if (!talk.len && memcmp(&copy, before, sizeof(copy)))
		complaint = "no talk, but something has changed";
	exact_free(&e);
	return complaint;
}

/* One more line of the conversation, through both. Returns a complaint, or
 * NULL if they agree.
 */
const char *ftp_model_step(struct ftp_model *m, struct ftp_session *fs,
			   struct span text, bool command,
			   struct ftp_model_answer *got)
{
	struct ftp_session before = *fs;
	struct exact e = exact_copy(text.at, text.len);
	struct ftp_announcement ann;
	struct ftp_model_answer want;
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
				       got->what == FTP_DO_REFUSE &&
				       (command || !fs->code),
				       got->what == FTP_DO_OPEN ? ann.at : -1);
	if (!complaint)
		complaint = model_talk(&before, fs, line, command, got->what);
	if ((fs->phase == FTP_PHASE_OVER) != m->over ||
	    (fs->phase == FTP_PHASE_HELLO) != m->hello ||
	    (fs->phase == FTP_PHASE_LOGGED_IN) !=
	    (m->logged_in && !m->over && !m->hello))
		complaint = "another phase";
	exact_free(&e);
	return complaint;
}
