// SPDX-License-Identifier: GPL-2.0-only
/* Counters per network namespace, in /proc/net/stat/nf_appgw for root. */

#include <linux/atomic.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/u64_stats_sync.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "net.h"
#include "stats.h"

/* They move with the packets of every connection, so each processor counts for itself. */
enum stats_busy {
	STATS_BUSY_LINES,
	STATS_BUSY_QUEUED,
	STATS_BUSY_SPARED,
	STATS_BUSY_COUNT
};

static const enum appgw_stat stats_busy[] = {
	[STATS_BUSY_LINES]	= APPGW_STAT_LINES,
	[STATS_BUSY_QUEUED]	= APPGW_STAT_QUEUED,
	[STATS_BUSY_SPARED]	= APPGW_STAT_SPARED,
};

/**
 * struct stats_cpu - what one processor has counted
 * @sync: of @count
 * @count: by enum stats_busy
 */
struct stats_cpu {
	struct u64_stats_sync sync;
	u64_stats_t count[STATS_BUSY_COUNT];
};

/**
 * struct appgw_stats_net - the counters of one namespace
 * @cpu: those that are busy, by processor; NULL when the namespace ends
 * @memory: the same, as long as it is there
 * @count: by enum appgw_stat; of busy ones, what is counted without @cpu
 *
 * Lives until the last connection of the namespace is gone, because net_generic
 * memory outlives every pernet exit handler.
 */
struct appgw_stats_net {
	struct stats_cpu __percpu *cpu;
	struct stats_cpu __percpu *memory;
	atomic64_t count[APPGW_STAT_MAX];
};

static const char * const stats_name[APPGW_STAT_MAX] = {
#define APPGW_REASON(id, name, sentence)	\
	[APPGW_STAT_##id] = name,
#include "appgw/reasons.h"
#undef APPGW_REASON
	[APPGW_STAT_ATTACHED]			= "attached",
	[APPGW_STAT_LINES]			= "lines",
	[APPGW_STAT_OPENED]			= "opened",
	[APPGW_STAT_USED]			= "used",
	[APPGW_STAT_EXPIRED]			= "expired",
	[APPGW_STAT_REPLACED]			= "replaced",
	[APPGW_STAT_CLOSED]			= "closed",
	[APPGW_STAT_FTPS]			= "ftps",
	[APPGW_STAT_REJECTED]			= "rejected",
	[APPGW_STAT_QUEUED]			= "queued",
	[APPGW_STAT_SPARED]			= "spared",
	[APPGW_STAT_PLANNED]			= "planned",
	[APPGW_STAT_HELD]			= "held",
	[APPGW_STAT_OVERFLOW]			= "overflow",
	[APPGW_STAT_RESET]			= "reset",
	[APPGW_STAT_OUT_OF_ORDER]		= "out_of_order",
	[APPGW_STAT_POSTPONED]			= "postponed",
	[APPGW_STAT_CHANGED]			= "changed",
	[APPGW_STAT_DISCOVERY]			= "discovery",
	[APPGW_STAT_KERNEL_HELPERS]		= "kernel_helpers",
};

static unsigned int stats_net_id __read_mostly;

/**
 * appgw_stat_inc_bh() - count where softirqs are disabled
 * @net: namespace
 * @stat: counter
 *
 * Call with softirqs disabled or under rcu_read_lock(), which appgw_stat_inc() takes for
 * itself.
 */
void appgw_stat_inc_bh(const struct net *net, enum appgw_stat stat)
{
	struct appgw_stats_net *sn = appgw_net_generic(net, stats_net_id);

	atomic64_inc(&sn->count[stat]);
}

/**
 * appgw_stat_inc() - count
 * @net: namespace
 * @stat: counter
 *
 * Call from any context.
 */
void appgw_stat_inc(const struct net *net, enum appgw_stat stat)
{
	rcu_read_lock();
	appgw_stat_inc_bh(net, stat);
	rcu_read_unlock();
}

/* Count @n of what is busy; call under rcu_read_lock() and with softirqs disabled. */
static void stats_add(const struct net *net, enum stats_busy busy, unsigned int n)
{
	struct appgw_stats_net *sn = appgw_net_generic(net, stats_net_id);
	struct stats_cpu __percpu *all = READ_ONCE(sn->cpu);
	struct stats_cpu *cpu;

	if (unlikely(!all)) {
		atomic64_add(n, &sn->count[stats_busy[busy]]);
		return;
	}
	cpu = this_cpu_ptr(all);
	u64_stats_update_begin(&cpu->sync);
	u64_stats_add(&cpu->count[busy], n);
	u64_stats_update_end(&cpu->sync);
}

/**
 * appgw_stat_lines() - count lines
 * @net: namespace
 * @n: how many
 *
 * Call under rcu_read_lock() and with softirqs disabled: there is a line in most
 * segments.
 */
void appgw_stat_lines(const struct net *net, unsigned int n)
{
	stats_add(net, STATS_BUSY_LINES, n);
}

/**
 * appgw_stat_steered() - count a packet that was looked at for the daemon
 * @net: namespace
 * @queued: it is queued
 *
 * Call likewise.
 */
void appgw_stat_steered(const struct net *net, bool queued)
{
	stats_add(net, queued ? STATS_BUSY_QUEUED : STATS_BUSY_SPARED, 1);
}

static u64 stats_sum(const struct stats_cpu __percpu *all, enum stats_busy busy)
{
	const struct stats_cpu *cpu;
	unsigned int start;
	u64 sum = 0, n;
	int i;

	for_each_possible_cpu(i) {
		cpu = per_cpu_ptr(all, i);
		do {
			start = u64_stats_fetch_begin(&cpu->sync);
			n = u64_stats_read(&cpu->count[busy]);
		} while (u64_stats_fetch_retry(&cpu->sync, start));
		sum += n;
	}
	return sum;
}

/**
 * appgw_stat_read() - read a counter
 * @net: namespace, which doesn't end
 * @stat: counter
 *
 * Return: sum of all processors
 */
u64 appgw_stat_read(const struct net *net, enum appgw_stat stat)
{
	struct appgw_stats_net *sn = net_generic(net, stats_net_id);
	u64 sum = atomic64_read(&sn->count[stat]);
	int i;

	for (i = 0; i < STATS_BUSY_COUNT; i++)
		if (stats_busy[i] == stat)
			sum += stats_sum(sn->memory, i);
	return sum;
}

/**
 * appgw_stat_name() - find the name of a counter
 * @stat: counter
 *
 * It never changes: events give it as their reason.
 *
 * Return: name
 */
const char *appgw_stat_name(enum appgw_stat stat)
{
	return stats_name[stat];
}

static int stats_show(struct seq_file *seq, void *v)
{
	const struct net *net = seq_file_single_net(seq);
	int i;

	for (i = 0; i < APPGW_STAT_MAX; i++)
		seq_printf(seq, "%s%s", i ? " " : "", stats_name[i]);
	for (i = 0; i < APPGW_STAT_MAX; i++)
		seq_printf(seq, "%c%llu", i ? ' ' : '\n',
			   (unsigned long long)appgw_stat_read(net, i));
	seq_putc(seq, '\n');
	return 0;
}

static int __net_init stats_net_init(struct net *net)
{
	struct appgw_stats_net *sn = net_generic(net, stats_net_id);
	int i;

	sn->memory = alloc_percpu(struct stats_cpu);
	if (!sn->memory)
		return -ENOMEM;
	for_each_possible_cpu(i)
		u64_stats_init(&per_cpu_ptr(sn->memory, i)->sync);
	if (IS_ENABLED(CONFIG_PROC_FS) &&
	    !proc_create_net_single("nf_appgw", 0400, net->proc_net_stat,
				    stats_show, NULL)) {
		free_percpu(sn->memory);
		return -ENOMEM;
	}
	sn->cpu = sn->memory;
	return 0;
}

/* Nobody counts there any more when stats_net_exit() is called. */
static void __net_exit stats_net_pre_exit(struct net *net)
{
	struct appgw_stats_net *sn = net_generic(net, stats_net_id);

	WRITE_ONCE(sn->cpu, NULL);
}

static void __net_exit stats_net_exit(struct net *net)
{
	struct appgw_stats_net *sn = net_generic(net, stats_net_id);

	remove_proc_entry("nf_appgw", net->proc_net_stat);
	free_percpu(sn->memory);
}

static struct pernet_operations stats_net_ops = {
	.init	= stats_net_init,
	.pre_exit = stats_net_pre_exit,
	.exit	= stats_net_exit,
	.id	= &stats_net_id,
	.size	= sizeof(struct appgw_stats_net),
};

/**
 * appgw_stats_init() - count, in every namespace
 *
 * Return: 0 or -errno
 */
int appgw_stats_init(void)
{
	return register_pernet_subsys(&stats_net_ops);
}

/**
 * appgw_stats_exit() - take the counters away
 */
void appgw_stats_exit(void)
{
	unregister_pernet_subsys(&stats_net_ops);
}
