/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_DROPS_H
#define APPGWCTL_DROPS_H

/* The group of nfnetlink_log to which strict rules log what they drop, and where "watch"
 * looks for what a router's rules log
 */
#define DROPS_LOG_GROUP		5

#endif /* APPGWCTL_DROPS_H */
