// SPDX-License-Identifier: GPL-2.0-only
/* What a scanner makes of bytes that end within a unit. */

#include "scan_want.h"

/**
 * scan_want() - tell how many of these bytes are sure to stay as they are
 * @read: scanner
 * @st: conversation; complete units are taken in
 * @from_client: direction
 * @data: bytes, any number of units, the last of which may have no end
 *
 * Return: how many; -1 if all are, since nothing can be announced
 */
int scan_want(scan_read_fn *read, void *st, bool from_client, struct span data)
{
	struct scan_unit unit;
	size_t at = 0;

	while (at < data.len) {
		read(st, from_client,
		     (struct span){ data.at + at, data.len - at }, &unit);
		if (!unit.len)
			return unit.safe < 0 ? -1 : (int)at + unit.safe;
		at += unit.len;
	}
	return -1;
}
