/* SPDX-License-Identifier: GPL-2.0-only */
/* What the gate asks a protocol that the daemon reads. */
#ifndef APPGW_PROTO_H
#define APPGW_PROTO_H

#include <linux/string.h>

#include "appgw/scan.h"
#include "appgw/span.h"
#include "core/policy.h"
#include "helper/helper.h"
#include "stream/stream.h"

struct gate_pass;
struct gate_request;
struct netlink_ext_ack;
struct pinhole_request;

/* Announcements of one direction that may be planned for at a time */
#define GATE_MARKS_MAX		SCAN_ANNOUNCEMENTS_MAX

/* Bytes that a conversation may take */
#define GATE_STATE_MAX		160

/**
 * struct gate_scan_ops - a protocol's scanner, which touches no skb, lock or heap
 * @read: take in the unit that @data begins with, or goes on with, and fill in @unit.
 *	If its end is yet to come @st stays as it is
 * @read_datagram: the same for a datagram, which is a unit; NULL if there are none. Of
 *	the first one of a flow SESSION_EARLY_MAX bytes of the conversation are kept
 * @feed: take in @part of a unit that has no end yet and has gone on
 * @may_announce: a glance: can an announcement be complete now? @kept: the start of
 *	a unit was kept back. NULL for always
 * @talk: how many bytes of @text, a segment, are whole units that nothing is to be done
 *	about, from its first one on? NULL for none
 * @begin: take in what policy says, before anything else of a segment; NULL if that
 *	doesn't matter
 *
 * @st is the conversation so far, which may be copied to see what bytes would do.
 */
struct gate_scan_ops {
	void (*read)(void *st, bool from_client, struct span data,
		     struct scan_unit *unit);
	void (*read_datagram)(void *st, bool from_client, struct span data,
			      struct scan_unit *unit);
	enum scan_why (*feed)(void *st, bool from_client, struct span part);
	bool (*may_announce)(struct span data, bool kept);
	size_t (*talk)(const void *st, bool from_client, struct span text);
	void (*begin)(void *st, const struct appgw_policy *policy);
};

/**
 * struct gate_plan_ops - what a protocol does beside the daemon's plans
 * @check: may a port of the sender's own be opened, as @hole says, which may be
 *	changed? Returns 0, the counter of why not, or APPGW_STAT_MAX if there is no
 *	need to. NULL for always
 * @opened: it has been; NULL if there is nothing more to do
 * @is_dropped: is a datagram to be dropped, or a connection reset, that says what the
 *	scanner refuses? NULL for never
 * @settle: see to the plans for the unit @rest, at sender's number @seq, before they
 *	are carried out; NULL if there is nothing to see to
 * @said: a unit has been taken in; NULL likewise
 */
struct gate_plan_ops {
	enum appgw_stat (*check)(const struct gate_pass *pass,
				 const struct gate_request *req,
				 struct pinhole_request *hole);
	void (*opened)(const struct gate_pass *pass,
		       const struct pinhole_request *hole);
	bool (*is_dropped)(const struct appgw_policy *policy,
			   enum scan_why why);
	void (*settle)(struct gate_pass *pass, struct span rest, u32 seq);
	void (*said)(struct gate_pass *pass, struct span rest, u32 seq);
};

/**
 * struct gate_pinholes - what the pinholes of a protocol are like
 * @anyone: the peer's address is not known
 * @media: for datagrams between the two ends
 * @pairs: two neighbouring ports may be asked for together
 * @lasting: for many connections, until none has come for a while
 * @low: ports below APPGW_PORT_MIN are left to @check of the plans
 * @readdress: an address that is announced counts for nothing where there is NAT. It
 *	becomes the one that the receiver knows, whatever is opened
 * @timeout_s: for how long they wait; 0 for APPGW_PINHOLE_TIMEOUT_S
 * @public: range that their public ports are chosen from
 */
struct gate_pinholes {
	bool anyone;
	bool media;
	bool pairs;
	bool lasting;
	bool low;
	bool readdress;
	u16 timeout_s;
	enum appgw_port_range public;
};

/**
 * struct gate_proto - a protocol that the daemon reads
 * @helper: row in the table of all protocols
 * @number: enum appgw_protocol
 * @state_size: bytes of a conversation, at most GATE_STATE_MAX
 * @extra_size: bytes that are kept beside it, once a connection
 * @hold_max: bytes of a unit that may be kept back until its end is there
 * @all_or_nothing: an announcement's edits depend on each other
 * @pinholes: what its pinholes are like
 * @scan: scanner
 * @plan: what it does beside the daemon's plans
 */
struct gate_proto {
	struct appgw_helper helper;
	u8 number;
	u16 state_size;
	u16 extra_size;
	u16 hold_max;
	bool all_or_nothing;
	struct gate_pinholes pinholes;
	struct gate_scan_ops scan;
	struct gate_plan_ops plan;
};

static inline const struct gate_proto *
gate_proto_of(const struct appgw_helper *helper)
{
	return container_of(helper, struct gate_proto, helper);
}

/* Tell if what is refused is to be dropped. */
static inline bool gate_is_dropped(const struct gate_proto *proto,
				   const struct appgw_policy *policy,
				   enum scan_why why)
{
	return proto->plan.is_dropped && !policy->dry_run &&
	       proto->plan.is_dropped(policy, why);
}

static inline void gate_scan_copy(const struct gate_proto *proto, void *to,
				  const void *from)
{
	memcpy(to, from, proto->state_size);
}

static inline bool gate_scan_may_announce(const struct gate_proto *proto,
					  struct span data, bool kept)
{
	return !proto->scan.may_announce || proto->scan.may_announce(data, kept);
}

static inline void gate_scan_begin(const struct gate_proto *proto, void *st,
				   const struct appgw_policy *policy)
{
	if (proto->scan.begin)
		proto->scan.begin(st, policy);
}

#endif /* APPGW_PROTO_H */
