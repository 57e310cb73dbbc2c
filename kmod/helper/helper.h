/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_HELPER_H
#define APPGW_HELPER_H

#include <linux/skbuff.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_expect.h>
#include <net/netfilter/nf_conntrack_helper.h>

#include "appgw/scan.h"
#include "core/param.h"
#include "core/stats.h"

struct appgw_policy;
struct appgw_session;

/* Rows that there may be; a session has four bits for the number of its own. */
#define APPGW_HELPERS_MAX	16

#define HELPER_TRANSPORTS	2	/* TCP and UDP */

/* Ports are told from others by the lower bits of their numbers. */
#define HELPER_PORT_BITS	2048

/* Transports that a protocol is spoken over, as bits */
#define APPGW_OVER_TCP		BIT(0)
#define APPGW_OVER_UDP		BIT(1)

/**
 * struct appgw_session_ops - what a protocol does about its sessions
 * @begin: fill in what is the protocol's; nobody can find the session yet. Returns 0
 *	or -ENOMEM
 * @list: let the session be found by other ways than its connection; under its
 *	shard's lock
 * @unlist: the opposite; likewise, at its end. The session's own lock isn't taken,
 *	and may not be
 * @strip: take the session out of the namespace's tables; likewise, at its end or
 *	the namespace's
 * @close: close what its connection has open, of which another one takes the place;
 *	the session's lock is held
 * @free: free what is the protocol's; nobody can reach the session any more
 * @stopped: tell why it isn't read any more: the counter of that; APPGW_STAT_MAX if
 *	it is
 *
 * All but @begin, @close and @stopped may be NULL.
 */
struct appgw_session_ops {
	int (*begin)(struct appgw_session *s);
	void (*list)(struct appgw_session *s);
	void (*unlist)(struct appgw_session *s);
	void (*strip)(const struct net *net, struct appgw_session *s);
	void (*close)(struct appgw_session *s, struct nf_conn *ct);
	void (*free)(struct appgw_session *s);
	enum appgw_stat (*stopped)(const struct appgw_session *s);
};

/**
 * struct appgw_helper - a row of the table of protocols
 * @name: the protocol's; conntrack knows the helper as "appgw-NAME"
 * @transports: of its connections, APPGW_OVER_... bits
 * @expect: what conntrack is told about its expectations
 * @ports: its servers', by which connections are taken on without a rule
 * @help: conntrack's callback for every packet
 * @is_wanted: tell if connections are to be taken on without a rule; NULL for always
 * @is_meant: tell if one that its first packet begins is, by more than its port; NULL
 *	for always
 * @policy_changed: see to it that a policy can be put into force; 0 or -errno. With
 *	NULL, at a namespace's end, stop reading it. NULL if there is nothing to do
 * @session: about its sessions; NULL if it has none
 */
struct appgw_helper {
	const char *name;
	u8 transports;
	struct nf_conntrack_expect_policy expect;
	const struct appgw_port_list *ports;
	int (*help)(struct sk_buff *skb, unsigned int protoff,
		    struct nf_conn *ct, enum ip_conntrack_info ctinfo);
	bool (*is_wanted)(const struct appgw_helper *helper,
			  const struct net *net);
	bool (*is_meant)(const struct sk_buff *skb, const struct nf_conn *ct);
	int (*policy_changed)(struct net *net,
			      const struct appgw_policy *policy);
	const struct appgw_session_ops *session;
};

/* Declare what a protocol's file says of its ports: the parameter @param, its default
 * and what "modinfo" tells about it.
 */
#define APPGW_HELPER_PORTS(list, param, text, ...)			\
	static struct appgw_port_list list __read_mostly = __VA_ARGS__;	\
	module_param_cb(param, &appgw_param_ports_ops, &list, 0400);	\
	MODULE_PARM_DESC(param, text)

extern unsigned long appgw_helper_ports[HELPER_TRANSPORTS]
				       [BITS_TO_LONGS(HELPER_PORT_BITS)];

/* Number a transport; HELPER_TRANSPORTS if no helper can have it. */
static inline unsigned int helper_transport(u8 protonum)
{
	switch (protonum) {
	case IPPROTO_TCP:	return 0;
	case IPPROTO_UDP:	return 1;
	default:		return HELPER_TRANSPORTS;
	}
}

static inline unsigned int helper_port_bit(u16 port)
{
	return port % HELPER_PORT_BITS;
}

/**
 * helper_has_port() - tell at a glance if a connection may be for one of our ports or one
 *	of the kernel's own helpers'
 * @ct: connection
 *
 * Return: false if it is for none, true if it has to be looked at more closely
 */
static inline bool helper_has_port(const struct nf_conn *ct)
{
	unsigned int transport = helper_transport(nf_ct_protonum(ct));
	const unsigned long *ports;
	__be16 to, at;

	if (transport == HELPER_TRANSPORTS)
		return false;
	ports = appgw_helper_ports[transport];
	to = ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u.all;
	at = ct->tuplehash[IP_CT_DIR_REPLY].tuple.src.u.all;
	return test_bit(helper_port_bit(ntohs(to)), ports) ||
	       (at != to && test_bit(helper_port_bit(ntohs(at)), ports));
}

unsigned int appgw_helper_count(void);
const struct appgw_helper *appgw_helper_row(unsigned int number);
bool appgw_helper_has_transport(u8 protonum);
void appgw_helper_add_port(u8 protonum, u16 port);
int appgw_helper_number(const struct nf_conntrack_helper *helper);
bool appgw_helper_assign(struct nf_conn *ct, unsigned int number);
void appgw_helper_begin(struct nf_conn *ct);
void appgw_helper_inherit(struct nf_conn *ct, const struct nf_conn *master);
int appgw_helper_policy_changed(struct net *net,
				const struct appgw_policy *policy);

enum appgw_stat appgw_helper_why(enum scan_why why, bool from_client);

const char *appgw_helper_name(const struct nf_conn *ct);

struct appgw_event;
void appgw_refuse(const struct nf_conn *ct, struct appgw_event *event);

void appgw_helper_table(const struct appgw_helper *const *rows,
			unsigned int count);
int appgw_helper_init(void (*destroy)(struct nf_conn *ct));
void appgw_helper_exit(void);

#endif /* APPGW_HELPER_H */
