// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/ftp_session.c: which announcements belong to the conversation, and what
 * is no FTP at all. Named conversations, and random ones against a model.
 */

#include "models/exact.h"
#include "models/ftp_model.h"
#include "ftp_session_cases.h"
#include "tap.h"

#define RANDOM_ROUNDS	20000
#define RANDOM_LINES	60
#define RANDOM_SEED	0x5eedf7b5

static void model_begin(struct ftp_model *m, struct ftp_session *fs,
			bool any_time, bool middle)
{
	memset(m, 0, sizeof(*m));
	memset(fs, 0, sizeof(*fs));
	fs->any_time = m->any_time = any_time;
	if (middle) {
		fs->phase = FTP_PHASE_LOGGED_IN;
		m->greeted = m->talking = m->logged_in = true;
	}
}

static void test_case(const struct session_case *c)
{
	static struct ftp_model m;
	struct ftp_model_answer got;
	struct ftp_session fs;
	const char *complaint;
	bool opens = false;
	int i;

	tap_begin(c->name);
	model_begin(&m, &fs, c->any_time, c->middle);
	for (i = 0; i < SESSION_LINES_MAX && c->line[i].who; i++) {
		const struct session_line *l = &c->line[i];
		struct span line = { (const uint8_t *)l->text,
				     strlen(l->text) };

		complaint = ftp_model_step(&m, &fs, line, l->who == 'C', &got);
		tap_check(!complaint, "line %d: %s", i, complaint);
		tap_check(got.what == l->what && got.why == l->why,
			  "line %d, %s: %d because of %d", i,
			  exact_text(line.at, line.len), got.what, got.why);
		opens |= got.what == FTP_DO_OPEN;
	}
	tap_check(opens == c->opens, "opens %d", opens);
	tap_end();
}

/* Lines of all the cases, shuffled. */
static void test_random(void)
{
	uint32_t state = RANDOM_SEED;
	static struct ftp_model m;
	struct ftp_model_answer got;
	struct ftp_session fs;
	unsigned int i, n;

	tap_begin("random conversations, against a model");
	for (i = 0; i < RANDOM_ROUNDS; i++) {
		model_begin(&m, &fs, tap_random(&state) % 2,
			    tap_random(&state) % 2);
		for (n = 0; n < RANDOM_LINES; n++) {
			const struct session_case *c;
			const struct session_line *l;
			const char *complaint;
			struct span line;

			c = &session_cases[tap_random(&state) %
					   TAP_ARRAY_SIZE(session_cases)];
			l = &c->line[tap_random(&state) % 12];
			/* most of what ends a conversation would do so soon */
			if (!l->who || (l->what == FTP_DO_STOP &&
					tap_random(&state) % 16))
				continue;
			line.at = (const uint8_t *)l->text;
			line.len = strlen(l->text);
			complaint = ftp_model_step(&m, &fs, line, l->who == 'C',
						   &got);
			if (!tap_check(!complaint, "%s: %s",
				       exact_text(line.at, line.len),
				       complaint))
				break;
		}
	}
	tap_end();
}

static enum ftp_do say(struct ftp_session *fs, bool command, const char *text)
{
	struct span line = { (const uint8_t *)text, strlen(text) };
	struct ftp_announcement ann;
	enum scan_why why;

	return command ? appgw_ftp_session_command(fs, line, &ann, &why) :
			 appgw_ftp_session_reply(fs, line, &ann, &why);
}

/* However many commands are ahead, PASV gets its answer, and one. */
static void test_ahead(unsigned int ahead)
{
	struct ftp_session fs = { .phase = FTP_PHASE_LOGGED_IN };
	unsigned int i;
	char name[64];

	snprintf(name, sizeof(name), "%u commands ahead", ahead);
	tap_begin(name);
	for (i = 0; i < ahead; i++)
		say(&fs, true, "NOOP");
	for (i = 0; i < ahead / 2; i++)
		say(&fs, false, "200 ok");
	say(&fs, true, "PASV");
	for (; i < ahead; i++)
		say(&fs, false, "500 no");
	tap_check(say(&fs, false, "227 a (1,2,3,4,5,6)") == FTP_DO_OPEN,
		  "a reply to PASV does not count");
	tap_check(say(&fs, false, "227 a (1,2,3,4,5,6)") == FTP_DO_REFUSE,
		  "a second one counts");
	tap_check(say(&fs, true, "PORT 1,2,3,4,5,6") == FTP_DO_OPEN,
		  "PORT does not open");
	tap_check(say(&fs, false, "500 no") == FTP_DO_CLOSE,
		  "its refusal does not close");
	tap_end();
}

/**
 * struct want_case - a line's start, and how much of it is sure to stay
 * @ahead: a line before it: a command if it has no digit in front, or NULL
 */
static const struct want_case {
	const char *ahead;
	const char *start;
	bool command;
	unsigned int want;
} want_cases[] = {
	{ NULL, "P", true, 1 }, { NULL, "poRT", true, 4 },
	{ NULL, "PORT ", true, 5 }, { NULL, "PORT\t", true, 5 },
	{ NULL, "PORT 1", true, 5 }, { NULL, "EPRT |1", true, 5 },
	{ NULL, "lprt 4", true, 5 }, { NULL, "PORTS", true, 0 },
	{ NULL, "PA", true, 0 }, { NULL, "\xd0", true, 0 },
	{ NULL, " PORT", true, 0 }, { NULL, "227-", false, 0 },
	{ NULL, "227 ", false, 4 }, { NULL, "22", false, 2 },
	{ "NOOP", "227 ", false, 4 }, { "PASV", "2", false, 1 },
	{ "PASV", "227", false, 3 }, { "PASV", "227 Ente", false, 4 },
	{ "PASV", "229 ", false, 4 }, { "PASV", "226 ", false, 0 },
	{ "EPSV", "229 (", false, 4 }, { "LPSV", "228 L", false, 4 },
	{ "213-a", "2", false, 0 }, { "213-a", "227 ", false, 0 },
	{ "229-a", "22", false, 2 }, { "229-a", "229 (", false, 4 },
	{ "229-a", "228 ", false, 0 },
};

static void test_want(void)
{
	size_t i;

	tap_begin("starts of lines that may announce something");
	for (i = 0; i < TAP_ARRAY_SIZE(want_cases); i++) {
		struct ftp_session fs = { .phase = FTP_PHASE_LOGGED_IN };
		const struct want_case *c = &want_cases[i];
		struct exact e = exact_copy(c->start, strlen(c->start));
		unsigned int n, over;

		if (c->ahead)
			say(&fs, !span_is_digit(c->ahead[0]), c->ahead);
		n = c->command ?
		    appgw_ftp_session_want_command(&fs, exact_span(&e)) :
		    appgw_ftp_session_want_reply(&fs, exact_span(&e));
		tap_check(n == c->want, "%s: %u", c->start, n);
		fs.phase = FTP_PHASE_GREETED;
		tap_check(!appgw_ftp_session_want_reply(&fs, exact_span(&e)),
			  "%s: wanted before the client speaks", c->start);
		fs.phase = FTP_PHASE_OVER;
		over = appgw_ftp_session_want_command(&fs, exact_span(&e)) +
		       appgw_ftp_session_want_reply(&fs, exact_span(&e));
		tap_check(!over, "%s: wanted when all is over", c->start);
		exact_free(&e);
	}
	tap_end();
}

/* Any two bytes at any two places of a verb, before a login. */
static void test_verbs(void)
{
	struct ftp_model_answer got;
	struct ftp_session fs;
	static struct ftp_model m;
	const char *complaint;
	unsigned int a, b, i;
	uint8_t line[6];

	tap_begin("verbs of any bytes, against a model");
	for (i = 0; i < 1 << 16; i++) {
		for (a = 0; a < 4; a++) {
			for (b = a + 1; b < 5; b++) {
				memcpy(line, "PASS x", sizeof(line));
				line[a] = i;
				line[b] = i >> 8;
				model_begin(&m, &fs, false, true);
				complaint = ftp_model_step(&m, &fs,
					(struct span){ line, sizeof(line) },
					true, &got);
				if (!tap_check(!complaint, "%s: %s",
					       exact_text(line, sizeof(line)),
					       complaint))
					goto out;
			}
		}
	}
out:
	tap_end();
}

int main(void)
{
	size_t i;

	tap_plan(TAP_ARRAY_SIZE(session_cases) + 8);
	for (i = 0; i < TAP_ARRAY_SIZE(session_cases); i++)
		test_case(&session_cases[i]);
	test_random();
	test_ahead(1);
	test_ahead(16);
	test_ahead(300);
	test_ahead(255);
	test_ahead(70000);
	test_want();
	test_verbs();
	return tap_finish();
}
