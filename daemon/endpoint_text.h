/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef APPGWD_ENDPOINT_TEXT_H
#define APPGWD_ENDPOINT_TEXT_H

#include "../include/appgw/endpoint.h"

/* "[ADDRESS]:PORT" and its end */
#define ENDPOINT_TEXT_MAX	(APPGW_ADDR_TEXT_MAX + 9)

const char *endpoint_text(char *buf, const struct endpoint *ep);
bool endpoint_parse(const char *text, struct endpoint *ep);

#endif /* APPGWD_ENDPOINT_TEXT_H */
