/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_TOP_H
#define APPGWCTL_TOP_H

#include <jansson.h>

#include "ctl.h"

/* Columns of a row, by which it can be sorted as well */
extern const struct table_column top_columns[];

json_t *top_rows(struct kmod *kmod);
json_t *top_sorted(const json_t *rows, const char *key);
const char *top_advice(void);

#endif /* APPGWCTL_TOP_H */
