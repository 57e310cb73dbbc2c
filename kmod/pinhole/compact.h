/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGW_PINHOLE_COMPACT_H
#define APPGW_PINHOLE_COMPACT_H

#include "tables.h"

struct appgw_session;

struct pinhole *appgw_pinhole_new(const struct pinhole_request *req);
void appgw_pinhole_free(struct pinhole *p);
void appgw_pinhole_fill(struct pinhole *p, const struct appgw_session *s,
			const struct pinhole_request *req, unsigned int i);

#endif /* APPGW_PINHOLE_COMPACT_H */
