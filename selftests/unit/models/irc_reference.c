// SPDX-License-Identifier: GPL-2.0-only
/* A second reading of DCC messages, to compare the parser with.
 *
 * Same grammar, other means: C strings, strtok(), strtoul() and inet_pton()
 * instead of the spans, so that both are not wrong in the same way. Being
 * strings, a NUL in the text is replaced by another byte that no grammar has a
 * place for.
 */

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "exact.h"
#include "irc_reference.h"

#define REFERENCE_TYPE_MAX	11
#define REFERENCE_GAP_MAX	16

static bool reference_digits(const char *s, size_t max)
{
	size_t n = strspn(s, "0123456789");

	return n && n <= max && !s[n];
}

/* Returns -1 for what is no number up to 4294967295 in its shortest form. */
static long long reference_number(const char *s)
{
	unsigned long long v;

	if (!reference_digits(s, 10) || (s[0] == '0' && s[1]))
		return -1;
	v = strtoull(s, NULL, 10);
	return v > 0xffffffffull ? -1 : (long long)v;
}

static bool reference_address(const char *s, struct irc_offer *offer)
{
	long long v = reference_number(s);
	uint32_t number = htonl(v);

	offer->number = v >= 0;
	if (v >= 0) {
		memcpy(offer->end.addr, &number, sizeof(number));
		offer->end.af = APPGW_AF_IPV4;
		return v == 199 || v >= 0x1000000;
	}
	if (inet_pton(AF_INET, s, offer->end.addr) == 1) {
		offer->end.af = APPGW_AF_IPV4;
		return offer->end.addr[0];
	}
	offer->end.af = APPGW_AF_IPV6;
	return inet_pton(AF_INET6, s, offer->end.addr) == 1;
}

/* Is this a way to read word @i and those behind it? */
static bool reference_reading(const struct irc_reference *r, int i,
			      struct irc_offer *offer)
{
	char *const *word = r->word + i;
	long long port;

	if (r->words - i < 2)
		return false;
	port = reference_number(word[!r->resume]);
	if (port < 0 || port > 65535)
		return false;
	memset(&offer->end, 0, sizeof(offer->end));
	offer->end.port = port;
	if (r->resume)
		return r->words - i <= 3 && (!port || port >= 1024) &&
		       reference_digits(word[1], 20);
	if (word[1] - word[0] - strlen(word[0]) > REFERENCE_GAP_MAX ||
	    !reference_address(word[0], offer))
		return false;
	if (offer->number && reference_number(word[0]) == 199 && port)
		return false;
	return port || r->words - i > 2;
}

/* Returns the word where the only reading begins, -1 without one. */
static int reference_find(const struct irc_reference *r)
{
	int i, n = 0, found = -1, numbers = r->resume ? 2 : 3;
	struct irc_offer offer = { 0 };

	for (i = 1; i < r->words && r->word[0][0] == '"'; i++) {
		const char *last = r->word[i - 1];

		if (last[strlen(last) - 1] == '"' &&
		    !(i == 1 && !strcmp(last, "\"")) &&
		    reference_reading(r, i, &offer)) {
			found = i;
			n++;
		}
	}
	if (n)
		return n == 1 ? found : -1;
	if (reference_reading(r, 1, &offer)) {
		if (r->words <= 1 + numbers + 1)
			return 1;
		found = 1;
		n++;
	}
	for (i = r->words - numbers - 1; i <= r->words - numbers; i++)
		if (i >= 2 && reference_reading(r, i, &offer) &&
		    reference_digits(r->word[i + numbers - 1], 20)) {
			found = i;
			n++;
		}
	return n == 1 ? found : -1;
}

static bool reference_split(struct irc_reference *r, struct span text,
			    struct irc_offer *offer)
{
	char *type, *word;
	size_t i;

	memset(r, 0, sizeof(*r));
	if (text.len > IRC_REFERENCE_TEXT_MAX)
		return false;
	for (i = 0; i < text.len; i++)
		r->text[i] = text.at[i] ? text.at[i] : 2;
	if (strncasecmp(r->text, "\001DCC ", 5))
		return false;
	type = strtok(r->text + 5, " ");
	if (!type || strlen(type) > REFERENCE_TYPE_MAX)
		return false;
	strcpy(offer->kind, "dcc_");
	for (i = 0; type[i]; i++) {
		unsigned char c = type[i];

		if (c >= 0x80 || !isalnum(c))
			return false;
		offer->kind[4 + i] = tolower(c);
	}
	r->resume = !strcasecmp(type, "RESUME") || !strcasecmp(type, "ACCEPT");
	while ((word = strtok(NULL, " ")))
		r->word[r->words++] = word;
	return r->words;
}

bool irc_reference_offer(struct span text, struct irc_offer *offer)
{
	struct irc_reference r;
	const char *addr, *port;
	int i;

	memset(offer, 0, sizeof(*offer));
	if (!reference_split(&r, text, offer))
		return false;
	i = reference_find(&r);
	if (i < 0 || !reference_reading(&r, i, offer))
		return false;
	addr = r.word[i];
	offer->old.at = text.at + (addr - r.text);
	offer->old.len = strlen(addr);
	if (r.resume) {
		offer->action = tolower(r.text[5 + strspn(r.text + 5, " ")]) ==
				'r' ? APPGW_PLAN_INSIDE : APPGW_PLAN_PUBLIC;
		return offer->end.port;
	}
	if (offer->number && reference_number(addr) == 199)
		return false;
	offer->action = APPGW_PLAN_ADDRESS;
	if (offer->end.port) {
		port = r.word[i + 1];
		offer->action = APPGW_PLAN_OPEN;
		offer->gap.at = offer->old.at + offer->old.len;
		offer->gap.len = port - addr - offer->old.len;
		offer->old.len = port + strlen(port) - addr;
	}
	return true;
}
