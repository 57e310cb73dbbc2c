/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SELFTESTS_IRC_REFERENCE_H
#define SELFTESTS_IRC_REFERENCE_H

#include "../../../daemon/irc_parse.h"

#define IRC_REFERENCE_TEXT_MAX	512
#define IRC_REFERENCE_WORDS_MAX	256

/**
 * struct irc_reference - a message, taken apart
 * @text: the message
 * @word: what is behind the type
 * @words: how many there are
 * @resume: it is RESUME or ACCEPT
 */
struct irc_reference {
	char text[IRC_REFERENCE_TEXT_MAX + 1];
	char *word[IRC_REFERENCE_WORDS_MAX];
	int words;
	bool resume;
};

bool irc_reference_offer(struct span text, struct irc_offer *offer);

#endif /* SELFTESTS_IRC_REFERENCE_H */
