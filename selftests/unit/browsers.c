// SPDX-License-Identifier: GPL-2.0-only
/* What browsers and other programs send when a page or a URL is an attacker's,
 * to each of the scanners, whatever port it was for, with a server that helps:
 * none of it announces anything. The same lines, said by a client of the protocol
 * as it says them, do.
 *
 * See selftests/browsers/record.
 */

#include <dirent.h>
#include <fnmatch.h>

#include "models/exact.h"
#include "models/recordings.h"
#include "models/scanners.h"
#include "tap.h"

#define PLANS_MAX	64

/* Of daemon_plans(). */
#define ANYWHERE	((size_t)-1)

/* What a client of each protocol says is there, too, beside the engines. */
#define HONEST		"honest"

/* Some of these are clients of a protocol, and may announce ports of their own. */
#define PROGRAMS	"clients"

/* The ports that the attacker wants to be open. */
#define WANTED_MIN	5432
#define WANTED_MAX	5433

/* Where a URL says whole lines of the protocol, which nothing tells from the
 * program's own: by trick, and what the protocol's name begins with.
 */
static const struct limit {
	const char *trick;
	const char *scanner;
} limits[] = {
	{ "curl-gopher", "ftp" },
	{ "curl-gopher", "irc" },
	{ "curl-gopher", "rtsp" },
	{ "curl-gopher", "msn" },
	{ "lftp-ftp-*", "ftp" },
};

/* ---- a conversation */

/**
 * struct talk - a conversation
 * @scanner: what reads it
 * @session: its state
 * @len: bytes that are kept, by direction
 * @kept: those
 * @marks: announcements that counted
 * @plans: what the daemon had planned for them; of FTP as many as @marks
 * @wanted: how many of those are about a port that the attacker wants
 */
struct talk {
	const struct scanner *scanner;
	union scanner_session session;
	size_t len[2];
	uint8_t kept[2][RECORDING_MAX];
	unsigned int marks;
	unsigned int plans;
	unsigned int wanted;
};

/* Copies what there is of it. */
static void talk_copy(struct talk *to, const struct talk *from)
{
	int i;

	to->scanner = from->scanner;
	to->session = from->session;
	to->marks = from->marks;
	to->plans = from->plans;
	to->wanted = from->wanted;
	for (i = 0; i < 2; i++) {
		to->len[i] = from->len[i];
		memcpy(to->kept[i], from->kept[i], from->len[i]);
	}
}

static bool is_wanted(uint16_t port)
{
	return port >= WANTED_MIN && port <= WANTED_MAX;
}

/* How many plans there are for what begins at @at in @text, and how many of them
 * are about a port that is @wanted: what one end repeats of the other's opens
 * nothing.
 */
static unsigned int daemon_plans(const struct proto *proto, bool client,
				 struct span text, size_t at,
				 unsigned int *wanted)
{
	enum appgw_plan_owner other = client ? APPGW_OWNER_SERVER :
					       APPGW_OWNER_CLIENT;
	static struct plan plans[PLANS_MAX];
	struct packet packet = {
		.src = { .af = APPGW_AF_IPV4, .addr = { 10, 0, 1, 2 } },
		.payload = text,
	};
	unsigned int i, n, found = 0;

	n = proto->inspect(&packet, plans, PLANS_MAX);
	for (i = 0; i < n; i++) {
		if (plans[i].seq != at && at != ANYWHERE)
			continue;
		found++;
		*wanted += plans[i].owner != other &&
			   is_wanted(plans[i].end.port);
	}
	return found;
}

/* Note what @unit, which @text begins with, announces, and what the daemon would do. */
static void talk_unit(struct talk *t, bool client, struct span text,
		      const struct scan_unit *unit, uint16_t port)
{
	const struct proto *daemon = t->scanner->daemon;
	unsigned int i;

	t->marks += unit->count;
	for (i = 0; i < unit->count && daemon; i++)
		t->plans += daemon_plans(daemon, client, text, unit->at[i],
					 &t->wanted);
	if (!daemon) {
		t->plans += unit->count;
		t->wanted += is_wanted(port);
	}
}

static void talk_run(struct talk *t, bool client)
{
	while (t->len[client]) {
		struct exact e = exact_copy(t->kept[client], t->len[client]);
		struct span rest = exact_span(&e);
		struct scan_unit unit;
		uint16_t port = 0;
		size_t n;

		t->scanner->read(&t->session, client, rest, &unit, &port);
		n = unit.len;
		if (n) {
			talk_unit(t, client, rest, &unit, port);
		} else {
			if (unit.safe >= 0)
				rest.len = unit.safe;
			n = rest.len;
			t->scanner->feed(&t->session, client, rest);
		}
		exact_free(&e);
		t->len[client] -= n;
		memmove(t->kept[client], t->kept[client] + n, t->len[client]);
		if (!n)
			break;
	}
}

static void talk_say(struct talk *t, bool client, const void *text, size_t len)
{
	if (t->scanner->is_over(&t->session))
		return;
	memcpy(t->kept[client] + t->len[client], text, len);
	t->len[client] += len;
	talk_run(t, client);
}

static void talk_let_in(struct talk *t)
{
	talk_say(t, false, t->scanner->lets_in, t->scanner->lets_in_len);
}

static void talk_begin(struct talk *t, const struct scanner *scanner,
		       bool greeted)
{
	t->scanner = scanner;
	memset(&t->session, 0, sizeof(t->session));
	memset(t->len, 0, sizeof(t->len));
	t->marks = 0;
	t->plans = 0;
	t->wanted = 0;
	if (scanner->any_time)
		scanner->any_time(&t->session);
	if (greeted)
		talk_say(t, false, scanner->greets, strlen(scanner->greets));
}

/* Bytes of the next piece: up to the end of the line, or one. */
static size_t next_piece(const struct recording *r, size_t from, bool lines)
{
	struct span rest = { r->data + from, r->len - from };
	const uint8_t *nl = lines ? span_find(rest, '\n') : rest.at;

	return nl ? (size_t)(nl + 1 - rest.at) : rest.len;
}

/* The server lets the client in behind each line, or each byte; or never. */
static void say_all(struct talk *t, const struct recording *r, bool lines,
		    bool helped)
{
	size_t from, n;

	for (from = 0; from < r->len; from += n) {
		n = next_piece(r, from, lines);
		talk_say(t, true, r->data + from, n);
		if (helped)
			talk_let_in(t);
		if (t->scanner->is_over(&t->session))
			break;
	}
}

/* It does so once, behind one of the lines: all of them are tried. */
static void say_around(struct talk *t, const struct recording *r)
{
	static struct talk copy;
	size_t from, n;

	for (from = 0; from < r->len && !t->marks; from += n) {
		n = next_piece(r, from, true);
		talk_say(t, true, r->data + from, n);
		if (t->scanner->is_over(&t->session))
			break;
		talk_copy(&copy, t);
		talk_let_in(&copy);
		talk_say(&copy, true, r->data + from + n, r->len - from - n);
		if (copy.marks)
			talk_copy(t, &copy);
	}
}

/**
 * struct verdict - what was found out about recordings
 * @scanner: by which they are read
 * @engine: whose they are
 * @opened: how many announce something that they must not
 * @planned: and how many plans the daemon had made for that
 * @potent: how many the daemon alone would make plans for
 * @limits: how many are among the limits
 * @known: and how many of those announce something
 */
struct verdict {
	const struct scanner *scanner;
	const char *engine;
	unsigned int opened;
	unsigned int planned;
	unsigned int potent;
	unsigned int limits;
	unsigned int known;
};

/* Does the conversation announce what it must not? A browser has nothing to
 * announce, others have their own ports.
 */
static bool is_bad(const struct talk *t, const struct verdict *v)
{
	return strcmp(v->engine, PROGRAMS) ? t->marks : t->wanted;
}

/* Plays a recording in all the ways there are. True if one opens something. */
static bool plays_open(const struct recording *r, struct verdict *v,
		       const char **how)
{
	static struct talk t;
	int greeted, way;

	for (greeted = 0; greeted < 2; greeted++) {
		for (way = 0; way < 4; way++) {
			talk_begin(&t, v->scanner, greeted);
			say_all(&t, r, way & 1, way & 2);
			*how = way & 2 ? "let in again and again" : "as it is";
			if (is_bad(&t, v))
				goto opened;
		}
		talk_begin(&t, v->scanner, greeted);
		say_around(&t, r);
		*how = "let in once";
		if (is_bad(&t, v))
			goto opened;
	}
	return false;

opened:
	v->planned += t.plans;
	return true;
}

/* Would the daemon make plans for a segment that begins with one of the lines? */
static bool is_potent(const struct recording *r, const struct scanner *scanner)
{
	struct exact e = exact_copy(r->data, r->len);
	struct span rest = exact_span(&e);
	unsigned int wanted = 0;

	while (scanner->daemon && rest.len && !wanted) {
		daemon_plans(scanner->daemon, true, rest, ANYWHERE, &wanted);
		span_skip(&rest, next_piece(r, rest.at - e.at, true));
	}
	exact_free(&e);
	return wanted;
}

static bool is_limit(const struct recording *r, const struct scanner *scanner)
{
	size_t i;

	for (i = 0; i < TAP_ARRAY_SIZE(limits); i++)
		if (!fnmatch(limits[i].trick, r->trick, 0) &&
		    !strncmp(scanner->name, limits[i].scanner,
			     strlen(limits[i].scanner)))
			return true;
	return false;
}

static void judge(const struct recording *r, void *ctx)
{
	struct verdict *v = ctx;
	bool opens, limit = is_limit(r, v->scanner);
	const char *how;

	v->potent += is_potent(r, v->scanner);
	opens = plays_open(r, v, &how);
	v->limits += limit;
	v->known += limit && opens;
	if (!opens || limit)
		return;
	v->opened++;
	if (strcmp(v->engine, HONEST))
		tap_complain("%s, for port %u, %s", r->trick, r->port, how);
}

/* ---- engines */

static void test_engine(const char *engine, const struct scanner *scanner)
{
	struct verdict v = { .scanner = scanner, .engine = engine };
	char name[128];
	int n;

	snprintf(name, sizeof(name), "%s to %s: nothing opens", engine,
		 scanner->name);
	tap_begin(name);
	n = recordings_each(engine, judge, &v);
	tap_check(n > 0, "%d recordings", n);
	/* many can't say what PNA is made of */
	tap_check(!scanner->daemon || v.potent || scanner->is_younger ||
		  !strcmp(engine, PROGRAMS),
		  "no bytes that the daemon would do anything for");
	tap_check(!v.limits || v.known, "limits that there are no more");
	tap_end();
}

/* What a client says itself, by the same ways, does. */
static void test_honest(const struct scanner *scanner)
{
	struct verdict v = { .scanner = scanner, .engine = HONEST };
	char name[128];
	int n;

	snprintf(name, sizeof(name), "a client to %s: it opens", scanner->name);
	tap_begin(name);
	n = recordings_each(HONEST, judge, &v);
	tap_check(n > 0, "%d recordings", n);
	tap_check(v.opened, "nothing is announced");
	tap_check(v.planned, "the daemon does nothing for it");
	tap_end();
}

static int is_engine(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, HONEST);
}

int main(void)
{
	struct dirent **engine;
	int engines, i;
	size_t s;

	engines = scandir(RECORDINGS_FOLDER, &engine, is_engine, alphasort);
	if (engines < 0)
		engines = 0;
	tap_plan((engines + 1) * scanners_count);
	for (s = 0; s < scanners_count; s++)
		test_honest(&scanners[s]);
	for (i = 0; i < engines; i++) {
		for (s = 0; s < scanners_count; s++)
			test_engine(engine[i]->d_name, &scanners[s]);
		free(engine[i]);
	}
	if (engines)
		free(engine);
	return tap_finish();
}
