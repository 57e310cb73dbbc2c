/* SPDX-License-Identifier: GPL-2.0-only */
/* What is remembered of pinholes: for the files of this folder, and nobody else. */
#ifndef APPGW_PINHOLE_TABLES_H
#define APPGW_PINHOLE_TABLES_H

#include <linux/list.h>
#include <linux/workqueue.h>

#include "core/event.h"
#include "request.h"

#define PINHOLE_HOST_BITS	7
#define PINHOLE_MAPPED_BITS	8
#define PINHOLE_WATCHED_BITS	8
#define PINHOLE_ARRIVING_BITS	6
#define PINHOLE_LASTING_BITS	6

/**
 * struct pinhole_host - a host that has pinholes open, in most cases an inside one, or a
 *	prefix of IPv6 addresses that count for one
 * @node: place in pinhole_net.hosts
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @addr: its own address, or the prefix
 * @open: how many; the host is freed with the last
 *
 * Guarded by pinhole_net.lock.
 */
struct pinhole_host {
	struct hlist_node node;
	u8 family;
	union nf_inet_addr addr;
	unsigned int open;
};

/* How far the conversation about media has come. */
enum pinhole_stage {
	PINHOLE_ANNOUNCED,	/* in a message that has yet to end */
	PINHOLE_ASKED,		/* in a request that has yet to be answered */
	PINHOLE_AGREED,		/* part of a session */
};

/**
 * struct pinhole_media - what is to be known about a pinhole for datagrams
 * @exp: its expectation, with a reference; NULL if there is none any more
 * @second: another one, from the server itself beside the source that it names;
 *	ends with @exp
 * @mapped: place in pinhole_net.mapped, from its first packet on: nobody else may
 *	be given its public port
 * @watched: place in pinhole_net.watched, while it is worth telling that media comes
 *	from another port
 * @child: that packet's connection
 * @stage: enum pinhole_stage
 * @index: which of a stream's ports it is
 * @alone: the stream's other one was not named with it
 * @apart: what comes through is none of what the other end has announced
 * @came: when that was, nanoseconds since 1970; 0 before
 * @request: number of the request
 * @timeout: of the session, in jiffies
 */
struct pinhole_media {
	struct nf_conntrack_expect *exp;
	struct nf_conntrack_expect *second;
	struct hlist_node mapped;
	struct hlist_node watched;
	struct nf_conntrack_tuple child;
	u8 stage;
	u8 index;
	bool alone;
	bool apart;
	u64 came;
	u32 request;
	unsigned long timeout;
};

/**
 * struct pinhole_lasting - what is to be known about a pinhole for many connections
 * @exp: its expectation, with a reference; NULL if there is none any more
 * @node: place in pinhole_net.lasting
 * @own: the announcer's own address
 * @child: the connection that has come last, with a reference; NULL before
 * @timeout: how long it stays after the last one, in jiffies
 * @in_return: port of the peer's own of which a pinhole stays as long; 0 if none does
 */
struct pinhole_lasting {
	struct nf_conntrack_expect *exp;
	struct hlist_node node;
	union nf_inet_addr own;
	struct nf_conn *child;
	unsigned long timeout;
	u16 in_return;
};

/**
 * struct pinhole - one of a session
 * @next: another one of it
 * @node: place in pinhole_net.open, which is in the order of @end; empty once
 *	it has come to its end
 * @host: the host it counts for
 * @opened: when it was opened, nanoseconds since 1970
 * @end: jiffies at which it expires
 * @dir: direction in which it was announced
 * @mark: sender's number of the announcement
 * @session: tells what it belongs to from the connection's others; 0 if that
 *	has no name
 * @protonum: transport
 * @is_media: it is one for datagrams of a session: @media is valid
 * @is_lasting: it is one for many connections: @lasting is valid
 * @media: what is to be known then
 * @lasting: likewise
 * @event: event about it
 * @kind: room for what @event.kind points to
 * @rcu: for its end
 *
 * Owned by its session, which may use it again for the next one, and freed by
 * RCU; guarded by pinhole_net.lock.
 */
struct pinhole {
	struct pinhole *next;
	struct list_head node;
	struct pinhole_host *host;
	u64 opened;
	unsigned long end;
	enum ip_conntrack_dir dir;
	u32 mark;
	u32 session;
	u8 protonum;
	bool is_media;
	bool is_lasting;
	union {
		struct pinhole_media media;
		struct pinhole_lasting lasting;
	};
	struct appgw_event event;
	char kind[APPGW_KIND_MAX + 1];
	struct rcu_head rcu;
};

/**
 * struct pinhole_tables - where to find what is in the books
 * @hosts: hosts that have some
 * @mapped: those of media that have been used and last, by public port
 * @watched: those of which it is told if media comes from another port, likewise
 * @lasting: those for many connections, by the announcer's own port
 * @arriving: data connections that have yet to leave, by where they are in memory
 * @arrivals: the same, the oldest first
 */
struct pinhole_tables {
	struct hlist_head hosts[1 << PINHOLE_HOST_BITS];
	struct hlist_head mapped[1 << PINHOLE_MAPPED_BITS];
	struct hlist_head watched[1 << PINHOLE_WATCHED_BITS];
	struct hlist_head lasting[1 << PINHOLE_LASTING_BITS];
	struct hlist_head arriving[1 << PINHOLE_ARRIVING_BITS];
	struct list_head arrivals;
};

/**
 * struct pinhole_net - the pinholes of a namespace
 * @lock: guards all of it; taken for an announcement, never for other packets
 * @net: the namespace
 * @seed: of the table of hosts, so that nobody can choose where an address comes
 *	to stand
 * @tables: NULL before the first pinhole; most namespaces never have one
 * @open: those that are open
 * @count: how many
 * @expire: takes those out that have expired, and data connections that were dropped
 * @due: jiffies at which it does so next
 * @watch: begins to look at the namespace's packets
 * @watching: that has begun
 * @closing: it must not begin any more
 */
struct pinhole_net {
	spinlock_t lock;
	struct net *net;
	u32 seed;
	struct pinhole_tables *tables;
	struct list_head open;
	unsigned int count;
	struct delayed_work expire;
	unsigned long due;
	struct work_struct watch;
	bool watching;
	bool closing;
};

static inline bool pinhole_is_mapped(const struct pinhole *p)
{
	return p->is_media && !hlist_unhashed(&p->media.mapped);
}

/* Tell if there is still something that it stands for. */
static inline bool pinhole_is_alive(const struct pinhole *p)
{
	return !list_empty(&p->node) || pinhole_is_mapped(p);
}

/* Find where pinholes for media with a public port are remembered. */
static inline struct hlist_head *pinhole_mapped(struct pinhole_net *pn, u16 public)
{
	return &pn->tables->mapped[public & ((1 << PINHOLE_MAPPED_BITS) - 1)];
}

extern unsigned int appgw_pinhole_net_id;

struct pinhole_net *appgw_pinhole_net(const struct net *net);
void appgw_pinhole_report(struct net *net, struct appgw_event *event, u8 type,
			  enum appgw_stat reason);
void appgw_pinhole_expire_at(struct pinhole_net *pn, unsigned long end);
void appgw_pinhole_until(struct pinhole_net *pn, struct pinhole *p,
			 unsigned long end);

#endif /* APPGW_PINHOLE_TABLES_H */
