// SPDX-License-Identifier: GPL-2.0-only
/* Fuzz kmod/protocols/discovery_scan.c: no crash, no question may be answered for longer
 * than there is time, and what follows doesn't make a question any less one.
 *
 * Input: a byte for the service, the asker's port, and the datagram.
 */

#include <stdio.h>
#include <stdlib.h>

#include "../unit/models/exact.h"
#include "protocols/discovery_scan.h"

#define HEAD	3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned int look(enum discovery_service service, uint16_t from,
			 const uint8_t *text, size_t len)
{
	struct exact e = exact_copy(text, len);
	unsigned int window_s;

	window_s = appgw_discovery_window_s(service, from, exact_span(&e));
	exact_free(&e);
	if (window_s <= DISCOVERY_WINDOW_MAX_S)
		return window_s;
	fprintf(stderr, "%u seconds\n", window_s);
	abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum discovery_service service;
	bool shorter, whole;
	uint16_t from;

	if (size < HEAD)
		return 0;
	service = data[0] % DISCOVERY_COUNT;
	from = data[1] << 8 | data[2];
	data += HEAD;
	size -= HEAD;
	whole = look(service, from, data, size);
	/* a word may go on */
	if (service == DISCOVERY_WSD || !size)
		return 0;
	shorter = look(service, from, data, size - 1);
	if (shorter && !whole) {
		fprintf(stderr, "%s: a question, but for its last byte\n",
			exact_text(data, size));
		abort();
	}
	return 0;
}
