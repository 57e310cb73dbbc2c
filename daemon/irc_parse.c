// SPDX-License-Identifier: GPL-2.0-only
/* IRC: find the endpoint that a DCC message announces.
 *
 *	DCC SEND name address port [size [token]]	and any type like it
 *	DCC CHAT chat address port [token]
 *	DCC RESUME|ACCEPT name port position [token]
 *
 * CTCP has no standard: this is what irssi and WeeChat read, and what HexChat and
 * mIRC are known to write.
 * Nothing here touches a socket or the heap, so the unit tests and the
 * fuzzer link this file unchanged.
 */

#include "../include/appgw/address.h"
#include "irc_parse.h"

/* No line of IRC is longer, so no message and no number of words is. */
#define IRC_TEXT_MAX		512
#define IRC_WORDS_MAX		(IRC_TEXT_MAX / 2)

/* Digits of a port, of an IPv4 address in decimal and of a file's size. */
#define IRC_PORT_DIGITS		5
#define IRC_NUMBER_DIGITS	10
#define IRC_SIZE_DIGITS		20

/* Blanks between address and port: an edit has to hold them beside the longest
 * address.
 */
#define IRC_GAP_MAX		16

/* What HexChat gives for its address when it can't be connected to. */
#define IRC_NO_ADDRESS		199

static const char irc_kind_prefix[] = "dcc_";
#define IRC_KIND_PREFIX_LEN	(sizeof(irc_kind_prefix) - 1)

/**
 * struct irc_words - a message, taken apart
 * @word: the words behind the type
 * @count: how many
 */
struct irc_words {
	struct span word[IRC_WORDS_MAX];
	unsigned int count;
};

/**
 * struct irc_place - words that say where to
 * @first: number of the first one
 * @end: the endpoint
 * @number: its address is one decimal number
 * @unnamed: its address is no address
 */
struct irc_place {
	unsigned int first;
	struct endpoint end;
	bool number;
	bool unnamed;
};

/* Take @text apart at its blanks; false if there are too many words. */
static bool irc_split(struct span text, struct irc_words *words)
{
	const uint8_t *blank;

	words->count = 0;
	while (text.len) {
		struct span *word;

		if (span_eat_char(&text, ' '))
			continue;
		if (words->count == IRC_WORDS_MAX)
			return false;
		word = &words->word[words->count++];
		*word = text;
		blank = memchr(text.at, ' ', text.len);
		if (blank)
			word->len = blank - text.at;
		span_skip(&text, word->len);
	}
	return true;
}

/* Read a number and nothing else. "010" is 8 to some readers and 10 to others. */
static bool irc_parse_uint(struct span word, unsigned int digits, uint32_t max,
			   uint32_t *value)
{
	if (word.len > 1 && word.at[0] == '0')
		return false;
	return span_eat_uint(&word, digits, max, value) && !word.len;
}

static bool irc_is_number(struct span word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (!span_is_digit(word.at[i]))
			return false;
	return word.len <= IRC_SIZE_DIGITS;
}

static bool irc_parse_address(struct span word, struct irc_place *place)
{
	uint8_t *addr = place->end.addr;
	uint32_t v;

	place->number = false;
	place->unnamed = false;
	if (irc_parse_uint(word, IRC_NUMBER_DIGITS, UINT32_MAX, &v)) {
		addr[0] = v >> 24;
		addr[1] = v >> 16;
		addr[2] = v >> 8;
		addr[3] = v;
		place->end.af = APPGW_AF_IPV4;
		place->number = true;
		place->unnamed = v == IRC_NO_ADDRESS;
		/* 0.0.0.0/8 is nobody's, and small numbers are something else */
		return addr[0] || place->unnamed;
	}
	if (span_eat_ipv4(&word, addr)) {
		place->end.af = APPGW_AF_IPV4;
		return !word.len && addr[0];
	}
	place->end.af = APPGW_AF_IPV6;
	return span_eat_ipv6(&word, addr) && !word.len;
}

/* Tell if words @i and @i + 1 are address and port. */
static bool irc_parse_place(const struct irc_words *words, unsigned int i,
			    struct irc_place *place)
{
	struct span addr, port_word;
	uint32_t port;

	if (i + 2 > words->count)
		return false;
	addr = words->word[i];
	port_word = words->word[i + 1];
	if (port_word.at - (addr.at + addr.len) > IRC_GAP_MAX ||
	    !irc_parse_uint(port_word, IRC_PORT_DIGITS, APPGW_PORT_MAX,
			    &port) ||
	    !irc_parse_address(addr, place))
		return false;
	place->end.port = port;
	if (place->unnamed && port)
		return false;
	/* without a port, a token says which offer an answer is for */
	return port || i + 2 < words->count;
}

/* Tell if words @i and @i + 1 are port and position, with at most a token behind them.
 * No pinhole has a low port; 0 stands for an offer without one.
 */
static bool irc_parse_resume(const struct irc_words *words, unsigned int i,
			     struct irc_place *place)
{
	uint32_t port;

	if (i + 2 > words->count || i + 3 < words->count ||
	    !irc_parse_uint(words->word[i], IRC_PORT_DIGITS, APPGW_PORT_MAX,
			    &port) ||
	    (port && port < APPGW_PORT_MIN) ||
	    !irc_is_number(words->word[i + 1]))
		return false;
	place->end.af = APPGW_AF_NONE;
	place->end.port = port;
	return true;
}

static bool irc_parse_words(const struct irc_words *words, unsigned int i,
			    bool resume, struct irc_place *place)
{
	memset(place, 0, sizeof(*place));
	place->first = i;
	return resume ? irc_parse_resume(words, i, place) :
			irc_parse_place(words, i, place);
}

/* Tell if word @i ends a name that begins with a quotation mark. */
static bool irc_ends_quote(const struct irc_words *words, unsigned int i)
{
	struct span word = words->word[i];

	return word.at[word.len - 1] == '"' && (i || word.len > 1);
}

/* Find what is behind a quoted name, in which there may be quotation marks, too. Return
 * how many readings there are, and what the last one is.
 */
static unsigned int irc_find_quoted(const struct irc_words *words, bool resume,
				    struct irc_place *found)
{
	struct irc_place place;
	unsigned int n = 0, i;

	if (words->word[0].at[0] != '"')
		return 0;
	for (i = 0; i < words->count; i++)
		if (irc_ends_quote(words, i) &&
		    irc_parse_words(words, i + 1, resume, &place)) {
			*found = place;
			n++;
		}
	return n;
}

/* Find what is behind a name that isn't quoted: one word, as all clients try first, or
 * several, if what follows is complete with a size or a position, and at most
 * a token behind that.
 */
static unsigned int irc_find_plain(const struct irc_words *words, bool resume,
				   struct irc_place *found)
{
	unsigned int size = resume ? 1 : 2;
	struct irc_place place;
	unsigned int n = 0, i;

	if (irc_parse_words(words, 1, resume, &place)) {
		*found = place;
		n++;
		/* this accounts for every word */
		if (1 + size + 2 >= words->count)
			return n;
	}
	for (i = 2; i + size < words->count; i++)
		if (i + size + 2 >= words->count &&
		    irc_is_number(words->word[i + size]) &&
		    irc_parse_words(words, i, resume, &place)) {
			*found = place;
			n++;
		}
	return n;
}

/* Find the words that say where to; a name may have blanks in it, and numbers.
 * If it can't be told which words are meant, none are.
 */
static bool irc_find(const struct irc_words *words, bool resume,
		     struct irc_place *found)
{
	unsigned int n;

	if (!words->count)
		return false;
	n = irc_find_quoted(words, resume, found);
	if (!n)
		n = irc_find_plain(words, resume, found);
	return n == 1;
}

/* Read the type, letters and digits, for the offer's kind. */
static bool irc_eat_type(struct span *in, char *kind)
{
	size_t n = IRC_KIND_PREFIX_LEN;
	struct span s = *in;

	memcpy(kind, irc_kind_prefix, IRC_KIND_PREFIX_LEN);
	while (s.len && s.at[0] != ' ') {
		uint8_t c = span_lower(s.at[0]);

		if (n == APPGW_KIND_MAX ||
		    (!(c >= 'a' && c <= 'z') && !span_is_digit(c)))
			return false;
		kind[n++] = c;
		span_skip(&s, 1);
	}
	kind[n] = 0;
	*in = s;
	return n > IRC_KIND_PREFIX_LEN;
}

/* Fill in an offer whose address and port are these words. */
static bool irc_fill(struct irc_offer *offer, struct span addr,
		     struct span port, const struct irc_place *place)
{
	if (place->unnamed)
		return false;
	offer->end = place->end;
	offer->number = place->number;
	offer->old = addr;
	if (!place->end.port) {
		offer->action = APPGW_PLAN_ADDRESS;
		return true;
	}
	offer->action = APPGW_PLAN_OPEN;
	offer->old.len = port.at + port.len - addr.at;
	offer->gap.at = addr.at + addr.len;
	offer->gap.len = port.at - offer->gap.at;
	return true;
}

/**
 * irc_eat_dcc() - read what a DCC message begins with
 * @text: moved past "\001DCC " on success
 *
 * Return: true if it was there
 */
bool irc_eat_dcc(struct span *text)
{
	return span_eat_word(text, "\001dcc ");
}

/**
 * irc_parse_offer() - read a DCC message
 * @text: from its \001 up to the next one or the end of the line
 * @offer: filled in on success, else left in any state
 *
 * Return: true if it calls for something
 */
bool irc_parse_offer(struct span text, struct irc_offer *offer)
{
	struct irc_place place;
	struct irc_words words;
	bool resume, accept;

	memset(offer, 0, sizeof(*offer));
	if (text.len > IRC_TEXT_MAX || !irc_eat_dcc(&text))
		return false;
	while (span_eat_char(&text, ' '))
		;
	if (!irc_eat_type(&text, offer->kind))
		return false;
	resume = !strcmp(offer->kind, "dcc_resume");
	accept = !strcmp(offer->kind, "dcc_accept");
	if (!irc_split(text, &words) ||
	    !irc_find(&words, resume || accept, &place))
		return false;
	if (!resume && !accept)
		return irc_fill(offer, words.word[place.first],
				words.word[place.first + 1], &place);

	offer->action = resume ? APPGW_PLAN_INSIDE : APPGW_PLAN_PUBLIC;
	offer->end = place.end;
	offer->old = words.word[place.first];
	return place.end.port;
}
