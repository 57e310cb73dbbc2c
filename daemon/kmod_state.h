/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_KMOD_STATE_H
#define APPGWD_KMOD_STATE_H

#include <jansson.h>

#include "kmod_client.h"

json_t *json_module(struct kmod *kmod);

#endif /* APPGWD_KMOD_STATE_H */
