/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_GATE_H
#define APPGW_GATE_H

#include <linux/rhashtable-types.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "appgw/endpoint.h"
#include "pinhole/pinhole.h"
#include "scan.h"
#include "stream/stream.h"
#include "uapi/linux/nf_appgw.h"

struct appgw_listener;
struct appgw_session;
struct netlink_ext_ack;

/* Plans of a connection that have not been acknowledged. */
#define GATE_PLANS_MAX		32

/* How often a line that the daemon has yet to see may be made to come again. */
#define GATE_RECALLS_MAX	3

/**
 * struct gate_key - a connection as its packets name it in the queue
 * @net: its namespace
 * @addr: the client's own address, and the server's
 * @port: the ports, network byte order
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6
 */
struct gate_key {
	const struct net *net;
	union nf_inet_addr addr[IP_CT_DIR_MAX];
	__be16 port[IP_CT_DIR_MAX];
	u32 l3num;
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
	u16 tail_len;
	u8 *tail;
	union gate_scan *ahead;
};

/* P2P messages of MSN that may be remembered to have changed their size. */
#define GATE_GROWN_MAX		8

/**
 * struct gate_grown - a P2P message that has changed its size
 * @id: its identifier
 * @growth: by how many bytes it has become longer; 0 if the entry is free
 * @dir: direction in which it went
 */
struct gate_grown {
	u32 id;
	s16 growth;
	u8 dir;
};

/**
 * struct gate_msn - what is kept about a connection of MSN beside the scanner's
 * @grown: what its acknowledgement will have to be told by
 * @next: the entry that is used next
 */
struct gate_msn {
	struct gate_grown grown[GATE_GROWN_MAX];
	u8 next;
};

/**
 * struct gate_flow - a connection of one of the daemon's protocols
 * @node: place in the table
 * @key: by which it is found there
 * @s: its session
 * @tuple: by which conntrack finds it
 * @zone: likewise
 * @proto: enum gate_proto
 * @listener: where the daemon that answers for it is to be found
 * @listed: it is in the table
 * @stopped: why it isn't read any more; valid if @off
 * @off: it isn't read any more
 * @scan: the conversation
 * @msn: what MSN needs beside; NULL for others
 * @source: address that media comes from, as the reply under way has said so far,
 *	if it has
 * @source_port: ports likewise, RTP's and RTCP's; 0 if it hasn't said
 * @side: both directions
 * @plans: what the daemon wants done, in order of their numbers a direction
 * @plan_count: how many
 * @plan_id: the last one's
 *
 * Belongs to its session, whose lock guards the fields from @stopped on; freed
 * with it by RCU. @scan, those of @side and @msn are behind it in memory, as
 * large as the protocol needs them.
 */
struct gate_flow {
	struct rhash_head node;
	struct gate_key key;
	struct appgw_session *s;
	struct nf_conntrack_tuple tuple;
	struct nf_conntrack_zone zone;
	u8 proto;
	struct appgw_listener __rcu **listener;
	bool listed;
	enum appgw_stat stopped;
	bool off;
	union gate_scan *scan;
	struct gate_msn *msn;
	struct endpoint source;
	u16 source_port[APPGW_PINHOLE_PORTS_MAX];
	struct gate_side side[IP_CT_DIR_MAX];
	struct list_head plans;
	unsigned int plan_count;
	u32 plan_id;
};

/**
 * struct gate_request - a plan as the daemon sends it
 * @key: the packet's own addresses, source first
 * @seq: sender's number of the announcement
 * @kind: what it is
 * @action: enum appgw_plan_action
 * @ports: how many from that of @end on
 * @index: which of a stream's ports that is: see APPGW_PLAN_INDEX
 * @owner: enum appgw_plan_owner
 * @end: endpoint in the text
 * @has_edit: the fields below count
 * @edit_seq: sender's number of the first byte of @old
 * @old: bytes to be replaced
 * @old_len: how many
 * @parts: APPGW_PLAN_EDIT_PARTS
 */
struct gate_request {
	struct gate_key key;
	u32 seq;
	const char *kind;
	u8 action;
	u8 ports;
	u8 index;
	u8 owner;
	struct endpoint end;
	bool has_edit;
	u32 edit_seq;
	const u8 *old;
	unsigned int old_len;
	const struct nlattr *parts;
};

const char *appgw_gate_proto_name(unsigned int proto);
int appgw_gate_proto(const struct nf_conntrack_helper *helper);
bool appgw_gate_assign(struct nf_conn *ct, enum gate_proto proto);
bool appgw_gate_talk(struct gate_flow *flow, enum ip_conntrack_dir dir,
		     struct sk_buff *skb, unsigned int protoff,
		     unsigned int dataoff);
int appgw_gate_release(const struct gate_key *key);

/* flow.c */
struct gate_flow *appgw_gate_flow_new(struct appgw_session *s,
				      struct nf_conn *ct,
				      enum gate_proto proto);
void appgw_gate_flow_list(struct gate_flow *flow);
void appgw_gate_flow_end(struct gate_flow *flow);
void appgw_gate_side_idle(struct gate_side *side);
void appgw_gate_flow_free(struct gate_flow *flow);
struct gate_flow *appgw_gate_flow_get(const struct gate_key *key,
				      enum ip_conntrack_dir *dir,
				      struct nf_conn **ct);
int appgw_gate_flow_init(void);
void appgw_gate_flow_exit(void);

/* plan.c */
extern const struct stream_planner appgw_gate_planner;
unsigned int appgw_gate_text(void *ctx, u32 cookie, char *text);
void appgw_gate_undo(void *ctx);
void appgw_gate_plans_age(struct gate_flow *flow);
void appgw_gate_plans_free(struct gate_flow *flow);

/* request.c */
int appgw_gate_plan(const struct gate_request *req, struct endpoint *result,
		    struct netlink_ext_ack *extack);

int appgw_gate_init(void);
void appgw_gate_exit(void);

#endif /* APPGW_GATE_H */
