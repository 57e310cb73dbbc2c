// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/pna.c: no crash, and there is a plan for whatever the module asks
 * for.
 *
 * Input: a payload.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "../unit/models/pna_plan_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span payload = { data, size };
	const char *complaint = pna_plan_complaint(payload);

	if (complaint) {
		fprintf(stderr, "%s: %s\n", exact_text(data, size), complaint);
		abort();
	}
	return 0;
}
