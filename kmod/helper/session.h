/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_SESSION_H
#define APPGW_SESSION_H

#include <linux/spinlock.h>
#include <linux/tcp.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "helper.h"
#include "stream/stream.h"

struct pinhole;

/* Bytes that a session takes at the most, without what a protocol keeps beside it */
#define SESSION_SIZE_MAX	256

/* Bytes of it that are the protocol's */
#define SESSION_STATE_MAX	24

/* Bytes of what a datagram has said that are kept before its flow has a session */
#define SESSION_EARLY_MAX	16

/* Packets of a connection that may not pass */
enum session_bar {
	SESSION_OPEN,	/* none */
	SESSION_SHUT,	/* all but resets: it said what is to be dropped, and was reset */
	SESSION_FROZEN,	/* all: the module is being unloaded */
};

/**
 * struct appgw_session - what is remembered about a control connection
 * @lock: guards @own, @state and @stream and keeps the order of a segment's
 *	effects. ct->lock will not do: recording a sequence shift takes it. Always
 *	the _bh form, because packets of this host come in process context
 * @bar: enum session_bar. Changed under @lock, but to SESSION_FROZEN
 * @round: of sweeping in which its connection was seen last
 * @helper: number of its protocol's row
 * @own: the protocol's
 * @pinhole: those opened, the last one first; belongs to pinhole.c
 * @ct: the connection; valid as long as the session can be found through it
 * @node: place in its namespace's registry, guarded by the shard's lock
 * @rcu: for its end, after it has left the registry
 * @state: the protocol's, zero at the beginning
 * @stream: both directions
 *
 * Owned by the conntrack entry: its helper data point here. Created when the
 * connection is established, gone with the entry or the module; freed by RCU.
 */
struct appgw_session {
	spinlock_t lock;
	u8 bar;
	u8 round : 4;
	u8 helper : 4;
	u16 own;
	struct pinhole *pinhole;
	struct nf_conn *ct;
	union {
		struct hlist_node node;
		struct rcu_head rcu;
	};
	unsigned long state[SESSION_STATE_MAX / sizeof(unsigned long)];
	struct stream stream[IP_CT_DIR_MAX];
};

/**
 * struct session_slot - what conntrack keeps of ours in its entry
 * @s: the session, NULL before there is one
 * @early: of a flow of datagrams, what the first one has said
 * @asked: of TCP, number of the first byte behind the client's last SYN
 * @client: number of the client's first byte, if @begun
 * @server: the server's
 * @asked_len: payload bytes that came with the client's last SYN
 * @begun: the two have agreed
 * @shifted: it has been said that somebody else changes the numbers
 * @unsteered: no segment of it is for the daemon to see
 * @resting: nothing is to be done about a segment, unless it begins or ends something
 *
 * The last two are changed under the shard's lock, and @resting under the session's as
 * well. They say what the session would say, to those who would rather not ask it, and
 * may be read where the helper is another's, who keeps something else there.
 */
struct session_slot {
	struct appgw_session *s;
	union {
		u8 early[SESSION_EARLY_MAX] __aligned(4);
		struct {
			u32 asked;
			u32 client;
			u32 server;
			u16 asked_len;
			bool begun;
			bool shifted;
		};
	};
	u8 unsteered;
	u8 resting;
};

/**
 * session_slot_at() - what conntrack keeps in a connection's entry, for every packet's way
 * @ct: confirmed connection with a helper, which may be another's: then it is not what it
 *	seems
 *
 * Return: that, never NULL
 */
static inline const struct session_slot *
session_slot_at(const struct nf_conn *ct)
{
	const struct nf_ct_ext *ext = ct->ext;

	return (const void *)ext + ext->offset[NF_CT_EXT_HELPER] +
	       offsetof(struct nf_conn_help, data);
}

/**
 * appgw_session_of() - the session of a connection that has our helper
 * @ct: the connection; call under rcu_read_lock()
 *
 * Return: the session, or NULL if it has none yet
 */
static inline struct appgw_session *appgw_session_of(const struct nf_conn *ct)
{
	struct session_slot *slot = nfct_help_data(ct);

	return slot ? READ_ONCE(slot->s) : NULL;
}

/**
 * appgw_session_early() - what is kept of a flow of datagrams before it has a session
 * @ct: the flow, which has our helper; call under rcu_read_lock()
 *
 * The first datagram comes before the entry is confirmed, and many are never answered.
 *
 * Return: SESSION_EARLY_MAX bytes, zero at the beginning
 */
static inline void *appgw_session_early(const struct nf_conn *ct)
{
	struct session_slot *slot = nfct_help_data(ct);

	return slot ? slot->early : NULL;
}

/* Tell if a packet may not pass; its TCP header is @th. */
static inline bool appgw_session_bars(const struct appgw_session *s,
				      const struct tcphdr *th)
{
	u8 bar = READ_ONCE(s->bar);

	return unlikely(bar) && (bar == SESSION_FROZEN || !th->rst);
}

/* The row of the protocol that a session is of. */
static inline const struct appgw_helper *
appgw_session_helper(const struct appgw_session *s)
{
	return appgw_helper_row(s->helper);
}

extern bool appgw_session_draining;

struct appgw_session *appgw_session_find(const struct nf_conn *ct);
struct appgw_session *appgw_session_get(struct nf_conn *ct);
void appgw_session_adopt(struct nf_conn *ct);
struct appgw_session *appgw_session_begin(struct nf_conn *ct, u32 client,
					  u32 server);
void appgw_session_rest(struct nf_conn *ct, struct appgw_session *s);
void appgw_session_destroy(struct nf_conn *ct);

int appgw_session_init(void);
void appgw_session_stop(void);
void appgw_session_exit(void);

/* session_syn.c */
void appgw_session_syn(const struct nf_conn *ct, u32 first, u32 len);
bool appgw_session_missed(const struct nf_conn *ct, u32 first);
bool appgw_session_was_asked(const struct nf_conn *ct, u32 first);

#endif /* APPGW_SESSION_H */
