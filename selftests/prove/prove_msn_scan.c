// SPDX-License-Identifier: GPL-2.0-only
/* Prove kmod/protocols/msn_text.c, kmod/protocols/msn_payload.c and kmod/protocols/msn_scan.c: whatever was said
 * before, any byte leads to a state that can be gone on from. That is so for each
 * byte alone, so for any number of them.
 */

#include "spell_promise.h"
#include "../../kmod/protocols/msn_text.c"
/* of the same name, and static in another file */
#define msn_text msn_payload_text
#include "../../kmod/protocols/msn_payload.c"
#include "../../kmod/protocols/msn_scan.c"

#define MSN_LEN		2

/* Holds at the beginning, and behind every byte: prove_step(). */
static bool is_side(const struct msn_side *side)
{
	const struct msn_list *list;

	if (side->part > MSN_PART_P2P || side->type > MSN_PART_P2P)
		return false;
	switch (side->at) {
	case MSN_AT_START:
		return true;
	case MSN_AT_SKIP:
		return side->left;
	case MSN_AT_VERB:
	case MSN_AT_VERB_END:
		return is_spelled(msn_verbs, ARRAY_SIZE(msn_verbs), side->word,
				  side->n);
	case MSN_AT_LINE:
		/* behind a CR the line ends, or the reading does */
		return side->flags & MSN_CR ||
		       is_spelled(msn_versions, ARRAY_SIZE(msn_versions),
				  side->word, side->n);
	case MSN_AT_NAME:
		if (!side->left)
			return false;
		list = &msn_names[side->part];
		return is_spelled(list->words, list->count, side->word,
				  side->n);
	case MSN_AT_VALUE:
		if (!side->left)
			return false;
		if (side->field == MSN_FIELD_TYPE)
			return is_spelled(msn_types, ARRAY_SIZE(msn_types),
					  side->word, side->n);
		if (side->field == MSN_FIELD_COMMAND)
			return is_spelled(msn_commands,
					  ARRAY_SIZE(msn_commands),
					  side->word, side->n);
		return true;
	}
	return false;
}

void prove_step(void)
{
	uint8_t buf[MSN_LEN];
	struct msn_session ms;
	bool from_client = nondet_bool();
	struct span s = any_span(buf, sizeof(buf));
	struct scan_unit unit = { .count = any_size(SCAN_ANNOUNCEMENTS_MAX) };
	struct msn_pass p = {
		.ms = &ms, .side = &ms.side[from_client],
		.from_client = from_client, .unit = &unit,
	};
	size_t n;

	given(s.len && is_side(p.side));
	n = appgw_msn_step(&p, s, 0);
	prove(n > 0 && n <= s.len);
	prove(ms.over || is_side(p.side));
}

void prove_words(void)
{
	prove_spell(msn_verbs, ARRAY_SIZE(msn_verbs));
	prove_spell(msn_versions, ARRAY_SIZE(msn_versions));
	prove_spell(msn_headers, ARRAY_SIZE(msn_headers));
	prove_spell(msn_invitation, ARRAY_SIZE(msn_invitation));
	prove_spell(msn_transport, ARRAY_SIZE(msn_transport));
	prove_spell(msn_types, ARRAY_SIZE(msn_types));
	prove_spell(msn_commands, ARRAY_SIZE(msn_commands));
}
