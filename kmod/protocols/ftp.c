// SPDX-License-Identifier: GPL-2.0-only
/* The FTP helper: read each line, open pinholes, rewrite announcements.
 *
 * Called by conntrack for every packet of a control connection after filtering
 * and address translation, so sequence numbers are the sender's own here, and
 * addresses the ones the receiver will see. Most packets are talk, which ftp_talk.c
 * tells, and whose numbers are all that may have to be changed; ftplines.c does the rest.
 */

#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "core/net.h"
#include "core/stats.h"
#include "ftp.h"
#include "ftp_state.h"
#include "ftp_talk.h"
#include "ftplines.h"
#include "ftps.h"
#include "helper/help.h"
#include "helper/session.h"
#include "pinhole/pinhole.h"
#include "stream/tcp_segment.h"

APPGW_HELPER_PORTS(ftp_ports, ports,
		   "TCP ports of FTP servers, up to 9 (default 21)",
		   { 1, { { 21, 21 } } });

/* Take in @text, the lines that a packet holds. Return how many bytes of them are to be read
 * more closely, or that they have no end.
 */
static __always_inline size_t ftp_talk(struct appgw_session *s, struct stream *out,
				       struct span text)
{
	struct ftp_session *fs = &ftp_state(s)->session;
	struct ftp_talk talk = { 0, 0 };

	if (out == &s->stream[IP_CT_DIR_REPLY]) {
		talk = appgw_ftp_talk_reply(fs, text);
	} else if (appgw_ftp_talk_command(fs, text)) {
		talk.len = text.len;
		talk.lines = 1;
	}
	if (unlikely(!talk.len))
		return text.len;
	stream_plain_lines(out, talk.len);
	appgw_stat_lines(nf_ct_net(s->ct), talk.lines);
	return text.len - talk.len;
}

/* Take a packet through if it holds nothing but whole lines that come next, or no text at
 * all, as most do. False if stream.c has to see to it, or to the rest of it: @taken is set
 * to how many bytes have been read.
 */
static __always_inline bool ftp_lightly(struct appgw_session *s, struct sk_buff *skb,
					unsigned int protoff, unsigned int dataoff,
					struct stream *out, struct stream *back,
					struct span text, u32 *taken)
{
	size_t rest = 0;
	s32 shift;

	if (!text.len) {
		if (!tcp_segment_is_ack(skb, protoff, dataoff, out, back))
			return false;
	} else if (!stream_is_plain(out, help_seq(skb, protoff)) ||
		   !tcp_segment_is_settled(skb, protoff, dataoff, out, back)) {
		return false;
	}
	if (text.len)
		rest = ftp_talk(s, out, text);
	/* without an edit of its own */
	shift = out->map.shift;
	if (likely(!rest && text.len <= FTP_TALK_MAX)) {
		if (text.len)
			ftp_own(s)->bulk = 0;
	} else if (!appgw_ftp_read_lines(s, skb, protoff, rest)) {
		*taken = out->next - help_seq(skb, protoff);
		return false;
	}
	tcp_segment_renumber(skb, protoff, shift, back);
	return true;
}

static int ftp_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	enum ip_conntrack_dir dir = CTINFO2DIR(ctinfo);
	struct stream *out, *back;
	struct appgw_session *s;
	unsigned int dataoff;
	struct span text;
	u32 taken = 0;
	bool done;

	s = appgw_help_plain(skb, protoff, ct, ctinfo, &dataoff);
	if (unlikely(!s))
		goto closely;
	out = &s->stream[dir];
	back = &s->stream[!dir];
	/* the compiler would find each field of them by @dir again */
	OPTIMIZER_HIDE_VAR(out);
	OPTIMIZER_HIDE_VAR(back);
	text.len = skb->len - dataoff;
	if (!text.len || out->off) {
		if (help_is_idle(skb, protoff, s, out, back))
			return NF_ACCEPT;
	} else {
		text.at = tcp_segment_payload(skb, dataoff);
		if (unlikely(!text.at))
			goto closely;
	}
	spin_lock_bh(&s->lock);
	done = !READ_ONCE(s->bar) &&
	       ftp_lightly(s, skb, protoff, dataoff, out, back, text, &taken);
	spin_unlock_bh(&s->lock);
	if (likely(done))
		return NF_ACCEPT;
closely:
	return appgw_ftp_help(skb, protoff, ct, ctinfo, taken);
}

/* Begin a conversation: the session is zero, which is how. */
static int ftp_begin(struct appgw_session *s)
{
	BUILD_BUG_ON(sizeof(struct ftp_state) > SESSION_STATE_MAX);
	BUILD_BUG_ON(sizeof(struct ftp_own) > sizeof(s->own));

	return 0;
}

static void ftp_strip(const struct net *net, struct appgw_session *s)
{
	appgw_pinhole_forget(net, s, APPGW_STAT_CLOSED);
	appgw_ftps_leave(net, s);
}

static void ftp_close(struct appgw_session *s, struct nf_conn *ct)
{
	appgw_pinhole_close(s, ct, APPGW_STAT_CLOSED);
}

static const struct appgw_session_ops ftp_session_ops = {
	.begin		= ftp_begin,
	.strip		= ftp_strip,
	.close		= ftp_close,
	.stopped	= appgw_ftp_stopped,
};

/* The row of FTP, which needs no daemon */
const struct appgw_helper appgw_ftp = {
	.name		= "ftp",
	.transports	= APPGW_OVER_TCP,
	.expect = {
		.max_expected	= APPGW_PINHOLES_MAX,
		.timeout	= APPGW_PINHOLE_TIMEOUT_S,
	},
	.ports		= &ftp_ports,
	.help		= ftp_help,
	.policy_changed	= appgw_ftps_policy,
	.session	= &ftp_session_ops,
};

