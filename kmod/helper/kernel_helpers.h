/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_KERNEL_HELPERS_H
#define APPGW_KERNEL_HELPERS_H

#include <linux/types.h>
#include <net/net_namespace.h>
#include <net/netfilter/nf_conntrack.h>

#include "uapi/linux/nf_appgw.h"

/* Those that let a web page have ports of its visitors' machines opened */
#define APPGW_KERNEL_HELPERS_SLIPSTREAM \
	(BIT(APPGW_KERNEL_HELPER_SIP) | BIT(APPGW_KERNEL_HELPER_H323))

int appgw_kernel_helpers_get(u32 wanted, bool may_load, unsigned int *missing);
void appgw_kernel_helpers_put(u32 held);
u32 appgw_kernel_helpers_swap(const struct net *net, u32 held);
bool appgw_kernel_helpers_assign(struct nf_conn *ct, u32 wanted);

int appgw_kernel_helpers_init(void);
u32 appgw_kernel_helpers_initial(void);
void appgw_kernel_helpers_exit(void);

#endif /* APPGW_KERNEL_HELPERS_H */
