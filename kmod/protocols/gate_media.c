// SPDX-License-Identifier: GPL-2.0-only
/* RTSP and PNA: what the conversation means for the pinholes of media, beside
 * what the daemon plans. In RTSP they are a session's from the reply to SETUP
 * on, live as long as it is spoken of, and are closed by TEARDOWN (RFC 2326
 * sections 10.4, 10.7 and 12.37). In PNA they live with the connection.
 */

#include <net/netfilter/nf_conntrack.h>

#include "core/policy.h"
#include "gate/plan.h"
#include "helper/session.h"
#include "pinhole/pinhole.h"

/* Collects what plans for the header at number @seq say about the source. */
static void media_source(struct gate_pass *pass, u32 seq)
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

static void media_request(struct gate_pass *pass, const struct rtsp_said *said)
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

static void media_reply(struct gate_pass *pass, const struct rtsp_said *said)
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

/**
 * appgw_gate_media() - a line of RTSP has been taken in
 * @pass: its packet's way; @line_end is set
 * @seq: sender's number of the line
 */
void appgw_gate_media(struct gate_pass *pass, u32 seq)
{
	struct gate_flow *flow = pass->flow;
	struct rtsp_said said;

	if (!list_empty(&flow->plans))
		media_source(pass, seq);
	if (!appgw_rtsp_said(&flow->scan->rtsp, plan_from_client(pass), &said))
		return;
	if (plan_from_client(pass) && !said.reply)
		media_request(pass, &said);
	if (plan_from_client(pass) || !said.reply)
		return;
	media_reply(pass, &said);
	memset(&flow->source, 0, sizeof(flow->source));
	memset(flow->source_port, 0, sizeof(flow->source_port));
	if (appgw_rtsp_is_settled(&flow->scan->rtsp))
		appgw_gate_why(pass, APPGW_STAT_RELEASED);
}

/**
 * appgw_gate_pna() - a unit of PNA has been taken in
 * @pass: its packet's way; @line_end is set
 *
 * A connection is a session, of which no more is said: the client has asked when
 * its hello ends, and the server's reply agrees to it.
 */
void appgw_gate_pna(struct gate_pass *pass)
{
	const struct pna_session *pna = &pass->flow->scan->pna;
	struct appgw_session *s = pass->flow->s;
	struct media_agreement agreed = {
		.upto		= pass->line_end,
		.timeout_s	= APPGW_MEDIA_TIMEOUT_S,
	};

	if (plan_from_client(pass) && pna_is_asked(pna))
		appgw_media_asked(s, nf_ct_net(pass->ct), 0, pass->line_end);
	else if (!plan_from_client(pass) && pna_is_answered(pna))
		appgw_media_agreed(s, pass->ct, &agreed);
}
