/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_EVENT_H
#define APPGW_EVENT_H

#include <net/netfilter/nf_conntrack.h>

#include "endpoint.h"
#include "stats.h"
#include "uapi/linux/nf_appgw.h"

/* Events a second for each namespace; those above are counted, and the number
 * goes out with the next one.
 */
#define APPGW_EVENTS_PER_S	500

/**
 * struct appgw_event - something an administrator may want to know
 * @type: enum appgw_event_type
 * @reason: counter that it was counted by
 * @helper: name of the control connection's protocol, a constant
 * @kind: form of the line, NULL if there is none
 * @control: the control connection, in its original direction
 * @announced: endpoint in the line; @af is 0 if it names no address
 * @public: endpoint that the peer is told; only for pinholes
 * @peer: where the data connection comes from; port 0 if that is open
 * @has_announced: @announced is set
 * @has_pinhole: @public and @peer are set
 * @taken: the public port is only taken, nothing is let in yet
 * @dry_run: nothing was done
 * @protonum: transport of what is let in; 0 if nothing is
 */
struct appgw_event {
	u8 type;
	enum appgw_stat reason;
	const char *helper;
	const char *kind;
	struct nf_conntrack_tuple control;
	struct endpoint announced;
	struct endpoint public;
	struct endpoint peer;
	bool has_announced;
	bool has_pinhole;
	bool taken;
	bool dry_run;
	u8 protonum;
};

/**
 * struct appgw_event_times - when it was with a pinhole, nanoseconds since 1970
 * @opened: it was opened
 * @expires: it will expire; 0 if nobody knows
 * @came: data came first; 0 if they have not
 */
struct appgw_event_times {
	u64 opened;
	u64 expires;
	u64 came;
};

bool appgw_event_is_heard(struct net *net);
void appgw_event_send(struct net *net, const struct appgw_event *event);

struct netlink_callback;
struct sk_buff;
int appgw_event_put(struct sk_buff *skb, struct netlink_callback *cb,
		    const struct appgw_event *event,
		    const struct appgw_event_times *times);

int appgw_event_init(void);
void appgw_event_exit(void);

#endif /* APPGW_EVENT_H */
