// SPDX-License-Identifier: GPL-2.0-only
/* RTSP: a row of the table of protocols, and what the conversation means for the
 * pinholes of media, beside what the daemon plans. They are a session's from the
 * reply to SETUP on, live as long as it is spoken of, and are closed by TEARDOWN
 * (RFC 2326 sections 10.4, 10.7 and 12.37).
 */

#include <linux/module.h>

#include "gate/gate.h"
#include "gate/plan.h"
#include "helper/help.h"
#include "pinhole/media.h"
#include "rows.h"
#include "rtsp_scan.h"

APPGW_HELPER_PORTS(rtsp_ports, rtsp_ports,
		   "TCP ports of RTSP servers (default 554,8554)",
		   { 2, { { 554, 554 }, { 8554, 8554 } } });

/* Collect what plans for the header at number @seq say about the source. */
static void rtsp_source(struct gate_pass *pass, u32 seq)
{
	struct gate_flow *flow = pass->flow;
	const struct gate_plan *plan;
	int i;

	list_for_each_entry(plan, &flow->plans, node) {
		if (plan->dir != pass->dir || !plan->says_source ||
		    seq_before(plan->mark, seq) ||
		    !seq_before(plan->mark, pass->line_end))
			continue;
		if (plan->source.af != APPGW_AF_NONE) {
			flow->source.af = plan->source.af;
			memcpy(flow->source.addr, plan->source.addr,
			       sizeof(flow->source.addr));
		}
		for (i = 0; plan->source.port && i < plan->ports; i++)
			flow->source_port[plan->index ^ i] =
				plan->source.port + i;
	}
}

static void rtsp_request(struct gate_pass *pass, const struct rtsp_said *said)
{
	struct appgw_session *s = pass->flow->s;
	struct net *net = nf_ct_net(pass->ct);

	if (said->method == RTSP_METHOD_SETUP)
		appgw_media_asked(s, net, said->request, pass->line_end);
	if (!said->session)
		return;
	if (said->method == RTSP_METHOD_TEARDOWN)
		appgw_media_close(s, pass->ct, said->session,
				  APPGW_STAT_CLOSED);
	else
		appgw_media_alive(s, pass->ct, said->session);
}

static void rtsp_reply(struct gate_pass *pass, const struct rtsp_said *said)
{
	const struct endpoint *source = &pass->flow->source;
	struct appgw_session *s = pass->flow->s;
	struct nf_conn *ct = pass->ct;
	struct media_agreement agreed = {
		.upto		= pass->line_end,
		.request	= said->request,
		.session	= said->session,
		.timeout_s	= said->timeout,
	};

	if (pass->policy->media_source == APPGW_MEDIA_SOURCE_PORT)
		memcpy(agreed.source_port, pass->flow->source_port,
		       sizeof(agreed.source_port));
	if (said->session)
		appgw_media_alive(s, ct, said->session);
	if (said->method != RTSP_METHOD_SETUP)
		return;
	if (said->status / 100 != 2) {
		appgw_media_refused(s, ct, said->request, APPGW_STAT_REJECTED);
		return;
	}
	/* it comes in the connection itself */
	if (said->tcp) {
		appgw_media_refused(s, ct, said->request, APPGW_STAT_CLOSED);
		return;
	}
	/* its own address is seen by the client as another one */
	if (source->af == appgw_af(nf_ct_l3num(ct)) &&
	    memchr_inv(source->addr, 0, sizeof(source->addr)) &&
	    !appgw_help_is_own(ct, IP_CT_DIR_REPLY, source)) {
		agreed.has_source = true;
		memcpy(&agreed.source, source->addr, sizeof(agreed.source));
	}
	appgw_media_agreed(s, ct, &agreed);
}

/* Act on a line that has been taken in. */
static void rtsp_said(struct gate_pass *pass, struct span rest, u32 seq)
{
	struct gate_flow *flow = pass->flow;
	struct rtsp_said said;

	if (!list_empty(&flow->plans))
		rtsp_source(pass, seq);
	if (!appgw_rtsp_said(flow->scan, gate_from_client(pass), &said))
		return;
	if (gate_from_client(pass) && !said.reply)
		rtsp_request(pass, &said);
	if (gate_from_client(pass) || !said.reply)
		return;
	rtsp_reply(pass, &said);
	memset(&flow->source, 0, sizeof(flow->source));
	memset(flow->source_port, 0, sizeof(flow->source_port));
	if (appgw_rtsp_is_settled(flow->scan))
		appgw_gate_stop(flow, pass->ct, APPGW_STAT_RELEASED);
}

const struct gate_proto appgw_rtsp = {
	.helper = {
		.name		= "rtsp",
		.transports	= APPGW_OVER_TCP,
		.expect = {
			/* those that are ended are still counted for a while */
			.max_expected	= APPGW_PINHOLES_MAX_MEDIA * 4,
			.timeout	= APPGW_MEDIA_TIMEOUT_S,
		},
		.ports		= &rtsp_ports,
		.help		= appgw_gate_help,
		.is_wanted	= appgw_gate_is_wanted,
		.session	= &appgw_gate_session_ops,
	},
	.number		= APPGW_PROTOCOL_rtsp,
	.state_size	= sizeof(struct rtsp_session),
	.hold_max	= STREAM_HOLD_MAX,
	.pinholes = {
		.media		= true,
		.pairs		= true,
		.timeout_s	= APPGW_MEDIA_SESSION_S + APPGW_MEDIA_LATE_S,
		.public		= APPGW_PORTS_MEDIA,
	},
	.scan = {
		.read	= appgw_rtsp_read,
		.feed	= appgw_rtsp_feed,
	},
	.plan = {
		.said	= rtsp_said,
	},
};

static_assert(sizeof(struct rtsp_session) <= GATE_STATE_MAX);
