// SPDX-License-Identifier: GPL-2.0-only
/* The helpers of all protocols, one row each, and how conntrack knows them. Which
 * there are is said by protocols/protocols.c.
 */

#include <linux/module.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_seqadj.h>

#include "core/compat.h"
#include "core/event.h"
#include "helper.h"

#define HELPER_FAMILIES		2	/* IPv4 and IPv6 */
#define HELPER_OWN_MAX \
	(APPGW_HELPERS_MAX * HELPER_TRANSPORTS * HELPER_FAMILIES)

static const struct appgw_helper *const *helper_rows __read_mostly;
static unsigned int helper_count __read_mostly;

/* As conntrack knows them: those of a row and transport for IPv4 and IPv6 are
 * neighbours, the first of which is at @helper_first; @helper_row_of is the row.
 */
static struct nf_conntrack_helper helper_own[HELPER_OWN_MAX];
static struct nf_conntrack_helper *helper_registered[HELPER_OWN_MAX] __read_mostly;
static u8 helper_row_of[HELPER_OWN_MAX] __read_mostly;
static u8 helper_first[APPGW_HELPERS_MAX][HELPER_TRANSPORTS] __read_mostly;
static unsigned int helper_registered_count __read_mostly;

/* Ports that a row or one of the kernel's own helpers has; see helper_has_port() */
unsigned long appgw_helper_ports[HELPER_TRANSPORTS]
				[BITS_TO_LONGS(HELPER_PORT_BITS)] __read_mostly;

/**
 * appgw_helper_count() - count the rows
 *
 * Return: number of rows
 */
unsigned int appgw_helper_count(void)
{
	return helper_count;
}

/**
 * appgw_helper_row() - find a row by its number
 * @number: its place in the table, below appgw_helper_count()
 *
 * Return: row
 */
const struct appgw_helper *appgw_helper_row(unsigned int number)
{
	return helper_rows[number];
}

/**
 * appgw_helper_has_transport() - tell if any protocol is spoken by a transport
 * @protonum: transport, IPPROTO_TCP and so on
 *
 * Return: true if so
 */
bool appgw_helper_has_transport(u8 protonum)
{
	unsigned int i, transport = helper_transport(protonum);

	for (i = 0; i < helper_count; i++)
		if (helper_rows[i]->transports & BIT(transport))
			return true;
	return false;
}

/**
 * appgw_helper_add_port() - have helper_has_port() find a port
 * @protonum: transport, IPPROTO_TCP or IPPROTO_UDP
 * @port: host byte order
 *
 * To be called before there are connections that ask.
 */
void appgw_helper_add_port(u8 protonum, u16 port)
{
	__set_bit(helper_port_bit(port),
		  appgw_helper_ports[helper_transport(protonum)]);
}

/**
 * appgw_helper_number() - find the row of a connection's helper
 * @helper: helper, anybody's; may be NULL
 *
 * Return: the row's number, or -1 if it is none of ours
 */
int appgw_helper_number(const struct nf_conntrack_helper *helper)
{
	unsigned int i;

	if (!helper)
		return -1;
	for (i = 0; i < helper_registered_count; i++)
		if (helper == helper_registered[i])
			return helper_row_of[i];
	return -1;
}

/**
 * appgw_helper_assign() - give a connection a helper
 * @ct: connection without a helper, not confirmed yet
 * @number: row that has its transport
 *
 * Return: true if it has the helper now
 */
bool appgw_helper_assign(struct nf_conn *ct, unsigned int number)
{
	struct nf_conn_help *help = nf_ct_helper_ext_add(ct, GFP_ATOMIC);
	struct nf_conntrack_helper *helper;

	helper = helper_registered[helper_first[number]
				   [helper_transport(nf_ct_protonum(ct))] +
				   (nf_ct_l3num(ct) == NFPROTO_IPV6)];
	if (!help || !appgw_helper_hold(helper))
		return false;
	rcu_assign_pointer(help->helper, helper);
	return true;
}

/**
 * appgw_helper_begin() - a connection has been given our helper
 * @ct: connection, not confirmed yet
 *
 * Where a line is rewritten the stream may change its length. NAT adds what that needs
 * for helpers that it knew of in time.
 */
void appgw_helper_begin(struct nf_conn *ct)
{
	if (nf_ct_protonum(ct) == IPPROTO_TCP && !nfct_seqadj(ct))
		nfct_seqadj_ext_add(ct);
	appgw_stat_inc(nf_ct_net(ct), APPGW_STAT_ATTACHED);
}

/**
 * appgw_helper_inherit() - give a connection the helper of the one that has expected it
 * @ct: connection without a helper, not confirmed yet
 * @master: the other one
 *
 * Unless nobody would help it, as for one that comes by itself.
 */
void appgw_helper_inherit(struct nf_conn *ct, const struct nf_conn *master)
{
	unsigned int transport = helper_transport(nf_ct_protonum(ct));
	const struct nf_conn_help *help = nfct_help(master);
	const struct appgw_helper *row;
	int number;

	number = help ? appgw_helper_number(rcu_dereference(help->helper)) : -1;
	if (number < 0)
		return;
	row = helper_rows[number];
	if (row->transports & BIT(transport) &&
	    (!row->is_wanted || row->is_wanted(row, nf_ct_net(ct))) &&
	    appgw_helper_assign(ct, number))
		appgw_helper_begin(ct);
}

/**
 * appgw_helper_policy_changed() - tell the protocols of a policy
 * @net: namespace
 * @policy: about to be put into force, or NULL at the namespace's end
 *
 * Return: 0, or -errno if it can't be
 */
int appgw_helper_policy_changed(struct net *net,
				const struct appgw_policy *policy)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; !ret && i < helper_count; i++)
		if (helper_rows[i]->policy_changed)
			ret = helper_rows[i]->policy_changed(net, policy);
	return ret;
}

/**
 * appgw_helper_why() - translate a scanner's reason
 * @why: not SCAN_WHY_NONE
 * @from_client: what it is about came from the client
 *
 * Return: the counter of it
 */
enum appgw_stat appgw_helper_why(enum scan_why why, bool from_client)
{
	static const enum appgw_stat stat[] = {
		[SCAN_WHY_NONE]		= APPGW_STAT_FAILED,
		[SCAN_WHY_MALFORMED]	= APPGW_STAT_REFUSED_MALFORMED,
		[SCAN_WHY_UNSOLICITED]	= APPGW_STAT_REFUSED_UNSOLICITED,
		[SCAN_WHY_NO_LOGIN]	= APPGW_STAT_REFUSED_LOGIN,
		[SCAN_WHY_EPSV_ALL]	= APPGW_STAT_REFUSED_EPSV_ALL,
		[SCAN_WHY_FORBIDDEN]	= APPGW_STAT_REFUSED_CALL,
		[SCAN_WHY_CLIENT_FIRST]	= APPGW_STAT_STOPPED_CLIENT_FIRST,
		[SCAN_WHY_NOT_SERVER]	= APPGW_STAT_STOPPED_NOT_SERVER,
		[SCAN_WHY_NOT_CLIENT]	= APPGW_STAT_STOPPED_NOT_CLIENT,
		[SCAN_WHY_TLS]		= APPGW_STAT_STOPPED_TLS,
		[SCAN_WHY_NONSENSE]	= APPGW_STAT_STOPPED_NOT_SERVER,
		[SCAN_WHY_HTTP]		= APPGW_STAT_STOPPED_NOT_CLIENT,
		[SCAN_WHY_TUNNEL]	= APPGW_STAT_RELEASED,
		[SCAN_WHY_BODY]		= APPGW_STAT_RELEASED,
		[SCAN_WHY_DONE]		= APPGW_STAT_RELEASED,
	};

	if (why == SCAN_WHY_NONSENSE && from_client)
		return APPGW_STAT_STOPPED_NOT_CLIENT;
	return stat[why];
}

/**
 * appgw_helper_name() - name a connection's protocol, for events
 * @ct: connection
 *
 * Return: a constant; NULL if it has no helper, or somebody else's
 */
const char *appgw_helper_name(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);
	const char *name = NULL;
	int number;

	rcu_read_lock();
	number = help ? appgw_helper_number(rcu_dereference(help->helper)) : -1;
	if (number >= 0)
		name = appgw_helper_row(number)->name;
	rcu_read_unlock();
	return name;
}

/**
 * appgw_refuse() - count that something isn't done, and tell of it
 * @ct: connection that it is about
 * @event: what isn't done, @event.reason being the counter; @event.control is set
 *	here, and so is @event.helper if nobody has
 */
void appgw_refuse(const struct nf_conn *ct, struct appgw_event *event)
{
	event->control = ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple;
	if (!event->helper)
		event->helper = appgw_helper_name(ct);
	appgw_stat_inc(nf_ct_net(ct), event->reason);
	appgw_event_send(nf_ct_net(ct), event);
}

/**
 * appgw_helper_table() - make the table of protocols known
 * @rows: rows; ports are looked up in the last one first
 * @count: how many, at most APPGW_HELPERS_MAX
 *
 * To be called before anything else of this file.
 */
void appgw_helper_table(const struct appgw_helper *const *rows,
			unsigned int count)
{
	helper_rows = rows;
	helper_count = count;
}

/* Fill in what conntrack is to know of a row and a transport of it. */
static void helper_add(unsigned int number, unsigned int transport,
		       void (*destroy)(struct nf_conn *ct))
{
	static const u16 family[HELPER_FAMILIES] = { AF_INET, AF_INET6 };
	static const u8 protonum[HELPER_TRANSPORTS] = { IPPROTO_TCP, IPPROTO_UDP };
	const struct appgw_helper *row = helper_rows[number];
	char name[NF_CT_HELPER_NAME_LEN];
	unsigned int i, at;

	snprintf(name, sizeof(name), "appgw-%s", row->name);
	helper_first[number][transport] = helper_registered_count;
	for (i = 0; i < HELPER_FAMILIES; i++) {
		at = helper_registered_count++;
		helper_row_of[at] = number;
		/* The port of this tuple plays no part in assigning helpers any
		 * more, but no two may have the same: those that nobody else has.
		 * 0 is that of helpers in user space.
		 */
		nf_ct_helper_init(&helper_own[at], family[i],
				  protonum[transport], name, number + 1,
				  number + 1, 0, &row->expect, 0, row->help, NULL,
				  THIS_MODULE);
		helper_own[at].destroy = destroy;
	}
}

/* Note that a row's ports are to be looked at. */
static void helper_add_ports(const struct appgw_port_list *ports,
			     unsigned long *bits)
{
	unsigned int i, port;

	for (i = 0; i < ports->count; i++)
		for (port = ports->range[i].lo; port <= ports->range[i].hi;
		     port++)
			__set_bit(helper_port_bit(port), bits);
}

/**
 * appgw_helper_init() - have conntrack know the helpers
 * @destroy: conntrack's callback for the end of a connection
 *
 * Return: 0 or -errno
 */
int appgw_helper_init(void (*destroy)(struct nf_conn *ct))
{
	unsigned int i, t;

	for (i = 0; i < helper_count; i++) {
		for (t = 0; t < HELPER_TRANSPORTS; t++) {
			if (!(helper_rows[i]->transports & BIT(t)))
				continue;
			helper_add(i, t, destroy);
			helper_add_ports(helper_rows[i]->ports,
					 appgw_helper_ports[t]);
		}
	}
	return appgw_helpers_register(helper_own, helper_registered_count,
				      helper_registered);
}

/**
 * appgw_helper_exit() - have conntrack forget the helpers
 *
 * To be called after the sessions have gone.
 */
void appgw_helper_exit(void)
{
	appgw_helpers_unregister(helper_registered, helper_registered_count);
}
