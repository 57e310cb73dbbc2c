// SPDX-License-Identifier: GPL-2.0-only
/* appgwctl watch: find a rule in what nft lists, which others have written.
 *
 * Nothing here touches a socket or the heap, so the unit tests link this file
 * unchanged.
 */

#include <stdio.h>
#include <string.h>

#include "log.h"
#include "watch.h"

#define RULE_LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/**
 * watch_rule_is_name() - tell if a name can stand in a command
 * @name: of a table or chain, which another program may have chosen
 *
 * Return: true if it is letters, digits and what joins them
 */
bool watch_rule_is_name(const char *name)
{
	return *name && strspn(name, RULE_LETTERS) > 0 &&
	       !name[strspn(name, RULE_LETTERS "0123456789_-.")];
}

/**
 * watch_rule_find() - find a rule in a listing
 * @listing: of its chain, with handles
 * @handle: which one
 * @rule: set to its text, harmless
 * @size: of @rule
 *
 * Return: false if it isn't there
 */
bool watch_rule_find(const char *listing, uint64_t handle, char *rule, size_t size)
{
	char mark[40], line[WATCH_RULE_MAX];
	const char *end, *at = listing;
	size_t len, n;

	n = snprintf(mark, sizeof(mark), " # handle %llu",
		     (unsigned long long)handle);
	for (; *at; at = end + (*end == '\n')) {
		end = at + strcspn(at, "\n");
		len = end - at;
		/* a block's line: its own handle isn't a rule's */
		if (len <= n || memcmp(end - n, mark, n) ||
		    memchr(at, '{', len) == end - n - 1)
			continue;
		len -= n;
		len -= strspn(at, " \t");
		at += strspn(at, " \t");
		snprintf(line, sizeof(line), "%.*s", (int)len, at);
		log_escape(rule, size, line);
		return true;
	}
	return false;
}
