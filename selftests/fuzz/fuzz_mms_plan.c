// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz daemon/mms.c: no crash, and messages that fit whatever takes the place of
 * an announced endpoint.
 *
 * Input: a payload.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "../unit/models/mms_plan_properties.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span payload = { data, size };
	const char *complaint = mms_plan_complaint(payload);

	if (complaint) {
		fprintf(stderr, "%s: %s\n", exact_text(data, size), complaint);
		abort();
	}
	return 0;
}
