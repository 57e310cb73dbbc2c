/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_ADDRESS_PROPERTIES_H
#define SELFTESTS_ADDRESS_PROPERTIES_H

#include "../../../include/appgw/span.h"

size_t address_len(bool ipv6);
bool address_pton(const void *text, size_t len, bool ipv6, uint8_t *addr);
const char *address_read_complaint(const void *text, size_t len, bool ipv6,
				   bool *good);
const char *address_write_complaint(const uint8_t *addr, bool ipv6);

#endif /* SELFTESTS_ADDRESS_PROPERTIES_H */
