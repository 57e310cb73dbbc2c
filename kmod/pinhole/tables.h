/* SPDX-License-Identifier: GPL-2.0-only */
/* What is remembered of pinholes: for the files of this folder, and nobody else. */
#ifndef APPGW_PINHOLE_TABLES_H
#define APPGW_PINHOLE_TABLES_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/workqueue.h>

#include "core/event.h"
#include "request.h"

#define PINHOLE_MAPPED_BITS	8
#define PINHOLE_WATCHED_BITS	7
#define PINHOLE_ARRIVING_BITS	4
#define PINHOLE_LASTING_BITS	5

/* Ports to which servers have connected are remembered by the lower bits of their numbers. */
#define PINHOLE_CAME_BITS	2048

/**
 * struct pinhole_host - a host that has pinholes open, in most cases an inside one, or a
 *	prefix of IPv6 addresses that count for one
 * @node: place among the hosts of its family, which are in the order of @addr: nobody
 *	can choose addresses that make it slow
 * @open: how many; the host is freed with the last
 * @addr: its own address, or the prefix, as long as those of its family are
 *
 * Guarded by pinhole_net.lock.
 */
struct pinhole_host {
	struct rb_node node;
	unsigned int open;
	u32 addr[];
};

/* How far the conversation about media has come. */
enum pinhole_stage {
	PINHOLE_ANNOUNCED,	/* in a message that has yet to end */
	PINHOLE_ASKED,		/* in a request that has yet to be answered */
	PINHOLE_AGREED,		/* part of a session */
};

/**
 * struct pinhole_media - what is to be known about a pinhole for datagrams
 * @pinhole: the pinhole
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
 * @request: number of the request
 * @came: when media came first, nanoseconds since 1970; 0 before
 * @timeout: of the session, in jiffies
 * @rcu: for its end, which is the pinhole's; @came and @timeout are read under the
 *	lock only
 */
struct pinhole_media {
	struct pinhole *pinhole;
	struct nf_conntrack_expect *exp;
	struct nf_conntrack_expect *second;
	struct hlist_node mapped;
	struct hlist_node watched;
	struct nf_conntrack_tuple child;
	u8 stage;
	u8 index;
	bool alone;
	bool apart;
	u32 request;
	union {
		struct {
			u64 came;
			unsigned long timeout;
		};
		struct rcu_head rcu;
	};
};

/**
 * struct pinhole_lasting - what is to be known about a pinhole for many connections
 * @pinhole: the pinhole
 * @exp: its expectation, with a reference; NULL if there is none any more
 * @node: place in pinhole_net.lasting
 * @own: the announcer's own address
 * @child: the connection that has come last, with a reference; NULL before
 * @timeout: how long it stays after the last one, in jiffies
 * @in_return: port of the peer's own of which a pinhole stays as long; 0 if none does
 */
struct pinhole_lasting {
	struct pinhole *pinhole;
	struct nf_conntrack_expect *exp;
	struct hlist_node node;
	union nf_inet_addr own;
	struct nf_conn *child;
	unsigned long timeout;
	u16 in_return;
};

/* The addresses that are known of a pinhole */
enum pinhole_addr {
	PINHOLE_ADDR_CLIENT,	/* of the control connection */
	PINHOLE_ADDR_SERVER,	/* the same as its client knows it */
	PINHOLE_ADDR_ANNOUNCED,	/* in the line */
	PINHOLE_ADDR_PUBLIC,	/* what the peer is told, of the control connection's family */
	PINHOLE_ADDR_PEER,	/* where the data connection comes from */

	PINHOLE_ADDR_MAX
};

/**
 * struct pinhole - one of a session
 * @next: another one of it
 * @node: place in pinhole_net.open, which is in the order of @end; empty once
 *	it has come to its end
 * @host: the host it counts for
 * @media: what else is to be known, if @is_media
 * @lasting: the same, if @is_lasting
 * @opened: when it was opened, nanoseconds since 1970
 * @end: lower bits of the jiffies at which it expires
 * @mark: sender's number of the announcement
 * @rcu: for its end; what has the same place is read under the lock only
 * @session: tells what it belongs to from the connection's others; 0 if that
 *	has no name
 * @announced_port: port in the line, host byte order
 * @public_port: the one that the peer is told, likewise
 * @peer_port: where the data connection comes from, likewise; 0 if that is open
 * @client_port: the control connection's, network byte order
 * @server_port: likewise
 * @kind: form of the line; empty if there is none
 * @helper: number of the control connection's protocol among the rows
 * @l3num: NFPROTO_IPV4 or NFPROTO_IPV6, which the control connection is
 * @control: its transport
 * @announced_af: enum appgw_af of the announced address
 * @peer_af: the same of the peer's
 * @protonum: transport
 * @dir: enum ip_conntrack_dir in which it was announced
 * @is_media: it is one for datagrams of a session
 * @is_lasting: it is one for many connections
 * @taken: the public port is only taken, nothing is let in yet
 * @wide: there is room for addresses of IPv6; most have none of these
 * @addr: its addresses in network byte order, by enum pinhole_addr, one behind the other
 *
 * Owned by its session, which may use it again for the next one, and freed by
 * RCU; guarded by pinhole_net.lock. There are as many as announcements in minutes, so it
 * is as small as can be: event.c's form is made of it when it is told of.
 */
struct pinhole {
	struct pinhole *next;
	struct rb_node node;
	struct pinhole_host *host;
	union {
		struct pinhole_media *media;
		struct pinhole_lasting *lasting;
	};
	union {
		struct {
			u64 opened;
			u32 end;
			u32 mark;
		};
		struct rcu_head rcu;
	};
	u32 session;
	u16 announced_port;
	u16 public_port;
	u16 peer_port;
	__be16 client_port;
	__be16 server_port;
	char kind[APPGW_KIND_MAX + 1];
	u8 helper;
	u8 l3num;
	u8 control;
	u8 announced_af;
	u8 peer_af;
	u8 protonum;
	u8 dir;
	bool is_media : 1;
	bool is_lasting : 1;
	bool taken : 1;
	bool wide : 1;
	u8 addr[];
};

/**
 * struct pinhole_tables - where to find what is in the books
 * @mapped: those of media that have been used and last, by public port
 * @watched: those of which it is told if media comes from another port, likewise
 * @lasting: those for many connections, by the announcer's own port
 * @arriving: data connections that have yet to leave, by where they are in memory
 * @arrivals: the same, the oldest first
 * @came: public ports, by their lower bits, to which a server has connected
 * @moved: announcers' own ports, likewise, to which one has connected under another
 *	public one
 */
struct pinhole_tables {
	struct hlist_head mapped[1 << PINHOLE_MAPPED_BITS];
	struct hlist_head watched[1 << PINHOLE_WATCHED_BITS];
	struct hlist_head lasting[1 << PINHOLE_LASTING_BITS];
	struct hlist_head arriving[1 << PINHOLE_ARRIVING_BITS];
	struct list_head arrivals;
	DECLARE_BITMAP(came, PINHOLE_CAME_BITS);
	DECLARE_BITMAP(moved, PINHOLE_CAME_BITS);
};

struct pinhole_crowd;

/**
 * struct pinhole_net - the pinholes of a namespace
 * @lock: guards all of it; taken for an announcement, never for other packets
 * @net: the namespace
 * @hosts: hosts of IPv4 that have some
 * @hosts6: the same of IPv6
 * @tables: NULL before the first pinhole; most namespaces never have one
 * @open: those that are open, in the order in which they expire
 * @last: the last of these; NULL if there is none
 * @count: how many
 * @crowd: which public ports they have, while there are many; NULL else
 * @expire: takes those out that have expired, and data connections that were dropped
 * @due: jiffies at which it does so next
 * @watch: begins to look at the namespace's packets
 * @watching: that has begun
 * @closing: it must not begin any more
 */
struct pinhole_net {
	spinlock_t lock;
	struct net *net;
	struct rb_root hosts;
	struct rb_root hosts6;
	struct pinhole_tables *tables;
	struct rb_root_cached open;
	struct pinhole *last;
	unsigned int count;
	struct pinhole_crowd *crowd;
	struct delayed_work expire;
	unsigned long due;
	struct work_struct watch;
	bool watching;
	bool closing;
};

static inline bool pinhole_is_open(const struct pinhole *p)
{
	return !RB_EMPTY_NODE(&p->node);
}

struct endpoint appgw_pinhole_endpoint(const struct pinhole *p, enum pinhole_addr which,
				       enum appgw_af af, u16 port);

/* Find the open pinhole that expires first, and the one behind @p; NULL if there is none. */
static inline struct pinhole *pinhole_first(const struct pinhole_net *pn)
{
	return rb_entry_safe(rb_first_cached(&pn->open), struct pinhole, node);
}

static inline struct pinhole *pinhole_behind(const struct pinhole *p)
{
	return rb_entry_safe(rb_next(&p->node), struct pinhole, node);
}

/* Tell how many jiffies are left; none or less if it has expired. */
static inline s32 pinhole_left(const struct pinhole *p)
{
	return p->end - (u32)jiffies;
}

static inline struct endpoint pinhole_announced(const struct pinhole *p)
{
	return appgw_pinhole_endpoint(p, PINHOLE_ADDR_ANNOUNCED, p->announced_af,
				      p->announced_port);
}

static inline struct endpoint pinhole_public(const struct pinhole *p)
{
	return appgw_pinhole_endpoint(p, PINHOLE_ADDR_PUBLIC, appgw_af(p->l3num),
				      p->public_port);
}

static inline struct endpoint pinhole_peer(const struct pinhole *p)
{
	return appgw_pinhole_endpoint(p, PINHOLE_ADDR_PEER, p->peer_af, p->peer_port);
}

static inline bool pinhole_is_mapped(const struct pinhole *p)
{
	return p->is_media && !hlist_unhashed(&p->media->mapped);
}

/* Tell if there is still something that it stands for. */
static inline bool pinhole_is_alive(const struct pinhole *p)
{
	return pinhole_is_open(p) || pinhole_is_mapped(p);
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
void appgw_pinhole_event(const struct pinhole *p, struct appgw_event *event);
void appgw_pinhole_tell(struct net *net, const struct pinhole *p, u8 type,
			enum appgw_stat reason);
void appgw_pinhole_set_addr(struct pinhole *p, enum pinhole_addr which, u16 l3num,
			    const void *addr);
void appgw_pinhole_set_peer(struct pinhole *p, u16 l3num,
			    const union nf_inet_addr *addr, u16 port);
void appgw_pinhole_expire_at(struct pinhole_net *pn, unsigned long end);
void appgw_pinhole_leave(struct pinhole_net *pn, struct pinhole *p);
void appgw_pinhole_until(struct pinhole_net *pn, struct pinhole *p,
			 unsigned long end);

#endif /* APPGW_PINHOLE_TABLES_H */
