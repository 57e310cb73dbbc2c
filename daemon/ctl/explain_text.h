/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWCTL_EXPLAIN_TEXT_H
#define APPGWCTL_EXPLAIN_TEXT_H

#include <jansson.h>
#include <stdio.h>

void explain_print(FILE *out, const json_t *events);

#endif /* APPGWCTL_EXPLAIN_TEXT_H */
