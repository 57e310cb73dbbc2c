/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_H
#define APPGWCTL_H

#include <jansson.h>
#include <stdio.h>

#include "kmod_client.h"

/* appgwctl_json.c: what the module answers, as JSON */
json_t *json_flows(struct kmod *kmod);
json_t *json_pinholes(struct kmod *kmod);
json_t *json_listeners(struct kmod *kmod);
json_t *json_stats(struct kmod *kmod);
json_t *json_policy(struct kmod *kmod);
void json_event(const struct nlattr *attrs, int len, void *events);

/* appgwctl_policy.c */
int policy_set(struct kmod *kmod, int argc, char **argv, char *error);
json_t *policy_json(const struct nlattr *nest);

/* appgwctl_text.c: the same for people */
void text_status(const json_t *status);
void text_flows(const json_t *flows);
void text_event(const json_t *event);
void text_stats(const json_t *stats);
void text_policy(const json_t *policy);

#endif /* APPGWCTL_H */
