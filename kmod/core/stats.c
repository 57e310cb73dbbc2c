// SPDX-License-Identifier: GPL-2.0-only
/* Counters per network namespace, in /proc/net/stat/nf_appgw for root. */

#include <linux/atomic.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "net.h"
#include "stats.h"

/**
 * struct appgw_stats_net - the counters of one namespace
 * @count: by enum appgw_stat
 *
 * Lives until the last connection of the namespace is gone, because net_generic
 * memory outlives every pernet exit handler. None of the counters moves with
 * every packet, so they need not be per CPU.
 */
struct appgw_stats_net {
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
 * appgw_stat_inc() - count
 * @net: namespace
 * @stat: counter
 *
 * Call from any context.
 */
void appgw_stat_inc(const struct net *net, enum appgw_stat stat)
{
	struct appgw_stats_net *sn = net_generic(net, stats_net_id);

	atomic64_inc(&sn->count[stat]);
}

/**
 * appgw_stat_line() - count a line
 * @net: namespace
 *
 * Call under rcu_read_lock(): there is a line in most segments.
 */
void appgw_stat_line(const struct net *net)
{
	struct appgw_stats_net *sn = appgw_net_generic(net, stats_net_id);

	atomic64_inc(&sn->count[APPGW_STAT_LINES]);
}

/**
 * appgw_stat_read() - read a counter
 * @net: namespace
 * @stat: counter
 *
 * Return: sum of all processors
 */
u64 appgw_stat_read(const struct net *net, enum appgw_stat stat)
{
	struct appgw_stats_net *sn = net_generic(net, stats_net_id);

	return atomic64_read(&sn->count[stat]);
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
	struct net *net = seq_file_single_net(seq);
	struct appgw_stats_net *sn = net_generic(net, stats_net_id);
	int i;

	for (i = 0; i < APPGW_STAT_MAX; i++)
		seq_printf(seq, "%s%s", i ? " " : "", stats_name[i]);
	for (i = 0; i < APPGW_STAT_MAX; i++)
		seq_printf(seq, "%c%llu", i ? ' ' : '\n',
			   (unsigned long long)atomic64_read(&sn->count[i]));
	seq_putc(seq, '\n');
	return 0;
}

static int __net_init stats_net_init(struct net *net)
{
	if (IS_ENABLED(CONFIG_PROC_FS) &&
	    !proc_create_net_single("nf_appgw", 0400, net->proc_net_stat,
				    stats_show, NULL))
		return -ENOMEM;
	return 0;
}

static void __net_exit stats_net_exit(struct net *net)
{
	remove_proc_entry("nf_appgw", net->proc_net_stat);
}

static struct pernet_operations stats_net_ops = {
	.init	= stats_net_init,
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
