// SPDX-License-Identifier: GPL-2.0-only
/* What a scanner makes of bytes that end within a unit. */

#include <stdlib.h>
#include <string.h>

#include "scan_want.h"

/**
 * scan_want() - tell how many of these bytes are sure to stay as they are
 * @read: scanner
 * @st: conversation, which stays as it is
 * @size: bytes of it
 * @from_client: direction
 * @data: bytes, any number of units, the last of which may have no end
 *
 * Return: how many; -1 if all are, since nothing can be announced
 */
int scan_want(scan_read_fn *read, const void *st, size_t size, bool from_client,
	      struct span data)
{
	void *ahead = malloc(size);
	struct scan_unit unit;
	size_t at = 0;
	int want = -1;

	if (!ahead)
		exit(2);
	memcpy(ahead, st, size);
	while (at < data.len) {
		read(ahead, from_client,
		     (struct span){ data.at + at, data.len - at }, &unit);
		if (!unit.len) {
			want = unit.safe < 0 ? -1 : (int)at + unit.safe;
			break;
		}
		at += unit.len;
	}
	free(ahead);
	return want;
}
