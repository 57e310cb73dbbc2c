// SPDX-License-Identifier: GPL-2.0-only
/* MSN Messenger's protocol: read what one client writes to another.
 *
 * A MSG's payload has a header like a mail's. Behind it are, as far as that
 * matters here, the fields of an invitation, or a packet of P2P: a binary
 * header of one of two versions, and text that may have fields as well. Nothing
 * here touches an skb, a lock or the heap.
 */

#include "msn_payload.h"
#include "spell.h"

/* P2P, version 1. Numbers have their lowest byte first. */
#define MSN_V1_LENGTH_AT	24
#define MSN_V1_LENGTH_END	28
#define MSN_V1_HEAD		48
#define MSN_V1_FOOT		4

/* P2P, version 2: two headers, each of which begins with its own length; in the
 * first, that of all behind it follows. Numbers have their highest byte first.
 */
#define MSN_V2_LENGTHS_END	4
#define MSN_V2_HEAD_MIN		8
#define MSN_V2_SESSION_AT	4	/* in the second one */
#define MSN_V2_SESSION_END	8

/* What the names of headers and fields mean. */
enum msn_field {
	MSN_FIELD_OTHER,
	MSN_FIELD_TYPE,
	MSN_FIELD_COMMAND,
	MSN_FIELD_COOKIE,
	MSN_FIELD_ADDRESS,
};

static const struct spell_word msn_headers[] = {
	{ "content-type", MSN_FIELD_TYPE },
}, msn_invitation[] = {
	{ "invitation-command", MSN_FIELD_COMMAND },
	{ "invitation-cookie", MSN_FIELD_COOKIE },
	{ "ip-address", MSN_FIELD_ADDRESS },
	{ "ip-address-internal", MSN_FIELD_ADDRESS },
	{ "port", MSN_FIELD_ADDRESS },
	{ "portx", MSN_FIELD_ADDRESS },
}, msn_transport[] = {
	{ "ipv4external-addrs", MSN_FIELD_ADDRESS },
	{ "ipv4external-port", MSN_FIELD_ADDRESS },
	{ "ipv4externaladdrsandports", MSN_FIELD_ADDRESS },
	{ "ipv4internal-addrs", MSN_FIELD_ADDRESS },
	{ "ipv4internal-port", MSN_FIELD_ADDRESS },
	{ "ipv4internaladdrsandports", MSN_FIELD_ADDRESS },
	{ "ipv6-addrs", MSN_FIELD_ADDRESS },
	{ "ipv6-port", MSN_FIELD_ADDRESS },
	{ "ipv6addrsandports", MSN_FIELD_ADDRESS },
	/* late clients write both names and values backwards */
	{ "srdda-6vpi", MSN_FIELD_ADDRESS },
	{ "srdda-lanretni4vpi", MSN_FIELD_ADDRESS },
	{ "srdda-lanretxe4vpi", MSN_FIELD_ADDRESS },
	{ "stropdnasrdda6vpi", MSN_FIELD_ADDRESS },
	{ "stropdnasrddalanretni4vpi", MSN_FIELD_ADDRESS },
	{ "stropdnasrddalanretxe4vpi", MSN_FIELD_ADDRESS },
	{ "trop-6vpi", MSN_FIELD_ADDRESS },
	{ "trop-lanretni4vpi", MSN_FIELD_ADDRESS },
	{ "trop-lanretxe4vpi", MSN_FIELD_ADDRESS },
}, msn_types[] = {
	{ "application/x-msnmsgrp2p", MSN_PART_P2P },
	{ "text/x-msmsgsinvite", MSN_PART_INVITATION },
}, msn_commands[] = {
	{ "accept", MSN_COMMAND_ACCEPT },
	{ "cancel", MSN_COMMAND_CANCEL },
	{ "invite", MSN_COMMAND_INVITE },
};

/* The names that mean something in each part. */
static const struct msn_list {
	const struct spell_word *words;
	unsigned int count;
} msn_names[] = {
	[MSN_PART_HEADER] = { msn_headers, ARRAY_SIZE(msn_headers) },
	[MSN_PART_INVITATION] = { msn_invitation, ARRAY_SIZE(msn_invitation) },
	[MSN_PART_REST] = { NULL, 0 },
	[MSN_PART_P2P] = { msn_transport, ARRAY_SIZE(msn_transport) },
};

static bool msn_is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Note that the MSG under way announces nothing. */
static void msn_dull(struct msn_side *side)
{
	side->at = MSN_AT_SKIP;
}

/* Note that the next byte is the first one of a line in a payload. */
static void msn_new_line(struct msn_side *side)
{
	side->at = MSN_AT_NAME;
	side->flags &= ~MSN_TEXT;
	side->word = 0;
	side->n = 0;
}

/* Read a line without a letter. */
static void msn_blank_line(struct msn_side *side)
{
	if (side->part == MSN_PART_INVITATION) {
		side->part = MSN_PART_REST;
	} else if (side->part == MSN_PART_HEADER) {
		side->part = side->type;
		side->body = side->left;
		side->number = 0;
		if (side->part == MSN_PART_HEADER)
			msn_dull(side);
	}
}

/* Read the colon behind a name. */
static void msn_colon(struct msn_side *side)
{
	const struct msn_list *list = &msn_names[side->part];

	spell_end(list->words, list->count, &side->word, side->n);
	side->field = side->word < list->count ?
		      list->words[side->word].means : MSN_FIELD_OTHER;
	side->at = MSN_AT_VALUE;
	side->flags &= ~MSN_TEXT;
	side->word = 0;
	side->n = 0;
	switch (side->field) {
	case MSN_FIELD_TYPE:
		/* one would believe the first, another the last */
		if (side->flags & MSN_TYPED)
			msn_dull(side);
		side->flags |= MSN_TYPED;
		break;
	case MSN_FIELD_COMMAND:
		if (side->flags & MSN_COMMANDED)
			msn_dull(side);
		side->flags |= MSN_COMMANDED;
		break;
	case MSN_FIELD_COOKIE:
		side->cookie = 0;
		if (side->flags & MSN_COOKIED)
			side->field = MSN_FIELD_OTHER;
		side->flags |= MSN_COOKIED;
		break;
	}
}

/* Read a byte where a line begins, or of a name. A line without a colon is none. */
static void msn_name(struct msn_side *side, uint8_t c)
{
	const struct msn_list *list = &msn_names[side->part];

	if (c == '\n') {
		if (!(side->flags & MSN_TEXT))
			msn_blank_line(side);
		if (side->at != MSN_AT_SKIP)
			msn_new_line(side);
	} else if (c == ':') {
		msn_colon(side);
	} else {
		side->flags |= MSN_TEXT;
		spell_letter(list->words, list->count, &side->word, &side->n,
			     span_lower(c));
	}
}

/* End the value before this byte. */
static void msn_value_end(struct msn_side *side)
{
	uint8_t *word = &side->word;

	if (side->field == MSN_FIELD_TYPE) {
		spell_end(msn_types, ARRAY_SIZE(msn_types), word, side->n);
		if (*word < ARRAY_SIZE(msn_types))
			side->type = msn_types[*word].means;
		else
			msn_dull(side);
	} else if (side->field == MSN_FIELD_COMMAND) {
		spell_end(msn_commands, ARRAY_SIZE(msn_commands), word,
			  side->n);
		if (*word < ARRAY_SIZE(msn_commands))
			side->command = msn_commands[*word].means;
	}
	side->field = MSN_FIELD_OTHER;
}

/* Read a byte of a value that is a word, but for blanks around it. */
static void msn_value_word(struct msn_side *side, uint8_t c)
{
	bool is_type = side->field == MSN_FIELD_TYPE;

	if (msn_is_blank(c) || (is_type && c == ';')) {
		/* its end, if it has begun */
		if (side->n || side->word || c == ';')
			side->flags |= MSN_TEXT;
	} else if (side->flags & MSN_TEXT) {
		if (!is_type)
			side->word = SPELL_UNKNOWN;
	} else if (is_type) {
		spell_letter(msn_types, ARRAY_SIZE(msn_types), &side->word,
			     &side->n, span_lower(c));
	} else {
		spell_letter(msn_commands, ARRAY_SIZE(msn_commands),
			     &side->word, &side->n, span_lower(c));
	}
}

/* Read a byte of a cookie. FNV-1a tells them apart: two with the same sum harm but
 * the invitations of their own maker.
 */
static void msn_cookie(struct msn_side *side, uint8_t c)
{
	if (msn_is_blank(c)) {
		if (side->n)
			side->field = MSN_FIELD_OTHER;
		return;
	}
	if (!side->n)
		side->cookie = 2166136261u;
	side->cookie = (side->cookie ^ c) * 16777619u;
	side->n = 1;
}

static void msn_value(struct msn_side *side, uint8_t c)
{
	if (c == '\n') {
		msn_value_end(side);
		if (side->at != MSN_AT_SKIP)
			msn_new_line(side);
		return;
	}
	switch (side->field) {
	case MSN_FIELD_TYPE:
	case MSN_FIELD_COMMAND:
		return msn_value_word(side, c);
	case MSN_FIELD_COOKIE:
		return msn_cookie(side, c);
	case MSN_FIELD_ADDRESS:
		if (!msn_is_blank(c))
			side->flags |= MSN_ADDRESS;
	}
}

/* Read one of the first four bytes of a packet: the number of a session in version
 * 1, lengths in version 2, which are never 0.
 */
static void msn_p2p_first(struct msn_side *side, uint8_t c, unsigned int at)
{
	unsigned int length;

	if (!at)
		side->head = c;
	side->number = side->number << 8 | c;
	if (at < MSN_V2_LENGTHS_END - 1)
		return;
	length = side->number & 0xffff;
	if (!side->number)
		side->flags |= MSN_P2P_V1;
	else if (side->head < MSN_V2_HEAD_MIN || length < MSN_V2_HEAD_MIN ||
		 side->head + length > side->body)
		msn_dull(side);
	else
		side->flags |= MSN_P2P_V2;
	side->text_end = side->head + length;
	side->number = 0;
}

/* Read a byte of the second header of version 2. Only what is of no session has
 * text.
 */
static void msn_p2p_v2(struct msn_side *side, uint8_t c, unsigned int at)
{
	if (!at && c < MSN_V2_HEAD_MIN)
		msn_dull(side);
	else if (!at)
		side->text = side->head + c;
	else if (at >= MSN_V2_SESSION_AT && at < MSN_V2_SESSION_END && c)
		msn_dull(side);
}

/* Read a byte of the length of version 1. If it fits, this is no other version. */
static void msn_p2p_length(struct msn_side *side, uint8_t c, unsigned int at)
{
	bool fits;

	side->number |= (uint32_t)c << 8 * at;
	if (at < MSN_V1_LENGTH_END - MSN_V1_LENGTH_AT - 1)
		return;
	fits = side->body >= MSN_V1_HEAD + MSN_V1_FOOT &&
	       side->number + MSN_V1_HEAD + MSN_V1_FOOT == side->body;
	if (fits == !(side->flags & MSN_P2P_V1))
		return msn_dull(side);
	if (fits) {
		side->text = MSN_V1_HEAD;
		side->text_end = MSN_V1_HEAD + side->number;
	}
}

/* Read a byte of a packet; return true if it is one of its text. */
static bool msn_p2p(struct msn_side *side, uint8_t c)
{
	unsigned int at = side->body - side->left - 1;

	if (at < MSN_V2_LENGTHS_END)
		msn_p2p_first(side, c, at);
	else if (side->flags & MSN_P2P_V2 && at >= side->head)
		msn_p2p_v2(side, c, at - side->head);
	if (at >= MSN_V1_LENGTH_AT && at < MSN_V1_LENGTH_END &&
	    side->at != MSN_AT_SKIP)
		msn_p2p_length(side, c, at - MSN_V1_LENGTH_AT);
	return side->at != MSN_AT_SKIP && side->text && at >= side->text &&
	       at < side->text_end;
}

/* Read a byte of text in a payload. */
static void msn_text(struct msn_side *side, uint8_t c)
{
	bool cr = side->flags & MSN_CR;

	side->flags &= ~MSN_CR;
	if (cr && c != '\n')
		msn_dull(side);
	else if (c == '\r')
		side->flags |= MSN_CR;
	else if (side->at == MSN_AT_NAME)
		msn_name(side, c);
	else
		msn_value(side, c);
}

/* End a MSG. */
static void msn_payload_end(struct msn_pass *p)
{
	struct msn_side *side = p->side;

	if (side->at == MSN_AT_VALUE)
		msn_value_end(side);
	side->at = MSN_AT_START;
	side->flags |= MSN_ENDED;
	if (side->flags & MSN_GONE || !(side->flags & MSN_ADDRESS))
		return;
	if (side->part == MSN_PART_P2P ||
	    side->command == MSN_COMMAND_INVITE ||
	    side->command == MSN_COMMAND_ACCEPT)
		scan_unit_add(p->unit, p->mark);
}

/**
 * appgw_msn_payload() - take in a byte of a MSG's payload
 * @p: where the reading is
 * @c: the byte
 */
void appgw_msn_payload(struct msn_pass *p, uint8_t c)
{
	struct msn_side *side = p->side;

	side->left--;
	if (side->part == MSN_PART_P2P ? msn_p2p(side, c) :
	    side->part != MSN_PART_REST)
		msn_text(side, c);
	if (side->left)
		return;
	if (side->at == MSN_AT_SKIP)
		side->at = MSN_AT_START;
	else
		msn_payload_end(p);
}
