// SPDX-License-Identifier: GPL-2.0-only
/* Plant: a module with a bug of the kind that its parameter names, to prove
 * that the debug kernel finds it and that the test machine fails for it.
 */

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

#define PLANT_SIZE	100

static char *bug = "none";
module_param(bug, charp, 0400);
MODULE_PARM_DESC(bug, "what to do wrong");

static DEFINE_SPINLOCK(plant_lock_a);
static DEFINE_SPINLOCK(plant_lock_b);

static void plant_none(void)
{
	kfree(kmalloc(PLANT_SIZE, GFP_KERNEL));
}

static void plant_use_after_free(void)
{
	u8 *p = kmalloc(PLANT_SIZE, GFP_KERNEL);

	kfree(p);
	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(p[1], 1);
}

static void plant_out_of_bounds(void)
{
	u8 *p = kmalloc(PLANT_SIZE, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	WRITE_ONCE(p[PLANT_SIZE], 1);
	kfree(p);
}

/* More than one: a stale copy of a pointer may hide any single one. */
static void plant_leak(void)
{
	int i;

	for (i = 0; i < 10; i++) {
		u8 *p = kmalloc(PLANT_SIZE, GFP_KERNEL);

		OPTIMIZER_HIDE_VAR(p);
	}
}

static void plant_lock_order(void)
{
	spin_lock(&plant_lock_a);
	spin_lock(&plant_lock_b);
	spin_unlock(&plant_lock_b);
	spin_unlock(&plant_lock_a);

	spin_lock(&plant_lock_b);
	spin_lock(&plant_lock_a);
	spin_unlock(&plant_lock_a);
	spin_unlock(&plant_lock_b);
}

static void plant_softirq(struct timer_list *t)
{
	spin_lock(&plant_lock_a);
	spin_unlock(&plant_lock_a);
}

/* Taken with softirqs on, in which it is taken as well. */
static void plant_lock_context(void)
{
	struct timer_list timer;

	spin_lock(&plant_lock_a);
	spin_unlock(&plant_lock_a);
	timer_setup_on_stack(&timer, plant_softirq, 0);
	mod_timer(&timer, jiffies + 1);
	msleep(100);
	del_timer_sync(&timer);
	destroy_timer_on_stack(&timer);
}

static void plant_sleep(void)
{
	spin_lock(&plant_lock_a);
	msleep(20);
	spin_unlock(&plant_lock_a);
}

static void plant_rcu(void)
{
	static u8 __rcu *p;

	OPTIMIZER_HIDE_VAR(p);
	WARN_ON_ONCE(rcu_dereference(p));
}

static void plant_shift(void)
{
	static int shifted;
	unsigned int n = 40;

	OPTIMIZER_HIDE_VAR(n);
	WRITE_ONCE(shifted, 1 << n);
}

static void plant_live_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, plant_softirq, 0);
	mod_timer(timer, jiffies + 1000 * HZ);
	kfree(timer);
}

static const struct {
	const char *name;
	void (*make)(void);
} plants[] = {
	{ "none",		plant_none },
	{ "use-after-free",	plant_use_after_free },
	{ "out-of-bounds",	plant_out_of_bounds },
	{ "leak",		plant_leak },
	{ "lock-order",		plant_lock_order },
	{ "lock-context",	plant_lock_context },
	{ "sleep",		plant_sleep },
	{ "rcu",		plant_rcu },
	{ "shift",		plant_shift },
	{ "live-timer",		plant_live_timer },
};

static int __init plant_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(plants); i++) {
		if (strcmp(plants[i].name, bug))
			continue;
		plants[i].make();
		return 0;
	}
	return -EINVAL;
}

static void __exit plant_exit(void)
{
}

module_init(plant_init);
module_exit(plant_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Bugs that the debug kernel has to find");
