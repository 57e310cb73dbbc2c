// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz include/appgw/address.h: the C library has the same idea of what is an
 * address, which one, and how it is written.
 *
 * Input: a text, read both as IPv4 and as IPv6, and its first bytes taken as
 * addresses to write.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/address_properties.h"
#include "../unit/models/exact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_check(const uint8_t *data, size_t size, const char *complaint)
{
	if (!complaint)
		return;
	fprintf(stderr, "\"%s\" %s\n", exact_text(data, size), complaint);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int ipv6;

	for (ipv6 = 0; ipv6 <= 1; ipv6++) {
		size_t len = address_len(ipv6);
		bool good;

		fuzz_check(data, size, address_read_complaint(data, size, ipv6,
							      &good));
		if (size >= len)
			fuzz_check(data, len, address_write_complaint(data,
								      ipv6));
	}
	return 0;
}
