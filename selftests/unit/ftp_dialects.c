// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/ftp_session.c among people: clients and servers that answer late, twice, or not
 * at all, with text of any kind. Whatever they do, an announcement that was asked
 * for opens, and no other does.
 *
 * The client here goes on only when it knows where it stands, as those in use do.
 * APPGW_DIALECTS says how many conversations there are.
 */

#include <stdlib.h>

#include "../../kmod/protocols/ftp_session.h"
#include "models/exact.h"
#include "tap.h"

#define CONVERSATIONS	100000
#define STEPS		12
#define SEED		0x5eedd1a1

#define R227	"227 Entering Passive Mode (10,0,0,1,195,80)."
#define R229	"229 Entering Extended Passive Mode (|||50000|)"
#define LOG_LINES	256

/**
 * struct talk - a conversation
 * @fs: what is judged
 * @state: of the random numbers
 * @waiting: commands whose answers may still come, and will be taken for them
 * @even: so far every command had one answer, in its turn
 * @maybe: a passive command was refused in a way that can be mistaken
 * @refused: the last PORT was, so it may shut at any time
 * @log: what was said, for a complaint
 * @failed: there was one
 */
struct talk {
	struct ftp_session fs;
	uint32_t *state;
	unsigned int waiting;
	bool even, maybe, refused, failed;
	const char *log[LOG_LINES];
	unsigned int logged;
};

static unsigned int any(struct talk *t, unsigned int n)
{
	return tap_random(t->state) % n;
}

#define ONE_OF(t, ...) ({						\
	static const char * const of_[] = { __VA_ARGS__ };		\
	of_[any(t, TAP_ARRAY_SIZE(of_))];				\
})

static void complain(struct talk *t, const char *what)
{
	unsigned int i;

	if (!t->failed)
		for (i = 0; i < t->logged; i++)
			fprintf(stderr, "# %s\n", t->log[i]);
	tap_complain("%s", what);
	t->failed = true;
}

static enum ftp_do say(struct talk *t, bool command, const char *text)
{
	struct span line = { (const uint8_t *)text, strlen(text) };
	struct ftp_announcement ann;
	enum scan_why why;

	if (t->logged < LOG_LINES)
		t->log[t->logged++] = text;
	return command ? appgw_ftp_session_command(&t->fs, line, &ann, &why) :
			 appgw_ftp_session_reply(&t->fs, line, &ann, &why);
}

/* The server says something that must do nothing. */
static void server(struct talk *t, const char *text)
{
	enum ftp_do what = say(t, false, text);

	if (what != FTP_DO_NOTHING && !(t->refused && what == FTP_DO_CLOSE))
		complain(t, "that did something");
}

/* A final reply to whatever waits, or to nothing */
static void final(struct talk *t, const char *text)
{
	server(t, text);
	if (t->waiting)
		t->waiting--;
	else
		t->even = false;
}

/* Text of a reply, in which anything may stand */
static void text(struct talk *t)
{
	unsigned int n = any(t, 5);

	while (n--) {
		const char *line = ONE_OF(t, "", " x", R227, R229, "250", "250 x",
					  "230 in", "234 x", "501 x", "227-x",
					  "22", "2270 x", "-rw-r--r-- 1 a b c",
					  "211-x");
		enum ftp_do what = say(t, false, line);

		if (what != FTP_DO_NOTHING && what != FTP_DO_REFUSE)
			complain(t, "text did something");
	}
}

/* A reply to a command that isn't of interest, as long or short as it likes */
static void answer(struct talk *t)
{
	switch (any(t, 8)) {
	case 0:
		server(t, "213-all");
		text(t);
		final(t, ONE_OF(t, "213 end", "213"));
		break;
	case 1:
		server(t, "500-no");
		text(t);
		final(t, ONE_OF(t, "500 really", "500"));
		break;
	default:
		final(t, ONE_OF(t, "200 ok", "250 ok", "257 x", "215 UNIX",
				"350 go on", "500 what", "550 no", "502 no"));
		break;
	}
}

/* What may come late or once more, while the client waits for something else */
static void noise(struct talk *t)
{
	unsigned int n = any(t, 3);

	while (n--) {
		if (t->waiting && any(t, 2)) {
			answer(t);
		} else if (any(t, 2)) {
			final(t, ONE_OF(t, "226 done", "226 done", "225 ok",
					"426 cut", "451 cut", "550 no",
					"250 ok", "200 ok", "230 in"));
		} else {
			server(t, ONE_OF(t, "150 go", "125 go", "hello", "",
					 "110 mark", "1"));
		}
	}
}

static void chatter(struct talk *t)
{
	t->waiting++;
	say(t, true, ONE_OF(t, "NOOP", "TYPE I", "CWD a", "SIZE a", "XYZZY",
			    "STAT", "noop", "SITE a", "REST 5", "N\xf6OP",
			    "P", "GET a", "\xff\xf4\xff\xf2NOOP"));
	switch (any(t, 6)) {
	case 0:
		t->even = false;
		break;
	case 1:
		answer(t);
		final(t, ONE_OF(t, "200 ok", "250 ok", "550 no"));
		break;
	default:
		answer(t);
		break;
	}
}

static void transfer(struct talk *t)
{
	bool stor = any(t, 2);

	t->waiting++;
	say(t, true, stor ? "STOR a" : ONE_OF(t, "RETR a", "LIST", "MLSD"));
	if (any(t, 8) == 0) {
		server(t, "553- no");
		server(t, "150 go");
		say(t, true, "NOOP");
		t->even = false;
	} else {
		server(t, ONE_OF(t, "150 go", "125 go"));
	}
	while (any(t, 3) == 0) {
		t->waiting++;
		say(t, true, ONE_OF(t, "NOOP", "ABOR", "STAT",
				    "\xff\xf4\xff\xf2" "ABOR"));
	}
	final(t, ONE_OF(t, "226 done", "426 cut", "451 cut", "250 ok"));
	while (t->waiting && any(t, 4))
		final(t, ONE_OF(t, "226 done", "225 ok", "200 ok"));
	if (t->waiting)
		t->even = false;
}

static void passive(struct talk *t)
{
	bool epsv = any(t, 2);

	say(t, true, epsv ? ONE_OF(t, "EPSV", "EPSV 1", "epsv") :
			    ONE_OF(t, "PASV", "P@SW", "pasv"));
	if (any(t, 10) == 0) {
		/* its own refusal, if nothing else can have it */
		if (t->even && !t->waiting) {
			server(t, ONE_OF(t, "500 no", "502 no", "425 no"));
		} else {
			server(t, "500 no");
			t->maybe = true;
			t->waiting = 0;
		}
		return;
	}
	noise(t);
	if (say(t, false, (epsv ^ (any(t, 8) == 0)) ? R229 : R227) !=
	    FTP_DO_OPEN)
		complain(t, "it was asked for");
	t->waiting = 0;
	if (t->maybe)
		return;
	if (say(t, false, any(t, 2) ? R227 : R229) != FTP_DO_REFUSE)
		complain(t, "one is enough");
}

static void active(struct talk *t)
{
	enum ftp_do what;

	if (say(t, true, ONE_OF(t, "PORT 10,0,0,2,195,80",
				"EPRT |1|10.0.0.2|50000|")) != FTP_DO_OPEN)
		complain(t, "PORT does not open");
	t->refused = false;
	switch (any(t, 6)) {
	case 0:
		t->refused = true;
		/* refused: that shuts it, if it is plain whose answer it is */
		what = say(t, false, ONE_OF(t, "500 no", "550 no", "425 no",
					    "501 no"));
		if (t->even && !t->waiting && !t->maybe && what != FTP_DO_CLOSE)
			complain(t, "refused, and open");
		break;
	case 1:
		say(t, false, "226 done");
		/* fall through */
	default:
		server(t, "200 ok");
		break;
	}
	t->waiting = 0;
}

static void unasked(struct talk *t)
{
	if (t->maybe)
		return;
	if (say(t, false, any(t, 2) ? R227 : R229) != FTP_DO_REFUSE)
		complain(t, "nobody asked for it");
	if (t->waiting)
		t->waiting--;
}

static bool talk(uint32_t *state)
{
	static void (* const steps[])(struct talk *t) = {
		chatter, chatter, transfer, passive, passive, active, unasked
	};
	struct talk t = {
		.fs.phase = FTP_PHASE_LOGGED_IN, .state = state, .even = true,
	};
	int i;

	for (i = 0; i < STEPS && !t.failed; i++)
		steps[any(&t, TAP_ARRAY_SIZE(steps))](&t);
	return !t.failed;
}

int main(void)
{
	const char *count = getenv("APPGW_DIALECTS");
	unsigned long n = count ? strtoul(count, NULL, 10) : CONVERSATIONS;
	uint32_t state = SEED;
	unsigned long i;

	tap_plan(1);
	tap_begin("what is asked for opens, and nothing else");
	for (i = 0; i < n; i++)
		if (!talk(&state))
			break;
	tap_check(i == n, "conversation %lu of %lu", i, n);
	tap_end();
	return tap_finish();
}
