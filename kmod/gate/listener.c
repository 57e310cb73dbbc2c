// SPDX-License-Identifier: GPL-2.0-only
/* Listeners: the daemons that answer for a protocol, in each namespace. One
 * protocol has one, and one queue belongs to one.
 */

#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/netlink.h>
#include <net/netns/generic.h>

#include "appgw/protocol.h"
#include "core/net.h"
#include "listener.h"

/**
 * struct listener_net - listeners of a namespace
 * @by_proto: whom segments go to; one listener may stand there several times
 * @expected: protocols, as bits, that somebody has listened for and not taken
 *	leave of
 * @steered: the hooks are there that queue segments
 */
struct listener_net {
	struct appgw_listener __rcu *by_proto[APPGW_PROTOCOLS_COUNT];
	u32 expected;
	bool steered;
};

static unsigned int listener_net_id __read_mostly;

/* What queues segments for the listeners of a namespace, or ends doing so */
static int (*listener_hook)(struct net *net) __read_mostly;
static void (*listener_unhook)(struct net *net) __read_mostly;

/* Orders listeners that come and go, in any namespace. */
static DEFINE_MUTEX(listener_mutex);

static struct appgw_listener *listener_locked(struct listener_net *ln,
					      unsigned int proto)
{
	return rcu_dereference_protected(ln->by_proto[proto],
					 lockdep_is_held(&listener_mutex));
}

/**
 * appgw_listener() - find the daemon that answers for a protocol
 * @net: namespace
 * @proto: enum appgw_protocol
 *
 * Call under rcu_read_lock().
 *
 * Return: listener, or NULL
 */
const struct appgw_listener *appgw_listener(const struct net *net,
					    unsigned int proto)
{
	struct listener_net *ln = net_generic(net, listener_net_id);

	return rcu_dereference(ln->by_proto[proto]);
}

/**
 * appgw_listener_slot() - find where the daemon of a protocol is found
 * @net: namespace
 * @proto: enum appgw_protocol
 *
 * Return: pointer that is valid for as long as the namespace has connections
 */
struct appgw_listener __rcu **appgw_listener_slot(const struct net *net,
						  unsigned int proto)
{
	struct listener_net *ln = net_generic(net, listener_net_id);

	return &ln->by_proto[proto];
}

/**
 * appgw_listener_is_expected() - tell if a daemon answers, or will be back
 * @net: namespace
 * @proto: enum appgw_protocol
 *
 * Return: true if so
 */
bool appgw_listener_is_expected(const struct net *net, unsigned int proto)
{
	struct listener_net *ln = appgw_net_generic(net, listener_net_id);

	return READ_ONCE(ln->expected) & BIT(proto);
}

/* Take the listener with @portid away; return the protocols that it answered
 * for, as bits.
 */
static u32 listener_remove(struct listener_net *ln, u32 portid)
{
	struct appgw_listener *l, *last = NULL;
	u32 protos = 0;
	int i;

	lockdep_assert_held(&listener_mutex);

	for (i = 0; i < APPGW_PROTOCOLS_COUNT; i++) {
		l = listener_locked(ln, i);
		if (!l || l->portid != portid)
			continue;
		RCU_INIT_POINTER(ln->by_proto[i], NULL);
		protos |= BIT(i);
		last = l;
	}
	if (last)
		kfree_rcu(last, rcu);
	return protos;
}

static int listener_check(struct listener_net *ln,
			  const struct appgw_listener *new,
			  struct netlink_ext_ack *extack)
{
	const struct appgw_listener *l;
	int i;

	for (i = 0; i < APPGW_PROTOCOLS_COUNT; i++) {
		l = listener_locked(ln, i);
		if (!l || l->portid == new->portid)
			continue;
		if (new->protos & BIT(i)) {
			NL_SET_ERR_MSG(extack,
				       "the helper has a listener already");
			return -EBUSY;
		}
		if (new->queue < l->queue + l->queues &&
		    l->queue < new->queue + new->queues) {
			NL_SET_ERR_MSG(extack,
				       "the queue has a listener already");
			return -EBUSY;
		}
	}
	return 0;
}

/**
 * appgw_listener_add() - somebody listens from now on
 * @net: namespace
 * @l: who, copied; takes the place of the same socket's earlier one
 * @extack: says why not
 *
 * Return: 0, or -EBUSY if another socket has one of the protocols or queues,
 * or -errno
 */
int appgw_listener_add(struct net *net, const struct appgw_listener *l,
		       struct netlink_ext_ack *extack)
{
	struct listener_net *ln = net_generic(net, listener_net_id);
	struct appgw_listener *new;
	u32 former;
	int ret, i;

	new = kmemdup(l, sizeof(*l), GFP_KERNEL);
	if (!new)
		return -ENOMEM;

	mutex_lock(&listener_mutex);
	ret = listener_check(ln, new, extack);
	/* They stay until the namespace or the module goes: to take hooks away
	 * would drop all that waits in any queue.
	 */
	if (!ret && !ln->steered) {
		ret = listener_hook(net);
		ln->steered = !ret;
	}
	if (!ret) {
		former = listener_remove(ln, new->portid);
		for (i = 0; i < APPGW_PROTOCOLS_COUNT; i++)
			if (new->protos & BIT(i))
				rcu_assign_pointer(ln->by_proto[i], new);
		WRITE_ONCE(ln->expected,
			   (ln->expected & ~former) | new->protos);
	}
	mutex_unlock(&listener_mutex);
	if (ret)
		kfree(new);
	return ret;
}

/**
 * appgw_listener_leave() - somebody ends, and nobody comes in its place
 * @net: namespace
 * @portid: its netlink port; nothing happens if it listens to nothing
 */
void appgw_listener_leave(const struct net *net, u32 portid)
{
	struct listener_net *ln = net_generic(net, listener_net_id);

	mutex_lock(&listener_mutex);
	WRITE_ONCE(ln->expected, ln->expected & ~listener_remove(ln, portid));
	mutex_unlock(&listener_mutex);
}

/* Forget a listener whose netlink socket has been closed. */
static int listener_notify(struct notifier_block *nb, unsigned long event,
			   void *data)
{
	const struct netlink_notify *n = data;
	struct listener_net *ln;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	ln = net_generic(n->net, listener_net_id);
	mutex_lock(&listener_mutex);
	listener_remove(ln, n->portid);
	mutex_unlock(&listener_mutex);
	return NOTIFY_DONE;
}

static struct notifier_block listener_notifier = {
	.notifier_call	= listener_notify,
};

static void __net_exit listener_net_exit(struct net *net)
{
	struct listener_net *ln = net_generic(net, listener_net_id);
	struct appgw_listener *l;
	int i;

	mutex_lock(&listener_mutex);
	for (i = 0; i < APPGW_PROTOCOLS_COUNT; i++) {
		l = listener_locked(ln, i);
		if (l)
			listener_remove(ln, l->portid);
	}
	if (ln->steered)
		listener_unhook(net);
	mutex_unlock(&listener_mutex);
}

static struct pernet_operations listener_net_ops = {
	.exit	= listener_net_exit,
	.id	= &listener_net_id,
	.size	= sizeof(struct listener_net),
};

/**
 * appgw_listener_init() - be ready for listeners
 * @hook: begin to queue segments in a namespace; 0 or -errno
 * @unhook: the opposite, at the namespace's end
 *
 * Return: 0 or -errno
 */
int appgw_listener_init(int (*hook)(struct net *net),
			void (*unhook)(struct net *net))
{
	int ret;

	listener_hook = hook;
	listener_unhook = unhook;

	ret = register_pernet_subsys(&listener_net_ops);
	if (ret)
		return ret;
	ret = netlink_register_notifier(&listener_notifier);
	if (ret)
		unregister_pernet_subsys(&listener_net_ops);
	return ret;
}

/**
 * appgw_listener_exit() - hear of listeners no more
 */
void appgw_listener_exit(void)
{
	netlink_unregister_notifier(&listener_notifier);
	unregister_pernet_subsys(&listener_net_ops);
}
