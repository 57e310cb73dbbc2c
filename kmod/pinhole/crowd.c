// SPDX-License-Identifier: GPL-2.0-only
/* A crowd of pinholes: where there are so many that a public port that chance picks
 * may well be one of theirs, these are remembered. Conntrack is asked last, which takes
 * ten times as long.
 *
 * It is a hint, and no more. Two pinholes of different peers may have the same port, and when
 * one of them is closed it is forgotten.
 */

#include <linux/bitmap.h>
#include <linux/slab.h>

#include "crowd.h"

/* So many pinholes are a crowd, and until there are fewer than so many it stays one. */
#define CROWD_BEGINS		1024
#define CROWD_ENDS		256

/**
 * struct pinhole_crowd - public ports of pinholes
 * @ports: a bit for each
 * @rcu: for its end; the ports that have the same place belong to services
 */
struct pinhole_crowd {
	union {
		DECLARE_BITMAP(ports, APPGW_PORT_MAX + 1);
		struct rcu_head rcu;
	};
};

/* Begin to remember. Without memory it takes longer to find a port, and that's all. */
static void crowd_begin(struct pinhole_net *pn)
{
	struct pinhole_crowd *crowd;
	const struct pinhole *p;

	crowd = kzalloc(sizeof(*crowd), GFP_ATOMIC | __GFP_NOWARN);
	if (!crowd)
		return;
	for (p = pinhole_first(pn); p; p = pinhole_behind(p))
		__set_bit(p->public_port, crowd->ports);
	/* complete, for readers without the lock */
	smp_store_release(&pn->crowd, crowd);
}

/**
 * appgw_crowd_come() - remember the public port of a pinhole that was opened
 * @pn: books, locked
 * @public: port, host byte order
 */
void appgw_crowd_come(struct pinhole_net *pn, u16 public)
{
	lockdep_assert_held(&pn->lock);

	if (pn->crowd)
		set_bit(public, pn->crowd->ports);
	else if (pn->count >= CROWD_BEGINS)
		crowd_begin(pn);
}

/**
 * appgw_crowd_go() - forget the public port of a pinhole that isn't there any more
 * @pn: books, locked; it is not counted any more
 * @public: port, host byte order
 */
void appgw_crowd_go(struct pinhole_net *pn, u16 public)
{
	struct pinhole_crowd *crowd = pn->crowd;

	lockdep_assert_held(&pn->lock);

	if (!crowd)
		return;
	clear_bit(public, crowd->ports);
	if (pn->count >= CROWD_ENDS)
		return;
	WRITE_ONCE(pn->crowd, NULL);
	kfree_rcu(crowd, rcu);
}

/**
 * appgw_crowd_has() - tell if a public port is likely to be a pinhole's
 * @pn: books, locked or not; call under rcu_read_lock()
 * @public: port, host byte order
 *
 * Return: false if it is not, or there is no crowd
 */
bool appgw_crowd_has(const struct pinhole_net *pn, u16 public)
{
	/* pairs with the release where it is made */
	const struct pinhole_crowd *crowd = smp_load_acquire(&pn->crowd);

	return crowd && test_bit(public, crowd->ports);
}
