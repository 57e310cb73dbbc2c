// SPDX-License-Identifier: GPL-2.0-only
/* Join the history to what is followed since before it was asked for, so that nothing is
 * told twice: both have the same events in the same order, as long as the history goes on.
 */

#include <string.h>

#include "ctl.h"

/* Compare events, but for how many are missing before: each reader may lose others. */
static bool overlap_is_same(const json_t *a, const json_t *b)
{
	json_t *x = json_copy((json_t *)a), *y = json_copy((json_t *)b);
	bool is_same;

	json_object_del(x, "lost");
	json_object_del(y, "lost");
	is_same = json_equal(x, y);
	json_decref(x);
	json_decref(y);
	return is_same;
}

/**
 * overlap_has() - tell if an event that comes now is in the history
 * @overlap: the history, and how far it has been met
 * @event: the event
 *
 * Return: true if so; never again after an event that isn't
 */
bool overlap_has(struct overlap *overlap, const json_t *event)
{
	size_t i;

	for (i = overlap->met; i < json_array_size(overlap->history); i++) {
		if (overlap_is_same(json_array_get(overlap->history, i),
				    event)) {
			overlap->met = i + 1;
			return true;
		}
	}
	overlap->met = i;
	return false;
}
