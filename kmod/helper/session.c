// SPDX-License-Identifier: GPL-2.0-only
/* The state of each control connection: how it is created, found and freed.
 *
 * The helper's own 32 bytes in the conntrack entry are too few for it, so they
 * hold a pointer. Conntrack tells when an entry ends, but not that of a
 * connection from which ctnetlink has taken the helper: what such orphans leave
 * is swept up whenever a namespace has twice the sessions that it had before.
 */

#include <linux/build_bug.h>
#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_seqadj.h>
#include <net/netns/generic.h>

#include "core/event.h"
#include "session.h"
#include "stream/reset.h"

#define SESSION_SHARD_BITS	3

/* As many as a session's number of a round tells apart */
#define SESSION_ROUNDS		16

/* With fewer sessions a namespace isn't swept. */
#define SESSION_SWEEP_MIN	1024

/* How long what is kept may wait for the rest of its line when the module is being
 * unloaded, and how often one looks.
 */
#define SESSION_DRAIN_MS	1000
#define SESSION_DRAIN_STEP_MS	20

/* One part of a registry; a connection belongs to the one its entry's address
 * hashes to. Taken when a connection starts or ends, never a packet.
 */
struct session_shard {
	spinlock_t lock;
	struct hlist_head head;
};

/**
 * struct session_net - the sessions of a namespace
 * @net: the namespace
 * @count: how many there are
 * @sweep_at: sweep when there are more
 * @round: of sweeping, as new sessions bear it
 * @sweep: does it
 * @shards: registry
 */
struct session_net {
	struct net *net;
	atomic_t count;
	unsigned int sweep_at;
	u8 round;
	struct work_struct sweep;
	struct session_shard shards[1 << SESSION_SHARD_BITS];
};

static unsigned int session_net_id __read_mostly;
static struct kmem_cache *session_cache __read_mostly;
static bool session_stopped __read_mostly;

/* The module is being unloaded: no part of a line is kept any more. */
bool appgw_session_draining __read_mostly;

static struct session_net *session_net(const struct net *net)
{
	return net_generic(net, session_net_id);
}

static struct session_shard *session_shard(const struct nf_conn *ct)
{
	struct session_net *sn = session_net(nf_ct_net(ct));

	return &sn->shards[hash_ptr((void *)ct, SESSION_SHARD_BITS)];
}

static struct session_slot *session_slot(const struct nf_conn *ct)
{
	return nfct_help_data(ct);
}

static const struct appgw_session_ops *session_ops(const struct appgw_session *s)
{
	return appgw_session_helper(s)->session;
}

static void session_free(struct appgw_session *s)
{
	const struct appgw_session_ops *ops = session_ops(s);
	int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++)
		appgw_stream_free(&s->stream[i]);
	if (ops->free)
		ops->free(s);
	kmem_cache_free(session_cache, s);
}

static void session_free_rcu(struct rcu_head *head)
{
	session_free(container_of(head, struct appgw_session, rcu));
}

/**
 * appgw_session_find() - the session of a connection, if it is one of ours
 * @ct: any connection; another helper's data are not taken for a session
 *
 * Call under rcu_read_lock(); the session stays until its end.
 *
 * Return: the session, or NULL if it has none
 */
struct appgw_session *appgw_session_find(const struct nf_conn *ct)
{
	const struct nf_conn_help *help = nfct_help(ct);

	if (!help || appgw_helper_number(rcu_dereference(help->helper)) < 0)
		return NULL;
	return appgw_session_of(ct);
}

/* Make a session that nobody can find yet; NULL if there is no memory, or the
 * connection has lost its helper.
 */
static struct appgw_session *session_new(struct nf_conn *ct)
{
	int number =
		appgw_helper_number(rcu_dereference(nfct_help(ct)->helper));
	struct appgw_session *s;

	if (number < 0)
		return NULL;
	s = kmem_cache_zalloc(session_cache, GFP_ATOMIC);
	if (!s)
		return NULL;
	spin_lock_init(&s->lock);
	s->ct = ct;
	s->helper = number;
	if (!session_ops(s)->begin(s))
		return s;
	kmem_cache_free(session_cache, s);
	return NULL;
}

/* Tell, once, that somebody else changes the numbers of @ct, so it can't be helped. */
static void session_shifted(const struct nf_conn *ct, struct session_slot *slot)
{
	struct appgw_event event = {
		.type		= APPGW_EVENT_STOPPED,
		.reason		= APPGW_STAT_STOPPED_SHIFTED,
	};

	if (!xchg(&slot->shifted, true))
		appgw_refuse(ct, &event);
}

/**
 * appgw_session_adopt() - carry out the shift that conntrack has carried out
 * @ct: a connection whose sequence numbers conntrack adjusts
 *
 * A SYN proxy has chosen the server's numbers before it knew them, and from then on
 * conntrack adds what is between. That becomes the base of our own map. To be
 * called before conntrack has asked whether @ct is to be adjusted; a segment that
 * is between the two at this moment on another processor gets a number that no
 * window has, and comes again. Where both would translate, ours was there first and
 * goes on; only root of the namespace can bring that about.
 */
void appgw_session_adopt(struct nf_conn *ct)
{
	const struct nf_conn_seqadj *adj = nfct_seqadj(ct);
	struct appgw_session *s = appgw_session_find(ct);
	int i;

	if (!s || !adj)
		return;
	spin_lock_bh(&s->lock);
	/* the bit is set before the shift is known, both under this lock */
	spin_lock_bh(&ct->lock);
	for (i = 0; i < IP_CT_DIR_MAX; i++)
		if (adj->seq[i].offset_before != adj->seq[i].offset_after ||
		    !seqmap_is_identity(&s->stream[i].map))
			goto out;
	for (i = 0; i < IP_CT_DIR_MAX; i++)
		s->stream[i].map.shift = adj->seq[i].offset_after;
	WRITE_ONCE(session_slot(ct)->resting, false);
	clear_bit(IPS_SEQ_ADJUST_BIT, &ct->status);
out:
	spin_unlock_bh(&ct->lock);
	spin_unlock_bh(&s->lock);
}

/**
 * appgw_session_get() - the session of a connection, created if need be
 * @ct: a confirmed connection that has our helper
 *
 * Only for confirmed connections: conntrack drops the helper data of others
 * without a word when some helper module is unloaded, and the session would
 * be lost with them.
 *
 * A connection whose sequence numbers conntrack adjusts already gets none: the
 * numbers seen here would not be those of both ends. That of a SYN proxy gets
 * its session before, see appgw_session_adopt().
 *
 * Return: the session, or NULL if there is no memory, or @ct is on its way out
 * or not to be helped
 */
struct appgw_session *appgw_session_get(struct nf_conn *ct)
{
	struct session_net *sn = session_net(nf_ct_net(ct));
	struct session_shard *shard = session_shard(ct);
	struct appgw_session *s, *old;
	struct session_slot *slot;

	s = appgw_session_find(ct);
	if (s)
		return s;

	slot = session_slot(ct);
	if (!slot || !nf_ct_is_confirmed(ct))
		return NULL;
	if (test_bit(IPS_SEQ_ADJUST_BIT, &ct->status)) {
		session_shifted(ct, slot);
		return NULL;
	}

	s = session_new(ct);
	if (!s)
		return NULL;

	spin_lock_bh(&shard->lock);
	old = slot->s;
	/* Under the lock that destroy takes: either it is still to come and
	 * will find this session, or the entry says that it is dying.
	 */
	if (!old && !READ_ONCE(session_stopped) && !nf_ct_is_dying(ct)) {
		s->round = READ_ONCE(sn->round);
		hlist_add_head(&s->node, &shard->head);
		if (session_ops(s)->list)
			session_ops(s)->list(s);
		/* complete, for readers that find it without a lock */
		smp_store_release(&slot->s, s);
		spin_unlock_bh(&shard->lock);
		if (atomic_inc_return(&sn->count) > READ_ONCE(sn->sweep_at))
			schedule_work(&sn->sweep);
		return s;
	}
	spin_unlock_bh(&shard->lock);

	session_free(s);
	return old;
}

/* End a session. Its own lock isn't taken: conntrack may end one connection while a
 * packet of another holds that one's.
 */
static void session_end(struct session_net *sn, struct appgw_session *s)
{
	const struct appgw_session_ops *ops = session_ops(s);

	hlist_del(&s->node);
	atomic_dec(&sn->count);
	if (ops->unlist)
		ops->unlist(s);
	if (ops->strip)
		ops->strip(sn->net, s);
	call_rcu(&s->rcu, session_free_rcu);
}

/* Tell if something is kept of @s that its sender believes delivered. It may be
 * about to go on, on another processor.
 */
static bool session_is_holding(const struct appgw_session *s)
{
	return stream_is_holding(&s->stream[IP_CT_DIR_ORIGINAL]) ||
	       stream_is_holding(&s->stream[IP_CT_DIR_REPLY]);
}

static void session_unlink(struct nf_conn *ct, struct session_slot *slot)
{
	struct appgw_session *s = slot->s;

	WRITE_ONCE(slot->s, NULL);
	WRITE_ONCE(slot->unsteered, false);
	WRITE_ONCE(slot->resting, false);
	session_end(session_net(nf_ct_net(ct)), s);
}

/* End the session of a connection that has to do without us from now on. */
static void session_abandon(struct nf_conn *ct, struct session_slot *slot)
{
	if (session_is_holding(slot->s)) {
		appgw_stat_inc(nf_ct_net(ct), APPGW_STAT_RESET);
		appgw_reset(ct, slot->s->stream);
	}
	session_unlink(ct, slot);
}

/* Tell if both ends have agreed to begin at these numbers, the last time. */
static bool session_has_begun(const struct session_slot *slot, u32 client,
			      u32 server)
{
	return READ_ONCE(slot->begun) && READ_ONCE(slot->client) == client &&
	       READ_ONCE(slot->server) == server;
}

/* Close what @ct has open, while its entry lives on. */
static void session_close(struct appgw_session *s, struct nf_conn *ct)
{
	spin_lock_bh(&s->lock);
	session_ops(s)->close(s, ct);
	spin_unlock_bh(&s->lock);
}

/**
 * appgw_session_begin() - both ends have agreed where their streams begin
 * @ct: a confirmed connection that has our helper
 * @client: client's number of its first byte, host byte order
 * @server: the server's
 *
 * With other numbers than those before it is another connection in the same entry:
 * nothing of the former one counts any more, and what it had open is closed.
 *
 * Return: as appgw_session_get()
 */
struct appgw_session *appgw_session_begin(struct nf_conn *ct, u32 client,
					  u32 server)
{
	struct session_shard *shard = session_shard(ct);
	struct nf_conn_seqadj *adj = nfct_seqadj(ct);
	struct session_slot *slot = session_slot(ct);
	struct appgw_session *s = appgw_session_of(ct);
	bool anew = false;

	if (!slot)
		return NULL;
	/* nobody takes a session's lock under a shard's */
	if (s && !session_has_begun(slot, client, server))
		session_close(s, ct);
	spin_lock_bh(&shard->lock);
	if (!session_has_begun(slot, client, server)) {
		anew = slot->s;
		WRITE_ONCE(slot->begun, true);
		WRITE_ONCE(slot->client, client);
		WRITE_ONCE(slot->server, server);
		if (anew)
			session_unlink(ct, slot);
	}
	spin_unlock_bh(&shard->lock);
	if (anew && adj && !test_bit(IPS_SEQ_ADJUST_BIT, &ct->status)) {
		spin_lock_bh(&ct->lock);
		memset(adj->seq, 0, sizeof(adj->seq));
		spin_unlock_bh(&ct->lock);
	}
	return appgw_session_get(ct);
}

/* Tell if a segment would go on as it is, if it is read no more: so it is for good, unless
 * conntrack's own shift is adopted.
 */
static bool session_is_resting(const struct appgw_session *s)
{
	const struct stream *st;

	for (st = s->stream; st < s->stream + IP_CT_DIR_MAX; st++)
		if (!st->off || !st->seen || !seqmap_is_identity(&st->map))
			return false;
	return !READ_ONCE(s->bar);
}

/**
 * appgw_session_rest() - no segment of a connection is for the daemon to see any more
 * @ct: connection
 * @s: its session, not locked
 *
 * Where its streams are kept as they are as well, nobody looks at the session from now
 * on. While something is kept of it, nothing happens.
 */
void appgw_session_rest(struct nf_conn *ct, struct appgw_session *s)
{
	struct session_shard *shard = session_shard(ct);
	struct session_slot *slot = session_slot(ct);

	spin_lock_bh(&s->lock);
	spin_lock(&shard->lock);
	/* another may have taken its place */
	if (slot && slot->s == s && !s->stream[IP_CT_DIR_ORIGINAL].hold &&
	    !s->stream[IP_CT_DIR_REPLY].hold) {
		WRITE_ONCE(slot->resting, session_is_resting(s));
		WRITE_ONCE(slot->unsteered, true);
	}
	spin_unlock(&shard->lock);
	spin_unlock_bh(&s->lock);
}

/**
 * appgw_session_destroy() - end a connection's session: conntrack's destroy callback
 * @ct: dying connection
 */
void appgw_session_destroy(struct nf_conn *ct)
{
	struct session_shard *shard = session_shard(ct);
	struct session_slot *slot = session_slot(ct);

	spin_lock_bh(&shard->lock);
	if (slot && slot->s)
		session_abandon(ct, slot);
	spin_unlock_bh(&shard->lock);
}

/* Mark that a connection has its session still. */
static int session_mark(struct nf_conn *ct, void *data)
{
	const struct session_net *sn = data;
	struct appgw_session *s;

	rcu_read_lock();
	s = appgw_session_find(ct);
	/* nobody else writes to the byte that it is in */
	if (s)
		s->round = sn->round;
	rcu_read_unlock();
	return 0;
}

static void session_sweep_shard(struct session_net *sn,
				struct session_shard *shard)
{
	struct appgw_session *s;
	struct hlist_node *next;

	spin_lock_bh(&shard->lock);
	hlist_for_each_entry_safe(s, next, &shard->head, node)
		if (s->round != sn->round)
			session_end(sn, s);
	spin_unlock_bh(&shard->lock);
}

/* End the sessions that have not been marked in this round. */
static void session_sweep_marked(struct session_net *sn)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(sn->shards); i++)
		session_sweep_shard(sn, &sn->shards[i]);
}

static void session_next_round(struct session_net *sn)
{
	WRITE_ONCE(sn->round, (sn->round + 1) % SESSION_ROUNDS);
}

static void session_mark_all(struct session_net *sn)
{
	const struct nf_ct_iter_data all = { .net = sn->net, .data = sn };

	nf_ct_iterate_cleanup_net(session_mark, &all);
}

/* Free the sessions that no connection has any more. One that comes meanwhile
 * bears the new round; nobody deals with an orphan any more once a grace period
 * has passed since its connection was seen without it.
 */
static void session_sweep(struct session_net *sn)
{
	session_next_round(sn);
	synchronize_rcu();
	session_mark_all(sn);
	synchronize_rcu();
	session_sweep_marked(sn);
	WRITE_ONCE(sn->sweep_at, max(2 * atomic_read(&sn->count),
				     SESSION_SWEEP_MIN));
}

static void session_sweep_work(struct work_struct *work)
{
	session_sweep(container_of(work, struct session_net, sweep));
}

static int __net_init session_net_init(struct net *net)
{
	struct session_net *sn = session_net(net);
	int i;

	sn->net = net;
	sn->sweep_at = SESSION_SWEEP_MIN;
	INIT_WORK(&sn->sweep, session_sweep_work);
	for (i = 0; i < ARRAY_SIZE(sn->shards); i++) {
		spin_lock_init(&sn->shards[i].lock);
		INIT_HLIST_HEAD(&sn->shards[i].head);
	}
	return 0;
}

/* Take what a namespace's sessions have in others' tables away: the tables go. */
static void session_strip(struct session_net *sn)
{
	struct appgw_session *s;
	int i;

	for (i = 0; i < ARRAY_SIZE(sn->shards); i++) {
		spin_lock_bh(&sn->shards[i].lock);
		hlist_for_each_entry(s, &sn->shards[i].head, node)
			if (session_ops(s)->strip)
				session_ops(s)->strip(sn->net, s);
		spin_unlock_bh(&sn->shards[i].lock);
	}
}

/* End the sessions of namespaces. No packet comes any more, but conntrack has yet
 * to end its connections, and finds their sessions here until all have left the
 * namespaces. All of those that end together wait once, and those that had no
 * session don't.
 */
static void __net_exit session_net_exit_batch(struct list_head *nets)
{
	struct session_net *sn;
	bool used = false;
	struct net *net;

	list_for_each_entry(net, nets, exit_list) {
		sn = session_net(net);
		cancel_work_sync(&sn->sweep);
		session_next_round(sn);
		used |= atomic_read(&sn->count);
	}
	if (!used)
		return;
	synchronize_rcu();
	list_for_each_entry(net, nets, exit_list)
		if (atomic_read(&session_net(net)->count))
			session_mark_all(session_net(net));
	synchronize_rcu();
	list_for_each_entry(net, nets, exit_list) {
		session_sweep_marked(session_net(net));
		session_strip(session_net(net));
	}
}

static struct pernet_operations session_net_ops = {
	.init	= session_net_init,
	.exit_batch = session_net_exit_batch,
	.id	= &session_net_id,
	.size	= sizeof(struct session_net),
};

/**
 * appgw_session_init() - be ready for sessions, in every namespace
 *
 * Return: 0 or -errno
 */
int appgw_session_init(void)
{
	int ret;

	/* lock debugging makes a spinlock many times its size */
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_DEBUG_SPINLOCK) &&
		     sizeof(struct appgw_session) > SESSION_SIZE_MAX);
	BUILD_BUG_ON(sizeof(struct session_slot) >
		     sizeof_field(struct nf_conn_help, data));

	session_cache = KMEM_CACHE(appgw_session, 0);
	if (!session_cache)
		return -ENOMEM;

	ret = register_pernet_subsys(&session_net_ops);
	if (ret)
		kmem_cache_destroy(session_cache);
	return ret;
}

/* Let no packet of the connection pass from now on. */
static int session_freeze(struct nf_conn *ct, void *data)
{
	struct appgw_session *s;

	rcu_read_lock();
	s = appgw_session_find(ct);
	if (s)
		WRITE_ONCE(s->bar, SESSION_FROZEN);
	rcu_read_unlock();
	return 0;
}

/* Let conntrack go on with the shift that the streams have reached. */
static int session_hand_over(struct nf_conn *ct, void *data)
{
	struct session_shard *shard = session_shard(ct);
	struct appgw_session *s;
	int i;

	rcu_read_lock();
	spin_lock_bh(&shard->lock);
	s = appgw_session_find(ct);
	if (s) {
		/* without a place for the shift nothing was shifted */
		for (i = 0; nfct_seqadj(ct) && i < IP_CT_DIR_MAX; i++)
			if (!seqmap_is_identity(&s->stream[i].map))
				set_bit(IPS_SEQ_ADJUST_BIT, &ct->status);
		session_abandon(ct, session_slot(ct));
	}
	spin_unlock_bh(&shard->lock);
	rcu_read_unlock();
	return 0;
}

/* Tell if something is kept of any connection in this part of a registry. */
static bool session_shard_is_holding(struct session_shard *shard)
{
	struct appgw_session *s;
	bool holding = false;

	spin_lock_bh(&shard->lock);
	hlist_for_each_entry(s, &shard->head, node)
		holding |= session_is_holding(s);
	spin_unlock_bh(&shard->lock);
	return holding;
}

static bool session_any_is_holding(void)
{
	bool holding = false;
	struct net *net;
	int i;

	rcu_read_lock();
	for_each_net_rcu(net) {
		struct session_net *sn = session_net(net);

		for (i = 0; i < ARRAY_SIZE(sn->shards); i++)
			holding |= session_shard_is_holding(&sn->shards[i]);
	}
	rcu_read_unlock();
	return holding;
}

/* Keep nothing new, and give what is kept a while to go on. */
static void session_drain(void)
{
	unsigned int waited_ms = 0;

	WRITE_ONCE(appgw_session_draining, true);
	synchronize_rcu();
	while (waited_ms < SESSION_DRAIN_MS && session_any_is_holding()) {
		msleep(SESSION_DRAIN_STEP_MS);
		waited_ms += SESSION_DRAIN_STEP_MS;
	}
}

/**
 * appgw_session_stop() - take every connection's session away, for good
 *
 * Before the helper is unregistered: from then on nobody says when an entry
 * dies, and on kernels that keep helpers on the heap the entries keep theirs.
 *
 * No packet may have its numbers translated both here and by conntrack, so for
 * the moment between the two none passes; the peers send them again.
 */
void appgw_session_stop(void)
{
	session_drain();
	WRITE_ONCE(session_stopped, true);
	synchronize_rcu();
	nf_ct_iterate_destroy(session_freeze, NULL);
	synchronize_rcu();
	nf_ct_iterate_destroy(session_hand_over, NULL);
}

/**
 * appgw_session_exit() - free what is left of the sessions
 *
 * To be called after appgw_session_stop() and appgw_helper_exit().
 */
void appgw_session_exit(void)
{
	unregister_pernet_subsys(&session_net_ops);
	rcu_barrier();
	kmem_cache_destroy(session_cache);
}
