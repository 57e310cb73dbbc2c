/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_KMOD_PLAN_H
#define APPGWD_KMOD_PLAN_H

#include "config.h"
#include "kmod_client.h"
#include "packet.h"
#include "plan.h"

int kmod_listen(struct kmod *kmod, const struct config *config);
int kmod_plan(struct kmod *kmod, const struct packet *packet,
	      const struct plan *plan, struct endpoint *instead);

#endif /* APPGWD_KMOD_PLAN_H */
