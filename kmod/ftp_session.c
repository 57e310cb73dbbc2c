// SPDX-License-Identifier: GPL-2.0-only
/* FTP: follow the conversation, so that only what belongs to it counts.
 *
 * RFC 959 section 5.4 for which reply answers which command, RFC 2428 for EPSV
 * ALL, RFC 4217 for AUTH. Nothing here touches an skb, a lock or the heap, so
 * the unit tests and the fuzzer link this file unchanged.
 */

#include "ftp_session.h"

/* Longest verb in use ("XSHA256"); what packs it has room for one letter more */
#define FTP_VERB_MAX	7

/* A verb in lower case as a number, the first letter in the lowest 8 bits: one
 * comparison instead of a string's.
 */
#define FTP_VERB(...)	FTP_VERB_PACK(__VA_ARGS__, 0, 0, 0, 0)
#define FTP_VERB_PACK(a, b, c, d, e, f, g, ...)				\
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 |	\
	 (uint64_t)(d) << 24 | (uint64_t)(e) << 32 |			\
	 (uint64_t)(f) << 40 | (uint64_t)(g) << 48)

/* What announcements begin with, the blank included. */
#define FTP_WORD_LEN	5
#define FTP_CODE_LEN	4

/* Replies that announce: to PASV, LPSV and EPSV. */
#define FTP_CODE_PASV	227
#define FTP_CODE_LPSV	228
#define FTP_CODE_EPSV	229

/* Telnet's "interpret as command", and the first of its commands that takes an
 * option (RFC 854).
 */
#define TELNET_IAC	0xff
#define TELNET_WILL	0xfb

/* Commands whose answers matter, and three kinds that nobody waits for. */
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
	FTP_CMD_OPENING,	/* others that a session may begin with */
	FTP_CMD_FOREIGN,	/* another protocol's */
};

/* Which command a verb stands for. */
static enum ftp_command ftp_command(uint64_t verb)
{
	switch (verb) {
	case FTP_VERB('u', 's', 'e', 'r'):
	case FTP_VERB('p', 'a', 's', 's'):
	case FTP_VERB('a', 'c', 'c', 't'):
		return FTP_CMD_LOGIN;
	case FTP_VERB('a', 'u', 't', 'h'):
	case FTP_VERB('a', 'd', 'a', 't'):
		return FTP_CMD_AUTH;
	case FTP_VERB('r', 'e', 'i', 'n'):
		return FTP_CMD_REIN;
	case FTP_VERB('p', 'o', 'r', 't'):
	case FTP_VERB('e', 'p', 'r', 't'):
	case FTP_VERB('l', 'p', 'r', 't'):
		return FTP_CMD_ACTIVE;
	case FTP_VERB('p', 'a', 's', 'v'):
		return FTP_CMD_PASV;
	case FTP_VERB('e', 'p', 's', 'v'):
		return FTP_CMD_EPSV;
	case FTP_VERB('l', 'p', 's', 'v'):
		return FTP_CMD_LPSV;

	case FTP_VERB('f', 'e', 'a', 't'):
	case FTP_VERB('h', 'o', 's', 't'):
	case FTP_VERB('s', 'y', 's', 't'):
	case FTP_VERB('o', 'p', 't', 's'):
	case FTP_VERB('n', 'o', 'o', 'p'):
	case FTP_VERB('q', 'u', 'i', 't'):
	case FTP_VERB('h', 'e', 'l', 'p'):
	case FTP_VERB('s', 't', 'a', 't'):
	case FTP_VERB('c', 'l', 'n', 't'):
	case FTP_VERB('l', 'a', 'n', 'g'):
	case FTP_VERB('s', 'i', 't', 'e'):
	case FTP_VERB('p', 'b', 's', 'z'):
	case FTP_VERB('p', 'r', 'o', 't'):
		return FTP_CMD_OPENING;

	/* HTTP */
	case FTP_VERB('g', 'e', 't'):
	case FTP_VERB('p', 'o', 's', 't'):
	case FTP_VERB('h', 'e', 'a', 'd'):
	case FTP_VERB('p', 'u', 't'):
	case FTP_VERB('o', 'p', 't', 'i', 'o', 'n', 's'):
	case FTP_VERB('c', 'o', 'n', 'n', 'e', 'c', 't'):
	case FTP_VERB('t', 'r', 'a', 'c', 'e'):
	case FTP_VERB('p', 'a', 't', 'c', 'h'):
	case FTP_VERB('p', 'r', 'i'):
	case FTP_VERB('d', 'e', 'l', 'e', 't', 'e'):
	/* SMTP */
	case FTP_VERB('e', 'h', 'l', 'o'):
	case FTP_VERB('h', 'e', 'l', 'o'):
	case FTP_VERB('m', 'a', 'i', 'l'):
	case FTP_VERB('r', 'c', 'p', 't'):
	/* SIP, RTSP and IRC */
	case FTP_VERB('i', 'n', 'v', 'i', 't', 'e'):
	case FTP_VERB('s', 'e', 't', 'u', 'p'):
	case FTP_VERB('p', 'r', 'i', 'v', 'm', 's', 'g'):
	case FTP_VERB('n', 'i', 'c', 'k'):
	case FTP_VERB('n', 'o', 't', 'i', 'c', 'e'):
		return FTP_CMD_FOREIGN;
	default:
		return FTP_CMD_OTHER;
	}
}

/* May a client begin with it? */
static bool ftp_is_opening(enum ftp_command command)
{
	return command == FTP_CMD_LOGIN || command == FTP_CMD_AUTH ||
	       command == FTP_CMD_REIN || command == FTP_CMD_OPENING;
}

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

/* The verb of four letters that most lines begin with, as FTP_VERB() has it; 0
 * if it is another.
 */
static inline uint32_t ftp_verb4(struct span line)
{
	const uint8_t *at = line.at;
	uint32_t verb;

	if (line.len < 4 ||
	    (line.len > 4 && at[4] != ' ' && at[4] != '\t'))
		return 0;
	verb = at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
	verb |= 0x01010101u * ('a' ^ 'A');
	/* A byte above or below the letters borrows in one of these, and in
	 * both if it is not ASCII; the lowest such one shows.
	 */
	if (((verb - 0x01010101u * 'a') | (0x01010101u * 'z' - verb)) &
	    0x80808080u)
		return 0;
	return verb;
}

/* Cuts the verb off the front of @line. Returns it as FTP_VERB() does, 0 if
 * there is none.
 */
static uint64_t ftp_eat_verb(struct span *line)
{
	size_t max = line->len <= FTP_VERB_MAX ? line->len : FTP_VERB_MAX + 1;
	uint64_t verb = 0;
	size_t n;

	for (n = 0; n < max; n++) {
		uint8_t c = span_lower(line->at[n]);

		if (!(c >= 'a' && c <= 'z') && !span_is_digit(c)) {
			if (c == ' ' || c == '\t')
				break;
			return 0;
		}
		verb |= (uint64_t)c << (8 * n);
	}
	if (n > FTP_VERB_MAX)
		return 0;
	span_skip(line, n);
	return verb;
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
	enum ftp_command command;
	struct span rest;
	bool known_answer;
	enum ftp_do what;
	uint64_t verb;

	*why = FTP_WHY_NONE;
	if (fs->phase == FTP_PHASE_OVER)
		return FTP_DO_NOTHING;
	fs->talk = true;
	if (fs->phase == FTP_PHASE_SILENT)
		return ftp_stop(fs, FTP_WHY_CLIENT_FIRST, why);

	rest = ftp_skip_telnet(line);
	if (!rest.len)
		return FTP_DO_NOTHING;
	verb = ftp_verb4(rest);
	if (verb)
		span_skip(&rest, 4);
	else
		verb = ftp_eat_verb(&rest);
	command = ftp_command(verb);
	if (!verb || command == FTP_CMD_FOREIGN)
		return ftp_stop(fs, FTP_WHY_NOT_CLIENT, why);
	if (fs->phase == FTP_PHASE_GREETED) {
		if (!ftp_is_opening(command))
			return ftp_stop(fs, FTP_WHY_NOT_CLIENT, why);
		fs->phase = FTP_PHASE_TALKING;
	}

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
	case FTP_CODE_PASV: return FTP_CMD_PASV;
	case FTP_CODE_LPSV: return FTP_CMD_LPSV;
	case FTP_CODE_EPSV: return FTP_CMD_EPSV;
	default:  return FTP_CMD_OTHER;
	}
}

/* The code that @line begins with as a reply does, 0 if it doesn't. */
static uint32_t ftp_code(struct span line)
{
	const uint8_t *at = line.at;

	if (line.len < 3 || at[0] < '1' || at[0] > '5' ||
	    !span_is_digit(at[1]) || !span_is_digit(at[2]) ||
	    (line.len > 3 && at[3] != ' ' && at[3] != '-'))
		return 0;
	return (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
}

/* Is @line text inside a multi-line reply? Seldom is it in doubt. */
static bool ftp_inside(struct ftp_session *fs, struct span line)
{
	if (!fs->code && (line.len < 4 || line.at[3] != '-'))
		return false;
	return appgw_ftp_in_multiline(&fs->code, line);
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
	uint32_t code = ftp_code(line);
	bool reply = code, inside;

	*why = FTP_WHY_NONE;
	if (fs->phase == FTP_PHASE_OVER)
		return FTP_DO_NOTHING;
	fs->talk |= reply || fs->code;

	if (fs->phase == FTP_PHASE_SILENT) {
		if (!fs->code && !reply)
			return ftp_stop(fs, FTP_WHY_NOT_SERVER, why);
		/* 120 only asks for patience */
		if (!fs->code && code >= 200)
			fs->phase = FTP_PHASE_GREETED;
		fs->greeting = ftp_inside(fs, line);
		return FTP_DO_NOTHING;
	}
	inside = ftp_inside(fs, line);
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
 * @word's own, @n; 0 if it doesn't. A tab is as good as a blank.
 */
static unsigned int ftp_agrees(struct span start, const char *word, size_t n)
{
	size_t i;

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
	static const char words[][FTP_WORD_LEN] = {
		{ "port " }, { "eprt " }, { "lprt " }
	};
	unsigned int n, i;

	if (fs->phase == FTP_PHASE_OVER)
		return 0;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		n = ftp_agrees(start, words[i], FTP_WORD_LEN);
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
	static const struct {
		uint16_t code;
		char word[FTP_CODE_LEN];
	} replies[] = {
		{ FTP_CODE_PASV, { "227 " } }, { FTP_CODE_LPSV, { "228 " } },
		{ FTP_CODE_EPSV, { "229 " } }
	};
	unsigned int n, i;

	if (fs->greeting || (fs->phase != FTP_PHASE_TALKING &&
			     fs->phase != FTP_PHASE_LOGGED_IN))
		return 0;
	for (i = 0; i < ARRAY_SIZE(replies); i++) {
		/* inside a reply of several lines, only the last is no text */
		if (fs->code && fs->code != replies[i].code)
			continue;
		n = ftp_agrees(start, replies[i].word, FTP_CODE_LEN);
		if (n)
			return n;
	}
	return 0;
}
