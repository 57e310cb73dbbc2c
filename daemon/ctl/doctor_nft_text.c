// SPDX-License-Identifier: GPL-2.0-only
/* Read the text of each rule from what nft -a prints, for people. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor_rules.h"

static bool nft_is_rule(const struct rule *rule, long chain, long long handle)
{
	return (long)rule->chain == chain && rule->handle == handle;
}

/* Give the rules of a handle, which are neighbours, their text. They come in the order
 * of @rules, mostly: begin at @at, where the last ones were; return where these were.
 */
static size_t nft_set_text(struct rules *rules, long chain, long long handle,
			   const char *text, size_t at)
{
	size_t i, n = rules->rule_count;

	for (i = 0; i < n; i++)
		if (nft_is_rule(&rules->rules[(at + i) % n], chain, handle))
			break;
	if (i == n)
		return at;
	for (i = (at + i) % n; i < n; i++) {
		if (!nft_is_rule(&rules->rules[i], chain, handle))
			break;
		rule_set_text(&rules->rules[i], text);
	}
	return i % n;
}

/* Read the line of a rule: its text, and the handle behind it; @at is as above. */
static size_t nft_text_rule(struct rules *rules, long chain, char *line,
			    size_t at)
{
	char *mark = NULL, *next = line, *end;
	long long handle;

	while ((next = strstr(next, " # handle ")))
		mark = next++;
	if (!mark || chain < 0)
		return at;
	*mark = 0;
	handle = strtoll(mark + strlen(" # handle "), &end, 10);
	return *end ? at : nft_set_text(rules, chain, handle, line, at);
}

/**
 * rules_read_nft_text() - give rules their text, as "nft -a list ruleset" prints it
 * @rules: all; what fits none of them is passed over
 * @text: it is changed
 */
void rules_read_nft_text(struct rules *rules, char *text)
{
	char family[RULE_NAME_MAX] = "", table[RULE_NAME_MAX] = "";
	char name[RULE_NAME_MAX], *line, *state = NULL;
	long chain = -1;
	size_t at = 0;

	for (line = strtok_r(text, "\n", &state); line;
	     line = strtok_r(NULL, "\n", &state)) {
		while (isspace((unsigned char)*line))
			line++;
		if (sscanf(line, "table %127s %127s {", family, table) == 2)
			chain = -1;
		else if (sscanf(line, "chain %127s {", name) == 1)
			chain = rules_find_chain(rules, "nft", family, table,
						 name);
		else if (*line == '}')
			chain = -1;
		else
			at = nft_text_rule(rules, chain, line, at);
	}
}
