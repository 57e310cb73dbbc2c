// SPDX-License-Identifier: GPL-2.0-only
/* The state of each control connection: who creates it, finds it, frees it.
 *
 * The helper's own 32 bytes in the conntrack entry are too few for it, so they
 * hold a pointer. The registry exists for the module's end alone: conntrack
 * entries outlive the module, and it does not always tell when one ends.
 */

#include <linux/build_bug.h>
#include <linux/hash.h>
#include <linux/slab.h>
#include <net/netfilter/nf_conntrack_core.h>

#include "ftp.h"
#include "ftps.h"
#include "pinhole.h"
#include "session.h"

#define SESSION_SHARD_BITS	6

/* One part of the registry; a connection belongs to the one its entry's
 * address hashes to. Taken when a connection starts or ends, never a packet.
 */
struct session_shard {
	spinlock_t lock;
	struct hlist_head head;
} ____cacheline_aligned_in_smp;

static struct session_shard session_shards[1 << SESSION_SHARD_BITS];
static struct kmem_cache *session_cache __read_mostly;
static bool session_stopped __read_mostly;

static struct session_shard *session_shard(const struct nf_conn *ct)
{
	return &session_shards[hash_ptr((void *)ct, SESSION_SHARD_BITS)];
}

static struct appgw_session **session_slot(const struct nf_conn *ct)
{
	return nfct_help_data(ct);
}

static void session_free_rcu(struct rcu_head *head)
{
	struct appgw_session *s = container_of(head, struct appgw_session, rcu);
	int i;

	for (i = 0; i < IP_CT_DIR_MAX; i++)
		appgw_stream_free(&s->stream[i]);
	kmem_cache_free(session_cache, s);
}

/* stream.c's memory for tails. */
void *appgw_hold_alloc(void)
{
	return kmalloc(STREAM_HOLD_MAX, GFP_ATOMIC);
}

void appgw_hold_free(void *hold)
{
	kfree(hold);
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

	if (!help || !appgw_ftp_is_helper(rcu_dereference(help->helper)))
		return NULL;
	return READ_ONCE(*session_slot(ct));
}

/**
 * appgw_session_get() - the session of a connection, created if need be
 * @ct: a confirmed connection that has our helper
 *
 * Only for confirmed connections: conntrack drops the helper data of others
 * without a word when some helper module is unloaded, and the session would
 * be lost with them.
 *
 * A connection whose sequence numbers conntrack adjusts already gets none: it
 * is SYNPROXY's, or was ours before the module was unloaded, and the numbers
 * seen here would not be those of both ends.
 *
 * Return: the session, or NULL if there is no memory, or @ct is on its way out
 * or not to be helped
 */
struct appgw_session *appgw_session_get(struct nf_conn *ct)
{
	struct session_shard *shard = session_shard(ct);
	struct appgw_session *s, *old;
	struct appgw_session **slot;

	s = appgw_session_find(ct);
	if (s)
		return s;

	slot = session_slot(ct);
	if (!slot || !nf_ct_is_confirmed(ct) ||
	    test_bit(IPS_SEQ_ADJUST_BIT, &ct->status))
		return NULL;

	s = kmem_cache_zalloc(session_cache, GFP_ATOMIC);
	if (!s)
		return NULL;
	spin_lock_init(&s->lock);
	s->ct = ct;

	spin_lock_bh(&shard->lock);
	old = *slot;
	/* Under the lock that destroy takes: either it is still to come and
	 * will find this session, or the entry says that it is dying.
	 */
	if (!old && !READ_ONCE(session_stopped) && !nf_ct_is_dying(ct)) {
		hlist_add_head(&s->node, &shard->head);
		WRITE_ONCE(*slot, s);
		spin_unlock_bh(&shard->lock);
		return s;
	}
	spin_unlock_bh(&shard->lock);

	kmem_cache_free(session_cache, s);
	return old;
}

/* Never takes the session's own lock: conntrack may end one connection while a
 * packet of another holds that one's.
 */
static void session_unlink(struct appgw_session *s)
{
	WRITE_ONCE(*session_slot(s->ct), NULL);
	hlist_del(&s->node);
	appgw_pinhole_forget(s, APPGW_STAT_CLOSED);
	appgw_ftps_leave(s);
	call_rcu(&s->rcu, session_free_rcu);
}

/* The helper's destroy callback: @ct is dying. */
void appgw_session_destroy(struct nf_conn *ct)
{
	struct session_shard *shard = session_shard(ct);
	struct appgw_session **slot = session_slot(ct);

	spin_lock_bh(&shard->lock);
	if (slot && *slot)
		session_unlink(*slot);
	spin_unlock_bh(&shard->lock);
}

int appgw_session_init(void)
{
	int i;

	/* lock debugging makes a spinlock many times its size */
	BUILD_BUG_ON(!IS_ENABLED(CONFIG_DEBUG_SPINLOCK) &&
		     sizeof(struct appgw_session) > SESSION_SIZE_MAX);
	BUILD_BUG_ON(sizeof(struct appgw_session *) >
		     sizeof_field(struct nf_conn_help, data));

	session_cache = KMEM_CACHE(appgw_session, 0);
	if (!session_cache)
		return -ENOMEM;

	for (i = 0; i < ARRAY_SIZE(session_shards); i++) {
		spin_lock_init(&session_shards[i].lock);
		INIT_HLIST_HEAD(&session_shards[i].head);
	}
	return 0;
}

/* From now on no packet of the connection passes. */
static int session_freeze(struct nf_conn *ct, void *data)
{
	struct appgw_session *s = appgw_session_find(ct);

	if (s)
		WRITE_ONCE(s->frozen, true);
	return 0;
}

/* Conntrack goes on with the shift that the streams have reached. */
static int session_hand_over(struct nf_conn *ct, void *data)
{
	struct session_shard *shard = session_shard(ct);
	struct appgw_session *s;
	int i;

	spin_lock_bh(&shard->lock);
	s = appgw_session_find(ct);
	if (s) {
		for (i = 0; i < IP_CT_DIR_MAX; i++)
			if (!seqmap_is_identity(&s->stream[i].map))
				set_bit(IPS_SEQ_ADJUST_BIT, &ct->status);
		session_unlink(s);
	}
	spin_unlock_bh(&shard->lock);
	return 0;
}

/* Sessions of connections from which the administrator has taken the helper:
 * conntrack said nothing when those ended, so they may be gone.
 */
static void session_free_orphans(void)
{
	struct appgw_session *s;
	struct hlist_node *next;
	int i;

	for (i = 0; i < ARRAY_SIZE(session_shards); i++) {
		struct session_shard *shard = &session_shards[i];

		spin_lock_bh(&shard->lock);
		hlist_for_each_entry_safe(s, next, &shard->head, node) {
			hlist_del(&s->node);
			appgw_ftps_leave(s);
			appgw_pinhole_orphan(s);
			call_rcu(&s->rcu, session_free_rcu);
		}
		spin_unlock_bh(&shard->lock);
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
	WRITE_ONCE(session_stopped, true);
	synchronize_rcu();
	nf_ct_iterate_destroy(session_freeze, NULL);
	synchronize_rcu();
	nf_ct_iterate_destroy(session_hand_over, NULL);
	session_free_orphans();
}

void appgw_session_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(session_cache);
}
