// SPDX-License-Identifier: GPL-2.0-only
/* FTP: follow the conversation, so that only what belongs to it counts.
 *
 * RFC 959 section 5.4 for which reply answers which command, RFC 2428 for EPSV
 * ALL, RFC 4217 for AUTH. Nothing here touches an skb, a lock or the heap, so
 * the unit tests and the fuzzer link this file unchanged.
 */

#include "ftp_session.h"

/* Longest verb in use ("XSHA256"), and one more. */
#define FTP_VERB_MAX	8

/* Telnet's "interpret as command", and the first of its commands that takes an
 * option (RFC 854).
 */
#define TELNET_IAC	0xff
#define TELNET_WILL	0xfb

/* Commands whose answers matter. */
enum ftp_command {
	FTP_CMD_OTHER,
	FTP_CMD_LOGIN,		/* USER, PASS, ACCT */
	FTP_CMD_AUTH,		/* AUTH, ADAT */
	FTP_CMD_REIN,
	FTP_CMD_ACTIVE,		/* PORT, EPRT, LPRT */
	FTP_CMD_PASV,
	FTP_CMD_EPSV,
	FTP_CMD_EPSV_ALL,
	FTP_CMD_LPSV,
};

struct ftp_verb {
	const char *word;
	uint8_t command;
	bool first;	/* a client may begin with it */
};

static const struct ftp_verb ftp_verbs[] = {
	{ "user", FTP_CMD_LOGIN, true },
	{ "pass", FTP_CMD_LOGIN, true },
	{ "acct", FTP_CMD_LOGIN, true },
	{ "auth", FTP_CMD_AUTH, true },
	{ "adat", FTP_CMD_AUTH, true },
	{ "rein", FTP_CMD_REIN, true },
	{ "port", FTP_CMD_ACTIVE, false },
	{ "eprt", FTP_CMD_ACTIVE, false },
	{ "lprt", FTP_CMD_ACTIVE, false },
	{ "pasv", FTP_CMD_PASV, false },
	{ "epsv", FTP_CMD_EPSV, false },
	{ "lpsv", FTP_CMD_LPSV, false },
	{ "feat", FTP_CMD_OTHER, true },
	{ "host", FTP_CMD_OTHER, true },
	{ "syst", FTP_CMD_OTHER, true },
	{ "opts", FTP_CMD_OTHER, true },
	{ "noop", FTP_CMD_OTHER, true },
	{ "quit", FTP_CMD_OTHER, true },
	{ "help", FTP_CMD_OTHER, true },
	{ "stat", FTP_CMD_OTHER, true },
	{ "clnt", FTP_CMD_OTHER, true },
	{ "lang", FTP_CMD_OTHER, true },
	{ "site", FTP_CMD_OTHER, true },
	{ "pbsz", FTP_CMD_OTHER, true },
	{ "prot", FTP_CMD_OTHER, true },
};

/* Look like commands, but of HTTP, SMTP, RTSP and SIP. */
static const char * const ftp_foreign[] = {
	"get", "post", "head", "put", "options", "connect", "trace", "patch",
	"pri", "delete", "ehlo", "helo", "mail", "rcpt", "invite", "setup",
	"privmsg", "nick", "notice",
};

/* Telnet commands may precede ABOR and STAT (RFC 959 section 4.1.3). */
static struct span ftp_skip_telnet(struct span s)
{
	while (s.len >= 2 && s.at[0] == TELNET_IAC) {
		size_t n = s.at[1] >= TELNET_WILL && s.at[1] != TELNET_IAC ?
			   3 : 2;

		if (s.len < n)
			break;
		span_skip(&s, n);
	}
	return s;
}

/* Cuts the verb off the front of @line, in lower case into @verb. Returns its
 * length, 0 if there is none.
 */
static size_t ftp_eat_verb(struct span *line, char *verb)
{
	size_t n;

	for (n = 0; n < line->len && n < FTP_VERB_MAX; n++) {
		uint8_t c = span_lower(line->at[n]);

		if (c == ' ' || c == '\t')
			break;
		if (!(c >= 'a' && c <= 'z') && !span_is_digit(c))
			return 0;
		verb[n] = c;
	}
	if (n == FTP_VERB_MAX)
		return 0;
	verb[n] = 0;
	span_skip(line, n);
	return n;
}

/* Returns false if the command's answer will not be known as such. */
static bool ftp_push(struct ftp_session *fs, enum ftp_command command)
{
	if (fs->pending_more || fs->pending_count == FTP_PENDING_MAX) {
		if (fs->pending_more < FTP_PENDING_MORE_MAX)
			fs->pending_more++;
		return false;
	}
	fs->pending |= (uint64_t)command << (4 * fs->pending_count);
	fs->pending_count++;
	return true;
}

static enum ftp_command ftp_head(const struct ftp_session *fs)
{
	return fs->pending_count ? fs->pending & 0xf : FTP_CMD_OTHER;
}

static void ftp_pop(struct ftp_session *fs)
{
	if (fs->pending_count) {
		fs->pending >>= 4;
		fs->pending_count--;
	} else if (fs->pending_more &&
		   fs->pending_more < FTP_PENDING_MORE_MAX) {
		fs->pending_more--;
	}
}

static enum ftp_do ftp_stop(struct ftp_session *fs, enum ftp_why reason,
			    enum ftp_why *why)
{
	fs->phase = FTP_PHASE_OVER;
	*why = reason;
	return FTP_DO_STOP;
}

static enum ftp_do ftp_judge(const struct ftp_session *fs, bool by_epsv,
			     enum ftp_line what, enum ftp_why *why)
{
	if (what == FTP_LINE_OTHER)
		return FTP_DO_NOTHING;
	if (what == FTP_LINE_MALFORMED)
		*why = FTP_WHY_MALFORMED;
	else if (fs->epsv_all && !by_epsv)
		*why = FTP_WHY_EPSV_ALL;
	else if (fs->phase != FTP_PHASE_LOGGED_IN && !fs->any_time)
		*why = FTP_WHY_NO_LOGIN;
	else
		return FTP_DO_OPEN;
	return FTP_DO_REFUSE;
}

/**
 * appgw_ftp_session_command() - take in a line that the client sent
 * @fs: the conversation
 * @line: the line without its CR and LF
 * @ann: filled in for FTP_DO_OPEN
 * @why: filled in for FTP_DO_REFUSE and FTP_DO_STOP
 *
 * Return: what is to be done
 */
enum ftp_do appgw_ftp_session_command(struct ftp_session *fs,
				      struct span line,
				      struct ftp_announcement *ann,
				      enum ftp_why *why)
{
	const struct ftp_verb *known = NULL;
	char verb[FTP_VERB_MAX + 1];
	struct span rest;
	enum ftp_command command;
	bool known_answer;
	enum ftp_do what;
	size_t i;

	*why = FTP_WHY_NONE;
	if (fs->phase == FTP_PHASE_OVER)
		return FTP_DO_NOTHING;
	if (fs->phase == FTP_PHASE_SILENT)
		return ftp_stop(fs, FTP_WHY_CLIENT_FIRST, why);

	rest = ftp_skip_telnet(line);
	if (!rest.len)
		return FTP_DO_NOTHING;
	if (!ftp_eat_verb(&rest, verb))
		return ftp_stop(fs, FTP_WHY_NOT_CLIENT, why);
	for (i = 0; i < ARRAY_SIZE(ftp_foreign); i++)
		if (!strcmp(verb, ftp_foreign[i]))
			return ftp_stop(fs, FTP_WHY_NOT_CLIENT, why);
	for (i = 0; i < ARRAY_SIZE(ftp_verbs); i++)
		if (!strcmp(verb, ftp_verbs[i].word))
			known = &ftp_verbs[i];

	if (fs->phase == FTP_PHASE_GREETED) {
		if (!known || !known->first)
			return ftp_stop(fs, FTP_WHY_NOT_CLIENT, why);
		fs->phase = FTP_PHASE_TALKING;
	}

	command = known ? known->command : FTP_CMD_OTHER;
	if (command == FTP_CMD_EPSV && span_eat_blanks(&rest) &&
	    span_eat_word(&rest, "all"))
		command = FTP_CMD_EPSV_ALL;
	known_answer = ftp_push(fs, command);
	if (command != FTP_CMD_ACTIVE)
		return FTP_DO_NOTHING;
	what = ftp_judge(fs, false, appgw_ftp_parse_command(line, ann), why);
	if (what == FTP_DO_OPEN) {
		fs->active = known_answer;
		fs->active_behind = 0;
	} else if (known_answer) {
		fs->active_behind++;
	}
	return what;
}

/* How many commands that would open a pinhole have no answer yet. */
static unsigned int ftp_active_pending(const struct ftp_session *fs)
{
	uint64_t pending = fs->pending;
	unsigned int n = 0, i;

	for (i = 0; i < fs->pending_count; i++, pending >>= 4)
		n += (pending & 0xf) == FTP_CMD_ACTIVE;
	return n;
}

/* What a final reply with @code does to the conversation. */
static enum ftp_do ftp_answer(struct ftp_session *fs, enum ftp_command command,
			      uint32_t code, enum ftp_why *why)
{
	bool good = code < 400;

	switch (command) {
	case FTP_CMD_LOGIN:
		if (code == 230 || code == 232)
			fs->phase = FTP_PHASE_LOGGED_IN;
		break;
	case FTP_CMD_AUTH:
		if (code == 234 || code == 235)
			return ftp_stop(fs, FTP_WHY_TLS, why);
		if (code == 232)
			fs->phase = FTP_PHASE_LOGGED_IN;
		break;
	case FTP_CMD_REIN:
		if (good) {
			fs->phase = FTP_PHASE_TALKING;
			fs->epsv_all = false;
		}
		break;
	case FTP_CMD_EPSV_ALL:
		if (good)
			fs->epsv_all = true;
		break;
	case FTP_CMD_ACTIVE:
		if (!fs->active || ftp_active_pending(fs) != fs->active_behind)
			break;
		fs->active = false;
		if (!good)
			return FTP_DO_CLOSE;
		break;
	default:
		break;
	}
	return FTP_DO_NOTHING;
}

/* Which command a reply with this code must answer in order to count. */
static enum ftp_command ftp_announcer(uint32_t code)
{
	switch (code) {
	case 227: return FTP_CMD_PASV;
	case 228: return FTP_CMD_LPSV;
	case 229: return FTP_CMD_EPSV;
	default:  return FTP_CMD_OTHER;
	}
}

/**
 * appgw_ftp_session_reply() - take in a line that the server sent
 * @fs: the conversation
 * @line: the line without its CR and LF
 * @ann: filled in for FTP_DO_OPEN
 * @why: filled in for FTP_DO_REFUSE and FTP_DO_STOP
 *
 * Return: what is to be done
 */
enum ftp_do appgw_ftp_session_reply(struct ftp_session *fs, struct span line,
				    struct ftp_announcement *ann,
				    enum ftp_why *why)
{
	enum ftp_command command, announcer;
	struct span s = line;
	uint32_t code = 0;
	bool reply, inside;

	*why = FTP_WHY_NONE;
	if (fs->phase == FTP_PHASE_OVER)
		return FTP_DO_NOTHING;

	reply = line.len >= 3 && span_eat_uint(&s, 3, 599, &code) &&
		code >= 100 && s.at == line.at + 3 &&
		(!s.len || s.at[0] == ' ' || s.at[0] == '-');
	if (fs->phase == FTP_PHASE_SILENT) {
		if (!fs->code && !reply)
			return ftp_stop(fs, FTP_WHY_NOT_SERVER, why);
		/* 120 only asks for patience */
		if (!fs->code && code >= 200)
			fs->phase = FTP_PHASE_GREETED;
		fs->greeting = appgw_ftp_in_multiline(&fs->code, line);
		return FTP_DO_NOTHING;
	}
	inside = appgw_ftp_in_multiline(&fs->code, line);
	if (fs->greeting) {
		/* the client may have spoken, but not been answered yet */
		fs->greeting = inside;
		return FTP_DO_NOTHING;
	}
	if (inside || !reply || code < 200 || fs->phase == FTP_PHASE_GREETED)
		return FTP_DO_NOTHING;

	command = ftp_head(fs);
	ftp_pop(fs);
	announcer = ftp_announcer(code);
	if (announcer == FTP_CMD_OTHER)
		return ftp_answer(fs, command, code, why);

	switch (appgw_ftp_parse_reply(line, ann)) {
	case FTP_LINE_ANNOUNCES:
		if (command == announcer)
			return ftp_judge(fs, announcer == FTP_CMD_EPSV,
					 FTP_LINE_ANNOUNCES, why);
		*why = FTP_WHY_UNSOLICITED;
		return FTP_DO_REFUSE;
	case FTP_LINE_MALFORMED:
		if (command == announcer)
			return ftp_judge(fs, announcer == FTP_CMD_EPSV,
					 FTP_LINE_MALFORMED, why);
		return FTP_DO_NOTHING;
	default:
		return FTP_DO_NOTHING;
	}
}

/* How much of @start agrees with @word: its length if all of it does, up to
 * @word's own; 0 if it doesn't. A tab is as good as a blank.
 */
static unsigned int ftp_agrees(struct span start, const char *word)
{
	size_t n = strlen(word), i;

	if (n > start.len)
		n = start.len;
	for (i = 0; i < n; i++) {
		uint8_t c = start.at[i] == '\t' ? ' ' : start.at[i];

		if (span_lower(c) != (uint8_t)word[i])
			return 0;
	}
	return n;
}

/**
 * appgw_ftp_session_want_command() - may this become an announcement?
 * @fs: the conversation
 * @start: the first bytes of a line of the client's
 *
 * Return: how many bytes of @start stay as they are if it does, 0 if it won't
 */
unsigned int appgw_ftp_session_want_command(const struct ftp_session *fs,
					    struct span start)
{
	static const char * const words[] = { "port ", "eprt ", "lprt " };
	unsigned int n, i;

	if (fs->phase == FTP_PHASE_OVER)
		return 0;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		n = ftp_agrees(start, words[i]);
		if (n)
			return n;
	}
	return 0;
}

/**
 * appgw_ftp_session_want_reply() - may this become an announcement?
 * @fs: the conversation
 * @start: the first bytes of a line of the server's
 *
 * Return: how many bytes of @start stay as they are if it does, 0 if it won't
 */
unsigned int appgw_ftp_session_want_reply(const struct ftp_session *fs,
					  struct span start)
{
	if (fs->phase == FTP_PHASE_OVER)
		return 0;
	switch (ftp_head(fs)) {
	case FTP_CMD_PASV: return ftp_agrees(start, "227 ");
	case FTP_CMD_LPSV: return ftp_agrees(start, "228 ");
	case FTP_CMD_EPSV: return ftp_agrees(start, "229 ");
	default:	   return 0;
	}
}
