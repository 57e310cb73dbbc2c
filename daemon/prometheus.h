/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_PROMETHEUS_H
#define APPGWD_PROMETHEUS_H

#include <jansson.h>

/* What the text is, to those who are served it */
#define PROMETHEUS_TYPE	"text/plain; version=0.0.4; charset=utf-8"

char *prometheus_text(const json_t *module, const json_t *daemon);

#endif /* APPGWD_PROMETHEUS_H */
