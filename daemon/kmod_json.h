/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_KMOD_JSON_H
#define APPGWD_KMOD_JSON_H

#include <jansson.h>

#include "kmod_client.h"

json_t *json_flows(struct kmod *kmod);
json_t *json_pinholes(struct kmod *kmod);
json_t *json_listeners(struct kmod *kmod);
json_t *json_stats(struct kmod *kmod);
json_t *json_event_attrs(const void *attrs, size_t len);
void json_event(const struct nlattr *attrs, int len, void *events);

#endif /* APPGWD_KMOD_JSON_H */
