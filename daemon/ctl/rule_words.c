// SPDX-License-Identifier: GPL-2.0-only
/* Words that end up in rules: what may stand in one, and nothing else. A quote, a
 * newline or a semicolon in one of them would be a rule of somebody else's.
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "rule_words.h"

#define LETTERS	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS	"0123456789"
#define NAME	"abcdefghijklmnopqrstuvwxyz" DIGITS

/* Tell if @text is 1 to @max characters of @all, the first one of @first. */
static bool rule_is_word(const char *text, size_t max, const char *first,
			 const char *all)
{
	size_t len = strlen(text);

	return len && len <= max && strchr(first, *text) &&
	       strspn(text, all) == len;
}

/**
 * rule_is_interface() - tell if a text can be the name of an interface
 * @text: a string
 *
 * The kernel takes more, but nobody calls an interface so. No wildcards.
 *
 * Return: true if so
 */
bool rule_is_interface(const char *text)
{
	return rule_is_word(text, RULE_INTERFACE_MAX, LETTERS DIGITS "_",
			    LETTERS DIGITS "_.-:@");
}

/**
 * rule_is_name() - tell if a text can be the name of a profile, an entry or a check
 * @text: a string
 *
 * Return: true if so
 */
bool rule_is_name(const char *text)
{
	return rule_is_word(text, RULE_NAME_MAX, NAME, NAME "-");
}

/**
 * rule_is_identifier() - tell if a text can be the name of a table or zone
 * @text: a string
 *
 * Return: true if so
 */
bool rule_is_identifier(const char *text)
{
	return rule_is_word(text, RULE_NAME_MAX, LETTERS "_",
			    LETTERS DIGITS "_");
}

/* Tell if @text is printable ASCII, without what continues a line, and @others. */
static bool rule_is_printable(const char *text, const char *others)
{
	for (; *text; text++)
		if ((*text < ' ' || *text > '~' || *text == '\\') &&
		    !strchr(others, *text))
			return false;
	return true;
}

/**
 * rule_is_line() - tell if a text can stand in a comment, on a line of its own
 * @text: a string
 *
 * Return: true if so
 */
bool rule_is_line(const char *text)
{
	return rule_is_printable(text, "");
}

/**
 * rule_is_text() - tell if a text can stand in comments, on several lines
 * @text: a string
 *
 * Return: true if so
 */
bool rule_is_text(const char *text)
{
	return rule_is_printable(text, "\t\n");
}

/**
 * rule_address() - tell which family an address has
 * @text: a string, as inet_pton() takes it
 *
 * Return: AF_INET or AF_INET6, and 0 if it is no address of a host
 */
int rule_address(const char *text)
{
	struct in6_addr ip6;
	struct in_addr ip4;

	if (inet_pton(AF_INET, text, &ip4) == 1)
		return ip4.s_addr && !IN_MULTICAST(ntohl(ip4.s_addr)) ?
		       AF_INET : 0;
	if (inet_pton(AF_INET6, text, &ip6) != 1 ||
	    IN6_IS_ADDR_UNSPECIFIED(&ip6) || IN6_IS_ADDR_MULTICAST(&ip6))
		return 0;
	return AF_INET6;
}

/* Move @text behind a port, which begins with no 0. */
static bool rule_port(const char **text, uint16_t *port)
{
	size_t len = strspn(*text, DIGITS);
	unsigned long v = 0;
	size_t i;

	if (!len || len > 5 || **text == '0')
		return false;
	for (i = 0; i < len; i++)
		v = v * 10 + (*text)[i] - '0';
	if (v > UINT16_MAX)
		return false;
	*port = v;
	*text += len;
	return true;
}

/**
 * rule_ports() - read PORT or LOW-HIGH
 * @text: a string
 * @ports: set on success
 *
 * Return: true if that is all there is in it
 */
bool rule_ports(const char *text, struct rule_ports *ports)
{
	struct rule_ports found;

	if (!rule_port(&text, &found.low))
		return false;
	found.high = found.low;
	if (*text == '-' && (text++, !rule_port(&text, &found.high)))
		return false;
	if (*text || found.low > found.high)
		return false;
	*ports = found;
	return true;
}

/**
 * rule_ports_list() - read a list as the module's parameters have it
 * @text: PORT, LOW-HIGH or several of them with commas between, or "none"; what is
 *	behind a newline isn't read
 * @ports: set on success
 * @max: most of them
 *
 * Return: how many, or -1 if it isn't one
 */
int rule_ports_list(const char *text, struct rule_ports *ports, int max)
{
	size_t len = strcspn(text, "\n");
	char word[RULE_PORTS_TEXT_MAX];
	const char *end = text + len;
	int count = 0;

	if (len == 4 && !strncmp(text, "none", len))
		return 0;
	for (; text <= end; text += len + 1) {
		len = strcspn(text, ",\n");
		if (len >= sizeof(word) || count == max)
			return -1;
		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		if (!rule_ports(word, &ports[count++]))
			return -1;
	}
	return count;
}

/**
 * rule_ports_text() - write a range
 * @ports: what to write
 * @between: what stands between its ends
 * @out: RULE_PORTS_TEXT_MAX bytes, set
 */
void rule_ports_text(const struct rule_ports *ports, char between, char *out)
{
	if (ports->low == ports->high)
		snprintf(out, RULE_PORTS_TEXT_MAX, "%u", ports->low);
	else
		snprintf(out, RULE_PORTS_TEXT_MAX, "%u%c%u", ports->low,
			 between, ports->high);
}
