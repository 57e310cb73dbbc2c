// SPDX-License-Identifier: GPL-2.0-only
/* FTP: follow the conversation, so that only what belongs to it counts.
 *
 * RFC 959 section 5.4 for which reply answers which command, RFC 2428 for EPSV
 * ALL, RFC 4217 for AUTH. Servers answer a command twice, late, or not at all, and
 * two with one reply; clients go on all the same. So what a reply answers is told
 * by its code as far as that goes, and only then by its place. What has to hold is
 * that an announcement of the server's answers a command that asks for one, and
 * that each such command gets one.
 *
 * Nothing here touches an skb, a lock or the heap, so the unit tests and the fuzzer
 * link this file unchanged.
 */

#include "ftp_session.h"
#include "ftp_verb.h"

/* What announcements begin with, the blank included. */
#define FTP_WORD_LEN	5
#define FTP_CODE_LEN	4

#define FTP_KIND_BITS	4

/* No such command is waiting. */
#define FTP_NOWHERE	(-1)

static enum ftp_command ftp_kind(const struct ftp_session *fs, int i)
{
	return fs->pending >> (FTP_KIND_BITS * i) & ((1 << FTP_KIND_BITS) - 1);
}

/* Take away @n commands from the @from-th on, and what stands in front of each. */
static void ftp_take(struct ftp_session *fs, int from, int n)
{
	uint32_t before = fs->pending & ((1u << (FTP_KIND_BITS * from)) - 1);

	fs->pending >>= FTP_KIND_BITS * n;
	fs->pending &= ~0u << (FTP_KIND_BITS * from);
	fs->pending |= before;
	fs->pending_count -= n;
	memmove(fs->others + from, fs->others + from + n,
		fs->pending_count + 1 - from);
}

/* Forget the oldest @n commands. */
static void ftp_done_with(struct ftp_session *fs, int n)
{
	ftp_take(fs, 0, n);
}

static uint8_t ftp_more_others(uint32_t others, uint32_t more)
{
	others += more;
	return others < FTP_PENDING_OTHERS_MAX ? others :
						 FTP_PENDING_OTHERS_MAX;
}

/* Make the oldest one of those that nobody waits for. */
static void ftp_demote(struct ftp_session *fs)
{
	uint8_t others = fs->others[0];

	ftp_done_with(fs, 1);
	fs->others[0] = ftp_more_others(fs->others[0], others + 1);
}

static void ftp_push(struct ftp_session *fs, enum ftp_command command)
{
	uint8_t *others = &fs->others[fs->pending_count];

	if (command >= FTP_CMD_TRANSFER) {
		*others = ftp_more_others(*others, 1);
		return;
	}
	if (fs->pending_count == FTP_PENDING_MAX)
		ftp_demote(fs);
	fs->pending |= (uint32_t)command << (FTP_KIND_BITS * fs->pending_count);
	fs->pending_count++;
	fs->others[fs->pending_count] = 0;
}

/* Find where the first command of that kind stands that has no answer. */
static int ftp_find(const struct ftp_session *fs, enum ftp_command command)
{
	int i;

	for (i = 0; i < fs->pending_count; i++)
		if (ftp_kind(fs, i) == command)
			return i;
	return FTP_NOWHERE;
}

static bool ftp_is_passive(enum ftp_command command)
{
	return command == FTP_CMD_PASV || command == FTP_CMD_EPSV ||
	       command == FTP_CMD_LPSV;
}

/* Tell if a reply ends a transfer, well or not. */
static bool ftp_ends_transfer(uint32_t code)
{
	switch (code) {
	case 225: case 226: case 426: case 450: case 451: case 452: case 551:
	case 552: case 553:
		return true;
	default:
		return false;
	}
}

/* Tell if it is a preliminary reply that only a transfer has. */
static bool ftp_begins_transfer(uint32_t code)
{
	return code == 125 || code == 150;
}

/* Tell if a final reply with @code may be the answer to @command. */
static bool ftp_may_answer(enum ftp_command command, uint32_t code)
{
	if (ftp_ends_transfer(code))
		return false;
	switch (command) {
	case FTP_CMD_USER:
		return code != 220;
	case FTP_CMD_PASS:
		return code != 331;
	case FTP_CMD_PASV:
	case FTP_CMD_EPSV:
	case FTP_CMD_LPSV:
		/* a refused file may be told of twice */
		return code >= 400 && code != 550;
	case FTP_CMD_REIN:
	case FTP_CMD_ACTIVE:
	case FTP_CMD_ACTIVE_BEFORE:
	case FTP_CMD_EPSV_ALL:
		return code < 300 || code >= 400;
	default:
		return true;
	}
}

/* Find the command that is answered by a code which says so, whatever stands before
 * it.
 */
static int ftp_find_by_code(const struct ftp_session *fs, uint32_t code)
{
	int user, pass;

	switch (code) {
	case 220:
		return ftp_find(fs, FTP_CMD_REIN);
	case 234: case 235:
		return ftp_find(fs, FTP_CMD_AUTH);
	case 331:
		return ftp_find(fs, FTP_CMD_USER);
	case 230: case 232: case 332:
		user = ftp_find(fs, FTP_CMD_USER);
		pass = ftp_find(fs, FTP_CMD_PASS);
		return user == FTP_NOWHERE || (pass >= 0 && pass < user) ?
		       pass : user;
	default:
		return FTP_NOWHERE;
	}
}

/* Count one of those in front of the @i-th command that nobody waits for less. */
static void ftp_other_answered(struct ftp_session *fs, int i)
{
	if (fs->others[i] && fs->others[i] < FTP_PENDING_OTHERS_MAX)
		fs->others[i]--;
}

/* Take away the command that a final reply with @code answers, and says which it
 * was: by what the code says, else the first that it may be the answer to.
 */
static enum ftp_command ftp_answered(struct ftp_session *fs, uint32_t code)
{
	enum ftp_command command;
	int i = ftp_find_by_code(fs, code);

	if (i != FTP_NOWHERE) {
		command = ftp_kind(fs, i);
		ftp_done_with(fs, i + 1);
		return command;
	}
	for (i = 0; i < fs->pending_count && !fs->others[i]; i++) {
		command = ftp_kind(fs, i);
		if (ftp_may_answer(command, code)) {
			ftp_take(fs, i, 1);
			return command;
		}
		fs->doubt |= ftp_is_passive(command);
	}
	ftp_other_answered(fs, i);
	return FTP_CMD_OTHER;
}

/* Remember that the server has said yes to PORT, or goes on as if it had. */
static void ftp_accepted(struct ftp_session *fs)
{
	int i = ftp_find(fs, FTP_CMD_ACTIVE);

	if (i != FTP_NOWHERE)
		ftp_done_with(fs, i + 1);
}

/* Take from what a client says now how it took the last reply: a client goes on
 * only when it has an answer to what it asked. Some don't wait: but nobody who has
 * been refused a place for a file asks for the file.
 */
static void ftp_goes_on(struct ftp_session *fs, enum ftp_command command)
{
	if (fs->begun) {
		fs->begun = false;
		fs->code = 0;
		ftp_answered(fs, 226);
	}
	if (fs->doubt && command != FTP_CMD_TRANSFER) {
		fs->doubt = false;
		if (fs->pending_count && ftp_is_passive(ftp_kind(fs, 0)))
			ftp_done_with(fs, 1);
	}
	if (fs->agreed) {
		fs->agreed = false;
		ftp_accepted(fs);
	}
}

static enum ftp_do ftp_stop(struct ftp_session *fs, enum scan_why reason,
			    enum scan_why *why)
{
	fs->phase = FTP_PHASE_OVER;
	*why = reason;
	return FTP_DO_STOP;
}

/* Take in that the client begins with TLS. If the server has not agreed to it, it
 * must now.
 */
static enum ftp_do ftp_hello(struct ftp_session *fs, enum scan_why *why)
{
	ftp_stop(fs, SCAN_WHY_TLS, why);
	if (!fs->auth || fs->auth_refused)
		fs->phase = FTP_PHASE_HELLO;
	return FTP_DO_STOP;
}

static enum ftp_do ftp_judge(const struct ftp_session *fs, bool by_epsv,
			     enum ftp_line what, enum scan_why *why)
{
	if (what == FTP_LINE_OTHER)
		return FTP_DO_NOTHING;
	if (what == FTP_LINE_MALFORMED)
		*why = SCAN_WHY_MALFORMED;
	else if (fs->epsv_all && !by_epsv)
		*why = SCAN_WHY_EPSV_ALL;
	else if (fs->phase != FTP_PHASE_LOGGED_IN && !fs->any_time)
		*why = SCAN_WHY_NO_LOGIN;
	else
		return FTP_DO_OPEN;
	return FTP_DO_REFUSE;
}

/* Tell if a conversation may begin with a command. Nobody says PASS before USER. */
static bool ftp_is_opening(enum ftp_command command)
{
	return command == FTP_CMD_USER || command == FTP_CMD_AUTH ||
	       command == FTP_CMD_REIN || command == FTP_CMD_OPENING;
}

/* Forget what was open: something else opens, and the refusal of it counts no more.
 */
static void ftp_replace_active(struct ftp_session *fs)
{
	int i = ftp_find(fs, FTP_CMD_ACTIVE);

	if (i != FTP_NOWHERE)
		fs->pending ^= (uint32_t)(FTP_CMD_ACTIVE ^
					  FTP_CMD_ACTIVE_BEFORE) <<
			       (FTP_KIND_BITS * i);
}

/* Take in PORT, EPRT or LPRT. */
static enum ftp_do ftp_active(struct ftp_session *fs, struct span line,
			      struct ftp_announcement *ann, enum scan_why *why)
{
	enum ftp_do what = ftp_judge(fs, false,
				     appgw_ftp_parse_command(line, ann), why);

	if (what == FTP_DO_OPEN)
		ftp_replace_active(fs);
	ftp_push(fs, what == FTP_DO_OPEN ? FTP_CMD_ACTIVE : FTP_CMD_OTHER);
	return what;
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
enum ftp_do appgw_ftp_session_command(struct ftp_session *fs, struct span line,
				      struct ftp_announcement *ann,
				      enum scan_why *why)
{
	enum ftp_command command;
	struct span rest __uninitialized;

	*why = SCAN_WHY_NONE;
	if (fs->phase >= FTP_PHASE_HELLO)
		return FTP_DO_NOTHING;
	fs->talk = true;
	if (fs->phase == FTP_PHASE_SILENT)
		return ftp_stop(fs, SCAN_WHY_CLIENT_FIRST, why);

	command = appgw_ftp_command(line, &rest);
	if (command == FTP_CMD_TLS)
		return ftp_hello(fs, why);
	if (command == FTP_CMD_FOREIGN)
		return ftp_stop(fs, SCAN_WHY_NOT_CLIENT, why);
	if (fs->phase == FTP_PHASE_GREETED) {
		/* nobody begins with an address, but those who want one read */
		if (command == FTP_CMD_ACTIVE || appgw_ftp_is_request(line))
			return ftp_stop(fs, SCAN_WHY_NOT_CLIENT, why);
		/* what else nobody begins with is between the two, so far */
		if (!ftp_is_opening(command))
			return FTP_DO_NOTHING;
		fs->phase = FTP_PHASE_TALKING;
	}

	if (fs->begun | fs->doubt | fs->agreed)
		ftp_goes_on(fs, command);
	fs->transfer = command == FTP_CMD_TRANSFER;
	if (command == FTP_CMD_AUTH) {
		fs->auth = true;
		fs->auth_refused = false;
	}
	if (command == FTP_CMD_ACTIVE)
		return ftp_active(fs, line, ann, why);
	ftp_push(fs, command);
	return FTP_DO_NOTHING;
}

/* Do to the conversation what a final reply with @code does. */
static enum ftp_do ftp_answer(struct ftp_session *fs, uint32_t code,
			      enum scan_why *why)
{
	bool good = code < 400;

	/* nothing else has such an answer, and the one to AUTH may be lost */
	if ((code == 234 || code == 235) && fs->auth)
		return ftp_stop(fs, SCAN_WHY_TLS, why);
	/* most of the time nobody waits for anything */
	if (!fs->pending_count) {
		ftp_other_answered(fs, 0);
		return FTP_DO_NOTHING;
	}
	fs->agreed |= good && !ftp_ends_transfer(code) &&
		      ftp_find(fs, FTP_CMD_ACTIVE) != FTP_NOWHERE;
	switch (ftp_answered(fs, code)) {
	case FTP_CMD_USER:
		if (code == 230 || code == 232)
			fs->phase = FTP_PHASE_LOGGED_IN;
		break;
	case FTP_CMD_PASS:
		if (code < 300)
			fs->phase = FTP_PHASE_LOGGED_IN;
		break;
	case FTP_CMD_AUTH:
		fs->auth_refused = !good;
		if (code < 300)
			return ftp_stop(fs, SCAN_WHY_TLS, why);
		break;
	case FTP_CMD_REIN:
		if (good) {
			fs->phase = FTP_PHASE_TALKING;
			fs->epsv_all = false;
		}
		break;
	case FTP_CMD_EPSV_ALL:
		fs->epsv_all |= good;
		break;
	case FTP_CMD_ACTIVE:
		return good ? FTP_DO_NOTHING : FTP_DO_CLOSE;
	default:
		break;
	}
	return FTP_DO_NOTHING;
}

/* Find where the command stands that a reply which announces something answers: one
 * of its own kind, else the first that asks for any.
 */
static int ftp_find_asker(const struct ftp_session *fs, uint32_t code)
{
	int i = ftp_find(fs, code == FTP_CODE_PASV ? FTP_CMD_PASV :
			     code == FTP_CODE_LPSV ? FTP_CMD_LPSV :
						     FTP_CMD_EPSV);

	if (i != FTP_NOWHERE)
		return i;
	for (i = 0; i < fs->pending_count; i++)
		if (ftp_is_passive(ftp_kind(fs, i)))
			return i;
	return FTP_NOWHERE;
}

/* Tell if it is an answer that such a command may get. Servers and translators
 * answer PASV as EPSV, and EPSV as PASV.
 */
static bool ftp_is_asked(enum ftp_command command, uint32_t code)
{
	return (command == FTP_CMD_LPSV) == (code == FTP_CODE_LPSV);
}

static bool ftp_announces(uint32_t code)
{
	return code >= FTP_CODE_PASV && code <= FTP_CODE_EPSV;
}

static enum ftp_do ftp_announcement(struct ftp_session *fs, struct span line,
				    uint32_t code, struct ftp_announcement *ann,
				    enum scan_why *why)
{
	enum ftp_line what = appgw_ftp_parse_reply(line, ann);
	int i = ftp_find_asker(fs, code);

	if (i != FTP_NOWHERE) {
		enum ftp_command command = ftp_kind(fs, i);

		ftp_done_with(fs, i + 1);
		fs->doubt = false;
		if (ftp_is_asked(command, code)) {
			bool by_epsv = command == FTP_CMD_EPSV &&
				       code == FTP_CODE_EPSV;
			enum ftp_do ret = ftp_judge(fs, by_epsv, what, why);

			if (ret == FTP_DO_OPEN)
				ftp_replace_active(fs);
			return ret;
		}
	} else {
		ftp_answered(fs, code);
	}
	if (what != FTP_LINE_ANNOUNCES)
		return FTP_DO_NOTHING;
	*why = SCAN_WHY_UNSOLICITED;
	return FTP_DO_REFUSE;
}

/* Read the code that @line begins with as a reply does, 0 if it doesn't. A letter
 * may follow at once; some servers forget the blank.
 */
static uint32_t ftp_code(struct span line)
{
	const uint8_t *at = line.at;

	if (line.len < 3 || at[0] < '1' || at[0] > '5' ||
	    !span_is_digit(at[1]) || !span_is_digit(at[2]) ||
	    (line.len > 3 && span_is_digit(at[3])))
		return 0;
	return (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
}

/* Take in text inside a multi-line reply, whatever it looks like. A server may
 * break off the text, and say that the transfer begins: the client will show
 * whether it has.
 */
static enum ftp_do ftp_text(struct ftp_session *fs, struct span line,
			    uint32_t code, struct ftp_announcement *ann,
			    enum scan_why *why)
{
	bool whole = code && (line.len == 3 || line.at[3] == ' ');

	if (!whole)
		fs->begun = false;
	else if (ftp_begins_transfer(code))
		fs->begun = fs->transfer;
	/* the client, which asked for it, may take it for the answer */
	if (whole && ftp_announces(code) &&
	    ftp_find_asker(fs, code) != FTP_NOWHERE &&
	    appgw_ftp_parse_reply(line, ann) == FTP_LINE_ANNOUNCES) {
		*why = SCAN_WHY_UNSOLICITED;
		return FTP_DO_REFUSE;
	}
	return FTP_DO_NOTHING;
}

/* Tell if @line is text inside a multi-line reply. Seldom is it in doubt. */
static bool ftp_inside(struct ftp_session *fs, struct span line)
{
	uint16_t code = fs->code;
	bool inside;

	if (!code && (line.len < 4 || line.at[3] != '-'))
		return false;
	inside = appgw_ftp_in_multiline(&code, line);
	fs->code = code;
	return inside;
}

/* Take in what the server says before the client has spoken. */
static enum ftp_do ftp_greeting(struct ftp_session *fs, struct span line,
				uint32_t code, enum scan_why *why)
{
	if (!fs->code && !code) {
		if (!appgw_ftp_is_preface(line) ||
		    fs->preface == FTP_PREFACE_MAX)
			return ftp_stop(fs, SCAN_WHY_NOT_SERVER, why);
		fs->preface++;
		return FTP_DO_NOTHING;
	}
	/* 120 only asks for patience */
	if (!fs->code && code >= 200)
		fs->phase = FTP_PHASE_GREETED;
	fs->greeting = ftp_inside(fs, line);
	return FTP_DO_NOTHING;
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
				    enum scan_why *why)
{
	uint32_t code = ftp_code(line);
	bool inside;

	*why = SCAN_WHY_NONE;
	if (fs->phase >= FTP_PHASE_HELLO) {
		bool waits = fs->phase == FTP_PHASE_HELLO;

		fs->phase = FTP_PHASE_OVER;
		return waits && appgw_ftp_is_tls(line) ? FTP_DO_ENCRYPTED :
							 FTP_DO_NOTHING;
	}
	fs->talk |= code || fs->code;

	if (fs->phase == FTP_PHASE_SILENT)
		return ftp_greeting(fs, line, code, why);
	inside = ftp_inside(fs, line);
	if (fs->greeting) {
		/* the client may have spoken, but not been answered yet */
		fs->greeting = inside;
		return FTP_DO_NOTHING;
	}
	if (fs->phase == FTP_PHASE_GREETED)
		return FTP_DO_NOTHING;
	if (inside)
		return ftp_text(fs, line, code, ann, why);
	fs->begun = false;
	if (code < 200) {
		if (ftp_begins_transfer(code))
			ftp_accepted(fs);
		return FTP_DO_NOTHING;
	}
	return ftp_announces(code) ?
	       ftp_announcement(fs, line, code, ann, why) :
	       ftp_answer(fs, code, why);
}

/* Tell how much of @start agrees with @word: its length if all of it does, up to
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

	if (fs->phase >= FTP_PHASE_HELLO)
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
