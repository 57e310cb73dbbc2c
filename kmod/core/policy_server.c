// SPDX-License-Identifier: GPL-2.0-only
/* Policy: what holds in the sessions of one server, for which the administrator may
 * have told something else than for all.
 */

#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>

#include "policy.h"

static bool policy_has(const struct appgw_range *range, u8 family,
		       const union nf_inet_addr *addr)
{
	if (range->family != family)
		return false;
	if (family == NFPROTO_IPV6)
		return ipv6_prefix_equal(&addr->in6, &range->addr.in6,
					 range->len);
	return !range->len || !((addr->ip ^ range->addr.ip) &
				htonl(~0u << (32 - range->len)));
}

/* Find what is told of the server of @ct, by the address that it has itself; of those
 * that tell what @tells says, the one with the smallest range. NULL if none does.
 */
static const struct appgw_server *
policy_server(const struct appgw_policy *policy, const struct nf_conn *ct,
	      u8 tells)
{
	const struct nf_conntrack_man *man =
		&ct->tuplehash[IP_CT_DIR_REPLY].tuple.src;
	const struct appgw_server *best = NULL, *server;
	unsigned int i;

	for (i = 0; i < policy->server_count; i++) {
		server = &policy->servers[i];
		if (server->tells & tells &&
		    (!best || server->range.len > best->range.len) &&
		    policy_has(&server->range, man->l3num, &man->u3))
			best = server;
	}
	return best;
}

/**
 * appgw_policy_may_announce() - tell if an address may be announced by others
 * @policy: the policy
 * @ct: control connection in which it is announced
 * @addr: the address, of the same family
 *
 * Return: true if so
 */
bool appgw_policy_may_announce(const struct appgw_policy *policy,
			       const struct nf_conn *ct,
			       const union nf_inet_addr *addr)
{
	const struct appgw_server *server =
		policy_server(policy, ct, APPGW_SERVER_TELLS_LOOSE);
	unsigned int i;

	if (server ? server->loose : policy->loose)
		return true;
	for (i = 0; i < policy->fxp_count; i++)
		if (policy_has(&policy->fxp[i], nf_ct_l3num(ct), addr))
			return true;
	return false;
}

/**
 * appgw_policy_passive_ports() - find where a server's public ports are chosen
 * @policy: the policy
 * @ct: its control connection
 *
 * Return: range, with 0 as its lowest for anywhere
 */
struct appgw_ports appgw_policy_passive_ports(const struct appgw_policy *policy,
					      const struct nf_conn *ct)
{
	const struct appgw_server *server =
		policy_server(policy, ct, APPGW_SERVER_TELLS_PASSIVE);

	return server ? server->passive : policy->ports[APPGW_PORTS_PASSIVE];
}

/**
 * appgw_policy_ftps_port() - tell if the client of an encrypted session may use a port
 * @policy: the policy
 * @ct: its control connection
 * @port: of its server, host byte order
 *
 * Return: true if so
 */
bool appgw_policy_ftps_port(const struct appgw_policy *policy,
			    const struct nf_conn *ct, u16 port)
{
	const struct appgw_server *server =
		policy_server(policy, ct, APPGW_SERVER_TELLS_FTPS);

	return port && appgw_ports_have(server ? &server->ftps :
					&policy->ports[APPGW_PORTS_FTPS], port);
}

/**
 * appgw_policy_any_ftps_port() - tell if a client of some server may use a port
 * @policy: the policy
 * @port: host byte order
 *
 * For each SYN: only if so, its control connection is looked for.
 *
 * Return: true if so
 */
bool appgw_policy_any_ftps_port(const struct appgw_policy *policy, u16 port)
{
	unsigned int i;

	if (!port)
		return false;
	if (appgw_ports_have(&policy->ports[APPGW_PORTS_FTPS], port))
		return true;
	for (i = 0; i < policy->server_count; i++)
		if (appgw_ports_have(&policy->servers[i].ftps, port))
			return true;
	return false;
}
