// SPDX-License-Identifier: GPL-2.0-only
/* kmod/protocols/ftp_session.c, ftp_parse.c and stream.c read captures of real
 * conversations: whole and cut anew at random, they find exactly the
 * announcements that tshark finds, and the stream with these rewritten arrives.
 */

#include <arpa/inet.h>

#include "../../kmod/protocols/ftp_session.h"
#include "models/capture_files.h"
#include "models/exact.h"
#include "models/stream_link.h"
#include "captures_expected.h"
#include "tap.h"

#define FTP_PORT_NUMBER	21
#define FOUND_MAX	1024
#define ROUNDS		12
#define STREAM_BYTES	(1 << 20)
#define ISN		0xfffffff0u
#define TRIES_MAX	1000

/* An announcement that was found. */
struct found {
	enum ftp_kind kind;
	struct endpoint ep;
};

/**
 * struct side - one direction of a conversation
 * @st: the stream
 * @end: end of what its sender has to say so far
 * @una: sender's oldest byte without acknowledgement
 * @sent: sender's bytes
 * @got: receiver's bytes
 * @rcv: how many
 * @want: what the receiver should get
 * @want_len: how many
 * @line: the line under way
 * @line_len: its length so far
 */
struct side {
	struct stream st;
	uint32_t end, una;
	uint8_t sent[STREAM_BYTES];
	uint8_t got[STREAM_BYTES];
	uint32_t rcv;
	uint8_t want[STREAM_BYTES];
	uint32_t want_len;
	uint8_t line[STREAM_BYTES];
	uint32_t line_len;
};

/**
 * struct reader - what is read of a conversation
 * @fs: the session
 * @reply: direction of the line being read
 * @found: announcements that count
 * @count: how many; also the cookie of the next edit
 * @refused: announcements that don't
 * @stop: why the conversation was given up
 * @text: what takes the place of each
 * @text_len: its length
 * @side: both directions
 */
struct reader {
	struct ftp_session fs;
	bool reply;
	struct found found[FOUND_MAX];
	int count;
	unsigned int refused;
	enum scan_why stop;
	char text[FOUND_MAX][STREAM_TEXT_MAX];
	uint8_t text_len[FOUND_MAX];
	struct side side[2];
};

/* Reads a line; @edit says how its announcement is rewritten. */
static bool reader_line(void *ctx, struct span line, struct stream_edit *edit)
{
	struct reader *r = ctx;
	struct ftp_announcement ann;
	struct endpoint ep;
	enum scan_why why;
	enum ftp_do what;

	while (line.len && (line.at[line.len - 1] == '\n' ||
			    line.at[line.len - 1] == '\r'))
		line.len--;
	what = r->reply ?
	       appgw_ftp_session_reply(&r->fs, line, &ann, &why) :
	       appgw_ftp_session_command(&r->fs, line, &ann, &why);
	if (what == FTP_DO_STOP) {
		r->stop = why;
		r->side[0].st.off = true;
		r->side[1].st.off = true;
	}
	r->refused += what == FTP_DO_REFUSE;
	if (what != FTP_DO_OPEN)
		return false;
	if (r->count == FOUND_MAX) {
		tap_complain("too many announcements");
		return false;
	}

	/* somewhere else, in a text of another length */
	ep = ann.ep;
	ep.addr[0] = 198;
	ep.addr[1] = 200 + r->count % 50;
	ep.port = r->count % 2 ? 1024 : 65535;
	edit->at = ann.at;
	edit->old_len = ann.len;
	edit->new_len = appgw_ftp_format(edit->text, ann.kind, ann.delim, &ep);
	memcpy(r->text[r->count], edit->text, edit->new_len);
	r->text_len[r->count] = edit->new_len;
	r->found[r->count] = (struct found){ ann.kind, ann.ep };
	edit->cookie = r->count++;
	return true;
}

static unsigned int reader_want(void *ctx, struct span start)
{
	struct reader *r = ctx;

	return r->reply ? appgw_ftp_session_want_reply(&r->fs, start) :
			  appgw_ftp_session_want_command(&r->fs, start);
}

static unsigned int reader_text(void *ctx, uint32_t cookie, char *text)
{
	struct reader *r = ctx;

	memcpy(text, r->text[cookie], r->text_len[cookie]);
	return r->text_len[cookie];
}

static void reader_undo(void *ctx)
{
	(void)ctx;
	tap_complain("an edit was not made");
}

static const struct stream_user reader_user = {
	.want	= reader_want,
	.line	= reader_line,
	.text	= reader_text,
	.undo	= reader_undo,
};

static void reader_begin(struct reader *r, const struct capture *c)
{
	int dir;

	memset(&r->fs, 0, sizeof(r->fs));
	if (c->middle)
		r->fs.phase = FTP_PHASE_LOGGED_IN;
	r->count = 0;
	r->refused = 0;
	r->stop = SCAN_WHY_NONE;
	for (dir = 0; dir < 2; dir++) {
		struct side *s = &r->side[dir];

		s->st = (struct stream){
			.seen = true, .next = ISN, .acked = ISN,
		};
		s->end = s->una = s->rcv = 0;
		s->line_len = 0;
	}
}

/* Where the capture lacks something, nothing is known of the commands that
 * wait for an answer.
 */
static void reader_gap(struct reader *r)
{
	r->fs = (struct ftp_session){ .phase = r->fs.phase };
	r->side[0].line_len = r->side[1].line_len = 0;
}

/* Line by line, and what the receiver should get. */
static void read_whole(struct reader *r, const struct pcap *p)
{
	uint32_t i;
	int n;

	for (n = 0; n < p->pieces; n++) {
		const struct pcap_piece *piece = &p->piece[n];
		struct side *s = &r->side[piece->reply];

		if (piece->gap)
			reader_gap(r);
		r->reply = piece->reply;
		for (i = 0; i < piece->len; i++) {
			struct stream_edit edit = { 0 };

			s->want[s->want_len++] = piece->data[i];
			s->line[s->line_len++] = piece->data[i];
			if (piece->data[i] != '\n')
				continue;
			if (reader_line(r, (struct span){ s->line,
							  s->line_len },
					&edit)) {
				uint32_t at = s->want_len - s->line_len +
					      edit.at;
				uint32_t rest = s->line_len - edit.at -
						edit.old_len;

				memmove(s->want + at + edit.new_len,
					s->want + at + edit.old_len, rest);
				memcpy(s->want + at, edit.text, edit.new_len);
				s->want_len = at + edit.new_len + rest;
			}
			s->line_len = 0;
		}
	}
}

static void send_segment(struct reader *r, struct side *s, uint32_t from,
			 uint32_t to)
{
	struct link_segment ls;
	unsigned int notes;
	uint32_t at, una;
	bool held;

	link_segment_init(&ls, ISN + from, s->sent + from, to - from, false);
	if (appgw_stream_segment(&s->st, &ls.segment, &reader_user, r,
				 &notes) == STREAM_PASS) {
		at = ls.segment.out_seq - ISN;
		if (at != UINT32_MAX && at <= s->rcv &&
		    at + ls.payload.len > s->rcv) {
			memcpy(s->got + s->rcv, ls.payload.at + s->rcv - at,
			       at + ls.payload.len - s->rcv);
			s->rcv = at + ls.payload.len;
		}
		una = appgw_stream_ack(&s->st, ISN + s->rcv, &held) - ISN;
		if (una > s->una)
			s->una = una;
		tap_check(una <= to || una <= s->end,
			  "%u acknowledged of %u", una, s->end);
	}
	exact_free(&ls.payload);
}

/* The same bytes in the same order, but in other segments, some of them twice
 * or overlapping.
 */
static void read_cut(struct reader *r, const struct pcap *p, uint32_t seed)
{
	static const unsigned int sizes[] = { 1, 3, 17, 80, 1460 };
	unsigned int max = sizes[seed % TAP_ARRAY_SIZE(sizes)], tries;
	uint32_t random = seed * 0x9e3779b1u + 1;
	int n;

	for (n = 0; n < p->pieces; n++) {
		const struct pcap_piece *piece = &p->piece[n];
		struct side *s = &r->side[piece->reply];
		uint32_t at = s->end;

		if (piece->gap)
			reader_gap(r);
		r->reply = piece->reply;
		memcpy(s->sent + s->end, piece->data, piece->len);
		s->end += piece->len;
		while (at < s->end) {
			uint32_t len = 1 + tap_random(&random) % max;
			uint32_t from = at;

			if (len > s->end - at)
				len = s->end - at;
			if (!(tap_random(&random) % 4))
				from -= tap_random(&random) % 40 %
					(at - s->una + 1);
			send_segment(r, s, from, at + len);
			at += len;
		}
		for (tries = 0; s->una < s->end && tries < TRIES_MAX; tries++)
			send_segment(r, s, s->una, s->end);
		if (!tap_check(s->una == s->end, "segments of %u: stuck at %u",
			       max, s->una))
			return;
	}
}

static void check_reader(const struct reader *r, const struct capture *c)
{
	const struct capture_group *g;
	const uint16_t *port;
	int n = 0;

	for (g = c->group; g < c->group + CAPTURE_GROUPS_MAX && g->ports; g++)
		for (port = g->ports; *port; port++, n++) {
			const struct endpoint *ep = &r->found[n].ep;
			char addr[INET6_ADDRSTRLEN] = "";

			if (n >= r->count)
				continue;
			if (ep->af != APPGW_AF_NONE)
				inet_ntop(ep->af == APPGW_AF_IPV6 ? AF_INET6 :
					  AF_INET, ep->addr, addr,
					  sizeof(addr));
			tap_check(r->found[n].kind == g->kind &&
				  ep->port == *port &&
				  !strcmp(addr, g->addr ? g->addr : ""),
				  "announcement %d: %s port %u, not %s %u", n,
				  addr, ep->port, g->addr ? g->addr : "",
				  *port);
		}
	tap_check(r->count == n, "%d announcements found of %d", r->count, n);
	tap_check(r->stop == c->stop, "given up for reason %d, not %d",
		  r->stop, c->stop);
	tap_check(r->refused == (c->stop ? 0 : c->missed), "%u refused of %u",
		  r->refused, c->missed);
}

static void read_and_check(const struct pcap *p, const struct capture *c)
{
	static struct reader r;
	int round, dir;

	reader_begin(&r, c);
	for (dir = 0; dir < 2; dir++)
		r.side[dir].want_len = 0;
	read_whole(&r, p);
	check_reader(&r, c);

	for (round = 0; round < ROUNDS; round++) {
		reader_begin(&r, c);
		read_cut(&r, p, round);
		check_reader(&r, c);
		for (dir = 0; dir < 2; dir++) {
			struct side *s = &r.side[dir];
			uint32_t missing = s->want_len - s->rcv;

			tap_check(!memcmp(s->got, s->want, s->rcv) &&
				  missing <= s->st.hold_len,
				  "round %d: another stream", round);
			appgw_stream_free(&s->st);
		}
	}
}

static void test_capture(const struct capture *c)
{
	static struct pcap p;

	if (capture_begin(&p, c->name, FTP_PORT_NUMBER))
		read_and_check(&p, c);
	capture_end(&p);
}

int main(void)
{
	size_t i;

	if (!capture_files_found())
		return 0;
	tap_plan(TAP_ARRAY_SIZE(captures));
	for (i = 0; i < TAP_ARRAY_SIZE(captures); i++)
		test_capture(&captures[i]);
	return tap_finish();
}
