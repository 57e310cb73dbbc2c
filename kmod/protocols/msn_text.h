/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_MSN_TEXT_H
#define APPGW_MSN_TEXT_H

#include "msn_payload.h"

bool appgw_msn_may_announce(const struct msn_pass *p);
size_t appgw_msn_step(struct msn_pass *p, struct span s, size_t i);

#endif /* APPGW_MSN_TEXT_H */
