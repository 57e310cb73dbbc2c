// SPDX-License-Identifier: GPL-2.0-only
/* FTP lines: open pinholes, rewrite announcements, give up what is no FTP.
 *
 * ftp_session.c says what a line calls for, pinhole.c does it, stream.c and tcp_segment.c
 * keep the stream right. Text we don't understand passes untouched.
 */

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_nat_helper.h>

#include "appgw/endpoint.h"
#include "core/compat.h"
#include "core/event.h"
#include "core/policy.h"
#include "core/stats.h"
#include "ftp_parse.h"
#include "ftp_state.h"
#include "ftp_talk.h"
#include "ftp_verb.h"
#include "ftplines.h"
#include "ftps.h"
#include "helper/help.h"
#include "helper/session.h"
#include "pinhole/pinhole.h"
#include "stream/tcp_segment.h"

/* So many bytes in larger pieces, and no line of a conversation among them, are
 * a file.
 */
#define FTP_BULK_MAX	(2 * 1024 * 1024)

/**
 * struct ftp_pass - a packet's way through the helper
 * @s: session of its connection
 * @ftp: the conversation
 * @ct: the control connection
 * @policy: its namespace's
 * @dir: direction the packet travels in
 */
struct ftp_pass {
	struct appgw_session *s;
	struct ftp_session *ftp;
	struct nf_conn *ct;
	const struct appgw_policy *policy;
	enum ip_conntrack_dir dir;
};

static const char * const ftp_kind_name[] = {
	[FTP_PORT] = "port", [FTP_EPRT] = "eprt", [FTP_LPRT] = "lprt",
	[FTP_PASV] = "pasv", [FTP_EPSV] = "epsv", [FTP_LPSV] = "lpsv",
};

/* Make one number of what it takes to write an announcement again: its form and
 * port, the address being the announcer's in its peer's eyes for as long as the
 * connection lasts.
 */
static u32 ftp_cookie(const struct ftp_announcement *ann, u16 port)
{
	return (u32)ann->kind << 24 | (u32)ann->delim << 16 | port;
}

/* Write the announcement that a cookie stands for; see struct stream_user. */
static unsigned int ftp_text(void *ctx, u32 cookie, char *text)
{
	struct ftp_pass *pass = ctx;
	struct endpoint ep __uninitialized;

	if (!cookie)
		return 0;
	appgw_endpoint(&ep, nf_ct_l3num(pass->ct),
		       appgw_help_public(pass->ct, pass->dir),
		       cookie & 0xffff);
	return appgw_ftp_format(text, cookie >> 24, cookie >> 16 & 0xff, &ep);
}

static bool ftp_same_family(const struct nf_conn *ct, const struct endpoint *ep)
{
	return ep->af == appgw_af(nf_ct_l3num(ct));
}

/* Count that an announcement opens nothing, or, if @ann is NULL, that the
 * connection is given up, and tell of it.
 */
static void ftp_refuse(const struct ftp_pass *pass,
		       const struct ftp_announcement *ann,
		       enum appgw_stat reason)
{
	struct appgw_event event = {
		.type		= ann ? APPGW_EVENT_REFUSED :
					APPGW_EVENT_STOPPED,
		.reason		= reason,
		.dry_run	= pass->policy->dry_run,
	};

	if (ann && reason != APPGW_STAT_REFUSED_MALFORMED) {
		event.kind = ftp_kind_name[ann->kind];
		event.announced = ann->ep;
		event.has_announced = true;
	}
	appgw_refuse(pass->ct, &event);
}

/* Tell if a 227 names 0.0.0.0: clients take the control connection's address then.
 */
static inline bool ftp_is_unspecified(const struct nf_conn *ct,
				      const struct ftp_announcement *ann)
{
	return ann->kind == FTP_PASV && ftp_same_family(ct, &ann->ep) &&
	       !memchr_inv(ann->ep.addr, 0, APPGW_ADDR_LEN_IPV4);
}

/* Tell if the announced address is the announcer's own, its translated one, or one
 * that is to be corrected.
 */
static bool ftp_is_own(const struct ftp_pass *pass,
		       const struct ftp_announcement *ann)
{
	const struct nf_conn *ct = pass->ct;
	const struct endpoint *ep = &ann->ep;

	return ep->af == APPGW_AF_NONE || ftp_is_unspecified(ct, ann) ||
	       appgw_help_is_own(ct, pass->dir, ep) ||
	       (ann->kind == FTP_PASV && pass->policy->fix_pasv &&
		ftp_same_family(ct, ep));
}

/* Decide where @ann's data connection may go: fill in @req, with @foreign as room
 * for an address. False if it may not, which is then told.
 */
static bool ftp_permit(const struct ftp_pass *pass,
		       const struct ftp_announcement *ann,
		       union nf_inet_addr *foreign, struct pinhole_request *req)
{
	const struct endpoint *ep = &ann->ep;

	if (ep->port < APPGW_PORT_MIN) {
		ftp_refuse(pass, ann, APPGW_STAT_REFUSED_PRIVILEGED);
		return false;
	}

	*req = (struct pinhole_request){
		.ct		= pass->ct,
		.policy		= pass->policy,
		.dir		= pass->dir,
		.active		= pass->dir == IP_CT_DIR_ORIGINAL,
		.daddr		= appgw_help_public(pass->ct, pass->dir),
		.port		= ep->port,
		.count		= 1,
		.announced	= ep,
		.kind		= ftp_kind_name[ann->kind],
	};
	if (ftp_is_own(pass, ann))
		return true;

	memset(foreign, 0, sizeof(*foreign));
	memcpy(foreign, ep->addr, ep->af == APPGW_AF_IPV4 ?
				  APPGW_ADDR_LEN_IPV4 : APPGW_ADDR_LEN_IPV6);
	if (!ftp_same_family(pass->ct, ep) ||
	    !appgw_policy_may_announce(pass->policy, pass->ct, foreign)) {
		ftp_refuse(pass, ann, APPGW_STAT_REFUSED_FOREIGN);
		return false;
	}
	req->daddr = foreign;
	req->foreign = true;
	return true;
}

/* Tell if the text must change for the peer to connect to @port. */
static bool ftp_must_rewrite(const struct nf_conn *ct,
			     const struct pinhole_request *req,
			     const struct ftp_announcement *ann, u16 port)
{
	if (req->foreign)
		return false;
	if (port != ann->ep.port)
		return true;
	if (ann->ep.af == APPGW_AF_NONE ||
	    (ftp_is_unspecified(ct, ann) && !req->policy->fix_pasv))
		return false;
	return !appgw_endpoint_is(&ann->ep, nf_ct_l3num(ct),
				  appgw_help_public(ct, req->dir));
}

/* Open the pinhole that a line asks for. True if the line has to be edited,
 * as @edit then says. Neither happens if one of them can't be done.
 */
static bool ftp_open(struct ftp_pass *pass, const struct ftp_announcement *ann,
		     struct stream_edit *edit)
{
	struct pinhole_request req __uninitialized;
	union nf_inet_addr foreign __uninitialized;
	int port;

	if (!ftp_permit(pass, ann, &foreign, &req))
		return false;

	port = appgw_pinhole_open(pass->s, &req);
	if (port < 0) {
		ftp_refuse(pass, ann, appgw_pinhole_why(port));
		return false;
	}
	if (pass->policy->dry_run)
		return false;

	edit->at = ann->at;
	edit->old_len = ann->len;
	edit->new_len = 0;
	edit->cookie = 0;
	if (!ftp_must_rewrite(pass->ct, &req, ann, port))
		return true;

	edit->cookie = ftp_cookie(ann, port);
	edit->new_len = ftp_text(pass, edit->cookie, edit->text);
	if (edit->new_len == edit->old_len ||
	    appgw_tcp_segment_may_grow(pass->ct))
		return true;

	/* conntrack would take every window for wrong */
	appgw_pinhole_close(pass->s, pass->ct, APPGW_STAT_CLOSED);
	appgw_stat_inc(nf_ct_net(pass->ct), APPGW_STAT_FAILED);
	return false;
}

/* Close what was opened for an edit that could not be made: the peer will not come.
 */
static void ftp_undo(void *ctx)
{
	struct ftp_pass *pass = ctx;

	appgw_pinhole_close(pass->s, pass->ct, APPGW_STAT_CLOSED);
}

/**
 * appgw_ftp_stopped() - tell why a connection isn't read any more
 * @s: its session
 *
 * Return: see struct appgw_session_ops
 */
enum appgw_stat appgw_ftp_stopped(const struct appgw_session *s)
{
	const struct ftp_own *own = (const struct ftp_own *)&s->own;

	if (!s->stream[IP_CT_DIR_ORIGINAL].off)
		return APPGW_STAT_MAX;
	if (!own->stopped)
		return APPGW_STAT_CLOSED;
	return appgw_helper_why(SCAN_WHY_CLIENT_FIRST + own->stopped - 1, true);
}

/* Read nothing more on this connection, but perhaps one line of the server's. */
static void ftp_deaf(struct appgw_session *s)
{
	s->stream[IP_CT_DIR_ORIGINAL].off = true;
	s->stream[IP_CT_DIR_REPLY].off =
		ftp_state(s)->session.phase != FTP_PHASE_HELLO;
}

/* Give the connection up, and close what it has opened. With TLS, the client of an
 * encrypted connection may need ports that nobody can read.
 */
static void ftp_stop(struct ftp_pass *pass, enum scan_why why)
{
	ftp_deaf(pass->s);
	ftp_own(pass->s)->stopped = why - SCAN_WHY_CLIENT_FIRST + 1;
	appgw_pinhole_close(pass->s, pass->ct, APPGW_STAT_CLOSED);
	ftp_refuse(pass, NULL, appgw_helper_why(why, true));
	if (why == SCAN_WHY_TLS && pass->ftp->phase == FTP_PHASE_OVER)
		appgw_ftps_enter(pass->s);
}

/* Take a complete line in: tell what it calls for. */
static inline enum ftp_do ftp_read(struct ftp_pass *pass, struct span line,
				   struct ftp_announcement *ann,
				   enum scan_why *why)
{
	if (line.len && line.at[line.len - 1] == '\n')
		line.len--;
	while (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return pass->dir == IP_CT_DIR_ORIGINAL ?
	       appgw_ftp_session_command(pass->ftp, line, ann, why) :
	       appgw_ftp_session_reply(pass->ftp, line, ann, why);
}

/* Do what a line calls for. True if it is to be edited, as @edit then says. */
static bool ftp_act(struct ftp_pass *pass, enum ftp_do what,
		    const struct ftp_announcement *ann, enum scan_why why,
		    struct stream_edit *edit)
{
	switch (what) {
	case FTP_DO_NOTHING:
		break;
	case FTP_DO_OPEN:
		return ftp_open(pass, ann, edit);
	case FTP_DO_CLOSE:
		appgw_pinhole_close(pass->s, pass->ct, APPGW_STAT_REJECTED);
		break;
	case FTP_DO_STOP:
		ftp_stop(pass, why);
		break;
	case FTP_DO_REFUSE:
		ftp_refuse(pass, ann, appgw_helper_why(why, true));
		break;
	case FTP_DO_ENCRYPTED:
		appgw_ftps_enter(pass->s);
		break;
	}
	return false;
}

/* Read no more if that was the last line. */
static inline void ftp_end_line(struct ftp_pass *pass)
{
	if (unlikely(pass->ftp->phase == FTP_PHASE_OVER))
		ftp_deaf(pass->s);
}

/* Take a complete line in; see struct stream_user. */
static bool ftp_line(void *ctx, struct span line, struct stream_edit *edit)
{
	struct ftp_pass *pass = ctx;
	struct ftp_announcement ann __uninitialized;
	enum scan_why why;
	enum ftp_do what;
	bool edited;

	appgw_stat_lines(nf_ct_net(pass->ct), 1);
	what = ftp_read(pass, line, &ann, &why);
	edited = ftp_act(pass, what, &ann, why, edit);
	ftp_end_line(pass);
	return edited;
}

static unsigned int ftp_want(void *ctx, struct span start)
{
	struct ftp_pass *pass = ctx;

	return pass->dir == IP_CT_DIR_ORIGINAL ?
	       appgw_ftp_session_want_command(pass->ftp, start) :
	       appgw_ftp_session_want_reply(pass->ftp, start);
}

static const struct stream_user ftp_stream_user = {
	.want	= ftp_want,
	.line	= ftp_line,
	.text	= ftp_text,
	.undo	= ftp_undo,
};

/* Give up what is no talk any more: to read a file costs time and leads to nothing.
 * @len new bytes have come in one packet.
 */
static void ftp_watch_bulk(struct ftp_pass *pass, u32 len)
{
	struct ftp_own *own = ftp_own(pass->s);
	u32 bulk;

	if (pass->ftp->talk) {
		pass->ftp->talk = false;
		own->bulk = 0;
	}
	if (len <= FTP_TALK_MAX) {
		if (len)
			own->bulk = 0;
		return;
	}
	bulk = own->bulk + min_t(u32, len, FTP_BULK_MAX) / FTP_TALK_MAX;
	if (bulk <= FTP_BULK_MAX / FTP_TALK_MAX)
		own->bulk = bulk;
	else
		ftp_stop(pass, pass->dir == IP_CT_DIR_ORIGINAL ?
			       SCAN_WHY_NOT_CLIENT : SCAN_WHY_NOT_SERVER);
}

/* Look for the beginning of TLS in a line that nobody will edit, the end of which
 * may be far.
 */
static void ftp_watch_tls(struct ftp_pass *pass, const struct stream *out)
{
	struct span head = { out->head, out->head_len };
	struct stream_edit edit __uninitialized;

	if (appgw_ftp_is_tls(head))
		ftp_line(pass, head, &edit);
}

/* Take a packet through its stream, whatever it is; one with FIN or RST if it
 * @ends something. The stream was at number @next when it came.
 */
static noinline int ftp_segment(struct ftp_pass *pass, struct tcp_segment *ts,
				struct stream *out, struct stream *back,
				u32 next, bool ends)
{
	struct appgw_session *s = pass->s;
	struct nf_conn *ct = pass->ct;
	unsigned int notes;
	int ret;

	/* Joined in the middle, which may be of anything: a web server can make
	 * conntrack forget the upload of a browser, and then speak first.
	 */
	if (!out->seen && !back->seen)
		ftp_stop(pass, SCAN_WHY_CLIENT_FIRST);

	out->passive = appgw_help_is_passive(pass->policy);
	ret = appgw_tcp_segment_through(ts, out, back, &ftp_stream_user, pass,
					&notes);
	if (unlikely(notes))
		appgw_help_count(nf_ct_net(pass->ct), notes);
	if (!out->off)
		ftp_watch_bulk(pass, out->next - next);
	if (unlikely(out->midline && !out->off))
		ftp_watch_tls(pass, out);
	if (ends && ret == NF_ACCEPT && appgw_tcp_segment_ends(ts, out)) {
		appgw_pinhole_close(s, ct, APPGW_STAT_CLOSED);
		appgw_ftps_leave(nf_ct_net(ct), s);
		/* conntrack knows a real reset; after it nothing counts */
		if (READ_ONCE(ct->proto.tcp.state) == TCP_CONNTRACK_CLOSE)
			pass->ftp->phase = FTP_PHASE_OVER;
	}
	return ret;
}

/* Do what a line of a packet calls for, which is @what, and edit it: what follows, if
 * anything, calls for no edit. @at: its offset in the packet's text.
 */
static noinline void ftp_act_packet(struct ftp_pass *pass, struct tcp_segment *ts,
				    struct stream *out, const struct stream *back,
				    enum ftp_do what,
				    const struct ftp_announcement *ann,
				    enum scan_why why, u32 at)
{
	struct stream_edit edit __uninitialized;
	unsigned int notes;

	if (!ftp_act(pass, what, ann, why, &edit))
		return;
	edit.at += at;
	appgw_tcp_segment_edit_line(ts, out, back, &edit, &ftp_stream_user,
				    pass, &notes);
	if (notes)
		appgw_help_count(nf_ct_net(pass->ct), notes);
}

/* Tell if a line that others follow in its packet may be edited: then stream.c has to
 * see to it. Clients say one at a time.
 */
static inline bool ftp_may_edit(const struct ftp_pass *pass, struct span line)
{
	return pass->dir == IP_CT_DIR_ORIGINAL ||
	       (line.at[0] == '2' && line.len > 1 && line.at[1] == '2');
}

/* Take in the lines of @text that the packet ends with, of which it holds nothing else.
 * @at: offset of @text in the packet's. False if stream.c has to see to what is left of it
 * then.
 */
static bool ftp_lines(struct ftp_pass *pass, struct tcp_segment *ts,
		      struct stream *out, const struct stream *back,
		      struct span rest, u32 at)
{
	struct ftp_announcement ann __uninitialized;
	const u8 *start = rest.at - at;
	unsigned int lines = 0;
	struct ftp_talk talk;
	struct span line;
	enum scan_why why;
	enum ftp_do what;

	do {
		line = (struct span){ rest.at, span_line_len(rest) };
		if (!line.len ||
		    (line.len < rest.len && ftp_may_edit(pass, line)))
			break;
		span_skip(&rest, line.len);
		stream_plain_lines(out, line.len);
		lines++;
		what = ftp_read(pass, line, &ann, &why);
		if (unlikely(what != FTP_DO_NOTHING))
			ftp_act_packet(pass, ts, out, back, what, &ann, why,
				       line.at - start);
		ftp_end_line(pass);
		if (!rest.len)
			break;
		if (out->off) {
			stream_plain_lines(out, rest.len);
			rest.len = 0;
			break;
		}
		if (pass->dir == IP_CT_DIR_REPLY) {
			talk = appgw_ftp_talk_reply(pass->ftp, rest);
			span_skip(&rest, talk.len);
			stream_plain_lines(out, talk.len);
			lines += talk.lines;
		}
	} while (rest.len);
	appgw_stat_lines(nf_ct_net(pass->ct), lines);
	return !rest.len;
}

/**
 * appgw_ftp_read_lines() - take in lines of a packet, which holds nothing else
 * @s: session, locked; stream_is_plain() of what the packet begins with
 * @skb: the packet
 * @protoff: offset of its TCP header
 * @left: bytes of its text that are left, the last ones
 *
 * Return: false if stream.c has to see to what is left then
 */
bool appgw_ftp_read_lines(struct appgw_session *s, struct sk_buff *skb,
			  unsigned int protoff, u32 left)
{
	struct tcp_segment ts __uninitialized;
	struct ftp_pass pass __uninitialized;
	struct stream *out, *back;
	struct span rest;
	u32 len;

	pass.s = s;
	pass.ftp = &ftp_state(s)->session;
	pass.ct = nf_ct_get(skb, &ts.ctinfo);
	pass.dir = CTINFO2DIR(ts.ctinfo);
	pass.policy = appgw_policy(nf_ct_net(pass.ct));
	out = &s->stream[pass.dir];
	back = &s->stream[!pass.dir];
	if (!pass.policy || !seqmap_room(&out->map, out->acked))
		return false;
	pass.ftp->any_time = !pass.policy->login;
	ts.skb = skb;
	ts.ct = pass.ct;
	ts.protoff = protoff;
	ts.dataoff = protoff + tcp_segment_header(&ts)->doff * 4;
	len = skb->len - ts.dataoff;
	rest.at = tcp_segment_payload(skb, ts.dataoff) + (len - left);
	rest.len = left;
	if (left && !ftp_lines(&pass, &ts, out, back, rest, len - left))
		return false;
	if (likely(len <= FTP_TALK_MAX))
		ftp_own(s)->bulk = 0;
	else
		ftp_watch_bulk(&pass, len);
	return true;
}

/**
 * appgw_ftp_help() - take a packet through, whatever it is
 * @skb: packet
 * @protoff: offset of its TCP header
 * @ct: its connection
 * @ctinfo: its relation to that
 * @taken: bytes of lines in it that have been read
 *
 * Return: NF_ACCEPT or NF_DROP
 */
int appgw_ftp_help(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		   enum ip_conntrack_info ctinfo, u32 taken)
{
	struct tcp_segment ts __uninitialized;
	struct help_pass begin __uninitialized;
	struct ftp_pass pass __uninitialized;
	struct stream *out, *back;
	struct appgw_session *s;
	int ret = NF_ACCEPT;

	if (!appgw_help_begin(skb, protoff, ct, ctinfo, &begin))
		return NF_ACCEPT;
	s = begin.s;
	pass.s = s;
	pass.ftp = &ftp_state(s)->session;
	pass.ct = ct;
	pass.dir = begin.dir;
	pass.policy = begin.policy;
	appgw_help_segment(&ts, skb, protoff, ct, ctinfo, &begin);

	spin_lock_bh(&s->lock);
	if (READ_ONCE(s->bar)) {
		spin_unlock_bh(&s->lock);
		return NF_DROP;
	}
	out = &s->stream[pass.dir];
	back = &s->stream[!pass.dir];
	pass.ftp->any_time = !pass.policy->login;
	if (!appgw_packet_is_seen(skb))
		ret = ftp_segment(&pass, &ts, out, back, out->next - taken,
				  begin.ends);
	spin_unlock_bh(&s->lock);
	return ret;
}
