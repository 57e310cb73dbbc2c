/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_H
#define APPGW_PINHOLE_H

#include <linux/list.h>
#include <linux/types.h>
#include <net/netfilter/nf_conntrack.h>

#include "../include/appgw/endpoint.h"
#include "policy.h"
#include "stats.h"

struct appgw_session;
struct nf_conntrack_expect;

/* How long a pinhole waits for its data connection. */
#define APPGW_PINHOLE_TIMEOUT_S		300

/* Pinholes that an FTP connection may have open: conntrack closes the oldest
 * for the next one.
 */
#define APPGW_PINHOLES_MAX		1

/* The same for a connection of the daemon's protocols; one more is refused. */
#define APPGW_PINHOLES_MAX_GATE		8

/**
 * struct pinhole_request - a pinhole as an announcement asks for it
 * @ct: the control connection
 * @policy: the namespace's
 * @dir: direction in which the announcement travels; the data connection
 *	comes from the other end
 * @foreign: address in @daddr is not the announcer's: no translation
 * @active: the server connects, and does so from its data port
 * @anyone: who is going to connect is not known, and is told apart by its own
 *	address; beside it others may be open
 * @ports: where the public port may be; lo is 0 for anywhere
 * @daddr: where the peer is going to connect to
 * @port: announced port, host byte order
 * @announced: the endpoint as the line has it
 * @kind: form of the line, for events; unless @anyone, a constant
 */
struct pinhole_request {
	struct nf_conn *ct;
	const struct appgw_policy *policy;
	enum ip_conntrack_dir dir;
	bool foreign;
	bool active;
	bool anyone;
	struct appgw_ports ports;
	const union nf_inet_addr *daddr;
	u16 port;
	const struct endpoint *announced;
	const char *kind;
};

int appgw_pinhole_open(struct appgw_session *s,
		       const struct pinhole_request *req);
enum appgw_stat appgw_pinhole_why(int err);
void appgw_pinhole_used(const struct nf_conntrack_expect *exp,
			const struct nf_conn *ct);
void appgw_pinhole_close(struct appgw_session *s, struct nf_conn *ct,
			 enum appgw_stat reason);
void appgw_pinhole_forget(const struct net *net, struct appgw_session *s,
			  enum appgw_stat reason);
bool appgw_pinhole_find(struct appgw_session *s, const struct net *net,
			enum ip_conntrack_dir dir, u16 *own, u16 *public);
void appgw_pinhole_cancel(struct appgw_session *s, struct nf_conn *ct,
			  const union nf_inet_addr *daddr, u16 public,
			  enum appgw_stat reason);
unsigned int appgw_pinhole_count(struct appgw_session *s,
				 const struct net *net);
struct sk_buff;
struct netlink_callback;
int appgw_pinhole_dump(struct sk_buff *skb, struct netlink_callback *cb);

int appgw_pinhole_init(void);
void appgw_pinhole_exit(void);

#endif /* APPGW_PINHOLE_H */
