/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_POLICY_H
#define APPGW_POLICY_H

#include <linux/netfilter.h>
#include <linux/types.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

#include "param.h"
#include "uapi/linux/nf_appgw.h"

#define APPGW_QUOTA_HOST_DEFAULT	64

/* For how long the port of a program of Sun RPC stays open that nobody uses */
#define APPGW_PROGRAM_TIMEOUT_S		600

/* Share of nf_conntrack_expect_max that is ours by default. */
#define APPGW_QUOTA_TOTAL_SHARE		4

/* Share of what all hosts may have that one gets at most by default. */
#define APPGW_QUOTA_HOST_SHARE		2

/* Share of it that is kept for hosts that have none yet. */
#define APPGW_QUOTA_NEW_SHARE		8

/* What a host can choose of its IPv6 address by itself is behind it (RFC 4291
 * section 2.5.1).
 */
#define APPGW_QUOTA_IPV6_LEN_DEFAULT	64
#define APPGW_QUOTA_IPV6_LEN_MAX	128

/* All services that this machine may ask for, as bits */
#define APPGW_DISCOVERY_ALL	(BIT(__APPGW_DISCOVERY_MAX) - 1)

/* Ranges of ports; what is chosen from the first one may be anywhere. */
enum appgw_port_range {
	APPGW_PORTS_ANY,
#define APPGW_PORT_RANGE(id, name)	APPGW_PORTS_ ## id,
#include "appgw/port_ranges.h"
#undef APPGW_PORT_RANGE
	APPGW_PORTS_COUNT
};

/**
 * struct appgw_range - a range of addresses
 * @addr: its lowest, network byte order
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @len: bits that all its addresses have in common
 */
struct appgw_range {
	union nf_inet_addr addr;
	u8 family;
	u8 len;
};

/* What is told of a server. */
#define APPGW_SERVER_TELLS_LOOSE	BIT(0)
#define APPGW_SERVER_TELLS_PASSIVE	BIT(1)
#define APPGW_SERVER_TELLS_FTPS		BIT(2)

/**
 * struct appgw_server - what holds for the FTP servers in a range, instead of what the
 *	policy says for all
 * @range: where they are, by the addresses that they see themselves
 * @tells: which of the others are told, APPGW_SERVER_TELLS_...
 * @loose: any address may be announced in their sessions
 * @passive: where their public ports are chosen, or none for anywhere
 * @ftps: ports for clients of their encrypted sessions
 */
struct appgw_server {
	struct appgw_range range;
	u8 tells;
	bool loose;
	struct appgw_ports passive;
	struct appgw_ports ftps;
};

/**
 * struct appgw_policy - what the administrator allows in a namespace
 * @login: pinholes only after the server has let the client in
 * @loose: any address may be announced
 * @fix_pasv: a 227 with an address not the server's own means the server's
 * @dry_run: report everything, change and open nothing
 * @attach: connections to known ports are helped without a rule
 * @has_ftps: clients of some server's encrypted sessions may use ports, for each packet
 *	to know at once; made of the rest when the policy is put into force
 * @ports: ranges of ports, by enum appgw_port_range
 * @quota_host: pinholes at a time for one inside host, 0 for any number
 * @quota_total: pinholes at a time in the namespace, 0 for any number
 * @media_source: enum appgw_media_source
 * @quota_ipv6_len: bits of an IPv6 address that tell hosts apart
 * @kernel_helpers: given to connections to their ports, bits by enum
 *	appgw_kernel_helper
 * @fxp_count: entries of @fxp in use
 * @fxp: addresses that may be announced by others than themselves
 * @calls: enum appgw_rpc_calls
 * @callbacks: servers of some programs may ask their clients' portmappers
 * @program_timeout_s: for how long a program's port stays open that nobody uses
 * @program_count: entries of @programs in use
 * @programs: those of Sun RPC whose ports are opened
 * @server_count: entries of @servers in use
 * @servers: FTP servers for which something else holds
 * @discovery: services whose answers to this machine are let in, 1 << enum
 *	appgw_discovery
 * @rcu: frees it when nobody reads it any more
 *
 * Read under RCU; replaced as a whole, never changed.
 */
struct appgw_policy {
	bool login;
	bool loose;
	bool fix_pasv;
	bool dry_run;
	bool attach;
	bool has_ftps;
	u8 media_source;
	u8 quota_ipv6_len;
	struct appgw_ports ports[APPGW_PORTS_COUNT];
	u32 quota_host;
	u32 quota_total;
	u32 kernel_helpers;
	unsigned int fxp_count;
	struct appgw_range fxp[APPGW_FXP_MAX];
	u8 calls;
	bool callbacks;
	u32 program_timeout_s;
	unsigned int program_count;
	u32 programs[APPGW_PROGRAMS_MAX];
	unsigned int server_count;
	struct appgw_server servers[APPGW_SERVERS_MAX];
	u32 discovery;
	struct rcu_head rcu;
};

/* What a namespace begins with; parameters fill it in before there is one. */
extern struct appgw_policy appgw_policy_initial;

const struct appgw_policy *appgw_policy(const struct net *net);
int appgw_policy_replace(struct net *net, const struct appgw_policy *policy);
int appgw_policy_check_ports(const struct appgw_ports *ports);
int appgw_policy_check_range(const struct appgw_range *range);
unsigned int appgw_policy_expect_share(void);

/* policy_server.c: what holds between a client and a server */
bool appgw_policy_may_announce(const struct appgw_policy *policy,
			       const struct nf_conn *ct,
			       const union nf_inet_addr *addr);
struct appgw_ports appgw_policy_passive_ports(const struct appgw_policy *policy,
					      const struct nf_conn *ct);
bool appgw_policy_ftps_port(const struct appgw_policy *policy,
			    const struct nf_conn *ct, u16 port);
bool appgw_policy_any_ftps_port(const struct appgw_policy *policy, u16 port);

int appgw_policy_init(int (*changed)(struct net *net,
				     const struct appgw_policy *policy),
		      u32 kernel_helpers);
void appgw_policy_exit(void);

#endif /* APPGW_POLICY_H */
