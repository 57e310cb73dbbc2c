// SPDX-License-Identifier: GPL-2.0-only
/* Messages of the module's generic netlink family, as far as several folders write
 * them. The family itself, which knows all of its requests, is in
 * control/netlink.c.
 */

#include "endpoint.h"
#include "genl.h"

static struct genl_family *genl_family;

/* The family is registered, so that events may be sent */
static bool genl_ready;

/**
 * appgw_genl_register() - register the family
 * @family: family; requests may come at once
 *
 * Return: 0 or -errno
 */
int appgw_genl_register(struct genl_family *family)
{
	int ret;

	genl_family = family;
	ret = genl_register_family(family);
	if (!ret)
		WRITE_ONCE(genl_ready, true);
	return ret;
}

/**
 * appgw_genl_unregister() - unregister the family
 *
 * No event is under way then.
 */
void appgw_genl_unregister(void)
{
	WRITE_ONCE(genl_ready, false);
	synchronize_rcu();
	genl_unregister_family(genl_family);
}

/**
 * appgw_genl_is_heard() - tell if anybody listens to a multicast group
 * @net: namespace
 * @group: its number in the family
 *
 * Return: false if not, or if the family is not registered
 */
bool appgw_genl_is_heard(struct net *net, unsigned int group)
{
	return READ_ONCE(genl_ready) &&
	       genl_has_listeners(genl_family, net, group);
}

/**
 * appgw_genl_event() - begin a message for a multicast group
 * @skb: message
 * @cmd: its command
 *
 * Return: header for genlmsg_end(); NULL if there is no room
 */
void *appgw_genl_event(struct sk_buff *skb, u8 cmd)
{
	return genlmsg_put(skb, 0, 0, genl_family, 0, cmd);
}

/**
 * appgw_genl_multicast() - send a message to a multicast group
 * @net: namespace
 * @skb: message, which is given away
 * @group: its number in the family
 */
void appgw_genl_multicast(struct net *net, struct sk_buff *skb,
			  unsigned int group)
{
	genlmsg_multicast_netns(genl_family, net, skb, 0, group, GFP_ATOMIC);
}

/**
 * appgw_genl_answer() - begin the answer to a request
 * @skb: message
 * @info: request; the answer has the same command
 *
 * Return: header for genlmsg_end(); NULL if there is no room
 */
void *appgw_genl_answer(struct sk_buff *skb, struct genl_info *info)
{
	return genlmsg_put_reply(skb, info, genl_family, 0,
				 info->genlhdr->cmd);
}

/**
 * appgw_genl_reply() - answer a request that only asks for something
 * @info: request; the answer has the same command
 * @put: writes the answer's attributes; 0 or -errno
 *
 * Return: 0 or -errno
 */
int appgw_genl_reply(struct genl_info *info,
		     int (*put)(struct sk_buff *skb, const struct net *net))
{
	struct sk_buff *skb;
	int ret = -EMSGSIZE;
	void *hdr;

	skb = genlmsg_new(NLMSG_GOODSIZE, GFP_KERNEL);
	if (!skb)
		return -ENOMEM;
	hdr = appgw_genl_answer(skb, info);
	if (hdr)
		ret = put(skb, genl_info_net(info));
	if (ret) {
		nlmsg_free(skb);
		return ret;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * appgw_genl_dump() - begin a message of a dump
 * @skb: message
 * @cb: dump
 * @cmd: command that it answers
 *
 * Return: header for genlmsg_end() or genlmsg_cancel(); NULL if there is no room
 */
void *appgw_genl_dump(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   genl_family, NLM_F_MULTI, cmd);
}

/* Write the next attribute where there is room for it; return its end. @size: a multiple of 4
 * bytes, of which @len count
 */
static void *genl_fill(struct nlattr *attr, int type, const void *data,
		       unsigned int len, unsigned int size)
{
	attr->nla_type = type;
	attr->nla_len = nla_attr_size(len);
	memcpy(nla_data(attr), data, size);
	return nla_data(attr) + size;
}

/**
 * appgw_genl_put_end() - write an endpoint
 * @skb: message
 * @type: attribute that holds the APPGW_END_* ones
 * @ep: endpoint; neither an address nor a port that it hasn't is written
 *
 * Return: 0 or -EMSGSIZE
 */
int appgw_genl_put_end(struct sk_buff *skb, int type, const struct endpoint *ep)
{
	unsigned int addr_len = ep->af == APPGW_AF_NONE ? 0 :
				ep->af == APPGW_AF_IPV4 ? APPGW_ADDR_LEN_IPV4 :
							  APPGW_ADDR_LEN_IPV6;
	const __be16 port[2] = { htons(ep->port) };
	struct nlattr *nest;
	void *at;

	/* at once: most of an event is endpoints */
	nest = nla_reserve(skb, NLA_F_NESTED | type,
			   (addr_len ? NLA_HDRLEN + addr_len : 0) +
			   (ep->port ? NLA_HDRLEN + sizeof(port) : 0));
	if (!nest)
		return -EMSGSIZE;
	at = nla_data(nest);
	if (addr_len)
		at = genl_fill(at, APPGW_END_ADDR, ep->addr, addr_len, addr_len);
	if (ep->port)
		genl_fill(at, APPGW_END_PORT, port, sizeof(port[0]), sizeof(port));
	return 0;
}

/**
 * appgw_genl_put_control() - write both ends of a connection
 * @skb: message
 * @client: attribute for the end that has opened it
 * @server: attribute for the other one
 * @t: its tuple in the original direction
 *
 * Return: 0 or -EMSGSIZE
 */
int appgw_genl_put_control(struct sk_buff *skb, int client, int server,
			   const struct nf_conntrack_tuple *t)
{
	struct endpoint from, to;

	appgw_endpoint(&from, t->src.l3num, &t->src.u3,
		       ntohs(t->src.u.tcp.port));
	appgw_endpoint(&to, t->src.l3num, &t->dst.u3,
		       ntohs(t->dst.u.tcp.port));
	return appgw_genl_put_end(skb, client, &from) ?:
	       appgw_genl_put_end(skb, server, &to);
}
