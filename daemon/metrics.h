/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_METRICS_H
#define APPGWD_METRICS_H

#include "../include/appgw/endpoint.h"

struct metrics;

/* Makes the text that is served, to be freed; NULL without memory. */
typedef char *(*metrics_text_t)(void *arg);

struct metrics *metrics_open(const struct endpoint *where, metrics_text_t text,
			     void *arg, char *error);
int metrics_fd(const struct metrics *metrics);
int metrics_wait_ms(const struct metrics *metrics, int max_ms);
void metrics_run(struct metrics *metrics);

#endif /* APPGWD_METRICS_H */
