// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/gate/value.c: any value is written as the reference writes it.
 *
 * Input: a value, an endpoint and what it is to be added to, as
 * value_input_complaint() reads them.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "../unit/models/value_reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *complaint = value_input_complaint(data, size);

	if (complaint) {
		fprintf(stderr, "\"%s\" %s\n", exact_text(data, size),
			complaint);
		abort();
	}
	return 0;
}
