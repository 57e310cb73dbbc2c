// SPDX-License-Identifier: GPL-2.0-only
/* Sun RPC: a row of the table of protocols. Who asks a portmapper (RFC 1833) for a
 * program's port may use it: which programs, which ports and for how long is decided
 * here.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/sysfs.h>

#include "core/event.h"
#include "gate/datagram.h"
#include "gate/gate.h"
#include "gate/plan.h"
#include "gate/request.h"
#include "helper/help.h"
#include "pinhole/pinhole.h"
#include "rows.h"
#include "record_edits.h"
#include "rpc_scan.h"

/* A portmapper's port, wherever else some may be */
#define RPC_PORT		111

APPGW_HELPER_PORTS(rpc_ports, rpc_ports,
		   "TCP and UDP ports of portmappers (default 111)",
		   { 1, { { RPC_PORT, RPC_PORT } } });

/* The portmapper itself, for which there is nothing to be opened; and those that call
 * back: of locks, and of restarts after which locks are to be had again
 */
#define RPC_PROGRAM_PORTMAP	100000
#define RPC_PROGRAM_NLOCKMGR	100021
#define RPC_PROGRAM_STATUS	100024

/* Older systems have their servers in privileged ports, but not below this one, up to
 * which services are.
 */
#define RPC_PORT_MIN		512

/* Services between RPC_PORT_MIN and APPGW_PORT_MIN that are none of RPC's: exec, login,
 * shell, printer, klogin, kshell, submission, ipp, ldaps, rsync and those over TLS
 */
static const struct appgw_ports rpc_services[] = {
	{ 512, 515 }, { 543, 544 }, { 587, 587 }, { 631, 631 }, { 636, 636 },
	{ 853, 853 }, { 873, 873 }, { 989, 995 },
};

static int rpc_program_add(void *ctx, char *word)
{
	struct appgw_policy *policy = ctx;

	if (policy->program_count == APPGW_PROGRAMS_MAX)
		return -ENOSPC;
	if (kstrtou32(word, 10, &policy->programs[policy->program_count]))
		return -EINVAL;
	policy->program_count++;
	return 0;
}

static int rpc_programs_set(const char *val, const struct kernel_param *kp)
{
	int ret;

	appgw_policy_initial.program_count = 0;
	ret = appgw_param_words(val, APPGW_PARAM_NONE, rpc_program_add,
				&appgw_policy_initial);
	if (ret == -ENOSPC || ret == -EINVAL)
		pr_err("%s: '%s' is not a list of up to %d numbers of programs, nor none\n",
		       kp->name, val ? val : "", APPGW_PROGRAMS_MAX);
	return ret;
}

static int rpc_programs_get(char *buf, const struct kernel_param *kp)
{
	const struct appgw_policy *policy = &appgw_policy_initial;
	unsigned int i;
	int n = 0;

	if (!policy->program_count)
		n += sysfs_emit_at(buf, n, APPGW_PARAM_NONE);
	for (i = 0; i < policy->program_count; i++)
		n += sysfs_emit_at(buf, n, "%s%u", i ? "," : "",
				   policy->programs[i]);
	return n + sysfs_emit_at(buf, n, "\n");
}

static const struct kernel_param_ops rpc_programs_ops = {
	.set = rpc_programs_set,
	.get = rpc_programs_get,
};

static int rpc_timeout_set(const char *val, const struct kernel_param *kp)
{
	u32 s;

	if (!val || kstrtou32(val, 10, &s) || !s ||
	    s > APPGW_PROGRAM_TIMEOUT_MAX) {
		pr_err("%s: '%s' is not a number of seconds from 1 to %d\n",
		       kp->name, val ? val : "", APPGW_PROGRAM_TIMEOUT_MAX);
		return -EINVAL;
	}
	*(u32 *)kp->arg = s;
	return 0;
}

static const struct kernel_param_ops rpc_timeout_ops = {
	.set = rpc_timeout_set,
	.get = param_get_uint,
};

static const char * const rpc_calls_words[__APPGW_RPC_CALLS_MAX] = {
	[APPGW_RPC_CALLS_PASS] = "pass",
	[APPGW_RPC_CALLS_DROP] = "drop",
};

static struct appgw_param_names rpc_calls = {
	rpc_calls_words, __APPGW_RPC_CALLS_MAX, &appgw_policy_initial.calls,
	"neither pass nor drop",
};

module_param_cb(rpc_programs, &rpc_programs_ops, NULL, 0400);
MODULE_PARM_DESC(rpc_programs,
		 "number,...: programs of Sun RPC whose ports are opened (default those of NFS version 3)");
module_param_cb(rpc_timeout, &rpc_timeout_ops,
		&appgw_policy_initial.program_timeout_s, 0400);
MODULE_PARM_DESC(rpc_timeout,
		 "seconds for which a program's port stays open that nobody uses (default 600)");
module_param_cb(rpc_calls, &appgw_param_name_ops, &rpc_calls, 0400);
MODULE_PARM_DESC(rpc_calls,
		 "pass or drop: what has a portmapper register, or call others (default pass)");

module_param_cb(rpc_callbacks, &appgw_param_bool_ops,
		&appgw_policy_initial.callbacks, 0400);
MODULE_PARM_DESC(rpc_callbacks,
		 "1: servers of locks may ask their clients' portmappers (default 0)");

static bool rpc_is_listed(const struct appgw_policy *policy, u32 program)
{
	unsigned int i;

	for (i = 0; i < policy->program_count; i++)
		if (policy->programs[i] == program)
			return true;
	return false;
}

/* Tell if a program may have a port. */
static bool rpc_is_port(u16 port)
{
	unsigned int i;

	if (port >= APPGW_PORT_MIN)
		return true;
	for (i = 0; i < ARRAY_SIZE(rpc_services); i++)
		if (appgw_ports_have(&rpc_services[i], port))
			return false;
	return port >= RPC_PORT_MIN;
}

static bool rpc_calls_back(u32 program)
{
	return program == RPC_PROGRAM_NLOCKMGR || program == RPC_PROGRAM_STATUS;
}

/* Tell if it was expected: if it is a server that asks. */
static bool rpc_is_callback(const struct gate_pass *pass)
{
	return pass->ct->master;
}

/* May the port be opened that a portmapper has named? See struct gate_plan_ops. */
static enum appgw_stat rpc_check(const struct gate_pass *pass,
				 const struct gate_request *req,
				 struct pinhole_request *hole)
{
	struct gate_flow *flow = pass->flow;
	const struct rpc_call *call;

	call = gate_from_client(pass) ? NULL :
	       appgw_rpc_call(flow->scan, pass->note);
	if (!call)
		return APPGW_STAT_REFUSED_UNSOLICITED;
	if (call->program == RPC_PROGRAM_PORTMAP)
		return APPGW_STAT_MAX;
	if (!rpc_is_listed(pass->policy, call->program) ||
	    (rpc_is_callback(pass) && !rpc_calls_back(call->program)))
		return APPGW_STAT_REFUSED_PROGRAM;
	if (!rpc_is_port(req->end.port))
		return APPGW_STAT_REFUSED_PRIVILEGED;
	hole->protonum = req->protonum ?: call->protonum ?:
			 nf_ct_protonum(pass->ct);
	if (!appgw_rpc_answer(flow->scan, call->xid,
			      hole->protonum == IPPROTO_UDP, req->end.port))
		return APPGW_STAT_REFUSED_UNSOLICITED;
	hole->timeout_s = pass->policy->program_timeout_s;
	/* in the place of those from servers that are behind NAT for FTP */
	hole->ports = (struct appgw_ports){ APPGW_PORT_MIN, APPGW_PORT_MAX };
	if (pass->policy->callbacks && !rpc_is_callback(pass) &&
	    rpc_calls_back(call->program))
		hole->in_return = RPC_PORT;
	return 0;
}

/* Let the server ask its client's portmapper, by one transport. @hole is the port of the
 * server's own in return for which it may.
 */
static void rpc_open_return(const struct gate_pass *pass,
			    const struct pinhole_request *hole, u8 protonum)
{
	struct nf_conn *ct = pass->ct;
	struct appgw_event event = { .type = APPGW_EVENT_REFUSED };
	struct endpoint announced;
	struct pinhole_request back = {
		.ct		= ct,
		.policy		= pass->policy,
		.dir		= IP_CT_DIR_ORIGINAL,
		.beside		= true,
		.lasting	= true,
		.control	= true,
		.protonum	= protonum,
		.ports		= { hole->in_return, hole->in_return },
		.daddr		= appgw_help_public(ct, IP_CT_DIR_ORIGINAL),
		.port		= hole->in_return,
		.count		= 1,
		.announced	= &announced,
		.kind		= "callback",
		.mark		= hole->mark,
		.timeout_s	= hole->timeout_s,
	};
	int ret;

	appgw_endpoint(&announced, nf_ct_l3num(ct),
		       &ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.src.u3,
		       hole->in_return);
	ret = appgw_pinhole_open(pass->flow->s, &back);
	if (ret >= 0)
		return;
	event.reason = appgw_pinhole_why(ret);
	event.kind = back.kind;
	event.announced = announced;
	event.has_announced = true;
	appgw_refuse(ct, &event);
}

static void rpc_opened(const struct gate_pass *pass,
		       const struct pinhole_request *hole)
{
	if (!hole->in_return)
		return;
	rpc_open_return(pass, hole, IPPROTO_UDP);
	rpc_open_return(pass, hole, IPPROTO_TCP);
}

static bool rpc_is_dropped(const struct appgw_policy *policy, enum scan_why why)
{
	return why == SCAN_WHY_FORBIDDEN &&
	       policy->calls == APPGW_RPC_CALLS_DROP;
}

static int rpc_help(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo)
{
	if (nf_ct_protonum(ct) == IPPROTO_UDP)
		return appgw_datagram_help(skb, protoff, ct, ctinfo);
	return appgw_gate_help(skb, protoff, ct, ctinfo);
}

const struct gate_proto appgw_rpc = {
	.helper = {
		.name		= "rpc",
		.transports	= APPGW_OVER_TCP | APPGW_OVER_UDP,
		.expect = {
			/* those that are ended are still counted for a while */
			.max_expected	= APPGW_PINHOLES_MAX_LASTING * 2,
			.timeout	= APPGW_LASTING_EXPECT_S,
		},
		.ports		= &rpc_ports,
		.help		= rpc_help,
		.is_wanted	= appgw_gate_is_wanted,
		.session	= &appgw_gate_session_ops,
	},
	.number		= APPGW_PROTOCOL_rpc,
	.state_size	= sizeof(struct rpc_session),
	.hold_max	= RPC_HOLD_MAX,
	.all_or_nothing	= true,
	.pinholes = {
		.lasting	= true,
		.low		= true,
		.readdress	= true,
		.public		= APPGW_PORTS_ANY,
	},
	.scan = {
		.read	= appgw_rpc_read,
		.read_datagram = appgw_rpc_read_datagram,
		.feed	= appgw_rpc_feed,
	},
	.plan = {
		.check	= rpc_check,
		.opened	= rpc_opened,
		.is_dropped = rpc_is_dropped,
		.settle	= appgw_rpc_settle,
	},
};

static_assert(sizeof(struct rpc_session) <= GATE_STATE_MAX);
static_assert(sizeof(struct rpc_call) <= SESSION_EARLY_MAX);
static_assert(offsetof(struct rpc_session, call) == 0);
