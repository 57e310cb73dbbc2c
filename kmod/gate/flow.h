/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_FLOW_H
#define APPGW_GATE_FLOW_H

#include <linux/rhashtable-types.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "appgw/endpoint.h"
#include "appgw/protocol.h"
#include "core/stats.h"
#include "helper/session.h"
#include "listener.h"
#include "pinhole/pinhole.h"
#include "proto.h"

/* Plans of a connection that have not been acknowledged */
#define GATE_PLANS_MAX		32

/* How often a line that the daemon has yet to see may be made to come again */
#define GATE_RECALLS_MAX	3

/**
 * struct gate_key - a connection as its packets name it in the queue
 * @net: its namespace
 * @addr: the client's own address, and the server's
 * @port: the ports, network byte order
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 * @protonum: transport
 */
struct gate_key {
	const struct net *net;
	union nf_inet_addr addr[IP_CT_DIR_MAX];
	__be16 port[IP_CT_DIR_MAX];
	u16 l3num;
	u16 protonum;
};

/**
 * struct gate_side - one direction, as far as the daemon is concerned
 * @queued: end of what has been queued, sender's number
 * @ahead: where the conversation will be then, but for @tail
 * @tail: start of a line that ends what has been queued, in memory for as many
 *	bytes as may be kept back; NULL if there is none
 * @tail_len: its bytes
 * @queuing: @queued, @ahead and @tail are valid
 * @marks: entries of @mark in use
 * @has_refused: @refused is valid
 * @refused: sender's number of the last announcement that was refused
 * @recalls: times that the line which comes next had to come again
 * @talk: gate_talk() of the segment that was taken in as talk last, until it has
 *	left; 0 if none was. Not guarded by the session's lock
 * @mark: sender's number of announcements that the daemon may plan for
 * @note: scan_unit.note of each
 */
struct gate_side {
	u32 queued;
	bool queuing;
	bool has_refused;
	u8 marks;
	u8 recalls;
	atomic64_t talk;
	u32 refused;
	u32 mark[GATE_MARKS_MAX];
	u32 note[GATE_MARKS_MAX];
	u16 tail_len;
	u8 *tail;
	void *ahead;
};

/**
 * struct gate_flow - a connection of one of the daemon's protocols
 * @node: place in the table
 * @key: by which it is found there
 * @s: its session
 * @tuple: by which conntrack finds it
 * @zone: likewise
 * @proto: its protocol
 * @listener: where the daemon that answers for it is to be found
 * @listed: it is in the table
 * @stopped: why it isn't read any more; valid if @off
 * @off: it isn't read any more
 * @scan: the conversation
 * @extra: what the protocol needs beside
 * @source: address that media comes from, as the reply under way has said so far,
 *	if it has
 * @source_port: ports likewise, RTP's and RTCP's; 0 if it hasn't said
 * @side: both directions
 * @plans: what the daemon wants done, in order of their numbers a direction
 * @plan_count: how many
 * @plan_id: the last one's
 *
 * Belongs to its session, whose lock guards the fields from @stopped on; freed
 * with it by RCU. @scan, those of @side and @extra are behind it in memory, as
 * large as the protocol needs them.
 */
struct gate_flow {
	struct rhash_head node;
	struct gate_key key;
	struct appgw_session *s;
	struct nf_conntrack_tuple tuple;
	struct nf_conntrack_zone zone;
	const struct gate_proto *proto;
	struct appgw_listener __rcu **listener;
	bool listed;
	enum appgw_stat stopped;
	bool off;
	void *scan;
	void *extra;
	struct endpoint source;
	u16 source_port[APPGW_PINHOLE_PORTS_MAX];
	struct gate_side side[IP_CT_DIR_MAX];
	struct list_head plans;
	unsigned int plan_count;
	u32 plan_id;
};

struct gate_plan;

/**
 * struct gate_pass - a packet's way through the gate
 * @flow: its connection's
 * @ct: the connection
 * @policy: its namespace's
 * @dir: direction the packet travels in
 * @unit: what was read last, which may have no end yet
 * @ahead: the conversation behind it, if it has one
 * @is_level: @ahead is the flow's conversation, since a unit was taken in last
 * @is_verified: the plans for the unit were compared with its bytes
 * @line_end: sender's number behind the line that was taken in last
 * @note: of the announcement that is planned for
 * @plan: the one whose edit is being made
 */
struct gate_pass {
	struct gate_flow *flow;
	struct nf_conn *ct;
	const struct appgw_policy *policy;
	enum ip_conntrack_dir dir;
	struct scan_unit unit;
	u8 ahead[GATE_STATE_MAX] __aligned(8);
	bool is_level;
	bool is_verified;
	u32 line_end;
	u32 note;
	struct gate_plan *plan;
};

/* Tell if a session is of one of the daemon's protocols: their rows are the first
 * ones of the table.
 */
static inline bool gate_has_flow(const struct appgw_session *s)
{
	return s->helper < APPGW_PROTOCOLS_COUNT;
}

/* Find the flow of a session that has one. */
static inline struct gate_flow *gate_flow_of(const struct appgw_session *s)
{
	return (struct gate_flow *)READ_ONCE(s->state[0]);
}

/* The daemon that answers for a connection; NULL if there is none. Call under
 * rcu_read_lock().
 */
static inline const struct appgw_listener *
gate_flow_listener(const struct gate_flow *flow)
{
	return rcu_dereference(*flow->listener);
}

static inline bool gate_from_client(const struct gate_pass *pass)
{
	return pass->dir == IP_CT_DIR_ORIGINAL;
}

/* Tell if it is a flow of datagrams itself. */
static inline bool gate_is_datagrams(const struct gate_flow *flow)
{
	return flow->key.protonum == IPPROTO_UDP;
}

/* Tell if a connection's announcements are about datagrams between its two ends. */
static inline bool gate_is_media(const struct gate_flow *flow)
{
	return flow->proto->pinholes.media;
}

void appgw_gate_flow_list(struct gate_flow *flow);
void appgw_gate_flow_unlist(struct gate_flow *flow);
void appgw_gate_side_idle(struct gate_side *side);
void appgw_gate_stop(struct gate_flow *flow, const struct nf_conn *ct,
		     enum appgw_stat reason);
void appgw_gate_why(struct gate_pass *pass, enum scan_why why);
struct gate_flow *appgw_gate_flow_get(const struct gate_key *key,
				      enum ip_conntrack_dir *dir,
				      struct nf_conn **ct);
int appgw_gate_release(const struct gate_key *key);

int appgw_gate_flow_init(void);
void appgw_gate_flow_exit(void);

#endif /* APPGW_GATE_FLOW_H */
