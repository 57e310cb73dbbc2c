// SPDX-License-Identifier: GPL-2.0-only
/* Parts of a policy that messages have more than once: ranges of ports and of
 * addresses, and what holds for some servers.
 */

#include "core/genl.h"
#include "policy_server.h"

static const struct nla_policy policy_range_attrs[APPGW_RANGE_MAX + 1] = {
	[APPGW_RANGE_ADDR]	= { .type = NLA_BINARY,
				    .len = sizeof(struct in6_addr) },
	[APPGW_RANGE_LEN]	= { .type = NLA_U8 },
};

static const struct nla_policy policy_server_attrs[APPGW_SERVER_MAX + 1] = {
	[APPGW_SERVER_RANGE]		= { .type = NLA_NESTED },
	[APPGW_SERVER_LOOSE]		= NLA_POLICY_MAX(NLA_U8, 1),
	[APPGW_SERVER_PASSIVE_PORTS]	= { .type = NLA_U32 },
	[APPGW_SERVER_FTPS_PORTS]	= { .type = NLA_U32 },
};

/**
 * appgw_control_put_ports() - write a range of ports
 * @skb: message
 * @type: of the attribute
 * @ports: range
 *
 * Return: 0 or -EMSGSIZE
 */
int appgw_control_put_ports(struct sk_buff *skb, int type,
			    const struct appgw_ports *ports)
{
	return nla_put_u32(skb, type, (u32)ports->lo << 16 | ports->hi);
}

/**
 * appgw_control_get_ports() - read a range of ports
 * @ports: set
 * @attr: u32
 * @info: request, which is told of an error
 *
 * Return: 0 or -EINVAL
 */
int appgw_control_get_ports(struct appgw_ports *ports, const struct nlattr *attr,
			    struct genl_info *info)
{
	ports->lo = nla_get_u32(attr) >> 16;
	ports->hi = nla_get_u32(attr) & 0xffff;
	if (!appgw_policy_check_ports(ports))
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, attr,
			    "not a range of ports from 1024 to 65535");
	return -EINVAL;
}

/**
 * appgw_control_put_range() - write a range of addresses
 * @skb: message
 * @type: of the nest
 * @range: range
 *
 * Return: 0 or -EMSGSIZE
 */
int appgw_control_put_range(struct sk_buff *skb, int type,
			    const struct appgw_range *range)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    nla_put(skb, APPGW_RANGE_ADDR,
		    range->family == NFPROTO_IPV4 ? APPGW_ADDR_LEN_IPV4 :
						    APPGW_ADDR_LEN_IPV6,
		    &range->addr) ||
	    nla_put_u8(skb, APPGW_RANGE_LEN, range->len))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * appgw_control_get_range() - read a range of addresses
 * @range: set
 * @attr: nest
 * @info: request, which is told of an error
 *
 * Return: 0 or -EINVAL
 */
int appgw_control_get_range(struct appgw_range *range, const struct nlattr *attr,
			    struct genl_info *info)
{
	struct nlattr *tb[APPGW_RANGE_MAX + 1];
	int ret, len;

	ret = nla_parse_nested(tb, APPGW_RANGE_MAX, attr, policy_range_attrs,
			       info->extack);
	if (ret)
		return ret;
	memset(range, 0, sizeof(*range));
	len = tb[APPGW_RANGE_ADDR] ? nla_len(tb[APPGW_RANGE_ADDR]) : 0;
	if (len == APPGW_ADDR_LEN_IPV4)
		range->family = NFPROTO_IPV4;
	else if (len == APPGW_ADDR_LEN_IPV6)
		range->family = NFPROTO_IPV6;
	else
		goto err;
	memcpy(&range->addr, nla_data(tb[APPGW_RANGE_ADDR]), len);
	range->len = tb[APPGW_RANGE_LEN] ? nla_get_u8(tb[APPGW_RANGE_LEN]) :
					   8 * len;
	if (!appgw_policy_check_range(range))
		return 0;
err:
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "not a range of addresses");
	return -EINVAL;
}

static int policy_put_server(struct sk_buff *skb,
			     const struct appgw_server *server)
{
	struct nlattr *nest = nla_nest_start(skb, APPGW_SERVERS_SERVER);

	if (!nest ||
	    appgw_control_put_range(skb, APPGW_SERVER_RANGE, &server->range) ||
	    (server->tells & APPGW_SERVER_TELLS_LOOSE &&
	     nla_put_u8(skb, APPGW_SERVER_LOOSE, server->loose)) ||
	    (server->tells & APPGW_SERVER_TELLS_PASSIVE &&
	     appgw_control_put_ports(skb, APPGW_SERVER_PASSIVE_PORTS,
				     &server->passive)) ||
	    (server->tells & APPGW_SERVER_TELLS_FTPS &&
	     appgw_control_put_ports(skb, APPGW_SERVER_FTPS_PORTS,
				     &server->ftps)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * appgw_control_put_servers() - write what holds for some servers
 * @skb: message
 * @policy: of which
 *
 * Return: 0 or -EMSGSIZE
 */
int appgw_control_put_servers(struct sk_buff *skb,
			      const struct appgw_policy *policy)
{
	struct nlattr *list = nla_nest_start(skb, APPGW_POLICY_SERVERS);
	unsigned int i;

	if (!list)
		return -EMSGSIZE;
	for (i = 0; i < policy->server_count; i++)
		if (policy_put_server(skb, &policy->servers[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, list);
	return 0;
}

static int policy_get_server(struct appgw_server *server,
			     const struct nlattr *attr, struct genl_info *info)
{
	struct nlattr *tb[APPGW_SERVER_MAX + 1];
	int ret;

	ret = nla_parse_nested(tb, APPGW_SERVER_MAX, attr, policy_server_attrs,
			       info->extack);
	if (ret)
		return ret;
	if (!tb[APPGW_SERVER_RANGE]) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "a server without an address");
		return -EINVAL;
	}
	memset(server, 0, sizeof(*server));
	ret = appgw_control_get_range(&server->range, tb[APPGW_SERVER_RANGE],
				      info);
	if (!ret && tb[APPGW_SERVER_LOOSE]) {
		server->tells |= APPGW_SERVER_TELLS_LOOSE;
		server->loose = nla_get_u8(tb[APPGW_SERVER_LOOSE]);
	}
	if (!ret && tb[APPGW_SERVER_PASSIVE_PORTS]) {
		server->tells |= APPGW_SERVER_TELLS_PASSIVE;
		ret = appgw_control_get_ports(&server->passive,
					      tb[APPGW_SERVER_PASSIVE_PORTS],
					      info);
	}
	if (!ret && tb[APPGW_SERVER_FTPS_PORTS]) {
		server->tells |= APPGW_SERVER_TELLS_FTPS;
		ret = appgw_control_get_ports(&server->ftps,
					      tb[APPGW_SERVER_FTPS_PORTS],
					      info);
	}
	return ret;
}

/* Tell if the last server has the range of one before it. */
static bool policy_is_double(const struct appgw_server *servers,
			     unsigned int last)
{
	unsigned int i;

	for (i = 0; i < last; i++)
		if (!memcmp(&servers[i].range, &servers[last].range,
			    sizeof(servers[i].range)))
			return true;
	return false;
}

/**
 * appgw_control_get_servers() - read what is to hold for some servers
 * @policy: changed
 * @list: nest of APPGW_SERVERS_SERVER, or NULL for no change
 * @info: request, which is told of an error
 *
 * Return: 0 or -errno
 */
int appgw_control_get_servers(struct appgw_policy *policy,
			      const struct nlattr *list, struct genl_info *info)
{
	const struct nlattr *attr;
	int rem, ret;

	if (!list)
		return 0;
	policy->server_count = 0;
	nla_for_each_nested(attr, list, rem) {
		if (nla_type(attr) != APPGW_SERVERS_SERVER) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr, "not a server");
			return -EINVAL;
		}
		if (policy->server_count == APPGW_SERVERS_MAX) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "too many servers");
			return -ENOSPC;
		}
		ret = policy_get_server(&policy->servers[policy->server_count],
					attr, info);
		if (ret)
			return ret;
		if (policy_is_double(policy->servers, policy->server_count)) {
			NL_SET_ERR_MSG_ATTR(info->extack, attr,
					    "a server that was named before");
			return -EEXIST;
		}
		policy->server_count++;
	}
	return 0;
}
