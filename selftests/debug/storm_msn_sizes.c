// SPDX-License-Identifier: GPL-2.0-only
/* Lengths in segments of MSN: all that were right must be so when the helper has
 * made edits. Read here once more, independently of the helper.
 */

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <asm/unaligned.h>

#include "storm_msn.h"

/* What is in front of a P2P packet's text, and behind it. */
#define STORM_V1_HEAD	48
#define STORM_V1_FOOT	4

/* Where @word ends in @text, or NULL */
static const char *storm_behind(const char *text, const char *end,
				const char *word)
{
	size_t len = strlen(word);

	for (; text + len <= end; text++)
		if (!memcmp(text, word, len))
			return text + len;
	return NULL;
}

/* Moves @at behind a number; false if there is none. */
static bool storm_number(const char **at, const char *end, unsigned int *number)
{
	const char *from = *at;

	for (*number = 0; *at < end && isdigit(**at); ++*at)
		*number = *number * 10 + **at - '0';
	return *at != from && *at - from <= 5;
}

/* How many lengths of a P2P packet, version 1, are right. */
static int storm_p2p_sizes(const char *at, const char *end)
{
	const char *text = at + STORM_V1_HEAD, *value;
	unsigned int len, length;
	int right = 1;

	if (end - at < STORM_V1_HEAD + STORM_V1_FOOT)
		return 0;
	end -= STORM_V1_FOOT;
	len = end - text;
	if (get_unaligned_le32(at + 24) != len)
		return 0;
	right += !get_unaligned_le64(at + 8) &&
		 get_unaligned_le64(at + 16) == len;
	value = storm_behind(text, end, "\r\nContent-Length: ");
	if (value && storm_number(&value, end, &length) && end - value > 4 &&
	    !memcmp(value, "\r\n\r\n", 4))
		right += length == end - value - 4;
	return right;
}

/* How many lengths in a MSG are right, its own included; -1 if that isn't.
 * Moves @at behind it.
 */
static int storm_msg_sizes(const char **at, const char *end)
{
	const char *line = storm_behind(*at, end, "\r\n"), *word, *body;
	unsigned int len;

	if (!line)
		return -1;
	for (word = line - 2; word > *at && isdigit(word[-1]); word--)
		;
	if (!storm_number(&word, end, &len) || len > end - line)
		return -1;
	*at = line + len;
	body = storm_behind(line, *at, "\r\n\r\n");
	if (!body || !storm_behind(line, body, "x-msnmsgrp2p"))
		return 1;
	return 1 + storm_p2p_sizes(body, *at);
}

/* Behind a line that is none of MSG, and the three bytes that the line may say
 * that there are; NULL if it isn't all there.
 */
static const char *storm_skip_line(const char *at, const char *end)
{
	const char *line = storm_behind(at, end, "\r\n");

	if (!line || line - at < 5)
		return NULL;
	if (memcmp(line - 4, " 3", 2))
		return line;
	if (end - line >= 3 && (!memcmp(line, "MSG", 3) ||
				!memcmp(line, "<ml", 3)))
		line += 3;
	return line;
}

/**
 * storm_msn_sizes() - count what is right
 * @text: a segment's payload
 * @len: bytes of it
 *
 * Return: how many lengths are right, or -1 if these aren't just whole commands
 */
int storm_msn_sizes(const char *text, unsigned int len)
{
	const char *end = text + len;
	int right = 0, more;

	while (text < end) {
		if (end - text >= 4 && !memcmp(text, "MSG ", 4)) {
			more = storm_msg_sizes(&text, end);
			if (more < 0)
				return -1;
			right += more;
		} else {
			text = storm_skip_line(text, end);
			if (!text)
				return -1;
		}
	}
	return right;
}
