// SPDX-License-Identifier: GPL-2.0-only
/* MMS: find the endpoint in a client's request for a funnel.
 *
 * [MS-MMSP] 2.2.3 and 2.2.4.18. Each message begins with 40 bytes, which say its
 * length in three ways, and what it is. A funnel's name is "\\ADDRESS\UDP\PORT" or
 * "\\ADDRESS\TCP\PORT" in UTF-16; it ends with a 0 or the message, and what some
 * clients leave behind the 0 means nothing.
 */

#include "../include/appgw/address.h"
#include "mms_parse.h"

/* The client's LinkMacToViewerReportConnectFunnel */
#define MMS_CONNECT_FUNNEL	0x00030002

#define MMS_SESSION_AT		4
#define MMS_SEAL_AT		12
#define MMS_HEAD_LEN		40

/* Longest name: two backslashes, the address, "\UDP\" and the port; and bytes of a
 * character.
 */
#define MMS_NAME_MAX		(2 + APPGW_ADDR_TEXT_MAX + 5 + 5)
#define MMS_CHAR_LEN		2

#define MMS_PORT_DIGITS		5

static const uint8_t mms_start[] = {
	0x01, 0x00, 0x00, 0x00, 0xce, 0xfa, 0x0b, 0xb0,
};

static const uint8_t mms_seal[] = { 'M', 'M', 'S', ' ' };

static uint32_t mms_number(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | at[2] << 16 | at[1] << 8 | at[0];
}

/**
 * mms_next() - find a message
 * @text: the payload of a segment; moved behind what is found
 * @message: set to all of it
 *
 * Where one begins the module knows, and lets nothing be planned elsewhere: so they
 * may be looked for anywhere.
 *
 * Return: false if there is none any more that is complete
 */
bool mms_next(struct span *text, struct span *message)
{
	for (; text->len >= MMS_HEAD_LEN; span_skip(text, 1)) {
		const uint8_t *at = span_find(*text, mms_start[0]);
		uint32_t len;

		if (!at)
			return false;
		span_skip(text, at - text->at);
		if (text->len < MMS_HEAD_LEN)
			return false;
		if (memcmp(at, mms_start, sizeof(mms_start)) ||
		    memcmp(at + MMS_SEAL_AT, mms_seal, sizeof(mms_seal)))
			continue;
		len = mms_number(at + MMS_LENGTH_AT);
		if (len < MMS_HEAD_LEN - MMS_LENGTH_BIAS ||
		    len > text->len - MMS_LENGTH_BIAS)
			continue;
		message->at = at;
		message->len = len + MMS_LENGTH_BIAS;
		span_skip(text, message->len);
		return true;
	}
	return false;
}

/* Copy the characters of a name up to its end, and no more than there is room for. What
 * is none of ASCII becomes one that no name has.
 */
static struct span mms_name(struct span text, uint8_t *name, size_t max)
{
	struct span got = { name, 0 };

	for (; text.len >= MMS_CHAR_LEN && got.len < max;
	     span_skip(&text, MMS_CHAR_LEN)) {
		uint8_t c = text.at[1] || text.at[0] > 0x7f ? '?' : text.at[0];

		if (!c)
			break;
		name[got.len++] = c;
	}
	return got;
}

/* Read up to the next backslash, and that. */
static bool mms_eat_word(struct span *name, struct span *word)
{
	const uint8_t *end = span_find(*name, '\\');

	if (!end)
		return false;
	word->at = name->at;
	word->len = end - name->at;
	span_skip(name, word->len + 1);
	return true;
}

static bool mms_read_addr(struct span text, struct endpoint *end)
{
	struct span s = text;

	if (span_eat_ipv4(&s, end->addr) && !s.len) {
		end->af = APPGW_AF_IPV4;
		return true;
	}
	s = text;
	if (span_eat_ipv6(&s, end->addr) && !s.len) {
		end->af = APPGW_AF_IPV6;
		return true;
	}
	return false;
}

static bool mms_read_port(struct span text, struct endpoint *end)
{
	uint32_t port;

	if (!span_eat_uint(&text, MMS_PORT_DIGITS, APPGW_PORT_MAX, &port) ||
	    text.len)
		return false;
	end->port = port;
	return true;
}

/* Tell if the message is alone behind its header, and padded, so that its lengths can be
 * said for another name.
 */
static bool mms_is_whole(struct span message)
{
	return !(message.len % MMS_UNIT) &&
	       mms_number(message.at + MMS_CHUNK_LEN_AT) ==
	       (message.len - MMS_CHUNK_BIAS) / MMS_UNIT;
}

/**
 * mms_parse_funnel() - read what a client asks for
 * @message: a whole message
 * @funnel: set if that is MMS_UDP
 *
 * Return: what it is
 */
enum mms_what mms_parse_funnel(struct span message, struct mms_funnel *funnel)
{
	uint8_t chars[MMS_NAME_MAX + 1];
	struct span text = message, name, addr, kind;
	size_t at;

	if (message.len < MMS_FUNNEL_AT ||
	    mms_number(message.at + MMS_ID_AT) != MMS_CONNECT_FUNNEL)
		return MMS_NOTHING;
	span_skip(&text, MMS_FUNNEL_AT);
	name = mms_name(text, chars, sizeof(chars));
	if (!span_eat_char(&name, '\\') || !span_eat_char(&name, '\\') ||
	    !mms_eat_word(&name, &addr) || !mms_eat_word(&name, &kind) ||
	    !span_eat_word(&kind, "udp") || kind.len)
		return MMS_NOTHING;
	memset(&funnel->end, 0, sizeof(funnel->end));
	if (!mms_read_addr(addr, &funnel->end) ||
	    !mms_read_port(name, &funnel->end) || !mms_is_whole(message))
		return MMS_MALFORMED;

	at = addr.at - chars;
	funnel->addr.at = text.at + MMS_CHAR_LEN * at;
	funnel->addr.len = MMS_CHAR_LEN * addr.len;
	at = name.at - chars;
	funnel->port.at = text.at + MMS_CHAR_LEN * at;
	funnel->port.len = MMS_CHAR_LEN * name.len;
	span_skip(&text, MMS_CHAR_LEN * (at + name.len));
	funnel->rest = text;
	return MMS_UDP;
}
