/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_SCAN_WANT_H
#define SELFTESTS_SCAN_WANT_H

#include "../../../include/appgw/scan.h"

/* A scanner's function of struct gate_scan_ops */
typedef void scan_read_fn(void *st, bool from_client, struct span data,
			  struct scan_unit *unit);

int scan_want(scan_read_fn *read, const void *st, size_t size, bool from_client,
	      struct span data);

#endif /* SELFTESTS_SCAN_WANT_H */
