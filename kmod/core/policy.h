/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_POLICY_H
#define APPGW_POLICY_H

#include <linux/netfilter.h>
#include <linux/types.h>
#include <net/net_namespace.h>

#include "param.h"
#include "uapi/linux/nf_appgw.h"

#define APPGW_QUOTA_HOST_DEFAULT	64

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

/**
 * struct appgw_policy - what the administrator allows in a namespace
 * @login: pinholes only after the server has let the client in
 * @loose: any address may be announced
 * @fix_pasv: a 227 with an address not the server's own means the server's
 * @dry_run: report everything, change and open nothing
 * @attach: connections to known ports are helped without a rule
 * @ports: ranges of ports, by enum appgw_port_range
 * @quota_host: pinholes at a time for one inside host, 0 for any number
 * @quota_total: pinholes at a time in the namespace, 0 for any number
 * @media_source: enum appgw_media_source
 * @quota_ipv6_len: bits of an IPv6 address that tell hosts apart
 * @fxp_count: entries of @fxp in use
 * @fxp: addresses that may be announced by others than themselves
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
	u8 media_source;
	u8 quota_ipv6_len;
	struct appgw_ports ports[APPGW_PORTS_COUNT];
	u32 quota_host;
	u32 quota_total;
	unsigned int fxp_count;
	struct appgw_range fxp[APPGW_FXP_MAX];
	struct rcu_head rcu;
};

const struct appgw_policy *appgw_policy(const struct net *net);
int appgw_policy_replace(struct net *net, const struct appgw_policy *policy);
bool appgw_policy_may_announce(const struct appgw_policy *policy, u8 family,
			       const union nf_inet_addr *addr);
int appgw_policy_check_ports(const struct appgw_ports *ports);
int appgw_policy_check_range(const struct appgw_range *range);

int appgw_policy_init(int (*changed)(struct net *net,
				     const struct appgw_policy *policy));
void appgw_policy_exit(void);

#endif /* APPGW_POLICY_H */
